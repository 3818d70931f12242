//! Lists on standard output: tables for people, JSON for programs.

use std::io::{IsTerminal, Write};

use serde::Serialize;

pub(crate) use crate::format::Format;

/// A colour that says how it went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tone {
    /// As it is.
    Plain,
    /// Well.
    Good,
    /// Not well.
    Bad,
    /// Take care.
    Care,
    /// Of less interest.
    Dim,
}

impl Tone {
    /// The tone of a status of an execution.
    pub(crate) fn of_status(status: i32) -> Self {
        match status {
            7 | 9 => Self::Good,
            4 | 6 => Self::Bad,
            2 | 8 => Self::Care,
            _ => Self::Dim,
        }
    }

    fn code(self) -> &'static str {
        match self {
            Self::Plain => "",
            Self::Good => "32",
            Self::Bad => "31",
            Self::Care => "33",
            Self::Dim => "2",
        }
    }
}

/// One cell.
#[derive(Debug, Clone)]
pub(crate) struct Cell {
    text: String,
    tone: Tone,
    right: bool,
}

impl Cell {
    /// A plain text.
    pub(crate) fn text(text: impl ToString) -> Self {
        Self {
            text: one_line(&text.to_string()),
            tone: Tone::Plain,
            right: false,
        }
    }

    /// A number: stands right.
    pub(crate) fn number(number: impl ToString) -> Self {
        Self {
            right: true,
            ..Self::text(number)
        }
    }

    /// The same in a colour.
    #[must_use]
    pub(crate) fn tone(self, tone: Tone) -> Self {
        Self { tone, ..self }
    }
}

/// Control characters would let a name from a package steer the terminal.
fn one_line(text: &str) -> String {
    text.chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect()
}

/// A table with heads.
#[derive(Debug)]
pub(crate) struct Table {
    heads: Vec<&'static str>,
    rows: Vec<Vec<Cell>>,
}

impl Table {
    /// An empty table.
    pub(crate) fn new(heads: &[&'static str]) -> Self {
        Self {
            heads: heads.to_vec(),
            rows: Vec::new(),
        }
    }

    /// Adds a row.
    pub(crate) fn row(&mut self, cells: Vec<Cell>) {
        self.rows.push(cells);
    }

    /// The table as lines, with colours or without.
    pub(crate) fn render(&self, colours: bool) -> String {
        let mut widths: Vec<usize> = self.heads.iter().map(|head| head.chars().count()).collect();
        for row in &self.rows {
            for (width, cell) in widths.iter_mut().zip(row) {
                *width = (*width).max(cell.text.chars().count());
            }
        }
        let heads: Vec<Cell> = self
            .heads
            .iter()
            .enumerate()
            .map(|(place, head)| Cell {
                text: (*head).to_owned(),
                tone: Tone::Dim,
                right: self
                    .rows
                    .first()
                    .and_then(|row| row.get(place))
                    .is_some_and(|cell| cell.right),
            })
            .collect();
        let mut text = String::new();
        for row in std::iter::once(&heads).chain(&self.rows) {
            render_row(&mut text, row, &widths, colours);
        }
        text
    }
}

fn render_row(text: &mut String, row: &[Cell], widths: &[usize], colours: bool) {
    let mut line = String::new();
    for (place, (cell, width)) in row.iter().zip(widths).enumerate() {
        if place > 0 {
            line.push_str("  ");
        }
        let padding = " ".repeat(width.saturating_sub(cell.text.chars().count()));
        if cell.right {
            line.push_str(&padding);
        }
        if colours && cell.tone != Tone::Plain && !cell.text.is_empty() {
            line.push_str(&format!(
                "\u{1b}[{}m{}\u{1b}[0m",
                cell.tone.code(),
                cell.text
            ));
        } else {
            line.push_str(&cell.text);
        }
        if !cell.right {
            line.push_str(&padding);
        }
    }
    text.push_str(line.trim_end());
    text.push('\n');
}

/// Whether colours are wanted: a terminal, and `NO_COLOR` is not set.
pub(crate) fn colours() -> bool {
    std::io::stdout().is_terminal()
        && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
}

/// Prints rows in the format asked for; `empty` stands in place of a table without rows.
///
/// # Errors
/// When standard output cannot be written.
pub(crate) fn print<T: Serialize>(
    format: Format,
    rows: &[T],
    empty: &str,
    table: impl FnOnce(&[T]) -> Table,
) -> anyhow::Result<()> {
    match format {
        Format::Json => print_json(&rows),
        Format::Text if rows.is_empty() => say(empty),
        Format::Text => {
            let text = table(rows).render(colours());
            write_out(&text)
        }
    }
}

/// Prints one thing as JSON.
///
/// # Errors
/// When standard output cannot be written.
pub(crate) fn print_json(value: &impl Serialize) -> anyhow::Result<()> {
    let mut text = serde_json::to_string_pretty(value)?;
    text.push('\n');
    write_out(&text)
}

/// Prints a line.
///
/// # Errors
/// When standard output cannot be written.
pub(crate) fn say(line: &str) -> anyhow::Result<()> {
    write_out(&format!("{line}\n"))
}

fn write_out(text: &str) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        // a reader such as head has seen enough
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
        other => Ok(other?),
    }
}

/// A time in the time zone of the computer.
pub(crate) fn time(time: chrono::DateTime<chrono::Utc>) -> String {
    time.with_timezone(&chrono::Local)
        .format("%Y-%m-%d %H:%M:%S")
        .to_string()
}

/// Milliseconds as `0.420 s`, `3.4 s`, `4 min 05 s`, `2 h 03 min`.
pub(crate) fn duration(ms: i64) -> String {
    let ms = ms.max(0);
    match ms {
        0..=9_999 => format!("{}.{:03} s", ms / 1000, ms % 1000),
        10_000..=59_999 => format!("{}.{} s", ms / 1000, ms % 1000 / 100),
        60_000..=3_599_999 => format!("{} min {:02} s", ms / 60_000, ms % 60_000 / 1000),
        _ => format!("{} h {:02} min", ms / 3_600_000, ms % 3_600_000 / 60_000),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_line_up() {
        let mut table = Table::new(&["ID", "Name", "Status"]);
        table.row(vec![
            Cell::number(7),
            Cell::text("Ä"),
            Cell::text("Failed").tone(Tone::Bad),
        ]);
        table.row(vec![
            Cell::number(1234),
            Cell::text("Load\u{1b}[2J"),
            Cell::text(""),
        ]);
        assert_eq!(
            table.render(false),
            "  ID  Name      Status\n   7  Ä         Failed\n1234  Load [2J\n"
        );
        assert!(table.render(true).contains("\u{1b}[31mFailed\u{1b}[0m"));
    }

    #[test]
    fn durations_are_short() {
        let rows = [
            (-5, "0.000 s"),
            (420, "0.420 s"),
            (12_345, "12.3 s"),
            (245_000, "4 min 05 s"),
            (7_380_000, "2 h 03 min"),
        ];
        for (ms, text) in rows {
            assert_eq!(duration(ms), text);
        }
    }
}
