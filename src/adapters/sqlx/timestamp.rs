//! Times as columns: `timestamptz` on PostgreSQL, RFC 3339 text of fixed width on SQLite, where texts sort
//! like times only if all have the same width.

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

/// The type `timestamptz`. It is built in, so its OID is the same on every server.
const TIMESTAMPTZ: Oid = Oid(1184);

/// The year 2000, PostgreSQL's epoch, in microseconds since 1970.
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
        // `infinity` is the largest number, and not a valid time.
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
