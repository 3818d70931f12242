//! Workers: `catalog.worker_agents`, enabling, joining by token.

use std::time::Duration;

use chrono::TimeDelta;
use packmule_types::Secret;
use uuid::Uuid;

use crate::catalog::Catalog;
use crate::error::{Error, NameKind, Result};
use crate::ids::WorkerId;
use crate::model::{Change, JoinToken, WorkerAgent, WorkerReport};
use crate::projects;
use crate::store::{Row, StoreError, Transaction, params};

/// Whether a worker may take tasks; 27243 when it is unknown.
pub(crate) fn is_enabled(tx: &mut dyn Transaction, worker: WorkerId) -> Result<bool> {
    let sql = "SELECT is_enabled FROM worker_agents WHERE worker_agent_id = ?1";
    tx.first(sql, params![worker])?
        .ok_or(Error::WorkerNotFound(worker))
        .and_then(|mut row| Ok(row.get()?))
}

const COLUMNS: &str = "worker_agent_id, is_enabled, display_name, description, machine_name, \
    tags, user_account, last_online_time, registered_time, version, slots, slots_used, \
    cpu_percent, available_memory_mb, spooled_messages, certificate_thumbprint";

fn agent(
    mut row: Row,
    online_since: chrono::DateTime<chrono::Utc>,
) -> Result<WorkerAgent, StoreError> {
    let mut agent = WorkerAgent {
        worker_agent_id: row.get()?,
        is_enabled: row.get()?,
        display_name: row.get()?,
        description: row.get()?,
        machine_name: row.get()?,
        tags: row.get()?,
        user_account: row.get()?,
        last_online_time: row.get()?,
        registered_time: row.get()?,
        version: row.get()?,
        slots: row.get()?,
        slots_used: row.get()?,
        cpu_percent: row.get()?,
        available_memory_mb: row.get()?,
        spooled_messages: row.get()?,
        certificate_thumbprint: row.get()?,
        is_online: false,
    };
    agent.is_online = agent.last_online_time >= online_since;
    Ok(agent)
}

/// A new worker is disabled unless `enable` says otherwise; a known one keeps what it is, its
/// description and its tags.
fn heard(tx: &mut dyn Transaction, report: WorkerReport, enable: bool) -> Result<bool> {
    let now = tx.now();
    let id = report.worker_agent_id;
    tx.execute(
        "INSERT INTO worker_agents (worker_agent_id, is_enabled, display_name, description, \
         machine_name, tags, user_account, registered_time, last_online_time, version, slots, \
         slots_used, cpu_percent, available_memory_mb, spooled_messages, certificate_thumbprint) \
         VALUES (?1, ?2, ?3, '', ?4, '', ?5, ?6, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13) \
         ON CONFLICT (worker_agent_id) DO UPDATE SET machine_name = excluded.machine_name, \
         user_account = excluded.user_account, last_online_time = excluded.last_online_time, \
         version = excluded.version, slots = excluded.slots, slots_used = excluded.slots_used, \
         cpu_percent = excluded.cpu_percent, \
         available_memory_mb = excluded.available_memory_mb, \
         spooled_messages = excluded.spooled_messages, \
         certificate_thumbprint = excluded.certificate_thumbprint",
        params![
            id,
            enable,
            report.display_name,
            report.machine_name,
            report.user_account,
            now,
            report.version,
            report.slots,
            report.slots_used,
            report.cpu_percent,
            report.available_memory_mb,
            report.spooled_messages,
            report.certificate_thumbprint
        ],
    )?;
    is_enabled(tx, id)
}

impl Catalog {
    /// Records that a worker is there, registers it when it is new. A new worker is disabled as
    /// in SSIS unless `enable_new`. Says whether it is enabled.
    pub fn worker_heard(&self, report: WorkerReport, enable_new: bool) -> Result<bool> {
        let id = report.worker_agent_id;
        let enabled = self.write(move |tx| heard(tx, report, enable_new))?;
        self.tell(&[Change::Worker(id)]);
        Ok(enabled)
    }

    /// `catalog.worker_agents`, by machine and name.
    pub fn worker_agents(&self) -> Result<Vec<WorkerAgent>> {
        self.read(|tx| {
            let offline = TimeDelta::from_std(self.shared.offline_after).unwrap_or_default();
            let since = tx.now() - offline;
            let sql = format!(
                "SELECT {COLUMNS} FROM worker_agents ORDER BY machine_name, display_name, \
                 worker_agent_id"
            );
            let rows = tx.query(&sql, &[])?;
            Ok(rows
                .into_iter()
                .map(|row| agent(row, since))
                .collect::<Result<_, _>>()?)
        })
    }

    /// One worker.
    pub fn worker_agent(&self, worker: WorkerId) -> Result<WorkerAgent> {
        let found = self
            .worker_agents()?
            .into_iter()
            .find(|w| w.worker_agent_id == worker);
        found.ok_or(Error::WorkerNotFound(worker))
    }

