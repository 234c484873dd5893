//! Stored password hashes: a PHC string of Argon2, at our cost or another one, or a foreign scheme's own
//! format.

use argon2::password_hash::phc::{self, Output, Salt};
use argon2::{Algorithm, Argon2, Block, Params, Version};
use aws_lc_rs::constant_time::verify_slices_are_equal;
use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;

use super::cost::{Cost, work};
use super::imported::ForeignHash;
use crate::adapters::system::random;
use crate::domain::HashCost;
use crate::ports::{NotVerified, Verification};

/// The length of the hashes that we make, in bytes.
pub(super) const OUTPUT: usize = 32;
/// The length of their salt, in bytes.
pub(super) const SALT: usize = 16;

/// A parsed hash whose cost is within the limits.
pub(super) enum StoredHash {
    /// Argon2 of any variant, version and cost.
    Argon2 { algorithm: Algorithm, version: Version, params: Params, salt: Salt, output: Output },
    /// Any other scheme.
    Foreign(ForeignHash),
}

impl StoredHash {
    /// Fails if the hash cannot be parsed or costs too much. `own` is the cost of a new hash.
    pub(super) fn parse(text: &str, own: &Params) -> Result<Self, NotVerified> {
        let hash = Self::read(text).ok_or(NotVerified::Unreadable)?;
        if hash.cost().is_bearable(own) { Ok(hash) } else { Err(NotVerified::TooCostly) }
    }

    /// Returns the cost of verifying it.
    pub(super) fn cost(&self) -> Cost {
        match self {
            Self::Argon2 { params, .. } => Cost::of(params),
            Self::Foreign(hash) => hash.cost(),
        }
    }

    /// Returns the label of its cost: scheme and parameters, and the lengths of salt and output.
    pub(super) fn label(&self) -> HashCost {
        match self {
            Self::Argon2 { algorithm, version, params, salt, output } => HashCost::new(&format!(
                "${algorithm}$v={}$m={},t={},p={}${}${}",
                u32::from(*version),
                params.m_cost(),
                params.t_cost(),
                params.p_cost(),
                salt.len(),
                output.len()
            )),
            Self::Foreign(hash) => hash.label(),
        }
    }

    fn read(text: &str) -> Option<Self> {
        if let Some(bcrypt) = ForeignHash::parse_bcrypt(text) {
            return Some(Self::Foreign(bcrypt));
        }
        let hash = phc::PasswordHash::new(text).ok()?;
        let Ok(algorithm) = Algorithm::new(hash.algorithm) else {
            return ForeignHash::from_phc(&hash).map(Self::Foreign);
        };
        // The first Argon2 was version 16 and did not write its version.
        let version = hash.version.map_or(Ok(Version::V0x10), Version::try_from).ok()?;
        // A hash with a key id also needs the key, which we do not have.
        let params = Params::try_from(&hash).ok().filter(|params| params.keyid().is_empty())?;
        Some(Self::Argon2 { algorithm, version, params, salt: hash.salt?, output: hash.hash? })
    }

    /// Verifies in the given memory if that is enough, else in more that is freed at once.
    ///
    /// A right password makes a hash outdated unless it is Argon2id of the newest version, has a salt and an
    /// output as long as ours, and is not cheaper: it needs no less memory than `own`, and writes no less of
    /// it over all passes. A hash that costs more is kept.
    ///
    /// A bcrypt hash is kept if the password has more bytes than bcrypt reads.
    pub(super) fn verify(&self, memory: &mut [Block], own: &Params, password: &[u8]) -> Verification {
        let (right, outdated) = match self {
            Self::Foreign(hash) => {
                let right = hash.is_of(password);
                (right, hash.is_replaceable(password))
            }
            Self::Argon2 { algorithm, version, params, salt, output } => {
                let argon2 = Argon2::new(*algorithm, *version, params.clone());
                let mut computed = vec![0; output.len()];
                let done = compute(&argon2, params, memory, password, salt, &mut computed);
                let right = done.is_ok() && verify_slices_are_equal(&computed, output.as_bytes()).is_ok();
                let newest = (*algorithm, *version) == (Algorithm::Argon2id, Version::V0x13);
                let as_long = salt.len() >= SALT && output.len() >= OUTPUT;
                let as_costly = params.m_cost() >= own.m_cost() && work(params) >= work(own);
                (right, !(newest && as_long && as_costly))
            }
        };
        match (right, outdated) {
            (false, _) => Verification::Wrong,
            (true, false) => Verification::Right,
            (true, true) => Verification::RightButOutdated,
        }
    }
}

