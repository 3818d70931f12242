//! Why a connection could not be had.

use packmule_runtime::{Events, Reported};
use packmule_types::Code;

use crate::database::DatabaseError;
use crate::provider::Provider;

/// A connection that could not be acquired. No variant ever holds a password or a whole
/// connection string.
#[derive(Debug, thiserror::Error)]
pub enum AcquireError {
    /// No manager has this id, path or name.
    #[error("the connection {reference} is not found")]
    NotFound {
        /// As the task or component names it.
        reference: String,
    },
    /// The task or component names no connection at all.
    #[error("no connection manager is given")]
    NotGiven,
    /// The manager's type is known and not supported.
    #[error("connection manager {manager}: type {type_name} is not supported")]
    UnsupportedType {
        /// The manager's name.
        manager: String,
        /// Its type.
        type_name: String,
        /// What to do.
        remedy: &'static str,
    },
    /// The provider is recognised and has no driver.
    #[error("connection manager {manager}: {provider} ({written}) has no driver here")]
    UnsupportedProvider {
        /// The manager's name.
        manager: String,
        /// Which database.
        provider: Provider,
        /// The provider as the package writes it.
        written: String,
    },
    /// The manager is of another type than the caller needs.
    #[error("connection manager {manager} is of type {type_name}, {wanted} is needed")]
    WrongType {
        /// The manager's name.
        manager: String,
        /// Its type.
        type_name: String,
        /// What would do.
        wanted: &'static str,
    },
    /// A property is missing or cannot be used.
    #[error("connection manager {manager}, property {property}: {reason}")]
    Property {
        /// The manager's name.
        manager: String,
        /// The property.
        property: String,
        /// Why.
        reason: String,
    },
    /// A property has a value that is known and not supported.
    #[error("connection manager {manager}, property {property}: {reason}")]
    UnsupportedProperty {
        /// The manager's name.
        manager: String,
        /// The property.
        property: String,
        /// Why.
        reason: String,
        /// What to do.
        remedy: &'static str,
    },
    /// A property expression failed.
    #[error("connection manager {manager}: the expression of property {property} failed: {reason}")]
    Expression {
        /// The manager's name.
        manager: String,
        /// The property.
        property: String,
        /// Why.
        reason: String,
    },
    /// A secret is encrypted and could not be opened.
    #[error("connection manager {manager}: its {property} is encrypted")]
    Encrypted {
        /// The manager's name.
        manager: String,
        /// The property.
        property: String,
    },
    /// The package is offline.
    #[error("connection manager {manager} cannot connect: the package is in offline mode")]
    Offline {
        /// The manager's name.
        manager: String,
    },
    /// A path cannot be used.
    #[error("connection manager {manager}: {reason}")]
    Path {
        /// The manager's name.
        manager: String,
        /// Why.
        reason: String,
    },
    /// The database did not let us in.
    #[error("connection manager {manager}: cannot connect to {target}")]
    Open {
        /// The manager's name.
        manager: String,
        /// Server and database, without user and password.
        target: String,
        /// Why.
        source: DatabaseError,
    },
    /// A cache is written a second time in one execution.
    #[error("the cache {manager} has been written already in this execution")]
    CacheWritten {
        /// The manager's name.
        manager: String,
    },
    /// A cache is read before it is filled.
    #[error("the cache {manager} has not been filled yet")]
    CacheNotFilled {
        /// The manager's name.
        manager: String,
    },
    /// The run was cancelled.
    #[error("the run was cancelled")]
    Cancelled,
}

impl AcquireError {
    /// SSIS's code.
    pub fn code(&self) -> Code {
        Code(match self {
            Self::NotFound { .. } | Self::NotGiven => 0xC001_000E,
            Self::WrongType { .. } => 0xC001_0009,
            Self::Expression { .. } => 0xC001_7004,
            Self::Path { .. } => 0xC001_401E,
            Self::Offline { .. } => 0xC001_4019,
            Self::CacheWritten { .. } => 0xC001_0200,
            Self::CacheNotFilled { .. } => 0xC001_0205,
            Self::UnsupportedProvider { .. } => 0xC020_9302,
            Self::Open { .. } | Self::Encrypted { .. } | Self::Property { .. } => 0xC020_2009,
            Self::UnsupportedType { .. } | Self::UnsupportedProperty { .. } | Self::Cancelled => {
                0xC020_801C
            }
        })
    }

    /// What to do.
    pub fn remedy(&self) -> Option<String> {
        Some(match self {
            Self::NotFound { .. } => {
                "add the connection manager to the package or project, or give the project \
                 (--project) that holds it"
                    .to_owned()
            }
            Self::UnsupportedType { remedy, .. } | Self::UnsupportedProperty { remedy, .. } => {
                (*remedy).to_owned()
            }
            Self::UnsupportedProvider { provider, .. } => provider.remedy().to_owned(),
            Self::Encrypted { property, .. } => format!(
                "give the password that protects the package (--password), or set {property} \
                 from outside"
            ),
            Self::Open { source, .. } => match source.remedy() {
                Some(remedy) => remedy.to_owned(),
                None => "check server, database, user and password; another database may stand \
                         in by a mapping file (--map) or --connection"
                    .to_owned(),
            },
            Self::Path { .. } => "map the path's prefix in the mapping file (--map)".to_owned(),
            Self::CacheNotFilled { .. } => {
                "fill the cache in a data flow that runs before".to_owned()
            }
            _ => return None,
        })
    }

    /// Says the error as the manager's event, SSIS's text where the code has one.
    pub fn report(&self, events: &Events) -> Reported {
        let remedy = self.remedy();
        let code = self.code();
        let text = match self {
            Self::NotFound { reference } => {
                packmule_types::code::describe(code, &[reference.as_str()])
            }
            Self::Open { source, .. } => {
                let hresult = source.hresult();
                format!(
                    "SSIS Error Code DTS_E_OLEDBERROR.  An OLE DB error has occurred. Error code: \
                     {hresult}.\nAn OLE DB record is available.  Source: \"Packmule\"  Hresult: \
                     {hresult}  Description: \"{self}: {source}\"."
                )
            }
            _ => self.to_string(),
        };
        events.error_text(code, text, remedy.as_deref())
    }
}
