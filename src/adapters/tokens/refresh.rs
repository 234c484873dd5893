//! Refresh tokens, authenticated by an HMAC (RFC 2104).
//!
//! **Here**: [`HmacRefreshTokens`]. A refresh token is `svcr_` and the base64url of
//! its session's id (16 bytes), its generation (4, big-endian), the session's salt (16) and a MAC (32) over
//! these three. Nothing in the database is enough to open a session: making a token takes the secret key and
//! the salt. The salt is in the database and in the token. So a forged token is recognized before the
//! database is asked, and the statement that takes a genuine one can select by its salt.
//!
//! **May use**: `ports`, `domain`, [`SecretKeys`] and aws-lc-rs.
//!
//! **To change the form**: use another prefix, so that tokens of both forms can be distinguished.

use aws_lc_rs::hmac;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use secrecy::SecretString;
use uuid::Uuid;

use super::secret_key::{PerKey, Purpose, SecretKeys};
use crate::domain::{Generation, Salt, SessionId};
use crate::ports::{
    InspectedRefreshToken, PresentedRefreshToken, REFRESH_TOKEN_PREFIX as PREFIX, RefreshTokens,
};

const ID: usize = 16;
const GENERATION: usize = 4;
const SALT: usize = 16;
/// The message of the MAC. Every part has a fixed length, so no two triples give the same message.
const MESSAGE: usize = ID + GENERATION + SALT;
const MAC: usize = 32;

/// Makes and checks refresh tokens with a key derived from the secret key.
pub struct HmacRefreshTokens(PerKey<hmac::Key>);

impl HmacRefreshTokens {
    /// The same secret key always makes the same tokens, so every replica accepts those of the others.
    #[must_use]
    pub fn new(secrets: &SecretKeys) -> Self {
        Self(secrets.map(|secret| secret.mac_key(Purpose::RefreshTokens)))
    }
}

impl RefreshTokens for HmacRefreshTokens {
    fn mint(&self, session_id: SessionId, generation: Generation, salt: Salt) -> SecretString {
        let mut token = Vec::with_capacity(MESSAGE + MAC);
        token.extend_from_slice(session_id.0.as_bytes());
        token.extend_from_slice(&generation.to_be_bytes());
        token.extend_from_slice(&salt.0);
        let mac = hmac::sign(self.0.present(), &token);
        token.extend_from_slice(mac.as_ref());
        format!("{PREFIX}{}", URL_SAFE_NO_PAD.encode(token)).into()
    }

    fn read(&self, token: &str) -> Option<PresentedRefreshToken> {
        self.inspect(token).filter(|inspected| inspected.is_genuine).map(|inspected| inspected.presented)
    }

    fn inspect(&self, token: &str) -> Option<InspectedRefreshToken> {
        // The buffer has the size of a token, so a longer text is refused before it is decoded.
        let mut bytes = [0; MESSAGE + MAC];
        let length = URL_SAFE_NO_PAD.decode_slice(token.strip_prefix(PREFIX)?, &mut bytes).ok()?;
        let (message, mac) = bytes.get(..length)?.split_first_chunk::<MESSAGE>()?;
        // In constant time.
        let is_genuine = self.0.iter().any(|key| hmac::verify(key, message, mac).is_ok());
        let (id, rest) = message.split_first_chunk::<ID>()?;
        let (generation, salt) = rest.split_first_chunk::<GENERATION>()?;
        let presented = PresentedRefreshToken {
            session_id: SessionId(Uuid::from_bytes(*id)),
            generation: Generation::from_be_bytes(*generation),
            salt: Salt(salt.try_into().ok()?),
        };
        // Other lengths than that of a MAC are another form.
        (mac.len() == MAC).then_some(InspectedRefreshToken { presented, is_genuine })
    }
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret;

    use super::*;
    use crate::adapters::tokens::secret_key::SecretKey;

    const SESSION: SessionId = SessionId(Uuid::from_u128(0x0199_0000_0000_7000_8000_0000_0000_0001));
    const SALT: Salt = Salt([7; 16]);

    const OURS: &str = "a secret key of thirty-two bytes";
    const OTHER: &str = "another key of thirty-two bytes!";

    fn tokens(secret: &str) -> HmacRefreshTokens {
        HmacRefreshTokens::new(&SecretKey::given(&secret.into()).into())
    }

    fn changing(present: &str, previous: &str) -> HmacRefreshTokens {
        let [present, previous] = [present, previous].map(|secret| SecretKey::given(&secret.into()));
        HmacRefreshTokens::new(&SecretKeys::new(present, Some(previous)))
    }

    fn minted() -> (HmacRefreshTokens, String) {
        let tokens = tokens(OURS);
        let token = tokens.mint(SESSION, 258, SALT).expose_secret().to_owned();
        (tokens, token)
    }

    #[test]
    fn a_token_contains_its_session_generation_and_salt_and_is_always_the_same() {
        let (tokens, token) = minted();
        assert_eq!(token.len(), 96);
        assert_eq!(tokens.mint(SESSION, 258, SALT).expose_secret(), token);
        let says = PresentedRefreshToken { session_id: SESSION, generation: 258, salt: SALT };
        assert_eq!(tokens.read(&token), Some(says));
        assert_eq!(self::tokens(OTHER).read(&token), None);
    }

    #[test]
    fn during_a_rotation_tokens_of_both_keys_are_accepted_and_new_ones_use_the_present_key() {
        let says = PresentedRefreshToken { session_id: SESSION, generation: 258, salt: SALT };
        let of = |tokens: &HmacRefreshTokens| tokens.mint(SESSION, 258, SALT).expose_secret().to_owned();
        let (ours, other) = (of(&tokens(OURS)), of(&tokens(OTHER)));
        for (present, previous, made) in [(OURS, OTHER, &ours), (OTHER, OURS, &other)] {
            let both = changing(present, previous);
            assert_eq!([&ours, &other].map(|token| both.read(token)), [Some(says), Some(says)]);
            assert_eq!(&of(&both), made);
        }
        let third = tokens("a third key of thirty-two bytes!!");
        assert_eq!(changing(OURS, OTHER).read(&of(&third)), None);
    }

    #[test]
    fn every_bit_is_covered_by_the_mac_or_part_of_it() {
        let (ours, token) = minted();
        let bytes = URL_SAFE_NO_PAD.decode(&token[PREFIX.len()..]).unwrap();
        for bit in 0..bytes.len() * 8 {
            let mut bytes = bytes.clone();
            bytes[bit / 8] ^= 1 << (bit % 8);
            assert_eq!(ours.read(&format!("{PREFIX}{}", URL_SAFE_NO_PAD.encode(bytes))), None, "bit {bit}");
        }
    }

    #[test]
    fn a_token_of_a_client_is_accepted_by_every_release() {
        let (_, token) = minted();
        assert_eq!(
            token,
            "svcr_AZkAAAAAcACAAAAAAAAAAQAAAQIHBwcHBwcHBwcHBwcHBwcHLkkywqbvcZALrLNKB63JXXr1bxdONfnt_UHt2FnWrqI"
        );
    }

    #[test]
    fn one_token_has_one_spelling() {
        let (tokens, token) = minted();
        let last = token.len() - 1;
        let genuine = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
            .chars()
            .filter_map(|c| tokens.read(&format!("{}{c}", &token[..last])));
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
