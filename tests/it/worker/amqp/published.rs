use serde_json::{Value, json};
use svc::ports::events::EventFilter;

use super::{start, until, until_audited};
use crate::support::rabbit;

#[test]
fn consumers_get_each_event_as_documented() {
    rabbit::run(async |_| {
        let (app, broker) = start().await;
        // The service declares the exchange.
        until(async || app.container.is_broker_up()).await;
        let admin = broker.admin().await;
        let registered = admin.bind(&broker.exchange(), "user.#").await;
        let sessions = admin.bind(&broker.exchange(), "session.started").await;
        let (user, _) = app.new_user().await;
        until_audited(&app, 2).await;

        let got = admin.get(&registered).await.unwrap();
        let event: Value = serde_json::from_slice(&got.data).unwrap();
        let log = app.container.event_log();
        let stored =
            log.events(&EventFilter { limit: 2, ..EventFilter::default() }).await.unwrap().pop().unwrap();
        assert_eq!(
            event,
            svc::adapters::events::cloud_events::envelope("http://svc.test", &stored.event).unwrap()
        );
        assert_eq!((&event["subject"], &event["data"]["email"]), (&user["id"], &user["email"]));
        let properties = &got.properties;
        assert_eq!(properties.content_type().as_ref().unwrap().as_str(), "application/cloudevents+json");
        assert_eq!(json!(properties.message_id().as_ref().unwrap().as_str()), event["id"]);
        assert_eq!((properties.delivery_mode(), got.routing_key.as_str()), (&Some(2), "user.registered"));
        assert!(admin.get(&registered).await.is_none());
        assert_eq!(admin.get(&sessions).await.unwrap().routing_key.as_str(), "session.started");
        app.stop().await;
    });
}
