use std::sync::Arc;

use poem::http::header::AUTHORIZATION;
use poem::{Request, RequestBody};
use poem_openapi::registry::{MetaSecurityScheme, Registry};
use poem_openapi::{ApiExtractor, ApiExtractorType, ExtractParamOptions};

use super::budget::Flight;
use super::cookies::{self, ACCESS};
use super::credentials::{in_header, refuse_two};
use super::middleware::Middleware;
use super::problem::{Code, Problem, Refuse};
use super::service::Service;
use crate::api::middleware::address_of_client;
use crate::telemetry::trace;
use crate::usecases::{Authenticate, AuthenticateError, Forbidden, Principal};

/// The names of the schemes. The document merges the two of the header into one.
pub const BEARER: &str = "bearer";
pub const ADMIN_BEARER: &str = "bearer_admin";
pub const ACCESS_COOKIE: &str = "cookie";

/// The description of the cookie for the documentation.
const IN_COOKIE: &str = "The access token of a log-in with the transport `cookie`. A request that is not `GET` or \
    `HEAD` needs an `Origin` that may use cookies.";

/// The owner of the access token of a request: in the header `Authorization: Bearer …` (RFC 6750), or in its
/// cookie.
pub struct Authenticated<const ADMIN: bool>(pub Principal);

/// Any user.
pub type Bearer = Authenticated<false>;
/// An administrator.
pub type AdminBearer = Authenticated<true>;

impl<'a, const ADMIN: bool> ApiExtractor<'a> for Authenticated<ADMIN> {
    const TYPES: &'static [ApiExtractorType] = &[ApiExtractorType::SecurityScheme];

    type ParamType = ();
    type ParamRawType = ();

    fn register(registry: &mut Registry) {
        registry.create_security_scheme(if ADMIN { ADMIN_BEARER } else { BEARER }, scheme_of_header());
        registry.create_security_scheme(ACCESS_COOKIE, cookies::scheme(ACCESS, IN_COOKIE));
    }

    fn security_schemes() -> Vec<&'static str> {
        vec![if ADMIN { ADMIN_BEARER } else { BEARER }, ACCESS_COOKIE]
    }

    async fn from_request(
        request: &'a Request,
        _: &mut RequestBody,
        _: ExtractParamOptions<()>,
    ) -> poem::Result<Self> {
        let token = Token::of(request)?.ok_or_else(Problem::unauthenticated)?;
        let authenticate = authenticator(request)?;
        let principal = authenticated(authenticate, request, token).await?.map_err(Refuse::into_problem)?;
        if ADMIN {
            authenticate.require_admin(&principal).map_err(Refuse::into_problem)?;
        }
        Ok(Self(principal))
    }
}

/// A [`Bearer`], or `None` without a token. An invalid token in the header is still refused, since a client
/// that sends one expects to be authenticated. A browser sends a cookie unasked, so one that does not
/// authenticate, for whatever reason, counts as none.
pub struct OptionalBearer(pub Option<Principal>);

impl<'a> ApiExtractor<'a> for OptionalBearer {
    const TYPES: &'static [ApiExtractorType] = Bearer::TYPES;

    type ParamType = ();
    type ParamRawType = ();

    fn register(registry: &mut Registry) {
        Bearer::register(registry);
    }

    fn security_schemes() -> Vec<&'static str> {
        Bearer::security_schemes()
    }

    fn has_security_fallback() -> bool {
        true
    }

    async fn from_request(
        request: &'a Request,
        _: &mut RequestBody,
        _: ExtractParamOptions<()>,
    ) -> poem::Result<Self> {
        let headers = request.headers();
        if in_header(headers)?.is_none() {
            let principal = by_cookie(request).await.ok().flatten();
            if principal.is_none() && headers.contains_key(AUTHORIZATION) {
                return Err(Problem::unauthenticated().into());
            }
            return Ok(Self(principal));
        }
        let token = Token::of(request)?.ok_or_else(Problem::unauthenticated)?;
        let principal = authenticated(authenticator(request)?, request, token).await?;
        Ok(Self(Some(principal.map_err(Refuse::into_problem)?)))
    }
}

/// The owner of the access token in the cookie of a request that has none in its header.
async fn by_cookie(request: &Request) -> Result<Option<Principal>, Problem> {
    let Some(token) = Token::of(request)? else { return Ok(None) };
    Ok(authenticated(authenticator(request)?, request, token).await?.ok())
}

/// The problems with which a security scheme can refuse, for the documentation.
pub fn rejections(scheme: &str) -> Vec<Code> {
    match scheme {
        ADMIN_BEARER => [AuthenticateError::CODES, Forbidden::CODES].concat(),
        BEARER => AuthenticateError::CODES.to_vec(),
        _ => Vec::new(),
    }
}

/// An access token, and where it was sent.
#[derive(Clone, Copy)]
enum Token<'a> {
    InHeader(&'a str),
    InCookie(&'a str),
}

impl<'a> Token<'a> {
    /// The one access token of a request.
    fn of(request: &'a Request) -> Result<Option<Self>, Problem> {
        let (headers, middleware) = (request.headers(), Middleware::of(request)?);
        let in_header = in_header(headers)?;
        refuse_two(headers, &middleware.cookies)?;
        match in_header {
            Some("") => Err(Problem::unauthenticated()),
            Some(token) => Ok(Some(Self::InHeader(token))),
            None => {
                let Some(token) = middleware.cookies.access(headers)? else { return Ok(None) };
                if !request.method().is_safe() {
                    middleware.web_origins.check(headers)?;
                }
                Ok(Some(Self::InCookie(token)))
            }
        }
    }
}

fn authenticator(request: &Request) -> Result<&Authenticate, Problem> {
    Ok(&Service::of(request)?.use_cases().auth.authenticate)
}

async fn authenticated(
    authenticate: &Authenticate,
    request: &Request,
    token: Token<'_>,
) -> Result<Result<Principal, AuthenticateError>, Problem> {
    let (Token::InHeader(token) | Token::InCookie(token)) = token;
    let client = address_of_client(request)?;
    let principal = if request.method().is_safe() {
        authenticate.run(token, client).await
    } else {
        authenticate.run_for_a_change(token, client).await
    };
    if let Ok(principal) = &principal {
        trace::identify(principal.user.id, principal.session_id);
        if let Some(flight) = request.data::<Arc<Flight>>() {
            flight.prove();
        }
    }
    Ok(principal)
}

/// The header, for the documentation.
fn scheme_of_header() -> MetaSecurityScheme {
    MetaSecurityScheme {
        ty: "http",
        description: Some("The `access_token` from a log-in: `Authorization: Bearer …` (RFC 6750)."),
        name: None,
        key_in: None,
        scheme: Some("bearer"),
        bearer_format: Some("at+jwt"),
        flows: None,
        openid_connect_url: None,
    }
}

impl Refuse for AuthenticateError {
    const CODES: &'static [Code] =
        &[Code::InvalidToken, Code::SessionRevoked, Code::SessionExpired, Code::Banned, Code::RateLimited];

    fn into_problem(self) -> Problem {
        match self {
            Self::InvalidToken => Problem::invalid_access_token(),
            Self::SessionRevoked => Problem::session_revoked(),
            Self::SessionExpired => Problem::session_expired(),
            Self::Failed(failure) => failure.into(),
        }
    }
}

impl Refuse for Forbidden {
    const CODES: &'static [Code] = &[Code::Forbidden];

    fn into_problem(self) -> Problem {
        match self {
            Self => Problem::forbidden(),
        }
    }
}
