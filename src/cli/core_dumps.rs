//! Core dumps, which would contain the secret key.

/// Keeps the memory of this process, with the secret key, out of core dumps. The size limit alone is not
/// sufficient: the kernel ignores it if a program such as `systemd-coredump` receives the dump, but such a
/// program receives none from a process that is not dumpable. Other processes of the same user cannot read
/// the memory either.
#[cfg(target_os = "linux")]
pub(super) fn forbid() -> std::io::Result<()> {
    use rustix::process::{DumpableBehavior, Resource, Rlimit, set_dumpable_behavior, setrlimit};

    setrlimit(Resource::Core, Rlimit { current: Some(0), maximum: Some(0) })?;
    Ok(set_dumpable_behavior(DumpableBehavior::NotDumpable)?)
}

/// Only Linux lets a process do this for itself without an unsafe call.
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
