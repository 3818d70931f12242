//! What Windows paths, connections and executables in packages become here.
//!
//! A mapping file (TOML) rewrites prefixes of paths, connections and executables at the moment
//! they are opened; variables and logs keep the package's own text.
//!
//! ```toml
//! [[path]]                       # the longest prefix wins
//! from = 'C:\Data'
//! to = "/srv/data"
//! [[connection]]                 # by name, or by server and database; what isn't given matches anything
//! name = "DW"
//! server = "SQLPROD"
//! database = "DW"
//! to = "Driver=PostgreSQL;Server=db1;Database=dw;Uid=etl;Pwd=env:DW_PASSWORD"
//! schemas = { staging = "/srv/staging.db" }
//! [[connection]]                 # mail, FTP and web servers: by name, or by server with its scheme
//! server = "ftp://ftp.corp"      # smtp://, ftp://, http://, https://; with a port for that port only
//! to = "ftp.local:2121;Uid=etl;Pwd=env:FTP_PASSWORD"
//! [[executable]]
//! from = 'C:\Tools\7z.exe'
//! to = "/usr/bin/7z"
//! ```

mod connections;
mod file;
mod paths;
#[cfg(test)]
mod tests;

use std::path::PathBuf;
use std::sync::Arc;

use parking_lot::Mutex;

use packmule_types::Secret;

pub use paths::PathError;

/// Different entries that `explain` keeps; a run opens few places under many names.
const EXPLAINED_MAX: usize = 10_000;

/// The mapping file could not be used.
#[derive(Debug, thiserror::Error)]
pub enum MappingError {
    /// It is not TOML of the expected form.
    #[error("{file}:{line}:{column}: {message}")]
    Syntax {
        /// The file as it was named.
        file: String,
        /// Line, from 1; 0 = unknown.
        line: usize,
        /// Column, from 1; 0 = unknown.
        column: usize,
        /// What is wrong.
        message: String,
    },
    /// A connection's `to` names an environment variable that is not set.
    #[error(
        "connection \"{connection}\" is mapped to a string that needs the environment variable \
         {variable}, which is not set; set it where the package runs"
    )]
    Environment {
        /// The connection manager.
        connection: String,
        /// The environment variable.
        variable: String,
    },
}

/// Rules by which paths, connections and executables are rewritten when they are opened.
#[derive(Debug, Default)]
pub struct Mapping {
    paths: Vec<PathRule>,
    connections: Vec<ConnectionRule>,
    executables: Vec<ExecutableRule>,
    /// Shared with mappings that add rules to this one.
    explained: Arc<Mutex<Vec<Explained>>>,
}

impl Clone for Mapping {
    /// The same rules; the record of what became of what is not taken along.
    fn clone(&self) -> Self {
        Self {
            paths: self.paths.clone(),
            connections: self.connections.clone(),
            executables: self.executables.clone(),
            explained: Arc::default(),
        }
    }
}

/// One `[[path]]`.
#[derive(Debug, Clone, PartialEq, Eq)]
struct PathRule {
    /// As written.
    from: String,
    /// Parts of `from` in lower case.
    parts: Vec<String>,
    to: PathBuf,
}

/// One `[[connection]]`.
#[derive(Debug, Clone, PartialEq, Eq)]
struct ConnectionRule {
    name: Option<String>,
    server: Option<String>,
    database: Option<String>,
    to: Secret,
    schemas: Vec<(String, PathBuf)>,
}

/// One `[[executable]]`.
#[derive(Debug, Clone, PartialEq, Eq)]
struct ExecutableRule {
    from: String,
    to: PathBuf,
}

/// What a connection becomes.
#[derive(Debug, Clone)]
pub struct MappedConnection {
    /// The connection string that counts, passwords from the environment filled in.
    pub connection_string: Secret,
    /// The same without values that came from the environment, for messages.
    pub shown: String,
    /// SQLite only: further schemas to attach, in the order of their names.
    pub schemas: Vec<(String, PathBuf)>,
}

/// What became of one path, connection or executable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explained {
    /// `path`, `connection` or `executable`.
    pub kind: &'static str,
    /// What the package said; for a connection its name.
    pub from: String,
    /// What was opened; without secrets.
    pub to: String,
    /// The rule that did it.
    pub rule: String,
}

