//! Values from outside: property paths and connection strings.

use std::sync::Arc;

use packmule_connections::connections::{all_managers, find_manager};
use packmule_dtsx::model::{Package, Project};
use packmule_dtsx::{NodeId, PathError, TargetKind, resolve_path_in};
use packmule_runtime::overlay::Layer;
use packmule_runtime::variables::{RuntimeVariable, convert};
use packmule_runtime::{Mapping, VariableError};
use packmule_types::{Code, Secret, Value};

use crate::instance::Instance;
use crate::property_names;

/// A value from outside cannot be used; the package was not run.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// A parameter that the package and its project do not have.
    #[error("there is no parameter \"{name}\"")]
    UnknownParameter {
        /// As it was given.
        name: String,
    },
    /// A parameter's value has no form in its type.
    #[error("the value of parameter \"{name}\" cannot be converted to {variable_type}")]
    ParameterValue {
        /// Full name.
        name: String,
        /// Its type.
        variable_type: String,
    },
    /// A sensitive value for a parameter that is not sensitive.
    #[error(
        "the sensitive value cannot be assigned to parameter \"{name}\", which is not sensitive"
    )]
    SensitiveValue {
        /// Full name.
        name: String,
    },
    /// A required parameter has no value from outside.
    #[error("the required parameter \"{name}\" has no value")]
    RequiredParameter {
        /// Full name.
        name: String,
    },
    /// A property path names nothing.
    #[error("the property cannot be set")]
    Path(#[from] PathError),
    /// A property that can be set by no path, or that the object does not have.
    #[error("the property \"{property}\" of \"{path}\" cannot be set")]
    Property {
        /// The path.
        path: String,
        /// The property.
        property: String,
        /// The names that there are.
        known: Vec<&'static str>,
    },
    /// The text is no value of the property.
    #[error("\"{path}\" cannot be set to this value: {wanted} is wanted")]
    PropertyValue {
        /// The path.
        path: String,
        /// What would do.
        wanted: &'static str,
    },
    /// The value does not fit the variable.
    #[error("\"{path}\" cannot be set")]
    Variable {
        /// The path.
        path: String,
        /// Why.
        source: VariableError,
    },
    /// No connection manager of that name.
    #[error("there is no connection manager \"{name}\"")]
    UnknownConnection {
        /// As it was given.
        name: String,
        /// The names that there are, the package's before the project's.
        known: Vec<String>,
    },
    /// Executables are nested too deep.
    #[error("{place} is nested too deep")]
    TooDeep {
        /// The executable.
        place: String,
    },
}

impl RunError {
    /// SSIS's code.
    pub fn code(&self) -> Code {
        match self {
            Self::Path(error) => error.code(),
            Self::Variable { source, .. } => source.code(),
            Self::UnknownParameter { .. } => Code(0xC001_0001),
            Self::UnknownConnection { .. } => Code(0xC001_000E),
            Self::ParameterValue { .. }
            | Self::SensitiveValue { .. }
            | Self::PropertyValue { .. } => Code(0xC001_2037),
            Self::Property { .. } => Code(0xC001_2018),
            Self::RequiredParameter { .. } | Self::TooDeep { .. } => Code(0xC001_0018),
        }
    }

    /// What to do.
    pub fn remedy(&self) -> Option<String> {
        Some(match self {
            Self::Path(error) => error.remedy().to_owned(),
            Self::UnknownParameter { .. } => "look the names up with packmule inspect".to_owned(),
            Self::UnknownConnection { known, .. } if known.is_empty() => {
                "neither the package nor its project has any".to_owned()
            }
            Self::UnknownConnection { known, .. } => format!("there are: {}", known.join(", ")),
            Self::RequiredParameter { name } => format!("give it a value: --param '{name}=…'"),
            Self::Property { known, .. } if known.is_empty() => {
                "it has no property that can be set".to_owned()
            }
            Self::Property { known, .. } => {
                format!("the properties that can be set are {}", known.join(", "))
            }
            _ => return None,
        })
    }
}

