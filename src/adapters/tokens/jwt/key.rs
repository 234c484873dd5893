//! One decoded key, ready to sign and verify.

use aws_lc_rs::encoding::AsDer;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, RsaKeyPair};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::jwk::{Jwk, PublicKeyUse, ThumbprintHash};
use jsonwebtoken::{DecodingKey, EncodingKey, crypto};
use zeroize::Zeroizing;

use super::seal::Sealing;
use crate::adapters::tokens::secret_key::{Purpose, SecretKey};
use crate::domain::{Algorithm, KeyId, SigningKey};
use crate::ports::{KeyError, PublicJwk};

/// A key that signs and verifies.
pub(super) struct Key {
    id: KeyId,
    algorithm: Algorithm,
    public: Option<PublicJwk>,
    signer: Signer,
    verifier: DecodingKey,
}

/// The private part of a key.
enum Signer {
    /// ES256, decoded once: the library would decode and check the key for each signature, which takes as
    /// long as signing.
    Es256(EcdsaKeyPair),
    /// Any other algorithm.
    Library(EncodingKey),
}

/// Makes a private key: PKCS #8 (RFC 5958), and for RS256 the PKCS #1 in it (RFC 8017), which is the form
/// that the library reads. Returns `None` for HS256, whose key is derived.
pub(super) fn generate(algorithm: Algorithm) -> Result<Option<Zeroizing<Vec<u8>>>, KeyError> {
    let failed = |_| KeyError::Failed;
    let bytes = match algorithm {
        Algorithm::Es256 => {
            let pair = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).map_err(failed)?;
            pair.to_pkcs8v1().map_err(failed)?.as_ref().to_vec()
        }
        Algorithm::EdDsa => {
            let pair = Ed25519KeyPair::generate().map_err(failed)?;
            pair.to_pkcs8v1().map_err(failed)?.as_ref().to_vec()
        }
        Algorithm::Rs256 => {
            let pair = RsaKeyPair::generate(KeySize::Rsa3072).map_err(failed)?;
            let pkcs8 = pair.as_der().map_err(failed)?;
            pkcs8.as_ref().get(RSA_HEAD..).ok_or(KeyError::Failed)?.to_vec()
        }
        Algorithm::Hs256 => return Ok(None),
    };
    Ok(Some(Zeroizing::new(bytes)))
}

/// The length of the PKCS #8 header of an RSA key of 3072 bits, in bytes.
const RSA_HEAD: usize = 26;

impl Key {
    /// Derives the key of HS256. Its id is derived in the same way, and reveals nothing about the key.
    pub(super) fn derived(secret: &SecretKey) -> Self {
        let key = secret.derive(Purpose::Hs256);
        Self {
            id: KeyId(URL_SAFE_NO_PAD.encode(*secret.derive(Purpose::Hs256Id))),
            algorithm: Algorithm::Hs256,
            public: None,
            signer: Signer::Library(EncodingKey::from_secret(key.as_slice())),
            verifier: DecodingKey::from_secret(key.as_slice()),
        }
    }

    /// Decrypts a stored key. All of its parts, the public key and the id too, come from the encrypted part:
    /// an attacker who can write to the database but lacks the secret key cannot add a key.
    pub(super) fn open(row: &SigningKey, sealing: &Sealing) -> Result<Self, KeyError> {
        let private = sealing.open(&row.id, &row.sealed_private).ok_or(KeyError::OtherSecret)?;
        Self::from_private(row.algorithm, &private)
    }

    /// Decodes a private key in the form that [`generate`] returns.
    pub(super) fn from_private(algorithm: Algorithm, private: &[u8]) -> Result<Self, KeyError> {
        let key = match algorithm {
            Algorithm::Es256 => EncodingKey::from_ec_der(private),
            Algorithm::EdDsa => EncodingKey::from_ed_der(private),
            Algorithm::Rs256 => EncodingKey::from_rsa_der(private),
            Algorithm::Hs256 => return Err(KeyError::Failed),
        };
        let signer = match algorithm {
            Algorithm::Es256 => {
                let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, private);
                Signer::Es256(pair.map_err(|_| KeyError::Failed)?)
            }
            _ => Signer::Library(key.clone()),
        };
        Self::published(algorithm, &key, signer).map_err(|_| KeyError::Failed)
    }

    /// Computes the public part, and from it the id (RFC 7638).
    fn published(
        algorithm: Algorithm,
        key: &EncodingKey,
        signer: Signer,
    ) -> jsonwebtoken::errors::Result<Self> {
        let mut jwk = Jwk::from_encoding_key(key, named(algorithm))?;
        let verifier = DecodingKey::from_jwk(&jwk)?;
        let id = jwk.thumbprint(ThumbprintHash::SHA256)?;
        jwk.common.key_id = Some(id.clone());
        jwk.common.public_key_use = Some(PublicKeyUse::Signature);
        let public = Some(PublicJwk(serde_json::to_string(&jwk)?));
        Ok(Self { id: KeyId(id), algorithm, public, signer, verifier })
    }

    /// Returns its id, the `kid` of the tokens that it signs.
    pub(super) fn id(&self) -> &KeyId {
        &self.id
    }

    /// Returns the published part. `None` for HS256, where it would be the key itself.
    pub(super) fn public(&self) -> Option<&PublicJwk> {
        self.public.as_ref()
    }

    /// Returns the one algorithm that it may be used with (RFC 8725, section 3.1).
    pub(super) fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// Returns the signature as base64url, in the form of RFC 7518 (for ES256 the two numbers, not DER).
    pub(super) fn sign(&self, message: &[u8]) -> Result<String, KeyError> {
        match &self.signer {
            Signer::Es256(pair) => {
                let signature = pair.sign(&SystemRandom::new(), message).map_err(|_| KeyError::Failed)?;
                Ok(URL_SAFE_NO_PAD.encode(signature))
            }
            Signer::Library(key) => {
                crypto::sign(message, key, named(self.algorithm)).map_err(|_| KeyError::Failed)
            }
        }
    }

    /// Returns whether it made this signature, given as base64url. Compares in constant time for HS256.
    pub(super) fn verify(&self, message: &[u8], signature: &str) -> bool {
        crypto::verify(signature, message, &self.verifier, named(self.algorithm)).unwrap_or(false)
    }
}

/// Returns the algorithm as a type of the library.
fn named(algorithm: Algorithm) -> jsonwebtoken::Algorithm {
    match algorithm {
        Algorithm::Es256 => jsonwebtoken::Algorithm::ES256,
        Algorithm::EdDsa => jsonwebtoken::Algorithm::EdDSA,
        Algorithm::Rs256 => jsonwebtoken::Algorithm::RS256,
        Algorithm::Hs256 => jsonwebtoken::Algorithm::HS256,
    }
}
