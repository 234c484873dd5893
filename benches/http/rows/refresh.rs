use std::sync::Arc;
use std::time::{Duration, Instant};

use async_trait::async_trait;
use secrecy::ExposeSecret as _;
use svc::adapters::sqlx::SqlxStore;
use svc::domain::{Audience, Audiences, Client, Session};
use svc::ports::Clock;
use svc::ports::store::{Rotation, Store as _};
use tokio::task::JoinSet;

use super::{Bench, Row};
use crate::Failure;
use crate::load::{Crowd, Refresh};
use crate::measure::{Load, Slice};
use crate::service::Service;
use crate::variants::SHIPPED;

/// Measures refresh, compared with the one statement that it needs.
pub async fn rows(bench: &Bench<'_>) -> Result<Vec<Row>, Failure> {
    if !bench.arguments.wants("refresh", SHIPPED.name) {
        return Ok(Vec::new());
    }
    let service = Service::start(bench.lab, SHIPPED, bench.arguments)?;
    let sessions = bench.sessions().await?;
    let tokens = sessions.iter().filter_map(|session| session.refresh_token.as_ref());
    let scripts: Vec<_> = tokens.map(|token| Refresh::new(token.expose_secret())).collect();
    let mut row = Crowd::connect(&bench.threads, service.address, scripts).await?;
    let others = bench.sessions().await?;
    let mut ceiling = Rotations {
        store: bench.bare_store()?,
        clock: bench.container.clock().clone(),
        idle: bench.settings.security.token.refresh_idle,
        sessions: others.into_iter().map(|issued| issued.session).collect(),
    };
    let row =
        bench.row(("refresh", SHIPPED.name), &service, ("bare statement", &mut ceiling), &mut row).await;
    ceiling.store.close().await;
    Ok(vec![row?])
}

/// The statement alone, each task with its own session, as many at once as there are connections.
struct Rotations {
    store: SqlxStore,
    clock: Arc<dyn Clock>,
    idle: Duration,
    sessions: Vec<Session>,
}

#[async_trait]
impl Load for Rotations {
    fn is_done_here(&self) -> bool {
        true
    }

    async fn slice(&mut self, length: Duration) -> Result<Slice, Failure> {
        let began = Instant::now();
        let mut tasks = JoinSet::new();
        for session in self.sessions.drain(..) {
            let (store, clock, idle) = (self.store.clone(), Arc::clone(&self.clock), self.idle);
            tasks.spawn(rotate(session, store, clock, idle, began + length));
        }
        let mut all = Slice::default();
        while let Some(done) = tasks.join_next().await {
            let (session, slice) = done?;
            self.sessions.push(session);
            all.add(slice);
        }
        all.elapsed = began.elapsed();
        Ok(all)
    }
}

async fn rotate(
    mut session: Session,
    store: SqlxStore,
    clock: Arc<dyn Clock>,
    idle: Duration,
    until: Instant,
) -> (Session, Slice) {
    let mut slice = Slice::default();
    let client = Client::new(Some([127, 0, 0, 1].into()), None);
    let audiences = Arc::new(Audiences::new(Audience::stored("svc".to_owned()), Vec::new()));
    let mut began = Instant::now();
    while began < until {
        let at = clock.now();
        let rotation = Rotation {
            session_id: session.id,
            generation: session.generation,
            salt: session.salt,
            client: client.clone(),
            at,
            idle_expires_at: at.plus(idle),
            audiences: Arc::clone(&audiences),
            reads_user: false,
        };
        let rotated = store.rotations().rotate(&rotation).await;
        let now = Instant::now();
        slice.answered(now - began, matches!(rotated, Ok(Some(_))));
        began = now;
        if let Ok(Some(next)) = rotated {
            session = next.session;
        }
    }
    (session, slice)
}
