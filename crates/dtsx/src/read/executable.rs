//! Containers, tasks and event handlers, with constraints and logging options.

use crate::finding::Severity;
use crate::model::{
    Element, Enumerator, Executable, ExecutableKind, ForeachLoop, Logging, PrecedenceConstraint,
    Task, VariableMapping, parse_boolean,
};
use crate::names;
use crate::read::pipeline::pipeline;
use crate::read::{
    Reader, members, properties, property_element, property_expressions, property_owned,
    property_text, variable,
};

/// Properties with a field of their own.
const TYPED: &[&str] = &[
    "refId",
    "ObjectName",
    "DTSID",
    "Description",
    "CreationName",
    "ExecutableType",
    "PackageFormatVersion",
    "EventName",
];

/// Stored properties that executables of any kind have.
const KNOWN_PROPERTIES: &[&str] = &[
    "LocaleID",
    "Disabled",
    "DelayValidation",
    "DisableEventHandlers",
    "FailPackageOnFailure",
    "FailParentOnFailure",
    "ForceExecValue",
    "MaxErrorCount",
    "ForceExecutionResult",
    "TransactionOption",
    "ISOLevel",
    "ExecValue",
    "TaskContact",
    "ThreadHint",
    "ExecutionLocation",
    "ExecutionAddress",
    "ProtectionLevel",
    "MaxConcurrentExecutables",
    "EnableConfig",
    "SaveCheckpoints",
    "SuppressConfigurationWarnings",
    "CheckpointUsage",
    "CheckpointFileName",
    "PackageType",
    "PackagePriorityClass",
    "CreationDate",
    "CreatorName",
    "CreatorComputerName",
    "VersionMajor",
    "VersionMinor",
    "VersionBuild",
    "VersionComments",
    "VersionGUID",
    "LastModifiedProductVersion",
    "InitExpression",
    "EvalExpression",
    "AssignExpression",
    "MaxConcurrent",
    "EventID",
    "PackagePassword",
    "DumpOnAnyError",
    "DumpDescriptor",
    "EnableDump",
    "EncryptCheckpoints",
    "SafeRecursiveProjectPackageExecution",
    "HasExpressions",
    "DebugMode",
    "ExecValueVariable",
    // written empty by 2005 and 2008, read by nobody
    "LockName",
];

const KNOWN_CHILDREN: &[&str] = &[
    "Property",
    "PropertyExpression",
    "Variable",
    "Variables",
    "LoggingOptions",
    "Executable",
    "Executables",
    "PrecedenceConstraint",
    "PrecedenceConstraints",
    "EventHandler",
    "EventHandlers",
    "ObjectData",
    "ForEachEnumerator",
    "ForEachVariableMapping",
    "ForEachVariableMappings",
    // designer's layout: nothing of it counts at run time
    "PackageVariable",
    "PackageVariables",
    "DesignTimeProperties",
];

/// Further children of the root.
const KNOWN_ROOT_CHILDREN: &[&str] = &[
    "ConnectionManager",
    "ConnectionManagers",
    "Configuration",
    "Configurations",
    "LogProvider",
    "LogProviders",
    "PackageParameter",
    "PackageParameters",
];

/// Reads an executable and what is below it. Recursion is bounded by the XML depth limit.
pub(crate) fn executable(
    reader: &mut Reader,
    element: &Element,
    parent: Option<&str>,
    kind: Option<ExecutableKind>,
) -> Executable {
    let node = reader.node();
    let name = property_owned(element, "ObjectName");
    let ref_id = ref_id(element, parent, &name, kind.as_ref());
    let found = reader.findings.len();
    let properties = properties(element, TYPED);
    reader.check_properties(&ref_id, &properties, KNOWN_PROPERTIES);
    let is_root = matches!(kind, Some(ExecutableKind::Package));
    let known: Vec<&str> = if is_root {
        [KNOWN_CHILDREN, KNOWN_ROOT_CHILDREN].concat()
    } else {
        KNOWN_CHILDREN.to_vec()
    };
    reader.check_children(&ref_id, element, &known);
    let variables = members(element, "Variables", "Variable")
        .map(|v| variable::variable(reader, v, &ref_id))
        .collect();
    let kind = kind.unwrap_or_else(|| executable_kind(reader, element, &ref_id));
    let children: Vec<Executable> = members(element, "Executables", "Executable")
        .map(|child| executable(reader, child, Some(&ref_id), None))
        .collect();
    let constraints = members(element, "PrecedenceConstraints", "PrecedenceConstraint")
        .map(|c| constraint(reader, c, &ref_id, &children))
        .collect();
    let event_handlers = members(element, "EventHandlers", "EventHandler")
        .map(|handler| event_handler(reader, handler, &ref_id))
        .collect();
    let logging = logging(reader, element, &ref_id);
    reader.findings.place_from(found, &ref_id);
    Executable {
        node,
        name,
        dtsid: property_text(element, "DTSID")
            .unwrap_or_default()
            .trim()
            .to_owned(),
        description: property_owned(element, "Description"),
        kind,
        properties,
        property_expressions: property_expressions(element),
        variables,
        children,
        constraints,
        event_handlers,
        logging,
        location: element.location.clone(),
        ref_id,
    }
}

