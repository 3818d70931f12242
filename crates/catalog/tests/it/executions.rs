//! Executions before and after their run: values, start, stop, clean-up.

use std::time::Duration;

use packmule_catalog::{
    Caller, Error, ExecutionFilter, ExecutionId, NewExecution, NewOverride, ParameterScope,
    RequestKey, Status, Submission, Variant, WorkerId,
};
use packmule_types::Secret;

use crate::support::{Bench, PROJECT, caller, number};

const LEASE: Duration = Duration::from_secs(10);

#[test]
fn values_come_from_execution_then_server_then_design() {
    let bench = Bench::deployed();
    let catalog = &bench.catalog;
    catalog
        .set_object_parameter_value("Demo", "Sales", None, "Region", &Variant::Text("S".into()))
        .unwrap();
    let id = bench.ready();
    // a later change of the server's value does not alter it
    catalog
        .set_object_parameter_value("Demo", "Sales", None, "Region", &Variant::Text("W".into()))
        .unwrap();
    let set = |scope, name: &str, value: Variant| {
        catalog.set_execution_parameter_value(id, scope, name, &value)
    };
    set(
        ParameterScope::Package,
        "Rows",
        Variant::Literal("77".into()),
    )
    .unwrap();
    set(
        ParameterScope::Project,
        "Password",
        Variant::Text("p".into()),
    )
    .unwrap();
    assert_eq!(
        number(set(ParameterScope::Project, "Rows", Variant::Integer(1))),
        27176
    );
    assert_eq!(
        number(set(
            ParameterScope::Execution,
            "LOGGING_LEVEL",
            Variant::Integer(9)
        )),
        27217
    );
    assert!(
        set(
            ParameterScope::Execution,
            "DUMP_ON_ERROR",
            Variant::Boolean(true)
        )
        .is_err()
    );
    set(
        ParameterScope::Execution,
        "LOGGING_LEVEL",
        Variant::Integer(3),
    )
    .unwrap();
    let path = r"\Package.Properties[MaximumErrorCount]";
    catalog
        .set_execution_property_override_value(id, path, "5", false)
        .unwrap();
    assert_eq!(
        number(catalog.set_execution_property_override_value(id, "Package", "5", false)),
        27101
    );
    catalog.start_execution(id, 0).unwrap();
    assert_eq!(
        number(set(ParameterScope::Package, "Rows", Variant::Integer(1))),
        27224
    );
    assert_eq!(
        number(catalog.set_execution_property_override_value(id, path, "6", false)),
        27225
    );
    let worker = bench.worker();
    let given = catalog.claim(worker, 1, LEASE).unwrap().remove(0);
    let value = |name: &str| {
        let found = given.parameters.iter().find(|p| p.name == name).unwrap();
        found.value.reveal().to_owned()
    };
    assert_eq!(value("Region"), "S");
    assert_eq!(value("Rows"), "77");
    assert_eq!(value("Day"), "2024-05-06T00:00:00");
    assert_eq!(value("Password"), "p");
    assert_eq!(given.logging_level.code(), 3);
    assert_eq!(given.overrides[0].value.reveal(), "5");
    assert!(
        !format!("{given:?}").contains("\"p\""),
        "secrets are not printed"
    );
    let shown = catalog.execution_parameter_values(id).unwrap();
    assert!(
        shown
            .iter()
            .all(|p| !p.sensitive || p.parameter_value.is_none())
    );
}

#[test]
fn a_start_needs_required_values_the_newest_version_and_happens_once() {
    let bench = Bench::deployed();
    let catalog = &bench.catalog;
    assert_eq!(number(catalog.start_execution(bench.created(), 0)), 27184);
    let id = bench.ready();
    catalog.start_execution(id, 0).unwrap();
    assert_eq!(number(catalog.start_execution(id, 0)), 27121);
    let old = bench.ready();
    bench.deploy(PROJECT);
    assert_eq!(number(catalog.start_execution(old, 0)), 27150);
    assert_eq!(number(catalog.start_execution(ExecutionId(999), 0)), 27103);
    assert_eq!(number(catalog.start_execution(bench.ready(), -1)), 27101);
    let child = NewExecution::new("Demo", "Sales", "Child.dtsx");
    assert_eq!(number(catalog.create_execution(&caller(), child)), 27146);
    let missing = NewExecution::new("Demo", "Sales", "Gone.dtsx");
    assert_eq!(number(catalog.create_execution(&caller(), missing)), 27146);
}

