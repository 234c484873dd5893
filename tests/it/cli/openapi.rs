use crate::support::process::Installation;

#[tokio::test]
async fn it_is_the_document_that_the_service_serves() {
    let installation = Installation::default();
    let printed = installation.run(&["openapi"]).expect(0).json();
    assert!(!installation.path("data").exists(), "printing makes nothing");
    let served = installation.serve().client.get("/openapi.json", None).await.expect(200);
    assert_eq!(printed, served);
}

#[test]
fn it_needs_no_valid_settings() {
    Installation::default().set("SVC_SERVER__LISTEN", "nowhere").run(&["openapi"]).expect(0);
}
