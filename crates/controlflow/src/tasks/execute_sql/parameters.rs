//! Parameters of an Execute SQL task: order, types, values, outputs.

use packmule_connections::{Direction, Parameter};
use packmule_runtime::Reported;
use packmule_runtime::variables::convert;
use packmule_types::{Code, ColumnType, DataType, Value, VariableType};

use super::Style;
use super::settings::{ParameterBinding, Settings};
use crate::tasks::TaskContext;
use crate::values::{native_form, variable_form};

/// Names, directions and variables fit together.
pub(super) fn validate(
    context: &TaskContext,
    settings: &Settings,
    style: Style,
) -> Result<(), Reported> {
    let events = &context.events;
    let mut result = Ok(());
    let returns = settings
        .parameters
        .iter()
        .filter(|p| p.direction == Direction::ReturnValue);
    let first = settings.parameters.first().map(|p| p.direction);
    match returns.count() {
        0 => {}
        1 if first == Some(Direction::ReturnValue) => {}
        _ => result = Err(events.error(Code(0xC002_91E6), &[])),
    }
    let numbers = settings
        .parameters
        .iter()
        .filter(|p| position(p, style).is_some())
        .count();
    if style != Style::AdoNet && numbers != settings.parameters.len() {
        let code = if numbers == 0 {
            0xC002_91DA
        } else {
            0xC002_91F3
        };
        result = Err(events.error(Code(code), &[]));
    }
    for parameter in &settings.parameters {
        if parameter.name.is_empty() {
            result = Err(events.error(Code(0xC002_91D9), &[]));
        }
        if parameter.size < -1 {
            result = Err(events.error(Code(0xC002_F429), &[&parameter.name]));
        }
        match context.scope.find(&parameter.variable) {
            Err(_) => result = Err(events.error(Code(0xC002_91EA), &[&parameter.variable])),
            Ok((variable, _)) => {
                let writes = parameter.direction != Direction::Input;
                if writes && variable.is_read_only() {
                    result = Err(events.error(Code(0xC002_91DE), &[&parameter.variable]));
                }
            }
        }
        if column_type(parameter, style).is_none() {
            let text = format!(
                "parameter {}: the data type {} is not known",
                parameter.name, parameter.data_type
            );
            result = Err(events.error_text(Code(0xC002_91DA), text, None));
        }
    }
    result
}

/// The position of a binding from 0; names decide, not the order of the bindings.
fn position(parameter: &ParameterBinding, style: Style) -> Option<usize> {
    let number: usize = parameter.name.trim().parse().ok()?;
    match style {
        Style::OleDb => Some(number),
        Style::Odbc => number.checked_sub(1),
        Style::AdoNet => None,
    }
}

/// The bindings in the order in which they are sent, with their positions in the settings.
fn ordered(settings: &Settings, style: Style) -> Vec<(usize, &ParameterBinding)> {
    let mut bindings: Vec<_> = settings.parameters.iter().enumerate().collect();
    if style != Style::AdoNet {
        // Real packages skip numbers, so only their order counts.
        bindings.sort_by_key(|(_, p)| position(p, style));
    }
    bindings
}

/// The values to send, read from the variables.
pub(super) fn bind(
    context: &TaskContext,
    settings: &Settings,
    style: Style,
    statement: &str,
) -> Result<Vec<Parameter>, Reported> {
    let mut parameters = Vec::with_capacity(settings.parameters.len());
    for (_, binding) in ordered(settings, style) {
        let column_type = column_type(binding, style).unwrap_or(ColumnType::new(DataType::Empty));
        let value = if binding.direction == Direction::Input {
            input(context, binding, style, &column_type, statement)?
        } else {
            Value::Null
        };
        parameters.push(Parameter {
            name: binding.name.clone(),
            direction: binding.direction,
            column_type: match &value {
                Value::Null => column_type,
                value => ColumnType::new(value.data_type()),
            },
            value,
        });
    }
    Ok(parameters)
}

fn input(
    context: &TaskContext,
    binding: &ParameterBinding,
    style: Style,
    column_type: &ColumnType,
    statement: &str,
) -> Result<Value, Reported> {
    let events = &context.events;
    let value = context
        .scope
        .get(&binding.variable)
        .map_err(|e| e.report(events))?;
    let failed = |why: &str| {
        let message = format!(
            "the value of variable {} cannot be sent as parameter {}: {why}",
            binding.variable, binding.name
        );
        events.error(Code(0xC002_F210), &[statement, &message])
    };
    if matches!(value, Value::Object(_)) {
        return Err(failed("it is an object"));
    }
    if column_type.data_type == DataType::DbTimeStamp && style == Style::OleDb {
        log_fraction(context, binding, &value);
    }
    let mut value = typed(value, column_type.data_type)
        .ok_or_else(|| failed(&format!("it has no form of type {}", column_type.data_type)))?;
    if let (Style::AdoNet, Ok(size @ 1..), Value::Text(text)) =
        (style, usize::try_from(binding.size), &value)
    {
        // ADO.NET cuts input text at the parameter's size.
        if text.chars().count() > size {
            value = Value::text(text.chars().take(size).collect::<String>());
        }
    }
    Ok(value)
}

