//! What every driver does with the parameters of a text before it runs its statements.

use super::{DatabaseError, Direction, Marker, MarkerStyle, Parameter, Statement};

/// The values of one statement's markers, in order of their numbers. `next` counts the markers
/// of the whole text.
pub(crate) fn values_of<'p>(
    markers: &[Marker],
    parameters: &'p [Parameter],
    next: &mut usize,
) -> Result<Vec<&'p Parameter>, DatabaseError> {
    let mut values = Vec::with_capacity(markers.len());
    for marker in markers {
        let parameter = match marker {
            Marker::Next => {
                *next += 1;
                parameters
                    .get(*next - 1)
                    .ok_or(DatabaseError::ParameterCount {
                        markers: *next,
                        given: parameters.len(),
                    })?
            }
            Marker::Name(name) => parameters
                .iter()
                .find(|p| p.name.trim_start_matches('@').eq_ignore_ascii_case(name))
                .ok_or_else(|| DatabaseError::NoParameter {
                    name: format!("@{name}"),
                })?,
        };
        values.push(parameter);
    }
    Ok(values)
}

/// Refuses parameters that come back, for databases whose statements have none.
pub(crate) fn refuse_outputs(
    parameters: &[Parameter],
    database: &'static str,
    remedy: &'static str,
) -> Result<(), DatabaseError> {
    if parameters.iter().all(|p| p.direction == Direction::Input) {
        return Ok(());
    }
    Err(DatabaseError::Unsupported {
        what: "an output parameter or return value".to_owned(),
        database,
        remedy,
    })
}

/// A text with markers by position has as many as parameters are given.
pub(crate) fn check_count(
    statements: &[Statement],
    style: MarkerStyle,
    parameters: &[Parameter],
) -> Result<(), DatabaseError> {
    let markers: usize = statements.iter().map(|s| s.markers.len()).sum();
    if style == MarkerStyle::Question && markers != parameters.len() {
        return Err(DatabaseError::ParameterCount {
            markers,
            given: parameters.len(),
        });
    }
    Ok(())
}

/// The only statement of a text that is prepared.
pub(crate) fn only_statement(
    mut statements: Vec<Statement>,
    database: &'static str,
) -> Result<Statement, DatabaseError> {
    match (statements.pop(), statements.is_empty()) {
        (Some(statement), true) => Ok(statement),
        _ => Err(DatabaseError::Unsupported {
            what: "preparing a text of several statements, or of none".to_owned(),
            database,
            remedy: "write one statement",
        }),
    }
}

/// Whether a statement begins with one of several words, in lower case.
pub(crate) fn begins_with(sql: &str, words: &[&str]) -> bool {
    let word: String = sql
        .trim_start()
        .chars()
        .take_while(char::is_ascii_alphabetic)
        .collect::<String>()
        .to_ascii_lowercase();
    words.contains(&word.as_str())
}
