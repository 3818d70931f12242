//! Keys of groups and distinct values: how they are made of columns, found and kept.
//!
//! Within a batch keys are only looked at where they stand; [`KeyTable`] keeps those that were
//! seen for the first time.

use std::hash::BuildHasher;
use std::sync::Arc;

use arrow::array::{
    Array, ArrayRef, AsArray, BinaryViewArray, Float32Array, Float64Array, Int64Array,
};
use arrow::buffer::NullBuffer;
use arrow::compute::cast;
use arrow::datatypes::{DataType as ArrowType, Float32Type, Float64Type, Int64Type, UInt64Type};
use arrow::error::ArrowError;
use arrow::row::{RowConverter, Rows, SortField};
use hashbrown::hash_table::Entry;
use hashbrown::{DefaultHashBuilder, HashTable};
use packmule_types::{ColumnType, DataType};

use crate::batch::{Batch, Column};
use crate::sort_keys::KeyColumn;

/// Hash of NULL and of the key without columns.
const NULL_HASH: u64 = 0x9E37_79B9_7F4A_7C15;
/// No group.
pub(super) const NONE: u32 = u32::MAX;

/// One column of a key: where it is among the needed columns, and how it is compared.
#[derive(Debug)]
pub(super) enum KeySource {
    /// As it is.
    Plain(usize, ColumnType),
    /// By collation keys or by points in time.
    Compared(KeyColumn),
}

impl KeySource {
    fn arrow_type(&self) -> ArrowType {
        match self {
            Self::Plain(_, column_type) => column_type.arrow(),
            Self::Compared(key) => key.arrow_type(),
        }
    }

    fn array(&self, batch: &Batch) -> ArrayRef {
        match self {
            Self::Plain(at, column_type) => {
                let array = batch.array(*at);
                match column_type.data_type {
                    DataType::R4 | DataType::R8 => without_negative_zero(&array),
                    _ => array,
                }
            }
            Self::Compared(key) => key.array(batch),
        }
    }
}

/// −0 and 0 are one value.
fn without_negative_zero(array: &ArrayRef) -> ArrayRef {
    if let Some(values) = array.as_primitive_opt::<Float64Type>() {
        let values: Float64Array = values.unary(|v| v + 0.0);
        return Arc::new(values);
    }
    match array.as_primitive_opt::<Float32Type>() {
        Some(values) => {
            let values: Float32Array = values.unary(|v| v + 0.0);
            Arc::new(values)
        }
        None => Arc::clone(array),
    }
}

#[derive(Debug)]
enum Form {
    Nothing,
    Whole,
    Bytes,
    Rows(Box<RowConverter>),
}

/// Makes the keys of batches.
#[derive(Debug)]
pub(super) struct KeyMaker {
    sources: Vec<KeySource>,
    form: Form,
}

impl KeyMaker {
    /// For these columns; none gives one key for all rows.
    pub(super) fn new(sources: Vec<KeySource>) -> Result<Self, ArrowError> {
        let form = match sources.as_slice() {
            [] => Form::Nothing,
            [only] if is_whole(&only.arrow_type()) => Form::Whole,
            [only]
                if matches!(
                    only.arrow_type(),
                    ArrowType::Utf8View | ArrowType::BinaryView
                ) =>
            {
                Form::Bytes
            }
            many => {
                let fields = many.iter().map(|s| SortField::new(s.arrow_type()));
                Form::Rows(Box::new(RowConverter::new(fields.collect())?))
            }
        };
        Ok(Self { sources, form })
    }

    /// The keys of all rows of these columns.
    pub(super) fn read(&self, columns: &[ArrayRef], rows: usize) -> Result<Keys, ArrowError> {
        let columns = columns.iter().cloned().map(Column::Array).collect();
        let batch = Batch::new(columns, rows);
        let arrays: Vec<ArrayRef> = self.sources.iter().map(|s| s.array(&batch)).collect();
        Ok(match (&self.form, arrays.first()) {
            (Form::Nothing, _) | (_, None) => Keys::Nothing,
            (Form::Whole, Some(array)) => Keys::Whole(whole(array)?),
            (Form::Bytes, Some(array)) => Keys::Bytes(match array.data_type() {
                ArrowType::Utf8View => array.as_string_view().clone().to_binary_view(),
                _ => array.as_binary_view().clone(),
            }),
            (Form::Rows(converter), _) => Keys::Rows(converter.convert_columns(&arrays)?),
        })
    }
}

