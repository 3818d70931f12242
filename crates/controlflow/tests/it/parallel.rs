//! Executables side by side, limits, cancel.

use std::sync::{Arc, Barrier};

use packmule_controlflow::ExecResult::{Canceled, Failure, Success};
use packmule_controlflow::RunOptions;
use packmule_runtime::{Cancel, EventKind, Mapping};

use crate::package_builder::{expression, failing, for_loop, package, sequence};
use crate::watcher::{Watcher, run, run_watched};

#[test]
fn independent_tasks_run_at_the_same_time() {
    // Each waits in its OnPreExecute until the other has come there too.
    let barrier = Arc::new(Barrier::new(2));
    let p = package()
        .child(sequence("A").child(expression("T1", "1")))
        .child(expression("T2", "1"));
    let watcher = Arc::<Watcher>::default();
    // The hook is called under a lock of the watcher, so it waits outside of it.
    struct Meet(Arc<Watcher>, Arc<Barrier>);
    impl packmule_runtime::Observer for Meet {
        fn event(&self, event: &packmule_runtime::Event) {
            self.0.event(event);
            let is_task = event.source.name.starts_with('T');
            if is_task && event.kind == EventKind::PreExecute {
                self.1.wait();
            }
        }
        fn executable(&self, s: &packmule_runtime::observer::ExecutableStatistics) {
            self.0.executable(s);
        }
    }
    let cancel = Cancel::new();
    let mut services = crate::watcher::services(&watcher, &cancel, Mapping::default());
    services.observer = Arc::new(Meet(watcher.clone(), barrier));
    let outcome = packmule_controlflow::PackageRun {
        package: p.build(),
        project: None,
        services,
        options: RunOptions::default(),
    }
    .run();
    assert_eq!(outcome.result, Success);
}

#[test]
fn the_limit_counts_tasks_and_containers_do_not_block() {
    let tasks = |n: usize| (0..n).map(|i| expression(&format!("T{i}"), "1"));
    let p = package().root(|r| {
        r.attribute("MaxConcurrentExecutables", "1")
            .children((0..4).map(|i| sequence(&format!("S{i}")).children(tasks(5))))
            .handler("OnPostExecute", [expression("H", "@[User::sink] = 1")])
    });
    let done = run(p.build()).must(Success);
    // One at a time: a task ends before the next begins.
    let events = done.watcher.events.lock();
    let mut running = 0;
    for event in events.iter().filter(|e| e.source.name.starts_with('T')) {
        match event.kind {
            EventKind::PreExecute => running += 1,
            EventKind::PostExecute => running -= 1,
            _ => {}
        }
        assert!(running <= 1);
    }
    let bad = package().root(|r| r.attribute("MaxConcurrentExecutables", "0"));
    run(bad.build()).must(Failure);
}

#[test]
fn cancel_ends_an_endless_loop() {
    let p = package().child(
        for_loop("L", "", "TRUE", "").child(expression("T", "@[User::sink] = @[User::sink] + 1")),
    );
    let cancel = Cancel::new();
    let watcher = Arc::<Watcher>::default();
    let flag = cancel.clone();
    *watcher.hook.lock() = Some(Box::new(move |event| {
        if event.source.execution_path.contains("L[50]") {
            flag.cancel();
        }
    }));
    let options = RunOptions::default();
    let run = run_watched(
        p.build(),
        None,
        options,
        &cancel,
        Mapping::default(),
        watcher,
    );
    let done = run.must(Canceled);
    assert!(done.ran().len() < 60);
}

#[test]
fn parallel_handlers_do_not_lock_up() {
    let handler = || expression("H", "@[User::n] = @[User::n] + 1");
    let p = package().variable("User::n", 3, "0").root(|r| {
        r.attribute("MaxErrorCount", "0")
            .attribute("MaxConcurrentExecutables", "8")
            .children((0..8).map(|i| failing(&format!("T{i}"))))
            .handler(
                "OnError",
                [handler().handler("OnPreExecute", [expression("N", "1")])],
            )
            .handler("OnTaskFailed", [handler(), failing("Bad")])
            .handler("OnPostExecute", [expression("Q", "1")])
    });
    let done = run(p.build()).must(Success);
    // Eight errors of the tasks, eight failed tasks, and for each of those the handler's own
    // failing task: one more error.
    assert_eq!(done.values("H").len(), 24);
}
