use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::time::Duration;

/// Measures the service over HTTP, beside a static answer of the same server.
///
/// Every row is a ratio to something measured in turn with it, slice by slice, so that a machine that others use
/// too moves both. With several --users the rows are measured again at each size.
#[derive(Debug, clap::Parser)]
#[command(bin_name = "cargo bench --bench http --")]
pub struct Arguments {
    /// Use the embedded database and no Redis, whatever answers
    #[arg(long)]
    pub embedded: bool,
    /// Keep-alive connections, each with one request at a time
    #[arg(long, value_name = "N", default_value = "32")]
    pub connections: NonZeroUsize,
    /// How long each row is measured; what it is compared with takes as long again
    #[arg(long, value_name = "SECS", default_value_t = 5, value_parser = clap::value_parser!(u64).range(1..=3600))]
    seconds: u64,
    /// How many turns that time is cut into
    #[arg(long, value_name = "N", default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..=1000))]
    pub slices: u32,
    /// How long each row runs before it is measured
    #[arg(long, value_name = "SECS", default_value_t = 1, value_parser = clap::value_parser!(u64).range(0..=600))]
    warm_up: u64,
    /// Threads of the load generator; one for every four cores unless given
    #[arg(long, value_name = "N")]
    threads: Option<NonZeroUsize>,
    /// How many users there are; several, rising, measure the rows at each size
    #[arg(long, value_name = "N,…", value_delimiter = ',', default_value = "1000",
        value_parser = clap::value_parser!(u32).range(1000..=100_000_000))]
    pub users: Vec<u32>,
    /// Only rows whose name or variant holds this text
    #[arg(long, value_name = "TEXT")]
    pub only: Option<String>,
    /// Settings of the service on top of each variant's
    #[arg(long, value_name = "KEY=VALUE")]
    pub set: Vec<String>,
    /// Write the figures to this file too
    #[arg(long, value_name = "FILE")]
    pub json: Option<PathBuf>,
    /// Keep the service's log in this file; it is written and thrown away otherwise
    #[arg(long, value_name = "FILE")]
    pub service_log: Option<PathBuf>,
    /// Given by `cargo bench`
    #[arg(long, hide = true)]
    pub bench: bool,
    /// Be the service: what the benchmark starts itself as
    #[arg(long, hide = true)]
    pub serve: bool,
}

impl Arguments {
    /// What is wrong beyond the form of one value.
    pub fn refusal(&self) -> Option<&'static str> {
        let rising = self.users.windows(2).all(|pair| pair[0] < pair[1]);
        (!rising).then_some("--users: each number has to be larger than the one before, as in 1000,100000")
    }

    /// How long one turn lasts.
    pub fn slice(&self) -> Duration {
        Duration::from_secs(self.seconds) / self.slices
    }

    /// How long each row runs before it is measured.
    pub fn warm_up(&self) -> Duration {
        Duration::from_secs(self.warm_up)
    }

    /// Threads of the load generator.
    pub fn threads(&self) -> usize {
        let cores = std::thread::available_parallelism().map_or(1, NonZeroUsize::get);
        self.threads.map_or((cores / 4).max(1), NonZeroUsize::get)
    }

    /// Whether a row is asked for.
    pub fn wants(&self, row: &str, variant: &str) -> bool {
        self.only.as_ref().is_none_or(|text| row.contains(text) || variant.contains(text))
    }
}
