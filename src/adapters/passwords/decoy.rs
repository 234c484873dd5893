use argon2::Params;
use base64::Engine;
use base64::alphabet::BCRYPT;
use base64::engine::general_purpose::{GeneralPurpose, NO_PAD, STANDARD_NO_PAD};

use super::stored::{OUTPUT, SALT, StoredHash};
use crate::ports::Decoy;

const BCRYPT_NO_PAD: GeneralPurpose = GeneralPurpose::new(&BCRYPT, NO_PAD);
/// The lengths of salt and output of bcrypt, in bytes.
const BCRYPT_BYTES: [usize; 2] = [16, 23];

/// Returns a decoy as a stored hash that can be verified. If its cost cannot be verified here, it costs the
/// same as a new hash.
pub(super) fn text(decoy: &Decoy, own: &Params) -> String {
    let of_its_cost = decoy.cost.as_ref().and_then(|cost| of(cost.as_str(), decoy.seed));
    of_its_cost.filter(|text| StoredHash::parse(text, own).is_ok()).unwrap_or_else(|| {
        let (memory, passes, lanes) = (own.m_cost(), own.t_cost(), own.p_cost());
        let [salt, output] = parts(decoy.seed, [SALT, OUTPUT], &STANDARD_NO_PAD);
        format!("$argon2id$v=19$m={memory},t={passes},p={lanes}${salt}${output}")
    })
}

/// Makes a hash with the cost that the label names.
fn of(label: &str, seed: [u8; 32]) -> Option<String> {
    if label.starts_with("$2b$") {
        let [salt, output] = parts(seed, BCRYPT_BYTES, &BCRYPT_NO_PAD);
        return Some(format!("{label}${salt}{output}"));
    }
    let mut fields = label.rsplitn(3, '$');
    let (output, salt, head) = (fields.next()?, fields.next()?, fields.next()?);
    let [salt, output] = parts(seed, [salt.parse().ok()?, output.parse().ok()?], &STANDARD_NO_PAD);
    Some(format!("{head}${salt}${output}"))
}

/// Derives salt and output of these lengths from the seed.
fn parts(seed: [u8; 32], lengths: [usize; 2], engine: &GeneralPurpose) -> [String; 2] {
    // A damaged label may name any length; the library accepts at most 64 bytes.
    lengths.map(|length| engine.encode(seed.into_iter().cycle().take(length.min(64)).collect::<Vec<_>>()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::HashCost;

    const HASHES: [&str; 9] = [
        "$argon2i$m=256,t=2,p=1$c29tZXNhbHQ$/U3YPXYsSb3q9XxHvc0MLxur+GP960kN9j7emXX8zwY",
        "$argon2i$v=19$m=256,t=2,p=2$c29tZXNhbHQ$T/XOJ2mh1/TIpJHfCdQan76Q5esCFVoT5MAeIM1Oq2E",
        "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
        "$2a$04$abcdefghijklmnopqrstuujydOTSfIH/d5oUHpsygqV5X9xJLQc6e",
        "$2y$12$abcdefghijklmnopqrstuujydOTSfIH/d5oUHpsygqV5X9xJLQc6e",
        "$scrypt$ln=4,r=8,p=1$c2FsdHNhbHRzYWx0c2FsdA$rkTI9fAgA7thDzzR8FHXhMiojYBreJBmYTkEzWypBCQ",
        "$scrypt$ln=17,r=8,p=2$c2FsdHNhbHQ$rkTI9fAgA7thDzzR8FHXhMiojYBreJBmYTkEzWypBCQ",
        "$pbkdf2-sha256$i=1000$c2FsdHNhbHRzYWx0c2FsdA$BBs+1+PaslLtBPULUr8/lQicvVuHiEPMz0i8MjLCbzM",
        "$pbkdf2-sha512$i=210000$c2FsdHNhbHRzYWx0c2FsdA$EHLBej+uEvxlmr0QnHnceg1vM6h1wbwSP5XErh3Smiw",
    ];

    fn own() -> Params {
        Params::new(32, 1, 1, Some(OUTPUT)).unwrap()
    }

    fn decoy(cost: Option<HashCost>, seed: u8) -> Decoy {
        Decoy { cost, seed: [seed; 32] }
    }

    #[test]
    fn a_decoy_has_only_the_cost_of_the_hash() {
        for hash in HASHES {
            let label = StoredHash::parse(hash, &own()).unwrap().label();
            let secret = hash.rsplit('$').next().unwrap();
            assert!(!label.as_str().contains(&secret[secret.len() / 2..]), "{label}");
            let text = text(&decoy(Some(label.clone()), 7), &own());
            assert_ne!(text, hash);
            assert_eq!(StoredHash::parse(&text, &own()).unwrap().label(), label, "{hash}");
        }
    }

    #[test]
    fn every_decoy_is_verified_in_full_and_has_no_password() {
        let mut memory = vec![argon2::Block::new(); own().block_count()];
        for hash in HASHES.into_iter().filter(|hash| !hash.contains("$12$") && !hash.contains("ln=17")) {
            let label = StoredHash::parse(hash, &own()).unwrap().label();
            let text = text(&decoy(Some(label), 7), &own());
            let stored = StoredHash::parse(&text, &own()).unwrap();
            // The library refuses some texts before it computes anything.
            assert!(!text.starts_with("$2b$") || bcrypt::verify("correct horse", &text).is_ok(), "{text}");
            let verification = stored.verify(&mut memory, &own(), b"correct horse");
            assert_eq!(verification, crate::ports::Verification::Wrong, "{hash}");
        }
    }

    #[test]
    fn each_address_has_its_own_decoy_that_stays_the_same() {
        for cost in [None, Some(HashCost::new("$2b$04")), Some(HashCost::new("$pbkdf2-sha256$i=1$16$32"))] {
            let [one, same, other] = [1, 1, 2].map(|seed| text(&decoy(cost.clone(), seed), &own()));
            assert_eq!(one, same);
            assert_ne!(one, other);
        }
    }

    #[test]
    fn a_decoy_of_a_cost_that_is_not_verified_here_costs_the_same_as_a_new_hash() {
        let new = text(&decoy(None, 7), &own());
        assert!(new.starts_with("$argon2id$v=19$m=32,t=1,p=1$"), "{new}");
        for label in
            ["", "x", "$2b$99", "$2b$15", "$md5$1$2", "$argon2id$v=19$m=4194304,t=99,p=1$16$32", "$$$"]
        {
            assert_eq!(text(&decoy(Some(HashCost::new(label)), 7), &own()), new, "{label}");
        }
    }
}
