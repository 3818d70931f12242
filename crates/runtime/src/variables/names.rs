//! A scope as the names of an expression.

use std::sync::Arc;

use packmule_types::{Code, Value};

use super::scope::Scope;

/// What an expression that reads variables of a scope sees.
#[derive(Debug, Clone)]
pub struct ScopeNames {
    /// Where names are looked up, outward.
    pub scope: Arc<Scope>,
}

impl ScopeNames {
    /// The names of a scope.
    pub fn new(scope: &Arc<Scope>) -> Self {
        Self {
            scope: scope.clone(),
        }
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

/// Evaluates an expression for one row, with the variables that a scope sees.
///
/// # Errors
/// It does not parse, does not type, or fails on these values.
pub fn evaluate(_scope: &Arc<Scope>, text: &str) -> Result<Value, EvaluationError> {
    Err(EvaluationError {
        code: Code(0xC001_7003),
        message: format!("the expression language is not linked into this build: {text}"),
    })
}
