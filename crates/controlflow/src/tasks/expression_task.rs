//! Expression task (`Microsoft.ExpressionTask`): evaluates one expression, normally an
//! assignment to a variable. Documented in "Expression Task" and control-flow.md 6.5.
//!
//! | property | default | |
//! | --- | --- | --- |
//! | Expression | – | `@[User::X] = …`, also with `:=`; required |

use packmule_dtsx::Finding;
use packmule_dtsx::model::Executable;
use packmule_runtime::{Overlay, Reported};
use packmule_types::{Code, Value};

use super::{TaskContext, data_of};
use crate::expressions::{assign, split_assignment};
use crate::registry::TaskType;
use crate::settings::{PropertyDoc, Reader, report};

/// The registry's entry.
pub(crate) const TYPE: TaskType = TaskType {
    name: "Microsoft.ExpressionTask",
    title: "Expression Task",
    doc: "evaluates an expression and assigns its value to a variable",
    properties: &[PropertyDoc {
        name: "Expression",
        default: "",
        doc: "@[Namespace::Variable] = expression; required",
    }],
    settings: |executable, overlay| settings(executable, overlay).1,
    validate,
    execute,
};

/// Reads the expression.
fn settings(executable: &Executable, overlay: &Overlay) -> (String, Vec<Finding>) {
    let place = &executable.ref_id;
    let mut r = Reader::new(overlay, executable.node, place, &executable.location);
    let data = data_of(executable);
    if let Some(data) = data {
        r.unknown_attributes(data, &["Expression", "TaskName"]);
    }
    let stored = data.and_then(|d| d.attribute("Expression"));
    let expression = r.text("Expression", stored, "");
    if expression.trim().is_empty() {
        r.invalid("Expression", "no expression is given");
    }
    (expression, r.findings())
}

fn validate(context: &TaskContext) -> Result<(), Reported> {
    let (expression, findings) = settings(context.executable(), context.overlay());
    report(&findings, &context.events, Code(0xC001_F18A))?;
    let Some((variable, _)) = split_assignment(&expression) else {
        return Ok(());
    };
    match context.scope.find(&variable) {
        Ok((found, _)) if found.is_read_only() => {
            Err(context.events.error(Code(0xC001_F187), &[&variable]))
        }
        Ok(_) => Ok(()),
        Err(error) => Err(context
            .events
            .error_text(Code(0xC001_F188), error.to_string(), None)),
    }
}

fn execute(context: &TaskContext) -> Result<Option<Value>, Reported> {
    let (expression, _) = settings(context.executable(), context.overlay());
    let assigned = assign(&context.scope, &expression, &context.events)?;
    Ok(Some(assigned.value))
}
