//! Drives the fuzz targets of the parsers for a given time, without further tools.
//!
//! Targets are plain functions that must return on any input: no panic, no hang, no unbounded
//! memory. Inputs are mutations of seeds: the corpus where it is there, and small files of our
//! own. An input that breaks a target is written to a file and named; the exit code is 1.
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "it is a developer's command"
)]

mod mutate;
mod seeds;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use anyhow::Context;
use clap::Parser;
use rand::SeedableRng;
use rand::rngs::SmallRng;

/// A function that must return on any input.
struct Target {
    name: &'static str,
    run: fn(&[u8]),
    seeds: fn() -> Vec<Vec<u8>>,
}

const TARGETS: &[Target] = &[
    Target {
        name: "package",
        run: packmule_dtsx::fuzz::fuzz_package,
        seeds: seeds::packages,
    },
    Target {
        name: "archive",
        run: packmule_dtsx::fuzz::fuzz_archive,
        seeds: seeds::archives,
    },
    Target {
        name: "expression",
        run: packmule_expression::fuzz::fuzz_expression,
        seeds: seeds::expressions,
    },
    Target {
        name: "flat-file",
        run: packmule_dataflow::fuzz::fuzz_flat_file,
        seeds: seeds::flat_files,
    },
];

/// The longest that one input may take.
const INPUT_LIMIT: Duration = Duration::from_secs(10);

#[derive(Parser)]
struct Arguments {
    /// Seconds for each target.
    #[arg(long, default_value_t = 60)]
    seconds: u64,
    /// Only this target.
    #[arg(long)]
    target: Option<String>,
    /// Runs one input again.
    #[arg(long, requires = "target")]
    input: Option<PathBuf>,
    /// Seed of the mutations; by default the clock's.
    #[arg(long)]
    seed: Option<u64>,
}

fn main() -> anyhow::Result<ExitCode> {
    let arguments = Arguments::parse();
    let chosen: Vec<&Target> = TARGETS
        .iter()
        .filter(|t| {
            arguments
                .target
                .as_deref()
                .is_none_or(|name| name == t.name)
        })
        .collect();
    anyhow::ensure!(!chosen.is_empty(), "no such target; there are {}", names());
    if let Some(path) = &arguments.input {
        let input = std::fs::read(path).with_context(|| format!("reading {}", path.display()))?;
        (chosen[0].run)(&input);
        println!("{}: returned", chosen[0].name);
        return Ok(ExitCode::SUCCESS);
    }
    let seed = arguments.seed.unwrap_or_else(|| {
        std::time::UNIX_EPOCH
            .elapsed()
            .map_or(1, |d| d.as_nanos() as u64)
    });
    println!("seed {seed}");
    std::panic::set_hook(Box::new(|_| {}));
    let broken = Mutex::new(Vec::new());
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    for group in chosen.chunks(threads) {
        std::thread::scope(|scope| {
            for target in group {
                scope.spawn(|| {
                    if let Err(message) =
                        drive(target, Duration::from_secs(arguments.seconds), seed)
                    {
                        broken
                            .lock()
                            .unwrap_or_else(|e| e.into_inner())
                            .push(message);
                    }
                });
            }
        });
    }
    let broken = broken.into_inner().unwrap_or_else(|e| e.into_inner());
    for message in &broken {
        eprintln!("{message}");
    }
    Ok(if broken.is_empty() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

fn names() -> String {
    TARGETS
        .iter()
        .map(|t| t.name)
        .collect::<Vec<_>>()
        .join(", ")
}

/// Runs one target on mutations until the time is over or an input breaks it.
fn drive(target: &Target, time: Duration, seed: u64) -> Result<(), String> {
    let seeds = (target.seeds)();
    let mut random = SmallRng::seed_from_u64(seed);
    let begin = Instant::now();
    let current = Mutex::new(Vec::new());
    let started = AtomicU64::new(0);
    let done = AtomicBool::new(false);
    let mut inputs = 0_u64;
    let result = std::thread::scope(|scope| {
        scope.spawn(|| watch(target, begin, &started, &done, &current));
        let mut result = Ok(());
        while begin.elapsed() < time && result.is_ok() {
            let input = if (inputs as usize) < seeds.len() {
                seeds[inputs as usize].clone()
            } else {
                mutate::mutate(&seeds, &mut random)
            };
            current
                .lock()
                .unwrap_or_else(|e| e.into_inner())
                .clone_from(&input);
            started.store(begin.elapsed().as_millis() as u64, Ordering::Relaxed);
            if catch_unwind(AssertUnwindSafe(|| (target.run)(&input))).is_err() {
                result = Err(format!(
                    "{}: panicked; {}",
                    target.name,
                    keep(target.name, &input)
                ));
            }
            inputs += 1;
        }
        done.store(true, Ordering::Relaxed);
        result
    });
    println!(
        "{}: {inputs} inputs in {:.0} s",
        target.name,
        begin.elapsed().as_secs_f64()
    );
    result
}

/// Ends the process when one input takes too long: a thread cannot be ended.
fn watch(
    target: &Target,
    begin: Instant,
    started: &AtomicU64,
    done: &AtomicBool,
    current: &Mutex<Vec<u8>>,
) {
    while !done.load(Ordering::Relaxed) {
        std::thread::park_timeout(Duration::from_millis(200));
        let running = begin
            .elapsed()
            .saturating_sub(Duration::from_millis(started.load(Ordering::Relaxed)));
        if running > INPUT_LIMIT && !done.load(Ordering::Relaxed) {
            let input = current.lock().unwrap_or_else(|e| e.into_inner());
            eprintln!(
                "{}: one input takes more than {INPUT_LIMIT:?}; {}",
                target.name,
                keep(target.name, &input)
            );
            std::process::exit(1);
        }
    }
}

/// Writes an input that broke a target where it can be run again.
fn keep(target: &str, input: &[u8]) -> String {
    let path = std::env::temp_dir().join(format!("packmule-fuzz-{target}-{}", std::process::id()));
    match std::fs::write(&path, input) {
        Ok(()) => format!(
            "run it again with --target {target} --input {}",
            path.display()
        ),
        Err(error) => format!("its input could not be kept in {}: {error}", path.display()),
    }
}
