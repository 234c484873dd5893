/// A number with its noun: "1 session", "2 sessions". The plural of the noun has to end in "s".
#[must_use]
pub fn counted(count: u64, noun: &str) -> String {
    if count == 1 { format!("1 {noun}") } else { format!("{count} {noun}s") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_one_is_singular() {
        assert_eq!(counted(0, "dead letter"), "0 dead letters");
        assert_eq!(counted(1, "dead letter"), "1 dead letter");
        assert_eq!(counted(2, "dead letter"), "2 dead letters");
    }
}
