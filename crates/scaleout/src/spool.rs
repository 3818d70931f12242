//! What a Worker still has to hand in, on disk: nothing is lost while the Master is away.
//!
//! One folder per task. `log` holds the number of its first record less one (8 bytes), then each
//! record as four bytes of length and its bytes; a record's number follows from its place. Once
//! everything is acknowledged the file is emptied. `outcome.json`, written last, says how the
//! attempt ended. All tasks together may take [`SpoolConfig::bytes_max`]; beyond it
//! [`Spool::append`] says so, the Worker stops reading its process's pipe, and the package waits.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

use packmule_catalog::{Attempt, ExecutionId, Outcome, TaskKey};
use serde::{Deserialize, Serialize};

use crate::certificates::write_private;
use crate::error::{Error, Result, at};

const HEADER_BYTES: u64 = 8;
/// Largest record, bytes; larger ones were refused at the pipe.
const RECORD_BYTES_MAX: u64 = 64 << 20;

/// How much a spool may take and how sure it is.
#[derive(Debug, Clone)]
pub struct SpoolConfig {
    /// Its folder.
    pub folder: PathBuf,
    /// Most bytes that wait, all tasks together.
    pub bytes_max: u64,
    /// When records are forced to the disk.
    pub sync: Sync,
}

/// When records are forced to the disk. A process or Worker that dies loses nothing either way;
/// this is about power cuts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sync {
    /// After each record.
    Each,
    /// When the attempt has ended, before its outcome is kept.
    AtEnd,
}

struct Totals {
    bytes: AtomicU64,
    records: AtomicI64,
}

/// The spools of a Worker.
#[derive(Clone)]
pub struct Spools {
    config: SpoolConfig,
    totals: Arc<Totals>,
}

/// How an attempt ended, as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptOutcome {
    /// How.
    pub outcome: Outcome,
    /// Why, where there is more to say.
    pub reason: Option<String>,
    /// Number of its records.
    pub reports: i64,
}

/// The spool of one task.
pub struct Spool {
    key: TaskKey,
    folder: PathBuf,
    file: File,
    /// Where the next record goes.
    end: u64,
    /// Where the first record that is not acknowledged begins.
    start: u64,
    /// Number of the last record.
    appended: i64,
    /// Number of the last acknowledged record.
    acknowledged: i64,
    sync: Sync,
    bytes_max: u64,
    totals: Arc<Totals>,
}

/// Records to be sent.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Batch {
    /// Number of the first.
    pub first_number: i64,
    /// The records.
    pub records: Vec<Vec<u8>>,
    end: u64,
}

impl Spools {
    /// Opens the folder of spools.
    pub fn open(config: SpoolConfig) -> Result<Self> {
        at(&config.folder, std::fs::create_dir_all(&config.folder))?;
        let totals = Arc::new(Totals {
            bytes: AtomicU64::new(0),
            records: AtomicI64::new(0),
        });
        Ok(Self { config, totals })
    }

    /// Records that wait, all tasks together.
    pub fn waiting(&self) -> i64 {
        self.totals.records.load(Ordering::Relaxed)
    }

    fn folder(&self, key: TaskKey) -> PathBuf {
        self.config
            .folder
            .join(format!("{}-{}", key.execution_id, key.attempt))
    }

    /// A new spool for a task.
    pub fn create(&self, key: TaskKey) -> Result<Spool> {
        let folder = self.folder(key);
        at(&folder, std::fs::create_dir_all(&folder))?;
        let path = folder.join("log");
        let open = || {
            let mut file = File::options()
                .read(true)
                .write(true)
                .create(true)
                .truncate(true)
                .open(&path)?;
            file.write_all(&0i64.to_le_bytes())?;
            Ok(file)
        };
        let file = at(&path, open())?;
        Ok(self.spool(key, folder.clone(), file, HEADER_BYTES, 0, 0))
    }

    fn spool(
        &self,
        key: TaskKey,
        folder: PathBuf,
        file: File,
        end: u64,
        appended: i64,
        acknowledged: i64,
    ) -> Spool {
        Spool {
            key,
            folder,
            file,
            end,
            start: HEADER_BYTES,
            appended,
            acknowledged,
            sync: self.config.sync,
            bytes_max: self.config.bytes_max,
            totals: Arc::clone(&self.totals),
        }
    }

    /// What a former Worker process left, with the outcomes it kept. A record that was cut off is
    /// dropped: its process never had it acknowledged.
    pub fn left_over(&self) -> Result<Vec<(Spool, Option<KeptOutcome>)>> {
        let mut found = Vec::new();
        for entry in at(&self.config.folder, std::fs::read_dir(&self.config.folder))? {
            let folder = at(&self.config.folder, entry)?.path();
            let Some(key) = key_of(&folder) else { continue };
            match self.reopen(key, &folder) {
                Ok(left) => found.push(left),
                Err(error) => {
                    let error = packmule_types::error::Chain(&error).to_string();
                    tracing::error!(folder = %folder.display(), error, "a spool cannot be read");
                }
            }
        }
        found.sort_by_key(|(spool, _)| spool.key);
        Ok(found)
    }

