//! What a run publishes, as rows for the catalog.

use packmule_catalog::{
    EventMessageFields, ExecutableBegun, ExecutableReport, MessageSource, MessageType, PhaseReport,
    RowsReport,
};
use packmule_runtime::observer::{ComponentPhase, ExecutableStatistics, PathRows};
use packmule_runtime::{Event, EventKind};

/// Longest text of a message, bytes. One that is longer is cut, and says so: a batch of reports
/// must fit into one call.
const TEXT_BYTES_MAX: usize = 1 << 20;

/// A text of at most [`TEXT_BYTES_MAX`].
fn limited(mut text: String) -> String {
    if text.len() > TEXT_BYTES_MAX {
        let all = text.len();
        text.truncate(text.floor_char_boundary(TEXT_BYTES_MAX));
        text.push_str(&format!(" … (cut here; the text has {all} bytes)"));
    }
    text
}

/// An event as a row of `catalog.event_messages`.
pub fn message(event: &Event, container: bool) -> EventMessageFields {
    EventMessageFields {
        message_time: event.time,
        message_type: message_type(&event.kind),
        message_source_type: source_type(event, container),
        message: limited(text(event)),
        package_name: event.source.package.clone(),
        event_name: event.kind.name().to_owned(),
        message_source_name: event.source.name.clone(),
        message_source_id: event.source.id.clone(),
        subcomponent_name: event.subcomponent.clone(),
        package_path: event.source.package_path.clone(),
        execution_path: event.source.execution_path.clone(),
        thread_id: 0,
        message_code: event.code.signed(),
        event_message_guid: uuid::Uuid::new_v4(),
        remedy: event.remedy.clone().map(limited),
    }
}

fn message_type(kind: &EventKind) -> MessageType {
    match kind {
        EventKind::PreValidate => MessageType::PreValidate,
        EventKind::PostValidate => MessageType::PostValidate,
        EventKind::PreExecute => MessageType::PreExecute,
        EventKind::PostExecute => MessageType::PostExecute,
        EventKind::Progress { .. } => MessageType::Progress,
        EventKind::Information => MessageType::Information,
        EventKind::Warning => MessageType::Warning,
        EventKind::Error => MessageType::Error,
        EventKind::TaskFailed => MessageType::TaskFailed,
        EventKind::QueryCancel => MessageType::QueryCancel,
        EventKind::VariableValueChanged => MessageType::VariableValueChanged,
        EventKind::ExecStatusChanged => MessageType::StatusChange,
        EventKind::Log(name) if name == "Diagnostic" => MessageType::Diagnostic,
        EventKind::Log(name) if name == "DiagnosticEx" => MessageType::DiagnosticEx,
        EventKind::Log(_) | EventKind::Custom(_) => MessageType::Custom,
    }
}

fn source_type(event: &Event, container: bool) -> MessageSource {
    let path = event.source.package_path.trim_start_matches('\\');
    if !event.subcomponent.is_empty() {
        MessageSource::DataFlow
    } else if !path.contains('\\') {
        MessageSource::Package
    } else if container {
        MessageSource::Container
    } else {
        MessageSource::Task
    }
}

/// The text of a message.
///
/// [R-MSG-FORM] It begins with the source's name and a colon; the words of the first rows and the
/// form of the time (`h:mm:ss AM`, the host's local time) are unconfirmed.
fn text(event: &Event) -> String {
    let (name, said) = (&event.source.name, &event.description);
    let time = || {
        event
            .time
            .with_timezone(&chrono::Local)
            .format("%-I:%M:%S %p")
    };
    match &event.kind {
        EventKind::PreValidate => format!("{name}:Validation has started."),
        EventKind::PostValidate => format!("{name}:Validation is complete."),
        EventKind::PreExecute => format!("{name}:Start, {}.", time()),
        EventKind::PostExecute if said.is_empty() => format!("{name}:Finished, {}.", time()),
        EventKind::PostExecute => {
            format!("{name}:Finished, {}, Elapsed time: {said}.", time())
        }
        EventKind::Error => format!("{name}:Error: {said}"),
        EventKind::Warning => format!("{name}:Warning: {said}"),
        EventKind::Information => format!("{name}:Information: {said}"),
        EventKind::Progress { percent, .. } => {
            format!("{name}:Progress: {said} - {percent} percent complete")
        }
        _ => format!("{name}:{said}"),
    }
}

