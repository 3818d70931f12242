//! What running packages reported, as callers read it: messages, executables, rows over paths,
//! phases. A look at a running execution asks only for what came after the last look.

use crate::catalog::Catalog;
use crate::error::Result;
use crate::executions;
use crate::history;
use crate::ids::{Attempt, ExecutionId, OperationId};
use crate::model::{
    ComponentPhase, DataStatistics, EventMessage, EventMessageFields, EventMessageFilter,
    ExecutableBegun, ExecutableStatistics,
};
use crate::store::{Row, SqlValue, StoreError, params};

/// Most rows of statistics in one answer.
const STATISTICS_MAX: i64 = 100_000;
/// Most running executables in one answer.
const RUNNING_MAX: i64 = 2_000;
/// Most rows that are asked for once more by their ids.
const OPEN_MAX: usize = 1_000;

fn event_message(mut row: Row) -> Result<EventMessage, StoreError> {
    Ok(EventMessage {
        event_message_id: row.get()?,
        operation_id: row.get()?,
        attempt: row.get()?,
        fields: EventMessageFields {
            message_time: row.get()?,
            message_type: row.get()?,
            message_source_type: row.get()?,
            message: row.get()?,
            package_name: row.get()?,
            event_name: row.get()?,
            message_source_name: row.get()?,
            message_source_id: row.get()?,
            subcomponent_name: row.get()?,
            package_path: row.get()?,
            execution_path: row.get()?,
            thread_id: row.get()?,
            message_code: row.get()?,
            event_message_guid: row.get()?,
            remedy: row.get()?,
        },
    })
}

fn executable(mut row: Row) -> Result<ExecutableStatistics, StoreError> {
    Ok(ExecutableStatistics {
        statistics_id: row.get()?,
        execution_id: row.get()?,
        attempt: row.get()?,
        executable_id: row.get()?,
        executable_name: row.get()?,
        executable_guid: row.get()?,
        package_name: row.get()?,
        package_path: row.get()?,
        execution_path: row.get()?,
        start_time: row.get()?,
        end_time: row.get()?,
        execution_duration: row.get()?,
        execution_result: row.get()?,
        execution_value: row.get()?,
    })
}

const DATA_COLUMNS: &str = "data_stats_id, execution_id, attempt, package_name, task_name, \
    dataflow_path_id_string, dataflow_path_name, source_component_name, \
    destination_component_name, rows_sent, created_time, execution_path, final";

fn data(mut row: Row) -> Result<DataStatistics, StoreError> {
    Ok(DataStatistics {
        data_stats_id: row.get()?,
        execution_id: row.get()?,
        attempt: row.get()?,
        package_name: row.get()?,
        task_name: row.get()?,
        dataflow_path_id_string: row.get()?,
        dataflow_path_name: row.get()?,
        source_component_name: row.get()?,
        destination_component_name: row.get()?,
        rows_sent: row.get()?,
        created_time: row.get()?,
        execution_path: row.get()?,
        is_final: row.get()?,
    })
}

impl Catalog {
    /// `catalog.event_messages` of an operation, oldest first.
    pub fn event_messages(
        &self,
        operation: OperationId,
        filter: &EventMessageFilter,
    ) -> Result<Vec<EventMessage>> {
        self.read(|tx| {
            history::status(tx, operation)?;
            let mut sql = "SELECT event_message_id, operation_id, attempt, message_time, \
                 message_type, message_source_type, message, package_name, event_name, \
                 message_source_name, message_source_id, subcomponent_name, package_path, \
                 execution_path, thread_id, message_code, event_message_guid, remedy \
                 FROM event_messages WHERE operation_id = ?1 AND event_message_id > ?2"
                .to_owned();
            let mut values: Vec<SqlValue> =
                vec![operation.into(), filter.after.unwrap_or(0).into()];
            if !filter.types.is_empty() {
                let codes: Vec<String> =
                    filter.types.iter().map(|t| t.code().to_string()).collect();
                sql.push_str(&format!(" AND message_type IN ({})", codes.join(", ")));
            }
            if let Some(Attempt(attempt)) = filter.attempt {
                values.push(attempt.into());
                sql.push_str(&format!(" AND attempt = ?{}", values.len()));
            }
            let limit = if filter.limit == 0 {
                1000
            } else {
                filter.limit.min(10_000)
            };
            values.push((limit as i64).into());
            sql.push_str(&format!(
                " ORDER BY event_message_id LIMIT ?{}",
                values.len()
            ));
            let rows = tx.query(&sql, &values)?;
            Ok(rows
                .into_iter()
                .map(event_message)
                .collect::<Result<_, _>>()?)
        })
    }

