//! One task on its Worker: fetch, process, pipe, deadline, end.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI32, Ordering};
use std::time::Duration;

use packmule_catalog::{Outcome, ParameterType, TaskKey};
use parking_lot::Mutex;
use tokio::net::unix::pipe;
use tokio::sync::{Notify, mpsc, watch};
use tokio::time::Instant;

use super::pool::{self, Process};
use super::{Shared, deliver};
use crate::child::Ended;
use crate::child::frames::{
    FromChild, Hidden, Job, JobOverride, JobParameter, ToChild, read_async, write_async,
};
use crate::error::{Error, Result, at};
use crate::lease::{Lease, MonotonicClock};
use crate::proto;
use crate::spool::{KeptOutcome, Spool};
use crate::states::{TaskEvent, TaskState};

/// Frames read ahead of the spool.
const FRAMES_AHEAD: usize = 64;

/// What is wanted of a running task.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Wanted {
    stop: bool,
    lost: Option<&'static str>,
}

/// A task that this Worker holds.
pub(crate) struct Task {
    pub(super) key: TaskKey,
    lease: Mutex<Lease>,
    state: watch::Sender<TaskState>,
    wanted: watch::Sender<Wanted>,
    pub(super) spool: Mutex<Option<Spool>>,
    pub(super) outcome: Mutex<Option<KeptOutcome>>,
    pub(super) running: AtomicBool,
    pub(super) running_said: AtomicBool,
    pub(super) process_id: AtomicI32,
    /// There is something to hand in.
    pub(super) outgoing: Notify,
    /// The spool has room again.
    pub(super) space: Notify,
}

impl Task {
    fn new(key: TaskKey, asked: Duration, spool: Spool, state: TaskState) -> Self {
        Self {
            key,
            lease: Mutex::new(Lease::asked_at(asked)),
            state: watch::Sender::new(state),
            wanted: watch::Sender::default(),
            spool: Mutex::new(Some(spool)),
            outcome: Mutex::new(None),
            running: AtomicBool::new(false),
            running_said: AtomicBool::new(false),
            process_id: AtomicI32::new(0),
            outgoing: Notify::new(),
            space: Notify::new(),
        }
    }

    /// Moves to the next state; an event that means nothing in this state changes nothing.
    pub(super) fn on(&self, event: TaskEvent) -> bool {
        self.state.send_if_modified(|state| match state.on(event) {
            Some(next) => {
                *state = next;
                true
            }
            None => false,
        })
    }

    pub(super) fn holds_slot(&self) -> bool {
        self.state.borrow().holds_slot()
    }

    /// A person wants it stopped.
    pub(super) fn stop(&self) {
        self.wanted
            .send_if_modified(|wanted| !std::mem::replace(&mut wanted.stop, true));
    }

    /// The lease is gone or must be taken to be.
    pub(super) fn lose(&self, reason: &'static str) {
        self.wanted.send_if_modified(|wanted| {
            let first = wanted.lost.is_none();
            wanted.lost.get_or_insert(reason);
            first
        });
    }

    pub(super) fn renewed(&self, sent: Duration) {
        self.lease.lock().renewed(sent);
    }

    /// Waits until its process is gone.
    pub(super) async fn ended(&self) {
        let mut state = self.state.subscribe();
        // an error means that nobody changes it any more
        let _ = state.wait_for(|state| !state.holds_slot()).await;
    }

    /// Waits until the package must be stopped for want of a renewal.
    async fn deadline(&self, shared: &Shared) {
        loop {
            let stop_at = self.lease.lock().stop_at(&shared.times());
            let left = stop_at.saturating_sub(shared.clock.now());
            if left.is_zero() {
                return;
            }
            tokio::time::sleep(left).await;
        }
    }

    fn keep_outcome(&self, ended: Ended) {
        let mut spool = self.spool.lock();
        let Some(spool) = spool.as_mut() else { return };
        let kept = spool
            .end(ended.outcome, ended.reason.clone())
            .unwrap_or_else(|error| {
                // the disk refuses: the Master still gets it from memory
                let error = packmule_types::error::Chain(&error).to_string();
                tracing::error!(task = %self.key, error, "an outcome could not be kept on disk");
                let reports = spool.appended();
                KeptOutcome {
                    outcome: ended.outcome,
                    reason: ended.reason,
                    reports,
                }
            });
        *self.outcome.lock() = Some(kept);
    }
}

