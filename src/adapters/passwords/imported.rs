//! Password schemes of other services, whose users log in once with their old hash.

use std::num::NonZeroU32;

use argon2::password_hash::phc::{Output, PasswordHash, Salt};
use aws_lc_rs::constant_time::verify_slices_are_equal;
use aws_lc_rs::pbkdf2;
use bcrypt::HashParts;

use super::cost::Cost;
use crate::domain::HashCost;

/// bcrypt reads only this many bytes of a password.
const BCRYPT_BYTES: usize = 72;
/// bcrypt has no lower cost.
const LEAST_BCRYPT_COST: u32 = 4;

// The cost of each scheme in terms of Argon2: a rough estimate of how many KiB Argon2 writes in the same time
// on one core of a current server. It decides the queue and the limit; a factor of two in either direction
// does no harm.
/// One round of bcrypt.
const BCRYPT_ROUND: u64 = 90;
/// One KiB that scrypt writes and reads back.
const SCRYPT_KIB: u64 = 4;
/// This many rounds of PBKDF2 with HMAC-SHA-256 take as long as one KiB, and half as many with HMAC-SHA-512.
const PBKDF2_SHA256_ROUNDS: u64 = 2;

/// A parsed hash of another scheme. Its cost has not been checked against the limits yet.
pub(super) enum ForeignHash {
    /// bcrypt in its own format. Like every bcrypt, it reads only the first 72 bytes of a password.
    Bcrypt { text: String, cost: u32 },
    /// scrypt (RFC 7914) as a PHC string.
    Scrypt { params: scrypt::Params, salt: Salt, output: Output },
    /// PBKDF2 (RFC 8018) with HMAC-SHA-256 or HMAC-SHA-512 as a PHC string.
    Pbkdf2 { algorithm: pbkdf2::Algorithm, rounds: NonZeroU32, salt: Salt, output: Output },
}

impl ForeignHash {
    /// Parses `$2a$`, `$2b$` or `$2y$`: one algorithm under three names. `$2x$` marks hashes of a broken one.
    pub(super) fn parse_bcrypt(text: &str) -> Option<Self> {
        let known = ["$2a$", "$2b$", "$2y$"].iter().any(|prefix| text.starts_with(prefix));
        let cost = text.parse::<HashParts>().ok()?.get_cost();
        (known && cost >= LEAST_BCRYPT_COST).then(|| Self::Bcrypt { text: text.to_owned(), cost })
    }

    /// Reads `$scrypt$ln=…,r=…,p=…$salt$hash`, `$pbkdf2-sha256$i=…$salt$hash` or `$pbkdf2-sha512$…`.
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
        Some(Self::Pbkdf2 { algorithm, rounds, salt, output })
    }

    /// Returns the cost of verifying it.
    pub(super) fn cost(&self) -> Cost {
        match self {
            Self::Bcrypt { cost, .. } => {
                let rounds = 1_u64.checked_shl(*cost).unwrap_or(u64::MAX);
                Cost { memory_kib: 4, work: BCRYPT_ROUND.saturating_mul(rounds) }
            }
            Self::Scrypt { params, .. } => {
                let block = u64::from(params.r()).saturating_mul(128);
                let memory_kib = block.saturating_mul(params.n()) / 1024;
                let work = memory_kib.saturating_mul(u64::from(params.p())).saturating_mul(SCRYPT_KIB);
                Cost { memory_kib, work }
            }
            Self::Pbkdf2 { algorithm, rounds, .. } => {
                let is_sha256 = *algorithm == pbkdf2::PBKDF2_HMAC_SHA256;
                let work = u64::from(rounds.get()) / if is_sha256 { PBKDF2_SHA256_ROUNDS } else { 1 };
                Cost { memory_kib: 0, work }
            }
        }
    }

    /// Returns the label of its cost: scheme and parameters, and the lengths of salt and output.
    pub(super) fn label(&self) -> HashCost {
        HashCost::new(&match self {
            Self::Bcrypt { cost, .. } => format!("$2b${cost:02}"),
            Self::Scrypt { params, salt, output } => format!(
                "$scrypt$ln={},r={},p={}${}${}",
                params.n().ilog2(),
                params.r(),
                params.p(),
                salt.len(),
                output.len()
            ),
            Self::Pbkdf2 { algorithm, rounds, salt, output } => {
                let name =
                    if *algorithm == pbkdf2::PBKDF2_HMAC_SHA256 { "pbkdf2-sha256" } else { "pbkdf2-sha512" };
                format!("${name}$i={rounds}${}${}", salt.len(), output.len())
            }
        })
    }

    /// Returns whether a new hash of the whole password may replace it. bcrypt has verified only the first 72
    /// bytes: the rest of the input may be wrong, and would be part of the only right password from then on.
    pub(super) fn is_replaceable(&self, password: &[u8]) -> bool {
        match self {
            Self::Bcrypt { .. } => password.len() <= BCRYPT_BYTES,
            Self::Scrypt { .. } | Self::Pbkdf2 { .. } => true,
        }
    }

    /// Returns whether it is a hash of the password, compared in constant time.
    pub(super) fn is_of(&self, password: &[u8]) -> bool {
        match self {
            // bcrypt repeats a password with a NUL at its end until 72 bytes are full, so `pw` and `pw\0pw`
            // have the same hash.
            Self::Bcrypt { text, .. } => {
                bcrypt::verify(password, text).unwrap_or(false) & !password.contains(&0)
            }
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

/// Checks a limit first, which is above every limit on verification: the library multiplies before it checks.
fn scrypt_params(log_n: u32, r: u32, p: u32) -> Option<scrypt::Params> {
    let memory = 128_u64.checked_mul(u64::from(r))?.checked_mul(1_u64.checked_shl(log_n)?)?;
    if memory.checked_mul(u64::from(p))? > 1 << 40 {
        return None;
    }
    scrypt::Params::new(u8::try_from(log_n).ok()?, r, p).ok()
}
