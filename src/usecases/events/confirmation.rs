/// Whether an operator confirms a change of many things.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Confirmation {
    /// The operator wants to know what would change, and nothing changes.
    DryRun,
    /// The operator has not confirmed, which is an error if there is more than one thing to change.
    Missing,
    /// The operator confirms.
    Given,
}
