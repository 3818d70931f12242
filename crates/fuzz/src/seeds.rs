//! Seeds: the sample project, and the corpus where it is there.

use std::path::{Path, PathBuf};

/// Seeds larger than this make mutations slow and shallow.
const SEED_BYTES_MAX: u64 = 200 * 1024;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn corpus() -> PathBuf {
    std::env::var_os("PACKMULE_CORPUS")
        .map_or_else(|| root().join("../shared/corpus"), PathBuf::from)
}

fn files(extension: &str) -> Vec<Vec<u8>> {
    let mut found = Vec::new();
    let mut folders = vec![root().join("samples"), corpus()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|e| e == extension)
                && path.metadata().is_ok_and(|m| m.len() <= SEED_BYTES_MAX)
                && let Ok(bytes) = std::fs::read(&path)
            {
                found.push(bytes);
            }
        }
    }
    found
}

/// Packages.
pub(crate) fn packages() -> Vec<Vec<u8>> {
    files("dtsx")
}

/// Project archives.
pub(crate) fn archives() -> Vec<Vec<u8>> {
    let mut seeds = files("ispac");
    seeds.push(b"PK\x05\x06\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0".to_vec());
    seeds
}

/// Expressions.
pub(crate) fn expressions() -> Vec<Vec<u8>> {
    [
        r#"(DT_WSTR, 20)(DT_I4)"12" + "x" + RIGHT("0" + (DT_WSTR,2)MONTH(GETDATE()), 2)"#,
        r#"ISNULL(Name) || TRIM(Name) == "" ? NULL(DT_WSTR, 50) : UPPER(SUBSTRING(Name, 1, 3))"#,
        r#"@[User::Count] = @[User::Count] + 1"#,
        r#"DATEADD("dd", -1, (DT_DBTIMESTAMP)"2024-02-29 12:34:56.789") > GETDATE()"#,
        r#"(DT_NUMERIC, 18, 4)1.5 * 2.25 / 3 % 2 - ~5 & 3 | 4 ^ 1"#,
        r#"REPLACE(TOKEN([Comp].[Col A], ",;", 2), "\x0041", "\t") + #{Package\DFT\Src.Outputs[O].Columns[C]}"#,
        r#"!(TRUE && FALSE) ? HEX(255) : CODEPOINT("ж") == 1078 ? "a" : "b""#,
        r#"ROUND(POWER(2.5, 3), 2) + SQRT(ABS(-4)) + CEILING(1.2) + EXP(1) + LOG(10) + LN(2) + SIGN(-3)"#,
    ]
    .iter()
    .map(|text| text.as_bytes().to_vec())
    .collect()
}

/// Flat files; the target takes the layout from the first bytes.
pub(crate) fn flat_files() -> Vec<Vec<u8>> {
    let bodies: [&[u8]; 4] = [
        b"id,name,amount\r\n1,\"a, b\",2.50\r\n2,\"x \"\"y\"\" z\",\r\n",
        b"a|b|c\n1|2\n1|2|3|4\n\n",
        b"0001Name      2024-01-01\r\n0002Other     2024-02-30\r\n",
        b"\xFF\xFEa\0,\0b\0\r\0\n\x001\0,\x002\0\r\0\n\0",
    ];
    let layouts: [&[u8]; 4] = [
        b"\0\0\0\0\0\0\0\0",
        b"\x01\x02\x03\x04\x05\x06\x07\x08",
        b"\xFF\0\xFF\0\xFF\0\xFF\0",
        b"\x10\x20\x30\x40\x50\x60\x70\x80",
    ];
    bodies
        .iter()
        .flat_map(|body| layouts.iter().map(move |layout| [*layout, *body].concat()))
        .collect()
}
