//! What the service does, in the order it does it.
//!
//! **Here**: one file a use case, named by its verb. Each is a small struct that holds the ports it needs and
//! has one `run`; its error enum names every way it can be refused.
//!
//! **May use**: `domain` and `ports`.
//!
//! **To add one**: a file here, its lines in the lists below and in [`UseCases`], and whatever calls it: an endpoint in `api/`, a
//! subcommand in `cli/`.

mod add_ban;
mod answer_mail_request;
mod authenticate;
mod change_password;
mod check_origin;
mod check_readiness;
mod count_hashes;
mod delete_account;
mod delete_user;
mod disown_account;
mod end_all_sessions;
mod end_session;
mod failure;
mod find_ban_target;
mod find_user;
mod guard;
mod issue_token;
mod list_bans;
mod list_sessions;
mod list_users;
mod log_in;
mod log_out;
mod mail_request;
mod mail_token_issuer;
mod open_session;
mod page;
mod prepare_signing_key;
mod publish_keys;
mod read_hash_census;
mod refresh_session;
mod register_user;
mod remove_ban;
mod request_email_change;
mod request_password_reset;
mod resend_verification;
mod reset_password;
mod seal_signing_keys;
mod token_pair;
mod undelivered_refreshes;
mod update_user;
mod use_cases;
mod verify_email;
mod verify_password;

pub use add_ban::{AddBan, AddBanError, AddedBan, NewBan};
pub use answer_mail_request::AnswerMailRequest;
pub use authenticate::{Authenticate, AuthenticateError, Forbidden, Principal};
pub use change_password::{ChangePassword, ChangePasswordError};
pub use check_origin::CheckOrigin;
pub use check_readiness::{Check, CheckReadiness, CheckState, Readiness, Verdict};
pub use count_hashes::CountHashes;
pub use delete_account::{DeleteAccount, DeleteAccountError};
pub use delete_user::{DeleteUser, DeleteUserError};
pub use disown_account::{DisownAccount, DisownAccountError};
pub use end_all_sessions::{EndAllSessions, EndAllSessionsError};
pub use end_session::{EndSession, EndSessionError};
pub use failure::Failure;
pub use find_user::{FindUser, FindUserError};
pub use guard::Guard;
pub use issue_token::{IssueToken, IssueTokenError, IssuedToken, TokenRequest};
pub use list_bans::ListBans;
pub use list_sessions::ListSessions;
pub use list_users::{ListUsers, PageRequest};
pub use log_in::{LogIn, LogInError};
pub use log_out::{LogOut, LogOutError};
pub use mail_request::MailRequestRecorder;
pub use mail_token_issuer::MailTokenIssuer;
pub use page::Page;
pub use prepare_signing_key::{PrepareSigningKey, PrepareSigningKeyError};
pub use publish_keys::PublishKeys;
pub use read_hash_census::ReadHashCensus;
pub use refresh_session::{RefreshSession, RefreshSessionError};
pub use register_user::{RegisterUser, RegisterUserError, Registrar, Registration};
pub use remove_ban::{RemoveBan, RemoveBanError};
pub use request_email_change::{RequestEmailChange, RequestEmailChangeError};
pub use request_password_reset::RequestPasswordReset;
pub use resend_verification::ResendVerification;
pub use reset_password::{ResetPassword, ResetPasswordError};
pub use seal_signing_keys::SealSigningKeys;
pub use token_pair::{TokenIssuer, TokenPair};
pub use undelivered_refreshes::UndeliveredRefreshes;
pub use update_user::{Change, Expected, UpdateUser, UpdateUserError, UserChanges};
pub use use_cases::{Ports, UseCases};
pub use verify_email::{VerifyEmail, VerifyEmailError};
pub use verify_password::VerifyPassword;
