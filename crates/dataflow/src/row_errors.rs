//! What becomes of rows that fail: dispositions and error outputs.
//!
//! A component converts or evaluates a whole batch and collects failing rows per column. Only
//! when there are any are rows split off here, in one pass. A redirected row leaves once, for
//! its first failing column in column order.

use std::collections::BTreeMap;
use std::sync::Arc;

use arrow::array::{ArrayRef, Int32Array, new_null_array};
use packmule_dtsx::model::{Disposition, LineageId, Output};
use packmule_types::Code;

use crate::batch::{Batch, Column, Selection};
use crate::codes;
use crate::component::{Failure, Outputs};

/// Which of a column's two dispositions decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    /// `errorRowDisposition`
    Error,
    /// `truncationRowDisposition`
    Truncation,
}

/// One failing value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RowError {
    /// Row of the batch.
    pub row: u32,
    /// Code for the ErrorCode column.
    pub code: Code,
    /// Error or truncation.
    pub class: Class,
}

/// The two dispositions of a column, output or input.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Dispositions {
    /// For errors.
    pub error: Disposition,
    /// For truncations.
    pub truncation: Disposition,
}

impl Dispositions {
    /// What a class of failure leads to; what is not said is a failure of the component.
    pub fn of(&self, class: Class) -> Disposition {
        let disposition = match class {
            Class::Error => self.error,
            Class::Truncation => self.truncation,
        };
        match disposition {
            Disposition::NotUsed => Disposition::FailComponent,
            other => other,
        }
    }

    /// Whether any row may be redirected.
    pub fn redirects(&self) -> bool {
        self.error == Disposition::RedirectRow || self.truncation == Disposition::RedirectRow
    }
}

/// A row that makes the component fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fatal {
    /// Row of the batch.
    pub row: u32,
    /// The column, as a component numbers those that it checks.
    pub column: usize,
    /// Code of the row error.
    pub code: Code,
    /// Error or truncation.
    pub class: Class,
}

impl Fatal {
    /// The failure with what follows from it: the disposition of `path` says that it counts.
    pub fn induced(&self, first: Failure, path: &str) -> Failure {
        let code = format!("{:08X}", self.code.0);
        match self.class {
            Class::Error => first.and(codes::INDUCED_ERROR, &[path, &code, path]),
            Class::Truncation => first.and(codes::INDUCED_TRUNCATION, &[path, path]),
        }
    }

    /// The failure of an expression of `path`. A truncation has no message of its own.
    pub fn of_expression(&self, path: &str) -> Failure {
        let row = self.row as usize;
        match self.class {
            Class::Error => self.induced(Failure::at(row, self.code, &[]), path),
            Class::Truncation => Failure::at(row, codes::INDUCED_TRUNCATION, &[path, path]),
        }
    }
}

/// What has happened to the rows of one batch so far.
#[derive(Debug, Default)]
pub struct RowErrors {
    redirected: BTreeMap<u32, (i32, i32)>,
    fatal: Option<Fatal>,
}

impl RowErrors {
    /// Nothing failed yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds the failing rows of a column. Columns must come in column order. Rows that are
    /// ignored are the caller's business: it has made them NULL or cut already.
    pub fn add(
        &mut self,
        column: usize,
        lineage: LineageId,
        dispositions: Dispositions,
        errors: impl IntoIterator<Item = RowError>,
    ) {
        for error in errors {
            match dispositions.of(error.class) {
                Disposition::IgnoreFailure => {}
                Disposition::RedirectRow => {
                    let code = error.code.signed();
                    self.redirected
                        .entry(error.row)
                        .or_insert((code, lineage.0));
                }
                Disposition::FailComponent | Disposition::NotUsed => {
                    // A row that an earlier column redirects has left before this column.
                    let left = self.redirected.contains_key(&error.row);
                    if !left && self.fatal.is_none_or(|f| error.row < f.row) {
                        self.fatal = Some(Fatal {
                            row: error.row,
                            column,
                            code: error.code,
                            class: error.class,
                        });
                    }
                }
            }
        }
    }

    /// The lowest row that makes the component fail.
    pub fn fatal(&self) -> Option<Fatal> {
        self.fatal
    }

    /// Whether rows are to be split off.
    pub fn any_redirected(&self) -> bool {
        !self.redirected.is_empty()
    }

    /// Sends what a synchronous component made of a batch, without the redirected rows, which
    /// go to the error output as they came in.
    pub fn send(
        &self,
        incoming: &Batch,
        made: Batch,
        regular: usize,
        error: Option<&(usize, ErrorColumns)>,
        outputs: &mut Outputs,
    ) {
        if !self.any_redirected() {
            outputs.send(regular, made);
            return;
        }
        let (stay, redirected) = self.split(incoming);
        outputs.send(regular, made.select(stay));
        if let Some((output, added)) = error
            && outputs.is_attached(*output)
        {
            outputs.send(*output, redirected.batch(incoming, added));
        }
    }

