//! Leases, fencing, retries, reports that come twice or late.

use std::time::Duration;

use packmule_catalog::{
    EventMessageFields, EventMessageFilter, ExecutableBegun, ExecutableReport, MessageSource,
    MessageType, NumberedReport, Outcome, Renewal, Report, RowsReport, RunningReport, Status,
    TaskKey, WorkerId,
};

use crate::support::{Bench, number};

const LEASE: Duration = Duration::from_secs(10);

fn running() -> RunningReport {
    RunningReport {
        process_id: 17,
        machine_name: "here".to_owned(),
        total_physical_memory_kb: 1,
        available_physical_memory_kb: 1,
        cpu_count: 2,
    }
}

fn message(number: i64) -> NumberedReport {
    let text = format!("Load:Information: {number}");
    NumberedReport {
        number,
        report: Report::Message(EventMessageFields {
            message_time: chrono::DateTime::from_timestamp_micros(number).unwrap(),
            message_type: MessageType::Information,
            message_source_type: MessageSource::Package,
            message: text,
            package_name: "Load.dtsx".to_owned(),
            event_name: "OnInformation".to_owned(),
            message_source_name: "Load".to_owned(),
            message_source_id: String::new(),
            subcomponent_name: String::new(),
            package_path: r"\Package".to_owned(),
            execution_path: r"\Load".to_owned(),
            thread_id: 0,
            message_code: 0,
            event_message_guid: uuid::Uuid::new_v4(),
            remedy: None,
        }),
    }
}

fn claim(bench: &Bench, worker: WorkerId) -> TaskKey {
    bench.catalog.claim(worker, 1, LEASE).unwrap()[0].key
}

#[test]
fn tasks_are_given_in_the_order_they_became_ready_and_a_retry_goes_to_the_end() {
    let bench = Bench::deployed();
    let worker = bench.worker();
    let tick = || bench.clock.advance(Duration::from_millis(1));
    let first = bench.started(1);
    tick();
    let second = bench.started(0);
    tick();
    let task = claim(&bench, worker);
    assert_eq!(task.execution_id, first);
    bench
        .catalog
        .finish(worker, task, Outcome::Failed, 0, None)
        .unwrap();
    assert_eq!(
        bench.catalog.execution_status(first).unwrap(),
        Status::Pending
    );
    assert_eq!(claim(&bench, worker).execution_id, second);
    let again = claim(&bench, worker);
    assert_eq!((again.execution_id, again.attempt.0), (first, 2));
    bench
        .catalog
        .finish(worker, again, Outcome::Failed, 0, None)
        .unwrap();
    let found = bench.catalog.execution(first).unwrap();
    assert_eq!((found.status, found.executed_count), (Status::Failed, 2));
    assert_eq!(bench.catalog.execution_attempts(first).unwrap().len(), 2);
}

#[test]
fn a_lost_worker_leads_to_retry_or_status_6_and_its_late_reports_are_refused() {
    let bench = Bench::deployed();
    let catalog = &bench.catalog;
    let (a, b) = (bench.worker(), bench.worker());
    let (retried, lost) = (bench.started(1), bench.started(0));
    let tasks: Vec<TaskKey> = catalog
        .claim(a, 9, LEASE)
        .unwrap()
        .into_iter()
        .map(|t| t.key)
        .collect();
    for task in &tasks {
        catalog.running(a, *task, running()).unwrap();
    }
    bench.clock.advance(LEASE);
    assert!(
        catalog.sweep().unwrap().is_empty(),
        "the lease is good to its last moment"
    );
    bench.clock.advance(Duration::from_millis(1));
    assert_eq!(catalog.sweep().unwrap().len(), 2);
    assert_eq!(catalog.execution_status(retried).unwrap(), Status::Pending);
    assert_eq!(
        catalog.execution_status(lost).unwrap(),
        Status::EndedUnexpectedly
    );
    let taken = claim(&bench, b);
    assert_eq!((taken.execution_id, taken.attempt.0), (retried, 2));
    for old in tasks {
        assert_eq!(number(catalog.running(a, old, running())), 27246);
        assert_eq!(number(catalog.report(a, old, vec![message(1)])), 27246);
        assert_eq!(
            number(catalog.finish(a, old, Outcome::Succeeded, 0, None)),
            27246
        );
        assert_eq!(
            catalog.renew(a, vec![old], LEASE).unwrap()[0].1,
            Renewal::Lost
        );
    }
    // the right attempt by the wrong worker is refused as well
    assert_eq!(
        number(catalog.finish(a, taken, Outcome::Succeeded, 0, None)),
        27246
    );
    catalog
        .finish(b, taken, Outcome::Succeeded, 0, None)
        .unwrap();
    assert_eq!(
        catalog.execution_status(retried).unwrap(),
        Status::Succeeded
    );
    // nothing of the lost attempt but the catalog's word on its end
    let all = EventMessageFilter::default();
    let ends = [(retried, MessageType::Warning), (lost, MessageType::Error)];
    for (id, message_type) in ends {
        let messages = catalog.event_messages(id.operation(), &all).unwrap();
        assert_eq!(messages.len(), 1, "{messages:?}");
        assert_eq!(messages[0].attempt.0, 1);
        assert_eq!(messages[0].fields.message_type, message_type);
        assert!(messages[0].fields.message.contains("its lease has run out"));
    }
    assert!(
        catalog
            .executable_statistics(retried, taken.attempt, 0)
            .unwrap()
            .is_empty()
    );
}

