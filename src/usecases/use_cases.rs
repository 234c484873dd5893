use std::ops::Deref;
use std::sync::Arc;
use std::time::Duration;

use super::audit::ListAudit;
use super::auth::{
    AnswerRegistration, Authenticate, DisownAccount, ForgotPassword, IssueToken, LogIn, LogOut, Refresh,
    Register, RegistrationRecorder, ResendVerification, ResetPassword, UndeliveredRefreshes, VerifyEmail,
};
use super::bans::{AddBan, CheckOrigin, ListBans, RemoveBan};
use super::events::{DiscardDeadLetters, EventStats, ListDeadLetters, ListEvents, ReplayEvents, ShowEvent};
use super::invitations::{AcceptInvitation, ListInvitations, ResendInvitation, RevokeInvitation};
use super::journal::Journal;
use super::keys::{
    ActivateKey, CompromiseKey, EndSignedSessions, GenerateKey, KeepUpKeys, KeyChanger, ListKeys,
    PrepareSigningKey, PublishKeys, RemoveKey, RetireKey, RotateKey, SealSigningKeys,
};
use super::mail::invite::Inviter;
use super::mail::{AnswerMailRequest, MailRequestRecorder, MailTokenIssuer};
use super::me::{ChangeEmail, ChangePassword, DeleteMe};
use super::passwords::{CountHashes, ReadHashCensus};
use super::ports::Ports;
use super::rules::{AccountCreator, Guard, RandomPause, StoredKeys, TokenIssuer, VerifyPassword};
use super::sessions::{
    BrowseSessions, CountSignedSessions, ExplainSession, ListSessions, RevokeAllSessions, RevokeSession,
    RevokeSeveralSessions, ShowSession,
};
use super::system::CheckReadiness;
use super::tokens::InspectToken;
use super::users::{
    CreateUser, DeleteUser, ListUsers, LockUser, PlanUserChange, RenameUser, SetUserMetadata,
    SetUserPassword, SetUserRole, ShowUser, ShowUserDetails, UnlockUser, UpdateUser, VerifyUserEmail,
};
use crate::domain::{Audiences, MailTokenLifetimes, Network, RegistrationMode, SessionLifetimes, UserClaims};

/// Makes [`UseCases`] of a list: each use case with the fields that it takes from [`Shared`] or [`Ports`].
macro_rules! use_cases {
    ($($name:ident: $use_case:ident { $($field:ident),+ },)+) => {
        /// All use cases.
        #[expect(missing_docs, reason = "each field is named and typed by the use case, which is documented")]
        pub struct UseCases {
            $(pub $name: $use_case,)+
            pub undelivered_refreshes: Arc<UndeliveredRefreshes>,
        }

        impl UseCases {
            fn build(shared: &Shared) -> Self {
                Self {
                    $($name: $use_case { $($field: shared.$field.clone()),+ },)+
                    undelivered_refreshes: shared.undelivered_refreshes.clone(),
                }
            }
        }
    };
}

