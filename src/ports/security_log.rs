use std::net::IpAddr;

use crate::domain::{Email, SessionId, UserId, words};

/// Records security decisions: log-ins, token checks and rejections.
pub trait SecurityLog: Send + Sync {
    /// Records a decision. Never fails and never blocks.
    fn record(&self, decision: &Decision<'_>);
}

/// The decision of an operation that opens a session, checks a secret or checks a right.
#[derive(Clone, Copy, Debug)]
pub struct Decision<'a> {
    /// The operation.
    pub door: Door,
    /// The decision.
    pub outcome: Outcome,
    /// The user, if known.
    pub user: Option<UserId>,
    /// The presented email address, if the user is unknown.
    pub email: Option<&'a Email>,
    /// The session, if there is one.
    pub session: Option<SessionId>,
    /// The client address.
    pub client: Option<IpAddr>,
}

/// An operation that opens a session, checks a secret or checks a right.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Door {
    /// Any request, before its operation is known.
    Request,
    /// Verifies an access token, before any operation that requires one.
    Authenticate,
    /// Changes something as a user.
    Change,
    /// Opens a session with a password.
    LogIn,
    /// Rotates a refresh token.
    Refresh,
    /// Revokes the session of a refresh token.
    LogOut,
    /// Creates a user.
    Register,
    /// Verifies the current password before it is replaced.
    ChangePassword,
    /// Verifies the password before the email address is changed.
    ChangeEmail,
    /// Verifies the password before the user is deleted.
    DeleteMe,
    /// Requests a mail that lets the user set a new password.
    ForgotPassword,
    /// Requests a mail that verifies the email address.
    ResendVerification,
    /// Uses a mailed token to verify an email address.
    VerifyEmail,
    /// Uses a mailed token to set a new password.
    ResetPassword,
    /// Uses a mailed token to state that an account belongs to another person.
    DisownAccount,
    /// Uses a mailed token to set the first password of an invited user.
    AcceptInvitation,
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
    AcceptInvitation = "accept_invitation",
});

/// A decision, with the reason for a rejection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// The operation was allowed.
    Allowed,
    /// The account does not exist, or the password is wrong.
    WrongPassword,
    /// The password is correct, but the user is locked.
    Locked,
    /// The client address is banned, or the user, whose correct password or valid token was presented.
    Banned,
    /// The token is invalid.
    InvalidToken,
    /// The refresh token was reused.
    TokenReused,
    /// The session was revoked.
    SessionRevoked,
    /// The user lacks the right.
    Forbidden,
    /// A rate limit was reached.
    RateLimited,
    /// The account has too many wrong passwords, and its user is warned.
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
