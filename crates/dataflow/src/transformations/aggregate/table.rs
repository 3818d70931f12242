//! Groups: of a batch on any thread, then of all batches in their order.
//!
//! Groups are numbered by their first rows. When there is no room for more, those that are
//! known go on and rows of all others are divided by the hashes of their keys and written to
//! disk.

use std::collections::VecDeque;
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, UInt64Array};
use arrow::compute::concat;
use arrow::datatypes::{DataType as ArrowType, Field, Schema};
use arrow::error::ArrowError;
use packmule_types::Code;

use super::distinct::{DistinctSet, Means, Pairs};
use super::keys::{Groups, KeyTable, Keys, NONE};
use super::result::{GroupBatch, OVERFLOW, array_bytes};
use super::settings::{OutputPlan, Source};
use super::spill::{Held, Partition, Partitions, spill_failure};
use super::states::{Addition, State};
use crate::batch::take_array;
use crate::codes;
use crate::component::Failure;
use crate::engine::spill::owned_array;

/// Groups whose first values are put together in one array.
const CHUNK: usize = 4096;
/// More groups than numbers.
const TOO_MANY_KEYS: Code = Code(0xC020_90D7);

/// What a batch adds to one output.
pub(super) struct Partial {
    columns: Vec<ArrayRef>,
    keys: Keys,
    groups: Groups,
    /// For each aggregate.
    additions: Vec<Added>,
}

enum Added {
    State(Addition),
    Distinct(Pairs),
}

impl Partial {
    /// Groups the rows of the needed columns.
    pub(super) fn new(
        plan: &OutputPlan,
        means: &Means,
        columns: Vec<ArrayRef>,
        rows: usize,
    ) -> Result<Self, ArrowError> {
        let keys = plan.keys.read(&columns, rows)?;
        let groups = keys.group(rows, &means.hasher, None);
        let mut additions = Vec::with_capacity(plan.aggregates.len());
        for aggregate in &plan.aggregates {
            let array = aggregate.column.and_then(|(at, _)| columns.get(at));
            additions.push(match (&aggregate.distinct, array) {
                (Some(maker), Some(array)) => {
                    let values = maker.read(&columns, rows)?;
                    let nulls = array.logical_nulls();
                    let of_row = values.group(rows, &means.hasher, nulls.as_ref());
                    Added::Distinct(Pairs::new(values, of_row, &groups))
                }
                _ => Added::State(State::addition(
                    aggregate.operation,
                    array,
                    &groups.of_row,
                    groups.firsts.len(),
                )),
            });
        }
        Ok(Self {
            columns,
            keys,
            groups,
            additions,
        })
    }
}

/// All groups of one output.
pub(super) struct Table {
    plan: Arc<OutputPlan>,
    means: Means,
    keys: KeyTable,
    states: Vec<State>,
    distinct: Vec<Option<DistinctSet>>,
    /// First values of the last groups, not yet put together.
    pending: Vec<Vec<ArrayRef>>,
    pending_rows: usize,
    chunks: VecDeque<(usize, Vec<ArrayRef>)>,
    /// Numbers of the groups' first rows.
    first_rows: Vec<u64>,
    held: Held,
    /// Which bits of the hash divide the rows of unknown groups.
    depth: u32,
    spill: Option<Partitions>,
}

impl Table {
    pub(super) fn new(plan: &Arc<OutputPlan>, means: &Means, depth: u32) -> Self {
        let states = plan.aggregates.iter().map(|aggregate| {
            let arrow = aggregate.column.map_or(ArrowType::Null, |(_, t)| t.arrow());
            State::new(aggregate.operation, &arrow)
        });
        let distinct = plan.aggregates.iter().map(|aggregate| {
            aggregate
                .distinct
                .as_ref()
                .map(|maker| DistinctSet::new(maker, means))
        });
        Self {
            keys: KeyTable::new(&plan.keys, &means.hasher),
            states: states.collect(),
            distinct: distinct.collect(),
            pending: Vec::new(),
            pending_rows: 0,
            chunks: VecDeque::new(),
            first_rows: Vec::new(),
            held: Held::new(&means.memory),
            depth,
            spill: None,
            plan: Arc::clone(plan),
            means: means.clone(),
        }
    }

