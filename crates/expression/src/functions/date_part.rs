//! `DATEPART`, `DAY`, `MONTH`, `YEAR`.

use arrow::array::ArrayRef;
use arrow::datatypes::Int32Type;
use packmule_types::{ColumnType, DataType};

use super::parts::{Part, ticks_of};
use super::{Argument, Arguments, BoundFunction, Function, Takes};
use crate::codes;
use crate::error::ExpressionError;
use crate::syntax::SyntaxKind;
use crate::temporal::Ticks;
use crate::vector::{Call, Kernel, collect};

const DATE: Argument = Argument {
    name: "date",
    takes: Takes::Temporal,
};

/// `DATEPART(part, date)`
pub(super) const DATEPART: Function = Function {
    name: "DATEPART",
    summary: "A part of a date as a number; the weekday is 1 on Sundays.",
    arguments: &[
        Argument {
            name: "datepart",
            takes: Takes::DatePart,
        },
        DATE,
    ],
    nulls: "NULL gives NULL",
    result: "DT_I4",
    example: ("DATEPART(\"month\", (DT_DBTIMESTAMP)\"2002-11-04\")", "11"),
    bind: |arguments| {
        let part = Part::of(arguments, false)?;
        Ok(bound(part, ticks_of(arguments, 1)))
    },
};

macro_rules! short {
    ($name:ident, $part:ident, $summary:literal, $value:literal) => {
        #[doc = $summary]
        pub(super) const $name: Function = Function {
            name: stringify!($name),
            summary: $summary,
            arguments: &[DATE],
            nulls: "NULL gives NULL",
            result: "DT_I4",
            example: (
                concat!(stringify!($name), "((DT_DBTIMESTAMP)\"2002-11-23\")"),
                $value,
            ),
            bind: |arguments| {
                no_literal_of_new_types(arguments)?;
                Ok(bound(Part::$part, ticks_of(arguments, 0)))
            },
        };
    };
}

short!(DAY, Day, "The day of the month.", "23");
short!(MONTH, Month, "The month.", "11");
short!(YEAR, Year, "The year.", "2002");

fn bound(part: Part, ticks: Ticks) -> BoundFunction {
    BoundFunction::new(ColumnType::new(DataType::I4), DatePart { part, ticks }).infallible()
}

/// A literal cast to `DT_DBTIMESTAMPOFFSET` or `DT_DBTIMESTAMP2` is refused, as documented.
fn no_literal_of_new_types(arguments: &Arguments<'_>) -> Result<(), ExpressionError> {
    let Some(SyntaxKind::Cast(to, operand)) = arguments.syntax.first().map(|s| &s.kind) else {
        return Ok(());
    };
    let newer = matches!(
        to.data_type,
        DataType::DbTimeStampOffset | DataType::DbTimeStamp2
    );
    if newer && matches!(operand.kind, SyntaxKind::Literal(_)) {
        let name = arguments.function.name;
        let detail = format!(
            "{name} does not take a literal cast to {}; cast it to DT_DBTIMESTAMP",
            to.data_type
        );
        let at = arguments.syntax[0].at;
        return Err(
            ExpressionError::new(codes::PARAMETER_TYPE, at, detail).with(&[
                name,
                "1",
                to.data_type.name(),
            ]),
        );
    }
    Ok(())
}

#[derive(Debug)]
struct DatePart {
    part: Part,
    ticks: Ticks,
}

impl Kernel for DatePart {
    fn apply(&self, call: &mut Call<'_>) -> ArrayRef {
        let ticks = self.ticks.of(&call.arguments[call.arguments.len() - 1]);
        let arrow = arrow::datatypes::DataType::Int32;
        collect::<Int32Type>(call.rows, arrow, call.errors, |row| {
            let value = self.part.value(ticks.get(row)?);
            Some(i32::try_from(value).map_err(|_| codes::FUNCTION_OVERFLOW))
        })
    }
}
