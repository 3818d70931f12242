//! Results of an Execute SQL task: into which variables they go.

use packmule_connections::ResultSet;
use packmule_runtime::Reported;
use packmule_runtime::recordset::{Recordset, RecordsetColumn};
use packmule_runtime::variables::{SqlConversion, convert};
use packmule_types::array::value_at;
use packmule_types::code::describe;
use packmule_types::{Code, Value};

use super::Style;
use super::settings::{ResultBinding, ResultSetType, Settings};
use crate::tasks::TaskContext;
use crate::values::{native_form, variable_form};

/// Longest text that an XML result is put together to.
const XML_BYTES_MAX: usize = 512 * 1024 * 1024;

/// Number and names of the bindings fit the kind of result.
pub(super) fn validate(context: &TaskContext, settings: &Settings) -> Result<(), Reported> {
    let events = &context.events;
    let mut result = Ok(());
    let count = settings.results.len();
    let fits = match settings.result_set {
        ResultSetType::None => count == 0,
        ResultSetType::SingleRow => count >= 1,
        ResultSetType::Rowset | ResultSetType::Xml => count == 1,
    };
    if !fits {
        result = Err(events.error(Code(0xC002_91E2), &[settings.result_set.name()]));
    }
    for binding in &settings.results {
        let whole = matches!(
            settings.result_set,
            ResultSetType::Rowset | ResultSetType::Xml
        );
        if whole && binding.name != "0" {
            result = Err(events.error(Code(0xC002_91E3), &[]));
        }
        match context.scope.find(&binding.variable) {
            Err(_) => result = Err(events.error(Code(0xC002_91EA), &[&binding.variable])),
            Ok((variable, _)) if variable.is_read_only() => {
                result = Err(events.error(Code(0xC002_91DC), &[&binding.variable]));
            }
            Ok(_) => {}
        }
    }
    result
}

/// Writes the result into the variables.
pub(super) fn assign(
    context: &TaskContext,
    settings: &Settings,
    style: Style,
    rows: Option<ResultSet>,
) -> Result<(), Reported> {
    if settings.result_set == ResultSetType::None {
        return Ok(());
    }
    let Some(rows) = rows else {
        let text = describe(Code(0xC002_91F9), &[]);
        let variable = settings.results.first().map_or("", |b| b.variable.as_str());
        return Err(context.events.error(Code(0xC002_F309), &[variable, &text]));
    };
    match settings.result_set {
        ResultSetType::None => Ok(()),
        ResultSetType::SingleRow => single_row(context, settings, style, &rows),
        ResultSetType::Rowset => rowset(context, settings, style, rows),
        ResultSetType::Xml => xml(context, settings, style, &rows),
    }
}

fn failed(context: &TaskContext, variable: &str, text: &str) -> Reported {
    context.events.error(Code(0xC002_F309), &[variable, text])
}

fn single_row(
    context: &TaskContext,
    settings: &Settings,
    style: Style,
    rows: &ResultSet,
) -> Result<(), Reported> {
    let batch = rows.batches.iter().find(|b| b.num_rows() > 0);
    for binding in &settings.results {
        let Some(batch) = batch else {
            let text = "Single Row result set is specified, but no rows were returned.";
            return Err(failed(context, &binding.variable, text));
        };
        let column = column(binding, style, rows)
            .map_err(|text| failed(context, &binding.variable, &text))?;
        let value = match (rows.columns.get(column), batch.columns().get(column)) {
            (Some(column), Some(array)) => value_at(&column.column_type, array.as_ref(), 0),
            _ => Value::Null,
        };
        let value = match settings.conversion {
            SqlConversion::None => {
                let target = context.scope.find(&binding.variable).ok();
                native_form(value, target.map(|(v, _)| v.variable_type))
            }
            SqlConversion::Allowed => variable_form(value),
        };
        context
            .scope
            .set_from_sql(&binding.variable, value, settings.conversion)
            .map_err(|error| failed(context, &binding.variable, &error.to_string()))?;
    }
    Ok(())
}

/// The column that a binding names: by name without regard to case, else by number (from 0; ODBC
/// from 1).
fn column(binding: &ResultBinding, style: Style, rows: &ResultSet) -> Result<usize, String> {
    let by_name = rows
        .columns
        .iter()
        .position(|c| c.name.eq_ignore_ascii_case(&binding.name));
    if let Some(found) = by_name {
        return Ok(found);
    }
    let Ok(number) = binding.name.parse::<usize>() else {
        return Err(format!(
            "Unable to find column {} in the result set.",
            binding.name
        ));
    };
    let index = match style {
        Style::Odbc => number.checked_sub(1),
        Style::OleDb | Style::AdoNet => Some(number),
    };
    index
        .filter(|i| *i < rows.columns.len())
        .ok_or_else(|| format!("The result column index {number} is not valid."))
}

fn rowset(
    context: &TaskContext,
    settings: &Settings,
    style: Style,
    rows: ResultSet,
) -> Result<(), Reported> {
    let columns = rows
        .columns
        .iter()
        .map(|c| RecordsetColumn {
            name: c.name.clone(),
            column_type: c.column_type,
        })
        .collect();
    // The result set's own reservation ends here; the recordset makes one for its life.
    drop(rows.reservation);
    let recordset = Recordset::new(columns, rows.batches, &context.services.memory);
    let Some(binding) = settings.results.first() else {
        return Ok(());
    };
    let value = match recordset {
        // Over ADO.NET scripts see a DataSet, else a recordset of ADO.
        Ok(recordset) if style == Style::AdoNet => recordset.as_data_set().into_value(),
        Ok(recordset) => recordset.into_value(),
        Err(error) => return Err(failed(context, &binding.variable, &error.to_string())),
    };
    context
        .scope
        .set_from_sql(&binding.variable, value, SqlConversion::None)
        .map_err(|error| failed(context, &binding.variable, &error.to_string()))
}

fn xml(
    context: &TaskContext,
    settings: &Settings,
    style: Style,
    rows: &ResultSet,
) -> Result<(), Reported> {
    let Some(binding) = settings.results.first() else {
        return Ok(());
    };
    let mut text = String::new();
    let column = rows.columns.first();
    for batch in &rows.batches {
        let Some((column, array)) = column.zip(batch.columns().first()) else {
            continue;
        };
        for row in 0..batch.num_rows() {
            let value = value_at(&column.column_type, array.as_ref(), row);
            text.push_str(&convert::to_text(&value).unwrap_or_default());
            if text.len() > XML_BYTES_MAX {
                return Err(failed(context, &binding.variable, "the XML is too long"));
            }
        }
    }
    // Native connections hand out a fragment inside a root element.
    let text = if style == Style::AdoNet {
        text
    } else {
        format!("<ROOT>{text}</ROOT>")
    };
    context
        .scope
        .set_from_sql(&binding.variable, Value::text(text), SqlConversion::None)
        .map_err(|error| failed(context, &binding.variable, &error.to_string()))
}
