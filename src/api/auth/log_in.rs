use std::net::IpAddr;

use poem::Request;
use poem::http::HeaderMap;
use poem_openapi::OpenApi;

use crate::api::answers::Tokens;
use crate::api::browser::WithCookies;
use crate::api::cookies::Cookies;
use crate::api::credentials::refuse_two;
use crate::api::input::{JsonBody, input};
use crate::api::middleware::Middleware;
use crate::api::problem::{FieldCode, Problem, Rejection, Violation, refuse};
use crate::api::service::Service;
use crate::api::tags::Tag;
use crate::domain::{Audience, Client, Email, Password, Transport};
use crate::usecases::{LogInError, LogOut};

pub struct LogIn;

input! {
    /// The credentials of a user.
    pub struct LogInBody {
        /// Email address of the user
        pub email: Email,
        /// Password of the user
        pub password: Password,
        /// `bearer` (the default) answers the tokens; `cookie` sets them as cookies, out of reach of scripts
        pub transport: Option<Transport>,
        /// Service that the access tokens of the session are for, from the list of the settings. The default
        /// is this service, which accepts no token for another one
        pub audience: Option<Audience>,
    }
}

#[OpenApi(prefix_path = "/api/v1/auth", tag = "Tag::Auth")]
impl LogIn {
    /// Log in
    ///
    /// Opens a session and returns its tokens. The response is the same for an unknown email address and for
    /// a wrong password.
    ///
    /// For a page in a browser, the transport `cookie` answers 204 and sets two cookies, one for each token.
    /// The request needs an `Origin` that may use cookies. It ends the sessions whose cookies it replaces.
    #[oai(path = "/login", method = "post", operation_id = "log_in")]
    async fn log_in(
        &self,
        service: Service<'_>,
        client: Client,
        request: &Request,
        body: JsonBody<LogInBody>,
    ) -> Result<WithCookies<Tokens>, Rejection<LogInError>> {
        let LogInBody { email, password, transport, audience } = body.0;
        let transport = transport.unwrap_or(Transport::Bearer);
        // Another page could otherwise log a user in to an account of its own.
        let (middleware, headers) = (Middleware::of(request)?, request.headers());
        if transport == Transport::Cookie {
            refuse_two(headers, &middleware.cookies)?;
            middleware.web_origins.check(headers)?;
        }
        let address = client.address;
        let pair = service.auth.log_in.run(&email, &password, (audience, transport), client).await?;
        if transport == Transport::Cookie {
            end_replaced(&service.auth.log_out, &middleware.cookies, headers, address).await;
        }
        Ok(WithCookies::tokens(request, pair, transport)?)
    }
}

/// Ends the sessions of the cookies that a log-in replaces: the browser forgets their tokens, so the sessions
/// would stay alive unused. The log-in has committed: a failure here cannot refuse it, and the session ends
/// when it is idle.
async fn end_replaced(log_out: &LogOut, cookies: &Cookies, headers: &HeaderMap, client: Option<IpAddr>) {
    let mut has_refresh_token = false;
    for token in cookies.every_refresh(headers) {
        has_refresh_token |= log_out.run(token, client).await.is_ok();
    }
    if has_refresh_token {
        return;
    }
    for token in cookies.every_access(headers) {
        let _ = log_out.run_by_access_token(token, client).await;
    }
}

fn wrong_audience(detail: &'static str) -> Problem {
    Problem::wrong_values(vec![Violation::new(FieldCode::UnknownWord, detail).about("audience")])
}

refuse! {
    // `ForeignOrigin` is from the check of a log-in with cookies.
    LogInError [InvalidCredentials, ForeignOrigin, AccountLocked, Banned, RateLimited, Overloaded] {
        InvalidCredentials => Problem::invalid_credentials(),
        AccountLocked => Problem::account_locked(),
        UnknownAudience => wrong_audience("expected one of the audiences of this service"),
        AudienceOfCookies => {
            wrong_audience("cookies are for this service, so their tokens cannot have another audience")
        },
    }
}
