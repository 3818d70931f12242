//! §8: length, precision and scale of results.

use packmule_types::{ColumnType, DataType, Value};

use crate::helper::{World, plain};

fn world() -> World {
    World::default()
        .column("i2", plain(DataType::I2))
        .column("i4", plain(DataType::I4))
        .column("ui4", plain(DataType::Ui4))
        .column("cy", plain(DataType::Cy))
        .column("r8", plain(DataType::R8))
        .column("n18", ColumnType::numeric(18, 2))
        .column("n30", ColumnType::numeric(30, 17))
        .column("n9", ColumnType::numeric(9, 8))
        .column("s", ColumnType::str(7, 1252))
        .column("w", ColumnType::wstr(5))
        .column("d", plain(DataType::Date))
        .column("dd", plain(DataType::DbDate))
        .column("ts2", ColumnType::scaled(DataType::DbTimeStamp2, 3))
        .column(
            "b1",
            ColumnType {
                length: 3,
                ..plain(DataType::Bytes)
            },
        )
        .column(
            "b2",
            ColumnType {
                length: 9,
                ..plain(DataType::Bytes)
            },
        )
        .variable("v", Value::text("four"))
}

#[test]
fn result_types() {
    let rows = [
        ("i2 * cy", "DT_NUMERIC(25,4)"),
        ("i4 * cy", "DT_NUMERIC(30,4)"),
        ("cy * 0.02", "DT_NUMERIC(23,6)"),
        ("n30 * n9", "DT_NUMERIC(38,23)"),
        ("cy / cy", "DT_CY"),
        ("i4 * r8", "DT_R8"),
        ("ui4 + ui4", "DT_UI4"),
        ("n18 + n9", "DT_NUMERIC(25,8)"),
        ("n18 / n9", "DT_NUMERIC(36,12)"),
        ("TRUE ? n18 : 0", "DT_NUMERIC(18,2)"),
        ("-n18", "DT_NUMERIC(18,2)"),
        ("ABS(n18)", "DT_NUMERIC(18,2)"),
        ("ROUND(n18, 1)", "DT_NUMERIC(18,2)"),
        ("s", "DT_WSTR(7)"),
        ("s + w", "DT_WSTR(12)"),
        ("TRUE ? s : w", "DT_WSTR(7)"),
        ("LEFT(s, 3)", "DT_WSTR(3)"),
        ("LEFT(s, 30)", "DT_WSTR(7)"),
        ("RIGHT(s, i4)", "DT_WSTR(7)"),
        ("SUBSTRING(s, 2, 20)", "DT_WSTR(20)"),
        ("SUBSTRING(s, i4, 2)", "DT_WSTR(2)"),
        ("SUBSTRING(s, 3, i4)", "DT_WSTR(5)"),
        ("SUBSTRING(s, i4, i4)", "DT_WSTR(7)"),
        ("UPPER(s)", "DT_WSTR(7)"),
        ("LOWER(s)", "DT_WSTR(7)"),
        ("TRIM(s)", "DT_WSTR(7)"),
        ("LTRIM(s)", "DT_WSTR(7)"),
        ("RTRIM(s)", "DT_WSTR(7)"),
        ("REVERSE(s)", "DT_WSTR(7)"),
        ("TOKEN(s, \",\", 1)", "DT_WSTR(7)"),
        ("REPLACE(s, \"ab\", \"c\")", "DT_WSTR(7)"),
        ("REPLACE(s, \"ab\", \"cdef\")", "DT_WSTR(12)"),
        ("REPLICATE(s, 3)", "DT_WSTR(21)"),
        ("REPLICATE(s, 3000)", "DT_WSTR(4000)"),
        ("HEX((DT_I1)1)", "DT_WSTR(2)"),
        ("HEX(i2)", "DT_WSTR(4)"),
        ("HEX(i4)", "DT_WSTR(8)"),
        ("HEX(1L)", "DT_WSTR(16)"),
        ("REPLACENULL(w, \"0123456789\")", "DT_WSTR(5)"),
        ("(DT_WSTR,9)i4", "DT_WSTR(9)"),
        ("(DT_STR,9,1252)i4", "DT_STR(9,1252)"),
        ("((DT_STR,9,1252)i4)", "DT_STR(9,1252)"),
        ("\"Date: \" + (DT_STR,50,1252)i4", "DT_WSTR(56)"),
        ("@v", "DT_WSTR(4)"),
        ("\"\"", "DT_WSTR(0)"),
        ("TRUE ? d : dd", "DT_DBTIMESTAMP"),
        ("TRUE ? d : GETDATE()", "DT_DBTIMESTAMP"),
        ("TRUE ? d : ts2", "DT_DBTIMESTAMP2(3)"),
        ("TRUE ? d : d", "DT_DATE"),
        ("TRUE ? b1 : b2", "DT_BYTES(9)"),
    ];
    let world = world();
    let mut failures = Vec::new();
    for (text, wanted) in rows {
        match world.bind(text) {
            Ok(bound) if bound.column_type().to_string() == wanted => {}
            Ok(bound) => failures.push(format!("{text}: {} not {wanted}", bound.column_type())),
            Err(errors) => failures.push(format!("{text}: {errors:?}")),
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn sensitive_names_show() {
    let world = World::default()
        .variable("Secret", Value::text("x"))
        .variable("v", Value::I4(1));
    assert!(world.bind("\"Password=\" + @Secret").unwrap().sensitive());
    assert!(!world.bind("@v + 1").unwrap().sensitive());
}
