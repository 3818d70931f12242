//! Databases that a script uses from afar: its System.Data connections are the engine's own
//! (PROTOCOL.md 4.1). What is still open at the script's end is closed then.
//!
//! A statement's rows are read into memory, within the execution's budget, and fetched from there
//! piece by piece.

use std::collections::HashMap;
use std::collections::VecDeque;
use std::time::Duration;

use arrow::buffer::Buffer;
use arrow::record_batch::RecordBatch;
use packmule_connections::{
    DatabaseError, Direction, ExecuteOptions, MarkerStyle, Parameter, ResultColumn, ResultSet,
    RowsWanted, SharedConnection,
};
use packmule_runtime::Reservation;
use packmule_types::{ColumnType, DataType, VariableType};
use serde_json::{Value as Json, json};

use super::Session;
use super::connections::{fail, provider};
use crate::columns;
use crate::error::ScriptError;
use crate::run::{Message, Run};
use crate::values;

/// Connections and results that a script may have open at once.
const OPEN_MAX: usize = 1_000;
/// Rows of one answer.
const ROWS_MAX: usize = 100_000;

/// What a script has open.
#[derive(Default)]
pub(super) struct Databases {
    connections: HashMap<i64, SharedConnection>,
    cursors: HashMap<i64, Cursor>,
    last: i64,
}

/// Rows that wait to be fetched.
struct Cursor {
    columns: Vec<ResultColumn>,
    batches: VecDeque<RecordBatch>,
    _memory: Reservation,
}

impl Databases {
    pub(super) fn add(&mut self, connection: SharedConnection) -> i64 {
        self.last += 1;
        self.connections.insert(self.last, connection);
        self.last
    }

    fn is_full(&self) -> bool {
        self.connections.len() + self.cursors.len() >= OPEN_MAX
    }
}

fn wire_columns(columns: &[ResultColumn]) -> Vec<Json> {
    let column = |(i, c): (usize, &ResultColumn)| {
        let id = i64::try_from(i).unwrap_or(i64::MAX).saturating_add(1);
        columns::wire_column(id, &c.name, 0, &c.column_type, None)
    };
    columns.iter().enumerate().map(column).collect()
}

fn failed(run: &Run, message: &Message, error: &DatabaseError) -> Result<(), ScriptError> {
    let mut text = packmule_types::error::Chain(error).to_string();
    if let Some(remedy) = error.remedy() {
        text.push_str("; ");
        text.push_str(remedy);
    }
    run.fail(message, error.hresult().0, &text)
}

impl Session {
    pub(super) fn serve_databases(
        &mut self,
        run: &Run,
        message: &Message,
    ) -> Result<(), ScriptError> {
        match message.kind() {
            "db_open" => self.db_open(run, message),
            "db_execute" => self.db_execute(run, message),
            "db_fetch" => self.db_fetch(run, message),
            // Only the first result of a text is kept.
            "db_next_result" => run.answer(message, json!({})),
            "db_close_cursor" => {
                let cursor = message.integer("cursor").unwrap_or(0);
                self.databases.cursors.remove(&cursor);
                run.answer(message, json!({}))
            }
            "db_transaction" => self.db_transaction(run, message),
            "db_close" => {
                let database = message.integer("database").unwrap_or(0);
                self.databases.connections.remove(&database);
                run.answer(message, json!({}))
            }
            other => {
                let text = format!("an unknown message \"{other}\"");
                run.fail(message, 0x8000_4005, &text)
            }
        }
    }

    fn db_open(&mut self, run: &Run, message: &Message) -> Result<(), ScriptError> {
        if self.databases.is_full() {
            let text = format!("a script may have {OPEN_MAX} connections and results open at once");
            return run.fail(message, 0x8000_4005, &text);
        }
        let class = message.text("provider");
        let string = message.text("connection_string");
        match self.context.connections.database_by_string(class, string) {
            Ok(connection) => {
                let provider = provider(&connection);
                let database = self.databases.add(connection);
                run.answer(message, json!({"database": database, "provider": provider}))
            }
            Err(error) => fail(run, message, &error),
        }
    }

    fn database(&self, message: &Message) -> Option<SharedConnection> {
        let database = message.integer("database")?;
        self.databases.connections.get(&database).cloned()
    }

    fn db_transaction(&mut self, run: &Run, message: &Message) -> Result<(), ScriptError> {
        let Some(connection) = self.database(message) else {
            return run.fail(message, 0x8000_4005, "the connection is closed");
        };
        let done = match message.text("action") {
            "begin" => connection.begin(),
            "commit" => connection.commit(),
            _ => connection.rollback(),
        };
        match done {
            Ok(()) => run.answer(message, json!({})),
            Err(error) => failed(run, message, &error),
        }
    }