    fn reopen(&self, key: TaskKey, folder: &Path) -> Result<(Spool, Option<KeptOutcome>)> {
        let path = folder.join("log");
        let mut file = at(&path, File::options().read(true).write(true).open(&path))?;
        let (base, records, end) = at(&path, scan(&mut file))?;
        at(&path, file.set_len(end))?;
        self.totals
            .bytes
            .fetch_add(end - HEADER_BYTES, Ordering::Relaxed);
        self.totals.records.fetch_add(records, Ordering::Relaxed);
        let spool = self.spool(key, folder.to_owned(), file, end, base + records, base);
        let outcome = std::fs::read(folder.join("outcome.json")).ok();
        let outcome = outcome.and_then(|bytes| serde_json::from_slice(&bytes).ok());
        Ok((spool, outcome))
    }
}

fn key_of(folder: &Path) -> Option<TaskKey> {
    let (execution, attempt) = folder.file_name()?.to_str()?.split_once('-')?;
    Some(TaskKey {
        execution_id: ExecutionId(execution.parse().ok()?),
        attempt: Attempt(attempt.parse().ok()?),
    })
}

/// Number before the first record, number of whole records, where they end.
fn scan(file: &mut File) -> std::io::Result<(i64, i64, u64)> {
    let length = file.metadata()?.len();
    file.seek(SeekFrom::Start(0))?;
    let mut reader = std::io::BufReader::new(file);
    let mut base = [0; 8];
    reader.read_exact(&mut base)?;
    let (mut end, mut records) = (HEADER_BYTES, 0);
    let mut head = [0; 4];
    while reader.read_exact(&mut head).is_ok() {
        let size = u64::from(u32::from_le_bytes(head));
        if size > RECORD_BYTES_MAX || end + 4 + size > length {
            break;
        }
        reader.seek_relative(size as i64)?;
        end += 4 + size;
        records += 1;
    }
    Ok((i64::from_le_bytes(base), records, end))
}

impl Spool {
    /// The task.
    pub fn key(&self) -> TaskKey {
        self.key
    }

    /// Number of the last record.
    pub fn appended(&self) -> i64 {
        self.appended
    }

    /// Whether everything is acknowledged.
    pub fn is_empty(&self) -> bool {
        self.acknowledged == self.appended
    }

    /// Adds a record and gives its number; [`Error::SpoolFull`] when it does not fit now.
    pub fn append(&mut self, record: &[u8]) -> Result<i64> {
        let size = record.len() as u64 + 4;
        let used = self.totals.bytes.fetch_add(size, Ordering::Relaxed);
        if used.saturating_add(size) > self.bytes_max {
            self.totals.bytes.fetch_sub(size, Ordering::Relaxed);
            return Err(Error::SpoolFull {
                limit: self.bytes_max,
            });
        }
        let mut bytes = Vec::with_capacity(record.len() + 4);
        bytes.extend_from_slice(&(record.len() as u32).to_le_bytes());
        bytes.extend_from_slice(record);
        let written = self
            .file
            .seek(SeekFrom::Start(self.end))
            .and_then(|_| self.file.write_all(&bytes))
            .and_then(|()| {
                if self.sync == Sync::Each {
                    self.file.sync_data()
                } else {
                    Ok(())
                }
            });
        if written.is_err() {
            self.totals.bytes.fetch_sub(size, Ordering::Relaxed);
        }
        at(&self.folder, written)?;
        self.end += size;
        self.appended += 1;
        self.totals.records.fetch_add(1, Ordering::Relaxed);
        Ok(self.appended)
    }

    /// The next records to be sent; empty when all are acknowledged.
    pub fn batch(&mut self, records_max: usize, bytes_max: usize) -> Result<Batch> {
        let mut batch = Batch {
            first_number: self.acknowledged + 1,
            records: Vec::new(),
            end: self.start,
        };
        let mut bytes = 0;
        at(
            &self.folder,
            self.file.seek(SeekFrom::Start(self.start)).map(|_| ()),
        )?;
        let left = (self.appended - self.acknowledged).max(0) as usize;
        let mut reader = std::io::BufReader::new(&mut self.file);
        while batch.records.len() < left.min(records_max) && bytes < bytes_max {
            let mut read = || -> std::io::Result<Vec<u8>> {
                let mut head = [0; 4];
                reader.read_exact(&mut head)?;
                let mut record = Vec::new();
                let size = u64::from(u32::from_le_bytes(head));
                (&mut reader).take(size).read_to_end(&mut record)?;
                Ok(record)
            };
            let record = at(&self.folder, read())?;
            bytes += record.len();
            batch.end += record.len() as u64 + 4;
            batch.records.push(record);
        }
        Ok(batch)
    }

