use crate::support::process::Installation;

#[tokio::test]
async fn it_is_the_document_that_the_service_serves() {
    let installation = Installation::default().set("SVC_SERVER__PUBLIC_URL", "https://auth.test/path");
    let printed = installation.run(&["openapi"]).expect(0).json();
    assert!(!installation.path("data").exists(), "printing makes nothing");
    let served = installation.serve().client.get("/openapi.json", None).await.expect(200);
    assert_eq!(printed, served);
    assert_eq!(served["servers"][0]["url"], "https://auth.test/path");
}

#[test]
fn it_needs_no_valid_settings() {
    let installation = Installation::default().set("SVC_SERVER__LISTEN", "nowhere");
    let printed = installation.run(&["openapi"]).expect(0).json();
    assert_eq!(printed["servers"][0]["url"], "https://auth.example.com");
}
