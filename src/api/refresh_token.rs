use std::marker::PhantomData;

use poem::http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use poem::{Request, RequestBody};
use poem_openapi::registry::{MetaRequest, Registry};
use poem_openapi::{ApiExtractor, ApiExtractorType, ExtractParamOptions};
use secrecy::SecretString;

use super::cookies::{self, REFRESH};
use super::credentials::{has_bearer, refuse_two};
use super::input::{self, Input, JsonBody};
use super::middleware::Middleware;
use super::problem::{Code, Problem};
use crate::domain::Transport;

/// The name of the scheme: the cookie with the refresh token.
pub const REFRESH_COOKIE: &str = "refresh_cookie";

/// The description of the cookie for the documentation.
const IN_COOKIE: &str = "The refresh token of a log-in with the transport `cookie`. The request needs an `Origin` \
    that may use cookies, and no body.";

/// The refresh token of a request: in a body of type `B`, or in its cookie without a body.
pub struct RefreshToken<B> {
    /// The token as it was sent. A page may have none, since the browser removes its cookie when it expires.
    pub token: Option<SecretString>,
    /// How it was sent.
    pub transport: Transport,
    body: PhantomData<fn() -> B>,
}

impl<B> RefreshToken<B> {
    const fn new(token: Option<SecretString>, transport: Transport) -> Self {
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
        let (headers, middleware) = (request.headers(), Middleware::of(request)?);
        refuse_two(headers, &middleware.cookies)?;
        if let Some(token) = middleware.cookies.refresh(headers)? {
            middleware.web_origins.check(headers)?;
            if has_body(request, body).await? {
                let detail = "With the cookie of a refresh token, send no body.";
                return Err(Problem::new(Code::MalformedRequest, detail).into());
            }
            return Ok(Self::new(Some(token.to_owned().into()), Transport::Cookie));
        }
        let is_from_page = middleware.web_origins.may_use_cookies(headers);
        let announces_body = headers.contains_key(CONTENT_TYPE) && !is_from_page;
        if announces_body || has_body(request, body).await? {
            let JsonBody(body) = JsonBody::<B>::from_request(request, body, options).await?;
            return Ok(Self::new(Some(body.into()), Transport::Bearer));
        }
        if has_bearer(headers) {
            // An access token is no refresh token. A success would let the client believe that it counted.
            let detail = "Send the refresh token of the session in the body, as `refresh_token`.";
            return Err(Problem::new(Code::MalformedRequest, detail).into());
        }
        if is_from_page {
            return Ok(Self::new(None, Transport::Cookie));
        }
        Err(Problem::no_refresh_token().into())
    }
}

/// Whether the request has a body that is not empty. Its headers do not say: a client may send `Content-Type`
/// without a body, and a proxy `Transfer-Encoding: chunked`. The body can still be read afterwards.
async fn has_body(request: &Request, body: &mut RequestBody) -> poem::Result<bool> {
    let content = body.take()?;
    let has_length = request.headers().get(CONTENT_LENGTH).is_some_and(|length| length != "0");
    if has_length || content.is_empty() {
        *body = RequestBody::new(content);
        return Ok(has_length);
    }
    *body = RequestBody::new(content);
    let bytes = input::bytes(request, body, 0).await?;
    let has_any = !bytes.is_empty();
    *body = RequestBody::new(bytes.into());
    Ok(has_any)
}
