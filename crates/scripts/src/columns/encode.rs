//! Arrow columns to the bytes of the protocol.

use arrow::array::types::ByteViewType;
use arrow::array::{Array, ArrayRef, AsArray, GenericByteViewArray};
use arrow::buffer::BooleanBuffer;
use arrow::datatypes::{
    ArrowPrimitiveType, BinaryViewType, DataType as ArrowType, Date32Type, Decimal128Type,
    Float32Type, Float64Type, Int8Type, Int16Type, Int32Type, Int64Type, StringViewType,
    Time32SecondType, Time64NanosecondType, TimestampMicrosecondType, ToByteSlice, UInt8Type,
    UInt16Type, UInt32Type, UInt64Type,
};
use packmule_types::ColumnType;

use super::{ALIGNMENT, BYTES_MAX, ColumnError};

/// The bytes of columns of equal length. Nothing for no rows.
///
/// # Errors
/// [`ColumnError::Form`] for an array that does not have the form of its type, or has not as many
/// rows; [`ColumnError::TooLarge`] for more bytes than a frame can hold.
pub fn encode(columns: &[(ArrayRef, ColumnType)], rows: usize) -> Result<Vec<u8>, ColumnError> {
    if rows == 0 {
        return Ok(Vec::new());
    }
    for (column, (array, column_type)) in columns.iter().enumerate() {
        if array.len() != rows || array.data_type() != &column_type.arrow() {
            return Err(ColumnError::Form {
                column,
                column_type: *column_type,
                held: array.data_type().to_string(),
                rows: array.len(),
            });
        }
    }
    let bytes = encoded_size(columns);
    if bytes > BYTES_MAX {
        return Err(ColumnError::TooLarge { bytes });
    }
    let mut out = Vec::with_capacity(bytes);
    for (array, _) in columns {
        append(&mut out, array.as_ref());
    }
    Ok(out)
}

/// Bytes that columns need at most.
pub fn encoded_size(columns: &[(ArrayRef, ColumnType)]) -> usize {
    // the number of NULLs and the padding of three parts
    const PARTS: usize = 8 + 3 * ALIGNMENT;
    let sizes = columns.iter().map(|(array, _)| {
        let rows = array.len();
        let values = match array.data_type() {
            ArrowType::Utf8View => (rows + 1) * 4 + view_bytes::<StringViewType>(array),
            ArrowType::BinaryView => (rows + 1) * 4 + view_bytes::<BinaryViewType>(array),
            ArrowType::Boolean => rows.div_ceil(8),
            ArrowType::Struct(_) => rows * 10,
            ArrowType::Null => 0,
            ArrowType::FixedSizeBinary(width) => rows * usize::try_from(*width).unwrap_or(0),
            other => rows * other.primitive_width().unwrap_or(0),
        };
        PARTS + rows.div_ceil(8) + values
    });
    sizes.sum()
}

/// Bytes of the values that are there.
fn view_bytes<T: ByteViewType>(array: &ArrayRef) -> usize {
    lengths(array.as_byte_view::<T>()).sum()
}

/// The length of each row's value, 0 for NULL. A view's low half word is its length.
fn lengths<T: ByteViewType>(array: &GenericByteViewArray<T>) -> impl Iterator<Item = usize> + '_ {
    let nulls = array.nulls();
    let views = array.views().iter().enumerate();
    views.map(move |(row, view)| match nulls {
        Some(nulls) if nulls.is_null(row) => 0,
        _ => *view as u32 as usize,
    })
}

fn append(out: &mut Vec<u8>, array: &dyn Array) {
    let nulls = match array.data_type() {
        ArrowType::Null => array.len(),
        _ => array.null_count(),
    };
    out.extend_from_slice(&(nulls as u64).to_le_bytes());
    if nulls == array.len() {
        return;
    }
    if nulls > 0
        && let Some(buffer) = array.nulls()
    {
        bits(out, buffer.inner());
        pad(out);
    }
    match array.data_type() {
        ArrowType::Boolean => bits(out, array.as_boolean().values()),
        ArrowType::Int8 => primitive::<Int8Type>(out, array),
        ArrowType::Int16 => primitive::<Int16Type>(out, array),
        ArrowType::Int32 => primitive::<Int32Type>(out, array),
        ArrowType::Int64 => primitive::<Int64Type>(out, array),
        ArrowType::UInt8 => primitive::<UInt8Type>(out, array),
        ArrowType::UInt16 => primitive::<UInt16Type>(out, array),
        ArrowType::UInt32 => primitive::<UInt32Type>(out, array),
        ArrowType::UInt64 => primitive::<UInt64Type>(out, array),
        ArrowType::Float32 => primitive::<Float32Type>(out, array),
        ArrowType::Float64 => primitive::<Float64Type>(out, array),
        ArrowType::Decimal128(..) => primitive::<Decimal128Type>(out, array),
        ArrowType::Date32 => primitive::<Date32Type>(out, array),
        ArrowType::Time32(_) => primitive::<Time32SecondType>(out, array),
        ArrowType::Time64(_) => primitive::<Time64NanosecondType>(out, array),
        ArrowType::Timestamp(..) => primitive::<TimestampMicrosecondType>(out, array),
        ArrowType::Utf8View => variable(out, array.as_byte_view::<StringViewType>()),
        ArrowType::BinaryView => variable(out, array.as_byte_view::<BinaryViewType>()),
        ArrowType::FixedSizeBinary(_) => {
            out.extend_from_slice(array.as_fixed_size_binary().value_data());
        }
        ArrowType::Struct(_) => {
            let parts = array.as_struct();
            primitive::<Int64Type>(out, parts.column(0).as_ref());
            pad(out);
            primitive::<Int16Type>(out, parts.column(1).as_ref());
        }
        // no column type has another form: `encode` has looked
        _ => {}
    }
    pad(out);
}

fn pad(out: &mut Vec<u8>) {
    out.resize(out.len().next_multiple_of(ALIGNMENT), 0);
}

/// A bitmap from its first bit on; the buffer that Arrow gives may be longer.
fn bits(out: &mut Vec<u8>, bits: &BooleanBuffer) {
    let bytes = bits.sliced();
    let length = bits.len().div_ceil(8);
    out.extend_from_slice(bytes.as_slice().get(..length).unwrap_or_default());
}

fn primitive<T: ArrowPrimitiveType>(out: &mut Vec<u8>, array: &dyn Array) {
    // Arrow's memory is little-endian on every machine that the program is built for
    out.extend_from_slice(array.as_primitive::<T>().values().to_byte_slice());
}

fn variable<T: ByteViewType>(out: &mut Vec<u8>, array: &GenericByteViewArray<T>) {
    let mut end = 0_u32;
    out.extend_from_slice(&end.to_le_bytes());
    for length in lengths(array) {
        // `encode` has seen that all of it is less than 256 MiB
        end = end.wrapping_add(length as u32);
        out.extend_from_slice(&end.to_le_bytes());
    }
    pad(out);
    let nulls = array.nulls();
    for row in 0..array.len() {
        if nulls.is_none_or(|n| n.is_valid(row)) {
            let value: &[u8] = array.value(row).as_ref();
            out.extend_from_slice(value);
        }
    }
}
