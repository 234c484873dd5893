//! The clock of the database server.

use sqlx::query_scalar;

use super::run::{Tx, in_work};
use super::store::SqlxStore;
use super::unit_of_work::Work;
use crate::domain::Timestamp;
use crate::ports::StoreError;

const NOW: &str = "SELECT CAST(extract(epoch FROM clock_timestamp()) * 1000000 AS bigint)";

impl SqlxStore {
    /// Returns the time by the clock of the database server; `None` for an embedded database, which has none.
    pub async fn server_time(&self) -> Result<Option<Timestamp>, StoreError> {
        server_time(&mut Work::begin(&self.readers, &self.signals).await?).await
    }
}

/// Returns the time by the clock of the database server; `None` if there is no server.
pub(super) async fn server_time(work: &mut Work) -> Result<Option<Timestamp>, StoreError> {
    if let Tx::Sqlite(_) = work.tx {
        return Ok(None);
    }
    let micros: i64 = in_work!(work, |db| query_scalar(NOW).fetch_one(db))?;
    let time = Timestamp::from_micros(micros).map_err(|error| StoreError::Corrupt(error.to_string()))?;
    Ok(Some(time))
}
