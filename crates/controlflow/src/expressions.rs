//! Property expressions, conditions and assignments of the control flow.

use std::sync::Arc;

use packmule_dtsx::model::{ExecutableKind, PropertyExpression};
use packmule_dtsx::{NodeId, PathTarget, TargetKind, resolve_component_property};
use packmule_runtime::overlay::Layer;
use packmule_runtime::variables::names::{EvaluationError, evaluate};
use packmule_runtime::{Events, Reported, Scope};
use packmule_types::{Code, Value};

use crate::host::HostId;
use crate::instance::Instance;
use crate::property_names;

/// Assignments may be chained this deep (`@a = @b = 1`).
const CHAIN_MAX: usize = 16;

/// Evaluates the property expressions of a host into the overlay. All are evaluated; it fails
/// when one does (0xC0017003).
pub(crate) fn apply(instance: &Arc<Instance>, id: HostId, events: &Events) -> Result<(), Reported> {
    let executable = instance.executable(id);
    let scope = &instance.host(id).scope;
    let mut result = Ok(());
    for expression in &executable.property_expressions {
        let done = match target(instance, id, &expression.property) {
            Ok(target) => {
                let property = &target.property;
                apply_one(instance, scope, target.node, property, expression, events)
            }
            Err(unknown) => Err(refuse(events, &expression.property, &unknown)),
        };
        result = result.and(done);
    }
    result
}

/// Evaluates expressions of an object that is no host: an enumerator, a log provider. `known`
/// are the properties that it has; `None` where it is refused as a whole.
pub(crate) fn apply_all(
    instance: &Instance,
    scope: &Arc<Scope>,
    node: NodeId,
    expressions: &[PropertyExpression],
    known: Option<&[&str]>,
    events: &Events,
) -> Result<(), Reported> {
    let mut result = Ok(());
    for expression in expressions {
        let property = &expression.property;
        let done = match known {
            Some(known) if !known.contains(&property.as_str()) => {
                Err(refuse(events, property, &Unknown::property(known)))
            }
            _ => apply_one(instance, scope, node, property, expression, events),
        };
        result = result.and(done);
    }
    result
}

fn refuse(events: &Events, property: &str, unknown: &Unknown) -> Reported {
    let text = format!("the expression of property {property} {}", unknown.text);
    events.error_text(Code(0xC001_7004), text, Some(&unknown.remedy))
}

fn apply_one(
    instance: &Instance,
    scope: &Arc<Scope>,
    node: NodeId,
    property: &str,
    expression: &PropertyExpression,
    events: &Events,
) -> Result<(), Reported> {
    match evaluate(scope, &expression.expression) {
        Ok(value) => {
            instance
                .overlay
                .set(node, property, Layer::Expression, value);
            Ok(())
        }
        Err(error) => {
            raise_evaluation(events, &error);
            Err(events.error(
                Code(0xC001_7003),
                &[&expression.expression, &expression.property],
            ))
        }
    }
}

/// Why an expression's name means nothing.
struct Unknown {
    text: String,
    remedy: String,
}

impl Unknown {
    fn property(known: &[&str]) -> Self {
        Self {
            text: "names no property that can be set".to_owned(),
            remedy: format!("remove the expression, or use one of {}", known.join(", ")),
        }
    }
}

/// The node and property that an expression's name means: `[Component].[Property]` of a Data
/// Flow Task, or a property of the host itself. A name that nothing reads is refused.
fn target(instance: &Instance, id: HostId, name: &str) -> Result<PathTarget, Unknown> {
    let executable = instance.executable(id);
    let pipeline = match &executable.kind {
        ExecutableKind::Task(task) => task.pipeline.as_ref(),
        _ => None,
    };
    let found = if name.starts_with('[') {
        pipeline.and_then(|p| resolve_component_property(p, name))
    } else {
        Some(PathTarget {
            node: executable.node,
            property: name.to_owned(),
            kind: TargetKind::Executable,
        })
    };
    let Some(target) = found else {
        return Err(Unknown {
            text: "names a component that the data flow does not have".to_owned(),
            remedy: "remove the expression, or correct the component's name".to_owned(),
        });
    };
    let known = property_names::known(&instance.package, None, &target);
    match known {
        Some(known) if !known.contains(&target.property.as_str()) => Err(Unknown::property(&known)),
        _ => Ok(target),
    }
}

