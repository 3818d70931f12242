//! Scopes: lookup outward, reading, strict writing.

use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use parking_lot::RwLock;

use packmule_dtsx::NodeId;
use packmule_dtsx::model::{Parameter, Variable};
use packmule_types::convert::variable_default;
use packmule_types::{Code, Secret, Value, VariableType};

use super::error::VariableError;
use super::locks::access;
use super::names::evaluate;
use super::variable::RuntimeVariable;
use crate::cancel::Cancel;
use crate::clock::Clock;

/// Variables whose expressions read each other may be nested this deep.
const EXPRESSION_DEPTH_MAX: usize = 64;
/// Scopes may be nested this deep: containers, handlers and child packages together.
const SCOPE_DEPTH_MAX: usize = 4096;

static NEXT_SERIAL: AtomicU64 = AtomicU64::new(1);

thread_local! {
    /// Serials of the variables whose expressions this thread is evaluating.
    static EVALUATING: RefCell<Vec<u64>> = const { RefCell::new(Vec::new()) };
}

/// Called after a write to a variable with RaiseChangedEvent; the scope owns the variable.
pub type ChangeHook = Arc<dyn Fn(&ScopeOwner, &RuntimeVariable) + Send + Sync>;

/// What a scope belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ScopeLevel {
    /// A package; a child package's scope has the Execute Package Task's scope as parent.
    Package,
    /// A sequence or loop.
    Container,
    /// A task.
    Task,
    /// An event handler.
    EventHandler,
}

/// The executable that a scope belongs to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ScopeOwner {
    /// Its node in its package's model.
    pub node: Option<NodeId>,
    /// Its name.
    pub name: String,
    /// Its DTSID.
    pub dtsid: String,
}

/// What all scopes of one run share.
#[derive(Clone)]
pub struct ScopeContext {
    /// Time for `GETDATE()` in expressions.
    pub clock: Arc<dyn Clock>,
    /// Ends waiting for locks.
    pub cancel: Cancel,
    /// Locale of the package, Windows LCID.
    pub lcid: u32,
}

/// The value of a parameter for a run.
#[derive(Debug, Clone)]
pub struct ParameterValue {
    /// Its node.
    pub node: NodeId,
    /// Name without namespace.
    pub name: String,
    /// DTSID.
    pub dtsid: String,
    /// Type.
    pub variable_type: VariableType,
    /// The value; NULL when it is sensitive.
    pub value: Value,
    /// The value of a sensitive parameter.
    pub secret: Option<Secret>,
    /// Sensitive.
    pub sensitive: bool,
}

impl From<&Parameter> for ParameterValue {
    fn from(parameter: &Parameter) -> Self {
        Self {
            node: parameter.node,
            name: parameter.name.clone(),
            dtsid: parameter.dtsid.clone(),
            variable_type: parameter.variable_type,
            value: parameter.value.clone(),
            secret: parameter.secret.clone(),
            sensitive: parameter.sensitive,
        }
    }
}

/// The variables of one executable, below those of the executable around it.
pub struct Scope {
    level: ScopeLevel,
    owner: ScopeOwner,
    parent: Option<Arc<Scope>>,
    depth: usize,
    variables: RwLock<Variables>,
    context: ScopeContext,
    hook: RwLock<Option<ChangeHook>>,
}

#[derive(Default)]
struct Variables {
    all: Vec<Arc<RuntimeVariable>>,
    /// By `Namespace::Name`.
    by_full_name: HashMap<String, usize>,
    /// By `Name`: every namespace that has it.
    by_name: HashMap<String, Vec<usize>>,
}

impl Variables {
    fn add(&mut self, variable: RuntimeVariable) {
        let position = self.all.len();
        self.by_full_name.insert(variable.full_name(), position);
        let same = self.by_name.entry(variable.name.clone()).or_default();
        same.retain(|i| {
            self.all
                .get(*i)
                .is_none_or(|v| v.namespace != variable.namespace)
        });
        same.push(position);
        self.all.push(Arc::new(variable));
    }
}

impl std::fmt::Debug for Scope {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Scope")
            .field("level", &self.level)
            .field("owner", &self.owner)
            .field("depth", &self.depth)
            .finish_non_exhaustive()
    }
}

impl Scope {
    /// The scope of a package that has no parent package.
    pub fn root(owner: ScopeOwner, variables: &[Variable], context: ScopeContext) -> Arc<Self> {
        let scope = Self {
            level: ScopeLevel::Package,
            owner,
            parent: None,
            depth: 0,
            variables: RwLock::default(),
            context,
            hook: RwLock::new(None),
        };
        scope.declare(variables);
        Arc::new(scope)
    }

