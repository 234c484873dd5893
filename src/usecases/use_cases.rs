use std::sync::Arc;
use std::time::Duration;

use super::{
    AddBan, AnswerMailRequest, Authenticate, ChangeEmail, ChangePassword, CheckOrigin, CheckReadiness,
    CountHashes, DeleteMe, DeleteUser, DisownAccount, ForgotPassword, Guard, IssueToken, ListBans,
    ListSessions, ListUsers, LogIn, LogOut, MailRequestRecorder, MailTokenIssuer, PrepareSigningKey,
    PublishKeys, ReadHashCensus, Refresh, Register, RemoveBan, ResendVerification, ResetPassword,
    RevokeAllSessions, RevokeSession, SealSigningKeys, ShowUser, TokenIssuer, UndeliveredRefreshes,
    UpdateUser, VerifyEmail, VerifyPassword,
};
use crate::domain::{MailTokenLifetimes, Network, SessionLifetimes};
use crate::ports::events::Transport;
use crate::ports::store::HashCensusStore;
use crate::ports::{
    AccessTokens, BanList, Cache, Clock, Decoys, Ids, KeyFactory, MailTokens, Migrations, PasswordHasher,
    RateLimiter, RefreshTokens, SecurityLog, Store, StoreProbe,
};

/// The ports of all use cases.
#[derive(Clone)]
pub struct Ports {
    /// The database.
    pub store: Arc<dyn Store>,
    /// Cached users and session snapshots.
    pub cache: Arc<dyn Cache>,
    /// The bans that have not ended.
    pub bans: Arc<dyn BanList>,
    /// The broker, if one is configured.
    pub queue: Option<Arc<dyn Transport>>,
    /// The schema of the database.
    pub migrations: Arc<dyn Migrations>,
    /// Checks whether the database accepts writes.
    pub store_probe: Arc<dyn StoreProbe>,
    /// The password hasher.
    pub hasher: Arc<dyn PasswordHasher>,
    /// Chooses decoys for email addresses without an account.
    pub decoys: Arc<dyn Decoys>,
    /// The count of password hashes by cost.
    pub hash_census: Arc<dyn HashCensusStore>,
    /// Rate limits.
    pub limiter: Arc<dyn RateLimiter>,
    /// The log of security decisions.
    pub security_log: Arc<dyn SecurityLog>,
    /// Access tokens.
    pub access_tokens: Arc<dyn AccessTokens>,
    /// Refresh tokens.
    pub refresh_tokens: Arc<dyn RefreshTokens>,
    /// Mailed tokens.
    pub mail_tokens: Arc<dyn MailTokens>,
    /// Signing keys.
    pub keys: Arc<dyn KeyFactory>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Ids and salts.
    pub ids: Arc<dyn Ids>,
}

/// All use cases.
#[expect(missing_docs, reason = "each field is named and typed by the use case, which is documented")]
pub struct UseCases {
    pub add_ban: AddBan,
    pub answer_mail_request: AnswerMailRequest,
    pub authenticate: Authenticate,
    pub change_password: ChangePassword,
    pub check_origin: CheckOrigin,
    pub check_readiness: CheckReadiness,
    pub count_hashes: CountHashes,
    pub delete_me: DeleteMe,
    pub delete_user: DeleteUser,
    pub disown_account: DisownAccount,
    pub revoke_all_sessions: RevokeAllSessions,
    pub revoke_session: RevokeSession,
    pub show_user: ShowUser,
    pub issue_token: IssueToken,
    pub list_bans: ListBans,
    pub list_sessions: ListSessions,
    pub list_users: ListUsers,
    pub log_in: LogIn,
    pub log_out: LogOut,
    pub prepare_signing_key: PrepareSigningKey,
    pub publish_keys: PublishKeys,
    pub read_hash_census: ReadHashCensus,
    pub refresh: Refresh,
    pub register: Register,
    pub remove_ban: RemoveBan,
    pub change_email: ChangeEmail,
    pub forgot_password: ForgotPassword,
    pub resend_verification: ResendVerification,
    pub reset_password: ResetPassword,
    pub seal_signing_keys: SealSigningKeys,
    pub undelivered_refreshes: Arc<UndeliveredRefreshes>,
    pub update_user: UpdateUser,
    pub verify_email: VerifyEmail,
}

