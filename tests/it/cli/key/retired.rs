//! Tokens of keys that no longer sign.

use serde_json::json;

use super::{changes, id_of, key, signer};
use crate::cli::user::{create, log_in, me};
use crate::support::app::Login;
use crate::support::process::{Installation, until};
use crate::support::{Backend, both_backends};

both_backends! {
    async fn tokens_of_a_retired_key_are_accepted_and_those_of_a_removed_key_are_refused(backend: Backend) {
        let installation = Installation::migrated(backend).await;
        let serving = installation.serve_with(&["--no-worker"]);
        serving.ready().await;
        create(&installation, "ada@example.com", &[]);
        let before = log_in(&serving, "ada@example.com").await;
        let (old, ada) = (id_of(&installation, "active"), "ada@example.com");
        assert_eq!(signer(&before), old);
        let published = async || serving.client.get("/.well-known/jwks.json", None).await.expect(200).to_string();

        key(&installation, &["rotate", "--force", "--yes"]).expect(0);
        let new = id_of(&installation, "active");
        until(async || signer(&log_in(&serving, ada).await) == new).await;
        // A key of another algorithm may be retired although tokens of it are valid: they stay so.
        let other = ["generate", "--set", "security.token.algorithm=EdDSA"];
        key(&installation, &other).expect(0);
        let other = id_of(&installation, "pending");
        key(&installation, &["activate", &other, "--force", "--yes"]).expect(0);
        let retired = key(&installation, &["retire", &new, "--yes"]).expect(0).json();
        assert_eq!((changes(&retired), &retired["breaks"]), (vec!["retired"], &json!([])));
        until(async || signer(&log_in(&serving, ada).await) == other).await;

        let set = published().await;
        assert!([&old, &new, &other].iter().all(|id| set.contains(id.as_str())), "{set}");
        assert_eq!(me(&serving, &before).await, 200, "the key is retired");
        key(&installation, &["retire", &old, "--yes"]).refused(1, &["the key is retired"]);
        key(&installation, &["remove", &old, "--yes"]).refused(1, &["can be valid until", "--compromised"]);
        assert_eq!(me(&serving, &before).await, 200, "nothing has changed");
        let removed = key(&installation, &["remove", &old, "--force", "--yes"]).expect(0).json();
        assert_eq!((changes(&removed), removed["breaks"].as_array().unwrap().len()), (vec!["removed"], 1));
        until(async || me(&serving, &before).await == 401).await;
        assert!(!published().await.contains(&old));
        // The session goes on: its client refreshes.
        let refresh = json!({ "refresh_token": before.refresh });
        let pair = serving.client.post("/api/v1/auth/refresh", &refresh).await.expect(200);
        assert_eq!(me(&serving, &Login::of(&pair)).await, 200);
        serving.terminate();
        serving.ended().expect(0);
    }
}
