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
