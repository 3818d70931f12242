//! Variables of a running script: `var_set`, `var_get`, `var_find`, `lock`, `unlock`.
//!
//! SSIS's rules: what the script reads and writes is locked before, all at once; a name that is
//! found nowhere, is read-only or is held by somebody else is an error with SSIS's code.

use std::sync::Arc;

use packmule_runtime::variables::{Locked, RuntimeVariable, convert};
use packmule_runtime::{Scope, VariableError};
use packmule_types::{Code, Value, VariableType};
use serde_json::{Value as Json, json};

use super::{LOCKS_MAX, Session, SessionContext};
use crate::error::ScriptError;
use crate::host::Host;
use crate::run::{Message, Run};
use crate::values;

/// Locked variables in the order in which the script counts them.
#[derive(Debug, Default)]
pub(super) struct List {
    entries: Vec<Entry>,
    locked: Option<Locked>,
}

#[derive(Debug)]
struct Entry {
    variable: Arc<RuntimeVariable>,
    /// `Namespace::Name`, by which [`Locked`] finds it.
    name: String,
    write: bool,
}

impl List {
    /// Locks the variables of two lists; one that is named twice is there once.
    pub(super) fn take(
        scope: &Arc<Scope>,
        read: &[String],
        write: &[String],
    ) -> Result<Self, VariableError> {
        let read: Vec<&str> = read.iter().map(String::as_str).collect();
        let write: Vec<&str> = write.iter().map(String::as_str).collect();
        let locked = Locked::take(scope, &read, &write)?;
        let mut entries: Vec<Entry> = Vec::new();
        for (names, write) in [(read, false), (write, true)] {
            for name in names {
                let (variable, _) = scope.find(name)?;
                if !entries.iter().any(|e| Arc::ptr_eq(&e.variable, &variable)) {
                    entries.push(Entry {
                        name: variable.full_name(),
                        variable,
                        write,
                    });
                }
            }
        }
        Ok(Self {
            entries,
            locked: Some(locked),
        })
    }

    /// As VARIABLEs of the protocol.
    pub(super) fn wire(
        &self,
        context: &SessionContext,
        host: &Arc<Host>,
    ) -> Result<Json, (Code, String)> {
        let mut out = Vec::with_capacity(self.entries.len());
        for entry in &self.entries {
            let variable = &entry.variable;
            let mut wire = json!({
                "name": variable.name, "namespace": variable.namespace,
                "type": variable.variable_type.name(),
                "access": if entry.write { "write" } else { "read" },
                "read_only": variable.is_marked_read_only(), "volatile": variable.has_expression(),
                "sensitive": variable.sensitive, "description": "",
                "expression": variable.expression().unwrap_or_default(), "id": variable.dtsid,
            });
            if !variable.sensitive {
                wire["value"] = self.value(entry, context, host, false)?;
            }
            out.push(wire);
        }
        Ok(Json::Array(out))
    }

    /// The value of a variable now.
    fn value(
        &self,
        entry: &Entry,
        context: &SessionContext,
        host: &Arc<Host>,
        sensitive: bool,
    ) -> Result<Json, (Code, String)> {
        let failed = |e: VariableError| (e.code(), e.to_string());
        if sensitive && entry.variable.sensitive {
            let secret = context.scope.get_secret(&entry.name).map_err(failed)?;
            let text = Value::text(secret.unwrap_or_default().reveal());
            let target = entry.variable.variable_type;
            let value = convert::general(&text, target).unwrap_or(text);
            return values::to_wire(&value, target, host).map_err(|text| (Code(0xC001_0014), text));
        }
        let Some(locked) = &self.locked else {
            return Ok(Json::Null);
        };
        let value = locked.get(&entry.name).map_err(failed)?;
        values::to_wire(&value, entry.variable.variable_type, host).map_err(|text| {
            (
                Code(0xC001_F009),
                format!("variable \"{}\": {text}", entry.name),
            )
        })
    }

