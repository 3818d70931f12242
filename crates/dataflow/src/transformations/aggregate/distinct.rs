//! Values of groups that were seen already, for Count distinct.
//!
//! When there is no room for more, pairs of group and value that are not known are divided by
//! their hashes, written to disk and counted at the end.

use std::hash::BuildHasher;
use std::path::PathBuf;
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, BinaryArray, Int64Array, RecordBatch, UInt32Array};
use arrow::datatypes::{DataType as ArrowType, Field, Int64Type, Schema, SchemaRef, UInt32Type};
use arrow::error::ArrowError;
use hashbrown::{DefaultHashBuilder, HashTable};
use packmule_runtime::{Cancel, MemoryBudget};

use super::keys::{Groups, Key, KeyMaker, KeyTable, Keys, NONE};
use super::spill::{Held, Partition, Partitions, spill_failure, too_deep};
use crate::component::Failure;

/// What tables are made with.
#[derive(Debug, Clone)]
pub(super) struct Means {
    pub(super) hasher: DefaultHashBuilder,
    pub(super) memory: MemoryBudget,
    pub(super) folder: PathBuf,
    pub(super) cancel: Cancel,
}

/// Which values the groups of a batch have.
pub(super) struct Pairs {
    values: Keys,
    /// Rows with equal values.
    of_row: Groups,
    /// Group of the batch and group of the value, most of them once.
    pairs: Vec<(u32, u32)>,
}

impl Pairs {
    /// The values of a batch with its groups of equal values and its groups of rows.
    pub(super) fn new(values: Keys, of_row: Groups, groups: &Groups) -> Self {
        let rows = groups
            .of_row
            .iter()
            .copied()
            .zip(of_row.of_row.iter().copied());
        let rows = rows.filter(|(_, value)| *value != NONE);
        // Where nearly every row begins a group there is little to leave out.
        let pairs = if groups.firsts.len() > groups.of_row.len() / 2 {
            rows.collect()
        } else {
            let mut seen: HashTable<(u32, u32)> = HashTable::new();
            let mut pairs = Vec::new();
            for pair in rows {
                if seen.find(pair_hash(pair), |at| *at == pair).is_none() {
                    seen.insert_unique(pair_hash(pair), pair, |at| pair_hash(*at));
                    pairs.push(pair);
                }
            }
            pairs
        };
        Self {
            values,
            of_row,
            pairs,
        }
    }
}

/// The hash of a pair of numbers.
#[inline]
fn pair_hash((group, value): (u32, u32)) -> u64 {
    let mixed = u128::from((u64::from(group) << 32 | u64::from(value)) ^ 0x2545_F491_4F6C_DD1D)
        * 0x9E37_79B9_7F4A_7C15;
    (mixed >> 64) as u64 ^ mixed as u64
}

/// The hash of a value within a group, which divides what is put aside.
fn owned_hash(hash: u64, group: u32) -> u64 {
    (hash ^ u64::from(group))
        .wrapping_mul(0x9E37_79B9_7F4A_7C15)
        .rotate_left(29)
}

/// The known values of all groups: a list of values, and pairs of group and value.
pub(super) struct DistinctSet {
    values: KeyTable,
    pairs: HashTable<(u32, u32)>,
    spill: Option<Partitions>,
    depth: u32,
    held: Held,
    /// Bytes of what is held that nothing uses yet.
    room: usize,
    /// There was no room once: no new pairs are taken any more.
    full: bool,
}

/// A pair that there is no room for.
struct Unknown<'a> {
    hash: u64,
    group: u32,
    key: Key<'a>,
}

/// Bytes that are taken from the budget at a time.
const ROOM: usize = 16 << 10;

/// Bytes of a pair; twice what is stored, for tables grow by doubling.
const PAIR_BYTES: usize = 2 * (8 + 1 + 1);

impl DistinctSet {
    pub(super) fn new(maker: &KeyMaker, means: &Means) -> Self {
        Self {
            values: KeyTable::new(maker, &means.hasher),
            pairs: HashTable::new(),
            spill: None,
            depth: 0,
            held: Held::new(&means.memory),
            room: 0,
            full: false,
        }
    }

    /// Whether there is room for so many bytes, which are then used.
    fn take_room(&mut self, bytes: usize) -> bool {
        if self.room < bytes {
            let more = bytes.max(ROOM);
            self.full |= !self.held.grow(more);
            if self.full {
                return false;
            }
            self.room += more;
        }
        self.room -= bytes;
        true
    }

    /// Takes the values of a batch; `map` has the group here of each of the batch's groups.
    pub(super) fn take(
        &mut self,
        batch: &Pairs,
        map: &[u32],
        counts: &mut [u64],
        means: &Means,
    ) -> Result<(), Failure> {
        let values = batch.of_row.firsts.iter().zip(&batch.of_row.hashes);
        let numbers: Vec<u32> = values
            .map(|(first, hash)| self.number(*hash, batch.values.key(*first as usize)))
            .collect();
        let mut unknown = Vec::new();
        for (group, value) in &batch.pairs {
            let pair = (map[*group as usize], numbers[*value as usize]);
            if pair.0 == NONE || self.note(pair, counts) {
                continue;
            }
            let value = *value as usize;
            unknown.push(Unknown {
                hash: owned_hash(batch.of_row.hashes[value], pair.0),
                group: pair.0,
                key: batch.values.key(batch.of_row.firsts[value] as usize),
            });
        }
        let aside = self.put_aside(&unknown, means);
        aside.map_err(|e| spill_failure(&e))
    }

