use super::numbers::Counter;

/// Misses and loads of the cache. Hits in the local cache are not counted: there are two per request.
#[derive(Debug, Default)]
pub struct CacheCounts {
    /// Reads that the local cache could not answer, because it had no copy or only an invalid one.
    pub missed_here: Counter,
    /// Copies in use that were loaded again before they expired.
    pub reloaded: Counter,
    /// Loads that Redis answered.
    pub found_shared: Counter,
    /// Loads from the database.
    pub loaded: Counter,
}
