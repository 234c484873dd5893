use crate::domain::Generation;
use crate::ports::InspectedToken;

/// The thing that was presented to be explained.
#[derive(Clone, Debug)]
pub enum Presented {
    /// The id of a session.
    SessionId,
    /// A refresh token of this generation.
    RefreshToken(Generation),
    /// An access token.
    AccessToken(InspectedToken),
}
