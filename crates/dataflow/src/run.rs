//! Validation, the phases of a run, and what SSIS says about them.

use std::collections::HashMap;

use packmule_dtsx::finding::{Finding, Severity};
use packmule_dtsx::model::{
    Component, Disposition, Executable, ExecutableKind, Input, NodeId, Output, OutputColumn,
    Package, Pipeline,
};
use packmule_runtime::{Events, Reported};
use packmule_types::Code;

use crate::assess;
use crate::codes;
use crate::component::{Bound, End};
use crate::engine::counters::Counters;
use crate::engine::flow::Flow;
use crate::plan::Plan;
use crate::registry::{self, Definition, Kind};
use crate::site::{FlowContext, Site};

/// Who the engine's own messages are from.
const PIPELINE: &str = "SSIS.Pipeline";

/// Validates a data flow: raises all that is wrong with it, opens nothing.
pub fn validate(flow: &FlowContext) -> Result<(), Reported> {
    Start::new(flow)?.validate(&Substitutes::default())
}

/// Runs a data flow: validation again, PrepareForExecute, PreExecute, Execute, PostExecute,
/// Cleanup. A cancelled run returns `Err` without an event of its own.
pub fn execute(flow: &FlowContext) -> Result<(), Reported> {
    execute_with(flow, Substitutes::default())
}

