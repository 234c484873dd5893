//! Claims due inbox entries so that any number of workers can handle the events of a user in order.
//!
//! An entry is claimed only together with, or after, every earlier entry of the same user and handler. An
//! entry that another worker has claimed, or that waits for its retry, blocks the later entries of its user.

use const_format::concatcp;
use futures_util::TryFutureExt;
use uuid::Uuid;

use super::claim::one_per_handler;
use super::open_ids::OpenIds;
use crate::adapters::sqlx::run::{Tx, in_work};
use crate::adapters::sqlx::statement::Statement;
use crate::adapters::sqlx::store::SqlxStore;
use crate::adapters::sqlx::tables::inbox::InboxEntryRow;
use crate::adapters::sqlx::timestamp::SqlTimestamp;
use crate::ports::events::{Due, InboxEntry, Lease};
use crate::ports::store::{StoreError, UnitOfWork};

/// Selects the entries that have been due longest.
macro_rules! longest {
    ($columns:literal, $within:literal) => {
        concatcp!(
            "SELECT ",
            $columns,
            " FROM inbox WHERE handler = $1 AND ",
            $within,
            "CASE state WHEN 'pending' THEN claim IS NULL ELSE false END AND available_at <= $2 \
         ORDER BY available_at, seq LIMIT 512"
        )
    };
}

/// The lowest and the highest id of these entries. Usually one partition has them all, wherever the rest of a
/// backlog is.
const BOUNDS: &str = concatcp!(
    "SELECT (array_agg(event_id ORDER BY event_id))[1], (array_agg(event_id ORDER BY event_id DESC))[1] FROM (",
    longest!("event_id", "event_id BETWEEN $3 AND $4 AND "),
    ") AS longest"
);

/// Decides which of these entries can be claimed. The statement reads a bounded number of entries, so it
/// takes about the same time for any backlog.
///
/// `blocker` is the same for all candidates of a user: the first of the earlier entries that are not
/// candidates. Such an entry is claimed, waits for a retry, or is due but did not fit. The statement looks
/// for it once per user, at the last candidate. It uses windows and subqueries instead of joins: while a new
/// backlog builds up, the planner still assumes that the table is empty and would join row by row.
///
/// On PostgreSQL `$within` bounds the ids of the candidates, and `$open` those of their blockers: an earlier
/// entry can have a higher id if clocks differ. SQLite could prefer the primary key because of such a bound.
macro_rules! candidates {
    ($within:literal, $open:literal) => {
        concatcp!("WITH candidates AS MATERIALIZED (", longest!("event_id, subject, seq", $within), "), \
         lasts AS MATERIALIZED (SELECT event_id, subject, seq, \
         seq = max(seq) OVER (PARTITION BY subject) AS is_last FROM candidates), \
         found AS MATERIALIZED (SELECT event_id, subject, seq, is_last, CASE WHEN is_last THEN \
         (SELECT min(seq) FROM inbox AS earlier WHERE earlier.handler = $1 AND earlier.subject = lasts.subject \
         AND ", $open, "earlier.state = 'pending' AND earlier.seq < lasts.seq \
         AND earlier.event_id NOT IN (SELECT event_id FROM candidates)) END AS blocker FROM lasts), \
         ordered AS MATERIALIZED (SELECT event_id, subject, seq, is_last, \
         min(blocker) OVER (PARTITION BY subject) AS blocker FROM found), ")
    };
}

/// Selects a prefix of the candidates of each user, because it follows their order.
const DUE: &str = "due AS MATERIALIZED (SELECT event_id FROM ordered WHERE blocker IS NULL OR seq < blocker \
     ORDER BY seq LIMIT $5)";

/// The `CASE` keeps the planner from using the indexes of pending entries, which it assumes to be empty and
/// would read in full.
macro_rules! claim {
    ($within:literal) => {
        concatcp!(
            "UPDATE inbox SET claim = $3, available_at = $4, attempts = attempts + 1 \
         WHERE handler = $1 AND ",
            $within,
            "CASE WHEN state = 'pending' THEN claim IS NULL ELSE false END \
         RETURNING event_id, handler, seq, subject, attempts"
        )
    };
}

/// Finds candidates whose blocker is not claimed, and the time at which the blocker is due. That time can be
/// in the past: then the blocker is due but sorts after the candidates, and would never become a candidate if
/// they stayed.
macro_rules! waiting {
    ($open:literal) => {
        concatcp!("retries AS MATERIALIZED (SELECT event_id, subject, seq, blocker, CASE WHEN is_last \
         AND blocker IS NOT NULL THEN (SELECT available_at FROM inbox AS earlier WHERE earlier.handler = $1 \
         AND earlier.subject = ordered.subject AND ", $open, "earlier.seq = ordered.blocker AND earlier.state = 'pending' \
         AND earlier.claim IS NULL) END AS until FROM ordered), \
         waiting AS MATERIALIZED (SELECT event_id, seq, blocker, \
         max(until) OVER (PARTITION BY subject) AS until FROM retries)")
    };
}