impl Mapping {
    /// Reads a mapping file. `file` is its name for messages.
    ///
    /// # Errors
    /// No TOML, an unknown key, a missing key, a path rule whose `to` is not absolute; with the
    /// position.
    pub fn parse(text: &str, file: &str) -> Result<Self, MappingError> {
        file::parse(text, file)
    }

    /// What became of what so far, each once, in order of first use.
    pub fn explain(&self) -> Vec<Explained> {
        self.explained.lock().clone()
    }

    /// Opens nothing: the Linux path of a path in a package.
    ///
    /// Linux paths pass, `\` in them joins below their folders; the longest matching prefix of
    /// the mapping counts, without case and with either slash. A drive letter without mapping is
    /// dropped (`D:\home\x.csv` is `/home/x.csv`), as Microsoft's Linux port does. A part that
    /// does not exist as written is looked up without case.
    ///
    /// # Errors
    /// A UNC path without mapping, two candidates that differ only in case, a NUL byte, an empty
    /// path.
    pub fn map_path(&self, path: &str) -> Result<PathBuf, PathError> {
        paths::map(self, path)
    }

    /// The program that an Execute Process Task's executable means: a rule by the whole text or
    /// its last part, without case; else the mapped path.
    ///
    /// # Errors
    /// As [`Mapping::map_path`].
    pub fn map_executable(&self, executable: &str) -> Result<PathBuf, PathError> {
        let wanted = executable.trim().trim_matches('"').replace('/', "\\");
        let rule = self
            .executables
            .iter()
            .find(|r| r.from.replace('/', "\\").eq_ignore_ascii_case(&wanted));
        match rule {
            Some(rule) => {
                let to = rule.to.display().to_string();
                self.record(
                    "executable",
                    executable,
                    &to,
                    format!("from = '{}'", rule.from),
                );
                Ok(rule.to.clone())
            }
            None => self.map_path(executable),
        }
    }

    /// The same rules, and before them one for each `(connection, what it becomes)`: the
    /// connection managers of that name, in child packages too. What was opened is recorded
    /// with this mapping.
    pub fn with_connections(&self, given: &[(String, Secret)]) -> Self {
        let of_name = |(name, to): &(String, Secret)| ConnectionRule {
            name: Some(name.clone()),
            server: None,
            database: None,
            to: to.clone(),
            schemas: Vec::new(),
        };
        // Of two for one connection the later one counts.
        let mut connections: Vec<ConnectionRule> = given.iter().rev().map(of_name).collect();
        connections.extend_from_slice(&self.connections);
        Self {
            paths: self.paths.clone(),
            connections,
            executables: self.executables.clone(),
            explained: self.explained.clone(),
        }
    }

    /// What a connection becomes by its name alone, whatever its string says: `None` where the
    /// first rule that could be meant asks for a server or a database.
    ///
    /// # Errors
    /// The rule needs an environment variable that is not set.
    pub fn map_connection_by_name(
        &self,
        name: &str,
    ) -> Result<Option<MappedConnection>, MappingError> {
        connections::map_by_name(self, name)
    }

    /// What a connection becomes: the first rule whose name, server and database match, without
    /// case; what a rule doesn't give matches anything. `None` when no rule matches.
    ///
    /// # Errors
    /// The rule needs an environment variable that is not set.
    pub fn map_connection(
        &self,
        name: &str,
        server: Option<&str>,
        database: Option<&str>,
    ) -> Result<Option<MappedConnection>, MappingError> {
        connections::map(self, name, server, database)
    }

    /// The rules for paths: prefix as written, folder here. For who maps paths elsewhere, as the
    /// process that runs scripts does.
    pub fn path_rules(&self) -> impl Iterator<Item = (&str, &std::path::Path)> {
        let rules = self.paths.iter();
        rules.map(|rule| (rule.from.as_str(), rule.to.as_path()))
    }

    /// Whether there is any rule.
    pub fn is_empty(&self) -> bool {
        self.paths.is_empty() && self.connections.is_empty() && self.executables.is_empty()
    }

    fn record(&self, kind: &'static str, from: &str, to: &str, rule: String) {
        let mut explained = self.explained.lock();
        let known = explained
            .iter()
            .any(|e| e.kind == kind && e.from == from && e.to == to);
        if !known && explained.len() < EXPLAINED_MAX {
            explained.push(Explained {
                kind,
                from: from.to_owned(),
                to: to.to_owned(),
                rule,
            });
        }
    }
}
