use std::marker::PhantomData;

use poem::http::header::CONTENT_TYPE;
use poem::{Request, RequestBody};
use poem_openapi::registry::{MetaRequest, Registry};
use poem_openapi::{ApiExtractor, ApiExtractorType, ExtractParamOptions};
use secrecy::SecretString;

use super::cookies::{self, REFRESH};
use super::input::{Input, JsonBody};
use super::middleware::Middleware;
use super::problem::{Code, Problem};
use crate::domain::Transport;

/// The name of the scheme: the cookie with the refresh token.
pub const REFRESH_COOKIE: &str = "refresh_cookie";

/// The description of the cookie for the documentation.
const IN_COOKIE: &str = "The refresh token of a log-in with the transport `cookie`. Without TLS on loopback, the \
    name has no `__Host-`. The request needs an `Origin` that may use cookies, and no body.";

/// The refresh token of a request: in a body of type `B`, or in its cookie without a body.
pub struct RefreshToken<B> {
    /// The token as it was sent.
    pub token: SecretString,
    /// How it was sent.
    pub transport: Transport,
    body: PhantomData<fn() -> B>,
}

impl<B> RefreshToken<B> {
    const fn new(token: SecretString, transport: Transport) -> Self {
        Self { token, transport, body: PhantomData }
    }
}

impl<'a, B: Input + Into<SecretString>> ApiExtractor<'a> for RefreshToken<B> {
    const TYPES: &'static [ApiExtractorType] =
        &[ApiExtractorType::RequestObject, ApiExtractorType::SecurityScheme];

    type ParamType = ();
    type ParamRawType = ();

    fn register(registry: &mut Registry) {
        JsonBody::<B>::register(registry);
        registry.create_security_scheme(REFRESH_COOKIE, cookies::scheme(REFRESH, IN_COOKIE));
    }

    fn request_meta() -> Option<MetaRequest> {
        JsonBody::<B>::request_meta().map(|body| MetaRequest { required: false, ..body })
    }

    fn security_schemes() -> Vec<&'static str> {
        vec![REFRESH_COOKIE]
    }

    fn has_security_fallback() -> bool {
        true
    }

    async fn from_request(
        request: &'a Request,
        body: &mut RequestBody,
        options: ExtractParamOptions<()>,
    ) -> poem::Result<Self> {
        let content = body.take()?;
        let has_body = !content.is_empty() || request.headers().contains_key(CONTENT_TYPE);
        *body = RequestBody::new(content);
        let middleware = Middleware::of(request)?;
        match middleware.cookies.refresh(request.headers())? {
            None if has_body => {
                let JsonBody(body) = JsonBody::<B>::from_request(request, body, options).await?;
                Ok(Self::new(body.into(), Transport::Bearer))
            }
            None => Err(Problem::no_refresh_token().into()),
            Some(token) => {
                middleware.web_origins.check(request.headers())?;
                if has_body {
                    let detail = "With the cookie of a refresh token, send no body.";
                    return Err(Problem::new(Code::MalformedRequest, detail).into());
                }
                Ok(Self::new(token.into(), Transport::Cookie))
            }
        }
    }
}
