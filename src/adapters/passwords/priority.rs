//! How the threads that hash share the cores. A hash takes one for long; whoever needs one for a moment goes first.

/// With a tenth of the weight of others they still get on where nobody rests.
#[cfg(target_os = "linux")]
const NICENESS: i32 = 10;

/// Has this thread give way to others; with `only_idle` it runs only while a core has nothing else to do. Only on Linux is
/// a priority one of a thread, so elsewhere nothing is done.
pub(super) fn lower(only_idle: bool) {
    #[cfg(target_os = "linux")]
    {
        // A filter of system calls may refuse the one and let the other pass.
        let refused = |error| tracing::warn!(error, "passwords are not hashed at idle priority");
        let is_idle = only_idle && idle().map_err(refused).is_ok();
        if !is_idle && let Err(error) = nice() {
            tracing::warn!(error, "passwords are hashed at the priority of everything else");
        }
    }
    #[cfg(not(target_os = "linux"))]
    let _ = only_idle;
}

#[cfg(target_os = "linux")]
fn nice() -> Result<(), String> {
    rustix::process::nice(NICENESS).map(drop).map_err(|error| error.to_string())
}

/// Put aside at once when the core is wanted, where one that is nice may first use up its slice of some milliseconds
/// (sched(7), `SCHED_IDLE`). There is no way back without a privilege.
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

    /// The priority and the policy of this thread, as the kernel tells them.
    fn told() -> (String, String) {
        let stat = std::fs::read_to_string("/proc/thread-self/stat").unwrap();
        // The name, which may hold anything, stands in parentheses before the rest, which begins with field 3.
        let rest: Vec<_> = stat.rsplit(')').next().unwrap().split_whitespace().map(str::to_owned).collect();
        (rest[19 - 3].clone(), rest[41 - 3].clone())
    }

    #[test]
    fn a_thread_has_the_priority_that_was_asked_for() {
        let lowered = |only_idle| {
            std::thread::spawn(move || {
                lower(only_idle);
                told()
            })
        };
        let before = told();
        let nicer = (before.0.parse::<i32>().unwrap() + NICENESS).min(19).to_string();
        assert_eq!(lowered(false).join().unwrap(), (nicer, before.1.clone()), "nice, and of the same policy");
        assert_eq!(lowered(true).join().unwrap().1, "5", "SCHED_IDLE");
        assert_eq!(told(), before, "and no other thread");
    }
}
