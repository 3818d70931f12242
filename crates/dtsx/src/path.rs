//! Property paths, as `/SET`, configurations and the catalog's property overrides write them:
//! `\Package\Loop.ForEachEnumerator.Properties[Directory]`.
//!
//! Names may hold dots, brackets and backslashes: at every step the longest name that lets the
//! rest of the path resolve counts. Each object is tried at most once for a path, so the work is
//! bounded by the package's size.

use packmule_types::Code;

use crate::model::{
    Component, CustomProperties, Executable, ExecutableKind, NodeId, Package, Pipeline, Project,
};

/// What a path names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PathTarget {
    /// The object.
    pub node: NodeId,
    /// The property's API name (`Disable`, `Value`, `ConnectionString`).
    pub property: String,
    /// What the object is.
    pub kind: TargetKind,
}

/// What the object of a path is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TargetKind {
    /// The package, a container, a task, an event handler.
    Executable,
    /// A Foreach loop's enumerator.
    Enumerator,
    /// A variable.
    Variable,
    /// A package parameter (`$Package::P`).
    PackageParameter,
    /// A project parameter (`$Project::P`).
    ProjectParameter,
    /// A connection manager of the package.
    ConnectionManager,
    /// A connection manager of the project.
    ProjectConnectionManager,
    /// A log provider.
    LogProvider,
    /// A precedence constraint.
    PrecedenceConstraint,
    /// A data flow component.
    Component,
    /// An input or output of a component.
    ComponentEnd,
    /// A column of a component.
    Column,
}

/// Why a path names nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PathError {
    /// It does not start with the package, or does not end with a property.
    #[error("'{path}' is no property path")]
    Malformed {
        /// The path.
        path: String,
    },
    /// An object on the way is not there.
    #[error("the path '{path}' names nothing from '{rest}' on")]
    NotFound {
        /// The path.
        path: String,
        /// Where it stops to make sense.
        rest: String,
    },
    /// A variable's name without namespace stands for several.
    #[error("the path '{path}' names several variables")]
    Ambiguous {
        /// The path.
        path: String,
    },
}

impl PathError {
    /// SSIS's code.
    pub fn code(&self) -> Code {
        Code(match self {
            Self::Malformed { .. } => 0xC001_2018,
            Self::NotFound { .. } => 0xC001_F02F,
            Self::Ambiguous { .. } => 0xC001_F032,
        })
    }

    /// What to do about it.
    pub fn remedy(&self) -> &'static str {
        match self {
            Self::Malformed { .. } => {
                "write it like \\Package\\Task.Properties[Disable] or \
                 \\Package.Variables[User::Name].Properties[Value]"
            }
            Self::NotFound { .. } => "look the names up with packmule inspect",
            Self::Ambiguous { .. } => "write the namespace too, like User::Name",
        }
    }
}

/// Finds the object and property of a path in a package.
///
/// # Errors
/// A [`PathError`] when it names nothing, or several things.
pub fn resolve_path(package: &Package, path: &str) -> Result<PathTarget, PathError> {
    resolve_path_in(package, None, path)
}

/// As [`resolve_path`], with the project's parameters and connection managers in reach.
///
/// # Errors
/// A [`PathError`] when it names nothing, or several things.
pub fn resolve_path_in(
    package: &Package,
    project: Option<&Project>,
    path: &str,
) -> Result<PathTarget, PathError> {
    let malformed = || PathError::Malformed {
        path: path.to_owned(),
    };
    let text = path.trim();
    let text = text.strip_prefix('\\').unwrap_or(text);
    let rest = after_name(text, "Package")
        .or_else(|| after_name(text, &package.root.name))
        .filter(|rest| rest.starts_with(['.', '\\']))
        .ok_or_else(malformed)?;
    let mut search = Search {
        package,
        project,
        rest: rest.len(),
        ambiguous: false,
    };
    match search.executable(&package.root, rest) {
        Some(target) => Ok(target),
        None if search.ambiguous => Err(PathError::Ambiguous {
            path: path.to_owned(),
        }),
        None => {
            let from = rest.len().saturating_sub(search.rest);
            Err(PathError::NotFound {
                path: path.to_owned(),
                rest: rest.get(from..).unwrap_or(rest).to_owned(),
            })
        }
    }
}

/// What follows a name, in any letter case, at the start of a text.
fn after_name<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    if let Some(rest) = text.strip_prefix(name) {
        return Some(rest);
    }
    let mut rest = text.chars();
    for expected in name.chars() {
        let found = rest.next()?;
        if found != expected && !found.to_lowercase().eq(expected.to_lowercase()) {
            return None;
        }
    }
    Some(rest.as_str())
}