#[test]
fn chosen_workers_only() {
    let bench = Bench::deployed();
    let catalog = &bench.catalog;
    let (chosen, other) = (bench.worker(), bench.worker());
    assert_eq!(
        number(catalog.add_execution_worker(bench.ready(), chosen)),
        27251
    );
    let mut new = NewExecution::new("Demo", "Sales", "Load");
    new.useanyworker = false;
    let id = catalog.create_execution(&caller(), new.clone()).unwrap();
    let day = Variant::Text("2024-01-01".into());
    catalog
        .set_execution_parameter_value(id, ParameterScope::Package, "Day", &day)
        .unwrap();
    assert_eq!(number(catalog.start_execution(id, 0)), 27257);
    let nobody = WorkerId(uuid::Uuid::new_v4());
    assert_eq!(number(catalog.add_execution_worker(id, nobody)), 27243);
    catalog.disable_worker_agent(other).unwrap();
    assert_eq!(number(catalog.add_execution_worker(id, other)), 27252);
    catalog.enable_worker_agent(other).unwrap();
    catalog.add_execution_worker(id, chosen).unwrap();
    catalog.start_execution(id, 0).unwrap();
    assert!(catalog.claim(other, 9, LEASE).unwrap().is_empty());
    assert!(
        catalog
            .waiting_reason(id)
            .unwrap()
            .unwrap()
            .starts_with("1 chosen")
    );
    assert_eq!(catalog.claim(chosen, 9, LEASE).unwrap().len(), 1);
    new.runinscaleout = Some(false);
    let local = catalog.create_execution(&caller(), new).unwrap();
    assert_eq!(number(catalog.add_execution_worker(local, chosen)), 27255);
}

#[test]
fn stop_before_during_and_after() {
    let bench = Bench::deployed();
    let catalog = &bench.catalog;
    let stop = |id: ExecutionId| catalog.stop_operation(&caller(), id.operation());
    assert_eq!(number(stop(bench.ready())), 27124);
    let waiting = bench.started(1);
    let operation = stop(waiting).unwrap();
    assert_eq!(catalog.execution_status(waiting).unwrap(), Status::Canceled);
    assert_eq!(
        catalog.operations(None, 10).unwrap()[0].operation_id,
        operation
    );
    assert_eq!(number(stop(waiting)), 27124);
    let worker = bench.worker();
    assert!(
        catalog.claim(worker, 9, LEASE).unwrap().is_empty(),
        "nothing waits any more"
    );

    let held = bench.started(1);
    let task = catalog.claim(worker, 1, LEASE).unwrap()[0].key;
    stop(held).unwrap();
    assert_eq!(catalog.execution_status(held).unwrap(), Status::Stopping);
    assert_eq!(number(stop(held)), 27126);
    let renewed = catalog.renew(worker, vec![task], LEASE).unwrap();
    assert_eq!(renewed[0].1, packmule_catalog::Renewal::Held { stop: true });
    catalog
        .finish(worker, task, packmule_catalog::Outcome::Failed, 0, None)
        .unwrap();
    assert_eq!(
        catalog.execution_status(held).unwrap(),
        Status::Canceled,
        "and not tried again"
    );
    assert_eq!(
        catalog.execution(held).unwrap().stopped_by_name.as_deref(),
        Some("anna")
    );
}

