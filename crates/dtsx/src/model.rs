//! The package model: typed where every reader needs it, raw where only the task or component
//! itself knows the meaning.
//!
//! A model is made once and never changes (`Arc<Package>`). Whatever changes a property at run
//! time (expressions, `--set`, configurations, parameters) writes into an overlay keyed by
//! [`NodeId`] and property name. Names, class ids and type names are stored in their canonical
//! form of format 8 (`Microsoft.ExecuteSQLTask`, `Microsoft.DerivedColumn`) beside the stored one.

use std::collections::HashMap;
use std::sync::Arc;

pub use packmule_types::convert::parse_boolean;
use packmule_types::{ColumnType, DataType, Secret, Value, VariableType};

use crate::finding::Location;

/// Names one object of a package or project: executable, connection manager, variable,
/// component, input, column … Unique within one [`Package`]; a project's own connection managers
/// and parameters have ids from [`NodeId::PROJECT_FIRST`] on, unique within the project.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct NodeId(pub u32);

impl NodeId {
    /// The first id of a project's own objects.
    pub const PROJECT_FIRST: u32 = 0x8000_0000;
}

/// Names an output column of a data flow; 0 is none. Formats 2 and 3 store it, for 6 and 8 the
/// reader numbers all columns of a data flow in document order. It is what `ErrorColumn` holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct LineageId(pub i32);

/// Which generation wrote the package.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum FormatVersion {
    /// SQL Server 2005
    V2,
    /// SQL Server 2008 and 2008 R2
    V3,
    /// SQL Server 2012
    V6,
    /// SQL Server 2014 and later
    V8,
}

/// How the file's secrets are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "SSIS's names")]
pub enum ProtectionLevel {
    DontSaveSensitive,
    EncryptSensitiveWithUserKey,
    EncryptSensitiveWithPassword,
    EncryptAllWithPassword,
    EncryptAllWithUserKey,
    ServerStorage,
}

/// An owned XML element: the raw data of a task, enumerator, connection manager.
#[derive(Debug, Clone, Default)]
pub struct Element {
    /// Local name.
    pub name: String,
    /// Namespace, empty for none.
    pub namespace: String,
    /// Attributes by local name, in document order (namespaces of attributes are not kept).
    pub attributes: Vec<(String, String)>,
    /// Child elements.
    pub children: Vec<Element>,
    /// Text directly inside this element, concatenated.
    pub text: String,
    /// Where it stands.
    pub location: Location,
}

impl Element {
    /// An attribute's value.
    pub fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes
            .iter()
            .find(|(n, _)| n == name)
            .map(|(_, v)| v.as_str())
    }

    /// The first child of a name.
    pub fn child(&self, name: &str) -> Option<&Element> {
        self.children.iter().find(|c| c.name == name)
    }

    /// All children of a name.
    pub fn children_named<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Element> {
        self.children.iter().filter(move |c| c.name == name)
    }
}

/// A stored property's value.
#[derive(Debug, Clone)]
pub enum PropertyValue {
    /// As the file has it, unescaped.
    Text(String),
    /// Marked sensitive, and readable (plain, or decrypted with the password).
    Secret(Secret),
    /// Marked sensitive and encrypted in a way that could not be opened.
    Encrypted,
}

/// A stored property.
#[derive(Debug, Clone)]
pub struct Property {
    /// Its name in the file (`Disabled`, `ConnectionString`).
    pub name: String,
    /// Its value.
    pub value: PropertyValue,
    /// Where it stands.
    pub location: Location,
}

/// All stored properties of an object, unknown ones included, in document order.
#[derive(Debug, Clone, Default)]
pub struct Properties(pub Vec<Property>);

impl Properties {
    /// The property of a name.
    pub fn get(&self, name: &str) -> Option<&Property> {
        self.0.iter().find(|p| p.name == name)
    }

    /// The text of a property that is not a secret.
    pub fn text(&self, name: &str) -> Option<&str> {
        match self.get(name).map(|p| &p.value) {
            Some(PropertyValue::Text(text)) => Some(text),
            _ => None,
        }
    }

