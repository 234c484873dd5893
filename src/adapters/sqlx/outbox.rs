use async_trait::async_trait;
use futures_util::TryFutureExt;
use sqlx::types::Json;

use super::moment::Moment;
use super::run::{Tx, in_work};
use super::unit_of_work::Work;
use crate::adapters::event_json;
use crate::domain::{Actor, Event};
use crate::ports::store::{Outbox, StoreError};

const APPEND: &str =
    "INSERT INTO outbox (id, type, subject, actor, data, occurred_at) VALUES ($1, $2, $3, $4, $5, $6)";

#[async_trait]
impl Outbox for Work {
    async fn append(&mut self, event: &Event) -> Result<(), StoreError> {
        let actor = match event.actor {
            Actor::User(id) => id.to_string(),
            Actor::Operator => "operator".to_owned(),
            Actor::Service => "service".to_owned(),
        };
        let data = event_json::data(&event.kind);
        in_work!(self, |db| {
            sqlx::query(APPEND)
                .bind(event.id)
                .bind(event.kind.type_name())
                .bind(event.subject.0)
                .bind(&actor)
                .bind(Json(&data))
                .bind(Moment(event.at))
                .execute(db)
                .map_ok(drop)
        })
    }
}
