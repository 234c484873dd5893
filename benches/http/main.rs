//! The service under load: `cargo bench --bench http`. `docs/benchmarks.md` explains the rows.
//!
//! This process creates a database, starts itself again as the service (`serve`), and loads it over TCP. The
//! service of each row is a new process, so its CPU time and memory belong to that row alone.

mod arguments;
mod lab;
mod load;
mod measure;
mod redis;
mod report;
mod resources;
mod rows;
mod seed;
mod serve;
mod service;
mod variants;

use std::error::Error;
use std::io::{Write as _, stderr};
use std::panic::AssertUnwindSafe;
use std::process::ExitCode;

use clap::{CommandFactory as _, Parser as _};
use futures_util::FutureExt as _;
use tokio::signal::unix::{SignalKind, signal};

use arguments::Arguments;
use lab::Lab;
use report::{Report, Size, progress};
use rows::Bench;

/// Why the benchmark stopped.
type Failure = Box<dyn Error + Send + Sync>;

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    if let Some(rejection) = arguments.rejection() {
        Arguments::command().error(clap::error::ErrorKind::ValueValidation, rejection).exit();
    }
    let done = if arguments.serve {
        serve::run()
    } else if arguments.bench {
        bench(&arguments)
    } else {
        // `cargo test --all-targets` runs it too, and does not ask for load.
        progress("nothing measured: run it with `cargo bench --bench http`");
        Ok(())
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(stderr(), "http: {error}");
            ExitCode::FAILURE
        }
    }
}

fn bench(arguments: &Arguments) -> Result<(), Failure> {
    let runtime = tokio::runtime::Runtime::new()?;
    runtime.block_on(async {
        let mut signals = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
        let lab = Lab::make(arguments.embedded).await?;
        progress(&format!("on {}", lab.described()));
        let report = tokio::select! {
            report = AssertUnwindSafe(run(arguments, &lab)).catch_unwind() => {
                report.unwrap_or_else(|_| Err("it panicked".into()))
            }
            _ = signals.0.recv() => Err("interrupted".into()),
            _ = signals.1.recv() => Err("interrupted".into()),
        };
        lab.remove().await?;
        let report = report?;
        if let Some(path) = &arguments.json {
            std::fs::write(path, serde_json::to_string_pretty(&report)?)?;
        }
        report.print()
    })
}

async fn run(arguments: &Arguments, lab: &Lab) -> Result<Report, Failure> {
    let load_average = resources::load_average()?;
    let mut bench = Bench::prepare(arguments, lab).await?;
    let (mut sizes, mut flood) = (Vec::new(), None);
    for users in &arguments.users {
        progress(&format!("{users} users"));
        bench.grow(*users).await?;
        sizes.push(Size { users: *users, rows: rows::all(&bench).await? });
    }
    if let [_] = sizes[..] {
        flood = rows::flooded(&bench).await?;
    }
    if flood.is_none() && sizes.iter().all(|size| size.rows.is_empty()) {
        return Err("--only: no row and no variant holds this text".into());
    }
    Ok(Report {
        backends: lab.described(),
        cores: std::thread::available_parallelism()?.get(),
        load_average,
        connections: arguments.connections.get(),
        generator_threads: arguments.threads(),
        slice: arguments.slice().as_secs_f64(),
        slices: arguments.slices,
        sizes,
        flood,
    })
}
