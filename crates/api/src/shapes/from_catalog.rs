//! The catalog's rows as the API's.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use packmule_catalog as catalog;

use super::{
    ComponentPhase, EventMessage, Executable, Execution, ExecutionAttempt, ExecutionParameterValue,
    Folder, Package, Parameter, PathRows, Project, ProjectVersion, PropertyOverrideValue, Worker,
    json_of_variant,
};

impl From<catalog::Folder> for Folder {
    fn from(row: catalog::Folder) -> Self {
        Self {
            folder_id: row.folder_id.0,
            name: row.name,
            description: row.description,
            created_by_name: row.created_by_name,
            created_time: row.created_time,
        }
    }
}

impl From<catalog::Project> for Project {
    fn from(row: catalog::Project) -> Self {
        Self {
            project_id: row.project_id.0,
            folder_id: row.folder_id.0,
            folder_name: row.folder_name,
            name: row.name,
            description: row.description,
            project_format_version: row.project_format_version,
            deployed_by_name: row.deployed_by_name,
            last_deployed_time: row.last_deployed_time,
            created_time: row.created_time,
            object_version_lsn: row.object_version_lsn.0,
        }
    }
}

impl From<catalog::ProjectVersion> for ProjectVersion {
    fn from(row: catalog::ProjectVersion) -> Self {
        Self {
            object_version_lsn: row.object_version_lsn.0,
            object_id: row.object_id.0,
            object_name: row.object_name,
            description: row.description,
            created_by: row.created_by,
            created_time: row.created_time,
            restored_by: row.restored_by,
            last_restored_time: row.last_restored_time,
            is_current: row.is_current,
        }
    }
}

impl From<catalog::Package> for Package {
    fn from(row: catalog::Package) -> Self {
        Self {
            package_id: row.package_id,
            project_id: row.project_id.0,
            folder_name: row.folder_name,
            project_name: row.project_name,
            name: row.name,
            package_guid: row.package_guid,
            description: row.description,
            package_format_version: row.package_format_version,
            version_major: row.version_major,
            version_minor: row.version_minor,
            version_build: row.version_build,
            version_comments: row.version_comments,
            entry_point: row.entry_point,
        }
    }
}

impl From<catalog::ObjectParameter> for Parameter {
    fn from(row: catalog::ObjectParameter) -> Self {
        Self {
            parameter_id: row.parameter_id,
            project_id: row.project_id.0,
            object_type: row.object_type.code(),
            object_name: row.object_name,
            parameter_name: row.parameter_name,
            data_type: row.data_type.name().to_owned(),
            required: row.required,
            sensitive: row.sensitive,
            description: row.description,
            design_default_value: row.design_default_value.as_ref().map(json_of_variant),
            default_value: row.default_value.as_ref().map(json_of_variant),
            value_set: row.value_set,
        }
    }
}

impl From<catalog::Execution> for Execution {
    fn from(row: catalog::Execution) -> Self {
        Self {
            execution_id: row.execution_id.0,
            folder_name: row.folder_name,
            project_name: row.project_name,
            package_name: row.package_name,
            project_lsn: row.project_lsn.0,
            executed_as_name: row.executed_as_name,
            created_time: row.created_time,
            status: row.status.code(),
            status_name: row.status.name().to_owned(),
            duration_ms: duration_ms(row.start_time, row.end_time),
            start_time: row.start_time,
            end_time: row.end_time,
            caller_name: row.caller_name,
            stopped_by_name: row.stopped_by_name,
            process_id: row.process_id,
            machine_name: row.machine_name,
            worker_agent_id: row.worker_agent_id.map(|id| id.0),
            worker_name: row.worker_name,
            executed_count: row.executed_count,
            retry_count: row.retry_count,
            logging_level: row.logging_level.code(),
        }
    }
}

fn duration_ms(start: Option<DateTime<Utc>>, end: Option<DateTime<Utc>>) -> Option<i64> {
    // clocks of two computers may disagree by a little
    Some((end? - start?).num_milliseconds().max(0))
}

impl From<catalog::ExecutionAttempt> for ExecutionAttempt {
    fn from(row: catalog::ExecutionAttempt) -> Self {
        Self {
            attempt: row.attempt.0,
            worker_agent_id: row.worker_agent_id.0,
            worker_name: row.worker_name,
            claimed_time: row.claimed_time,
            start_time: row.start_time,
            end_time: row.end_time,
            outcome: row
                .outcome
                .map(|outcome| outcome.status().name().to_owned()),
            reason: row.reason,
        }
    }
}

