use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::time::Duration;

/// Measures the service over HTTP, in comparison with a static answer of the same server.
///
/// Every row is a ratio to a rate that is measured alternately with it, slice by slice, so that other load on
/// the machine affects both. With several --users the rows are measured again at each size.
#[derive(Debug, clap::Parser)]
#[command(bin_name = "cargo bench --bench http --")]
pub struct Arguments {
    /// Use the embedded database and no Redis, even if the servers are running
    #[arg(long)]
    pub embedded: bool,
    /// Number of keep-alive connections, each with one request at a time
    #[arg(long, value_name = "N", default_value = "32")]
    pub connections: NonZeroUsize,
    /// Measure each row for this long; its comparison takes as long again
    #[arg(long, value_name = "SECS", default_value_t = 5, value_parser = clap::value_parser!(u64).range(1..=3600))]
    seconds: u64,
    /// Number of turns that this time is split into
    #[arg(long, value_name = "N", default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..=1000))]
    pub slices: u32,
    /// Run each row for this long before measuring
    #[arg(long, value_name = "SECS", default_value_t = 1, value_parser = clap::value_parser!(u64).range(0..=600))]
    warm_up: u64,
    /// Threads of the load generator [default: one per four cores]
    #[arg(long, value_name = "N")]
    threads: Option<NonZeroUsize>,
    /// Number of users; several, in ascending order, measure the rows at each size
    #[arg(long, value_name = "N,…", value_delimiter = ',', default_value = "1000",
        value_parser = clap::value_parser!(u32).range(1000..=100_000_000))]
    pub users: Vec<u32>,
    /// Measure only rows whose name or variant contains this text
    #[arg(long, value_name = "TEXT")]
    pub only: Option<String>,
    /// Settings of the service, added to those of each variant
    #[arg(long, value_name = "KEY=VALUE")]
    pub set: Vec<String>,
    /// Write the figures to this file too
    #[arg(long, value_name = "FILE")]
    pub json: Option<PathBuf>,
    /// Write the service's log to this file [default: discard it]
    #[arg(long, value_name = "FILE")]
    pub service_log: Option<PathBuf>,
    /// Given by `cargo bench`
    #[arg(long, hide = true)]
    pub bench: bool,
    /// Run as the service: the benchmark starts itself with this flag
    #[arg(long, hide = true)]
    pub serve: bool,
}

impl Arguments {
    /// Returns an error that concerns more than one value.
    pub fn rejection(&self) -> Option<&'static str> {
        let rising = self.users.windows(2).all(|pair| pair[0] < pair[1]);
        (!rising).then_some("--users: each number has to be larger than the one before, as in 1000,100000")
    }

    /// Returns how long one turn lasts.
    pub fn slice(&self) -> Duration {
        Duration::from_secs(self.seconds) / self.slices
    }

    /// Returns how long each row runs before it is measured.
    pub fn warm_up(&self) -> Duration {
        Duration::from_secs(self.warm_up)
    }

    /// Returns the number of threads of the load generator.
    pub fn threads(&self) -> usize {
        let cores = std::thread::available_parallelism().map_or(1, NonZeroUsize::get);
        self.threads.map_or((cores / 4).max(1), NonZeroUsize::get)
    }

    /// Returns whether a row was selected.
    pub fn wants(&self, row: &str, variant: &str) -> bool {
        self.only.as_ref().is_none_or(|text| row.contains(text) || variant.contains(text))
    }
}
