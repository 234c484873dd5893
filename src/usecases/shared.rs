use std::ops::Deref;
use std::sync::Arc;
use std::time::Duration;

use super::auth::{RegistrationRecorder, UndeliveredRefreshes};
use super::journal::Journal;
use super::keys::KeyChanger;
use super::mail::invite::Inviter;
use super::mail::{MailRequestRecorder, MailTokenIssuer};
use super::ports::Ports;
use super::rules::{AccountCreator, Guard, RandomPause, StoredKeys, TokenIssuer, VerifyPassword};
use super::users::UpdateUser;
use crate::domain::{Audiences, MailTokenLifetimes, Network, RegistrationMode, SessionLifetimes, UserClaims};

/// The settings of use cases.
pub struct UseCaseSettings {
    /// The lifetimes of sessions and of their tokens.
    pub lifetimes: SessionLifetimes,
    /// How many live sessions a user has at most.
    pub sessions_per_user: u32,
    /// The lifetimes of mailed tokens.
    pub mailed: MailTokenLifetimes,
    /// The proxies that no ban may cover.
    pub trusted_proxies: Arc<[Network]>,
    /// The names of all event handlers.
    pub handler_names: Arc<[&'static str]>,
    /// How long a signing key signs; `None` for as long as an operator wants.
    pub rotate_every: Option<Duration>,
    /// The audiences that access tokens may have.
    pub audiences: Audiences,
    /// The claims of users that access tokens have.
    pub user_claims: UserClaims,
    /// The longest random pause before a request for a mail is answered.
    pub longest_pause: Duration,
    /// Whether events about a user contain their metadata.
    pub include_metadata: bool,
    /// Who may create accounts.
    pub registration_mode: RegistrationMode,
    /// Whether the answer to a registration shows that an email address is taken.
    pub reveal_existing: bool,
}

/// The fields of use cases: the ports, and the rules that several use cases share.
pub(super) struct Shared {
    pub(super) ports: Ports,
    pub(super) journal: Journal,
    pub(super) update_user: UpdateUser,
    pub(super) key_changer: KeyChanger,
    pub(super) stored_keys: StoredKeys,
    pub(super) rotate_every: Option<Duration>,
    pub(super) mail: MailTokenIssuer,
    pub(super) inviter: Inviter,
    pub(super) tokens: TokenIssuer,
    pub(super) guard: Guard,
    pub(super) accounts: AccountCreator,
    pub(super) mail_requests: MailRequestRecorder,
    pub(super) registrations: RegistrationRecorder,
    pub(super) verify_password: VerifyPassword,
    pub(super) undelivered_refreshes: Arc<UndeliveredRefreshes>,
    pub(super) sessions_per_user: u32,
    pub(super) registration_mode: RegistrationMode,
    pub(super) reveal_existing: bool,
    pub(super) trusted_proxies: Arc<[Network]>,
    pub(super) handler_names: Arc<[&'static str]>,
}

impl Deref for Shared {
    type Target = Ports;

    fn deref(&self) -> &Ports {
        &self.ports
    }
}

impl Shared {
    pub(super) fn new(ports: Ports, settings: UseCaseSettings) -> Self {
        let UseCaseSettings {
            lifetimes,
            sessions_per_user,
            mailed,
            trusted_proxies,
            handler_names,
            rotate_every,
            audiences,
            user_claims,
            longest_pause,
            include_metadata,
            registration_mode,
            reveal_existing,
        } = settings;
        let journal = Journal { clock: ports.clock.clone(), ids: ports.ids.clone(), include_metadata };
        let key_changer =
            KeyChanger { store: ports.store.clone(), keys: ports.keys.clone(), journal: journal.clone() };
        let (store, keys, history) = (ports.store.clone(), ports.keys.clone(), ports.history.clone());
        let stored_keys = StoredKeys { store, keys, history };
        let guard = Guard {
            limiter: ports.limiter.clone(),
            bans: ports.bans.clone(),
            log: ports.security_log.clone(),
            clock: ports.clock.clone(),
        };
        let pause = RandomPause { ids: ports.ids.clone(), longest: longest_pause };
        let mail_requests = MailRequestRecorder {
            store: ports.store.clone(),
            mail_tokens: ports.mail_tokens.clone(),
            clock: ports.clock.clone(),
            pause: pause.clone(),
        };
        let registrations = RegistrationRecorder {
            store: ports.store.clone(),
            mail_tokens: ports.mail_tokens.clone(),
            clock: ports.clock.clone(),
            pause,
        };
        let verify_password = VerifyPassword {
            store: ports.store.clone(),
            hasher: ports.hasher.clone(),
            decoys: ports.decoys.clone(),
            mail_requests: mail_requests.clone(),
            guard: guard.clone(),
            // A stranger who may register could otherwise log in to the account, and so learn that it was
            // created: that the email address was free.
            opens_unverified: reveal_existing || registration_mode != RegistrationMode::Open,
        };
        let tokens = TokenIssuer {
            access_tokens: ports.access_tokens.clone(),
            refresh_tokens: ports.refresh_tokens.clone(),
            lifetimes,
            audiences: Arc::new(audiences),
            user_claims: Arc::new(user_claims),
        };
        let mail = MailTokenIssuer { tokens: ports.mail_tokens.clone(), lifetimes: mailed };
        let inviter = Inviter { mail: mail.clone() };
        let accounts =
            AccountCreator { mail: mail.clone(), inviter: inviter.clone(), journal: journal.clone() };
        Self {
            accounts,
            inviter,
            mail,
            undelivered_refreshes: Arc::new(UndeliveredRefreshes::new(
                ports.store.clone(),
                ports.clock.clone(),
            )),
            update_user: UpdateUser { store: ports.store.clone(), journal: journal.clone() },
            journal,
            key_changer,
            stored_keys,
            rotate_every,
            tokens,
            guard,
            mail_requests,
            registrations,
            verify_password,
            sessions_per_user,
            registration_mode,
            reveal_existing,
            trusted_proxies,
            handler_names,
            ports,
        }
    }
}
