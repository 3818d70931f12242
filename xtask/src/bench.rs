//! `cargo xtask bench`: measures beside DuckDB and Polars in the same run.

use clap::Args;

/// What to measure.
#[derive(Args)]
pub(crate) struct Options {
    /// Size of the generated data, in megabytes.
    #[arg(long, default_value_t = 1000)]
    size_mb: u64,
}

/// Measures and rewrites docs/performance.md.
pub(crate) fn run(options: &Options) -> anyhow::Result<()> {
    anyhow::bail!("not written yet: bench of {} MB", options.size_mb)
}
