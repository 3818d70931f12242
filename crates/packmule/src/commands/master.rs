//! `packmule master`: catalog, Master, API and page, for Workers that join from elsewhere.
#![expect(clippy::print_stdout, reason = "it is the command's output")]

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use anyhow::Context;
use packmule_api::server_file::ServerFile;
use packmule_api::{ApiConfig, Handle, token};
use packmule_catalog::{Catalog, CatalogConfig};
use packmule_scaleout::{MasterConfig, MasterHandle, serve_master};

use crate::commands::service;

/// Where it listens and what it keeps.
#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    common: Common,
    /// Writes an invitation for one Worker here, good for an hour
    #[arg(long, value_name = "FILE")]
    invite: Vec<PathBuf>,
}

/// What `master` and `server` have in common.
#[derive(clap::Args)]
pub(crate) struct Common {
    /// Folder of the catalog, certificates and token; PACKMULE_DATA
    #[arg(long, value_name = "FOLDER", env = "PACKMULE_DATA")]
    pub(crate) data: Option<PathBuf>,
    /// Where the page and the API listen
    #[arg(long, default_value = "127.0.0.1:8740")]
    pub(crate) listen: SocketAddr,
    /// Where Workers reach the Master
    #[arg(long, default_value = "127.0.0.1:8391")]
    pub(crate) master_listen: SocketAddr,
    /// Host by which Workers reach the Master; default: the address listened on
    #[arg(long)]
    pub(crate) host: Option<String>,
}

/// A catalog with its Master and API.
pub(crate) struct Services {
    pub(crate) folder: PathBuf,
    pub(crate) catalog: Catalog,
    pub(crate) master: MasterHandle,
    pub(crate) api: Handle,
    token_file: PathBuf,
}

/// Starts catalog, Master and API.
pub(crate) async fn start(common: Common, enable_new_workers: bool) -> anyhow::Result<Services> {
    let folder = service::data_folder(common.data)?;
    let catalog_folder = folder.join("catalog");
    let catalog =
        tokio::task::spawn_blocking(move || Catalog::open(CatalogConfig::new(catalog_folder)))
            .await??;
    let master = MasterConfig {
        host: common.host,
        enable_new_workers,
        ..MasterConfig::new(common.master_listen, folder.join("master"))
    };
    let master = serve_master(master, catalog.clone()).await?;
    let token_file = folder.join("token");
    let token = token::load_or_create(&token_file)?;
    let api = packmule_api::serve(ApiConfig::new(common.listen, token), catalog.clone()).await?;
    Ok(Services {
        folder,
        catalog,
        master,
        api,
        token_file,
    })
}

impl Services {
    /// Writes `server.json`: from here on commands find the server, so it is written last.
    pub(crate) fn announce(&self) -> anyhow::Result<()> {
        let file = ServerFile {
            url: self.api.url(),
            token_file: self.token_file.clone(),
            process_id: Some(std::process::id()),
        };
        file.write(&self.folder)
            .with_context(|| format!("writing to {}", self.folder.display()))?;
        println!(
            "page and API: {}/  (token in {})",
            file.url,
            file.token_file.display()
        );
        println!("Master for Workers: {}", self.master.endpoint());
        Ok(())
    }

    /// Writes an invitation for one Worker, readable by its owner alone.
    pub(crate) async fn invite(&self, file: &Path, valid: Duration) -> anyhow::Result<()> {
        self.master.invite(valid).await?.save(file)?;
        Ok(())
    }

    /// Ends API and Master in order and takes `server.json` away.
    pub(crate) async fn stop(self) {
        // It may be gone already.
        let _ = std::fs::remove_file(self.folder.join(packmule_api::server_file::SERVER_FILE));
        self.api.shutdown().await;
        self.master.stop().await;
        drop(self.catalog);
    }
}

/// How long an invitation is good.
const INVITATION_VALID: Duration = Duration::from_secs(3600);

/// Serves until SIGTERM or Ctrl-C.
pub(crate) fn run(args: Args) -> anyhow::Result<ExitCode> {
    service::start_logging();
    service::runtime()?.block_on(async {
        let services = start(args.common, false).await?;
        for file in &args.invite {
            services.invite(file, INVITATION_VALID).await?;
            println!(
                "invitation: {} (packmule worker --join FILE on the other computer)",
                file.display()
            );
        }
        services.announce()?;
        service::stop_asked(false).await;
        services.stop().await;
        Ok(ExitCode::SUCCESS)
    })
}
