use std::process::Stdio;

use serde_json::{Value, json};

use crate::support::process::{Installation, finish};
use crate::support::{Backend, both_backends, folder};

fn states(migrations: &Value) -> Vec<&str> {
    migrations.as_array().unwrap().iter().map(|migration| migration["state"].as_str().unwrap()).collect()
}

both_backends! {
    async fn up_prints_the_applied_migrations_and_status_the_state(backend: Backend) {
        let installation = Installation::on(backend).await;
        let status = installation.run(&["migrate", "status"]).expect(0).json();
        assert_eq!(status[0], json!({ "version": 1, "description": "users", "state": "pending" }));
        assert!(states(&status).iter().all(|state| *state == "pending"));

        let done = installation.run(&["migrate"]).expect(0).json();
        assert!(states(&done).iter().all(|state| *state == "applied"));
        assert_eq!(states(&done).len(), states(&status).len());
        assert_eq!(installation.run(&["migrate", "up"]).expect(0).json(), json!([]));
        assert_eq!(installation.run(&["migrate", "status"]).expect(0).json(), done);

        let table = installation.run(&["migrate", "status", "-o", "table"]).expect(0).stdout;
        let words: Vec<_> = table.lines().take(2).map(|line| line.split_whitespace().collect::<Vec<_>>()).collect();
        assert_eq!(words, [["VERSION", "DESCRIPTION", "STATE"], ["1", "users", "applied"]]);
    }

    async fn of_ten_processes_at_once_none_fails(backend: Backend) {
        let installation = Installation::on(backend).await;
        let all = states(&installation.run(&["migrate", "status"]).expect(0).json()).len();
        let processes: Vec<_> = (0..10).map(|_| installation.start(&["migrate"])).collect();
        let done: usize =
            processes.into_iter().map(|child| states(&finish(child).expect(0).json()).len()).sum();
        assert_eq!(done, all, "each was applied by one of them");
    }
}

#[test]
fn a_log_that_is_not_read_blocks_nothing() {
    let folder = folder::new();
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_svc"));
    command.args(["-vv", "migrate"]).env_clear().current_dir(folder.path());
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stderr.take());
    assert!(child.wait().unwrap().success());
}
