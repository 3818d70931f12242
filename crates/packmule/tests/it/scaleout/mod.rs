//! Real packages in Scale Out: the program's own Master, Workers and package processes, as a
//! person starts them, on loopback. Outputs are compared with what the tests work out themselves.

mod orders;
mod scripts;
mod site;

use std::process::Stdio;
use std::time::Instant;

use orders::Orders;
use site::{Process, Site, Wanted, wait};

const SUCCEEDED: i64 = 7;
const CANCELED: i64 = 3;
const RUNNING: i64 = 2;
const FAILED: i64 = 4;
const UNEXPECTED: i64 = 6;

/// Orders of one month in 'Pair Orders': squared, some seconds of work.
const PAIRED: u64 = 9_000;
/// The same where a Worker must be done before it would stop the package for want of its Master,
/// on a busy computer too.
const BRIEF: u64 = 4_500;

fn pairs_of<'a>(input: &'a str, times: usize, retry_count: i32) -> Wanted<'a> {
    Wanted {
        package: "Pair Orders",
        input,
        times,
        retry_count,
        worker: None,
    }
}

/// 100 short packages and seven long ones on two Workers; one Worker is killed while long ones
/// run on it.
#[test]
fn a_hundred_packages_and_a_killed_worker() {
    let site = Site::master();
    let mut doomed = site.worker("a");
    let _steady = site.worker("b");
    let inputs: Vec<Orders> = (0..10).map(|n| Orders::new(n, 200 + 150 * n)).collect();
    orders::write_pairs(&site.path("pairs.csv"), PAIRED);
    let mut short = Vec::new();
    let mut submit = |range: std::ops::Range<usize>| {
        for (place, orders) in inputs.iter().enumerate().take(range.end).skip(range.start) {
            let name = format!("orders {place}.csv");
            orders.write(&site.path(&name));
            for package in ["Price Orders", "Total Orders"] {
                let wanted = Wanted {
                    package,
                    input: &name,
                    times: 5,
                    retry_count: 1,
                    worker: None,
                };
                let ids = site.execute(&wanted);
                short.extend(ids.into_iter().map(|id| (id, package, place)));
            }
        }
    };
    submit(0..5);
    let once = site.execute(&Wanted {
        worker: Some("a"),
        ..pairs_of("pairs.csv", 1, 0)
    })[0];
    let again = site.execute(&pairs_of("pairs.csv", 6, 1));
    submit(5..10);
    assert_eq!(short.len(), 100);

    let on_doomed = || -> Vec<i64> {
        let sql = "SELECT e.execution_id FROM executions e JOIN operations o ON \
                   o.operation_id = e.execution_id JOIN worker_agents w ON \
                   w.worker_agent_id = e.worker_agent_id WHERE w.display_name = 'a' \
                   AND e.held = 1 AND o.status = 2 AND e.package_name = 'Pair Orders.dtsx' \
                   AND e.execution_id >= ?1";
        let rows = site.rows(sql, 0);
        rows.iter().map(|id| id.parse().unwrap()).collect()
    };
    let mut victims = Vec::new();
    wait("long packages to run on the doomed Worker", || {
        victims = on_doomed();
        victims.contains(&once) && victims.len() > 1
    });
    doomed.kill();
    let killed = Instant::now();
    site.until(once, UNEXPECTED);
    let noticed = killed.elapsed();
    assert!(noticed.as_secs() < 15, "noticed after {noticed:?}");

    for (id, package, place) in &short {
        site.until(*id, SUCCEEDED);
        let output = site.output(package, *id);
        let rows = inputs[*place].count() as u64;
        if *package == "Price Orders" {
            assert_eq!(output, inputs[*place].priced(), "execution {id}");
            check_log(&site, *id, &["Price"], &[rows, rows, rows]);
        } else {
            let totals = inputs[*place].totals();
            let groups = totals.len() as u64 - 1;
            assert_eq!(orders::sorted(&output), totals, "execution {id}");
            check_log(&site, *id, &["Total"], &[groups, rows, rows]);
        }
    }
    let expected = orders::pairs(PAIRED);
    for id in &again {
        site.until(*id, SUCCEEDED);
        let output = site.output("Pair Orders", *id);
        assert_eq!(orders::sorted(&output), expected, "execution {id}");
        check_pairs_log(&site, *id, PAIRED);
    }
    let lost: Vec<_> = victims.iter().filter(|id| **id != once).collect();
    for id in lost {
        let attempts = attempts(&site, *id);
        assert_eq!(attempts, ["1|a|6", "2|b|7"], "execution {id}");
    }
    assert_eq!(attempts(&site, once), ["1|a|6"]);
}