type Binder = Box<dyn Fn(&Site<'_>) -> Result<Bound, Reported> + Send + Sync>;

/// Components that tests bring along, by the component's name in the data flow.
#[derive(Default)]
pub struct Substitutes {
    binders: HashMap<String, (Kind, Binder)>,
}

impl Substitutes {
    /// Binds the component of a name by a function instead of by the registry.
    #[must_use]
    pub fn with(
        mut self,
        name: &str,
        kind: Kind,
        bind: impl Fn(&Site<'_>) -> Result<Bound, Reported> + Send + Sync + 'static,
    ) -> Self {
        self.binders.insert(name.to_owned(), (kind, Box::new(bind)));
        self
    }
}

/// Runs a data flow of which some components are brought along.
pub fn execute_with(flow: &FlowContext, substitutes: Substitutes) -> Result<(), Reported> {
    let start = Start::new(flow)?;
    start.validate(&substitutes)?;
    start.execute(&substitutes)
}

/// The executable of a node.
fn find_executable(root: &Executable, node: NodeId) -> Option<&Executable> {
    let mut open = vec![root];
    while let Some(executable) = open.pop() {
        if executable.node == node {
            return Some(executable);
        }
        open.extend(&executable.children);
        open.extend(&executable.event_handlers);
    }
    None
}

/// The data flow of a Data Flow Task's node.
pub(crate) fn pipeline_of(package: &Package, task: NodeId) -> Option<&Pipeline> {
    match &find_executable(&package.root, task)?.kind {
        ExecutableKind::Task(task) => task.pipeline.as_ref(),
        _ => None,
    }
}

/// One start of a data flow.
struct Start<'a> {
    flow: &'a FlowContext,
    task: &'a Executable,
    pipeline: &'a Pipeline,
    plan: Plan,
    events: Events,
}

impl<'a> Start<'a> {
    fn new(flow: &'a FlowContext) -> Result<Self, Reported> {
        let events = flow.events.component(PIPELINE);
        let task = find_executable(&flow.package.root, flow.task);
        let pipeline = task.and_then(|task| match &task.kind {
            ExecutableKind::Task(t) => t.pipeline.as_ref().map(|p| (task, p)),
            _ => None,
        });
        let Some((task, pipeline)) = pipeline else {
            let text = "the task has no data flow";
            let remedy = Some("repair the package: its pipeline element is missing");
            return Err(events.error_text(codes::VALIDATION_FAILED, text, remedy));
        };
        let lcid = task.properties.integer("LocaleID");
        let mut plan = Plan::new(pipeline).map_err(|error| {
            let remedy = Some("repair the data flow's paths");
            events.error_text(codes::VALIDATION_FAILED, error.to_string(), remedy)
        })?;
        plan.task_lcid = lcid.and_then(|l| u32::try_from(l).ok()).filter(|l| *l > 0);
        Ok(Self {
            flow,
            task,
            pipeline,
            plan,
            events,
        })
    }

    fn site(&self, index: usize, component: &'a Component) -> Site<'_> {
        Site {
            flow: self.flow,
            pipeline: self.pipeline,
            plan: &self.plan,
            component,
            index,
            events: self.flow.events.component(subcomponent(component)),
        }
    }

    fn active(&self) -> impl Iterator<Item = (usize, &'a Component)> + '_ {
        let components = self.pipeline.components.iter().enumerate();
        components.filter(|(index, _)| self.plan.active[*index])
    }

    // ---- validation ----------------------------------------------------------------------

    fn validate(&self, substitutes: &Substitutes) -> Result<(), Reported> {
        self.events.information(codes::VALIDATION_PHASE, &[]);
        if self.pipeline.components.is_empty() {
            self.events.warning(codes::EMPTY_DATA_FLOW, &[]);
        }
        let mut failed = false;
        for finding in assess::assess_pipeline(self.pipeline) {
            let substituted =
                self.pipeline.components.iter().any(|c| {
                    c.ref_id == finding.place && substitutes.binders.contains_key(&c.name)
                });
            if finding.severity == Severity::Error && !substituted {
                self.raise(&self.events, &finding);
                failed = true;
            }
        }
        if failed {
            return Err(self.validation_failed());
        }
        for (index, component) in self.active() {
            failed |= !self.validate_component(index, component, substitutes);
        }
        if failed {
            return Err(self.validation_failed());
        }
        self.warn_of_leftovers();
        Ok(())
    }

    fn validate_component(
        &self,
        index: usize,
        component: &'a Component,
        substitutes: &Substitutes,
    ) -> bool {
        let began = self.flow.services.clock.utc_now();
        let site = self.site(index, component);
        let mut findings = Vec::new();
        if let Some(definition) = self.definition(component, substitutes) {
            findings = dangling_columns(&site);
            findings.extend((definition.validate)(&site));
        }
        self.warn_of_dispositions(&site);
        for finding in &findings {
            self.raise(&site.events, finding);
        }
        let counters = Counters::new(self.flow, &self.task.name, self.pipeline);
        let now = self.flow.services.clock.utc_now();
        counters.phase(self.flow, &component.name, "Validate", began, now);
        let valid = findings.iter().all(|f| f.severity != Severity::Error);
        if !valid {
            let arguments = [component.name.as_str(), "VS_ISBROKEN"];
            self.events
                .error(codes::COMPONENT_VALIDATION_FAILED, &arguments);
        }
        valid
    }

    fn validation_failed(&self) -> Reported {
        self.events.error(codes::VALIDATION_FAILED, &[]);
        self.flow.events.error(codes::TASK_VALIDATION_FAILED, &[])
    }

    fn definition(
        &self,
        component: &Component,
        substitutes: &Substitutes,
    ) -> Option<&'static Definition> {
        let substituted = substitutes.binders.contains_key(&component.name);
        registry::find(&component.class).filter(|_| !substituted)
    }

    fn raise(&self, events: &Events, finding: &Finding) {
        let code = finding.code.unwrap_or(codes::E_FAIL);
        let place = match &finding.property {
            Some(property) => format!("{}, property {property}", finding.place),
            None => finding.place.clone(),
        };
        match finding.severity {
            Severity::Error => {
                let text = format!("{} ({place})", finding.message);
                events.error_text(code, text, finding.remedy.as_deref());
            }
            Severity::Warning => events.warning_text(code, finding.message.clone()),
            Severity::Information => events.information_text(code, finding.message.clone()),
        }
    }

    /// Sources that lead nowhere, and columns that nobody reads.
    fn warn_of_leftovers(&self) {
        for (index, component) in self.pipeline.components.iter().enumerate() {
            if component.inputs.is_empty() && !self.plan.active[index] {
                let id = component.id.to_string();
                self.events
                    .warning(codes::UNUSED_SOURCE, &[&component.name, &id]);
            }
        }
        for (index, component) in self.active() {
            for (number, output) in component.outputs.iter().enumerate() {
                if output.is_error || self.plan.edge(index, number).is_none() {
                    continue;
                }
                let unused = output
                    .columns
                    .iter()
                    .filter(|c| !self.plan.is_used(c.lineage));
                unused.for_each(|column| self.warn_of_column(component, output, column));
            }
        }
    }

    fn warn_of_column(&self, component: &Component, output: &Output, column: &OutputColumn) {
        let ids = [column.id, output.id, component.id].map(|id| id.to_string());
        let arguments = [
            column.name.as_str(),
            &ids[0],
            &output.name,
            &ids[1],
            &component.name,
            &ids[2],
        ];
        self.events.warning(codes::UNUSED_COLUMN, &arguments);
    }

    /// A redirect without a path loses rows; a path without a redirect gets none.
    fn warn_of_dispositions(&self, site: &Site<'_>) {
        let Some((number, output)) = site.error_output() else {
            return;
        };
        let redirects = redirects(site.component);
        let attached = site.is_attached(number);
        let code = match (redirects, attached) {
            (true, false) => codes::REDIRECT_WITHOUT_PATH,
            (false, true) => codes::PATH_WITHOUT_REDIRECT,
            _ => return,
        };
        let id = output.id.to_string();
        site.events.warning(code, &[&output.name, &id]);
    }

    // ---- execution -----------------------------------------------------------------------

    fn execute(&self, substitutes: &Substitutes) -> Result<(), Reported> {
        let counters = Counters::new(self.flow, &self.task.name, self.pipeline);
        self.events.information(codes::PREPARE_PHASE, &[]);
        self.events.information(codes::PRE_EXECUTE_PHASE, &[]);
        let bound = self.bind(substitutes, &counters)?;
        self.events.information(codes::EXECUTE_PHASE, &[]);
        let flow = Flow::new(self.flow, &self.plan, &counters, bound);
        flow.run();
        let cancelled = self.flow.services.cancel.is_cancelled();
        let mut succeeded = !flow.has_failed() && !cancelled;
        if succeeded && !flow.has_ended() {
            let text = "internal error: the data flow stopped before its end";
            self.events
                .error_text(codes::E_FAIL, text, Some("report it with the package"));
            succeeded = false;
        }
        if !cancelled {
            self.report(&flow);
        }
        self.events.information(codes::POST_EXECUTE_PHASE, &[]);
        succeeded &= self.post_execute(&flow, &counters, End { succeeded });
        counters.publish(self.flow);
        self.tell_rows_written(&counters, substitutes);
        self.events.information(codes::CLEANUP_PHASE, &[]);
        if succeeded { Ok(()) } else { Err(Reported) }
    }

    fn bind(
        &self,
        substitutes: &Substitutes,
        counters: &Counters,
    ) -> Result<Vec<Option<Bound>>, Reported> {
        let mut bound: Vec<Option<Bound>> = Vec::new();
        bound.resize_with(self.pipeline.components.len(), || None);
        for (index, component) in self.active() {
            if self.flow.services.cancel.is_cancelled() {
                return Err(Reported);
            }
            let began = self.flow.services.clock.utc_now();
            let site = self.site(index, component);
            let made = match substitutes.binders.get(&component.name) {
                Some((_, bind)) => bind(&site),
                None => match registry::find(&component.class) {
                    Some(definition) => (definition.bind)(&site),
                    None => Err(Reported),
                },
            };
            let now = self.flow.services.clock.utc_now();
            counters.phase(self.flow, &component.name, "PreExecute", began, now);
            match made {
                Ok(made) => bound[index] = Some(made),
                Err(Reported) => {
                    let code = plain_hex(codes::E_FAIL);
                    let arguments = [component.name.as_str(), &code];
                    self.events.error(codes::PRE_EXECUTE_FAILED, &arguments);
                    self.events.information(codes::CLEANUP_PHASE, &[]);
                    return Err(Reported);
                }
            }
        }
        Ok(bound)
    }

    /// Raises the failure that counts, then what SSIS's engine says about it.
    fn report(&self, flow: &Flow<'_>) {
        let Some(failed) = flow.take_failures().into_iter().next() else {
            return;
        };
        let Some(component) = self.pipeline.components.get(failed.component) else {
            return;
        };
        failed
            .failure
            .raise(&self.flow.events.component(subcomponent(component)));
        let code = plain_hex(failed.failure.code());
        match failed.input.and_then(|input| component.inputs.get(input)) {
            Some(input) => self.process_input_failed(component, input, &code),
            None => {
                let named = format!("{} ({})", component.name, component.id);
                self.events
                    .error(codes::PRIME_OUTPUT_FAILED, &[&named, &code]);
            }
        }
    }

    fn process_input_failed(&self, component: &Component, input: &Input, code: &str) {
        let ids = [component.id.to_string(), input.id.to_string()];
        let arguments = [component.name.as_str(), &ids[0], code, &input.name, &ids[1]];
        self.events.error(codes::PROCESS_INPUT_FAILED, &arguments);
    }

    fn post_execute(&self, flow: &Flow<'_>, counters: &Counters, end: End) -> bool {
        let mut succeeded = true;
        for (index, component) in self.active() {
            let began = self.flow.services.clock.utc_now();
            if flow.finish(index, end).is_err() {
                let code = plain_hex(codes::E_FAIL);
                let arguments = [component.name.as_str(), &code];
                self.events.error(codes::POST_EXECUTE_FAILED, &arguments);
                succeeded = false;
            }
            let now = self.flow.services.clock.utc_now();
            counters.phase(self.flow, &component.name, "PostExecute", began, now);
        }
        succeeded
    }

    /// `"X" wrote n rows.` for every destination: [R-WROTE] the rows at its input, redirected
    /// ones included, also for 0 rows and after a failure.
    fn tell_rows_written(&self, counters: &Counters, substitutes: &Substitutes) {
        for (index, component) in self.active() {
            let kind = match substitutes.binders.get(&component.name) {
                Some((kind, _)) => Some(*kind),
                None => registry::find(&component.class).map(|d| d.kind),
            };
            if kind != Some(Kind::Destination) {
                continue;
            }
            let paths = self.pipeline.paths.iter().enumerate();
            let rows: u64 = paths
                .filter(|(_, path)| path.to.0 == index)
                .map(|(number, _)| counters.rows(number))
                .sum();
            let rows = rows.to_string();
            self.events
                .information(codes::WROTE_ROWS, &[&component.name, &rows]);
        }
    }
}

/// `Name [id]`, as events name a component.
fn subcomponent(component: &Component) -> String {
    format!("{} [{}]", component.name, component.id)
}

/// Eight hexadecimal digits without `0x`, which SSIS's texts bring along.
fn plain_hex(code: Code) -> String {
    format!("{:08X}", code.0)
}

fn redirects(component: &Component) -> bool {
    let redirect = |d: Disposition| d == Disposition::RedirectRow;
    let outputs = component.outputs.iter().any(|o| {
        redirect(o.error_disposition)
            || redirect(o.truncation_disposition)
            || o.columns
                .iter()
                .any(|c| redirect(c.error_disposition) || redirect(c.truncation_disposition))
    });
    outputs
        || component.inputs.iter().any(|i| {
            redirect(i.error_disposition)
                || redirect(i.truncation_disposition)
                || i.columns
                    .iter()
                    .any(|c| redirect(c.error_disposition) || redirect(c.truncation_disposition))
        })
}

/// Input columns that no column of the incoming path feeds.
fn dangling_columns(site: &Site<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (index, input) in site.component.inputs.iter().enumerate() {
        let Some(schema) = site.input_schema(index) else {
            continue;
        };
        for column in &input.columns {
            if schema.position(column.lineage).is_none() {
                let message = format!(
                    "the input column '{}' refers to a column that does not arrive at '{}'",
                    column.name, input.name
                );
                findings.push(Finding {
                    reason: packmule_dtsx::finding::Reason::DanglingReference,
                    remedy: Some("repair the column's mapping in the designer".to_owned()),
                    ..site.finding(codes::INPUT_COLUMN_DANGLING, None, message)
                });
            }
        }
    }
    findings
}
