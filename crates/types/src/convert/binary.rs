//! Bytes, images, GUIDs: copies of bytes and of little-endian numbers.

use std::sync::Arc;

use arrow::array::{
    Array, ArrayRef, AsArray, BinaryViewArray, BinaryViewBuilder, FixedSizeBinaryBuilder,
    StringViewBuilder,
};
use arrow::datatypes::{Float32Type, Int32Type, Int64Type, UInt32Type, UInt64Type};

use super::{Converted, collect};
use crate::code_page::CodePage;
use crate::data_type::{ColumnType, DataType};
use crate::status::{RowErrors, Status};
use crate::text::Outcome;

/// Converts a column; `None` where the array does not have the form of `from`. `page`: of
/// `DT_TEXT`, or UTF-16 for `DT_NTEXT`.
pub(super) fn convert(
    array: &ArrayRef,
    from: &ColumnType,
    to: &ColumnType,
    page: Option<CodePage>,
) -> Option<Converted> {
    use DataType as D;
    match (from.data_type, to.data_type) {
        (D::Text | D::NText, D::Image) => encode(array, page?),
        (D::Image, D::Text | D::NText) => decode(array, page?),
        (D::Bytes | D::Image, D::Bytes | D::Image) => copy(array, to),
        (D::Bytes, D::Guid) => to_guid(array),
        (D::Bytes, _) => to_number(array.as_binary_view_opt()?, to),
        (D::Guid, _) => {
            let guids = array.as_fixed_size_binary_opt()?;
            Some(to_bytes(array, to, |row| guids.value(row)))
        }
        (D::I4, _) => {
            let a = array.as_primitive_opt::<Int32Type>()?;
            Some(to_bytes(array, to, |row| a.value(row).to_le_bytes()))
        }
        (D::Ui4, _) => {
            let a = array.as_primitive_opt::<UInt32Type>()?;
            Some(to_bytes(array, to, |row| a.value(row).to_le_bytes()))
        }
        (D::I8, _) => {
            let a = array.as_primitive_opt::<Int64Type>()?;
            Some(to_bytes(array, to, |row| a.value(row).to_le_bytes()))
        }
        (D::Ui8, _) => {
            let a = array.as_primitive_opt::<UInt64Type>()?;
            Some(to_bytes(array, to, |row| a.value(row).to_le_bytes()))
        }
        _ => None,
    }
}

/// Bytes of each row, cut to the length of a `DT_BYTES`.
fn to_bytes<B: AsRef<[u8]>>(
    array: &ArrayRef,
    to: &ColumnType,
    bytes: impl Fn(usize) -> B,
) -> Converted {
    let limit = match to.data_type {
        DataType::Bytes => to.length as usize,
        _ => usize::MAX,
    };
    let mut builder = BinaryViewBuilder::with_capacity(array.len());
    let mut errors = RowErrors::new();
    for row in 0..array.len() {
        if array.is_null(row) {
            builder.append_null();
            continue;
        }
        let bytes = bytes(row);
        let bytes = bytes.as_ref();
        match bytes.get(..limit) {
            Some(cut) if cut.len() < bytes.len() => {
                errors.push(row as u32, Status::Truncated);
                builder.append_value(cut);
            }
            _ => builder.append_value(bytes),
        }
    }
    Converted {
        array: Arc::new(builder.finish()),
        errors,
    }
}

fn copy(array: &ArrayRef, to: &ColumnType) -> Option<Converted> {
    let bytes = array.as_binary_view_opt()?;
    let limit = to.length as usize;
    let fits =
        to.data_type == DataType::Image || bytes.iter().flatten().all(|bytes| bytes.len() <= limit);
    Some(if fits {
        Converted::clean(Arc::clone(array))
    } else {
        to_bytes(array, to, |row| bytes.value(row))
    })
}

/// Four or eight bytes as a little-endian number; other counts cannot be converted.
fn to_number(bytes: &BinaryViewArray, to: &ColumnType) -> Option<Converted> {
    use DataType as D;
    let (rows, nulls) = (bytes.len(), bytes.nulls());
    macro_rules! numbers {
        ($t:ty, $native:ty) => {
            collect::<$t>(rows, nulls, to, |row| {
                bytes
                    .value(row)
                    .try_into()
                    .map(<$native>::from_le_bytes)
                    .map_or(Outcome::Failed(Status::CannotConvert), Outcome::Value)
            })
        };
    }
    Some(match to.data_type {
        D::Ui4 => numbers!(UInt32Type, u32),
        D::I8 => numbers!(Int64Type, i64),
        D::Ui8 => numbers!(UInt64Type, u64),
        D::R4 => numbers!(Float32Type, f32),
        _ => return None,
    })
}

fn to_guid(array: &ArrayRef) -> Option<Converted> {
    let bytes = array.as_binary_view_opt()?;
    let mut builder = FixedSizeBinaryBuilder::with_capacity(array.len(), 16);
    let mut errors = RowErrors::new();
    for row in 0..array.len() {
        if array.is_null(row) {
            builder.append_null();
        } else if builder.append_value(bytes.value(row)).is_err() {
            errors.push(row as u32, Status::CannotConvert);
            builder.append_null();
        }
    }
    Some(Converted {
        array: Arc::new(builder.finish()),
        errors,
    })
}

/// Text as its bytes in a page.
fn encode(array: &ArrayRef, page: CodePage) -> Option<Converted> {
    let texts = array.as_string_view_opt()?;
    let mut builder = BinaryViewBuilder::with_capacity(array.len());
    let (mut errors, mut bytes) = (RowErrors::new(), Vec::new());
    for row in 0..array.len() {
        if array.is_null(row) {
            builder.append_null();
            continue;
        }
        bytes.clear();
        if !page.encode_append(texts.value(row), &mut bytes) {
            errors.push(row as u32, Status::Truncated);
        }
        builder.append_value(&bytes);
    }
    Some(Converted {
        array: Arc::new(builder.finish()),
        errors,
    })
}

/// Bytes of a page as text.
fn decode(array: &ArrayRef, page: CodePage) -> Option<Converted> {
    let bytes = array.as_binary_view_opt()?;
    let mut builder = StringViewBuilder::with_capacity(array.len());
    let mut errors = RowErrors::new();
    for row in 0..array.len() {
        if array.is_null(row) {
            builder.append_null();
            continue;
        }
        let (text, clean) = page.decode(bytes.value(row));
        if !clean {
            errors.push(row as u32, Status::Truncated);
        }
        builder.append_value(text);
    }
    Some(Converted {
        array: Arc::new(builder.finish()),
        errors,
    })
}
