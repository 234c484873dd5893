/// The claims with a meaning of their own: those of RFC 7519 and of RFC 9068 with the claims that it takes
/// over, those of OpenID Connect, of proofs and of delegation (RFC 7800, RFC 8693), and ours.
pub(super) const RESERVED: &[&str] = &[
    "iss",
    "sub",
    "aud",
    "exp",
    "nbf",
    "iat",
    "jti",
    "client_id",
    "auth_time",
    "acr",
    "amr",
    "azp",
    "nonce",
    "scope",
    "scp",
    "groups",
    "roles",
    "entitlements",
    "role",
    "sid",
    "typ",
    "cnf",
    "act",
    "may_act",
    "authorization_details",
    "events",
    // Frameworks read these as the rights or the name of the caller.
    "permissions",
    "authorities",
    "upn",
    "unique_name",
    "preferred_username",
    "oid",
];

/// How the names of claims begin that .NET reads as roles and names.
const RESERVED_NAMESPACE: &str = "http://schemas.";

/// In characters, which are bytes.
pub(super) const LONGEST_NAME: usize = 128;

/// Whether a claim of this name can be that of a user: it has the right form and no meaning of its own.
#[must_use]
pub fn is_name_of_user_claim(name: &str) -> bool {
    name.len() <= LONGEST_NAME
        && name.starts_with(|first: char| first.is_ascii_alphabetic())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~:/#".contains(&byte))
        && !is_reserved(name)
}

/// Some verifiers compare names without their case: `encoding/json` of Go, and .NET.
pub(super) fn is_reserved(name: &str) -> bool {
    RESERVED.iter().any(|reserved| reserved.eq_ignore_ascii_case(name))
        || name
            .get(..RESERVED_NAMESPACE.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(RESERVED_NAMESPACE))
}
