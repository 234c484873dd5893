use super::words::words;

words! {
    /// The priority of the threads that hash passwords, below that of all other work.
    pub enum HashPriority {
        /// Less weight than other work.
        Low = "low",
        /// Only on otherwise idle cores.
        Idle = "idle",
    }
}
