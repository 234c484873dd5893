/// The environment variable of a key.
pub(super) fn variable_of(key: &str) -> String {
    format!("SVC_{}", key.replace('.', "__").to_uppercase())
}