    /// A Boolean in any of the forms that packages use (`True`, `-1`, `1`, `False`, `0`).
    /// `None` when the property is absent or says something else.
    pub fn boolean(&self, name: &str) -> Option<bool> {
        parse_boolean(self.text(name)?)
    }

    /// A whole number, blanks around it allowed.
    pub fn integer(&self, name: &str) -> Option<i64> {
        self.text(name)?.trim().parse().ok()
    }
}

/// A property that an expression sets.
#[derive(Debug, Clone)]
pub struct PropertyExpression {
    /// The property's API name (`Disable`, `ConnectionString`, `[Component].[SqlCommand]`).
    pub property: String,
    /// The expression.
    pub expression: String,
    /// Where it stands.
    pub location: Location,
}

/// A whole package.
#[derive(Debug, Clone)]
pub struct Package {
    /// The file as it was named to the reader.
    pub file: Arc<str>,
    /// Which generation wrote it.
    pub format: FormatVersion,
    /// How its secrets are kept.
    pub protection_level: ProtectionLevel,
    /// The package itself as an executable; its children are the control flow.
    pub root: Executable,
    /// Its connection managers.
    pub connection_managers: Vec<ConnectionManager>,
    /// Its parameters.
    pub parameters: Vec<Parameter>,
    /// Its configurations, in stored order (used only with `EnableConfig`).
    pub configurations: Vec<Configuration>,
    /// Its log providers.
    pub log_providers: Vec<LogProvider>,
    /// One more than the largest [`NodeId`] in use.
    pub node_count: u32,
}

/// A container, task or event handler.
#[derive(Debug, Clone)]
pub struct Executable {
    /// Its id.
    pub node: NodeId,
    /// Its path: `Package\Sequence\Task`, `Package.EventHandlers[OnError]`; made for formats 2
    /// and 3 in the same form.
    pub ref_id: String,
    /// ObjectName.
    pub name: String,
    /// DTSID, `{GUID}`.
    pub dtsid: String,
    /// Description.
    pub description: String,
    /// What it is.
    pub kind: ExecutableKind,
    /// Stored properties (Disabled, MaxErrorCount, InitExpression …), unknown ones included.
    pub properties: Properties,
    /// Property expressions, those of a Data Flow Task's components included.
    pub property_expressions: Vec<PropertyExpression>,
    /// Variables of this scope, `System::Propagate` of a handler included.
    pub variables: Vec<Variable>,
    /// Children, in document order.
    pub children: Vec<Executable>,
    /// Constraints between children.
    pub constraints: Vec<PrecedenceConstraint>,
    /// Event handlers, each of kind [`ExecutableKind::EventHandler`].
    pub event_handlers: Vec<Executable>,
    /// Logging options.
    pub logging: Logging,
    /// Where it stands.
    pub location: Location,
}

/// What an executable is.
#[derive(Debug, Clone)]
pub enum ExecutableKind {
    /// The package.
    Package,
    /// `STOCK:SEQUENCE`
    Sequence,
    /// `STOCK:FORLOOP`; InitExpression, EvalExpression, AssignExpression are its properties.
    ForLoop,
    /// `STOCK:FOREACHLOOP`
    ForeachLoop(Box<ForeachLoop>),
    /// An event handler for this event (`OnError`).
    EventHandler {
        /// The event's name.
        event: String,
    },
    /// A task.
    Task(Box<Task>),
}

/// A task: its type and its data.
#[derive(Debug, Clone)]
pub struct Task {
    /// Canonical type name of format 8 (`Microsoft.ExecuteSQLTask`); the stored one where no
    /// canonical name is known.
    pub type_name: String,
    /// As stored.
    pub stored_type: String,
    /// The element inside `ObjectData`; absent when the file has none. For a Data Flow Task the
    /// pipeline is in `pipeline` and this is absent.
    pub data: Option<Element>,
    /// The data flow of a Data Flow Task.
    pub pipeline: Option<Pipeline>,
}

