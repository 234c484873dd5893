//! How the hashing threads share the cores. A hash occupies a core for long, so work that needs a core for a
//! moment goes first.

use crate::domain::HashPriority;

/// With a tenth of the weight of other threads, hashing still progresses on a busy machine.
#[cfg(target_os = "linux")]
const NICENESS: i32 = 10;

/// Lowers the priority of this thread. Only on Linux does a thread have a priority of its own, so elsewhere
/// this does nothing.
pub(super) fn set(priority: HashPriority) {
    #[cfg(target_os = "linux")]
    {
        // A filter of system calls may refuse one of them and allow the other.
        let refused = |error| tracing::warn!(error, "failed to set idle priority for password hashing");
        let is_idle = priority == HashPriority::Idle && idle().map_err(refused).is_ok();
        if !is_idle && let Err(error) = nice() {
            tracing::warn!(error, "failed to lower the priority of password hashing");
        }
    }
    #[cfg(not(target_os = "linux"))]
    let _ = priority;
}

#[cfg(target_os = "linux")]
fn nice() -> Result<(), String> {
    rustix::process::nice(NICENESS).map(drop).map_err(|error| error.to_string())
}

/// Sets `SCHED_IDLE` (sched(7)): the thread is preempted at once when other work needs the core, while a
/// thread with a nice value may first use up its time slice of some milliseconds. This cannot be undone
/// without a privilege.
#[cfg(target_os = "linux")]
fn idle() -> Result<(), String> {
    use thread_priority::{
        NormalThreadSchedulePolicy, ThreadPriority, ThreadSchedulePolicy, set_thread_priority_and_policy,
        thread_native_id,
    };
    let policy = ThreadSchedulePolicy::Normal(NormalThreadSchedulePolicy::Idle);
    set_thread_priority_and_policy(thread_native_id(), ThreadPriority::Min, policy)
        .map_err(|error| format!("{error:?}"))
}

#[cfg(test)]
#[cfg(target_os = "linux")]
mod tests {
    use super::*;

    /// Returns the priority and the policy of this thread, as reported by the kernel.
    fn scheduling() -> (String, String) {
        let stat = std::fs::read_to_string("/proc/thread-self/stat").unwrap();
        // The name of the thread, which may contain anything, is in parentheses before field 3.
        let rest: Vec<_> = stat.rsplit(')').next().unwrap().split_whitespace().map(str::to_owned).collect();
        (rest[19 - 3].clone(), rest[41 - 3].clone())
    }

    #[test]
    fn a_thread_has_the_priority_that_was_asked_for() {
        let lowered = |priority| {
            std::thread::spawn(move || {
                set(priority);
                scheduling()
            })
        };
        let before = scheduling();
        let nicer = (before.0.parse::<i32>().unwrap() + NICENESS).min(19).to_string();
        assert_eq!(
            lowered(HashPriority::Low).join().unwrap(),
            (nicer, before.1.clone()),
            "nice, and of the same policy"
        );
        assert_eq!(lowered(HashPriority::Idle).join().unwrap().1, "5", "SCHED_IDLE");
        assert_eq!(scheduling(), before, "and no other thread");
    }
}
