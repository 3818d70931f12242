//! Starting: finds every package and parameter first, then has the catalog start all or none.

use std::collections::HashMap;

use packmule_catalog::{
    Caller, Catalog, Error as CatalogError, LoggingLevel, NewExecution, NewOverride,
    ObjectParameter, ParameterScope, RequestKey, Submission, Submitted, Variant, WorkerId,
};
use packmule_types::Secret;

use super::super::projects::same_object;
use crate::problem::Problem;
use crate::shapes::{PackageName, ParameterValue, StartExecutions, variant_of_json};

/// Packages in one request.
const PACKAGES_MAX: usize = 1000;

/// Parameters, overrides or Workers in one request.
const SETTINGS_MAX: usize = 1000;

/// The catalog's own parameters of an execution (object type 50).
const EXECUTION_PARAMETERS: [&str; 7] = [
    "LOGGING_LEVEL",
    "CUSTOMIZED_LOGGING_LEVEL",
    "DUMP_ON_ERROR",
    "DUMP_ON_EVENT",
    "DUMP_EVENT_CODE",
    "CALLER_INFO",
    "SYNCHRONIZED",
];

/// Creates and starts the executions of a request, in the order of its packages.
pub(super) fn start(
    catalog: &Catalog,
    caller: &Caller,
    request: &StartExecutions,
    key: Option<RequestKey>,
) -> Result<Submitted, Problem> {
    check_sizes(request)?;
    let submissions = submissions_of(catalog, request)?;
    Ok(catalog.submit(caller, submissions, key)?)
}

fn check_sizes(request: &StartExecutions) -> Result<(), Problem> {
    if request.packages.is_empty() {
        return Err(Problem::bad_request("no package is given"));
    }
    let sizes = [
        ("packages", request.packages.len(), PACKAGES_MAX),
        ("parameters", request.parameters.len(), SETTINGS_MAX),
        (
            "property overrides",
            request.property_overrides.len(),
            SETTINGS_MAX,
        ),
        ("workers", request.workers.len(), SETTINGS_MAX),
    ];
    for (what, given, limit) in sizes {
        if given > limit {
            return Err(Problem::bad_request(format!(
                "{given} {what} are given, the limit is {limit}"
            )));
        }
    }
    Ok(())
}

fn level_of(level: i32) -> Result<LoggingLevel, Problem> {
    LoggingLevel::from_code(level.into())
        .ok_or_else(|| CatalogError::LoggingLevel(level.into()).into())
}

fn submissions_of(
    catalog: &Catalog,
    request: &StartExecutions,
) -> Result<Vec<Submission>, Problem> {
    let level = request.logging_level.map(level_of).transpose()?;
    let mut found = vec![false; request.parameters.len()];
    let mut known: Vec<String> = Vec::new();
    // a package that is wanted many times is looked up once
    let mut seen: HashMap<&PackageName, Vec<Value>> = HashMap::new();
    let mut submissions = Vec::with_capacity(request.packages.len());
    for package in &request.packages {
        let values = match seen.get(package) {
            Some(values) => values.clone(),
            None => {
                let rows = parameters_of(catalog, package)?;
                let mut values = values_of(request, package, &rows, &mut found)?;
                values.extend(level.map(logging_level));
                known.extend(rows.into_iter().map(|row| row.parameter_name));
                seen.insert(package, values.clone());
                values
            }
        };
        submissions.push(submission(request, package, values));
    }
    match request
        .parameters
        .iter()
        .zip(found)
        .find(|(_, found)| !found)
    {
        Some((given, _)) => Err(unknown_parameter(given, &known)),
        None => Ok(submissions),
    }
}

/// Object type, name and value of a parameter.
type Value = (ParameterScope, String, Variant);

fn logging_level(level: LoggingLevel) -> Value {
    let value = Variant::Integer(level.code().into());
    (ParameterScope::Execution, "LOGGING_LEVEL".to_owned(), value)
}

fn parameters_of(
    catalog: &Catalog,
    package: &PackageName,
) -> Result<Vec<ObjectParameter>, Problem> {
    catalog
        .parameter_values(
            &package.folder_name,
            &package.project_name,
            &package.package_name,
        )
        .map_err(|error| with_suggestion(catalog, package, error))
}

/// The request's values for the parameters that a package has; marks those that were found.
fn values_of(
    request: &StartExecutions,
    package: &PackageName,
    rows: &[ObjectParameter],
    found: &mut [bool],
) -> Result<Vec<Value>, Problem> {
    let mut values = Vec::new();
    for (given, found) in request.parameters.iter().zip(found) {
        let Some(scope) = scope_of(given, rows, &package.package_name)? else {
            continue;
        };
        let value = variant_of_json(&given.value).map_err(|reason| {
            Problem::bad_request(format!("parameter '{}': {reason}", given.parameter_name))
        })?;
        values.push((scope, given.parameter_name.clone(), value));
        *found = true;
    }
    Ok(values)
}

