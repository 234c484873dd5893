use std::fs;
use std::time::Duration;

use crate::Failure;

/// Linux counts CPU time in hundredths of a second, whatever the rate of its own clock is.
const TICK: Duration = Duration::from_millis(10);

/// Returns the CPU time of a process until now, with all its threads.
pub fn cpu(process: u32) -> Result<Duration, Failure> {
    let text = fs::read_to_string(format!("/proc/{process}/stat"))?;
    // The name, which may contain anything, is in parentheses before the other fields.
    let rest = text.rsplit(')').next().unwrap_or_default();
    let ticks = rest.split_whitespace().skip(11).take(2).map(str::parse::<u32>);
    Ok(TICK * ticks.sum::<Result<u32, _>>()?)
}

/// Returns the load average of the last minute.
pub fn load_average() -> Result<String, Failure> {
    let text = fs::read_to_string("/proc/loadavg")?;
    Ok(text.split(' ').next().unwrap_or_default().to_owned())
}

/// Returns the current (`VmRSS`) or peak (`VmHWM`) memory of a process, in MiB.
pub fn memory(process: u32, what: &str) -> Result<f64, Failure> {
    let text = fs::read_to_string(format!("/proc/{process}/status"))?;
    let line = text.lines().find_map(|line| line.strip_prefix(what)?.strip_prefix(':'));
    let kib: u32 = line.and_then(|line| line.trim().strip_suffix("kB")).ok_or("no memory")?.trim().parse()?;
    Ok(f64::from(kib) / 1024.0)
}
