//! Parameters of a package and its project: design values, then values from outside.

use std::sync::Arc;

use packmule_dtsx::model::{Package, Parameter, Project};
use packmule_runtime::Scope;
use packmule_runtime::variables::{ParameterValue, convert};
use packmule_types::{Secret, Value, VariableType};

use crate::inherited::Inherited;
use crate::outside::RunError;
use crate::package_run::ParameterInput;

/// Declares `$Package::` and `$Project::` parameters in a package's scope.
///
/// Names without namespace mean the package's parameter, else the project's.
pub(crate) fn declare(
    scope: &Arc<Scope>,
    package: &Package,
    project: Option<&Project>,
    inherited: &Inherited,
    given: Vec<(String, ParameterInput)>,
) -> Result<(), RunError> {
    let of_project = project.map(|p| p.parameters.as_slice()).unwrap_or_default();
    let mut packages = Given::new("$Package", &package.parameters);
    let mut projects = Given::new("$Project", of_project);
    if project.is_some() {
        for (name, input) in &inherited.project_parameters {
            // A child in another project has no such parameter.
            projects.take(name, input.clone());
        }
    }
    for (name, input) in given {
        let found = packages.take(&name, input.clone()) || projects.take(&name, input);
        if !found {
            return Err(RunError::UnknownParameter { name });
        }
    }
    // Design values of required parameters are for the designer, not for a project's run.
    let strict = project.is_some() || inherited.server_execution_id != 0;
    scope.declare_parameters("$Package", &packages.values(strict)?);
    scope.declare_parameters("$Project", &projects.values(strict)?);
    Ok(())
}

/// The parameters of one namespace, with what was given for them.
struct Given<'a> {
    namespace: &'static str,
    parameters: &'a [Parameter],
    inputs: Vec<Option<ParameterInput>>,
}

impl<'a> Given<'a> {
    fn new(namespace: &'static str, parameters: &'a [Parameter]) -> Self {
        Self {
            namespace,
            parameters,
            inputs: vec![None; parameters.len()],
        }
    }

    /// Takes a value for one of its parameters; whether there is one of that name.
    fn take(&mut self, name: &str, input: ParameterInput) -> bool {
        let bare = match name.split_once("::") {
            Some((namespace, bare)) if namespace == self.namespace => bare,
            Some(_) => return false,
            None => name,
        };
        let Some(position) = self.parameters.iter().position(|p| p.name == bare) else {
            return false;
        };
        if let Some(slot) = self.inputs.get_mut(position) {
            *slot = Some(input);
        }
        true
    }

    fn values(self, strict: bool) -> Result<Vec<ParameterValue>, RunError> {
        let namespace = self.namespace;
        self.parameters
            .iter()
            .zip(self.inputs)
            .map(|(parameter, input)| {
                let full_name = format!("{namespace}::{}", parameter.name);
                match input {
                    Some(input) => given(parameter, full_name, input),
                    None if parameter.required && strict => {
                        Err(RunError::RequiredParameter { name: full_name })
                    }
                    None => Ok(ParameterValue::from(parameter)),
                }
            })
            .collect()
    }
}

/// A parameter's value from outside, in its type.
fn given(
    parameter: &Parameter,
    name: String,
    input: ParameterInput,
) -> Result<ParameterValue, RunError> {
    let mut value = ParameterValue::from(parameter);
    let plain = match input {
        ParameterInput::Secret(secret) => {
            if !parameter.sensitive {
                return Err(RunError::SensitiveValue { name });
            }
            value.secret = Some(secret);
            return Ok(value);
        }
        ParameterInput::Text(text) => Value::text(text),
        ParameterInput::Value(value) => value,
    };
    let failed = || RunError::ParameterValue {
        name: name.clone(),
        variable_type: parameter.variable_type.name().to_owned(),
    };
    if parameter.sensitive {
        let text = convert::general(&plain, VariableType::String);
        let text = text.as_ref().and_then(Value::as_text).ok_or_else(failed)?;
        value.secret = Some(Secret::new(text));
        value.value = Value::Null;
        return Ok(value);
    }
    value.value = convert::general(&plain, parameter.variable_type)
        .filter(|v| !v.is_null())
        .ok_or_else(failed)?;
    Ok(value)
}
