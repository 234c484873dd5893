use std::time::Duration;

/// Returns the probability that a value of `second` is higher than one of `first`, with equal values counted
/// half (Mann-Whitney).
pub fn auc(first: &[Duration], second: &[Duration]) -> f64 {
    let mut all: Vec<(Duration, bool)> = first.iter().map(|time| (*time, false)).collect();
    all.extend(second.iter().map(|time| (*time, true)));
    all.sort_unstable();
    let (mut below, mut pairs) = (0.0, 0.0);
    for equal in all.chunk_by(|one, next| one.0 == next.0) {
        let of_second = count(equal.iter().filter(|(_, is_second)| *is_second).count());
        let of_first = count(equal.len()) - of_second;
        pairs += of_second * (below + of_first / 2.0);
        below += of_first;
    }
    pairs / (count(first.len()) * count(second.len()))
}

/// Returns the median.
pub fn median(times: &[Duration]) -> Duration {
    let mut times = times.to_vec();
    times.sort_unstable();
    times.get(times.len() / 2).copied().unwrap_or_default()
}

fn count(number: usize) -> f64 {
    f64::from(u32::try_from(number).unwrap_or(u32::MAX))
}
