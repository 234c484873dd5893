//! Schemes of other services, whose users log in once more with the hash they came with.

use std::num::NonZeroU32;

use argon2::password_hash::phc::{Output, PasswordHash, Salt};
use aws_lc_rs::constant_time::verify_slices_are_equal;
use aws_lc_rs::pbkdf2;
use bcrypt::HashParts;

/// How many bytes of a password bcrypt looks at.
const BCRYPT_BYTES: usize = 72;
/// No bcrypt hash may cost more: 2^16 rounds, some seconds.
const MOST_BCRYPT_COST: u32 = 16;
/// No PBKDF2 hash may have more rounds: some seconds.
const MOST_PBKDF2_ROUNDS: u32 = 10_000_000;
/// No scrypt hash may need more memory: 1 GiB.
const MOST_SCRYPT_MEMORY: u64 = 1 << 30;
/// No scrypt hash may go over its memory more often: some seconds, at the most memory.
const MOST_SCRYPT_LANES: u32 = 4;

/// A hash that was understood and asks for a bearable amount of work.
pub(super) enum ForeignHash {
    /// bcrypt in its own form. As everywhere it looks at the first 72 bytes of a password only.
    Bcrypt(String),
    /// scrypt (RFC 7914) as a PHC string.
    Scrypt { params: scrypt::Params, salt: Salt, output: Output },
    /// PBKDF2 (RFC 8018) with HMAC-SHA-256 or HMAC-SHA-512 as a PHC string.
    Pbkdf2 { algorithm: pbkdf2::Algorithm, rounds: NonZeroU32, salt: Salt, output: Output },
}

impl ForeignHash {
    /// `$2a$`, `$2b$` or `$2y$`: one algorithm under three names. `$2x$` marks hashes of a broken one.
    pub(super) fn parse_bcrypt(text: &str) -> Option<Self> {
        let known = ["$2a$", "$2b$", "$2y$"].iter().any(|prefix| text.starts_with(prefix));
        let cost = text.parse::<HashParts>().ok()?.get_cost();
        (known && cost <= MOST_BCRYPT_COST).then(|| Self::Bcrypt(text.to_owned()))
    }

    /// `$scrypt$ln=…,r=…,p=…$salt$hash`, `$pbkdf2-sha256$i=…$salt$hash` or `$pbkdf2-sha512$…`.
    pub(super) fn from_phc(hash: &PasswordHash) -> Option<Self> {
        let parameter = |name: &str| hash.params.get_decimal(name);
        let (salt, output) = (hash.salt?, hash.hash?);
        let algorithm = match hash.algorithm.as_str() {
            "scrypt" => {
                let params = scrypt_params(parameter("ln")?, parameter("r")?, parameter("p")?)?;
                return Some(Self::Scrypt { params, salt, output });
            }
            "pbkdf2-sha256" => pbkdf2::PBKDF2_HMAC_SHA256,
            "pbkdf2-sha512" => pbkdf2::PBKDF2_HMAC_SHA512,
            _ => return None,
        };
        let rounds = NonZeroU32::new(parameter("i")?)?;
        (rounds.get() <= MOST_PBKDF2_ROUNDS).then_some(Self::Pbkdf2 { algorithm, rounds, salt, output })
    }

    /// Whether a hash of all of the password may replace it. bcrypt has verified no more than its first 72 bytes: the rest of
    /// what was typed may be wrong, and would be the only right one from then on.
    pub(super) fn is_replaceable(&self, password: &[u8]) -> bool {
        match self {
            Self::Bcrypt(_) => password.len() <= BCRYPT_BYTES,
            Self::Scrypt { .. } | Self::Pbkdf2 { .. } => true,
        }
    }

    /// Whether it is a hash of the password, compared in constant time.
    pub(super) fn is_of(&self, password: &[u8]) -> bool {
        match self {
            // bcrypt repeats a password with a NUL at its end until 72 bytes are full, so `pw` and `pw\0pw` have the same hash.
            Self::Bcrypt(hash) => bcrypt::verify(password, hash).unwrap_or(false) & !password.contains(&0),
            Self::Scrypt { params, salt, output } => {
                let mut computed = vec![0; output.len()];
                scrypt::scrypt(password, salt, params, &mut computed).is_ok()
                    && verify_slices_are_equal(&computed, output.as_bytes()).is_ok()
            }
            Self::Pbkdf2 { algorithm, rounds, salt, output } => {
                pbkdf2::verify(*algorithm, *rounds, salt, password, output.as_bytes()).is_ok()
            }
        }
    }
}

/// The limits come first: the library multiplies before it checks.
fn scrypt_params(log_n: u32, r: u32, p: u32) -> Option<scrypt::Params> {
    let memory = 128_u64.checked_mul(u64::from(r))?.checked_mul(1_u64.checked_shl(log_n)?)?;
    if memory > MOST_SCRYPT_MEMORY || p > MOST_SCRYPT_LANES {
        return None;
    }
    scrypt::Params::new(u8::try_from(log_n).ok()?, r, p).ok()
}
