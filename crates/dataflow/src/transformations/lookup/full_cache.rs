//! Full cache: all reference rows before the first row, then any thread looks up any batch.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef};
use arrow::record_batch::RecordBatch;
use packmule_connections::connections::Reference;
use packmule_connections::{CacheRows, DatabaseError, QueryOptions};
use packmule_runtime::memory::OutOfBudget;
use packmule_runtime::{Reported, Reservation};
use packmule_types::code::{
    DTS_E_TXLOOKUP_OLEDBERR_FILLBUFFER, DTS_E_TXLOOKUP_OLEDBERR_GETIROWSET,
    DTS_I_TXLOOKUP_CACHE_FINAL, DTS_I_TXLOOKUP_CACHE_PROGRESS, DTS_W_TXLOOKUP_DUPLICATE_KEYS,
};

use super::index::{Index, IndexError, NO_ROW};
use super::matches::Matches;
use super::settings::{Key, ReferenceSource, Settings, fetched, query_target};
use crate::batch::Batch;
use crate::codes;
use crate::component::{Bound, Failure, Outputs, Parallel};
use crate::database;
use crate::engine::spill::owned_array;
use crate::site::Site;

/// Rows of the reference that are fetched at a time.
const FETCH_ROWS: usize = 8192;
/// Rows after which progress is told.
const PROGRESS_ROWS: usize = 100_000;

/// Loads the reference.
pub(super) fn bind(
    site: &Site<'_>,
    settings: &Settings,
    matches: Matches,
) -> Result<Bound, Reported> {
    let mut memory = site.flow.services.memory.reservation();
    let parts = match settings.source {
        ReferenceSource::Query => fetch(site, settings, &mut memory)?,
        ReferenceSource::Cache => cached(site, settings)?,
    };
    let rows: usize = parts
        .first()
        .map_or(0, |column| column.iter().map(|part| part.len()).sum());
    if rows >= NO_ROW as usize {
        let text = format!(
            "the reference has {rows} rows, {} can be cached",
            NO_ROW - 1
        );
        return Err(site.events.error_text(
            DTS_E_TXLOOKUP_OLEDBERR_FILLBUFFER,
            text,
            Some("choose partial cache"),
        ));
    }
    let reference = join(site, settings, parts, &mut memory)?;
    let keys: Vec<ArrayRef> = settings
        .keys
        .iter()
        .filter_map(|k| reference.get(k.reference).cloned())
        .collect();
    let index = Index::build(&keys, rows, &mut memory).map_err(|error| match error {
        IndexError::Memory(error) => no_room(site, error),
        IndexError::Keys(error) => site.events.error_text(
            codes::E_FAIL,
            format!("the reference's keys cannot be cached: {error}"),
            None,
        ),
    })?;
    site.events.information(
        DTS_I_TXLOOKUP_CACHE_FINAL,
        &[&site.component.name, &rows.to_string()],
    );
    duplicates(site, settings, index.duplicates)?;
    Ok(Bound::Parallel(Box::new(FullCache {
        keys: settings.keys.clone(),
        index,
        reference,
        matches,
        _memory: memory,
    })))
}

/// Equal keys: a warning once, or an error.
fn duplicates(site: &Site<'_>, settings: &Settings, count: usize) -> Result<(), Reported> {
    if count == 0 {
        return Ok(());
    }
    if !settings.duplicates_fail {
        site.events
            .warning(DTS_W_TXLOOKUP_DUPLICATE_KEYS, &[&site.component.name]);
        return Ok(());
    }
    let text =
        packmule_types::code::describe(DTS_W_TXLOOKUP_DUPLICATE_KEYS, &[&site.component.name]);
    let text = format!("{text} ({count} rows; TreatDuplicateKeysAsError is set)");
    let remedy = "remove the duplicates, or set TreatDuplicateKeysAsError to False";
    Err(site
        .events
        .error_text(DTS_E_TXLOOKUP_OLEDBERR_FILLBUFFER, text, Some(remedy)))
}

fn no_room(site: &Site<'_>, error: OutOfBudget) -> Reported {
    let text = format!("the reference rows do not fit into memory: {error}");
    let remedy = "select fewer columns and rows in SqlCommand, choose partial cache (CacheType 1), or raise --memory";
    site.events
        .error_text(DTS_E_TXLOOKUP_OLEDBERR_FILLBUFFER, text, Some(remedy))
}

/// Columns in parts.
type Parts = Vec<Vec<ArrayRef>>;

