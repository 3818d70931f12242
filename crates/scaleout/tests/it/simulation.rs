//! Leases under a seed: many workers that are killed, cut off and slow, on a clock that the test
//! moves. Whatever happens: no task has two owners that run, no execution is lost, no stale
//! report counts.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use chrono::{DateTime, Utc};
use packmule_catalog::project::PackageContent;
use packmule_catalog::store::StoreClock;
use packmule_catalog::{
    Caller, Catalog, CatalogConfig, Error, ExecutionId, NewExecution, Outcome, ProjectContent,
    Renewal, Status, TaskKey, WorkerId, WorkerReport,
};
use packmule_scaleout::LeaseTimes;
use packmule_scaleout::lease::Lease;
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};

use crate::Test;

pub(crate) const TESTS: &[Test] = &[("leases_under_a_seed", leases)];

#[derive(Debug)]
struct FakeClock(AtomicI64);

impl StoreClock for FakeClock {
    fn now(&self) -> DateTime<Utc> {
        DateTime::from_timestamp_micros(self.0.load(Ordering::SeqCst)).unwrap()
    }
}

fn read(_: &[u8]) -> Result<ProjectContent, String> {
    let package = PackageContent {
        name: "A.dtsx".to_owned(),
        entry_point: true,
        ..PackageContent::default()
    };
    Ok(ProjectContent {
        name: "P".to_owned(),
        packages: vec![package],
        ..ProjectContent::default()
    })
}

/// A running package, as its Worker sees it. Work left in steps of the simulation.
struct Running {
    lease: Lease,
    left: u32,
}

struct SimWorker {
    id: WorkerId,
    /// Reaches the Master.
    connected: bool,
    running: BTreeMap<TaskKey, Running>,
    /// Ended, not handed in; with the moment of the end.
    ended: Vec<(TaskKey, Outcome)>,
}

struct World {
    rng: StdRng,
    catalog: Catalog,
    clock: Arc<FakeClock>,
    times: LeaseTimes,
    workers: Vec<SimWorker>,
    now: Duration,
    stale: usize,
}

fn report(id: WorkerId) -> WorkerReport {
    WorkerReport {
        worker_agent_id: id,
        display_name: String::new(),
        machine_name: String::new(),
        user_account: String::new(),
        version: String::new(),
        slots: 2,
        slots_used: 0,
        cpu_percent: 0.0,
        available_memory_mb: 0,
        spooled_messages: 0,
        certificate_thumbprint: String::new(),
    }
}

impl World {
    fn step(&mut self) {
        let step = Duration::from_millis(self.rng.random_range(50..600));
        self.now += step;
        self.clock
            .0
            .fetch_add(step.as_micros() as i64, Ordering::SeqCst);
        for place in 0..self.workers.len() {
            self.stop_late(place);
            self.trouble(place);
            if self.workers[place].connected {
                self.talk(place);
            }
            self.work(place);
        }
        self.catalog.sweep().unwrap();
        self.one_owner();
    }

    /// What the Worker does by its own clock, whether it reaches anybody or not.
    fn stop_late(&mut self, place: usize) {
        let (now, times) = (self.now, self.times);
        let worker = &mut self.workers[place];
        let late: Vec<TaskKey> = worker
            .running
            .iter()
            .filter(|(_, r)| r.lease.stop_at(&times) <= now)
            .map(|(key, _)| *key)
            .collect();
        for key in late {
            worker.running.remove(&key);
            worker.ended.push((key, Outcome::Lost));
        }
    }

    fn trouble(&mut self, place: usize) {
        let worker = &mut self.workers[place];
        match self.rng.random_range(0..100) {
            0 => {
                // SIGKILL: packages die with it, reports of dead ones are gone with its memory
                worker.running.clear();
                worker.ended.clear();
            }
            1..=3 => worker.connected = false,
            4..=10 => worker.connected = true,
            _ => {}
        }
    }

