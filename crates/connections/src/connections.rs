//! From a reference in a package to an open connection, a path, a layout or a cache; to a server
//! in `servers`.

mod servers;

use std::collections::HashMap;
use std::sync::Arc;

use packmule_dtsx::NodeId;
use packmule_dtsx::finding::{Finding, Reason, Severity};
use packmule_dtsx::model::{
    ComponentConnection, ConnectionManager, FormatVersion, Package, Project,
};
use packmule_runtime::overlay::Layer;
use packmule_runtime::{Cancel, Overlay, Scope, Services};
use packmule_types::Secret;
use parking_lot::Mutex;

use crate::cache::Cache;
use crate::connection_string::ConnectionString;
use crate::database::{DatabaseError, MarkerStyle, SharedConnection};
use crate::error::AcquireError;
use crate::flat_file_layout::FlatFileLayout;
use crate::managers::multi_file::Turns;
use crate::managers::{self, file::FileTarget};
use crate::provider::{Provider, Recognised};
use crate::settings::Settings;

/// How a task or component names a connection manager.
#[derive(Debug, Clone, Copy)]
pub struct Reference<'a> {
    /// `{GUID}`, `{GUID}:external`, `Package.ConnectionManagers[x]`, or the name.
    pub id: &'a str,
    /// A second one, of components; empty for none.
    pub ref_id: &'a str,
}

impl<'a> From<&'a str> for Reference<'a> {
    fn from(id: &'a str) -> Self {
        Self { id, ref_id: "" }
    }
}

impl<'a> From<&'a String> for Reference<'a> {
    fn from(id: &'a String) -> Self {
        Self { id, ref_id: "" }
    }
}

impl<'a> From<&'a ComponentConnection> for Reference<'a> {
    fn from(connection: &'a ComponentConnection) -> Self {
        Self {
            id: &connection.manager_id,
            ref_id: &connection.manager_ref_id,
        }
    }
}

/// The connection managers of one run-time instance of a package, its project's included.
///
/// Kept until the package ends: then retained connections are closed.
pub struct Connections {
    package: Arc<Package>,
    project: Option<Arc<Project>>,
    overlay: Arc<Overlay>,
    scope: Arc<Scope>,
    services: Services,
    retained: Mutex<HashMap<NodeId, SharedConnection>>,
    caches: Mutex<HashMap<NodeId, Cache>>,
    /// Where each MULTIFILE manager stands.
    turns: Mutex<HashMap<NodeId, Option<Turns>>>,
}

impl std::fmt::Debug for Connections {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Connections")
            .field("package", &self.package.file)
            .finish_non_exhaustive()
    }
}

impl Connections {
    /// The managers of a package and its project. `scope` is the package's own: property
    /// expressions see its variables and parameters.
    pub fn new(
        package: &Arc<Package>,
        project: Option<&Arc<Project>>,
        overlay: Arc<Overlay>,
        scope: Arc<Scope>,
        services: Services,
    ) -> Self {
        Self {
            package: package.clone(),
            project: project.cloned(),
            overlay,
            scope,
            services,
            retained: Mutex::default(),
            caches: Mutex::default(),
            turns: Mutex::default(),
        }
    }

