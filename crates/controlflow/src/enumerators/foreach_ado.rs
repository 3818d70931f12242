//! Foreach ADO enumerator (`Microsoft.ForEachADOEnumerator`): the rows of a recordset that a
//! variable holds, or of a DataTable, DataSet or recordset that a script put there.
//!
//! Each row is one element, index = position of the column from 0; NULL stays NULL, which only
//! an Object variable takes. Recordsets come from Execute SQL (full result set) and from the
//! Recordset destination. Documented in "Foreach Loop Container" and control-flow.md 4.
//!
//! | property | default | |
//! | --- | --- | --- |
//! | DataObjectVariable (file: VarName) | – | the Object variable, read at the start of the loop |
//! | Type (file: EnumType) | EnumerateRowsInFirstTable | also EnumerateAllRows; EnumerateTables is refused: a table is no value of a variable here |
//!
//! The recordset is not consumed: a second loop starts at its first row again.

use std::sync::Arc;

use packmule_dtsx::Finding;
use packmule_dtsx::model::Enumerator;
use packmule_runtime::{Overlay, Recordset, Reported};
use packmule_scripts::ScriptError;
use packmule_scripts::held::{HostObject, Shape};
use packmule_types::array::value_at;
use packmule_types::{Code, Object, Value};

use super::{Element, Elements, EnumeratorContext};
use crate::registry::EnumeratorType;
use crate::settings::{PropertyDoc, Reader, report};
use crate::values::variable_form;

/// The registry's entry.
pub(crate) const TYPE: EnumeratorType = EnumeratorType {
    name: "Microsoft.ForEachADOEnumerator",
    title: "Foreach ADO Enumerator",
    doc: "the rows of a recordset that an Object variable holds",
    properties: &[
        PropertyDoc {
            name: "DataObjectVariable",
            default: "",
            doc: "the Object variable; required",
        },
        PropertyDoc {
            name: "Type",
            default: "EnumerateRowsInFirstTable",
            doc: "EnumerateRowsInFirstTable or EnumerateAllRows",
        },
    ],
    settings: |enumerator, overlay, place| settings(enumerator, overlay, place).1,
    validate,
    enumerate,
};

/// Reads the settings: the variable's name, whether the rows of all tables count.
fn settings(
    enumerator: &Enumerator,
    overlay: &Overlay,
    place: &str,
) -> ((String, bool), Vec<Finding>) {
    let mut r = Reader::new(overlay, enumerator.node, place, &enumerator.location);
    let data = enumerator.data.as_ref();
    if let Some(data) = data {
        r.unknown_attributes(data, &["EnumType", "VarName"]);
    }
    let stored = |name: &str| data.and_then(|d| d.attribute(name));
    let variable = r.text("DataObjectVariable", stored("VarName"), "");
    if variable.trim().is_empty() {
        r.invalid("DataObjectVariable", "no variable is given");
    }
    let modes = [
        ("EnumerateRowsInFirstTable", Some(false)),
        ("EnumerateAllRows", Some(true)),
        ("EnumerateTables", None),
    ];
    let all = r.choice("Type", stored("EnumType"), Some(false), &modes);
    if all.is_none() {
        r.unsupported(
            "Type",
            "EnumerateTables is not supported: a table is no value of a variable here",
            "use EnumerateRowsInFirstTable",
        );
    }
    ((variable, all.unwrap_or(false)), r.findings())
}

fn validate(context: &EnumeratorContext<'_>) -> Result<(), Reported> {
    let overlay = &context.instance.overlay;
    let ((variable, _), findings) = settings(context.enumerator, overlay, &context.place);
    report(&findings, &context.events, Code(0xC001_4023))?;
    match context.scope.find(&variable) {
        Ok(_) => Ok(()),
        Err(error) => Err(error.report(&context.events)),
    }
}

fn enumerate(context: &EnumeratorContext<'_>) -> Result<Elements, Reported> {
    let overlay = &context.instance.overlay;
    let ((variable, all), _) = settings(context.enumerator, overlay, &context.place);
    let value = context
        .scope
        .get(&variable)
        .map_err(|error| error.report(&context.events))?;
    rows(context, &variable, value, all)
}

/// The rows of what a variable holds: of its first table, or of all.
pub(super) fn rows(
    context: &EnumeratorContext<'_>,
    variable: &str,
    value: Value,
    all: bool,
) -> Result<Elements, Reported> {
    if Recordset::of(&value).is_none() {
        let made = HostObject::of(&value).filter(|o| o.shape == Shape::Rows);
        let Some(object) = made else {
            let held = packmule_runtime::variables::type_name(&value);
            let text = format!("the variable \"{variable}\" holds no recordset but {held}");
            let remedy =
                "fill it with a full result set or a Recordset destination before the loop";
            return Err(context
                .events
                .error_text(Code(0xC001_4023), text, Some(remedy)));
        };
        let tables = tables(context, object, all).map_err(|error| {
            let text = format!("the rows in variable \"{variable}\" cannot be read: {error}");
            let events = &context.events;
            events.error_text(Code(0xC001_4023), text, error.remedy())
        })?;
        let rows = tables.into_iter().map(|object| Rows { object, next: 0 });
        return Ok(Box::new(rows.flatten()));
    }
    let Value::Object(object) = value else {
        return Err(Reported);
    };
    Ok(Box::new(Rows { object, next: 0 }))
}

/// The tables of an object of a script, brought here within the memory budget.
fn tables(
    context: &EnumeratorContext<'_>,
    object: &HostObject,
    all: bool,
) -> Result<Vec<Arc<dyn Object>>, ScriptError> {
    let memory = &context.instance.services.memory;
    let (first, count) = object.rows(0, memory)?;
    let mut tables: Vec<Arc<dyn Object>> = vec![Arc::new(first)];
    for table in 1..count {
        if all {
            tables.push(Arc::new(object.rows(table, memory)?.0));
        }
    }
    Ok(tables)
}

/// The rows, read as they are asked for; the recordset lives as long as the loop.
struct Rows {
    object: Arc<dyn Object>,
    next: usize,
}

impl Iterator for Rows {
    type Item = Result<Element, Reported>;

    fn next(&mut self) -> Option<Self::Item> {
        let recordset = self.object.as_any().downcast_ref::<Recordset>()?;
        let (batch, row) = recordset.locate(self.next)?;
        self.next += 1;
        let columns = recordset.columns().iter().zip(batch.columns());
        let values = columns.map(|(column, array)| {
            variable_form(value_at(&column.column_type, array.as_ref(), row))
        });
        Some(Ok(values.collect()))
    }
}