/// The Disable expression alone, for the moment when a host's turn comes.
pub(crate) fn apply_disable(instance: &Arc<Instance>, id: HostId) -> Result<(), Reported> {
    let executable = instance.executable(id);
    let scope = &instance.host(id).scope;
    let found = executable
        .property_expressions
        .iter()
        .find(|e| e.property == "Disable");
    match found {
        None => Ok(()),
        Some(expression) => {
            let events = instance.events(id);
            apply_one(
                instance,
                scope,
                executable.node,
                "Disable",
                expression,
                &events,
            )
        }
    }
}

/// Raises the cause of a failed evaluation.
pub(crate) fn raise_evaluation(events: &Events, error: &EvaluationError) -> Reported {
    events.error_text(error.code, error.message.clone(), None)
}

/// Evaluates a condition; it must be Boolean (0xC0017006), NULL is not true.
pub(crate) fn condition(scope: &Arc<Scope>, text: &str, events: &Events) -> Result<bool, Reported> {
    match evaluate(scope, text) {
        Ok(Value::Bool(answer)) => Ok(answer),
        Ok(Value::Null) => Ok(false),
        Ok(_) => Err(events.error(Code(0xC001_7006), &[text])),
        Err(error) => Err(raise_evaluation(events, &error)),
    }
}

/// What evaluating a statement that may be an assignment did.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Assigned {
    /// The variable that was written; `None` for an expression without assignment.
    pub(crate) variable: Option<String>,
    /// The value.
    pub(crate) value: Value,
}

/// Evaluates `@[User::X] = expression` (also `:=`) and writes the variable, or evaluates an
/// expression without assignment.
pub(crate) fn assign(
    scope: &Arc<Scope>,
    text: &str,
    events: &Events,
) -> Result<Assigned, Reported> {
    assign_nested(scope, text, events, 0)
}

fn assign_nested(
    scope: &Arc<Scope>,
    text: &str,
    events: &Events,
    depth: usize,
) -> Result<Assigned, Reported> {
    let Some((variable, right)) = split_assignment(text) else {
        let value = evaluate(scope, text).map_err(|e| raise_evaluation(events, &e))?;
        return Ok(Assigned {
            variable: None,
            value,
        });
    };
    if depth >= CHAIN_MAX {
        let text = format!("more than {CHAIN_MAX} assignments in one expression");
        return Err(events.error_text(Code(0xC001_F186), text, None));
    }
    let value = assign_nested(scope, right, events, depth + 1)?.value;
    scope
        .set_from_expression(&variable, value.clone())
        .map_err(|error| {
            use packmule_runtime::VariableError as E;
            let code = match &error {
                E::ReadOnly { .. } => Code(0xC001_F187),
                E::NotFound { .. } | E::Locked { .. } => Code(0xC001_F188),
                other => other.code(),
            };
            events.error_text(code, error.to_string(), None)
        })?;
    Ok(Assigned {
        variable: Some(variable),
        value,
    })
}

/// `(variable, right-hand side)` when a text begins with a variable and `=` or `:=`.
pub(crate) fn split_assignment(text: &str) -> Option<(String, &str)> {
    let rest = text.trim_start().strip_prefix('@')?;
    let (name, rest) = if let Some(inner) = rest.strip_prefix('[') {
        let (name, rest) = inner.split_once(']')?;
        (name.trim(), rest)
    } else {
        let end = rest
            .find(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | ':' | '$' | '#' | '@')))
            .unwrap_or(rest.len());
        // `@x:=1`: the colon belongs to the sign, not to the name.
        let name = rest.get(..end)?;
        let name = name.strip_suffix(':').unwrap_or(name);
        (name, rest.get(name.len()..)?)
    };
    let rest = rest.trim_start();
    let right = match rest.strip_prefix(":=") {
        Some(right) => right,
        None => rest
            .strip_prefix('=')
            .filter(|right| !right.starts_with('='))?,
    };
    (!name.is_empty()).then(|| (name.to_owned(), right))
}

#[cfg(test)]
mod tests {
    use super::split_assignment;

    #[test]
    fn assignments_are_told_from_comparisons() {
        let table = [
            (
                "@[User::i] = @[User::i] + 1",
                Some(("User::i", " @[User::i] + 1")),
            ),
            ("@i=0", Some(("i", "0"))),
            ("@i:=0", Some(("i", "0"))),
            (" @[User::s] := \"=\"", Some(("User::s", " \"=\""))),
            ("@User::i = 3", Some(("User::i", " 3"))),
            ("@i == 3", None),
            ("@[User::i] == 3", None),
            ("@i + 1", None),
            ("1 + 1", None),
            ("@", None),
            ("@[User::i", None),
        ];
        for (text, expected) in table {
            let expected = expected.map(|(name, right)| (name.to_owned(), right));
            assert_eq!(split_assignment(text), expected, "{text}");
        }
    }
}