/// Runs SqlCommand and takes all its rows.
fn fetch(
    site: &Site<'_>,
    settings: &Settings,
    memory: &mut Reservation,
) -> Result<Parts, Reported> {
    let connection = database::acquire(site, "OleDbConnection")?;
    let sql = site.text("SqlCommand").unwrap_or_default();
    let target = Some(query_target(&settings.reference));
    let options = QueryOptions {
        target,
        ..QueryOptions::default()
    };
    let failed = |code, error: &DatabaseError| {
        let reported = database::report(&site.events, error);
        site.events.error(code, &[]);
        reported
    };
    let mut rows = connection
        .query(&sql, &[], &options)
        .map_err(|error| failed(DTS_E_TXLOOKUP_OLEDBERR_GETIROWSET, &error))?;
    let mut parts: Parts = vec![Vec::new(); settings.reference.len()];
    let mut count = 0;
    loop {
        let batch = rows.next_batch(FETCH_ROWS);
        let Some(batch) =
            batch.map_err(|error| failed(DTS_E_TXLOOKUP_OLEDBERR_FILLBUFFER, &error))?
        else {
            return Ok(parts);
        };
        for (column, errors) in settings.reference.iter().zip(&batch.errors) {
            if let Some((row, status)) = errors.iter().next() {
                let row = count + row as usize + 1;
                let text = format!(
                    "row {row}, column '{}' of the reference: {}",
                    column.name,
                    status.text()
                );
                let remedy = Some("correct the value or the query's type for it");
                site.events
                    .error_text(DTS_E_TXLOOKUP_OLEDBERR_FILLBUFFER, text, remedy);
                return Err(Reported);
            }
        }
        memory
            .try_grow(batch.rows.get_array_memory_size())
            .map_err(|error| no_room(site, error))?;
        for (column, array) in parts.iter_mut().zip(batch.rows.columns()) {
            column.push(Arc::clone(array));
        }
        let before = count / PROGRESS_ROWS;
        count += batch.rows.num_rows();
        if count / PROGRESS_ROWS > before {
            site.events.information(
                DTS_I_TXLOOKUP_CACHE_PROGRESS,
                &[&site.component.name, &count.to_string()],
            );
        }
    }
}

/// The rows of a Cache connection manager.
fn cached(site: &Site<'_>, settings: &Settings) -> Result<Parts, Reported> {
    let Some(connection) = site.connection("CacheConnection") else {
        return Err(site.events.error_text(
            codes::E_FAIL,
            "no cache connection manager is chosen",
            None,
        ));
    };
    let cache = site.flow.connections.cache(Reference::from(connection));
    let rows: Arc<CacheRows> = cache
        .and_then(|c| c.read())
        .map_err(|error| error.report(&site.events))?;
    let mut parts = Vec::with_capacity(settings.reference.len());
    for column in &settings.reference {
        let Some(at) = rows
            .columns
            .iter()
            .position(|c| c.name.eq_ignore_ascii_case(&column.name))
        else {
            let text = format!("the cache has no column '{}'", column.name);
            return Err(site.events.error_text(codes::E_FAIL, text, None));
        };
        let part = |batch: &RecordBatch| batch.columns().get(at).cloned();
        parts.push(rows.batches.iter().filter_map(part).collect());
    }
    Ok(parts)
}

/// One array for each column. The parts of a column are let go as soon as it is made, so that
/// no more than one column is held twice.
fn join(
    site: &Site<'_>,
    settings: &Settings,
    parts: Parts,
    memory: &mut Reservation,
) -> Result<Vec<ArrayRef>, Reported> {
    let mut reference = Vec::with_capacity(parts.len());
    let mut held = 0usize;
    for (column, parts) in settings.reference.iter().zip(parts) {
        let bytes: usize = parts.iter().map(|part| part.get_array_memory_size()).sum();
        memory
            .try_grow(bytes)
            .map_err(|error| no_room(site, error))?;
        let array = match parts.as_slice() {
            [] => packmule_types::array::empty(&fetched(column.column_type)),
            [one] => owned_array(one),
            several => {
                let several: Vec<&dyn Array> = several.iter().map(AsRef::as_ref).collect();
                let joined = arrow::compute::concat(&several).map_err(|error| {
                    let text = format!(
                        "column '{}' of the reference cannot be cached: {error}",
                        column.name
                    );
                    site.events
                        .error_text(DTS_E_TXLOOKUP_OLEDBERR_FILLBUFFER, text, None)
                })?;
                owned_array(&joined)
            }
        };
        if settings.source == ReferenceSource::Query {
            memory.shrink(bytes);
        }
        held = held.saturating_add(array.get_array_memory_size());
        reference.push(array);
    }
    memory
        .try_resize(held)
        .map_err(|error| no_room(site, error))?;
    Ok(reference)
}

struct FullCache {
    keys: Vec<Key>,
    index: Index,
    reference: Vec<ArrayRef>,
    matches: Matches,
    _memory: Reservation,
}

impl Parallel for FullCache {
    fn process(&self, batch: Batch, outputs: &mut Outputs) -> Result<(), Failure> {
        let selection = batch.selection.clone();
        let batch = batch.compact();
        let keys: Vec<ArrayRef> = self
            .keys
            .iter()
            .map(|key| batch.array(key.position))
            .collect();
        let found = self.index.find(&keys, batch.rows).map_err(|error| {
            Failure::text(
                codes::E_FAIL,
                format!("the keys of a batch cannot be looked up: {error}"),
                None,
            )
        })?;
        let sent = self.matches.send(&batch, &found, &self.reference, outputs);
        sent.map_err(|failure| failure.of_given(selection.as_ref()))
    }
}
