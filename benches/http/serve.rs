use std::io::{BufRead as _, Read as _, Write as _, stdin, stdout};
use std::net::SocketAddr;
use std::sync::Arc;

use poem::endpoint::make_sync;
use poem::http::header::CONTENT_TYPE;
use poem::{Endpoint, Request, Response};
use svc::api::middleware::Middleware;
use svc::api::{Cookies, WebOrigins, server};
use svc::config::Sources;
use svc::container::Container;
use svc::tasks::{Shutdown, Tasks};
use svc::telemetry::spans::Tracer;
use svc::telemetry::{self, Verbosity};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

use crate::Failure;
use crate::service::Role;

/// As long as the JSON of a user.
const BODY: &str = r#"{"id":"019b7c2a-5b2c-7d4e-8f60-718293a4b5c6","email":"ada@example.com","email_verified":false,"name":"Ada Lovelace","locale":null,"role":"user","status":"active","created_at":"2026-01-02T03:04:05.678901Z","updated_at":"2026-01-02T03:04:05.678901Z"}"#;

/// Answered outside the service's middleware.
pub const STATIC: &str = "/static";
/// Answered under the service's middleware.
pub const STATIC_INSIDE: &str = "/static/inside";

/// Runs the role in the first line of input, on a port that it writes as the first line of output, until
/// input ends.
pub fn run() -> Result<(), Failure> {
    let mut line = String::new();
    stdin().lock().read_line(&mut line)?;
    let role = serde_json::from_str(&line)?;
    // Like the runtime that `#[tokio::main]` creates for `svc serve`.
    let runtime = tokio::runtime::Runtime::new()?;
    let shutdown = Shutdown::default();
    let ended = shutdown.clone();
    let handle = runtime.handle().clone();
    std::thread::spawn(move || {
        let _ = stdin().lock().read_to_end(&mut Vec::new());
        handle.block_on(ended.begin(std::time::Duration::ZERO));
    });
    let served = runtime.block_on(async {
        match role {
            Role::Service { environment, set } => service(environment, set, shutdown).await,
            Role::Trivial => trivial(shutdown).await,
        }
    });
    if let Err(error) = served {
        writeln!(stdout(), "{}", error.to_string().replace('\n', " "))?;
    }
    Ok(())
}

fn announce(address: SocketAddr) -> Result<(), Failure> {
    writeln!(stdout(), "{address}")?;
    Ok(())
}

/// Runs `svc serve` with the static routes.
async fn service(
    environment: Vec<(String, String)>,
    set: Vec<String>,
    shutdown: Shutdown,
) -> Result<(), Failure> {
    let environment = environment.into_iter().map(|(name, value)| (name.into(), value.into())).collect();
    let sources = Sources { folder: "/nonexistent".into(), environment, config: None, set };
    let settings = sources.load()?.settings;
    let _log = telemetry::init(&settings.log, Verbosity::Normal, false);
    let container = Container::build(&settings)?;
    container.use_cases.keys.prepare.run().await?;
    container.load_bans().await?;
    let middleware = Middleware {
        counts: Arc::default(),
        tracer: Tracer::default(),
        body_limit: settings.limits.body_bytes,
        request_timeout: settings.limits.request_timeout,
        admission: Box::new(|_| Ok(())),
        trusted_proxies: settings.server.trusted_proxies.clone(),
        web_origins: WebOrigins::new(&settings.server.public_url, &[], settings.server.is_plain_loopback()),
        cookies: Cookies::new(settings.security.same_site, false),
        password_policy: settings.security.password.policy,
        https: settings.server.public_url.starts_with("https://"),
        base_path: settings.server.base_path().to_owned(),
        introduce: Box::new(|_, _| None),
        ids: container.ids().clone(),
    };
    let endpoint = Beside {
        inside: middleware.around(make_sync(|_| answer()), &[]),
        service: container.endpoint(shutdown.clone())?,
    };
    container.start();
    let listener = server::bind(settings.server.listen)?;
    announce(listener.local_addr()?)?;
    server::run(listener, endpoint, container.limits(), shutdown).await;
    container.close().await;
    Ok(())
}

fn answer() -> Response {
    Response::builder().header(CONTENT_TYPE, "application/json; charset=utf-8").body(BODY)
}

/// The static routes beside the service, without a router in front: the least that this server can do.
struct Beside<I, S> {
    inside: I,
    service: S,
}

impl<I: Endpoint<Output = Response>, S: Endpoint<Output = Response>> Endpoint for Beside<I, S> {
    type Output = Response;

    async fn call(&self, request: Request) -> poem::Result<Response> {
        match request.uri().path() {
            STATIC => Ok(answer()),
            STATIC_INSIDE => self.inside.call(request).await,
            _ => self.service.call(request).await,
        }
    }
}

/// Answers anything with the same bytes, one answer per read.
async fn trivial(shutdown: Shutdown) -> Result<(), Failure> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    announce(listener.local_addr()?)?;
    let tasks = Tasks::default();
    loop {
        let (socket, _) = tokio::select! {
            accepted = listener.accept() => accepted?,
            () = shutdown.stopping() => return Ok(()),
        };
        socket.set_nodelay(true)?;
        tasks.spawn(async { drop(repeat(socket).await) });
    }
}

async fn repeat(mut socket: TcpStream) -> std::io::Result<()> {
    let answer = format!(
        "HTTP/1.1 200 OK\r\ncontent-type: application/json; charset=utf-8\r\ncontent-length: {}\r\n\
         date: Thu, 01 Jan 2026 00:00:00 GMT\r\n\r\n{BODY}",
        BODY.len()
    );
    let mut buffer = vec![0; 4096];
    while socket.read(&mut buffer).await? > 0 {
        socket.write_all(answer.as_bytes()).await?;
    }
    Ok(())
}