    /// The batch that [`Spool::batch`] gave last is stored.
    pub fn acknowledge(&mut self, batch: &Batch) -> Result<()> {
        self.release(batch.end - self.start, batch.records.len() as i64);
        self.acknowledged += batch.records.len() as i64;
        self.start = batch.end;
        if self.is_empty() && self.start > HEADER_BYTES {
            let number = self.acknowledged;
            let empty = || {
                self.file.set_len(HEADER_BYTES)?;
                self.file.seek(SeekFrom::Start(0))?;
                self.file.write_all(&number.to_le_bytes())
            };
            at(&self.folder.clone(), { empty }())?;
            self.start = HEADER_BYTES;
            self.end = HEADER_BYTES;
        }
        Ok(())
    }

    fn release(&self, bytes: u64, records: i64) {
        self.totals.bytes.fetch_sub(bytes, Ordering::Relaxed);
        self.totals.records.fetch_sub(records, Ordering::Relaxed);
    }

    /// Keeps how the attempt ended; after this it can be handed in by another process too.
    pub fn end(&mut self, outcome: Outcome, reason: Option<String>) -> Result<KeptOutcome> {
        at(&self.folder, self.file.sync_data())?;
        let kept = KeptOutcome {
            outcome,
            reason,
            reports: self.appended,
        };
        let path = self.folder.join("outcome.json");
        let text = serde_json::to_string(&kept).map_err(|e| Error::Content {
            path: path.clone(),
            reason: e.to_string(),
        })?;
        write_private(&path, &text)?;
        Ok(kept)
    }

    /// Removes it from the disk.
    pub fn remove(self) -> Result<()> {
        self.release(self.end - self.start, self.appended - self.acknowledged);
        at(&self.folder, std::fs::remove_dir_all(&self.folder))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spools(folder: &Path, bytes_max: u64) -> Spools {
        let folder = folder.to_owned();
        Spools::open(SpoolConfig {
            folder,
            bytes_max,
            sync: Sync::AtEnd,
        })
        .unwrap()
    }

    fn key(execution: i64) -> TaskKey {
        TaskKey {
            execution_id: ExecutionId(execution),
            attempt: Attempt(1),
        }
    }

    #[test]
    fn records_come_back_in_order_until_they_are_acknowledged() {
        let folder = tempfile::tempdir().unwrap();
        let spools = spools(folder.path(), 10_000);
        let mut spool = spools.create(key(1)).unwrap();
        for n in 1..=10u8 {
            assert_eq!(spool.append(&[n]).unwrap(), i64::from(n));
        }
        let first = spool.batch(4, 1000).unwrap();
        assert_eq!((first.first_number, first.records.len()), (1, 4));
        assert_eq!(
            spool.batch(4, 1000).unwrap(),
            first,
            "not acknowledged: the same again"
        );
        spool.acknowledge(&first).unwrap();
        let rest = spool.batch(100, 1000).unwrap();
        assert_eq!((rest.first_number, rest.records.len()), (5, 6));
        assert_eq!(rest.records[5], [10]);
        spool.acknowledge(&rest).unwrap();
        assert!(spool.is_empty());
        assert_eq!(spools.waiting(), 0);
        assert_eq!(spool.append(&[11]).unwrap(), 11);
        assert_eq!(spool.batch(9, 9).unwrap().first_number, 11);
    }

    #[test]
    fn what_a_dead_worker_left_is_found_again_without_a_cut_off_record() {
        let folder = tempfile::tempdir().unwrap();
        {
            let spools = spools(folder.path(), 10_000);
            let mut spool = spools.create(key(7)).unwrap();
            spool.append(b"one").unwrap();
            let batch = spool.batch(1, 1).unwrap();
            spool.acknowledge(&batch).unwrap();
            spool.append(b"two").unwrap();
            spool.append(b"three").unwrap();
            let mut ended = spools.create(key(8)).unwrap();
            ended.end(Outcome::Failed, None).unwrap();
        }
        let log = folder.path().join("7-1/log");
        let length = std::fs::metadata(&log).unwrap().len();
        File::options()
            .write(true)
            .open(&log)
            .unwrap()
            .set_len(length - 2)
            .unwrap();
        let spools = spools(folder.path(), 10_000);
        let mut left = spools.left_over().unwrap();
        assert_eq!(left.len(), 2);
        assert_eq!(left[1].1.as_ref().unwrap().outcome, Outcome::Failed);
        let (spool, outcome) = &mut left[0];
        assert!(outcome.is_none());
        let batch = spool.batch(9, 99).unwrap();
        assert_eq!(
            (batch.first_number, batch.records),
            (2, vec![b"two".to_vec()])
        );
    }

    #[test]
    fn a_full_spool_says_so_and_takes_more_when_there_is_room() {
        let folder = tempfile::tempdir().unwrap();
        let spools = spools(folder.path(), 30);
        let mut spool = spools.create(key(1)).unwrap();
        spool.append(&[0; 20]).unwrap();
        assert!(matches!(
            spool.append(&[0; 20]),
            Err(Error::SpoolFull { .. })
        ));
        let batch = spool.batch(9, 99).unwrap();
        spool.acknowledge(&batch).unwrap();
        spool.append(&[0; 20]).unwrap();
        spool.remove().unwrap();
        assert_eq!(spools.waiting(), 0);
        spools.create(key(2)).unwrap().append(&[0; 20]).unwrap();
    }
}
