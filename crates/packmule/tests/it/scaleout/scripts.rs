//! Packages with scripts in Scale Out: their results, script hosts that wait for the next one,
//! and what becomes of a host whose package is stopped or whose Worker is killed.

use super::orders::Orders;
use super::site::{Process, Site, Wanted, wait};
use super::{CANCELED, RUNNING, SUCCEEDED, UNEXPECTED, attempts, check_log};
use crate::corpus_scripts::host;

fn scripted<'a>(package: &'a str, input: &'a str, times: usize) -> Wanted<'a> {
    Wanted {
        package,
        input,
        times,
        retry_count: 0,
        worker: None,
    }
}

/// The script hosts of a Worker's packages: process ids.
fn hosts(of: &Process) -> Vec<u32> {
    let parent = |id: u32| -> Option<u32> {
        let status = std::fs::read_to_string(format!("/proc/{id}/status")).ok()?;
        let line = status.lines().find_map(|l| l.strip_prefix("PPid:"))?;
        line.trim().parse().ok()
    };
    let mut found = Vec::new();
    for entry in std::fs::read_dir("/proc").unwrap() {
        let entry = entry.unwrap();
        let Ok(id) = entry.file_name().to_string_lossy().parse::<u32>() else {
            continue;
        };
        let command = std::fs::read_to_string(entry.path().join("cmdline")).unwrap_or_default();
        // host, package's process, Worker
        let ancestors = std::iter::successors(Some(id), |id| parent(*id)).take(3);
        if command.contains("packmule-script-host") && ancestors.last() == Some(of.id()) {
            found.push(id);
        }
    }
    found
}

fn is_there(id: u32) -> bool {
    let stat = std::fs::read_to_string(format!("/proc/{id}/stat")).unwrap_or_default();
    let state = stat
        .rsplit_once(") ")
        .and_then(|(_, rest)| rest.chars().next());
    !matches!(state, None | Some('Z'))
}

/// The process of the host in which 'Script Wait' waits.
fn waiting_host(site: &Site, id: i64) -> u32 {
    let path = site.path(&format!("out/Script Wait {id}.csv"));
    let mut host = None;
    wait("the script to begin", || {
        let text = std::fs::read_to_string(&path).unwrap_or_default();
        host = text.trim().parse().ok();
        host.is_some()
    });
    host.unwrap()
}

#[test]
fn scripts_of_packages_and_hosts_that_wait_for_them() {
    if !host() {
        return;
    }
    let site = Site::master();
    let worker = site.worker("a");
    let inputs: Vec<Orders> = (0..4).map(|n| Orders::new(n, 50 + 4_000 * n)).collect();
    let mut executions = Vec::new();
    for (place, orders) in inputs.iter().enumerate() {
        let name = format!("orders {place}.csv");
        orders.write(&site.path(&name));
        let ids = site.execute(&scripted("Script Orders", &name, 2));
        executions.extend(ids.into_iter().map(|id| (id, place)));
    }
    for (id, place) in executions {
        site.until(id, SUCCEEDED);
        let rows = inputs[place].count() as u64;
        assert_eq!(site.output("Script Orders", id), inputs[place].priced());
        let counted = site.path(&format!("out/Script Orders {id} count.csv"));
        assert_eq!(std::fs::read_to_string(counted).unwrap(), rows.to_string());
        check_log(&site, id, &["Count", "Price"], &[rows, rows, rows]);
        let said = "SELECT COUNT(*) FROM event_messages WHERE operation_id = ?1 AND \
                    event_name = 'OnInformation' AND message LIKE '%orders priced: %'";
        assert_eq!(site.one::<i64>(said, [id]), 1, "execution {id}");
    }
    // A package that is not known yet gets a host of its own, the next time one that waits.
    for is_known in [false, true] {
        let mut waiting = Vec::new();
        wait("hosts that wait", || {
            waiting = hosts(&worker);
            waiting.len() == std::thread::available_parallelism().unwrap().get().min(3)
        });
        let id = site.execute(&scripted("Script Wait", "", 1))[0];
        let used = waiting_host(&site, id);
        assert_eq!(waiting.contains(&used), is_known, "{used} {waiting:?}");
        site.ask(&["stop", &id.to_string()]);
        site.until(id, CANCELED);
        wait("its host to be gone", || !is_there(used));
    }
}

#[test]
fn the_host_of_a_killed_worker_ends() {
    if !host() {
        return;
    }
    let site = Site::master();
    let mut worker = site.worker("a");
    let id = site.execute(&scripted("Script Wait", "", 1))[0];
    site.until(id, RUNNING);
    let host = waiting_host(&site, id);
    assert!(is_there(host));
    worker.kill();
    wait("the host to end with its Worker", || !is_there(host));
    site.until(id, UNEXPECTED);
    assert_eq!(attempts(&site, id), ["1|a|6"]);
}