#[test]
fn lists_are_filtered_and_paged() {
    let bench = Bench::deployed();
    let catalog = &bench.catalog;
    let ids: Vec<ExecutionId> = (0..5).map(|_| bench.created()).collect();
    catalog.start_execution(bench.ready(), 0).unwrap();
    let list = |filter: ExecutionFilter| -> Vec<ExecutionId> {
        catalog
            .executions(&filter)
            .unwrap()
            .into_iter()
            .map(|e| e.execution_id)
            .collect()
    };
    let page = list(ExecutionFilter {
        before: Some(ids[3]),
        limit: 2,
        ..Default::default()
    });
    assert_eq!(page, [ids[2], ids[1]]);
    let pending = list(ExecutionFilter {
        status: vec![Status::Pending],
        ..Default::default()
    });
    assert_eq!(pending.len(), 1);
    let named = ExecutionFilter {
        folder_name: Some("DEMO".into()),
        package_name: Some("load".into()),
        ..Default::default()
    };
    assert_eq!(list(named).len(), 6);
    let none = ExecutionFilter {
        project_name: Some("x".into()),
        ..Default::default()
    };
    assert!(list(none).is_empty());
}

#[test]
fn old_operations_are_cleaned_and_young_ones_stay() {
    let bench = Bench::deployed();
    let catalog = &bench.catalog;
    let worker = bench.worker();
    let old = bench.started(0);
    let task = catalog.claim(worker, 1, LEASE).unwrap()[0].key;
    catalog
        .finish(worker, task, packmule_catalog::Outcome::Succeeded, 0, None)
        .unwrap();
    bench.clock.advance(Duration::from_secs(366 * 24 * 3600));
    let young = bench.started(0);
    let cleaned = catalog.clean_up().unwrap();
    assert_eq!(
        cleaned.operations, 2,
        "the old execution and the deployment"
    );
    assert_eq!(number(catalog.execution(old)), 27103);
    assert_eq!(catalog.execution_status(young).unwrap(), Status::Pending);
    catalog.configure_catalog("RETENTION_WINDOW", "-1").unwrap();
    bench.clock.advance(Duration::from_secs(3660 * 24 * 3600));
    assert_eq!(catalog.clean_up().unwrap().operations, 0);
}

#[test]
fn what_was_started_is_there_after_reopening() {
    let bench = Bench::deployed();
    let id = bench.started(2);
    let bench = bench.reopen();
    let found = bench.catalog.execution(id).unwrap();
    assert_eq!((found.status, found.retry_count), (Status::Pending, 2));
    assert_eq!(found.machine_name, "");
}

#[test]
fn a_synchronous_start_returns_when_it_has_ended() {
    let bench = Bench::deployed();
    let catalog = bench.catalog.clone();
    let worker = bench.worker();
    let id = bench.ready();
    let yes = Variant::Integer(1);
    catalog
        .set_execution_parameter_value(id, ParameterScope::Execution, "SYNCHRONIZED", &yes)
        .unwrap();
    let starter = {
        let catalog = catalog.clone();
        std::thread::spawn(move || {
            catalog.start_execution(id, 0).unwrap();
            catalog.execution_status(id).unwrap()
        })
    };
    let limit = Duration::from_secs(30);
    catalog
        .wait_execution(id, limit, |s| s == Status::Pending)
        .unwrap();
    let task = catalog.claim(worker, 1, LEASE).unwrap()[0].key;
    catalog
        .finish(worker, task, packmule_catalog::Outcome::Succeeded, 0, None)
        .unwrap();
    assert_eq!(starter.join().unwrap(), Status::Succeeded);
}
fn submission(retry_count: i32) -> Submission {
    Submission {
        execution: NewExecution::new("Demo", "Sales", "Load"),
        parameters: vec![(
            ParameterScope::Package,
            "Day".to_owned(),
            Variant::Text("2024-05-06".to_owned()),
        )],
        overrides: Vec::new(),
        workers: Vec::new(),
        retry_count,
    }
}

fn key(key: &str, digest: u8) -> Option<RequestKey> {
    Some(RequestKey {
        key: key.to_owned(),
        digest: [digest; 32],
    })
}

