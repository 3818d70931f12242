//! Operands of kernels: a column of the batch, or one value for all rows; and row errors.

use std::sync::Arc;

use arrow::array::{
    Array, ArrayRef, ArrowPrimitiveType, BooleanArray, PrimitiveArray, StringViewArray,
    new_null_array,
};
use arrow::buffer::{NullBuffer, ScalarBuffer};
use arrow::datatypes::DataType as ArrowType;
use packmule_types::{Code, ColumnType};

use crate::Now;

/// An operand. A constant has one row, which stands for all.
#[derive(Debug, Clone)]
pub(crate) struct Vector {
    pub(crate) array: ArrayRef,
    pub(crate) constant: bool,
}

impl Vector {
    pub(crate) fn is_null(&self, row: usize) -> bool {
        self.array.is_null(self.at(row))
    }

    #[inline]
    pub(crate) fn at(&self, row: usize) -> usize {
        if self.constant { 0 } else { row }
    }

    /// Whether it is NULL in all rows.
    pub(crate) fn all_null(&self) -> bool {
        (self.constant && self.array.is_null(0)) || self.array.data_type() == &ArrowType::Null
    }

    pub(crate) fn texts(&self) -> Texts<'_> {
        Texts {
            array: self.array.as_any().downcast_ref(),
            constant: self.constant,
        }
    }

    pub(crate) fn primitive<T: ArrowPrimitiveType>(&self) -> Primitives<'_, T> {
        let array = self.array.as_any().downcast_ref::<PrimitiveArray<T>>();
        Primitives {
            values: array.map_or(&[], |a| a.values()),
            nulls: array.and_then(Array::nulls),
            constant: self.constant,
        }
    }

    pub(crate) fn booleans(&self) -> Option<&BooleanArray> {
        self.array.as_any().downcast_ref()
    }
}

/// Rows of a text operand. An array of another type reads as NULL everywhere.
#[derive(Clone, Copy)]
pub(crate) struct Texts<'a> {
    pub(crate) array: Option<&'a StringViewArray>,
    pub(crate) constant: bool,
}

impl<'a> Texts<'a> {
    #[inline]
    pub(crate) fn get(&self, row: usize) -> Option<&'a str> {
        let row = if self.constant { 0 } else { row };
        let array = self.array?;
        (row < array.len() && array.is_valid(row)).then(|| array.value(row))
    }

    /// Whether all texts are ASCII, so that bytes, characters and UTF-16 units are the same.
    pub(crate) fn is_ascii(&self) -> bool {
        self.array.is_some_and(StringViewArray::is_ascii)
    }
}

/// Rows of an operand of numbers. An array of another type reads as NULL everywhere.
#[derive(Clone, Copy)]
pub(crate) struct Primitives<'a, T: ArrowPrimitiveType> {
    pub(crate) values: &'a [T::Native],
    pub(crate) nulls: Option<&'a NullBuffer>,
    pub(crate) constant: bool,
}

impl<T: ArrowPrimitiveType> Primitives<'_, T> {
    #[inline]
    pub(crate) fn get(&self, row: usize) -> Option<T::Native> {
        let row = if self.constant { 0 } else { row };
        match self.nulls {
            Some(nulls) if row >= nulls.len() || nulls.is_null(row) => None,
            _ => self.values.get(row).copied(),
        }
    }
}

/// One failing row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RowError {
    /// Row of the batch.
    pub row: u32,
    /// What failed; [`RowError::static_code`] is the form for `ErrorCode` columns.
    pub code: Code,
    /// Whether it belongs to the truncation disposition: the value is there, but cut.
    pub truncation: bool,
}

impl RowError {
    /// The code for the `ErrorCode` column of an error output: the twin of [`RowError::code`]
    /// among the static codes; the code itself where it has none.
    pub fn static_code(&self) -> Code {
        use crate::codes as c;
        let twin = match self.code {
            c::DIVIDE_BY_ZERO => 0xC004_9030,
            c::NUMERIC_OVERFLOW => 0xC004_9032,
            c::BINARY_OVERFLOW => 0xC004_9033,
            c::SUBSTRING_LENGTH => 0xC004_9040,
            c::SUBSTRING_START => 0xC004_9041,
            c::CONVERSION_OVERFLOW => 0xC004_9060,
            c::CONVERSION_UNSUPPORTED => 0xC004_9061,
            c::CONVERSION_FAILED => 0xC004_9062,
            c::CAST_FAILED => 0xC004_9064,
            c::FUNCTION_FAILED => 0xC004_9067,
            c::VARIABLE_READ => 0xC004_9097,
            Code(other) => other,
        };
        Code(twin)
    }
}

/// Gathers the errors of one evaluation; local rows are mapped to rows of the whole batch.
#[derive(Debug, Default)]
pub(crate) struct Errors {
    pub(crate) rows: Vec<RowError>,
}

impl Errors {
    pub(crate) fn push(&mut self, row: usize, code: Code) {
        self.add(row, code, false);
    }

    pub(crate) fn add(&mut self, row: usize, code: Code, truncation: bool) {
        self.rows.push(RowError {
            row: u32::try_from(row).unwrap_or(u32::MAX),
            code,
            truncation,
        });
    }
}