    /// Takes a batch; `number` gives the number of a row in the whole input.
    pub(super) fn take(
        &mut self,
        partial: &Partial,
        number: impl Fn(usize) -> u64,
    ) -> Result<(), Failure> {
        let groups = &partial.groups;
        let mut map = Vec::with_capacity(groups.firsts.len());
        let mut unknown = Vec::new();
        for (group, (first, hash)) in groups.firsts.iter().zip(&groups.hashes).enumerate() {
            let found = self.keys.find(*hash, partial.keys.key(*first as usize));
            if found.is_none() {
                unknown.push(group);
            }
            map.push(found.unwrap_or(NONE));
        }
        let admitted = unknown.is_empty()
            || self.spill.is_none() && self.admit(partial, &unknown, &mut map, &number)?;
        if !admitted {
            self.put_aside(partial, &map, &number)
                .map_err(|e| spill_failure(&e))?;
        }
        let states = self.states.iter_mut().zip(&mut self.distinct);
        for (at, ((state, distinct), addition)) in states.zip(&partial.additions).enumerate() {
            match (addition, state, distinct) {
                (Added::Distinct(pairs), State::Count(counts), Some(set)) => {
                    set.take(pairs, &map, counts, &self.means)?;
                }
                (Added::State(addition), state, _) => {
                    let added = state.add(addition, &map, &groups.of_row);
                    added.map_err(|e| Failure::at(e.0, OVERFLOW, &[name_of(&self.plan, at)]))?;
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// Makes new groups; false when there is no room for them.
    fn admit(
        &mut self,
        partial: &Partial,
        unknown: &[usize],
        map: &mut [u32],
        number: &impl Fn(usize) -> u64,
    ) -> Result<bool, Failure> {
        let groups = &partial.groups;
        let rows: Vec<u32> = unknown.iter().map(|group| groups.firsts[*group]).collect();
        let columns = self
            .plan
            .key_columns
            .iter()
            .filter_map(|at| partial.columns.get(*at));
        let values: Vec<ArrayRef> = columns
            .map(|c| owned_array(&take_array(c, &rows)))
            .collect();
        let keys: usize = rows
            .iter()
            .map(|row| KeyTable::bytes_for(partial.keys.key(*row as usize)))
            .sum();
        let state: usize = self.states.iter().map(State::bytes_per_group).sum();
        let bytes = keys + unknown.len() * (state + 16) + array_bytes(&values);
        if !self.held.grow(bytes) {
            return Ok(false);
        }
        for (group, row) in unknown.iter().zip(&rows) {
            let key = partial.keys.key(*row as usize);
            let to = self.keys.insert(groups.hashes[*group], key);
            if to == NONE {
                return Err(Failure::at(
                    *row as usize,
                    TOO_MANY_KEYS,
                    &[&NONE.to_string()],
                ));
            }
            map[*group] = to;
            self.first_rows.push(number(*row as usize));
        }
        self.resize();
        self.pending.push(values);
        self.pending_rows += rows.len();
        if self.pending_rows >= CHUNK {
            self.put_together()?;
        }
        Ok(true)
    }

    fn resize(&mut self) {
        let groups = self.keys.len();
        self.states
            .iter_mut()
            .for_each(|state| state.resize(groups));
    }

    fn put_together(&mut self) -> Result<(), Failure> {
        let pending = std::mem::take(&mut self.pending);
        let rows = std::mem::take(&mut self.pending_rows);
        if rows == 0 {
            return Ok(());
        }
        let before: usize = pending.iter().map(|arrays| array_bytes(arrays)).sum();
        let mut columns = Vec::with_capacity(self.plan.key_columns.len());
        for column in 0..self.plan.key_columns.len() {
            let parts: Vec<&dyn Array> = pending
                .iter()
                .filter_map(|p| p.get(column))
                .map(AsRef::as_ref)
                .collect();
            let joined = concat(&parts).map_err(|e| {
                Failure::text(
                    codes::E_FAIL,
                    format!("keys cannot be put together: {e}"),
                    None,
                )
            })?;
            columns.push(owned_array(&joined));
        }
        drop(pending);
        self.held
            .shrink(before.saturating_sub(array_bytes(&columns)));
        self.chunks.push_back((rows, columns));
        Ok(())
    }

    /// Writes the rows of unknown groups to disk.
    fn put_aside(
        &mut self,
        partial: &Partial,
        map: &[u32],
        number: &impl Fn(usize) -> u64,
    ) -> Result<(), ArrowError> {
        let of_row = &partial.groups.of_row;
        let rows = (0..of_row.len()).filter(|row| map[of_row[*row] as usize] == NONE);
        let rows: Vec<u32> = rows.map(|row| row as u32).collect();
        let numbers = rows.iter().map(|row| number(*row as usize));
        let numbers: ArrayRef = Arc::new(UInt64Array::from_iter_values(numbers));
        let hashes = rows
            .iter()
            .map(|row| partial.groups.hashes[of_row[*row as usize] as usize]);
        let hashes: Vec<u64> = hashes.collect();
        let columns = partial
            .columns
            .iter()
            .map(|c| owned_array(&take_array(c, &rows)));
        let columns: Vec<ArrayRef> = std::iter::once(numbers).chain(columns).collect();
        let (means, depth, plan) = (&self.means, self.depth, &self.plan);
        let spill = self.spill.get_or_insert_with(|| {
            let mut fields = vec![Field::new("row", ArrowType::UInt64, false)];
            for column_type in &plan.types {
                fields.push(Field::new(
                    fields.len().to_string(),
                    column_type.arrow(),
                    true,
                ));
            }
            Partitions::new(Arc::new(Schema::new(fields)), &means.folder, depth)
        });
        spill.add(columns, &hashes)
    }

    /// All rows are there. An output without keys always has its one group.
    ///
    /// [R-AGG-EMPTY] Without keys and without rows: one row, counts 0, all else NULL.
    pub(super) fn complete(mut self) -> Result<Grouped, Failure> {
        if self.plan.key_columns.is_empty() && self.keys.len() == 0 && self.spill.is_none() {
            self.keys.insert(0, super::keys::Key::Null);
            self.first_rows.push(0);
            self.resize();
            self.pending.push(Vec::new());
            self.pending_rows = 1;
        }
        self.put_together()?;
        let states = self.states.iter_mut().zip(self.distinct.drain(..));
        for ((state, distinct), aggregate) in states.zip(&self.plan.aggregates) {
            if let (State::Count(counts), Some(set), Some(maker)) =
                (state, distinct, &aggregate.distinct)
            {
                set.complete(maker, counts, &self.means)?;
            }
        }
        let partitions = match self.spill {
            Some(spill) => spill.finish().map_err(|e| spill_failure(&e))?,
            None => Vec::new(),
        };
        Ok(Grouped {
            chunks: self.chunks,
            states: self.states,
            first_rows: self.first_rows,
            at: 0,
            partitions,
            _held: self.held,
        })
    }
}

/// The output column that an aggregate fills.
fn name_of(plan: &OutputPlan, aggregate: usize) -> &str {
    let found = plan
        .targets
        .iter()
        .find(|t| matches!(t.source, Source::Aggregate(at) if at == aggregate));
    found.map_or("", |t| t.name.as_str())
}

/// Finished groups in the order of their first rows, and partitions of rows of other groups,
/// all of which begin later.
pub(super) struct Grouped {
    chunks: VecDeque<(usize, Vec<ArrayRef>)>,
    states: Vec<State>,
    first_rows: Vec<u64>,
    at: usize,
    /// Rows of groups for which there was no room.
    pub(super) partitions: Vec<Partition>,
    _held: Held,
}

impl Grouped {
    /// The next groups with the numbers of their first rows.
    pub(super) fn next(&mut self) -> Option<(Vec<u64>, GroupBatch)> {
        let (rows, keys) = self.chunks.pop_front()?;
        let (from, to) = (self.at, self.at + rows);
        self.at = to;
        let numbers = self.first_rows.get(from..to)?.to_vec();
        let states = self
            .states
            .iter()
            .map(|state| state.part(from, to))
            .collect();
        Some((numbers, GroupBatch { keys, states }))
    }
}
