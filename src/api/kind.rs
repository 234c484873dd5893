/// The kind of an answer, which decides its response headers (`edge/headers.rs`). An answer carries its kind as data; one
/// without is of the kind that its path has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// JSON of the API: about a person, or with a token in it.
    Api,
    /// `application/problem+json`.
    Problem,
    /// An HTML page.
    Page,
    /// A file that pages load, and the OpenAPI document.
    Asset,
    /// The key set and the server metadata, which other origins read.
    Metadata,
    /// The state of the service.
    Health,
}

impl Kind {
    /// The kind of a success under this path.
    #[must_use]
    pub fn of_path(path: &str) -> Self {
        match path.split('/').nth(1) {
            Some(".well-known") => Self::Metadata,
            Some("health") => Self::Health,
            _ => Self::Api,
        }
    }
}
