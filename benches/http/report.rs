use std::io::{Write as _, stderr, stdout};

use crate::Failure;
use crate::rows::{Flood, Row};

/// All results of a run.
#[derive(serde::Serialize)]
pub struct Report {
    pub backends: String,
    pub cores: usize,
    /// The load average that Linux reported at the start of the run: the load of other processes affects
    /// every rate.
    pub load_average: String,
    pub connections: usize,
    pub generator_threads: usize,
    /// In seconds.
    pub slice: f64,
    pub slices: u32,
    pub sizes: Vec<Size>,
    pub flood: Option<Flood>,
}

/// The rows with this number of users.
#[derive(serde::Serialize)]
pub struct Size {
    pub users: u32,
    pub rows: Vec<Row>,
}

/// Reports the progress to the person who waits.
pub fn progress(text: &str) {
    // Stderr may be closed.
    let _ = writeln!(stderr(), "… {text}");
}

impl Report {
    pub fn print(&self) -> Result<(), Failure> {
        let mut text = format!(
            "On {}, {} cores (load average {}); {} connections, {} generator thread(s); {} turns of {} s a row.\n",
            self.backends,
            self.cores,
            self.load_average,
            self.connections,
            self.generator_threads,
            self.slices,
            self.slice
        );
        match &self.sizes[..] {
            [size] if size.rows.is_empty() => {}
            [size] => text.push_str(&rows(&size.rows)),
            sizes => text.push_str(&growth(sizes)),
        }
        if let Some(flood) = &self.flood {
            text.push_str(&flooded(flood));
        }
        stdout().write_all(text.as_bytes())?;
        Ok(())
    }
}

fn rows(rows: &[Row]) -> String {
    let header = [
        "row",
        "variant",
        "per second",
        "against",
        "ratio",
        "p50 ms",
        "p90 ms",
        "p99 ms",
        "p99 ratio",
        "CPU µs",
        "CPU ratio",
        "generator µs",
        "errors",
    ];
    let cells = rows.iter().map(|row| {
        vec![
            row.name.clone(),
            row.variant.clone(),
            format!("{:.0}", row.rate),
            format!("{} {:.0}", row.against, row.against_rate),
            format!("{:.3}", row.ratio),
            format!("{:.2}", row.latency.p50),
            format!("{:.2}", row.latency.p90),
            format!("{:.2}", row.latency.p99),
            row.p99_ratio.map_or("–".to_owned(), |ratio| format!("{ratio:.2}")),
            format!("{:.1}", row.cpu),
            if row.cpu_ratio.is_nan() { "–".to_owned() } else { format!("{:.3}", row.cpu_ratio) },
            format!("{:.1}", row.generator_cpu),
            row.errors.to_string(),
        ]
    });
    table(&header, cells)
}

/// Formats the ratios at each size, and their change since the first size: a different load of the machine
/// cancels out.
fn growth(sizes: &[Size]) -> String {
    let [first, ..] = sizes else { return String::new() };
    let mut header = vec!["row".to_owned(), "against".to_owned()];
    for size in sizes {
        header.push(format!("{} users: /s", size.users));
        header.push("p99 ms".to_owned());
        header.push("ratio".to_owned());
        header.push("to the first".to_owned());
    }
    let cells = first.rows.iter().enumerate().map(|(number, begin)| {
        let mut cells = vec![begin.name.clone(), begin.against.clone()];
        for row in sizes.iter().filter_map(|size| size.rows.get(number)) {
            let errors = if row.errors > 0 { format!(" ({} errors)", row.errors) } else { String::new() };
            cells.push(format!("{:.0}{errors}", row.rate));
            cells.push(format!("{:.2}", row.latency.p99));
            cells.push(format!("{:.3}", row.ratio));
            cells.push(format!("{:.2}", row.ratio / begin.ratio));
        }
        cells
    });
    let header: Vec<_> = header.iter().map(String::as_str).collect();
    table(&header, cells)
}

fn flooded(flood: &Flood) -> String {
    let header = [
        "read",
        "p50 rested",
        "p50 flooded",
        "p99 rested",
        "p99 flooded",
        "p99 ratio",
        "per second",
        "flooded",
        "errors",
        "log-ins offered",
        "served",
        "served/s",
        "503",
        "failed",
        "slowest s",
    ];
    let cells = flood.reads.iter().map(|read| {
        vec![
            read.name.to_owned(),
            format!("{:.2}", read.rested.p50),
            format!("{:.2}", read.flooded.p50),
            format!("{:.2}", read.rested.p99),
            format!("{:.2}", read.flooded.p99),
            format!("{:.2}", read.flooded.p99 / read.rested.p99),
            format!("{:.0}", read.rested_rate),
            format!("{:.0}", read.flooded_rate),
            read.errors.to_string(),
            read.logins.offered.to_string(),
            read.logins.served.to_string(),
            format!("{:.1}", f64::from(read.logins.served) / read.logins.elapsed),
            read.logins.refused.to_string(),
            read.logins.failed.to_string(),
            format!("{:.2}", read.logins.slowest),
        ]
    });
    let Flood { hash_rate, rested, peak, allowed, .. } = flood;
    format!(
        "\nReads while ten times as many log-ins come as the bare hash can do ({hash_rate:.1}/s):\n{}\
         Memory of the service: {rested:.1} MiB with reads only, {peak:.1} MiB at most, {allowed:.1} MiB is the first \
         and the hashes.\n",
        table(&header, cells)
    )
}

/// Formats a Markdown table with aligned columns.
fn table(header: &[&str], rows: impl Iterator<Item = Vec<String>>) -> String {
    let mut lines = vec![header.iter().map(ToString::to_string).collect::<Vec<_>>()];
    lines.extend(rows);
    let width = |column: usize| {
        lines.iter().filter_map(|line| line.get(column)).map(|cell| cell.chars().count()).max().unwrap_or(0)
    };
    let widths: Vec<_> = (0..header.len()).map(width).collect();
    lines.insert(1, widths.iter().map(|width| "-".repeat(*width)).collect());
    let mut text = String::from("\n");
    for line in lines {
        let cells = line.iter().zip(&widths).map(|(cell, width)| format!("| {cell:<width$} "));
        text.extend(cells);
        text.push_str("|\n");
    }
    text
}