/// Hashes a password with a new salt and returns the PHC string.
pub(super) fn hash(memory: &mut [Block], own: &Params, password: &[u8]) -> String {
    let (salt, mut output) = (random::<SALT>(), [0; OUTPUT]);
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, own.clone());
    match compute(&argon2, own, memory, password, &salt, &mut output) {
        Ok(()) => format!(
            "$argon2id$v=19$m={},t={},p={}${}${}",
            own.m_cost(),
            own.t_cost(),
            own.p_cost(),
            STANDARD_NO_PAD.encode(salt),
            STANDARD_NO_PAD.encode(output)
        ),
        Err(error) => unreachable!("the cost was checked at the start, and no password has 4 GiB: {error}"),
    }
}

fn compute(
    argon2: &Argon2<'_>,
    params: &Params,
    memory: &mut [Block],
    password: &[u8],
    salt: &[u8],
    output: &mut [u8],
) -> argon2::Result<()> {
    let needed = params.block_count();
    if needed <= memory.len() {
        argon2.hash_password_into_with_memory(password, salt, output, memory)
    } else {
        argon2.hash_password_into_with_memory(password, salt, output, vec![Block::new(); needed])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn own() -> Params {
        Params::new(32, 1, 1, Some(OUTPUT)).unwrap()
    }

    /// Returns `None` if the hash cannot be parsed or costs too much.
    fn verification(hash: &str, password: &str) -> Option<Verification> {
        let mut memory = vec![Block::new(); own().block_count()];
        StoredHash::parse(hash, &own())
            .ok()
            .map(|stored| stored.verify(&mut memory, &own(), password.as_bytes()))
    }

    #[test]
    fn hashes_of_other_libraries_and_schemes_are_outdated() {
        for (hash, password) in [
            // From the test vectors of the reference implementation of Argon2.
            ("$argon2i$m=256,t=2,p=1$c29tZXNhbHQ$/U3YPXYsSb3q9XxHvc0MLxur+GP960kN9j7emXX8zwY", "password"),
            (
                "$argon2i$v=19$m=256,t=2,p=2$c29tZXNhbHQ$T/XOJ2mh1/TIpJHfCdQan76Q5esCFVoT5MAeIM1Oq2E",
                "password",
            ),
            (
                "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
                "password",
            ),
            // From the C library.
            ("$2a$04$abcdefghijklmnopqrstuujydOTSfIH/d5oUHpsygqV5X9xJLQc6e", "correct horse"),
            ("$2b$04$abcdefghijklmnopqrstuujydOTSfIH/d5oUHpsygqV5X9xJLQc6e", "correct horse"),
            ("$2y$04$abcdefghijklmnopqrstuujydOTSfIH/d5oUHpsygqV5X9xJLQc6e", "correct horse"),
            // From OpenSSL.
            (
                "$scrypt$ln=4,r=8,p=1$c2FsdHNhbHRzYWx0c2FsdA$rkTI9fAgA7thDzzR8FHXhMiojYBreJBmYTkEzWypBCQ",
                "correct horse",
            ),
            (
                "$pbkdf2-sha256$i=1000$c2FsdHNhbHRzYWx0c2FsdA$BBs+1+PaslLtBPULUr8/lQicvVuHiEPMz0i8MjLCbzM",
                "correct horse",
            ),
            (
                "$pbkdf2-sha512$i=1000$c2FsdHNhbHRzYWx0c2FsdA$EHLBej+uEvxlmr0QnHnceg1vM6h1wbwSP5XErh3Smiw",
                "correct horse",
            ),
        ] {
            assert_eq!(verification(hash, password), Some(Verification::RightButOutdated), "{hash}");
            assert_eq!(verification(hash, "Correct horse"), Some(Verification::Wrong), "{hash}");
        }
    }

    #[test]
    fn bytes_that_bcrypt_did_not_verify_are_not_stored() {
        // The hash of 72 or more times `x`.
        let hash = "$2b$04$abcdefghijklmnopqrstuubzadhGtS2zEF.gu0yd0opP6cVzb.e0i";
        assert_eq!(verification(hash, &"x".repeat(72)), Some(Verification::RightButOutdated));
        for tail in ["x", "another tail", &"x".repeat(28), "\u{1f600}"] {
            let password = "x".repeat(72) + tail;
            assert_eq!(
                verification(hash, &password),
                Some(Verification::Right),
                "{tail}: the old hash stays"
            );
        }
        assert_eq!(verification(hash, &"x".repeat(71)), Some(Verification::Wrong));
    }

    #[test]
    fn bcrypt_accepts_no_password_with_a_nul() {
        let hash = "$2b$04$abcdefghijklmnopqrstuujydOTSfIH/d5oUHpsygqV5X9xJLQc6e";
        for password in ["correct horse\0correct horse", "correct horse\0", "correct horse\0x", "\0"] {
            assert_eq!(verification(hash, password), Some(Verification::Wrong), "{password:?}");
        }
    }

    #[test]
    fn a_hash_that_costs_too_much_or_cannot_be_parsed_is_not_verified() {
        let tail = "$c2FsdHNhbHRzYWx0c2FsdA$rkTI9fAgA7thDzzR8FHXhMiojYBreJBmYTkEzWypBCQ";
        for head in [
            "$argon2id$v=19$m=524289,t=1,p=1",
            "$argon2id$v=19$m=65536,t=33,p=1",
            "$argon2id$v=19$m=4294967295,t=4294967295,p=1",
            "$argon2id$v=18$m=64,t=1,p=1",
            "$argon2id$v=19$m=64,t=0,p=1",
            "$argon2id$v=19$m=64,t=1,p=1,keyid=c2FsdA",
            "$argon2x$v=19$m=64,t=1,p=1",
            "$scrypt$ln=20,r=8,p=1",
            "$scrypt$ln=19,r=8,p=2",
            "$scrypt$ln=4,r=8,p=33000",
            "$scrypt$ln=4,r=4294967295,p=4294967295",
            "$scrypt$ln=64,r=8,p=1",
            "$scrypt$ln=300,r=8,p=1",
            "$scrypt$ln=4,r=0,p=0",
            "$scrypt$r=8,p=1",
            "$pbkdf2-sha256$i=4194306",
            "$pbkdf2-sha512$i=2097153",
            "$pbkdf2-sha256$i=0",
            "$pbkdf2-sha256",
            "$pbkdf2-sha1$i=1000",
        ] {
            assert_eq!(verification(&format!("{head}{tail}"), "password"), None, "{head}");
        }
        for hash in [
            "$argon2id$v=19$m=64,t=1,p=1$c2FsdHNhbHRzYWx0c2FsdA",
            "$argon2id$v=19$m=64,t=1,p=1",
            "$2b$15$abcdefghijklmnopqrstuujydOTSfIH/d5oUHpsygqV5X9xJLQc6e",
            "$2b$99$abcdefghijklmnopqrstuujydOTSfIH/d5oUHpsygqV5X9xJLQc6e",
            "$2b$03$abcdefghijklmnopqrstuujydOTSfIH/d5oUHpsygqV5X9xJLQc6e",
            "$2x$04$abcdefghijklmnopqrstuujydOTSfIH/d5oUHpsygqV5X9xJLQc6e",
            "$2b$04$abcdefghijklmnopqrstuujydOTSfIH/d5oUHpsygqV5X9xJLQc6",
        ] {
            assert_eq!(verification(hash, "password"), None, "{hash}");
        }
    }

    const TAIL: &str = "$c2FsdHNhbHRzYWx0c2FsdA$rkTI9fAgA7thDzzR8FHXhMiojYBreJBmYTkEzWypBCQ";

    #[test]
    fn the_limits_are_the_same_for_every_scheme() {
        let bcrypt = "$2b$14$abcdefghijklmnopqrstuujydOTSfIH/d5oUHpsygqV5X9xJLQc6e";
        assert!(StoredHash::parse(bcrypt, &own()).is_ok());
        for head in [
            "$argon2id$v=19$m=524288,t=4,p=1",
            "$scrypt$ln=19,r=8,p=1",
            "$pbkdf2-sha256$i=4194305",
            "$pbkdf2-sha512$i=2097152",
        ] {
            assert!(StoredHash::parse(&format!("{head}{TAIL}"), &own()).is_ok(), "{head}");
        }
        let beyond = format!("$argon2id$v=19$m=524289,t=5,p=1{TAIL}");
        let reason = StoredHash::parse(&beyond, &own()).err();
        assert_eq!(reason, Some(NotVerified::TooCostly));
        let as_ours = Params::new(524_289, 5, 1, Some(OUTPUT)).unwrap();
        assert!(StoredHash::parse(&beyond, &as_ours).is_ok(), "unless ours cost as much");
    }
}
