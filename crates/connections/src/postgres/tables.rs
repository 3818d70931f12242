//! Finding tables and their columns.

use packmule_types::Value;
use tokio_postgres::types::Type;

use super::values::Sent;
use super::{Postgres, decode};
use crate::database::{ColumnDescription, DatabaseError};
use crate::dialect::{Dialect, TableName, parse_table_name};

/// A table or view as the database has it.
pub(super) struct FoundTable {
    pub(super) quoted: String,
    oid: u32,
}

/// A column with its server type.
pub(super) struct FoundColumn {
    pub(super) description: ColumnDescription,
    pub(super) server: Type,
}

const FIND: &str = "SELECT n.nspname, c.relname, c.oid, pg_table_is_visible(c.oid) \
     FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace \
     WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND lower(c.relname) = lower($1) \
     AND ($2 = '' OR lower(n.nspname) = lower($2)) ORDER BY n.nspname, c.relname";

const COLUMNS: &str = "SELECT a.attname, a.attnotnull, a.atthasdef, a.attidentity::text, \
     a.attgenerated::text, coalesce(pg_get_expr(d.adbin, d.adrelid), ''), \
     format_type(a.atttypid, a.atttypmod) \
     FROM pg_catalog.pg_attribute a \
     LEFT JOIN pg_catalog.pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum \
     WHERE a.attrelid = $1 AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum";

impl Postgres {
    pub(super) fn find_table(&self, name: &str) -> Result<FoundTable, DatabaseError> {
        let parts = parse_table_name(name)?;
        // Refuses the name of another database.
        Dialect::PostgreSql.quote_parts(&parts, name, &self.catalogs)?;
        let schema = parts.schema.clone().unwrap_or_default();
        let wanted = [
            Sent(Value::text(parts.table.as_str())),
            Sent(Value::text(schema.as_str())),
        ];
        let rows = self.session.wait(
            None,
            self.session.client.query(FIND, &[&wanted[0], &wanted[1]]),
        )?;
        let mut found = Vec::new();
        for row in rows {
            let get = |e: tokio_postgres::Error| DatabaseError::Form {
                reason: e.to_string(),
            };
            let is_visible: bool = row.try_get(3).map_err(get)?;
            if schema.is_empty() && !is_visible {
                continue;
            }
            let schema: String = row.try_get(0).map_err(get)?;
            let table: String = row.try_get(1).map_err(get)?;
            let oid: u32 = row.try_get(2).map_err(get)?;
            found.push((
                TableName {
                    catalog: None,
                    schema: Some(schema),
                    table,
                },
                oid,
            ));
        }
        let is_exact = |(t, _): &&(TableName, u32)| {
            t.table == parts.table && (schema.is_empty() || t.schema.as_deref() == Some(&schema))
        };
        let exact: Vec<_> = found.iter().filter(is_exact).collect();
        let choice = if exact.is_empty() {
            found.iter().collect()
        } else {
            exact
        };
        match choice.as_slice() {
            [] => Err(DatabaseError::NoTable {
                name: name.to_owned(),
            }),
            [(table, oid)] => Ok(FoundTable {
                quoted: Dialect::PostgreSql.quote_parts(table, name, &[])?,
                oid: *oid,
            }),
            _ => Err(DatabaseError::AmbiguousName {
                name: name.to_owned(),
            }),
        }
    }

    pub(super) fn columns_of(&self, table: &FoundTable) -> Result<Vec<FoundColumn>, DatabaseError> {
        let client = &self.session.client;
        // Describing a query resolves domains and enumerations to what they are made of.
        let described = self.session.wait(
            None,
            client.prepare(&format!("SELECT * FROM {}", table.quoted)),
        )?;
        let rows = self
            .session
            .wait(None, client.query(COLUMNS, &[&table.oid]))?;
        let mut columns = Vec::with_capacity(rows.len());
        for (row, column) in rows.iter().zip(described.columns()) {
            let get = |e: tokio_postgres::Error| DatabaseError::Form {
                reason: e.to_string(),
            };
            let identity: String = row.try_get(3).map_err(get)?;
            let generated: String = row.try_get(4).map_err(get)?;
            let default: String = row.try_get(5).map_err(get)?;
            let is_numbered = !identity.is_empty() || default.starts_with("nextval(");
            let is_computed = !generated.is_empty();
            let description = ColumnDescription {
                name: row.try_get(0).map_err(get)?,
                column_type: decode::column_type(column.type_(), column.type_modifier()),
                native_type: row.try_get(6).map_err(get)?,
                nullable: !row.try_get::<_, bool>(1).map_err(get)?,
                has_default: row.try_get::<_, bool>(2).map_err(get)?
                    && !is_numbered
                    && !is_computed,
                identity: is_numbered,
                computed: is_computed,
            };
            columns.push(FoundColumn {
                description,
                server: column.type_().clone(),
            });
        }
        Ok(columns)
    }
}
