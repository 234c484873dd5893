//! Encrypts private keys for the store, so that a copy of the database cannot sign.

use aws_lc_rs::aead::{AES_256_GCM, Aad, NONCE_LEN, Nonce, RandomizedNonceKey};
use aws_lc_rs::error::Unspecified;
use zeroize::Zeroizing;

use crate::adapters::tokens::secret_key::{PerKey, Purpose, SecretKeys};
use crate::domain::KeyId;

/// Encrypts with AES-256-GCM under a key derived from the secret key. A sealed key is a random nonce of 12
/// bytes, the encrypted key and a tag of 16 bytes. The key's id is authenticated too, so a sealed key cannot
/// be swapped for another one.
pub(super) struct Sealing(PerKey<SealingKey>);

type SealingKey = Zeroizing<[u8; 32]>;

impl Sealing {
    pub(super) fn new(secrets: &SecretKeys) -> Self {
        Self(secrets.map(|secret| secret.derive(Purpose::SigningKeys)))
    }

    pub(super) fn seal(&self, id: &KeyId, private: &[u8]) -> Result<Vec<u8>, Unspecified> {
        let mut encrypted = Zeroizing::new(Vec::with_capacity(private.len() + AES_256_GCM.tag_len()));
        encrypted.extend_from_slice(private);
        let nonce = cipher(self.0.present())?
            .seal_in_place_append_tag(Aad::from(id.0.as_bytes()), &mut *encrypted)?;
        Ok([nonce.as_ref().as_slice(), &encrypted].concat())
    }

    /// Returns `None` if it was sealed under a secret key that is not in use, or under another id, or was
    /// modified.
    pub(super) fn open(&self, id: &KeyId, sealed: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        self.0.iter().find_map(|key| open(key, id, sealed))
    }

    /// Returns whether it was sealed under the present secret key.
    pub(super) fn is_present(&self, id: &KeyId, sealed: &[u8]) -> bool {
        open(self.0.present(), id, sealed).is_some()
    }
}

fn open(key: &SealingKey, id: &KeyId, sealed: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let (nonce, encrypted) = sealed.split_first_chunk::<NONCE_LEN>()?;
    let mut private = Zeroizing::new(encrypted.to_vec());
    let nonce = Nonce::assume_unique_for_key(*nonce);
    let opened = cipher(key).ok()?.open_in_place(nonce, Aad::from(id.0.as_bytes()), &mut private).ok()?;
    let length = opened.len();
    private.truncate(length);
    Some(private)
}

fn cipher(key: &SealingKey) -> Result<RandomizedNonceKey, Unspecified> {
    RandomizedNonceKey::new(&AES_256_GCM, key.as_slice())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::adapters::tokens::secret_key::SecretKey;

    fn sealing(secret: &str) -> Sealing {
        Sealing::new(&SecretKey::given(&secret.into()).into())
    }

    #[test]
    fn only_the_same_secret_opens_it_under_the_same_name_and_unchanged() {
        let ours = sealing("a secret key of thirty-two bytes");
        let (id, other) = (KeyId("one".to_owned()), KeyId("two".to_owned()));
        let sealed = ours.seal(&id, b"private").unwrap();
        assert_eq!(sealed.len(), 12 + 7 + 16);
        assert_eq!(ours.open(&id, &sealed).unwrap().as_slice(), b"private");
        assert_ne!(ours.seal(&id, b"private").unwrap(), sealed, "each has a nonce of its own");

        assert!(ours.open(&other, &sealed).is_none());
        assert!(sealing("another key of thirty-two bytes!").open(&id, &sealed).is_none());
        for at in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[at] ^= 1;
            assert!(ours.open(&id, &changed).is_none(), "{at}");
            assert!(ours.open(&id, &sealed[..at]).is_none(), "{at}");
        }
    }
}
