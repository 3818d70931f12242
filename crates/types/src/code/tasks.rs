//! Codes of one area.

use super::table::codes;

codes! {}
