//! Runs the children of a container: those that nothing holds back at once, each on its own
//! thread, in collection order, the others as their constraints come true.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use parking_lot::Mutex;

use packmule_runtime::{Events, Reported};
use packmule_types::Code;

use crate::board::Ended;
use crate::execute::run_host;
use crate::expressions;
use crate::host::HostId;
use crate::instance::Instance;
use crate::precedence::{Constraint, Precedence};
use crate::result::ExecResult;

/// Runs the children once; the container's result but for its error count.
///
/// [R-FPOF] After a failure with FailPackageOnFailure, and after one with FailParentOnFailure in
/// this container, running siblings finish and nothing new starts.
pub(crate) fn run_children(instance: &Arc<Instance>, container: HostId) -> ExecResult {
    let events = instance.events(container);
    let children = &instance.host(container).children;
    if children.is_empty() {
        return ExecResult::Success;
    }
    let constraints = instance
        .executable(container)
        .constraints
        .iter()
        .filter_map(|c| Constraint::new(c, children.len()).ok())
        .collect();
    let mut round = Round {
        instance,
        container,
        events,
        precedence: Precedence::new(children.len(), constraints),
        ready: BTreeSet::new(),
        running: 0,
        failed: false,
        cut_short: false,
        ended: Mutex::new(Vec::new()),
    };
    round.ready.extend(round.precedence.first());
    let ended: &Ended = &Mutex::new(Vec::new());
    std::thread::scope(|threads| round.run(threads, ended));
    round.result()
}

/// One run of a container's children.
struct Round<'a> {
    instance: &'a Arc<Instance>,
    container: HostId,
    events: Events,
    precedence: Precedence,
    /// Children that may start, by position.
    ready: BTreeSet<usize>,
    running: usize,
    failed: bool,
    /// A child that was ready did not start.
    cut_short: bool,
    /// Children that ended without a thread: disabled ones.
    ended: Ended,
}

impl<'a> Round<'a> {
    fn run<'s>(&mut self, threads: &'s std::thread::Scope<'s, '_>, ended: &'s Ended)
    where
        'a: 's,
    {
        loop {
            let waits_for_slot = self.start_ready(threads, ended);
            let without_thread = std::mem::take(&mut *self.ended.lock());
            if without_thread.is_empty() {
                if self.running == 0 && !waits_for_slot {
                    return;
                }
                self.instance.board.wait(ended, waits_for_slot);
            }
            for (child, result) in without_thread {
                self.child_ended(child, result);
            }
            for (child, result) in std::mem::take(&mut *ended.lock()) {
                self.running = self.running.saturating_sub(1);
                self.child_ended(child, result);
            }
        }
    }

    /// Starts what may start; whether a task is left that waits for a slot.
    fn start_ready<'s>(&mut self, threads: &'s std::thread::Scope<'s, '_>, ended: &'s Ended) -> bool
    where
        'a: 's,
    {
        let mut waits_for_slot = false;
        for child in self.ready.clone() {
            if self.failed || self.instance.is_stopped(self.container) {
                self.cut_short |= !self.ready.is_empty();
                self.ready.clear();
                return false;
            }
            let Some(id) = self
                .instance
                .host(self.container)
                .children
                .get(child)
                .copied()
            else {
                self.ready.remove(&child);
                continue;
            };
            if expressions::apply_disable(self.instance, id).is_err() {
                self.ready.remove(&child);
                self.ended.lock().push((child, ExecResult::Failure));
                continue;
            }
            if self.instance.settings(id).disable {
                self.ready.remove(&child);
                self.ended.lock().push((child, ExecResult::Success));
                continue;
            }
            let counts = self.instance.is_task(id) && !self.instance.host(id).in_handler;
            if counts && !self.instance.board.try_take() {
                waits_for_slot = true;
                continue;
            }
            self.ready.remove(&child);
            self.start(threads, ended, child, id, counts);
        }
        waits_for_slot
    }

    fn start<'s>(
        &mut self,
        threads: &'s std::thread::Scope<'s, '_>,
        ended: &'s Ended,
        child: usize,
        id: HostId,
        slot: bool,
    ) where
        'a: 's,
    {
        let instance = self.instance;
        let spawned = std::thread::Builder::new()
            .name(format!("executable {id}"))
            .spawn_scoped(threads, move || {
                let result = run_host(instance, id);
                instance.board.ended(ended, child, result, slot);
            });
        self.running += 1;
        if let Err(error) = spawned {
            let text = format!("no thread could be started for the executable: {error}");
            let remedy = "raise the limit of threads, or lower MaxConcurrentExecutables";
            self.instance
                .events(id)
                .error_text(Code(0xC002_4104), text, Some(remedy));
            instance
                .board
                .ended(ended, child, ExecResult::Failure, slot);
        }
    }

    fn child_ended(&mut self, child: usize, result: ExecResult) {
        let Some(id) = self
            .instance
            .host(self.container)
            .children
            .get(child)
            .copied()
        else {
            return;
        };
        if result == ExecResult::Failure {
            let settings = self.instance.settings(id);
            if settings.fail_package_on_failure {
                self.instance.fail_package.store(true, Ordering::SeqCst);
            }
            self.failed |= settings.fail_parent_on_failure;
        }
        let scope = &self.instance.host(self.container).scope;
        let events = &self.events;
        let next = self.precedence.ended(child, result, |constraint| {
            expressions::condition(scope, &constraint.expression, events).map_err(|Reported| {
                events.error(
                    Code(0xC001_4021),
                    &[&constraint.name, &constraint.expression],
                )
            })
        });
        match next {
            Ok(next) => self.ready.extend(next),
            Err(Reported) => self.failed = true,
        }
    }

    fn result(&self) -> ExecResult {
        if self.cut_short && self.instance.services.cancel.is_cancelled() {
            ExecResult::Canceled
        } else if self.failed {
            ExecResult::Failure
        } else if self.instance.services.cancel.is_cancelled()
            || self
                .instance
                .host(self.container)
                .stop
                .load(Ordering::SeqCst)
        {
            ExecResult::Canceled
        } else {
            ExecResult::Success
        }
    }
}
