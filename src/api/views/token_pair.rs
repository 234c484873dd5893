use poem_openapi::Object;
use poem_openapi::types::Example;
use secrecy::ExposeSecret;

use crate::usecases::TokenPair;

/// The tokens of a session, from a log-in or a refresh.
#[derive(Object)]
#[oai(rename = "TokenPair", example)]
pub struct TokenPairView {
    /// Access token for the API (RFC 9068)
    access_token: String,
    /// Refresh token to get the next pair of tokens
    refresh_token: String,
    /// Always `Bearer`
    token_type: String,
    /// Lifetime of the access token, in seconds
    expires_in: u64,
    /// Lifetime of the refresh token, in seconds
    refresh_expires_in: u64,
}

impl From<TokenPair> for TokenPairView {
    fn from(pair: TokenPair) -> Self {
        Self {
            access_token: pair.access_token.expose_secret().to_owned(),
            refresh_token: pair.refresh_token.expose_secret().to_owned(),
            token_type: "Bearer".to_owned(),
            expires_in: pair.expires_in.as_secs(),
            refresh_expires_in: pair.refresh_expires_in.as_secs(),
        }
    }
}

const REFRESH_TOKEN: &str =
    "svcr_AZkAAAAAcACAAAAAAAAAAQAAAQIHBwcHBwcHBwcHBwcHBwcHLkkywqbvcZALrLNKB63JXXr1bxdONfnt_UHt2FnWrqI";

impl Example for TokenPairView {
    fn example() -> Self {
        Self {
            access_token: "eyJ0eXAiOiJhdCtqd3QiLCJhbGciOiJFUzI1NiIsImtpZCI6IuKApiJ9.e30.c2ln".to_owned(),
            refresh_token: REFRESH_TOKEN.to_owned(),
            token_type: "Bearer".to_owned(),
            expires_in: 900,
            refresh_expires_in: 2_592_000,
        }
    }
}
