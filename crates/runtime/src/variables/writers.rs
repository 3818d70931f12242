//! Writers that convert before they assign, each named after who writes (control-flow.md 3.1).

use std::sync::Arc;

use packmule_types::convert::variable_default;
use packmule_types::{Code, Value, VariableType};

use super::convert::{general, lossless};
use super::error::VariableError;
use super::locks::access;
use super::scope::{Scope, type_name};
use super::variable::RuntimeVariable;

/// TypeConversionMode of an Execute SQL Task.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum SqlConversion {
    /// Converts where nothing is lost.
    #[default]
    Allowed,
    /// Only the exact type.
    None,
}

impl Scope {
    /// Writes the result of an expression (For Loop, Expression Task): converted within its
    /// family of types, else 0xC001F186; NULL gives the default of the type ([R-NULL-VAR]).
    ///
    /// # Errors
    /// 0xC001F186, 0xC001F187 for a read-only target, 0xC001F188 for a missing one.
    pub fn set_from_expression(
        self: &Arc<Self>,
        name: &str,
        value: Value,
    ) -> Result<(), VariableError> {
        let (variable, owner) = self.resolve(name)?;
        let value = owner.converted(&variable, value, Code(0xC001_F186))?;
        self.write(&variable, &owner, value)
    }

    /// Writes a value of a single row or output parameter of an Execute SQL Task.
    ///
    /// [R-NULL-RESULT] NULL into anything but Object fails as a type change, in both modes.
    ///
    /// # Errors
    /// 0xC001F009 when the type does not fit and, in mode Allowed, does not convert without loss.
    pub fn set_from_sql(
        self: &Arc<Self>,
        name: &str,
        value: Value,
        mode: SqlConversion,
    ) -> Result<(), VariableError> {
        let (variable, owner) = self.resolve(name)?;
        let value = match mode {
            SqlConversion::None => in_width_of(value, variable.variable_type),
            SqlConversion::Allowed if value.is_null() => value,
            SqlConversion::Allowed => lossless(&value, variable.variable_type)
                .ok_or_else(|| type_change(&variable, &value))?,
        };
        self.write(&variable, &owner, value)
    }

    /// Writes an element of a Foreach loop: strict ([R-NULL-RESULT] for NULL), but for the width
    /// of whole numbers.
    ///
    /// # Errors
    /// 0xC001F009; the loop adds 0xC001C012.
    pub fn set_from_foreach(
        self: &Arc<Self>,
        name: &str,
        value: Value,
    ) -> Result<(), VariableError> {
        let (variable, owner) = self.resolve(name)?;
        let value = in_width_of(value, variable.variable_type);
        self.write(&variable, &owner, value)
    }

    /// Writes a number of rows; the variable must be Int32, UInt32, Int64 or UInt64.
    ///
    /// # Errors
    /// 0xC02020EF for any other type, or a number that does not fit.
    pub fn set_from_row_count(
        self: &Arc<Self>,
        name: &str,
        rows: u64,
    ) -> Result<(), VariableError> {
        let (variable, owner) = self.resolve(name)?;
        let value = match variable.variable_type {
            VariableType::Int32 => i32::try_from(rows).ok().map(Value::I4),
            VariableType::UInt32 => u32::try_from(rows).ok().map(Value::Ui4),
            VariableType::Int64 => i64::try_from(rows).ok().map(Value::I8),
            VariableType::UInt64 => Some(Value::Ui8(rows)),
            _ => None,
        };
        let value = value.ok_or_else(|| VariableError::Conversion {
            name: variable.full_name(),
            value_type: "UInt64".to_owned(),
            variable_type: variable.variable_type.name().to_owned(),
            code: Code(0xC020_20EF),
        })?;
        self.write(&variable, &owner, value)
    }

    /// Writes the value of a configuration, a `--set` or a parent's parameter, from text or any
    /// other type, before the run: ReadOnly does not hinder it, and nobody is told.
    ///
    /// # Errors
    /// 0xC0012037 when the value has no form in the variable's type.
    pub fn set_from_configuration(
        &self,
        variable: &RuntimeVariable,
        value: &Value,
    ) -> Result<(), VariableError> {
        let converted = if value.is_null() {
            Some(variable_default(variable.variable_type))
        } else {
            general(value, variable.variable_type)
        };
        let converted = converted.ok_or_else(|| VariableError::Conversion {
            name: variable.full_name(),
            value_type: type_name(value),
            variable_type: variable.variable_type.name().to_owned(),
            code: Code(0xC001_2037),
        })?;
        self.set_design_value(variable, converted);
        Ok(())
    }

    fn write(
        self: &Arc<Self>,
        variable: &RuntimeVariable,
        owner: &Arc<Self>,
        value: Value,
    ) -> Result<(), VariableError> {
        access(variable, true, &self.context().cancel, || {
            owner.write_strict(variable, value)
        })??;
        owner.notify(variable);
        Ok(())
    }
}

/// A whole number in the width that a variable wants, where it fits; any other value as it is.
///
/// SSIS wants the exact type. But the same SQL has other widths on other databases (COUNT is
/// `int` on SQL Server, `bigint` on PostgreSQL, and SQLite has one width only), so a package
/// that runs on another database than it was written for would fail without reason.
fn in_width_of(value: Value, target: VariableType) -> Value {
    use VariableType as T;
    let is_whole = |t: VariableType| {
        matches!(
            t,
            T::SByte | T::Byte | T::Int16 | T::Int32 | T::UInt32 | T::Int64 | T::UInt64
        )
    };
    match value.variable_type() {
        Some(own) if own != target && is_whole(own) && is_whole(target) => {
            lossless(&value, target).unwrap_or(value)
        }
        _ => value,
    }
}

fn type_change(variable: &RuntimeVariable, value: &Value) -> VariableError {
    VariableError::TypeChange {
        name: variable.full_name(),
        value_type: type_name(value),
        variable_type: variable.variable_type.name().to_owned(),
    }
}
