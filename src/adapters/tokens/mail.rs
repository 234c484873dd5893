//! Tokens that are sent by mail: `svcm_` and the base64url of a MAC (32 bytes) over the purpose and the id of
//! the event that requests the mail. Ids are part of events and can be guessed, so making a token takes the
//! secret key. The database keeps a MAC of the token under another key derived from the same secret, so a
//! token is valid only while its secret is in use.

use aws_lc_rs::hmac;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use secrecy::SecretString;
use uuid::Uuid;

use crate::adapters::tokens::secret_key::{PerKey, Purpose, SecretKeys};
use crate::domain::{Email, MailPurpose, MailRequestKind, MailTokenDigest, UserId};
use crate::ports::{MailTokens, MintedMailToken};

const PREFIX: &str = "svcm_";
const MAC: usize = 32;

/// Makes the tokens that are sent by mail, with a key derived from the secret key.
pub struct HmacMailTokens {
    keys: PerKey<Keys>,
    addresses: hmac::Key,
}

/// The keys derived from one secret.
struct Keys {
    tokens: hmac::Key,
    digests: hmac::Key,
}

impl Keys {
    fn token(&self, event_id: Uuid, purpose: MailPurpose) -> [u8; MAC] {
        mac(&self.tokens, purpose.as_str(), &[event_id.as_bytes()])
    }

    fn digest(&self, token: &[u8; MAC]) -> MailTokenDigest {
        MailTokenDigest(bytes(hmac::sign(&self.digests, token)))
    }
}

impl HmacMailTokens {
    /// The same secret key always makes the same tokens, whichever process writes the mail.
    #[must_use]
    pub fn new(secrets: &SecretKeys) -> Self {
        let keys = secrets.map(|secret| Keys {
            tokens: secret.mac_key(Purpose::MailTokens),
            digests: secret.mac_key(Purpose::MailTokenDigests),
        });
        Self { keys, addresses: secrets.present().mac_key(Purpose::MailAddresses) }
    }
}

impl MailTokens for HmacMailTokens {
    fn mint(&self, event_id: Uuid, purpose: MailPurpose) -> Vec<MintedMailToken> {
        let minted = self.keys.iter().map(|keys| {
            let token = keys.token(event_id, purpose);
            let text: SecretString = format!("{PREFIX}{}", URL_SAFE_NO_PAD.encode(token)).into();
            MintedMailToken { token: text, digest: keys.digest(&token) }
        });
        minted.collect()
    }

    fn digest_of(&self, event_id: Uuid, purpose: MailPurpose) -> MailTokenDigest {
        let keys = self.keys.present();
        keys.digest(&keys.token(event_id, purpose))
    }

    fn digests(&self, token: &str) -> Vec<MailTokenDigest> {
        let token = parse(token);
        token.iter().flat_map(|token| self.keys.iter().map(|keys| keys.digest(token))).collect()
    }

    fn address_digest(&self, email: &Email, purpose: MailPurpose, asked_by: Option<UserId>) -> [u8; 32] {
        let address = email.key().as_bytes();
        match asked_by {
            None => mac(&self.addresses, purpose.as_str(), &[address]),
            Some(user) => mac(&self.addresses, purpose.as_str(), &[address, user.0.as_bytes()]),
        }
    }

    fn request_digest(&self, email: &Email, kind: MailRequestKind) -> [u8; 32] {
        mac(&self.addresses, kind.as_str(), &[email.key().as_bytes()])
    }

    fn registration_digest(&self, email: &Email) -> [u8; 32] {
        mac(&self.addresses, "register", &[email.key().as_bytes()])
    }
}

/// Returns the MAC in a token; `None` for a text of another form.
fn parse(token: &str) -> Option<[u8; MAC]> {
    // The buffer has the size of a token, so a longer text is refused before it is decoded.
    let mut bytes = [0; MAC];
    let length = URL_SAFE_NO_PAD.decode_slice(token.strip_prefix(PREFIX)?, &mut bytes).ok()?;
    (length == MAC).then_some(bytes)
}

/// Computes a MAC over the name of a purpose or a kind and the parts, separated by zero bytes: neither a name
/// nor an address contains one.
fn mac(key: &hmac::Key, word: &str, of: &[&[u8]]) -> [u8; MAC] {
    let mut context = hmac::Context::with_key(key);
    context.update(word.as_bytes());
    for part in of {
        context.update(&[0]);
        context.update(part);
    }
    bytes(context.sign())
}

