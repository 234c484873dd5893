use std::collections::BTreeMap;

use lapin::BasicProperties;
use lapin::types::AMQPValue;
use reqwest::Method;
use serde_json::{Value, json};
use svc::ports::events::EventFilter;

use super::{start, until, until_audited};
use crate::support::app::{App, PASSWORD};
use crate::support::rabbit;

const TRACE: &str = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

/// Returns the headers of a message, which are texts.
fn headers(properties: &BasicProperties) -> BTreeMap<String, Value> {
    let headers = properties.headers().as_ref().unwrap().inner().iter();
    let text = |value: &AMQPValue| match value {
        AMQPValue::LongString(text) => json!(text.to_string()),
        other => panic!("{other:?}"),
    };
    headers.map(|(name, value)| (name.to_string(), text(value))).collect()
}

#[test]
fn consumers_get_each_event_as_documented() {
    rabbit::run(async |_| {
        let (app, broker) = start().await;
        // The service declares the exchange.
        until(async || app.container.is_broker_up()).await;
        let admin = broker.admin().await;
        let registered = admin.bind(&broker.exchange(), "user.#").await;
        let sessions = admin.bind(&broker.exchange(), "session.started").await;
        let body = json!({ "email": App::address(), "password": PASSWORD });
        let request = app.client.request(Method::POST, "/api/v1/auth/register").json(&body);
        let request =
            request.header("traceparent", TRACE).header("tracestate", "vendor=1").header("tracestate", "b=2");
        let user = app.client.answer(request.header("x-request-id", "browser-1")).await.expect(201);
        app.log_in(user["email"].as_str().unwrap()).await;
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
        let mut headers = headers(&got.properties);
        assert_eq!(headers.remove("traceparent"), Some(json!(TRACE)));
        assert_eq!(headers.remove("tracestate"), Some(json!("vendor=1,b=2")));
        // The attributes of the envelope but the type of its data.
        let mut attributes = event.as_object().unwrap().clone();
        attributes.retain(|name, _| !["data", "datacontenttype"].contains(&name.as_str()));
        assert_eq!(attributes.len(), 9, "{attributes:?}");
        let prefixed = attributes.into_iter().map(|(name, value)| (format!("cloudEvents:{name}"), value));
        assert_eq!(headers, prefixed.collect());
        assert_eq!(properties.correlation_id().as_ref().unwrap().as_str(), "browser-1");
        assert_eq!(event["correlationid"], "browser-1");

        assert!(admin.get(&registered).await.is_none());
        let started = admin.get(&sessions).await.unwrap();
        assert_eq!(started.routing_key.as_str(), "session.started");
        // Without a trace, the id of the request that the service made leads from its log to this message.
        let without = self::headers(&started.properties);
        assert!(!without.keys().any(|name| name.contains("trace")), "{without:?}");
        let id = started.properties.correlation_id().as_ref().unwrap().as_str();
        assert_eq!(without["cloudEvents:correlationid"], id);
        assert!(uuid::Uuid::try_parse(id).is_ok(), "{id}");
        app.stop().await;
    });
}
