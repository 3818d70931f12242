//! Keys that compare as SSIS compares: for Sort, Merge and Merge Join.
//!
//! NULL is lowest, so it comes first when ascending and last when descending. Text is compared
//! by collation keys of the component's locale and the column's comparison flags, GUIDs in the
//! order of their printed form, timestamps with offset by their point in time.
//! Behaviour: data flow reference 1.4, 2.3 and 6.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, FixedSizeBinaryBuilder};
use arrow::compute::SortOptions;
use arrow::datatypes::DataType as ArrowType;
use packmule_types::collation::{CollationError, Collator};
use packmule_types::{ColumnType, DataType};

use crate::batch::Batch;

/// One key column.
#[derive(Debug, Clone)]
pub struct KeyColumn {
    /// Its position in the stream.
    pub position: usize,
    /// Largest first.
    pub descending: bool,
    column_type: ColumnType,
    collator: Option<Arc<Collator>>,
}

impl KeyColumn {
    /// A key column; `flags` count for text only.
    pub fn new(
        position: usize,
        descending: bool,
        column_type: ColumnType,
        lcid: u32,
        flags: u32,
    ) -> Result<Self, CollationError> {
        let collator = if column_type.data_type.is_text() {
            let lcid = i32::try_from(lcid).unwrap_or(0);
            Some(Arc::new(Collator::new(lcid, flags)?))
        } else {
            None
        };
        Ok(Self {
            position,
            descending,
            column_type,
            collator,
        })
    }

    /// How Arrow's sort and row format treat the array of [`KeyColumn::array`].
    pub fn options(&self) -> SortOptions {
        SortOptions {
            descending: self.descending,
            nulls_first: !self.descending,
        }
    }

    /// The Arrow type of the array of [`KeyColumn::array`].
    pub fn arrow_type(&self) -> ArrowType {
        match self.column_type.data_type {
            _ if self.collator.is_some() => ArrowType::BinaryView,
            DataType::DbTimeStampOffset => ArrowType::Int64,
            _ => self.column_type.arrow(),
        }
    }

    /// The column's values in a form whose natural order is SSIS's.
    pub fn array(&self, batch: &Batch) -> ArrayRef {
        let array = batch.array(self.position);
        match (&self.collator, self.column_type.data_type) {
            (Some(collator), _) => match array.as_string_view_opt() {
                Some(texts) => Arc::new(collator.keys(texts)),
                None => arrow::array::new_null_array(&ArrowType::BinaryView, array.len()),
            },
            (None, DataType::Guid) => printed_order(&array),
            (None, DataType::DbTimeStampOffset) => points_in_time(&array),
            _ => array,
        }
    }
}

/// GUIDs with their first three groups turned round: bytes in the order of the printed form.
fn printed_order(array: &ArrayRef) -> ArrayRef {
    const PRINTED: [usize; 16] = [3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15];
    let guids = array.as_fixed_size_binary();
    let mut builder = FixedSizeBinaryBuilder::with_capacity(guids.len(), 16);
    for row in 0..guids.len() {
        let value = if guids.is_null(row) {
            None
        } else {
            <&[u8; 16]>::try_from(guids.value(row)).ok()
        };
        match value {
            // The builder was made for 16 bytes, so it takes them.
            Some(guid) => drop(builder.append_value(PRINTED.map(|at| guid[at]))),
            None => builder.append_null(),
        }
    }
    Arc::new(builder.finish())
}

/// The UTC ticks of timestamps with offset.
fn points_in_time(array: &ArrayRef) -> ArrayRef {
    let offsets = array.as_struct();
    let ticks = offsets.column(0);
    match offsets.nulls() {
        None => Arc::clone(ticks),
        Some(nulls) => {
            let data = ticks
                .to_data()
                .into_builder()
                .nulls(Some(nulls.clone()))
                .build();
            data.map_or_else(|_| Arc::clone(ticks), arrow::array::make_array)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::batch::Column;
    use arrow::array::FixedSizeBinaryArray;

    #[test]
    fn guids_compare_by_their_printed_form() {
        let printed = uuid("00112233-4455-6677-8899-AABBCCDDEEFF");
        let array: ArrayRef = Arc::new(
            FixedSizeBinaryArray::try_from_sparse_iter_with_size(
                [Some(printed.as_slice()), None].into_iter(),
                16,
            )
            .unwrap(),
        );
        let batch = Batch::new(vec![Column::Array(array)], 2);
        let key = KeyColumn::new(0, false, ColumnType::new(DataType::Guid), 1033, 0).unwrap();
        let keys = key.array(&batch);
        let bytes = keys.as_fixed_size_binary();
        let expected: Vec<u8> = (0..16).map(|n| n * 0x11).collect();
        assert_eq!(bytes.value(0), expected);
        assert!(bytes.is_null(1));
    }

    /// The bytes of a printed GUID as Windows keeps them.
    fn uuid(text: &str) -> Vec<u8> {
        let hex: String = text.chars().filter(|c| *c != '-').collect();
        let bytes: Vec<u8> = (0..16)
            .map(|n| u8::from_str_radix(&hex[2 * n..2 * n + 2], 16).unwrap())
            .collect();
        [3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15]
            .map(|at| bytes[at])
            .to_vec()
    }

    #[test]
    fn null_is_lowest_in_both_directions() {
        let key = |descending| {
            KeyColumn::new(0, descending, ColumnType::new(DataType::I4), 1033, 0).unwrap()
        };
        assert!(key(false).options().nulls_first);
        assert!(!key(true).options().nulls_first);
    }
}
