use std::sync::atomic::{AtomicUsize, Ordering};

use futures_util::future::join_all;
use serde_json::Value;

use super::{Replica, soon};
use crate::support::app::Login;

/// How many users read at once.
const PEOPLE: usize = 6;

/// Users who read their own profile continuously.
pub struct Load {
    people: Vec<Person>,
    answered: AtomicUsize,
}

struct Person {
    id: Value,
    login: Login,
    /// How often they were renamed: to `v1`, `v2` and so on.
    renamed: AtomicUsize,
}

impl Load {
    pub async fn on(replica: &Replica) -> Self {
        let people = join_all((0..PEOPLE).map(async |_| {
            let (user, login) = replica.app.new_user().await;
            Person { id: user["id"].clone(), login, renamed: AtomicUsize::default() }
        }));
        Self { people: people.await, answered: AtomicUsize::default() }
    }

    /// Lets them read until the scene ends. Every answer must be 200, show the right user, and be as new as
    /// every change acknowledged before the request.
    pub async fn during<T>(&self, replica: &Replica, scene: impl Future<Output = T>) -> T {
        let reading = join_all(self.people.iter().map(async |person| {
            loop {
                person.read(replica).await;
                self.answered.fetch_add(1, Ordering::SeqCst);
            }
        }));
        tokio::select! {
            _ = reading => unreachable!("they never stop"),
            done = scene => done,
        }
    }

    /// Waits until they have had `more` further answers.
    pub async fn goes_on(&self, more: usize) {
        let until = self.answered.load(Ordering::SeqCst) + more;
        soon("people are served", async || self.answered.load(Ordering::SeqCst) >= until).await;
    }

    /// Renames each of them once more.
    pub async fn rename(&self, replica: &Replica) {
        join_all(self.people.iter().map(async |person| {
            let number = person.renamed.load(Ordering::SeqCst) + 1;
            replica.rename(&person.login, &format!("v{number}")).await;
            person.renamed.store(number, Ordering::SeqCst);
        }))
        .await;
    }

    /// Waits until a replica that did not receive the changes shows them all.
    pub async fn is_shown_by(&self, replica: &Replica) {
        for person in &self.people {
            let number = person.renamed.load(Ordering::SeqCst);
            soon("another replica shows it", async || person.shown(replica).await >= number).await;
        }
    }
}

impl Person {
    async fn read(&self, replica: &Replica) {
        let acknowledged = self.renamed.load(Ordering::SeqCst);
        let shown = self.shown(replica).await;
        assert!(shown >= acknowledged, "v{shown} is shown after v{acknowledged} was acknowledged");
    }

    async fn shown(&self, replica: &Replica) -> usize {
        let me = replica.app.me(&self.login.access).await.expect(200);
        assert_eq!(me["id"], self.id, "another user is shown");
        me["name"].as_str().map_or(0, |name| name[1..].parse().unwrap())
    }
}
