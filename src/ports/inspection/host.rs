use std::path::{Path, PathBuf};

use async_trait::async_trait;

/// Inspects the machine.
#[async_trait]
pub trait HostInspector: Send + Sync {
    /// Measures a folder, or its nearest ancestor that exists.
    async fn folder(&self, path: &Path) -> Result<FolderFacts, String>;

    /// The memory limit of the control group of this process, in bytes.
    fn memory_limit(&self) -> Option<u64>;
}

/// What was measured of a folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FolderFacts {
    /// The folder that exists: the one asked for, or its nearest ancestor.
    pub path: PathBuf,
    /// Whether this process may create files there.
    pub is_writable: bool,
    /// The space of its file system that this process can use, in bytes.
    pub free_bytes: u64,
    /// The size of its file system, in bytes.
    pub total_bytes: u64,
}
