//! Foreach From Variable enumerator (`Microsoft.ForEachFromVarEnumerator`): the elements of the
//! collection that a variable holds, normally one that a Script task has put there.
//!
//! An array or list gives its elements at index 0, a text its characters (Char), a table or
//! recordset its rows, index = position of the column. Anything else is an error. Documented in
//! "Foreach Loop Container" and control-flow.md 4.
//!
//! | property | default | |
//! | --- | --- | --- |
//! | VariableName | – | the variable, read at the start of the loop; required |

use packmule_dtsx::Finding;
use packmule_dtsx::model::Enumerator;
use packmule_runtime::{Overlay, Recordset, Reported};
use packmule_scripts::held::{HostObject, ScriptArray, Shape};
use packmule_types::{Code, Value};

use super::{Elements, EnumeratorContext, foreach_ado};
use crate::registry::EnumeratorType;
use crate::settings::{PropertyDoc, Reader, report};

/// Elements that a collection of a script may have.
const ELEMENTS_MAX: usize = 1_000_000;

/// The registry's entry.
pub(crate) const TYPE: EnumeratorType = EnumeratorType {
    name: "Microsoft.ForEachFromVarEnumerator",
    title: "Foreach From Variable Enumerator",
    doc: "the elements of the collection that a variable holds",
    properties: &[PropertyDoc {
        name: "VariableName",
        default: "",
        doc: "the variable with the collection; required",
    }],
    settings: |enumerator, overlay, place| settings(enumerator, overlay, place).1,
    validate,
    enumerate,
};

/// Reads the settings: the variable's name.
fn settings(enumerator: &Enumerator, overlay: &Overlay, place: &str) -> (String, Vec<Finding>) {
    let mut r = Reader::new(overlay, enumerator.node, place, &enumerator.location);
    let data = enumerator.data.as_ref();
    if let Some(data) = data {
        r.unknown_attributes(data, &["VariableName"]);
    }
    let stored = data.and_then(|d| d.attribute("VariableName"));
    let variable = r.text("VariableName", stored, "");
    if variable.trim().is_empty() {
        r.invalid("VariableName", "no variable is given");
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
    if let Some(items) = ScriptArray::of(&value) {
        return Ok(single(items.to_vec()));
    }
    if let Value::Text(text) = &value {
        return Ok(single(text.encode_utf16().map(Value::Ui2).collect()));
    }
    let object = HostObject::of(&value);
    if Recordset::of(&value).is_some() || object.is_some_and(|o| o.shape == Shape::Rows) {
        return foreach_ado::rows(context, &variable, value, true);
    }
    if let Some(list) = object.filter(|o| o.shape == Shape::List) {
        let items = list.items(ELEMENTS_MAX).map_err(|error| {
            let text = format!("the collection in variable \"{variable}\" cannot be read: {error}");
            let events = &context.events;
            events.error_text(Code(0xC001_4023), text, error.remedy())
        })?;
        return Ok(single(items));
    }
    let held = packmule_runtime::variables::type_name(&value);
    let text = format!("the variable \"{variable}\" holds no collection but {held}");
    let remedy = "let a script put an array, a list or a table into the variable before the loop";
    Err(context
        .events
        .error_text(Code(0xC001_4023), text, Some(remedy)))
}

/// Each value as an element of its own.
fn single(values: Vec<Value>) -> Elements {
    Box::new(values.into_iter().map(|value| Ok(vec![value])))
}
