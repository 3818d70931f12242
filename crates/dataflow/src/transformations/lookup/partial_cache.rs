//! Partial cache and no cache: the database looks keys up, what it found is kept within a limit.
//!
//! Keys of a batch that are not kept are looked up in the order of the rows, each distinct key
//! once, by SqlCommandParam; the first row of each result counts. With no cache only the last
//! key that matched is kept. When the cache is full the keys that were used longest ago leave.
//! A share of it (NoMatchCachePercentage) holds keys without a match; with 0 they are asked
//! for again in each batch.

use std::sync::Arc;

use arrow::array::ArrayRef;
use arrow::datatypes::{Field, Schema};
use arrow::error::ArrowError;
use arrow::record_batch::RecordBatch;
use arrow::row::{OwnedRow, RowConverter, Rows, SortField};
use hashbrown::HashMap;
use packmule_connections::{DatabaseError, PrepareOptions, PreparedStatement};
use packmule_runtime::{Reported, Reservation};
use packmule_types::ColumnType;
use packmule_types::code::{
    DTS_E_TXLOOKUP_OLEDBERR_FILLBUFFER, DTS_E_TXLOOKUP_OLEDBERR_GETIROWSET,
};

use super::index::{NO_ROW, Row};
use super::matches::Matches;
use super::settings::{CacheMode, Settings, fetched, query_target};
use crate::batch::{Batch, take_array};
use crate::codes;
use crate::component::{Bound, Failure, FailureEvent, Ordered, Outputs, Prepared};
use crate::database;
use crate::engine::spill::owned_array;
use crate::site::Site;

/// Prepares SqlCommandParam.
pub(super) fn bind(
    site: &Site<'_>,
    settings: Settings,
    matches: Matches,
) -> Result<Bound, Reported> {
    let connection = database::acquire(site, "OleDbConnection")?;
    let sql = site.text("SqlCommandParam").unwrap_or_default();
    let options = PrepareOptions {
        parameters: settings.parameters.iter().map(|p| p.1).collect(),
        target: Some(query_target(&settings.reference)),
        timeout: None,
    };
    let statement = connection.prepare(&sql, &options).map_err(|error| {
        let reported = database::report(&site.events, &error);
        site.events.error(DTS_E_TXLOOKUP_OLEDBERR_GETIROWSET, &[]);
        reported
    })?;
    let types: Vec<ColumnType> = settings
        .reference
        .iter()
        .map(|c| fetched(c.column_type))
        .collect();
    let cannot = |error: ArrowError| {
        site.events.error_text(
            codes::E_FAIL,
            format!("the keys cannot be cached: {error}"),
            None,
        )
    };
    let keys = settings
        .parameters
        .iter()
        .map(|p| SortField::new(p.1.arrow()))
        .collect();
    let values = types.iter().map(|t| SortField::new(t.arrow())).collect();
    let fields = settings.parameters.iter().enumerate();
    let fields: Vec<Field> = fields
        .map(|(at, p)| Field::new(at.to_string(), p.1.arrow(), true))
        .collect();
    let run = PartialCache {
        statement,
        keys: RowConverter::new(keys).map_err(cannot)?,
        values: RowConverter::new(values).map_err(cannot)?,
        parameter_schema: Arc::new(Schema::new(fields)),
        cache: Cache::new(&settings, site.flow.services.memory.reservation()),
        types,
        settings,
        matches,
    };
    Ok(Bound::Ordered {
        prepare: None,
        run: Box::new(run),
    })
}

struct PartialCache {
    statement: Box<dyn PreparedStatement>,
    keys: RowConverter,
    values: RowConverter,
    parameter_schema: Arc<Schema>,
    cache: Cache,
    /// Types of the reference's columns as they are fetched.
    types: Vec<ColumnType>,
    settings: Settings,
    matches: Matches,
}

/// What a batch's distinct keys led to.
struct Answers {
    /// Columns of the reference.
    reference: Vec<ArrayRef>,
    /// For each distinct key its row.
    rows: Vec<Row>,
}

impl Ordered for PartialCache {
    fn process(&mut self, prepared: Prepared, outputs: &mut Outputs) -> Result<(), Failure> {
        let selection = prepared.batch.selection.clone();
        let done = self.look_up(&prepared.batch.compact(), outputs);
        done.map_err(|failure| failure.of_given(selection.as_ref()))
    }
}

impl PartialCache {
    fn look_up(&mut self, batch: &Batch, outputs: &mut Outputs) -> Result<(), Failure> {
        let parameters: Vec<ArrayRef> = self
            .settings
            .parameters
            .iter()
            .map(|p| batch.array(p.0))
            .collect();
        let encoded = self
            .keys
            .convert_columns(&parameters)
            .map_err(|e| cannot_encode(&e))?;
        let (first_rows, key_of_row) = distinct(&encoded);
        let answers = self.answers(&parameters, &encoded, &first_rows)?;
        let found: Vec<Row> = key_of_row
            .iter()
            .map(|key| answers.rows.get(*key).copied().unwrap_or(NO_ROW))
            .collect();
        self.send(batch, &found, &answers.reference, outputs)
    }
}

