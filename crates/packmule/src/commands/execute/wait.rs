//! Following executions to their end: bars on a terminal, plain lines otherwise.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, IsTerminal};
use std::process::ExitCode;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::time::Duration;

use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget, ProgressStyle};
use packmule_api::shapes::{Execution, Page, Statistics};

use super::super::executions;
use super::super::messages::{self, Level};
use super::super::table::{self, Format};
use crate::client::Client;
use crate::exit::{CANCELED, FAILED};

/// The safety net when the live stream says nothing.
const LOOK_AGAIN: Duration = Duration::from_millis(500);

/// Executions in one answer.
const AT_ONCE: u32 = 500;

/// Errors that are shown of one failed execution.
const ERRORS_MAX: usize = 5;

/// Bars at a time; more executions share the last line.
const BARS_MAX: usize = 20;

/// Follows executions until all have ended.
pub(super) fn to_the_end(
    client: &Client,
    started: Vec<Execution>,
    format: Format,
) -> anyhow::Result<ExitCode> {
    let ids: Vec<i64> = started.iter().map(|row| row.execution_id).collect();
    let (ticks, woken) = sync_channel(1);
    let mut view = View::new(format, started.len());
    listen(client, ticks.clone());
    let mut rows = started;
    loop {
        // only bars show them
        let counts = match view.bars {
            Some(_) => row_counts(client, &rows)?,
            None => BTreeMap::new(),
        };
        view.show(&rows, &counts);
        if rows.iter().all(ended) {
            break;
        }
        pause(&woken);
        rows = look(client, &ids)?;
    }
    view.close();
    drop(ticks);
    finish(client, &rows, format)
}

/// Reads the live stream for as long as this process lives, and wakes whoever waits.
fn listen(client: &Client, ticks: SyncSender<()>) {
    // without the stream the safety net does
    let Ok(stream) = client.stream(&["live"]) else {
        return;
    };
    std::thread::spawn(move || {
        for line in BufReader::new(stream).lines() {
            let Ok(line) = line else { return };
            if line.starts_with("data:") {
                // full: the waiter is woken already
                let _ = ticks.try_send(());
            }
        }
    });
}

fn pause(woken: &Receiver<()>) {
    // the sender is kept beside the receiver: this is a tick or the time
    let _ = woken.recv_timeout(LOOK_AGAIN);
}

fn ended(row: &Execution) -> bool {
    matches!(row.status, 3 | 4 | 6 | 7 | 9)
}

/// The executions as they are now, in the order they were started.
fn look(client: &Client, ids: &[i64]) -> anyhow::Result<Vec<Execution>> {
    let first = ids.iter().copied().min().unwrap_or_default();
    let mut found: BTreeMap<i64, Execution> = BTreeMap::new();
    let mut before = ids.iter().copied().max().map(|id| id.saturating_add(1));
    while let Some(id) = before.filter(|id| *id > first) {
        let query = [("before", id.to_string()), ("limit", AT_ONCE.to_string())];
        let page: Page<Execution> = client.get(&["executions"], &query)?;
        before = page.next;
        found.extend(page.items.into_iter().map(|row| (row.execution_id, row)));
    }
    ids.iter()
        .map(|id| {
            found
                .remove(id)
                .ok_or_else(|| anyhow::anyhow!("execution {id} is no longer in the catalog"))
        })
        .collect()
}

/// Rows sent so far by those that run.
fn row_counts(client: &Client, rows: &[Execution]) -> anyhow::Result<BTreeMap<i64, i64>> {
    rows.iter()
        .filter(|row| row.status == 2)
        .take(BARS_MAX)
        .map(|row| {
            let path = ["executions", &row.execution_id.to_string(), "statistics"];
            let statistics: Statistics = client.get(&path, &[])?;
            let sum = statistics.paths.iter().map(|path| path.rows_sent).sum();
            Ok((row.execution_id, sum))
        })
        .collect()
}

/// What is shown meanwhile.
struct View {
    bars: Option<Bars>,
    plain: bool,
    said: BTreeMap<i64, i32>,
}

struct Bars {
    all: MultiProgress,
    total: ProgressBar,
    each: BTreeMap<i64, ProgressBar>,
}

