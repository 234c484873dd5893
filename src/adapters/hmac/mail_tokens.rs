//! Tokens that are sent by mail: `svcm_` and the base64url of a MAC (32 bytes) over the purpose and the id of the event that
//! asks for the mail. Ids can be guessed and stand in events, so it takes the secret key to make a token.

use aws_lc_rs::{digest, hmac};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use secrecy::SecretString;
use uuid::Uuid;

use crate::adapters::secret_key::{Purpose, SecretKey};
use crate::domain::{Email, MailPurpose, MailTokenDigest, UserId};
use crate::ports::MailTokens;

const PREFIX: &str = "svcm_";
const MAC: usize = 32;

/// Makes the tokens that are sent by mail, with a key derived from the secret key.
pub struct HmacMailTokens {
    tokens: hmac::Key,
    addresses: hmac::Key,
}

impl HmacMailTokens {
    /// The same secret key always makes the same tokens, whichever process writes the mail.
    #[must_use]
    pub fn new(secret: &SecretKey) -> Self {
        let key = |purpose| hmac::Key::new(hmac::HMAC_SHA256, secret.derive(purpose).as_slice());
        Self { tokens: key(Purpose::MailTokens), addresses: key(Purpose::MailAddresses) }
    }
}

impl MailTokens for HmacMailTokens {
    fn token(&self, event_id: Uuid, purpose: MailPurpose) -> SecretString {
        let mac = mac(&self.tokens, purpose, &[event_id.as_bytes()]);
        format!("{PREFIX}{}", URL_SAFE_NO_PAD.encode(mac)).into()
    }

    fn digest_of(&self, event_id: Uuid, purpose: MailPurpose) -> MailTokenDigest {
        sha256(&mac(&self.tokens, purpose, &[event_id.as_bytes()]))
    }

    fn digest(&self, token: &str) -> Option<MailTokenDigest> {
        // The buffer holds what a token holds, so a longer text is refused before it is decoded.
        let mut bytes = [0; MAC];
        let length = URL_SAFE_NO_PAD.decode_slice(token.strip_prefix(PREFIX)?, &mut bytes).ok()?;
        (length == MAC).then(|| sha256(&bytes))
    }

    fn address_digest(&self, email: &Email, purpose: MailPurpose, asked_by: Option<UserId>) -> [u8; 32] {
        let address = email.key().as_bytes();
        match asked_by {
            None => mac(&self.addresses, purpose, &[address]),
            Some(user) => mac(&self.addresses, purpose, &[address, user.0.as_bytes()]),
        }
    }
}

/// A token has 256 bits that nobody can guess, so its digest needs neither a salt nor a key.
fn sha256(token: &[u8; MAC]) -> MailTokenDigest {
    let mut bytes = [0; 32];
    bytes.copy_from_slice(digest::digest(&digest::SHA256, token).as_ref());
    MailTokenDigest(bytes)
}

