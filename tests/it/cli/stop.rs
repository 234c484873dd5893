use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};

use crate::support::process::{Installation, finish, signal};

#[tokio::test]
async fn open_connections_do_not_delay_it() {
    let installation = Installation::default().set("SVC_LIMITS__HEADER_TIMEOUT", "1h");
    let serving = installation.serve();
    let mut half = TcpStream::connect(serving.address).unwrap();
    half.write_all(b"GET /health/live HTTP/1.1\r\nho").unwrap();
    let mut kept = TcpStream::connect(serving.address).unwrap();
    kept.write_all(b"GET /health/live HTTP/1.1\r\nhost: svc\r\n\r\n").unwrap();
    // The answer shows that both were accepted, which is done in order.
    assert_eq!(kept.read(&mut [0; 1024]).map(|bytes| bytes > 0).ok(), Some(true));
    serving.terminate();
    let ran = serving.ended().expect(0);
    assert!(ran.stderr.contains("stopped") && !ran.stderr.contains("aborted"), "{}", ran.stderr);
}

#[tokio::test]
async fn a_load_balancer_has_time_to_notice() {
    let installation = Installation::default().set("SVC_SERVER__DRAIN_DELAY", "20s");
    let mut serving = installation.serve();
    serving.ready().await;
    serving.terminate();
    serving.logged("a second signal ends the process immediately");
    let problem = serving.client.get("/health/ready", None).await.expect(503);
    assert_eq!(problem["detail"], "The process is stopping.");
    serving.client.get("/health/live", None).await.expect(200);
    // 128 plus the number of the signal.
    serving.terminate();
    serving.ended().expect(143);
}

#[tokio::test]
async fn a_hangup_is_ignored_by_a_service_and_its_worker() {
    let installation = Installation::default();
    let mut serving = installation.serve();
    serving.ready().await;
    for _ in 0..2 {
        serving.signal("HUP");
        let line = serving.logged("SIGHUP ignored");
        assert_eq!(line["level"], "WARN", "{line}");
    }
    serving.client.get("/health/ready", None).await.expect(200);
    serving.terminate();
    serving.ended().expect(0);

    let mut worker = installation.start(&["consume"]);
    let mut lines = BufReader::new(worker.stderr.take().unwrap()).lines().map(Result::unwrap);
    assert!(lines.any(|line| line.contains("worker started")));
    signal(worker.id(), "HUP");
    assert!(lines.any(|line| line.contains("SIGHUP ignored")));
    signal(worker.id(), "TERM");
    assert!(lines.any(|line| line.contains("stopped")));
    finish(worker).expect(0);
}

/// The process in this folder that runs the service.
fn process_in(folder: &Path) -> u32 {
    let processes = fs::read_dir("/proc").unwrap().flatten().map(|entry| entry.path());
    let is_ours = |path: &PathBuf| {
        let named = fs::read_to_string(path.join("comm")).is_ok_and(|name| name == "svc\n");
        named && fs::read_link(path.join("cwd")).is_ok_and(|cwd| cwd == folder)
    };
    let ours = processes.into_iter().find(is_ours).unwrap();
    ours.file_name().unwrap().to_str().unwrap().parse().unwrap()
}

/// A terminal sends the signal more than once, and that must not end the process before its time.
#[tokio::test]
async fn a_terminal_that_is_closed_stops_it() {
    let installation = Installation::default().patient().set("SVC_SERVER__DRAIN_DELAY", "20s");
    let serve = ["serve", "--set", "server.listen=127.0.0.1:0"];
    let Some(mut terminal) = installation.on_terminal(&serve) else { return };
    terminal.shows("Ready?");
    let process = process_in(&installation.path("").canonicalize().unwrap());
    signal(process, "HUP");
    terminal.shows("a second signal ends the process immediately");
    signal(process, "HUP");
    // 128 plus the number of this signal, not of the one before.
    signal(process, "TERM");
    let ran = terminal.ended().expect(143);
    assert!(!ran.stdout.contains("SIGHUP ignored"), "{ran:?}");
}