    fn db_execute(&mut self, run: &Run, message: &Message) -> Result<(), ScriptError> {
        let Some(connection) = self.database(message) else {
            return run.fail(message, 0x8000_4005, "the connection is closed");
        };
        if message.flag("procedure") {
            let text = "CommandType.StoredProcedure: no database here has procedures that are \
                        called by their bare name; write the call as text";
            return run.fail(message, 0x8000_4005, text);
        }
        let parameters = match parameters(run, message, connection.markers()) {
            Ok(parameters) => parameters,
            Err(text) => return run.fail(message, 0x8000_4005, &text),
        };
        let wants_rows = message.flag("rows");
        let timeout = message
            .integer("timeout")
            .and_then(|t| u64::try_from(t).ok());
        let options = ExecuteOptions {
            timeout: timeout.filter(|t| *t > 0).map(Duration::from_secs),
            rows: if wants_rows {
                RowsWanted::All
            } else {
                RowsWanted::None
            },
        };
        let mut done = match connection.execute(message.text("text"), &parameters, &options) {
            Ok(done) => done,
            Err(error) => return failed(run, message, &error),
        };
        if let Some(error) = done.late_error.take() {
            return failed(run, message, &error);
        }
        let affected = done.rows_affected().and_then(|n| i32::try_from(n).ok());
        let mut answer = json!({"affected": affected.unwrap_or(-1)});
        if !done.outputs.is_empty() {
            let mut outputs = vec![Json::Null; parameters.len()];
            for (position, value) in &done.outputs {
                let wire = values::to_wire(value, VariableType::Object, run.host());
                if let (Some(slot), Ok(wire)) = (outputs.get_mut(*position), wire) {
                    *slot = wire;
                }
            }
            answer["parameters"] = outputs.into();
        }
        let rows = done.statements.into_iter().find_map(|s| match s {
            packmule_connections::StatementResult::Rows(rows) => Some(rows),
            packmule_connections::StatementResult::Affected(_) => None,
        });
        if let Some(rows) = rows.filter(|_| wants_rows) {
            if self.databases.is_full() {
                return run.fail(message, 0x8000_4005, "too many results are open");
            }
            answer["columns"] = wire_columns(&rows.columns).into();
            answer["cursor"] = self.keep(rows).into();
        }
        run.answer(message, answer)
    }

    fn keep(&mut self, rows: ResultSet) -> i64 {
        let cursor = Cursor {
            columns: rows.columns,
            batches: rows.batches.into(),
            _memory: rows.reservation,
        };
        self.databases.last += 1;
        self.databases.cursors.insert(self.databases.last, cursor);
        self.databases.last
    }

    /// Rows of one batch at most.
    fn db_fetch(&mut self, run: &Run, message: &Message) -> Result<(), ScriptError> {
        let number = message.integer("cursor").unwrap_or(0);
        let Some(cursor) = self.databases.cursors.get_mut(&number) else {
            return run.fail(message, 0x8000_4005, "the result is closed");
        };
        let wanted = message
            .integer("count")
            .and_then(|c| usize::try_from(c).ok());
        let wanted = wanted.unwrap_or(ROWS_MAX).clamp(1, ROWS_MAX);
        let Some(batch) = cursor.batches.pop_front() else {
            return run.answer(message, json!({"rows": 0, "more": false}));
        };
        let count = wanted.min(batch.num_rows());
        if count < batch.num_rows() {
            let rest = batch.slice(count, batch.num_rows() - count);
            cursor.batches.push_front(rest);
        }
        let arrays: Vec<_> = batch
            .slice(0, count)
            .columns()
            .iter()
            .cloned()
            .zip(cursor.columns.iter().map(|c| c.column_type))
            .collect();
        let more = !cursor.batches.is_empty();
        let payload = Buffer::from_vec(columns::encode(&arrays, count)?);
        run.answer_with(message, json!({"rows": count, "more": more}), payload)
    }
}

/// The parameters of a command.
fn parameters(run: &Run, message: &Message, style: MarkerStyle) -> Result<Vec<Parameter>, String> {
    let given = message.header.get("parameters").and_then(Json::as_array);
    let mut out = Vec::new();
    for parameter in given.into_iter().flatten() {
        let text = |name: &str| {
            parameter
                .get(name)
                .and_then(Json::as_str)
                .unwrap_or_default()
        };
        let value = parameter.get("value").unwrap_or(&Json::Null);
        let value = values::from_wire(value, run.host())?;
        let direction = match text("direction") {
            "out" => Direction::Output,
            "in_out" => Direction::InputOutput,
            "return" => Direction::ReturnValue,
            _ => Direction::Input,
        };
        let column_type = if value.is_null() {
            ColumnType::new(DataType::Empty)
        } else {
            ColumnType::new(value.data_type())
        };
        let name = match style {
            MarkerStyle::Named => text("name").to_owned(),
            MarkerStyle::Question => String::new(),
        };
        out.push(Parameter {
            name,
            direction,
            column_type,
            value,
        });
    }
    Ok(out)
}
