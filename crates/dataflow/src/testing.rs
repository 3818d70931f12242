//! Data flows made in tests: a builder of packages, an in-memory source and destination, and
//! something that records events and rows.

use std::path::PathBuf;
use std::sync::Arc;

use arrow::array::ArrayRef;
use packmule_connections::Connections;
use packmule_dtsx::finding::Location;
use packmule_dtsx::model::{
    Component, ComponentConnection, ComponentProperty, ConnectionManager, Disposition, Executable,
    ExecutableKind, ExternalColumn, FlatFileColumn, FormatVersion, Input, InputColumn, LineageId,
    Logging, NodeId, Output, OutputColumn, Package, Pipeline, PipelinePath, Properties, Property,
    PropertyValue, ProtectionLevel, Task, Usage, Variable,
};
use packmule_runtime::clock::SystemClock;
use packmule_runtime::events::{EventKind, EventSink, Reply};
use packmule_runtime::observer::{ComponentPhase, PathRows};
use packmule_runtime::variables::scope::{ScopeContext, ScopeOwner};
use packmule_runtime::{
    Cancel, Event, EventSource, Events, MemoryBudget, Observer, Reported, Services,
};
use packmule_runtime::{Overlay, Scope};
use packmule_types::{ColumnType, Value, VariableType};
use parking_lot::Mutex;

use crate::batch::{Batch, Column};
use crate::component::{Bound, Failure, Morsel, Ordered, Outputs, Prepared, Source};
use crate::run::Substitutes;
use crate::site::FlowContext;

/// Builds a data flow. Ids and lineage ids are given in order of building.
#[derive(Debug, Default)]
pub struct FlowBuilder {
    /// The data flow so far.
    pub pipeline: Pipeline,
    next: i32,
}

/// A property with a plain text.
pub fn property(name: &str, value: &str) -> ComponentProperty {
    ComponentProperty {
        name: name.to_owned(),
        data_type: "System.String".to_owned(),
        value: Some(value.to_owned()),
        array: None,
        contains_id: false,
        references: Vec::new(),
        location: Location::default(),
    }
}

/// A property that refers to columns.
pub fn reference(name: &str, value: &str, references: &[LineageId]) -> ComponentProperty {
    ComponentProperty {
        contains_id: true,
        references: references.to_vec(),
        ..property(name, value)
    }
}

impl FlowBuilder {
    /// An empty data flow.
    pub fn new() -> Self {
        Self {
            next: 1,
            ..Self::default()
        }
    }

    fn id(&mut self) -> i32 {
        self.next += 1;
        self.next
    }

    /// Adds a component without inputs and outputs; gives its index.
    pub fn component(&mut self, name: &str, class: &str) -> usize {
        let id = self.id();
        self.pipeline.components.push(Component {
            node: NodeId(id.cast_unsigned()),
            ref_id: format!("Package\\Flow\\{name}"),
            id,
            name: name.to_owned(),
            class: class.to_owned(),
            stored_class: class.to_owned(),
            version: 1,
            locale_id: -1,
            validate_external_metadata: true,
            contact_info: String::new(),
            properties: Vec::new(),
            connections: Vec::new(),
            inputs: Vec::new(),
            outputs: Vec::new(),
            location: Location::default(),
        });
        self.pipeline.components.len() - 1
    }

    /// Adds a property to a component.
    pub fn set(&mut self, component: usize, name: &str, value: &str) {
        self.pipeline.components[component]
            .properties
            .push(property(name, value));
    }

    /// Makes a component use a connection manager.
    pub fn connect(&mut self, component: usize, role: &str, manager_id: &str) {
        let connection = ComponentConnection {
            id: self.id(),
            name: role.to_owned(),
            manager_id: manager_id.to_owned(),
            manager_ref_id: String::new(),
        };
        self.pipeline.components[component]
            .connections
            .push(connection);
    }

