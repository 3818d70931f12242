//! `packmule executions`: lists executions, newest first.

use std::process::ExitCode;

use packmule_api::shapes::{Execution, Page};

use super::table::{self, Cell, Format, Table, Tone};
use crate::client::Connection;

/// Lists executions.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Only with these statuses: names or numbers, separated by commas
    #[arg(long)]
    status: Option<String>,
    /// Only of this folder
    #[arg(long)]
    folder: Option<String>,
    /// Only of this project
    #[arg(long)]
    project: Option<String>,
    /// Only of this package
    #[arg(long)]
    package: Option<String>,
    /// Only with a lower id
    #[arg(long, value_name = "ID")]
    before: Option<i64>,
    /// How many
    #[arg(long, default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..=500))]
    limit: u32,
    #[command(flatten)]
    connection: Connection,
    /// How to print
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

/// Runs the command.
pub(crate) fn run(args: Args) -> anyhow::Result<ExitCode> {
    let query: Vec<_> = [
        args.status.map(|text| ("status", text)),
        args.folder.map(|name| ("folder_name", name)),
        args.project.map(|name| ("project_name", name)),
        args.package.map(|name| ("package_name", name)),
        args.before.map(|id| ("before", id.to_string())),
        Some(("limit", args.limit.to_string())),
    ]
    .into_iter()
    .flatten()
    .collect();
    let page: Page<Execution> = args.connection.open()?.get(&["executions"], &query)?;
    table::print(args.format, &page.items, "no execution", render)?;
    Ok(ExitCode::SUCCESS)
}

/// Executions as a table.
pub(crate) fn render(rows: &[Execution]) -> Table {
    let mut table = Table::new(&[
        "ID", "Status", "Folder", "Project", "Package", "Started", "Duration", "Ran on", "Attempts",
    ]);
    for row in rows {
        table.row(vec![
            Cell::number(row.execution_id),
            Cell::text(&row.status_name).tone(Tone::of_status(row.status)),
            Cell::text(&row.folder_name),
            Cell::text(&row.project_name),
            Cell::text(&row.package_name),
            Cell::text(row.start_time.map(table::time).unwrap_or_default()).tone(Tone::Dim),
            Cell::number(row.duration_ms.map(table::duration).unwrap_or_default()),
            Cell::text(row.worker_name.as_ref().unwrap_or(&row.machine_name)),
            Cell::number(row.executed_count),
        ]);
    }
    table
}
