//! Core dumps.

/// Keeps the memory of this process, which holds the secret key, out of core dumps. The size limit alone is not enough: the
/// kernel ignores it where a program such as `systemd-coredump` takes the dump, and such a program gets none of a process
/// that is not dumpable. Other processes of the same user cannot read the memory either.
#[cfg(target_os = "linux")]
pub(super) fn forbid() -> std::io::Result<()> {
    use rustix::process::{DumpableBehavior, Resource, Rlimit, set_dumpable_behavior, setrlimit};

    setrlimit(Resource::Core, Rlimit { current: Some(0), maximum: Some(0) })?;
    Ok(set_dumpable_behavior(DumpableBehavior::NotDumpable)?)
}

/// Only Linux lets a process say so for itself without a call that is not safe.
#[cfg(not(target_os = "linux"))]
pub(super) fn forbid() -> std::io::Result<()> {
    Ok(())
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use rustix::process::{DumpableBehavior, Resource, dumpable_behavior, getrlimit};

    use super::*;

    #[test]
    fn there_is_no_core_dump() {
        forbid().unwrap();
        let limit = getrlimit(Resource::Core);
        assert_eq!((limit.current, limit.maximum), (Some(0), Some(0)));
        assert_eq!(dumpable_behavior().unwrap(), DumpableBehavior::NotDumpable);
    }
}