    /// A scope below another one.
    pub fn new_child(
        parent: &Arc<Self>,
        level: ScopeLevel,
        owner: ScopeOwner,
        variables: &[Variable],
    ) -> Arc<Self> {
        let scope = Self {
            level,
            owner,
            parent: Some(parent.clone()),
            depth: parent.depth.saturating_add(1).min(SCOPE_DEPTH_MAX),
            variables: RwLock::default(),
            context: parent.context.clone(),
            hook: RwLock::new(parent.hook.read().clone()),
        };
        scope.declare(variables);
        Arc::new(scope)
    }

    fn declare(&self, variables: &[Variable]) {
        let mut mine = self.variables.write();
        for v in variables {
            mine.add(RuntimeVariable {
                serial: NEXT_SERIAL.fetch_add(1, Ordering::Relaxed),
                node: Some(v.node),
                namespace: v.namespace.clone(),
                name: v.name.clone(),
                dtsid: v.dtsid.clone(),
                variable_type: v.variable_type,
                raise_changed_event: v.raise_changed_event,
                sensitive: false,
                secret: None,
                read_only: AtomicBool::new(v.read_only),
                value: RwLock::new(v.value.clone()),
                expression: RwLock::new(
                    v.expression
                        .clone()
                        .filter(|text| v.evaluate_as_expression && !text.trim().is_empty()),
                ),
                holders: Default::default(),
            });
        }
    }

    /// Adds a system variable; one of that name is replaced.
    pub fn declare_system(&self, name: &str, variable_type: VariableType, value: Value) {
        self.declare_plain("System", name, variable_type, value, true);
    }

    /// Adds a variable that is not in the model: a system variable that handlers may write
    /// (`System::Propagate`, `System::Cancel`), or one of a test.
    pub fn declare_plain(
        &self,
        namespace: &str,
        name: &str,
        variable_type: VariableType,
        value: Value,
        read_only: bool,
    ) {
        self.variables.write().add(RuntimeVariable {
            serial: NEXT_SERIAL.fetch_add(1, Ordering::Relaxed),
            node: None,
            namespace: namespace.to_owned(),
            name: name.to_owned(),
            dtsid: String::new(),
            variable_type,
            raise_changed_event: false,
            sensitive: false,
            secret: None,
            read_only: AtomicBool::new(read_only),
            value: RwLock::new(value),
            expression: RwLock::new(None),
            holders: Default::default(),
        });
    }

    /// Adds parameters, in the namespace `$Package` or `$Project`; they are read-only.
    pub fn declare_parameters(&self, namespace: &str, parameters: &[ParameterValue]) {
        let mut mine = self.variables.write();
        for p in parameters {
            mine.add(RuntimeVariable {
                serial: NEXT_SERIAL.fetch_add(1, Ordering::Relaxed),
                node: Some(p.node),
                namespace: namespace.to_owned(),
                name: p.name.clone(),
                dtsid: p.dtsid.clone(),
                variable_type: p.variable_type,
                raise_changed_event: false,
                sensitive: p.sensitive,
                secret: p.secret.clone(),
                read_only: AtomicBool::new(true),
                value: RwLock::new(p.value.clone()),
                expression: RwLock::new(None),
                holders: Default::default(),
            });
        }
    }

    /// Sets who is told of writes to variables with RaiseChangedEvent; scopes made below this
    /// one afterwards take it over.
    pub fn set_change_hook(&self, hook: ChangeHook) {
        *self.hook.write() = Some(hook);
    }

    /// What it belongs to.
    pub fn level(&self) -> ScopeLevel {
        self.level
    }

    /// The executable it belongs to.
    pub fn owner(&self) -> &ScopeOwner {
        &self.owner
    }

    /// The scope around it.
    pub fn parent(&self) -> Option<&Arc<Self>> {
        self.parent.as_ref()
    }

    /// Scopes around it.
    pub fn depth(&self) -> usize {
        self.depth
    }

    /// What all scopes of the run share.
    pub fn context(&self) -> &ScopeContext {
        &self.context
    }

    /// The variables of this scope alone, in order of declaration.
    pub fn own(&self) -> Vec<Arc<RuntimeVariable>> {
        self.variables.read().all.clone()
    }

