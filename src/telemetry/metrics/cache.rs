use super::Counter;

/// Reads and loads of copies. Reads of a copy that this process has are not counted: there are two in every request.
#[derive(Debug, Default)]
pub struct CacheCounts {
    /// Reads that this process had no copy for, or none to be trusted.
    pub missed_here: Counter,
    /// Copies in use that were loaded again before their end.
    pub reloaded: Counter,
    /// Loads that Redis answered.
    pub found_shared: Counter,
    /// Loads that went to the database.
    pub loaded: Counter,
}