/// The stored path, or one made in the same form.
fn ref_id(
    element: &Element,
    parent: Option<&str>,
    name: &str,
    kind: Option<&ExecutableKind>,
) -> String {
    if let Some(stored) = element.attribute("refId").filter(|id| !id.is_empty()) {
        return stored.to_owned();
    }
    match (parent, kind) {
        (Some(parent), Some(ExecutableKind::EventHandler { event })) => {
            format!("{parent}.EventHandlers[{event}]")
        }
        (Some(parent), _) => format!("{parent}\\{name}"),
        (None, _) => "Package".to_owned(),
    }
}

fn event_handler(reader: &mut Reader, element: &Element, parent: &str) -> Executable {
    let event = property_text(element, "EventName")
        .or_else(|| property_text(element, "CreationName"))
        .unwrap_or_default()
        .trim()
        .to_owned();
    let kind = ExecutableKind::EventHandler {
        event: event.clone(),
    };
    let mut handler = executable(reader, element, Some(parent), Some(kind));
    if handler.name.is_empty() {
        handler.name = event;
    }
    handler
}

/// What an executable is by its type; `CreationName` where a type is not written.
fn executable_kind(reader: &mut Reader, element: &Element, ref_id: &str) -> ExecutableKind {
    let stored = element
        .attribute("ExecutableType")
        .filter(|t| !t.trim().is_empty())
        .or_else(|| property_text(element, "CreationName"))
        .unwrap_or_default()
        .trim();
    match stored.to_ascii_uppercase().as_str() {
        "STOCK:SEQUENCE" => return ExecutableKind::Sequence,
        "STOCK:FORLOOP" => return ExecutableKind::ForLoop,
        "STOCK:FOREACHLOOP" => {
            return ExecutableKind::ForeachLoop(Box::new(foreach_loop(reader, element, ref_id)));
        }
        _ => {}
    }
    let named = names::task(stored);
    if stored.is_empty() {
        reader.findings.invalid(
            ref_id,
            Some("ExecutableType"),
            "the executable has no type".to_owned(),
            &element.location,
        );
    } else if !named.known {
        reader.findings.third_party(
            ref_id,
            format!("the task {} is another maker's", named.name),
            &element.location,
        );
    }
    let (data, pipeline) = task_data(reader, element, ref_id, &named.name);
    ExecutableKind::Task(Box::new(Task {
        type_name: named.name,
        stored_type: stored.to_owned(),
        data,
        pipeline,
    }))
}

/// The element in a task's `ObjectData`, or its data flow.
fn task_data(
    reader: &mut Reader,
    element: &Element,
    ref_id: &str,
    type_name: &str,
) -> (Option<Element>, Option<crate::model::Pipeline>) {
    let Some(object_data) = element.child("ObjectData") else {
        return (None, None);
    };
    let mut data = object_data.children.iter();
    let first = data.next();
    for further in data {
        reader.findings.unknown(
            ref_id,
            None,
            format!("the element {} in ObjectData is left out", further.name),
            &further.location,
        );
    }
    match first {
        Some(first) if type_name == "Microsoft.Pipeline" && first.name == "pipeline" => {
            (None, Some(pipeline(reader, first, ref_id)))
        }
        first => (first.cloned(), None),
    }
}

fn foreach_loop(reader: &mut Reader, element: &Element, ref_id: &str) -> ForeachLoop {
    let mut mappings: Vec<VariableMapping> =
        members(element, "ForEachVariableMappings", "ForEachVariableMapping")
            .map(|m| VariableMapping {
                variable: property_owned(m, "VariableName"),
                index: reader.integer(ref_id, m, "ValueIndex", 0),
            })
            .collect();
    mappings.retain(|m| !m.variable.is_empty());
    let enumerator = match element.child("ForEachEnumerator") {
        Some(found) => enumerator(reader, found, ref_id),
        None => {
            reader.findings.invalid(
                ref_id,
                Some("ForEachEnumerator"),
                "the loop has no enumerator".to_owned(),
                &element.location,
            );
            Enumerator {
                node: reader.node(),
                type_name: String::new(),
                stored_type: String::new(),
                data: None,
                properties: crate::model::Properties::default(),
                property_expressions: Vec::new(),
                location: element.location.clone(),
            }
        }
    };
    ForeachLoop {
        enumerator,
        mappings,
    }
}

fn enumerator(reader: &mut Reader, element: &Element, ref_id: &str) -> Enumerator {
    let stored_type = property_owned(element, "CreationName");
    let named = names::enumerator(&stored_type);
    if !named.known {
        reader.findings.third_party(
            ref_id,
            format!("the Foreach enumerator {} is another maker's", named.name),
            &element.location,
        );
    }
    Enumerator {
        node: reader.node(),
        type_name: named.name,
        stored_type,
        data: element
            .child("ObjectData")
            .and_then(|data| data.children.first())
            .cloned(),
        properties: properties(
            element,
            &["ObjectName", "DTSID", "CreationName", "Description"],
        ),
        property_expressions: property_expressions(element),
        location: element.location.clone(),
    }
}