    /// A variable of this scope alone, by `Namespace::Name` or by a `Name` that is unique here.
    ///
    /// # Errors
    /// 0xC001F032 when a name without namespace has several hits.
    pub fn find_own(&self, name: &str) -> Result<Option<Arc<RuntimeVariable>>, VariableError> {
        let mine = self.variables.read();
        if name.contains("::") {
            return Ok(mine
                .by_full_name
                .get(name)
                .and_then(|i| mine.all.get(*i))
                .cloned());
        }
        match mine.by_name.get(name).map(Vec::as_slice) {
            None | Some([]) => Ok(None),
            Some([one]) => Ok(mine.all.get(*one).cloned()),
            Some(_) => Err(VariableError::Ambiguous {
                name: name.to_owned(),
            }),
        }
    }

    /// The variable that a name means here, and the scope that owns it.
    ///
    /// Names are case-sensitive. A child package looks into its parents ([R-PARENT-VAR]), for
    /// parameters it does not: those belong to one package.
    ///
    /// # Errors
    /// 0xC0010001 when no scope has it, 0xC001F032 when a scope has it twice.
    pub fn find(
        self: &Arc<Self>,
        name: &str,
    ) -> Result<(Arc<RuntimeVariable>, Arc<Self>), VariableError> {
        let is_parameter = name.starts_with('$');
        let mut scope = self;
        loop {
            if let Some(variable) = scope.find_own(name)? {
                return Ok((variable, scope.clone()));
            }
            match &scope.parent {
                Some(parent) if !(is_parameter && scope.level == ScopeLevel::Package) => {
                    scope = parent;
                }
                _ => {
                    return Err(VariableError::NotFound {
                        name: name.to_owned(),
                    });
                }
            }
        }
    }

    /// The variable of a DTSID, looked up outward.
    ///
    /// # Errors
    /// 0xC0010001 when no scope has it.
    pub fn find_by_id(
        self: &Arc<Self>,
        dtsid: &str,
    ) -> Result<(Arc<RuntimeVariable>, Arc<Self>), VariableError> {
        let mut scope = self;
        loop {
            let found = scope
                .variables
                .read()
                .all
                .iter()
                .find(|v| !dtsid.is_empty() && v.dtsid.eq_ignore_ascii_case(dtsid))
                .cloned();
            if let Some(variable) = found {
                return Ok((variable, scope.clone()));
            }
            match &scope.parent {
                Some(parent) => scope = parent,
                None => {
                    return Err(VariableError::NotFound {
                        name: dtsid.to_owned(),
                    });
                }
            }
        }
    }

    /// The value of a variable by name (`User::X`, `X`) or DTSID in braces.
    ///
    /// # Errors
    /// Not found, ambiguous, sensitive, locked elsewhere, or its expression fails.
    pub fn get(self: &Arc<Self>, name: &str) -> Result<Value, VariableError> {
        let (variable, owner) = self.resolve(name)?;
        if variable.has_expression() {
            // The stored value is not touched, so there is nothing to lock.
            return owner.read(&variable);
        }
        access(&variable, false, &self.context.cancel, || {
            owner.read(&variable)
        })?
    }

    /// The secret value of a sensitive parameter; `None` for any other variable.
    ///
    /// # Errors
    /// Not found or ambiguous.
    pub fn get_secret(self: &Arc<Self>, name: &str) -> Result<Option<Secret>, VariableError> {
        Ok(self.resolve(name)?.0.secret.clone())
    }

    /// The type of a variable.
    ///
    /// # Errors
    /// Not found or ambiguous.
    pub fn variable_type(self: &Arc<Self>, name: &str) -> Result<VariableType, VariableError> {
        Ok(self.resolve(name)?.0.variable_type)
    }

    /// Writes a variable; the value must be of exactly its type (0xC001F009).
    ///
    /// # Errors
    /// Not found, ambiguous, read-only, another type, or locked elsewhere.
    pub fn set(self: &Arc<Self>, name: &str, value: Value) -> Result<(), VariableError> {
        let (variable, owner) = self.resolve(name)?;
        access(&variable, true, &self.context.cancel, || {
            owner.write_strict(&variable, value)
        })??;
        owner.notify(&variable);
        Ok(())
    }

    /// Writes a system variable of this scope, read-only or not; one that is not declared is
    /// left alone.
    pub fn set_system(&self, name: &str, value: Value) {
        let found = self
            .variables
            .read()
            .all
            .iter()
            .rev()
            .find(|v| v.namespace == "System" && v.name == name)
            .cloned();
        if let Some(variable) = found {
            *variable.value.write() = value;
        }
    }