/// The first row of each distinct key, in order, and for each row its key.
fn distinct(encoded: &Rows) -> (Vec<u32>, Vec<usize>) {
    let mut known: HashMap<arrow::row::Row<'_>, usize> = HashMap::new();
    let mut first_rows = Vec::new();
    let mut key_of_row = Vec::with_capacity(encoded.num_rows());
    for row in 0..encoded.num_rows() {
        let key = *known.entry(encoded.row(row)).or_insert_with(|| {
            first_rows.push(row as u32);
            first_rows.len() - 1
        });
        key_of_row.push(key);
    }
    (first_rows, key_of_row)
}

fn cannot_encode(error: &ArrowError) -> Failure {
    Failure::text(
        codes::E_FAIL,
        format!("the keys of a batch cannot be looked up: {error}"),
        None,
    )
}

impl PartialCache {
    /// Sends the rows; on a failure those before it too, for they count.
    fn send(
        &self,
        batch: &Batch,
        found: &[Row],
        reference: &[ArrayRef],
        outputs: &mut Outputs,
    ) -> Result<(), Failure> {
        let Err(failure) = self.matches.send(batch, found, reference, outputs) else {
            return Ok(());
        };
        let before = batch.rows.min(failure.row);
        let rows: Vec<u32> = (0..before as u32).collect();
        if before > 0 {
            let part = batch.select(rows.into()).compact();
            self.matches.send(
                &part,
                found.get(..before).unwrap_or_default(),
                reference,
                outputs,
            )?;
        }
        Err(failure)
    }

    /// Looks the distinct keys up, in the cache and then in the database.
    fn answers(
        &mut self,
        parameters: &[ArrayRef],
        encoded: &Rows,
        first_rows: &[u32],
    ) -> Result<Answers, Failure> {
        let kept: Vec<Option<Kept>> = first_rows
            .iter()
            .map(|row| self.cache.get(encoded.row(*row as usize).as_ref()))
            .collect();
        let unknown: Vec<usize> = (0..kept.len()).filter(|key| kept[*key].is_none()).collect();
        let asked: Vec<u32> = unknown
            .iter()
            .filter_map(|key| first_rows.get(*key).copied())
            .collect();
        let fetched = self.fetch(parameters, &asked)?;
        // Rows from the cache first, those from the database behind them.
        let from_cache: Vec<&OwnedRow> =
            kept.iter().flatten().filter_map(|k| k.as_deref()).collect();
        let cached = self.decode(&from_cache)?;
        let mut rows = vec![NO_ROW; kept.len()];
        let mut next = 0;
        for (slot, kept) in rows.iter_mut().zip(&kept) {
            if let Some(Some(_)) = kept {
                *slot = next;
                next += 1;
            }
        }
        for (key, found) in unknown.iter().zip(&fetched.found) {
            if let (Some(slot), Some(found)) = (rows.get_mut(*key), found) {
                *slot = next.saturating_add(*found);
            }
        }
        self.keep(encoded, &asked, &fetched)?;
        let mut reference = Vec::with_capacity(cached.len());
        for (cached, fetched) in cached.iter().zip(&fetched.columns) {
            let joined = arrow::compute::concat(&[cached.as_ref(), fetched.as_ref()]);
            reference.push(joined.map_err(|e| cannot_encode(&e))?);
        }
        Ok(Answers { reference, rows })
    }

    fn decode(&self, rows: &[&OwnedRow]) -> Result<Vec<ArrayRef>, Failure> {
        self.values
            .convert_rows(rows.iter().map(|row| row.row()))
            .map_err(|e| cannot_encode(&e))
    }

    /// Asks the database for the keys of some rows of the batch.
    fn fetch(&mut self, parameters: &[ArrayRef], rows: &[u32]) -> Result<Fetched, Failure> {
        if rows.is_empty() {
            let columns = self
                .types
                .iter()
                .map(packmule_types::array::empty)
                .collect();
            return Ok(Fetched {
                columns,
                found: Vec::new(),
            });
        }
        let columns = parameters.iter().map(|p| take_array(p, rows)).collect();
        let keys = RecordBatch::try_new(Arc::clone(&self.parameter_schema), columns)
            .map_err(|e| cannot_encode(&e))?;
        let answer = self
            .statement
            .first_rows(&keys)
            .map_err(|error| failure(rows, &error))?;
        let mut answers = self.settings.reference.iter().zip(&answer.errors);
        if let Some((name, status)) = answers
            .find_map(|(c, errors)| errors.iter().next().map(|(_, status)| (&c.name, status)))
        {
            let text = format!("column '{name}' of the reference: {}", status.text());
            return Err(Failure::text(
                DTS_E_TXLOOKUP_OLEDBERR_FILLBUFFER,
                text,
                Some("correct the value or the query's type for it"),
            ));
        }
        Ok(Fetched {
            columns: answer.rows.columns().iter().map(owned_array).collect(),
            found: answer.found,
        })
    }

