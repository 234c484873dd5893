use futures_util::future::join_all;
use serde_json::{Value, json};
use svc::domain::{Actor, Role, User, UserId, UserStatus};
use svc::ports::Store as _;
use svc::usecases::{Precondition, UpdateUserError, UserChanges};

use super::{account, delete, update};
use crate::support::app::Login;
use crate::support::client::Answer;
use crate::support::{App, Backend, both_backends};

/// Ends the rights of an administrator in this way.
async fn end(app: &App, admin: &Login, target: &Value, how: &str) -> Answer {
    match how {
        "demote" => update(app, admin, target, json!({ "role": "user" })).await,
        "lock" => update(app, admin, target, json!({ "status": "locked" })).await,
        _ => delete(app, admin, target).await,
    }
}

async fn active_admins(app: &App) -> Vec<String> {
    app.database.texts("SELECT email FROM users WHERE role = 'admin' AND status = 'active'").await
}

both_backends! {
    async fn the_last_active_administrator_cannot_be_removed(backend: Backend) {
        let app = App::start(backend).await;
        let (admin, other) = (app.new_admin().await, app.new_admin().await);
        // A locked administrator does not count.
        let locked = account(&app, &other).await;
        update(&app, &admin, &locked, json!({ "status": "locked" })).await.expect(200);
        let last = account(&app, &admin).await;
        let before = app.history_of(&last).await;
        for how in ["demote", "lock", "delete"] {
            let answer = end(&app, &admin, &last, how).await;
            assert_eq!(answer.rejection(), (409, "last_admin".to_owned()), "{how}");
        }
        assert_eq!((account(&app, &admin).await, app.history_of(&last).await), (last.clone(), before));

        // Changes that keep the rights are allowed, and so is ending those of a locked administrator.
        let body = json!({ "name": "Root", "role": "admin", "status": "active" });
        update(&app, &admin, &last, body).await.expect(200);
        end(&app, &admin, &locked, "demote").await.expect(200);
        end(&app, &admin, &locked, "delete").await.expect(204);
        app.stop().await;
    }

    async fn a_user_who_is_promoted_during_the_change_counts_as_the_last_administrator(backend: Backend) {
        let app = App::start(backend).await;
        let (user, _) = app.new_user().await;
        let id = UserId(user["id"].as_str().unwrap().parse().unwrap());
        let mut work = app.database.store.begin().await.unwrap();
        let before = work.users().lock(id).await.unwrap().unwrap().user;
        // On PostgreSQL the change finds no administrator to lock, and then waits for the user. On SQLite it
        // waits for the whole unit of work.
        let changes = UserChanges { status: Some(UserStatus::Locked), ..UserChanges::default() };
        let update = &app.container.use_cases.users.update;
        let change = update.run(id, &changes, &Precondition::Any, Actor::Service);
        let promotion = async {
            app.database.until_blocked().await;
            work.users().update(&User { role: Role::Admin, ..before }).await.unwrap();
            work.commit().await.unwrap();
        };
        let (result, ()) = tokio::join!(change, promotion);
        assert!(matches!(result, Err(UpdateUserError::LastAdmin)), "{result:?}");
        assert_eq!(active_admins(&app).await, [user["email"].as_str().unwrap()]);
        app.stop().await;
    }

    async fn an_administrator_can_be_removed_while_another_one_stays(backend: Backend) {
        let app = App::start(backend).await;
        let stays = app.new_admin().await;
        for how in ["demote", "lock", "delete"] {
            let goes = app.new_admin().await;
            let target = account(&app, &goes).await;
            let answer = end(&app, &goes, &target, how).await;
            assert!(answer.status < 300, "{how}: {answer:?}");
            let last = account(&app, &stays).await;
            assert_eq!(end(&app, &stays, &last, how).await.rejection(), (409, "last_admin".to_owned()));
        }
        app.stop().await;
    }

    async fn administrators_who_remove_each_other_concurrently_leave_one(backend: Backend) {
        let app = App::start(backend).await;
        let replica = app.replica().await;
        for round in 0..12 {
            let how = ["demote", "lock", "delete"][round % 3];
            let admins = if round % 2 == 0 { 2 } else { 3 };
            let mut logins = Vec::new();
            for _ in 0..admins {
                logins.push(app.new_admin().await);
            }
            let mut accounts = Vec::new();
            for login in &logins {
                accounts.push(account(&app, login).await);
            }
            // In a circle: each administrator ends the next one, on one replica or the other.
            let ends = (0..admins).map(|i| {
                end([&app, &replica][i % 2], &logins[i], &accounts[(i + 1) % admins], how)
            });
            let answers = join_all(ends).await;
            let done = answers.iter().filter(|answer| answer.status < 300).count();
            let left = active_admins(&app).await.len();
            assert!(left >= 1 && left == admins - done, "{how}: {left} of {admins} left, {done} done");
            for answer in answers.iter().filter(|answer| answer.status >= 300) {
                // Too late: the sender's own rights had ended, or the last administrator would have lost
                // theirs.
                assert!([401, 403, 409].contains(&answer.status), "{how}: {answer:?}");
            }
            app.database.execute("UPDATE users SET role = 'user' WHERE role = 'admin'").await.unwrap();
        }
        replica.stop().await;
        app.stop().await;
    }
}
