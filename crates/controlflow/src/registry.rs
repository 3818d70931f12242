//! The tasks and enumerators that run here, one line each, and what is said of the others.
//!
//! `packmule inspect --components` prints this list. To add a task, copy a neighbour's file in
//! `tasks/` and add its `TYPE` to [`TASKS`].

use packmule_dtsx::Finding;
use packmule_dtsx::finding::Reason;
use packmule_dtsx::model::{Enumerator, Executable};
use packmule_runtime::{Overlay, Reported};
use packmule_types::Value;

use crate::enumerators::{
    Elements, EnumeratorContext, foreach_ado, foreach_file, foreach_from_variable,
};
use crate::settings::PropertyDoc;
use crate::tasks::{
    TaskContext, data_flow, execute_package, execute_sql, expression_task, file_system, ftp,
    script, send_mail,
};

/// A supported task type.
pub struct TaskType {
    /// Canonical type name (`Microsoft.ExecuteSQLTask`).
    pub name: &'static str,
    /// SSIS's own name.
    pub title: &'static str,
    /// What it does, in one line.
    pub doc: &'static str,
    /// Its properties.
    pub properties: &'static [PropertyDoc],
    /// What is wrong with the settings; opens nothing.
    pub(crate) settings: fn(&Executable, &Overlay) -> Vec<Finding>,
    /// Validates right before the run and in the validation of the whole package.
    pub(crate) validate: fn(&TaskContext) -> Result<(), Reported>,
    /// Runs; gives the ExecutionValue, if the task has one.
    pub(crate) execute: fn(&TaskContext) -> Result<Option<Value>, Reported>,
}

/// A supported Foreach enumerator type.
pub struct EnumeratorType {
    /// Canonical type name (`Microsoft.ForEachFileEnumerator`).
    pub name: &'static str,
    /// SSIS's own name.
    pub title: &'static str,
    /// What it goes over, in one line.
    pub doc: &'static str,
    /// Its properties.
    pub properties: &'static [PropertyDoc],
    /// What is wrong with the settings; opens nothing.
    pub(crate) settings: fn(&Enumerator, &Overlay, &str) -> Vec<Finding>,
    pub(crate) validate: fn(&EnumeratorContext<'_>) -> Result<(), Reported>,
    pub(crate) enumerate: fn(&EnumeratorContext<'_>) -> Result<Elements, Reported>,
}

/// All supported tasks.
pub const TASKS: &[&TaskType] = &[
    &data_flow::TYPE,
    &execute_package::TYPE,
    &execute_sql::TYPE,
    &expression_task::TYPE,
    &file_system::TYPE,
    &ftp::TYPE,
    &script::TYPE,
    &send_mail::TYPE,
];

/// All supported enumerators.
pub const ENUMERATORS: &[&EnumeratorType] = &[
    &foreach_ado::TYPE,
    &foreach_file::TYPE,
    &foreach_from_variable::TYPE,
];

/// The supported task of a canonical type name.
pub fn task(type_name: &str) -> Option<&'static TaskType> {
    TASKS
        .iter()
        .find(|t| t.name.eq_ignore_ascii_case(type_name))
        .copied()
}

/// The supported enumerator of a canonical type name.
pub fn enumerator(type_name: &str) -> Option<&'static EnumeratorType> {
    ENUMERATORS
        .iter()
        .find(|t| t.name.eq_ignore_ascii_case(type_name))
        .copied()
}

/// Whether a type is one of Microsoft's own.
fn is_stock(type_name: &str) -> bool {
    type_name.starts_with("Microsoft.")
        || type_name.starts_with("SSIS.")
        || type_name.starts_with("Attunity.")
}

/// Why a task type does not run: the reason, the text, the remedy.
pub(crate) fn unsupported_task(type_name: &str) -> (Reason, String, String) {
    if type_name == "Microsoft.ActiveXScriptTask" {
        return (
            Reason::Script,
            "ActiveX Script tasks are not supported; SSIS itself has had none since 2012"
                .to_owned(),
            "disable the task, or replace it by a Script, Expression or File System task"
                .to_owned(),
        );
    }
    if is_stock(type_name) {
        return (
            Reason::UnsupportedTask,
            format!("tasks of type {type_name} are not supported yet"),
            "disable the task (for instance by --set '…Properties[Disable]=True') or replace it"
                .to_owned(),
        );
    }
    (
        Reason::ThirdParty,
        format!("the task type {type_name} is another maker's and cannot run here"),
        "disable the task or replace it by a task of SSIS".to_owned(),
    )
}

/// Why an enumerator type does not run: the text, the remedy.
pub(crate) fn unsupported_enumerator(type_name: &str) -> (String, String) {
    (
        format!("Foreach enumerators of type {type_name} are not supported yet"),
        "use a File, ADO or From Variable enumerator, or disable the loop".to_owned(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique_and_everything_is_documented() {
        let mut names = std::collections::HashSet::new();
        let tasks = TASKS.iter().map(|t| (t.name, t.title, t.doc, t.properties));
        let enumerators = ENUMERATORS
            .iter()
            .map(|t| (t.name, t.title, t.doc, t.properties));
        for (name, title, doc, properties) in tasks.chain(enumerators) {
            assert!(names.insert(name), "{name} is listed once");
            assert!(
                !title.is_empty() && !doc.is_empty(),
                "{name} has title and doc"
            );
            let mut seen = std::collections::HashSet::new();
            for property in properties {
                assert!(seen.insert(property.name), "{name}.{} once", property.name);
                assert!(
                    !property.doc.is_empty(),
                    "{name}.{} has a doc",
                    property.name
                );
            }
        }
        assert!(task("microsoft.executesqltask").is_some());
        assert!(task("Microsoft.ActiveXScriptTask").is_none());
    }
}
