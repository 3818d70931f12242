//! Cache Transform: fills a Cache connection manager for Lookups of later data flows.
//!
//! SSIS name *Cache Transform*, class `Microsoft.Cache`; connection `CacheConnection`. Ordered;
//! one input whose columns name the cache's (`CacheColumnName`); its one output carries
//! nothing. Every column of the cache is mapped, with its very type. The rows can be read once
//! the data flow has ended well. Behaviour: data flow reference 4.2.

use std::sync::Arc;

use arrow::array::ArrayRef;
use arrow::datatypes::{Field, Schema};
use arrow::record_batch::{RecordBatch, RecordBatchOptions};
use arrow::row::{RowConverter, SortField};
use packmule_connections::CacheWriter;
use packmule_connections::connections::Reference;
use packmule_dtsx::finding::Finding;
use packmule_dtsx::model::{CacheColumn, CustomProperties};
use packmule_runtime::{Reported, Reservation};
use packmule_types::code::{DTS_E_MULTIPLECACHEWRITES, DTS_W_TXLOOKUP_DUPLICATE_KEYS, describe};

use crate::codes;
use crate::component::{Bound, End, Failure, Ordered, Outputs, Prepared};
use crate::engine::spill::owned_array;
use crate::registry::{Definition, Execution, Kind, Place, PropertyDefinition};
use crate::site::Site;

/// What to do when the rows do not fit.
const REMEDY: &str = "send fewer rows or columns to the cache, or raise --memory";

/// Its line in the registry.
pub static DEFINITION: Definition = Definition {
    name: "Cache Transform",
    class: "Microsoft.Cache",
    kind: Kind::Destination,
    execution: Execution::Ordered,
    memory: "all rows, which must fit into the budget, until the package ends",
    documentation: "Fills a Cache connection manager for Lookups of later data flows.",
    properties: &[
        PropertyDefinition {
            name: "CacheColumnName",
            place: Place::InputColumn,
            default: "",
            documentation: "The column of the cache that gets this column's values.",
        },
        PropertyDefinition {
            name: "TreatDuplicateKeysAsError",
            place: Place::Component,
            default: "false",
            documentation: "Rows with equal keys are an error; else all are kept and a Lookup takes the first.",
        },
    ],
    validate,
    bind,
};

// ---- columns -----------------------------------------------------------------------------

/// The cache's columns.
fn cache_columns(site: &Site<'_>) -> Result<Vec<CacheColumn>, Box<Finding>> {
    let property = Some("CacheConnection");
    let Some(connection) = site.connection("CacheConnection") else {
        let message = "no cache connection manager is chosen".to_owned();
        return Err(Box::new(site.finding(codes::E_FAIL, property, message)));
    };
    let cache = site.flow.connections.cache(Reference::from(connection));
    cache
        .map(|cache| cache.columns().to_vec())
        .map_err(|error| Box::new(site.finding(error.code(), property, error.to_string())))
}

/// For each column of the cache the position in the stream.
fn positions(site: &Site<'_>, columns: &[CacheColumn]) -> Result<Vec<usize>, Vec<Finding>> {
    let (mut positions, mut findings) = (Vec::with_capacity(columns.len()), Vec::new());
    let Some(schema) = site.input_schema(0) else {
        return Ok(positions);
    };
    let property = Some("CacheColumnName");
    for column in columns {
        let mut inputs = site
            .component
            .inputs
            .iter()
            .take(1)
            .flat_map(|i| &i.columns);
        let named =
            |text: Option<&str>| text.is_some_and(|name| name.eq_ignore_ascii_case(&column.name));
        let mapped = inputs.find(|c| named(c.property_text("CacheColumnName")));
        let Some((mapped, at)) = mapped.and_then(|c| Some((c, schema.position(c.lineage)?))) else {
            let message = format!(
                "the column '{}' of the cache is mapped to no input column",
                column.name
            );
            findings.push(site.finding(codes::E_FAIL, property, message));
            continue;
        };
        let from = schema.column_type(at).unwrap_or(column.data_type);
        if from != column.data_type {
            let message = format!(
                "the input column '{}' is {from} and the column '{}' of the cache {}; they must be of one type",
                mapped.name, column.name, column.data_type
            );
            findings.push(site.finding(codes::E_FAIL, property, message));
        }
        positions.push(at);
    }
    if findings.is_empty() {
        Ok(positions)
    } else {
        Err(findings)
    }
}

// ---- validate ----------------------------------------------------------------------------

fn validate(site: &Site<'_>) -> Vec<Finding> {
    match cache_columns(site) {
        Ok(columns) => positions(site, &columns).err().unwrap_or_default(),
        Err(finding) => vec![*finding],
    }
}

// ---- run ---------------------------------------------------------------------------------

