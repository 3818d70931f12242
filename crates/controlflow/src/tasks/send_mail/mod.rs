//! Send Mail task (`Microsoft.SendMailTask`, before 2014
//! `Microsoft.SqlServer.Dts.Tasks.SendMailTask.SendMailTask, …`): sends one message. Documented
//! in "Send Mail Task" and control-flow.md 6.8.
//!
//! | property | default | |
//! | --- | --- | --- |
//! | SmtpConnection | – | an SMTP connection manager |
//! | FromLine | – | the sender: `a@x` or `Name <a@x>` |
//! | ToLine, CCLine, BCCLine | – | recipients, separated by `;` or `,`; one of the three is needed |
//! | Subject | | empty: a warning |
//! | MessageSourceType | DirectInput | also FileConnection, Variable |
//! | MessageSource | | the text, a FILE connection manager, or a String variable |
//! | Priority | Normal | also Low, High |
//! | FileAttachments | | paths separated by `\|`, mapped when they are read |
//!
//! The text goes as plain text in UTF-8. Attachments must be there when the task is validated
//! too. EnableSsl of the connection means STARTTLS, and TLS from the start on port 465. An error
//! of the server stands in 0xC002F304 (`transport.rs`).
//!
//! Differences on purpose: a user and password may come from the mapping (see the SMTP
//! connection manager); lines longer than 256 characters are sent as they are.

mod message;
mod transport;

use std::path::PathBuf;

use packmule_connections::AcquireError;
use packmule_dtsx::Finding;
use packmule_dtsx::model::Executable;
use packmule_runtime::{Overlay, Reported};
use packmule_types::{Code, Value, VariableType};

use super::{TaskContext, data_of};
use crate::registry::TaskType;
use crate::settings::{PropertyDoc, Reader, report};

const fn doc(name: &'static str, default: &'static str, doc: &'static str) -> PropertyDoc {
    PropertyDoc { name, default, doc }
}

/// The registry's entry.
pub(crate) const TYPE: TaskType = TaskType {
    name: "Microsoft.SendMailTask",
    title: "Send Mail Task",
    doc: "sends one message by an SMTP server",
    properties: &[
        doc("SmtpConnection", "", "SMTP connection manager; required"),
        doc("FromLine", "", "the sender; required"),
        doc("ToLine", "", "recipients, separated by ; or ,"),
        doc("CCLine", "", "recipients of copies"),
        doc("BCCLine", "", "recipients that nobody sees"),
        doc("Subject", "", "the subject"),
        doc(
            "MessageSourceType",
            "DirectInput",
            "DirectInput, FileConnection or Variable",
        ),
        doc(
            "MessageSource",
            "",
            "the text, a FILE connection manager, or a String variable",
        ),
        doc("Priority", "Normal", "Low, Normal or High"),
        doc("FileAttachments", "", "paths separated by |"),
    ],
    settings: |executable, overlay| settings(executable, overlay).1,
    validate,
    execute,
};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum SourceType {
    DirectInput,
    FileConnection,
    Variable,
}

const SOURCE_TYPES: &[(&str, SourceType)] = &[
    ("DirectInput", SourceType::DirectInput),
    ("FileConnection", SourceType::FileConnection),
    ("Variable", SourceType::Variable),
];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Priority {
    Low,
    Normal,
    High,
}

const PRIORITIES: &[(&str, Priority)] = &[
    ("Low", Priority::Low),
    ("Normal", Priority::Normal),
    ("High", Priority::High),
];

#[derive(Debug, Clone, PartialEq, Eq)]
struct Settings {
    connection: String,
    from: String,
    to: String,
    cc: String,
    bcc: String,
    subject: String,
    source_type: SourceType,
    source: String,
    priority: Priority,
    attachments: String,
}

impl Settings {
    /// Paths of attachments as the package writes them.
    fn attachments(&self) -> impl Iterator<Item = &str> {
        let paths = self.attachments.split('|').map(str::trim);
        paths.filter(|path| !path.is_empty())
    }

    fn has_recipient(&self) -> bool {
        let lines = [&self.to, &self.cc, &self.bcc];
        lines
            .iter()
            .any(|line| message::split(line).next().is_some())
    }
}

const ATTRIBUTES: &[&str] = &[
    "SMTPServer",
    "From",
    "To",
    "CC",
    "BCC",
    "Subject",
    "MessageSourceType",
    "MessageSource",
    "Priority",
    "FileAttachments",
];

fn settings(executable: &Executable, overlay: &Overlay) -> (Settings, Vec<Finding>) {
    let place = &executable.ref_id;
    let mut r = Reader::new(overlay, executable.node, place, &executable.location);
    let data = data_of(executable);
    if let Some(data) = data {
        r.unknown_attributes(data, ATTRIBUTES);
    }
    let stored = |name: &str| data.and_then(|d| d.attribute(name));
    let kind = "MessageSourceType";
    let settings = Settings {
        connection: r.text("SmtpConnection", stored("SMTPServer"), ""),
        from: r.text("FromLine", stored("From"), ""),
        to: r.text("ToLine", stored("To"), ""),
        cc: r.text("CCLine", stored("CC"), ""),
        bcc: r.text("BCCLine", stored("BCC"), ""),
        subject: r.text("Subject", stored("Subject"), ""),
        source_type: r.choice(kind, stored(kind), SourceType::DirectInput, SOURCE_TYPES),
        source: r.text("MessageSource", stored("MessageSource"), ""),
        priority: r.choice("Priority", stored("Priority"), Priority::Normal, PRIORITIES),
        attachments: r.text("FileAttachments", stored("FileAttachments"), ""),
    };
    (settings, r.findings())
}