fn attempts(site: &Site, id: i64) -> Vec<String> {
    let sql = "SELECT t.attempt, w.display_name, t.outcome FROM execution_attempts t \
               JOIN worker_agents w ON w.worker_agent_id = t.worker_agent_id \
               WHERE t.execution_id = ?1 ORDER BY t.attempt";
    site.rows(sql, id)
}

fn check_pairs_log(site: &Site, id: i64, count: u64) {
    let rows = orders::pairs(count).len() as u64 - 1;
    let (all, input) = (orders::pair_count(count), orders::pair_input(count));
    check_log(
        site,
        id,
        &["Pair"],
        &[rows, input, input, all - rows, all, all],
    );
}

/// What the catalog holds of an execution that succeeded: its last attempt once and whole, of
/// lost ones no end.
fn check_log(site: &Site, id: i64, tasks: &[&str], rows_sent: &[u64]) {
    let attempt: i64 = site.one(
        "SELECT executed_count FROM executions WHERE execution_id = ?1",
        [id],
    );
    let events = |event: &str| -> Vec<String> {
        let sql = format!(
            "SELECT package_path FROM event_messages WHERE operation_id = ?1 AND \
             attempt = {attempt} AND event_name = '{event}' AND subcomponent_name = '' \
             ORDER BY package_path"
        );
        site.rows(&sql, id)
    };
    let mut executables = vec![r"\Package".to_owned()];
    executables.extend(tasks.iter().map(|task| format!(r"\Package\{task}")));
    assert_eq!(events("OnPreExecute"), executables, "execution {id}");
    assert_eq!(events("OnPostExecute"), executables, "execution {id}");
    let results = site.rows(
        "SELECT x.package_path, s.attempt, s.execution_result FROM executable_statistics s \
         JOIN executables x ON x.executable_id = s.executable_id WHERE s.execution_id = ?1 \
         ORDER BY x.package_path",
        id,
    );
    let wanted: Vec<String> = executables
        .iter()
        .map(|path| format!("{path}|{attempt}|0"))
        .collect();
    assert_eq!(results, wanted, "execution {id}");
    let mut sent: Vec<u64> = rows_sent.to_vec();
    sent.sort_unstable();
    let statistics = site.rows(
        &format!(
            "SELECT rows_sent, final FROM execution_data_statistics WHERE execution_id = ?1 \
             AND attempt = {attempt} ORDER BY rows_sent"
        ),
        id,
    );
    let sent: Vec<String> = sent.iter().map(|rows| format!("{rows}|1")).collect();
    assert_eq!(statistics, sent, "execution {id}");
    let doubled = "SELECT COUNT(*) - COUNT(DISTINCT event_message_guid) FROM event_messages \
                   WHERE operation_id = ?1";
    assert_eq!(site.one::<i64>(doubled, [id]), 0, "execution {id}");
}

/// A data flow that would run for minutes is stopped.
#[test]
fn a_running_data_flow_is_canceled_within_a_second() {
    let site = Site::server();
    orders::write_pairs(&site.path("endless.csv"), 100_000);
    let mut follower = site.execution(&pairs_of("endless.csv", 1, 3));
    let mut follower = follower
        .arg("--wait")
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut id = 0;
    wait("the execution", || {
        id = site.one("SELECT COALESCE(MAX(execution_id), 0) FROM executions", []);
        id != 0
    });
    site.until(id, RUNNING);
    let output = site.path(&format!("out/Pair Orders {id}.csv"));
    wait("the first rows to be written", || {
        std::fs::metadata(&output).is_ok_and(|file| file.len() > 0)
    });
    let asked = Instant::now();
    site.ask(&["stop", &id.to_string()]);
    site.until(id, CANCELED);
    let seen = asked.elapsed();
    // by the catalog's own clock, without the start of the command
    let took: i64 = site.one(
        "SELECT e.end_time - s.created_time FROM operations e, operations s \
         WHERE e.operation_id = ?1 AND s.operation_type = 202",
        [id],
    );
    println!("canceled in {took} us; seen {seen:?} after the command began");
    assert!(took < 1_000_000, "canceled after {took} us");
    assert_eq!(attempts(&site, id).len(), 1, "a stop is not tried again");
    let successes = "SELECT COUNT(*) FROM executable_statistics WHERE execution_id = ?1 \
                     AND execution_result = 0";
    assert_eq!(site.one::<i64>(successes, [id]), 0);
    // dtexec's exit code
    assert_eq!(follower.wait().unwrap().code(), Some(3));
}