/// The mapping of a run whose connections are given from outside: a rule for each by the name of
/// its manager, before all others. Every name must be one of the package's or project's.
pub(crate) fn map_connections(
    package: &Package,
    project: Option<&Project>,
    mapping: &Mapping,
    given: &[(String, Secret)],
) -> Result<Mapping, RunError> {
    let mut rules = Vec::with_capacity(given.len());
    for (name, string) in given {
        let Some(manager) = find_manager(package, project, name.trim()) else {
            return Err(RunError::UnknownConnection {
                name: name.clone(),
                known: all_managers(package, project)
                    .map(|m| m.name.clone())
                    .collect(),
            });
        };
        rules.push((manager.name.clone(), string.clone()));
    }
    Ok(mapping.with_connections(&rules))
}

/// Sets what a property path names.
pub(crate) fn set(
    instance: &Arc<Instance>,
    path: &str,
    value: &Value,
    layer: Layer,
) -> Result<(), RunError> {
    let project = instance.project.as_deref();
    let target = resolve_path_in(&instance.package, project, path)?;
    let known = property_names::known(&instance.package, project, &target);
    let is_constraint = target.kind == TargetKind::PrecedenceConstraint;
    if is_constraint
        || known
            .as_ref()
            .is_some_and(|k| !k.contains(&target.property.as_str()))
    {
        return Err(RunError::Property {
            path: path.to_owned(),
            property: target.property,
            known: known.filter(|_| !is_constraint).unwrap_or_default(),
        });
    }
    match target.kind {
        TargetKind::Variable | TargetKind::PackageParameter | TargetKind::ProjectParameter => {
            set_variable(instance, path, target.node, &target.property, value)
        }
        _ => {
            instance
                .overlay
                .set(target.node, &target.property, layer, value.clone());
            Ok(())
        }
    }
}

fn find_variable(
    instance: &Instance,
    node: NodeId,
) -> Option<(Arc<packmule_runtime::Scope>, Arc<RuntimeVariable>)> {
    instance.hosts.iter().find_map(|host| {
        let found = host
            .scope
            .own()
            .into_iter()
            .find(|v| v.node == Some(node))?;
        Some((host.scope.clone(), found))
    })
}

fn set_variable(
    instance: &Instance,
    path: &str,
    node: NodeId,
    property: &str,
    value: &Value,
) -> Result<(), RunError> {
    let refused = || RunError::Property {
        path: path.to_owned(),
        property: property.to_owned(),
        known: vec!["Value"],
    };
    let (scope, variable) = find_variable(instance, node).ok_or_else(refused)?;
    let text = || convert::to_text(value).unwrap_or_default();
    let flag = || {
        packmule_dtsx::model::parse_boolean(&text()).ok_or_else(|| RunError::PropertyValue {
            path: path.to_owned(),
            wanted: "True or False",
        })
    };
    match property {
        "Value" => scope
            .set_from_configuration(&variable, value)
            .map_err(|source| RunError::Variable {
                path: path.to_owned(),
                source,
            }),
        "Expression" => {
            scope.set_expression(&variable, Some(text()).filter(|t| !t.trim().is_empty()));
            Ok(())
        }
        "EvaluateAsExpression" => {
            if flag()? == variable.has_expression() {
                return Ok(());
            }
            let stored = stored_expression(&instance.package, node);
            let on = flag()?;
            scope.set_expression(&variable, stored.filter(|_| on));
            Ok(())
        }
        "ReadOnly" => {
            scope.set_read_only(&variable, flag()?);
            Ok(())
        }
        _ => Err(refused()),
    }
}

/// The expression that a variable of the model has, in use or not.
fn stored_expression(package: &Package, node: NodeId) -> Option<String> {
    fn walk(here: &packmule_dtsx::model::Executable, node: NodeId) -> Option<String> {
        if let Some(variable) = here.variables.iter().find(|v| v.node == node) {
            return variable.expression.clone();
        }
        here.children
            .iter()
            .chain(&here.event_handlers)
            .find_map(|e| walk(e, node))
    }
    walk(&package.root, node)
}
