//! Claiming the inbox entries that are due, so that the events of a user are handled in their order by any number of workers.
//!
//! An entry is claimed only together with, or after, every earlier entry of the same user and handler. One that is claimed
//! elsewhere, or waits for its retry, holds the later ones of its user back, and nobody else's.

use futures_util::TryFutureExt;

use super::SqlxStore;
use super::claim::one_per_handler;
use super::inbox::HandlingRow;
use super::moment::Moment;
use super::run::{Tx, in_work};
use super::statement::Statement;
use crate::ports::events::{Handling, Lease};
use crate::ports::store::{StoreError, UnitOfWork};

/// Finds, among the entries that have been due longest, those to claim. There is a bound on how many are looked at, and each step
/// costs as much per user as the user has of them: the statement takes about the same time however much waits.
///
/// `blockers` has, for each user among them, the first of the earlier entries that are not among them: it is claimed, waits for
/// a retry, or is due but did not fit. What comes after it is not claimed.
macro_rules! candidates {
    () => {
        "WITH candidates AS MATERIALIZED (SELECT event_id, subject, seq FROM inbox WHERE handler = $1 \
         AND state = 'pending' AND claim IS NULL AND held_until <= $2 ORDER BY held_until, seq LIMIT 1024), \
         latest AS MATERIALIZED (SELECT subject, max(seq) AS seq FROM candidates GROUP BY subject), \
         blockers AS MATERIALIZED (SELECT subject, (SELECT min(seq) FROM inbox AS earlier \
         WHERE earlier.handler = $1 AND earlier.subject = latest.subject AND earlier.state = 'pending' \
         AND earlier.seq < latest.seq AND earlier.event_id NOT IN (SELECT event_id FROM candidates)) AS first \
         FROM latest)"
    };
}

/// Claims a prefix of each user's candidates, since it goes by their order.
macro_rules! claim {
    () => {
        concat!(
            "due AS MATERIALIZED (SELECT candidates.event_id FROM candidates \
             JOIN blockers ON blockers.subject = candidates.subject WHERE first IS NULL OR candidates.seq < first \
             ORDER BY candidates.seq LIMIT $5) \
             UPDATE inbox SET claim = $3, held_until = $4, tries = tries + 1 \
             WHERE handler = $1 AND state = 'pending' AND claim IS NULL \
             AND event_id IN (SELECT event_id FROM due) RETURNING event_id, handler, seq, subject, tries"
        )
    };
}

/// Puts candidates off until the retry that they wait for, so that they do not take the place of others at each claim.
macro_rules! put_off {
    () => {
        "UPDATE inbox SET held_until = waiting.until FROM (SELECT candidates.event_id, blocker.held_until AS until \
         FROM candidates JOIN blockers ON blockers.subject = candidates.subject AND candidates.seq > first \
         JOIN inbox AS blocker ON blocker.handler = $1 AND blocker.subject = blockers.subject \
         AND blocker.seq = first WHERE blocker.state = 'pending' AND blocker.claim IS NULL \
         AND blocker.held_until > $2) AS waiting \
         WHERE inbox.handler = $1 AND inbox.event_id = waiting.event_id \
         AND inbox.state = 'pending' AND inbox.claim IS NULL"
    };
}

/// SQLite has no `UPDATE` within a `WITH`: there it is [`PUT_OFF`].
const CLAIM: Statement = Statement {
    postgres: concat!(candidates!(), ", put_off AS (", put_off!(), "), ", claim!()),
    sqlite: concat!(candidates!(), ", ", claim!()),
};
const PUT_OFF: &str = concat!(candidates!(), " ", put_off!());

impl SqlxStore {
    pub(super) async fn claim_due_entries(
        &self,
        handler: &str,
        lease: &Lease,
        limit: u32,
    ) -> Result<Vec<Handling>, StoreError> {
        let mut work = self.begin_worker().await?;
        one_per_handler(&mut work, handler).await?;
        if let Tx::Sqlite(_) = work.tx {
            in_work!(work, |db| {
                sqlx::query(PUT_OFF).bind(handler).bind(Moment(lease.now)).execute(db).map_ok(drop)
            })?;
        }
        let claim = CLAIM.on(&work.tx);
        let mut rows: Vec<HandlingRow> = in_work!(work, |db| {
            sqlx::query_as(claim)
                .bind(handler)
                .bind(Moment(lease.now))
                .bind(lease.claim)
                .bind(Moment(lease.until))
                .bind(i64::from(limit))
                .fetch_all(db)
        })?;
        Box::new(work).commit().await?;
        rows.sort_unstable_by_key(|row| row.seq);
        rows.into_iter().map(Handling::try_from).collect()
    }
}
