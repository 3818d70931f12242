//! The rows that an Object variable holds: a full result set of an Execute SQL Task, what a
//! Recordset Destination kept, what a Foreach ADO loop goes over.

use std::any::Any;
use std::sync::Arc;

use arrow::record_batch::RecordBatch;

use packmule_types::{ColumnType, Object, Value};

use crate::memory::{MemoryBudget, OutOfBudget, Reservation};

/// Name and type of a column of a recordset.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordsetColumn {
    /// Name.
    pub name: String,
    /// Type.
    pub column_type: ColumnType,
}

/// Rows in batches; never changes once made. Holds its memory reserved as long as it lives.
#[derive(Debug)]
pub struct Recordset {
    columns: Vec<RecordsetColumn>,
    batches: Vec<RecordBatch>,
    /// Rows before each batch, and all of them at the end.
    starts: Vec<usize>,
    data_set: bool,
    _memory: Reservation,
}

impl Recordset {
    /// Keeps batches whose columns are, by position, those of `columns` in their Arrow form.
    ///
    /// # Errors
    /// The memory budget does not hold them.
    pub fn new(
        columns: Vec<RecordsetColumn>,
        batches: Vec<RecordBatch>,
        memory: &MemoryBudget,
    ) -> Result<Self, OutOfBudget> {
        let bytes = batches.iter().map(RecordBatch::get_array_memory_size).sum();
        let reservation = memory.try_reserve(bytes)?;
        let mut starts = Vec::with_capacity(batches.len() + 1);
        let mut rows = 0usize;
        starts.push(0);
        for batch in &batches {
            rows = rows.saturating_add(batch.num_rows());
            starts.push(rows);
        }
        Ok(Self {
            columns,
            batches,
            starts,
            data_set: false,
            _memory: reservation,
        })
    }

    /// The same as what ADO.NET fills: scripts see a `System.Data.DataSet` in place of an ADODB
    /// recordset.
    #[must_use]
    pub fn as_data_set(mut self) -> Self {
        self.data_set = true;
        self
    }

    /// Whether scripts see a `System.Data.DataSet`.
    pub fn is_data_set(&self) -> bool {
        self.data_set
    }

    /// The columns.
    pub fn columns(&self) -> &[RecordsetColumn] {
        &self.columns
    }

    /// The batches.
    pub fn batches(&self) -> &[RecordBatch] {
        &self.batches
    }

    /// Rows in all.
    pub fn rows(&self) -> usize {
        self.starts.last().copied().unwrap_or_default()
    }

    /// The batch that holds a row, and the row's position in it; `None` past the end.
    pub fn locate(&self, row: usize) -> Option<(&RecordBatch, usize)> {
        let batch = self
            .starts
            .partition_point(|start| *start <= row)
            .checked_sub(1)?;
        let start = self.starts.get(batch)?;
        self.batches.get(batch).map(|b| (b, row - start))
    }

    /// As the value of an Object variable.
    pub fn into_value(self) -> Value {
        Value::Object(Arc::new(self))
    }

    /// The recordset in the value of an Object variable, if that is what it holds.
    pub fn of(value: &Value) -> Option<&Self> {
        match value {
            Value::Object(object) => object.as_any().downcast_ref(),
            _ => None,
        }
    }
}

impl Object for Recordset {
    fn type_name(&self) -> &str {
        "System.Data.DataTable"
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}
