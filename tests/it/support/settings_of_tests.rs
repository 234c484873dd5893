/// Merges a test's own settings with the common ones that it does not override: a setting may not be given
/// twice.
pub fn set(own: &[&str], all: &[String]) -> Vec<String> {
    let key = |line: &str| line.split('=').next().map(str::to_owned);
    let others = all.iter().filter(|line| own.iter().all(|own| key(own) != key(line)));
    others.cloned().chain(own.iter().map(ToString::to_string)).collect()
}
