//! `cargo xtask bench`: measures beside DuckDB and Polars in the same run, on the same data, to
//! the same output, and rewrites docs/performance.md.

mod data;
mod latency;
mod measure;
mod page;
mod postgres;
mod script;

use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, ensure};
use clap::Args;

use crate::command::{cargo, root, step, target_folder};
use measure::{Figure, best_of};

/// What to measure.
#[derive(Args)]
pub(crate) struct Options {
    /// Size of the generated input, in megabytes.
    #[arg(long, default_value_t = 1000)]
    size_mb: u64,
    /// Runs of each command; the best one counts.
    #[arg(long, default_value_t = 3)]
    runs: usize,
    /// Only these cases.
    #[arg(long)]
    only: Vec<String>,
    /// Folder for data; kept, and used again when it holds data of the same size.
    #[arg(long)]
    folder: Option<PathBuf>,
}

/// A case: its name in packages and peers, and what it shows.
pub(crate) struct Case {
    name: &'static str,
    package: &'static str,
    what: &'static str,
    /// The budget given to everybody, where the case is about too little memory.
    memory_mb: Option<u64>,
}

const CASES: &[Case] = &[
    Case {
        name: "copy",
        package: "copy",
        what: "flat file → flat file, nine typed columns",
        memory_mb: None,
    },
    Case {
        name: "derive",
        package: "derive",
        what: "ten derived columns and a conditional split, two files",
        memory_mb: None,
    },
    Case {
        name: "lookup",
        package: "lookup",
        what: "lookup of 200,000 keys, two columns added",
        memory_mb: None,
    },
    Case {
        name: "aggregate",
        package: "aggregate",
        what: "group by 200,000 keys: sums, average, counts",
        memory_mb: None,
    },
    Case {
        name: "sort",
        package: "sort",
        what: "sort by three keys",
        memory_mb: None,
    },
    Case {
        name: "sort-spill",
        package: "sort",
        what: "the same in less memory than the data",
        memory_mb: Some(400),
    },
    Case {
        name: "join",
        package: "join",
        what: "merge join of two sorted files",
        memory_mb: None,
    },
];

/// What one case gave with so many threads.
pub(crate) struct Row {
    case: &'static Case,
    threads: usize,
    ours: Figure,
    duckdb: Option<Figure>,
    polars: Option<Figure>,
}

/// Measures and rewrites docs/performance.md.
pub(crate) fn run(options: &Options) -> anyhow::Result<()> {
    step(
        "build for release",
        // the whole workspace: another choice of packages has other features and builds anew
        cargo().args(["build", "--release", "--workspace"]),
    )?;
    let program = target_folder().join("release/packmule");
    let python = peers()?;
    let folder = options
        .folder
        .clone()
        .unwrap_or_else(|| target_folder().join("bench-data"));
    let megabytes = data::generate(&folder, options.size_mb)?;
    let wanted = |name: &str| options.only.is_empty() || options.only.iter().any(|o| o == name);
    let mut rows = Vec::new();
    for case in CASES.iter().filter(|c| wanted(c.name)) {
        for threads in [1, 2] {
            let row = measure_case(case, threads, options, &program, &python, &folder)?;
            println!(
                "{} with {} threads: {:.2} s, DuckDB {}, Polars {}",
                case.name,
                threads,
                row.ours.seconds,
                Figure::show(row.duckdb.as_ref()),
                Figure::show(row.polars.as_ref())
            );
            rows.push(row);
        }
    }
    let load = if wanted("load") {
        Some(postgres::measure(&program, &folder, options.runs)?)
    } else {
        None
    };
    let scripts = if wanted("script") {
        Some(script::measure(&program, &folder, options.runs)?)
    } else {
        None
    };
    let latency = if wanted("latency") {
        Some(latency::measure(&program)?)
    } else {
        None
    };
    let others = page::Others {
        load: load.as_ref(),
        scripts: scripts.as_ref(),
        latency: latency.as_ref(),
    };
    page::write(&rows, &others, megabytes, options)
}

fn measure_case(
    case: &'static Case,
    threads: usize,
    options: &Options,
    program: &Path,
    python: &Path,
    folder: &Path,
) -> anyhow::Result<Row> {
    let ours = best_of(options.runs, || {
        let mut command = Command::new(program);
        command
            .arg("run")
            .arg(root().join(format!("xtask/bench/{}.dtsx", case.package)))
            .args([
                "--threads",
                &threads.to_string(),
                "--logging-level",
                "none",
                "--map",
            ])
            .arg(folder.join("map.toml"));
        if let Some(memory) = case.memory_mb {
            command.args(["--memory", &format!("{memory}MB")]);
        }
        command
    })
    .with_context(|| format!("packmule, case {}", case.name))?;
    let rows = written(folder)?;
    let peer = |engine: &str| -> anyhow::Result<Option<Figure>> {
        let measured = best_of(options.runs, || {
            let mut command = Command::new(python);
            command
                .arg(root().join("xtask/bench/peers.py"))
                .args([engine, case.name])
                .arg(folder)
                .arg(threads.to_string());
            if let Some(memory) = case.memory_mb {
                command.env("BENCH_MEMORY", format!("{memory}MB"));
            }
            command
        });
        match measured {
            Ok(figure) => {
                check_same_rows(case, engine, rows, written(folder)?)?;
                Ok(Some(figure))
            }
            Err(error) => {
                println!("{engine} did not finish {}: {error:#}", case.name);
                Ok(None)
            }
        }
    };
    let (duckdb, polars) = (peer("duckdb")?, peer("polars")?);
    Ok(Row {
        case,
        threads,
        ours,
        duckdb,
        polars,
    })
}

/// Lines of the output files: everybody must write the same rows. Not bytes: numbers of
/// `DT_R8` are written with 17 digits, as SSIS does, by the others with as few as needed.
fn written(folder: &Path) -> anyhow::Result<u64> {
    Ok(lines(&folder.join("output.csv"))? + lines(&folder.join("output2.csv"))?)
}

fn lines(path: &Path) -> anyhow::Result<u64> {
    let mut file = match std::fs::File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(0),
        Err(error) => return Err(error).with_context(|| format!("opening {}", path.display())),
    };
    let mut buffer = vec![0; 1 << 20];
    let mut lines = 0;
    loop {
        let got = file.read(&mut buffer)?;
        let Some(part) = buffer.get(..got).filter(|part| !part.is_empty()) else {
            return Ok(lines);
        };
        lines += part.iter().filter(|byte| **byte == b'\n').count() as u64;
    }
}

fn check_same_rows(case: &Case, engine: &str, ours: u64, theirs: u64) -> anyhow::Result<()> {
    ensure!(
        ours == theirs,
        "{engine} wrote {theirs} lines for {}, packmule {ours}",
        case.name
    );
    Ok(())
}

/// A Python with DuckDB and Polars.
fn peers() -> anyhow::Result<PathBuf> {
    let venv = target_folder().join("bench-venv");
    let python = venv.join("bin/python");
    let ready = Command::new(&python)
        .args(["-c", "import duckdb, polars"])
        .output()
        .is_ok_and(|o| o.status.success());
    if !ready {
        step(
            "make a Python folder",
            Command::new("python3").args(["-m", "venv"]).arg(&venv),
        )?;
        let requirements = root().join("xtask/bench/requirements.txt");
        step(
            "bring DuckDB and Polars",
            Command::new(venv.join("bin/pip"))
                .args(["install", "--quiet", "-r"])
                .arg(requirements),
        )?;
    }
    Ok(python)
}