/// Postpones the candidates that `waiting!` finds until their blocker is due, so that they do not crowd out
/// others at each claim. Each of them becomes due later than before, and no earlier than its blocker, which
/// is claimed first then.
const POSTPONE: &str = "UPDATE inbox SET available_at = waiting.until FROM waiting WHERE inbox.handler = $1 \
     AND CASE WHEN inbox.state = 'pending' THEN inbox.claim IS NULL ELSE false END \
     AND inbox.event_id = waiting.event_id AND waiting.until IS NOT NULL AND waiting.seq > waiting.blocker";

/// The same for PostgreSQL, without a join: it could read all of these entries for each of them.
const POSTPONE_BY_IDS: &str = "UPDATE inbox SET available_at = (SELECT until FROM waiting WHERE waiting.event_id = inbox.event_id) \
     WHERE handler = $1 AND event_id BETWEEN $8 AND $9 AND event_id = ANY (ARRAY( \
     SELECT event_id FROM waiting WHERE until IS NOT NULL AND seq > blocker)) \
     AND CASE WHEN state = 'pending' THEN claim IS NULL ELSE false END";

/// Postpones and claims. On PostgreSQL this is one statement, which returns at least one row, with the number
/// of entries that it postponed. SQLite does not allow an `UPDATE` within a `WITH`, so [`POSTPONED`] runs
/// first there.
const CLAIM: Statement = Statement {
    postgres: concatcp!(
        candidates!("event_id BETWEEN $8 AND $9 AND ", "earlier.event_id BETWEEN $6 AND $7 AND "),
        waiting!("earlier.event_id BETWEEN $6 AND $7 AND "),
        ", postponed AS (",
        POSTPONE_BY_IDS,
        " RETURNING 1), ",
        DUE,
        ", claimed AS (",
        claim!("event_id BETWEEN $8 AND $9 AND event_id = ANY (ARRAY(SELECT event_id FROM due)) AND "),
        ") SELECT (SELECT count(*) FROM postponed) AS postponed, claimed.* FROM (SELECT 1) AS one \
         LEFT JOIN claimed ON true"
    ),
    sqlite: concatcp!(
        candidates!("", ""),
        DUE,
        " ",
        claim!("$6 <= $7 AND $8 <= $9 AND event_id IN (SELECT event_id FROM due) AND "),
        ", 0 AS postponed"
    ),
};
const POSTPONED: &str = concatcp!(candidates!("", ""), waiting!(""), " ", POSTPONE);

/// A claimed entry, or nulls, with the number of postponed entries.
#[derive(sqlx::FromRow)]
struct DueRow {
    postponed: i64,
    event_id: Option<Uuid>,
    handler: Option<String>,
    seq: Option<i64>,
    subject: Option<Uuid>,
    attempts: Option<i64>,
}

impl DueRow {
    fn claimed(self) -> Option<InboxEntryRow> {
        Some(InboxEntryRow {
            event_id: self.event_id?,
            handler: self.handler?,
            seq: self.seq?,
            subject: self.subject?,
            attempts: self.attempts?,
        })
    }
}

impl SqlxStore {
    pub(in crate::adapters::sqlx) async fn claim_due_entries(
        &self,
        handler: &str,
        lease: &Lease,
        limit: u32,
    ) -> Result<Due, StoreError> {
        let mut postponed = 0;
        let mut work = self.begin_worker().await?;
        one_per_handler(&mut work, handler).await?;
        let Some(open) = OpenIds::pending(&mut work, handler).await? else { return Ok(Due::default()) };
        let Some(longest) = open.among(&mut work, BOUNDS, handler, lease.now).await? else {
            return Ok(Due::default());
        };
        if let Tx::Sqlite(_) = work.tx {
            postponed = in_work!(work, |db| {
                let postponed = sqlx::query(POSTPONED).bind(handler).bind(SqlTimestamp(lease.now));
                postponed.execute(db).map_ok(|done| done.rows_affected())
            })?;
        }
        let claim = CLAIM.on(&work.tx);
        let rows: Vec<DueRow> = in_work!(work, |db| {
            sqlx::query_as(claim)
                .bind(handler)
                .bind(SqlTimestamp(lease.now))
                .bind(lease.claim)
                .bind(SqlTimestamp(lease.until))
                .bind(i64::from(limit))
                .bind(open.first)
                .bind(open.last)
                .bind(longest.first)
                .bind(longest.last)
                .fetch_all(db)
        })?;
        Box::new(work).commit().await?;
        if let Some(row) = rows.first() {
            postponed += row.postponed.unsigned_abs();
        }
        let mut claimed: Vec<InboxEntryRow> = rows.into_iter().filter_map(DueRow::claimed).collect();
        claimed.sort_unstable_by_key(|row| row.seq);
        let claimed = claimed.into_iter().map(InboxEntry::try_from).collect::<Result<_, _>>()?;
        Ok(Due { claimed, postponed })
    }
}
