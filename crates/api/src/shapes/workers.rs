//! Workers.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// A row of `catalog.worker_agents`, in snake case, with what the Worker last said of itself.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Worker {
    /// Its id.
    #[schema(value_type = String, format = "uuid")]
    pub worker_agent_id: Uuid,
    /// Whether it is given new work.
    pub is_enabled: bool,
    /// The name to show.
    pub display_name: String,
    /// What it is for; may be empty.
    pub description: String,
    /// Its computer.
    pub machine_name: String,
    /// Free text.
    pub tags: String,
    /// The account under which packages run.
    pub user_account: String,
    /// The version of its program.
    pub version: String,
    /// When it last spoke.
    pub last_online_time: DateTime<Utc>,
    /// Milliseconds since then, by the server's clock.
    pub online_age_ms: i64,
    /// Whether it is thought to be there.
    pub is_online: bool,
    /// How many packages it runs at a time.
    pub slots: i32,
    /// How many it runs now, as it last said.
    pub slots_used: i32,
    /// Per cent of its processors in use.
    pub cpu_percent: f64,
    /// Free memory in MB.
    pub available_memory_mb: i64,
    /// Messages that wait on its disk to be sent.
    pub spooled_messages: i64,
}

/// Changes a Worker; what is left out stays.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangeWorker {
    /// Whether it is given new work; running packages end in peace either way.
    #[serde(default)]
    pub is_enabled: Option<bool>,
    /// The name to show.
    #[serde(default)]
    #[schema(max_length = 256)]
    pub display_name: Option<String>,
    /// What it is for.
    #[serde(default)]
    #[schema(max_length = 256)]
    pub description: Option<String>,
    /// Free text.
    #[serde(default)]
    pub tags: Option<String>,
}
