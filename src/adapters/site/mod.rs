//! The service as clients reach it: one request for its public URL.
//!
//! **Here**: [`Site`]; the end of a certificate (`certificate`).
//!
//! **May use**: `ports`, `domain`, hyper and rustls.

mod certificate;

use std::io::ErrorKind;
use std::net::{IpAddr, SocketAddr};
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use http_body_util::Empty;
use hyper::body::Bytes;
use hyper::header::{HOST, HeaderValue};
use hyper::rt::{Read, Write};
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use tokio::net::{TcpStream, lookup_host};
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::pki_types::ServerName;
use url::Url;

use crate::adapters::tls::trust;
use crate::domain::Timestamp;
use crate::ports::inspection::{CLAIMED, SiteFacts, SiteFault, SiteInspector};

/// How long a connection, and then a response, may take.
const PATIENCE: Duration = Duration::from_secs(10);
/// The path that is asked: it answers whatever the state of the service.
const PATH: &str = "/health/live";

/// The service at its public URL.
#[derive(Clone, Debug)]
pub struct Site {
    is_encrypted: bool,
    /// Without brackets.
    host: String,
    port: u16,
    /// Without a slash at the end.
    path: String,
}

#[async_trait]
impl SiteInspector for Site {
    async fn inspect(&self, question: &str) -> Result<SiteFacts, SiteFault> {
        let (stream, server, own) = self.connect().await?;
        if !self.is_encrypted {
            return self.ask(TokioIo::new(stream), question, (server, own), None).await;
        }
        let name =
            ServerName::try_from(self.host.clone()).map_err(|error| SiteFault::Tls(error.to_string()))?;
        let connector =
            TlsConnector::from(Arc::new(trust().map_err(|error| SiteFault::Tls(error.to_string()))?));
        let connecting = timeout(PATIENCE, connector.connect(name, stream)).await;
        let connected =
            connecting.map_err(|_| SiteFault::Silent("no answer to the TLS handshake".to_owned()))?;
        let stream = connected.map_err(|error| SiteFault::Tls(error.to_string()))?;
        let certificates = stream.get_ref().1.peer_certificates();
        let end = certificates.and_then(<[_]>::first).and_then(|first| certificate::end(first));
        self.ask(TokioIo::new(stream), question, (server, own), end).await
    }
}

impl Site {
    /// Reads a public URL, which the settings have checked. Returns `None` if it has no host.
    #[must_use]
    pub fn parse(url: &str) -> Option<Self> {
        let url = Url::parse(url).ok()?;
        Some(Self {
            is_encrypted: url.scheme() == "https",
            host: url.host_str()?.trim_matches(['[', ']']).to_owned(),
            port: url.port_or_known_default()?,
            path: url.path().trim_end_matches('/').to_owned(),
        })
    }

    async fn connect(&self) -> Result<(TcpStream, IpAddr, IpAddr), SiteFault> {
        let place = (self.host.as_str(), self.port);
        let found = lookup_host(place).await.map_err(|error| SiteFault::Name(error.to_string()))?;
        let found: Vec<SocketAddr> = found.collect();
        let mut last = SiteFault::Name(format!("{} has no address", self.host));
        for address in found {
            match timeout(PATIENCE, TcpStream::connect(address)).await {
                Ok(Ok(stream)) => {
                    let own = stream.local_addr().map_err(|error| SiteFault::Silent(error.to_string()))?;
                    return Ok((stream, address.ip().to_canonical(), own.ip().to_canonical()));
                }
                Ok(Err(error)) if error.kind() == ErrorKind::ConnectionRefused => {
                    last = SiteFault::Refused(address.ip(), format!("nothing listens at {address}"));
                }
                Ok(Err(error)) => last = SiteFault::Silent(format!("{address}: {error}")),
                Err(_) => last = SiteFault::Silent(format!("{address}: no answer within {PATIENCE:?}")),
            }
        }
        Err(last)
    }

    async fn ask(
        &self,
        stream: impl Read + Write + Unpin + Send + 'static,
        question: &str,
        (server, own): (IpAddr, IpAddr),
        certificate_ends: Option<Timestamp>,
    ) -> Result<SiteFacts, SiteFault> {
        let asking = timeout(PATIENCE, self.exchange(stream, question)).await;
        let asked = asking.map_err(|_| SiteFault::Silent(format!("no response within {PATIENCE:?}")))?;
        let response = asked.map_err(SiteFault::Silent)?;
        let answer = response.headers().get("svc-doctor").and_then(|answer| answer.to_str().ok());
        let (status, answer) = (response.status().as_u16(), answer.map(str::to_owned));
        Ok(SiteFacts { server, own, status, answer, certificate_ends })
    }

    async fn exchange(
        &self,
        stream: impl Read + Write + Unpin + Send + 'static,
        question: &str,
    ) -> Result<Response<hyper::body::Incoming>, String> {
        let connected = hyper::client::conn::http1::handshake(stream).await;
        let (mut sender, connection) = connected.map_err(|error| error.to_string())?;
        let host = if self.host.contains(':') { format!("[{}]", self.host) } else { self.host.clone() };
        // As a browser does: some proxies compare the whole header.
        let is_usual = self.port == if self.is_encrypted { 443 } else { 80 };
        let host = if is_usual { host } else { format!("{host}:{}", self.port) };
        let claimed = HeaderValue::from_str(&CLAIMED.to_string()).map_err(|error| error.to_string())?;
        let request = Request::get(format!("{}{PATH}", self.path))
            .header(HOST, host)
            .header("svc-doctor", question)
            .header("x-forwarded-for", claimed)
            .body(Empty::<Bytes>::new())
            .map_err(|error| error.to_string())?;
        let mut response = pin!(sender.send_request(request));
        let response = tokio::select! {
            response = &mut response => response,
            // A proxy may close the connection after the response, which is here by then.
            ended = connection => match ended {
                Ok(()) => response.await,
                Err(error) => Err(error),
            },
        };
        response.map_err(|error| error.to_string())
    }
}
