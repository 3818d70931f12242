//! A bound expression, what it is evaluated on, and what comes out.

use arrow::array::{Array, ArrayRef, BooleanArray, UInt32Array, new_null_array};
use arrow::compute::{nullif, take};
use chrono::NaiveDateTime;
use packmule_types::array::value_at;
use packmule_types::{ColumnType, Value};

use crate::error::ExpressionError;
use crate::syntax::{Span, VariableReference};
use crate::tree::{Depends, Node, Rows, evaluate};
use crate::vector::{Errors, RowError};

/// The time that `GETDATE()` and its kin give, the same for all rows of an evaluation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Now {
    /// Local time.
    pub local: NaiveDateTime,
    /// The same moment in UTC.
    pub utc: NaiveDateTime,
    /// Minutes that local time is east of UTC.
    pub offset_minutes: i16,
}

/// What an expression is evaluated on.
#[derive(Debug, Clone, Copy)]
pub struct Inputs<'a> {
    /// Columns by [`crate::ColumnBinding::index`], each with at least `rows` rows in the Arrow
    /// form of its type. Only those of [`Bound::columns`] are read.
    pub columns: &'a [ArrayRef],
    /// Rows of the batch.
    pub rows: usize,
    /// Values by [`crate::VariableBinding::index`]. Only those of [`Bound::variables`] are read.
    pub variables: &'a [Value],
    /// The clock.
    pub now: &'a Now,
}

impl<'a> Inputs<'a> {
    /// One row without columns: variables, constraints, properties.
    pub fn row(variables: &'a [Value], now: &'a Now) -> Self {
        Self {
            columns: &[],
            rows: 1,
            variables,
            now,
        }
    }
}

/// A result column.
#[derive(Debug, Clone)]
pub struct Evaluated {
    /// The values, in the Arrow form of [`Bound::column_type`]; NULL where the row failed, cut
    /// where it was truncated.
    pub array: ArrayRef,
    /// The failing rows in ascending order, one entry each.
    pub errors: Vec<RowError>,
}

/// An expression whose names and types are known.
#[derive(Debug, Clone)]
pub struct Bound {
    pub(crate) root: Node,
    pub(crate) text: String,
    pub(crate) target: Option<VariableReference>,
    pub(crate) columns: Vec<usize>,
    pub(crate) variables: Vec<usize>,
    pub(crate) sensitive: bool,
}

impl Bound {
    /// The type of the result.
    pub fn column_type(&self) -> ColumnType {
        self.root.column_type
    }

    /// The columns that are read, ascending.
    pub fn columns(&self) -> &[usize] {
        &self.columns
    }

    /// The variables that are read, ascending.
    pub fn variables(&self) -> &[usize] {
        &self.variables
    }

    /// The variable that the result is assigned to.
    pub fn assignment_target(&self) -> Option<&VariableReference> {
        self.target.as_ref()
    }

    /// Whether a sensitive variable or parameter is read: the result must not be shown.
    pub fn sensitive(&self) -> bool {
        self.sensitive
    }

    /// Whether the result is the same for every row of a batch.
    pub fn is_constant(&self) -> bool {
        self.root.depends != Depends::Rows
    }

    /// Evaluates all rows of a batch.
    pub fn evaluate(&self, inputs: &Inputs<'_>) -> Evaluated {
        let mut errors = Errors::default();
        let rows = Rows {
            count: inputs.rows,
            selection: None,
        };
        let result = evaluate(&self.root, inputs, rows, &mut errors);
        let mut array = result.array;
        if result.constant && array.len() != inputs.rows {
            let zeros = UInt32Array::from(vec![0; inputs.rows]);
            array = take(&array, &zeros, None)
                .unwrap_or_else(|_| new_null_array(&self.root.column_type.arrow(), inputs.rows));
        }
        let errors = one_per_row(errors.rows);
        let array = without_failed(array, &errors);
        Evaluated { array, errors }
    }

    /// Evaluates the first row. A truncated value counts as the value.
    pub fn evaluate_row(&self, inputs: &Inputs<'_>) -> Result<Value, ExpressionError> {
        let inputs = Inputs { rows: 1, ..*inputs };
        let evaluated = self.evaluate(&inputs);
        if let Some(error) = evaluated.errors.iter().find(|e| !e.truncation) {
            let all = Span {
                start: 0,
                end: self.text.len(),
            };
            return Err(ExpressionError::new(error.code, all, ""));
        }
        Ok(value_at(&self.root.column_type, &evaluated.array, 0))
    }
}

/// The first error of each row, else its first truncation; ascending.
fn one_per_row(mut errors: Vec<RowError>) -> Vec<RowError> {
    // Stable, so the order in which a row's errors came about stays.
    errors.sort_by_key(|error| (error.row, error.truncation));
    errors.dedup_by_key(|error| error.row);
    errors
}

fn without_failed(array: ArrayRef, errors: &[RowError]) -> ArrayRef {
    if errors.iter().all(|error| error.truncation) {
        return array;
    }
    let mut failed = vec![false; array.len()];
    for error in errors.iter().filter(|error| !error.truncation) {
        if let Some(failed) = failed.get_mut(error.row as usize) {
            *failed = true;
        }
    }
    nullif(&array, &BooleanArray::from(failed)).unwrap_or(array)
}
