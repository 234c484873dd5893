use std::fs;
use std::time::Duration;

use crate::Failure;

/// Linux counts in hundredths of a second, whatever its own clock's rate is.
const TICK: Duration = Duration::from_millis(10);

/// What a process has used of a core until now, with all its threads.
pub fn cpu(process: u32) -> Result<Duration, Failure> {
    let text = fs::read_to_string(format!("/proc/{process}/stat"))?;
    // The name, which may hold anything, stands in parentheses before the rest.
    let rest = text.rsplit(')').next().unwrap_or_default();
    let ticks = rest.split_whitespace().skip(11).take(2).map(str::parse::<u32>);
    Ok(TICK * ticks.sum::<Result<u32, _>>()?)
}

/// How many wanted to run, over the last minute.
pub fn load_average() -> Result<String, Failure> {
    let text = fs::read_to_string("/proc/loadavg")?;
    Ok(text.split(' ').next().unwrap_or_default().to_owned())
}

/// Memory in MiB that a process has (`VmRSS`), or had at most (`VmHWM`).
pub fn memory(process: u32, what: &str) -> Result<f64, Failure> {
    let text = fs::read_to_string(format!("/proc/{process}/status"))?;
    let line = text.lines().find_map(|line| line.strip_prefix(what)?.strip_prefix(':'));
    let kib: u32 = line.and_then(|line| line.trim().strip_suffix("kB")).ok_or("no memory")?.trim().parse()?;
    Ok(f64::from(kib) / 1024.0)
}