/// The enumerator and mappings of a Foreach loop.
#[derive(Debug, Clone)]
pub struct ForeachLoop {
    /// What it goes over.
    pub enumerator: Enumerator,
    /// Which value goes into which variable.
    pub mappings: Vec<VariableMapping>,
}

/// A Foreach enumerator.
#[derive(Debug, Clone)]
pub struct Enumerator {
    /// Its id.
    pub node: NodeId,
    /// Canonical type name (`Microsoft.ForEachFileEnumerator`).
    pub type_name: String,
    /// As stored.
    pub stored_type: String,
    /// The element inside `ObjectData`.
    pub data: Option<Element>,
    /// Stored properties of the outer element.
    pub properties: Properties,
    /// Property expressions (`Directory`, `FileSpec` …).
    pub property_expressions: Vec<PropertyExpression>,
    /// Where it stands.
    pub location: Location,
}

/// One `ForEachVariableMapping`.
#[derive(Debug, Clone)]
pub struct VariableMapping {
    /// `User::File`
    pub variable: String,
    /// Which value of the enumerator's row, from 0.
    pub index: i64,
}

/// A variable.
#[derive(Debug, Clone)]
pub struct Variable {
    /// Its id.
    pub node: NodeId,
    /// Namespace (`User`, `System`, own).
    pub namespace: String,
    /// Name.
    pub name: String,
    /// DTSID; parameter mappings of sources name variables by it.
    pub dtsid: String,
    /// Its type.
    pub variable_type: VariableType,
    /// Its design value; NULL for an empty object.
    pub value: Value,
    /// Its expression, whether or not it is in use.
    pub expression: Option<String>,
    /// EvaluateAsExpression: the expression, not the value, counts.
    pub evaluate_as_expression: bool,
    /// ReadOnly
    pub read_only: bool,
    /// RaiseChangedEvent
    pub raise_changed_event: bool,
    /// Where it stands.
    pub location: Location,
}

/// A parameter of a package or project.
#[derive(Debug, Clone)]
pub struct Parameter {
    /// Its id.
    pub node: NodeId,
    /// Name, without namespace.
    pub name: String,
    /// DTSID or project ID.
    pub dtsid: String,
    /// Its type.
    pub variable_type: VariableType,
    /// Its design value; NULL when it is sensitive and not readable, or has none.
    pub value: Value,
    /// Its design value when it is sensitive and readable; `value` is NULL then.
    pub secret: Option<Secret>,
    /// Required: must be given at execution.
    pub required: bool,
    /// Sensitive
    pub sensitive: bool,
    /// Description
    pub description: String,
    /// Where it stands.
    pub location: Location,
}

/// A precedence constraint between two children of the same container.
#[derive(Debug, Clone)]
pub struct PrecedenceConstraint {
    /// Its id.
    pub node: NodeId,
    /// Its path.
    pub ref_id: String,
    /// ObjectName.
    pub name: String,
    /// Index into the container's `children`; `None` when the reference names nothing there.
    pub from: Option<usize>,
    /// Index into the container's `children`; `None` when the reference names nothing there.
    pub to: Option<usize>,
    /// 1 Expression, 2 Constraint, 3 both, 4 either.
    pub evaluation_operation: i64,
    /// 0 Success, 1 Failure, 2 Completion, 3 Canceled.
    pub value: i64,
    /// LogicalAnd as stored (absent is False).
    pub logical_and: bool,
    /// Expression.
    pub expression: String,
    /// Where it stands.
    pub location: Location,
}

/// Logging options of one executable.
#[derive(Debug, Clone, Default)]
pub struct Logging {
    /// 0 use parent's, 1 enabled, 2 disabled.
    pub mode: i64,
    /// 0 the filter includes, 1 it excludes.
    pub filter_kind: i64,
    /// Events named by the filter.
    pub event_filter: Vec<String>,
    /// DTSIDs of the selected log providers.
    pub selected_providers: Vec<String>,
    /// Per event the columns that are off.
    pub suppressed_columns: Vec<(String, Vec<String>)>,
}