    /// Adds an input; gives its index.
    pub fn input(&mut self, component: usize, name: &str) -> usize {
        let id = self.id();
        let owner = &mut self.pipeline.components[component];
        owner.inputs.push(Input {
            node: NodeId(id.cast_unsigned()),
            ref_id: format!("{}.Inputs[{name}]", owner.ref_id),
            id,
            name: name.to_owned(),
            has_side_effects: false,
            error_disposition: Disposition::NotUsed,
            truncation_disposition: Disposition::NotUsed,
            columns: Vec::new(),
            external_columns: Vec::new(),
            properties: Vec::new(),
        });
        owner.inputs.len() - 1
    }

    /// Adds an input column that reads a lineage id; gives its index.
    pub fn input_column(&mut self, component: usize, input: usize, lineage: LineageId) -> usize {
        let id = self.id();
        let name = self.name_of(lineage);
        let owner = &mut self.pipeline.components[component].inputs[input];
        owner.columns.push(InputColumn {
            node: NodeId(id.cast_unsigned()),
            ref_id: format!("{}.Columns[{name}]", owner.ref_id),
            id,
            lineage,
            name,
            usage: Usage::ReadOnly,
            cached_type: None,
            external: String::new(),
            error_disposition: Disposition::NotUsed,
            truncation_disposition: Disposition::NotUsed,
            properties: Vec::new(),
        });
        owner.columns.len() - 1
    }

    /// Adds an external column to an input and maps the input column of a lineage id to it.
    pub fn map(
        &mut self,
        component: usize,
        input: usize,
        lineage: LineageId,
        external: &str,
        column_type: ColumnType,
    ) {
        let column = self.input_column(component, input, lineage);
        let id = self.id();
        let owner = &mut self.pipeline.components[component].inputs[input];
        let ref_id = format!("{}.ExternalColumns[{external}]", owner.ref_id);
        owner.external_columns.push(ExternalColumn {
            node: NodeId(id.cast_unsigned()),
            ref_id: ref_id.clone(),
            id,
            name: external.to_owned(),
            column_type,
            properties: Vec::new(),
        });
        owner.columns[column].external = ref_id;
    }

    fn name_of(&self, lineage: LineageId) -> String {
        let found = self.pipeline.find_lineage(lineage);
        found.map_or_else(String::new, |(_, _, column)| column.name.clone())
    }

    /// Adds an output; gives its index. `synchronous` is the input that it is synchronous to.
    pub fn output(&mut self, component: usize, name: &str, synchronous: Option<usize>) -> usize {
        let id = self.id();
        let owner = &mut self.pipeline.components[component];
        owner.outputs.push(Output {
            node: NodeId(id.cast_unsigned()),
            ref_id: format!("{}.Outputs[{name}]", owner.ref_id),
            id,
            name: name.to_owned(),
            synchronous_input: synchronous,
            exclusion_group: 0,
            is_error: false,
            is_sorted: false,
            has_side_effects: false,
            error_disposition: Disposition::NotUsed,
            truncation_disposition: Disposition::NotUsed,
            columns: Vec::new(),
            external_columns: Vec::new(),
            properties: Vec::new(),
        });
        owner.outputs.len() - 1
    }

    /// Adds an error output with ErrorCode and ErrorColumn; gives its index.
    pub fn error_output(&mut self, component: usize, synchronous: Option<usize>) -> usize {
        let output = self.output(component, "Error Output", synchronous);
        self.pipeline.components[component].outputs[output].is_error = true;
        for (flag, name) in [(1, "ErrorCode"), (2, "ErrorColumn")] {
            let i4 = ColumnType::new(packmule_types::DataType::I4);
            self.output_column(component, output, name, i4);
            let columns = &mut self.pipeline.components[component].outputs[output].columns;
            if let Some(column) = columns.last_mut() {
                column.special_flags = flag;
            }
        }
        output
    }

