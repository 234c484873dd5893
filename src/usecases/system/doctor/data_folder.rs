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
        let (free, total) = (size(facts.free_bytes), size(facts.total_bytes));
        let measured = format!("{}: {free} of {total} free", facts.path.display());
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

/// A size in the largest unit that shows it with two digits or more.
fn size(bytes: u64) -> String {
    let units = [("GiB", 30), ("MiB", 20), ("KiB", 10)];
    let fitting = units.into_iter().find(|(_, bits)| bytes >> bits >= 10);
    fitting.map_or(format!("{bytes} bytes"), |(unit, bits)| format!("{} {unit}", bytes >> bits))
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
    fn a_size_is_never_rounded_to_nothing() {
        let sizes = [0, 512, 20 << 10, (1 << 20) - 1, 5 << 20, 300 << 20, 3 << 30, 900 << 30];
        let shown = sizes.map(size);
        let expected =
            ["0 bytes", "512 bytes", "20 KiB", "1023 KiB", "5120 KiB", "300 MiB", "3072 MiB", "900 GiB"];
        assert_eq!(shown, expected);
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