/// A log provider.
#[derive(Debug, Clone)]
pub struct LogProvider {
    /// Its id.
    pub node: NodeId,
    /// ObjectName.
    pub name: String,
    /// DTSID.
    pub dtsid: String,
    /// Canonical type (`Microsoft.LogProviderTextFile`).
    pub type_name: String,
    /// As stored.
    pub stored_type: String,
    /// ConfigString: the name of a connection manager.
    pub config_string: String,
    /// Property expressions.
    pub property_expressions: Vec<PropertyExpression>,
    /// Where it stands.
    pub location: Location,
}

/// A package configuration.
#[derive(Debug, Clone)]
pub struct Configuration {
    /// ObjectName.
    pub name: String,
    /// ConfigurationType: 0 parent variable, 1 file, 2 environment, 3 registry, 4/5/6/9 indirect, 7 SQL.
    pub configuration_type: i64,
    /// ConfigurationString.
    pub configuration_string: String,
    /// ConfigurationVariable: a property path, for types 0, 2, 3, 4, 6.
    pub configuration_variable: String,
    /// Where it stands.
    pub location: Location,
}

/// A connection manager, of a package or of a project.
#[derive(Debug, Clone)]
pub struct ConnectionManager {
    /// Its id.
    pub node: NodeId,
    /// `Package.ConnectionManagers[x]` or `Project.ConnectionManagers[x]`.
    pub ref_id: String,
    /// ObjectName.
    pub name: String,
    /// DTSID.
    pub dtsid: String,
    /// Type in upper case (`OLEDB`, `FLATFILE`, `FILE`, `ADO.NET`, `EXCEL`, `CACHE` …), without
    /// what follows the colon.
    pub type_name: String,
    /// CreationName as stored (`ADO.NET:System.Data.SqlClient.SqlConnection, …`).
    pub stored_type: String,
    /// Properties of the outer and of the inner element together (`ConnectionString`, `Retain`,
    /// `Format`, `Unicode`, `CodePage`, `DelayValidation` …); `Password` is a secret.
    pub properties: Properties,
    /// Columns of a flat file.
    pub flat_file_columns: Vec<FlatFileColumn>,
    /// Columns of a cache.
    pub cache_columns: Vec<CacheColumn>,
    /// The own element of a managed type (`SmtpConnectionManager`), or `FtpConnection` and kin.
    pub data: Option<Element>,
    /// Property expressions.
    pub property_expressions: Vec<PropertyExpression>,
    /// Where it stands.
    pub location: Location,
}

/// A column of a flat file, in file order.
#[derive(Debug, Clone)]
pub struct FlatFileColumn {
    /// Its id.
    pub node: NodeId,
    /// ObjectName.
    pub name: String,
    /// `Delimited` or `FixedWidth`, as stored.
    pub column_type: String,
    /// Unescaped delimiter.
    pub delimiter: String,
    /// ColumnWidth
    pub width: u32,
    /// MaximumWidth
    pub maximum_width: u32,
    /// Type, with MaximumWidth as length.
    pub data_type: ColumnType,
    /// TextQualified
    pub text_qualified: bool,
}

/// A column of a cache.
#[derive(Debug, Clone)]
pub struct CacheColumn {
    /// ObjectName.
    pub name: String,
    /// Type.
    pub data_type: ColumnType,
    /// Position in the key from 1; 0 is no key.
    pub index_position: u32,
}

/// A data flow.
#[derive(Debug, Clone, Default)]
pub struct Pipeline {
    /// Attributes of the pipeline element (`defaultBufferMaxRows` …).
    pub properties: Properties,
    /// Components, in document order.
    pub components: Vec<Component>,
    /// Paths, in document order.
    pub paths: Vec<PipelinePath>,
    /// Ids by path, for [`Pipeline::lineage_of`].
    pub lineages: Arc<HashMap<String, LineageId>>,
}