/// Hands in what a former process of this Worker left. Its packages died with it.
pub(super) fn adopt_left_over(shared: &Arc<Shared>) -> Result<()> {
    for (spool, outcome) in shared.spools.left_over()? {
        let key = spool.key();
        let asked = shared.clock.now();
        let task = Arc::new(Task::new(key, asked, spool, TaskState::Ended));
        match outcome {
            Some(kept) => *task.outcome.lock() = Some(kept),
            None => task.keep_outcome(Ended {
                outcome: Outcome::Lost,
                reason: Some("the worker's process ended".to_owned()),
            }),
        }
        shared.tasks.lock().insert(key, Arc::clone(&task));
        tokio::spawn(deliver::deliver(Arc::clone(shared), task));
    }
    Ok(())
}

/// Starts a task that was pulled.
pub(super) fn start(shared: &Arc<Shared>, assignment: proto::Assignment, asked: Duration) {
    let Some(key) = assignment.task.map(TaskKey::from) else {
        tracing::error!("the Master sent a task without its number");
        return;
    };
    let spool = match shared.spools.create(key) {
        Ok(spool) => spool,
        Err(error) => {
            // its lease runs out, another Worker gets it
            let error = packmule_types::error::Chain(&error).to_string();
            tracing::error!(task = %key, error, "a task cannot be taken without its spool");
            return;
        }
    };
    let task = Arc::new(Task::new(key, asked, spool, TaskState::Assigned));
    shared.tasks.lock().insert(key, Arc::clone(&task));
    tokio::spawn(deliver::deliver(Arc::clone(shared), Arc::clone(&task)));
    tokio::spawn(run(Arc::clone(shared), task, assignment));
}

async fn run(shared: Arc<Shared>, task: Arc<Task>, assignment: proto::Assignment) {
    let ended = execute(&shared, &task, assignment)
        .await
        .unwrap_or_else(|error| Ended {
            outcome: Outcome::Failed,
            reason: Some(packmule_types::error::Chain(&error).to_string()),
        });
    let work = shared.work_folder(task.key);
    if work.exists()
        && let Err(error) = std::fs::remove_dir_all(&work)
    {
        tracing::error!(%error, folder = %work.display(), "a working folder stays");
    }
    task.keep_outcome(ended);
    task.on(TaskEvent::ProcessGone);
    task.outgoing.notify_one();
    shared.pull.notify_one();
}

/// Waits for a step that may be given up: by a stop, by the loss of the lease.
async fn unless_stopped<T>(
    shared: &Shared,
    task: &Task,
    step: impl Future<Output = Result<T>>,
) -> Result<T, Ended> {
    let mut wanted = task.wanted.subscribe();
    let ended = tokio::select! {
        result = step => return result.map_err(|error| Ended {
            outcome: Outcome::Failed,
            reason: Some(packmule_types::error::Chain(&error).to_string()),
        }),
        _ = wanted.wait_for(|w| w.stop || w.lost.is_some()) => None,
        () = task.deadline(shared) => Some(LATE),
    };
    let lost = ended.or(task.wanted.borrow().lost);
    task.on(if lost.is_some() {
        TaskEvent::LeaseLost
    } else {
        TaskEvent::StopWanted
    });
    Err(match lost {
        Some(reason) => Ended {
            outcome: Outcome::Lost,
            reason: Some(reason.to_owned()),
        },
        None => Ended {
            outcome: Outcome::Canceled,
            reason: None,
        },
    })
}

const LATE: &str = "the lease could not be renewed in time, so the package was stopped";

