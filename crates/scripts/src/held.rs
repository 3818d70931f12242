//! Objects that cross between engine and host by a handle: rows that the engine holds and scripts
//! read, objects that scripts made and the host holds.

use std::any::Any;
use std::collections::HashMap;
use std::sync::{Arc, Weak};
use std::time::Duration;

use arrow::buffer::Buffer;
use packmule_runtime::recordset::{Recordset, RecordsetColumn};
use packmule_runtime::{MemoryBudget, Reservation};
use packmule_types::{Object, Value};
use parking_lot::Mutex;
use serde_json::{Value as Json, json};

use crate::columns;
use crate::error::ScriptError;
use crate::host::Host;
use crate::values;

/// Rows of one answer.
const ROWS_MAX: usize = 100_000;
/// Objects that scripts of one host may hold at once.
const HELD_MAX: usize = 100_000;
/// Elements asked for at once.
const ITEMS: usize = 10_000;
/// How long the host may take for a piece of an object.
const TIMEOUT: Duration = Duration::from_secs(120);

/// The engine's objects that scripts of one host hold.
#[derive(Default)]
pub(crate) struct Held {
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    objects: HashMap<i64, Arc<dyn Object>>,
    last: i64,
}

impl Held {
    /// Keeps rows for a script; `None` when it holds too many objects.
    pub(crate) fn keep(&self, object: &Arc<dyn Object>) -> Option<i64> {
        let mut state = self.state.lock();
        if state.objects.len() >= HELD_MAX {
            return None;
        }
        state.last += 1;
        let handle = state.last;
        state.objects.insert(handle, object.clone());
        Some(handle)
    }

    /// What a handle stands for.
    pub(crate) fn get(&self, handle: i64) -> Option<Arc<dyn Object>> {
        self.state.lock().objects.get(&handle).cloned()
    }

    pub(crate) fn clear(&self) {
        self.state.lock().objects.clear();
    }

    /// `rows_release`
    pub(crate) fn release(&self, header: &Json) {
        if let Some(handle) = header.get("handle").and_then(Json::as_i64) {
            self.state.lock().objects.remove(&handle);
        }
    }

    /// `rows_read`: a piece of the rows, never more than one batch of them.
    pub(crate) fn read(&self, header: &Json) -> Result<(Json, Buffer), String> {
        let number = |name: &str| header.get(name).and_then(Json::as_u64);
        let handle = header.get("handle").and_then(Json::as_i64).unwrap_or(0);
        let object = self.get(handle);
        let object = object.ok_or_else(|| format!("there are no rows {handle}"))?;
        let Some(rows) = object.as_any().downcast_ref::<Recordset>() else {
            return Err(format!("object {handle} has no rows"));
        };
        let from = usize::try_from(number("from").unwrap_or(0)).unwrap_or(usize::MAX);
        let count = usize::try_from(number("count").unwrap_or(0)).unwrap_or(0);
        piece(rows, from, count.clamp(1, ROWS_MAX)).map_err(|e| e.to_string())
    }
}

/// Columns of a recordset as the protocol has them.
fn wire_columns(rows: &Recordset) -> Vec<Json> {
    let column = |(i, c): (usize, &RecordsetColumn)| {
        let id = i64::try_from(i).unwrap_or(i64::MAX).saturating_add(1);
        columns::wire_column(id, &c.name, 0, &c.column_type, None)
    };
    rows.columns().iter().enumerate().map(column).collect()
}

fn piece(rows: &Recordset, from: usize, count: usize) -> Result<(Json, Buffer), ScriptError> {
    let mut header = json!({"columns": wire_columns(rows), "rows": 0, "more": false});
    let found = (from < rows.rows()).then(|| rows.locate(from)).flatten();
    let Some((batch, row)) = found else {
        return Ok((header, Buffer::default()));
    };
    let count = count.min(batch.num_rows() - row);
    let slice = batch.slice(row, count);
    let arrays: Vec<_> = slice
        .columns()
        .iter()
        .cloned()
        .zip(rows.columns().iter().map(|c| c.column_type))
        .collect();
    header["rows"] = count.into();
    header["more"] = (from + count < rows.rows()).into();
    let payload = columns::encode(&arrays, count)?;
    Ok((header, Buffer::from_vec(payload)))
}

/// What the elements of a host's object are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// A collection.
    List,
    /// DataTable, DataSet, ADODB.Recordset.
    Rows,
    /// Anything else.
    Other,
}

/// An object that a script made. It lives in the host; other scripts of the same host see the
/// very object, the engine sees its elements or rows.
pub struct HostObject {
    host: Weak<Host>,
    pub(crate) handle: i64,
    name: String,
    /// What it is made of.
    pub shape: Shape,
}

impl HostObject {
    pub(crate) fn new(host: &Arc<Host>, handle: i64, name: String, shape: Shape) -> Self {
        Self {
            host: Arc::downgrade(host),
            handle,
            name,
            shape,
        }
    }

    /// The object in a value, if it is one.
    pub fn of(value: &Value) -> Option<&Self> {
        match value {
            Value::Object(object) => object.as_any().downcast_ref(),
            _ => None,
        }
    }

    /// Whether it lives in this host.
    pub(crate) fn is_of(&self, host: &Arc<Host>) -> bool {
        self.host.as_ptr() == Arc::as_ptr(host)
    }

