use crate::support::process::Installation;

#[tokio::test]
async fn it_agrees_with_readiness() {
    let installation = Installation::default().patient();
    let serving = installation.serve_with(&["--no-migrate"]);
    let url = format!("http://{}/health/ready", serving.address);
    installation.run(&["healthcheck", &url]).refused(69, &[&url, "503"]);
    installation.run(&["migrate"]).expect(0);
    serving.ready().await;

    let answer = installation.run(&["healthcheck", &url]).expect(0).json();
    assert_eq!(answer, serde_json::json!({ "url": url, "status": 200 }));
    let service = format!("http://{}", serving.address);
    for service in [&service, &format!("{service}/")] {
        assert_eq!(installation.run(&["healthcheck", service]).expect(0).json(), answer);
    }
    let asked = format!("{service}/health/ready?from=test");
    // The query arrives: no operation takes parameters that it does not name.
    for given in [format!("{service}?from=test"), format!("{service}/?from=test"), asked.clone()] {
        installation.run(&["healthcheck", &given]).refused(69, &[&asked, "422"]);
    }
    installation
        .run(&["healthcheck", &format!("{service}/nowhere?from=test")])
        .refused(69, &["/nowhere?from=test", "404"]);
    let listen = format!("server.listen=0.0.0.0:{}", serving.address.port());
    assert_eq!(installation.run(&["healthcheck", "--set", &listen]).expect(0).json(), answer);

    serving.kill();
    installation.run(&["healthcheck", &url]).refused(69, &[&url, "refused"]);
}

#[test]
fn only_complete_urls_without_tls_are_accepted() {
    let installation = Installation::default();
    for url in ["https://svc.example/health/ready", "localhost", "localhost:8000", "/health"] {
        installation.run(&["healthcheck", url]).refused(2, &["http://"]);
    }
}