fn constraint(
    reader: &mut Reader,
    element: &Element,
    parent: &str,
    children: &[Executable],
) -> PrecedenceConstraint {
    let name = property_owned(element, "ObjectName");
    let place = element.attribute("refId").map_or_else(
        || format!("{parent}.PrecedenceConstraints[{name}]"),
        str::to_owned,
    );
    let (from, to) = constraint_ends(element);
    let mut end = |reference: Option<String>, which: &str| {
        let found = reference.as_deref().and_then(|reference| {
            children
                .iter()
                .position(|c| c.ref_id == reference)
                .or_else(|| {
                    children
                        .iter()
                        .position(|c| c.dtsid.eq_ignore_ascii_case(reference))
                })
        });
        if found.is_none() {
            reader.findings.dangling(
                Severity::Error,
                &place,
                Some(which),
                format!(
                    "the constraint refers to {:?}, which is not in {parent}",
                    reference.unwrap_or_default()
                ),
                &element.location,
            );
        }
        found
    };
    let from = end(from, "From");
    let to = end(to, "To");
    let evaluation_operation = reader.integer(&place, element, "EvalOp", 2);
    let value = reader.integer(&place, element, "Value", 0);
    for (property, number, valid) in [
        ("EvalOp", evaluation_operation, 1..=4),
        ("Value", value, 0..=3),
    ] {
        if !valid.contains(&number) {
            reader.findings.unknown_value(
                &place,
                Some(property),
                format!("the value {number} is not known"),
                &element.location,
            );
        }
    }
    PrecedenceConstraint {
        node: reader.node(),
        name,
        from,
        to,
        evaluation_operation,
        value,
        logical_and: reader.boolean(&place, element, "LogicalAnd", false),
        expression: property_owned(element, "Expression"),
        location: element.location.clone(),
        ref_id: place,
    }
}

/// The references of a constraint: paths, or DTSIDs in child elements (formats 2 and 3).
fn constraint_ends(element: &Element) -> (Option<String>, Option<String>) {
    let mut from = property_text(element, "From").map(|t| t.trim_end().to_owned());
    let mut to = property_text(element, "To").map(|t| t.trim_end().to_owned());
    for end in element.children_named("Executable") {
        let id = end.attribute("IDREF").map(|t| t.trim().to_owned());
        match end.attribute("IsFrom").and_then(parse_boolean) {
            Some(true) => from = id,
            Some(false) => to = id,
            None => {}
        }
    }
    (from, to)
}

/// Logging options; absent ones are the defaults.
fn logging(reader: &mut Reader, element: &Element, place: &str) -> Logging {
    let Some(options) = element.child("LoggingOptions") else {
        return Logging::default();
    };
    let mut logging = Logging {
        mode: reader.integer(place, options, "LoggingMode", 0),
        filter_kind: reader.integer(place, options, "FilterKind", 1),
        ..Logging::default()
    };
    if let Some(filter) = property_element(options, "EventFilter") {
        match event_filter(&filter.text) {
            Some(events) => logging.event_filter = events,
            None => reader.findings.malformed(
                place,
                Some("EventFilter"),
                format!("{:?} is no event filter", filter.text),
                &filter.location,
            ),
        }
    }
    for filter in options
        .children_named("Property")
        .filter(|p| p.attribute("Name") == Some("ColumnFilter"))
    {
        let off = filter
            .children_named("Property")
            .filter(|column| parse_boolean(&column.text) == Some(false))
            .filter_map(|column| column.attribute("Name").map(str::to_owned))
            .collect();
        let event = filter.attribute("EventName").unwrap_or_default().to_owned();
        logging.suppressed_columns.push((event, off));
    }
    logging.selected_providers = members(options, "SelectedLogProviders", "SelectedLogProvider")
        .filter_map(|p| property_text(p, "InstanceID"))
        .map(|id| id.trim().to_owned())
        .collect();
    logging
}

/// `count,length,name,length,name`; lengths count characters, so a name may hold commas.
fn event_filter(text: &str) -> Option<Vec<String>> {
    let text = text.trim();
    if text.is_empty() {
        return Some(Vec::new());
    }
    let (count, mut rest) = text.split_once(',').unwrap_or((text, ""));
    let count: usize = count.trim().parse().ok()?;
    let mut events = Vec::new();
    for _ in 0..count {
        let (length, tail) = rest.split_once(',')?;
        let length: usize = length.trim().parse().ok()?;
        let end = match tail.char_indices().nth(length) {
            Some((at, _)) => at,
            None if tail.chars().count() == length => tail.len(),
            None => return None,
        };
        let (name, tail) = tail.split_at_checked(end)?;
        events.push(name.to_owned());
        rest = tail.strip_prefix(',').unwrap_or(tail);
    }
    Some(events)
}