    /// `catalog.executable_statistics` of an attempt with their executables, in the order they
    /// ended; those with an id above `after`.
    pub fn executable_statistics(
        &self,
        id: ExecutionId,
        attempt: Attempt,
        after: i64,
    ) -> Result<Vec<ExecutableStatistics>> {
        self.read(|tx| {
            let rows = tx.query(
                "SELECT s.statistics_id, s.execution_id, s.attempt, s.executable_id, \
                 x.executable_name, x.executable_guid, x.package_name, x.package_path, \
                 s.execution_path, s.start_time, s.end_time, s.execution_duration, \
                 s.execution_result, s.execution_value FROM executable_statistics s \
                 JOIN executables x ON x.executable_id = s.executable_id \
                 WHERE s.execution_id = ?1 AND s.attempt = ?2 AND s.statistics_id > ?3 \
                 ORDER BY s.statistics_id LIMIT ?4",
                params![id, attempt, after, STATISTICS_MAX],
            )?;
            Ok(rows.into_iter().map(executable).collect::<Result<_, _>>()?)
        })
    }

    /// What runs now, in the order it began; not a view of SSISDB.
    pub fn running_executables(&self, id: ExecutionId) -> Result<Vec<ExecutableBegun>> {
        self.read(|tx| {
            let rows = tx.query(
                "SELECT executable_name, executable_guid, package_name, package_path, \
                 execution_path, start_time FROM running_executables WHERE execution_id = ?1 \
                 ORDER BY running_id LIMIT ?2",
                params![id, RUNNING_MAX],
            )?;
            let read = |mut row: Row| -> Result<ExecutableBegun, StoreError> {
                Ok(ExecutableBegun {
                    executable_name: row.get()?,
                    executable_guid: row.get()?,
                    package_name: row.get()?,
                    package_path: row.get()?,
                    execution_path: row.get()?,
                    start_time: row.get()?,
                })
            };
            Ok(rows.into_iter().map(read).collect::<Result<_, _>>()?)
        })
    }

    /// `catalog.execution_data_statistics` of an attempt, live while the package runs: rows with
    /// an id above `after`, and those of `open`, which were not final at the last look.
    pub fn data_statistics(
        &self,
        id: ExecutionId,
        attempt: Attempt,
        after: i64,
        open: &[i64],
    ) -> Result<Vec<DataStatistics>> {
        self.read(|tx| {
            let mut rows = Vec::new();
            for some in open.chunks(OPEN_MAX) {
                let list: Vec<String> = some.iter().map(ToString::to_string).collect();
                let sql = format!(
                    "SELECT {DATA_COLUMNS} FROM execution_data_statistics \
                     WHERE execution_id = ?1 AND data_stats_id IN ({}) ORDER BY data_stats_id",
                    list.join(", ")
                );
                rows.extend(tx.query(&sql, params![id])?);
            }
            let sql = format!(
                "SELECT {DATA_COLUMNS} FROM execution_data_statistics \
                 WHERE execution_id = ?1 AND attempt = ?2 AND data_stats_id > ?3 \
                 ORDER BY data_stats_id LIMIT ?4"
            );
            rows.extend(tx.query(&sql, params![id, attempt, after, STATISTICS_MAX])?);
            Ok(rows.into_iter().map(data).collect::<Result<_, _>>()?)
        })
    }

    /// `catalog.execution_component_phases`
    pub fn component_phases(&self, id: ExecutionId) -> Result<Vec<ComponentPhase>> {
        self.read(|tx| {
            executions::find(tx, id)?;
            let rows = tx.query(
                "SELECT phase_stats_id, execution_id, attempt, package_name, task_name, \
                 subcomponent_name, phase, start_time, end_time, execution_path \
                 FROM execution_component_phases WHERE execution_id = ?1 \
                 ORDER BY phase_stats_id LIMIT ?2",
                params![id, STATISTICS_MAX],
            )?;
            let read = |mut row: Row| -> Result<ComponentPhase, StoreError> {
                Ok(ComponentPhase {
                    phase_stats_id: row.get()?,
                    execution_id: row.get()?,
                    attempt: row.get()?,
                    package_name: row.get()?,
                    task_name: row.get()?,
                    subcomponent_name: row.get()?,
                    phase: row.get()?,
                    start_time: row.get()?,
                    end_time: row.get()?,
                    execution_path: row.get()?,
                })
            };
            Ok(rows.into_iter().map(read).collect::<Result<_, _>>()?)
        })
    }
}
