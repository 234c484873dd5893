//! Commands that change something, started where there is no database or no secret key: in a wrong folder, or
//! without the settings of the service.

use crate::cli::changes::{ADA, CHANGING};
use crate::cli::user::create;
use crate::support::app::PASSWORD;
use crate::support::process::Installation;
use crate::support::{Backend, both_backends};

const KEY: &str = "oKIywvGUpTVTyxMQ";

both_backends! {
    async fn nothing_is_created_and_the_missing_file_is_named(backend: Backend) {
        let here = Installation::on(backend).await;
        let (key, file) = match backend {
            Backend::Sqlite => ("database.url", "data/svc.db"),
            Backend::Postgres => ("security.secret_key", "data/secret.key"),
        };
        let missing = here.path(file).display().to_string();
        let rotation: &[&str] = &["key", "rotate"];
        // A plan needs no secret key.
        let changes = CHANGING.into_iter().filter(|arguments| !arguments.contains(&"--dry-run"));
        for arguments in changes.chain([rotation]) {
            let words = arguments.iter().map(|word| if word.starts_with('{') { KEY } else { word });
            let arguments: Vec<&str> = words.collect();
            here.run(&arguments).refused(78, &[key, &missing, "in the folder of the service"]);
            assert!(here.files().is_empty(), "{arguments:?} created {:?}", here.files());
        }
        // The first command of an installation creates them.
        here.run(&["migrate"]).expect(0);
        create(&here, ADA, &[]);
        here.run(&["user", "rename", ADA, "Ada"]).expect(0);
    }

    async fn a_dry_run_fails_as_the_change_would(backend: Backend) {
        let here = Installation::migrated(backend).await;
        create(&here, ADA, &[]);
        let plan = |password: &str| {
            let arguments = ["user", "set-password", ADA, "--password-stdin", "--dry-run"];
            here.run_with_input(&arguments, password)
        };
        plan("short").refused(65, &["at least 8"]);
        plan(ADA).refused(65, &["email address"]);
        plan("another horse battery").expect(0);
        let file = ["user", "set-password", ADA, "--password-file", "nowhere", "--dry-run"];
        here.run(&file).refused(65, &["nowhere"]);
        here.run(&["user", "set-password", ADA, "--dry-run"]).expect(0);
        let body = serde_json::json!({ "email": ADA, "password": PASSWORD });
        let serving = here.serve();
        serving.client.post("/api/v1/auth/login", &body).await.expect(200);
    }
}
