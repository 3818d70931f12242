//! `packmule deploy`: brings a project to the catalog. A project file (.dtproj) or folder is
//! packed into an archive (.ispac) first, as Visual Studio's build does.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context;
use packmule_api::shapes::Deployment;
use reqwest::Method;

use super::table::{self, Format};
use crate::client::Connection;
use crate::exit::{ExitError, NOT_FOUND};

mod pack;

/// Deploys a project.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Project archive (.ispac), project file (.dtproj), or folder of a project
    file: PathBuf,
    /// The catalog's folder; made when it does not exist. By default named as the project
    #[arg(long)]
    folder: Option<String>,
    /// The project's name, which must be the one inside
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
    let client = args.connection.open()?;
    let bytes = archive(&args.file)?;
    let stem = args
        .file
        .file_stem()
        .map(|stem| stem.to_string_lossy().into_owned());
    let folder = args
        .folder
        .or_else(|| args.project.clone())
        .or(stem)
        .unwrap_or_else(|| "Projects".to_owned());
    let query = [("create_folder", "true".to_owned())];
    let deployment: Deployment = match &args.project {
        Some(project) => {
            let path = ["folders", &folder, "projects", project];
            client.upload(Method::PUT, &path, &query, bytes)?
        }
        None => {
            let path = ["folders", &folder, "projects"];
            client.upload(Method::POST, &path, &query, bytes)?
        }
    };
    match args.format {
        Format::Json => table::print_json(&deployment)?,
        Format::Text => {
            let project = &deployment.project;
            table::say(&format!(
                "deployed {}/{}, version {}, {} packages",
                project.folder_name,
                project.name,
                project.object_version_lsn,
                deployment.packages.len()
            ))?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// The bytes of the archive that a path means.
fn archive(path: &Path) -> anyhow::Result<Vec<u8>> {
    let shown = path.display();
    let kind = std::fs::metadata(path).map_err(|error| {
        if error.kind() == std::io::ErrorKind::NotFound {
            anyhow::Error::new(
                ExitError::new(NOT_FOUND, format!("{shown} does not exist"))
                    .remedy("give an .ispac or .dtproj file, or the folder of a project"),
            )
        } else {
            anyhow::Error::new(error).context(format!("{shown} cannot be read"))
        }
    })?;
    let extension = path
        .extension()
        .map(|extension| extension.to_string_lossy().to_lowercase());
    if kind.is_dir() {
        return pack::folder(path);
    }
    match extension.as_deref() {
        Some("dtproj") => pack::project_file(path),
        Some("dtsx") => Err(ExitError::new(
            crate::exit::BAD_USAGE,
            format!("{shown} is a single package, the catalog takes projects"),
        )
        .remedy("deploy the folder that it is in, or run it with 'packmule run'")
        .into()),
        _ => std::fs::read(path).with_context(|| format!("{shown} cannot be read")),
    }
}