fn bind(site: &Site<'_>) -> Result<Bound, Reported> {
    let report = |findings: Vec<Finding>| {
        for finding in findings {
            site.events
                .error_text(finding.code.unwrap_or(codes::E_FAIL), finding.message, None);
        }
        Reported
    };
    let columns = cache_columns(site).map_err(|finding| report(vec![*finding]))?;
    let positions = positions(site, &columns).map_err(report)?;
    let Some(connection) = site.connection("CacheConnection") else {
        return Err(site.events.error_text(
            codes::E_FAIL,
            "no cache connection manager is chosen",
            None,
        ));
    };
    let reference = Reference::from(connection);
    let cache = site
        .flow
        .connections
        .cache(reference)
        .map_err(|error| error.report(&site.events))?;
    let writer = cache.write().map_err(|error| {
        if error.code() == DTS_E_MULTIPLECACHEWRITES {
            let manager = site
                .flow
                .connections
                .find(reference)
                .map_or_else(|_| String::new(), |m| m.name.clone());
            return site
                .events
                .error(DTS_E_MULTIPLECACHEWRITES, &[&site.component.name, &manager]);
        }
        error.report(&site.events)
    })?;
    let fields = columns
        .iter()
        .map(|c| Field::new(&c.name, c.data_type.arrow(), true));
    let unique = site.boolean("TreatDuplicateKeysAsError").unwrap_or(false);
    let memory = site.flow.services.memory.reservation();
    let unique = unique
        .then(|| Unique::new(&columns, cache.key(), memory))
        .transpose();
    let unique = unique.map_err(|text| site.events.error_text(codes::E_FAIL, text, None))?;
    Ok(Bound::Ordered {
        prepare: None,
        run: Box::new(CacheTransform {
            positions,
            schema: Arc::new(Schema::new(fields.collect::<Vec<_>>())),
            writer: Some(writer),
            unique,
            name: site.component.name.clone(),
        }),
    })
}

struct CacheTransform {
    positions: Vec<usize>,
    schema: Arc<Schema>,
    writer: Option<CacheWriter>,
    unique: Option<Unique>,
    name: String,
}

/// The keys so far, to find the first that comes twice.
struct Unique {
    key: Vec<usize>,
    converter: RowConverter,
    seen: hashbrown::HashSet<Box<[u8]>>,
    memory: Reservation,
}

/// Bytes of a key in the set beside its own.
const ENTRY_BYTES: usize = 48;

impl Unique {
    fn new(columns: &[CacheColumn], key: Vec<usize>, memory: Reservation) -> Result<Self, String> {
        let fields = key.iter().filter_map(|at| columns.get(*at));
        let fields = fields
            .map(|c| SortField::new(c.data_type.arrow()))
            .collect();
        let converter =
            RowConverter::new(fields).map_err(|e| format!("the keys cannot be compared: {e}"))?;
        Ok(Self {
            key,
            converter,
            seen: hashbrown::HashSet::new(),
            memory,
        })
    }

    /// The first row whose key was there before.
    fn first_duplicate(&mut self, rows: &RecordBatch) -> Result<Option<usize>, Failure> {
        if self.key.is_empty() {
            return Ok(None);
        }
        let keys: Vec<ArrayRef> = self
            .key
            .iter()
            .filter_map(|at| rows.columns().get(*at).cloned())
            .collect();
        let keys = self.converter.convert_columns(&keys);
        let keys = keys.map_err(|e| {
            Failure::text(
                codes::E_FAIL,
                format!("the keys cannot be compared: {e}"),
                None,
            )
        })?;
        for (row, key) in keys.iter().enumerate() {
            let key: &[u8] = key.as_ref();
            self.memory
                .try_grow(key.len() + ENTRY_BYTES)
                .map_err(|e| no_room(&e))?;
            if !self.seen.insert(key.into()) {
                return Ok(Some(row));
            }
        }
        Ok(None)
    }
}

fn no_room(error: &packmule_runtime::memory::OutOfBudget) -> Failure {
    let text = format!("the rows of the cache do not fit into memory: {error}");
    Failure::text(codes::BUFFER_ALLOCATION, text, Some(REMEDY))
}

impl Ordered for CacheTransform {
    fn process(&mut self, prepared: Prepared, _outputs: &mut Outputs) -> Result<(), Failure> {
        let selection = prepared.batch.selection.clone();
        let batch = prepared.batch.compact();
        let arrays: Vec<ArrayRef> = self
            .positions
            .iter()
            .map(|at| owned_array(&batch.array(*at)))
            .collect();
        let options = RecordBatchOptions::new().with_row_count(Some(batch.rows));
        let rows = RecordBatch::try_new_with_options(Arc::clone(&self.schema), arrays, &options)
            .map_err(|e| {
                Failure::text(
                    codes::E_FAIL,
                    format!("the rows do not fit the cache: {e}"),
                    None,
                )
            })?;
        if let Some(unique) = &mut self.unique
            && let Some(row) = unique.first_duplicate(&rows)?
        {
            let text = describe(DTS_W_TXLOOKUP_DUPLICATE_KEYS, &[&self.name]);
            let text = format!("{text} (TreatDuplicateKeysAsError is set)");
            let remedy = "remove the duplicates, or set TreatDuplicateKeysAsError to False";
            let row = selection
                .and_then(|rows| rows.get(row).copied())
                .map_or(row, |row| row as usize);
            return Err(Failure {
                row,
                ..Failure::text(codes::E_FAIL, text, Some(remedy))
            });
        }
        match &mut self.writer {
            Some(writer) => writer.write(rows).map_err(|e| no_room(&e)),
            None => Err(Failure::text(
                codes::E_FAIL,
                "the cache has been finished",
                None,
            )),
        }
    }

    fn finish(&mut self, end: End) -> Result<(), Reported> {
        if let Some(writer) = self.writer.take()
            && end.succeeded
        {
            writer.finish();
        }
        Ok(())
    }
}
