//! Reasons why there is no connection to PostgreSQL, with the remedy for an operator.

use std::borrow::Cow;
use std::io::ErrorKind;

use sqlx::error::DatabaseError;

use crate::adapters::sqlx::error::{NO_MORE_FILES, has_no_more_files};
use crate::ports::store::{Obstacle, StoreError, Unusable};

/// Classifies an error of connecting. A failure that may pass by itself is `Unavailable`.
pub(super) fn connecting(error: sqlx::Error) -> StoreError {
    match error {
        sqlx::Error::Database(error) => refused(&*error),
        sqlx::Error::Io(error) if has_no_more_files(&error) => {
            StoreError::Blocked(Obstacle::OpenFiles, format!("failed to connect: {error}"))
        }
        sqlx::Error::Io(error) => StoreError::Unavailable(match error.kind() {
            ErrorKind::ConnectionRefused => "nothing listens at the address (connection refused)".to_owned(),
            ErrorKind::UnexpectedEof | ErrorKind::ConnectionReset => closed(),
            // Errors of the TLS library arrive as errors of the connection.
            ErrorKind::InvalidData => return insecure(&error.to_string()),
            _ => format!("failed to connect: {error}"),
        }),
        sqlx::Error::Protocol(text) => greeted_wrongly(&text),
        sqlx::Error::Tls(error) => insecure(&error.to_string()),
        error => StoreError::from(error),
    }
}

/// Classifies the error that PostgreSQL, or a pooler in front of it, answered to the log-in.
fn refused(error: &dyn DatabaseError) -> StoreError {
    let code = error.code().unwrap_or(Cow::Borrowed(""));
    refused_with(&code, error.message())
}

fn refused_with(code: &str, text: &str) -> StoreError {
    let unusable = |why, cure: &str| StoreError::Unusable(why, format!("{text}: {cure}"));
    let code = if code == "08P01" { passed_on(text).unwrap_or(code) } else { code };
    match code {
        "28P01" => unusable(Unusable::Login, "correct the user and the password in the URL"),
        "28000" => unusable(Unusable::Login, "allow this user to log in (CREATE ROLE … LOGIN, pg_hba.conf)"),
        "42501" => unusable(Unusable::Login, "GRANT CONNECT ON DATABASE … TO this user"),
        "3D000" => unusable(Unusable::Address, "create it, or correct the name of the database in the URL"),
        "53300" => {
            StoreError::Unavailable(format!("{text}: {}, or lower database.max_connections", more(text)))
        }
        NO_MORE_FILES => StoreError::Blocked(Obstacle::ServerFiles, text.to_owned()),
        // PgBouncer uses this one code for all of its own errors.
        "08P01" if text.starts_with("no such database") => {
            unusable(Unusable::Address, "add it to [databases] of PgBouncer, or correct the URL")
        }
        "08P01" if text.starts_with("no such user") => {
            unusable(Unusable::Login, "add the user to auth_file of PgBouncer, or correct the URL")
        }
        "08P01" if text.starts_with("unsupported startup parameter") => unusable(
            Unusable::Address,
            "take the parameter out of the URL, or add it to ignore_startup_parameters",
        ),
        _ => StoreError::Unavailable(text.to_owned()),
    }
}

/// Returns PostgreSQL's own code for an error text. PgBouncer forwards the text under its own code.
fn passed_on(text: &str) -> Option<&'static str> {
    let is = |words: &[&str]| words.iter().all(|words| text.contains(words));
    [
        (&["password authentication failed"][..], "28P01"),
        (&["role \"", "\" does not exist"], "28000"),
        (&["is not permitted to log in"], "28000"),
        (&["no pg_hba.conf entry"], "28000"),
        (&["permission denied for database"], "42501"),
        (&["database \"", "\" does not exist"], "3D000"),
        (&["too many connections for"], "53300"),
        (&["too many clients already"], "53300"),
        (&["remaining connection slots are reserved"], "53300"),
    ]
    .into_iter()
    .find(|(words, _)| is(words))
    .map(|(_, code)| code)
}

/// Returns how to allow more connections: a role, a database and the server have a limit each.
fn more(text: &str) -> &'static str {
    if text.contains("for role") {
        "raise it by ALTER ROLE … CONNECTION LIMIT"
    } else if text.contains("for database") {
        "raise it by ALTER DATABASE … CONNECTION LIMIT"
    } else {
        "raise max_connections of PostgreSQL"
    }
}

