//! Refresh tokens, proven by an HMAC (RFC 2104), and tokens that are sent by mail.
//!
//! **Here**: [`HmacMailTokens`], and [`HmacRefreshTokens`]. A token is `svcr_` and the base64url of its session's id (16 bytes), its
//! generation (4, the highest first) and a MAC (32) over both and the session's salt. Nothing that opens a
//! session is stored: it takes the database (for the salt) and the secret key to make a token.
//!
//! **May use**: `ports`, `domain`, [`SecretKey`] and aws-lc-rs.
//!
//! **To change the form**: give it another prefix, so that tokens of both forms can be told apart.

use aws_lc_rs::hmac;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use secrecy::SecretString;
use uuid::Uuid;

mod mail_tokens;

pub use mail_tokens::HmacMailTokens;

use super::secret_key::{Purpose, SecretKey};
use crate::domain::{Generation, Salt, SessionId};
use crate::ports::{PresentedRefreshToken, RefreshTokens};

const PREFIX: &str = "svcr_";
const ID: usize = 16;
const GENERATION: usize = 4;
const MAC: usize = 32;

/// Makes and checks refresh tokens with a key derived from the secret key.
pub struct HmacRefreshTokens(hmac::Key);

impl HmacRefreshTokens {
    /// The same secret key always makes the same tokens, so every replica takes those of the others.
    #[must_use]
    pub fn new(secret: &SecretKey) -> Self {
        Self(hmac::Key::new(hmac::HMAC_SHA256, secret.derive(Purpose::RefreshTokens).as_slice()))
    }
}

impl RefreshTokens for HmacRefreshTokens {
    fn mint(&self, session_id: SessionId, generation: Generation, salt: Salt) -> SecretString {
        let mac = hmac::sign(&self.0, &message(session_id, generation, salt));
        let mut token = Vec::with_capacity(ID + GENERATION + MAC);
        token.extend_from_slice(session_id.0.as_bytes());
        token.extend_from_slice(&generation.to_be_bytes());
        token.extend_from_slice(mac.as_ref());
        format!("{PREFIX}{}", URL_SAFE_NO_PAD.encode(token)).into()
    }

    fn read(&self, token: &str) -> Option<PresentedRefreshToken> {
        // The buffer holds what a token holds, so a longer text is refused before it is decoded.
        let mut bytes = [0; ID + GENERATION + MAC];
        let length = URL_SAFE_NO_PAD.decode_slice(token.strip_prefix(PREFIX)?, &mut bytes).ok()?;
        let (id, rest) = bytes.get(..length)?.split_first_chunk::<ID>()?;
        let (generation, mac) = rest.split_first_chunk::<GENERATION>()?;
        Some(PresentedRefreshToken {
            session_id: SessionId(Uuid::from_bytes(*id)),
            generation: Generation::from_be_bytes(*generation),
            mac: mac.try_into().ok()?,
        })
    }

    fn is_genuine(&self, token: &PresentedRefreshToken, salt: Salt) -> bool {
        hmac::verify(&self.0, &message(token.session_id, token.generation, salt), &token.mac).is_ok()
    }
}

/// What the MAC is over. Every part has one length, so no two triples give one message.
fn message(session_id: SessionId, generation: Generation, salt: Salt) -> [u8; ID + GENERATION + 16] {
    let mut message = [0; ID + GENERATION + 16];
    message[..ID].copy_from_slice(session_id.0.as_bytes());
    message[ID..ID + GENERATION].copy_from_slice(&generation.to_be_bytes());
    message[ID + GENERATION..].copy_from_slice(&salt.0);
    message
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret;

    use super::*;

    const SESSION: SessionId = SessionId(Uuid::from_u128(0x0199_0000_0000_7000_8000_0000_0000_0001));
    const SALT: Salt = Salt([7; 16]);

    fn tokens(secret: &str) -> HmacRefreshTokens {
        HmacRefreshTokens::new(&SecretKey::given(&secret.into()))
    }

    fn minted() -> (HmacRefreshTokens, String) {
        let tokens = tokens("a secret key of thirty-two bytes");
        let token = tokens.mint(SESSION, 258, SALT).expose_secret().to_owned();
        (tokens, token)
    }

    #[test]
    fn a_token_says_what_it_was_made_of_and_is_always_the_same() {
        let (tokens, token) = minted();
        assert_eq!(token.len(), 75);
        assert_eq!(tokens.mint(SESSION, 258, SALT).expose_secret(), token);
        let read = tokens.read(&token).unwrap();
        assert_eq!((read.session_id, read.generation), (SESSION, 258));
        assert!(tokens.is_genuine(&read, SALT));
    }

    #[test]
    fn every_part_is_under_the_mac() {
        let (ours, token) = minted();
        let read = ours.read(&token).unwrap();
        let session_id = SessionId(Uuid::from_u128(1));
        assert!(!ours.is_genuine(&PresentedRefreshToken { session_id, ..read.clone() }, SALT));
        assert!(!ours.is_genuine(&PresentedRefreshToken { generation: 259, ..read.clone() }, SALT));
        assert!(!ours.is_genuine(&PresentedRefreshToken { mac: [0; MAC], ..read.clone() }, SALT));
        assert!(!ours.is_genuine(&read, Salt([8; 16])));
        assert!(!tokens("another key of thirty-two bytes!").is_genuine(&read, SALT));
    }

    #[test]
    fn one_token_has_one_spelling() {
        let (tokens, token) = minted();
        let last = token.len() - 1;
        let genuine = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
            .chars()
            .filter_map(|c| tokens.read(&format!("{}{c}", &token[..last])))
            .filter(|read| tokens.is_genuine(read, SALT));
        assert_eq!(genuine.count(), 1);

        let body = &token[PREFIX.len()..];
        for wrong in [
            String::new(),
            PREFIX.to_owned(),
            body.to_owned(),
            format!("SVCR_{body}"),
            format!("{PREFIX}{PREFIX}{body}"),
            format!("{token}="),
            format!("{token}A"),
            format!("{token}AAAA"),
            format!(" {token}"),
            format!("{token}\n"),
            token[..last].to_owned(),
            token[..last - 2].to_owned(),
            format!("{PREFIX}+{}", &body[1..]),
            format!("{PREFIX}é{}", &body[2..]),
            format!("{PREFIX}{}", "A".repeat(1_000_000)),
            "eyJhbGciOiJFUzI1NiJ9.e30.c2ln".to_owned(),
        ] {
            assert!(tokens.read(&wrong).is_none(), "{wrong}");
        }
    }
}
