//! A collector of traces that behaves as a test requires: OTLP over HTTP, in protobuf.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::io::Read;
use std::path::Path;
use std::sync::Arc;

use flate2::read::GzDecoder;
use http_body_util::{BodyExt, Full};
use hyper::body::{Bytes, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{HeaderMap, Request, Response};
use hyper_util::rt::TokioIo;
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::common::v1::KeyValue;
use opentelemetry_proto::tonic::common::v1::any_value::Value;
use opentelemetry_proto::tonic::trace::v1::Span;
use prost::Message;
use svc::tasks::Tasks;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::aws_lc_rs::default_provider;
use tokio_rustls::rustls::pki_types::pem::PemObject as _;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};

use super::process::within;

/// How it treats its clients.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Manner {
    /// Accepts every span.
    Takes,
    /// Answers with this status, and keeps nothing.
    Answers(u16),
    /// Accepts connections, and never answers.
    IsSilent,
}

/// It listens as long as the runtime of the test runs.
pub struct Collector {
    /// The value for `OTEL_EXPORTER_OTLP_ENDPOINT`.
    pub endpoint: String,
    shared: Arc<Shared>,
}

struct Shared {
    manner: watch::Sender<Manner>,
    taken: watch::Sender<Vec<Taken>>,
    /// The path and the headers of each request.
    requests: watch::Sender<Vec<(String, HeaderMap)>>,
}

/// A span, as it arrived.
#[derive(Clone, Debug)]
pub struct Taken {
    pub span: Span,
    pub attributes: BTreeMap<String, String>,
    /// The attributes of the process.
    pub resource: BTreeMap<String, String>,
}

impl Taken {
    pub fn name(&self) -> &str {
        &self.span.name
    }

    /// The id of the trace, in hexadecimal.
    pub fn trace(&self) -> String {
        hex(&self.span.trace_id)
    }

    /// Returns whether the parent of this span is that one.
    pub fn is_below(&self, parent: &Self) -> bool {
        self.span.parent_span_id == parent.span.span_id && self.span.trace_id == parent.span.trace_id
    }
}

impl Collector {
    /// Starts on its own port.
    pub async fn start(manner: Manner) -> Self {
        Self::start_with(manner, None).await
    }

    /// Starts on its own port, with TLS and the certificate for `localhost` in a folder of
    /// [`certificates`](super::certificates::certificates).
    pub async fn start_encrypted(manner: Manner, folder: &Path) -> Self {
        let certificate = CertificateDer::from_pem_file(folder.join("site-30.pem")).unwrap();
        let key = PrivateKeyDer::from_pem_file(folder.join("site.key")).unwrap();
        let config = ServerConfig::builder_with_provider(Arc::new(default_provider()));
        let config = config.with_safe_default_protocol_versions().unwrap().with_no_client_auth();
        let config = config.with_single_cert(vec![certificate], key).unwrap();
        Self::start_with(manner, Some(TlsAcceptor::from(Arc::new(config)))).await
    }

    async fn start_with(manner: Manner, tls: Option<TlsAcceptor>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let endpoint = match tls {
            Some(_) => format!("https://localhost:{}", address.port()),
            None => format!("http://{address}"),
        };
        let shared = Arc::new(Shared {
            manner: watch::channel(manner).0,
            taken: watch::channel(Vec::new()).0,
            requests: watch::channel(Vec::new()).0,
        });
        let (tasks, inner) = (Tasks::default(), shared.clone());
        let connections = tasks.clone();
        tasks.spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                let (shared, tls) = (inner.clone(), tls.clone());
                connections.spawn(async move {
                    let answer = service_fn(|request| answer(&shared, request));
                    let server = http1::Builder::new();
                    // The client may hang up, or refuse the certificate.
                    match tls {
                        None => drop(server.serve_connection(TokioIo::new(stream), answer).await),
                        Some(tls) => {
                            if let Ok(stream) = tls.accept(stream).await {
                                let _ = server.serve_connection(TokioIo::new(stream), answer).await;
                            }
                        }
                    }
                });
            }
        });
        Self { endpoint, shared }
    }

    /// Changes the behaviour from now on.
    pub fn now(&self, manner: Manner) {
        self.shared.manner.send_replace(manner);
    }

    /// Waits until the spans so far are enough, and returns them.
    pub async fn until(&self, are_enough: impl FnMut(&Vec<Taken>) -> bool) -> Vec<Taken> {
        within(self.shared.taken.subscribe().wait_for(are_enough)).await.unwrap().clone()
    }

    /// Returns the spans so far.
    pub fn taken(&self) -> Vec<Taken> {
        self.shared.taken.borrow().clone()
    }

    /// Waits until there was this number of requests, and returns the path and the headers of each.
    pub async fn requests(&self, count: usize) -> Vec<(String, HeaderMap)> {
        let enough = |requests: &Vec<_>| requests.len() >= count;
        within(self.shared.requests.subscribe().wait_for(enough)).await.unwrap().clone()
    }
}

async fn answer(shared: &Shared, request: Request<Incoming>) -> Result<Response<Full<Bytes>>, Infallible> {
    let (head, body) = request.into_parts();
    let mut body = body.collect().await.unwrap().to_bytes().to_vec();
    if head.headers.get("content-encoding").is_some_and(|coding| coding == "gzip") {
        let mut plain = Vec::new();
        GzDecoder::new(&*body).read_to_end(&mut plain).unwrap();
        body = plain;
    }
    let manner = *shared.manner.borrow();
    let path = head.uri.path().to_owned();
    shared.requests.send_modify(|requests| requests.push((path, head.headers)));
    let status = match manner {
        Manner::IsSilent => std::future::pending().await,
        Manner::Answers(status) => status,
        Manner::Takes => {
            shared.taken.send_modify(|taken| taken.extend(spans(&body)));
            200
        }
    };
    Ok(Response::builder().status(status).body(Full::default()).unwrap())
}

fn spans(body: &[u8]) -> Vec<Taken> {
    let request = ExportTraceServiceRequest::decode(body).unwrap();
    let mut taken = Vec::new();
    for resource in request.resource_spans {
        let of_process = texts(&resource.resource.unwrap().attributes);
        for span in resource.scope_spans.into_iter().flat_map(|scope| scope.spans) {
            taken.push(Taken { attributes: texts(&span.attributes), resource: of_process.clone(), span });
        }
    }
    taken
}

fn texts(attributes: &[KeyValue]) -> BTreeMap<String, String> {
    let text = |pair: &KeyValue| match pair.value.as_ref().unwrap().value.as_ref().unwrap() {
        Value::StringValue(text) => text.clone(),
        Value::IntValue(number) => number.to_string(),
        other => panic!("{other:?}"),
    };
    attributes.iter().map(|pair| (pair.key.clone(), text(pair))).collect()
}

/// Returns an id as `traceparent` has it.
pub fn hex(bytes: &[u8]) -> String {
    bytes
        .iter()
        .flat_map(|byte| [byte >> 4, byte & 15])
        .filter_map(|digit| char::from_digit(digit.into(), 16))
        .collect()
}