impl View {
    fn new(format: Format, count: usize) -> Self {
        let bars = format == Format::Text && std::io::stderr().is_terminal();
        Self {
            bars: bars.then(|| Bars::new(count)),
            plain: format == Format::Text && !bars,
            said: BTreeMap::new(),
        }
    }

    fn show(&mut self, rows: &[Execution], counts: &BTreeMap<i64, i64>) {
        if let Some(bars) = &mut self.bars {
            bars.show(rows, counts);
        }
        if !self.plain {
            return;
        }
        for row in rows {
            if self.said.insert(row.execution_id, row.status) != Some(row.status) {
                // standard output gone is noticed at the end
                let _ = table::say(&format!(
                    "{} {} {}/{}",
                    row.execution_id, row.status_name, row.project_name, row.package_name
                ));
            }
        }
    }

    fn close(&self) {
        if let Some(bars) = &self.bars {
            // a terminal that is gone needs no clearing
            let _ = bars.all.clear();
        }
    }
}

impl Bars {
    fn new(count: usize) -> Self {
        let all = MultiProgress::with_draw_target(ProgressDrawTarget::stderr());
        let total = all.add(ProgressBar::new(count as u64));
        total.set_style(style("{bar:30} {pos}/{len} done {elapsed}"));
        Self {
            all,
            total,
            each: BTreeMap::new(),
        }
    }

    fn show(&mut self, rows: &[Execution], counts: &BTreeMap<i64, i64>) {
        self.total
            .set_position(rows.iter().filter(|row| ended(row)).count() as u64);
        for row in rows {
            let id = row.execution_id;
            if ended(row) {
                if let Some(bar) = self.each.remove(&id) {
                    bar.finish_and_clear();
                }
                continue;
            }
            if row.status == 5 || (!self.each.contains_key(&id) && self.each.len() >= BARS_MAX) {
                continue;
            }
            let bar = self.each.entry(id).or_insert_with(|| {
                let bar = self
                    .all
                    .insert_before(&self.total, ProgressBar::new_spinner());
                bar.set_style(style("{spinner} {msg} {elapsed}"));
                bar.enable_steady_tick(Duration::from_millis(100));
                bar
            });
            let sent = counts.get(&id).copied().unwrap_or_default();
            let rows = if sent > 0 {
                format!(", {sent} rows")
            } else {
                String::new()
            };
            bar.set_message(format!(
                "{id} {} {}{rows}",
                row.package_name, row.status_name
            ));
        }
    }
}

/// A style; the templates are constants, a wrong one falls back to the plain style.
fn style(template: &str) -> ProgressStyle {
    ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar())
}

/// The last word: a table, errors of those that failed, the exit code.
fn finish(client: &Client, rows: &[Execution], format: Format) -> anyhow::Result<ExitCode> {
    table::print(format, rows, "no execution", executions::render)?;
    if format == Format::Text {
        for row in rows.iter().filter(|row| matches!(row.status, 4 | 6)) {
            for message in messages::fetch(client, row.execution_id, Level::Error, ERRORS_MAX)? {
                let path = &message.execution_path;
                table::say(&format!(
                    "{}: {path}: {}",
                    row.execution_id, message.message
                ))?;
            }
        }
    }
    Ok(code_of(rows.iter().map(|row| row.status)))
}

/// dtexec's code: failed stands before canceled, canceled before success.
fn code_of(statuses: impl Iterator<Item = i32>) -> ExitCode {
    exit_number(statuses).into()
}

fn exit_number(statuses: impl Iterator<Item = i32>) -> u8 {
    statuses
        .map(|status| match status {
            7 | 9 => 0,
            3 => CANCELED,
            _ => FAILED,
        })
        .max_by_key(|code| match *code {
            0 => 0,
            CANCELED => 1,
            _ => 2,
        })
        .unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_worst_end_gives_the_exit_code() {
        let table: [(&[i32], u8); 5] = [
            (&[7, 7], 0),
            (&[7, 3], 3),
            (&[3, 4, 7], 1),
            (&[6], 1),
            (&[9], 0),
        ];
        for (statuses, code) in table {
            assert_eq!(exit_number(statuses.iter().copied()), code, "{statuses:?}");
        }
    }
}
