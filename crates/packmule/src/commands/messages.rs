//! `packmule messages`: the messages of an execution, oldest first.

use std::process::ExitCode;

use packmule_api::shapes::{EventMessage, Page};

use super::table::{self, Cell, Format, Table, Tone};
use crate::client::{Client, Connection};

/// Messages asked for at a time.
const AT_ONCE: u32 = 1000;

/// Shows messages.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The execution
    id: i64,
    /// How much of them
    #[arg(long, value_enum, default_value_t)]
    level: Level,
    /// At most so many
    #[arg(long, default_value_t = 10_000)]
    limit: usize,
    #[command(flatten)]
    connection: Connection,
    /// How to print
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

/// How much of the messages is wanted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Level {
    /// Errors and failed tasks
    Error,
    /// Warnings too
    Warning,
    /// Informations too
    Information,
    /// Everything
    #[default]
    All,
}

impl Level {
    fn name(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Information => "information",
            Self::All => "all",
        }
    }
}

/// Runs the command.
pub(crate) fn run(args: Args) -> anyhow::Result<ExitCode> {
    let client = args.connection.open()?;
    let rows = fetch(&client, args.id, args.level, args.limit)?;
    table::print(args.format, &rows, "no message", |rows| {
        let mut table = Table::new(&["Time", "Event", "Source", "Message"]);
        for row in rows {
            let source = match row.subcomponent_name.as_str() {
                "" => row.message_source_name.clone(),
                component => format!("{} / {component}", row.message_source_name),
            };
            let remedy = row.remedy.as_ref().map(|text| format!(" ({text})"));
            table.row(vec![
                Cell::text(table::time(row.message_time)).tone(Tone::Dim),
                Cell::text(&row.event_name).tone(tone(row.message_type)),
                Cell::text(source),
                Cell::text(format!("{}{}", row.message, remedy.unwrap_or_default())),
            ]);
        }
        table
    })?;
    Ok(ExitCode::SUCCESS)
}

/// Messages of an execution, page by page.
pub(crate) fn fetch(
    client: &Client,
    id: i64,
    level: Level,
    limit: usize,
) -> anyhow::Result<Vec<EventMessage>> {
    let mut rows: Vec<EventMessage> = Vec::new();
    let mut after = None;
    while rows.len() < limit {
        let mut query = vec![
            ("level", level.name().to_owned()),
            ("limit", AT_ONCE.to_string()),
        ];
        query.extend(after.map(|id: i64| ("after", id.to_string())));
        let path = ["executions", &id.to_string(), "messages"];
        let page: Page<EventMessage> = client.get(&path, &query)?;
        rows.extend(page.items);
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    rows.truncate(limit);
    Ok(rows)
}

fn tone(message_type: i32) -> Tone {
    match message_type {
        120 | 130 => Tone::Bad,
        110 => Tone::Care,
        70 => Tone::Plain,
        _ => Tone::Dim,
    }
}
