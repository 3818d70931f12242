//! What running packages report: event messages, executables, phases, rows over paths.
//!
//! Reports of an attempt are numbered from 1 without gaps. What is stored already is skipped, so
//! a batch may be sent again; a gap is refused, so nothing is lost unseen.

use crate::catalog::Catalog;
use crate::error::{Error, Result};
use crate::ids::{ExecutionId, TaskKey, WorkerId};
use crate::model::{
    Change, EventMessageFields, ExecutableBegun, ExecutableReport, NumberedReport, PhaseReport,
    Report, RowsReport,
};
use crate::queue::fence;
use crate::store::{Transaction, params};

/// Most reports in one call.
const BATCH_MAX: usize = 10_000;

fn store(tx: &mut dyn Transaction, task: TaskKey, numbered: NumberedReport) -> Result<()> {
    let number = numbered.number;
    match numbered.report {
        Report::Message(fields) => store_message(tx, task, number, fields),
        Report::Began(report) => store_begun(tx, task, report),
        Report::Executable(report) => store_executable(tx, task, number, report),
        Report::Phase(report) => store_phase(tx, task, number, report),
        Report::Rows(report) => store_rows(tx, task, report),
    }
}

pub(crate) fn store_message(
    tx: &mut dyn Transaction,
    task: TaskKey,
    number: i64,
    fields: EventMessageFields,
) -> Result<()> {
    tx.execute(
        "INSERT INTO event_messages (operation_id, attempt, number, message_time, message_type, \
         message_source_type, message, package_name, event_name, message_source_name, \
         message_source_id, subcomponent_name, package_path, execution_path, thread_id, \
         message_code, event_message_guid, remedy) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, \
         ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18)",
        params![
            task.execution_id,
            task.attempt,
            number,
            fields.message_time,
            fields.message_type,
            fields.message_source_type,
            fields.message,
            fields.package_name,
            fields.event_name,
            fields.message_source_name,
            fields.message_source_id,
            fields.subcomponent_name,
            fields.package_path,
            fields.execution_path,
            fields.thread_id,
            fields.message_code,
            fields.event_message_guid,
            fields.remedy
        ],
    )?;
    Ok(())
}

fn store_begun(tx: &mut dyn Transaction, task: TaskKey, report: ExecutableBegun) -> Result<()> {
    tx.execute(
        "INSERT INTO running_executables (execution_id, attempt, executable_name, \
         executable_guid, package_name, package_path, execution_path, start_time) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        params![
            task.execution_id,
            task.attempt,
            report.executable_name,
            report.executable_guid,
            report.package_name,
            report.package_path,
            report.execution_path,
            report.start_time
        ],
    )?;
    Ok(())
}

/// What ran in an attempt that has ended.
pub(crate) fn forget_running(tx: &mut dyn Transaction, id: ExecutionId) -> Result<()> {
    tx.execute(
        "DELETE FROM running_executables WHERE execution_id = ?1",
        params![id],
    )?;
    Ok(())
}

fn store_executable(
    tx: &mut dyn Transaction,
    task: TaskKey,
    number: i64,
    report: ExecutableReport,
) -> Result<()> {
    let executable_id: i64 = tx
        .one(
            "INSERT INTO executables (execution_id, executable_name, executable_guid, \
             package_name, package_path) VALUES (?1, ?2, ?3, ?4, ?5) \
             ON CONFLICT (execution_id, package_name, package_path) \
             DO UPDATE SET executable_name = excluded.executable_name RETURNING executable_id",
            params![
                task.execution_id,
                report.executable_name,
                report.executable_guid,
                report.package_name,
                report.package_path
            ],
        )?
        .get()?;
    // an event handler may run several times at once: one of them has ended
    tx.execute(
        "DELETE FROM running_executables WHERE running_id = (SELECT MIN(running_id) \
         FROM running_executables WHERE execution_id = ?1 AND attempt = ?2 \
         AND execution_path = ?3)",
        params![task.execution_id, task.attempt, &report.execution_path],
    )?;
    let duration = (report.end_time - report.start_time).num_milliseconds();
    tx.execute(
        "INSERT INTO executable_statistics (execution_id, attempt, number, executable_id, \
         execution_path, start_time, end_time, execution_duration, execution_result, \
         execution_value) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
        params![
            task.execution_id,
            task.attempt,
            number,
            executable_id,
            report.execution_path,
            report.start_time,
            report.end_time,
            duration,
            report.execution_result,
            report.execution_value
        ],
    )?;
    Ok(())
}

fn store_phase(
    tx: &mut dyn Transaction,
    task: TaskKey,
    number: i64,
    report: PhaseReport,
) -> Result<()> {
    tx.execute(
        "INSERT INTO execution_component_phases (execution_id, attempt, number, package_name, \
         task_name, subcomponent_name, phase, start_time, end_time, execution_path) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
        params![
            task.execution_id,
            task.attempt,
            number,
            report.package_name,
            report.task_name,
            report.subcomponent_name,
            report.phase,
            report.start_time,
            report.end_time,
            report.execution_path
        ],
    )?;
    Ok(())
}

/// One row per start of a path's task: samples replace each other until the last one.
fn store_rows(tx: &mut dyn Transaction, task: TaskKey, report: RowsReport) -> Result<()> {
    let changed = tx.execute(
        "UPDATE execution_data_statistics SET rows_sent = ?5, created_time = ?6, final = ?7 \
         WHERE execution_id = ?1 AND attempt = ?2 AND execution_path = ?3 \
         AND dataflow_path_id_string = ?4 AND final = 0",
        params![
            task.execution_id,
            task.attempt,
            &report.execution_path,
            &report.dataflow_path_id_string,
            report.rows_sent,
            report.time,
            report.is_final
        ],
    )?;
    if changed > 0 {
        return Ok(());
    }
    tx.execute(
        "INSERT INTO execution_data_statistics (execution_id, attempt, package_name, task_name, \
         dataflow_path_id_string, dataflow_path_name, source_component_name, \
         destination_component_name, rows_sent, created_time, execution_path, final) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
        params![
            task.execution_id,
            task.attempt,
            report.package_name,
            report.task_name,
            report.dataflow_path_id_string,
            report.dataflow_path_name,
            report.source_component_name,
            report.destination_component_name,
            report.rows_sent,
            report.time,
            report.execution_path,
            report.is_final
        ],
    )?;
    Ok(())
}

impl Catalog {
    /// Stores what a held task reports and gives the highest number stored. Numbers that are
    /// stored already are skipped; a gap is an error.
    pub fn report(
        &self,
        worker: WorkerId,
        task: TaskKey,
        reports: Vec<NumberedReport>,
    ) -> Result<i64> {
        if reports.len() > BATCH_MAX {
            return Err(Error::Limit {
                what: "the number of reports in a batch",
                given: reports.len() as u64,
                limit: BATCH_MAX as u64,
            });
        }
        let last = self.write(move |tx| {
            let mut last = fence(tx, worker, task)?.last_number;
            for report in reports {
                let number = report.number;
                if number <= last {
                    continue;
                }
                if number != last + 1 {
                    return Err(Error::MessageGap {
                        task,
                        acknowledged: last,
                        given: number,
                    });
                }
                store(tx, task, report)?;
                last = number;
            }
            tx.execute(
                "UPDATE execution_attempts SET last_number = ?3 \
                 WHERE execution_id = ?1 AND attempt = ?2",
                params![task.execution_id, task.attempt, last],
            )?;
            Ok(last)
        })?;
        self.tell(&[Change::Reports(task.execution_id)]);
        Ok(last)
    }
}