fn validate(context: &TaskContext) -> Result<(), Reported> {
    let events = &context.events;
    let (settings, findings) = settings(context.executable(), context.overlay());
    let mut result = report(&findings, events, Code(0xC002_F304));
    if let Err(error) = validate_connection(context, &settings) {
        result = Err(error);
    }
    if !settings.has_recipient() {
        result = Err(events.error(Code(0xC002_91C3), &[]));
    }
    if settings.subject.trim().is_empty() {
        events.warning_text(Code(0), "the subject is empty");
    }
    for path in settings.attachments() {
        if let Err(error) = attachment(context, path) {
            result = Err(error);
        }
    }
    validate_source(context, &settings).and(result)
}

fn validate_connection(context: &TaskContext, settings: &Settings) -> Result<(), Reported> {
    let events = &context.events;
    let name = settings.connection.as_str();
    if name.trim().is_empty() {
        return Err(events.error(Code(0xC002_91C4), &[]));
    }
    match context.connections().smtp(name) {
        Ok(_) => Ok(()),
        Err(AcquireError::NotFound { .. }) => Err(events.error(Code(0xC002_91D3), &[name])),
        Err(AcquireError::WrongType { manager, .. }) => {
            Err(events.error(Code(0xC002_91D1), &[&manager]))
        }
        Err(error) => Err(error.report(events)),
    }
}

fn validate_source(context: &TaskContext, settings: &Settings) -> Result<(), Reported> {
    let events = &context.events;
    let source = settings.source.as_str();
    match settings.source_type {
        SourceType::DirectInput => Ok(()),
        SourceType::FileConnection => match context.connections().file(source) {
            Ok(_) => Ok(()),
            Err(AcquireError::NotFound { .. } | AcquireError::NotGiven) => {
                Err(events.error(Code(0xC002_91D3), &[source]))
            }
            Err(AcquireError::WrongType { manager, .. }) => {
                Err(events.error(Code(0xC002_91CE), &[&manager]))
            }
            Err(error) => Err(error.report(events)),
        },
        SourceType::Variable => match context.scope.variable_type(source) {
            Ok(VariableType::String) => Ok(()),
            Ok(_) => Err(events.error(Code(0xC002_91D0), &[source])),
            Err(error) => Err(error.report(events)),
        },
    }
}

/// Where an attachment lies here; it must be a file that can be opened.
fn attachment(context: &TaskContext, path: &str) -> Result<PathBuf, Reported> {
    let events = &context.events;
    let mapped = match context.services.mapping.map_path(path) {
        Ok(mapped) => mapped,
        Err(error) => return Err(events.error(Code(0xC002_F304), &[&error.to_string()])),
    };
    // A pipe without a writer would be waited for without end.
    let is_file = std::fs::metadata(&mapped).is_ok_and(|m| m.is_file());
    match is_file && std::fs::File::open(&mapped).is_ok() {
        true => Ok(mapped),
        false => Err(events.error(Code(0xC002_91CB), &[path])),
    }
}

/// The text of the message.
fn text(context: &TaskContext, settings: &Settings) -> Result<String, Reported> {
    let events = &context.events;
    match settings.source_type {
        SourceType::DirectInput => Ok(settings.source.clone()),
        SourceType::Variable => match context.scope.get(&settings.source) {
            Ok(Value::Text(text)) => Ok(text.to_string()),
            Ok(_) => Err(events.error(Code(0xC002_91D0), &[&settings.source])),
            Err(error) => Err(error.report(events)),
        },
        SourceType::FileConnection => {
            let target = context.connections().file(&settings.source);
            let target = target.map_err(|error| error.report(events))?;
            let text = message::read_text(&target.path);
            text.map_err(|error| match error.kind() {
                std::io::ErrorKind::NotFound => {
                    events.error(Code(0xC002_91CF), &["SendMail", &target.file])
                }
                _ => events.error(Code(0xC002_F304), &[&error.to_string()]),
            })
        }
    }
}

fn execute(context: &TaskContext) -> Result<Option<Value>, Reported> {
    let events = &context.events;
    let (settings, _) = settings(context.executable(), context.overlay());
    if !settings.has_recipient() {
        return Err(events.error(Code(0xC002_91C3), &[]));
    }
    let server = context.connections().smtp(&settings.connection);
    let server = server.map_err(|error| error.report(events))?;
    let text = text(context, &settings)?;
    let paths: Result<Vec<(&str, PathBuf)>, Reported> = settings
        .attachments()
        .map(|path| Ok((path, attachment(context, path)?)))
        .collect();
    let paths = paths?;
    events.log(
        "SendMailTaskBegin",
        format!("The task began to send a message by {}.", server.host),
    );
    let memory = message::reserve(&context.services.memory, &text, &paths);
    let failed = |reason: String| events.error(Code(0xC002_F304), &[&reason]);
    let _memory = memory.map_err(failed)?;
    let now = context.services.clock.utc_now();
    let message = message::build(&settings, text, &paths, now.into()).map_err(failed)?;
    let count = message.envelope().to().len();
    events.log(
        "SendMailTaskInfo",
        format!(
            "From: {}; recipients: {count}; subject: {}; attachments: {}.",
            settings.from,
            settings.subject,
            paths.len()
        ),
    );
    match transport::send(&server, message, &context.services.cancel) {
        Ok(()) => {}
        Err(transport::Failure::Cancelled) => return Err(Reported),
        Err(transport::Failure::Server(reason)) => return Err(failed(reason)),
    }
    events.log("SendMailTaskEnd", "The task sent the message.".to_owned());
    Ok(None)
}
