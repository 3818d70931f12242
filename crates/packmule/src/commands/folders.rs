//! `packmule folders`: lists folders of the catalog.

use std::process::ExitCode;

use packmule_api::shapes::{Folder, List};

use super::table::{self, Cell, Format, Table, Tone};
use crate::client::Connection;

/// Lists folders.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    connection: Connection,
    /// How to print
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

/// Runs the command.
pub(crate) fn run(args: Args) -> anyhow::Result<ExitCode> {
    let list: List<Folder> = args.connection.open()?.get(&["folders"], &[])?;
    let empty = "no folder yet; 'packmule deploy' makes one";
    table::print(args.format, &list.items, empty, |rows| {
        let mut table = Table::new(&["Folder", "Created", "By", "Description"]);
        for row in rows {
            table.row(vec![
                Cell::text(&row.name),
                Cell::text(table::time(row.created_time)).tone(Tone::Dim),
                Cell::text(&row.created_by_name),
                Cell::text(&row.description),
            ]);
        }
        table
    })?;
    Ok(ExitCode::SUCCESS)
}
