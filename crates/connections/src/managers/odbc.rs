//! ODBC connection manager (`ODBC`): a database, by the name of an ODBC driver.
//!
//! Properties as the OLE DB connection manager's. Statements mark parameters by `?`. The
//! driver is told by its name (`Driver={SQLite3 ODBC Driver}`), not loaded; a data source name
//! (`Dsn=X`) is known only to the computer it was set up on and needs the mapping.

use super::{DATABASE_PARTS, DATABASE_PROPERTIES, ManagerKind, check_database};
use crate::database::MarkerStyle;

/// The type.
pub static KIND: ManagerKind = ManagerKind {
    type_name: "ODBC",
    about: "a database, by the name of an ODBC driver",
    properties: DATABASE_PROPERTIES,
    parts: DATABASE_PARTS,
    refused: None,
    check: check_database,
};

/// How statements mark parameters.
pub const MARKERS: MarkerStyle = MarkerStyle::Question;
