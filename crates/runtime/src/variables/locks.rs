//! Reader and writer locks on variables: all of a list at once, in a fixed order, with bounded
//! waiting, so that tasks that run side by side cannot block each other for good.

use std::sync::Arc;
use std::time::{Duration, Instant};

use parking_lot::{Condvar, Mutex};

use packmule_types::Value;

use super::error::VariableError;
use super::scope::Scope;
use super::variable::RuntimeVariable;
use crate::cancel::Cancel;

/// How long a lock is tried for before it is given up. SSIS tries 16 times; how long it waits
/// between them is not documented. Being woken and finding another one faster counts as nothing:
/// it says only that the variable is in use.
const TRIED_FOR: Duration = Duration::from_secs(32);
/// Longest wait before a cancel is looked for.
const TRY_WAIT: Duration = Duration::from_millis(2000);

/// Who holds a variable: readers, or one writer.
#[derive(Debug, Default)]
pub(super) struct Holders {
    /// Number of readers; -1 is one writer.
    count: Mutex<i32>,
    changed: Condvar,
}

impl Holders {
    fn try_take(&self, write: bool) -> bool {
        let mut count = self.count.lock();
        match (write, *count) {
            (true, 0) => *count = -1,
            (false, readers) if readers >= 0 => *count += 1,
            _ => return false,
        }
        true
    }

    fn release(&self, write: bool) {
        let mut count = self.count.lock();
        *count = if write { 0 } else { (*count - 1).max(0) };
        self.changed.notify_all();
    }

    /// Waits until a lock of the kind might be had; at most one try's time.
    fn wait(&self, write: bool) {
        let mut count = self.count.lock();
        let busy = if write { *count != 0 } else { *count < 0 };
        if busy {
            self.changed.wait_for(&mut count, TRY_WAIT);
        }
    }
}

/// Takes the lock for one access.
pub(super) fn access<T>(
    variable: &RuntimeVariable,
    write: bool,
    cancel: &Cancel,
    work: impl FnOnce() -> T,
) -> Result<T, VariableError> {
    let until = Instant::now() + TRIED_FOR;
    loop {
        if variable.holders.try_take(write) {
            let _release = Release { variable, write };
            return Ok(work());
        }
        if cancel.is_cancelled() || Instant::now() >= until {
            break;
        }
        variable.holders.wait(write);
    }
    Err(VariableError::Locked {
        names: variable.full_name(),
        write,
    })
}

struct Release<'a> {
    variable: &'a RuntimeVariable,
    write: bool,
}

impl Drop for Release<'_> {
    fn drop(&mut self) {
        self.variable.holders.release(self.write);
    }
}

/// Variables that a task holds; given back when dropped.
#[derive(Debug)]
pub struct Locked {
    scope: Arc<Scope>,
    held: Vec<(String, Arc<RuntimeVariable>, Arc<Scope>, bool)>,
    /// Serials of variables that were written; told of when the locks are given back.
    written: Mutex<Vec<u64>>,
}

impl Locked {
    /// Locks lists of names, as a Script Task's ReadOnlyVariables and ReadWriteVariables.
    ///
    /// # Errors
    /// A name that is not found, in both lists, read-only in the write list, or locked elsewhere
    /// for half a minute.
    pub fn take(scope: &Arc<Scope>, read: &[&str], write: &[&str]) -> Result<Self, VariableError> {
        let mut wanted = Vec::with_capacity(read.len() + write.len());
        for (names, for_writing) in [(read, false), (write, true)] {
            for name in names {
                let (variable, owner) = scope.find(name)?;
                wanted.push(((*name).to_owned(), variable, owner, for_writing));
            }
        }
        wanted.sort_by_key(|(_, variable, _, for_writing)| (variable.serial, !*for_writing));
        for pair in wanted.windows(2) {
            if let [(_, a, _, x), (_, b, _, y)] = pair
                && a.serial == b.serial
                && x != y
            {
                return Err(VariableError::LockedTwice {
                    name: a.full_name(),
                });
            }
        }
        wanted.dedup_by_key(|(_, variable, _, _)| variable.serial);
        Self::take_sorted(scope, wanted)
    }

    fn take_sorted(
        scope: &Arc<Scope>,
        wanted: Vec<(String, Arc<RuntimeVariable>, Arc<Scope>, bool)>,
    ) -> Result<Self, VariableError> {
        let until = Instant::now() + TRIED_FOR;
        loop {
            let mut taken = 0;
            while let Some((_, variable, _, write)) = wanted.get(taken) {
                if !variable.holders.try_take(*write) {
                    break;
                }
                taken += 1;
            }
            let Some((_, busy, _, write)) = wanted.get(taken) else {
                return Ok(Self {
                    scope: scope.clone(),
                    held: wanted,
                    written: Mutex::new(Vec::new()),
                });
            };
            for (_, variable, _, write) in wanted.iter().take(taken) {
                variable.holders.release(*write);
            }
            if scope.context().cancel.is_cancelled() || Instant::now() >= until {
                break;
            }
            busy.holders.wait(*write);
        }
        let names: Vec<String> = wanted.iter().map(|(_, v, _, _)| v.full_name()).collect();
        Err(VariableError::Locked {
            names: names.join(","),
            write: wanted.iter().any(|(_, _, _, write)| *write),
        })
    }

    /// Reads a variable that is held, under the name it was asked for.
    pub fn get(&self, name: &str) -> Result<Value, VariableError> {
        let (_, variable, owner, _) = self.entry(name)?;
        owner.read(variable)
    }

    /// Writes a variable that is held for writing; strict as [`Scope::set`].
    pub fn set(&self, name: &str, value: Value) -> Result<(), VariableError> {
        let (_, variable, owner, write) = self.entry(name)?;
        if !*write {
            return Err(VariableError::ReadOnly {
                name: variable.full_name(),
            });
        }
        owner.write_strict(variable, value)?;
        self.written.lock().push(variable.serial);
        Ok(())
    }

    /// The scope that the names were looked up in.
    pub fn scope(&self) -> &Arc<Scope> {
        &self.scope
    }

    fn entry(
        &self,
        name: &str,
    ) -> Result<&(String, Arc<RuntimeVariable>, Arc<Scope>, bool), VariableError> {
        self.held
            .iter()
            .find(|(n, variable, _, _)| n == name || variable.full_name() == name)
            .ok_or_else(|| VariableError::NotFound {
                name: name.to_owned(),
            })
    }
}

impl Drop for Locked {
    fn drop(&mut self) {
        for (_, variable, _, write) in &self.held {
            variable.holders.release(*write);
        }
        for serial in self.written.lock().iter() {
            for (_, variable, owner, _) in &self.held {
                if variable.serial == *serial {
                    owner.notify(variable);
                }
            }
        }
    }
}
