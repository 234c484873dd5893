//! The history of a user in the outbox.

use serde_json::Value;

use super::{App, Backend};

impl App {
    /// Returns the events of a user in order, as `TYPE by ACTOR`, where the actor is `self` if it is the
    /// user.
    pub async fn history_of(&self, user: &Value) -> Vec<String> {
        let id = user["id"].as_str().unwrap();
        let lines = self.outbox_of(id, "type || ' by ' || actor").await;
        lines.into_iter().map(|line| line.replace(&format!(" by {id}"), " by self")).collect()
    }

    /// Returns the data of the last event of a user.
    pub async fn last_event_of(&self, user: &Value) -> Value {
        let all = self.outbox_of(user["id"].as_str().unwrap(), "CAST(data AS text)").await;
        serde_json::from_str(all.last().unwrap()).unwrap()
    }

    pub(super) async fn outbox_of(&self, user: &str, column: &str) -> Vec<String> {
        let subject = match self.database.backend() {
            Backend::Sqlite => format!("x'{}'", user.replace('-', "")),
            Backend::Postgres => format!("'{user}'"),
        };
        self.database
            .texts(&format!("SELECT {column} FROM outbox WHERE subject = {subject} ORDER BY id"))
            .await
    }
}
