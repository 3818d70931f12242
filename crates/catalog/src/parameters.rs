//! Parameters of projects and packages: design values, server values, and which one counts.
//!
//! Precedence: execution value, then server value, then design value; the design value of a
//! required parameter is never used on the server.

use packmule_types::Secret;

use crate::catalog::Catalog;
use crate::codes::ParameterScope;
use crate::error::{Error, Result};
use crate::ids::ProjectId;
use crate::model::{Change, ObjectParameter, Package, Project};
use crate::names;
use crate::project::ParameterContent;
use crate::projects;
use crate::store::{Row, Transaction, params};
use crate::variant::{ParameterType, Variant};

/// A stored parameter with its values as they are kept (sensitive ones sealed).
pub(crate) struct Stored {
    pub(crate) id: i64,
    pub(crate) object_type: ParameterScope,
    pub(crate) object_name: String,
    pub(crate) name: String,
    pub(crate) data_type: ParameterType,
    pub(crate) required: bool,
    pub(crate) sensitive: bool,
    pub(crate) description: String,
    pub(crate) design_value: Option<Vec<u8>>,
    pub(crate) default_value: Option<Vec<u8>>,
    pub(crate) value_set: bool,
}

impl Stored {
    fn read(mut row: Row) -> Result<Self> {
        Ok(Self {
            id: row.get()?,
            object_type: row.get()?,
            object_name: row.get()?,
            name: row.get()?,
            data_type: data_type(&row.get::<String>()?)?,
            required: row.get()?,
            sensitive: row.get()?,
            description: row.get()?,
            design_value: row.get()?,
            default_value: row.get()?,
            value_set: row.get()?,
        })
    }

    /// The value an execution starts with, and whether it counts as set.
    ///
    /// [R-CAT-UNRESOLVED] belongs here once environments exist.
    pub(crate) fn effective(&self) -> (Option<&[u8]>, bool) {
        if self.value_set {
            (self.default_value.as_deref(), true)
        } else if self.required {
            (None, false)
        } else {
            (self.design_value.as_deref(), false)
        }
    }
}

/// The type of a stored name.
pub(crate) fn data_type(name: &str) -> Result<ParameterType> {
    ParameterType::from_name(name).ok_or(Error::Stored("data_type"))
}

const COLUMNS: &str = "parameter_id, object_type, object_name, parameter_name, data_type, \
    required, sensitive, description, design_value, default_value, value_set";

/// All parameters of a project.
pub(crate) fn of_project(tx: &mut dyn Transaction, project_id: ProjectId) -> Result<Vec<Stored>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM object_parameters WHERE project_id = ?1 ORDER BY parameter_id"
    );
    tx.query(&sql, params![project_id])?
        .into_iter()
        .map(Stored::read)
        .collect()
}

/// The parameters that a package sees: its project's and its own.
pub(crate) fn of_package(
    tx: &mut dyn Transaction,
    project: &Project,
    package: &Package,
) -> Result<Vec<Stored>> {
    let key = names::package_key(&package.name);
    Ok(of_project(tx, project.project_id)?
        .into_iter()
        .filter(|p| {
            p.object_type == ParameterScope::Project || names::package_key(&p.object_name) == key
        })
        .collect())
}

/// Parameters with server values, to be kept over a deployment.
pub(crate) fn kept(tx: &mut dyn Transaction, project_id: ProjectId) -> Result<Vec<Stored>> {
    Ok(of_project(tx, project_id)?
        .into_iter()
        .filter(|p| p.value_set)
        .collect())
}

/// Stores a parameter of a deployment. [R-CAT-KEEP]: a server value stays where name and type
/// (and being sensitive) are the same.
pub(crate) fn install(
    catalog: &Catalog,
    tx: &mut dyn Transaction,
    project_id: ProjectId,
    (scope, owner): (ParameterScope, &str),
    content: &ParameterContent,
    kept: &[Stored],
) -> Result<()> {
    let design = design_text(content)?;
    let design = design
        .map(|text| catalog.seal(text.reveal(), content.sensitive))
        .transpose()?;
    let same = |old: &&Stored| {
        old.object_type == scope
            && (scope == ParameterScope::Project
                || names::package_key(&old.object_name) == names::package_key(owner))
            && old.name == content.name
            && old.data_type == content.data_type
            && old.sensitive == content.sensitive
    };
    let server = kept
        .iter()
        .find(same)
        .and_then(|old| old.default_value.clone());
    let value_set = server.is_some();
    tx.execute(
        "INSERT INTO object_parameters (project_id, object_type, object_name, parameter_name, \
         data_type, required, sensitive, description, design_value, default_value, value_set) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
        params![
            project_id,
            scope,
            owner,
            &content.name,
            content.data_type.name(),
            content.required,
            content.sensitive,
            &content.description,
            design,
            server,
            value_set
        ],
    )?;
    Ok(())
}

