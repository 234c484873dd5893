//! The service answers any input: with success, or with a problem that blames the input and not the service.
//!
//! **Here**: invalid bodies (`bodies`), their members (`members`), their texts (`texts`), media types
//! (`media_types`), sizes (`sizes`), headers (`headers`), query parameters (`queries`), and methods and paths
//! (`requests`).
//!
//! The tests iterate over the OpenAPI document, so a new operation is tested too.

mod bodies;
mod headers;
mod media_types;
mod members;
mod queries;
mod requests;
mod sizes;
mod texts;

use reqwest::header::CONTENT_TYPE;
use reqwest::{Method, RequestBuilder};
use serde_json::{Map, Value};

use crate::support::app::Login;
use crate::support::client::Answer;
use crate::support::document::DOCUMENT;
use crate::support::{App, Backend};

/// A service, and an administrator with all rights.
struct Asking {
    app: App,
    admin: Login,
    /// The user to be changed.
    victim: String,
}

/// An operation that has a request body.
#[derive(Clone)]
struct Operation {
    method: Method,
    path: String,
    schema: &'static Value,
}

impl Asking {
    async fn start(backend: Backend) -> Self {
        let app = App::start(backend).await;
        let admin = app.new_admin().await;
        let victim = app.register(&App::address()).await["id"].as_str().unwrap().to_owned();
        Self { app, admin, victim }
    }

    /// Lists every operation of the document that has a request body.
    fn operations(&self) -> Vec<Operation> {
        let mut all = Vec::new();
        for (path, item) in DOCUMENT["paths"].as_object().unwrap() {
            for (method, operation) in item.as_object().unwrap() {
                let body = &operation["requestBody"]["content"]["application/json"]["schema"]["$ref"];
                let Some(reference) = body.as_str() else { continue };
                let method = Method::from_bytes(method.to_uppercase().as_bytes()).unwrap();
                let schema = DOCUMENT.pointer(reference.trim_start_matches('#')).unwrap();
                all.push(Operation { method, path: path.replace("{id}", &self.victim), schema });
            }
        }
        assert!(all.len() >= 8, "the document has lost operations");
        all
    }

    /// Returns a request of an administrator, without a body.
    fn request(&self, operation: &Operation) -> RequestBuilder {
        self.app.client.request(operation.method.clone(), &operation.path).bearer_auth(&self.admin.access)
    }

    /// Sends any bytes as JSON.
    async fn send(&self, operation: &Operation, body: impl Into<Vec<u8>>) -> Answer {
        let request = self.request(operation).header(CONTENT_TYPE, "application/json");
        self.app.client.answer(request.body(body.into())).await
    }

    async fn stop(self) {
        self.app.stop().await;
    }
}

impl Operation {
    /// Returns the schema of each member.
    fn members(&self) -> impl Iterator<Item = (&'static str, &'static Value)> + use<> {
        self.schema["properties"].as_object().unwrap().iter().map(|(name, schema)| (name.as_str(), schema))
    }

    /// Returns the document's example.
    fn example(&self) -> Map<String, Value> {
        self.schema["example"].as_object().unwrap().clone()
    }

    /// Returns the example with one member set.
    fn with(&self, name: &str, value: Value) -> String {
        let mut body = self.example();
        body.insert(name.to_owned(), value);
        Value::Object(body).to_string()
    }

    /// For messages.
    fn shown(&self, body: &str) -> String {
        format!("{} {} {body}", self.method, self.path)
    }
}
