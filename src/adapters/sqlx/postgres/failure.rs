//! Why there is no connection to PostgreSQL, and what an operator does about it.

use std::borrow::Cow;
use std::io::ErrorKind;

use sqlx::error::DatabaseError;

use crate::ports::store::{StoreError, Unusable};

/// Names what went wrong while a connection was made. A failure that passes by itself is `Unavailable`.
pub(super) fn connecting(error: sqlx::Error) -> StoreError {
    match error {
        sqlx::Error::Database(error) => refused(&*error),
        sqlx::Error::Io(error) => StoreError::Unavailable(match error.kind() {
            ErrorKind::ConnectionRefused => "nothing listens at the address (connection refused)".to_owned(),
            ErrorKind::UnexpectedEof | ErrorKind::ConnectionReset => closed(),
            _ => format!("no connection: {error}"),
        }),
        sqlx::Error::Protocol(text) => greeted_wrongly(&text),
        sqlx::Error::Tls(error) => insecure(&error.to_string()),
        error => StoreError::from(error),
    }
}

/// What PostgreSQL, or a pooler before it, answered instead of a welcome.
fn refused(error: &dyn DatabaseError) -> StoreError {
    let (code, text) = (error.code().unwrap_or(Cow::Borrowed("")), error.message());
    let unusable = |why, cure: &str| StoreError::Unusable(why, format!("{text}: {cure}"));
    match &*code {
        "28P01" => unusable(Unusable::Login, "correct the user and the password in the URL"),
        "28000" => unusable(Unusable::Login, "let this user in (CREATE ROLE … LOGIN, pg_hba.conf)"),
        "42501" => unusable(Unusable::Login, "GRANT CONNECT ON DATABASE … TO this user"),
        "3D000" => unusable(Unusable::Address, "create it, or correct the name of the database in the URL"),
        "53300" => StoreError::Unavailable(format!(
            "{text}: raise max_connections of PostgreSQL, or lower database.max_connections"
        )),
        // PgBouncer has this one code for all that it says itself.
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

/// The driver's words for a first answer that is not PostgreSQL's.
fn greeted_wrongly(text: &str) -> StoreError {
    if text.contains("SSLRequest: 0x00") {
        StoreError::Unavailable(closed())
    } else if text.contains("SSLRequest") || text.contains("unknown message type") {
        StoreError::Unusable(Unusable::Address, "what answers at the address is not PostgreSQL".to_owned())
    } else {
        StoreError::Unavailable(format!("PostgreSQL was not understood: {text}"))
    }
}

fn closed() -> String {
    "the connection was closed before PostgreSQL answered: a proxy without a server behind it does so, and a program \
     that is not PostgreSQL"
        .to_owned()
}

fn insecure(text: &str) -> StoreError {
    if text.contains("does not support TLS") {
        let cure = "the server has no TLS, which sslmode asks for: turn it on there (ssl = on)";
        StoreError::Unusable(Unusable::Address, cure.to_owned())
    } else if text.contains("certificate") {
        let cure = "correct sslrootcert, or the host in the URL";
        StoreError::Unusable(
            Unusable::Address,
            format!("the server's certificate is not trusted ({text}): {cure}"),
        )
    } else {
        StoreError::Unavailable(format!("no connection by TLS: {text}"))
    }
}

#[cfg(test)]
mod tests {
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
    fn a_certificate_is_no_matter_of_waiting() {
        let error = insecure("invalid peer certificate: UnknownIssuer");
        assert!(matches!(error, StoreError::Unusable(Unusable::Address, _)), "{error}");
        let error = insecure("connection reset");
        assert!(matches!(error, StoreError::Unavailable(_)), "{error}");
    }
}
