//! How every command prints.

/// For whom a command prints.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Format {
    /// For people: lines, trees, tables
    #[default]
    Text,
    /// For programs: JSON; of a run one object a line, of the catalog its column names
    Json,
}
