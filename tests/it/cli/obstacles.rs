//! A database that answers and refuses the operation, and an output that takes nothing: the exit code says
//! what is to be done.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use crate::cli::user::create;
use crate::support::process::{Installation, Ran};
use crate::support::{Backend, both_backends, database, environment};

const NEW_USER: [&str; 4] = ["create-user", "--email", "new@example.com", "--generate-password"];

#[test]
fn a_right_that_the_role_lacks_and_a_full_disk_of_the_server() {
    database::run(Backend::Postgres, async |backend| {
        let installation = Installation::migrated(backend).await;
        create(&installation, "ada@example.com", &[]);
        let database = backend.own_database().await;
        let role = format!("{}_role", database.name().unwrap());
        let rights =
            format!("CREATE ROLE {role} LOGIN; GRANT SELECT ON ALL TABLES IN SCHEMA public TO {role}");
        database.execute(&rights).await.unwrap();
        let mut url = url::Url::parse(&database.url()).unwrap();
        url.set_username(&role).unwrap();
        let lacking = Installation::default().patient().set("SVC_SERVER__METRICS_LISTEN", "off");
        let lacking = lacking.set("SVC_DATABASE__URL", url.as_str());
        lacking.run(&["user", "list"]).expect(0);
        lacking.run(&NEW_USER).refused(77, &["database.url: ", "permission denied for table"]);
        database.execute(&format!("DROP OWNED BY {role}; DROP ROLE {role}")).await.unwrap();

        // With the error of a server whose disk is full.
        let full = "CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN \
             RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = '53100'; END $$; \
             CREATE TRIGGER full_disk BEFORE INSERT OR UPDATE ON users FOR EACH ROW EXECUTE FUNCTION full_disk()";
        installation.execute(full).await;
        for arguments in [&NEW_USER[..], &["user", "lock", "ada@example.com", "--yes"]] {
            installation.run(arguments).refused(74, &["database.url: ", "No space left on device"]);
        }
        let events = installation.texts("SELECT type FROM outbox").await;
        assert_eq!(events, ["svc.user.registered.v1"], "nothing is half done");
        installation.execute("DROP FUNCTION full_disk CASCADE").await;
    });
}

#[tokio::test]
async fn a_full_disk_of_the_embedded_database() {
    let installation = Installation::default().patient().file("data/note", "");
    let folder = installation.path("data");
    let mounted = Command::new("mount").args(["-t", "tmpfs", "-o", "size=8m", "tmpfs"]).arg(&folder).output();
    if !mounted.is_ok_and(|mounted| mounted.status.success()) {
        return environment::lessen("no right to mount a small file system");
    }
    let unmounted = Unmount(folder.clone());
    installation.run(&["migrate"]).expect(0);
    create(&installation, "ada@example.com", &[]);
    // All that is left.
    let filler = folder.join("filler");
    let _ = fs::write(&filler, vec![1; 8 * 1024 * 1024]);
    installation.run(&NEW_USER).refused(74, &["database.url: sqlite:data/svc.db", "the store refuses"]);
    fs::remove_file(filler).unwrap();
    assert_eq!(installation.texts("SELECT email FROM users").await, ["ada@example.com"]);
    installation.run(&NEW_USER).expect(0);
    drop(unmounted);
}

/// Unmounts the file system, also when the test fails.
struct Unmount(PathBuf);

impl Drop for Unmount {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(&self.0).status();
    }
}

/// Runs a line of a shell in which `svc` is the binary.
fn shell(installation: &Installation, line: &str) -> Ran {
    installation.run_script(&format!("code=0; {line} || code=$?; exit $code"))
}

both_backends! {
    async fn a_secret_that_could_not_be_shown_is_not_made(backend: Backend) {
        let installation = Installation::migrated(backend).await;
        create(&installation, "ada@example.com", &[]);
        let hashes = "SELECT password_hash FROM users ORDER BY id";
        let before = installation.texts(hashes).await;
        for command in [
            "create-user --email new@example.com --generate-password",
            "user create --email new@example.com --generate-password",
            "user set-password ada@example.com --generate-password --yes",
            "issue-token --user ada@example.com",
        ] {
            // Closed, or open for reading only.
            for closed in [">&-", "1</dev/null"] {
                let ran = shell(&installation, &format!("svc {command} {closed}"));
                ran.refused(74, &["standard output is closed", "nothing was changed"]);
            }
            assert_eq!(installation.texts(hashes).await, before, "{command}");
        }
        let sessions = installation.texts("SELECT CAST(count(*) AS text) FROM sessions").await;
        assert_eq!(sessions, ["0"]);
        // An operator may want no password. Other commands print nothing that would be lost.
        shell(&installation, &format!("svc {} >/dev/null", NEW_USER.join(" "))).expect(0);
        shell(&installation, "svc user lock ada@example.com --yes >&-").expect(0);
    }

    async fn an_output_on_a_full_disk_is_an_input_output_error(backend: Backend) {
        if !std::path::Path::new("/dev/full").exists() {
            return environment::skip("no /dev/full");
        }
        let installation = Installation::migrated(backend).await;
        let ran = shell(&installation, "svc config show >/dev/full");
        ran.refused(74, &["failed to write to standard output", "No space left"]);
        let ran = shell(&installation, &format!("svc {} >/dev/full", NEW_USER.join(" ")));
        ran.refused(74, &["the change was made, but the secret that it made is lost"]);
    }
}
