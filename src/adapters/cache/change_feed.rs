use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::sleep;

use super::tiered::TieredCache;
use crate::domain::Invalidation;
use crate::ports::StoreError;

/// How often the outbox is read.
const POLL: Duration = Duration::from_millis(500);
/// If the outbox was last read longer ago, copies are not used.
pub(super) const UNREAD: Duration = Duration::from_secs(4);
/// How many changes are read at once.
const BATCH: u32 = 1000;
/// How long a skipped number may still appear: longer than a transaction can live.
const GAP: Duration = Duration::from_mins(1);
/// How many numbers back from the latest the change feed looks for gaps when it starts.
const LOOK_BACK: u32 = 1000;

/// The change feed: reads the invalidations in the outbox, of all processes.
///
/// Normally each change is announced by a message. The change feed covers lost messages, processes that
/// cannot send any (a command line beside the service on one embedded database), and processes that died
/// between the change and the message.
#[derive(Default)]
pub(super) struct ChangeFeed {
    /// The time until which the last read counts as recent, in microseconds by the monotonic clock.
    read_until: AtomicU64,
}

/// Whether more can be read at once.
enum Progress {
    UpToDate,
    Behind,
}

/// How far the outbox was read.
#[derive(Debug, Default, PartialEq, Eq)]
struct Position {
    /// The highest number that was read; 0 before the first.
    highest: i64,
    /// Lower numbers that were not there yet.
    gaps: Vec<Gap>,
}

/// Numbers that no transaction has used yet, or whose transaction was rolled back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Gap {
    from: i64,
    to: i64,
    since: Duration,
}

impl ChangeFeed {
    /// Returns whether the outbox was read recently, so that all earlier changes are known.
    pub fn has_read(&self, now: Duration) -> bool {
        micros(now) < self.read_until.load(Ordering::Acquire)
    }

    /// Reads changes without end, and notifies `reads` after the first read.
    pub async fn run(&self, cache: &TieredCache, reads: &Notify) {
        let mut place = None;
        let mut fails = false;
        loop {
            let began = cache.clock.monotonic();
            match read(cache, &mut place, began).await {
                Ok(progress) => {
                    if fails {
                        tracing::info!("change feed recovered");
                        fails = false;
                    }
                    if let Progress::UpToDate = progress {
                        self.read_until.store(micros(began + UNREAD), Ordering::Release);
                        reads.notify_one();
                        sleep(POLL).await;
                    }
                }
                Err(error) => {
                    if !fails {
                        tracing::warn!(%error, caches_off_after = ?UNREAD, "change feed failed");
                        fails = true;
                    }
                    sleep(POLL).await;
                }
            }
        }
    }
}

/// Reads the changes after a position and invalidates their copies.
async fn read(
    cache: &TieredCache,
    place: &mut Option<Position>,
    now: Duration,
) -> Result<Progress, StoreError> {
    let outbox = cache.store.outbox();
    let Some(here) = place else {
        *place = Some(Position::after(&outbox.latest(LOOK_BACK).await?, now));
        // It is unknown which of the earlier copies have changed since.
        cache.forget_all();
        return Ok(Progress::UpToDate);
    };
    here.give_up(now);
    let mut changes = Vec::new();
    for gap in &here.gaps {
        changes.extend(outbox.changes(gap.from, gap.to, BATCH).await?);
    }
    // The last change is read again: if it is missing, the outbox was cleaned, or the database was restored
    // from a backup.
    let recent = outbox.changes(here.highest, i64::MAX, BATCH).await?;
    if here.highest > 0 && recent.first().is_none_or(|change| change.seq != here.highest) {
        *place = None;
        return Ok(Progress::Behind);
    }
    let behind = recent.len() == BATCH as usize;
    changes.extend(recent.into_iter().filter(|change| change.seq > here.highest));
    let invalidations: Vec<Invalidation> = changes.iter().filter_map(|change| change.invalidation).collect();
    cache.invalidate(&invalidations, false).await;
    for change in &changes {
        here.pass(change.seq, now);
    }
    Ok(if behind { Progress::Behind } else { Progress::UpToDate })
}

impl Position {
    /// Starts after the latest numbers, the highest first.
    fn after(latest: &[i64], now: Duration) -> Self {
        let mut place = Self { highest: latest.last().copied().unwrap_or_default(), gaps: Vec::new() };
        for seq in latest.iter().rev() {
            place.pass(*seq, now);
        }
        place
    }

    /// Records a number that was read, and the numbers that were skipped before it.
    fn pass(&mut self, seq: i64, now: Duration) {
        if seq > self.highest {
            if seq > self.highest + 1 {
                self.gaps.push(Gap { from: self.highest + 1, to: seq - 1, since: now });
            }
            self.highest = seq;
        } else if let Some(at) = self.gaps.iter().position(|gap| (gap.from..=gap.to).contains(&seq)) {
            let gap = self.gaps.swap_remove(at);
            let parts = [Gap { to: seq - 1, ..gap }, Gap { from: seq + 1, ..gap }];
            self.gaps.extend(parts.into_iter().filter(|gap| gap.from <= gap.to));
        }
    }

    /// Stops waiting for numbers whose transactions were rolled back.
    fn give_up(&mut self, now: Duration) {
        self.gaps.retain(|gap| now < gap.since + GAP);
    }
}

fn micros(time: Duration) -> u64 {
    u64::try_from(time.as_micros()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Duration = Duration::from_secs(100);

    fn missing(place: &Position) -> Vec<(i64, i64)> {
        let mut gaps: Vec<_> = place.gaps.iter().map(|gap| (gap.from, gap.to)).collect();
        gaps.sort_unstable();
        gaps
    }

    #[test]
    fn a_skipped_number_is_missing_until_it_appears() {
        let mut place = Position::after(&[7, 6, 4], NOW);
        assert_eq!((place.highest, missing(&place)), (7, vec![(5, 5)]));
        place.pass(8, NOW);
        place.pass(15, NOW);
        assert_eq!((place.highest, missing(&place)), (15, vec![(5, 5), (9, 14)]));
        for seq in [5, 9, 12, 14] {
            place.pass(seq, NOW);
        }
        assert_eq!((place.highest, missing(&place)), (15, vec![(10, 11), (13, 13)]));
        place.pass(12, NOW);
        assert_eq!(missing(&place), [(10, 11), (13, 13)], "a number that was read is not missing again");
        place.give_up(NOW);
        assert_eq!(missing(&place).len(), 2);
        place.give_up(NOW + GAP);
        assert_eq!(missing(&place), []);
    }

    #[test]
    fn an_empty_outbox_begins_at_the_beginning() {
        let mut place = Position::after(&[], NOW);
        assert_eq!(place, Position::default());
        place.pass(1, NOW);
        assert_eq!((place.highest, missing(&place)), (1, vec![]));
    }

    #[test]
    fn a_leap_is_one_gap() {
        let mut place = Position::after(&[1], NOW);
        place.pass(i64::MAX, NOW);
        assert_eq!(missing(&place), [(2, i64::MAX - 1)]);
    }
}