    fn talk(&mut self, place: usize) {
        let id = self.workers[place].id;
        let lease = self.times.lease;
        let tasks: Vec<TaskKey> = self.workers[place].running.keys().copied().collect();
        if self.rng.random_bool(0.7) {
            // the answer may be lost on its way: then the Worker counts from an older renewal
            let answered = self.rng.random_bool(0.9);
            for (key, renewal) in self.catalog.renew(id, tasks, lease).unwrap() {
                if !answered {
                    continue;
                }
                let running = &mut self.workers[place].running;
                match renewal {
                    Renewal::Held { .. } => {
                        let now = self.now;
                        running.entry(key).and_modify(|r| r.lease.renewed(now));
                    }
                    Renewal::Lost => {
                        running.remove(&key);
                    }
                }
            }
        }
        for (key, outcome) in std::mem::take(&mut self.workers[place].ended) {
            match self.catalog.finish(id, key, outcome, 0, None) {
                Ok(()) => {}
                Err(Error::Stale { .. }) => self.stale += 1,
                Err(error) => panic!("{error}"),
            }
        }
        let free = 2usize.saturating_sub(self.workers[place].running.len());
        if free > 0 && self.rng.random_bool(0.5) {
            let asked = self.now;
            for task in self.catalog.claim(id, free, lease).unwrap() {
                // an answer that is lost leaves a task that nobody runs
                if self.rng.random_bool(0.05) {
                    continue;
                }
                let left = self.rng.random_range(1..20);
                let running = Running {
                    lease: Lease::asked_at(asked),
                    left,
                };
                self.workers[place].running.insert(task.key, running);
            }
        }
    }

    fn work(&mut self, place: usize) {
        let worker = &mut self.workers[place];
        for running in worker.running.values_mut() {
            running.left -= 1;
        }
        let done: Vec<TaskKey> = worker
            .running
            .iter()
            .filter(|(_, r)| r.left == 0)
            .map(|(k, _)| *k)
            .collect();
        for key in done {
            worker.running.remove(&key);
            let failed = self.rng.random_bool(0.1);
            worker.ended.push((
                key,
                if failed {
                    Outcome::Failed
                } else {
                    Outcome::Succeeded
                },
            ));
        }
    }

    /// No execution runs in two places.
    fn one_owner(&self) {
        let mut owners: BTreeMap<ExecutionId, WorkerId> = BTreeMap::new();
        for worker in &self.workers {
            for key in worker.running.keys() {
                let other = owners.insert(key.execution_id, worker.id);
                assert!(other.is_none(), "{key} runs on {} and {other:?}", worker.id);
            }
        }
    }
}

fn leases() {
    let stale: usize = (0..8).map(simulate).sum();
    assert!(
        stale > 0,
        "some reports must have come too late to test that they are refused"
    );
}

/// One world; gives the number of reports that were refused as stale.
fn simulate(seed: u64) -> usize {
    let folder = tempfile::tempdir().unwrap();
    let clock = Arc::new(FakeClock(AtomicI64::new(1_700_000_000_000_000)));
    let mut config = CatalogConfig::new(folder.path());
    config.clock = Arc::clone(&clock) as Arc<dyn StoreClock>;
    config.reader = Arc::new(read);
    let catalog = Catalog::open(config).unwrap();
    let caller = Caller::new("seed");
    catalog.create_folder(&caller, "F", "").unwrap();
    catalog.deploy_project(&caller, "F", "P", vec![0]).unwrap();
    let mut rng = StdRng::seed_from_u64(seed);
    let workers: Vec<SimWorker> = (0..5)
        .map(|_| {
            let id = WorkerId(uuid::Uuid::from_u128(rng.random()));
            catalog.worker_heard(report(id), true).unwrap();
            SimWorker {
                id,
                connected: true,
                running: BTreeMap::new(),
                ended: Vec::new(),
            }
        })
        .collect();
    let executions: Vec<ExecutionId> = (0..30)
        .map(|_| {
            let new = NewExecution::new("F", "P", "A");
            let id = catalog.create_execution(&caller, new).unwrap();
            catalog.start_execution(id, rng.random_range(0..4)).unwrap();
            id
        })
        .collect();
    let times = LeaseTimes::default();
    let mut world = World {
        rng,
        catalog,
        clock,
        times,
        workers,
        now: Duration::ZERO,
        stale: 0,
    };
    let all_ended = |catalog: &Catalog| {
        executions
            .iter()
            .all(|id| catalog.execution_status(*id).unwrap().is_terminal())
    };
    let mut steps = 0;
    while !all_ended(&world.catalog) {
        world.step();
        steps += 1;
        assert!(steps < 3000, "seed {seed}: an execution is lost");
    }
    for id in &executions {
        let found = world.catalog.execution(*id).unwrap();
        let attempts = world.catalog.execution_attempts(*id).unwrap();
        assert_eq!(attempts.len() as i32, found.executed_count, "seed {seed}");
        assert!(found.executed_count <= found.retry_count + 1, "seed {seed}");
        let wins = attempts
            .iter()
            .filter(|a| a.outcome == Some(Outcome::Succeeded))
            .count();
        assert_eq!(
            wins,
            usize::from(found.status == Status::Succeeded),
            "seed {seed}"
        );
        if found.status != Status::Succeeded {
            assert_eq!(
                found.executed_count,
                found.retry_count + 1,
                "seed {seed}: {found:?}"
            );
        }
    }
    world.stale
}
