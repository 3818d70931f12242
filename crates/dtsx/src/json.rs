//! The JSON form of a package or project, for `packmule inspect --format json`.
//!
//! The same content as the printed tree: secrets masked, long texts whole.

use serde_json::{Value as Json, json};

use crate::model::{
    Component, ComponentProperty, ConnectionManager, Element, Executable, ExecutableKind,
    ExternalColumn, Package, Parameter, Pipeline, Project, Properties, PropertyExpression,
    PropertyValue, Variable,
};
use crate::protect;
use crate::show;

/// A package as JSON.
pub fn package_json(package: &Package) -> Json {
    json!({
        "file": &*package.file,
        "name": package.root.name,
        "format": show::format_number(package.format),
        "protection_level": show::protection_level(package.protection_level),
        "parameters": list(&package.parameters, parameter),
        "connections": list(&package.connection_managers, connection),
        "configurations": list(&package.configurations, |c| json!({
            "name": c.name,
            "type": c.configuration_type,
            "string": show::masked(&c.configuration_string),
            "variable": c.configuration_variable,
        })),
        "log_providers": list(&package.log_providers, |l| json!({
            "name": l.name,
            "id": l.dtsid,
            "type": l.type_name,
            "config_string": l.config_string,
            "expressions": expressions(&l.property_expressions),
        })),
        "root": executable(&package.root),
    })
}

/// A project with its packages as JSON.
pub fn project_json(project: &Project) -> Json {
    json!({
        "name": project.name,
        "description": project.description,
        "protection_level": show::protection_level(project.protection_level),
        "parameters": list(&project.parameters, parameter),
        "connections": list(&project.connection_managers, connection),
        "packages": list(&project.packages, |p| package_json(p)),
    })
}

fn list<T>(items: &[T], each: impl Fn(&T) -> Json) -> Json {
    Json::Array(items.iter().map(each).collect())
}

fn parameter(parameter: &Parameter) -> Json {
    json!({
        "name": parameter.name,
        "type": parameter.variable_type.name(),
        "value": show::parameter_value(parameter),
        "required": parameter.required,
        "sensitive": parameter.sensitive,
        "description": parameter.description,
    })
}

fn properties(properties: &Properties) -> Json {
    let mut out = serde_json::Map::new();
    for property in &properties.0 {
        let value = match &property.value {
            PropertyValue::Text(text) => json!(show::masked(text)),
            PropertyValue::Secret(_) => json!("***"),
            PropertyValue::Encrypted => Json::Null,
        };
        out.insert(property.name.clone(), value);
    }
    Json::Object(out)
}

fn expressions(expressions: &[PropertyExpression]) -> Json {
    list(
        expressions,
        |e| json!({ "property": e.property, "expression": e.expression }),
    )
}

fn connection(manager: &ConnectionManager) -> Json {
    json!({
        "name": manager.name,
        "id": manager.dtsid,
        "path": manager.ref_id,
        "type": manager.type_name,
        "stored_type": manager.stored_type,
        "properties": properties(&manager.properties),
        "expressions": expressions(&manager.property_expressions),
        "columns": list(&manager.flat_file_columns, |c| json!({
            "name": c.name,
            "type": c.data_type.to_string(),
            "column_type": c.column_type,
            "delimiter": c.delimiter,
            "width": c.width,
            "text_qualified": c.text_qualified,
        })),
        "cache_columns": list(&manager.cache_columns, |c| json!({
            "name": c.name,
            "type": c.data_type.to_string(),
            "index_position": c.index_position,
        })),
        "data": manager.data.as_ref().map(element),
    })
}

fn variable(variable: &Variable) -> Json {
    json!({
        "namespace": variable.namespace,
        "name": variable.name,
        "type": variable.variable_type.name(),
        "value": show::value(&variable.value),
        "expression": variable.expression,
        "evaluate_as_expression": variable.evaluate_as_expression,
        "read_only": variable.read_only,
        "raise_changed_event": variable.raise_changed_event,
    })
}

