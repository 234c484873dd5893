//! The operations of the service.
//!
//! **Here**: one file per use case, named by its verb. Each is a small struct with the ports that it needs
//! and one `run`. Its error enum names every reason for which it can be refused.
//!
//! **May use**: `domain` and `ports`.
//!
//! **To add one**: a file here, its lines in the lists below and in [`UseCases`], and its caller: an endpoint
//! in `api/` or a subcommand in `cli/`.

mod auth;
mod bans;
mod failure;
mod keys;
mod mail;
mod me;
mod page;
mod passwords;
mod rules;
mod sessions;
mod system;
mod use_cases;
mod users;

pub use auth::authenticate::{Authenticate, AuthenticateError, Forbidden, Principal};
pub use auth::disown_account::{DisownAccount, DisownAccountError};
pub use auth::forgot_password::ForgotPassword;
pub use auth::issue_token::{IssueToken, IssueTokenError, IssuedToken, TokenRequest};
pub use auth::log_in::{LogIn, LogInError};
pub use auth::log_out::{LogOut, LogOutError};
pub use auth::refresh::{Refresh, RefreshError};
pub use auth::register::{Register, RegisterError, Registrar, Registration};
pub use auth::resend_verification::ResendVerification;
pub use auth::reset_password::{ResetPassword, ResetPasswordError};
pub use auth::undelivered_refreshes::UndeliveredRefreshes;
pub use auth::verify_email::{VerifyEmail, VerifyEmailError};
pub use bans::add::{AddBan, AddBanError, AddedBan, NewBan};
pub use bans::check_origin::CheckOrigin;
pub use bans::list::ListBans;
pub use bans::remove::{RemoveBan, RemoveBanError};
pub use failure::Failure;
pub use keys::prepare::{PrepareSigningKey, PrepareSigningKeyError};
pub use keys::publish::PublishKeys;
pub use keys::seal::SealSigningKeys;
pub use mail::answer_request::AnswerMailRequest;
pub use mail::record_request::MailRequestRecorder;
pub use mail::token_issuer::MailTokenIssuer;
pub use me::change_email::{ChangeEmail, ChangeEmailError};
pub use me::change_password::{ChangePassword, ChangePasswordError};
pub use me::delete::{DeleteMe, DeleteMeError};
pub use page::Page;
pub use passwords::count_hashes::CountHashes;
pub use passwords::read_hash_census::ReadHashCensus;
pub use rules::guard::Guard;
pub use rules::token_pair::{TokenIssuer, TokenPair};
pub use rules::verify_password::VerifyPassword;
pub use sessions::list::ListSessions;
pub use sessions::revoke::{RevokeSession, RevokeSessionError};
pub use sessions::revoke_all::{RevokeAllSessions, RevokeAllSessionsError};
pub use system::check_readiness::{Check, CheckReadiness, CheckState, Readiness, Verdict};
pub use use_cases::{Ports, UseCases};
pub use users::delete::{DeleteUser, DeleteUserError};
pub use users::list::{ListUsers, PageRequest};
pub use users::show::{ShowUser, ShowUserError};
pub use users::update::{Patch, Precondition, UpdateUser, UpdateUserError, UserChanges};
