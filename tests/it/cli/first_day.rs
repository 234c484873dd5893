//! The first day of an operator, by the blocks of docs/operations.md in an empty folder.

use serde_json::{Value, json};

use crate::cli::user::{me, text, try_log_in};
use crate::support::app::{Login, PASSWORD};
use crate::support::process::{Installation, Serving, until};
use crate::support::smtp::{Manner, SmtpServer};
use crate::support::{Backend, both_backends};

const PAGE: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/operations.md"));

/// Returns the shell block of this name.
fn block(name: &str) -> &'static str {
    let marker = format!("<!-- first day: {name} -->\n```sh\n");
    let (_, block) = PAGE.split_once(&marker).unwrap_or_else(|| panic!("no block {name:?}"));
    block.split_once("```").unwrap().0
}

/// Runs the block of this name, and returns what it printed.
#[track_caller]
fn run(installation: &Installation, name: &str) -> String {
    let ran = installation.run_script(block(name));
    assert_eq!(ran.code, Some(0), "{name}: {ran:?}");
    ran.stdout
}

fn json(printed: &str) -> Value {
    serde_json::from_str(printed).unwrap_or_else(|error| panic!("{error}: {printed}"))
}

/// Returns an installation without any setting but those of the page, and limits for a busy machine. In
/// place of the servers that the page names, `block` names those of the test.
async fn empty_folder(backend: Backend) -> Installation {
    let installation = Installation::on(backend).await;
    // Those that make passwords cheap are refused in production.
    installation.unset(&[
        "SVC_SECURITY__PASSWORD__MEMORY_KIB",
        "SVC_SECURITY__PASSWORD__ITERATIONS",
        "SVC_LIMITS__ENABLED",
        "SVC_DATABASE__URL",
    ])
}

async fn serve(installation: &Installation) -> Serving {
    let serving = installation.serve_with(&["--with-worker"]);
    serving.ready().await;
    serving
}

both_backends! {
    async fn the_blocks_of_the_page_work_in_their_order(backend: Backend) {
        let mails = SmtpServer::start(Manner::Takes).await;
        let installation = empty_folder(backend).await;
        let database = installation.database_url().unwrap_or_else(|| "sqlite:data/svc.db".to_owned());
        let replaced = [
            ("postgres://svc:PASSWORD@db.example.com/svc?sslmode=verify-full", &*database),
            ("smtp://svc:PASSWORD@mail.example.com:587?tls=required", &mails.url),
        ];
        let mut secrets = block("secrets").to_owned();
        for (documented, ours) in replaced {
            assert!(secrets.contains(documented), "{documented}");
            secrets = secrets.replace(documented, ours);
        }
        installation.run_script(&secrets).expect(0);
        // Nothing listens there, which the doctor takes for a service that does not run yet.
        let settings = block("settings").replace("https://auth.example.com", "https://localhost:1");
        let checked = installation.run_script(&settings).expect(0);
        assert!(!checked.stderr.contains("database"), "{checked:?}");
        let examined = run(&installation, "migrate");
        assert!(examined.contains("\"ok\": true") && !examined.contains("\"fail\""), "{examined}");

        let serving = serve(&installation).await;
        let created = json(&run(&installation, "administrator"));
        let you = Login::of(&try_log_in(&serving, "you@example.com", text(&created, "password")).await.expect(200));
        assert_eq!(serving.client.get("/api/v1/users", Some(&you.access)).await.status, 200);
        let ada = json!({ "email": "ada@example.com", "password": PASSWORD });
        serving.client.post("/api/v1/auth/register", &ada).await.expect(201);
        let login = Login::of(&serving.client.post("/api/v1/auth/login", &ada).await.expect(200));
        assert_eq!(me(&serving, &login).await, 200);

        assert_eq!(json(&run(&installation, "lock"))["sessions_revoked"], 1);
        until(async || me(&serving, &login).await == 401).await;
        assert_eq!(try_log_in(&serving, "ada@example.com", PASSWORD).await.status, 403);
        assert_eq!(json(&run(&installation, "show"))["status"], "locked");
        assert_eq!(json(&run(&installation, "unlock"))["status"], "active");
        let again = Login::of(&try_log_in(&serving, "ada@example.com", PASSWORD).await.expect(200));
        let reset = json(&run(&installation, "password"));
        let password = text(&reset, "password").to_owned();
        until(async || me(&serving, &again).await == 401).await;
        try_log_in(&serving, "ada@example.com", PASSWORD).await.expect(401);
        try_log_in(&serving, "ada@example.com", &password).await.expect(200);

        let installation = installation.file("token.txt", &login.access);
        let story = run(&installation, "explain");
        for part in ["The access token is not accepted:", "user_locked", "the password of the user was changed"] {
            assert!(story.contains(part), "{part} is not in:\n{story}");
        }
        let rotated = run(&installation, "rotate");
        assert!(rotated.contains("generated") && rotated.contains("pending"), "{rotated}");
        let audited = async || run(&installation, "events").contains("svc.key.generated.v1");
        until(audited).await;

        let (back_up, restore) = match backend {
            Backend::Sqlite => ("back up SQLite", "restore SQLite"),
            Backend::Postgres => ("back up PostgreSQL", "restore PostgreSQL"),
        };
        run(&installation, back_up);
        installation.run(&["user", "delete", "ada@example.com", "--yes"]).expect(0);
        try_log_in(&serving, "ada@example.com", &password).await.expect(401);
        serving.terminate();
        serving.ended().expect(0);
        run(&installation, restore);
        let serving = serve(&installation).await;
        let restored = Login::of(&try_log_in(&serving, "ada@example.com", &password).await.expect(200));
        assert_eq!(me(&serving, &restored).await, 200);
        serving.terminate();
        serving.ended().expect(0);
    }
}

/// No block of the first day is left out above.
#[test]
fn every_block_is_run() {
    let source = include_str!("first_day.rs");
    let names = PAGE.split("<!-- first day: ").skip(1).map(|rest| rest.split(" -->").next().unwrap());
    for name in names {
        assert!(source.contains(&format!("\"{name}\"")), "{name} is run by no test");
    }
}
