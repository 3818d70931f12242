//! One variable of a scope at run time.

use std::sync::atomic::{AtomicBool, Ordering};

use parking_lot::RwLock;

use packmule_dtsx::NodeId;
use packmule_types::{Secret, Value, VariableType};

use super::locks::Holders;

/// A variable, parameter or system variable at run time.
#[derive(Debug)]
pub struct RuntimeVariable {
    /// Position in the order in which locks are taken; unique in the process.
    pub(super) serial: u64,
    /// Its node in the model; `None` for system variables.
    pub node: Option<NodeId>,
    /// Namespace: `User`, `System`, `$Package`, `$Project`, or one of its own.
    pub namespace: String,
    /// Name without namespace.
    pub name: String,
    /// DTSID, empty for system variables.
    pub dtsid: String,
    /// Its type, which never changes.
    pub variable_type: VariableType,
    /// RaiseChangedEvent.
    pub raise_changed_event: bool,
    /// A sensitive parameter: its value is in `secret`, `get` refuses.
    pub sensitive: bool,
    pub(super) secret: Option<Secret>,
    pub(super) read_only: AtomicBool,
    pub(super) value: RwLock<Value>,
    /// The expression that counts instead of the value (EvaluateAsExpression).
    pub(super) expression: RwLock<Option<String>>,
    pub(super) holders: Holders,
}

impl RuntimeVariable {
    /// `Namespace::Name`
    pub fn full_name(&self) -> String {
        format!("{}::{}", self.namespace, self.name)
    }

    /// Whether writers are refused.
    pub fn is_read_only(&self) -> bool {
        self.read_only.load(Ordering::Relaxed) || self.expression.read().is_some()
    }

    /// The expression that counts instead of the value.
    pub fn expression(&self) -> Option<String> {
        self.expression.read().clone()
    }

    /// Whether ReadOnly is set; an expression makes a variable read-only too.
    pub fn is_marked_read_only(&self) -> bool {
        self.read_only.load(Ordering::Relaxed)
    }

    /// Whether its value is that of an expression, evaluated at every read.
    pub fn has_expression(&self) -> bool {
        self.expression.read().is_some()
    }

    /// The value of a sensitive parameter.
    pub fn secret(&self) -> Option<&Secret> {
        self.secret.as_ref()
    }
}
