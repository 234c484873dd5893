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

words! {
    /// An operation that opens a session, checks a secret or checks a right.
    #[derive(Hash)]
    pub enum Door {
        /// Any request, before its operation is known.
        Request = "request",
        /// Verifies an access token, before any operation that requires one.
        Authenticate = "authenticate",
        /// Changes something as a user.
        Change = "change",
        /// Opens a session with a password.
        LogIn = "log_in",
        /// Rotates a refresh token.
        Refresh = "refresh",
        /// Revokes the session of a refresh token.
        LogOut = "log_out",
        /// Creates a user.
        Register = "register",
        /// Verifies the current password before it is replaced.
        ChangePassword = "change_password",
        /// Verifies the password before the email address is changed.
        ChangeEmail = "change_email",
        /// Verifies the password before the user is deleted.
        DeleteMe = "delete_me",
        /// Requests a mail that lets the user set a new password.
        ForgotPassword = "forgot_password",
        /// Requests a mail that verifies the email address.
        ResendVerification = "resend_verification",
        /// Uses a mailed token to verify an email address.
        VerifyEmail = "verify_email",
        /// Uses a mailed token to set a new password.
        ResetPassword = "reset_password",
        /// Uses a mailed token to state that an account belongs to another person.
        DisownAccount = "disown_account",
        /// Uses a mailed token to set the first password of an invited user.
        AcceptInvitation = "accept_invitation",
    }
}

words! {
    /// A decision, with the reason for a rejection.
    #[derive(Hash)]
    pub enum Outcome {
        /// The operation was allowed.
        Allowed = "allowed",
        /// The account does not exist, or the password is wrong.
        WrongPassword = "wrong_password",
        /// The password is correct, but the user is locked.
        Locked = "locked",
        /// The client address is banned, or the user, whose correct password or valid token was presented.
        Banned = "banned",
        /// The token is invalid.
        InvalidToken = "invalid_token",
        /// The refresh token was reused.
        TokenReused = "token_reused",
        /// The session was revoked.
        SessionRevoked = "session_revoked",
        /// No tokens are issued any more for the audience of the session.
        AudienceNotServed = "audience_not_served",
        /// The user lacks the right.
        Forbidden = "forbidden",
        /// A rate limit was reached.
        RateLimited = "rate_limited",
        /// The account has too many wrong passwords, and its user is warned.
        Guessing = "guessing",
    }
}
