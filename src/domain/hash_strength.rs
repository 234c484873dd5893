/// OWASP Password Storage Cheat Sheet: pairs of memory in KiB and iterations of Argon2id, all of equal
/// strength.
const LEAST: [(u32, u32); 5] = [(47_104, 1), (19_456, 2), (12_288, 3), (9_216, 4), (7_168, 5)];

/// Whether hashes of this memory, in KiB, and these iterations resist guessing.
#[must_use]
pub fn is_strong_hash(memory_kib: u32, iterations: u32) -> bool {
    LEAST.iter().any(|&(least, fewest)| memory_kib >= least && iterations >= fewest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_pair_is_enough_and_less_is_not() {
        for (memory, iterations) in LEAST {
            assert!(is_strong_hash(memory, iterations) && is_strong_hash(memory * 2, iterations + 1));
            assert!(!is_strong_hash(memory - 1, iterations) && !is_strong_hash(memory, iterations - 1));
        }
    }
}
