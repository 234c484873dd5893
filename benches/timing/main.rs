//! What the response time reveals about accounts: `cargo bench --bench timing`. docs/benchmarks.md explains
//! the rows.
//!
//! Two kinds of requests are sent one after the other in random order, and their times are compared. The AUC
//! is the probability that a request of the second kind takes longer than one of the first. 0.5 reveals
//! nothing, 0 and 1 reveal everything.

mod auc;
mod lab;
mod rows;

use std::error::Error;
use std::io::{Write as _, stderr, stdout};
use std::process::ExitCode;

use clap::Parser;
use lab::{Backend, Lab};

/// Why it stopped.
type Failure = Box<dyn Error + Send + Sync>;

/// Measures what the response time reveals about accounts.
#[derive(Debug, Parser)]
struct Arguments {
    /// Requests of each kind in each row
    #[arg(short, default_value_t = 1000)]
    n: usize,
    /// Measure only rows whose name contains this text
    #[arg(long, default_value = "")]
    only: String,
    /// Measure on this database only
    #[arg(long)]
    backend: Option<Backend>,
    /// Given by cargo
    #[arg(long, hide = true)]
    bench: bool,
}

fn main() -> ExitCode {
    match run(&Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(stderr(), "timing: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &Arguments) -> Result<(), Failure> {
    if !arguments.bench {
        writeln!(stderr(), "nothing measured: run it with `cargo bench --bench timing`")?;
        return Ok(());
    }
    let backends =
        arguments.backend.map_or(vec![Backend::Sqlite, Backend::Postgres], |backend| vec![backend]);
    let runtime = tokio::runtime::Runtime::new()?;
    runtime.block_on(async {
        writeln!(
            stdout(),
            "{:10} {:42} {:>6} {:>10} {:>10} {:>6}",
            "database",
            "row",
            "n",
            "first",
            "second",
            "AUC"
        )?;
        for backend in backends {
            let lab = Lab::make(backend, arguments.n).await?;
            let measured = rows::all(&lab, arguments.n, &arguments.only).await;
            lab.remove().await?;
            measured?;
        }
        Ok(())
    })
}
