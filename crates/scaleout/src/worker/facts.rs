//! What a Worker says of its computer.

use parking_lot::Mutex;

use crate::proto::WorkerFacts;

/// Memory of this computer.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Memory {
    pub(crate) total_kb: u64,
    pub(crate) available_kb: u64,
}

/// From `/proc/meminfo`; zeros where it cannot be read.
pub(crate) fn memory() -> Memory {
    let text = std::fs::read_to_string("/proc/meminfo").unwrap_or_default();
    let find = |name: &str| {
        text.lines()
            .find_map(|line| {
                line.strip_prefix(name)?
                    .trim()
                    .strip_suffix("kB")?
                    .trim()
                    .parse()
                    .ok()
            })
            .unwrap_or(0)
    };
    Memory {
        total_kb: find("MemTotal:"),
        available_kb: find("MemAvailable:"),
    }
}

/// Measures between calls.
#[derive(Default)]
pub(crate) struct Facts {
    /// Busy and total ticks at the last call.
    ticks: Mutex<(u64, u64)>,
}

impl Facts {
    pub(crate) fn now(
        &self,
        name: &str,
        slots: usize,
        used: usize,
        spooled_messages: i64,
    ) -> WorkerFacts {
        let count = |n: usize| i32::try_from(n).unwrap_or(i32::MAX);
        WorkerFacts {
            display_name: name.to_owned(),
            machine_name: crate::master::machine_name(),
            user_account: account(),
            slots: count(slots),
            slots_used: count(used),
            cpu_percent: self.cpu_percent(),
            available_memory_mb: i64::try_from(memory().available_kb / 1024).unwrap_or(i64::MAX),
            spooled_messages,
        }
    }

    /// Since the last call, from `/proc/stat`.
    fn cpu_percent(&self) -> f64 {
        let text = std::fs::read_to_string("/proc/stat").unwrap_or_default();
        let ticks: Vec<u64> = text
            .lines()
            .next()
            .map(|line| {
                line.split_whitespace()
                    .skip(1)
                    .filter_map(|t| t.parse().ok())
                    .collect()
            })
            .unwrap_or_default();
        let total: u64 = ticks.iter().take(8).sum();
        let idle: u64 = ticks.iter().skip(3).take(2).sum();
        let busy = total.saturating_sub(idle);
        let mut last = self.ticks.lock();
        let (before_busy, before_total) = std::mem::replace(&mut *last, (busy, total));
        let span = total.saturating_sub(before_total);
        if span == 0 {
            return 0.0;
        }
        busy.saturating_sub(before_busy) as f64 * 100.0 / span as f64
    }
}

fn account() -> String {
    nix::unistd::User::from_uid(nix::unistd::getuid())
        .ok()
        .flatten()
        .map_or_else(|| nix::unistd::getuid().to_string(), |user| user.name)
}
