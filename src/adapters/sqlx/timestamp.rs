//! A moment as a column: `timestamptz` on PostgreSQL, RFC 3339 text of fixed width on SQLite, where text sorts
//! as moments do only when every text has the same width.

use sqlx::encode::IsNull;
use sqlx::error::BoxDynError;
use sqlx::postgres::types::Oid;
use sqlx::postgres::{PgArgumentBuffer, PgTypeInfo, PgValueRef};
use sqlx::sqlite::{SqliteArgumentsBuffer, SqliteTypeInfo, SqliteValueRef};
use sqlx::{Decode, Encode, Postgres, Sqlite, Type};

use crate::domain::Timestamp;

/// A [`Timestamp`] that either driver can read and write.
#[derive(Clone, Copy)]
pub(super) struct SqlTimestamp(pub(super) Timestamp);

/// Of `timestamptz`, which is built in, so the same on every server.
const TIMESTAMPTZ: Oid = Oid(1184);

/// The year 2000, from which PostgreSQL counts, in microseconds since 1970.
const POSTGRES_EPOCH: i64 = 946_684_800_000_000;

impl Type<Postgres> for SqlTimestamp {
    fn type_info() -> PgTypeInfo {
        PgTypeInfo::with_oid(TIMESTAMPTZ)
    }
}

impl Encode<'_, Postgres> for SqlTimestamp {
    fn encode_by_ref(&self, buffer: &mut PgArgumentBuffer) -> Result<IsNull, BoxDynError> {
        <i64 as Encode<Postgres>>::encode(self.0.as_micros() - POSTGRES_EPOCH, buffer)
    }
}

impl Decode<'_, Postgres> for SqlTimestamp {
    fn decode(value: PgValueRef<'_>) -> Result<Self, BoxDynError> {
        // `infinity` is the largest number, and no moment.
        let micros = <i64 as Decode<Postgres>>::decode(value)?.saturating_add(POSTGRES_EPOCH);
        Ok(Self(Timestamp::from_micros(micros)?))
    }
}

impl Type<Sqlite> for SqlTimestamp {
    fn type_info() -> SqliteTypeInfo {
        <String as Type<Sqlite>>::type_info()
    }
}

impl Encode<'_, Sqlite> for SqlTimestamp {
    fn encode_by_ref(&self, buffer: &mut SqliteArgumentsBuffer) -> Result<IsNull, BoxDynError> {
        <String as Encode<Sqlite>>::encode(self.0.to_string(), buffer)
    }
}

impl Decode<'_, Sqlite> for SqlTimestamp {
    fn decode(value: SqliteValueRef<'_>) -> Result<Self, BoxDynError> {
        Ok(Self(Timestamp::parse(&<String as Decode<Sqlite>>::decode(value)?)?))
    }
}
