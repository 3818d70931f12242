//! Finding tables and their columns.

use rusqlite::OptionalExtension;

use super::types;
use super::worker::Worker;
use crate::database::{ColumnDescription, DatabaseError};
use crate::dialect::{Dialect, TableName, parse_table_name};

impl Worker<'_> {
    /// The schema and name of a table or view as the database has them.
    pub(super) fn find_table(
        &self,
        name: &str,
        catalogs: &[String],
    ) -> Result<TableName, DatabaseError> {
        let mut parts = parse_table_name(name)?;
        // Refuses the name of another database.
        Dialect::Sqlite.quote_parts(&parts, name, catalogs)?;
        parts.catalog = None;
        let schemas = self.schemas()?;
        let candidates: Vec<&String> = match &parts.schema {
            Some(schema) if schema.eq_ignore_ascii_case("main") => {
                schemas.iter().filter(|s| s.as_str() == "dbo").collect()
            }
            Some(schema) => schemas
                .iter()
                .filter(|s| s.eq_ignore_ascii_case(schema))
                .collect(),
            None => schemas.iter().collect(),
        };
        for schema in candidates {
            if let Some(table) = self.table_in(schema, &parts.table)? {
                return Ok(TableName {
                    catalog: None,
                    schema: Some(schema.clone()),
                    table,
                });
            }
        }
        Err(DatabaseError::NoTable {
            name: name.to_owned(),
        })
    }

    /// Attached schemas; temporary tables come first, as in SQLite's own search.
    fn schemas(&self) -> Result<Vec<String>, DatabaseError> {
        let mut schemas: Vec<String> = self.limits.patiently(|| {
            let mut statement = self
                .connection
                .prepare("SELECT name FROM pragma_database_list ORDER BY seq")?;
            let names = statement.query_map([], |row| row.get(0))?;
            names.collect()
        })?;
        schemas.retain(|s| s != "temp");
        schemas.insert(0, "temp".to_owned());
        Ok(schemas)
    }

    fn table_in(&self, schema: &str, table: &str) -> Result<Option<String>, DatabaseError> {
        let sql = format!(
            "SELECT name FROM {}.sqlite_master WHERE type IN ('table', 'view') \
             AND name = ?1 COLLATE NOCASE",
            Dialect::Sqlite.quote(schema)
        );
        self.limits.patiently(|| {
            self.connection
                .query_row(&sql, [table], |r| r.get(0))
                .optional()
        })
    }

    /// The columns of a table.
    pub(super) fn table_columns(
        &self,
        table: &TableName,
    ) -> Result<Vec<ColumnDescription>, DatabaseError> {
        let schema = table.schema.as_deref().unwrap_or("dbo");
        let sql = "SELECT x.name, x.type, x.\"notnull\", x.dflt_value, x.pk, x.hidden \
                   FROM pragma_table_xinfo(?1, ?2) x ORDER BY x.cid";
        let is_numbered = self.numbers_itself(schema, &table.table)?;
        let read = |row: &rusqlite::Row<'_>| {
            let declared: String = row.get(1)?;
            let has_default: Option<String> = row.get(3)?;
            let key: i64 = row.get(4)?;
            let hidden: i64 = row.get(5)?;
            Ok(ColumnDescription {
                name: row.get(0)?,
                column_type: types::column_type(&declared).unwrap_or(
                    packmule_types::ColumnType::new(packmule_types::DataType::NText),
                ),
                nullable: !row.get::<_, bool>(2)?,
                has_default: has_default.is_some(),
                identity: is_numbered && key == 1 && declared.eq_ignore_ascii_case("INTEGER"),
                computed: matches!(hidden, 2 | 3),
                native_type: declared,
            })
        };
        self.limits.patiently(|| {
            let mut statement = self.connection.prepare(sql)?;
            let columns = statement.query_map([&table.table, schema], read)?;
            columns.collect()
        })
    }

    /// Whether the table's INTEGER PRIMARY KEY is declared AUTOINCREMENT: only that is taken
    /// for an identity column, as a plain one is any table's key.
    fn numbers_itself(&self, schema: &str, table: &str) -> Result<bool, DatabaseError> {
        let sql = format!(
            "SELECT sql FROM {}.sqlite_master WHERE type = 'table' AND name = ?1",
            Dialect::Sqlite.quote(schema)
        );
        let text: Option<Option<String>> = self.limits.patiently(|| {
            self.connection
                .query_row(&sql, [table], |r| r.get(0))
                .optional()
        })?;
        Ok(text
            .flatten()
            .is_some_and(|t| t.to_ascii_uppercase().contains("AUTOINCREMENT")))
    }
}
