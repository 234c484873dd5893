use std::time::Duration;

use crate::config::read::{Reader, SECOND};
use crate::config::settings::TokenSettings;
use crate::domain::{Audience, Audiences, OneLine, SigningKey, UserClaim, UserClaims};

const LONGEST_ACCESS: Duration = SigningKey::LONGEST_TOKEN;
const LONGEST_GRACE: Duration = SigningKey::LONGEST_GRACE;
/// Long enough to publish the next key before it signs.
const SHORTEST_ROTATION: Duration = Duration::from_hours(1);

/// The room of the issuer, the audience and the claims of users in a token, in bytes of JSON. With it, the
/// cookie of an access token has at most the 4,096 bytes that browsers store: 4/3 of the room in base64url,
/// the other claims (300 bytes), the header (90 bytes), the signature of the longest key (512 characters),
/// and the name and the attributes of the cookie (80 bytes).
const ROOM: usize = 2_200;

pub(super) fn read(read: &mut Reader<'_>, public_url: Option<&str>) -> Option<TokenSettings> {
    let algorithm = read.word("security.token.algorithm");
    let rotate_every = read.duration_or_off("security.token.rotate_every", SHORTEST_ROTATION);
    let access_lifetime = read.duration("security.token.access_lifetime", SECOND);
    let refresh_idle = read.duration("security.token.refresh_idle", SECOND);
    let refresh_absolute = read.duration("security.token.refresh_absolute", SECOND);
    if refresh_idle.zip(refresh_absolute).is_some_and(|(idle, absolute)| idle > absolute) {
        read.refuse::<()>(
            "security.token.refresh_idle",
            "must not be longer than security.token.refresh_absolute",
        );
    }
    let refresh_grace = read.duration("security.token.refresh_grace", Duration::ZERO);
    // Each of these limits how long a stolen token can be used undetected.
    for (key, duration, longest, shown) in [
        ("security.token.access_lifetime", access_lifetime, LONGEST_ACCESS, "24h"),
        ("security.token.refresh_grace", refresh_grace, LONGEST_GRACE, "5m"),
    ] {
        if duration.is_some_and(|duration| duration > longest) {
            read.refuse::<()>(key, format!("expected at most {shown}"));
        }
    }
    let issuer = read.text("security.token.issuer", |text| Ok(text.to_owned()));
    let issuer = issuer
        .and_then(|issuer| if issuer.is_empty() { public_url.map(str::to_owned) } else { Some(issuer) });
    let audience = audiences(read, public_url);
    let claims = claims(read, issuer.as_deref(), audience.as_ref());
    Some(TokenSettings {
        algorithm: algorithm?,
        rotate_every: rotate_every?,
        access_lifetime: access_lifetime?,
        refresh_idle: refresh_idle?,
        refresh_absolute: refresh_absolute?,
        refresh_grace: refresh_grace?,
        issuer: issuer?,
        audience: audience?,
        claims: claims?,
    })
}

/// The audiences, in a list or as one text with commas. An empty one means the public URL.
fn audiences(read: &mut Reader<'_>, public_url: Option<&str>) -> Option<Audiences> {
    const KEY: &str = "security.token.audience";
    let parse =
        |text: &str| Audience::parse(text).map_err(|error| format!("invalid entry {text:?}: {error}"));
    let mut given = read.entries(KEY, parse, r#"["https://api.example.com", "shop"]"#)?;
    if given.len() > Audiences::MOST {
        return read.refuse(KEY, format!("expected at most {} audiences", Audiences::MOST));
    }
    let repeated = given
        .iter()
        .enumerate()
        .find(|(index, audience)| given.iter().take(*index).any(|other| other == *audience));
    if let Some((_, repeated)) = repeated {
        let reason = format!("invalid entry {:?}: it is listed twice", repeated.as_str());
        return read.refuse(KEY, reason);
    }
    if given.is_empty() {
        return Some(Audiences::new(Audience::stored(public_url?.to_owned()), Vec::new()));
    }
    let others = given.split_off(1);
    Some(Audiences::new(given.pop()?, others))
}

fn claims(read: &mut Reader<'_>, issuer: Option<&str>, audiences: Option<&Audiences>) -> Option<UserClaims> {
    const KEY: &str = "security.token.claims";
    let parse = |text: &str| UserClaim::parse(text).map_err(|error| error.to_string());
    let claims = read.entries(KEY, parse, r#"["email", "email_verified"]"#)?;
    if claims.len() > UserClaims::MOST {
        return read.refuse(KEY, format!("expected at most {} claims", UserClaims::MOST));
    }
    let claims = match UserClaims::new(claims) {
        Ok(claims) => claims,
        Err(error) => return read.refuse(KEY, error.to_string()),
    };
    let length = |text: &str| serde_json::Value::from(text).to_string().len();
    let audiences = audiences.into_iter().flat_map(Audiences::all);
    let parts = [
        ("security.token.issuer", issuer.map_or(0, length)),
        ("security.token.audience", audiences.map(|audience| length(audience.as_str())).max().unwrap_or(0)),
        (KEY, claims.longest()),
    ];
    let longest: usize = parts.iter().map(|(_, length)| length).sum();
    if longest > ROOM {
        let (key, _) = parts.into_iter().max_by_key(|(_, length)| *length)?;
        return read.refuse(
            key,
            format!(
                "with the issuer, the longest audience and the claims, an access token could be longer than the \
                 4,096 bytes that browsers store as a cookie: they can take {longest} bytes, expected at most {ROOM}"
            ),
        );
    }
    Some(claims)
}
