//! What every part of one execution is given: one of each, made where the execution starts.

use std::path::PathBuf;
use std::sync::Arc;

use crate::cancel::Cancel;
use crate::clock::Clock;
use crate::mapping::Mapping;
use crate::memory::MemoryBudget;
use crate::observer::Observer;
use crate::parts::Parts;

/// The shared services of one execution. Cloning shares them.
#[derive(Clone)]
pub struct Services {
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// The flag that ends the run.
    pub cancel: Cancel,
    /// The memory budget.
    pub memory: MemoryBudget,
    /// What paths, connections and executables in packages become here.
    pub mapping: Arc<Mapping>,
    /// Who watches.
    pub observer: Arc<dyn Observer>,
    /// Threads of the data flow's pool.
    pub threads: usize,
    /// Folder for spill files; made on first use, removed by whoever started the execution.
    pub temp_folder: PathBuf,
    /// Locale for packages that say none (-1); Windows LCID.
    pub default_lcid: u32,
    /// What crates above keep for the execution.
    pub parts: Parts,
}
