//! What a project's stream holds, as far as the catalog keeps it: packages and parameters.

use packmule_dtsx::model;
use packmule_types::Secret;

use crate::variant::{self, ParameterType, Variant};

/// Reads a project's stream (`.ispac`).
pub trait ProjectReader: Send + Sync {
    /// Its content, or why it cannot be read, in words for the person who deploys it.
    fn read(&self, stream: &[u8]) -> Result<ProjectContent, String>;
}

impl<F> ProjectReader for F
where
    F: Fn(&[u8]) -> Result<ProjectContent, String> + Send + Sync,
{
    fn read(&self, stream: &[u8]) -> Result<ProjectContent, String> {
        self(stream)
    }
}

/// What a project holds.
#[derive(Debug, Clone, Default)]
pub struct ProjectContent {
    /// The name inside the file.
    pub name: String,
    /// Its description.
    pub description: String,
    /// Format of the project's own file.
    pub format_version: i32,
    /// Its packages.
    pub packages: Vec<PackageContent>,
    /// Its parameters, connection managers' properties included.
    pub parameters: Vec<ParameterContent>,
}

/// What a package says of itself.
#[derive(Debug, Clone, Default)]
pub struct PackageContent {
    /// With `.dtsx`.
    pub name: String,
    /// DTSID
    pub guid: String,
    /// Description
    pub description: String,
    /// 2, 3, 6 or 8
    pub format_version: i32,
    /// VersionMajor
    pub version_major: i32,
    /// VersionMinor
    pub version_minor: i32,
    /// VersionBuild
    pub version_build: i32,
    /// VersionComments
    pub version_comments: String,
    /// VersionGUID
    pub version_guid: String,
    /// Whether it may be started directly.
    pub entry_point: bool,
    /// Its parameters, connection managers' properties included.
    pub parameters: Vec<ParameterContent>,
}

/// A parameter.
#[derive(Debug, Clone)]
pub struct ParameterContent {
    /// Its name.
    pub name: String,
    /// Its type.
    pub data_type: ParameterType,
    /// Required: its design value is never used here.
    pub required: bool,
    /// Sensitive
    pub sensitive: bool,
    /// Description
    pub description: String,
    /// Its design value, if it has one that can be read.
    pub design_value: Option<Variant>,
    /// Its design value, if it is sensitive and can be read.
    pub secret: Option<Secret>,
}

/// Makes the catalog's view of a project's model.
pub fn content(project: &model::Project) -> ProjectContent {
    let mut parameters: Vec<ParameterContent> =
        project.parameters.iter().filter_map(parameter).collect();
    parameters.extend(
        project
            .connection_managers
            .iter()
            .flat_map(connection_parameters),
    );
    ProjectContent {
        name: project.name.clone(),
        description: project.description.clone(),
        format_version: 1,
        packages: project
            .packages
            .iter()
            .map(|p| package(p, project.is_entry_point(p)))
            .collect(),
        parameters,
    }
}

fn package(package: &model::Package, entry_point: bool) -> PackageContent {
    let properties = &package.root.properties;
    let text = |name: &str| properties.text(name).unwrap_or_default().to_owned();
    let number = |name: &str| {
        properties
            .integer(name)
            .and_then(|n| n.try_into().ok())
            .unwrap_or(0)
    };
    let mut parameters: Vec<ParameterContent> =
        package.parameters.iter().filter_map(parameter).collect();
    parameters.extend(
        package
            .connection_managers
            .iter()
            .flat_map(connection_parameters),
    );
    let file = package.file.rsplit(['/', '\\']).next().unwrap_or_default();
    PackageContent {
        name: file.to_owned(),
        guid: package.root.dtsid.clone(),
        description: package.root.description.clone(),
        format_version: match package.format {
            model::FormatVersion::V2 => 2,
            model::FormatVersion::V3 => 3,
            model::FormatVersion::V6 => 6,
            model::FormatVersion::V8 => 8,
        },
        version_major: number("VersionMajor"),
        version_minor: number("VersionMinor"),
        version_build: number("VersionBuild"),
        version_comments: text("VersionComments"),
        version_guid: text("VersionGUID"),
        entry_point,
        parameters,
    }
}