async fn execute(shared: &Shared, task: &Task, assignment: proto::Assignment) -> Result<Ended> {
    let package = (
        assignment.content_hash.clone(),
        assignment.package_name.clone(),
    );
    let prepared = async {
        let project = shared
            .projects
            .get(&shared.link, &assignment.content_hash)
            .await?;
        let process = shared.pool.take(shared.scripted.contains(&package)).await?;
        Ok((project, process))
    };
    let (project, mut process) = match unless_stopped(shared, task, prepared).await {
        Ok(prepared) => prepared,
        Err(ended) => return Ok(ended),
    };
    let work = shared.work_folder(task.key);
    at(&work, std::fs::create_dir_all(&work))?;
    let job = job(shared, task.key, assignment, project, work)?;
    let (mut sender, receiver) = process.pipes().ok_or(Error::Ended)?;
    task.process_id.store(process.id(), Ordering::SeqCst);
    let (frames_in, frames) = mpsc::channel(FRAMES_AHEAD);
    let reader = tokio::spawn(read_frames(receiver, frames_in));
    let job = ToChild::Job(Box::new(job));
    let send = write_async(&mut sender, &job);
    if let Err(ended) = unless_stopped(shared, task, send).await {
        // a process that died before it took the job is dropped with its group
        reader.abort();
        return Ok(ended);
    }
    task.on(TaskEvent::JobSent);
    let mut attending = Attending {
        shared,
        task,
        package,
        process: &process,
        sender,
        frames,
        waiting: None,
        full_until: None,
        kill_at: None,
        lost: None,
        failed: None,
    };
    let said = attending.attend().await;
    let (lost, failed) = (attending.lost, attending.failed.take());
    drop(attending);
    let status = process.end().await?;
    reader.abort();
    let stopped = task.wanted.borrow().stop;
    Ok(judge(said, lost, failed, stopped, || {
        pool::describe(status)
    }))
}

/// How the attempt ended, from what the process said and why it was stopped.
fn judge(
    said: Option<Ended>,
    lost: Option<&'static str>,
    failed: Option<String>,
    stopped: bool,
    describe: impl FnOnce() -> String,
) -> Ended {
    // success with a report that could not be kept is none
    if let (Some(ended), None) = (&said, &failed)
        && ended.outcome == Outcome::Succeeded
    {
        return ended.clone();
    }
    if let Some(reason) = lost {
        return Ended {
            outcome: Outcome::Lost,
            reason: Some(reason.to_owned()),
        };
    }
    if stopped {
        let reason = said.and_then(|ended| ended.reason);
        return Ended {
            outcome: Outcome::Canceled,
            reason,
        };
    }
    if failed.is_some() {
        return Ended {
            outcome: Outcome::Failed,
            reason: failed,
        };
    }
    said.unwrap_or_else(|| Ended {
        outcome: Outcome::Lost,
        reason: Some(describe()),
    })
}

async fn read_frames(mut from: pipe::Receiver, to: mpsc::Sender<FromChild>) {
    loop {
        match read_async::<FromChild>(&mut from).await {
            Ok(Some(frame)) => {
                if to.send(frame).await.is_err() {
                    return;
                }
            }
            Ok(None) => return,
            Err(error) => {
                let error = packmule_types::error::Chain(&error).to_string();
                tracing::error!(error, "a process sent what cannot be read");
                return;
            }
        }
    }
}

/// The Worker's part while a process has its job.
struct Attending<'a> {
    shared: &'a Shared,
    task: &'a Task,
    /// Hash of the project, name of the package.
    package: (String, String),
    process: &'a Process,
    sender: pipe::Sender,
    frames: mpsc::Receiver<FromChild>,
    /// A record that the spool has no room for.
    waiting: Option<String>,
    full_until: Option<Instant>,
    kill_at: Option<Instant>,
    lost: Option<&'static str>,
    failed: Option<String>,
}

