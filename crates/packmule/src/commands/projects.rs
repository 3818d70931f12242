//! `packmule projects`: lists projects of the catalog.

use std::process::ExitCode;

use packmule_api::shapes::{List, Project};

use super::table::{self, Cell, Format, Table, Tone};
use crate::client::Connection;

/// Lists projects.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Only of this folder
    #[arg(long)]
    folder: Option<String>,
    #[command(flatten)]
    connection: Connection,
    /// How to print
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

/// Runs the command.
pub(crate) fn run(args: Args) -> anyhow::Result<ExitCode> {
    let query: Vec<_> = args
        .folder
        .map(|name| ("folder_name", name))
        .into_iter()
        .collect();
    let list: List<Project> = args.connection.open()?.get(&["projects"], &query)?;
    let empty = "no project; 'packmule deploy' brings one";
    table::print(args.format, &list.items, empty, |rows| {
        let mut table = Table::new(&["Folder", "Project", "Version", "Deployed", "By"]);
        for row in rows {
            table.row(vec![
                Cell::text(&row.folder_name),
                Cell::text(&row.name),
                Cell::number(row.object_version_lsn),
                Cell::text(table::time(row.last_deployed_time)).tone(Tone::Dim),
                Cell::text(&row.deployed_by_name),
            ]);
        }
        table
    })?;
    Ok(ExitCode::SUCCESS)
}
