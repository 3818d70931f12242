//! Rows between Arrow columns and the layout of the script host's protocol.
//!
//! The layout is that of `script-host/PROTOCOL.md`, section 5: columns one after the other,
//! each with its number of NULLs, a bitmap where there are some, and its values; every part at
//! a multiple of 8 bytes. It is the same in the payload of a frame and in a shared memory
//! segment.
//!
//! | module | is |
//! | --- | --- |
//! | [`encode`] | Arrow columns to bytes |
//! | [`decode`] | bytes to Arrow columns, and the rows directed to an output |
//! | [`wire`] | what a column is, as headers say it |
//!
//! Both work column by column with one loop for each form of values. What the host sends is
//! never trusted: lengths, offsets, text, numbers of NULLs and values out of their type's range
//! are looked at, and what is wrong is a [`ColumnError`], so that a damaged host cannot put values
//! into a data flow that no other component could have made.

mod decode;
mod encode;
#[cfg(test)]
mod tests;
mod wire;

pub use decode::{decode, decode_selections};
pub use encode::{encode, encoded_size};
pub use wire::{column_of, wire_column};

/// Largest number of bytes of columns that one frame holds: PROTOCOL.md allows 256 MiB for a
/// frame with its header.
pub const BYTES_MAX: usize = 255 << 20;

/// Columns that cannot be sent, or bytes that are no columns.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ColumnError {
    /// The bytes end before the columns do.
    #[error("the columns end early: {wanted} bytes are wanted at byte {at} of {have}")]
    Short {
        /// Where the part begins.
        at: usize,
        /// Its length.
        wanted: usize,
        /// Bytes in all.
        have: usize,
    },
    /// There are bytes behind the last column.
    #[error("{left} bytes follow the last column")]
    Left {
        /// How many.
        left: usize,
    },
    /// The number of NULLs is more than the rows, or not that of the bitmap.
    #[error("column {column} says that {nulls} of {rows} rows are NULL, which is not so")]
    Nulls {
        /// Position of the column.
        column: usize,
        /// What it says.
        nulls: u64,
        /// Rows of the batch.
        rows: usize,
    },
    /// Offsets of text or bytes that do not begin at 0 or descend.
    #[error("the offsets of column {column} do not ascend from 0")]
    Offsets {
        /// Position of the column.
        column: usize,
    },
    /// Text that is not UTF-8.
    #[error("column {column} holds text that is not UTF-8")]
    Text {
        /// Position of the column.
        column: usize,
    },
    /// A value that the type cannot hold.
    #[error("column {column} holds a value in row {row} that {column_type} cannot hold")]
    Range {
        /// Position of the column.
        column: usize,
        /// Row of the batch.
        row: usize,
        /// Type of the column.
        column_type: packmule_types::ColumnType,
    },
    /// Row numbers of an output that do not ascend or are not of the batch.
    #[error("the rows directed to output {output} are not ascending rows of the batch")]
    Selection {
        /// Position of the selection.
        output: usize,
    },
    /// A column whose array has not the form of its type.
    #[error("column {column} of type {column_type} is held as {held}, {rows} rows")]
    Form {
        /// Position of the column.
        column: usize,
        /// Its type.
        column_type: packmule_types::ColumnType,
        /// The array's type.
        held: String,
        /// Rows of the array.
        rows: usize,
    },
    /// More bytes than a frame can hold.
    #[error("the rows need {bytes} bytes, at most {BYTES_MAX} can be sent at once")]
    TooLarge {
        /// Bytes needed.
        bytes: usize,
    },
}

/// Every part begins at a multiple of this many bytes.
const ALIGNMENT: usize = 8;