impl Attending<'_> {
    /// Until the process says how it ended, or its pipe ends.
    async fn attend(&mut self) -> Option<Ended> {
        let mut wanted = self.task.wanted.subscribe();
        wanted.mark_changed();
        loop {
            if self.failed.is_some() {
                return None;
            }
            let space = self.task.space.notified();
            tokio::select! {
                frame = self.frames.recv(), if self.waiting.is_none() => match frame {
                    None => return None,
                    Some(FromChild::Ended { outcome, reason }) => {
                        return Some(Ended { outcome, reason });
                    }
                    Some(frame) => self.frame(frame),
                },
                () = space, if self.waiting.is_some() => self.room(),
                // room may have come before we began to wait for it
                () = tokio::time::sleep(Duration::from_millis(200)), if self.waiting.is_some() => {
                    self.room();
                }
                changed = wanted.changed() => {
                    let wanted = wanted.borrow_and_update().clone();
                    if changed.is_ok() {
                        self.wanted(wanted).await;
                    }
                }
                () = self.task.deadline(self.shared), if self.lost.is_none() => self.lose(LATE),
                () = until(self.kill_at) => {
                    self.process.kill();
                    self.kill_at = None;
                }
                () = until(self.full_until) => self.spool_stays_full(),
            }
        }
    }

    fn frame(&mut self, frame: FromChild) {
        match frame {
            FromChild::Ready | FromChild::Ended { .. } => {}
            FromChild::Running => {
                self.task.on(TaskEvent::FirstPreExecute);
                self.task.running.store(true, Ordering::SeqCst);
                self.task.outgoing.notify_one();
            }
            FromChild::HasScripts => {
                self.shared.scripted.add(&self.package);
                self.shared.pool.keep_scripted();
            }
            FromChild::Report { record } => self.keep(record),
        }
    }

    /// Puts a record into the spool; without room it waits, and the pipe with it.
    fn keep(&mut self, record: String) {
        let appended = match self.task.spool.lock().as_mut() {
            Some(spool) => spool.append(record.as_bytes()),
            // refused as stale: nobody wants it
            None => return,
        };
        match appended {
            Ok(_) => {
                self.full_until = None;
                self.task.outgoing.notify_one();
            }
            Err(Error::SpoolFull { .. }) if self.kill_at.is_none() && self.lost.is_none() => {
                self.waiting = Some(record);
                let until = Instant::now() + self.shared.config.spool_wait;
                self.full_until.get_or_insert(until);
            }
            Err(error) => {
                let text = packmule_types::error::Chain(&error).to_string();
                self.failed.get_or_insert(text);
                self.process.kill();
            }
        }
    }

    fn room(&mut self) {
        if let Some(record) = self.waiting.take() {
            self.keep(record);
        }
    }

    fn spool_stays_full(&mut self) {
        self.full_until = None;
        let limit = self.shared.config.spool_bytes_max;
        let text = format!(
            "its messages could not be handed in and the spool is full ({limit} bytes); look \
             whether the Master is reachable"
        );
        self.failed.get_or_insert(text);
        self.waiting = None;
        self.process.kill();
    }

    async fn wanted(&mut self, wanted: Wanted) {
        if let Some(reason) = wanted.lost {
            self.lose(reason);
        } else if wanted.stop && self.task.on(TaskEvent::StopWanted) {
            self.kill_at = Some(Instant::now() + self.shared.config.cancel_grace);
            let grace = self.shared.config.cancel_grace;
            let send = write_async(&mut self.sender, &ToChild::Cancel);
            if !matches!(tokio::time::timeout(grace, send).await, Ok(Ok(()))) {
                self.process.kill();
            }
        }
    }

    /// The lease may soon be another's: no time for a polite end.
    fn lose(&mut self, reason: &'static str) {
        if self.lost.is_none() {
            self.lost = Some(reason);
            self.task.on(TaskEvent::LeaseLost);
            if self.waiting.take().is_some() {
                self.failed = Some(reason.to_owned());
            }
            self.process.kill();
        }
    }
}

async fn until(when: Option<Instant>) {
    match when {
        Some(when) => tokio::time::sleep_until(when).await,
        None => std::future::pending().await,
    }
}

fn job(
    shared: &Shared,
    key: TaskKey,
    assignment: proto::Assignment,
    project_file: std::path::PathBuf,
    temp_folder: std::path::PathBuf,
) -> Result<Job> {
    let bad = |what: &str| Error::Project {
        hash: assignment.content_hash.clone(),
        reason: format!("the Master sent a task with a bad {what}"),
    };
    let guid = uuid::Uuid::parse_str(&assignment.execution_instance_guid)
        .map_err(|_| bad("instance id"))?;
    let parameters = assignment
        .parameters
        .iter()
        .map(|p| {
            Ok(JobParameter {
                object_type: p.object_type,
                name: p.name.clone(),
                data_type: ParameterType::from_name(&p.data_type)
                    .ok_or_else(|| bad("parameter type"))?,
                value: Hidden(p.value.clone()),
                sensitive: p.sensitive,
            })
        })
        .collect::<Result<Vec<_>>>()?;
    let overrides = assignment.overrides.iter().map(|o| JobOverride {
        path: o.path.clone(),
        value: Hidden(o.value.clone()),
        sensitive: o.sensitive,
    });
    Ok(Job {
        key,
        execution_instance_guid: guid,
        overrides: overrides.collect(),
        parameters,
        folder_name: assignment.folder_name,
        project_name: assignment.project_name,
        package_name: assignment.package_name,
        project_file,
        executed_as_name: assignment.executed_as_name,
        logging_level: assignment.logging_level,
        memory_bytes: shared.config.memory_bytes,
        threads: shared.config.threads,
        mapping_file: shared.config.mapping_file.clone(),
        temp_folder,
    })
}
