//! Master and Workers together.

use std::time::{Duration, Instant};

use packmule_catalog::{NewExecution, Status};

use crate::Test;
use crate::support::{Site, caller, wait_for};

pub(crate) const TESTS: &[Test] = &[
    (
        "packages_are_picked_up_and_their_messages_stored",
        picked_up,
    ),
    (
        "failures_are_tried_again_and_lost_processes_told_apart",
        failures,
    ),
    (
        "a_stop_ends_a_package_that_obeys_and_one_that_does_not",
        cancel,
    ),
    (
        "a_killed_worker_leads_to_retry_elsewhere_or_status_6",
        worker_killed,
    ),
    ("a_master_that_was_away_gets_everything_once", master_away),
    (
        "reports_that_the_disk_does_not_give_back_end_the_attempt",
        broken_spool,
    ),
    (
        "a_disabled_worker_gets_none_and_chosen_workers_only_theirs",
        disabled_and_chosen,
    ),
    ("draining_lets_running_packages_end", drain),
    (
        "a_full_spool_fails_the_package_and_names_the_cause",
        full_spool,
    ),
    (
        "a_hundred_packages_on_two_workers_none_lost_none_doubled",
        hundred,
    ),
];

const LEASE: Duration = Duration::from_secs(10);

fn picked_up() {
    let site = Site::new(LEASE);
    let _worker = site.worker("a");
    let id = site.execute("Ok", 0);
    assert_eq!(site.end(id), Status::Succeeded);
    assert!(
        site.texts(id)
            .contains(&"P:Information: hello from Ok.dtsx".to_owned())
    );
    let found = site.catalog.execution(id).unwrap();
    assert!(found.process_id.is_some() && found.start_time.is_some());
    assert_eq!(found.machine_name, site.agent("a").unwrap().machine_name);
    let many = site.execute("Many", 0);
    assert_eq!(site.end(many), Status::Succeeded);
    let texts = site.texts(many);
    let wanted: Vec<String> = (0..3000)
        .map(|n| format!("P:Information: message {n}"))
        .collect();
    assert_eq!(texts[1..], wanted);
}

fn failures() {
    let site = Site::new(LEASE);
    let _worker = site.worker("a");
    let failing = site.execute("Fail", 2);
    let early = site.execute("Early", 0);
    let dying = site.execute("Die", 0);
    let panics = site.execute("Panic", 1);
    assert_eq!(site.end(failing), Status::Failed);
    assert_eq!(site.catalog.execution(failing).unwrap().executed_count, 3);
    assert_eq!(site.end(early), Status::Failed);
    assert_eq!(site.end(dying), Status::EndedUnexpectedly);
    let reason = site.catalog.execution_attempts(dying).unwrap()[0]
        .reason
        .clone()
        .unwrap();
    assert!(reason.contains("signal 9"), "{reason}");
    assert!(
        site.texts(dying)
            .contains(&"P:Information: about to die".to_owned())
    );
    assert_eq!(site.end(panics), Status::EndedUnexpectedly);
    assert_eq!(site.catalog.execution_attempts(panics).unwrap().len(), 2);
}

fn cancel() {
    let site = Site::new(LEASE);
    let _worker = site.worker("a");
    for package in ["Wait", "Stuck"] {
        let id = site.execute(package, 3);
        assert_eq!(site.until(id, Status::Running), Status::Running);
        let asked = Instant::now();
        site.catalog
            .stop_operation(&caller(), id.operation())
            .unwrap();
        assert_eq!(site.end(id), Status::Canceled, "{package}");
        // 800 ms until SIGKILL; the rest is room for a busy computer
        assert!(asked.elapsed() < Duration::from_secs(5), "{package}");
        assert_eq!(site.catalog.execution(id).unwrap().executed_count, 1);
    }
}

fn worker_killed() {
    let site = Site::new(LEASE);
    let doomed = site.worker_process("doomed");
    let gate = site.gate("never");
    let (again, once) = (site.execute_gated(&gate, 1), site.execute_gated(&gate, 0));
    for id in [again, once] {
        assert_eq!(site.until(id, Status::Running), Status::Running);
    }
    let processes: Vec<i32> = [again, once]
        .map(|id| site.catalog.execution(id).unwrap().process_id.unwrap())
        .to_vec();
    let _other = site.worker("other");
    let killed = Instant::now();
    doomed.kill();
    for process in processes {
        let process = format!("/proc/{process}");
        wait_for("the packages' processes to die with their worker", || {
            let stat = std::fs::read_to_string(format!("{process}/stat")).unwrap_or_default();
            stat.is_empty() || stat.contains(") Z ")
        });
    }
    assert_eq!(site.end(once), Status::EndedUnexpectedly);
    assert!(
        killed.elapsed() < Duration::from_secs(15),
        "noticed in {:?}",
        killed.elapsed()
    );
    assert_eq!(site.end(again), Status::Succeeded);
    let attempts = site.catalog.execution_attempts(again).unwrap();
    assert_eq!(attempts.len(), 2);
    assert_ne!(attempts[0].worker_agent_id, attempts[1].worker_agent_id);
    assert_ne!(
        attempts[0].execution_instance_guid,
        attempts[1].execution_instance_guid
    );
}

fn master_away() {
    let mut site = Site::new(LEASE);
    let _worker = site.worker("a");
    let gate = site.gate("gate");
    let id = site.execute_gated(&gate, 0);
    assert_eq!(site.until(id, Status::Running), Status::Running);
    wait_for("the first messages", || site.texts(id).len() == 21);
    let address = site.stop_master();
    std::fs::write(&gate, b"").unwrap();
    let outcome = site.gate("a/spool").join(format!("{id}-1/outcome.json"));
    wait_for("the package to end while nobody listens", || {
        outcome.exists()
    });
    assert_eq!(site.catalog.execution_status(id).unwrap(), Status::Running);
    site.start_master(&address);
    assert_eq!(site.end(id), Status::Succeeded);
    let texts = site.texts(id);
    assert_eq!(texts.len(), 41, "each message once: {texts:?}");
    wait_for("the spool to be emptied", || !outcome.exists());
}

