//! Claims that are missing, repeated, of the wrong type, or not true now.

use super::NOW;
use super::forged::{Forge, Forgeries};

const TIMES: [&str; 3] = ["iat", "nbf", "exp"];

pub(super) fn add(forge: &Forge, forgeries: &mut Forgeries) {
    every_member(forge, forgeries);
    values(forge, forgeries);
    times(forge, forgeries);
    whole(forge, forgeries);
}

fn every_member(forge: &Forge, forgeries: &mut Forgeries) {
    for name in forge.members().1.names() {
        let value = forge.members().1.get(&name);
        // The first releases did not write it.
        let is_required = name != "roles";
        if is_required {
            forgeries.add(format!("no {name}"), forge.claims(|claims| claims.remove(&name)));
        }
        let twice = forge.claims(|claims| claims.append(&name, &value));
        forgeries.add(format!("{name} twice"), twice);
        let first = forge.claims(|claims| claims.prepend(&name, "null"));
        forgeries.add(format!("{name} twice, null first"), first);
        for wrong in ["null", "true", "{}", "[]", "1.5", "\"\"", &format!("[{value}]")] {
            let wrong_type = forge.claims(|claims| claims.set(&name, wrong));
            if is_required || wrong != "null" {
                forgeries.add(format!("{name} is {wrong}"), wrong_type);
            }
        }
        let renamed = forge.claims(|claims| {
            claims.remove(&name);
            claims.append(&name.to_uppercase(), &value);
        });
        if is_required {
            forgeries.add(format!("{name} in capitals"), renamed);
        }
        if !TIMES.contains(&name.as_str()) {
            let plain = value.trim_matches('"');
            for wrong in [
                "7".to_owned(),
                format!("\"{plain} \""),
                format!("\" {plain}\""),
                format!("\"{plain}\\u0000\""),
            ] {
                let changed = forge.claims(|claims| claims.set(&name, &wrong));
                forgeries.add(format!("{name} is {wrong}"), changed);
            }
        }
    }
    for (name, value) in
        [("scope", "\"admin\""), ("amr", "[]"), ("", "1"), ("__proto__", "{}"), ("cnf", "{}"), ("a b", "1")]
    {
        let more = forge.claims(|claims| claims.append(name, value));
        forgeries.add(format!("a member {name:?} more"), more);
    }
}

fn values(forge: &Forge, forgeries: &mut Forgeries) {
    for (name, value) in [
        ("iss", "https://id.example.com/"),
        ("iss", "https://ID.example.com"),
        ("iss", "http://id.example.com"),
        ("iss", "https://id.example.com.evil.org"),
        ("iss", "https://id.example.co"),
        ("aud", "https://id.example.com/"),
        ("aud", "https://other.example.com"),
        ("aud", "id.example.com"),
        ("aud", "*"),
        ("sub", "admin"),
        ("sub", "1"),
        ("sub", "01990000000070008000000000000001"),
        ("sub", "{01990000-0000-7000-8000-000000000001}"),
        ("sub", "urn:uuid:01990000-0000-7000-8000-000000000001"),
        ("sub", "01990000-0000-7000-8000-00000000000A"),
        ("sid", "01990000-0000-7000-8000-00000000000"),
        ("sid", "' OR 1=1 --"),
        ("jti", "x"),
        ("jti", "../../etc/passwd"),
        ("client_id", "SVC"),
        ("client_id", "other"),
        ("role", "root"),
        ("role", "Admin"),
        ("role", "user,admin"),
    ] {
        let changed = forge.claims(|claims| claims.set(name, &format!("\"{value}\"")));
        forgeries.add(format!("{name} is {value}"), changed);
    }
    for roles in ["[]", "[\"user\"]", "[\"admin\",\"user\"]", "[\"admin\",\"admin\"]", "{\"0\":\"admin\"}"] {
        let changed = forge.claims(|claims| claims.set("roles", roles));
        forgeries.add(format!("roles are {roles}"), changed);
    }
    let twice = forge.claims(|claims| {
        claims.append("email", "\"a@example.com\"");
        claims.append("email", "\"b@example.com\"");
    });
    forgeries.add("a claim of the user twice", twice);
    let audience = forge.members().1.get("aud");
    let several = forge.claims(|claims| claims.set("aud", &format!("[\"other\",{audience}]")));
    forgeries.add("several audiences", several);
}

fn times(forge: &Forge, forgeries: &mut Forgeries) {
    for name in TIMES {
        for wrong in [
            format!("\"{}\"", forge.members().1.get(name)),
            format!("{NOW}.0"),
            format!("{NOW}.5"),
            "18e8".to_owned(),
            "1.8E9".to_owned(),
            "1e400".to_owned(),
            "99999999999999999999".to_owned(),
            "9223372036854775807".to_owned(),
            "-9223372036854775808".to_owned(),
            "253402300800".to_owned(),
            "01800000000".to_owned(),
            "+1800000000".to_owned(),
            "0x6b49d200".to_owned(),
            "NaN".to_owned(),
            "Infinity".to_owned(),
        ] {
            let changed = forge.claims(|claims| claims.set(name, &wrong));
            forgeries.add(format!("{name} is the number {wrong}"), changed);
        }
    }
    for (trick, name, seconds) in [
        ("made in the future", "iat", NOW + 31),
        ("not good yet", "nbf", NOW + 31),
        ("good next year", "nbf", NOW + 31_536_000),
        ("expired", "exp", NOW - 30),
        ("expired when it was made", "exp", NOW),
        ("expired before it was made", "exp", NOW - 1),
        ("expired in 1970", "exp", 0),
        ("expired before 1970", "exp", -1),
        ("made when it expires", "iat", NOW + 900),
        ("made in milliseconds", "iat", NOW * 1_000),
    ] {
        let changed = forge.claims(|claims| claims.set(name, &seconds.to_string()));
        forgeries.add(trick, changed);
    }
}

fn whole(forge: &Forge, forgeries: &mut Forgeries) {
    let genuine = forge.members().1;
    let json = genuine.json();
    let values: Vec<String> = genuine.names().iter().map(|name| genuine.get(name)).collect();
    for (trick, bytes) in [
        ("nothing", String::new()),
        ("null", "null".to_owned()),
        ("a number", "1".to_owned()),
        ("a text", format!("{json:?}")),
        ("an empty object", "{}".to_owned()),
        ("an empty array", "[]".to_owned()),
        ("the values in an array", format!("[{}]", values.join(","))),
        ("an object in an array", format!("[{json}]")),
        ("two objects", format!("{json}{json}")),
        ("an object and more", format!("{json}x")),
        ("an object and a NUL", format!("{json}\0")),
        ("half an object", json[..json.len() / 2].to_owned()),
        ("a byte order mark", format!("\u{feff}{json}")),
        ("a comment", format!("/**/{json}")),
        ("a comma too many", json.replace('}', ",}")),
        ("apostrophes", json.replace('"', "'")),
        ("brackets", "[".repeat(4_000)),
        ("braces", "{\"a\":".repeat(800)),
    ] {
        forgeries.add(format!("the claims are {trick}"), forge.raw_claims(bytes.as_bytes()));
    }
    let broken = json.replace("admin", "\u{1}").into_bytes();
    let broken: Vec<u8> = broken.into_iter().map(|byte| if byte == 1 { 0xff } else { byte }).collect();
    forgeries.add("the claims are not UTF-8", forge.raw_claims(&broken));
}
