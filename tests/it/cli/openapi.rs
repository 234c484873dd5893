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

#[test]
fn the_document_of_events_names_the_virtual_host_of_the_installation_or_none() {
    for (queue, vhost) in
        [("database:", None), ("amqp://u:p@broker", Some("/")), ("amqp://u:p@broker/a%2Fb", Some("a/b"))]
    {
        let installation = Installation::default().set("SVC_QUEUE__URL", queue);
        let document = installation.run(&["asyncapi"]).expect(0).json();
        let channels = document["channels"].as_object().unwrap();
        for (name, channel) in channels {
            let kind = if name == "inbox" { "queue" } else { "exchange" };
            let binding = &channel["bindings"]["amqp"][kind];
            assert_eq!(
                (binding["name"].is_string(), binding["vhost"].as_str()),
                (true, vhost),
                "{queue} {name}"
            );
        }
        let variables = &document["servers"]["rabbitmq"]["variables"];
        assert_eq!(variables["vhost"]["default"], vhost.unwrap_or("svc"), "{queue}");
    }
}
