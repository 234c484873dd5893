//! Registering, logging in and out, refreshing, and the tokens that arrive by mail.

mod answer_registration;
pub(super) mod authenticate;
mod disown_account;
mod forgot_password;
mod issue_token;
mod log_in;
mod log_out;
pub(super) mod record_registration;
mod refresh;
mod register;
mod resend_verification;
mod reset_password;
mod undelivered_refreshes;
mod verify_email;

use super::use_cases::use_cases;
pub use answer_registration::{AnswerRegistration, AnsweredRegistration};
pub use authenticate::{Authenticate, AuthenticateError, Forbidden, Principal};
pub use disown_account::{DisownAccount, DisownAccountError};
pub use forgot_password::ForgotPassword;
pub use issue_token::{IssueToken, IssueTokenError, IssuedToken, TokenRequest};
pub use log_in::{LogIn, LogInError};
pub use log_out::{LogOut, LogOutError};
pub use record_registration::{Registration, RegistrationRecorder};
pub use refresh::{Refresh, RefreshError};
pub use register::{Register, Registered};
pub use resend_verification::ResendVerification;
pub use reset_password::{ResetPassword, ResetPasswordError};
pub use undelivered_refreshes::UndeliveredRefreshes;
pub use verify_email::{VerifyEmail, VerifyEmailError};

use_cases! {
    answer_registration: AnswerRegistration { store, accounts, guard, journal },
    authenticate: Authenticate { cache, store, access_tokens, clock, guard },
    disown_account: DisownAccount { store, mail_tokens, guard, journal },
    forgot_password: ForgotPassword { mail_requests, guard },
    issue_token: IssueToken { store, tokens, ids, journal, sessions_per_user },
    log_in: LogIn { store, verify_password, hasher, tokens, ids, journal, sessions_per_user },
    log_out: LogOut { store, access_tokens, refresh_tokens, guard, journal },
    refresh: Refresh { store, tokens, undelivered_refreshes, guard, journal },
    register: Register { store, hasher, accounts, registrations, guard, registration_mode, reveal_existing },
    resend_verification: ResendVerification { mail_requests, guard },
    reset_password: ResetPassword { store, mail_tokens, guard, hasher, journal },
    verify_email: VerifyEmail { store, mail_tokens, verify_password, journal },
}