    /// The manager of a reference. An id counts before a path, a path before a name, the
    /// package's managers before the project's; a component's second path is tried last,
    /// because its first may be dead.
    ///
    /// # Errors
    /// None has it: 0xC001000E.
    pub fn find<'r>(
        &self,
        reference: impl Into<Reference<'r>>,
    ) -> Result<&ConnectionManager, AcquireError> {
        let Reference { id, ref_id } = reference.into();
        if id.trim().is_empty() && ref_id.trim().is_empty() {
            return Err(AcquireError::NotGiven);
        }
        self.find_one(id.trim())
            .or_else(|| self.find_one(ref_id.trim()))
            .ok_or_else(|| {
                let shown = if id.trim().is_empty() { ref_id } else { id };
                AcquireError::NotFound {
                    reference: shown.to_owned(),
                }
            })
    }

    fn find_one(&self, text: &str) -> Option<&ConnectionManager> {
        find_manager(&self.package, self.project.as_deref(), text)
    }

    /// All managers: the package's, then the project's.
    pub fn all(&self) -> impl Iterator<Item = &ConnectionManager> {
        all_managers(&self.package, self.project.as_deref())
    }

    /// A connection to a database: a new one, or the one that is kept with
    /// RetainSameConnection.
    ///
    /// # Errors
    /// Not found, no database, no driver, an expression fails, or the database refuses.
    pub fn database<'r>(
        &self,
        reference: impl Into<Reference<'r>>,
    ) -> Result<SharedConnection, AcquireError> {
        let manager = self.find(reference)?;
        let markers = self.markers_of(manager)?;
        if self.services.cancel.is_cancelled() {
            return Err(AcquireError::Cancelled);
        }
        // Held while opening, so that two users of a retained connection do not open two.
        let mut retained = self.retained.lock();
        if let Some(connection) = retained.get(&manager.node) {
            return Ok(connection.clone());
        }
        let settings = self.settings(manager)?;
        if settings.boolean("RetainSameConnection")?.unwrap_or(false) {
            let connection = self.open(&settings, markers, self.services.clone())?;
            retained.insert(manager.node, connection.clone());
            return Ok(connection);
        }
        drop(retained);
        self.open(&settings, markers, self.services.clone())
    }

    /// A new connection to a database, whatever RetainSameConnection says: for logs, which must
    /// stay when a package takes its own work back.
    ///
    /// # Errors
    /// As [`Connections::database`].
    pub fn own_database<'r>(
        &self,
        reference: impl Into<Reference<'r>>,
    ) -> Result<SharedConnection, AcquireError> {
        let manager = self.find(reference)?;
        let markers = self.markers_of(manager)?;
        // What is logged while a run is being cancelled is logged all the same.
        let services = Services {
            cancel: Cancel::new(),
            ..self.services.clone()
        };
        self.open(&self.settings(manager)?, markers, services)
    }

    /// A new connection by the string that a script gives; `class` is its ADO.NET provider
    /// (`System.Data.OleDb`). A string with the server and database of a connection manager
    /// means what that manager means, any other what the mapping makes of it.
    ///
    /// # Errors
    /// No driver, or the database refuses.
    pub fn database_by_string(
        &self,
        class: &str,
        text: &str,
    ) -> Result<SharedConnection, AcquireError> {
        let string = ConnectionString::parse(text);
        let markers = managers::ado_net::markers(class);
        for manager in self.all().filter(|m| self.markers_of(m).is_ok()) {
            let settings = self.settings(manager)?;
            if is_same_place(&settings.connection_string()?.0, &string) {
                return self.open(&settings, markers, self.services.clone());
            }
        }
        let manager = "of a script".to_owned();
        let mapped = self
            .services
            .mapping
            .map_connection("", string.server(), string.database())
            .map_err(|e| AcquireError::Property {
                manager: manager.clone(),
                property: "ConnectionString".to_owned(),
                reason: e.to_string(),
            })?;
        let (target, schemas) = match mapped {
            Some(m) => (
                ConnectionString::parse(m.connection_string.reveal()),
                m.schemas,
            ),
            None => (string.clone(), Vec::new()),
        };
        let recognised = Provider::recognise(&target, class);
        if !recognised.provider.has_driver() {
            return Err(AcquireError::UnsupportedProvider {
                manager,
                provider: recognised.provider,
                written: recognised.written,
            });
        }
        let shown = target.target();
        let catalogs = [string.database(), target.database()];
        let options = OpenOptions {
            schemas,
            catalogs: catalogs.into_iter().flatten().map(str::to_owned).collect(),
            markers,
            services: self.services.clone(),
            string: target,
        };
        open(recognised.provider, options).map_err(|source| AcquireError::Open {
            manager,
            target: shown,
            source,
        })
    }

    /// The connection string as scripts and messages see it: as it counts now, without its
    /// secrets; of a file manager the path as the package names it; of a mail, FTP or web server
    /// what the mapping makes of it, because what scripts do with it knows no mapping.
    ///
    /// # Errors
    /// A property expression fails, or a server cannot be made out.
    pub fn shown_string(&self, manager: &ConnectionManager) -> Result<String, AcquireError> {
        let settings = self.settings(manager)?;
        match manager.type_name.as_str() {
            "SMTP" => return Ok(managers::smtp::server(&settings)?.text()),
            "FTP" => return managers::ftp::text(&settings),
            "HTTP" => return managers::http::text(&settings),
            _ if self.markers_of(manager).is_err() => return settings.path_text(),
            _ => {}
        }
        let mut text = settings.connection_string()?.0.public();
        if !text.is_empty() && !text.ends_with(';') {
            text.push(';');
        }
        Ok(text)
    }

    /// Sets the connection string of a manager for the rest of the execution, as a script does; an
    /// expression of the property still wins. A string without a password keeps the one that
    /// counts now, because [`Connections::shown_string`] gives none.
    ///
    /// # Errors
    /// A property expression fails.
    pub fn set_string(&self, manager: &ConnectionManager, text: &str) -> Result<(), AcquireError> {
        let mut value = Secret::new(text);
        let settings = self.settings(manager)?;
        let present = match manager.type_name.as_str() {
            "SMTP" => Some(managers::smtp::string(&settings)?),
            _ if self.markers_of(manager).is_ok() => Some(settings.connection_string()?.0),
            _ => None,
        };
        let mut string = ConnectionString::parse(text);
        let password = present.as_ref().and_then(ConnectionString::password);
        if let (None, Some(password)) = (string.password(), password) {
            string.set("Password", password.reveal());
            value = string.reveal();
        }
        let value = packmule_types::Value::text(value.reveal());
        self.overlay
            .set(manager.node, "ConnectionString", Layer::Override, value);
        Ok(())
    }

    /// How statements on a database connection mark parameters, without opening it.
    ///
    /// # Errors
    /// Not found or no database.
    pub fn markers<'r>(
        &self,
        reference: impl Into<Reference<'r>>,
    ) -> Result<MarkerStyle, AcquireError> {
        self.markers_of(self.find(reference)?)
    }

    fn markers_of(&self, manager: &ConnectionManager) -> Result<MarkerStyle, AcquireError> {
        match manager.type_name.as_str() {
            "OLEDB" => Ok(managers::ole_db::MARKERS),
            "ODBC" => Ok(managers::odbc::MARKERS),
            "ADO.NET" => Ok(managers::ado_net::markers(managers::class(manager))),
            _ => Err(wrong_type(
                manager,
                "a database connection (OLEDB, ADO.NET or ODBC)",
            )),
        }
    }

    /// The path of a FILE connection; that of a FLATFILE connection too.
    ///
    /// # Errors
    /// Not found, another type, or the path cannot be used.
    pub fn file<'r>(
        &self,
        reference: impl Into<Reference<'r>>,
    ) -> Result<FileTarget, AcquireError> {
        let manager = self.find(reference)?;
        match manager.type_name.as_str() {
            "FILE" | "FLATFILE" => managers::file::target(&self.settings(manager)?),
            _ => Err(wrong_type(manager, "a file connection (FILE or FLATFILE)")),
        }
    }

    /// The layout of a FLATFILE connection.
    ///
    /// # Errors
    /// Not found, another type, or a property cannot be used.
    pub fn flat_file<'r>(
        &self,
        reference: impl Into<Reference<'r>>,
    ) -> Result<FlatFileLayout, AcquireError> {
        let manager = self.find(reference)?;
        if manager.type_name != "FLATFILE" {
            return Err(wrong_type(manager, "a flat file connection (FLATFILE)"));
        }
        managers::flat_file::layout(&self.settings(manager)?, self.generation(manager))
    }

    /// The cache of a CACHE connection: the same one for the whole execution.
    ///
    /// # Errors
    /// Not found, another type, or a cache kept in a file.
    pub fn cache<'r>(&self, reference: impl Into<Reference<'r>>) -> Result<Cache, AcquireError> {
        let manager = self.find(reference)?;
        if manager.type_name != "CACHE" {
            return Err(wrong_type(manager, "a cache connection (CACHE)"));
        }
        self.refuse_cache_file(manager)?;
        let new = || Cache::new(&manager.name, &manager.cache_columns, &self.services.memory);
        Ok(self
            .caches
            .lock()
            .entry(manager.node)
            .or_insert_with(new)
            .clone())
    }

    /// A file for a cache, from the package or from outside, is refused: nothing would read it.
    fn refuse_cache_file(&self, manager: &ConnectionManager) -> Result<(), AcquireError> {
        let settings = self.settings(manager)?;
        let given = settings.given("ConnectionString");
        let is_given = given.is_some_and(|text| !text.trim().is_empty());
        if !is_given && managers::cache::cache_file(manager).is_none() {
            return Ok(());
        }
        let reason = "a cache kept in a file is not supported".to_owned();
        Err(settings.property_error("ConnectionString", reason))
    }

    /// The manager's properties as they count now.
    ///
    /// # Errors
    /// A property expression fails.
    pub fn settings<'a>(
        &'a self,
        manager: &'a ConnectionManager,
    ) -> Result<Settings<'a>, AcquireError> {
        Settings::new(manager, &self.overlay, &self.scope, &self.services)
    }

    /// Validates one manager's own properties; opens nothing, and nothing at all is checked
    /// with DelayValidation.
    pub fn validate(&self, manager: &ConnectionManager) -> Vec<Finding> {
        let name = "DelayValidation";
        // Another expression may still fail: that is what late validation is for.
        let delayed = self.settings(manager).and_then(|s| s.boolean(name));
        let delayed = match delayed {
            Ok(delayed) => delayed,
            Err(_) => manager.properties.boolean(name),
        };
        if delayed.unwrap_or(false) {
            return Vec::new();
        }
        let is_database = self.markers_of(manager).is_ok();
        let mut findings = managers::assess(manager);
        // What counts is what overlay, expressions and mapping make of it.
        findings.retain(|f| !managers::may_be_replaced(f));
        let settings = self.settings(manager);
        let problem = match manager.type_name.as_str() {
            _ if is_database => settings.and_then(|s| self.target(&s)).err(),
            "FILE" => self.file(manager.ref_id.as_str()).err(),
            "FLATFILE" => self.flat_file(manager.ref_id.as_str()).err(),
            "SMTP" => settings.and_then(|s| managers::smtp::usable(&s)).err(),
            "FTP" => settings.and_then(|s| managers::ftp::server(&s)).err(),
            "HTTP" => settings.and_then(|s| managers::http::server(&s)).err(),
            "MULTIFILE" => settings.and_then(|s| managers::multi_file::paths(&s)).err(),
            "CACHE" if findings.is_empty() => self.refuse_cache_file(manager).err(),
            _ => None,
        };
        findings.extend(problem.map(|error| as_finding(manager, &error)));
        findings
    }

    /// Closes the connections that RetainSameConnection kept; at the end of the package.
    pub fn close(&self) {
        self.retained.lock().clear();
    }

    fn generation(&self, manager: &ConnectionManager) -> Option<FormatVersion> {
        let in_package = manager.node.0 < NodeId::PROJECT_FIRST;
        in_package.then_some(self.package.format)
    }

    /// What is opened for a manager: by the mapping, else by its own string.
    fn target(&self, settings: &Settings<'_>) -> Result<Target, AcquireError> {
        let manager = settings.manager;
        let (own, encrypted) = settings.connection_string()?;
        let mapped = match settings.replaced() {
            Some(mapped) => Some(mapped.clone()),
            None => self
                .services
                .mapping
                .map_connection(&manager.name, own.server(), own.database())
                .map_err(|e| settings.property_error("ConnectionString", e.to_string()))?,
        };
        let (string, schemas) = match mapped {
            Some(m) => (
                ConnectionString::parse(m.connection_string.reveal()),
                m.schemas,
            ),
            None => match encrypted {
                Some(error) => return Err(error),
                None => (own.clone(), Vec::new()),
            },
        };
        let recognised = Provider::recognise(&string, managers::class(manager));
        if !recognised.provider.has_driver() {
            return Err(AcquireError::UnsupportedProvider {
                manager: manager.name.clone(),
                provider: recognised.provider,
                written: recognised.written,
            });
        }
        let mut catalogs: Vec<String> = Vec::new();
        for name in [own.database(), string.database()].into_iter().flatten() {
            if !catalogs.iter().any(|c| c == name) {
                catalogs.push(name.to_owned());
            }
        }
        Ok(Target {
            string,
            schemas,
            recognised,
            catalogs,
        })
    }

    fn refuse_offline(&self, manager: &ConnectionManager) -> Result<(), AcquireError> {
        let offline = self.package.root.properties.boolean("OfflineMode");
        if offline.unwrap_or(false) {
            return Err(AcquireError::Offline {
                manager: manager.name.clone(),
            });
        }
        Ok(())
    }

    fn open(
        &self,
        settings: &Settings<'_>,
        markers: MarkerStyle,
        services: Services,
    ) -> Result<SharedConnection, AcquireError> {
        let manager = settings.manager;
        self.refuse_offline(manager)?;
        let target = self.target(settings)?;
        let shown = target.string.target();
        let options = OpenOptions {
            string: target.string,
            schemas: target.schemas,
            catalogs: target.catalogs,
            markers,
            services,
        };
        open(target.recognised.provider, options).map_err(|source| AcquireError::Open {
            manager: manager.name.clone(),
            target: shown,
            source,
        })
    }
}