/// [R-OLEDB-DBTIMESTAMP] Type 135 is sent with three digits; SSIS may fail there.
fn log_fraction(context: &TaskContext, binding: &ParameterBinding, value: &Value) {
    use chrono::Timelike;
    if let Value::Date(stamp) = value
        && stamp.nanosecond() != 0
    {
        let text = format!(
            "parameter {}: a time with a fraction is sent as type 135 (DBTIMESTAMP); SSIS fails \
             here with 'Invalid time format'",
            binding.name
        );
        context.events.information_text(Code(0), text);
    }
}

/// The value in the type of its parameter; NULL stays NULL.
fn typed(value: Value, data_type: DataType) -> Option<Value> {
    use DataType as D;
    use VariableType as V;
    if value.is_null() {
        return Some(Value::Null);
    }
    let general = |target: V| convert::general(&value, target);
    Some(match data_type {
        D::Empty | D::Null => value,
        D::I1 => general(V::SByte)?,
        D::I2 => general(V::Int16)?,
        D::I4 => general(V::Int32)?,
        D::I8 => general(V::Int64)?,
        D::Ui1 => general(V::Byte)?,
        D::Ui2 => general(V::Char)?,
        D::Ui4 => general(V::UInt32)?,
        D::Ui8 => general(V::UInt64)?,
        D::R4 => general(V::Single)?,
        D::R8 => general(V::Double)?,
        D::Bool => general(V::Boolean)?,
        D::Cy => general(V::Currency)?,
        D::Decimal | D::Numeric => general(V::Decimal)?,
        D::Date => Value::DbTimeStamp(as_datetime(date(&value)?)),
        D::DbTimeStamp => Value::DbTimeStamp2(to_fraction(date(&value)?, 3), 3),
        D::DbTimeStamp2 => Value::DbTimeStamp2(date(&value)?, 7),
        D::DbDate => Value::DbDate(date(&value)?.date()),
        D::Guid => match &value {
            Value::Guid(_) => value,
            other => Value::Guid(convert::to_text(other)?.trim().parse().ok()?),
        },
        D::Bytes | D::Image => match value {
            Value::Bytes(_) => value,
            _ => return None,
        },
        // Times and times with zone go as text, as SSIS sends them.
        _ => Value::text(convert::to_text(&value)?),
    })
}

fn date(value: &Value) -> Option<chrono::NaiveDateTime> {
    match convert::general(value, VariableType::DateTime)? {
        Value::Date(stamp) => Some(stamp),
        _ => None,
    }
}

/// [R-OLEDB-DATE] Type 7 goes as `datetime`: rounded to 1/300 s.
fn as_datetime(stamp: chrono::NaiveDateTime) -> chrono::NaiveDateTime {
    use chrono::Timelike;
    let ticks = (u64::from(stamp.nanosecond()) * 300 + 500_000_000) / 1_000_000_000;
    let milliseconds = (ticks * 1000 + 150) / 300;
    stamp
        .with_nanosecond(0)
        .and_then(|s| {
            let delta = chrono::TimeDelta::milliseconds(i64::try_from(milliseconds).ok()?);
            s.checked_add_signed(delta)
        })
        .unwrap_or(stamp)
}

/// Cuts the fraction to so many digits.
fn to_fraction(stamp: chrono::NaiveDateTime, digits: u32) -> chrono::NaiveDateTime {
    use chrono::Timelike;
    let unit = 10u32.pow(9u32.saturating_sub(digits));
    stamp
        .with_nanosecond(stamp.nanosecond() / unit * unit)
        .unwrap_or(stamp)
}

/// The pipeline type of a binding's type number; `DT_EMPTY` for the value's own.
fn column_type(binding: &ParameterBinding, style: Style) -> Option<ColumnType> {
    let number = u16::try_from(binding.data_type).ok();
    let data_type = match style {
        Style::OleDb => match number? {
            0 => DataType::Empty,
            // BSTR and VARIANT: the value's own form.
            8 => DataType::WStr,
            12 => DataType::Empty,
            number => DataType::from_number(number)?,
        },
        Style::AdoNet => db_type(number?)?,
        Style::Odbc => odbc_type(binding.data_type)?,
    };
    Some(ColumnType::new(data_type))
}

