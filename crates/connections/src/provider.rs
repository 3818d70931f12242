//! Which database a connection string means.
//!
//! Strings are taken as real packages write them: OLE DB's `Provider=`, ODBC's `Driver={…}` and
//! `Dsn=`, and the class names of ADO.NET. Recognising is apart from having a driver: what has
//! none is refused by its name.

use crate::connection_string::ConnectionString;

/// A database product.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Provider {
    /// SQLite (driver here).
    Sqlite,
    /// PostgreSQL (driver here).
    PostgreSql,
    /// SQL Server and Azure SQL.
    SqlServer,
    /// Oracle.
    Oracle,
    /// MySQL and MariaDB.
    MySql,
    /// Db2.
    Db2,
    /// Teradata.
    Teradata,
    /// SAP HANA.
    Hana,
    /// Sybase ASE and IQ.
    Sybase,
    /// Snowflake.
    Snowflake,
    /// Excel workbooks by Jet or ACE.
    Excel,
    /// Access databases and text files by Jet or ACE.
    Access,
    /// Analysis Services.
    AnalysisServices,
    /// An ODBC data source name, which only the computer it is set up on knows.
    DataSourceName,
    /// None that is known.
    Unknown,
}

/// `(part of the provider's or driver's name in lower case, product)`; the first that fits counts.
const NAMES: &[(&str, Provider)] = &[
    ("sqlite", Provider::Sqlite),
    ("pgnp", Provider::PostgreSql),
    ("pgoledb", Provider::PostgreSql),
    ("postgre", Provider::PostgreSql),
    ("psqlodbc", Provider::PostgreSql),
    ("npgsql", Provider::PostgreSql),
    ("sqlncli", Provider::SqlServer),
    ("msoledbsql", Provider::SqlServer),
    ("sqloledb", Provider::SqlServer),
    ("sqlclient", Provider::SqlServer),
    ("sql server", Provider::SqlServer),
    ("sql native client", Provider::SqlServer),
    ("freetds", Provider::SqlServer),
    ("sqlserverce", Provider::SqlServer),
    ("msdaora", Provider::Oracle),
    ("oracle", Provider::Oracle),
    ("mysql", Provider::MySql),
    ("mariadb", Provider::MySql),
    ("db2", Provider::Db2),
    ("teradata", Provider::Teradata),
    ("tdoledb", Provider::Teradata),
    ("hdbodbc", Provider::Hana),
    ("sap.data.hana", Provider::Hana),
    ("sybase", Provider::Sybase),
    ("aseoledb", Provider::Sybase),
    ("snowflake", Provider::Snowflake),
    ("microsoft excel driver", Provider::Excel),
    ("microsoft access driver", Provider::Access),
    ("microsoft.jet", Provider::Access),
    ("microsoft.ace", Provider::Access),
    ("msolap", Provider::AnalysisServices),
    ("adomd", Provider::AnalysisServices),
];

/// What was recognised.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recognised {
    /// The product.
    pub provider: Provider,
    /// As written: `SQLNCLI11.1`, `{PostgreSQL Unicode}`, `System.Data.SqlClient`.
    pub written: String,
}

impl Provider {
    /// The product's name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Sqlite => "SQLite",
            Self::PostgreSql => "PostgreSQL",
            Self::SqlServer => "SQL Server",
            Self::Oracle => "Oracle",
            Self::MySql => "MySQL",
            Self::Db2 => "Db2",
            Self::Teradata => "Teradata",
            Self::Hana => "SAP HANA",
            Self::Sybase => "Sybase",
            Self::Snowflake => "Snowflake",
            Self::Excel => "Excel",
            Self::Access => "Access",
            Self::AnalysisServices => "Analysis Services",
            Self::DataSourceName => "an ODBC data source name",
            Self::Unknown => "an unknown provider",
        }
    }

    /// Whether there is a driver.
    pub fn has_driver(self) -> bool {
        matches!(self, Self::Sqlite | Self::PostgreSql)
    }

    /// What to do where there is no driver.
    pub fn remedy(self) -> &'static str {
        match self {
            Self::Excel | Self::Access => {
                "load the workbook's or database's tables into SQLite or PostgreSQL and map the \
                 connection to them in the mapping file (--map) or by --connection"
            }
            Self::AnalysisServices => "run this package where Analysis Services can be reached",
            Self::DataSourceName => {
                "map the connection to a SQLite or PostgreSQL database in the mapping file (--map) \
                 or by --connection; names of ODBC data sources are not looked up"
            }
            _ => {
                "map the connection to a SQLite or PostgreSQL database in the mapping file (--map) \
                 or by --connection"
            }
        }
    }

    /// Recognises the database of a connection string. `class` is what the manager itself says
    /// (ADO.NET's class, after the colon of its type); the string's own provider wins.
    pub fn recognise(string: &ConnectionString, class: &str) -> Recognised {
        let keys = ["provider", "driver"];
        for written in keys.into_iter().filter_map(|k| string.get(k)) {
            // OLE DB's bridge to ODBC and ADO.NET's class for it say nothing themselves.
            if written.to_ascii_lowercase().starts_with("msdasql") {
                continue;
            }
            let provider = Self::by_name(written, string);
            return Recognised {
                provider,
                written: written.to_owned(),
            };
        }
        if string.get("dsn").is_some() {
            return Recognised {
                provider: Self::DataSourceName,
                written: format!("Dsn={}", string.get("dsn").unwrap_or_default()),
            };
        }
        let class = class.split(',').next().unwrap_or_default().trim();
        let provider = match class.to_ascii_uppercase().as_str() {
            "SQL" => Self::SqlServer,
            "ORACLE" => Self::Oracle,
            _ => Self::by_name(class, string),
        };
        Recognised {
            provider,
            written: class.to_owned(),
        }
    }

    fn by_name(name: &str, string: &ConnectionString) -> Self {
        let name = name.to_ascii_lowercase();
        let found = NAMES
            .iter()
            .find(|(part, _)| name.contains(part))
            .map(|n| n.1);
        let found = found.or_else(|| name.starts_with("oraoledb").then_some(Self::Oracle));
        match found {
            Some(Self::Access) if is_excel(string) => Self::Excel,
            Some(provider) => provider,
            None => Self::Unknown,
        }
    }
}

fn is_excel(string: &ConnectionString) -> bool {
    string
        .get("extended properties")
        .is_some_and(|p| p.to_ascii_lowercase().contains("excel"))
}

impl std::fmt::Display for Provider {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}
