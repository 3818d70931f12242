//! Why a file could not be loaded at all: a closed list, each with SSIS's code and a remedy.

use packmule_types::Code;

/// A file that cannot be loaded. What can be loaded with defects gives [`crate::Finding`]s.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum LoadError {
    /// More bytes than [`crate::limits::FILE_BYTES_MAX`].
    #[error("{file}: the file has {bytes} bytes; at most {limit} are read")]
    TooLarge {
        /// The file.
        file: String,
        /// Its size, or what has been seen of it.
        bytes: u64,
        /// The limit.
        limit: u64,
    },
    /// The file holds nothing.
    #[error("{file}: the file is empty")]
    Empty {
        /// The file.
        file: String,
    },
    /// Not text in UTF-8 or UTF-16.
    #[error("{file}: the file is not text in UTF-8 (byte {offset} fits no character)")]
    NotText {
        /// The file.
        file: String,
        /// Where, from 0.
        offset: usize,
    },
    /// Not well-formed XML.
    #[error("{file}:{line}:{column}: not well-formed XML: {message}")]
    NotXml {
        /// The file.
        file: String,
        /// Line, from 1.
        line: u32,
        /// Column, from 1.
        column: u32,
        /// What the parser says.
        message: String,
    },
    /// Elements nested deeper than [`crate::limits::XML_DEPTH_MAX`].
    #[error("{file}: elements are nested deeper than {limit}")]
    TooDeep {
        /// The file.
        file: String,
        /// The limit.
        limit: usize,
    },
    /// More nodes, attributes or namespaces than any package has.
    #[error("{file}: more than {limit} {what}")]
    TooMany {
        /// The file.
        file: String,
        /// What there is too much of.
        what: &'static str,
        /// The limit.
        limit: u64,
    },
    /// XML, but no package.
    #[error("{file}: not a package: the root element is {root}")]
    NotAPackage {
        /// The file.
        file: String,
        /// The root element.
        root: String,
    },
    /// A package format that is not known.
    #[error("{file}: package format version {version} is not known")]
    UnknownFormat {
        /// The file.
        file: String,
        /// PackageFormatVersion.
        version: String,
    },
    /// XML, but not the kind of file that was expected.
    #[error("{file}: not {expected}: {found}")]
    NotExpected {
        /// The file.
        file: String,
        /// What it should be (`a project manifest`).
        expected: &'static str,
        /// What was found.
        found: String,
    },
    /// Encrypted as a whole with a password, and none was given.
    #[error("{file}: the package is encrypted with a password, and no password was given")]
    NoPassword {
        /// The file.
        file: String,
    },
    /// The password does not open what is encrypted.
    #[error("{file}: the password is not correct")]
    WrongPassword {
        /// The file.
        file: String,
    },
    /// Encrypted as a whole with the key of a Windows user.
    #[error("{file}: the package is encrypted with the key of a Windows user")]
    UserKey {
        /// The file.
        file: String,
    },
    /// Encrypted in a way that is not known, or damaged.
    #[error("{file}: the encrypted content cannot be read: {reason}")]
    Cipher {
        /// The file.
        file: String,
        /// Why.
        reason: String,
    },
    /// Not a zip archive, or a damaged one.
    #[error("{file}: not a project archive: {reason}")]
    NotAnArchive {
        /// The file.
        file: String,
        /// Why.
        reason: String,
    },
    /// An archive that is made to do harm.
    #[error("{file}: the project archive is refused: {harm}")]
    HostileArchive {
        /// The file.
        file: String,
        /// What it does.
        harm: ArchiveHarm,
    },
    /// An archive without manifest.
    #[error("{file}: the project archive has no @Project.manifest")]
    NoManifest {
        /// The file.
        file: String,
    },
    /// A file that the project names and that is not there.
    #[error("{file}: the project names {missing}, which is not there")]
    MissingFile {
        /// The project file.
        file: String,
        /// What is missing.
        missing: String,
    },
    /// A configuration of a project that does not exist.
    #[error("{file}: the project has no configuration {configuration}")]
    NoConfiguration {
        /// The project file.
        file: String,
        /// The configuration asked for.
        configuration: String,
    },
}