#[test]
fn a_request_starts_all_of_its_executions_or_none() {
    let bench = Bench::deployed();
    let catalog = &bench.catalog;
    let listed = || catalog.executions(&ExecutionFilter::default()).unwrap();
    let secret = NewOverride {
        property_path: r"\Package.Properties[Description]".to_owned(),
        property_value: Secret::new("hidden"),
        sensitive: true,
    };
    let good = Submission {
        overrides: vec![secret],
        ..submission(2)
    };
    let bad = |change: fn(&mut Submission)| {
        let mut bad = submission(0);
        change(&mut bad);
        number(catalog.submit(&caller(), vec![good.clone(), bad], None))
    };
    assert_eq!(bad(|s| s.execution.package_name = "Gone".to_owned()), 27146);
    assert_eq!(bad(|s| s.parameters.clear()), 27184);
    assert_eq!(bad(|s| s.parameters[0].1 = "Night".to_owned()), 27176);
    assert_eq!(bad(|s| s.retry_count = 1001), 27101);
    assert_eq!(bad(|s| s.workers.push(WorkerId(uuid::Uuid::nil()))), 27251);
    assert_eq!(bad(|s| s.execution.useanyworker = false), 27257);
    let mut waits = submission(0);
    let yes = Variant::Boolean(true);
    waits
        .parameters
        .push((ParameterScope::Execution, "SYNCHRONIZED".to_owned(), yes));
    assert!(catalog.submit(&caller(), vec![waits], None).is_err());
    assert!(
        catalog
            .submit(&caller(), vec![submission(0); 1001], None)
            .is_err()
    );
    assert!(listed().is_empty(), "nothing is left of what was refused");

    let both = catalog
        .submit(&caller(), vec![good, submission(0)], None)
        .unwrap();
    assert!(!both.repeated);
    let rows = catalog.executions_of(&both.executions).unwrap();
    assert!(rows.iter().all(|row| row.status == Status::Pending));
    assert_eq!(
        rows.iter().map(|row| row.retry_count).collect::<Vec<_>>(),
        [2, 0]
    );
    let given = catalog.claim(bench.worker(), 9, LEASE).unwrap();
    let claimed: Vec<ExecutionId> = given.iter().map(|task| task.key.execution_id).collect();
    assert_eq!(claimed, both.executions, "in the order of the request");
    assert_eq!(given[0].overrides[0].value.reveal(), "hidden");
}

#[test]
fn a_request_key_counts_once_also_after_a_restart_and_for_a_day() {
    let bench = Bench::deployed();
    let submit = |bench: &Bench, key| bench.catalog.submit(&caller(), vec![submission(0)], key);
    let first = submit(&bench, key("a", 1)).unwrap();
    assert!(!first.repeated);
    assert!(!submit(&bench, key("b", 1)).unwrap().repeated);
    let refused = submit(&bench, key("a", 2)).unwrap_err();
    assert!(matches!(refused, Error::RequestKey), "{refused:?}");
    // what was refused is not remembered
    let gone = Submission {
        execution: NewExecution::new("Demo", "Sales", "Gone"),
        ..submission(0)
    };
    assert!(
        bench
            .catalog
            .submit(&caller(), vec![gone], key("c", 1))
            .is_err()
    );
    assert!(!submit(&bench, key("c", 2)).unwrap().repeated);

    let bench = bench.reopen();
    let again = submit(&bench, key("a", 1)).unwrap();
    assert!(again.repeated);
    assert_eq!(again.executions, first.executions);
    let other = Caller::new("bert");
    let theirs = bench
        .catalog
        .submit(&other, vec![submission(0)], key("a", 1));
    assert!(!theirs.unwrap().repeated, "keys are each caller's own");

    bench.clock.advance(Duration::from_secs(24 * 3600));
    let late = submit(&bench, key("a", 2)).unwrap();
    assert!(!late.repeated);
    assert!(submit(&bench, key("a", 2)).unwrap().repeated);
}
