use std::collections::{BTreeMap, BTreeSet};

use uuid::Uuid;

use crate::support::Backend;
use crate::support::mailbox::mails_in;
use crate::support::process::Installation;

/// Returns how many mails were sent again. Each event must have its mail, no other event may have one, and
/// each copy must be the same mail.
pub async fn sent_again(installation: &Installation, backend: Backend) -> usize {
    let id = match backend {
        Backend::Sqlite => "lower(hex(outbox.id))",
        Backend::Postgres => "CAST(outbox.id AS text)",
    };
    let asked = format!(
        "SELECT {id} || ' ' || users.email FROM inbox JOIN outbox ON outbox.id = inbox.event_id \
         JOIN users ON users.id = outbox.subject WHERE inbox.handler = 'mail'"
    );
    let asked = installation.texts(&asked).await;
    let asked: BTreeSet<(Uuid, &str)> =
        asked.iter().filter_map(|line| line.split_once(' ')).map(|(id, email)| (event(id), email)).collect();

    let mails = mails_in(&installation.path("data/mail"));
    let mut first_of = BTreeMap::new();
    for mail in &mails {
        let (id, _) = mail.message_id.trim_start_matches('<').split_once('.').unwrap();
        let first = first_of.entry((event(id), mail.to.as_str())).or_insert(mail);
        assert_eq!(*first, mail, "two mails of one event, with one Message-ID and one link, are the same");
    }
    let sent: BTreeSet<_> = first_of.into_keys().collect();
    let (missing, extra): (Vec<_>, Vec<_>) =
        (asked.difference(&sent).collect(), sent.difference(&asked).collect());
    assert!(
        missing.is_empty() && extra.is_empty(),
        "without a mail: {missing:?}; without an event: {extra:?}"
    );
    mails.len() - sent.len()
}

fn event(id: &str) -> Uuid {
    id.parse().unwrap()
}
