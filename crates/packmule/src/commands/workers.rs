//! `packmule workers`: lists Workers, enables and disables them.

use std::process::ExitCode;

use packmule_api::shapes::{ChangeWorker, List, Worker};
use reqwest::Method;

use super::table::{self, Cell, Format, Table, Tone};
use crate::client::{Client, Connection};
use crate::exit::{ExitError, NOT_FOUND};

/// Lists Workers, or changes one.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    action: Option<Action>,
    #[command(flatten)]
    connection: Connection,
    /// How to print
    #[arg(long, value_enum, default_value_t, global = true)]
    format: Format,
}

#[derive(Debug, clap::Subcommand)]
enum Action {
    /// Gives a Worker new work again
    Enable(Named),
    /// Gives a Worker no new work; what it runs ends in peace
    Disable(Named),
}

#[derive(Debug, clap::Args)]
struct Named {
    /// Its id, the beginning of it, or its name
    worker: String,
}

/// Runs the command.
pub(crate) fn run(args: Args) -> anyhow::Result<ExitCode> {
    let client = args.connection.open()?;
    let list: List<Worker> = client.get(&["workers"], &[])?;
    let rows = match &args.action {
        None => list.items,
        Some(Action::Enable(named)) => vec![change(&client, &list.items, &named.worker, true)?],
        Some(Action::Disable(named)) => vec![change(&client, &list.items, &named.worker, false)?],
    };
    table::print(args.format, &rows, "no Worker has joined", render)?;
    Ok(ExitCode::SUCCESS)
}

fn change(client: &Client, all: &[Worker], name: &str, enabled: bool) -> anyhow::Result<Worker> {
    let worker = find(all, name)?;
    let change = ChangeWorker {
        is_enabled: Some(enabled),
        ..ChangeWorker::default()
    };
    let id = worker.worker_agent_id.to_string();
    client.send(Method::PATCH, &["workers", &id], &change)
}

/// The one Worker that an id, the beginning of one, or a name means.
pub(crate) fn find<'a>(all: &'a [Worker], name: &str) -> Result<&'a Worker, ExitError> {
    let wanted = name.to_lowercase();
    let matches: Vec<_> = all
        .iter()
        .filter(|row| {
            (wanted.len() >= 4 && row.worker_agent_id.to_string().starts_with(&wanted))
                || row.display_name.to_lowercase() == wanted
        })
        .collect();
    match matches.as_slice() {
        [one] => Ok(one),
        [] => Err(ExitError::new(NOT_FOUND, format!("no Worker is '{name}'"))
            .remedy("'packmule workers' lists them")),
        many => Err(
            ExitError::new(NOT_FOUND, format!("'{name}' means {} Workers", many.len()))
                .remedy("give more of the id"),
        ),
    }
}

fn render(rows: &[Worker]) -> Table {
    let mut table = Table::new(&[
        "ID",
        "Name",
        "Computer",
        "Online",
        "Enabled",
        "Slots",
        "CPU",
        "Free memory",
    ]);
    for row in rows {
        let age = table::duration(row.online_age_ms);
        let online = if row.is_online {
            Cell::text("online").tone(Tone::Good)
        } else {
            Cell::text(format!("offline for {age}")).tone(Tone::Bad)
        };
        table.row(vec![
            Cell::text(row.worker_agent_id),
            Cell::text(&row.display_name),
            Cell::text(&row.machine_name),
            online,
            Cell::text(if row.is_enabled { "yes" } else { "no" }),
            Cell::number(format!("{}/{}", row.slots_used, row.slots)),
            Cell::number(format!("{:.0} %", row.cpu_percent)),
            Cell::number(format!("{} MB", row.available_memory_mb)),
        ]);
    }
    table
}
