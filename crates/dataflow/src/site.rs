//! A component at its place: what validation and binding are given.

use std::sync::Arc;

use packmule_connections::Connections;
use packmule_dtsx::finding::{Finding, Location, Reason, Severity};
use packmule_dtsx::model::{
    Component, ComponentConnection, CustomProperties, ExternalColumn, Input, InputColumn,
    LineageId, NodeId, Output, OutputColumn, Package, Pipeline,
};
use packmule_runtime::{Events, Overlay, Scope, Services};
use packmule_types::{Code, Value};

use crate::batch::Schema;
use crate::plan::Plan;

/// What one start of a Data Flow Task is given.
#[derive(Clone)]
pub struct FlowContext {
    /// The package.
    pub package: Arc<Package>,
    /// The Data Flow Task's node.
    pub task: NodeId,
    /// Variables.
    pub scope: Arc<Scope>,
    /// Values that replace properties.
    pub overlay: Arc<Overlay>,
    /// Connection managers.
    pub connections: Arc<Connections>,
    /// Events of the task.
    pub events: Events,
    /// Clock, memory, threads, cancellation.
    pub services: Services,
}

/// One component of one start of a data flow.
#[derive(Clone)]
pub struct Site<'a> {
    /// The start of the data flow.
    pub flow: &'a FlowContext,
    /// The whole data flow.
    pub pipeline: &'a Pipeline,
    /// Its columns and paths.
    pub plan: &'a Plan,
    /// The component.
    pub component: &'a Component,
    /// Its index in the data flow.
    pub index: usize,
    /// Events in the component's name.
    pub events: Events,
}

