//! From key values to rows of the reference: a hash table over the reference's keys.
//!
//! Values compare binary, NULL equals NULL, the first row of equal keys wins. One integer or
//! date key and one text key have a table of their own; everything else goes through Arrow's
//! row format. Nothing here is changed after it was built, so any thread may search.

use std::hash::BuildHasher;

use arrow::array::{Array, ArrayRef, AsArray, StringViewArray};
use arrow::datatypes::{DataType as ArrowType, TimeUnit};
use arrow::error::ArrowError;
use arrow::row::{RowConverter, Rows, SortField};
use hashbrown::{DefaultHashBuilder, HashTable};
use packmule_runtime::Reservation;
use packmule_runtime::memory::OutOfBudget;

/// A row of the reference; [`NO_ROW`] for none.
pub(super) type Row = u32;
/// No row of the reference has the key.
pub(super) const NO_ROW: Row = Row::MAX;
/// Digits of every decimal key, so that precisions may differ.
const DECIMAL_KEY: u8 = 38;

/// Why an index could not be built.
#[derive(Debug, thiserror::Error)]
pub(super) enum IndexError {
    /// The memory budget does not hold it.
    #[error(transparent)]
    Memory(#[from] OutOfBudget),
    /// Keys of unexpected types.
    #[error("the keys cannot be encoded")]
    Keys(#[from] ArrowError),
}

/// A hash table over the keys of all reference rows.
pub(super) struct Index {
    table: Table,
    hasher: DefaultHashBuilder,
    /// Rows whose key an earlier row has.
    pub(super) duplicates: usize,
}

enum Table {
    Integer(IntegerTable),
    Text(TextTable),
    Encoded(EncodedTable),
}

/// One key of at most eight bytes, compared as bits.
struct IntegerTable {
    entries: HashTable<(u64, Row)>,
    null: Row,
}

/// One text key.
struct TextTable {
    texts: StringViewArray,
    entries: HashTable<Row>,
    null: Row,
}

/// Any keys in row format, in which NULL is a value like others.
struct EncodedTable {
    converter: RowConverter,
    rows: Rows,
    entries: HashTable<Row>,
}

/// The value in a form in which equal values of both sides are equal.
pub(super) fn normalised(array: &ArrayRef) -> ArrayRef {
    match array.data_type() {
        ArrowType::Decimal128(precision, scale) if *precision != DECIMAL_KEY => {
            let values = array
                .as_primitive::<arrow::datatypes::Decimal128Type>()
                .clone();
            match values.with_precision_and_scale(DECIMAL_KEY, *scale) {
                Ok(widened) => std::sync::Arc::new(widened),
                Err(_) => ArrayRef::clone(array),
            }
        }
        _ => ArrayRef::clone(array),
    }
}

impl Index {
    /// Builds the table over the keys of `rows` reference rows; `memory` grows by its bytes.
    pub(super) fn build(
        keys: &[ArrayRef],
        rows: usize,
        memory: &mut Reservation,
    ) -> Result<Self, IndexError> {
        let keys: Vec<ArrayRef> = keys.iter().map(normalised).collect();
        let hasher = DefaultHashBuilder::default();
        let (table, duplicates) = match keys.as_slice() {
            [key] if integers(key).is_some() => IntegerTable::build(key, &hasher, memory)?,
            [key] if key.data_type() == &ArrowType::Utf8View => {
                TextTable::build(key, &hasher, memory)?
            }
            keys => EncodedTable::build(keys, rows, &hasher, memory)?,
        };
        Ok(Self {
            table,
            hasher,
            duplicates,
        })
    }

    /// For each row of the keys the first reference row that has them, or [`NO_ROW`].
    pub(super) fn find(&self, keys: &[ArrayRef], rows: usize) -> Result<Vec<Row>, ArrowError> {
        let keys: Vec<ArrayRef> = keys.iter().map(normalised).collect();
        match (&self.table, keys.as_slice()) {
            (Table::Integer(table), [key]) => Ok(table.find(key, &self.hasher)),
            (Table::Text(table), [key]) => Ok(table.find(key, &self.hasher)),
            (Table::Encoded(table), keys) => table.find(keys, &self.hasher),
            _ => Ok(vec![NO_ROW; rows]),
        }
    }
}

/// Bytes of a hash table for so many entries: buckets are a power of two, of which seven
/// eighths are used, with a control byte each.
fn table_bytes<T>(entries: usize) -> usize {
    let buckets = entries
        .saturating_mul(8)
        .div_ceil(7)
        .checked_next_power_of_two()
        .unwrap_or(usize::MAX / 64);
    buckets
        .saturating_mul(size_of::<T>() + 1)
        .saturating_add(64)
}

/// The values of a key of at most eight bytes as bits; `None` for other types.
fn integers(array: &ArrayRef) -> Option<Vec<u64>> {
    use arrow::datatypes as a;
    macro_rules! bits {
        ($arrow:ty) => {
            array
                .as_primitive::<$arrow>()
                .values()
                .iter()
                .map(|v| *v as u64)
                .collect()
        };
    }
    Some(match array.data_type() {
        ArrowType::Int8 => bits!(a::Int8Type),
        ArrowType::Int16 => bits!(a::Int16Type),
        ArrowType::Int32 => bits!(a::Int32Type),
        ArrowType::Int64 => bits!(a::Int64Type),
        ArrowType::UInt8 => bits!(a::UInt8Type),
        ArrowType::UInt16 => bits!(a::UInt16Type),
        ArrowType::UInt32 => bits!(a::UInt32Type),
        ArrowType::UInt64 => bits!(a::UInt64Type),
        ArrowType::Date32 => bits!(a::Date32Type),
        ArrowType::Time32(TimeUnit::Second) => bits!(a::Time32SecondType),
        ArrowType::Time64(TimeUnit::Nanosecond) => bits!(a::Time64NanosecondType),
        ArrowType::Timestamp(TimeUnit::Microsecond, None) => bits!(a::TimestampMicrosecondType),
        _ => return None,
    })
}

impl IntegerTable {
    fn build(
        key: &ArrayRef,
        hasher: &DefaultHashBuilder,
        memory: &mut Reservation,
    ) -> Result<(Table, usize), IndexError> {
        memory.try_grow(table_bytes::<(u64, Row)>(key.len()))?;
        let mut table = Self {
            entries: HashTable::with_capacity(key.len()),
            null: NO_ROW,
        };
        let mut duplicates = 0;
        for (row, value) in integers(key).unwrap_or_default().into_iter().enumerate() {
            let row = row as Row;
            if key.is_null(row as usize) {
                duplicates += usize::from(table.null != NO_ROW);
                table.null = table.null.min(row);
                continue;
            }
            let hash = hasher.hash_one(value);
            if table.entries.find(hash, |entry| entry.0 == value).is_some() {
                duplicates += 1;
            } else {
                table
                    .entries
                    .insert_unique(hash, (value, row), |entry| hasher.hash_one(entry.0));
            }
        }
        Ok((Table::Integer(table), duplicates))
    }

    fn find(&self, key: &ArrayRef, hasher: &DefaultHashBuilder) -> Vec<Row> {
        let Some(mut values) = integers(key).map(Vec::into_iter) else {
            return vec![NO_ROW; key.len()];
        };
        let one = |value: u64| {
            self.entries
                .find(hasher.hash_one(value), |e| e.0 == value)
                .map_or(NO_ROW, |e| e.1)
        };
        match key.nulls() {
            None => values.map(one).collect(),
            Some(nulls) => nulls
                .iter()
                .map(|valid| {
                    let value = values.next().unwrap_or_default();
                    if valid { one(value) } else { self.null }
                })
                .collect(),
        }
    }
}

impl TextTable {
    fn build(
        key: &ArrayRef,
        hasher: &DefaultHashBuilder,
        memory: &mut Reservation,
    ) -> Result<(Table, usize), IndexError> {
        memory.try_grow(table_bytes::<Row>(key.len()))?;
        let texts = key.as_string_view().clone();
        let mut entries: HashTable<Row> = HashTable::with_capacity(texts.len());
        let (mut null, mut duplicates) = (NO_ROW, 0);
        for row in 0..texts.len() {
            if texts.is_null(row) {
                duplicates += usize::from(null != NO_ROW);
                null = null.min(row as Row);
                continue;
            }
            let text = texts.value(row);
            let hash = hasher.hash_one(text.as_bytes());
            if entries
                .find(hash, |e| texts.value(*e as usize) == text)
                .is_some()
            {
                duplicates += 1;
            } else {
                entries.insert_unique(hash, row as Row, |e| {
                    hasher.hash_one(texts.value(*e as usize).as_bytes())
                });
            }
        }
        Ok((
            Table::Text(Self {
                texts,
                entries,
                null,
            }),
            duplicates,
        ))
    }

    fn find(&self, key: &ArrayRef, hasher: &DefaultHashBuilder) -> Vec<Row> {
        let Some(wanted) = key.as_string_view_opt() else {
            return vec![NO_ROW; key.len()];
        };
        let one = |text: Option<&str>| {
            let Some(text) = text else { return self.null };
            let hash = hasher.hash_one(text.as_bytes());
            self.entries
                .find(hash, |e| self.texts.value(*e as usize) == text)
                .map_or(NO_ROW, |e| *e)
        };
        wanted.iter().map(one).collect()
    }
}

impl EncodedTable {
    fn build(
        keys: &[ArrayRef],
        count: usize,
        hasher: &DefaultHashBuilder,
        memory: &mut Reservation,
    ) -> Result<(Table, usize), IndexError> {
        let fields = keys
            .iter()
            .map(|key| SortField::new(key.data_type().clone()));
        let converter = RowConverter::new(fields.collect())?;
        let rows = converter.convert_columns(keys)?;
        memory.try_grow(rows.size().saturating_add(table_bytes::<Row>(count)))?;
        let mut entries: HashTable<Row> = HashTable::with_capacity(count);
        let mut duplicates = 0;
        for (number, row) in rows.iter().enumerate() {
            let hash = hasher.hash_one(row.as_ref());
            if entries
                .find(hash, |e| rows.row(*e as usize) == row)
                .is_some()
            {
                duplicates += 1;
            } else {
                let number = number as Row;
                entries.insert_unique(hash, number, |e| {
                    hasher.hash_one(rows.row(*e as usize).as_ref())
                });
            }
        }
        Ok((
            Table::Encoded(Self {
                converter,
                rows,
                entries,
            }),
            duplicates,
        ))
    }

    fn find(&self, keys: &[ArrayRef], hasher: &DefaultHashBuilder) -> Result<Vec<Row>, ArrowError> {
        let wanted = self.converter.convert_columns(keys)?;
        let one = |row: arrow::row::Row<'_>| {
            let hash = hasher.hash_one(row.as_ref());
            let found = self
                .entries
                .find(hash, |e| self.rows.row(*e as usize) == row);
            found.map_or(NO_ROW, |e| *e)
        };
        Ok(wanted.iter().map(one).collect())
    }
}
