/// The kind of a response, which decides its headers (`middleware/headers.rs`). A response carries its kind
/// as data; the default depends on its path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// JSON of the API, which may contain personal data or a token.
    Api,
    /// `application/problem+json`.
    Problem,
    /// An HTML page.
    Page,
    /// A file that pages load, or the OpenAPI document.
    Asset,
    /// The key set and the server metadata, which pages of any site may load. CORS decides who may read them.
    Metadata,
    /// The state of the service.
    Health,
}

impl Kind {
    /// The kind of a success response for this path.
    #[must_use]
    pub fn of_path(path: &str) -> Self {
        match path.split('/').nth(1) {
            Some(".well-known") => Self::Metadata,
            Some("health") => Self::Health,
            _ => Self::Api,
        }
    }
}