impl<'a> Site<'a> {
    /// The columns that arrive at an input; `None` when no path leads there.
    pub fn input_schema(&self, input: usize) -> Option<&'a Arc<Schema>> {
        self.plan.input_schema(self.index, input)
    }

    /// The columns that an output sends, those passing through included.
    pub fn output_schema(&self, output: usize) -> Arc<Schema> {
        self.plan.output_schema(self.index, output)
    }

    /// Whether a path leads away from an output.
    pub fn is_attached(&self, output: usize) -> bool {
        self.plan.edge(self.index, output).is_some()
    }

    /// The first error output.
    pub fn error_output(&self) -> Option<(usize, &'a Output)> {
        let mut outputs = self.component.outputs.iter().enumerate();
        outputs.find(|(_, o)| o.is_error)
    }

    /// The first regular output.
    pub fn regular_output(&self) -> Option<(usize, &'a Output)> {
        let mut outputs = self.component.outputs.iter().enumerate();
        outputs.find(|(_, o)| !o.is_error)
    }

    /// The output column of a lineage id, anywhere in the data flow.
    pub fn column(&self, lineage: LineageId) -> Option<&'a OutputColumn> {
        self.pipeline.find_lineage(lineage).map(|found| found.2)
    }

    /// A property of the component: what an expression or override says, else what is stored.
    /// `None` when it is absent or Null.
    pub fn text(&self, property: &str) -> Option<String> {
        self.overlaid(self.component.node, property)
            .or_else(|| self.component.property_text(property).map(str::to_owned))
    }

    /// A Boolean property of the component.
    pub fn boolean(&self, property: &str) -> Option<bool> {
        packmule_dtsx::model::parse_boolean(&self.text(property)?)
    }

    /// A whole number property of the component.
    pub fn integer(&self, property: &str) -> Option<i64> {
        self.text(property)?.trim().parse().ok()
    }

    /// What an expression or override says of a property of the Data Flow Task itself.
    pub fn overlaid_task(&self, property: &str) -> Option<String> {
        self.overlaid(self.flow.task, property)
    }

    /// What an expression or override says of a property of an output.
    pub fn overlaid_output(&self, output: &Output, property: &str) -> Option<String> {
        self.overlaid(output.node, property)
    }

    /// What an expression or override says of a property of a column, `owner` being the name of
    /// its input or output.
    pub fn overlaid_column(&self, owner: &str, column: &str, property: &str) -> Option<String> {
        let outputs = self.component.outputs.iter().filter(|o| o.name == owner);
        let of_outputs = outputs
            .flat_map(|o| &o.columns)
            .filter(|c| c.name == column)
            .map(|c| c.node);
        let inputs = self.component.inputs.iter().filter(|i| i.name == owner);
        let of_inputs = inputs
            .flat_map(|i| &i.columns)
            .filter(|c| c.name == column)
            .map(|c| c.node);
        of_outputs
            .chain(of_inputs)
            .find_map(|node| self.overlaid(node, property))
    }

    fn overlaid(&self, node: NodeId, property: &str) -> Option<String> {
        let value = self.flow.overlay.get(node, property)?;
        value_text(&value)
    }

    /// The external column that an output column is mapped to.
    pub fn external_of_output(
        &self,
        output: &'a Output,
        column: &OutputColumn,
    ) -> Option<&'a ExternalColumn> {
        external(&output.external_columns, &column.external)
    }

    /// The external column that an input column is mapped to.
    pub fn external_of_input(
        &self,
        input: &'a Input,
        column: &InputColumn,
    ) -> Option<&'a ExternalColumn> {
        external(&input.external_columns, &column.external)
    }

    /// The connection of a role, or the component's only one.
    pub fn connection(&self, role: &str) -> Option<&'a ComponentConnection> {
        let connections = &self.component.connections;
        let named = connections.iter().find(|c| c.name == role);
        named.or_else(|| connections.first())
    }

    /// The locale of the component as a Windows LCID.
    pub fn lcid(&self) -> u32 {
        let own = u32::try_from(self.component.locale_id).ok();
        let task = || self.plan.task_lcid;
        own.filter(|l| *l > 0)
            .or_else(task)
            .unwrap_or(self.flow.services.default_lcid)
    }

    /// `Component.Outputs[o].Columns[c]`, as messages name a column.
    pub fn output_column_path(&self, output: &Output, column: &str) -> String {
        format!(
            "{}.Outputs[{}].Columns[{column}]",
            self.component.name, output.name
        )
    }

    /// `Component.Inputs[i].Columns[c]`, as messages name a column.
    pub fn input_column_path(&self, input: &str, column: &str) -> String {
        format!("{}.Inputs[{input}].Columns[{column}]", self.component.name)
    }

    /// A finding about this component that keeps the package from running.
    pub fn finding(&self, code: Code, property: Option<&str>, message: String) -> Finding {
        finding(self.component, Some(code), property, message)
    }
}

/// A finding about a component that keeps the package from running.
pub fn finding(
    component: &Component,
    code: Option<Code>,
    property: Option<&str>,
    message: String,
) -> Finding {
    Finding {
        severity: Severity::Error,
        reason: Reason::InvalidSetting,
        code,
        place: component.ref_id.clone(),
        property: property.map(str::to_owned),
        message,
        remedy: None,
        location: component.location.clone(),
    }
}

/// A finding that a part is not supported.
pub fn unsupported(
    component: &Component,
    reason: Reason,
    property: Option<&str>,
    message: String,
    remedy: &str,
) -> Finding {
    Finding {
        reason,
        remedy: Some(remedy.to_owned()),
        ..finding(component, None, property, message)
    }
}

/// Where in a file a component stands.
pub fn location(component: &Component) -> &Location {
    &component.location
}

/// The external column of a reference: a path, in formats 2 and 3 a number.
pub fn external<'a>(columns: &'a [ExternalColumn], reference: &str) -> Option<&'a ExternalColumn> {
    if reference.is_empty() {
        return None;
    }
    let number: Option<i32> = reference.trim_start_matches('#').parse().ok();
    let mut found = columns
        .iter()
        .filter(|c| c.ref_id == reference || number == Some(c.id));
    found.next()
}

/// The text of an overlaid value as a stored property would have it.
fn value_text(value: &Value) -> Option<String> {
    Some(match value {
        Value::Null | Value::Object(_) => return None,
        Value::Text(text) => text.to_string(),
        Value::Bool(b) => b.to_string(),
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
        other => format!("{other:?}"),
    })
}