/// All managers that a package can use: its own, then its project's.
pub fn all_managers<'a>(
    package: &'a Package,
    project: Option<&'a Project>,
) -> impl Iterator<Item = &'a ConnectionManager> {
    let of_project = project.into_iter().flat_map(|p| &p.connection_managers);
    package.connection_managers.iter().chain(of_project)
}

/// The manager of an id, a path or a name, in this order; the package's before the project's.
pub fn find_manager<'a>(
    package: &'a Package,
    project: Option<&'a Project>,
    text: &str,
) -> Option<&'a ConnectionManager> {
    if text.is_empty() {
        return None;
    }
    let id = text.strip_suffix(":external").unwrap_or(text);
    let find = |fits: &dyn Fn(&ConnectionManager) -> bool| {
        all_managers(package, project).find(|m| fits(m))
    };
    find(&|m| m.dtsid.eq_ignore_ascii_case(id))
        .or_else(|| find(&|m| m.ref_id == text))
        .or_else(|| find(&|m| m.name == text))
        .or_else(|| find(&|m| m.name.eq_ignore_ascii_case(text)))
}

struct Target {
    string: ConnectionString,
    schemas: Vec<(String, std::path::PathBuf)>,
    recognised: Recognised,
    catalogs: Vec<String>,
}

/// What a driver is given to open a connection.
pub struct OpenOptions {
    /// The connection string.
    pub string: ConnectionString,
    /// SQLite: further schemas to attach.
    pub schemas: Vec<(String, std::path::PathBuf)>,
    /// Names of the database, for three-part names.
    pub catalogs: Vec<String>,
    /// How statements mark parameters.
    pub markers: MarkerStyle,
    /// The execution's services.
    pub services: Services,
}

