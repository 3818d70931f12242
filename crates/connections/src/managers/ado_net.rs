//! ADO.NET connection manager (`ADO.NET:class`): a database, by the name of a .NET class.
//!
//! Properties as the OLE DB connection manager's. Statements mark parameters by `@name`. The
//! class stands in the manager's type (`ADO.NET:System.Data.SqlClient.SqlConnection, …`, or
//! `ADO.NET:SQL`); `System.Data.Odbc` and `System.Data.OleDb` take it from their string.

use super::{DATABASE_PARTS, DATABASE_PROPERTIES, ManagerKind, check_database};
use crate::database::MarkerStyle;

/// The type.
pub static KIND: ManagerKind = ManagerKind {
    type_name: "ADO.NET",
    about: "a database, by the name of a .NET class",
    properties: DATABASE_PROPERTIES,
    parts: DATABASE_PARTS,
    refused: None,
    check: check_database,
};

/// How statements mark parameters; ODBC and OLE DB classes have `?`.
pub fn markers(class: &str) -> MarkerStyle {
    let class = class.to_ascii_lowercase();
    if class.starts_with("system.data.odbc") || class.starts_with("system.data.oledb") {
        MarkerStyle::Question
    } else {
        MarkerStyle::Named
    }
}
