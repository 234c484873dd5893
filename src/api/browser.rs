use poem::http::HeaderValue;
use poem::http::header::SET_COOKIE;
use poem::{IntoResponse, Request, Response};
use poem_openapi::ApiResponse;
use poem_openapi::payload::Json;
use poem_openapi::registry::{MetaHeader, MetaResponses, Registry};
use poem_openapi::types::Type as _;

use super::answers::{Done, Tokens};
use super::cookies::Cookies;
use super::middleware::Middleware;
use super::problem::Problem;
use crate::domain::Transport;
use crate::telemetry::trace;
use crate::usecases::TokenPair;

/// A success response that may store or remove the cookies of a session.
pub struct WithCookies<T> {
    answer: T,
    cookies: Option<[HeaderValue; 2]>,
}

impl WithCookies<Tokens> {
    /// The response to a log-in or a refresh: the tokens are in the body or in cookies.
    pub fn tokens(request: &Request, pair: TokenPair, transport: Transport) -> Result<Self, Problem> {
        trace::identify(pair.user_id, pair.session_id);
        Ok(match transport {
            Transport::Bearer => Self { answer: Tokens::Tokens(Json(pair.into())), cookies: None },
            Transport::Cookie => {
                Self { answer: Tokens::Cookies, cookies: Some(cookies(request)?.storing(&pair)?) }
            }
        })
    }
}

impl WithCookies<Done> {
    /// The response to a client that has no cookies to remove, or keeps them.
    pub const fn kept() -> Self {
        Self { answer: Done::Done, cookies: None }
    }

    /// The response that removes the cookies of a page, which has ended its session.
    pub fn removed(request: &Request) -> Result<Self, Problem> {
        Ok(Self { answer: Done::Done, cookies: Some(cookies(request)?.removing()?) })
    }

    /// The response that removes the cookies of a client that has sent one, where its session has ended. The
    /// change has committed, so cookies that cannot be read refuse nothing here.
    pub fn removed_if_sent(request: &Request) -> Result<Self, Problem> {
        let has_any = cookies(request)?.has_any(request.headers());
        if has_any { Self::removed(request) } else { Ok(Self::kept()) }
    }
}

fn cookies(request: &Request) -> Result<&Cookies, Problem> {
    Ok(&Middleware::of(request)?.cookies)
}

impl<T: IntoResponse> IntoResponse for WithCookies<T> {
    fn into_response(self) -> Response {
        let mut response = self.answer.into_response();
        for cookie in self.cookies.into_iter().flatten() {
            response.headers_mut().append(SET_COOKIE, cookie);
        }
        response
    }
}

impl<T: ApiResponse> ApiResponse for WithCookies<T> {
    fn meta() -> MetaResponses {
        let mut meta = T::meta();
        for response in meta.responses.iter_mut().filter(|response| response.status == Some(204)) {
            response.headers.push(MetaHeader {
                name: "SET-COOKIE".to_owned(),
                description: Some(
                    "One header for each of the two cookies, with the transport `cookie`".to_owned(),
                ),
                required: false,
                deprecated: false,
                schema: String::schema_ref(),
            });
        }
        meta
    }

    fn register(registry: &mut Registry) {
        T::register(registry);
    }
}
