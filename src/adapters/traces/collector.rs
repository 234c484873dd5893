use std::io::Write as _;
use std::sync::Arc;
use std::time::Duration;

use flate2::Compression;
use flate2::write::GzEncoder;
use http_body_util::{BodyExt, Collected, Full, Limited};
use hyper::body::Bytes;
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper::header::{CONTENT_ENCODING, CONTENT_TYPE, HOST, HeaderName, HeaderValue, RETRY_AFTER, USER_AGENT};
use hyper::rt::{Read, Write};
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use secrecy::{ExposeSecret, SecretString};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::ClientConfig;
use tokio_rustls::rustls::pki_types::ServerName;
use url::Url;

use super::message;
use crate::adapters::tls::{trust, trust_only};
use crate::tasks::Tasks;

/// The longest answer that is read. An answer is a few bytes, or a short text about a failure.
const ANSWER: usize = 1 << 16;

/// Where a collector is, and what it is sent.
#[derive(Clone, Debug)]
pub struct CollectorSettings {
    /// The URL that takes spans.
    pub endpoint: String,
    /// The headers of each request.
    pub headers: Vec<(String, SecretString)>,
    /// The certificates of the authorities that it may have, in PEM; `None` for those of the system.
    pub authorities: Option<Vec<u8>>,
    /// Whether requests are compressed.
    pub gzip: bool,
}

/// A collector, with the connection to it.
pub(super) struct Collector {
    is_encrypted: bool,
    /// Without brackets.
    host: String,
    port: u16,
    /// The path, with the query.
    path: String,
    headers: Vec<(HeaderName, HeaderValue)>,
    gzip: bool,
    authorities: Option<Vec<u8>>,
    tls: Option<Arc<ClientConfig>>,
    /// The connection of the last request, which may have ended since then.
    sender: Option<SendRequest<Full<Bytes>>>,
    connections: Tasks,
}

/// Why spans were not accepted.
#[derive(Debug)]
pub(super) enum Failure {
    /// The collector may accept them later, not before this time where it names one.
    ForNow(String, Option<Duration>),
    /// The collector refuses these spans.
    ForGood(String),
}

impl Collector {
    /// Does not connect yet. `None` for an endpoint or a header that the settings would not accept.
    pub(super) fn new(settings: &CollectorSettings) -> Option<Self> {
        let url = Url::parse(&settings.endpoint).ok()?;
        let host = url.host_str()?;
        let own = settings.headers.iter().map(|(name, value)| {
            let mut value = HeaderValue::from_str(value.expose_secret()).ok()?;
            value.set_sensitive(true);
            Some((HeaderName::from_bytes(name.as_bytes()).ok()?, value))
        });
        let mut headers = own.collect::<Option<Vec<_>>>()?;
        let authority = match url.port() {
            Some(port) => format!("{host}:{port}"),
            None => host.to_owned(),
        };
        headers.push((HOST, HeaderValue::from_str(&authority).ok()?));
        headers.push((CONTENT_TYPE, HeaderValue::from_static("application/x-protobuf")));
        headers.push((USER_AGENT, HeaderValue::from_static(concat!("svc/", env!("CARGO_PKG_VERSION")))));
        if settings.gzip {
            headers.push((CONTENT_ENCODING, HeaderValue::from_static("gzip")));
        }
        Some(Self {
            is_encrypted: url.scheme() == "https",
            host: host.trim_matches(['[', ']']).to_owned(),
            port: url.port_or_known_default()?,
            path: url.path().to_owned(),
            headers,
            gzip: settings.gzip,
            authorities: settings.authorities.clone(),
            tls: None,
            sender: None,
            connections: Tasks::default(),
        })
    }

    /// Prepares the body of a request.
    pub(super) fn pack(&self, body: Vec<u8>) -> Bytes {
        if !self.gzip {
            return body.into();
        }
        let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
        // Memory takes all that is written to it.
        match packed.write_all(&body).and_then(|()| packed.finish()) {
            Ok(packed) => packed.into(),
            Err(_) => Bytes::new(),
        }
    }

    /// Sends a body. Returns how many of its spans the collector refused.
    pub(super) async fn send(&mut self, body: &Bytes) -> Result<u64, Failure> {
        let response = self.response(body).await.map_err(|reason| Failure::ForNow(reason, None))?;
        let (head, body) = response.into_parts();
        let body = Limited::new(body, ANSWER).collect().await.map(Collected::to_bytes);
        let after = head.headers.get(RETRY_AFTER).and_then(|value| value.to_str().ok()?.parse().ok());
        let reason = || format!("the collector answered {}", head.status);
        match head.status {
            status if status.is_success() => Ok(message::refused(&body.unwrap_or_default())),
            // What a client may send again (OTLP specification, "Retryable Response Codes").
            StatusCode::TOO_MANY_REQUESTS
            | StatusCode::BAD_GATEWAY
            | StatusCode::SERVICE_UNAVAILABLE
            | StatusCode::GATEWAY_TIMEOUT => Err(Failure::ForNow(reason(), after.map(Duration::from_secs))),
            _ => Err(Failure::ForGood(reason())),
        }
    }

    /// Forgets the connection, on which an answer may be missing.
    pub(super) fn hang_up(&mut self) {
        self.sender = None;
    }

    /// Asks on the open connection, or on a new one if there is none or if it turns out to have ended.
    async fn response(&mut self, body: &Bytes) -> Result<Response<hyper::body::Incoming>, String> {
        if let Some(mut sender) = self.sender.take()
            && sender.ready().await.is_ok()
            && let Ok(response) = sender.send_request(self.request(body)?).await
        {
            self.sender = Some(sender);
            return Ok(response);
        }
        let mut sender = self.connect().await?;
        let response = sender.send_request(self.request(body)?).await.map_err(|error| error.to_string())?;
        self.sender = Some(sender);
        Ok(response)
    }

    fn request(&self, body: &Bytes) -> Result<Request<Full<Bytes>>, String> {
        let mut request = Request::post(&*self.path);
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        request.body(Full::new(body.clone())).map_err(|error| error.to_string())
    }

    async fn connect(&mut self) -> Result<SendRequest<Full<Bytes>>, String> {
        let stream = TcpStream::connect((self.host.as_str(), self.port)).await;
        let stream = stream.map_err(|error| error.to_string())?;
        if !self.is_encrypted {
            return self.begin(TokioIo::new(stream)).await;
        }
        let name = ServerName::try_from(self.host.clone()).map_err(|error| error.to_string())?;
        let tls = match (&self.tls, &self.authorities) {
            (Some(tls), _) => tls.clone(),
            (None, Some(pem)) => Arc::new(trust_only(pem).map_err(|error| error.to_string())?),
            (None, None) => Arc::new(trust().map_err(|error| error.to_string())?),
        };
        self.tls = Some(tls.clone());
        let stream =
            TlsConnector::from(tls).connect(name, stream).await.map_err(|error| error.to_string())?;
        self.begin(TokioIo::new(stream)).await
    }

    async fn begin(
        &self,
        stream: impl Read + Write + Unpin + Send + 'static,
    ) -> Result<SendRequest<Full<Bytes>>, String> {
        let (sender, connection) = handshake(stream).await.map_err(|error| error.to_string())?;
        self.connections.spawn(async move {
            // The request on it reports its failure.
            let _ = connection.await;
        });
        Ok(sender)
    }
}