fn broken_spool() {
    let mut site = Site::new(LEASE);
    let _worker = site.worker("a");
    let gate = site.gate("gate");
    let id = site.execute_gated(&gate, 0);
    assert_eq!(site.until(id, Status::Running), Status::Running);
    wait_for("the first messages", || site.texts(id).len() == 21);
    let address = site.stop_master();
    std::fs::write(&gate, b"").unwrap();
    let spool = site.gate("a/spool").join(format!("{id}-1"));
    wait_for("the package to end while nobody listens", || {
        spool.join("outcome.json").exists()
    });
    let log = std::fs::File::options()
        .write(true)
        .open(spool.join("log"))
        .unwrap();
    log.set_len(20).unwrap();
    site.start_master(&address);
    assert_eq!(site.end(id), Status::EndedUnexpectedly);
    let attempts = site.catalog.execution_attempts(id).unwrap();
    let reason = attempts[0].reason.clone().unwrap();
    assert!(reason.contains("could not be handed in"), "{reason}");
    wait_for("the spool to be removed", || !spool.exists());
}

fn disabled_and_chosen() {
    let site = Site::new(LEASE);
    let (_a, _b) = (site.worker("a"), site.worker("b"));
    let (a, b) = (
        site.agent("a").unwrap().worker_agent_id,
        site.agent("b").unwrap().worker_agent_id,
    );
    site.catalog.disable_worker_agent(a).unwrap();
    let ids: Vec<_> = (0..6).map(|_| site.execute("Ok", 0)).collect();
    for id in ids {
        assert_eq!(site.end(id), Status::Succeeded);
        assert_eq!(site.catalog.execution(id).unwrap().worker_agent_id, Some(b));
    }
    site.catalog.enable_worker_agent(a).unwrap();
    for chosen in [a, b, a] {
        let mut new = NewExecution::new("F", "P", "Ok");
        new.useanyworker = false;
        let id = site.catalog.create_execution(&caller(), new).unwrap();
        site.catalog.add_execution_worker(id, chosen).unwrap();
        site.catalog.start_execution(id, 0).unwrap();
        assert_eq!(site.end(id), Status::Succeeded);
        assert_eq!(
            site.catalog.execution(id).unwrap().worker_agent_id,
            Some(chosen)
        );
    }
}

fn drain() {
    let site = Site::new(LEASE);
    let worker = site.worker("a");
    let gate = site.gate("gate");
    let id = site.execute_gated(&gate, 0);
    assert_eq!(site.until(id, Status::Running), Status::Running);
    std::fs::write(&gate, b"").unwrap();
    worker.drain(&site);
    assert_eq!(
        site.catalog.execution_status(id).unwrap(),
        Status::Succeeded
    );
}

fn full_spool() {
    let mut site = Site::new(Duration::from_secs(120));
    let _worker = site.worker_with("a", |config| {
        config.spool_bytes_max = 5_000;
        config.spool_wait = Duration::from_secs(2);
    });
    let gate = site.gate("gate");
    let ids: Vec<_> = (0..3).map(|_| site.execute_gated(&gate, 0)).collect();
    for id in &ids {
        assert_eq!(site.until(*id, Status::Running), Status::Running);
        wait_for("the first messages", || site.texts(*id).len() == 21);
    }
    let address = site.stop_master();
    std::fs::write(&gate, b"").unwrap();
    let outcomes: Vec<_> = ids
        .iter()
        .map(|id| site.gate("a/spool").join(format!("{id}-1/outcome.json")))
        .collect();
    wait_for("all packages to end", || {
        outcomes.iter().all(|o| o.exists())
    });
    site.start_master(&address);
    let ends: Vec<Status> = ids.iter().map(|id| site.end(*id)).collect();
    let failed = ids
        .iter()
        .zip(&ends)
        .find(|(_, end)| **end == Status::Failed);
    let (failed, _) = failed.unwrap_or_else(|| panic!("{ends:?}"));
    let reason = site.catalog.execution_attempts(*failed).unwrap()[0]
        .reason
        .clone()
        .unwrap();
    assert!(reason.contains("spool is full"), "{reason}");
}

fn hundred() {
    let site = Site::new(LEASE);
    let doomed = site.worker_process("doomed");
    let _steady = site.worker("steady");
    let ids: Vec<_> = (0..100)
        .map(|n| site.execute(if n % 10 == 0 { "Many" } else { "Ok" }, 1))
        .collect();
    wait_for("some to be done", || {
        ids.iter()
            .filter(|id| site.catalog.execution_status(**id).unwrap().is_terminal())
            .count()
            > 10
    });
    doomed.kill();
    for id in &ids {
        assert_eq!(site.end(*id), Status::Succeeded);
    }
    for (n, id) in ids.iter().enumerate() {
        let wanted = if n % 10 == 0 { 3001 } else { 2 };
        let attempts = site.catalog.execution_attempts(*id).unwrap();
        let last = attempts.last().unwrap().attempt;
        let filter = packmule_catalog::EventMessageFilter {
            attempt: Some(last),
            limit: 10_000,
            ..Default::default()
        };
        let messages = site
            .catalog
            .event_messages(id.operation(), &filter)
            .unwrap();
        assert_eq!(messages.len(), wanted, "execution {id} attempt {last}");
    }
}