/// What is wrong with an archive that looks made to do harm.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ArchiveHarm {
    /// Too many entries.
    #[error("{count} entries; at most {limit} are read")]
    Entries {
        /// How many.
        count: usize,
        /// The limit.
        limit: usize,
    },
    /// Expands to too much.
    #[error("entry {entry} expands beyond {limit} bytes")]
    Expansion {
        /// The entry at which the limit was passed.
        entry: String,
        /// The limit.
        limit: u64,
    },
    /// Expands far more than any package does.
    #[error("entry {entry} expands more than {limit} fold")]
    Ratio {
        /// The entry.
        entry: String,
        /// The limit.
        limit: u64,
    },
    /// A name with `..`, a root, a drive, or a control character.
    #[error("entry name {entry:?} leads out of the archive")]
    Path {
        /// The entry.
        entry: String,
    },
    /// Two entries of one name.
    #[error("entry {entry} is there twice")]
    Duplicate {
        /// The entry.
        entry: String,
    },
    /// An entry with zip's own encryption.
    #[error("entry {entry} is encrypted by the archive itself")]
    Encrypted {
        /// The entry.
        entry: String,
    },
}

impl LoadError {
    /// The same error of a file within another one.
    pub(crate) fn within(mut self, outer: &str) -> Self {
        let file = self.file_mut();
        *file = format!("{outer}/{file}");
        self
    }

    fn file_mut(&mut self) -> &mut String {
        match self {
            Self::TooLarge { file, .. }
            | Self::Empty { file, .. }
            | Self::NotText { file, .. }
            | Self::NotXml { file, .. }
            | Self::TooDeep { file, .. }
            | Self::TooMany { file, .. }
            | Self::NotAPackage { file, .. }
            | Self::UnknownFormat { file, .. }
            | Self::NotExpected { file, .. }
            | Self::NoPassword { file, .. }
            | Self::WrongPassword { file, .. }
            | Self::UserKey { file, .. }
            | Self::Cipher { file, .. }
            | Self::NotAnArchive { file, .. }
            | Self::HostileArchive { file, .. }
            | Self::NoManifest { file, .. }
            | Self::MissingFile { file, .. }
            | Self::NoConfiguration { file, .. } => file,
        }
    }

    /// SSIS's code where it has one for this.
    pub fn code(&self) -> Option<Code> {
        Some(Code(match self {
            Self::NotXml { .. } | Self::NotAPackage { .. } | Self::NotText { .. } => 0xC001_1001,
            Self::Empty { .. } | Self::TooLarge { .. } => 0xC001_1002,
            Self::UnknownFormat { .. } => 0xC001_6020,
            Self::NoPassword { .. } | Self::WrongPassword { .. } => 0xC001_4037,
            Self::UserKey { .. } => 0xC001_4060,
            Self::Cipher { .. } => 0xC001_405F,
            _ => return None,
        }))
    }

    /// What to do about it.
    pub fn remedy(&self) -> &'static str {
        match self {
            Self::TooLarge { .. } => "give a package file; data do not belong into packages",
            Self::Empty { .. } => "copy the file again from where it was made",
            Self::NotText { .. } => "save the file as UTF-8, or copy it again in binary mode",
            Self::NotXml { .. } => "copy the file again; it is cut off or was changed by hand",
            Self::TooDeep { .. } | Self::TooMany { .. } => {
                "give a file written by SSIS's designer; this one is far beyond any real package"
            }
            Self::NotAPackage { .. } | Self::NotExpected { .. } => {
                "name a .dtsx, .ispac or .dtproj file"
            }
            Self::UnknownFormat { .. } => "save the package with SQL Server 2005 to 2022 tools",
            Self::NoPassword { .. } => "give the password with --password-file",
            Self::WrongPassword { .. } => "give the password that the package was saved with",
            Self::UserKey { .. } => {
                "save the package with ProtectionLevel EncryptAllWithPassword or \
                 DontSaveSensitive; only that user on that computer can open it"
            }
            Self::Cipher { .. } => "save the package again with current tools",
            Self::NotAnArchive { .. } => "build the project again; an .ispac file is a zip archive",
            Self::HostileArchive { .. } => "build the project again with SSIS's own tools",
            Self::NoManifest { .. } => "build the project again; name the .ispac of a project",
            Self::MissingFile { .. } => "put the file beside the project file, or build again",
            Self::NoConfiguration { .. } => "name one of the project's configurations",
        }
    }
}
