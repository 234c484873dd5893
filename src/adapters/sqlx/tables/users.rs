use async_trait::async_trait;
use const_format::concatcp;
use futures_util::TryFutureExt;
use uuid::Uuid;

use super::user_row::{AccountRow, COLUMNS, INSERT, UPDATE, UserRow, bind_changes, bind_user};
use crate::adapters::sqlx::lock::locking;
use crate::adapters::sqlx::run::{Pool, Tx, in_work, on_pool};
use crate::adapters::sqlx::statement::Statement;
use crate::adapters::sqlx::store::SqlxStore;
use crate::adapters::sqlx::timestamp::SqlTimestamp;
use crate::adapters::sqlx::unit_of_work::Work;
use crate::domain::{Account, Email, PasswordHash, Role, Timestamp, User, UserId, UserStatus};
use crate::ports::store::{LONGEST_PAGE, StoreError, UserFilter, UserReader, Users};

const FIND: &str = concatcp!("SELECT ", COLUMNS, " FROM users WHERE id = $1");
const FIND_ACCOUNT: &str = concatcp!("SELECT ", COLUMNS, ", password_hash FROM users WHERE id = $1");
const FIND_ACCOUNT_BY_EMAIL: &str =
    concatcp!("SELECT ", COLUMNS, ", password_hash FROM users WHERE email_key = $1");

/// A page of `$2` users after the id `$1`.
///
/// The inner limit is for PostgreSQL's planner. It estimates that the outer limit returns a tenth of all
/// users that follow. With many users that estimate makes it plan each page again, which takes longer than
/// reading it.
macro_rules! page {
    ($filter:literal) => {
        concatcp!(
            "SELECT * FROM (SELECT ",
            COLUMNS,
            " FROM users WHERE id > $1",
            $filter,
            " ORDER BY id LIMIT 256) AS page ORDER BY user_id LIMIT $2"
        )
    };
}
const _: () = assert!(LONGEST_PAGE == 256);

/// Each filter has a statement of its own, with literals instead of parameters. A plan that has to serve
/// every value, or a condition that a parameter switches off, scans all users to find the few that have a
/// rare role.
const fn page(role: Option<Role>, status: Option<UserStatus>) -> &'static str {
    match (role, status) {
        (None, None) => page!(""),
        (Some(Role::User), None) => page!(" AND role = 'user'"),
        (Some(Role::Admin), None) => page!(" AND role = 'admin'"),
        (None, Some(UserStatus::Active)) => page!(" AND status = 'active'"),
        (None, Some(UserStatus::Locked)) => page!(" AND status = 'locked'"),
        (Some(Role::User), Some(UserStatus::Active)) => page!(" AND role = 'user' AND status = 'active'"),
        (Some(Role::User), Some(UserStatus::Locked)) => page!(" AND role = 'user' AND status = 'locked'"),
        (Some(Role::Admin), Some(UserStatus::Active)) => page!(" AND role = 'admin' AND status = 'active'"),
        (Some(Role::Admin), Some(UserStatus::Locked)) => page!(" AND role = 'admin' AND status = 'locked'"),
    }
}

/// Returns at most one row, so the other filters may be parameters here.
const PAGE_BY_EMAIL: &str = page!(
    " AND email_key = $3 \
      AND (CAST($4 AS text) IS NULL OR role = $4) AND (CAST($5 AS text) IS NULL OR status = $5)"
);

const LOCK: Statement = locking!("SELECT ", COLUMNS, ", password_hash FROM users WHERE id = $1");
const LOCK_BY_EMAIL: Statement =
    locking!("SELECT ", COLUMNS, ", password_hash FROM users WHERE email_key = $1");

/// The condition for an active administrator. Without the invited ones: `!` is the hash of a user without a
/// password, who cannot log in.
const ACTIVE_ADMIN: &str = "role = 'admin' AND status = 'active' AND password_hash <> '!'";

const LOCK_ACTIVE_ADMINS: Statement = locking!("SELECT id FROM users WHERE ", ACTIVE_ADMIN, " ORDER BY id");
const HAS_OTHER_ACTIVE_ADMIN: &str = concatcp!(
    "SELECT count(*) > 0 FROM (SELECT 1 FROM users WHERE ",
    ACTIVE_ADMIN,
    " AND id <> $1 LIMIT 1) AS other"
);
const SET_EMAIL: &str = concatcp!(
    "UPDATE users SET email = $2, email_key = $3, email_verified = $4, updated_at = $5, \
     version = version + 1 WHERE id = $1 RETURNING ",
    COLUMNS
);
const SET_PASSWORD_HASH: &str = "UPDATE users SET password_hash = $2 WHERE id = $1";
const DELETE: &str = "DELETE FROM users WHERE id = $1 RETURNING id";

