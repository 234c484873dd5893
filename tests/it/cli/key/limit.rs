//! The limit of keys that operators generate.

use super::{changes, id_of, key, statuses};
use crate::support::process::Installation;
use crate::support::{Backend, both_backends};

both_backends! {
    async fn the_key_set_stays_small(backend: Backend) {
        let installation = Installation::migrated(backend).await;
        for _ in 0..10 {
            key(&installation, &["generate"]).expect(0);
        }
        let before = statuses(&installation);
        key(&installation, &["generate"]).refused(1, &["10 keys are pending already: ", "`svc key remove KEY`"]);
        assert_eq!(statuses(&installation), before);
        // A key that has leaked is replaced nevertheless, by one of them.
        let active = id_of(&installation, "active");
        let replaced = key(&installation, &["retire", &active, "--compromised", "--yes"]).expect(0).json();
        assert_eq!(changes(&replaced), ["compromised", "activated"]);
        key(&installation, &["generate"]).expect(0);
        key(&installation, &["generate"]).refused(1, &["10 keys are pending already"]);
        let pending = id_of(&installation, "pending");
        key(&installation, &["remove", &pending, "--yes"]).expect(0);
        key(&installation, &["generate"]).expect(0);
    }
}