/// What fails is tried again and fails; what a server's Worker ran when it was killed is given
/// back as soon as the server has started that Worker again.
#[test]
fn failures_and_a_worker_that_the_server_starts_again() {
    let site = Site::server();
    orders::write_pairs(&site.path("pairs.csv"), PAIRED);
    let failing = site.execute(&pairs_of("missing.csv", 1, 1))[0];
    site.until(failing, FAILED);
    assert_eq!(attempts(&site, failing).len(), 2);
    let errors = site.errors(failing).join("\n");
    assert!(errors.contains("missing.csv"), "{errors}");
    let id = site.execute(&pairs_of("pairs.csv", 1, 1))[0];
    site.until(id, RUNNING);
    let name: String = site.one(
        "SELECT w.display_name FROM executions e JOIN worker_agents w ON \
         w.worker_agent_id = e.worker_agent_id WHERE e.execution_id = ?1",
        [id],
    );
    kill_worker(&site.master, &name);
    site.until(id, SUCCEEDED);
    let reason: String = site.one(
        "SELECT reason FROM execution_attempts WHERE execution_id = ?1 AND attempt = 1",
        [id],
    );
    // not by its lease: the Worker came back and said so
    assert_eq!(reason, "the worker's process ended");
    check_pairs_log(&site, id, PAIRED);
}

/// SIGKILL to the Worker process of a name that a server started.
fn kill_worker(server: &Process, name: &str) {
    let parent = format!("PPid:\t{}", server.id());
    for entry in std::fs::read_dir("/proc").unwrap() {
        let path = entry.unwrap().path();
        let read = |file: &str| std::fs::read_to_string(path.join(file)).unwrap_or_default();
        if read("status").contains(&parent) && read("cmdline").contains(name) {
            let id = path.file_name().unwrap();
            let mut kill = std::process::Command::new("kill");
            assert!(kill.arg("-9").arg(id).status().unwrap().success());
            return;
        }
    }
    panic!("there is no process of {name}");
}

/// A Worker is killed after its package ended and before the Master had the end. Started again
/// in time it delivers; started again after its lease ran out its reports are refused and gone.
#[test]
fn what_a_killed_worker_kept_is_delivered_or_discarded() {
    let mut site = Site::master();
    let mut worker = site.worker("a");
    orders::write_pairs(&site.path("pairs.csv"), BRIEF);
    for in_time in [true, false] {
        let id = site.execute(&pairs_of("pairs.csv", 1, 0))[0];
        site.until(id, RUNNING);
        let place = site.kill_master();
        let spool = site.path(&format!("a/spool/{id}-1"));
        wait("the package to end while nobody listens", || {
            spool.join("outcome.json").exists()
        });
        worker.kill();
        site.start_master_again(&place);
        if !in_time {
            site.until(id, UNEXPECTED);
        }
        let stored = "SELECT COUNT(*) FROM event_messages WHERE operation_id = ?1";
        let before: i64 = site.one(stored, [id]);
        worker = site.worker("a");
        wait("the spool to be removed", || !spool.exists());
        if in_time {
            assert_eq!(site.status(id), SUCCEEDED);
            check_pairs_log(&site, id, BRIEF);
        } else {
            assert_eq!(site.status(id), UNEXPECTED);
            assert_eq!(site.one::<i64>(stored, [id]), before, "nothing came late");
        }
        assert_eq!(attempts(&site, id).len(), 1);
    }
}

/// A second process in a Worker's folder waits until the first has let its package end, and takes
/// over then.
#[test]
fn a_worker_folder_belongs_to_one_process() {
    let site = Site::master();
    let first = site.worker("a");
    orders::write_pairs(&site.path("pairs.csv"), PAIRED);
    let id = site.execute(&pairs_of("pairs.csv", 1, 0))[0];
    site.until(id, RUNNING);
    let second = site.worker_process("a", "a again");
    wait("the second to wait", || {
        second
            .log()
            .contains("another worker process is ending here")
    });
    first.ask_to_end();
    site.until(id, SUCCEEDED);
    assert_eq!(attempts(&site, id), ["1|a|7"]);
    check_pairs_log(&site, id, PAIRED);
    wait("the second to start", || {
        second.log().contains("the worker starts")
    });
    let id = site.execute(&pairs_of("pairs.csv", 1, 0))[0];
    site.until(id, SUCCEEDED);
}

/// A server is killed while a package runs, and started again: the package has gone on, its
/// former Worker process hands it in.
#[test]
fn a_killed_server_finds_its_packages_running() {
    let mut site = Site::server();
    orders::write_pairs(&site.path("pairs.csv"), BRIEF);
    let id = site.execute(&pairs_of("pairs.csv", 1, 0))[0];
    site.until(id, RUNNING);
    let place = site.kill_master();
    site.start_master_again(&place);
    site.until(id, SUCCEEDED);
    assert_eq!(attempts(&site, id).len(), 1);
    check_pairs_log(&site, id, BRIEF);
    let next = site.execute(&pairs_of("pairs.csv", 1, 0))[0];
    site.until(next, SUCCEEDED);
}
