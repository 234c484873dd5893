//! A database that answers and refuses the operation, and an output that takes nothing: the exit code says
//! what is to be done.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::process::Command;

use crate::cli::user::create;
use crate::support::process::{Installation, Ran, until};
use crate::support::{Backend, both_backends, database, environment};

/// Where it is set, no file with a secret key is in the folder of the database.
const KEY: &str = "pX9ZtS3vQm7LwR2cYb8NkF5hJd1GaV6e";

const NEW_USER: [&str; 4] = ["create-user", "--email", "new@example.com", "--generate-password"];

#[test]
fn a_right_that_the_role_lacks_and_a_server_without_disk_or_files() {
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

        // With the errors of a server whose disk is full, and of one that has no file descriptor left.
        for (code, text, cure) in [
            ("53100", "could not extend file: No space left on device", "No space left on device"),
            (
                "53000",
                "could not open file: Too many open files in system",
                "raise the limit of the database server",
            ),
        ] {
            let refuse = format!(
                "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN \
                 RAISE EXCEPTION '{text}' USING ERRCODE = '{code}'; END $$; \
                 CREATE TRIGGER refuse BEFORE INSERT OR UPDATE ON users FOR EACH ROW EXECUTE FUNCTION refuse()"
            );
            installation.execute(&refuse).await;
            for arguments in [&NEW_USER[..], &["user", "lock", "ada@example.com", "--yes"]] {
                installation.run(arguments).refused(74, &["database.url: ", text, cure]);
            }
            let events = installation.texts("SELECT type FROM outbox").await;
            assert_eq!(events, ["svc.user.registered.v1"], "nothing is half done");
            installation.execute("DROP FUNCTION refuse CASCADE").await;
        }
    });
}

#[test]
fn a_database_that_takes_no_changes() {
    database::run(Backend::Postgres, async |backend| {
        let installation = Installation::migrated(backend).await;
        create(&installation, "ada@example.com", &[]);
        let before = installation.texts("SELECT type FROM outbox").await;
        let url = installation.database_url().unwrap();
        // As the sessions of a standby are.
        let read_only = format!(
            "{url}{}options=-c%20default_transaction_read_only%3Don",
            if url.contains('?') { "&" } else { "?" }
        );
        let set = format!("database.url={read_only}");
        for arguments in [&NEW_USER[..], &["user", "lock", "ada@example.com", "--yes"], &["key", "rotate"]] {
            let ran = installation.run(&[arguments, &["--set", &set]].concat());
            ran.refused(69, &["database.url: ", "read-only"]);
        }
        installation.run(&["user", "list", "--set", &set]).expect(0);
        assert_eq!(installation.texts("SELECT type FROM outbox").await, before);
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
    let serving = installation.serve();
    serving.ready().await;
    let _ = fs::write(&filler, vec![1; 8 * 1024 * 1024]);
    installation.run(&NEW_USER).refused(74, &["database.url: sqlite:data/svc.db", "the store refuses"]);
    let ready = async |status: u16, text: &str| {
        let answer = serving.client.get("/health/ready", None).await;
        answer.status == status && String::from_utf8_lossy(&answer.bytes).contains(text)
    };
    until(async || ready(503, "database: down").await).await;
    fs::remove_file(filler).unwrap();
    until(async || ready(200, "").await).await;
    serving.terminate();
    serving.ended().expect(0);
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
    async fn a_reader_that_goes_away_ends_a_command_quietly(backend: Backend) {
        let installation = Installation::migrated(backend).await;
        // `openapi` prints more than fits a pipe, so it sees the end of its reader.
        for command in ["openapi", "config show", "key list", "event stats", "help", "user list --help"] {
            let line = format!("{{ svc {command} || echo $? >code; }} | head -n 1");
            let ran = shell(&installation, &line).expect(0);
            assert_eq!((ran.stdout.lines().count(), ran.stderr.as_str()), (1, ""), "{command}");
            assert!(!installation.path("code").exists(), "{command}");
        }
    }

    async fn an_output_that_cannot_be_written_to_is_an_error_and_no_output_is_none(backend: Backend) {
        let installation = Installation::migrated(backend).await;
        for command in ["user list", "config check", "openapi", "help exit-codes"] {
            shell(&installation, &format!("svc {command} 1</dev/null")).refused(74, &["standard output"]);
            // Programs that start others open it like this where they want no output.
            for nowhere in ["1<>/dev/null", ">/dev/null", ">&-"] {
                shell(&installation, &format!("svc {command} {nowhere}")).expect(0);
            }
        }
        if std::path::Path::new("/dev/full").exists() {
            shell(&installation, "svc --help >/dev/full").refused(74, &["standard output", "No space left"]);
        }
    }
}

#[test]
fn too_many_open_files_are_no_missing_right() {
    let installation = Installation::default().patient();
    installation.run(&["migrate"]).expect(0);
    let mut refused = 0;
    // With fewer the process cannot start; with 40 there are enough.
    for limit in 9..40 {
        let ran = shell(&installation, &format!("ulimit -n {limit}; svc user list"));
        if ran.stderr.contains("database.url") {
            ran.refused(74, &["Too many open files", "raise the limit"]);
            refused += 1;
        }
    }
    assert!(refused > 0);
}

#[test]
fn a_folder_in_place_of_the_file_and_a_missing_one() {
    let installation = Installation::default().patient().volume("data").set("SVC_SECURITY__SECRET_KEY", KEY);
    for (url, reason) in [("sqlite:data", "Is a directory"), ("sqlite:/proc/none/svc.db", "No such file")] {
        for arguments in [&["migrate"][..], &["migrate", "status"], &["user", "list"]] {
            let set = format!("database.url={url}");
            let ran = installation.run(&[arguments, &["--set", &set]].concat());
            // Without a file, this is the status of an installation that does not exist yet.
            if !(url.contains("none") && arguments.contains(&"status")) {
                let reason =
                    if url.contains("none") && arguments[0] == "user" { "there is no" } else { reason };
                ran.refused(78, &["database.url", reason]);
            }
        }
    }
    let doctor = installation.run(&["doctor", "--set", "database.url=sqlite:data"]).expect(1);
    assert!(doctor.stdout.contains("correct the path in database.url"), "{doctor:?}");
}

#[test]
fn a_folder_that_may_not_be_read() {
    let installation = Installation::default().unprivileged().patient().set("SVC_SECURITY__SECRET_KEY", KEY);
    installation.run(&["migrate"]).expect(0);
    create(&installation, "ada@example.com", &[]);
    let set =
        |mode| fs::set_permissions(installation.path("data"), fs::Permissions::from_mode(mode)).unwrap();
    set(0o000);
    for arguments in
        [&["user", "list"][..], &["user", "rename", "ada@example.com", "Ada"], &["migrate", "status"]]
    {
        installation.run(arguments).refused(77, &["Permission denied"]);
    }
    set(0o700);
    installation.run(&["user", "list"]).expect(0);
}