fn submission(
    request: &StartExecutions,
    package: &PackageName,
    parameters: Vec<Value>,
) -> Submission {
    let overrides = request.property_overrides.iter().map(|over| NewOverride {
        property_path: over.property_path.clone(),
        property_value: Secret::new(over.property_value.as_str()),
        sensitive: over.sensitive,
    });
    Submission {
        execution: NewExecution {
            useanyworker: request.workers.is_empty(),
            ..NewExecution::new(
                &package.folder_name,
                &package.project_name,
                &package.package_name,
            )
        },
        parameters,
        overrides: overrides.collect(),
        workers: request.workers.iter().map(|id| WorkerId(*id)).collect(),
        retry_count: request.retry_count,
    }
}

/// Which of the package's, project's and execution's parameters a name means here.
fn scope_of(
    given: &ParameterValue,
    rows: &[ObjectParameter],
    package: &str,
) -> Result<Option<ParameterScope>, Problem> {
    let wanted = match given.object_type {
        None => None,
        Some(code) => Some(ParameterScope::from_code(code.into()).ok_or_else(|| {
            Problem::bad_request(format!(
                "object_type {code} is not 20 (project), 30 (package) or 50 (execution)"
            ))
        })?),
    };
    let has = |scope: ParameterScope| match scope {
        ParameterScope::Execution => EXECUTION_PARAMETERS.contains(&given.parameter_name.as_str()),
        _ => rows.iter().any(|row| {
            row.parameter_name == given.parameter_name
                && row.object_type == scope
                && (scope == ParameterScope::Project || same_object(&row.object_name, package))
        }),
    };
    Ok([
        ParameterScope::Package,
        ParameterScope::Project,
        ParameterScope::Execution,
    ]
    .into_iter()
    .find(|scope| wanted.is_none_or(|wanted| wanted == *scope) && has(*scope)))
}

fn unknown_parameter(given: &ParameterValue, known: &[String]) -> Problem {
    let name = &given.parameter_name;
    let problem = Problem::from(CatalogError::ParameterNotFound(name.clone()));
    let near = nearest(
        name,
        known.iter().map(String::as_str).chain(EXECUTION_PARAMETERS),
    );
    match near {
        Some(near) => problem.remedy(format!("did you mean '{near}'?")),
        None => problem,
    }
}

fn with_suggestion(catalog: &Catalog, package: &PackageName, error: CatalogError) -> Problem {
    let (wanted, names): (&str, Vec<String>) = match &error {
        CatalogError::FolderNotFound(_) => (
            &package.folder_name,
            names_or_none(
                catalog
                    .folders()
                    .map(|rows| rows.into_iter().map(|row| row.name)),
            ),
        ),
        CatalogError::ProjectNotFound { .. } => (
            &package.project_name,
            names_or_none(
                catalog
                    .projects(Some(&package.folder_name))
                    .map(|rows| rows.into_iter().map(|row| row.name)),
            ),
        ),
        CatalogError::PackageNotFound { .. } => (
            &package.package_name,
            names_or_none(
                catalog
                    .packages(Some(&package.folder_name), Some(&package.project_name))
                    .map(|rows| rows.into_iter().map(|row| row.name)),
            ),
        ),
        _ => return error.into(),
    };
    let near = nearest(wanted, names.iter().map(String::as_str)).map(str::to_owned);
    let problem = Problem::from(error);
    match near {
        Some(near) => problem.remedy(format!("did you mean '{near}'?")),
        None => problem,
    }
}

fn names_or_none(names: Result<impl Iterator<Item = String>, CatalogError>) -> Vec<String> {
    // only a hint hangs on it
    names.map(Iterator::collect).unwrap_or_default()
}

/// The known name that a wrong one is nearest to, when it is near: at most half of
/// its letters apart.
fn nearest<'a>(wanted: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let bare = |name: &str| name.to_lowercase().trim_end_matches(".dtsx").to_owned();
    let wanted = bare(wanted);
    known
        .map(|name| (distance(&wanted, &bare(name)), name))
        .filter(|(distance, name)| *distance <= bare(name).chars().count().div_ceil(2))
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, name)| name)
}

/// Edits from one text to another (Levenshtein); names are short.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().take(260).collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().take(260).enumerate() {
        let mut left = i + 1;
        let mut next = vec![left];
        for (y, (&up_left, &up)) in b.iter().zip(row.iter().zip(row.iter().skip(1))) {
            left = (up_left + usize::from(x != *y)).min(up + 1).min(left + 1);
            next.push(left);
        }
        row = next;
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_name_is_suggested_when_it_is_near() {
        let known = ["Load Customers.dtsx", "Load Sales.dtsx", "Export.dtsx"];
        let table = [
            ("load sale.dtsx", Some("Load Sales.dtsx")),
            ("Exprot.dtsx", Some("Export.dtsx")),
            ("Something quite other", None),
            ("", None),
        ];
        for (wanted, expected) in table {
            assert_eq!(nearest(wanted, known.into_iter()), expected, "{wanted}");
        }
        assert_eq!(distance("kitten", "sitting"), 3);
        assert_eq!(distance("", "abc"), 3);
        assert_eq!(distance("abc", ""), 3);
    }
}
