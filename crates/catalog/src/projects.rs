//! Projects and their versions: `deploy_project`, `restore_project`, `delete_project`,
//! `get_project`; packages.

use sha2::{Digest, Sha256};

use crate::catalog::Catalog;
use crate::codes::{OperationType, ParameterScope};
use crate::error::{Error, NameKind, Result};
use crate::history;
use crate::ids::{OperationId, ProjectId, VersionId};
use crate::model::{Caller, Change, Deployment, Package, Project, ProjectVersion};
use crate::names;
use crate::parameters;
use crate::project::{PackageContent, ProjectContent};
use crate::status::Status;
use crate::store::{Row, SqlValue, StoreError, Transaction, params};
use crate::{folders, store};

const COLUMNS: &str = "p.project_id, p.folder_id, f.name, p.name, p.description, \
    p.project_format_version, p.deployed_by_name, p.last_deployed_time, p.created_time, \
    p.object_version_lsn, v.content_hash";
const FROM: &str = "projects p JOIN folders f ON f.folder_id = p.folder_id \
    JOIN project_versions v ON v.object_version_lsn = p.object_version_lsn";

/// Most packages in a project.
const PACKAGES_MAX: usize = 10_000;

fn project(mut row: Row) -> Result<Project, StoreError> {
    Ok(Project {
        project_id: row.get()?,
        folder_id: row.get()?,
        folder_name: row.get()?,
        name: row.get()?,
        description: row.get()?,
        project_format_version: row.get()?,
        deployed_by_name: row.get()?,
        last_deployed_time: row.get()?,
        created_time: row.get()?,
        object_version_lsn: row.get()?,
        content_hash: row.get()?,
    })
}

/// A project by names.
pub(crate) fn find(tx: &mut dyn Transaction, folder: &str, name: &str) -> Result<Project> {
    folders::find(tx, folder)?;
    let sql = format!("SELECT {COLUMNS} FROM {FROM} WHERE f.name_key = ?1 AND p.name_key = ?2");
    let row = tx.first(&sql, params![names::key(folder), names::key(name)])?;
    let row = row.ok_or_else(|| Error::ProjectNotFound {
        folder: folder.to_owned(),
        project: name.to_owned(),
    })?;
    Ok(project(row)?)
}

