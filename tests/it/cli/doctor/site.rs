use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::thread;

use super::{Examined, strong};
use crate::support::Backend;
use crate::support::ports::{free_port, own_host};
use crate::support::process::{Installation, Serving};

/// An installation that serves at this address, which is also its public URL.
async fn at(address: SocketAddr, public: SocketAddr) -> Installation {
    strong(Installation::migrated(Backend::Sqlite).await)
        .set("SVC_SERVER__LISTEN", &address.to_string())
        .set("SVC_SERVER__PUBLIC_URL", &format!("http://{public}"))
}

fn address() -> SocketAddr {
    (own_host(), free_port()).into()
}

async fn serve(installation: &Installation) -> Serving {
    let serving = installation.start_serving(&["serve"]);
    serving.ready().await;
    serving
}

/// A proxy that appends the address of its client, as nginx does, and closes each connection.
fn proxy(to: SocketAddr) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || {
        while let Ok((mut client, from)) = listener.accept() {
            let mut head = Vec::new();
            let mut byte = [0];
            while !head.ends_with(b"\r\n\r\n") && client.read(&mut byte).unwrap_or(0) == 1 {
                head.push(byte[0]);
            }
            let head = String::from_utf8(head).unwrap();
            let lines = head.trim_end().lines().map(|line| match line.strip_prefix("x-forwarded-for: ") {
                Some(hops) => format!("x-forwarded-for: {hops}, {}\r\n", from.ip()),
                None => format!("{line}\r\n"),
            });
            let mut server = TcpStream::connect(to).unwrap();
            write!(server, "{}connection: close\r\n\r\n", lines.collect::<String>()).unwrap();
            let _ = std::io::copy(&mut server, &mut client);
        }
    });
    address
}

#[tokio::test]
async fn the_public_url_of_another_service() {
    let (here, there) = (address(), address());
    let ours = at(here, here).await;
    let serving = serve(&ours).await;
    let examined = Examined::of(&ours, 0);
    assert_eq!(examined.bad(), [] as [String; 0], "{:#}", examined.0);
    examined.has("public_url", "ok", "leads to this service", "");
    let other = at(there, there).await.set("SVC_SECURITY__SECRET_KEY", "Wq3vNc8RzT5yLm1KxB7dGh4PfJs9Ua2E");
    let another = serve(&other).await;
    let wrong = ours.set("SVC_SERVER__PUBLIC_URL", &format!("http://{there}"));
    Examined::of(&wrong, 1).finds("public_url", "fail", "another service", "correct server.public_url");
    for running in [serving, another] {
        running.terminate();
        let ran = running.ended().expect(0);
        assert!(!ran.stderr.contains("untrusted proxy"), "{}", ran.stderr);
    }
    let unknown = wrong.set("SVC_SERVER__PUBLIC_URL", "http://no-such-host.invalid");
    Examined::of(&unknown, 1).finds("public_url", "fail", "no-such-host.invalid", "DNS");
}

#[tokio::test]
async fn a_proxy_that_is_not_trusted() {
    let here = address();
    let public = proxy(here);
    let installation = at(here, public).await;
    let serving = serve(&installation).await;
    let examined = Examined::of(&installation, 1);
    examined.finds("trusted_proxies", "fail", "which is not trusted", "add 127.");
    serving.terminate();
    serving.ended().expect(0);
    let trusted = installation.set("SVC_SERVER__TRUSTED_PROXIES", "127.0.0.0/8");
    let serving = serve(&trusted).await;
    let examined = Examined::of(&trusted, 0);
    assert_eq!(examined.bad(), [] as [String; 0], "{:#}", examined.0);
    serving.terminate();
    serving.ended().expect(0);
}

/// A stranger learns nothing about proxies.
#[tokio::test]
async fn only_a_process_with_the_secret_key_gets_an_answer() {
    let here = address();
    let serving = serve(&at(here, here).await).await;
    let request = serving.client.request(reqwest::Method::GET, "/health/live");
    let answer = request.header("svc-doctor", "AAAA.1.AAAA").send().await.unwrap();
    assert_eq!((answer.status().as_u16(), answer.headers().get("svc-doctor")), (200, None));
    serving.terminate();
    serving.ended().expect(0);
}
