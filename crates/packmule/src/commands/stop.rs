//! `packmule stop`: asks an execution to stop.

use std::process::ExitCode;

use packmule_api::shapes::Execution;
use reqwest::Method;

use super::table::{self, Format};
use crate::client::Connection;

/// Stops executions.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The executions
    #[arg(required = true, value_name = "ID")]
    ids: Vec<i64>,
    #[command(flatten)]
    connection: Connection,
    /// How to print
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

/// Runs the command.
pub(crate) fn run(args: Args) -> anyhow::Result<ExitCode> {
    let client = args.connection.open()?;
    let mut rows = Vec::new();
    for id in args.ids {
        let path = ["executions", &id.to_string(), "stop"];
        let row: Execution = client.send(Method::POST, &path, &serde_json::json!({}))?;
        rows.push(row);
    }
    match args.format {
        Format::Json => table::print_json(&rows)?,
        Format::Text => {
            for row in rows {
                let status = row.status_name.to_lowercase();
                table::say(&format!("execution {} is {status}", row.execution_id))?;
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}
