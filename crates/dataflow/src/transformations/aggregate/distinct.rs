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
use hashbrown::DefaultHashBuilder;
use packmule_runtime::{Cancel, MemoryBudget};

use super::keys::{Groups, Key, KeyMaker, KeyTable, Keys, NONE, owned_hash};
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

/// The known values of all groups.
pub(super) struct DistinctSet {
    keys: KeyTable,
    spill: Option<Partitions>,
    depth: u32,
    held: Held,
}

/// A value of a batch that a group does not know yet.
struct Unknown<'a> {
    hash: u64,
    group: u32,
    key: Key<'a>,
}

impl DistinctSet {
    pub(super) fn new(maker: &KeyMaker, means: &Means) -> Self {
        Self {
            keys: KeyTable::new(maker),
            spill: None,
            depth: 0,
            held: Held::new(&means.memory),
        }
    }

    /// Takes the different values of a batch. `owners` has the batch's group of each row, `map`
    /// the group here of each of these.
    pub(super) fn take(
        &mut self,
        values: &Keys,
        pairs: &Groups,
        owners: &[u32],
        map: &[u32],
        counts: &mut [u64],
        means: &Means,
    ) -> Result<(), Failure> {
        let mut unknown = Vec::new();
        for (first, hash) in pairs.firsts.iter().zip(&pairs.hashes) {
            let row = *first as usize;
            let group = map[owners[row] as usize];
            if group == NONE {
                continue;
            }
            let hash = owned_hash(*hash, group);
            let key = values.key(row);
            if self.keys.find(hash, group, key).is_none() {
                unknown.push(Unknown { hash, group, key });
            }
        }
        self.add(&unknown, counts, means)
            .map_err(|e| spill_failure(&e))
    }

    /// Counts values that are not known, or puts them aside.
    fn add(
        &mut self,
        unknown: &[Unknown<'_>],
        counts: &mut [u64],
        means: &Means,
    ) -> Result<(), ArrowError> {
        if unknown.is_empty() {
            return Ok(());
        }
        let bytes = unknown.iter().map(|u| KeyTable::bytes_for(u.key)).sum();
        let full = self.keys.len() + unknown.len() >= NONE as usize;
        if self.spill.is_none() && !full && self.held.grow(bytes) {
            for value in unknown {
                self.keys.insert(value.hash, value.group, value.key);
                counts[value.group as usize] += 1;
            }
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
            spill, keys, held, ..
        } = self;
        // What was put aside is not among what is known.
        drop((keys, held));
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
            let hash = owned_hash(plain, *group);
            if self.keys.find(hash, *group, key).is_none() {
                let group = *group;
                self.add(&[Unknown { hash, group, key }], counts, means)?;
            }
        }
        Ok(())
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