fn bytes(tag: hmac::Tag) -> [u8; MAC] {
    let mut bytes = [0; MAC];
    bytes.copy_from_slice(tag.as_ref());
    bytes
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use secrecy::ExposeSecret;

    use super::*;
    use crate::adapters::tokens::secret_key::SecretKey;

    const OURS: &str = "a secret key of thirty-two bytes";
    const OTHER: &str = "another key of thirty-two bytes!";
    const EVENT: Uuid = Uuid::from_u128(0x0199_0000_0000_7000_8000_0000_0000_0001);
    const PURPOSES: [MailPurpose; 4] = [
        MailPurpose::VerifyEmail,
        MailPurpose::ResetPassword,
        MailPurpose::ChangeEmail,
        MailPurpose::AcceptInvitation,
    ];

    fn tokens(secret: &str) -> HmacMailTokens {
        HmacMailTokens::new(&SecretKey::given(&secret.into()).into())
    }

    fn changing(present: &str, previous: &str) -> HmacMailTokens {
        let [present, previous] = [present, previous].map(|secret| SecretKey::given(&secret.into()));
        HmacMailTokens::new(&SecretKeys::new(present, Some(previous)))
    }

    fn ours() -> HmacMailTokens {
        tokens(OURS)
    }

    fn made(by: &HmacMailTokens, event: Uuid, purpose: MailPurpose) -> String {
        by.mint(event, purpose)[0].token.expose_secret().to_owned()
    }

    fn digest(by: &HmacMailTokens, token: &str) -> Option<MailTokenDigest> {
        let digests = by.digests(token);
        assert!(digests.len() <= 1, "one for each secret key");
        digests.first().copied()
    }

    #[test]
    fn a_digest_needs_the_secret_that_the_token_was_made_with() {
        let token = made(&ours(), EVENT, MailPurpose::ResetPassword);
        assert_ne!(digest(&ours(), &token), digest(&tokens(OTHER), &token));
        assert_eq!(digest(&ours(), &token), Some(ours().digest_of(EVENT, MailPurpose::ResetPassword)));
    }

    #[test]
    fn during_a_rotation_a_mail_contains_the_token_whose_digest_was_stored() {
        let purpose = MailPurpose::ResetPassword;
        for stored_by in [OURS, OTHER] {
            let stored = tokens(stored_by).digest_of(EVENT, purpose);
            for (present, previous) in [(OURS, OTHER), (OTHER, OURS)] {
                let both = changing(present, previous);
                let minted = both.mint(EVENT, purpose);
                let mailed = minted.iter().find(|minted| minted.digest == stored).unwrap();
                assert_eq!(mailed.token.expose_secret(), &made(&tokens(stored_by), EVENT, purpose));
                assert!(both.digests(mailed.token.expose_secret()).contains(&stored));
                assert_eq!(both.digest_of(EVENT, purpose), tokens(present).digest_of(EVENT, purpose));
            }
        }
    }

    #[test]
    fn a_token_depends_on_event_purpose_and_secret_only() {
        let token = made(&ours(), EVENT, MailPurpose::VerifyEmail);
        assert_eq!(token.len(), 48);
        assert_eq!(token, made(&ours(), EVENT, MailPurpose::VerifyEmail));
        let next = Uuid::from_u128(EVENT.as_u128() + 1);
        let (ours, others) = (ours(), tokens(OTHER));
        let all = [&ours, &others].into_iter().flat_map(|by| {
            [EVENT, next].into_iter().flat_map(move |event| PURPOSES.map(|purpose| made(by, event, purpose)))
        });
        assert_eq!(all.collect::<HashSet<_>>().len(), 16);
    }

    #[test]
    fn a_token_that_was_mailed_is_made_the_same_by_every_release() {
        let token = made(&ours(), EVENT, MailPurpose::ResetPassword);
        assert_eq!(token, "svcm_0Zj2bojQh1EOAIUbeQ7B4pcMvLpWoeKtLTdHYUxVWL0");
    }

    #[test]
    fn one_token_has_one_spelling_and_one_digest() {
        let token = made(&ours(), EVENT, MailPurpose::ResetPassword);
        let stored = digest(&ours(), &token);
        assert_eq!(stored, Some(ours().digest_of(EVENT, MailPurpose::ResetPassword)));
        assert_ne!(stored, digest(&ours(), &made(&ours(), EVENT, MailPurpose::VerifyEmail)));
        let last = token.len() - 1;
        let alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        let same = alphabet.chars().filter(|c| digest(&ours(), &format!("{}{c}", &token[..last])) == stored);
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
            assert_eq!(digest(&ours(), &wrong), None, "{wrong}");
        }
    }

    #[test]
    fn variants_of_an_address_have_one_digest_per_purpose_and_kind_and_it_needs_the_secret() {
        let asked = |by: &HmacMailTokens, text: &str, purpose, asked_by| {
            by.address_digest(&Email::parse(text).unwrap(), purpose, asked_by)
        };
        let digest = |by: &HmacMailTokens, text: &str, purpose| asked(by, text, purpose, None);
        let ada = digest(&ours(), "ada@example.com", MailPurpose::ResetPassword);
        assert_eq!(ada, digest(&ours(), "Ada@Example.COM", MailPurpose::ResetPassword));
        let others = tokens(OTHER);
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
