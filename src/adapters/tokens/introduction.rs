//! The questions and answers by which `svc doctor` recognizes the service.

use std::net::IpAddr;
use std::time::Duration;

use aws_lc_rs::hmac;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::secret_key::{Purpose, SecretKeys};
use crate::adapters::system::random;
use crate::domain::Timestamp;
use crate::ports::inspection::{Introduction, Introductions};

/// How long a question is good for, with the difference of two clocks.
const GOOD_FOR: Duration = Duration::from_mins(10);

/// A question is `NONCE.MICROSECONDS.MAC`, an answer `CLIENT,PEER,TRUSTED,FORWARDED;MAC`, and the MAC of an
/// answer covers the question too. A replayed question has the same answer.
pub struct HmacIntroductions(super::secret_key::PerKey<hmac::Key>);

impl HmacIntroductions {
    /// Derives the key.
    #[must_use]
    pub fn new(secrets: &SecretKeys) -> Self {
        Self(secrets.map(|secret| secret.mac_key(Purpose::Introductions)))
    }

    fn sign(&self, text: &str) -> String {
        URL_SAFE_NO_PAD.encode(hmac::sign(self.0.present(), text.as_bytes()))
    }

    fn verifies(&self, text: &str, mac: &str) -> bool {
        let Ok(mac) = URL_SAFE_NO_PAD.decode(mac) else { return false };
        self.0.iter().any(|key| hmac::verify(key, text.as_bytes(), &mac).is_ok())
    }
}

impl Introductions for HmacIntroductions {
    fn question(&self, now: Timestamp) -> String {
        let text = format!("{}.{}", URL_SAFE_NO_PAD.encode(random::<16>()), now.as_micros());
        let mac = self.sign(&format!("question {text}"));
        format!("{text}.{mac}")
    }

    fn is_genuine(&self, question: &str, now: Timestamp) -> bool {
        let Some((text, mac)) = question.rsplit_once('.') else { return false };
        let made = text.rsplit_once('.').and_then(|(_, micros)| micros.parse().ok());
        let Some(made) = made.and_then(|micros| Timestamp::from_micros(micros).ok()) else { return false };
        let age = now.since(made).max(made.since(now));
        age < GOOD_FOR && self.verifies(&format!("question {text}"), mac)
    }

    fn answer(&self, question: &str, introduction: &Introduction) -> String {
        let Introduction { client, peer, is_trusted, is_forwarded } = introduction;
        let text = format!("{client},{peer},{is_trusted},{is_forwarded}");
        let mac = self.sign(&format!("answer {question} {text}"));
        format!("{text};{mac}")
    }

    fn read(&self, question: &str, answer: &str) -> Option<Introduction> {
        let (text, mac) = answer.rsplit_once(';')?;
        if !self.verifies(&format!("answer {question} {text}"), mac) {
            return None;
        }
        let mut members = text.split(',');
        let mut address = || -> Option<IpAddr> { members.next()?.parse().ok() };
        let (client, peer) = (address()?, address()?);
        let mut truth = || -> Option<bool> { members.next()?.parse().ok() };
        Some(Introduction { client, peer, is_trusted: truth()?, is_forwarded: truth()? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::adapters::tokens::secret_key::SecretKey;

    fn of(secret: &str) -> HmacIntroductions {
        HmacIntroductions::new(&SecretKey::given(&secret.into()).into())
    }

    #[test]
    fn two_processes_with_the_same_secret_recognize_each_other_and_no_stranger() {
        let (ours, same) = (of("a secret key of thirty-two bytes"), of("a secret key of thirty-two bytes"));
        let stranger = of("another key of thirty-two bytes!");
        let now = Timestamp::from_micros(1_700_000_000_000_000).unwrap();
        let question = ours.question(now);
        assert!(same.is_genuine(&question, now.plus(Duration::from_mins(9))));
        assert!(same.is_genuine(&question, now.minus(Duration::from_mins(9))));
        assert!(!same.is_genuine(&question, now.plus(Duration::from_mins(11))), "too old");
        assert!(!stranger.is_genuine(&question, now), "of another secret");
        for garbage in ["", ".", "a.b.c", &question[1..], &question[..question.len() - 1]] {
            assert!(!same.is_genuine(garbage, now), "{garbage}");
        }
        let seen = Introduction {
            client: "2001:db8::7".parse().unwrap(),
            peer: "10.0.0.1".parse().unwrap(),
            is_trusted: true,
            is_forwarded: true,
        };
        let answer = same.answer(&question, &seen);
        assert_eq!(ours.read(&question, &answer), Some(seen));
        assert_eq!(ours.read(&ours.question(now), &answer), None, "of another question");
        assert_eq!(ours.read(&question, &stranger.answer(&question, &seen)), None);
        assert_eq!(ours.read(&question, &answer.replace("true", "false")), None);
    }
}