fn is_whole(arrow: &ArrowType) -> bool {
    use ArrowType as A;
    arrow.is_integer()
        || matches!(
            arrow,
            A::Date32 | A::Timestamp(..) | A::Time32(_) | A::Time64(_)
        )
}

/// Values as 64 bits that are equal when the values are.
fn whole(array: &ArrayRef) -> Result<Int64Array, ArrowError> {
    let array = match array.data_type() {
        ArrowType::UInt64 => {
            let values = array.as_primitive::<UInt64Type>();
            return Ok(values.unary(u64::cast_signed));
        }
        ArrowType::Int64 => Arc::clone(array),
        ArrowType::Date32 | ArrowType::Time32(_) => {
            cast(&cast(array, &ArrowType::Int32)?, &ArrowType::Int64)?
        }
        _ => cast(array, &ArrowType::Int64)?,
    };
    Ok(array.as_primitive::<Int64Type>().clone())
}

/// The keys of a batch's rows.
#[derive(Debug)]
pub(super) enum Keys {
    /// One key for all rows.
    Nothing,
    /// One column of at most 64 bits.
    Whole(Int64Array),
    /// One column of texts or bytes.
    Bytes(BinaryViewArray),
    /// Several columns; NULL is a value like any other.
    Rows(Rows),
}

/// One key.
#[derive(Debug, Clone, Copy)]
pub(super) enum Key<'a> {
    /// NULL, or the key without columns.
    Null,
    /// 64 bits.
    Whole(i64),
    /// Bytes.
    Bytes(&'a [u8]),
}

impl Keys {
    /// The key of a row.
    pub(super) fn key(&self, row: usize) -> Key<'_> {
        match self {
            Self::Nothing => Key::Null,
            Self::Whole(values) if values.is_null(row) => Key::Null,
            Self::Whole(values) => Key::Whole(values.value(row)),
            Self::Bytes(values) if values.is_null(row) => Key::Null,
            Self::Bytes(values) => Key::Bytes(values.value(row)),
            Self::Rows(rows) => Key::Bytes(rows.row(row).data()),
        }
    }

    /// Rows with equal keys; rows that `skip` has as NULL are in no group.
    pub(super) fn group(
        &self,
        rows: usize,
        hasher: &DefaultHashBuilder,
        skip: Option<&NullBuffer>,
    ) -> Groups {
        match self {
            Self::Nothing => Groups {
                of_row: vec![0; rows],
                firsts: if rows > 0 { vec![0] } else { Vec::new() },
                hashes: if rows > 0 {
                    vec![NULL_HASH]
                } else {
                    Vec::new()
                },
            },
            Self::Whole(values) => {
                let numbers = values.values();
                let nulls = values.nulls();
                let null = |row| nulls.is_some_and(|n: &NullBuffer| n.is_null(row));
                group(
                    rows,
                    skip,
                    |row| match null(row) {
                        true => NULL_HASH,
                        false => hasher.hash_one(numbers[row]),
                    },
                    |a, b| null(a) == null(b) && numbers[a] == numbers[b],
                )
            }
            Self::Bytes(values) => {
                let get = |row: usize| values.is_valid(row).then(|| values.value(row));
                group(
                    rows,
                    skip,
                    |row| match get(row) {
                        None => NULL_HASH,
                        Some(bytes) => hasher.hash_one(bytes),
                    },
                    |a, b| get(a) == get(b),
                )
            }
            Self::Rows(values) => group(
                rows,
                skip,
                |row| hasher.hash_one(values.row(row).data()),
                |a, b| values.row(a) == values.row(b),
            ),
        }
    }
}

/// Which rows of a batch belong together.
#[derive(Debug, Default)]
pub(super) struct Groups {
    /// For each row its group, from 0 in order of first rows; [`NONE`] for skipped rows.
    pub(super) of_row: Vec<u32>,
    /// For each group its first row.
    pub(super) firsts: Vec<u32>,
    /// For each group the hash of its key.
    pub(super) hashes: Vec<u64>,
}

