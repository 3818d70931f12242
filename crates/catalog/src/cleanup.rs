//! Clean-up: operations beyond the retention window, surplus versions of projects.
//!
//! Documented as the SSIS Server Maintenance Job. Deletes go in small batches, so that running
//! executions are not held up.

use chrono::TimeDelta;

use crate::catalog::Catalog;
use crate::codes::OperationType;
use crate::error::Result;
use crate::history;
use crate::properties;
use crate::status::Status;
use crate::store::params;

/// Operations deleted per transaction.
const BATCH: i64 = 50;

/// What a clean-up removed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Cleanup {
    /// Operations, with all that belongs to them.
    pub operations: u64,
    /// Versions of projects.
    pub versions: u64,
}

impl Catalog {
    /// Runs both steps, each if its property says so, and records each as an operation when it
    /// removed something.
    pub fn clean_up(&self) -> Result<Cleanup> {
        let (operations_on, versions_on) = self.read(|tx| {
            Ok((
                properties::get(tx, "OPERATION_CLEANUP_ENABLED")? == "TRUE",
                properties::get(tx, "VERSION_CLEANUP_ENABLED")? == "TRUE",
            ))
        })?;
        let mut done = Cleanup::default();
        if operations_on {
            done.operations = self.clean_operations()?;
            self.record(OperationType::RetentionCleanup, done.operations)?;
        }
        if versions_on {
            done.versions = self.write(|tx| {
                let keep = properties::number(tx, "MAX_PROJECT_VERSIONS")?;
                let surplus = tx.execute(
                    "DELETE FROM project_versions WHERE object_version_lsn IN (\
                     SELECT object_version_lsn FROM (SELECT v.object_version_lsn, \
                     v.project_id, ROW_NUMBER() OVER (PARTITION BY v.project_id \
                     ORDER BY v.object_version_lsn DESC) AS place FROM project_versions v) r \
                     WHERE r.place > ?1 OR r.project_id NOT IN (SELECT project_id FROM projects)) \
                     AND object_version_lsn NOT IN (SELECT object_version_lsn FROM projects)",
                    params![keep],
                )?;
                tx.execute(
                    "DELETE FROM project_streams WHERE content_hash NOT IN (\
                     SELECT content_hash FROM project_versions) AND content_hash NOT IN (\
                     SELECT e.content_hash FROM executions e JOIN operations o \
                     ON o.operation_id = e.execution_id WHERE o.status IN (1, 2, 5, 8))",
                    &[],
                )?;
                Ok(surplus)
            })?;
            self.record(OperationType::VersionCleanup, done.versions)?;
        }
        Ok(done)
    }

    fn clean_operations(&self) -> Result<u64> {
        let mut removed = 0;
        loop {
            let batch = self.write(|tx| {
                let days = properties::number(tx, "RETENTION_WINDOW")?;
                let window = TimeDelta::try_days(days);
                let (Some(window), true) = (window, days > 0) else {
                    return Ok(0);
                };
                let Some(before) = tx.now().checked_sub_signed(window) else {
                    return Ok(0);
                };
                Ok(tx.execute(
                    "DELETE FROM operations WHERE operation_id IN (\
                     SELECT operation_id FROM operations WHERE end_time < ?1 LIMIT ?2)",
                    params![before, BATCH],
                )?)
            })?;
            removed += batch;
            if batch < BATCH as u64 {
                return Ok(removed);
            }
        }
    }

    fn record(&self, kind: OperationType, removed: u64) -> Result<()> {
        if removed == 0 {
            return Ok(());
        }
        self.write(move |tx| {
            history::completed(tx, "maintenance", kind, None, Status::Completed).map(|_| ())
        })
    }
}
