//! Files that other users of the machine can read.

use std::fs::{Metadata, metadata};
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use super::facts::Facts;

pub(super) fn database(facts: &Facts<'_>) -> Option<String> {
    let path = facts.draft.database.as_ref()?.url.file()?;
    is_open_to_others(&facts.folder.join(path))?;
    Some(format!("other users of this machine can read or change {}", path.display()))
}

/// A file of another user is not checked: an orchestrator mounts secrets this way, in a container without
/// other users.
pub(super) fn secret_key(facts: &Facts<'_>) -> Option<String> {
    let path = facts.key_file?;
    let file = is_open_to_others(&facts.folder.join(path))?;
    let process = metadata("/proc/self").ok();
    let is_ours = process.is_none_or(|process| process.uid() == file.uid());
    is_ours.then(|| format!("other users of this machine can read or change {}", path.display()))
}

/// The file, if others can read or write it and reach it in its folder, or can replace it there.
pub(in crate::config) fn is_open_to_others(path: &Path) -> Option<Metadata> {
    let file = metadata(path).ok()?;
    let folder = match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    let folder = metadata(folder).ok()?.mode();
    let is_sticky = folder & 0o1000 != 0;
    let is_replaceable = folder & 0o003 == 0o003 && !is_sticky;
    let is_reachable = folder & 0o001 != 0 && file.mode() & 0o006 != 0;
    (is_reachable || is_replaceable).then_some(file)
}