fn group(
    rows: usize,
    skip: Option<&NullBuffer>,
    hash: impl Fn(usize) -> u64,
    same: impl Fn(usize, usize) -> bool,
) -> Groups {
    let mut groups = Groups {
        of_row: Vec::with_capacity(rows),
        ..Groups::default()
    };
    let mut table: HashTable<u32> = HashTable::with_capacity(rows.min(64));
    for row in 0..rows {
        if skip.is_some_and(|s| s.is_null(row)) {
            groups.of_row.push(NONE);
            continue;
        }
        let hash = hash(row);
        let (firsts, hashes) = (&mut groups.firsts, &mut groups.hashes);
        let entry = table.entry(
            hash,
            |at| hashes[*at as usize] == hash && same(firsts[*at as usize] as usize, row),
            |at| hashes[*at as usize],
        );
        let number = match entry {
            Entry::Occupied(found) => *found.get(),
            Entry::Vacant(vacant) => {
                let number = firsts.len() as u32;
                vacant.insert(number);
                firsts.push(row as u32);
                hashes.push(hash);
                number
            }
        };
        groups.of_row.push(number);
    }
    groups
}

// ---- keys that are kept --------------------------------------------------------------------

/// A key's hash and number.
#[derive(Debug)]
struct Place {
    hash: u64,
    number: u32,
}

#[derive(Debug)]
enum Kept {
    /// The keys themselves stand in the table: one look for most.
    Whole(HashTable<(i64, u32)>),
    Bytes {
        table: HashTable<Place>,
        data: Vec<u8>,
        ends: Vec<usize>,
    },
}

/// Keys, numbered in the order in which they came.
#[derive(Debug)]
pub(super) struct KeyTable {
    hasher: DefaultHashBuilder,
    count: usize,
    kept: Kept,
    null: Option<u32>,
}

impl KeyTable {
    /// An empty table for the keys of a maker, whose hashes `hasher` makes.
    pub(super) fn new(maker: &KeyMaker, hasher: &DefaultHashBuilder) -> Self {
        let kept = match maker.form {
            Form::Nothing | Form::Whole => Kept::Whole(HashTable::new()),
            Form::Bytes | Form::Rows(_) => Kept::Bytes {
                table: HashTable::new(),
                data: Vec::new(),
                ends: Vec::new(),
            },
        };
        Self {
            hasher: hasher.clone(),
            count: 0,
            kept,
            null: None,
        }
    }

    /// Number of keys.
    pub(super) fn len(&self) -> usize {
        self.count
    }

    /// Bytes that one key takes, itself included; twice what is stored, for tables and vectors
    /// grow by doubling.
    pub(super) fn bytes_for(key: Key<'_>) -> usize {
        const PLACE: usize = 2 * (16 + 1 + 8);
        PLACE
            + match key {
                Key::Bytes(bytes) => 2 * bytes.len(),
                _ => 0,
            }
    }

    /// The number of a key.
    pub(super) fn find(&self, hash: u64, key: Key<'_>) -> Option<u32> {
        match (&self.kept, key) {
            (_, Key::Null) => self.null,
            (Kept::Whole(table), Key::Whole(value)) => {
                table.find(hash, |at| at.0 == value).map(|at| at.1)
            }
            (Kept::Bytes { table, data, ends }, Key::Bytes(bytes)) => {
                let same = |at: &Place| at.hash == hash && text_of(data, ends, at.number) == bytes;
                table.find(hash, same).map(|at| at.number)
            }
            _ => None,
        }
    }

    /// Adds a key that is not there; gives its number. [`NONE`] when there are 2³² − 1 keys.
    pub(super) fn insert(&mut self, hash: u64, key: Key<'_>) -> u32 {
        let number = u32::try_from(self.count).unwrap_or(NONE);
        if number == NONE {
            return NONE;
        }
        self.count += 1;
        let hasher = &self.hasher;
        match (&mut self.kept, key) {
            (Kept::Bytes { table, data, ends }, key) => {
                if let Key::Bytes(bytes) = key {
                    data.extend_from_slice(bytes);
                    table.insert_unique(hash, Place { hash, number }, |at| at.hash);
                }
                ends.push(data.len());
            }
            (Kept::Whole(table), Key::Whole(value)) => {
                table.insert_unique(hash, (value, number), |at| hasher.hash_one(at.0));
            }
            _ => {}
        }
        if matches!(key, Key::Null) {
            self.null = Some(number);
        }
        number
    }
}

fn text_of<'d>(data: &'d [u8], ends: &[usize], number: u32) -> &'d [u8] {
    let at = number as usize;
    let start = at.checked_sub(1).map_or(0, |before| ends[before]);
    &data[start..ends[at]]
}