impl UseCases {
    /// Connects each use case with the ports that it needs.
    #[must_use]
    pub fn new(
        ports: &Ports,
        lifetimes: SessionLifetimes,
        sessions_per_user: u32,
        mailed: MailTokenLifetimes,
        trusted_proxies: &Arc<[Network]>,
        longest_pause: Duration,
    ) -> Self {
        let Ports {
            store,
            cache,
            bans,
            queue,
            migrations,
            store_probe,
            hasher,
            decoys,
            hash_census,
            limiter,
            security_log,
            access_tokens,
            refresh_tokens,
            mail_tokens,
            keys,
            clock,
            ids,
        } = ports.clone();
        let mail = MailTokenIssuer { tokens: mail_tokens.clone(), lifetimes: mailed };
        let tokens = TokenIssuer { access_tokens, refresh_tokens, lifetimes };
        let guard = Guard { limiter, bans: bans.clone(), log: security_log, clock: clock.clone() };
        // Each use case clones the handles of its ports. The macro saves a `.clone()` per field.
        macro_rules! use_case {
            ($type:ident { $($port:ident),+ }) => { $type { $($port: $port.clone()),+ } };
        }
        let mail_requests = use_case!(MailRequestRecorder { store, mail_tokens, clock, ids, longest_pause });
        let undelivered_refreshes = Arc::new(UndeliveredRefreshes::new(store.clone(), clock.clone()));
        let verify_password = use_case!(VerifyPassword { store, hasher, decoys, mail_requests, guard });
        let (access_tokens, refresh_tokens) = (&tokens.access_tokens, &tokens.refresh_tokens);
        Self {
            add_ban: use_case!(AddBan { store, bans, trusted_proxies, clock, ids }),
            answer_mail_request: use_case!(AnswerMailRequest { store, mail, clock, ids }),
            authenticate: use_case!(Authenticate { cache, store, access_tokens, clock, guard }),
            change_password: use_case!(ChangePassword { store, verify_password, hasher, clock, ids }),
            check_origin: use_case!(CheckOrigin { guard }),
            check_readiness: use_case!(CheckReadiness {
                migrations,
                store_probe,
                access_tokens,
                cache,
                bans,
                queue
            }),
            count_hashes: use_case!(CountHashes { hash_census, hasher }),
            delete_me: use_case!(DeleteMe { store, verify_password, clock, ids }),
            delete_user: use_case!(DeleteUser { store, clock, ids }),
            disown_account: use_case!(DisownAccount { store, mail_tokens, guard, clock, ids }),
            revoke_all_sessions: use_case!(RevokeAllSessions { store, clock, ids }),
            revoke_session: use_case!(RevokeSession { store, clock, ids }),
            show_user: use_case!(ShowUser { cache }),
            issue_token: use_case!(IssueToken { store, tokens, clock, ids, sessions_per_user }),
            list_bans: use_case!(ListBans { store, clock }),
            list_sessions: use_case!(ListSessions { store, clock }),
            list_users: use_case!(ListUsers { store }),
            log_in: use_case!(LogIn {
                store,
                verify_password,
                hasher,
                tokens,
                clock,
                ids,
                sessions_per_user
            }),
            log_out: use_case!(LogOut { store, refresh_tokens, guard, clock, ids }),
            prepare_signing_key: use_case!(PrepareSigningKey { store, keys, clock }),
            publish_keys: use_case!(PublishKeys { access_tokens }),
            read_hash_census: use_case!(ReadHashCensus { hash_census, decoys }),
            refresh: use_case!(Refresh { store, tokens, undelivered_refreshes, guard, clock, ids }),
            register: use_case!(Register { store, hasher, mail, guard, clock, ids }),
            remove_ban: use_case!(RemoveBan { store, bans, clock, ids }),
            change_email: use_case!(ChangeEmail { store, mail, verify_password, clock, ids }),
            forgot_password: use_case!(ForgotPassword { mail_requests, guard }),
            resend_verification: use_case!(ResendVerification { mail_requests, guard }),
            reset_password: use_case!(ResetPassword { store, mail_tokens, guard, hasher, clock, ids }),
            seal_signing_keys: use_case!(SealSigningKeys { store, keys }),
            undelivered_refreshes,
            update_user: use_case!(UpdateUser { store, clock, ids }),
            verify_email: use_case!(VerifyEmail { store, mail_tokens, verify_password, clock, ids }),
        }
    }
}
