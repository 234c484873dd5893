use std::time::Duration;

use http_body_util::{BodyExt, Empty, Limited};
use hyper::body::Bytes;
use hyper::header::HOST;
use hyper::http::uri::{PathAndQuery, Scheme};
use hyper::{Request, StatusCode, Uri};
use hyper_util::rt::TokioIo;
use serde_json::json;
use tokio::net::TcpStream;
use tokio::time::timeout;

use super::context::Context;
use super::exit::{CliError, Exit};

/// The readiness endpoint.
const READY: &str = "/health/ready";

#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  svc healthcheck
  svc healthcheck http://127.0.0.1:8000

The output is an object: url (that was checked) and status (of the answer). A service that is \
not ready is an error with exit code 69.")]
pub(super) struct Args {
    /// HTTP URL to check; without a path, /health/ready is checked [default: the address of server.listen]
    #[arg(value_parser = plain_http)]
    url: Option<Uri>,
}

/// Checks a URL. Only plain HTTP, since TLS is terminated by another process and this asks the service
/// itself.
fn plain_http(text: &str) -> Result<Uri, String> {
    let mut parts = text.parse::<Uri>().map_err(|error| error.to_string())?.into_parts();
    if parts.scheme != Some(Scheme::HTTP) {
        return Err("expected a URL that begins with http://".to_owned());
    }
    // A URL without a path names the service. The page at `/` does not tell its readiness.
    let query = match &parts.path_and_query {
        Some(asked) if asked.path() != "/" => None,
        asked => Some(asked.as_ref().and_then(PathAndQuery::query)),
    };
    if let Some(query) = query {
        let asked = query.map_or_else(|| READY.to_owned(), |query| format!("{READY}?{query}"));
        parts.path_and_query = Some(asked.parse().map_err(|error| format!("{error}"))?);
    }
    Uri::from_parts(parts).map_err(|error| error.to_string())
}

/// A slower health check counts as failed.
const PATIENCE: Duration = Duration::from_secs(5);

pub(super) async fn run(context: &Context, args: &Args) -> Result<(), CliError> {
    let url = match &args.url {
        Some(url) => url.clone(),
        None => own_url(context)?,
    };
    let status = match timeout(PATIENCE, ask(&url)).await {
        Ok(answer) => {
            answer.map_err(|reason| CliError::new(Exit::Unavailable, format!("{url}: {reason}")))?
        }
        Err(_) => {
            return Err(CliError::new(Exit::Unavailable, format!("{url}: no answer within {PATIENCE:?}")));
        }
    };
    if status.is_success() {
        context.output.print(&json!({ "url": url.to_string(), "status": status.as_u16() }))
    } else {
        Err(CliError::new(Exit::Unavailable, format!("{url}: not ready, status {status}")))
    }
}

/// The URL of this configuration's service on this machine.
fn own_url(context: &Context) -> Result<Uri, CliError> {
    let mut listen = context.loaded.settings.server.listen;
    if listen.ip().is_unspecified() {
        let loopback: std::net::IpAddr = if listen.is_ipv4() {
            std::net::Ipv4Addr::LOCALHOST.into()
        } else {
            std::net::Ipv6Addr::LOCALHOST.into()
        };
        listen.set_ip(loopback);
    }
    format!("http://{listen}{READY}").parse().map_err(|error| CliError::new(Exit::Failed, format!("{error}")))
}

async fn ask(url: &Uri) -> Result<StatusCode, String> {
    let authority = url.authority().ok_or("the URL has no host")?;
    let address = (authority.host().trim_matches(['[', ']']).to_owned(), authority.port_u16().unwrap_or(80));
    let stream = TcpStream::connect(address).await.map_err(|error| error.to_string())?;
    let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream))
        .await
        .map_err(|error| error.to_string())?;
    let query = url.query().map(|query| format!("?{query}")).unwrap_or_default();
    let request = Request::get(url.path().to_owned() + &query)
        .header(HOST, authority.as_str())
        .body(Empty::<Bytes>::new());
    let request = request.map_err(|error| error.to_string())?;
    let exchange = async {
        let answer = sender.send_request(request).await?;
        let status = answer.status();
        // Read to the end, so that the server sees a completed request. The content does not matter.
        let _ = Limited::new(answer.into_body(), 64 * 1024).collect().await;
        Ok::<_, hyper::Error>(status)
    };
    tokio::select! {
        status = exchange => status.map_err(|error| error.to_string()),
        closed = connection => Err(closed.err().map_or("the connection was closed".to_owned(), |error| error.to_string())),
    }
}
