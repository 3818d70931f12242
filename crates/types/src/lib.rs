//! SSIS data types, values, conversions, error codes and their texts.
//!
//! The ground floor: it knows nothing of files or packages, opens nothing and never panics on
//! any value it is given. What every other crate takes from here:
//!
//! | module | is |
//! | --- | --- |
//! | [`data_type`] | the `DT_*` types, a column's full type, their Arrow forms and their three codings |
//! | [`value`] | one value: of a variable, a parameter, a cell |
//! | [`code`] | SSIS's codes (`DTS_E_*` and kin), their texts, and [`code::describe`] |
//! | [`secret`] | a text that never reaches a log |
//! | [`error`] | the adapter that prints an error with its causes |

pub mod code;
pub mod data_type;
pub mod error;
pub mod secret;
pub mod status;
pub mod value;

pub use code::Code;
pub use data_type::{ColumnType, DataType, VariableType};
pub use secret::Secret;
pub use value::{Object, Value};