#[test]
fn a_renewed_lease_holds_and_an_idle_master_grants_grace() {
    let bench = Bench::deployed();
    let catalog = &bench.catalog;
    let worker = bench.worker();
    bench.started(0);
    let task = claim(&bench, worker);
    for _ in 0..5 {
        bench.clock.advance(Duration::from_secs(9));
        let held = catalog.renew(worker, vec![task], LEASE).unwrap();
        assert_eq!(held[0].1, Renewal::Held { stop: false });
        assert!(catalog.sweep().unwrap().is_empty());
    }
    bench.clock.advance(Duration::from_secs(3600));
    assert_eq!(catalog.grant_grace(LEASE).unwrap(), 1);
    assert!(catalog.sweep().unwrap().is_empty());
    catalog.report(worker, task, vec![message(1)]).unwrap();
}

#[test]
fn reports_are_stored_once_in_order_and_without_gaps() {
    let bench = Bench::deployed();
    let catalog = &bench.catalog;
    let worker = bench.worker();
    let id = bench.started(0);
    let task = claim(&bench, worker);
    let send =
        |from: i64, to: i64| catalog.report(worker, task, (from..=to).map(message).collect());
    assert_eq!(send(1, 3).unwrap(), 3);
    assert_eq!(send(1, 5).unwrap(), 5, "what is there already is skipped");
    assert_eq!(send(2, 4).unwrap(), 5);
    let gap = send(7, 8).unwrap_err();
    assert!(gap.to_string().contains("5 are stored, 7 follows"), "{gap}");
    let early = catalog.finish(worker, task, Outcome::Succeeded, 6, None);
    assert!(early.is_err(), "the end waits for its reports");
    send(6, 6).unwrap();
    catalog
        .finish(worker, task, Outcome::Succeeded, 6, None)
        .unwrap();
    catalog
        .finish(worker, task, Outcome::Succeeded, 6, None)
        .unwrap();
    assert_eq!(
        number(catalog.finish(worker, task, Outcome::Failed, 6, None)),
        27246
    );
    let messages = catalog
        .event_messages(id.operation(), &EventMessageFilter::default())
        .unwrap();
    let numbers: Vec<i64> = messages
        .iter()
        .map(|m| m.fields.message_time.timestamp_micros())
        .collect();
    assert_eq!(numbers, [1, 2, 3, 4, 5, 6]);
    let after = EventMessageFilter {
        after: Some(messages[3].event_message_id),
        ..EventMessageFilter::default()
    };
    assert_eq!(
        catalog
            .event_messages(id.operation(), &after)
            .unwrap()
            .len(),
        2
    );
}

