//! Sessions: of a user who asks, and of any user for an operator.

mod browse;
mod count_signed;
mod explain;
mod list;
mod revoke;
mod revoke_all;
mod revoke_several;
mod show;

pub use browse::{BrowseSessions, BrowseSessionsError, ListedSession, SessionQuery};
pub use count_signed::CountSignedSessions;
pub use explain::{
    BanTerms, ExplainSession, ExplainSessionError, Explanation, Note, Presented, Reason, TimelineEntry,
};
pub use list::ListSessions;
pub use revoke::{RevokeSession, RevokeSessionError};
pub use revoke_all::{RevokeAllSessions, RevokeAllSessionsError};
pub use revoke_several::{RevokeSeveralSessions, RevokeSeveralSessionsError};
pub use show::{ShowSession, ShowSessionError};