fn design_text(content: &ParameterContent) -> Result<Option<Secret>> {
    if let Some(secret) = &content.secret {
        return Ok(Some(secret.clone()));
    }
    let Some(value) = &content.design_value else {
        return Ok(None);
    };
    let text = match (content.data_type, value) {
        (_, Variant::Literal(text)) | (ParameterType::String, Variant::Text(text)) => content
            .data_type
            .canonical(&content.name, &Variant::Literal(text.clone()))?,
        (data_type, value) => data_type.canonical(&content.name, value)?,
    };
    Ok(Some(Secret::new(text)))
}

impl Catalog {
    /// The value to show: none for sensitive ones.
    pub(crate) fn shown(
        &self,
        data_type: ParameterType,
        sensitive: bool,
        value: Option<&[u8]>,
    ) -> Result<Option<Variant>> {
        match value {
            Some(bytes) if !sensitive => {
                let text = self.unseal(bytes.to_vec(), false)?;
                Ok(Some(data_type.variant(text.reveal())))
            }
            _ => Ok(None),
        }
    }

    fn object_parameter(&self, project_id: ProjectId, p: Stored) -> Result<ObjectParameter> {
        Ok(ObjectParameter {
            design_default_value: self.shown(
                p.data_type,
                p.sensitive,
                p.design_value.as_deref(),
            )?,
            default_value: self.shown(p.data_type, p.sensitive, p.effective().0)?,
            parameter_id: p.id,
            project_id,
            object_type: p.object_type,
            object_name: p.object_name,
            parameter_name: p.name,
            data_type: p.data_type,
            required: p.required,
            sensitive: p.sensitive,
            description: p.description,
            value_set: p.value_set,
        })
    }

    /// `catalog.object_parameters` of a project.
    pub fn object_parameters(&self, folder: &str, project: &str) -> Result<Vec<ObjectParameter>> {
        self.read(|tx| {
            let id = projects::find(tx, folder, project)?.project_id;
            of_project(tx, id)?
                .into_iter()
                .map(|p| self.object_parameter(id, p))
                .collect()
        })
    }

    /// `get_parameter_values`: what an execution of the package would get.
    pub fn parameter_values(
        &self,
        folder: &str,
        project: &str,
        package: &str,
    ) -> Result<Vec<ObjectParameter>> {
        self.read(|tx| {
            let project = projects::find(tx, folder, project)?;
            let package = projects::find_package(tx, &project, package)?;
            of_package(tx, &project, &package)?
                .into_iter()
                .map(|p| self.object_parameter(project.project_id, p))
                .collect()
        })
    }

    /// `set_object_parameter_value` with a literal; `package` absent: a project parameter.
    pub fn set_object_parameter_value(
        &self,
        folder: &str,
        project: &str,
        package: Option<&str>,
        name: &str,
        value: &Variant,
    ) -> Result<()> {
        self.change_server_value(folder, project, package, name, Some(value.clone()))
    }

    /// `clear_object_parameter_value`: back to the design value.
    pub fn clear_object_parameter_value(
        &self,
        folder: &str,
        project: &str,
        package: Option<&str>,
        name: &str,
    ) -> Result<()> {
        self.change_server_value(folder, project, package, name, None)
    }

    fn change_server_value(
        &self,
        folder: &str,
        project: &str,
        package: Option<&str>,
        name: &str,
        value: Option<Variant>,
    ) -> Result<()> {
        let (folder, project, name) = (folder.to_owned(), project.to_owned(), name.to_owned());
        let package = package.map(str::to_owned);
        let catalog = self.clone();
        self.write(move |tx| {
            let project = projects::find(tx, &folder, &project)?;
            let owner = match &package {
                Some(package) => Some(names::package_key(
                    &projects::find_package(tx, &project, package)?.name,
                )),
                None => None,
            };
            let found = of_project(tx, project.project_id)?.into_iter().find(|p| {
                p.name == name
                    && match &owner {
                        Some(key) => {
                            p.object_type == ParameterScope::Package
                                && names::package_key(&p.object_name) == *key
                        }
                        None => p.object_type == ParameterScope::Project,
                    }
            });
            let parameter = found.ok_or(Error::ParameterNotFound(name))?;
            let stored = value
                .map(|value| parameter.data_type.canonical(&parameter.name, &value))
                .transpose()?
                .map(|text| catalog.seal(&text, parameter.sensitive))
                .transpose()?;
            let set = stored.is_some();
            tx.execute(
                "UPDATE object_parameters SET default_value = ?2, value_set = ?3 \
                 WHERE parameter_id = ?1",
                params![parameter.id, stored, set],
            )?;
            Ok(())
        })?;
        self.tell(&[Change::Objects]);
        Ok(())
    }
}
