//! Headers that ask for another way of verification, and keys other than the one that the header names.

use aws_lc_rs::hmac;
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};

use super::super::key::{self, Key};
use super::forged::{Forge, Forgeries, with_signature};
use super::{given, secret};
use crate::domain::Algorithm;

pub(super) fn add(forge: &Forge, forgeries: &mut Forgeries) {
    members(forge, forgeries);
    extensions(forge, forgeries);
    algorithms(forge, forgeries);
    keys(forge, forgeries);
    whole(forge, forgeries);
}

fn members(forge: &Forge, forgeries: &mut Forgeries) {
    for name in forge.members().0.names() {
        let value = forge.members().0.get(&name);
        forgeries.add(format!("no {name}"), forge.header(|header| header.remove(&name)));
        forgeries.add(format!("{name} twice"), forge.header(|header| header.append(&name, &value)));
        let first = forge.header(|header| header.prepend(&name, "\"none\""));
        forgeries.add(format!("{name} twice, none first"), first);
        for wrong in ["null", "true", "1", "{}", "[]", "\"\"", &format!("[{value}]")] {
            let changed = forge.header(|header| header.set(&name, wrong));
            forgeries.add(format!("header {name} is {wrong}"), changed);
        }
    }
    for typ in [
        "JWT",
        "jwt",
        "at",
        "jwt+at",
        "at+jwt ",
        " at+jwt",
        "at+jwt;v=1",
        "application/jwt",
        "text/at+jwt",
        "id+jwt",
    ] {
        let changed = forge.header(|header| header.set("typ", &format!("\"{typ}\"")));
        forgeries.add(format!("typ is {typ:?}"), changed);
    }
}

fn extensions(forge: &Forge, forgeries: &mut Forgeries) {
    for (name, value) in [
        ("crit", "[\"exp\"]"),
        ("crit", "[]"),
        ("crit", "[\"b64\"]"),
        ("crit", "null"),
        ("b64", "false"),
        ("b64", "true"),
        ("jku", "\"https://evil.example.org/jwks.json\""),
        ("x5u", "\"https://evil.example.org/cert.pem\""),
        ("x5c", "[\"MIIB\"]"),
        ("x5t", "\"AAAA\""),
        ("x5t#S256", "\"AAAA\""),
        ("zip", "\"DEF\""),
        ("cty", "\"JWT\""),
        ("enc", "\"A256GCM\""),
        ("epk", "{}"),
        ("iss", "\"https://id.example.com\""),
        ("nonce", "\"x\""),
        ("KID", "\"x\""),
    ] {
        let more = forge.header(|header| header.append(name, value));
        forgeries.add(format!("header member {name}: {value}"), more);
    }
}

fn algorithms(forge: &Forge, forgeries: &mut Forgeries) {
    let own = forge.key.algorithm().as_str();
    for alg in [
        "none", "None", "NONE", "nOnE", "HS256", "HS384", "HS512", "ES256", "ES384", "ES512", "ES256K",
        "RS256", "RS384", "RS512", "PS256", "EdDSA", "Ed25519", "Ed448", "dir", "A256KW", "RSA1_5", "ES256 ",
        "es256", "eddsa", "rs256", "hs256",
    ] {
        if alg == own {
            continue;
        }
        let token = forge.header(|header| header.set("alg", &format!("\"{alg}\"")));
        let (signed, _) = token.rsplit_once('.').unwrap();
        forgeries.add(format!("alg {alg}, no signature"), format!("{signed}."));
        forgeries.add(format!("alg {alg}, our signature"), token.clone());
        // The published key, used as the secret of an HMAC.
        let public = forge.key.public().map_or(String::new(), |public| public.0.clone());
        for (name, secret) in
            [("JWK", public.clone()), ("base64 JWK", STANDARD.encode(&public)), ("nothing", String::new())]
        {
            let key = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
            let forged = with_signature(signed, hmac::sign(&key, signed.as_bytes()).as_ref());
            forgeries.add(format!("alg {alg}, HMAC with {name}"), forged);
        }
    }
}

fn keys(forge: &Forge, forgeries: &mut Forgeries) {
    for kid in [
        "unknown",
        "../../../dev/null",
        "file:///dev/null",
        "' UNION SELECT 'x' --",
        "|sleep 9",
        "\\u0000",
        "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        &"k".repeat(4_000),
    ] {
        let changed = forge.header(|header| header.set("kid", &format!("\"{kid}\"")));
        forgeries.add(format!("kid {}", &kid[..kid.len().min(40)]), changed);
    }
    let kid = forge.members().0.get("kid");
    for changed in [kid.to_lowercase(), kid.replacen('"', "\" ", 1), kid.replace('"', "\\\"")] {
        let changed = format!("\"{}\"", changed.trim_matches('"'));
        forgeries.add(format!("kid written {changed}"), forge.header(|header| header.set("kid", &changed)));
    }

    let genuine = forge.genuine();
    let (signed, _) = genuine.rsplit_once('.').unwrap();
    for algorithm in [Algorithm::Es256, Algorithm::EdDsa, Algorithm::Rs256] {
        let private = key::generate(algorithm).unwrap().unwrap();
        let other = Key::from_private(algorithm, &private).unwrap();
        let forged = format!("{signed}.{}", other.sign(signed.as_bytes()).unwrap());
        forgeries.add(format!("signed with a forger's {algorithm} key"), forged);

        let jwk = &other.public().unwrap().0;
        let brought = forge.header(|header| {
            header.set("alg", &format!("\"{algorithm}\""));
            header.append("jwk", jwk);
        });
        let (brought, _) = brought.rsplit_once('.').unwrap();
        let forged = format!("{brought}.{}", other.sign(brought.as_bytes()).unwrap());
        forgeries.add(format!("brings its own {algorithm} key"), forged);
    }
    let stranger = Key::derived(&given("another key of thirty-two bytes!"));
    let forged = format!("{signed}.{}", stranger.sign(signed.as_bytes()).unwrap());
    forgeries.add("signed with a stranger's HS256 key", forged);
    if forge.key.algorithm() != Algorithm::Hs256 {
        let derived = Key::derived(secret().present());
        let named = forge.header(|header| {
            header.set("alg", "\"HS256\"");
            header.set("kid", &format!("\"{}\"", derived.id()));
        });
        let (named, _) = named.rsplit_once('.').unwrap();
        let forged = format!("{named}.{}", derived.sign(named.as_bytes()).unwrap());
        forgeries.add("signed with the HS256 key that is not in use", forged);
    }
}

fn whole(forge: &Forge, forgeries: &mut Forgeries) {
    let genuine = forge.members().0;
    let json = genuine.json();
    let values: Vec<String> = genuine.names().iter().map(|name| genuine.get(name)).collect();
    for (trick, bytes) in [
        ("nothing", String::new()),
        ("null", "null".to_owned()),
        ("an empty object", "{}".to_owned()),
        ("the values in an array", format!("[{}]", values.join(","))),
        ("an object in an array", format!("[{json}]")),
        ("two objects", format!("{json}{json}")),
        ("base64 once more", URL_SAFE_NO_PAD.encode(&json)),
        ("a text", format!("{json:?}")),
        ("brackets", "[".repeat(4_000)),
        ("not closed", json.replace('}', "")),
    ] {
        forgeries.add(format!("the header is {trick}"), forge.raw_header(bytes.as_bytes()));
    }
}
