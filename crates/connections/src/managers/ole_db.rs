//! OLE DB connection manager (`OLEDB`): a database for sources, destinations, lookups and SQL.
//!
//! | property | default | effect |
//! | --- | --- | --- |
//! | ConnectionString | | `Provider=…;Data Source=…;Initial Catalog=…`; replaces everything |
//! | ServerName, InitialCatalog, UserName, Password | | change parts of it, in this order |
//! | RetainSameConnection (stored as `Retain`) | False | one shared connection for the package |
//!
//! Statements mark parameters by `?`. The provider is recognised by name
//! ([`crate::provider`]); SQLite and PostgreSQL have drivers, every other one is refused by name
//! unless the mapping puts another database in its place. `Auto Translate`, `Application Name`,
//! `Persist Security Info` and `Integrated Security` have no meaning for these drivers.
//!
//! Documented in the public pages "OLE DB Connection Manager" and "Connection Manager
//! Expressions". ConnectRetryCount and ConnectRetryInterval are SQL Server's own and unused.

use super::{DATABASE_PARTS, DATABASE_PROPERTIES, ManagerKind, check_database};
use crate::database::MarkerStyle;

/// The type.
pub static KIND: ManagerKind = ManagerKind {
    type_name: "OLEDB",
    about: "a database, by the name of an OLE DB provider",
    properties: DATABASE_PROPERTIES,
    parts: DATABASE_PARTS,
    refused: None,
    check: check_database,
};

/// How statements mark parameters.
pub const MARKERS: MarkerStyle = MarkerStyle::Question;
