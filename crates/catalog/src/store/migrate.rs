//! The schema's history: one folder per step, a table that says which were applied.
//!
//! A step is written once for both stores; `{id}` and `{blob}` stand for what differs. Steps are
//! never changed after a release, only added.

use super::{StoreError, Transaction, params};

/// One step of the schema.
struct Migration {
    version: i64,
    name: &'static str,
    sql: &'static str,
}

const MIGRATIONS: &[Migration] = &[
    Migration {
        version: 1,
        name: "initial",
        sql: include_str!("../../migrations/0001_initial/up.sql"),
    },
    Migration {
        version: 2,
        name: "execution requests",
        sql: include_str!("../../migrations/0002_execution_requests/up.sql"),
    },
    Migration {
        version: 3,
        name: "running executables",
        sql: include_str!("../../migrations/0003_running_executables/up.sql"),
    },
];

/// What differs between stores in the schema.
#[derive(Debug, Clone, Copy)]
pub struct Dialect {
    /// Type of a generated number as primary key.
    pub id: &'static str,
    /// Type of bytes.
    pub blob: &'static str,
}

/// SQLite's words.
pub const SQLITE: Dialect = Dialect {
    id: "INTEGER PRIMARY KEY AUTOINCREMENT",
    blob: "BLOB",
};

/// Brings the schema up to this program's version; refuses a store of a later one.
pub fn migrate(tx: &mut dyn Transaction, dialect: Dialect) -> Result<(), StoreError> {
    tx.execute(
        "CREATE TABLE IF NOT EXISTS schema_version (version BIGINT PRIMARY KEY, \
         name TEXT NOT NULL, applied_time BIGINT NOT NULL)",
        &[],
    )?;
    let found: i64 = tx
        .one("SELECT COALESCE(MAX(version), 0) FROM schema_version", &[])?
        .get()?;
    let known = MIGRATIONS.last().map_or(0, |m| m.version);
    if found > known {
        return Err(StoreError::Version { found, known });
    }
    for step in MIGRATIONS.iter().filter(|m| m.version > found) {
        for statement in statements(step.sql, dialect) {
            tx.execute(&statement, &[])?;
        }
        let now = tx.now();
        tx.execute(
            "INSERT INTO schema_version (version, name, applied_time) VALUES (?1, ?2, ?3)",
            params![step.version, step.name, now],
        )?;
    }
    Ok(())
}

/// The statements of a step; none holds a semicolon inside.
fn statements(sql: &str, dialect: Dialect) -> Vec<String> {
    let text: String = sql
        .lines()
        .filter(|line| !line.trim_start().starts_with("--"))
        .map(|line| format!("{line}\n"))
        .collect();
    text.split(';')
        .map(|s| {
            s.trim()
                .replace("{id}", dialect.id)
                .replace("{blob}", dialect.blob)
        })
        .filter(|s| !s.is_empty())
        .collect()
}
