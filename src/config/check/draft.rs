use secrecy::SecretString;

use crate::config::settings::{
    AccountSettings, CacheSettings, DatabaseSettings, Environment, EventSettings, LimitSettings, LogSettings,
    MailSettings, PasswordSettings, QueueSettings, RegistrationSettings, RetentionSettings, SecretKeySource,
    ServerSettings, ServiceSettings, TokenSettings,
};
use crate::domain::{MailTokenLifetimes, SameSite};

/// The settings before the rules between sections are checked. A section with errors is missing.
pub(super) struct Draft {
    pub(super) environment: Option<Environment>,
    pub(super) accept: Option<Vec<String>>,
    pub(super) service: Option<ServiceSettings>,
    pub(super) server: Option<ServerSettings>,
    pub(super) database: Option<DatabaseSettings>,
    pub(super) cache: Option<CacheSettings>,
    pub(super) mail: Option<MailSettings>,
    pub(super) account: Option<AccountSettings>,
    pub(super) queue: Option<QueueSettings>,
    pub(super) secret_key: Option<SecretKeySource>,
    pub(super) previous_secret_key: Option<SecretString>,
    pub(super) sessions_per_user: Option<u32>,
    pub(super) token: Option<TokenSettings>,
    pub(super) same_site: Option<SameSite>,
    pub(super) mail_token: Option<MailTokenLifetimes>,
    pub(super) password: Option<PasswordSettings>,
    pub(super) limits: Option<LimitSettings>,
    pub(super) registration: Option<RegistrationSettings>,
    pub(super) events: Option<EventSettings>,
    pub(super) retention: Option<RetentionSettings>,
    pub(super) log: Option<LogSettings>,
}
