use serde_json::Value;

/// A logged-in user: the tokens that the service returned.
#[derive(Clone, Debug)]
pub struct Login {
    pub access: String,
    pub refresh: String,
}

impl Login {
    /// Reads the tokens of an answer.
    pub fn of(pair: &Value) -> Self {
        let text = |name: &str| pair[name].as_str().unwrap().to_owned();
        Self { access: text("access_token"), refresh: text("refresh_token") }
    }

    /// Returns the user id in the access token.
    pub fn user_id(&self) -> String {
        crate::support::client::claims(&self.access)["sub"].as_str().unwrap().to_owned()
    }

    /// Returns the session id in the access token.
    pub fn session_id(&self) -> String {
        crate::support::client::claims(&self.access)["sid"].as_str().unwrap().to_owned()
    }
}
