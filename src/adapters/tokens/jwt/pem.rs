//! Public keys as PEM (RFC 7468), for programs that read no JWK.

use aws_lc_rs::encoding::{AsDer, PublicKeyX509Der};
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair, RsaKeyPair,
};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::domain::Algorithm;
use crate::ports::KeyError;

/// The length of a line (RFC 7468, section 2).
const LINE: usize = 64;

/// Returns the `SubjectPublicKeyInfo` (RFC 5280) of a private key in the form that `key::generate` returns.
pub(super) fn public_pem(algorithm: Algorithm, private: &[u8]) -> Result<String, KeyError> {
    let rejected = |_| KeyError::Failed;
    let failed = |_| KeyError::Failed;
    let der: PublicKeyX509Der<'_> = match algorithm {
        Algorithm::Es256 => {
            let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, private);
            pair.map_err(rejected)?.public_key().as_der().map_err(failed)?
        }
        Algorithm::EdDsa => {
            let pair = Ed25519KeyPair::from_pkcs8(private).map_err(rejected)?;
            pair.public_key().as_der().map_err(failed)?
        }
        Algorithm::Rs256 => {
            let pair = RsaKeyPair::from_der(private).map_err(rejected)?;
            pair.public_key().as_der().map_err(failed)?
        }
        Algorithm::Hs256 => return Err(KeyError::Failed),
    };
    let text = STANDARD.encode(der.as_ref());
    let mut pem = "-----BEGIN PUBLIC KEY-----\n".to_owned();
    for line in text.as_bytes().chunks(LINE) {
        pem.push_str(&String::from_utf8_lossy(line));
        pem.push('\n');
    }
    pem.push_str("-----END PUBLIC KEY-----\n");
    Ok(pem)
}