impl Pipeline {
    /// The id that a reference in a text means: what stands in `#{…}` (formats 6 and 8) or
    /// behind `#` (2 and 3). An output column gives its lineage; an input column, where a
    /// property names one (Merge Join's `InputColumnID`), its own integer id.
    pub fn lineage_of(&self, reference: &str) -> Option<LineageId> {
        match self.lineages.get(reference) {
            Some(lineage) => Some(*lineage),
            None => {
                let number = LineageId(reference.trim().parse().ok()?);
                (self.find_lineage(number).is_some() || self.find_input_column(number).is_some())
                    .then_some(number)
            }
        }
    }

    /// The input column of an integer id: component, input, column.
    pub fn find_input_column(&self, id: LineageId) -> Option<(&Component, &Input, &InputColumn)> {
        self.components.iter().find_map(|component| {
            component.inputs.iter().find_map(|input| {
                let column = input.columns.iter().find(|c| c.id == id.0)?;
                Some((component, input, column))
            })
        })
    }

    /// The output column of a lineage id: component, output, column.
    pub fn find_lineage(&self, lineage: LineageId) -> Option<(&Component, &Output, &OutputColumn)> {
        self.components.iter().find_map(|component| {
            component.outputs.iter().find_map(|output| {
                let column = output.columns.iter().find(|c| c.lineage == lineage)?;
                Some((component, output, column))
            })
        })
    }
}

/// A component of a data flow.
#[derive(Debug, Clone)]
pub struct Component {
    /// Its id.
    pub node: NodeId,
    /// Its path (`Package\DFT\Lookup`), made for formats 2 and 3 in the same form.
    pub ref_id: String,
    /// Integer id: stored (2, 3) or given in document order (6, 8); shown as `Name [id]`.
    pub id: i32,
    /// Name.
    pub name: String,
    /// Canonical class: `Microsoft.DerivedColumn`; for managed hosts the canonical
    /// UserComponentTypeName (`Microsoft.ScriptComponentHost`); as stored where unknown.
    pub class: String,
    /// As stored.
    pub stored_class: String,
    /// `version`
    pub version: i32,
    /// `localeId`, -1 = the task's.
    pub locale_id: i32,
    /// `validateExternalMetadata`, default true.
    pub validate_external_metadata: bool,
    /// `contactInfo`
    pub contact_info: String,
    /// Custom properties.
    pub properties: Vec<ComponentProperty>,
    /// Connections by role.
    pub connections: Vec<ComponentConnection>,
    /// Inputs.
    pub inputs: Vec<Input>,
    /// Outputs.
    pub outputs: Vec<Output>,
    /// Where it stands.
    pub location: Location,
}

/// A custom property of a component, input, output or column.
#[derive(Debug, Clone)]
pub struct ComponentProperty {
    /// Name.
    pub name: String,
    /// `System.Int32` …, as stored.
    pub data_type: String,
    /// Text, unescaped; `None` for Null. References are as stored (`#{…}`, `#41`).
    pub value: Option<String>,
    /// Elements when it is an array.
    pub array: Option<Vec<String>>,
    /// Holds references to columns.
    pub contains_id: bool,
    /// Ids of what a property with `containsID` refers to, in order of appearance: the lineage
    /// of an output column, or the integer id of an input column where the property names one
    /// (Merge Join's `InputColumnID`). Broken references are 0.
    pub references: Vec<LineageId>,
    /// Where it stands.
    pub location: Location,
}

/// Gives the properties of components, inputs, outputs and columns one set of accessors.
pub trait CustomProperties {
    /// All of them.
    fn properties(&self) -> &[ComponentProperty];

    /// The property of a name.
    fn property(&self, name: &str) -> Option<&ComponentProperty> {
        self.properties().iter().find(|p| p.name == name)
    }

    /// The text of a property; `None` when absent or Null.
    fn property_text(&self, name: &str) -> Option<&str> {
        self.property(name)?.value.as_deref()
    }

    /// A whole number.
    fn property_integer(&self, name: &str) -> Option<i64> {
        self.property_text(name)?.trim().parse().ok()
    }

