use std::sync::Arc;

use poem::http::header::AUTHORIZATION;
use poem::{Request, RequestBody};
use poem_openapi::registry::Registry;
use poem_openapi::{ApiExtractor, ApiExtractorType, ExtractParamOptions, SecurityScheme, auth};

use super::budget::Flight;
use super::problem::{Code, Problem, Refuse};
use crate::api::middleware::address_of_client;
use crate::usecases::{AuthenticateError, Forbidden, Principal, UseCases};

/// The names of the two schemes. The document merges them into one.
pub const BEARER: &str = "bearer";
pub const ADMIN_BEARER: &str = "bearer_admin";

/// The `access_token` from a log-in: `Authorization: Bearer …` (RFC 6750).
#[derive(SecurityScheme)]
#[oai(ty = "bearer", rename = "bearer", bearer_format = "at+jwt", checker = "authenticate")]
pub struct Bearer(pub Principal);

/// An access token of an administrator: `Authorization: Bearer …` (RFC 6750).
#[derive(SecurityScheme)]
#[oai(ty = "bearer", rename = "bearer_admin", bearer_format = "at+jwt", checker = "authenticate_admin")]
pub struct AdminBearer(pub Principal);

/// A [`Bearer`], or `None` without a token. An invalid token is still refused, since a client that sends one
/// expects to be authenticated.
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
        body: &mut RequestBody,
        options: ExtractParamOptions<()>,
    ) -> poem::Result<Self> {
        if !request.headers().contains_key(AUTHORIZATION) {
            return Ok(Self(None));
        }
        let Bearer(principal) = Bearer::from_request(request, body, options).await?;
        Ok(Self(Some(principal)))
    }
}

/// The problems with which a security scheme can refuse, for the documentation.
pub fn rejections(scheme: &str) -> Vec<Code> {
    let admin = scheme == ADMIN_BEARER;
    let forbidden = if admin { Forbidden::CODES } else { &[] };
    [AuthenticateError::CODES, forbidden].concat()
}

async fn authenticate(request: &Request, bearer: auth::Bearer) -> poem::Result<Principal> {
    // With two tokens, a proxy in front may have checked the other one (RFC 9110, section 5.3).
    if request.headers().get_all(AUTHORIZATION).iter().count() > 1 {
        return Err(Problem::unauthenticated().into());
    }
    let service: &Arc<UseCases> = request.data().ok_or_else(Problem::internal)?;
    let client = address_of_client(request)?;
    let principal = if request.method().is_safe() {
        service.authenticate.run(&bearer.token, client).await
    } else {
        service.authenticate.run_for_a_change(&bearer.token, client).await
    };
    let principal = principal.map_err(Refuse::into_problem)?;
    if let Some(flight) = request.data::<Arc<Flight>>() {
        flight.prove();
    }
    Ok(principal)
}

async fn authenticate_admin(request: &Request, bearer: auth::Bearer) -> poem::Result<Principal> {
    let principal = authenticate(request, bearer).await?;
    let service: &Arc<UseCases> = request.data().ok_or_else(Problem::internal)?;
    service.authenticate.require_admin(&principal).map_err(Refuse::into_problem)?;
    Ok(principal)
}

impl Refuse for AuthenticateError {
    const CODES: &'static [Code] =
        &[Code::InvalidToken, Code::SessionRevoked, Code::SessionExpired, Code::Banned, Code::RateLimited];

    fn into_problem(self) -> Problem {
        match self {
            Self::InvalidToken => {
                Problem::new(Code::InvalidToken, "The access token is not valid or has expired.")
            }
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
            Self => Problem::new(Code::Forbidden, "Only administrators may do this."),
        }
    }
}
