//! The states of a scale-out task on its Worker, one file each, and what leads from one to the
//! next.
//!
//! | state | is |
//! | --- | --- |
//! | [`assigned`] | leased, its project is fetched and a process readied |
//! | [`starting`] | its process has the job |
//! | [`running`] | its package runs |
//! | [`stopping`] | its process was told to stop |
//! | [`ended`] | its process is gone, reports and outcome wait to be handed in |
//! | [`delivered`] | the Master has everything, or no longer wants it |
//!
//! The execution's status in the catalog follows from what is reported (its own table is
//! `packmule_catalog::status`). No state is left but through [`TaskState::on`].

mod assigned;
mod delivered;
mod ended;
mod running;
mod starting;
mod stopping;

/// Where a task is on its Worker.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TaskState {
    /// Leased; nothing runs yet.
    Assigned,
    /// The job was handed to a process.
    Starting,
    /// The package's first OnPreExecute came.
    Running,
    /// A stop was passed on; SIGKILL follows if it does not help.
    Stopping,
    /// The process is gone.
    Ended,
    /// Nothing is left to do.
    Delivered,
}

/// What happens to a task.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TaskEvent {
    /// Its process took the job.
    JobSent,
    /// The package's first OnPreExecute.
    FirstPreExecute,
    /// A person wants it stopped.
    StopWanted,
    /// The lease cannot be kept: its deadline passed or the Master gave it away.
    LeaseLost,
    /// Its process ended (or could not be started).
    ProcessGone,
    /// The Master has everything, or refuses it as stale.
    HandedIn,
}

impl TaskState {
    /// All states.
    pub const ALL: [Self; 6] = [
        Self::Assigned,
        Self::Starting,
        Self::Running,
        Self::Stopping,
        Self::Ended,
        Self::Delivered,
    ];

    /// The state that follows; `None` when the event means nothing here.
    pub fn on(self, event: TaskEvent) -> Option<Self> {
        match self {
            Self::Assigned => assigned::on(event),
            Self::Starting => starting::on(event),
            Self::Running => running::on(event),
            Self::Stopping => stopping::on(event),
            Self::Ended => ended::on(event),
            Self::Delivered => delivered::on(event),
        }
    }

    /// Whether a slot is taken: a process runs or is about to.
    pub fn holds_slot(self) -> bool {
        !matches!(self, Self::Ended | Self::Delivered)
    }
}

#[cfg(test)]
mod tests {
    use super::{TaskEvent as E, TaskState as S};

    #[test]
    fn every_pair() {
        let events = [
            E::JobSent,
            E::FirstPreExecute,
            E::StopWanted,
            E::LeaseLost,
            E::ProcessGone,
            E::HandedIn,
        ];
        let none = None;
        let table = [
            (
                S::Assigned,
                [
                    Some(S::Starting),
                    none,
                    Some(S::Ended),
                    Some(S::Ended),
                    Some(S::Ended),
                    none,
                ],
            ),
            (
                S::Starting,
                [
                    none,
                    Some(S::Running),
                    Some(S::Stopping),
                    Some(S::Stopping),
                    Some(S::Ended),
                    none,
                ],
            ),
            (
                S::Running,
                [
                    none,
                    none,
                    Some(S::Stopping),
                    Some(S::Stopping),
                    Some(S::Ended),
                    none,
                ],
            ),
            (S::Stopping, [none, none, none, none, Some(S::Ended), none]),
            (S::Ended, [none, none, none, none, none, Some(S::Delivered)]),
            (S::Delivered, [none; 6]),
        ];
        assert_eq!(table.len(), S::ALL.len());
        for (state, row) in table {
            for (event, wanted) in events.into_iter().zip(row) {
                assert_eq!(state.on(event), wanted, "{state:?} on {event:?}");
            }
        }
    }
}
