use super::Installation;

impl Installation {
    /// Makes the leases of all claimed events expire, except those with `tried` attempts or more: a live
    /// worker that loses its lease this way has one attempt less. Skips rows that another statement is
    /// changing where possible: waiting for several of them, which wait for each other, would be a deadlock.
    /// Returns how many handlers lost an event by this.
    pub async fn expire_leases(&self, tried: u32) -> usize {
        let past = "'2026-01-01T00:00:00.000000Z'";
        let held = format!("claim IS NOT NULL AND available_at > {past}");
        let tables = [("outbox", held.clone()), ("inbox", format!("{held} AND attempts < {tried}"))];
        let mut expired = Vec::new();
        for (table, held) in tables {
            let rows = match self.database {
                // Rows of different partitions can have the same ctid.
                Some(_) => format!(
                    "{held} AND ctid = ANY (ARRAY (SELECT ctid FROM {table} WHERE {held} FOR UPDATE SKIP LOCKED))"
                ),
                None => held,
            };
            let update = format!("UPDATE {table} SET available_at = {past} WHERE {rows} RETURNING '{table}'");
            expired.extend(self.texts(&update).await);
        }
        expired.iter().filter(|table| *table == "inbox").count()
    }
}
