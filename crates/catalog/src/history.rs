//! Operations and their messages: the record of everything that was done.

use crate::catalog::Catalog;
use crate::codes::{MessageSource, MessageType, OperationType};
use crate::error::{Error, Result};
use crate::ids::OperationId;
use crate::model::{Operation, OperationMessage};
use crate::status::{Status, StatusKind};
use crate::store::{Row, SqlValue, StoreError, Transaction, params};

/// What an operation is done to: object type, id, name.
pub(crate) type Object<'a> = Option<(i32, i64, &'a str)>;

/// Records a new operation in a status.
pub(crate) fn begin(
    tx: &mut dyn Transaction,
    caller: &str,
    kind: OperationType,
    object: Object<'_>,
    status: Status,
) -> Result<OperationId> {
    let now = tx.now();
    let started = (status != Status::Created).then_some(now);
    let mut row = tx.one(
        "INSERT INTO operations (operation_type, created_time, object_type, object_id, \
         object_name, status, start_time, end_time, caller_name, machine_name) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, '') RETURNING operation_id",
        params![
            kind,
            now,
            object.map(|o| o.0),
            object.map(|o| o.1),
            object.map(|o| o.2),
            status,
            started,
            status.is_terminal().then_some(now),
            caller
        ],
    )?;
    Ok(row.get()?)
}

/// Records an operation that is done.
pub(crate) fn completed(
    tx: &mut dyn Transaction,
    caller: &str,
    kind: OperationType,
    object: Object<'_>,
    status: Status,
) -> Result<OperationId> {
    begin(tx, caller, kind, object, status)
}

/// The only place that changes a status: asks the table of transitions first.
pub(crate) fn set_status(
    tx: &mut dyn Transaction,
    operation: OperationId,
    kind: StatusKind,
    to: Status,
) -> Result<()> {
    let from = status(tx, operation)?;
    if !from.may_become(to, kind) {
        return Err(Error::Transition {
            operation,
            from,
            to,
        });
    }
    let now = tx.now();
    tx.execute(
        "UPDATE operations SET status = ?2, \
         start_time = CASE WHEN ?3 = 1 THEN COALESCE(start_time, ?5) ELSE start_time END, \
         end_time = CASE WHEN ?4 = 1 THEN ?5 ELSE NULL END WHERE operation_id = ?1",
        params![operation, to, to == Status::Running, to.is_terminal(), now],
    )?;
    Ok(())
}

/// The status of an operation.
pub(crate) fn status(tx: &mut dyn Transaction, operation: OperationId) -> Result<Status> {
    tx.first(
        "SELECT status FROM operations WHERE operation_id = ?1",
        params![operation],
    )?
    .ok_or(Error::OperationNotFound(operation))
    .and_then(|mut row| Ok(row.get()?))
}

/// Adds a message of the catalog's own to an operation.
pub(crate) fn say(
    tx: &mut dyn Transaction,
    operation: OperationId,
    message_type: MessageType,
    message: &str,
) -> Result<()> {
    let now = tx.now();
    tx.execute(
        "INSERT INTO operation_messages (operation_id, message_time, message_type, \
         message_source_type, message) VALUES (?1, ?2, ?3, ?4, ?5)",
        params![
            operation,
            now,
            message_type,
            MessageSource::EntryApi,
            message
        ],
    )?;
    Ok(())
}

fn operation(mut row: Row) -> Result<Operation, StoreError> {
    Ok(Operation {
        operation_id: row.get()?,
        operation_type: row.get()?,
        created_time: row.get()?,
        object_type: row.get()?,
        object_id: row.get()?,
        object_name: row.get()?,
        status: row.get()?,
        start_time: row.get()?,
        end_time: row.get()?,
        caller_name: row.get()?,
        process_id: row.get()?,
        stopped_by_name: row.get()?,
        machine_name: row.get()?,
    })
}

impl Catalog {
    /// `catalog.operations`, newest first, ids below `before`, at most `limit` (and 1000).
    pub fn operations(&self, before: Option<OperationId>, limit: usize) -> Result<Vec<Operation>> {
        self.read(|tx| {
            let before = before.map_or(i64::MAX, |id| id.0);
            let rows = tx.query(
                "SELECT operation_id, operation_type, created_time, object_type, object_id, \
                 object_name, status, start_time, end_time, caller_name, process_id, \
                 stopped_by_name, machine_name FROM operations WHERE operation_id < ?1 \
                 ORDER BY operation_id DESC LIMIT ?2",
                params![before, limit.min(1000) as i64],
            )?;
            Ok(rows.into_iter().map(operation).collect::<Result<_, _>>()?)
        })
    }

    /// `catalog.operation_messages` of one operation, oldest first (at most 10000).
    pub fn operation_messages(&self, operation: OperationId) -> Result<Vec<OperationMessage>> {
        self.read(|tx| {
            status(tx, operation)?;
            let parameters: &[SqlValue] = params![operation];
            let rows = tx.query(
                "SELECT operation_message_id, operation_id, message_time, message_type, \
                 message_source_type, message FROM operation_messages WHERE operation_id = ?1 \
                 ORDER BY operation_message_id LIMIT 10000",
                parameters,
            )?;
            let read = |mut row: Row| -> Result<OperationMessage, StoreError> {
                Ok(OperationMessage {
                    operation_message_id: row.get()?,
                    operation_id: row.get()?,
                    message_time: row.get()?,
                    message_type: row.get()?,
                    message_source_type: row.get()?,
                    message: row.get()?,
                })
            };
            Ok(rows.into_iter().map(read).collect::<Result<_, _>>()?)
        })
    }
}
