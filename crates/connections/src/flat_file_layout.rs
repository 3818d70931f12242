//! How a delimited or fixed-width text file is laid out, as a Flat File connection manager
//! says it.

use std::path::PathBuf;

use packmule_types::ColumnType;

/// The four formats.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FlatFileFormat {
    /// Columns end at delimiters.
    Delimited,
    /// Columns have widths; rows have no delimiter of their own.
    FixedWidth,
    /// Columns have widths; the last one ends at the row delimiter.
    RaggedRight,
    /// Each column says for itself.
    Mixed,
}

/// One column of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FlatFileField {
    /// Its name.
    pub name: String,
    /// Whether it ends at `delimiter` (else it has `width`).
    pub is_delimited: bool,
    /// What ends it; the last column's ends the row.
    pub delimiter: String,
    /// Width in bytes, in UTF-16 units when the file is Unicode.
    pub width: u32,
    /// Its type; text has the manager's length and code page.
    pub column_type: ColumnType,
    /// Whether its values may stand (source) or stand (destination) in qualifiers.
    pub text_qualified: bool,
}

/// The whole layout.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FlatFileLayout {
    /// The manager's name.
    pub manager: String,
    /// The file as the package names it; for texts, logs and FileNameColumnName.
    pub file: String,
    /// The file here, after mapping. It need not exist.
    pub path: PathBuf,
    /// Format.
    pub format: FlatFileFormat,
    /// UTF-16 LE; the code page does not count then.
    pub unicode: bool,
    /// Windows code page.
    pub code_page: u32,
    /// LCID for numbers and dates; the run's default where the file says none.
    pub lcid: u32,
    /// Rows to skip, each ended by `header_row_delimiter`, before the names and the data.
    pub header_rows_to_skip: u64,
    /// Rows of data to skip.
    pub data_rows_to_skip: u64,
    /// What ends a header row; the row delimiter where the manager says none.
    pub header_row_delimiter: String,
    /// The first row after the headers holds the columns' names.
    pub column_names_in_first_row: bool,
    /// What ends a row: the last column's delimiter, else the manager's RowDelimiter; empty for
    /// fixed width without one.
    pub row_delimiter: String,
    /// The text qualifier, if there is one.
    pub text_qualifier: Option<String>,
    /// The row delimiter ends a row even before the last column.
    pub always_check_for_row_delimiters: bool,
    /// Columns in file order.
    pub columns: Vec<FlatFileField>,
}