/// Classifies the driver's error for a first answer that is not PostgreSQL's.
fn greeted_wrongly(text: &str) -> StoreError {
    if text.contains("SSLRequest: 0x00") {
        StoreError::Unavailable(closed())
    } else if text.contains("SSLRequest") || text.contains("unknown message type") {
        StoreError::Unusable(Unusable::Address, "the server at the address is not PostgreSQL".to_owned())
    } else {
        StoreError::Unavailable(format!("unexpected answer of PostgreSQL: {text}"))
    }
}

fn closed() -> String {
    "the connection was closed before PostgreSQL answered: the address may be one of a proxy without a server, or of a \
     program that is not PostgreSQL"
        .to_owned()
}

fn insecure(text: &str) -> StoreError {
    if text.contains("does not support TLS") {
        let cure = "the server has no TLS, which sslmode requires: enable it on the server (ssl = on)";
        StoreError::Unusable(Unusable::Address, cure.to_owned())
    } else if text.contains("certificate") {
        let cure = "correct sslrootcert, or the host in the URL";
        StoreError::Unusable(
            Unusable::Address,
            format!("the server's certificate is not trusted ({text}): {cure}"),
        )
    } else {
        StoreError::Unavailable(format!("failed to connect with TLS: {text}"))
    }
}

#[cfg(test)]
mod tests {
    use std::io;

    use rustix::io::Errno;

    use super::*;

    fn said(error: &StoreError) -> String {
        error.to_string()
    }

    #[test]
    fn a_first_answer_that_is_not_postgresqls_is_named_in_plain_words() {
        let error = greeted_wrongly("unexpected response from SSLRequest: 0x00");
        assert!(
            matches!(error, StoreError::Unavailable(_)) && said(&error).contains("closed before"),
            "{error}"
        );
        let error = greeted_wrongly("unexpected response from SSLRequest: 0x48");
        assert!(matches!(error, StoreError::Unusable(Unusable::Address, _)), "{error}");
        assert!(!said(&error).contains("SSLRequest"), "{error}");
    }

    #[test]
    fn the_words_of_postgresql_mean_the_same_by_way_of_a_pooler() {
        for (code, text) in [
            ("28P01", "password authentication failed for user \"svc\""),
            ("28000", "role \"svc\" does not exist"),
            ("28000", "role \"svc\" is not permitted to log in"),
            ("3D000", "database \"svc\" does not exist"),
            ("42501", "permission denied for database \"svc\""),
            ("53300", "too many connections for role \"svc\""),
            ("53300", "too many connections for database \"svc\""),
            ("53300", "sorry, too many clients already"),
        ] {
            let direct = refused_with(code, text);
            assert_eq!(refused_with("08P01", text), direct);
            assert_eq!(matches!(direct, StoreError::Unavailable(_)), code == "53300", "{direct}");
        }
        let text = said(&refused_with("53300", "too many connections for role \"svc\""));
        assert!(text.contains("ALTER ROLE") && !text.contains("raise max_connections"), "{text}");
        let text = said(&refused_with("53300", "too many connections for database \"svc\""));
        assert!(text.contains("ALTER DATABASE") && !text.contains("raise max_connections"), "{text}");
        assert!(said(&refused_with("53300", "sorry")).contains("raise max_connections of PostgreSQL"));
    }

    #[test]
    fn too_many_open_files_are_those_of_the_server_or_of_this_process() {
        let error =
            refused_with("53000", "could not open file \"global/pg_filenode.map\": Too many open files");
        assert!(matches!(error, StoreError::Blocked(Obstacle::ServerFiles, _)), "{error}");
        for code in [Errno::MFILE, Errno::NFILE] {
            let error = connecting(io::Error::from_raw_os_error(code.raw_os_error()).into());
            assert!(matches!(error, StoreError::Blocked(Obstacle::OpenFiles, _)), "{error}");
        }
        let error = connecting(io::Error::from(Errno::NETUNREACH).into());
        assert!(matches!(error, StoreError::Unavailable(_)), "{error}");
    }

    #[test]
    fn a_certificate_is_no_matter_of_waiting() {
        let error = insecure("invalid peer certificate: UnknownIssuer");
        assert!(matches!(error, StoreError::Unusable(Unusable::Address, _)), "{error}");
        let error = insecure("connection reset");
        assert!(matches!(error, StoreError::Unavailable(_)), "{error}");
    }
}