    /// Replaces the design value of a variable or parameter of this scope, converted already;
    /// used for configurations, `--set` and parameter values before the run starts.
    pub fn set_design_value(&self, variable: &RuntimeVariable, value: Value) {
        *variable.value.write() = value;
    }

    /// Replaces the expression of a variable; `None` ends EvaluateAsExpression.
    pub fn set_expression(&self, variable: &RuntimeVariable, expression: Option<String>) {
        *variable.expression.write() = expression;
    }

    /// Sets or ends ReadOnly.
    pub fn set_read_only(&self, variable: &RuntimeVariable, read_only: bool) {
        variable.read_only.store(read_only, Ordering::Relaxed);
    }

    pub(super) fn resolve(
        self: &Arc<Self>,
        name: &str,
    ) -> Result<(Arc<RuntimeVariable>, Arc<Self>), VariableError> {
        if name.starts_with('{') {
            self.find_by_id(name)
        } else {
            self.find(name)
        }
    }

    /// Reads a variable of this scope without a lock.
    pub(super) fn read(
        self: &Arc<Self>,
        variable: &RuntimeVariable,
    ) -> Result<Value, VariableError> {
        if variable.sensitive {
            return Err(VariableError::Sensitive {
                name: variable.full_name(),
            });
        }
        let expression = variable.expression.read().clone();
        match expression {
            None => Ok(variable.value.read().clone()),
            Some(text) => self.evaluate_variable(variable, &text),
        }
    }

    /// Evaluates a variable's expression in the scope that owns it.
    fn evaluate_variable(
        self: &Arc<Self>,
        variable: &RuntimeVariable,
        text: &str,
    ) -> Result<Value, VariableError> {
        let failed = |code, message: String| VariableError::Expression {
            name: variable.full_name(),
            code,
            message,
        };
        let entered = EVALUATING.with_borrow_mut(|stack| {
            let ok = stack.len() < EXPRESSION_DEPTH_MAX && !stack.contains(&variable.serial);
            if ok {
                stack.push(variable.serial);
            }
            ok
        });
        if !entered {
            return Err(failed(
                Code(0xC001_9004),
                "the expression reads itself, directly or through other variables".to_owned(),
            ));
        }
        let result = evaluate(self, text);
        EVALUATING.with_borrow_mut(|stack| stack.pop());
        let value = result.map_err(|e| failed(e.code, e.message))?;
        self.converted(variable, value, Code(0xC001_9004))
    }

    /// The value in the variable's type; NULL becomes the type's default ([R-NULL-VAR]).
    pub(super) fn converted(
        &self,
        variable: &RuntimeVariable,
        value: Value,
        code: Code,
    ) -> Result<Value, VariableError> {
        if value.is_null() {
            return Ok(variable_default(variable.variable_type));
        }
        super::convert::expression_result(&value, variable.variable_type).ok_or_else(|| {
            VariableError::Conversion {
                name: variable.full_name(),
                value_type: type_name(&value),
                variable_type: variable.variable_type.name().to_owned(),
                code,
            }
        })
    }

    /// Writes a value of exactly the variable's type.
    pub(super) fn write_strict(
        self: &Arc<Self>,
        variable: &RuntimeVariable,
        value: Value,
    ) -> Result<(), VariableError> {
        if variable.is_read_only() {
            return Err(VariableError::ReadOnly {
                name: variable.full_name(),
            });
        }
        let fits = variable.variable_type == VariableType::Object
            || value.variable_type() == Some(variable.variable_type) && !value.is_null();
        if !fits {
            return Err(VariableError::TypeChange {
                name: variable.full_name(),
                value_type: type_name(&value),
                variable_type: variable.variable_type.name().to_owned(),
            });
        }
        *variable.value.write() = value;
        Ok(())
    }

    /// Tells the hook of a write; called when the lock is given back, so that a handler can read
    /// the variable.
    pub(super) fn notify(&self, variable: &RuntimeVariable) {
        if variable.raise_changed_event {
            let hook = self.hook.read().clone();
            if let Some(hook) = hook {
                hook(&self.owner, variable);
            }
        }
    }
}

/// The .NET name of a value's type, for messages.
pub fn type_name(value: &Value) -> String {
    match value {
        Value::Null => "DBNull".to_owned(),
        Value::Object(object) => object.type_name().to_owned(),
        Value::Bytes(_) => "Byte[]".to_owned(),
        Value::Guid(_) => "Guid".to_owned(),
        other => other.variable_type().map_or_else(
            || other.data_type().name().to_owned(),
            |t| t.name().to_owned(),
        ),
    }
}