/// Recursion is as deep as the package, which is bounded.
fn executable(value: &Executable) -> Json {
    let mut out = json!({
        "path": value.ref_id,
        "name": value.name,
        "id": value.dtsid,
        "kind": show::kind(value),
        "description": value.description,
        "properties": properties(&value.properties),
        "expressions": expressions(&value.property_expressions),
        "variables": list(&value.variables, variable),
        "executables": list(&value.children, executable),
        "constraints": list(&value.constraints, |c| {
            let path = |end: Option<usize>| {
                end.and_then(|i| value.children.get(i)).map(|child| child.ref_id.clone())
            };
            json!({
                "name": c.name,
                "from": path(c.from),
                "to": path(c.to),
                "value": c.value,
                "evaluation_operation": c.evaluation_operation,
                "logical_and": c.logical_and,
                "expression": c.expression,
            })
        }),
        "event_handlers": list(&value.event_handlers, executable),
        "logging": {
            "mode": value.logging.mode,
            "filter_kind": value.logging.filter_kind,
            "events": value.logging.event_filter,
            "providers": value.logging.selected_providers,
        },
    });
    let own = match &value.kind {
        ExecutableKind::EventHandler { event } => json!({ "event": event }),
        ExecutableKind::ForeachLoop(foreach) => json!({ "enumerator": {
            "type": foreach.enumerator.type_name,
            "data": foreach.enumerator.data.as_ref().map(element),
            "expressions": expressions(&foreach.enumerator.property_expressions),
            "mappings": list(&foreach.mappings, |m| json!({
                "variable": m.variable,
                "index": m.index,
            })),
        }}),
        ExecutableKind::Task(task) => json!({
            "data": task.data.as_ref().map(element),
            "data_flow": task.pipeline.as_ref().map(pipeline),
        }),
        _ => json!({}),
    };
    if let (Json::Object(out), Json::Object(own)) = (&mut out, own) {
        out.extend(own);
    }
    out
}

fn element(value: &Element) -> Json {
    let attributes: serde_json::Map<String, Json> = value
        .attributes
        .iter()
        .map(|(name, text)| (name.clone(), json!(show::masked(text))))
        .collect();
    let text = if protect::is_closed(value) {
        Json::Null
    } else if protect::is_sensitive(value) {
        json!("***")
    } else {
        json!(show::masked(&value.text))
    };
    json!({
        "name": value.name,
        "attributes": attributes,
        "text": text,
        "children": list(&value.children, element),
    })
}

fn pipeline(value: &Pipeline) -> Json {
    json!({
        "properties": properties(&value.properties),
        "components": list(&value.components, component),
        "paths": list(&value.paths, |path| {
            let from = value.components.get(path.from.0).and_then(|c| c.outputs.get(path.from.1));
            let to = value.components.get(path.to.0).and_then(|c| c.inputs.get(path.to.1));
            json!({
                "name": path.name,
                "from": from.map(|o| o.ref_id.clone()),
                "to": to.map(|i| i.ref_id.clone()),
            })
        }),
    })
}

fn custom(properties: &[ComponentProperty]) -> Json {
    let mut out = serde_json::Map::new();
    for property in properties {
        let value = match (&property.value, &property.array) {
            (Some(text), _) => json!(show::masked(text)),
            (None, Some(array)) => json!(array),
            (None, None) => Json::Null,
        };
        out.insert(property.name.clone(), value);
    }
    Json::Object(out)
}

fn external(columns: &[ExternalColumn]) -> Json {
    list(
        columns,
        |c| json!({ "name": c.name, "type": c.column_type.to_string(), "properties": custom(&c.properties) }),
    )
}

fn component(value: &Component) -> Json {
    json!({
        "path": value.ref_id,
        "id": value.id,
        "name": value.name,
        "class": value.class,
        "stored_class": value.stored_class,
        "version": value.version,
        "properties": custom(&value.properties),
        "connections": list(&value.connections, |c| json!({
            "role": c.name,
            "manager": if c.manager_ref_id.is_empty() { &c.manager_id } else { &c.manager_ref_id },
        })),
        "inputs": list(&value.inputs, |input| json!({
            "id": input.id,
            "name": input.name,
            "error_disposition": show::disposition(input.error_disposition),
            "truncation_disposition": show::disposition(input.truncation_disposition),
            "properties": custom(&input.properties),
            "columns": list(&input.columns, |c| json!({
                "id": c.id,
                "lineage": c.lineage.0,
                "name": c.name,
                "usage": show::usage(c.usage),
                "type": c.cached_type.map(|t| t.to_string()),
                "external": c.external,
                "properties": custom(&c.properties),
            })),
            "external_columns": external(&input.external_columns),
        })),
        "outputs": list(&value.outputs, |output| json!({
            "id": output.id,
            "name": output.name,
            "synchronous_input": output.synchronous_input,
            "exclusion_group": output.exclusion_group,
            "is_error": output.is_error,
            "is_sorted": output.is_sorted,
            "error_disposition": show::disposition(output.error_disposition),
            "truncation_disposition": show::disposition(output.truncation_disposition),
            "properties": custom(&output.properties),
            "columns": list(&output.columns, |c| json!({
                "lineage": c.lineage.0,
                "name": c.name,
                "type": c.column_type.to_string(),
                "sort_key_position": c.sort_key_position,
                "special_flags": c.special_flags,
                "external": c.external,
                "error_disposition": show::disposition(c.error_disposition),
                "truncation_disposition": show::disposition(c.truncation_disposition),
                "properties": custom(&c.properties),
            })),
            "external_columns": external(&output.external_columns),
        })),
    })
}
