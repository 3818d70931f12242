//! REST, server-sent events and OpenAPI over the catalog; serves the web page.
//!
//! [`serve`] listens and answers until [`Handle::shutdown`]. Everything below `/api/v1` needs the
//! server's token ([`token`]); `/healthz`, `/readyz`, `/openapi.json` and the page do not. The
//! catalog's calls block, so each runs on a thread for blocking work, a bounded number at a time.
//!
//! | module | is |
//! | --- | --- |
//! | [`shapes`] | what goes over the wire, and the catalog's rows as such |
//! | [`problem`] | errors on the wire |
//! | [`token`] | the access token and its file |
//! | [`server_file`] | where commands find the server of this computer |
//! | `routes` | the endpoints, one file for each kind of thing |
//! | `live` | streams of what goes on |
//! | `guard` | token, time limits, headers |
//! | `page` | the web page |

mod config;
mod extract;
mod guard;
mod listener;
mod live;
mod page;
pub mod problem;
mod routes;
mod serve;
pub mod server_file;
pub mod shapes;
mod state;
pub mod token;

pub use config::ApiConfig;
pub use page::page_is_built;
pub use routes::openapi;
pub use serve::{Error, Handle, serve};
pub use server_file::ServerFile;
