//! What sources, lookups, commands and destinations share when they use a database: acquiring
//! the connection, SSIS's messages for what a driver says, parameters from variables.

use packmule_connections::connections::Reference;
use packmule_connections::{DatabaseError, Parameter, SharedConnection};
use packmule_runtime::{Events, Reported};
use packmule_types::code::{
    DTS_E_CANNOTACQUIRECONNECTIONFROMCONNECTIONMANAGER, DTS_E_OLEDBERROR, describe,
};
use packmule_types::{Code, Value};

use crate::component::{Failure, FailureEvent};
use crate::site::Site;

/// The SQL command requires more parameters than are mapped.
const TOO_FEW_PARAMETERS: Code = Code(0xC020_7013);
/// The parameter mapping has a form that cannot be read.
const BAD_MAPPING: Code = Code(0xC020_7012);

/// Opens the connection of a role, or says why not: the manager's own error, then 0xC020801C.
pub fn acquire(site: &Site<'_>, role: &str) -> Result<SharedConnection, Reported> {
    let Some(connection) = site.connection(role) else {
        let text = format!("the component has no connection '{role}'");
        let remedy = Some("choose a connection manager for the component");
        return Err(site.events.error_text(
            DTS_E_CANNOTACQUIRECONNECTIONFROMCONNECTIONMANAGER,
            text,
            remedy,
        ));
    };
    let connections = &site.flow.connections;
    let reference = Reference {
        id: &connection.manager_id,
        ref_id: &connection.manager_ref_id,
    };
    connections.database(reference).map_err(|error| {
        let manager = connections.find(reference).map(|m| m.name.clone());
        let manager = manager.unwrap_or_else(|_| connection.manager_id.clone());
        error.report(&site.flow.events);
        let code = format!("{:08X}", error.code().0);
        site.events.error(
            DTS_E_CANNOTACQUIRECONNECTIONFROMCONNECTIONMANAGER,
            &[&manager, &code],
        )
    })
}

/// SSIS's message for what a driver says: the code, then the record.
fn message(error: &DatabaseError) -> String {
    let hresult = format!("{:08X}", error.hresult().0);
    let record = describe(
        Code(0xC020_2007),
        &["Packmule", &hresult, &error.to_string()],
    );
    format!("{}\r\n{record}", describe(DTS_E_OLEDBERROR, &[&hresult]))
}

/// Raises what a driver says.
pub fn report(events: &Events, error: &DatabaseError) -> Reported {
    events.error_text(DTS_E_OLEDBERROR, message(error), error.remedy())
}

/// What a driver says as the failure of a row.
pub fn failure(row: usize, error: &DatabaseError) -> Failure {
    if matches!(error, DatabaseError::Cancelled) {
        // The engine knows; nothing is to be said.
        return Failure {
            row,
            events: Vec::new(),
        };
    }
    let remedy = error.remedy().map(str::to_owned);
    Failure {
        row,
        events: vec![FailureEvent::Text(DTS_E_OLEDBERROR, message(error), remedy)],
    }
}

/// The text of a String variable that a property names.
pub fn variable_text(site: &Site<'_>, property: &str, name: &str) -> Result<String, Reported> {
    let value = site
        .flow
        .scope
        .get(name)
        .map_err(|error| error.report(&site.events))?;
    match value {
        Value::Text(text) => Ok(text.to_string()),
        _ => {
            let text =
                format!("the variable '{name}' of property {property} is not of type String");
            Err(site
                .events
                .error_text(crate::codes::E_FAIL, text, Some("use a String variable")))
        }
    }
}

/// One entry of a `ParameterMapping`.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Mapped<'a> {
    /// `Parameter0`, `0`, `@name`.
    parameter: &'a str,
    /// `{GUID}` or a name.
    variable: &'a str,
}

/// Reads `"Parameter0:Input",{GUID};"@p:Input",User::v;`. The direction is optional; only
/// inputs can be mapped.
fn parse_mapping(text: &str) -> Option<Vec<Mapped<'_>>> {
    let mut list = Vec::new();
    for entry in text.split(';').map(str::trim).filter(|e| !e.is_empty()) {
        let rest = entry.strip_prefix('"')?;
        let (parameter, variable) = rest.split_once('"')?;
        let parameter = match parameter.rsplit_once(':') {
            Some((name, direction)) if direction.eq_ignore_ascii_case("input") => name,
            Some(_) => return None,
            None => parameter,
        };
        list.push(Mapped {
            parameter,
            variable: variable.trim().strip_prefix(',')?.trim(),
        });
    }
    Some(list)
}

/// The parameters of a source's statement, from the component's `ParameterMapping`. Ordinal
/// names (`Parameter0`, `0`) decide the position; other names are kept.
pub fn parameters(site: &Site<'_>) -> Result<Vec<Parameter>, Reported> {
    let text = site.text("ParameterMapping").unwrap_or_default();
    let Some(mapped) = parse_mapping(&text) else {
        return Err(site.events.error(BAD_MAPPING, &[&text]));
    };
    let mut list: Vec<(usize, Parameter)> = Vec::new();
    for (at, entry) in mapped.iter().enumerate() {
        let value = variable(site, entry.variable)?;
        let digits = entry
            .parameter
            .strip_prefix("Parameter")
            .unwrap_or(entry.parameter);
        let place = digits.parse::<usize>().unwrap_or(at);
        list.push((place, Parameter::input(value).named(entry.parameter)));
    }
    list.sort_by_key(|(place, _)| *place);
    if list.iter().enumerate().any(|(at, (place, _))| at != *place) {
        return Err(site.events.error(TOO_FEW_PARAMETERS, &[]));
    }
    Ok(list.into_iter().map(|(_, parameter)| parameter).collect())
}

/// The value of a variable that a mapping names by DTSID or by name.
fn variable(site: &Site<'_>, name: &str) -> Result<Value, Reported> {
    let scope = &site.flow.scope;
    let full = if name.starts_with('{') {
        match scope.find_by_id(name) {
            Ok((variable, _)) => variable.full_name(),
            Err(error) => return Err(error.report(&site.events)),
        }
    } else {
        name.to_owned()
    };
    scope.get(&full).map_err(|error| error.report(&site.events))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameter_mappings_in_their_three_forms() {
        let list = |text: &'static str| {
            parse_mapping(text).map(|l| {
                l.iter()
                    .map(|m| (m.parameter, m.variable))
                    .collect::<Vec<_>>()
            })
        };
        assert_eq!(list(""), Some(vec![]));
        assert_eq!(
            list("\"Parameter0\",{A};\"Parameter1:Input\",{B};"),
            Some(vec![("Parameter0", "{A}"), ("Parameter1", "{B}")])
        );
        assert_eq!(list("\"@p:Input\",User::v;"), Some(vec![("@p", "User::v")]));
        assert_eq!(list("\"Parameter0:Output\",{A};"), None);
        assert_eq!(list("Parameter0,{A};"), None);
    }
}
