//! The file of the embedded database.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use svc::adapters::sqlx::SqlxStore;
use svc::ports::Migrations;
use svc::ports::store::Store;

use crate::support::{database, folder, given};

fn open(path: &Path) -> SqlxStore {
    SqlxStore::open_sqlite(path, &database::options()).unwrap()
}

fn mode(path: &Path) -> u32 {
    std::fs::metadata(path).unwrap().permissions().mode() & 0o777
}

#[tokio::test]
async fn file_and_folder_are_created_for_their_owner_only() {
    let root = folder::new();
    let path = root.path().join("new/data/svc.db");
    let store = open(&path);
    store.up().await.unwrap();
    given::stored_user(&store, "ada@example.com").await;
    assert_eq!(mode(path.parent().unwrap()), 0o700);
    for file in std::fs::read_dir(path.parent().unwrap()).unwrap() {
        let file = file.unwrap().path();
        assert_eq!(mode(&file), 0o600, "{}", file.display());
    }
}

#[tokio::test]
async fn committed_data_is_read_after_a_crash() {
    let folder = folder::new();
    let path = folder.path().join("svc.db");
    let store = open(&path);
    store.up().await.unwrap();
    let ada = given::stored_user(&store, "ada@example.com").await;
    // The state after a crash: the file and its log, without a checkpoint and without shared memory.
    let crashed = folder::new();
    for file in ["svc.db", "svc.db-wal"] {
        std::fs::copy(folder.path().join(file), crashed.path().join(file)).unwrap();
    }
    let found = open(&crashed.path().join("svc.db")).users().find(ada.id).await.unwrap();
    assert_eq!(found, Some(ada));
}

#[tokio::test]
async fn a_closed_database_is_one_file() {
    let folder = folder::new();
    let path = folder.path().join("svc.db");
    let store = open(&path);
    store.up().await.unwrap();
    let ada = given::stored_user(&store, "ada@example.com").await;
    store.users().find(ada.id).await.unwrap();
    store.close().await;
    assert!(!folder.path().join("svc.db-wal").exists());
    assert_eq!(open(&path).users().find(ada.id).await, Ok(Some(ada)));
}

#[tokio::test]
async fn the_file_is_opened_again_by_a_path_relative_to_the_working_folder() {
    let folder = tempfile::tempdir_in(".").unwrap();
    let path = Path::new(folder.path().file_name().unwrap()).join("svc.db");
    let store = open(&path);
    store.up().await.unwrap();
    let ada = given::stored_user(&store, "ada@example.com").await;
    assert_eq!(open(&path).users().find(ada.id).await, Ok(Some(ada)));
}
