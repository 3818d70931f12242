//! What the printed tree and the JSON form have in common: values as text, secrets masked.

use packmule_types::Value;

use crate::connection_string::ConnectionString;
use crate::model::{
    ConnectionManager, Disposition, Executable, ExecutableKind, FormatVersion, Parameter,
    PrecedenceConstraint, Property, PropertyValue, ProtectionLevel, Usage,
};

/// Longest text that is shown whole, in characters.
const SHOWN_MAX: usize = 400;

/// A text with what looks like a password in a connection string masked.
pub(crate) fn masked(text: &str) -> String {
    if !text.contains('=') {
        return text.to_owned();
    }
    let parsed = ConnectionString::parse(text);
    let secret = parsed.iter().any(|(_, value)| value.is_none());
    if secret {
        parsed.masked()
    } else {
        text.to_owned()
    }
}

/// A masked text on one line; of a long one the start and its length.
pub(crate) fn line(text: &str) -> String {
    let shown = masked(text);
    let count = shown.chars().count();
    let mut out = String::with_capacity(shown.len());
    for c in shown.chars().take(SHOWN_MAX) {
        if c.is_control() {
            out.extend(c.escape_debug());
        } else {
            out.push(c);
        }
    }
    if count > SHOWN_MAX {
        out.push_str(&format!("… ({count} characters)"));
    }
    out
}

/// A property's value; secrets as `***`.
pub(crate) fn property_value(property: &Property) -> String {
    match &property.value {
        PropertyValue::Text(text) => line(text),
        PropertyValue::Secret(_) => "***".to_owned(),
        PropertyValue::Encrypted => "(encrypted)".to_owned(),
    }
}

/// A value as text, NULL as `NULL`.
pub(crate) fn value(value: &Value) -> String {
    match value {
        Value::Null => "NULL".to_owned(),
        Value::Bool(true) => "True".to_owned(),
        Value::Bool(false) => "False".to_owned(),
        Value::I1(v) => v.to_string(),
        Value::I2(v) => v.to_string(),
        Value::I4(v) => v.to_string(),
        Value::I8(v) => v.to_string(),
        Value::Ui1(v) => v.to_string(),
        Value::Ui2(v) => v.to_string(),
        Value::Ui4(v) => v.to_string(),
        Value::Ui8(v) => v.to_string(),
        Value::R4(v) => v.to_string(),
        Value::R8(v) => v.to_string(),
        Value::Cy(v) => decimal(i128::from(*v), 4),
        Value::Decimal(v, scale) | Value::Numeric(v, _, scale) => decimal(*v, *scale),
        Value::Text(text) => format!("\"{}\"", line(text)),
        Value::Date(at) | Value::DbTimeStamp(at) | Value::FileTime(at) => at.to_string(),
        Value::Object(object) => format!("({})", object.type_name()),
        other => format!("({})", other.data_type()),
    }
}

fn decimal(unscaled: i128, scale: u8) -> String {
    let digits = unscaled.unsigned_abs().to_string();
    let scale = usize::from(scale);
    let digits = format!("{digits:0>width$}", width = scale + 1);
    let (whole, fraction) = digits.split_at(digits.len().saturating_sub(scale));
    let sign = if unscaled < 0 { "-" } else { "" };
    if fraction.is_empty() {
        format!("{sign}{whole}")
    } else {
        format!("{sign}{whole}.{fraction}")
    }
}

/// A parameter's value; secrets as `***`.
pub(crate) fn parameter_value(parameter: &Parameter) -> String {
    match &parameter.secret {
        Some(_) => "***".to_owned(),
        None => value(&parameter.value),
    }
}

pub(crate) fn format_number(format: FormatVersion) -> u8 {
    match format {
        FormatVersion::V2 => 2,
        FormatVersion::V3 => 3,
        FormatVersion::V6 => 6,
        FormatVersion::V8 => 8,
    }
}

pub(crate) fn protection_level(level: ProtectionLevel) -> &'static str {
    use ProtectionLevel as P;
    match level {
        P::DontSaveSensitive => "DontSaveSensitive",
        P::EncryptSensitiveWithUserKey => "EncryptSensitiveWithUserKey",
        P::EncryptSensitiveWithPassword => "EncryptSensitiveWithPassword",
        P::EncryptAllWithPassword => "EncryptAllWithPassword",
        P::EncryptAllWithUserKey => "EncryptAllWithUserKey",
        P::ServerStorage => "ServerStorage",
    }
}

/// What an executable is, in one word.
pub(crate) fn kind(executable: &Executable) -> &str {
    match &executable.kind {
        ExecutableKind::Package => "Package",
        ExecutableKind::Sequence => "Sequence",
        ExecutableKind::ForLoop => "ForLoop",
        ExecutableKind::ForeachLoop(_) => "ForeachLoop",
        ExecutableKind::EventHandler { .. } => "EventHandler",
        ExecutableKind::Task(task) => &task.type_name,
    }
}

pub(crate) fn disposition(disposition: Disposition) -> &'static str {
    match disposition {
        Disposition::NotUsed => "NotUsed",
        Disposition::FailComponent => "FailComponent",
        Disposition::IgnoreFailure => "IgnoreFailure",
        Disposition::RedirectRow => "RedirectRow",
    }
}

pub(crate) fn usage(usage: Usage) -> &'static str {
    match usage {
        Usage::ReadOnly => "readOnly",
        Usage::ReadWrite => "readWrite",
        Usage::Ignored => "ignored",
    }
}

/// `Success`, `Failure and expression` …
pub(crate) fn constraint_rule(constraint: &PrecedenceConstraint) -> String {
    let value = match constraint.value {
        0 => "Success".to_owned(),
        1 => "Failure".to_owned(),
        2 => "Completion".to_owned(),
        3 => "Canceled".to_owned(),
        other => format!("value {other}"),
    };
    match constraint.evaluation_operation {
        1 => format!("expression {}", line(&constraint.expression)),
        2 => value,
        3 => format!("{value} and expression {}", line(&constraint.expression)),
        4 => format!("{value} or expression {}", line(&constraint.expression)),
        other => format!("{value}, operation {other}"),
    }
}

/// Stored properties that are worth showing: what only informs about the author is left out.
pub(crate) fn shown_property(name: &str) -> bool {
    !matches!(
        name,
        "CreationDate"
            | "CreatorName"
            | "CreatorComputerName"
            | "VersionGUID"
            | "VersionBuild"
            | "VersionMajor"
            | "VersionMinor"
            | "VersionComments"
            | "LastModifiedProductVersion"
            | "PackageType"
            | "TaskContact"
            | "ThreadHint"
            | "EventID"
            | "ExecValue"
            | "ExecutionLocation"
            | "ExecutionAddress"
            | "PackagePriorityClass"
    )
}

/// The type of a connection manager with what follows the colon.
pub(crate) fn connection_type(manager: &ConnectionManager) -> String {
    match manager.stored_type.split_once(':') {
        Some((_, rest)) => {
            let class = rest.split(',').next().unwrap_or(rest).trim();
            format!("{}:{class}", manager.type_name)
        }
        None => manager.type_name.clone(),
    }
}
