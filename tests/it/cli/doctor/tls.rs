//! The public URL with TLS: nginx in front of the service, with a certificate of an authority of the test.

use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use super::{Examined, strong};
use crate::support::certificates::certificates;
use crate::support::ports::{free_port, own_host};
use crate::support::process::{Installation, until};
use crate::support::{Backend, environment};

/// A running nginx, killed when it is dropped.
struct Nginx(Child);

impl Drop for Nginx {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Starts nginx with a certificate in front of the service. `forward` is what it adds to requests.
async fn nginx(
    program: &Path,
    installation: &Installation,
    certificate: &str,
    forward: &str,
    ports: (u16, SocketAddr),
) -> Nginx {
    let folder = installation.path("");
    let folder = folder.display();
    let (port, service) = ports;
    let text = format!(
        "daemon off; master_process off; pid {folder}/pid; error_log stderr crit; events {{}}
        http {{ access_log off; client_body_temp_path {folder}/1; proxy_temp_path {folder}/2;
        fastcgi_temp_path {folder}/3; uwsgi_temp_path {folder}/4; scgi_temp_path {folder}/5;
        server {{ listen 127.0.0.1:{port} ssl; ssl_certificate {folder}/{certificate};
        ssl_certificate_key {folder}/site.key;
        location / {{ proxy_pass http://{service}; {forward} }} }} }}"
    );
    let path = installation.path(format!("{certificate}.conf"));
    std::fs::write(&path, text).unwrap();
    let mut command = Command::new(program);
    command.args(["-e", "stderr", "-c"]).arg(&path).stdin(Stdio::null()).stdout(Stdio::null());
    let nginx = Nginx(command.spawn().unwrap());
    until(async || tokio::net::TcpStream::connect(("127.0.0.1", port)).await.is_ok()).await;
    nginx
}

#[tokio::test]
async fn a_certificate_and_the_addresses_behind_a_proxy() {
    let Some(program) = environment::program("nginx") else {
        return environment::skip("no nginx to start");
    };
    let (port, service) = (free_port(), SocketAddr::from((own_host(), free_port())));
    let installation = strong(Installation::migrated(Backend::Sqlite).await)
        .set("SVC_SERVER__LISTEN", &service.to_string())
        .set("SVC_SERVER__PUBLIC_URL", &format!("https://localhost:{port}"))
        .set("SVC_SERVER__TRUSTED_PROXIES", "127.0.0.0/8");
    certificates(&installation.path(""));
    let serving = installation.start_serving(&["serve"]);
    serving.ready().await;
    let forward = "proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;";
    let dropped = "proxy_set_header X-Forwarded-For '';";
    let ca = installation.path("ca.pem").display().to_string();

    let running = nginx(&program, &installation, "site-30.pem", forward, (port, service)).await;
    // The authority is not one of the system.
    let examined = Examined::of(&installation, 1);
    examined.finds("public_url", "fail", "certificate", "renew the certificate, or correct it");
    let installation = installation.set("SSL_CERT_FILE", &ca);
    let examined = Examined::of(&installation, 0);
    assert_eq!(examined.bad(), [] as [String; 0], "{:#}", examined.0);
    examined.has("public_url", "ok", "leads to this service", "");
    examined.has("certificate", "ok", "for 29 days", "");
    drop(running);

    let running = nginx(&program, &installation, "site-7.pem", dropped, (port, service)).await;
    let examined = Examined::of(&installation, 0);
    assert_eq!(examined.bad(), ["certificate warn", "trusted_proxies warn"], "{:#}", examined.0);
    examined.has("certificate", "warn", "for 6 days", "renew the certificate");
    drop(running);

    // A name that the certificate does not have.
    let running = nginx(&program, &installation, "site-30.pem", forward, (port, service)).await;
    let elsewhere = installation.set("SVC_SERVER__PUBLIC_URL", &format!("https://127.0.0.1:{port}"));
    Examined::of(&elsewhere, 1).finds("public_url", "fail", "not valid for name", "renew the certificate");
    drop(running);
    serving.terminate();
    serving.ended().expect(0);
}
