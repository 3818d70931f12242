//! The message: addresses, text, attachments.

use std::path::{Path, PathBuf};
use std::time::SystemTime;

use lettre::Message;
use lettre::message::header::{ContentType, HeaderName, HeaderValue};
use lettre::message::{Attachment, Mailbox, MessageBuilder, MultiPart, SinglePart};
use packmule_runtime::MemoryBudget;
use packmule_runtime::memory::Reservation;

use super::{Priority, Settings};
use crate::text_file;

/// Largest file that a message's text is read from.
const TEXT_BYTES_MAX: u64 = 64 * 1024 * 1024;

/// Addresses of a line, separated by `;` or `,`; not inside quotes or `<…>`.
pub(super) fn split(line: &str) -> impl Iterator<Item = &str> {
    let (mut quoted, mut in_address) = (false, false);
    line.split(move |c: char| {
        match c {
            '"' => quoted = !quoted,
            '<' if !quoted => in_address = true,
            '>' if !quoted => in_address = false,
            _ => {}
        }
        matches!(c, ';' | ',') && !quoted && !in_address
    })
    .map(str::trim)
    .filter(|address| !address.is_empty())
}

/// One address.
fn mailbox(text: &str) -> Result<Mailbox, String> {
    text.parse()
        .map_err(|_| format!("\"{text}\" is not in the form required for an e-mail address"))
}

/// The text of a file: by its byte order mark, else UTF-8, else Windows-1252.
pub(super) fn read_text(path: &Path) -> std::io::Result<String> {
    let bytes = text_file::read(path, TEXT_BYTES_MAX)?;
    Ok(decode(&bytes))
}

fn decode(bytes: &[u8]) -> String {
    if let Some(text) = text_file::by_mark(bytes) {
        return text;
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => match packmule_types::code_page::CodePage::new(1252) {
            Ok(page) => page.decode(bytes).0.into_owned(),
            Err(_) => String::from_utf8_lossy(bytes).into_owned(),
        },
    }
}

/// Takes what building and sending hold: text and files, in base64, twice.
pub(super) fn reserve(
    memory: &MemoryBudget,
    text: &str,
    paths: &[(&str, PathBuf)],
) -> Result<Reservation, String> {
    let mut bytes = text.len() as u64;
    for (_, path) in paths {
        bytes += std::fs::metadata(path).map_or(0, |m| m.len());
    }
    let bytes = usize::try_from(bytes.saturating_mul(4)).unwrap_or(usize::MAX);
    memory.try_reserve(bytes).map_err(|e| e.to_string())
}

/// The message as it is sent.
pub(super) fn build(
    settings: &Settings,
    text: String,
    paths: &[(&str, PathBuf)],
    now: SystemTime,
) -> Result<Message, String> {
    if settings.from.trim().is_empty() {
        return Err("no sender is specified".to_owned());
    }
    let mut builder = Message::builder().date(now);
    builder = builder.from(mailbox(settings.from.trim())?);
    for address in split(&settings.to) {
        builder = builder.to(mailbox(address)?);
    }
    for address in split(&settings.cc) {
        builder = builder.cc(mailbox(address)?);
    }
    for address in split(&settings.bcc) {
        builder = builder.bcc(mailbox(address)?);
    }
    // A line break in a subject would begin another header.
    let subject = settings.subject.replace(['\r', '\n'], " ");
    builder = with_priority(builder.subject(subject), settings.priority);
    let part = SinglePart::builder()
        .header(ContentType::TEXT_PLAIN)
        .body(text);
    if paths.is_empty() {
        return builder.singlepart(part).map_err(|e| e.to_string());
    }
    let mut parts = MultiPart::mixed().singlepart(part);
    for (written, path) in paths {
        let bytes = std::fs::read(path).map_err(|e| format!("{}: {e}", path.display()))?;
        let name = written.rsplit(['/', '\\']).next().unwrap_or(written);
        let content = ContentType::parse("application/octet-stream").map_err(|e| e.to_string())?;
        parts = parts.singlepart(Attachment::new(name.to_owned()).body(bytes, content));
    }
    builder.multipart(parts).map_err(|e| e.to_string())
}

/// The headers that .NET's mail client writes for a priority.
fn with_priority(builder: MessageBuilder, priority: Priority) -> MessageBuilder {
    let (number, word, importance) = match priority {
        Priority::Normal => return builder,
        Priority::Low => ("5", "non-urgent", "low"),
        Priority::High => ("1", "urgent", "high"),
    };
    let header = |builder: MessageBuilder, name: &'static str, value: &str| {
        let name = HeaderName::new_from_ascii_str(name);
        builder.raw_header(HeaderValue::new(name, value.to_owned()))
    };
    let builder = header(builder, "X-Priority", number);
    let builder = header(builder, "Priority", word);
    header(builder, "Importance", importance)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_addresses() {
        let cases: [(&str, &[&str]); 5] = [
            ("a@x;b@y, c@z ;", &["a@x", "b@y", "c@z"]),
            (
                "\"Last, First\" <a@x>; b@y",
                &["\"Last, First\" <a@x>", "b@y"],
            ),
            ("Name <a@x>,b@y", &["Name <a@x>", "b@y"]),
            (" ; ,", &[]),
            ("", &[]),
        ];
        for (line, expected) in cases {
            let found: Vec<&str> = split(line).collect();
            assert_eq!(found, expected, "{line}");
            assert!(found.iter().all(|a| mailbox(a).is_ok()), "{line}");
        }
        for wrong in ["a", "a@", "@x", "a b@x y", "a@x\r\nBcc: b@y"] {
            assert!(mailbox(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn texts_of_files() {
        let cases: [(&[u8], &str); 5] = [
            (b"\xEF\xBB\xBF\xC3\xA4", "ä"),
            (b"\xC3\xA4", "ä"),
            (b"\xE4", "ä"),
            (b"\xFF\xFE\xE4\x00", "ä"),
            (b"\xFE\xFF\x00\xE4", "ä"),
        ];
        for (bytes, expected) in cases {
            assert_eq!(decode(bytes), expected, "{bytes:?}");
        }
    }
}