    /// Keeps what the database said of the asked rows.
    fn keep(&mut self, encoded: &Rows, asked: &[u32], fetched: &Fetched) -> Result<(), Failure> {
        if fetched.found.is_empty() {
            return Ok(());
        }
        let values = self
            .values
            .convert_columns(&fetched.columns)
            .map_err(|e| cannot_encode(&e))?;
        for (row, found) in asked.iter().zip(&fetched.found) {
            let key = encoded.row(*row as usize);
            let key = key.as_ref();
            match found {
                Some(found) if (*found as usize) < values.num_rows() => {
                    self.cache
                        .insert(key, Some(values.row(*found as usize).owned()));
                }
                _ => self.cache.insert(key, None),
            }
        }
        Ok(())
    }
}

/// What the database said.
struct Fetched {
    /// The rows found.
    columns: Vec<ArrayRef>,
    /// For each key asked for its row.
    found: Vec<Option<Row>>,
}

/// A driver's error as a failure of the batch's first row that was asked for.
fn failure(rows: &[u32], error: &DatabaseError) -> Failure {
    let row = rows.first().map_or(0, |row| *row as usize);
    let mut failure = database::failure(row, error);
    if !failure.events.is_empty() {
        failure.events.push(FailureEvent::Coded(
            DTS_E_TXLOOKUP_OLEDBERR_FILLBUFFER,
            Vec::new(),
        ));
    }
    failure
}

/// What is kept for a key: its reference row, or that there is none.
type Kept = Option<Arc<OwnedRow>>;

/// Keys and their rows within limits. Two generations stand for "used longest ago": what is
/// used moves to the young one; when that is full the old one is dropped.
struct Cache {
    matched: Generations,
    unmatched: Generations,
    only_last: bool,
    memory: Reservation,
}

#[derive(Default)]
struct Generations {
    young: HashMap<Box<[u8]>, Kept>,
    old: HashMap<Box<[u8]>, Kept>,
    young_bytes: usize,
    old_bytes: usize,
    /// Bytes of both.
    limit: usize,
}

/// Bytes of an entry beside key and row: two boxes, a counter, the table's slot.
const ENTRY_BYTES: usize = 96;

fn entry_bytes(key: &[u8], kept: &Kept) -> usize {
    key.len() + kept.as_ref().map_or(0, |row| row.row().as_ref().len()) + ENTRY_BYTES
}

impl Cache {
    fn new(settings: &Settings, memory: Reservation) -> Self {
        let limit = settings.partial_bytes;
        let unmatched = limit / 100 * settings.no_match_percentage;
        Self {
            matched: Generations {
                limit: limit - unmatched,
                ..Generations::default()
            },
            unmatched: Generations {
                limit: unmatched,
                ..Generations::default()
            },
            only_last: settings.mode == CacheMode::None,
            memory,
        }
    }

    fn get(&mut self, key: &[u8]) -> Option<Kept> {
        self.matched.get(key).or_else(|| self.unmatched.get(key))
    }

    fn insert(&mut self, key: &[u8], row: Option<OwnedRow>) {
        let kept = row.map(Arc::new);
        if self.only_last {
            if kept.is_some() {
                self.matched.clear();
                self.matched.young.insert(key.into(), kept);
            }
            return;
        }
        let generations = if kept.is_some() {
            &mut self.matched
        } else {
            &mut self.unmatched
        };
        let bytes = entry_bytes(key, &kept);
        if bytes > generations.limit / 2 {
            return;
        }
        let before = generations.bytes();
        generations.make_room(bytes);
        let after = generations.bytes();
        self.memory.shrink(before - after);
        // Without room in the run's budget what is known already stays and nothing is added.
        if self.memory.try_grow(bytes).is_ok() {
            generations.young_bytes += bytes;
            generations.young.insert(key.into(), kept);
        }
    }
}

impl Generations {
    fn bytes(&self) -> usize {
        self.young_bytes + self.old_bytes
    }

    fn clear(&mut self) {
        self.young.clear();
        self.old.clear();
    }

    /// What is kept for a key. An old entry becomes young; its bytes move with it.
    fn get(&mut self, key: &[u8]) -> Option<Kept> {
        if let Some(kept) = self.young.get(key) {
            return Some(kept.clone());
        }
        let (key, kept) = self.old.remove_entry(key)?;
        let bytes = entry_bytes(&key, &kept);
        self.old_bytes = self.old_bytes.saturating_sub(bytes);
        self.young_bytes += bytes;
        self.young.insert(key, kept.clone());
        Some(kept)
    }

    /// Drops the old generation when the young one would be too large with so many bytes more.
    fn make_room(&mut self, bytes: usize) {
        if self.young_bytes + bytes > self.limit / 2 {
            self.old = std::mem::take(&mut self.young);
            self.old_bytes = std::mem::take(&mut self.young_bytes);
        }
    }
}