impl From<catalog::ExecutionParameterValue> for ExecutionParameterValue {
    fn from(row: catalog::ExecutionParameterValue) -> Self {
        Self {
            object_type: row.object_type.code(),
            parameter_name: row.parameter_name,
            parameter_data_type: row.parameter_data_type.name().to_owned(),
            parameter_value: row.parameter_value.as_ref().map(json_of_variant),
            sensitive: row.sensitive,
            required: row.required,
            value_set: row.value_set,
            runtime_override: row.runtime_override,
        }
    }
}

impl From<catalog::PropertyOverride> for PropertyOverrideValue {
    fn from(row: catalog::PropertyOverride) -> Self {
        Self {
            property_path: row.property_path,
            property_value: row.property_value,
            sensitive: row.sensitive,
        }
    }
}

impl From<catalog::EventMessage> for EventMessage {
    fn from(row: catalog::EventMessage) -> Self {
        let fields = row.fields;
        Self {
            event_message_id: row.event_message_id,
            operation_id: row.operation_id.0,
            message_time: fields.message_time,
            message_type: fields.message_type.code(),
            message_source_type: fields.message_source_type.code(),
            attempt: row.attempt.0,
            message: fields.message,
            package_name: fields.package_name,
            event_name: fields.event_name,
            message_source_name: fields.message_source_name,
            subcomponent_name: fields.subcomponent_name,
            package_path: fields.package_path,
            execution_path: fields.execution_path,
            message_code: fields.message_code,
            remedy: fields.remedy,
        }
    }
}

impl From<catalog::ExecutableStatistics> for Executable {
    fn from(row: catalog::ExecutableStatistics) -> Self {
        Self {
            executable_id: Some(row.executable_id),
            executable_name: row.executable_name,
            package_name: row.package_name,
            package_path: row.package_path,
            execution_path: row.execution_path,
            start_time: row.start_time,
            end_time: Some(row.end_time),
            execution_duration: Some(row.execution_duration),
            execution_result: Some(row.execution_result),
        }
    }
}

impl From<catalog::ExecutableBegun> for Executable {
    fn from(row: catalog::ExecutableBegun) -> Self {
        Self {
            executable_id: None,
            executable_name: row.executable_name,
            package_name: row.package_name,
            package_path: row.package_path,
            execution_path: row.execution_path,
            start_time: row.start_time,
            end_time: None,
            execution_duration: None,
            execution_result: None,
        }
    }
}

impl From<catalog::ComponentPhase> for ComponentPhase {
    fn from(row: catalog::ComponentPhase) -> Self {
        Self {
            package_name: row.package_name,
            task_name: row.task_name,
            subcomponent_name: row.subcomponent_name,
            phase: row.phase,
            start_time: row.start_time,
            end_time: row.end_time,
            execution_path: row.execution_path,
        }
    }
}

impl Worker {
    /// A Worker as it is seen at a time.
    pub(crate) fn seen_at(row: catalog::WorkerAgent, now: DateTime<Utc>) -> Self {
        Self {
            worker_agent_id: row.worker_agent_id.0,
            is_enabled: row.is_enabled,
            display_name: row.display_name,
            description: row.description,
            machine_name: row.machine_name,
            tags: row.tags,
            user_account: row.user_account,
            version: row.version,
            last_online_time: row.last_online_time,
            online_age_ms: (now - row.last_online_time).num_milliseconds().max(0),
            is_online: row.is_online,
            slots: row.slots,
            slots_used: row.slots_used,
            cpu_percent: row.cpu_percent,
            available_memory_mb: row.available_memory_mb,
            spooled_messages: row.spooled_messages,
        }
    }
}

/// An execution path without the turns of loops: `\Package\Loop[2]\Load` → `\Package\Loop\Load`.
pub(crate) fn without_turns(path: &str) -> String {
    path.split('\\')
        .map(|part| {
            part.strip_suffix(']')
                .map(|open| open.trim_end_matches(|c: char| c.is_ascii_digit()))
                .and_then(|open| open.strip_suffix('['))
                .unwrap_or(part)
        })
        .collect::<Vec<_>>()
        .join("\\")
}

/// Rows over paths, summed over the starts of their tasks. Rows that are final are added to the
/// sums for good, others stand beside them until they come again.
#[derive(Debug, Default)]
pub(crate) struct PathSums {
    places: BTreeMap<(String, String), usize>,
    sums: Vec<PathSum>,
}

#[derive(Debug)]
struct PathSum {
    /// The final rows, with the time of the newest.
    done: PathRows,
    /// Rows by id that are not final.
    open: BTreeMap<i64, i64>,
}