use_cases! {
    accept_invitation: AcceptInvitation { store, mail_tokens, guard, hasher, journal },
    activate_key: ActivateKey { key_changer },
    add_ban: AddBan { store, bans, trusted_proxies, journal },
    answer_mail_request: AnswerMailRequest { store, mail, journal },
    answer_registration: AnswerRegistration { store, accounts, guard, journal },
    authenticate: Authenticate { cache, store, access_tokens, clock, guard },
    browse_sessions: BrowseSessions { store, clock },
    change_email: ChangeEmail { store, mail, verify_password, journal },
    change_password: ChangePassword { store, verify_password, hasher, journal },
    check_origin: CheckOrigin { guard },
    check_readiness: CheckReadiness { migrations, store_probe, access_tokens, cache, bans, queue },
    compromise_key: CompromiseKey { key_changer },
    count_hashes: CountHashes { hash_census, hasher },
    count_signed_sessions: CountSignedSessions { store, clock },
    create_user: CreateUser { store, hasher, accounts, guard, registration_mode },
    delete_me: DeleteMe { store, verify_password, journal },
    delete_user: DeleteUser { store, journal },
    discard_dead_letters: DiscardDeadLetters { event_log, dead_letters },
    disown_account: DisownAccount { store, mail_tokens, guard, journal },
    event_stats: EventStats { event_log, dead_letters, handler_names, clock },
    end_signed_sessions: EndSignedSessions { store, key_changer, journal },
    explain_session: ExplainSession { store, stored_keys, tokens, history, clock },
    forgot_password: ForgotPassword { mail_requests, guard },
    generate_key: GenerateKey { key_changer },
    inspect_token: InspectToken { access_tokens, stored_keys },
    issue_token: IssueToken { store, tokens, ids, journal, sessions_per_user },
    keep_up_keys: KeepUpKeys { key_changer, rotate_every },
    list_audit: ListAudit { store, clock },
    list_bans: ListBans { store, clock },
    list_dead_letters: ListDeadLetters { store, event_log, dead_letters, clock },
    list_events: ListEvents { store, event_log, clock },
    list_invitations: ListInvitations { store },
    list_keys: ListKeys { store, keys },
    list_sessions: ListSessions { store, clock },
    list_users: ListUsers { store },
    lock_user: LockUser { update_user },
    log_in: LogIn { store, verify_password, hasher, tokens, ids, journal, sessions_per_user },
    log_out: LogOut { store, access_tokens, refresh_tokens, guard, journal },
    plan_user_change: PlanUserChange { store, clock },
    prepare_signing_key: PrepareSigningKey { store, keys, clock, key_changer },
    publish_keys: PublishKeys { access_tokens },
    read_hash_census: ReadHashCensus { hash_census, decoys },
    refresh: Refresh { store, tokens, undelivered_refreshes, guard, journal },
    register: Register { store, hasher, accounts, registrations, guard, registration_mode, reveal_existing },
    remove_ban: RemoveBan { store, bans, journal },
    rename_user: RenameUser { update_user },
    replay_events: ReplayEvents { event_log, dead_letters, clock },
    remove_key: RemoveKey { key_changer },
    resend_invitation: ResendInvitation { store, inviter, guard, journal, registration_mode },
    resend_verification: ResendVerification { mail_requests, guard },
    reset_password: ResetPassword { store, mail_tokens, guard, hasher, journal },
    retire_key: RetireKey { key_changer },
    revoke_all_sessions: RevokeAllSessions { store, journal },
    revoke_invitation: RevokeInvitation { store, journal },
    revoke_session: RevokeSession { store, journal },
    revoke_several_sessions: RevokeSeveralSessions { store, journal },
    rotate_key: RotateKey { key_changer },
    seal_signing_keys: SealSigningKeys { store, keys },
    show_event: ShowEvent { event_log },
    set_user_metadata: SetUserMetadata { update_user },
    set_user_password: SetUserPassword { store, hasher, journal },
    set_user_role: SetUserRole { update_user },
    show_session: ShowSession { store, clock },
    show_user: ShowUser { cache },
    show_user_details: ShowUserDetails { store, clock },
    unlock_user: UnlockUser { update_user },
    update_user: UpdateUser { store, journal },
    verify_email: VerifyEmail { store, mail_tokens, verify_password, journal },
    verify_user_email: VerifyUserEmail { store, journal },
}

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
struct Shared {
    ports: Ports,
    journal: Journal,
    update_user: UpdateUser,
    key_changer: KeyChanger,
    stored_keys: StoredKeys,
    rotate_every: Option<Duration>,
    mail: MailTokenIssuer,
    inviter: Inviter,
    tokens: TokenIssuer,
    guard: Guard,
    accounts: AccountCreator,
    mail_requests: MailRequestRecorder,
    registrations: RegistrationRecorder,
    verify_password: VerifyPassword,
    undelivered_refreshes: Arc<UndeliveredRefreshes>,
    sessions_per_user: u32,
    registration_mode: RegistrationMode,
    reveal_existing: bool,
    trusted_proxies: Arc<[Network]>,
    handler_names: Arc<[&'static str]>,
}

impl Deref for Shared {
    type Target = Ports;

    fn deref(&self) -> &Ports {
        &self.ports
    }
}

impl UseCases {
    /// Gives each use case its ports.
    #[must_use]
    pub fn new(ports: Ports, settings: UseCaseSettings) -> Self {
        Self::build(&Shared::new(ports, settings))
    }
}

impl Shared {
    fn new(ports: Ports, settings: UseCaseSettings) -> Self {
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
