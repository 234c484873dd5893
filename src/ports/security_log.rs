use std::net::IpAddr;

use crate::domain::{Email, SessionId, UserId, words};

/// Records each decision about who gets in.
pub trait SecurityLog: Send + Sync {
    /// Writes it down. It never fails and never waits.
    fn record(&self, decision: &Decision<'_>);
}

/// A decision of an operation that opens a session, checks a secret or checks a right.
#[derive(Clone, Copy, Debug)]
pub struct Decision<'a> {
    /// Where.
    pub door: Door,
    /// What was decided.
    pub outcome: Outcome,
    /// The user, if it is known.
    pub user: Option<UserId>,
    /// The email address that was given, if the user is not known.
    pub email: Option<&'a Email>,
    /// The session, if there is one.
    pub session: Option<SessionId>,
    /// The client's address.
    pub client: Option<IpAddr>,
}

/// An operation that opens a session, checks a secret or checks a right.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Door {
    /// Any request, before what it asks for is looked at.
    Request,
    /// Verifies an access token, before any operation that needs one.
    Authenticate,
    /// Changes something as a user.
    Change,
    /// Opens a session by a password.
    LogIn,
    /// Replaces a refresh token.
    Refresh,
    /// Revokes the session of a refresh token.
    LogOut,
    /// Creates an account.
    Register,
    /// Verifies the password before it is replaced.
    ChangePassword,
    /// Verifies the password before the address is changed.
    ChangeEmail,
    /// Verifies the password before the account is removed.
    DeleteMe,
    /// Asks for a mail that lets the user set another password.
    ForgotPassword,
    /// Asks for a mail that verifies the address.
    ResendVerification,
    /// Uses the link of a mail to verify an address.
    VerifyEmail,
    /// Uses the link of a mail to set another password.
    ResetPassword,
    /// Uses the link of a mail to say that an account is another person's.
    DisownAccount,
}

words!(Door {
    Request = "request",
    Authenticate = "authenticate",
    Change = "change",
    LogIn = "log_in",
    Refresh = "refresh",
    LogOut = "log_out",
    Register = "register",
    ChangePassword = "change_password",
    ChangeEmail = "change_email",
    DeleteMe = "delete_me",
    ForgotPassword = "forgot_password",
    ResendVerification = "resend_verification",
    VerifyEmail = "verify_email",
    ResetPassword = "reset_password",
    DisownAccount = "disown_account",
});

/// What was decided, and for refusals why.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// It was allowed.
    Allowed,
    /// No such account, or a wrong password.
    WrongPassword,
    /// The password is right and the account is locked.
    Locked,
    /// The client's address is banned, or the account, whose right password or token was given.
    Banned,
    /// The token is not valid.
    InvalidToken,
    /// The refresh token was replaced before.
    TokenReused,
    /// The session was revoked.
    SessionRevoked,
    /// The user may not do this.
    Forbidden,
    /// A rate limit was reached.
    RateLimited,
    /// Wrong passwords for this account are so many that its user is warned.
    Guessing,
}

words!(Outcome {
    Allowed = "allowed",
    WrongPassword = "wrong_password",
    Locked = "locked",
    Banned = "banned",
    InvalidToken = "invalid_token",
    TokenReused = "token_reused",
    SessionRevoked = "session_revoked",
    Forbidden = "forbidden",
    RateLimited = "rate_limited",
    Guessing = "guessing",
});
