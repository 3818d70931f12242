//! Foreach ADO enumerator (`Microsoft.ForEachADOEnumerator`): the rows of a recordset that a
//! variable holds.
//!
//! Each row is one element, index = position of the column from 0; NULL stays NULL, which only
//! an Object variable takes. Recordsets come from Execute SQL (full result set) and from the
//! Recordset destination. Documented in "Foreach Loop Container" and control-flow.md 4.
//!
//! | property | default | |
//! | --- | --- | --- |
//! | DataObjectVariable (file: VarName) | – | the Object variable, read at the start of the loop |
//! | Type (file: EnumType) | EnumerateRowsInFirstTable | also EnumerateAllRows; EnumerateTables is refused: our recordsets are single tables |
//!
//! The recordset is not consumed: a second loop starts at its first row again.

use std::sync::Arc;

use packmule_dtsx::Finding;
use packmule_dtsx::model::Enumerator;
use packmule_runtime::{Overlay, Recordset, Reported};
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

/// Reads the settings: the variable's name.
fn settings(enumerator: &Enumerator, overlay: &Overlay, place: &str) -> (String, Vec<Finding>) {
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
        ("EnumerateRowsInFirstTable", true),
        ("EnumerateAllRows", true),
        ("EnumerateTables", false),
    ];
    if !r.choice("Type", stored("EnumType"), true, &modes) {
        r.unsupported(
            "Type",
            "EnumerateTables is not supported: a recordset is one table",
            "use EnumerateRowsInFirstTable",
        );
    }
    (variable, r.findings())
}

fn validate(context: &EnumeratorContext<'_>) -> Result<(), Reported> {
    let overlay = &context.instance.overlay;
    let (variable, findings) = settings(context.enumerator, overlay, &context.place);
    report(&findings, &context.events, Code(0xC001_4023))?;
    match context.scope.find(&variable) {
        Ok(_) => Ok(()),
        Err(error) => Err(error.report(&context.events)),
    }
}

fn enumerate(context: &EnumeratorContext<'_>) -> Result<Elements, Reported> {
    let overlay = &context.instance.overlay;
    let (variable, _) = settings(context.enumerator, overlay, &context.place);
    let value = context
        .scope
        .get(&variable)
        .map_err(|error| error.report(&context.events))?;
    if Recordset::of(&value).is_none() {
        let held = packmule_runtime::variables::type_name(&value);
        let text = format!("the variable \"{variable}\" holds no recordset but {held}");
        let remedy = "fill it with a full result set or a Recordset destination before the loop";
        return Err(context
            .events
            .error_text(Code(0xC001_4023), text, Some(remedy)));
    }
    let Value::Object(object) = value else {
        return Err(Reported);
    };
    Ok(Box::new(Rows { object, next: 0 }))
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