    /// The number of a value; [`NONE`] when it is not known and there is no room for it.
    fn number(&mut self, hash: u64, key: Key<'_>) -> u32 {
        match self.values.find(hash, key) {
            Some(number) => number,
            None if !self.full && self.take_room(KeyTable::bytes_for(key)) => {
                self.values.insert(hash, key)
            }
            None => NONE,
        }
    }

    /// Counts a pair that is new; false when it is not known and there is no room for it.
    ///
    /// Once a pair had no room no new ones are taken: what is put aside is not among what is
    /// known.
    #[inline]
    fn note(&mut self, pair: (u32, u32), counts: &mut [u64]) -> bool {
        if pair.1 == NONE {
            return false;
        }
        let hash = pair_hash(pair);
        if self.pairs.find(hash, |at| *at == pair).is_some() {
            return true;
        }
        if self.full || !self.take_room(PAIR_BYTES) {
            return false;
        }
        self.pairs.insert_unique(hash, pair, |at| pair_hash(*at));
        counts[pair.0 as usize] += 1;
        true
    }

    /// Writes pairs to disk.
    fn put_aside(&mut self, unknown: &[Unknown<'_>], means: &Means) -> Result<(), ArrowError> {
        if unknown.is_empty() {
            return Ok(());
        }
        let depth = self.depth;
        let spill = self
            .spill
            .get_or_insert_with(|| Partitions::new(schema(unknown), &means.folder, depth));
        let groups: ArrayRef = Arc::new(UInt32Array::from_iter_values(
            unknown.iter().map(|u| u.group),
        ));
        let whole = unknown.iter().all(|u| matches!(u.key, Key::Whole(_)));
        let values: ArrayRef = if whole {
            Arc::new(
                unknown
                    .iter()
                    .map(|u| whole_of(u.key))
                    .collect::<Int64Array>(),
            )
        } else {
            Arc::new(BinaryArray::from_iter_values(
                unknown.iter().map(|u| bytes_of(u.key)),
            ))
        };
        let hashes: Vec<u64> = unknown.iter().map(|u| u.hash).collect();
        spill.add(vec![groups, values], &hashes)
    }

    /// Counts what was put aside.
    pub(super) fn complete(
        self,
        maker: &KeyMaker,
        counts: &mut [u64],
        means: &Means,
    ) -> Result<(), Failure> {
        let Self {
            spill,
            values,
            pairs,
            held,
            ..
        } = self;
        drop((values, pairs, held));
        let Some(spill) = spill else {
            return Ok(());
        };
        for partition in spill.finish().map_err(|e| spill_failure(&e))? {
            let mut set = Self::new(maker, means);
            set.depth = partition
                .next_depth()
                .ok_or_else(|| too_deep("the values of a Count distinct"))?;
            set.recount(partition, counts, means)?;
            set.complete(maker, counts, means)?;
        }
        Ok(())
    }

    fn recount(
        &mut self,
        partition: Partition,
        counts: &mut [u64],
        means: &Means,
    ) -> Result<(), Failure> {
        let reader = partition.read().map_err(|e| spill_failure(&e))?;
        for batch in reader {
            if means.cancel.is_cancelled() {
                return Err(Failure::default());
            }
            let batch = batch.map_err(|e| spill_failure(&e))?;
            self.recount_batch(&batch, counts, means)
                .map_err(|e| spill_failure(&e))?;
        }
        Ok(())
    }

    fn recount_batch(
        &mut self,
        batch: &RecordBatch,
        counts: &mut [u64],
        means: &Means,
    ) -> Result<(), ArrowError> {
        let groups = batch.column(0).as_primitive::<UInt32Type>();
        let values = batch.column(1);
        let mut unknown = Vec::new();
        for (row, group) in groups.values().iter().enumerate() {
            let key = match values.data_type() {
                ArrowType::Int64 => Key::Whole(values.as_primitive::<Int64Type>().value(row)),
                _ => Key::Bytes(values.as_binary::<i32>().value(row)),
            };
            let plain = match key {
                Key::Whole(value) => means.hasher.hash_one(value),
                Key::Bytes(bytes) => means.hasher.hash_one(bytes),
                Key::Null => continue,
            };
            let pair = (*group, self.number(plain, key));
            if !self.note(pair, counts) {
                unknown.push(Unknown {
                    hash: owned_hash(plain, *group),
                    group: *group,
                    key,
                });
            }
        }
        self.put_aside(&unknown, means)
    }
}

fn whole_of(key: Key<'_>) -> Option<i64> {
    match key {
        Key::Whole(value) => Some(value),
        _ => None,
    }
}

fn bytes_of(key: Key<'_>) -> &[u8] {
    match key {
        Key::Bytes(bytes) => bytes,
        _ => &[],
    }
}

fn schema(unknown: &[Unknown<'_>]) -> SchemaRef {
    let whole = unknown.iter().all(|u| matches!(u.key, Key::Whole(_)));
    let value = if whole {
        ArrowType::Int64
    } else {
        ArrowType::Binary
    };
    Arc::new(Schema::new(vec![
        Field::new("group", ArrowType::UInt32, false),
        Field::new("value", value, true),
    ]))
}