    /// Adds an output column; gives its lineage id.
    pub fn output_column(
        &mut self,
        component: usize,
        output: usize,
        name: &str,
        column_type: ColumnType,
    ) -> LineageId {
        let id = self.id();
        let owner = &mut self.pipeline.components[component].outputs[output];
        owner.columns.push(OutputColumn {
            node: NodeId(id.cast_unsigned()),
            ref_id: format!("{}.Columns[{name}]", owner.ref_id),
            id,
            lineage: LineageId(id),
            name: name.to_owned(),
            column_type,
            sort_key_position: 0,
            comparison_flags: 0,
            special_flags: 0,
            external: String::new(),
            error_disposition: Disposition::NotUsed,
            truncation_disposition: Disposition::NotUsed,
            properties: Vec::new(),
        });
        LineageId(id)
    }

    /// The output column of a lineage id.
    pub fn column_mut(&mut self, lineage: LineageId) -> Option<&mut OutputColumn> {
        let outputs = self
            .pipeline
            .components
            .iter_mut()
            .flat_map(|c| &mut c.outputs);
        outputs
            .flat_map(|o| &mut o.columns)
            .find(|c| c.lineage == lineage)
    }

    /// Draws a path.
    pub fn path(&mut self, from: (usize, usize), to: (usize, usize)) {
        let id = self.id();
        let name = format!("Path {id}");
        self.pipeline.paths.push(PipelinePath {
            ref_id: format!("Package\\Flow.Paths[{name}]"),
            id,
            name,
            from,
            to,
        });
    }

    /// A component that only makes rows, with one output.
    pub fn source(
        &mut self,
        name: &str,
        columns: &[(&str, ColumnType)],
    ) -> (usize, Vec<LineageId>) {
        let component = self.component(name, "Test.Source");
        let output = self.output(component, "Output", None);
        let lineages = columns.iter().map(|(column, column_type)| {
            self.output_column(component, output, column, *column_type)
        });
        let lineages = lineages.collect();
        (component, lineages)
    }

    /// A component that only takes rows, with one input that reads columns.
    pub fn destination(&mut self, name: &str, columns: &[LineageId]) -> usize {
        let component = self.component(name, "Test.Destination");
        let input = self.input(component, "Input");
        for lineage in columns {
            self.input_column(component, input, *lineage);
        }
        component
    }

    /// A package that holds this data flow as its only task.
    pub fn package(self) -> Package {
        let kind = ExecutableKind::Task(Box::new(Task {
            type_name: "Microsoft.Pipeline".to_owned(),
            stored_type: "Microsoft.Pipeline".to_owned(),
            data: None,
            pipeline: Some(self.pipeline),
        }));
        let task = executable(TASK, "Package\\Flow", "Flow", kind, Vec::new());
        let root = executable(
            NodeId(0),
            "Package",
            "Package",
            ExecutableKind::Package,
            vec![task],
        );
        Package {
            file: Arc::from("test.dtsx"),
            format: FormatVersion::V8,
            protection_level: ProtectionLevel::DontSaveSensitive,
            root,
            connection_managers: Vec::new(),
            parameters: Vec::new(),
            configurations: Vec::new(),
            log_providers: Vec::new(),
            node_count: 1_000_000,
        }
    }
}

/// The node of the task that [`FlowBuilder::package`] makes.
pub const TASK: NodeId = NodeId(999_999);

fn executable(
    node: NodeId,
    ref_id: &str,
    name: &str,
    kind: ExecutableKind,
    children: Vec<Executable>,
) -> Executable {
    Executable {
        node,
        ref_id: ref_id.to_owned(),
        name: name.to_owned(),
        dtsid: String::new(),
        description: String::new(),
        kind,
        properties: Properties::default(),
        property_expressions: Vec::new(),
        variables: Vec::new(),
        children,
        constraints: Vec::new(),
        event_handlers: Vec::new(),
        logging: Logging::default(),
        location: Location::default(),
    }
}

