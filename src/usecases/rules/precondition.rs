/// The versions of an entity for which a change is intended (`If-Match`, RFC 9110).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Precondition {
    /// Any version.
    #[default]
    Any,
    /// One of these versions.
    Versions(Vec<i64>),
}

impl Precondition {
    pub(in crate::usecases) fn matches(&self, version: i64) -> bool {
        match self {
            Self::Any => true,
            Self::Versions(versions) => versions.contains(&version),
        }
    }
}