/// Rows over a path as a row of `catalog.execution_data_statistics`.
pub fn rows(rows: &PathRows, last: bool) -> RowsReport {
    RowsReport {
        package_name: rows.package.clone(),
        task_name: rows.task.clone(),
        dataflow_path_id_string: rows.path_id.clone(),
        dataflow_path_name: rows.path_name.clone(),
        source_component_name: rows.source_component.clone(),
        destination_component_name: rows.destination_component.clone(),
        rows_sent: i64::try_from(rows.rows).unwrap_or(i64::MAX),
        execution_path: rows.execution_path.clone(),
        is_final: last,
        time: chrono::Utc::now(),
    }
}

/// A phase as a row of `catalog.execution_component_phases`.
pub fn phase(phase: &ComponentPhase) -> PhaseReport {
    PhaseReport {
        package_name: phase.package.clone(),
        task_name: phase.task.clone(),
        subcomponent_name: phase.component.clone(),
        phase: phase.phase.clone(),
        start_time: phase.start,
        end_time: phase.end,
        execution_path: phase.execution_path.clone(),
    }
}

/// The start of an executable, which its OnPreExecute tells.
pub fn begun(event: &Event) -> ExecutableBegun {
    let source = &event.source;
    ExecutableBegun {
        executable_name: source.name.clone(),
        executable_guid: source.id.clone(),
        package_name: source.package.clone(),
        package_path: source.package_path.clone(),
        execution_path: source.execution_path.clone(),
        start_time: event.time,
    }
}

/// The end of an executable as a row of `catalog.executable_statistics`.
pub fn executable(statistics: &ExecutableStatistics) -> ExecutableReport {
    ExecutableReport {
        executable_name: statistics.name.clone(),
        executable_guid: statistics.id.clone(),
        package_name: statistics.package.clone(),
        package_path: statistics.package_path.clone(),
        execution_path: statistics.execution_path.clone(),
        start_time: statistics.start,
        end_time: statistics.end,
        execution_result: statistics.result,
        execution_value: statistics.value.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use packmule_runtime::events::EventSource;
    use packmule_types::Code;

    fn event(kind: EventKind, path: &str, subcomponent: &str, description: &str) -> Event {
        Event {
            kind,
            source: EventSource {
                name: "Load".to_owned(),
                id: String::new(),
                parent_id: String::new(),
                package: "P.dtsx".to_owned(),
                package_path: path.to_owned(),
                execution_path: path.to_owned(),
            },
            subcomponent: subcomponent.to_owned(),
            code: Code(0),
            description: description.to_owned(),
            remedy: None,
            time: chrono::DateTime::from_timestamp_micros(0).unwrap(),
        }
    }

    #[test]
    fn a_text_without_measure_is_cut_and_says_so() {
        let long = "ü".repeat(TEXT_BYTES_MAX);
        let cut = message(&event(EventKind::Error, r"\P", "", &long), false).message;
        assert!(cut.len() < TEXT_BYTES_MAX + 100, "{}", cut.len());
        assert!(cut.ends_with(" bytes)"), "{}", &cut[cut.len() - 80..]);
        let short = message(&event(EventKind::Error, r"\P", "", "no."), false).message;
        assert_eq!(short, "Load:Error: no.");
    }

    #[test]
    fn texts_and_sources_as_alerts_expect_them() {
        let failed = message(&event(EventKind::Error, r"\P\Load", "", "no."), false);
        assert_eq!(failed.message, "Load:Error: no.");
        assert_eq!(failed.message_type, MessageType::Error);
        assert_eq!(failed.message_source_type, MessageSource::Task);
        assert_eq!(failed.event_name, "OnError");
        assert_eq!(failed.package_name, "P.dtsx");
        let progress = EventKind::Progress {
            percent: 40,
            count: 0,
        };
        let progress = message(&event(progress, r"\P\Load", "Sort", "sorting"), false);
        assert_eq!(
            progress.message,
            "Load:Progress: sorting - 40 percent complete"
        );
        assert_eq!(progress.message_source_type, MessageSource::DataFlow);
        let package = message(&event(EventKind::PreValidate, r"\P", "", ""), false);
        assert_eq!(package.message, "Load:Validation has started.");
        assert_eq!(package.message_source_type, MessageSource::Package);
        let lists = message(&event(EventKind::Warning, r"\P\Loop", "", "w"), true);
        assert_eq!(lists.message_source_type, MessageSource::Container);
    }
}
