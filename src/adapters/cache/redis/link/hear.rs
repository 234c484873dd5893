use deadpool_redis::redis::{PushInfo, PushKind, Value};
use tokio::sync::{Notify, watch};
use uuid::Uuid;

use super::listener::Listener;
use crate::adapters::cache::redis::message::Message;

/// State set by the messages that the server pushes.
#[derive(Default)]
pub(super) struct Heard {
    /// The last beat that was sent, and whether it came back. Beats of other replicas arrive too and are
    /// ignored.
    pub beat: watch::Sender<(Uuid, bool)>,
    pub closed: Notify,
}

/// Handles a pushed message. Runs where the connection is read, so it never waits.
pub(super) fn hear(push: &PushInfo, heard: &Heard, listener: &dyn Listener) {
    match (&push.kind, push.data.as_slice()) {
        (PushKind::Message, [_, Value::BulkString(text)]) => {
            match std::str::from_utf8(text).ok().and_then(Message::read) {
                Some(Message::Invalidation(what)) => listener.invalidate(what),
                Some(Message::Beat(beat)) => drop(heard.beat.send_if_modified(|(sent, came)| {
                    let ours = *sent == beat;
                    *came |= ours;
                    ours
                })),
                None => {}
            }
        }
        (PushKind::Disconnection, _) => heard.closed.notify_one(),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Invalidation;

    struct NoListener;

    impl Listener for NoListener {
        fn invalidate(&self, _: Invalidation) {}
        fn hears(&self) {}
        fn is_deaf(&self) {}
    }

    #[test]
    fn the_beats_of_other_replicas_are_not_ours() {
        let heard = Heard::default();
        let [ours, theirs] = [1, 2].map(Uuid::from_u128);
        let push = |beat| PushInfo {
            kind: PushKind::Message,
            data: vec![Value::Nil, Value::BulkString(Message::Beat(beat).text().into_bytes())],
        };
        heard.beat.send_replace((ours, false));
        hear(&push(theirs), &heard, &NoListener);
        assert_eq!(*heard.beat.borrow(), (ours, false));
        hear(&push(ours), &heard, &NoListener);
        hear(&push(theirs), &heard, &NoListener);
        assert_eq!(*heard.beat.borrow(), (ours, true));
    }
}
