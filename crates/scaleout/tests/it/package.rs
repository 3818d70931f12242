//! Packages that are made of a name: what each does in its process.

use std::sync::Arc;
use std::time::{Duration, Instant};

use packmule_catalog::Outcome;
use packmule_runtime::events::EventSource;
use packmule_runtime::{Cancel, Event, EventKind, Observer};
use packmule_scaleout::{Ended, Job, Reporter};
use packmule_types::Code;

fn event(kind: EventKind, text: &str) -> Event {
    Event {
        kind,
        source: EventSource {
            name: "P".to_owned(),
            id: String::new(),
            parent_id: String::new(),
            package: "P.dtsx".to_owned(),
            package_path: r"\Package".to_owned(),
            execution_path: r"\P".to_owned(),
        },
        subcomponent: String::new(),
        code: Code(0),
        description: text.to_owned(),
        remedy: None,
        time: chrono::Utc::now(),
    }
}

/// Waits for a condition, at most a minute.
fn wait(condition: impl Fn() -> bool) {
    let end = Instant::now() + Duration::from_secs(60);
    while !condition() && Instant::now() < end {
        std::thread::park_timeout(Duration::from_millis(5));
    }
}

pub(crate) fn run(job: &Job, cancel: &Cancel, reporter: &Arc<Reporter>) -> Ended {
    let say = |text: &str| reporter.event(&event(EventKind::Information, text));
    let ended = |outcome| Ended {
        outcome,
        reason: None,
    };
    let gate = || {
        let gate = job.parameters.iter().find(|p| p.name == "Gate");
        gate.map(|p| std::path::PathBuf::from(&p.value.0))
            .unwrap_or_default()
    };
    let messages = |count: usize| (0..count).for_each(|n| say(&format!("message {n}")));
    if job.package_name != "Early.dtsx" {
        reporter.event(&event(EventKind::PreExecute, ""));
    }
    match job.package_name.as_str() {
        "Fail.dtsx" => {
            reporter.event(&event(EventKind::Error, "no."));
            return ended(Outcome::Failed);
        }
        "Early.dtsx" => return ended(Outcome::Failed),
        "Many.dtsx" => messages(3000),
        "Wait.dtsx" => {
            wait(|| cancel.is_cancelled());
            return ended(Outcome::Canceled);
        }
        "Stuck.dtsx" => wait(|| false),
        "Die.dtsx" => {
            say("about to die");
            let me = nix::unistd::Pid::this();
            nix::sys::signal::kill(me, nix::sys::signal::Signal::SIGKILL).unwrap();
        }
        "Panic.dtsx" => panic!("on purpose"),
        // the first attempt waits for its gate, later ones do not
        "Gate.dtsx" => {
            messages(20);
            if job.key.attempt.0 == 1 {
                let gate = gate();
                wait(|| gate.exists() || cancel.is_cancelled());
            }
            messages(20);
        }
        _ => say(&format!("hello from {}", job.package_name)),
    }
    ended(Outcome::Succeeded)
}
