//! A real Master and real Workers on loopback, and a seeded simulation of leases.
//!
//! This program has its own `main`: called with `child` it is the process of a package, with
//! `worker` a Worker, otherwise it runs the tests (all, or those whose name holds an argument).
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "tests, under a main of their own"
)]

mod package;
mod simulation;
mod support;
mod together;

/// A test's name and what it does.
pub(crate) type Test = (&'static str, fn());

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.first().map(String::as_str) {
        Some("child") => std::process::exit(packmule_scaleout::run_child(|| package::run)),
        Some("worker") => return support::worker_process(&arguments[1..]),
        _ => {}
    }
    let tests: Vec<Test> = [simulation::TESTS, together::TESTS].concat();
    if arguments.iter().any(|a| a == "--list") {
        for (name, _) in tests {
            println!("{name}: test");
        }
        return;
    }
    let wanted: Vec<&String> = arguments.iter().filter(|a| !a.starts_with('-')).collect();
    let mut failed = Vec::new();
    for (name, test) in tests {
        if !wanted.is_empty() && !wanted.iter().any(|w| name.contains(w.as_str())) {
            continue;
        }
        let started = std::time::Instant::now();
        let ok = std::panic::catch_unwind(test).is_ok();
        let word = if ok { "ok" } else { "FAILED" };
        println!(
            "test {name} ... {word} ({:.1} s)",
            started.elapsed().as_secs_f64()
        );
        if !ok {
            failed.push(name);
        }
    }
    if !failed.is_empty() {
        println!("failed: {}", failed.join(", "));
        std::process::exit(1);
    }
}
