use std::sync::Arc;

use super::{
    Authenticate, ChangePassword, CheckReadiness, DeleteAccount, DeleteUser, EndAllSessions, EndSession,
    FindUser, IssueToken, ListSessions, ListUsers, LogIn, LogOut, PrepareSigningKey, PublishKeys,
    RefreshSession, RegisterUser, TokenIssuer, UpdateUser,
};
use crate::domain::SessionLifetimes;
use crate::ports::{AccessTokens, Clock, Ids, KeyFactory, Migrations, PasswordHasher, RefreshTokens, Store};

/// Everything the use cases stand on.
#[derive(Clone)]
pub struct Ports {
    /// The database.
    pub store: Arc<dyn Store>,
    /// The database's schema.
    pub migrations: Arc<dyn Migrations>,
    /// The password hash.
    pub hasher: Arc<dyn PasswordHasher>,
    /// Access tokens.
    pub access_tokens: Arc<dyn AccessTokens>,
    /// Refresh tokens.
    pub refresh_tokens: Arc<dyn RefreshTokens>,
    /// Signing keys.
    pub keys: Arc<dyn KeyFactory>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Ids and salts.
    pub ids: Arc<dyn Ids>,
}

/// Everything the service does.
#[expect(missing_docs, reason = "each field is named and typed by the use case, which is documented")]
pub struct UseCases {
    pub authenticate: Authenticate,
    pub change_password: ChangePassword,
    pub check_readiness: CheckReadiness,
    pub delete_account: DeleteAccount,
    pub delete_user: DeleteUser,
    pub end_all_sessions: EndAllSessions,
    pub end_session: EndSession,
    pub find_user: FindUser,
    pub issue_token: IssueToken,
    pub list_sessions: ListSessions,
    pub list_users: ListUsers,
    pub log_in: LogIn,
    pub log_out: LogOut,
    pub prepare_signing_key: PrepareSigningKey,
    pub publish_keys: PublishKeys,
    pub refresh_session: RefreshSession,
    pub register_user: RegisterUser,
    pub update_user: UpdateUser,
}

impl UseCases {
    /// Gives each use case the ports it needs.
    #[must_use]
    pub fn new(ports: &Ports, lifetimes: SessionLifetimes) -> Self {
        let Ports { store, migrations, hasher, access_tokens, refresh_tokens, keys, clock, ids } =
            ports.clone();
        let tokens = TokenIssuer { access_tokens, refresh_tokens, lifetimes };
        // Each use case takes its own handle of a port; the macro spares a `.clone()` at every name.
        macro_rules! use_case {
            ($type:ident { $($port:ident),+ }) => { $type { $($port: $port.clone()),+ } };
        }
        let (access_tokens, refresh_tokens) = (&tokens.access_tokens, &tokens.refresh_tokens);
        Self {
            authenticate: use_case!(Authenticate { store, access_tokens, clock }),
            change_password: use_case!(ChangePassword { store, hasher, clock, ids }),
            check_readiness: use_case!(CheckReadiness { migrations, access_tokens }),
            delete_account: use_case!(DeleteAccount { store, hasher, clock, ids }),
            delete_user: use_case!(DeleteUser { store, clock, ids }),
            end_all_sessions: use_case!(EndAllSessions { store, clock, ids }),
            end_session: use_case!(EndSession { store, clock, ids }),
            find_user: use_case!(FindUser { store }),
            issue_token: use_case!(IssueToken { store, tokens, clock, ids }),
            list_sessions: use_case!(ListSessions { store, clock }),
            list_users: use_case!(ListUsers { store }),
            log_in: use_case!(LogIn { store, hasher, tokens, clock, ids }),
            log_out: use_case!(LogOut { store, refresh_tokens, clock, ids }),
            prepare_signing_key: use_case!(PrepareSigningKey { store, keys, clock }),
            publish_keys: use_case!(PublishKeys { access_tokens }),
            refresh_session: use_case!(RefreshSession { store, tokens, clock, ids }),
            register_user: use_case!(RegisterUser { store, hasher, clock, ids }),
            update_user: use_case!(UpdateUser { store, clock, ids }),
        }
    }
}
