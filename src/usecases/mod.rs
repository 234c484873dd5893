//! The operations of the service.
//!
//! **Here**: one file per use case, named by its verb. Each is a small struct with the ports that it needs
//! and one `run`. Its error enum names every reason for which it can be refused.
//!
//! `journal` appends events, and `rules` has what several share.
//!
//! **May use**: `domain` and `ports`.
//!
//! **To add one**: a file in the folder of its resource, its lines in that folder's `mod.rs`, a line in the
//! list below, and its caller: an endpoint in `api/` or a subcommand in `cli/`.

mod audit;
mod auth;
mod bans;
mod events;
mod failure;
mod invitations;
mod journal;
mod keys;
mod mail;
mod me;
mod page;
mod passwords;
mod patch;
mod ports;
mod rules;
mod sessions;
mod shared;
mod system;
mod tokens;
mod users;

use std::sync::Arc;

pub use audit::*;
pub use auth::*;
pub use bans::*;
pub use events::*;
pub use failure::Failure;
pub use invitations::*;
pub use keys::*;
pub use mail::*;
pub use me::*;
pub use page::Page;
pub use passwords::*;
pub use patch::Patch;
pub use ports::Ports;
pub use rules::*;
pub use sessions::*;
use shared::Shared;
pub use shared::UseCaseSettings;
pub use system::*;
pub use tokens::*;
pub use users::*;

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
    discard_dead_letters: DiscardDeadLetters { store, event_log, dead_letters, journal },
    disown_account: DisownAccount { store, mail_tokens, guard, journal },
    event_stats: EventStats { backlog, dead_letters, handler_names, clock },
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
    replay_events: ReplayEvents { store, event_log, event_replayer, dead_letters, journal },
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

impl UseCases {
    /// Gives each use case its ports.
    #[must_use]
    pub fn new(ports: Ports, settings: UseCaseSettings) -> Self {
        Self::build(&Shared::new(ports, settings))
    }
}