    /// Writes a variable.
    fn set(&self, entry: &Entry, value: Value) -> Result<(), VariableError> {
        let Some(locked) = &self.locked else {
            return Ok(());
        };
        locked.set(&entry.name, fitted(value, entry.variable.variable_type))
    }
}

/// .NET has one type for decimals and currency, and the variable has its own.
fn fitted(value: Value, target: VariableType) -> Value {
    match (&value, target) {
        (Value::Decimal(..), VariableType::Currency) | (Value::Cy(_), VariableType::Decimal) => {
            convert::general(&value, target).unwrap_or(value)
        }
        _ => value,
    }
}

/// Names of a request.
fn names(message: &Message, list: &str) -> Vec<String> {
    let found = message.header.get(list).and_then(Json::as_array);
    let found = found.into_iter().flatten();
    found.filter_map(Json::as_str).map(str::to_owned).collect()
}

impl Session {
    pub(super) fn serve_variables(
        &mut self,
        run: &Run,
        message: &Message,
    ) -> Result<(), ScriptError> {
        match message.kind() {
            "var_set" => self.var_set(run, message),
            "var_get" => self.var_get(run, message),
            "var_find" => {
                let answer = match self.context.scope.find(message.text("name")) {
                    Ok((variable, _)) => json!({"found": true, "qualified": variable.full_name()}),
                    Err(_) => json!({"found": false}),
                };
                run.answer(message, answer)
            }
            "lock" => self.lock(run, message),
            _ => {
                self.locks.remove(&message.integer("lock").unwrap_or(0));
                run.answer(message, json!({}))
            }
        }
    }

    fn list(&self, message: &Message) -> Option<&List> {
        match message.integer("lock") {
            None => Some(&self.main),
            Some(lock) => self.locks.get(&lock),
        }
    }

    /// The list and the variable that a message means.
    fn entry(&self, message: &Message) -> Option<(&List, &Entry)> {
        let list = self.list(message)?;
        let index = usize::try_from(message.integer("index")?).ok()?;
        Some((list, list.entries.get(index)?))
    }

    fn var_set(&mut self, run: &Run, message: &Message) -> Result<(), ScriptError> {
        let value = message.header.get("value").unwrap_or(&Json::Null);
        let value = values::from_wire(value, run.host()).map_err(ScriptError::Protocol)?;
        let Some((list, entry)) = self.entry(message) else {
            let text = "a write to a variable that is not locked".to_owned();
            return Err(ScriptError::Protocol(text));
        };
        match list.set(entry, value) {
            Ok(()) => run.answer(message, json!({})),
            Err(error) => {
                run.fail(message, error.code().0, &error.to_string())?;
                self.refused.get_or_insert(error);
                Ok(())
            }
        }
    }

    fn var_get(&self, run: &Run, message: &Message) -> Result<(), ScriptError> {
        let Some((list, entry)) = self.entry(message) else {
            return run.fail(message, 0xC001_0009, "the variable is not locked any more");
        };
        let sensitive = message.flag("sensitive");
        match list.value(entry, &self.context, run.host(), sensitive) {
            Ok(value) => run.answer(message, json!({"value": value})),
            Err((code, text)) => run.fail(message, code.0, &text),
        }
    }

    fn lock(&mut self, run: &Run, message: &Message) -> Result<(), ScriptError> {
        if self.locks.len() >= LOCKS_MAX {
            let text = format!("a script may hold {LOCKS_MAX} locks at once");
            return run.fail(message, 0xC001_4055, &text);
        }
        let (reads, writes) = (names(message, "reads"), names(message, "writes"));
        let taken = List::take(&self.context.scope, &reads, &writes);
        let list = match taken {
            Ok(list) => list,
            Err(error) => return run.fail(message, error.code().0, &error.to_string()),
        };
        match list.wire(&self.context, run.host()) {
            Err((code, text)) => run.fail(message, code.0, &text),
            Ok(variables) => {
                self.last_lock += 1;
                self.locks.insert(self.last_lock, list);
                let answer = json!({"lock": self.last_lock, "variables": variables});
                run.answer(message, answer)
            }
        }
    }
}