/// Records everything that a run says.
#[derive(Debug, Default)]
pub struct Recorder {
    /// Events in order.
    pub events: Mutex<Vec<Event>>,
    /// Last rows of each path, by path name.
    pub rows: Mutex<std::collections::BTreeMap<String, u64>>,
    /// Phases.
    pub phases: Mutex<Vec<ComponentPhase>>,
}

impl EventSink for Recorder {
    fn raise(&self, event: Event) -> Reply {
        self.events.lock().push(event);
        Reply::default()
    }
}

impl Observer for Recorder {
    fn rows(&self, rows: &PathRows, _last: bool) {
        self.rows.lock().insert(rows.path_name.clone(), rows.rows);
    }

    fn phase(&self, phase: &ComponentPhase) {
        self.phases.lock().push(phase.clone());
    }
}

impl Recorder {
    /// `code text` of all errors, in order.
    pub fn errors(&self) -> Vec<String> {
        let events = self.events.lock();
        let errors = events.iter().filter(|e| e.kind == EventKind::Error);
        errors
            .map(|e| format!("{} {}", e.code, e.description))
            .collect()
    }

    /// The codes of all events of a kind, in order.
    pub fn codes(&self, kind: &EventKind) -> Vec<u32> {
        let events = self.events.lock();
        events
            .iter()
            .filter(|e| e.kind == *kind)
            .map(|e| e.code.0)
            .collect()
    }
}

/// What a test gives a run.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Threads of the pool.
    pub threads: usize,
    /// Bytes of the memory budget.
    pub memory: usize,
    /// Folder for spill files.
    pub temp_folder: PathBuf,
    /// What runs share that have the same settings: the script host.
    pub parts: packmule_runtime::parts::Parts,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            threads: 2,
            memory: 256 << 20,
            temp_folder: std::env::temp_dir(),
            parts: Default::default(),
        }
    }
}

/// Services and events that a recorder watches.
pub fn services(recorder: &Arc<Recorder>, settings: &Settings) -> (Services, Events) {
    let clock = SystemClock::from_environment();
    let source = EventSource {
        name: "Flow".to_owned(),
        id: String::new(),
        parent_id: String::new(),
        package: "Test.dtsx".to_owned(),
        package_path: "\\Package\\Flow".to_owned(),
        execution_path: "\\Package\\Flow".to_owned(),
    };
    let services = Services {
        clock: Arc::clone(&clock),
        cancel: Cancel::new(),
        memory: MemoryBudget::new(settings.memory),
        mapping: Arc::default(),
        observer: Arc::clone(recorder) as Arc<dyn Observer>,
        threads: settings.threads,
        temp_folder: settings.temp_folder.clone(),
        default_lcid: 1033,
        parts: settings.parts.clone(),
    };
    let sink = Arc::clone(recorder) as Arc<dyn EventSink>;
    (services, Events::new(sink, clock, source))
}

// ---- in-memory source ------------------------------------------------------------------

/// Rows in memory, handed out in batches of a size.
pub struct MemorySource {
    columns: Vec<ArrayRef>,
    rows: usize,
    batch_rows: usize,
    next: usize,
    fail_at: Option<usize>,
}

impl MemorySource {
    /// A source of these columns.
    pub fn new(columns: Vec<ArrayRef>, batch_rows: usize) -> Self {
        let rows = columns.first().map_or(0, arrow::array::Array::len);
        Self {
            columns,
            rows,
            batch_rows: batch_rows.max(1),
            next: 0,
            fail_at: None,
        }
    }

    /// The same, failing at a row.
    #[must_use]
    pub fn failing_at(self, row: usize) -> Self {
        Self {
            fail_at: Some(row),
            ..self
        }
    }
}

impl Source for MemorySource {
    fn next(&mut self) -> Result<Option<Box<dyn Morsel>>, Failure> {
        if self.next >= self.rows {
            return Ok(None);
        }
        let count = self.batch_rows.min(self.rows - self.next);
        let fail_at = self.fail_at.and_then(|f| f.checked_sub(self.next));
        let columns = self.columns.iter().map(|c| c.slice(self.next, count));
        let morsel = MemoryMorsel {
            columns: columns.collect(),
            rows: count,
            first_row: self.next as u64,
            fail_at: fail_at.filter(|f| *f < count),
        };
        self.next += count;
        Ok(Some(Box::new(morsel)))
    }
}