impl PathSums {
    /// Takes rows that are new or were not final when they came before, and gives the paths that
    /// they changed, in the order in which paths appeared first.
    pub(crate) fn add(&mut self, rows: Vec<catalog::DataStatistics>) -> Vec<PathRows> {
        let mut changed = BTreeSet::new();
        for row in rows {
            let execution_path = without_turns(&row.execution_path);
            let key = (execution_path.clone(), row.dataflow_path_id_string.clone());
            let place = *self.places.entry(key).or_insert(self.sums.len());
            if place == self.sums.len() {
                self.sums.push(PathSum::new(&row, execution_path));
            }
            if self.sums.get_mut(place).is_some_and(|sum| sum.add(&row)) {
                changed.insert(place);
            }
        }
        let sums = changed.into_iter().filter_map(|place| self.sums.get(place));
        sums.map(PathSum::total).collect()
    }
}

impl PathSum {
    fn new(row: &catalog::DataStatistics, execution_path: String) -> Self {
        let done = PathRows {
            package_name: row.package_name.clone(),
            task_name: row.task_name.clone(),
            dataflow_path_name: row.dataflow_path_name.clone(),
            dataflow_path_id_string: row.dataflow_path_id_string.clone(),
            source_component_name: row.source_component_name.clone(),
            destination_component_name: row.destination_component_name.clone(),
            rows_sent: 0,
            created_time: row.created_time,
            execution_path,
            is_final: true,
        };
        Self {
            done,
            open: BTreeMap::new(),
        }
    }

    /// Takes a row; tells whether it changed anything.
    fn add(&mut self, row: &catalog::DataStatistics) -> bool {
        self.done.created_time = self.done.created_time.max(row.created_time);
        if row.is_final {
            self.open.remove(&row.data_stats_id);
            self.done.rows_sent = self.done.rows_sent.saturating_add(row.rows_sent);
            true
        } else {
            let before = self.open.insert(row.data_stats_id, row.rows_sent);
            before != Some(row.rows_sent)
        }
    }

    fn total(&self) -> PathRows {
        let open = self
            .open
            .values()
            .fold(0i64, |sum, rows| sum.saturating_add(*rows));
        PathRows {
            rows_sent: self.done.rows_sent.saturating_add(open),
            is_final: self.open.is_empty(),
            ..self.done.clone()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn turns_of_loops_are_taken_out_of_paths() {
        let table = [
            (r"\Package\Load", r"\Package\Load"),
            (r"\Package\Loop[2]\Load", r"\Package\Loop\Load"),
            (r"\Package\A[12]\B[3]", r"\Package\A\B"),
            (r"\Package\Odd [x]\T", r"\Package\Odd [x]\T"),
            (r"\Package\Odd]\T", r"\Package\Odd]\T"),
            ("", ""),
        ];
        for (path, expected) in table {
            assert_eq!(without_turns(path), expected);
        }
    }

    #[test]
    fn rows_of_all_starts_are_summed_as_they_come() {
        let row = |id, path: &str, start: &str, rows_sent, is_final| catalog::DataStatistics {
            data_stats_id: id,
            execution_id: catalog::ExecutionId(1),
            attempt: catalog::Attempt(1),
            package_name: "P.dtsx".to_owned(),
            task_name: "Load".to_owned(),
            dataflow_path_id_string: path.to_owned(),
            dataflow_path_name: path.to_owned(),
            source_component_name: "a".to_owned(),
            destination_component_name: "b".to_owned(),
            rows_sent,
            created_time: DateTime::from_timestamp_micros(id).unwrap(),
            execution_path: format!(r"\Package\Loop{start}\Load"),
            is_final,
        };
        let mut sums = PathSums::default();
        let mut add = |rows| -> Vec<(String, i64, bool)> {
            let changed = sums.add(rows);
            let short = |p: PathRows| (p.dataflow_path_name, p.rows_sent, p.is_final);
            changed.into_iter().map(short).collect()
        };
        let path = |name: &str, rows, is_final| (name.to_owned(), rows, is_final);
        let first = vec![row(1, "x", "[1]", 5, true), row(2, "y", "[1]", 3, true)];
        assert_eq!(add(first), [path("x", 5, true), path("y", 3, true)]);
        let second = vec![row(3, "x", "[2]", 7, false), row(4, "y", "[2]", 0, false)];
        assert_eq!(add(second), [path("x", 12, false), path("y", 3, false)]);
        // the same sample again is no news
        let third = vec![row(3, "x", "[2]", 9, false), row(4, "y", "[2]", 0, false)];
        assert_eq!(add(third), [path("x", 14, false)]);
        let last = vec![row(3, "x", "[2]", 10, true), row(4, "y", "[2]", 1, true)];
        assert_eq!(add(last), [path("x", 15, true), path("y", 4, true)]);
    }
}
