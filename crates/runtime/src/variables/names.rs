//! A scope as the names of an expression.

use std::sync::Arc;

use packmule_expression::{BindOptions, Inputs, NameError, Names, Now, VariableBinding, parse};
use packmule_types::locale::Locale;
use packmule_types::{Code, ColumnType, Secret, Value, VariableType};
use parking_lot::Mutex;

use super::error::VariableError;
use super::scope::Scope;

/// Longest `DT_WSTR`; a longer variable keeps its value, its metadata says this.
const WSTR_MAX: u32 = 4000;

/// What an expression that reads variables of a scope sees.
///
/// Values are read once, when the expression is bound: hand [`ScopeNames::values`] to
/// [`Inputs`] afterwards.
#[derive(Debug)]
pub struct ScopeNames {
    scope: Arc<Scope>,
    secrets: bool,
    read: Mutex<Read>,
}

#[derive(Debug, Default)]
struct Read {
    names: Vec<String>,
    values: Vec<Value>,
    error: Option<VariableError>,
}

impl ScopeNames {
    /// The names of a scope. Sensitive parameters are read, too; what uses them is marked
    /// [`packmule_expression::Bound::sensitive`].
    pub fn new(scope: &Arc<Scope>) -> Self {
        Self {
            scope: scope.clone(),
            secrets: true,
            read: Mutex::default(),
        }
    }

    /// The same without sensitive parameters: reading one is an error.
    pub fn without_secrets(scope: &Arc<Scope>) -> Self {
        Self {
            secrets: false,
            ..Self::new(scope)
        }
    }

    /// The values that were read, by [`VariableBinding::index`].
    pub fn values(&self) -> Vec<Value> {
        self.read.lock().values.clone()
    }

    /// Why a variable could not be read, where the cause is more than a missing name.
    pub fn error(&self) -> Option<VariableError> {
        self.read.lock().error.clone()
    }

    /// The value, its type, and whether it is a secret.
    fn value_of(&self, name: &str) -> Result<(Value, VariableType, bool), VariableError> {
        let variable_type = self.scope.variable_type(name)?;
        match self.scope.get(name) {
            Err(VariableError::Sensitive { .. }) if self.secrets => {
                let secret = self.scope.get_secret(name)?;
                let value = secret.map_or(Value::Null, |s| Value::text(s.reveal()));
                Ok((value, variable_type, true))
            }
            other => Ok((other?, variable_type, false)),
        }
    }
}

/// The type of a variable inside an expression; text has the length of its value.
fn column_type(variable_type: VariableType, value: &Value) -> Option<ColumnType> {
    let data_type = variable_type.in_expression()?;
    Some(match (data_type, value) {
        (packmule_types::DataType::WStr, Value::Text(text)) => {
            let units = text.encode_utf16().count();
            ColumnType::wstr(u32::try_from(units).unwrap_or(WSTR_MAX).min(WSTR_MAX))
        }
        (packmule_types::DataType::WStr, _) => ColumnType::wstr(0),
        (packmule_types::DataType::Decimal, Value::Decimal(_, scale)) => {
            ColumnType::decimal(*scale)
        }
        (other, _) => ColumnType::new(other),
    })
}

impl Names for ScopeNames {
    fn variable(&self, namespace: Option<&str>, name: &str) -> Result<VariableBinding, NameError> {
        let full = match namespace {
            Some(namespace) => format!("{namespace}::{name}"),
            None => name.to_owned(),
        };
        let found = self.value_of(&full);
        let mut read = self.read.lock();
        let (value, variable_type, sensitive) = found.map_err(|error| match error {
            VariableError::NotFound { .. } => NameError::NotFound,
            VariableError::Ambiguous { .. } => NameError::Ambiguous,
            other => {
                read.error.get_or_insert(other);
                NameError::Unsupported
            }
        })?;
        let column_type = column_type(variable_type, &value).ok_or(NameError::Unsupported)?;
        let known = read.names.iter().position(|n| *n == full);
        let index = known.unwrap_or_else(|| {
            read.names.push(full);
            read.values.push(value);
            read.values.len() - 1
        });
        Ok(VariableBinding {
            column_type,
            index,
            sensitive,
        })
    }
}

/// An expression that could not be evaluated.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct EvaluationError {
    /// SSIS's code.
    pub code: Code,
    /// What is wrong, SSIS's text where it has one.
    pub message: String,
}

/// The value of an expression, and whether it was made from a secret.
#[derive(Debug, Clone, PartialEq)]
pub enum Evaluation {
    /// A plain value.
    Plain(Value),
    /// Made from a sensitive parameter: only a sensitive property may take it.
    Secret(Secret),
}

/// Evaluates an expression for one row, with the variables that a scope sees.
///
/// # Errors
/// It does not parse, does not type, reads a sensitive parameter, or fails on these values.
pub fn evaluate(scope: &Arc<Scope>, text: &str) -> Result<Value, EvaluationError> {
    run(ScopeNames::without_secrets(scope), scope, text).map(|(value, _)| value)
}

/// Evaluates an expression that may read sensitive parameters: for properties such as Password.
///
/// # Errors
/// As [`evaluate`], but for sensitive parameters.
pub fn evaluate_with_secrets(
    scope: &Arc<Scope>,
    text: &str,
) -> Result<Evaluation, EvaluationError> {
    let (value, sensitive) = run(ScopeNames::new(scope), scope, text)?;
    if sensitive {
        let text = super::convert::to_text(&value).unwrap_or_default();
        return Ok(Evaluation::Secret(Secret::new(text)));
    }
    Ok(Evaluation::Plain(value))
}

fn run(
    names: ScopeNames,
    scope: &Arc<Scope>,
    text: &str,
) -> Result<(Value, bool), EvaluationError> {
    let context = scope.context();
    let failed = |code: Code, message: String| EvaluationError { code, message };
    let parsed = parse(text).map_err(|e| failed(e.code, e.to_string()))?;
    let options = BindOptions {
        locale: i32::try_from(context.lcid)
            .ok()
            .and_then(|lcid| Locale::from_lcid(lcid).ok())
            .unwrap_or_else(Locale::en_us),
        ..BindOptions::default()
    };
    let bound = parsed.bind(&names, &options).map_err(|errors| {
        if let Some(error) = names.error() {
            return failed(error.code(), error.to_string());
        }
        let code = errors.first().map_or(Code(0xC004_7099), |e| e.code);
        let texts: Vec<String> = errors.iter().map(ToString::to_string).collect();
        failed(code, texts.join("; "))
    })?;
    let now = Now {
        local: context.clock.local_now(),
        utc: context.clock.utc_now().naive_utc(),
        offset_minutes: context.clock.offset_minutes(),
    };
    let values = names.values();
    let value = bound
        .evaluate_row(&Inputs::row(&values, &now))
        .map_err(|e| failed(e.code, e.to_string()))?;
    Ok((value, bound.sensitive()))
}