/// Opens a connection by the driver of a product.
///
/// # Errors
/// There is no driver, or the database refuses.
pub fn open(provider: Provider, options: OpenOptions) -> Result<SharedConnection, DatabaseError> {
    match provider {
        Provider::Sqlite => crate::sqlite::open(options),
        Provider::PostgreSql => crate::postgres::open(options),
        other => Err(DatabaseError::Unsupported {
            what: "a connection".to_owned(),
            database: other.name(),
            remedy: other.remedy(),
        }),
    }
}

/// Whether two strings name the same server and database, and name one at all.
fn is_same_place(a: &ConnectionString, b: &ConnectionString) -> bool {
    let place = |s: &ConnectionString| {
        let lower = |part: Option<&str>| part.map(str::to_lowercase);
        (lower(s.server()), lower(s.database()))
    };
    place(a) == place(b) && place(a) != (None, None)
}

fn wrong_type(manager: &ConnectionManager, wanted: &'static str) -> AcquireError {
    match managers::kind(&manager.type_name).and_then(|k| k.refused) {
        Some(remedy) => AcquireError::UnsupportedType {
            manager: manager.name.clone(),
            type_name: manager.type_name.clone(),
            remedy,
        },
        None => AcquireError::WrongType {
            manager: manager.name.clone(),
            type_name: manager.type_name.clone(),
            wanted,
        },
    }
}

fn as_finding(manager: &ConnectionManager, error: &AcquireError) -> Finding {
    let reason = match error {
        AcquireError::UnsupportedProvider { .. } => Reason::UnsupportedProvider,
        AcquireError::UnsupportedProperty { .. } => Reason::UnsupportedProperty,
        AcquireError::UnsupportedType { .. } => Reason::UnsupportedConnection,
        AcquireError::Encrypted { .. } => Reason::Encrypted,
        AcquireError::Expression { .. } => Reason::Expression,
        _ => Reason::InvalidSetting,
    };
    let property = match error {
        AcquireError::Expression { property, .. }
        | AcquireError::Property { property, .. }
        | AcquireError::UnsupportedProperty { property, .. }
        | AcquireError::Encrypted { property, .. } => Some(property.clone()),
        AcquireError::UnsupportedProvider { .. } | AcquireError::Path { .. } => {
            Some("ConnectionString".to_owned())
        }
        _ => None,
    };
    Finding {
        severity: Severity::Error,
        reason,
        code: Some(error.code()),
        place: manager.ref_id.clone(),
        property,
        message: error.to_string(),
        remedy: error.remedy(),
        location: manager.location.clone(),
    }
}
