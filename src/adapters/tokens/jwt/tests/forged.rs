//! Makes tokens that are signed with our own keys but say something that ours never do.

use std::collections::BTreeMap;
use std::fmt::Write;

use super::super::key::Key;
use super::super::seal::Sealing;
use super::*;
use super::{forged_claims, forged_headers, forged_transport};

/// A JSON object as an ordered list of members, each value as raw text, so that it can be invalid on purpose.
#[derive(Clone)]
pub(super) struct Members(Vec<(String, String)>);

impl Members {
    pub(super) fn names(&self) -> Vec<String> {
        self.0.iter().map(|(name, _)| name.clone()).collect()
    }

    pub(super) fn get(&self, name: &str) -> String {
        self.0.iter().find(|member| member.0 == name).unwrap().1.clone()
    }

    pub(super) fn set(&mut self, name: &str, value: &str) {
        let member = self.0.iter_mut().find(|member| member.0 == name).unwrap();
        value.clone_into(&mut member.1);
    }

    pub(super) fn remove(&mut self, name: &str) {
        self.0.retain(|member| member.0 != name);
    }

    pub(super) fn append(&mut self, name: &str, value: &str) {
        self.0.push((name.to_owned(), value.to_owned()));
    }

    pub(super) fn prepend(&mut self, name: &str, value: &str) {
        self.0.insert(0, (name.to_owned(), value.to_owned()));
    }

    pub(super) fn json(&self) -> String {
        let mut json = String::from("{");
        for (number, (name, value)) in self.0.iter().enumerate() {
            let comma = if number == 0 { "" } else { "," };
            write!(json, "{comma}\"{name}\":{value}").unwrap();
        }
        json + "}"
    }
}

/// Signs anything with a replica's own key.
pub(super) struct Forge {
    pub(super) key: Key,
    header: Members,
    claims: Members,
}

impl Forge {
    pub(super) fn new(world: &World, algorithm: Algorithm) -> Self {
        let key = match world.store.keys.lock().unwrap().first() {
            Some(row) => Key::open(row, &Sealing::new(&secret())).unwrap(),
            None => Key::derived(secret().present()),
        };
        let text = |text: &str| format!("\"{text}\"");
        let header = [("typ", text("at+jwt")), ("alg", text(algorithm.as_str())), ("kid", text(&key.id().0))];
        let claims = [
            ("iss", text("https://id.example.com")),
            ("aud", text("https://id.example.com")),
            ("sub", text("01990000-0000-7000-8000-000000000001")),
            ("sid", text("01990000-0000-7000-8000-000000000002")),
            ("jti", text("01990000-0000-7000-8000-000000000003")),
            ("iat", NOW.to_string()),
            ("nbf", NOW.to_string()),
            ("exp", (NOW + 900).to_string()),
            ("client_id", text("svc")),
            ("role", text("admin")),
            ("roles", "[\"admin\"]".to_owned()),
        ];
        let members = |list: &[(&str, String)]| {
            Members(list.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect())
        };
        Self { key, header: members(&header), claims: members(&claims) }
    }

    /// Makes a valid token.
    pub(super) fn genuine(&self) -> String {
        self.header(|_| ())
    }

    /// Makes a token whose header was changed before it was signed.
    pub(super) fn header(&self, change: impl FnOnce(&mut Members)) -> String {
        let mut header = self.header.clone();
        change(&mut header);
        self.raw(header.json().as_bytes(), self.claims.json().as_bytes())
    }

    /// Makes a token whose claims were changed before it was signed.
    pub(super) fn claims(&self, change: impl FnOnce(&mut Members)) -> String {
        let mut claims = self.claims.clone();
        change(&mut claims);
        self.raw(self.header.json().as_bytes(), claims.json().as_bytes())
    }

    /// Makes a token with other bytes as its header.
    pub(super) fn raw_header(&self, header: &[u8]) -> String {
        self.raw(header, self.claims.json().as_bytes())
    }

    /// Makes a token with other bytes as its claims.
    pub(super) fn raw_claims(&self, claims: &[u8]) -> String {
        self.raw(self.header.json().as_bytes(), claims)
    }

    pub(super) fn members(&self) -> (&Members, &Members) {
        (&self.header, &self.claims)
    }

    fn raw(&self, header: &[u8], claims: &[u8]) -> String {
        let signed = format!("{}.{}", URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode(claims));
        let signature = self.key.sign(signed.as_bytes()).unwrap();
        format!("{signed}.{signature}")
    }
}

pub(super) fn with_signature(signed: &str, signature: &[u8]) -> String {
    format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature))
}

/// Forged tokens, each under the name of its trick.
#[derive(Default)]
pub(super) struct Forgeries(BTreeMap<String, String>);

impl Forgeries {
    pub(super) fn add(&mut self, trick: impl Into<String>, token: String) {
        let trick = trick.into();
        assert!(self.0.insert(trick.clone(), token).is_none(), "two tricks are called {trick}");
    }
}

#[tokio::test]
async fn no_forged_token_is_accepted() {
    for algorithm in ALGORITHMS {
        let world = World::new(algorithm);
        let forge = Forge::new(&world, algorithm);
        let replica = world.replica(algorithm);
        assert_eq!(replica.verify(&forge.genuine()).await, Ok(claims()), "the forge works");
        assert!(replica.inspect(&forge.genuine()).await.unwrap().is_valid());

        let mut forgeries = Forgeries::default();
        forged_claims::add(&forge, &mut forgeries);
        forged_headers::add(&forge, &mut forgeries);
        forged_transport::add(&forge, &mut forgeries);
        assert!(forgeries.0.len() >= 150, "only {} tricks", forgeries.0.len());
        for (trick, token) in &forgeries.0 {
            assert_ne!(token, &forge.genuine(), "{algorithm}: {trick} changes nothing");
            let result = replica.verify(token).await;
            assert_eq!(result, Err(AccessTokenError::Invalid), "{algorithm}: {trick}: {token}");
            assert!(!replica.inspect(token).await.unwrap().is_valid(), "{algorithm}: {trick}: {token}");
        }
    }
}

#[tokio::test]
async fn no_character_of_a_token_can_be_another() {
    for algorithm in ALGORITHMS {
        let world = World::new(algorithm);
        let replica = world.replica(algorithm);
        let token = signed(&replica).await;
        for (position, character) in token.char_indices() {
            let other = if character == 'A' { "B" } else { "A" };
            let changed = format!("{}{other}{}", &token[..position], &token[position + 1..]);
            assert_eq!(
                replica.verify(&changed).await,
                Err(AccessTokenError::Invalid),
                "{algorithm} {position}"
            );
        }
    }
}
