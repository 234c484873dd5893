use super::Counter;

/// What was not at hand. What was is not counted: there are two of that in every request.
#[derive(Debug, Default)]
pub struct CacheCounts {
    /// Reads that this process had no copy for, or none to be trusted.
    pub missed_here: Counter,
    /// Of these, those for which Redis had one.
    pub found_shared: Counter,
    /// And those that went to the database.
    pub loaded: Counter,
}
