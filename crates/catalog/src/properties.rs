//! Catalog properties (`configure_catalog`) and master properties.

use crate::catalog::Catalog;
use crate::codes::LoggingLevel;
use crate::error::{Error, Result};
use crate::store::{Transaction, params};

/// Every property with its default. `DEFAULT_EXECUTION_MODE` is 1: everything is run by workers
/// here, there is no other executor.
const PROPERTIES: &[(&str, &str)] = &[
    ("DEFAULT_EXECUTION_MODE", "1"),
    ("ENCRYPTION_ALGORITHM", "AES_256"),
    ("IS_SCALEOUT_ENABLED", "True"),
    ("MAX_PROJECT_VERSIONS", "10"),
    ("OPERATION_CLEANUP_ENABLED", "TRUE"),
    ("RETENTION_WINDOW", "365"),
    ("SERVER_LOGGING_LEVEL", "1"),
    ("VERSION_CLEANUP_ENABLED", "TRUE"),
];

/// The value of a catalog property.
pub(crate) fn get(tx: &mut dyn Transaction, name: &str) -> Result<String> {
    tx.first(
        "SELECT property_value FROM catalog_properties WHERE property_name = ?1",
        params![name],
    )?
    .ok_or_else(|| Error::PropertyUnknown(name.to_owned()))
    .and_then(|mut row| Ok(row.get()?))
}

/// A numeric property.
pub(crate) fn number(tx: &mut dyn Transaction, name: &'static str) -> Result<i64> {
    get(tx, name)?.parse().map_err(|_| Error::Stored(name))
}

/// Checks a value and gives its stored form.
fn check(name: &str, value: &str) -> Result<String> {
    let refuse = || Error::PropertyValue {
        property: name.to_owned(),
        value: value.to_owned(),
    };
    let number = || value.trim().parse::<i32>().map_err(|_| refuse());
    match name {
        "DEFAULT_EXECUTION_MODE" => match number()? {
            n @ 0..=1 => Ok(n.to_string()),
            _ => Err(refuse()),
        },
        "MAX_PROJECT_VERSIONS" => match number()? {
            n if n >= 1 => Ok(n.to_string()),
            _ => Err(refuse()),
        },
        "RETENTION_WINDOW" => match number()? {
            n if n >= 1 || n == -1 => Ok(n.to_string()),
            _ => Err(refuse()),
        },
        "SERVER_LOGGING_LEVEL" => {
            let level = i64::from(number()?);
            logging_level(level).map(|level| level.code().to_string())
        }
        "OPERATION_CLEANUP_ENABLED" | "VERSION_CLEANUP_ENABLED" => {
            packmule_dtsx::model::parse_boolean(value)
                .map(|on| if on { "TRUE" } else { "FALSE" }.to_owned())
                .ok_or_else(refuse)
        }
        "ENCRYPTION_ALGORITHM" | "IS_SCALEOUT_ENABLED" => Err(Error::Unsupported {
            what: format!("changing {name}"),
            remedy: "values are always encrypted with AES-256, and Scale Out is always on",
        }),
        _ => Err(Error::PropertyUnknown(name.to_owned())),
    }
}

/// A logging level that can be used: 0 to 3. 4 and 100 are refused by name, others with 27217.
pub(crate) fn logging_level(code: i64) -> Result<LoggingLevel> {
    match LoggingLevel::from_code(code) {
        None => Err(Error::LoggingLevel(code)),
        Some(level @ (LoggingLevel::RuntimeLineage | LoggingLevel::Customized)) => {
            Err(Error::Unsupported {
                what: format!("logging level {} ({level:?})", level.code()),
                remedy: "use 0 (None), 1 (Basic), 2 (Performance) or 3 (Verbose)",
            })
        }
        Some(level) => Ok(level),
    }
}

impl Catalog {
    pub(crate) fn seed_properties(&self) -> Result<()> {
        self.write(|tx| {
            for (name, value) in PROPERTIES {
                tx.execute(
                    "INSERT INTO catalog_properties (property_name, property_value) \
                     VALUES (?1, ?2) ON CONFLICT DO NOTHING",
                    params![*name, *value],
                )?;
            }
            Ok(())
        })
    }

    /// `catalog.catalog_properties`
    pub fn catalog_properties(&self) -> Result<Vec<(String, String)>> {
        self.pairs("SELECT property_name, property_value FROM catalog_properties ORDER BY 1")
    }

    /// `configure_catalog`
    pub fn configure_catalog(&self, name: &str, value: &str) -> Result<()> {
        let name = name.to_uppercase();
        let value = check(&name, value)?;
        self.write(move |tx| {
            tx.execute(
                "UPDATE catalog_properties SET property_value = ?2 WHERE property_name = ?1",
                params![name, value],
            )?;
            Ok(())
        })
    }

    /// `catalog.master_properties`
    pub fn master_properties(&self) -> Result<Vec<(String, String)>> {
        self.pairs("SELECT property_name, property_value FROM master_properties ORDER BY 1")
    }

    /// Sets what a Master publishes of itself, and `LAST_ONLINE_TIME`.
    pub fn set_master_properties(&self, properties: &[(&str, &str)]) -> Result<()> {
        let properties: Vec<(String, String)> = properties
            .iter()
            .map(|(n, v)| ((*n).to_owned(), (*v).to_owned()))
            .collect();
        self.write(move |tx| {
            let online = ("LAST_ONLINE_TIME".to_owned(), tx.now().to_rfc3339());
            for (name, value) in properties.into_iter().chain([online]) {
                tx.execute(
                    "INSERT INTO master_properties (property_name, property_value) \
                     VALUES (?1, ?2) ON CONFLICT (property_name) \
                     DO UPDATE SET property_value = excluded.property_value",
                    params![name, value],
                )?;
            }
            Ok(())
        })
    }

    fn pairs(&self, sql: &str) -> Result<Vec<(String, String)>> {
        self.read(|tx| {
            let mut pairs = Vec::new();
            for mut row in tx.query(sql, &[])? {
                pairs.push((row.get()?, row.get()?));
            }
            Ok(pairs)
        })
    }
}
