use serde_json::Value;

/// Who is logged in: their tokens as the service gave them.
#[derive(Clone, Debug)]
pub struct Login {
    pub access: String,
    pub refresh: String,
}

impl Login {
    /// The tokens in an answer.
    pub fn of(pair: &Value) -> Self {
        let text = |name: &str| pair[name].as_str().unwrap().to_owned();
        Self { access: text("access_token"), refresh: text("refresh_token") }
    }

    /// The user, as the access token names them.
    pub fn user_id(&self) -> String {
        crate::support::client::claims(&self.access)["sub"].as_str().unwrap().to_owned()
    }

    /// The session, as the access token names it.
    pub fn session_id(&self) -> String {
        crate::support::client::claims(&self.access)["sid"].as_str().unwrap().to_owned()
    }
}
