//! SSIS data types, values, conversions, error codes and their texts.
//!
//! The ground floor: it knows nothing of files or packages, opens nothing and never panics on
//! any value it is given. What every other crate takes from here:
//!
//! | module | is |
//! | --- | --- |
//! | [`data_type`] | the `DT_*` types, a column's full type, their Arrow forms and their three codings |
//! | [`value`] | one value: of a variable, a parameter, a cell |
//! | [`array`] | between single values and Arrow columns |
//! | [`status`] | what became of a converted value, and the failing rows of a batch |
//! | [`text`] | the one formatter and the one parser of values |
//! | [`convert`] | conversions between column types, and for variables |
//! | [`decimal`], [`temporal`] | arithmetic on decimals; days and ticks |
//! | [`locale`], [`collation`] | conventions and sort keys by LCID |
//! | [`code_page`] | bytes to text and back |
//! | [`code`] | SSIS's codes (`DTS_E_*` and kin), their texts, and [`code::describe`] |
//! | [`secret`] | a text that never reaches a log |
//! | [`error`] | the adapter that prints an error with its causes |

pub mod array;
pub mod code;
pub mod code_page;
pub mod collation;
pub mod convert;
pub mod data_type;
pub mod decimal;
pub mod error;
pub mod locale;
pub mod secret;
pub mod status;
pub mod temporal;
pub mod text;
pub mod value;

pub use code::Code;
pub use code_page::CodePage;
pub use data_type::{ColumnType, DataType, VariableType};
pub use locale::Locale;
pub use secret::Secret;
pub use status::{RowErrors, Status};
pub use value::{Object, Value};
