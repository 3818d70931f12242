//! The benchmark's input: three files from a fixed seed, and the mapping to them.

use std::io::{BufWriter, Write};
use std::path::Path;

use anyhow::Context;

use crate::demo::random::Random;

/// Different customers: the keys of the lookup and the groups of the aggregate.
const CUSTOMERS: u64 = 200_000;
const CITIES: &[&str] = &[
    "Amsterdam",
    "Berlin",
    "Copenhagen",
    "Dublin",
    "Edinburgh",
    "Florence",
    "Geneva",
    "Hamburg",
    "Innsbruck",
    "Lisbon",
];
const WORDS: &[&str] = &[
    "alpha", "box", "crate", "delta", "extra", "fix", "gift", "hold", "index", "jump",
];

/// Makes the files unless they are there in this size; megabytes of the main one.
pub(crate) fn generate(folder: &Path, size_mb: u64) -> anyhow::Result<f64> {
    std::fs::create_dir_all(folder)?;
    let marker = folder.join("size.txt");
    let wanted = format!("{size_mb} MB, version 1");
    if std::fs::read_to_string(&marker).is_ok_and(|text| text == wanted) {
        return megabytes(folder);
    }
    println!("==> generate {size_mb} MB");
    let mut random = Random::new(7);
    let rows = sales(folder, size_mb, &mut random)?;
    reference(folder, &mut random)?;
    shipments(folder, rows, &mut random)?;
    let map = format!(
        "[[path]]\nfrom = 'C:\\bench'\nto = \"{}\"\n",
        folder.canonicalize()?.display()
    );
    std::fs::write(folder.join("map.toml"), map)?;
    std::fs::write(&marker, wanted)?;
    megabytes(folder)
}

fn megabytes(folder: &Path) -> anyhow::Result<f64> {
    Ok(folder.join("input.csv").metadata()?.len() as f64 / 1e6)
}

fn create(folder: &Path, name: &str) -> anyhow::Result<BufWriter<std::fs::File>> {
    let path = folder.join(name);
    let file =
        std::fs::File::create(&path).with_context(|| format!("creating {}", path.display()))?;
    Ok(BufWriter::with_capacity(1 << 20, file))
}

fn sales(folder: &Path, size_mb: u64, random: &mut Random) -> anyhow::Result<u64> {
    let mut file = create(folder, "input.csv")?;
    writeln!(file, "id,customer,day,quantity,price,score,name,city,note")?;
    let (mut bytes, mut id) = (0, 0);
    while bytes < size_mb * 1_000_000 {
        id += 1;
        let day = random.below(28 * 12);
        let line = format!(
            "{id},{},2024-{:02}-{:02},{},{}.{:02},0.{},{} {},{},{} {} {}\n",
            1 + random.below(CUSTOMERS),
            1 + day / 28,
            1 + day % 28,
            1 + random.below(100),
            1 + random.below(9_999),
            random.below(100),
            1_000 + random.below(9_000),
            random.pick(WORDS),
            random.below(1_000),
            random.pick(CITIES),
            random.pick(WORDS),
            random.pick(WORDS),
            random.below(100_000)
        );
        file.write_all(line.as_bytes())?;
        bytes += line.len() as u64;
    }
    file.flush()?;
    Ok(id)
}

fn reference(folder: &Path, random: &mut Random) -> anyhow::Result<()> {
    let mut file = create(folder, "reference.csv")?;
    writeln!(file, "customer,segment,discount")?;
    for customer in 1..=CUSTOMERS {
        writeln!(
            file,
            "{customer},{}{},{}.{:02}",
            random.pick(WORDS),
            random.below(10),
            1 + random.below(30),
            random.below(100)
        )?;
    }
    Ok(file.flush()?)
}

fn shipments(folder: &Path, rows: u64, random: &mut Random) -> anyhow::Result<()> {
    let mut file = create(folder, "shipments.csv")?;
    writeln!(file, "id,shipped,carrier")?;
    for id in (1..=rows).filter(|id| id % 3 != 0) {
        writeln!(
            file,
            "{id},2024-{:02}-{:02},{}",
            1 + random.below(12),
            1 + random.below(28),
            random.pick(WORDS)
        )?;
    }
    Ok(file.flush()?)
}