/// A declared parameter; those of a type that the catalog does not have are left to the package.
fn parameter(parameter: &model::Parameter) -> Option<ParameterContent> {
    Some(ParameterContent {
        name: parameter.name.clone(),
        data_type: ParameterType::from_variable_type(parameter.variable_type)?,
        required: parameter.required,
        sensitive: parameter.sensitive,
        description: parameter.description.clone(),
        design_value: variant::from_value(&parameter.value),
        secret: parameter.secret.clone(),
    })
}

/// Properties of connection managers that every deployment makes parameters of, with the type
/// and whether it is sensitive.
const CONNECTION_PROPERTIES: &[(&str, ParameterType, bool)] = &[
    ("ConnectionString", ParameterType::String, false),
    ("InitialCatalog", ParameterType::String, false),
    ("Password", ParameterType::String, true),
    ("RetainSameConnection", ParameterType::Boolean, false),
    ("ServerName", ParameterType::String, false),
    ("UserName", ParameterType::String, false),
];

/// Properties of flat file connection managers beside `ConnectionString`.
const FLAT_FILE_PROPERTIES: &[(&str, ParameterType, bool)] = &[
    ("CodePage", ParameterType::Int32, false),
    ("ColumnNamesInFirstDataRow", ParameterType::Boolean, false),
    ("ConnectionString", ParameterType::String, false),
    ("Format", ParameterType::String, false),
    ("HeaderRowDelimiter", ParameterType::String, false),
    ("HeaderRowsToSkip", ParameterType::Int32, false),
    ("LocaleID", ParameterType::Int32, false),
    ("RowDelimiter", ParameterType::String, false),
    ("TextQualifier", ParameterType::String, false),
    ("Unicode", ParameterType::Boolean, false),
];

/// Properties of file connection managers.
const FILE_PROPERTIES: &[(&str, ParameterType, bool)] =
    &[("ConnectionString", ParameterType::String, false)];

/// The generated parameters `CM.<manager>.<property>`.
fn connection_parameters(
    manager: &model::ConnectionManager,
) -> impl Iterator<Item = ParameterContent> {
    let properties = match manager.type_name.as_str() {
        "OLEDB" | "ADO.NET" | "ADO" | "ODBC" | "EXCEL" => CONNECTION_PROPERTIES,
        "FLATFILE" | "MULTIFLATFILE" => FLAT_FILE_PROPERTIES,
        _ => FILE_PROPERTIES,
    };
    properties.iter().map(|(property, data_type, sensitive)| {
        let stored = manager.properties.text(property);
        let design_value = stored
            .filter(|_| !sensitive)
            .map(|text| Variant::Literal(text.to_owned()))
            .filter(|value| data_type.canonical(property, value).is_ok());
        ParameterContent {
            name: format!("CM.{}.{property}", manager.name),
            data_type: *data_type,
            required: false,
            sensitive: *sensitive,
            description: String::new(),
            design_value,
            secret: None,
        }
    })
}

/// Reads streams with the package reader. Projects that a password protects are deployed without
/// it: what is encrypted stays so, and is the run's to judge.
#[derive(Debug, Clone, Copy, Default)]
pub struct DtsxReader;

impl ProjectReader for DtsxReader {
    fn read(&self, stream: &[u8]) -> Result<ProjectContent, String> {
        let options = packmule_dtsx::LoadOptions {
            file: "project.ispac",
            password: None,
        };
        packmule_dtsx::load_archive(stream, &options)
            .map(|loaded| content(&loaded.value))
            .map_err(|error| packmule_types::error::Chain(&error).to_string())
    }
}
