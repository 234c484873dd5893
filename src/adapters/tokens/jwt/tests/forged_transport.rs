//! Tokens that are truncated, concatenated or wrapped, and invalid signatures.

use base64::Engine;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};

use super::forged::{Forge, Forgeries, with_signature};
use crate::domain::Algorithm;

pub(super) fn add(forge: &Forge, forgeries: &mut Forgeries) {
    let token = forge.genuine();
    let [header, claims, signature] = token.split('.').collect::<Vec<_>>().try_into().unwrap();
    for (trick, text) in [
        ("empty", String::new()),
        ("a dot", ".".to_owned()),
        ("two dots", "..".to_owned()),
        ("three dots", "...".to_owned()),
        ("one part", header.to_owned()),
        ("two parts", format!("{header}.{claims}")),
        ("no signature", format!("{header}.{claims}.")),
        ("no claims", format!("{header}..{signature}")),
        ("no header", format!(".{claims}.{signature}")),
        ("four parts", format!("{token}.{signature}")),
        ("a dot at the end", format!("{token}.")),
        ("a dot at the start", format!(".{token}")),
        ("five parts", format!("{token}.{signature}.{signature}")),
        ("parts exchanged", format!("{claims}.{header}.{signature}")),
        ("colons", token.replace('.', ":")),
        ("a space before", format!(" {token}")),
        ("a space after", format!("{token} ")),
        ("a line end after", format!("{token}\n")),
        ("a line end within", format!("{header}.\n{claims}.{signature}")),
        ("a NUL after", format!("{token}\0")),
        ("a scheme before", format!("Bearer {token}")),
        ("in quotes", format!("\"{token}\"")),
        ("twice", format!("{token}{token}")),
        ("twice with a comma", format!("{token},{token}")),
        ("padded header", format!("{header}=.{claims}.{signature}")),
        ("padded claims", format!("{header}.{claims}=.{signature}")),
        ("padded signature", format!("{token}=")),
        ("well padded signature", format!("{token}==")),
        ("escaped dots", token.replace('.', "%2E")),
        ("capitals", token.to_uppercase()),
        ("small letters", token.to_lowercase()),
        ("letters that look alike", token.replacen('e', "\u{435}", 1)),
        ("a soft hyphen", format!("{header}\u{ad}.{claims}.{signature}")),
        ("as JSON", format!(r#"{{"protected":"{header}","payload":"{claims}","signature":"{signature}"}}"#)),
        ("encoded once more", URL_SAFE_NO_PAD.encode(&token)),
        ("cut by one", token[..token.len() - 1].to_owned()),
        ("cut in half", token[..token.len() / 2].to_owned()),
        ("a megabyte", "A".repeat(1 << 20)),
        ("a megabyte of dots", ".".repeat(1 << 20)),
        ("a megabyte of signature", format!("{token}{}", "A".repeat(1 << 20))),
        ("a refresh token", format!("svcr_{}", "A".repeat(91))),
    ] {
        forgeries.add(format!("transport: {trick}"), text);
    }
    signatures(forge, forgeries);
    spellings(forge, forgeries);
}

fn signatures(forge: &Forge, forgeries: &mut Forgeries) {
    let token = forge.genuine();
    let (signed, signature) = token.rsplit_once('.').unwrap();
    let signature = URL_SAFE_NO_PAD.decode(signature).unwrap();
    let other = forge.claims(|claims| claims.set("role", "\"user\""));
    let (other_signed, other_signature) = other.rsplit_once('.').unwrap();
    forgeries.add("the signature of another token", format!("{signed}.{other_signature}"));
    forgeries.add("the claims of another token", with_signature(other_signed, &signature));
    for (trick, forged) in [
        ("all zero", vec![0; signature.len()]),
        ("all ones", vec![0xff; signature.len()]),
        ("one byte", vec![0]),
        ("reversed", signature.iter().rev().copied().collect()),
        ("a byte short", signature[..signature.len() - 1].to_vec()),
        ("a byte long", [&signature[..], &[0]].concat()),
        ("a zero in front", [&[0], &signature[..]].concat()),
        ("twice", [&signature[..], &signature[..]].concat()),
        ("half", signature[..signature.len() / 2].to_vec()),
        ("halves exchanged", [&signature[signature.len() / 2..], &signature[..signature.len() / 2]].concat()),
        ("DER of zeros", vec![0x30, 6, 2, 1, 0, 2, 1, 0]),
        ("DER of ones", vec![0x30, 6, 2, 1, 1, 2, 1, 1]),
    ] {
        forgeries.add(format!("the signature is {trick}"), with_signature(signed, &forged));
    }
    if forge.key.algorithm() == Algorithm::Es256 {
        forgeries.add("the signature is its own DER form", with_signature(signed, &der(&signature)));
    }
}

/// Encodes the two numbers of a signature as X.509 does.
fn der(signature: &[u8]) -> Vec<u8> {
    let number = |bytes: &[u8]| {
        let significant = &bytes[bytes.iter().position(|&byte| byte != 0).unwrap()..];
        let sign: &[u8] = if significant[0] < 0x80 { &[] } else { &[0] };
        let length = u8::try_from(sign.len() + significant.len()).unwrap();
        [&[2, length], sign, significant].concat()
    };
    let (r, s) = signature.split_at(32);
    let numbers = [number(r), number(s)].concat();
    [&[0x30, u8::try_from(numbers.len()).unwrap()], &numbers[..]].concat()
}

/// Encodes the same bytes in other ways: with stray bits at the end of a part, and in the other alphabet.
fn spellings(forge: &Forge, forgeries: &mut Forgeries) {
    const ALPHABET: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let token = forge.genuine();
    let (signed, signature) = token.rsplit_once('.').unwrap();
    let bytes = URL_SAFE_NO_PAD.decode(signature).unwrap();
    if bytes.len() % 3 != 0 {
        let (start, last) = signature.split_at(signature.len() - 1);
        let stray = ALPHABET.chars().nth(ALPHABET.find(last).unwrap() + 1).unwrap();
        forgeries.add("stray bits in the signature", format!("{signed}.{start}{stray}"));
    }
    // Tries ids until a signature has a character that differs between the alphabets. The signature of HS256
    // is always the same for the same claims, so the claims must change.
    let other = (0..1_000)
        .map(|number| {
            let jti = format!("\"01990000-0000-7000-8000-{number:012x}\"");
            forge.claims(|claims| claims.set("jti", &jti))
        })
        .find(|token| token.rsplit_once('.').unwrap().1.contains(['-', '_']))
        .unwrap();
    let (signed, signature) = other.rsplit_once('.').unwrap();
    let bytes = URL_SAFE_NO_PAD.decode(signature).unwrap();
    forgeries.add("the other alphabet", format!("{signed}.{}", STANDARD_NO_PAD.encode(bytes)));
}
