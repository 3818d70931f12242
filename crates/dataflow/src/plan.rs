//! The plan of a data flow: who sends to whom, which columns go over each path, which
//! components one thread can run through in one go.

use std::collections::HashSet;
use std::sync::Arc;

use packmule_dtsx::model::{Component, LineageId, Output, Pipeline};

use crate::batch::{Schema, StreamColumn};

/// Where a path leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Edge {
    /// Index of the path.
    pub path: usize,
    /// Index of the component it leads to.
    pub component: usize,
    /// Index of that component's input.
    pub input: usize,
}

/// The plan.
#[derive(Debug, Default)]
pub struct Plan {
    /// By component and output.
    edges: Vec<Vec<Option<Edge>>>,
    /// By component and output.
    outputs: Vec<Vec<Arc<Schema>>>,
    /// By component and input.
    inputs: Vec<Vec<Option<Arc<Schema>>>>,
    /// Components, senders before receivers.
    pub order: Vec<usize>,
    /// By component: sources that lead nowhere are left out.
    pub active: Vec<bool>,
    /// Lineage ids that some active component reads.
    used: HashSet<LineageId>,
    /// Those of them that some component reads as values; others only pass through or are
    /// written as text.
    read: HashSet<LineageId>,
    /// The task's locale, when it has one.
    pub task_lcid: Option<u32>,
}

/// A data flow that cannot be planned.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PlanError {
    /// A path names a component, output or input that is not there.
    #[error("path '{path}' leads from or to something that is not in the data flow")]
    DanglingPath {
        /// The path.
        path: String,
    },
    /// Two paths leave one output, or two arrive at one input.
    #[error("more than one path at '{place}'")]
    TwoPaths {
        /// The output or input.
        place: String,
    },
    /// Paths form a circle.
    #[error("the paths form a circle through '{component}'")]
    Circle {
        /// One component of it.
        component: String,
    },
}

impl Plan {
    /// Plans a data flow.
    pub fn new(pipeline: &Pipeline) -> Result<Self, PlanError> {
        let components = &pipeline.components;
        let mut plan = Self {
            edges: components
                .iter()
                .map(|c| vec![None; c.outputs.len()])
                .collect(),
            outputs: components.iter().map(|_| Vec::new()).collect(),
            inputs: components
                .iter()
                .map(|c| vec![None; c.inputs.len()])
                .collect(),
            active: vec![true; components.len()],
            ..Self::default()
        };
        plan.connect(pipeline)?;
        plan.arrange(pipeline)?;
        plan.leave_out(pipeline);
        for component in plan.order.clone() {
            plan.lay_out(pipeline, component);
        }
        plan.used = used_columns(pipeline, &plan.active, |_| true);
        plan.read = used_columns(pipeline, &plan.active, reads_values);
        Ok(plan)
    }

    /// Where an output leads.
    pub fn edge(&self, component: usize, output: usize) -> Option<Edge> {
        self.edges.get(component)?.get(output).copied().flatten()
    }

