//! From a reference in a package to a mail, FTP or web server, or to one of several files.

use std::path::PathBuf;

use packmule_dtsx::model::ConnectionManager;

use super::{Connections, Reference, wrong_type};
use crate::error::AcquireError;
use crate::managers;
use crate::managers::ftp::FtpServer;
use crate::managers::http::HttpServer;
use crate::managers::multi_file::Turns;
use crate::managers::smtp::SmtpServer;

impl Connections {
    /// The next path of a MULTIFILE connection; empty once after the last.
    ///
    /// # Errors
    /// Not found, another type, or a path cannot be used.
    pub fn next_file<'r>(
        &self,
        reference: impl Into<Reference<'r>>,
    ) -> Result<PathBuf, AcquireError> {
        let manager = self.find_type(reference, "MULTIFILE", "several files (MULTIFILE)")?;
        let settings = self.settings(manager)?;
        let mut turns = self.turns.lock();
        Turns::next(turns.entry(manager.node).or_default(), &settings)
    }

    /// The mail server of an SMTP connection.
    ///
    /// # Errors
    /// Not found, another type, a property that cannot be used, Windows authentication.
    pub fn smtp<'r>(
        &self,
        reference: impl Into<Reference<'r>>,
    ) -> Result<SmtpServer, AcquireError> {
        let manager = self.find_type(reference, "SMTP", "a mail server (SMTP)")?;
        self.refuse_offline(manager)?;
        managers::smtp::usable(&self.settings(manager)?)
    }

    /// The server of an FTP connection.
    ///
    /// # Errors
    /// Not found, another type, a property that cannot be used.
    pub fn ftp<'r>(&self, reference: impl Into<Reference<'r>>) -> Result<FtpServer, AcquireError> {
        let manager = self.find_type(reference, "FTP", "an FTP server (FTP)")?;
        self.refuse_offline(manager)?;
        managers::ftp::server(&self.settings(manager)?)
    }

    /// The server of an HTTP connection.
    ///
    /// # Errors
    /// Not found, another type, a property that cannot be used.
    pub fn http<'r>(
        &self,
        reference: impl Into<Reference<'r>>,
    ) -> Result<HttpServer, AcquireError> {
        let manager = self.find_type(reference, "HTTP", "a web server (HTTP)")?;
        self.refuse_offline(manager)?;
        managers::http::server(&self.settings(manager)?)
    }

    fn find_type<'r>(
        &self,
        reference: impl Into<Reference<'r>>,
        type_name: &str,
        wanted: &'static str,
    ) -> Result<&ConnectionManager, AcquireError> {
        let manager = self.find(reference)?;
        if manager.type_name == type_name {
            Ok(manager)
        } else {
            Err(wrong_type(manager, wanted))
        }
    }
}
