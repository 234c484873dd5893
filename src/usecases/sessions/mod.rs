//! Sessions: of a user who asks, and of any user for an operator.

mod browse;
mod count_signed;
mod explain;
mod list;
mod revoke;
mod revoke_all;
mod revoke_several;
mod show;

use super::use_cases::use_cases;
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

use_cases! {
    browse: BrowseSessions { store, clock },
    count_signed: CountSignedSessions { store, clock },
    explain: ExplainSession { store, stored_keys, tokens, history, clock },
    list: ListSessions { store, clock },
    revoke: RevokeSession { store, journal },
    revoke_all: RevokeAllSessions { store, journal },
    revoke_several: RevokeSeveralSessions { store, journal },
    show: ShowSession { store, clock },
}