#[test]
fn what_runs_is_known_until_it_or_its_attempt_ends() {
    let bench = Bench::deployed();
    let catalog = &bench.catalog;
    let worker = bench.worker();
    let id = bench.started(1);
    let time = chrono::DateTime::from_timestamp_micros(1).unwrap();
    let began = |number, path: &str| NumberedReport {
        number,
        report: Report::Began(ExecutableBegun {
            executable_name: path.to_owned(),
            executable_guid: String::new(),
            package_name: "Load.dtsx".to_owned(),
            package_path: path.to_owned(),
            execution_path: path.to_owned(),
            start_time: time,
        }),
    };
    let ended = |number, path: &str| NumberedReport {
        number,
        report: Report::Executable(ExecutableReport {
            executable_name: path.to_owned(),
            executable_guid: String::new(),
            package_name: "Load.dtsx".to_owned(),
            package_path: path.to_owned(),
            execution_path: path.to_owned(),
            start_time: time,
            end_time: time,
            execution_result: 0,
            execution_value: None,
        }),
    };
    let runs = || -> Vec<String> {
        let running = catalog.running_executables(id).unwrap();
        running.into_iter().map(|run| run.execution_path).collect()
    };
    let task = claim(&bench, worker);
    // a handler may run twice at once
    let reports = vec![began(1, "P"), began(2, "H"), began(3, "H"), ended(4, "H")];
    catalog.report(worker, task, reports).unwrap();
    assert_eq!(runs(), ["P", "H"]);
    let seen = catalog.executable_statistics(id, task.attempt, 0).unwrap();
    assert_eq!(seen.len(), 1);
    catalog.report(worker, task, vec![ended(5, "H")]).unwrap();
    let last = seen[0].statistics_id;
    let fresh = catalog
        .executable_statistics(id, task.attempt, last)
        .unwrap();
    assert_eq!(fresh.len(), 1, "only what came since");
    catalog
        .finish(worker, task, Outcome::Lost, 5, None)
        .unwrap();
    assert_eq!(runs(), [""; 0]);
    let again = claim(&bench, worker);
    assert!(
        catalog
            .executable_statistics(id, again.attempt, 0)
            .unwrap()
            .is_empty()
    );
}

#[test]
fn samples_of_rows_replace_each_other_until_the_last() {
    let bench = Bench::deployed();
    let catalog = &bench.catalog;
    let worker = bench.worker();
    let id = bench.started(0);
    let task = claim(&bench, worker);
    let rows = |number, rows_sent, is_final| NumberedReport {
        number,
        report: Report::Rows(RowsReport {
            package_name: "Load.dtsx".to_owned(),
            task_name: "DFT".to_owned(),
            dataflow_path_id_string: "p".to_owned(),
            dataflow_path_name: "path".to_owned(),
            source_component_name: "a".to_owned(),
            destination_component_name: "b".to_owned(),
            rows_sent,
            execution_path: r"\Load\DFT".to_owned(),
            is_final,
            time: chrono::DateTime::from_timestamp_micros(1).unwrap(),
        }),
    };
    let reports = vec![
        rows(1, 10, false),
        rows(2, 20, false),
        rows(3, 25, true),
        rows(4, 7, true),
    ];
    catalog.report(worker, task, reports).unwrap();
    let counts: Vec<i64> = catalog
        .data_statistics(id, task.attempt, 0, &[])
        .unwrap()
        .iter()
        .map(|s| s.rows_sent)
        .collect();
    assert_eq!(counts, [25, 7], "one row for each start of the task");
}

#[test]
fn a_disabled_worker_gets_nothing_and_may_finish_what_it_holds() {
    let bench = Bench::deployed();
    let catalog = &bench.catalog;
    let worker = bench.worker();
    let id = bench.started(0);
    let task = claim(&bench, worker);
    bench.started(0);
    catalog.disable_worker_agent(worker).unwrap();
    assert_eq!(number(catalog.claim(worker, 1, LEASE)), 27252);
    catalog.running(worker, task, running()).unwrap();
    catalog
        .finish(worker, task, Outcome::Succeeded, 0, None)
        .unwrap();
    assert_eq!(catalog.execution_status(id).unwrap(), Status::Succeeded);
}

#[test]
fn many_writers_share_commits_and_none_is_lost() {
    let bench = Bench::deployed();
    let threads: Vec<_> = (0..8)
        .map(|_| {
            let catalog = bench.catalog.clone();
            std::thread::spawn(move || {
                for _ in 0..20 {
                    let new = packmule_catalog::NewExecution::new("Demo", "Sales", "Load");
                    let id = catalog
                        .create_execution(&crate::support::caller(), new)
                        .unwrap();
                    assert_eq!(catalog.execution_status(id).unwrap(), Status::Created);
                }
            })
        })
        .collect();
    for thread in threads {
        thread.join().unwrap();
    }
    let filter = packmule_catalog::ExecutionFilter {
        limit: 1000,
        ..Default::default()
    };
    assert_eq!(bench.catalog.executions(&filter).unwrap().len(), 160);
}
