//! Folders that end with their test.

use std::path::Path;
use std::sync::LazyLock;

use rustix::fs::StatVfsMountFlags;
use tempfile::TempDir;

use super::environment;

/// A file system in memory, on which waiting for the disk takes no time.
const IN_MEMORY: &str = "/dev/shm";

/// More than the databases of all tests take.
const ENOUGH: u64 = 4 << 30;

/// Makes an empty folder: in memory where there is room for all tests, else in the usual place. `TMPDIR`
/// wins.
pub fn new() -> TempDir {
    static PLACE: LazyLock<Option<&Path>> = LazyLock::new(|| {
        Some(Path::new(IN_MEMORY)).filter(|place| environment::variable("TMPDIR").is_none() && suits(place))
    });
    match *PLACE {
        Some(place) => tempfile::tempdir_in(place).unwrap(),
        None => tempfile::tempdir().unwrap(),
    }
}

/// Whether a file system has room, and runs the programs that a test writes.
fn suits(place: &Path) -> bool {
    rustix::fs::statvfs(place).is_ok_and(|system| {
        system.f_bavail * system.f_frsize >= ENOUGH && !system.f_flag.contains(StatVfsMountFlags::NOEXEC)
    })
}