struct MemoryMorsel {
    columns: Vec<ArrayRef>,
    rows: usize,
    first_row: u64,
    fail_at: Option<usize>,
}

impl Morsel for MemoryMorsel {
    fn bytes(&self) -> usize {
        self.rows * self.columns.len() * 8
    }

    fn read(self: Box<Self>, outputs: &mut Outputs) -> Result<(), Failure> {
        let columns = self.columns.iter().cloned().map(Column::Array);
        let batch = Batch {
            first_row: self.first_row,
            ..Batch::new(columns.collect(), self.rows)
        };
        match self.fail_at {
            None => outputs.send(0, batch),
            Some(row) => {
                outputs.send(0, batch.before(row));
                let text = format!("row {} fails", self.first_row + row as u64);
                let failure = Failure::text(crate::codes::E_FAIL, text, None);
                return Err(Failure { row, ..failure });
            }
        }
        Ok(())
    }
}

// ---- in-memory destination -------------------------------------------------------------

/// Rows that arrived, each as the values of the columns that the input names.
pub type Collected = Arc<Mutex<Vec<Vec<Value>>>>;

struct MemoryDestination {
    positions: Vec<(usize, ColumnType)>,
    rows: Collected,
    pause: Option<Arc<dyn Fn() + Send + Sync>>,
}

impl Ordered for MemoryDestination {
    fn process(&mut self, prepared: Prepared, _outputs: &mut Outputs) -> Result<(), Failure> {
        if let Some(pause) = &self.pause {
            pause();
        }
        let batch = prepared.batch;
        let arrays: Vec<(ArrayRef, ColumnType)> = self
            .positions
            .iter()
            .map(|(at, t)| (batch.array(*at), *t))
            .collect();
        let mut rows = self.rows.lock();
        for row in batch.selected_rows() {
            let values = arrays.iter().map(|(array, column_type)| {
                packmule_types::array::value_at(column_type, array.as_ref(), row)
            });
            rows.push(values.collect());
        }
        Ok(())
    }
}

/// Substitutes with in-memory sources and destinations.
pub trait InMemory: Sized {
    /// The source of a name gives these columns.
    #[must_use]
    fn memory_source(
        self,
        name: &str,
        columns: Vec<ArrayRef>,
        batch_rows: usize,
        fail_at: Option<usize>,
    ) -> Self;
    /// The destination of a name collects what arrives.
    #[must_use]
    fn memory_destination(self, name: &str, rows: &Collected) -> Self;
    /// The same; `pause` is called before each batch is taken.
    #[must_use]
    fn slow_destination(
        self,
        name: &str,
        rows: &Collected,
        pause: Arc<dyn Fn() + Send + Sync>,
    ) -> Self;
}

impl InMemory for Substitutes {
    fn memory_source(
        self,
        name: &str,
        columns: Vec<ArrayRef>,
        batch_rows: usize,
        fail_at: Option<usize>,
    ) -> Self {
        self.with(name, crate::registry::Kind::Source, move |_| {
            let source = MemorySource::new(columns.clone(), batch_rows);
            let source = match fail_at {
                Some(row) => source.failing_at(row),
                None => source,
            };
            Ok(Bound::Source(Box::new(source)))
        })
    }

    fn memory_destination(self, name: &str, rows: &Collected) -> Self {
        let rows = Arc::clone(rows);
        self.with(name, crate::registry::Kind::Destination, move |site| {
            collect(site, &rows, None)
        })
    }

    fn slow_destination(
        self,
        name: &str,
        rows: &Collected,
        pause: Arc<dyn Fn() + Send + Sync>,
    ) -> Self {
        let rows = Arc::clone(rows);
        self.with(name, crate::registry::Kind::Destination, move |site| {
            collect(site, &rows, Some(Arc::clone(&pause)))
        })
    }
}

