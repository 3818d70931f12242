//! The statement of an Execute SQL task: where it comes from, and its batches.

use packmule_runtime::Reported;
use packmule_types::code_page::CodePage;
use packmule_types::{Code, Value, VariableType};

use super::settings::{Settings, SourceType};
use crate::tasks::TaskContext;
use crate::text_file;

/// Largest statement file.
const FILE_BYTES_MAX: u64 = 64 * 1024 * 1024;
/// `GO n` repeats its batch at most so often.
const REPEATS_MAX: usize = 10_000;

/// Statement, file connection or variable are there.
pub(super) fn validate(context: &TaskContext, settings: &Settings) -> Result<(), Reported> {
    let events = &context.events;
    if settings.source.trim().is_empty() {
        return Err(events.error(Code(0xC002_91D4), &[]));
    }
    match settings.source_type {
        SourceType::DirectInput => Ok(()),
        SourceType::FileConnection => match context.connections().file(&settings.source) {
            Ok(_) => Ok(()),
            Err(error) => {
                let reported = error.report(events);
                let manager = context.connections().find(&settings.source);
                match manager.is_ok_and(|m| m.type_name == "FILE") {
                    // it is one, and has said what is wrong with it
                    true => Err(reported),
                    false => Err(events.error(Code(0xC002_91E7), &[&settings.source])),
                }
            }
        },
        SourceType::Variable => match context.scope.variable_type(&settings.source) {
            Ok(VariableType::String) => Ok(()),
            Ok(_) => Err(events.error(Code(0xC002_91E9), &[&settings.source])),
            Err(_) => Err(events.error(Code(0xC002_91EA), &[&settings.source])),
        },
    }
}

/// The text to run.
pub(super) fn text(context: &TaskContext, settings: &Settings) -> Result<String, Reported> {
    let events = &context.events;
    let text = match settings.source_type {
        SourceType::DirectInput => settings.source.clone(),
        SourceType::Variable => match context.scope.get(&settings.source) {
            Ok(Value::Text(text)) => text.to_string(),
            Ok(_) => return Err(events.error(Code(0xC002_91E9), &[&settings.source])),
            Err(error) => return Err(error.report(events)),
        },
        SourceType::FileConnection => from_file(context, settings)?,
    };
    if text.trim().is_empty() {
        return Err(events.error(Code(0xC002_91D4), &[]));
    }
    Ok(text)
}

fn from_file(context: &TaskContext, settings: &Settings) -> Result<String, Reported> {
    let events = &context.events;
    let target = context
        .connections()
        .file(&settings.source)
        .map_err(|error| error.report(events))?;
    let failed = |reason: String| {
        events.error_text(
            Code(0xC002_91E8),
            format!(
                "File represented by \"{}\" does not exist. ({}: {reason})",
                target.manager,
                target.path.display()
            ),
            Some("check the file, or map its folder in the mapping file"),
        )
    };
    let bytes = text_file::read(&target.path, FILE_BYTES_MAX);
    let bytes = bytes.map_err(|e| failed(e.to_string()))?;
    decode(&bytes, settings.code_page).map_err(failed)
}

/// A byte order mark decides, else the code page; UTF-8 text without a mark is taken as such
/// only under code page 65001.
fn decode(bytes: &[u8], code_page: u32) -> Result<String, String> {
    if let Some(text) = text_file::by_mark(bytes) {
        return Ok(text);
    }
    let number = if code_page == 0 { 1252 } else { code_page };
    let code_page = CodePage::new(number).map_err(|_| format!("unknown code page {number}"))?;
    Ok(code_page.decode(bytes).0.into_owned())
}

