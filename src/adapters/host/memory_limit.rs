use std::fs;
use std::path::Path;

/// The memory limit of the control group of this process, in bytes.
#[must_use]
pub fn memory_limit() -> Option<u64> {
    let groups = fs::read_to_string("/proc/self/cgroup").ok()?;
    limit_of(&groups, Path::new("/sys/fs/cgroup"))
}

/// The lowest limit of the group and its ancestors. `groups` has a line `0::PATH` in version 2, and
/// `N:memory:PATH` in version 1. In a namespace the path is that of the host and may not exist, while the
/// limit is at the root.
fn limit_of(groups: &str, root: &Path) -> Option<u64> {
    let found = groups.lines().filter_map(|line| {
        let mut parts = line.splitn(3, ':').skip(1);
        let (controllers, path) = (parts.next()?, parts.next()?.trim_start_matches('/'));
        let (root, file) = match controllers {
            "" => (root.to_owned(), "memory.max"),
            list if list.split(',').any(|name| name == "memory") => {
                (root.join("memory"), "memory.limit_in_bytes")
            }
            _ => return None,
        };
        let path = root.join(path);
        let groups = path.ancestors().take_while(|group| group.starts_with(&root));
        groups.filter_map(|group| fs::read_to_string(group.join(file)).ok()?.trim().parse().ok()).min()
    });
    found.min()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The limit with these contents of files.
    fn limit(groups: &str, files: &[(&str, &str)]) -> Option<u64> {
        let root = tempfile::tempdir().unwrap();
        for (file, text) in files {
            let file = root.path().join(file);
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(file, format!("{text}\n")).unwrap();
        }
        limit_of(groups, root.path())
    }

    #[test]
    fn the_least_limit_from_the_group_upwards_holds() {
        let groups = "0::/system.slice/svc.service\n";
        assert_eq!(limit(groups, &[]), None);
        assert_eq!(limit(groups, &[("system.slice/svc.service/memory.max", "max")]), None);
        let files = [("system.slice/svc.service/memory.max", "300"), ("system.slice/memory.max", "200")];
        assert_eq!(limit(groups, &files), Some(200));
        assert_eq!(limit(groups, &[("memory.max", "100"), ("other/memory.max", "1")]), Some(100));
        let old = "4:cpu,cpuacct:/a\n3:memory:/a/b\n0::/\n";
        assert_eq!(limit(old, &[("memory/a/b/memory.limit_in_bytes", "400")]), Some(400));
        assert_eq!(limit("nonsense\n", &[("memory.max", "100")]), None);
    }
}