/// Over the purpose's word and the parts, a zero byte between them: neither a word nor an address has one.
fn mac(key: &hmac::Key, purpose: MailPurpose, of: &[&[u8]]) -> [u8; MAC] {
    let mut context = hmac::Context::with_key(key);
    context.update(purpose.as_str().as_bytes());
    for part in of {
        context.update(&[0]);
        context.update(part);
    }
    let mut mac = [0; MAC];
    mac.copy_from_slice(context.sign().as_ref());
    mac
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use secrecy::ExposeSecret;

    use super::*;

    const EVENT: Uuid = Uuid::from_u128(0x0199_0000_0000_7000_8000_0000_0000_0001);
    const PURPOSES: [MailPurpose; 3] =
        [MailPurpose::VerifyEmail, MailPurpose::ResetPassword, MailPurpose::ChangeEmail];

    fn tokens(secret: &str) -> HmacMailTokens {
        HmacMailTokens::new(&SecretKey::given(&secret.into()))
    }

    fn ours() -> HmacMailTokens {
        tokens("a secret key of thirty-two bytes")
    }

    fn made(by: &HmacMailTokens, event: Uuid, purpose: MailPurpose) -> String {
        by.token(event, purpose).expose_secret().to_owned()
    }

    #[test]
    fn event_purpose_and_secret_make_a_token_and_nothing_else_does() {
        let token = made(&ours(), EVENT, MailPurpose::VerifyEmail);
        assert_eq!(token.len(), 48);
        assert_eq!(token, made(&ours(), EVENT, MailPurpose::VerifyEmail));
        let next = Uuid::from_u128(EVENT.as_u128() + 1);
        let (ours, others) = (ours(), tokens("another key of thirty-two bytes!"));
        let all = [&ours, &others].into_iter().flat_map(|by| {
            [EVENT, next].into_iter().flat_map(move |event| PURPOSES.map(|purpose| made(by, event, purpose)))
        });
        assert_eq!(all.collect::<HashSet<_>>().len(), 12);
    }

    #[test]
    fn a_token_that_was_mailed_is_made_the_same_by_every_release() {
        let token = made(&ours(), EVENT, MailPurpose::ResetPassword);
        assert_eq!(token, "svcm_0Zj2bojQh1EOAIUbeQ7B4pcMvLpWoeKtLTdHYUxVWL0");
    }

    #[test]
    fn one_token_has_one_spelling_and_one_digest() {
        let token = made(&ours(), EVENT, MailPurpose::ResetPassword);
        let digest = ours().digest(&token).unwrap();
        assert_eq!(digest, ours().digest_of(EVENT, MailPurpose::ResetPassword));
        assert_ne!(Some(digest), ours().digest(&made(&ours(), EVENT, MailPurpose::VerifyEmail)));
        let last = token.len() - 1;
        let alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        let same =
            alphabet.chars().filter(|c| ours().digest(&format!("{}{c}", &token[..last])) == Some(digest));
        assert_eq!(same.count(), 1);
        for wrong in [
            String::new(),
            PREFIX.to_owned(),
            token[PREFIX.len()..].to_owned(),
            token.to_uppercase(),
            format!("{token}="),
            format!("{token}A"),
            format!("{token}AAAA"),
            format!(" {token}"),
            token[..last].to_owned(),
            token[..last - 3].to_owned(),
            format!("{PREFIX}{}", "A".repeat(1_000_000)),
            format!("svcr_{}", &token[PREFIX.len()..]),
        ] {
            assert_eq!(ours().digest(&wrong), None, "{wrong}");
        }
    }

    #[test]
    fn variants_of_an_address_have_one_digest_for_a_purpose_and_who_asks_and_it_takes_the_secret() {
        let asked = |by: &HmacMailTokens, text: &str, purpose, asked_by| {
            by.address_digest(&Email::parse(text).unwrap(), purpose, asked_by)
        };
        let digest = |by: &HmacMailTokens, text: &str, purpose| asked(by, text, purpose, None);
        let ada = digest(&ours(), "ada@example.com", MailPurpose::ResetPassword);
        assert_eq!(ada, digest(&ours(), "Ada@Example.COM", MailPurpose::ResetPassword));
        let others = tokens("another key of thirty-two bytes!");
        for other in [
            digest(&ours(), "ada@example.com", MailPurpose::VerifyEmail),
            digest(&ours(), "eva@example.com", MailPurpose::ResetPassword),
            digest(&others, "ada@example.com", MailPurpose::ResetPassword),
        ] {
            assert_ne!(ada, other);
        }
        let [one, two] = [1, 2].map(|id| Some(UserId(Uuid::from_u128(id))));
        let by = |who| asked(&ours(), "ada@example.com", MailPurpose::ResetPassword, who);
        assert_eq!(by(one), asked(&ours(), "ADA@example.com", MailPurpose::ResetPassword, one));
        assert_eq!([by(None), by(one), by(two)].into_iter().collect::<HashSet<_>>().len(), 3);
    }
}