#[async_trait]
impl UserReader for SqlxStore {
    async fn find(&self, id: UserId) -> Result<Option<User>, StoreError> {
        let row: Option<UserRow> =
            on_pool!(&self.readers, |db| sqlx::query_as(FIND).bind(id.0).fetch_optional(db))?;
        row.map(User::try_from).transpose()
    }

    async fn find_account_by_email(&self, email: &Email) -> Result<Option<Account>, StoreError> {
        let row: Option<AccountRow> = on_pool!(&self.readers, |db| {
            sqlx::query_as(FIND_ACCOUNT_BY_EMAIL).bind(email.key()).fetch_optional(db)
        })?;
        row.map(Account::try_from).transpose()
    }

    async fn find_account(&self, id: UserId) -> Result<Option<Account>, StoreError> {
        let row: Option<AccountRow> =
            on_pool!(&self.readers, |db| sqlx::query_as(FIND_ACCOUNT).bind(id.0).fetch_optional(db))?;
        row.map(Account::try_from).transpose()
    }

    async fn page(
        &self,
        filter: &UserFilter,
        after: Option<UserId>,
        limit: u32,
    ) -> Result<Vec<User>, StoreError> {
        // No id sorts before the nil UUID.
        let after = after.map_or(Uuid::nil(), |id| id.0);
        let limit = i64::from(limit);
        let rows: Vec<UserRow> = match &filter.email {
            None => on_pool!(&self.readers, |db| {
                sqlx::query_as(page(filter.role, filter.status)).bind(after).bind(limit).fetch_all(db)
            }),
            Some(email) => on_pool!(&self.readers, |db| {
                sqlx::query_as(PAGE_BY_EMAIL)
                    .bind(after)
                    .bind(limit)
                    .bind(email.key())
                    .bind(filter.role.map(Role::as_str))
                    .bind(filter.status.map(UserStatus::as_str))
                    .fetch_all(db)
            }),
        }?;
        rows.into_iter().map(User::try_from).collect()
    }

    async fn has_other_active_admin(&self, user: UserId) -> Result<bool, StoreError> {
        on_pool!(&self.readers, |db| sqlx::query_scalar(HAS_OTHER_ACTIVE_ADMIN).bind(user.0).fetch_one(db))
    }
}

#[async_trait]
impl Users for Work {
    async fn insert(&mut self, user: &User, hash: &PasswordHash) -> Result<(), StoreError> {
        in_work!(self, |db| {
            bind_user!(sqlx::query(INSERT), user).bind(hash.expose()).execute(db).map_ok(drop)
        })
    }

    async fn lock(&mut self, id: UserId) -> Result<Option<Account>, StoreError> {
        let lock = LOCK.on(&self.tx);
        let row: Option<AccountRow> =
            in_work!(self, |db| sqlx::query_as(lock).bind(id.0).fetch_optional(db))?;
        row.map(Account::try_from).transpose()
    }

    async fn lock_by_email(&mut self, email: &Email) -> Result<Option<Account>, StoreError> {
        let lock = LOCK_BY_EMAIL.on(&self.tx);
        let row: Option<AccountRow> =
            in_work!(self, |db| sqlx::query_as(lock).bind(email.key()).fetch_optional(db))?;
        row.map(Account::try_from).transpose()
    }

    async fn lock_active_admins(&mut self) -> Result<Vec<UserId>, StoreError> {
        let lock = LOCK_ACTIVE_ADMINS.on(&self.tx);
        let ids: Vec<Uuid> = in_work!(self, |db| sqlx::query_scalar(lock).fetch_all(db))?;
        Ok(ids.into_iter().map(UserId).collect())
    }

    async fn update(&mut self, user: &User) -> Result<User, StoreError> {
        let row: UserRow = in_work!(self, |db| bind_changes!(sqlx::query_as(UPDATE), user).fetch_one(db))?;
        row.try_into()
    }

    async fn set_email(&mut self, id: UserId, email: &Email, now: Timestamp) -> Result<User, StoreError> {
        let row: UserRow = in_work!(self, |db| {
            sqlx::query_as(SET_EMAIL)
                .bind(id.0)
                .bind(email.as_str())
                .bind(email.key())
                .bind(true)
                .bind(SqlTimestamp(now))
                .fetch_one(db)
        })?;
        row.try_into()
    }

    async fn set_password_hash(&mut self, id: UserId, hash: &PasswordHash) -> Result<(), StoreError> {
        in_work!(self, |db| sqlx::query(SET_PASSWORD_HASH)
            .bind(id.0)
            .bind(hash.expose())
            .execute(db)
            .map_ok(drop))
    }

    async fn delete(&mut self, id: UserId) -> Result<bool, StoreError> {
        let deleted: Option<Uuid> =
            in_work!(self, |db| sqlx::query_scalar(DELETE).bind(id.0).fetch_optional(db))?;
        Ok(deleted.is_some())
    }
}