/// What follows `[name]`.
fn after_bracketed<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    after_name(text.strip_prefix('[')?, name)?.strip_prefix(']')
}

/// The property at the end of a path: `.Properties[Name]`, or `.Name`.
fn property(rest: &str) -> Option<String> {
    let rest = rest.strip_prefix('.')?;
    if let Some(list) = after_name(rest, "Properties")
        && let Some(name) = list.strip_prefix('[').and_then(|l| l.strip_suffix(']'))
    {
        return (!name.is_empty()).then(|| name.to_owned());
    }
    let plain = !rest.is_empty() && rest.chars().all(|c| c.is_alphanumeric() || c == '_');
    plain.then(|| rest.to_owned())
}

struct Search<'a> {
    package: &'a Package,
    project: Option<&'a Project>,
    /// Bytes of the path that were left where the search went furthest.
    rest: usize,
    ambiguous: bool,
}

impl Search<'_> {
    fn reached(&mut self, rest: &str) {
        self.rest = self.rest.min(rest.len());
    }

    /// Resolves what follows an executable.
    fn executable(&mut self, executable: &Executable, rest: &str) -> Option<PathTarget> {
        self.reached(rest);
        if let Some(child_path) = rest.strip_prefix('\\') {
            let mut children: Vec<(&Executable, &str)> = executable
                .children
                .iter()
                .filter_map(|child| Some((child, after_name(child_path, &child.name)?)))
                .filter(|(_, rest)| rest.starts_with(['.', '\\']))
                .collect();
            children.sort_by_key(|(_, rest)| rest.len());
            return children
                .into_iter()
                .find_map(|(child, rest)| self.executable(child, rest));
        }
        let member = rest.strip_prefix('.')?;
        self.members(executable, member)
            .or_else(|| executable_property(executable, rest))
    }

    /// Resolves what follows the point behind an executable.
    fn members(&mut self, executable: &Executable, member: &str) -> Option<PathTarget> {
        if let Some(list) = after_name(member, "EventHandlers") {
            return executable.event_handlers.iter().find_map(|handler| {
                let ExecutableKind::EventHandler { event } = &handler.kind else {
                    return None;
                };
                self.executable(handler, after_bracketed(list, event)?)
            });
        }
        if let Some(list) = after_name(member, "Variables")
            && let Some(found) = self.variable(executable, list)
        {
            return Some(found);
        }
        if let Some(rest) = after_name(member, "ForEachEnumerator")
            && let ExecutableKind::ForeachLoop(foreach) = &executable.kind
        {
            return Some(PathTarget {
                node: foreach.enumerator.node,
                property: property(rest)?,
                kind: TargetKind::Enumerator,
            });
        }
        if let Some(list) = after_name(member, "PrecedenceConstraints") {
            let found = executable.constraints.iter().filter_map(|constraint| {
                let rest = after_bracketed(list, &constraint.name)?;
                Some((constraint.node, property(rest)?))
            });
            return target(found, TargetKind::PrecedenceConstraint);
        }
        if executable.node == self.package.root.node {
            return self.package_members(member);
        }
        None
    }

    /// Resolves collections that only the package has.
    fn package_members(&mut self, member: &str) -> Option<PathTarget> {
        let connections =
            after_name(member, "Connections").or_else(|| after_name(member, "ConnectionManagers"));
        if let Some(list) = connections {
            self.reached(list);
            let named = |managers: &[crate::model::ConnectionManager]| {
                managers
                    .iter()
                    .filter_map(|manager| {
                        let rest = after_bracketed(list, &manager.name)
                            .or_else(|| after_bracketed(list, &manager.dtsid))?;
                        Some((manager.node, property(rest)?))
                    })
                    .next()
            };
            if let Some((node, property)) = named(&self.package.connection_managers) {
                return Some(PathTarget {
                    node,
                    property,
                    kind: TargetKind::ConnectionManager,
                });
            }
            let (node, property) = named(&self.project?.connection_managers)?;
            return Some(PathTarget {
                node,
                property,
                kind: TargetKind::ProjectConnectionManager,
            });
        }
        let list = after_name(member, "LogProviders")?;
        let found = self.package.log_providers.iter().filter_map(|provider| {
            let rest = after_bracketed(list, &provider.name)
                .or_else(|| after_bracketed(list, &provider.dtsid))?;
            Some((provider.node, property(rest)?))
        });
        target(found, TargetKind::LogProvider)
    }

    /// Variables by full name, or by name alone where only one has it; parameters by
    /// `$Package::` and `$Project::`.
    fn variable(&mut self, scope: &Executable, list: &str) -> Option<PathTarget> {
        self.reached(list);
        let full = scope.variables.iter().filter_map(|variable| {
            let name = format!("{}::{}", variable.namespace, variable.name);
            let rest = after_bracketed(list, &name)?;
            Some((variable.node, property(rest)?))
        });
        if let Some(found) = target(full, TargetKind::Variable) {
            return Some(found);
        }
        let parameter = |parameters: &[crate::model::Parameter], namespace: &str, kind| {
            let found = parameters.iter().filter_map(|parameter| {
                let name = format!("{namespace}::{}", parameter.name);
                let rest = after_bracketed(list, &name)?;
                Some((parameter.node, property(rest)?))
            });
            target(found, kind)
        };
        let parameters = parameter(
            &self.package.parameters,
            "$Package",
            TargetKind::PackageParameter,
        )
        .or_else(|| {
            let project = self.project?;
            parameter(
                &project.parameters,
                "$Project",
                TargetKind::ProjectParameter,
            )
        });
        if parameters.is_some() {
            return parameters;
        }
        let mut short = scope.variables.iter().filter_map(|variable| {
            let rest = after_bracketed(list, &variable.name)?;
            Some((variable.node, property(rest)?))
        });
        let first = short.next();
        if first.is_some() && short.next().is_some() {
            self.ambiguous = true;
            return None;
        }
        target(first.into_iter(), TargetKind::Variable)
    }
}

