use std::path::PathBuf;
use std::thread::available_parallelism;
use std::time::Duration;

use secrecy::{ExposeSecret, SecretString};

use crate::config::read::{MILLISECOND, Reader, word};
use crate::config::settings::{PasswordSettings, SecretKeySource};
use crate::config::urls::DatabaseUrl;
use crate::domain::{MailTokenLifetimes, PasswordPolicy, SameSite};

/// The delivery of a mail may take this long.
const LEAST_MAIL: Duration = Duration::from_mins(1);
const LONGEST_MAIL: Duration = Duration::from_hours(24);
const LONGEST_INVITATION: Duration = Duration::from_hours(30 * 24);
/// In bytes: the length of the keys that are derived from it.
const SHORTEST_KEY: usize = 32;

pub(super) fn secret_key(read: &mut Reader<'_>, database: Option<&DatabaseUrl>) -> Option<SecretKeySource> {
    let file = || match database.and_then(DatabaseUrl::file) {
        Some(database) => database.with_file_name("secret.key"),
        None => PathBuf::from("data/secret.key"),
    };
    read.text("security.secret_key", |text| match text {
        "" => Ok(SecretKeySource::File(file())),
        key => long_enough(key).map(SecretKeySource::Given),
    })
}

/// Returns `None` if there is none or it is invalid.
pub(super) fn previous_secret_key(
    read: &mut Reader<'_>,
    present: Option<&SecretKeySource>,
) -> Option<SecretString> {
    let read = read.text("security.previous_secret_key", |text| match (text, present) {
        ("", _) => Ok(None),
        (key, Some(SecretKeySource::Given(present))) if present.expose_secret() == key => {
            Err("equal to security.secret_key: set the key that was used before, or leave it empty"
                .to_owned())
        }
        (key, _) => long_enough(key).map(Some),
    });
    read.flatten()
}

fn long_enough(key: &str) -> Result<SecretString, String> {
    if key.len() < SHORTEST_KEY {
        let length = key.len();
        return Err(format!(
            "too short: {length} bytes, expected at least {SHORTEST_KEY}; `openssl rand -base64 48` generates a key"
        ));
    }
    Ok(SecretString::from(key))
}

pub(super) fn same_site(read: &mut Reader<'_>) -> Option<SameSite> {
    read.text("security.cookies.same_site", |text| match text {
        "none" => Err("invalid value \"none\": cookies for pages of other sites are not supported, use the \
                       transport \"bearer\" there"
            .to_owned()),
        text => word(text),
    })
}

pub(super) fn mail_token(read: &mut Reader<'_>) -> Option<MailTokenLifetimes> {
    let mut lifetime = |key| read.duration(key, LEAST_MAIL);
    let verify_email = lifetime("security.mail_token.verify_email");
    let reset_password = lifetime("security.mail_token.reset_password");
    let change_email = lifetime("security.mail_token.change_email");
    let invitation = lifetime("security.mail_token.invitation");
    // Each of these limits how long a person who reads the user's mailbox can take over the account.
    for (key, duration, longest, shown) in [
        ("security.mail_token.reset_password", reset_password, LONGEST_MAIL, "24h"),
        ("security.mail_token.change_email", change_email, LONGEST_MAIL, "24h"),
        ("security.mail_token.invitation", invitation, LONGEST_INVITATION, "30d"),
    ] {
        if duration.is_some_and(|duration| duration > longest) {
            read.refuse::<()>(key, format!("expected at most {shown}"));
        }
    }
    Some(MailTokenLifetimes {
        verify_email: verify_email?,
        reset_password: reset_password?,
        change_email: change_email?,
        invitation: invitation?,
    })
}

pub(super) fn password(read: &mut Reader<'_>) -> Option<PasswordSettings> {
    let shortest = read.number("security.password.min_length", 8..=4096);
    let longest = read.number("security.password.max_length", 8..=4096);
    let policy = shortest.zip(longest).and_then(|(shortest, longest)| {
        PasswordPolicy::new(shortest, longest).or_else(|| {
            read.refuse("security.password.max_length", "must not be less than security.password.min_length")
        })
    });
    let memory_kib = read.number("security.password.memory_kib", 8..=4_194_304);
    let iterations = read.number("security.password.iterations", 1..=1000);
    let parallelism = read.number("security.password.parallelism", 1..=64);
    if memory_kib.zip(parallelism).is_some_and(|(memory, lanes): (u32, u32)| memory / 8 < lanes) {
        read.refuse::<()>(
            "security.password.memory_kib",
            "expected at least 8 times security.password.parallelism (RFC 9106, section 3.1)",
        );
    }
    let workers = read.number("security.password.workers", 0..=1024).map(|workers| match workers {
        0 => available_parallelism().map_or(1, usize::from),
        workers => workers,
    });
    let queue_wait = read.duration("security.password.queue_wait", MILLISECOND);
    let queue_length = read.number("security.password.queue_length", 1..=1_000_000);
    let priority = read.word("security.password.priority");
    Some(PasswordSettings {
        policy: policy?,
        memory_kib: memory_kib?,
        iterations: iterations?,
        parallelism: parallelism?,
        workers: workers?,
        queue_wait: queue_wait?,
        queue_length: queue_length?,
        priority: priority?,
    })
}