    /// Where all outputs of a component lead.
    pub fn edges_of(&self, component: usize) -> impl Iterator<Item = Edge> + '_ {
        let edges = self.edges.get(component).map_or(&[][..], Vec::as_slice);
        edges.iter().copied().flatten()
    }

    /// Number of inputs of a component.
    pub fn input_count(&self, component: usize) -> usize {
        self.inputs.get(component).map_or(0, Vec::len)
    }

    /// The columns that arrive at an input.
    pub fn input_schema(&self, component: usize, input: usize) -> Option<&Arc<Schema>> {
        self.inputs.get(component)?.get(input)?.as_ref()
    }

    /// The columns that leave by an output.
    pub fn output_schema(&self, component: usize, output: usize) -> Arc<Schema> {
        let schemas = self.outputs.get(component);
        let schema = schemas.and_then(|s| s.get(output));
        schema.cloned().unwrap_or_default()
    }

    /// Which outputs of a component lead somewhere.
    pub fn attached(&self, component: usize) -> Arc<[bool]> {
        let edges = self.edges.get(component);
        edges.map_or_else(Default::default, |e| {
            e.iter().map(Option::is_some).collect()
        })
    }

    /// Whether any active component reads a column.
    pub fn is_used(&self, lineage: LineageId) -> bool {
        self.used.contains(&lineage)
    }

    /// Whether any component reads the values of a column. Destinations that write text and
    /// components that pass columns on do not.
    pub fn needs_values(&self, lineage: LineageId) -> bool {
        self.read.contains(&lineage)
    }

    fn connect(&mut self, pipeline: &Pipeline) -> Result<(), PlanError> {
        let mut arrived = HashSet::new();
        for (index, path) in pipeline.paths.iter().enumerate() {
            let dangling = || PlanError::DanglingPath {
                path: path.ref_id.clone(),
            };
            let (component, input) = path.to;
            let receiver = pipeline.components.get(component).ok_or_else(dangling)?;
            let receiver = receiver.inputs.get(input).ok_or_else(dangling)?;
            let edges = self.edges.get_mut(path.from.0).ok_or_else(dangling)?;
            let slot = edges.get_mut(path.from.1).ok_or_else(dangling)?;
            if slot.is_some() || !arrived.insert(path.to) {
                let place = if slot.is_some() {
                    &path.name
                } else {
                    &receiver.ref_id
                };
                return Err(PlanError::TwoPaths {
                    place: place.clone(),
                });
            }
            *slot = Some(Edge {
                path: index,
                component,
                input,
            });
        }
        Ok(())
    }

    /// Orders components so that senders stand before receivers, by document order otherwise.
    fn arrange(&mut self, pipeline: &Pipeline) -> Result<(), PlanError> {
        let count = pipeline.components.len();
        let mut waiting_for = vec![0usize; count];
        for edge in self.edges.iter().flatten().flatten() {
            waiting_for[edge.component] += 1;
        }
        let mut ready: std::collections::BTreeSet<usize> =
            (0..count).filter(|c| waiting_for[*c] == 0).collect();
        while let Some(component) = ready.pop_first() {
            self.order.push(component);
            for edge in self.edges[component].iter().flatten() {
                waiting_for[edge.component] -= 1;
                if waiting_for[edge.component] == 0 {
                    ready.insert(edge.component);
                }
            }
        }
        match (0..count).find(|c| waiting_for[*c] > 0) {
            Some(component) => Err(PlanError::Circle {
                component: pipeline.components[component].name.clone(),
            }),
            None => Ok(()),
        }
    }

    /// Leaves out sources of which no output leads anywhere, and components that no path
    /// reaches.
    fn leave_out(&mut self, pipeline: &Pipeline) {
        let mut reached = vec![false; pipeline.components.len()];
        for &component in &self.order {
            let source = pipeline.components[component].inputs.is_empty();
            let leads_on = self.edges[component].iter().any(Option::is_some);
            self.active[component] = if source { leads_on } else { reached[component] };
            if self.active[component] {
                for edge in self.edges[component].iter().flatten() {
                    reached[edge.component] = true;
                }
            }
        }
    }

    fn lay_out(&mut self, pipeline: &Pipeline, index: usize) {
        let component = &pipeline.components[index];
        let schemas: Vec<Arc<Schema>> = component
            .outputs
            .iter()
            .map(|output| Arc::new(self.output_columns(component, index, output)))
            .collect();
        for (output, schema) in schemas.iter().enumerate() {
            if let Some(edge) = self.edge(index, output)
                && self.active[index]
            {
                self.inputs[edge.component][edge.input] = Some(Arc::clone(schema));
            }
        }
        self.outputs[index] = schemas;
    }

    fn output_columns(&self, _component: &Component, index: usize, output: &Output) -> Schema {
        let passing = output
            .synchronous_input
            .and_then(|input| self.input_schema(index, input));
        let mut columns = passing.map_or_else(Vec::new, |s| s.columns.clone());
        columns.extend(output.columns.iter().map(|column| StreamColumn {
            lineage: column.lineage,
            name: Arc::from(column.name.as_str()),
            column_type: column.column_type,
        }));
        Schema { columns }
    }
}

/// Components that never look at the values of their input columns.
fn reads_values(component: &Component) -> bool {
    const PASS: &[&str] = &[
        "Microsoft.FlatFileDestination",
        "Microsoft.Multicast",
        "Microsoft.RowCount",
        "Microsoft.UnionAll",
    ];
    !PASS.contains(&component.class.as_str())
}

fn used_columns(
    pipeline: &Pipeline,
    active: &[bool],
    counts: fn(&Component) -> bool,
) -> HashSet<LineageId> {
    let mut used = HashSet::new();
    let components = pipeline.components.iter().zip(active);
    for (component, _) in components.filter(|(c, a)| **a && counts(c)) {
        for input in &component.inputs {
            used.extend(input.columns.iter().map(|c| c.lineage));
        }
    }
    used
}
