//! Shared memory for rows (PROTOCOL.md 5.1): what the host's frames `segment` and `free` mean.
//!
//! This engine sends no segments and refuses the host's, which the protocol allows; rows then
//! travel as payloads.

use serde_json::{Value as Json, json};

/// The segments of one host.
#[derive(Debug, Default)]
pub(crate) struct Segments {}

impl Segments {
    /// Answers a `segment` request of the host.
    pub(crate) fn take(&self, _header: &Json) -> Json {
        json!({"error": {"kind": "engine", "code": 0, "text": "this engine takes no segments"}})
    }

    /// The host has given a slot back.
    pub(crate) fn freed(&self, _header: &Json) {}
}
