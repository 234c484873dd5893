//! A session with its user, in one row.

use super::row::SessionRow;
use crate::adapters::sqlx::tables::user_row::UserRow;
use crate::domain::{Session, User};
use crate::ports::store::StoreError;

/// Selects sessions of `$from`, each with its user.
macro_rules! with_user {
    ($from:expr, $rest:literal) => {
        const_format::concatcp!(
            "SELECT ",
            COLUMNS,
            user_row::OTHER_NAMES,
            " FROM ",
            $from,
            " JOIN (SELECT id AS owner",
            user_row::OTHER_COLUMNS,
            " FROM users) AS owners ON owner = user_id ",
            $rest
        )
    };
}
pub(super) use with_user;

#[derive(sqlx::FromRow)]
pub(super) struct SessionWithUserRow {
    #[sqlx(flatten)]
    session: SessionRow,
    #[sqlx(flatten)]
    user: UserRow,
}

impl TryFrom<SessionWithUserRow> for (Session, User) {
    type Error = StoreError;

    fn try_from(row: SessionWithUserRow) -> Result<Self, StoreError> {
        Ok((row.session.try_into()?, row.user.try_into()?))
    }
}
