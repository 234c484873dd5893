//! The commands that change something, for tests of the conditions under which none of them may.

pub const ADA: &str = "ada@example.com";

/// Commands that can be the first one of an installation. Each reads a password from its input.
pub const CREATING: [&[&str]; 2] = [
    &["create-user", "--email", "bea@example.com", "--password-stdin"],
    &["user", "create", "--email", "cea@example.com", "--password-stdin"],
];

/// Each is possible after those before it, for the user [`ADA`] and keys of each status. `{active}` is the ID
/// of the first key with this status.
pub const CHANGING: [&[&str]; 21] = [
    &["issue-token", "--user", ADA],
    &["session", "revoke", "--user", ADA, "--yes"],
    &["user", "invite", "dea@example.com"],
    &["invitation", "resend", "dea@example.com"],
    &["invitation", "revoke", "dea@example.com", "--yes"],
    &["user", "rename", ADA, "Ada"],
    &["user", "verify-email", ADA],
    &["user", "set-role", ADA, "admin"],
    &["user", "set-password", ADA, "--generate-password", "--yes"],
    &["user", "lock", ADA, "--yes"],
    &["user", "unlock", ADA],
    &["user", "delete", ADA, "--dry-run"],
    &["user", "delete", ADA, "--yes"],
    &["ban", "add", "203.0.113.7"],
    &["ban", "remove", "203.0.113.7"],
    &["key", "generate"],
    &["key", "remove", "{retired}", "--force", "--yes"],
    &["key", "activate", "{pending}", "--force", "--yes"],
    &["key", "retire", "{active}", "--force", "--yes"],
    &["key", "rotate", "--dry-run"],
    &["event", "replay", "--dead", "--yes"],
];