/// ADO.NET's DbType.
fn db_type(number: u16) -> Option<DataType> {
    use DataType as D;
    Some(match number {
        0 | 22 => D::Str,
        1 => D::Bytes,
        2 => D::Ui1,
        3 => D::Bool,
        4 => D::Cy,
        5 => D::DbDate,
        6 => D::Date,
        7 | 21 => D::Decimal,
        8 => D::R8,
        9 => D::Guid,
        10 => D::I2,
        11 => D::I4,
        12 => D::I8,
        13 => D::Empty,
        14 => D::I1,
        15 => D::R4,
        16 | 23 | 25 => D::WStr,
        17 => D::DbTime2,
        18 => D::Ui2,
        19 => D::Ui4,
        20 => D::Ui8,
        26 => D::DbTimeStamp2,
        27 => D::DbTimeStampOffset,
        _ => return None,
    })
}

/// ODBC's SQL_* numbers, and OLE DB's for packages that keep them.
fn odbc_type(number: i64) -> Option<DataType> {
    use DataType as D;
    Some(match number {
        0 => D::Empty,
        1 | 12 | -1 => D::Str,
        -10..=-8 => D::WStr,
        2 | 3 => D::Decimal,
        4 => D::I4,
        5 => D::I2,
        6 | 8 => D::R8,
        7 => D::R4,
        9 | 91 => D::DbDate,
        10 | 92 => D::DbTime2,
        11 | 93 => D::DbTimeStamp2,
        -4..=-2 => D::Bytes,
        -5 => D::I8,
        -6 => D::Ui1,
        -7 => D::Bool,
        -11 => D::Guid,
        other => DataType::from_number(u16::try_from(other).ok()?)?,
    })
}

/// Writes the outputs of a batch into their variables.
pub(super) fn take_outputs(
    context: &TaskContext,
    settings: &Settings,
    style: Style,
    outputs: &[(usize, Value)],
) -> Result<(), Reported> {
    let bindings = ordered(settings, style);
    for (position, value) in outputs {
        let Some((_, binding)) = bindings.get(*position) else {
            continue;
        };
        let value = match settings.conversion {
            packmule_runtime::variables::SqlConversion::None => native_form(value.clone(), None),
            packmule_runtime::variables::SqlConversion::Allowed => variable_form(value.clone()),
        };
        context
            .scope
            .set_from_sql(&binding.variable, value, settings.conversion)
            .map_err(|error| {
                let text = error.to_string();
                context
                    .events
                    .error(Code(0xC002_F309), &[&binding.variable, &text])
            })?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stamp(text: &str) -> chrono::NaiveDateTime {
        chrono::NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M:%S%.f").expect("a time")
    }

    #[test]
    fn datetime_is_rounded_to_a_three_hundredth() {
        // SQL Server's documentation of datetime: .000, .003, .007; .999 becomes the next second.
        let table = [
            ("2024-01-01 00:00:00.000", "2024-01-01 00:00:00.000"),
            ("2024-01-01 00:00:00.001", "2024-01-01 00:00:00.000"),
            ("2024-01-01 00:00:00.002", "2024-01-01 00:00:00.003"),
            ("2024-01-01 00:00:00.004", "2024-01-01 00:00:00.003"),
            ("2024-01-01 00:00:00.005", "2024-01-01 00:00:00.007"),
            ("2024-01-01 00:00:00.008", "2024-01-01 00:00:00.007"),
            ("2024-01-01 00:00:00.009", "2024-01-01 00:00:00.010"),
            ("2024-12-31 23:59:59.999", "2025-01-01 00:00:00.000"),
        ];
        for (from, to) in table {
            assert_eq!(as_datetime(stamp(from)), stamp(to), "{from}");
        }
    }

    #[test]
    fn values_take_the_type_of_their_parameter() {
        let table = [
            (Value::I4(7), DataType::WStr, Some(Value::text("7"))),
            (Value::text("7"), DataType::I4, Some(Value::I4(7))),
            (Value::text("x"), DataType::I4, None),
            (Value::Null, DataType::I4, Some(Value::Null)),
            (Value::I8(300), DataType::Ui1, None),
            (Value::Bool(true), DataType::Bool, Some(Value::Bool(true))),
        ];
        for (value, data_type, expected) in table {
            assert_eq!(
                typed(value.clone(), data_type),
                expected,
                "{value:?} {data_type:?}"
            );
        }
    }
}
