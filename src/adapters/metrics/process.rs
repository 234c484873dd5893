use std::fs;

/// Ticks of `/proc/self/stat` per second: `USER_HZ`, which is 100 on every architecture that Rust supports.
const TICKS: f64 = 100.0;

/// What the operating system knows about this process. Only Linux has these files.
#[derive(Clone, Copy, Debug)]
pub(super) struct ProcessState {
    /// CPU time in user and kernel mode, in seconds.
    pub cpu_seconds: f64,
    pub threads: i64,
    pub virtual_bytes: i64,
    pub resident_bytes: i64,
    pub open_files: i64,
    /// `None`: no limit.
    pub max_files: Option<i64>,
}

impl ProcessState {
    /// Reads the state; `None` where there is no `/proc`.
    pub(super) fn read() -> Option<Self> {
        let status = fs::read_to_string("/proc/self/status").ok()?;
        let number = |name: &str| -> Option<i64> {
            let line = status.lines().find_map(|line| line.strip_prefix(name))?;
            line.split_whitespace().next()?.parse().ok()
        };
        let limits = fs::read_to_string("/proc/self/limits").ok()?;
        let max_files = limits.lines().find_map(|line| line.strip_prefix("Max open files"))?;
        Some(Self {
            cpu_seconds: cpu_seconds(&fs::read_to_string("/proc/self/stat").ok()?)?,
            threads: number("Threads:")?,
            virtual_bytes: number("VmSize:")? * 1024,
            resident_bytes: number("VmRSS:")? * 1024,
            // One of them is the folder that is being read.
            open_files: i64::try_from(fs::read_dir("/proc/self/fd").ok()?.count()).ok()? - 1,
            max_files: max_files.split_whitespace().next()?.parse().ok(),
        })
    }
}

/// The fields `utime` and `stime` (proc(5)). The second field, the name, may contain spaces and parentheses.
fn cpu_seconds(stat: &str) -> Option<f64> {
    let (_, rest) = stat.rsplit_once(')')?;
    let ticks = rest.split_whitespace().skip(11).take(2).map(str::parse::<u32>);
    Some(f64::from(ticks.sum::<Result<u32, _>>().ok()?) / TICKS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cpu_time_is_read_behind_any_name() {
        let stat = "7 (a) b) S 1 7 7 0 -1 4194560 100 0 0 0 150 25 0 0 20 0 4 0 99 1000 10";
        assert_eq!(cpu_seconds(stat), Some(1.75));
        assert_eq!(cpu_seconds("7 (a"), None);
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn this_process_has_a_state() {
        let state = ProcessState::read().unwrap();
        assert!(state.threads > 0 && state.open_files > 2, "{state:?}");
        assert!(state.virtual_bytes > state.resident_bytes && state.resident_bytes > 1 << 20, "{state:?}");
    }
}
