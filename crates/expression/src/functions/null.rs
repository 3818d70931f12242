//! `ISNULL` and `REPLACENULL`.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, BooleanArray};
use arrow::compute::kernels::interleave::interleave;
use packmule_types::{ColumnType, DataType};

use super::{Argument, BoundFunction, Function, Takes};
use crate::cast;
use crate::error::ExpressionError;
use crate::vector::{Call, Kernel};

const ANY: Argument = Argument {
    name: "expression",
    takes: Takes::Any,
};

/// `ISNULL(anything)`
pub(super) const ISNULL: Function = Function {
    name: "ISNULL",
    summary: "Whether the value is NULL.",
    arguments: &[ANY],
    nulls: "never NULL",
    result: "DT_BOOL",
    example: ("ISNULL(NULL(DT_I4))", "True"),
    bind: |_| Ok(BoundFunction::new(ColumnType::new(DataType::Bool), IsNull).infallible()),
};

/// `REPLACENULL(a, b)`
pub(super) const REPLACENULL: Function = Function {
    name: "REPLACENULL",
    summary: "The first value, or where it is NULL the second, cast to the type of the first. \
              Not for large objects.",
    arguments: &[
        ANY,
        Argument {
            name: "replacement",
            takes: Takes::Any,
        },
    ],
    nulls: "NULL where both are NULL",
    result: "The type and length of the first argument",
    example: ("REPLACENULL(NULL(DT_WSTR, 10), \"none\")", "none"),
    bind: |arguments| {
        for index in 0..2 {
            let data_type = arguments.column_type(index).data_type;
            if data_type.is_lob() || data_type == DataType::Str {
                return Err(arguments.wrong_type(index));
            }
        }
        replacenull(arguments)
    },
};

fn replacenull(arguments: &super::Arguments<'_>) -> Result<BoundFunction, ExpressionError> {
    let result = arguments.column_type(0);
    let second = arguments.nodes[1].clone();
    let at = second.at;
    // The cast is part of the kernel: its operand is the node's second argument.
    let cast = cast::kernel(&second.column_type, &result, &arguments.options.locale, at)?;
    let kernel = ReplaceNull { cast };
    let mut bound = BoundFunction::new(result, kernel);
    bound.clock = cast::reads_clock(&second.column_type, &result);
    Ok(bound)
}

#[derive(Debug)]
struct IsNull;

impl Kernel for IsNull {
    fn apply(&self, call: &mut Call<'_>) -> ArrayRef {
        let argument = &call.arguments[0];
        let nulls = arrow::compute::is_null(&argument.array);
        Arc::new(nulls.unwrap_or_else(|_| BooleanArray::new_null(argument.array.len())))
    }
}

#[derive(Debug)]
struct ReplaceNull {
    cast: Option<Box<dyn Kernel>>,
}

impl Kernel for ReplaceNull {
    fn apply(&self, call: &mut Call<'_>) -> ArrayRef {
        let (first, second) = (&call.arguments[0], &call.arguments[1]);
        let wanted: Vec<bool> = (0..call.rows).map(|row| first.is_null(row)).collect();
        if !wanted.contains(&true) && !first.constant {
            return Arc::clone(&first.array);
        }
        let mut replacement = Arc::clone(&second.array);
        if let Some(cast) = &self.cast {
            let mut errors = crate::vector::Errors::default();
            let arguments = [second.clone()];
            let mut inner = Call {
                arguments: &arguments,
                rows: if second.constant { 1 } else { call.rows },
                now: call.now,
                errors: &mut errors,
            };
            replacement = cast.apply(&mut inner);
            // A replacement that is not needed does not fail.
            for (row, _) in wanted.iter().enumerate().filter(|(_, wanted)| **wanted) {
                let at = second.at(row);
                let failed = errors.rows.iter().find(|e| e.row as usize == at);
                if let Some(error) = failed {
                    call.errors.add(row, error.code, error.truncation);
                }
            }
        }
        let choice: Vec<(usize, usize)> = wanted
            .iter()
            .enumerate()
            .map(|(row, wanted)| {
                if *wanted {
                    (1, second.at(row))
                } else {
                    (0, first.at(row))
                }
            })
            .collect();
        let arrays: [&dyn Array; 2] = [first.array.as_ref(), replacement.as_ref()];
        interleave(&arrays, &choice).unwrap_or_else(|_| Arc::clone(&first.array))
    }
}