/// What a kernel works on.
pub(crate) struct Call<'a> {
    pub(crate) arguments: &'a [Vector],
    pub(crate) rows: usize,
    pub(crate) now: &'a Now,
    pub(crate) errors: &'a mut Errors,
}

impl Call<'_> {
    /// Whether some argument is NULL everywhere; the answer of most kernels is then too.
    pub(crate) fn any_all_null(&self) -> bool {
        self.arguments.iter().any(Vector::all_null)
    }

    /// Rows that are NULL because one of the arguments is.
    pub(crate) fn nulls(&self) -> Option<NullBuffer> {
        let mut nulls: Option<NullBuffer> = None;
        for argument in self.arguments.iter().filter(|a| !a.constant) {
            nulls = NullBuffer::union(nulls.as_ref(), argument.array.nulls());
        }
        nulls
    }

    pub(crate) fn nulls_of(&self, column_type: &ColumnType) -> ArrayRef {
        new_null_array(&column_type.arrow(), self.rows)
    }
}

/// A function over whole columns, bound to its types.
pub(crate) trait Kernel: Send + Sync + std::fmt::Debug {
    /// Computes the result's `call.rows` rows. Failing rows are NULL and noted in
    /// `call.errors`.
    fn apply(&self, call: &mut Call<'_>) -> ArrayRef;
}

/// A kernel of one argument, row by row.
pub(crate) fn map_unary<A, R>(
    call: &mut Call<'_>,
    arrow: ArrowType,
    f: impl Fn(A::Native) -> Result<R::Native, Code>,
) -> ArrayRef
where
    A: ArrowPrimitiveType,
    R: ArrowPrimitiveType,
    R::Native: Default,
{
    let argument = call.arguments[0].primitive::<A>();
    collect::<R>(call.rows, arrow, call.errors, |row| {
        argument.get(row).map(&f)
    })
}

/// A kernel of two arguments of one type, row by row; NULL in either gives NULL.
pub(crate) fn map_binary<A, R>(
    call: &mut Call<'_>,
    arrow: ArrowType,
    f: impl Fn(A::Native, A::Native) -> Result<R::Native, Code>,
) -> ArrayRef
where
    A: ArrowPrimitiveType,
    R: ArrowPrimitiveType,
    R::Native: Default,
{
    if call.any_all_null() {
        return new_null_array(&arrow, call.rows);
    }
    let (left, right) = (&call.arguments[0], &call.arguments[1]);
    let nulls = call.nulls();
    let (a, b) = (left.primitive::<A>(), right.primitive::<A>());
    let valid = |row: usize| nulls.as_ref().is_none_or(|n| n.is_valid(row));
    let rows = call.rows;
    let errors = &mut *call.errors;
    let pairs: &mut dyn Iterator<Item = (A::Native, A::Native)> = match (a.values, b.values) {
        (a, [b]) if right.constant && !left.constant => &mut a.iter().map(|a| (*a, *b)),
        ([a], b) if left.constant && !right.constant => &mut b.iter().map(|b| (*a, *b)),
        (a, b) => &mut a.iter().copied().zip(b.iter().copied()),
    };
    let mut failed = Vec::new();
    let mut values = Vec::with_capacity(rows);
    for (row, (a, b)) in pairs.take(rows).enumerate() {
        match f(a, b) {
            Ok(value) => values.push(value),
            Err(code) => {
                values.push(R::Native::default());
                if valid(row) {
                    failed.push(row);
                    errors.push(row, code);
                }
            }
        }
    }
    values.resize(rows, R::Native::default());
    let nulls = with_failed(nulls, &failed, rows);
    primitive_array::<R>(values, nulls, arrow)
}

/// The same validity, without some rows.
pub(crate) fn with_failed(
    nulls: Option<NullBuffer>,
    failed: &[usize],
    rows: usize,
) -> Option<NullBuffer> {
    if failed.is_empty() {
        return nulls;
    }
    let mut valid: Vec<bool> = match &nulls {
        Some(nulls) => nulls.iter().collect(),
        None => vec![true; rows],
    };
    for row in failed {
        if let Some(valid) = valid.get_mut(*row) {
            *valid = false;
        }
    }
    Some(NullBuffer::from(valid))
}

/// Builds a column of numbers from a function of the row.
pub(crate) fn collect<R>(
    rows: usize,
    arrow: ArrowType,
    errors: &mut Errors,
    f: impl Fn(usize) -> Option<Result<R::Native, Code>>,
) -> ArrayRef
where
    R: ArrowPrimitiveType,
    R::Native: Default,
{
    let mut values = Vec::with_capacity(rows);
    let mut nulls = arrow::array::NullBufferBuilder::new(rows);
    for row in 0..rows {
        match f(row) {
            Some(Ok(value)) => {
                values.push(value);
                nulls.append_non_null();
                continue;
            }
            Some(Err(code)) => errors.push(row, code),
            None => {}
        }
        values.push(R::Native::default());
        nulls.append_null();
    }
    primitive_array::<R>(values, nulls.finish(), arrow)
}

fn primitive_array<R: ArrowPrimitiveType>(
    values: Vec<R::Native>,
    nulls: Option<NullBuffer>,
    arrow: ArrowType,
) -> ArrayRef {
    let array = PrimitiveArray::<R>::new(ScalarBuffer::from(values), nulls);
    Arc::new(array.with_data_type(arrow))
}