    fn host(&self) -> Result<Arc<Host>, ScriptError> {
        self.host.upgrade().ok_or_else(|| ScriptError::Ended {
            fate: format!("the {} that a script made went with it", self.name),
            output: Vec::new(),
        })
    }

    /// The elements of a list, `limit` at most.
    ///
    /// # Errors
    /// The host has ended or cannot give them, or there are more.
    pub fn items(&self, limit: usize) -> Result<Vec<Value>, ScriptError> {
        let host = self.host()?;
        let mut items = Vec::new();
        loop {
            let request = json!({
                "type": "object_items", "handle": self.handle, "from": items.len(), "count": ITEMS,
            });
            let reply = host.call(request, Buffer::default(), TIMEOUT)?;
            let found = reply.header.get("items").and_then(Json::as_array);
            let found = found.map(Vec::as_slice).unwrap_or_default();
            for item in found {
                let value = values::from_wire(item, &host).map_err(ScriptError::Protocol)?;
                items.push(value);
            }
            let more = reply.header["more"].as_bool().unwrap_or(false);
            if !more || found.is_empty() {
                return Ok(items);
            }
            if items.len() >= limit {
                let text = format!("a list of more than {limit} elements");
                return Err(ScriptError::Protocol(text));
            }
        }
    }

    /// The rows of one of its tables; the others are counted by the second part.
    ///
    /// # Errors
    /// The host has ended or cannot give them, or they are more than the memory budget holds.
    pub fn rows(
        &self,
        table: usize,
        memory: &MemoryBudget,
    ) -> Result<(Recordset, usize), ScriptError> {
        let host = self.host()?;
        let mut batches = Vec::new();
        let mut reserved: Reservation = memory.reservation();
        let mut from = 0usize;
        loop {
            let request = json!({
                "type": "object_rows", "handle": self.handle, "table": table, "from": from,
                "count": ITEMS,
            });
            let reply = host.call(request, Buffer::default(), TIMEOUT)?;
            let (columns, batch) = rows_of(&reply.header, &reply.payload)?;
            let rows = batch.num_rows();
            let fits = reserved.try_grow(batch.get_array_memory_size());
            fits.map_err(|e| ScriptError::Protocol(format!("rows of a {}: {e}", self.name)))?;
            batches.push(batch);
            from = from.saturating_add(rows);
            let more = reply.header["more"].as_bool().unwrap_or(false);
            if !more || rows == 0 {
                let tables = reply.header["tables"].as_u64().unwrap_or(1);
                drop(reserved);
                let rows = Recordset::new(columns, batches, memory);
                let rows = rows
                    .map_err(|e| ScriptError::Protocol(format!("rows of a {}: {e}", self.name)))?;
                return Ok((rows, usize::try_from(tables).unwrap_or(1)));
            }
        }
    }
}

/// The columns and rows of an answer.
fn rows_of(
    header: &Json,
    payload: &Buffer,
) -> Result<(Vec<RecordsetColumn>, arrow::record_batch::RecordBatch), ScriptError> {
    use arrow::datatypes::{Field, Schema};
    use arrow::record_batch::{RecordBatch, RecordBatchOptions};
    let broken = |text: &str| ScriptError::Protocol(text.to_owned());
    let rows = header.get("rows").and_then(Json::as_u64).unwrap_or(0);
    let rows = usize::try_from(rows).map_err(|_| broken("too many rows"))?;
    let listed = header.get("columns").and_then(Json::as_array);
    let listed = listed.ok_or_else(|| broken("rows without columns"))?;
    let mut found = Vec::with_capacity(listed.len());
    for column in listed {
        let (name, column_type) =
            columns::column_of(column).ok_or_else(|| broken("a column of no known type"))?;
        found.push(RecordsetColumn { name, column_type });
    }
    let types: Vec<_> = found.iter().map(|c| c.column_type).collect();
    let arrays = columns::decode(payload, rows, &types)?;
    let field = |c: &RecordsetColumn| Field::new(&c.name, c.column_type.arrow(), true);
    let schema = Arc::new(Schema::new(found.iter().map(field).collect::<Vec<_>>()));
    let options = RecordBatchOptions::new().with_row_count(Some(rows));
    let batch = RecordBatch::try_new_with_options(schema, arrays, &options)
        .map_err(|e| ScriptError::Protocol(format!("rows that do not fit their columns: {e}")))?;
    Ok((found, batch))
}

impl Object for HostObject {
    fn type_name(&self) -> &str {
        &self.name
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

impl std::fmt::Debug for HostObject {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("HostObject")
            .field("handle", &self.handle)
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}

impl Drop for HostObject {
    fn drop(&mut self) {
        if let Some(host) = self.host.upgrade() {
            // A host that has ended holds nothing any more.
            let release = json!({"type": "object_release", "handle": self.handle});
            let _ = host.send_at_once(&release);
        }
    }
}

/// An array that a script made: `Object[]`, `String[]`, `Int32[]` …
#[derive(Debug)]
pub struct ScriptArray(pub Vec<Value>);

impl ScriptArray {
    /// The array in a value, if it is one.
    pub fn of(value: &Value) -> Option<&[Value]> {
        match value {
            Value::Object(object) => {
                let array: Option<&Self> = object.as_any().downcast_ref();
                array.map(|a| a.0.as_slice())
            }
            _ => None,
        }
    }
}

impl Object for ScriptArray {
    fn type_name(&self) -> &str {
        "System.Object[]"
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}