/// SHA-256 as hexadecimal text.
pub(crate) fn hash(bytes: &[u8]) -> String {
    Sha256::digest(bytes)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

/// What a deployment is made of, read and checked before the transaction begins.
struct Deploy {
    caller: String,
    folder: String,
    name: String,
    stream: Vec<u8>,
    hash: String,
    content: ProjectContent,
}

impl Deploy {
    fn run(self, catalog: &Catalog, tx: &mut dyn Transaction) -> Result<Deployment> {
        let folder_id = folders::find(tx, &self.folder)?;
        let now = tx.now();
        tx.execute(
            "INSERT INTO project_streams (content_hash, size, stream) VALUES (?1, ?2, ?3) \
             ON CONFLICT DO NOTHING",
            params![&self.hash, self.stream.len() as i64, self.stream.clone()],
        )?;
        let existing = match find(tx, &self.folder, &self.name) {
            Ok(project) => Some(project.project_id),
            Err(Error::ProjectNotFound { .. }) => None,
            Err(error) => return Err(error),
        };
        let project_id = match existing {
            Some(id) => id,
            None => tx
                .one(
                    "INSERT INTO projects (folder_id, name, name_key, description, \
                     project_format_version, deployed_by_name, last_deployed_time, created_time, \
                     object_version_lsn) VALUES (?1, ?2, ?3, '', 0, ?4, ?5, ?5, 0) \
                     RETURNING project_id",
                    params![
                        folder_id,
                        &self.name,
                        names::key(&self.name),
                        &self.caller,
                        now
                    ],
                )?
                .get()?,
        };
        let version: VersionId = tx
            .one(
                "INSERT INTO project_versions (project_id, object_name, description, created_by, \
                 created_time, content_hash) VALUES (?1, ?2, ?3, ?4, ?5, ?6) \
                 RETURNING object_version_lsn",
                params![
                    project_id,
                    &self.name,
                    &self.content.description,
                    &self.caller,
                    now,
                    &self.hash
                ],
            )?
            .get()?;
        tx.execute(
            "UPDATE projects SET name = ?2, description = ?3, project_format_version = ?4, \
             deployed_by_name = ?5, last_deployed_time = ?6, object_version_lsn = ?7 \
             WHERE project_id = ?1",
            params![
                project_id,
                &self.name,
                &self.content.description,
                self.content.format_version,
                &self.caller,
                now,
                version
            ],
        )?;
        install(catalog, tx, project_id, &self.content, true)?;
        let operation_id = history::completed(
            tx,
            &self.caller,
            OperationType::DeployProject,
            Some((20, project_id.0, &self.name)),
            Status::Succeeded,
        )?;
        let packages = self.content.packages.into_iter().map(|p| p.name).collect();
        Ok(Deployment {
            operation_id,
            project_id,
            object_version_lsn: version,
            packages,
        })
    }
}

/// Makes packages and parameters of a version the current ones.
fn install(
    catalog: &Catalog,
    tx: &mut dyn Transaction,
    project_id: ProjectId,
    content: &ProjectContent,
    keep_server_values: bool,
) -> Result<()> {
    tx.execute(
        "DELETE FROM packages WHERE project_id = ?1",
        params![project_id],
    )?;
    let kept = if keep_server_values {
        parameters::kept(tx, project_id)?
    } else {
        Vec::new()
    };
    tx.execute(
        "DELETE FROM object_parameters WHERE project_id = ?1",
        params![project_id],
    )?;
    for parameter in &content.parameters {
        let owner = (ParameterScope::Project, content.name.as_str());
        parameters::install(catalog, tx, project_id, owner, parameter, &kept)?;
    }
    for package in &content.packages {
        insert_package(tx, project_id, package)?;
        for parameter in &package.parameters {
            let owner = (ParameterScope::Package, package.name.as_str());
            parameters::install(catalog, tx, project_id, owner, parameter, &kept)?;
        }
    }
    Ok(())
}

fn insert_package(
    tx: &mut dyn Transaction,
    project_id: ProjectId,
    package: &PackageContent,
) -> Result<()> {
    tx.execute(
        "INSERT INTO packages (project_id, name, name_key, package_guid, description, \
         package_format_version, version_major, version_minor, version_build, version_comments, \
         version_guid, entry_point) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
        params![
            project_id,
            &package.name,
            names::package_key(&package.name),
            &package.guid,
            &package.description,
            package.format_version,
            package.version_major,
            package.version_minor,
            package.version_build,
            &package.version_comments,
            &package.version_guid,
            package.entry_point
        ],
    )?;
    Ok(())
}

/// Refuses content that could not be stored as it is.
fn check_content(project: &str, content: &ProjectContent) -> Result<()> {
    let refuse = |reason: String| {
        Err(Error::ProjectUnreadable {
            project: project.to_owned(),
            reason,
        })
    };
    if content.packages.len() > PACKAGES_MAX {
        return refuse(format!("it has more than {PACKAGES_MAX} packages"));
    }
    let mut seen = std::collections::HashSet::new();
    for package in &content.packages {
        if package.name.is_empty() || package.name.chars().count() > 260 {
            return refuse(format!("'{}' is no name for a package", package.name));
        }
        if !seen.insert(names::package_key(&package.name)) {
            return refuse(format!("it has two packages '{}'", package.name));
        }
    }
    let owners = std::iter::once(("the project", &content.parameters)).chain(
        content
            .packages
            .iter()
            .map(|p| (p.name.as_str(), &p.parameters)),
    );
    for (owner, parameters) in owners {
        let mut seen = std::collections::HashSet::new();
        for parameter in parameters {
            if !seen.insert(parameter.name.as_str()) {
                return refuse(format!("{owner} has two parameters '{}'", parameter.name));
            }
        }
    }
    Ok(())
}

fn package_row(mut row: Row) -> Result<Package, StoreError> {
    Ok(Package {
        package_id: row.get()?,
        project_id: row.get()?,
        folder_name: row.get()?,
        project_name: row.get()?,
        name: row.get()?,
        package_guid: row.get()?,
        description: row.get()?,
        package_format_version: row.get()?,
        version_major: row.get()?,
        version_minor: row.get()?,
        version_build: row.get()?,
        version_comments: row.get()?,
        version_guid: row.get()?,
        entry_point: row.get()?,
    })
}

const PACKAGE_COLUMNS: &str = "k.package_id, k.project_id, f.name, p.name, k.name, \
    k.package_guid, k.description, k.package_format_version, k.version_major, k.version_minor, \
    k.version_build, k.version_comments, k.version_guid, k.entry_point";
const PACKAGE_FROM: &str = "packages k JOIN projects p ON p.project_id = k.project_id \
    JOIN folders f ON f.folder_id = p.folder_id";

/// A package of a project by name, with or without `.dtsx`.
pub(crate) fn find_package(
    tx: &mut dyn Transaction,
    project: &Project,
    package: &str,
) -> Result<Package> {
    let sql = format!(
        "SELECT {PACKAGE_COLUMNS} FROM {PACKAGE_FROM} WHERE k.project_id = ?1 AND k.name_key = ?2"
    );
    let row = tx.first(
        &sql,
        params![project.project_id, names::package_key(package)],
    )?;
    let row = row.ok_or_else(|| Error::PackageNotFound {
        project: project.name.clone(),
        package: package.to_owned(),
    })?;
    Ok(package_row(row)?)
}

impl Catalog {
    /// `deploy_project`: a new project, or a new version of one. The name must be the one inside
    /// the stream (27203). Server values of parameters that still exist under the same name and
    /// type stay [R-CAT-KEEP].
    pub fn deploy_project(
        &self,
        caller: &Caller,
        folder: &str,
        name: &str,
        stream: Vec<u8>,
    ) -> Result<Deployment> {
        names::check(NameKind::Project, name)?;
        if stream.len() > self.shared.project_bytes_max {
            return Err(Error::Limit {
                what: "the size of the project in bytes",
                given: stream.len() as u64,
                limit: self.shared.project_bytes_max as u64,
            });
        }
        let content = self.read_stream(name, &stream)?;
        if names::key(&content.name) != names::key(name) {
            return Err(Error::ProjectNameDiffers {
                given: name.to_owned(),
                inside: content.name,
            });
        }
        let deploy = Deploy {
            caller: caller.name.clone(),
            folder: folder.to_owned(),
            name: name.to_owned(),
            hash: hash(&stream),
            stream,
            content,
        };
        let catalog = self.clone();
        let deployment = self.write(move |tx| deploy.run(&catalog, tx))?;
        self.tell(&[Change::Objects]);
        Ok(deployment)
    }

    /// The name of the project inside a stream, for callers that were given none.
    pub fn project_name_in(&self, stream: &[u8]) -> Result<String> {
        Ok(self.read_stream("?", stream)?.name)
    }

    fn read_stream(&self, name: &str, stream: &[u8]) -> Result<ProjectContent> {
        let content =
            self.shared
                .reader
                .read(stream)
                .map_err(|reason| Error::ProjectUnreadable {
                    project: name.to_owned(),
                    reason,
                })?;
        check_content(name, &content)?;
        Ok(content)
    }

    /// `restore_project`: makes an older version current. Server values are reset.
    pub fn restore_project(
        &self,
        caller: &Caller,
        folder: &str,
        name: &str,
        version: VersionId,
    ) -> Result<OperationId> {
        let hash = self.read(|tx| {
            let project = find(tx, folder, name)?;
            if project.object_version_lsn == version {
                return Err(Error::VersionCurrent(version));
            }
            version_hash(tx, &project, version)
        })?;
        let content = self.read_stream(name, &self.project_stream(&hash)?)?;
        let (caller, folder, name) = (caller.name.clone(), folder.to_owned(), name.to_owned());
        let catalog = self.clone();
        let operation = self.write(move |tx| {
            let project = find(tx, &folder, &name)?;
            if project.object_version_lsn == version {
                return Err(Error::VersionCurrent(version));
            }
            // the version may have been cleaned away meanwhile
            version_hash(tx, &project, version)?;
            let now = tx.now();
            tx.execute(
                "UPDATE projects SET object_version_lsn = ?2, description = ?3 \
                 WHERE project_id = ?1",
                params![project.project_id, version, &content.description],
            )?;
            tx.execute(
                "UPDATE project_versions SET restored_by = ?2, last_restored_time = ?3 \
                 WHERE object_version_lsn = ?1",
                params![version, &caller, now],
            )?;
            install(&catalog, tx, project.project_id, &content, false)?;
            let object = Some((20, project.project_id.0, name.as_str()));
            let kind = OperationType::RestoreProject;
            history::completed(tx, &caller, kind, object, Status::Succeeded)
        })?;
        self.tell(&[Change::Objects]);
        Ok(operation)
    }

    /// `delete_project`: removes packages and parameters; versions and operations stay until the
    /// next clean-up.
    pub fn delete_project(&self, folder: &str, name: &str) -> Result<()> {
        let (folder, name) = (folder.to_owned(), name.to_owned());
        self.write(move |tx| {
            let project = find(tx, &folder, &name)?;
            tx.execute(
                "DELETE FROM projects WHERE project_id = ?1",
                params![project.project_id],
            )?;
            Ok(())
        })?;
        self.tell(&[Change::Objects]);
        Ok(())
    }

    /// `get_project`: the stream of the current version.
    pub fn get_project(&self, folder: &str, name: &str) -> Result<Vec<u8>> {
        let hash = self.read(|tx| Ok(find(tx, folder, name)?.content_hash))?;
        self.project_stream(&hash)
    }

    /// A project's stream by content hash.
    pub fn project_stream(&self, content_hash: &str) -> Result<Vec<u8>> {
        let row = self.read(|tx| {
            let sql = "SELECT stream FROM project_streams WHERE content_hash = ?1";
            Ok(tx.first(sql, params![content_hash])?)
        })?;
        let mut row = row.ok_or(store::StoreError::NoRow)?;
        Ok(row.get()?)
    }

    /// `catalog.projects`, of one folder or of all.
    pub fn projects(&self, folder: Option<&str>) -> Result<Vec<Project>> {
        self.read(|tx| {
            let rows = match folder {
                Some(folder) => {
                    let id = folders::find(tx, folder)?;
                    let sql = format!(
                        "SELECT {COLUMNS} FROM {FROM} WHERE f.folder_id = ?1 ORDER BY p.name_key"
                    );
                    tx.query(&sql, params![id])?
                }
                None => {
                    let sql =
                        format!("SELECT {COLUMNS} FROM {FROM} ORDER BY f.name_key, p.name_key");
                    tx.query(&sql, &[])?
                }
            };
            Ok(rows.into_iter().map(project).collect::<Result<_, _>>()?)
        })
    }

    /// One project.
    pub fn project(&self, folder: &str, name: &str) -> Result<Project> {
        self.read(|tx| find(tx, folder, name))
    }

    /// `catalog.object_versions` of a project, newest first.
    pub fn project_versions(&self, folder: &str, name: &str) -> Result<Vec<ProjectVersion>> {
        self.read(|tx| {
            let project = find(tx, folder, name)?;
            let rows = tx.query(
                "SELECT object_version_lsn, project_id, object_name, description, created_by, \
                 created_time, restored_by, last_restored_time, content_hash \
                 FROM project_versions WHERE project_id = ?1 ORDER BY object_version_lsn DESC",
                params![project.project_id],
            )?;
            let current = project.object_version_lsn;
            Ok(rows
                .into_iter()
                .map(|row| version_row(row, current))
                .collect::<Result<_, _>>()?)
        })
    }

    /// `catalog.packages`, of one project, one folder or all.
    pub fn packages(&self, folder: Option<&str>, project: Option<&str>) -> Result<Vec<Package>> {
        self.read(|tx| {
            let mut sql = format!("SELECT {PACKAGE_COLUMNS} FROM {PACKAGE_FROM} WHERE 1 = 1");
            let mut parameters: Vec<SqlValue> = Vec::new();
            if let Some(folder) = folder {
                parameters.push(folders::find(tx, folder)?.into());
                sql.push_str(&format!(" AND f.folder_id = ?{}", parameters.len()));
            }
            if let Some(name) = project {
                if let Some(folder) = folder {
                    find(tx, folder, name)?;
                }
                parameters.push(names::key(name).into());
                sql.push_str(&format!(" AND p.name_key = ?{}", parameters.len()));
            }
            sql.push_str(" ORDER BY f.name_key, p.name_key, k.name_key");
            let rows = tx.query(&sql, &parameters)?;
            Ok(rows
                .into_iter()
                .map(package_row)
                .collect::<Result<_, _>>()?)
        })
    }
}

fn version_hash(tx: &mut dyn Transaction, project: &Project, version: VersionId) -> Result<String> {
    tx.first(
        "SELECT content_hash FROM project_versions \
         WHERE object_version_lsn = ?1 AND project_id = ?2",
        params![version, project.project_id],
    )?
    .ok_or_else(|| Error::VersionNotFound {
        project: project.name.clone(),
        version,
    })
    .and_then(|mut row| Ok(row.get()?))
}

fn version_row(mut row: Row, current: VersionId) -> Result<ProjectVersion, StoreError> {
    let object_version_lsn = row.get()?;
    Ok(ProjectVersion {
        object_version_lsn,
        object_id: row.get()?,
        object_name: row.get()?,
        description: row.get()?,
        created_by: row.get()?,
        created_time: row.get()?,
        restored_by: row.get()?,
        last_restored_time: row.get()?,
        is_current: object_version_lsn == current,
        content_hash: row.get()?,
    })
}