/// The batches between lines of `GO`, each as often as `GO n` says; empty ones are left out.
/// `GO` inside a comment over several lines or a quoted text does not count.
pub(super) fn batches(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut start = 0;
    let mut at = 0;
    let mut inside = Inside::Code;
    for line in text.split_inclusive('\n') {
        let repeats = if inside == Inside::Code {
            separator(line)
        } else {
            None
        };
        if let Some(repeats) = repeats {
            push(&mut found, text.get(start..at), repeats);
            start = at + line.len();
        } else {
            inside = inside.after(line);
        }
        at += line.len();
    }
    push(&mut found, text.get(start..), 1);
    found
}

fn push<'a>(found: &mut Vec<&'a str>, batch: Option<&'a str>, repeats: usize) {
    let batch = batch.unwrap_or_default();
    if !batch.trim().is_empty() {
        found.extend(std::iter::repeat_n(batch, repeats));
    }
}

/// How often a line of `GO` or `GO n` runs the batch before it.
fn separator(line: &str) -> Option<usize> {
    let line = line.trim().trim_end_matches(';').trim_end();
    let (word, rest) = line.split_at_checked(2)?;
    if !word.eq_ignore_ascii_case("go") {
        return None;
    }
    if rest.is_empty() {
        return Some(1);
    }
    let count = rest.strip_prefix([' ', '\t'])?.trim();
    count.parse().ok().map(|n: usize| n.min(REPEATS_MAX))
}

/// Where the end of a line lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Inside {
    Code,
    Comment(u32),
    Text(char),
}

impl Inside {
    fn after(self, line: &str) -> Self {
        let mut here = self;
        let mut chars = line.chars().peekable();
        while let Some(c) = chars.next() {
            let next = chars.peek().copied();
            match (here, c, next) {
                (Self::Code, '-', Some('-')) => return here,
                (Self::Code, '/', Some('*')) => {
                    chars.next();
                    here = Self::Comment(1);
                }
                (Self::Code, '\'' | '"', _) => here = Self::Text(c),
                (Self::Code, '[', _) => here = Self::Text(']'),
                (Self::Comment(depth), '/', Some('*')) => {
                    chars.next();
                    here = Self::Comment(depth.saturating_add(1));
                }
                (Self::Comment(depth), '*', Some('/')) => {
                    chars.next();
                    here = if depth > 1 {
                        Self::Comment(depth - 1)
                    } else {
                        Self::Code
                    };
                }
                (Self::Text(end), c, _) if c == end => here = Self::Code,
                _ => {}
            }
        }
        here
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn go_ends_batches() {
        let table: &[(&str, &[&str])] = &[
            ("a\nGO\nb", &["a\n", "b"]),
            ("a\r\ngo\r\n\r\nb\r\nGo ; \r\n", &["a\r\n", "\r\nb\r\n"]),
            ("a\nGO 2\nb\n", &["a\n", "a\n", "b\n"]),
            ("GO\nGO\n", &[]),
            ("a\n/*\nGO\n*/\nb", &["a\n/*\nGO\n*/\nb"]),
            ("select '\nGO\n'", &["select '\nGO\n'"]),
            ("select 1 -- it's\nGO\nb", &["select 1 -- it's\n", "b"]),
            ("select [it's]\nGO\nb", &["select [it's]\n", "b"]),
            ("goto x", &["goto x"]),
            ("a\nGOING\nb", &["a\nGOING\nb"]),
        ];
        for (text, expected) in table {
            assert_eq!(batches(text), *expected, "{text:?}");
        }
    }

    #[test]
    fn files_are_decoded_by_mark_or_code_page() {
        assert_eq!(decode(b"\xEF\xBB\xBFa\xC3\xA9", 1252).as_deref(), Ok("aé"));
        assert_eq!(decode(b"a\xE9", 1252).as_deref(), Ok("aé"));
        assert_eq!(decode(b"\xFF\xFEa\0", 1252).as_deref(), Ok("a"));
        assert_eq!(decode(b"\xFE\xFF\0a", 1252).as_deref(), Ok("a"));
        assert!(decode(b"a", 64_999).is_err());
    }
}
