use std::net::IpAddr;

use async_trait::async_trait;

use crate::domain::Timestamp;

/// Inspects the service as clients reach it, at its public URL.
#[async_trait]
pub trait SiteInspector: Send + Sync {
    /// Asks the public URL, in bounded time, with this value in the header `svc-doctor`. The request claims
    /// to be forwarded for [`CLAIMED`], which a well-configured service does not believe.
    async fn inspect(&self, question: &str) -> Result<SiteFacts, SiteFault>;
}

/// The address that a request for the public URL claims to come from: one of those for documentation (RFC
/// 5737).
pub const CLAIMED: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(192, 0, 2, 77));

/// What was measured at the public URL.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SiteFacts {
    /// The address that was connected to.
    pub server: IpAddr,
    /// The address of this process in that connection.
    pub own: IpAddr,
    /// The status of the response.
    pub status: u16,
    /// The value of the header `svc-doctor` of the response.
    pub answer: Option<String>,
    /// When the certificate ends; `None` without TLS.
    pub certificate_ends: Option<Timestamp>,
}

/// Why the public URL could not be asked. The texts are for operators.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SiteFault {
    /// The name of the host is unknown.
    #[error("{0}")]
    Name(String),
    /// Nothing listens at this address.
    #[error("{1}")]
    Refused(IpAddr, String),
    /// There is no connection or no response.
    #[error("{0}")]
    Silent(String),
    /// The certificate is not accepted, or the server does not speak TLS.
    #[error("{0}")]
    Tls(String),
}

/// Lets two processes that share the secret key recognize each other through any number of proxies. A
/// stranger can neither ask nor answer.
pub trait Introductions: Send + Sync {
    /// Makes a question, which is good for a few minutes.
    fn question(&self, now: Timestamp) -> String;

    /// Whether a question was made with the same secret key, at about this time.
    fn is_genuine(&self, question: &str, now: Timestamp) -> bool;

    /// Makes the answer to a question.
    fn answer(&self, question: &str, introduction: &Introduction) -> String;

    /// Reads an answer. Returns `None` unless it was made with the same secret key for this question.
    fn read(&self, question: &str, answer: &str) -> Option<Introduction>;
}

/// What a service has seen of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Introduction {
    /// The address that counts as the client.
    pub client: IpAddr,
    /// The other end of the connection.
    pub peer: IpAddr,
    /// Whether the other end is a trusted proxy.
    pub is_trusted: bool,
    /// Whether the request names another client than [`CLAIMED`], as one from a proxy does.
    pub is_forwarded: bool,
}