fn collect(
    site: &crate::site::Site<'_>,
    rows: &Collected,
    pause: Option<Arc<dyn Fn() + Send + Sync>>,
) -> Result<Bound, Reported> {
    let columns = site
        .component
        .inputs
        .first()
        .map_or(&[][..], |i| &i.columns);
    let positions = columns.iter().filter_map(|column| {
        let schema = site.input_schema(0)?;
        let at = schema.position(column.lineage)?;
        Some((at, schema.column_type(at)?))
    });
    let run = MemoryDestination {
        positions: positions.collect(),
        rows: Arc::clone(rows),
        pause,
    };
    Ok(Bound::Ordered {
        prepare: None,
        run: Box::new(run),
    })
}

// ---- whole runs ------------------------------------------------------------------------

/// What a run needs, made from a package.
pub fn context(package: Package, recorder: &Arc<Recorder>, settings: &Settings) -> FlowContext {
    let (services, events) = services(recorder, settings);
    let package = Arc::new(package);
    let overlay = Arc::new(Overlay::new());
    let scope_context = ScopeContext {
        clock: Arc::clone(&services.clock),
        cancel: services.cancel.clone(),
        lcid: services.default_lcid,
    };
    let owner = ScopeOwner::default();
    let scope = Scope::root(owner, &package.root.variables, scope_context);
    let connections = Connections::new(
        &package,
        None,
        Arc::clone(&overlay),
        Arc::clone(&scope),
        services.clone(),
    );
    FlowContext {
        package,
        task: TASK,
        scope,
        overlay,
        connections: Arc::new(connections),
        events,
        services,
    }
}

/// A variable `User::name`.
pub fn variable(name: &str, variable_type: VariableType, value: Value) -> Variable {
    Variable {
        node: NodeId(500_000),
        namespace: "User".to_owned(),
        name: name.to_owned(),
        dtsid: format!("{{{name}}}"),
        variable_type,
        value,
        expression: None,
        evaluate_as_expression: false,
        read_only: false,
        raise_changed_event: false,
        location: Location::default(),
    }
}

/// A FLATFILE connection manager; its id is its name.
pub fn flat_file(
    name: &str,
    path: &std::path::Path,
    properties: &[(&str, &str)],
    columns: Vec<FlatFileColumn>,
) -> ConnectionManager {
    let text = |name: &str, value: &str| Property {
        name: name.to_owned(),
        value: PropertyValue::Text(value.to_owned()),
        location: Location::default(),
    };
    let mut all = vec![text("ConnectionString", &path.display().to_string())];
    all.extend(properties.iter().map(|(name, value)| text(name, value)));
    ConnectionManager {
        node: NodeId(
            600_000
                + u32::from(
                    name.bytes()
                        .fold(0u16, |h, b| h.wrapping_mul(31).wrapping_add(u16::from(b))),
                ),
        ),
        ref_id: format!("Package.ConnectionManagers[{name}]"),
        name: name.to_owned(),
        dtsid: format!("{{{name}}}"),
        type_name: "FLATFILE".to_owned(),
        stored_type: "FLATFILE".to_owned(),
        properties: Properties(all),
        flat_file_columns: columns,
        cache_columns: Vec::new(),
        data: None,
        property_expressions: Vec::new(),
        location: Location::default(),
    }
}

/// A delimited column of a flat file.
pub fn delimited(
    name: &str,
    delimiter: &str,
    column_type: ColumnType,
    qualified: bool,
) -> FlatFileColumn {
    FlatFileColumn {
        node: NodeId(0),
        name: name.to_owned(),
        column_type: "Delimited".to_owned(),
        delimiter: delimiter.to_owned(),
        width: 0,
        maximum_width: column_type.length,
        data_type: column_type,
        text_qualified: qualified,
    }
}
