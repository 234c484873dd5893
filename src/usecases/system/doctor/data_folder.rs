use std::path::PathBuf;
use std::sync::Arc;

use async_trait::async_trait;

use super::check::DoctorCheck;
use super::finding::Finding;
use crate::ports::inspection::{FolderFacts, HostInspector};

/// A database that cannot grow by this much may be full within the hour.
const LITTLE: u64 = 256 * 1024 * 1024;
/// Too little for one write-ahead log.
const NOTHING: u64 = 16 * 1024 * 1024;

/// Checks a folder that the service writes to.
pub(super) struct FolderCheck {
    pub name: &'static str,
    /// The setting that names the folder.
    pub setting: &'static str,
    pub path: PathBuf,
    pub host: Arc<dyn HostInspector>,
}

#[async_trait]
impl DoctorCheck for FolderCheck {
    fn name(&self) -> &'static str {
        self.name
    }

    async fn run(&self) -> Vec<Finding> {
        vec![match self.host.folder(&self.path).await {
            Ok(facts) => self.judge(&facts),
            Err(reason) => Finding::fail(
                self.name,
                format!("{}: {reason}", self.path.display()),
                "the service cannot write there",
                format!("correct {}", self.setting),
            ),
        }]
    }
}

impl FolderCheck {
    fn judge(&self, facts: &FolderFacts) -> Finding {
        let mib = |bytes: u64| bytes / (1024 * 1024);
        let measured = format!(
            "{}: {} of {} MiB free",
            facts.path.display(),
            mib(facts.free_bytes),
            mib(facts.total_bytes)
        );
        if !facts.is_writable {
            return Finding::fail(
                self.name,
                format!("{} is not writable for this user", facts.path.display()),
                "the service cannot write there, and does not start without a database",
                format!(
                    "make the folder writable for the user of the service, or name another one in {}",
                    self.setting
                ),
            );
        }
        if facts.free_bytes < NOTHING {
            return Finding::fail(
                self.name,
                measured,
                "writes fail as soon as the disk is full",
                "free disk space, or move the folder to a larger disk",
            );
        }
        if facts.free_bytes < LITTLE {
            return Finding::warn(
                self.name,
                measured,
                "the disk is nearly full, and writes fail once it is",
                "free disk space, or move the folder to a larger disk",
            );
        }
        Finding::ok(self.name, measured)
    }
}

#[cfg(test)]
mod tests {
    use super::super::finding::FindingState::{Fail, Ok, Warn};
    use super::*;

    struct Disk;

    #[async_trait]
    impl HostInspector for Disk {
        async fn folder(&self, _: &std::path::Path) -> Result<FolderFacts, String> {
            Err("no disk".to_owned())
        }

        fn memory_limit(&self) -> Option<u64> {
            None
        }
    }

    #[test]
    fn a_folder_is_writable_and_has_room() {
        let check = FolderCheck {
            name: "data_folder",
            setting: "database.url",
            path: "data".into(),
            host: Arc::new(Disk),
        };
        let mib = 1024 * 1024;
        for (is_writable, free, state) in
            [(true, 256, Ok), (true, 255, Warn), (true, 15, Fail), (false, 256, Fail)]
        {
            let facts = FolderFacts {
                path: "data".into(),
                is_writable,
                free_bytes: free * mib,
                total_bytes: 1000 * mib,
            };
            assert_eq!(check.judge(&facts).state, state, "{facts:?}");
        }
    }
}
