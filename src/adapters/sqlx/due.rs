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

/// Finds, among the entries that have been due longest, those to claim. A bounded number is looked at, and of each user no more
/// than these, so the statement takes about the same time however much waits.
///
/// `blocker` is, for all candidates of a user, the first of the earlier entries that are not among them: it is claimed, waits for
/// a retry, or is due but did not fit. It is looked for once per user, at the last candidate. Windows and subqueries take the place
/// of joins: when a backlog comes up, the planner still takes the table for empty, and would join row by row.
macro_rules! candidates {
    () => {
        "WITH candidates AS MATERIALIZED (SELECT event_id, subject, seq FROM inbox WHERE handler = $1 \
         AND state = 'pending' AND claim IS NULL AND held_until <= $2 ORDER BY held_until, seq LIMIT 512), \
         lasts AS MATERIALIZED (SELECT event_id, subject, seq, \
         seq = max(seq) OVER (PARTITION BY subject) AS is_last FROM candidates), \
         found AS MATERIALIZED (SELECT event_id, subject, seq, is_last, CASE WHEN is_last THEN \
         (SELECT min(seq) FROM inbox AS earlier WHERE earlier.handler = $1 AND earlier.subject = lasts.subject \
         AND earlier.state = 'pending' AND earlier.seq < lasts.seq \
         AND earlier.event_id NOT IN (SELECT event_id FROM candidates)) END AS blocker FROM lasts), \
         ordered AS MATERIALIZED (SELECT event_id, subject, seq, is_last, \
         min(blocker) OVER (PARTITION BY subject) AS blocker FROM found), "
    };
}

/// Claims a prefix of each user's candidates, since it goes by their order.
macro_rules! claim {
    () => {
        "due AS MATERIALIZED (SELECT event_id FROM ordered WHERE blocker IS NULL OR seq < blocker \
         ORDER BY seq LIMIT $5) UPDATE inbox SET claim = $3, held_until = $4, tries = tries + 1 \
         WHERE handler = $1 AND claim IS NULL AND event_id IN (SELECT event_id FROM due) \
         RETURNING event_id, handler, seq, subject, tries"
    };
}

/// Finds candidates that wait for a retry, and its time.
macro_rules! waiting {
    () => {
        "retries AS MATERIALIZED (SELECT event_id, subject, seq, blocker, CASE WHEN is_last \
         AND blocker IS NOT NULL THEN (SELECT held_until FROM inbox AS earlier WHERE earlier.handler = $1 \
         AND earlier.subject = ordered.subject AND earlier.seq = ordered.blocker AND earlier.state = 'pending' \
         AND earlier.claim IS NULL AND earlier.held_until > $2) END AS until FROM ordered), \
         waiting AS MATERIALIZED (SELECT event_id, seq, blocker, \
         max(until) OVER (PARTITION BY subject) AS until FROM retries)"
    };
}

/// Puts them off until then, so that they do not take the place of others at each claim.
macro_rules! put_off {
    () => {
        "UPDATE inbox SET held_until = waiting.until FROM waiting WHERE inbox.handler = $1 AND inbox.claim IS NULL \
         AND inbox.event_id = waiting.event_id AND waiting.until IS NOT NULL AND waiting.seq > waiting.blocker"
    };
}

/// SQLite has no `UPDATE` within a `WITH`: there it is [`PUT_OFF`].
const CLAIM: Statement = Statement {
    postgres: concat!(candidates!(), waiting!(), ", put_off AS (", put_off!(), "), ", claim!()),
    sqlite: concat!(candidates!(), claim!()),
};
const PUT_OFF: &str = concat!(candidates!(), waiting!(), " ", put_off!());

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
