use super::user::words;

/// The priority of the threads that hash passwords, below that of all other work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HashPriority {
    /// Less weight than other work.
    Low,
    /// Only on otherwise idle cores.
    Idle,
}

words!(HashPriority { Low = "low", Idle = "idle" });