    /// Splits a batch: the rows that stay, and the redirected ones with their codes.
    pub fn split(&self, batch: &Batch) -> (Selection, Redirected) {
        let stay: Vec<u32> = batch
            .selected_rows()
            .map(|row| row as u32)
            .filter(|row| !self.redirected.contains_key(row))
            .collect();
        let redirected = Redirected {
            rows: self.redirected.keys().copied().collect(),
            codes: self.redirected.values().map(|v| v.0).collect(),
            columns: self.redirected.values().map(|v| v.1).collect(),
        };
        (stay.into(), redirected)
    }
}

/// Redirected rows with their ErrorCode and ErrorColumn.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Redirected {
    /// Rows of the batch, ascending.
    pub rows: Vec<u32>,
    /// ErrorCode of each.
    pub codes: Vec<i32>,
    /// ErrorColumn of each: a lineage id, 0 for the row as a whole.
    pub columns: Vec<i32>,
}

impl Redirected {
    /// The batch of a synchronous error output: the redirected rows as they came in, followed
    /// by the output's own columns, of which `specialFlags` says which is which.
    pub fn batch(&self, incoming: &Batch, output: &ErrorColumns) -> Batch {
        let mut batch = incoming.select(self.rows.clone().into()).compact();
        batch.columns.extend(output.columns(self));
        batch
    }
}

/// The columns that an error output adds, by what they hold.
#[derive(Debug, Clone, Default)]
pub struct ErrorColumns {
    kinds: Vec<ErrorColumnKind>,
}

#[derive(Debug, Clone)]
enum ErrorColumnKind {
    Code,
    Column,
    Other(arrow::datatypes::DataType),
}

impl ErrorColumns {
    /// Reads an error output.
    pub fn new(output: &Output) -> Self {
        let kinds = output
            .columns
            .iter()
            .map(|column| match column.special_flags {
                1 => ErrorColumnKind::Code,
                2 => ErrorColumnKind::Column,
                _ => ErrorColumnKind::Other(column.column_type.arrow()),
            });
        Self {
            kinds: kinds.collect(),
        }
    }

    /// The columns for redirected rows; any but the two are NULL.
    pub fn columns(&self, redirected: &Redirected) -> Vec<Column> {
        let array = |values: &[i32]| -> ArrayRef { Arc::new(Int32Array::from(values.to_vec())) };
        let columns = self.kinds.iter().map(|kind| match kind {
            ErrorColumnKind::Code => array(&redirected.codes),
            ErrorColumnKind::Column => array(&redirected.columns),
            ErrorColumnKind::Other(arrow) => new_null_array(arrow, redirected.rows.len()),
        });
        columns.map(Column::Array).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FAIL: Dispositions = Dispositions {
        error: Disposition::NotUsed,
        truncation: Disposition::IgnoreFailure,
    };
    const REDIRECT: Dispositions = Dispositions {
        error: Disposition::RedirectRow,
        truncation: Disposition::RedirectRow,
    };

    fn error(row: u32, class: Class) -> RowError {
        RowError {
            row,
            code: Code(0xC020_9084),
            class,
        }
    }

    #[test]
    fn a_row_leaves_once_for_its_first_failing_column() {
        let mut errors = RowErrors::new();
        errors.add(0, LineageId(7), REDIRECT, [error(3, Class::Error)]);
        errors.add(
            1,
            LineageId(8),
            REDIRECT,
            [error(1, Class::Truncation), error(3, Class::Error)],
        );
        errors.add(
            2,
            LineageId(9),
            FAIL,
            [error(3, Class::Error), error(4, Class::Truncation)],
        );
        assert_eq!(errors.fatal(), None);
        let (stay, redirected) = errors.split(&Batch::new(Vec::new(), 5));
        assert_eq!(&*stay, [0, 2, 4]);
        assert_eq!(redirected.rows, [1, 3]);
        assert_eq!(redirected.columns, [8, 7]);
    }

    #[test]
    fn the_lowest_failing_row_counts() {
        let mut errors = RowErrors::new();
        errors.add(0, LineageId(7), FAIL, [error(5, Class::Error)]);
        errors.add(
            1,
            LineageId(8),
            FAIL,
            [error(2, Class::Error), error(9, Class::Error)],
        );
        let fatal = errors.fatal().unwrap();
        assert_eq!((fatal.row, fatal.column), (2, 1));
    }
}
