//! `packmule packages`: lists packages of the catalog.

use std::process::ExitCode;

use packmule_api::shapes::{List, Package};

use super::table::{self, Cell, Format, Table};
use crate::client::Connection;

/// Lists packages.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Only of this folder
    #[arg(long)]
    folder: Option<String>,
    /// Only of this project
    #[arg(long)]
    project: Option<String>,
    #[command(flatten)]
    connection: Connection,
    /// How to print
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

/// Runs the command.
pub(crate) fn run(args: Args) -> anyhow::Result<ExitCode> {
    let query: Vec<_> = [
        args.folder.map(|name| ("folder_name", name)),
        args.project.map(|name| ("project_name", name)),
    ]
    .into_iter()
    .flatten()
    .collect();
    let list: List<Package> = args.connection.open()?.get(&["packages"], &query)?;
    table::print(args.format, &list.items, "no package", |rows| {
        let mut table = Table::new(&["Folder", "Project", "Package", "Entry point", "Description"]);
        for row in rows {
            table.row(vec![
                Cell::text(&row.folder_name),
                Cell::text(&row.project_name),
                Cell::text(&row.name),
                Cell::text(if row.entry_point { "yes" } else { "no" }),
                Cell::text(&row.description),
            ]);
        }
        table
    })?;
    Ok(ExitCode::SUCCESS)
}
