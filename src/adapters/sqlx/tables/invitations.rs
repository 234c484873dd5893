use async_trait::async_trait;
use const_format::concatcp;
use futures_util::TryFutureExt;
use uuid::Uuid;

use super::user_row::{self, UserRow};
use crate::adapters::sqlx::error::corrupt;
use crate::adapters::sqlx::run::{Pool, Tx, in_work, on_pool};
use crate::adapters::sqlx::store::SqlxStore;
use crate::adapters::sqlx::timestamp::SqlTimestamp;
use crate::adapters::sqlx::unit_of_work::Work;
use crate::domain::{Email, Invitation, InvitedUser, MailTokenDigest, Timestamp, UserId};
use crate::ports::store::{InvitationReader, Invitations, LONGEST_PAGE, StoreError};

const COLUMNS: &str = "user_id, digest, sent_to, sent_to_key, sent_at, expires_at";

const FIND: &str = concatcp!("SELECT ", COLUMNS, " FROM invitations WHERE digest = $1");
const OF_USER: &str = concatcp!("SELECT ", COLUMNS, " FROM invitations WHERE user_id = $1");
/// `!` is the hash of a user without a password. The inner limit is for PostgreSQL's planner, as in the pages
/// of users. A row whose user has a password is left by an older binary, which resets a password without it.
const PAGE: &str = concatcp!(
    "SELECT * FROM (SELECT ",
    COLUMNS,
    user_row::OTHER_COLUMNS,
    " FROM invitations JOIN users ON id = user_id WHERE user_id > $1 AND password_hash = '!' \
     ORDER BY user_id LIMIT 256) AS page ORDER BY user_id LIMIT $2"
);
const _: () = assert!(LONGEST_PAGE == 256);
const PUT: &str = concatcp!(
    "INSERT INTO invitations (",
    COLUMNS,
    ") VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (user_id) DO UPDATE SET digest = excluded.digest, \
     sent_to = excluded.sent_to, sent_to_key = excluded.sent_to_key, sent_at = excluded.sent_at, expires_at = excluded.expires_at"
);
const TAKE: &str = "DELETE FROM invitations WHERE digest = $1 AND expires_at > $2";
const REMOVE: &str = "DELETE FROM invitations WHERE user_id = $1";

#[derive(sqlx::FromRow)]
struct InvitationRow {
    user_id: Uuid,
    digest: Vec<u8>,
    sent_to: Option<String>,
    sent_to_key: Option<String>,
    sent_at: SqlTimestamp,
    expires_at: SqlTimestamp,
}

#[derive(sqlx::FromRow)]
struct InvitedUserRow {
    #[sqlx(flatten)]
    user: UserRow,
    #[sqlx(flatten)]
    invitation: InvitationRow,
}

impl TryFrom<InvitationRow> for Invitation {
    type Error = StoreError;

    fn try_from(row: InvitationRow) -> Result<Self, StoreError> {
        let invitation = format!("invitation of user {}", row.user_id);
        let digest =
            row.digest.try_into().map_err(|_| corrupt(&invitation, "digest", "must have 32 bytes"))?;
        Ok(Self {
            user_id: UserId(row.user_id),
            digest: MailTokenDigest(digest),
            sent_to: row.sent_to.zip(row.sent_to_key).map(|(email, key)| Email::stored(email, key)),
            sent_at: row.sent_at.0,
            expires_at: row.expires_at.0,
        })
    }
}

#[async_trait]
impl InvitationReader for SqlxStore {
    async fn find(&self, digest: MailTokenDigest) -> Result<Option<Invitation>, StoreError> {
        let row: Option<InvitationRow> =
            on_pool!(&self.readers, |db| sqlx::query_as(FIND).bind(&digest.0[..]).fetch_optional(db))?;
        row.map(Invitation::try_from).transpose()
    }

    async fn page(&self, after: Option<UserId>, limit: u32) -> Result<Vec<InvitedUser>, StoreError> {
        // No id sorts before the nil UUID.
        let after = after.map_or(Uuid::nil(), |id| id.0);
        let rows: Vec<InvitedUserRow> = on_pool!(&self.readers, |db| {
            sqlx::query_as(PAGE).bind(after).bind(i64::from(limit)).fetch_all(db)
        })?;
        let both = |row: InvitedUserRow| {
            Ok(InvitedUser { user: row.user.try_into()?, invitation: row.invitation.try_into()? })
        };
        rows.into_iter().map(both).collect()
    }

    async fn of_user(&self, user: UserId) -> Result<Option<Invitation>, StoreError> {
        let row: Option<InvitationRow> =
            on_pool!(&self.readers, |db| sqlx::query_as(OF_USER).bind(user.0).fetch_optional(db))?;
        row.map(Invitation::try_from).transpose()
    }
}

#[async_trait]
impl Invitations for Work {
    async fn find_of(&mut self, user: UserId) -> Result<Option<Invitation>, StoreError> {
        let row: Option<InvitationRow> =
            in_work!(self, |db| sqlx::query_as(OF_USER).bind(user.0).fetch_optional(db))?;
        row.map(Invitation::try_from).transpose()
    }

    async fn put(&mut self, invitation: &Invitation) -> Result<(), StoreError> {
        in_work!(self, |db| {
            sqlx::query(PUT)
                .bind(invitation.user_id.0)
                .bind(&invitation.digest.0[..])
                .bind(invitation.sent_to.as_ref().map(Email::as_str))
                .bind(invitation.sent_to.as_ref().map(Email::key))
                .bind(SqlTimestamp(invitation.sent_at))
                .bind(SqlTimestamp(invitation.expires_at))
                .execute(db)
                .map_ok(drop)
        })
    }

    async fn take(&mut self, digest: MailTokenDigest, now: Timestamp) -> Result<bool, StoreError> {
        in_work!(self, |db| {
            let take = sqlx::query(TAKE).bind(&digest.0[..]).bind(SqlTimestamp(now));
            take.execute(db).map_ok(|done| done.rows_affected() == 1)
        })
    }

    async fn remove(&mut self, user: UserId) -> Result<bool, StoreError> {
        in_work!(self, |db| {
            sqlx::query(REMOVE).bind(user.0).execute(db).map_ok(|done| done.rows_affected() == 1)
        })
    }
}
