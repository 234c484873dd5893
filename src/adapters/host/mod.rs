//! The machine that the service runs on.
//!
//! **Here**: [`Machine`], which measures folders for `svc doctor`, and the memory limit of the process.
//!
//! **May use**: `ports`, rustix and tokio.

mod memory_limit;

use std::path::{Path, PathBuf};

use async_trait::async_trait;
use rustix::fs::{Access, access, statvfs};

pub use memory_limit::memory_limit;

use crate::ports::inspection::{FolderFacts, HostInspector};

/// The machine that this process runs on.
#[derive(Clone, Copy, Debug, Default)]
pub struct Machine;

#[async_trait]
impl HostInspector for Machine {
    async fn folder(&self, path: &Path) -> Result<FolderFacts, String> {
        let path = path.to_owned();
        // A file system of a network may not answer.
        tokio::task::spawn_blocking(move || measure(&path)).await.map_err(|error| error.to_string())?
    }

    fn memory_limit(&self) -> Option<u64> {
        memory_limit()
    }
}

fn measure(path: &Path) -> Result<FolderFacts, String> {
    let folder = existing(path);
    let space = statvfs(&folder).map_err(|error| error.to_string())?;
    let is_writable = folder.is_dir() && access(&folder, Access::WRITE_OK | Access::EXEC_OK).is_ok();
    Ok(FolderFacts {
        path: folder,
        is_writable,
        free_bytes: space.f_bavail.saturating_mul(space.f_frsize),
        total_bytes: space.f_blocks.saturating_mul(space.f_frsize),
    })
}

/// Returns the path, or its nearest ancestor that exists: the service creates missing folders.
fn existing(path: &Path) -> PathBuf {
    let found = path.ancestors().find(|path| !path.as_os_str().is_empty() && path.exists());
    found.unwrap_or_else(|| Path::new(".")).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_folder_is_measured_where_it_would_be_created() {
        let folder = tempfile::tempdir().unwrap();
        let facts = measure(&folder.path().join("data/deep")).unwrap();
        assert_eq!((facts.path.as_path(), facts.is_writable), (folder.path(), true));
        assert!(facts.free_bytes > 0 && facts.free_bytes <= facts.total_bytes, "{facts:?}");
        assert_eq!(existing(Path::new("no-such-folder/data")), Path::new("."));
        std::fs::write(folder.path().join("file"), "").unwrap();
        assert!(!measure(&folder.path().join("file/data")).unwrap().is_writable, "a file is no folder");
    }
}
