//! What goes over the wire: one struct for each row of a catalog view and each request.
//!
//! Field names are the column names of the catalog's views (`SSISDB.catalog.*`), so that a
//! person who knows those needs no second vocabulary. Times are UTC in RFC 3339; ids are
//! integers; a value that the view shows as NULL is `null`.

mod executions;
mod from_catalog;
mod log;
mod objects;
mod values;
mod workers;

pub use executions::*;
pub(crate) use from_catalog::PathSums;
pub use log::*;
pub use objects::*;
pub(crate) use values::{json_of_variant, variant_of_json};
pub use workers::*;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// One page of a list.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Page<T> {
    /// The rows.
    pub items: Vec<T>,
    /// What to send as `before` (newest first) or `after` (oldest first) for the next page;
    /// `null` when this is the last one.
    pub next: Option<i64>,
}

/// A list that comes whole.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct List<T> {
    /// The rows.
    pub items: Vec<T>,
}

/// Says which server answers.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ServerInfo {
    /// The product.
    #[schema(example = "packmule")]
    pub product: String,
    /// Its version.
    pub version: String,
    /// The server's clock.
    pub time: chrono::DateTime<chrono::Utc>,
}
