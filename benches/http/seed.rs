use svc::domain::{PasswordHash, Timestamp, UserId};
use uuid::Uuid;

use crate::Failure;
use crate::lab::Lab;

/// The password of every user.
pub const PASSWORD: &str = "correct horse battery";
/// The time in the first user's id, in milliseconds since 1970. Each further user registered a millisecond
/// later, long before all users that the run registers.
pub const FIRST: u64 = 0x0190_0000_0000;
/// The part after the time in an id of version 7.
const REST: u128 = 0x7000_8000_0000_0000_0000;

/// Adds the users with the numbers `from` to `to`, each with one session that lives for a day.
pub async fn grow(lab: &Lab, from: u32, to: u32, hash: &PasswordHash, now: Timestamp) -> Result<(), Failure> {
    let last = to - 1;
    let later = now.plus(std::time::Duration::from_hours(24));
    let hash = hash.expose();
    let users = "INSERT INTO users (id, email, email_key, email_verified, name, role, status, version, created_at, \
        updated_at, password_hash)";
    let sessions = "INSERT INTO sessions (id, user_id, generation, salt, created_at, rotated_at, idle_expires_at, \
        absolute_expires_at)";
    let postgres = format!(
        "CREATE TEMPORARY TABLE seed AS
           SELECT (lpad(to_hex({FIRST} + n), 12, '0') || '{REST:020x}')::uuid AS id,
                  'user' || lpad(n::text, 10, '0') || '@bench.example' AS email
           FROM generate_series({from}::bigint, {last}) AS n;
         {users} SELECT id, email, email, true, 'Ada Lovelace', 'user', 'active', 1, '{now}', '{now}', '{hash}'
           FROM seed;
         {sessions} SELECT id, id, 0, decode(md5(email), 'hex'), '{now}', '{now}', '{later}', '{later}' FROM seed;"
    );
    let sqlite = format!(
        "PRAGMA foreign_keys = ON;
         CREATE TEMPORARY TABLE seed AS
           WITH RECURSIVE number(n) AS (SELECT {from} UNION ALL SELECT n + 1 FROM number WHERE n < {last})
           SELECT unhex(printf('%012x', {FIRST} + n) || '{REST:020x}') AS id,
                  printf('user%010d@bench.example', n) AS email
           FROM number;
         BEGIN IMMEDIATE;
         {users} SELECT id, email, email, 1, 'Ada Lovelace', 'user', 'active', 1, '{now}', '{now}', '{hash}'
           FROM seed;
         {sessions} SELECT id, id, 0, randomblob(16), '{now}', '{now}', '{later}', '{later}' FROM seed;
         COMMIT;
         ANALYZE; PRAGMA wal_checkpoint(TRUNCATE);"
    );
    lab.execute(postgres, sqlite).await?;
    // Otherwise autovacuum would do it in the middle of a row.
    lab.execute("VACUUM (ANALYZE) users, sessions".to_owned(), String::new()).await
}

/// Returns the user with this number.
pub fn user_id(number: u64) -> UserId {
    UserId(Uuid::from_u128(u128::from(FIRST + number) << 80 | REST))
}

/// Returns an id with a placeholder for the digits of the time, which a script fills in.
pub fn id_but(time: &str) -> String {
    user_id(0).0.as_simple().to_string().replacen(&format!("{FIRST:012x}"), time, 1)
}
