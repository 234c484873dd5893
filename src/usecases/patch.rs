/// A change of an optional value.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Patch<T> {
    /// Keep the value.
    #[default]
    Keep,
    /// Remove the value.
    Clear,
    /// Set the value.
    Set(T),
}

impl<T: Clone> Patch<T> {
    /// The value after the change of `value`.
    pub(super) fn apply(&self, value: Option<&T>) -> Option<T> {
        match self {
            Self::Keep => value.cloned(),
            Self::Clear => None,
            Self::Set(value) => Some(value.clone()),
        }
    }
}