fn target(
    mut found: impl Iterator<Item = (NodeId, String)>,
    kind: TargetKind,
) -> Option<PathTarget> {
    let (node, property) = found.next()?;
    Some(PathTarget {
        node,
        property,
        kind,
    })
}

/// A property of the executable itself, or of a component of its data flow.
fn executable_property(executable: &Executable, rest: &str) -> Option<PathTarget> {
    let name = property(rest)?;
    if let ExecutableKind::Task(task) = &executable.kind
        && let Some(pipeline) = &task.pipeline
        && name.starts_with('[')
    {
        return resolve_component_property(pipeline, &name);
    }
    Some(PathTarget {
        node: executable.node,
        property: name,
        kind: TargetKind::Executable,
    })
}

/// Finds what a Data Flow Task's property `[Component].[Property]` names; also
/// `[Component].[Input or output].[Property]` and
/// `[Component].[Input or output].[Column].[Property]`.
pub fn resolve_component_property(pipeline: &Pipeline, name: &str) -> Option<PathTarget> {
    let mut components: Vec<(&Component, &str)> = pipeline
        .components
        .iter()
        .filter_map(|c| Some((c, after_bracketed(name, &c.name)?.strip_prefix('.')?)))
        .collect();
    components.sort_by_key(|(_, rest)| rest.len());
    components
        .into_iter()
        .find_map(|(component, rest)| component_member(component, rest))
}

/// `[Property]` alone: a name without a further `].[`.
fn last_bracketed(text: &str) -> Option<&str> {
    let name = text.strip_prefix('[')?.strip_suffix(']')?;
    (!name.is_empty() && !name.contains("].[")).then_some(name)
}

fn component_member(component: &Component, rest: &str) -> Option<PathTarget> {
    let named = |node, property: &str, kind| PathTarget {
        node,
        property: property.to_owned(),
        kind,
    };
    if let Some(property) = last_bracketed(rest) {
        return Some(named(component.node, property, TargetKind::Component));
    }
    for output in &component.outputs {
        let Some(rest) = end_rest(rest, &output.name) else {
            continue;
        };
        for column in &output.columns {
            if let Some(property) = end_rest(rest, &column.name).and_then(last_bracketed) {
                return Some(named(column.node, property, TargetKind::Column));
            }
        }
        if let Some(property) = last_bracketed(rest) {
            return Some(named(output.node, property, TargetKind::ComponentEnd));
        }
    }
    for input in &component.inputs {
        let Some(rest) = end_rest(rest, &input.name) else {
            continue;
        };
        for column in &input.columns {
            if let Some(property) = end_rest(rest, &column.name).and_then(last_bracketed) {
                return Some(named(column.node, property, TargetKind::Column));
            }
        }
        if let Some(property) = last_bracketed(rest) {
            return Some(named(input.node, property, TargetKind::ComponentEnd));
        }
    }
    // A name that holds `].[` itself.
    let whole = rest.strip_prefix('[')?.strip_suffix(']')?;
    component
        .property(whole)
        .map(|property| named(component.node, &property.name, TargetKind::Component))
}

/// What follows `[name].`.
fn end_rest<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    after_bracketed(text, name)?.strip_prefix('.')
}