    /// `enable_worker_agent`
    pub fn enable_worker_agent(&self, worker: WorkerId) -> Result<()> {
        self.switch(worker, true)
    }

    /// `disable_worker_agent`: takes no more; running tasks finish [R-SO-DISABLE].
    pub fn disable_worker_agent(&self, worker: WorkerId) -> Result<()> {
        self.switch(worker, false)
    }

    fn switch(&self, worker: WorkerId, enabled: bool) -> Result<()> {
        self.write(move |tx| {
            is_enabled(tx, worker)?;
            tx.execute(
                "UPDATE worker_agents SET is_enabled = ?2 WHERE worker_agent_id = ?1",
                params![worker, enabled],
            )?;
            Ok(())
        })?;
        self.tell(&[Change::Worker(worker)]);
        Ok(())
    }

    /// `set_worker_agent_property`: `DisplayName`, `Description` or `Tags` [R-SO-TAGS].
    pub fn set_worker_agent_property(
        &self,
        worker: WorkerId,
        property: &str,
        value: &str,
    ) -> Result<()> {
        let (sql, longest) = match property {
            "DisplayName" => (
                "UPDATE worker_agents SET display_name = ?2 WHERE worker_agent_id = ?1",
                256,
            ),
            "Description" => (
                "UPDATE worker_agents SET description = ?2 WHERE worker_agent_id = ?1",
                256,
            ),
            "Tags" => (
                "UPDATE worker_agents SET tags = ?2 WHERE worker_agent_id = ?1",
                65_536,
            ),
            _ => {
                return Err(Error::Name {
                    kind: NameKind::WorkerProperty,
                    name: property.chars().take(200).collect(),
                    reason: "it must be DisplayName, Description or Tags",
                });
            }
        };
        if value.chars().count() > longest {
            return Err(Error::Limit {
                what: "the length of the value",
                given: value.chars().count() as u64,
                limit: longest as u64,
            });
        }
        let value = value.to_owned();
        self.write(move |tx| {
            is_enabled(tx, worker)?;
            tx.execute(sql, params![worker, value])?;
            Ok(())
        })?;
        self.tell(&[Change::Worker(worker)]);
        Ok(())
    }

    /// `delete_worker_agent`; one that is still connected comes back as a new one.
    pub fn delete_worker_agent(&self, worker: WorkerId) -> Result<()> {
        self.write(move |tx| {
            is_enabled(tx, worker)?;
            tx.execute(
                "DELETE FROM worker_agents WHERE worker_agent_id = ?1",
                params![worker],
            )?;
            Ok(())
        })?;
        self.tell(&[Change::Worker(worker)]);
        Ok(())
    }

    /// Makes a token by which one worker may join, once, within `valid`.
    pub fn create_join_token(&self, valid: Duration) -> Result<JoinToken> {
        let mut bytes = [0; 32];
        getrandom::fill(&mut bytes).map_err(|_| Error::JoinToken("no random numbers"))?;
        let token: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        let hash = projects::hash(token.as_bytes());
        let valid = TimeDelta::from_std(valid).unwrap_or(TimeDelta::zero());
        let expires_time = self.write(move |tx| {
            let now = tx.now();
            let expires = now.checked_add_signed(valid).unwrap_or(now);
            tx.execute(
                "INSERT INTO join_tokens (token_hash, created_time, expires_time) \
                 VALUES (?1, ?2, ?3)",
                params![hash, now, expires],
            )?;
            tx.execute(
                "DELETE FROM join_tokens WHERE expires_time < ?1",
                params![now],
            )?;
            Ok(expires)
        })?;
        Ok(JoinToken {
            token: Secret::new(token),
            expires_time,
        })
    }

    /// Uses up a joining token for a worker with a new id.
    pub fn use_join_token(&self, token: &Secret) -> Result<WorkerId> {
        let hash = projects::hash(token.reveal().as_bytes());
        self.write(move |tx| {
            let now = tx.now();
            let sql = "SELECT expires_time, used_time FROM join_tokens WHERE token_hash = ?1";
            let row = tx.first(sql, params![&hash])?;
            let mut row = row.ok_or(Error::JoinToken("it is not known"))?;
            let expires: chrono::DateTime<chrono::Utc> = row.get()?;
            let used: Option<i64> = row.get()?;
            if used.is_some() {
                return Err(Error::JoinToken("it was used already"));
            }
            if expires < now {
                return Err(Error::JoinToken("it has expired"));
            }
            let worker = WorkerId(Uuid::new_v4());
            tx.execute(
                "UPDATE join_tokens SET used_time = ?2, worker_agent_id = ?3 \
                 WHERE token_hash = ?1",
                params![hash, now, worker],
            )?;
            Ok(worker)
        })
    }
}
