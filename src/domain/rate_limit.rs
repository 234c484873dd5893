use super::budget::Budget;
use super::words::words;

/// Declares each rate limit in one line: its name, its settings field, and whether all replicas share it.
macro_rules! rate_limits {
    ($($(#[doc = $doc:literal])+ $variant:ident = $word:literal, $field:ident, $shared:literal;)+) => {
        words! {
            /// A rate limit.
            #[derive(Hash)]
            pub enum RateLimit {
                $($(#[doc = $doc])+ $variant = $word,)+
            }
        }

        impl RateLimit {
            /// Whether all replicas share one budget. A limit that only protects this process from work has a
            /// local budget.
            #[must_use]
            pub const fn is_shared(self) -> bool {
                match self { $(Self::$variant => $shared),+ }
            }
        }

        /// The budget of every rate limit.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub struct Budgets {
            $($(#[doc = $doc])+ pub $field: Budget,)+
        }

        impl Budgets {
            /// Reads the budget of each limit by its name. Returns `None` if one is missing.
            pub fn read(mut budget: impl FnMut(&'static str) -> Option<Budget>) -> Option<Self> {
                $(let $field = budget($word);)+
                Some(Self { $($field: $field?),+ })
            }

            /// The budget of a limit.
            #[must_use]
            pub const fn of(&self, limit: RateLimit) -> Budget {
                match limit { $(RateLimit::$variant => self.$field),+ }
            }
        }
    };
}

rate_limits! {
    /// Log-in attempts, successful or not, per prefix.
    LogIn = "log_in", log_in, true;
    /// Wrong passwords, per prefix and account, at every endpoint that verifies a password.
    LogInFailures = "log_in_failures", log_in_failures, true;
    /// Wrong passwords, per account. Above this budget the user is warned; no request is refused.
    AccountFailures = "account_failures", account_failures, true;
    /// Registrations, per prefix.
    Register = "register", register, true;
    /// Requests for mails and uses of the links in them, per prefix.
    MailLinks = "mail_links", mail_links, true;
    /// Requests for mails to a mailbox, per mailbox.
    Recipient = "recipient", recipient, true;
    /// Requests for mails of any kind to an email address that the client names, per prefix.
    Sender = "sender", sender, true;
    /// Changes of the email address, per user.
    EmailChange = "email_change", email_change, true;
    /// Refreshes and log-outs, per session and prefix.
    Refresh = "refresh", refresh, false;
    /// Invalid tokens, per prefix.
    InvalidTokens = "invalid_tokens", invalid_tokens, false;
    /// Changes by a user who is not an administrator, per user.
    Changes = "changes", changes, false;
}

/// One draw on the budget of a rate limit. The subject is the key by which the limit counts, such as a
/// prefix.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Charge {
    /// The limit.
    pub limit: RateLimit,
    /// The key by which the limit counts.
    pub subject: String,
}

impl Charge {
    /// A draw by a subject on the budget of a limit.
    #[must_use]
    pub fn new(limit: RateLimit, subject: impl Into<String>) -> Self {
        Self { limit, subject: subject.into() }
    }
}
