use std::time::{Duration, Instant};

use serde_json::json;

use super::{changes, id_of, key, signer, statuses};
use crate::cli::load::Replicas;
use crate::cli::user::{create, log_in as log_in_as};
use crate::support::app::{Login, PASSWORD};
use crate::support::process::{Installation, Serving, until};
use crate::support::{Backend, both_backends};

/// The time within which every replica has read the keys.
const PROMISED: Duration = Duration::from_secs(30);

async fn me(serving: &Serving, login: &Login) -> u16 {
    serving.client.get("/api/v1/users/me", Some(&login.access)).await.status
}

async fn log_in(serving: &Serving) -> Login {
    let ada = json!({ "email": "ada@example.com", "password": PASSWORD });
    Login::of(&serving.client.post("/api/v1/auth/login", &ada).await.expect(200))
}

both_backends! {
    async fn tokens_of_a_compromised_key_are_refused_by_all_processes_and_log_ins_work(backend: Backend) {
        let installation = Installation::migrated(backend).await;
        // Both replicas issue tokens in the same name.
        let installation = installation.set("SVC_SERVER__PUBLIC_URL", "http://svc.test");
        let (one, two) = (installation.serve_with(&["--no-worker"]), installation.serve_with(&["--no-worker"]));
        one.ready().await;
        two.ready().await;
        let ada = json!({ "email": "ada@example.com", "password": PASSWORD });
        one.client.post("/api/v1/auth/register", &ada).await.expect(201);
        let logins = [log_in(&one).await, log_in(&two).await];
        for login in &logins {
            assert_eq!((me(&one, login).await, me(&two, login).await), (200, 200));
        }
        let leaked = id_of(&installation, "active");
        let compromised = ["retire", &*leaked, "--compromised"];
        key(&installation, &compromised).refused(2, &["refuse all tokens of the key", "end the sessions", "--yes"]);
        let dry = key(&installation, &[&compromised[..], &["--dry-run"]].concat()).expect(0).json();
        assert_eq!(changes(&dry), ["compromised", "generated", "activated"]);
        assert_eq!(statuses(&installation), ["active"], "nothing has changed");
        assert_eq!((&dry["sessions_revoked"], &dry["dry_run"]), (&json!(2), &json!(true)));

        let done = key(&installation, &[&compromised[..], &["--yes"]].concat()).expect(0).json();
        assert_eq!(changes(&done), ["compromised", "generated", "activated"]);
        assert_eq!((&done["sessions_revoked"], done["breaks"].as_array().unwrap().len()), (&json!(2), 3));
        assert_eq!(statuses(&installation), ["active", "compromised"]);
        for serving in [&one, &two] {
            for login in &logins {
                until(async || me(serving, login).await == 401).await;
                let refresh = json!({ "refresh_token": login.refresh });
                let refused = serving.client.post("/api/v1/auth/refresh", &refresh).await.rejection();
                assert_eq!(refused, (401, "session_revoked".to_owned()));
            }
            // Log-ins work at once; after the replica has read the keys, also their tokens do.
            log_in(serving).await;
            let published = async || serving.client.get("/.well-known/jwks.json", None).await.expect(200).to_string();
            until(async || !published().await.contains(&leaked)).await;
            assert_eq!(me(serving, &log_in(serving).await).await, 200);
        }
        let reasons = "SELECT revoked_reason FROM sessions WHERE revoked_at IS NOT NULL";
        assert_eq!(installation.texts(reasons).await, ["key_compromised", "key_compromised"]);
        let removed = "SELECT CAST(data AS text) FROM outbox WHERE type = 'svc.key.removed.v1'";
        let removed = installation.texts(removed).await.concat();
        let removed: serde_json::Value = serde_json::from_str(&removed).unwrap();
        assert_eq!((&removed["key_id"], &removed["compromised"]), (&json!(leaked), &json!(true)));
    }

    async fn under_load_every_token_of_the_key_is_refused_in_time(backend: Backend) {
        let replicas = Replicas::start(Installation::migrated(backend).await).await;
        create(&replicas.installation, "ada@example.com", &[]);
        let leaked = id_of(&replicas.installation, "active");
        let logins = [
            log_in_as(&replicas.both[0], "ada@example.com").await,
            log_in_as(&replicas.both[1], "ada@example.com").await,
        ];
        let work = async {
            replicas.run(&["key", "retire", &leaked, "--compromised", "--yes"], "").await.expect(0);
            let since = Instant::now();
            for replica in &replicas.both {
                let published = async || replica.client.get("/.well-known/jwks.json", None).await.expect(200);
                until(async || !published().await.to_string().contains(&leaked)).await;
                for login in &logins {
                    assert_eq!(me(replica, login).await, 401);
                }
                // Log-ins work throughout, and from now on their tokens do.
                let login = log_in_as(replica, "ada@example.com").await;
                assert_eq!((me(replica, &login).await, signer(&login) == leaked), (200, false));
            }
            since.elapsed()
        };
        let (took, under_load) = replicas.under_load(work).await;
        println!("{backend:?}: a compromised key is refused by both replicas after {took:.0?}");
        assert!(took < PROMISED, "{took:?}");
        assert!(!under_load.is_empty());
        // A replica may have issued tokens of the key until it had read the keys. They are refused too.
        for login in under_load.iter().filter(|login| signer(login) == leaked) {
            for replica in &replicas.both {
                assert_eq!(me(replica, login).await, 401);
            }
        }
        replicas.stop();
    }
}
