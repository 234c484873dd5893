use super::budget::Budget;
use super::user::words;

/// Gives every rate limit its name, its default budget, and whether all replicas share it, one line each.
macro_rules! rate_limits {
    ($($(#[doc = $doc:literal])+ $variant:ident = $word:literal, $field:ident, $shared:literal;)+) => {
        /// What is limited.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum RateLimit {
            $($(#[doc = $doc])+ $variant,)+
        }

        words!(RateLimit { $($variant = $word),+ });

        impl RateLimit {
            /// The whole list.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// Whether all replicas draw on one budget. A limit that only spares this process work is its own.
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
            /// The budget of each limit, as `budget` finds it by the limit's name. `None` if one is missing.
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
    /// Log-ins, right or wrong, per prefix.
    LogIn = "log_in", log_in, true;
    /// Wrong passwords, per prefix and account, at every endpoint that verifies one.
    LogInFailures = "log_in_failures", log_in_failures, true;
    /// Wrong passwords, per account. Beyond it the user is warned; nobody is refused.
    AccountFailures = "account_failures", account_failures, true;
    /// New accounts, per prefix.
    Register = "register", register, true;
    /// Requests for mails and uses of the links in them, per prefix.
    MailLinks = "mail_links", mail_links, true;
    /// Mails that were asked for with a mailbox's address, per mailbox.
    Recipient = "recipient", recipient, true;
    /// Requests of any kind for mails to an address that the client names, per prefix.
    Sender = "sender", sender, true;
    /// Changes of the address, per user.
    EmailChange = "email_change", email_change, true;
    /// Refreshes and log-outs, per session and prefix.
    Refresh = "refresh", refresh, false;
    /// Tokens that are not valid, per prefix.
    InvalidTokens = "invalid_tokens", invalid_tokens, false;
    /// Changes that a user makes who is no administrator, per user.
    Changes = "changes", changes, false;
}

/// One draw on the budget of a limit. The subject is what the limit counts by, such as a prefix, and differs for different
/// ones.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Charge {
    /// What is limited.
    pub limit: RateLimit,
    /// Of whom.
    pub subject: String,
}

impl Charge {
    /// A draw on the budget that a subject has for a limit.
    #[must_use]
    pub fn new(limit: RateLimit, subject: impl Into<String>) -> Self {
        Self { limit, subject: subject.into() }
    }
}