    /// A Boolean.
    fn property_boolean(&self, name: &str) -> Option<bool> {
        parse_boolean(self.property_text(name)?)
    }

    /// The one lineage id of a reference property; `None` when absent, null or broken.
    fn property_lineage(&self, name: &str) -> Option<LineageId> {
        self.property(name)?
            .references
            .first()
            .copied()
            .filter(|l| l.0 != 0)
    }
}

macro_rules! custom_properties {
    ($($owner:ty),*) => {$(
        impl CustomProperties for $owner {
            fn properties(&self) -> &[ComponentProperty] {
                &self.properties
            }
        }
    )*};
}
custom_properties!(
    Component,
    Input,
    InputColumn,
    Output,
    OutputColumn,
    ExternalColumn
);

/// A component's use of a connection manager.
#[derive(Debug, Clone)]
pub struct ComponentConnection {
    /// Integer id: stored (2, 3) or its position from 1 (6, 8).
    pub id: i32,
    /// Role (`OleDbConnection`, `FlatFileConnection` …).
    pub name: String,
    /// connectionManagerID as stored.
    pub manager_id: String,
    /// connectionManagerRefId as stored; empty when absent.
    pub manager_ref_id: String,
}

/// What to do with a row that fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Disposition {
    /// Not said; as FailComponent where an error can occur.
    #[default]
    NotUsed,
    /// The component fails.
    FailComponent,
    /// NULL, or the cut value; the row goes on.
    IgnoreFailure,
    /// The row leaves by the error output.
    RedirectRow,
}

/// How a component uses an input column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Usage {
    /// Reads it.
    #[default]
    ReadOnly,
    /// Replaces it in place.
    ReadWrite,
    /// Lists it without use.
    Ignored,
}

/// An input.
#[derive(Debug, Clone)]
pub struct Input {
    /// Its id.
    pub node: NodeId,
    /// Its path.
    pub ref_id: String,
    /// Integer id.
    pub id: i32,
    /// Name.
    pub name: String,
    /// `hasSideEffects`
    pub has_side_effects: bool,
    /// `errorRowDisposition`
    pub error_disposition: Disposition,
    /// `truncationRowDisposition`
    pub truncation_disposition: Disposition,
    /// Columns that the component uses.
    pub columns: Vec<InputColumn>,
    /// External columns (destinations, OLE DB Command).
    pub external_columns: Vec<ExternalColumn>,
    /// Custom properties.
    pub properties: Vec<ComponentProperty>,
}

/// A column that a component uses.
#[derive(Debug, Clone)]
pub struct InputColumn {
    /// Its id.
    pub node: NodeId,
    /// Its path.
    pub ref_id: String,
    /// Integer id.
    pub id: i32,
    /// The output column it comes from; 0 when the reference is broken.
    pub lineage: LineageId,
    /// Its name: that of the output column, or cachedName where that is gone.
    pub name: String,
    /// How it is used.
    pub usage: Usage,
    /// cached* attributes; the output column counts where they disagree.
    pub cached_type: Option<ColumnType>,
    /// refId (or id) of the external column it is mapped to; empty for none.
    pub external: String,
    /// `errorRowDisposition`
    pub error_disposition: Disposition,
    /// `truncationRowDisposition`
    pub truncation_disposition: Disposition,
    /// Custom properties.
    pub properties: Vec<ComponentProperty>,
}

/// An output.
#[derive(Debug, Clone)]
pub struct Output {
    /// Its id.
    pub node: NodeId,
    /// Its path.
    pub ref_id: String,
    /// Integer id.
    pub id: i32,
    /// Name.
    pub name: String,
    /// Index of the component's input that it is synchronous to; `None` = asynchronous.
    pub synchronous_input: Option<usize>,
    /// 0 every row; equal non-zero: a row goes to one of them.
    pub exclusion_group: i32,
    /// `isErrorOut`
    pub is_error: bool,
    /// `isSorted`
    pub is_sorted: bool,
    /// `hasSideEffects`
    pub has_side_effects: bool,
    /// `errorRowDisposition`
    pub error_disposition: Disposition,
    /// `truncationRowDisposition`
    pub truncation_disposition: Disposition,
    /// Columns that this output adds (synchronous) or has (asynchronous).
    pub columns: Vec<OutputColumn>,
    /// External columns (sources).
    pub external_columns: Vec<ExternalColumn>,
    /// Custom properties.
    pub properties: Vec<ComponentProperty>,
}

