//! `GETDATE` and `GETUTCDATE`: the clock of the evaluation, to the millisecond.

use std::sync::Arc;

use arrow::array::{ArrayRef, TimestampMicrosecondArray};
use packmule_types::temporal::ticks_from_datetime;
use packmule_types::{ColumnType, DataType};

use super::{BoundFunction, Function};
use crate::temporal::timestamp_micros;
use crate::vector::{Call, Kernel};

/// `GETDATE()`
pub(super) const GETDATE: Function = Function {
    name: "GETDATE",
    summary: "Local date and time; one value for all rows of a batch.",
    arguments: &[],
    nulls: "never NULL",
    result: "DT_DBTIMESTAMP",
    example: ("GETDATE() == GETDATE()", "True"),
    bind: |_| Ok(bound(GetDate { utc: false })),
};

/// `GETUTCDATE()`
pub(super) const GETUTCDATE: Function = Function {
    name: "GETUTCDATE",
    summary: "Date and time in UTC; one value for all rows of a batch.",
    arguments: &[],
    nulls: "never NULL",
    result: "DT_DBTIMESTAMP",
    example: ("DATEDIFF(\"day\", GETUTCDATE(), GETUTCDATE())", "0"),
    bind: |_| Ok(bound(GetDate { utc: true })),
};

fn bound(kernel: GetDate) -> BoundFunction {
    BoundFunction {
        clock: true,
        ..BoundFunction::new(ColumnType::new(DataType::DbTimeStamp), kernel).infallible()
    }
}

#[derive(Debug)]
struct GetDate {
    utc: bool,
}

impl Kernel for GetDate {
    fn apply(&self, call: &mut Call<'_>) -> ArrayRef {
        let at = if self.utc {
            call.now.utc
        } else {
            call.now.local
        };
        let micros = ticks_from_datetime(at).map(timestamp_micros);
        Arc::new(TimestampMicrosecondArray::from(vec![micros; call.rows]))
    }
}
