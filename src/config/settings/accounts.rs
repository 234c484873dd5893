/// The content of events.
#[derive(Clone, Copy, Debug)]
pub struct EventSettings {
    /// Whether events about a user contain their metadata.
    pub include_metadata: bool,
}
