use crate::config::TraceSampler;
use crate::domain::TraceParent;

/// The random part of the id of a trace (W3C Trace Context level 2, section 3.2.2.3).
const RANDOM_BITS: u32 = 56;

/// Chooses the traces that are recorded.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sampler {
    follows_parent: bool,
    /// Traces whose random part is below this are recorded.
    below: u64,
}

impl Sampler {
    pub(super) fn new(settings: TraceSampler) -> Self {
        Self { follows_parent: settings.follows_parent, below: threshold(settings.share) }
    }

    /// Whether the spans of a trace are recorded. All services choose the same traces for the same share.
    pub(super) fn takes(self, trace: u128, parent: Option<TraceParent>) -> bool {
        match parent {
            Some(parent) if self.follows_parent => parent.is_sampled(),
            _ => random_part(trace) < self.below,
        }
    }
}

fn random_part(trace: u128) -> u64 {
    // Fits, because 56 bits are left.
    u64::try_from(trace & ((1 << RANDOM_BITS) - 1)).unwrap_or(u64::MAX)
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    reason = "the share is between 0 and 1, and the last bits of the threshold do not matter"
)]
fn threshold(share: f64) -> u64 {
    (share * (1_u64 << RANDOM_BITS) as f64) as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sampler(follows_parent: bool, share: f64) -> Sampler {
        Sampler::new(TraceSampler { follows_parent, share })
    }

    fn parent(flags: &str) -> Option<TraceParent> {
        format!("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-{flags}").parse().ok()
    }

    /// The same ids in each run, spread over all values as by `SplitMix64`.
    fn ids(count: u64) -> impl Iterator<Item = u128> {
        let spread = |number: u64| {
            let number = (number ^ (number >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            let number = (number ^ (number >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            u128::from(number ^ (number >> 31))
        };
        (1..=count).map(move |number| spread(number.wrapping_mul(0x9e37_79b9_7f4a_7c15)))
    }

    #[test]
    fn the_share_is_that_of_the_recorded_traces() {
        let ids: Vec<u128> = ids(10_000).collect();
        for (share, fewest, most) in [(0.0, 0, 0), (0.25, 2_300, 2_700), (1.0, 10_000, 10_000)] {
            let taken = ids.iter().filter(|id| sampler(false, share).takes(**id, None)).count();
            assert!((fewest..=most).contains(&taken), "{share}: {taken}");
        }
    }

    #[test]
    fn a_larger_share_contains_a_smaller_one() {
        for id in ids(1_000) {
            assert!(!sampler(false, 0.1).takes(id, None) || sampler(false, 0.2).takes(id, None));
        }
    }

    #[test]
    fn the_parent_decides_only_where_it_is_followed() {
        for (follows, share, flags, expected) in [
            (true, 0.0, "01", true),
            (true, 1.0, "00", false),
            (true, 1.0, "03", true),
            (false, 0.0, "01", false),
            (false, 1.0, "00", true),
        ] {
            assert_eq!(
                sampler(follows, share).takes(1, parent(flags)),
                expected,
                "{follows} {share} {flags}"
            );
        }
        assert!(sampler(true, 1.0).takes(1, None) && !sampler(true, 0.0).takes(1, None));
    }
}
