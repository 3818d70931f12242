//! Log provider for the Windows Event Log (`Microsoft.LogProviderEventLog`, before 2014
//! `DTS.LogProviderEventLog.n`): here the entries go to the computer's own log, syslog or
//! journald, both of which listen at `/dev/log`. It needs no connection. Documented in
//! control-flow.md 8.1.
//!
//! Where no system log listens, as in many containers, a warning says so and the run goes on:
//! on Windows this log is always there, so packages do not expect it to fail.

use std::os::unix::net::UnixDatagram;

use packmule_runtime::Reported;
use packmule_types::Code;

use super::{Entry, Log, Opening, ProviderType};

/// The registry's entry.
pub(super) const TYPE: ProviderType = ProviderType {
    name: "Microsoft.LogProviderEventLog",
    title: "SSIS log provider for Windows Event Log",
    doc: "a line for each entry in the computer's log (syslog or journald)",
    validate: |_| Ok(()),
    open,
};

const SOCKET: &str = "/dev/log";
/// Bytes of a line; longer ones are cut, as system logs do anyway.
const LINE_BYTES: usize = 8_000;
/// syslog's facility `user`, times eight.
const FACILITY: u8 = 8;

struct SystemLog {
    /// `None` where no system log listens.
    socket: Option<UnixDatagram>,
    error: Option<String>,
}

fn open(opening: &Opening<'_>) -> Result<Box<dyn Log>, Reported> {
    let connected = UnixDatagram::unbound().and_then(|socket| {
        socket.set_nonblocking(true)?;
        socket.connect(SOCKET)?;
        Ok(socket)
    });
    let socket = match connected {
        Ok(socket) => Some(socket),
        Err(error) => {
            let text = format!(
                "log provider {}: no system log listens at {SOCKET} ({error}); its entries are \
                 not written",
                opening.provider.name
            );
            opening.events.warning_text(Code(0xC001_404B), text);
            None
        }
    };
    Ok(Box::new(SystemLog {
        socket,
        error: None,
    }))
}

impl Log for SystemLog {
    fn write(&mut self, entry: &Entry<'_>, suppressed: &[String]) {
        let Some(socket) = &self.socket else { return };
        if let Err(error) = socket.send(line(entry, suppressed).as_bytes()) {
            self.error.get_or_insert(error.to_string());
        }
    }

    fn close(self: Box<Self>) -> Result<(), String> {
        self.error.map_or(Ok(()), Err)
    }
}

/// A line as RFC 3164 has it: priority, tag, text.
fn line(entry: &Entry<'_>, suppressed: &[String]) -> String {
    let name = entry.event.trim_start_matches("User:");
    let severity = match name {
        "OnError" | "OnTaskFailed" => 3,
        "OnWarning" => 4,
        _ => 6,
    };
    let column = |name: &str, value| super::column(suppressed, name, value);
    let mut text = format!(
        "<{}>packmule: {} source={} executionid={} code={} {}",
        FACILITY + severity,
        entry.event,
        column("SourceName", entry.source),
        column("ExecutionID", entry.execution_id),
        entry.code,
        column("MessageText", entry.message).trim_end(),
    );
    let mut end = text.len().min(LINE_BYTES);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.truncate(end);
    text.replace(['\r', '\n'], " ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_have_a_priority() {
        let entry = |event: &str| {
            let entry = Entry {
                event: event.to_owned(),
                computer: "PC",
                operator: "me",
                source: "Load",
                source_id: "{1}",
                execution_id: "{2}",
                time: chrono::NaiveDateTime::default(),
                code: 7,
                message: "a\r\nb\r\n",
            };
            line(&entry, &["ExecutionID".to_owned()])
        };
        let rest = "source=Load executionid= code=7 a  b";
        for (event, priority) in [("User:OnError", 11), ("OnWarning", 12), ("PackageEnd", 14)] {
            assert_eq!(
                entry(event),
                format!("<{priority}>packmule: {event} {rest}")
            );
        }
    }
}