/// An output column.
#[derive(Debug, Clone)]
pub struct OutputColumn {
    /// Its id.
    pub node: NodeId,
    /// Its path; also what references to it name in formats 6 and 8.
    pub ref_id: String,
    /// Integer id, equal to its lineage.
    pub id: i32,
    /// What input columns and expressions refer to.
    pub lineage: LineageId,
    /// Name.
    pub name: String,
    /// Type.
    pub column_type: ColumnType,
    /// From 1; negative = descending; 0 = no sort key.
    pub sort_key_position: i32,
    /// `comparisonFlags`
    pub comparison_flags: u32,
    /// 1 ErrorCode, 2 ErrorColumn.
    pub special_flags: i32,
    /// refId (or id) of the external column it is mapped to; empty for none.
    pub external: String,
    /// `errorRowDisposition`
    pub error_disposition: Disposition,
    /// `truncationRowDisposition`
    pub truncation_disposition: Disposition,
    /// Custom properties.
    pub properties: Vec<ComponentProperty>,
}

/// A column as the outside has it.
#[derive(Debug, Clone)]
pub struct ExternalColumn {
    /// Its id.
    pub node: NodeId,
    /// Its path.
    pub ref_id: String,
    /// Integer id.
    pub id: i32,
    /// Name.
    pub name: String,
    /// Type.
    pub column_type: ColumnType,
    /// Custom properties.
    pub properties: Vec<ComponentProperty>,
}

/// A path from an output to an input.
#[derive(Debug, Clone)]
pub struct PipelinePath {
    /// Its path (`Package\DFT.Paths[Flat File Source Output]`).
    pub ref_id: String,
    /// Integer id.
    pub id: i32,
    /// Name.
    pub name: String,
    /// (component, output) indices.
    pub from: (usize, usize),
    /// (component, input) indices.
    pub to: (usize, usize),
}

/// A project: what an `.ispac` or a `.dtproj` folder holds.
#[derive(Debug, Clone)]
pub struct Project {
    /// Its name.
    pub name: String,
    /// Its description.
    pub description: String,
    /// Protection level of the project files.
    pub protection_level: ProtectionLevel,
    /// Packages by entry name (`Load.dtsx`), in manifest order.
    pub packages: Vec<Arc<Package>>,
    /// Entry names of packages that only other packages start (`SSIS:EntryPoint` is 0).
    pub children_only: Vec<String>,
    /// Project connection managers.
    pub connection_managers: Vec<ConnectionManager>,
    /// Project parameters.
    pub parameters: Vec<Parameter>,
}

impl Project {
    /// Whether a package may be started by itself, not only by an Execute Package task.
    pub fn is_entry_point(&self, package: &Package) -> bool {
        let file = |path: &str| {
            let last = path.rsplit(['/', '\\']).next().unwrap_or(path);
            last.to_lowercase()
        };
        let wanted = file(&package.file);
        !self.children_only.iter().any(|name| file(name) == wanted)
    }

    /// The package of a name, with or without `.dtsx`, in any letter case.
    pub fn package(&self, name: &str) -> Option<&Arc<Package>> {
        let stem = |s: &str| {
            let s = s.rsplit(['/', '\\']).next().unwrap_or(s);
            s.strip_suffix(".dtsx").unwrap_or(s).to_lowercase()
        };
        let wanted = stem(name);
        self.packages.iter().find(|p| stem(&p.file) == wanted)
    }
}

/// Fallback for a pipeline data type that is not known: kept as text so that nothing is lost.
pub const UNKNOWN_TYPE: DataType = DataType::Empty;
