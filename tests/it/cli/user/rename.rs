use serde_json::{Value, json};

use super::{create, operator, operator_events};
use crate::support::process::Installation;
use crate::support::{Backend, both_backends};

both_backends! {
    async fn a_name_is_changed_and_removed(backend: Backend) {
        let installation = Installation::migrated(backend).await;
        create(&installation, "ada@example.com", &["--name", "Ada"]);
        let rename = |arguments: &[&str]| installation.run(&[&["user", "rename", "ada@example.com"], arguments].concat());
        let renamed = rename(&["Ada Lovelace"]).expect(0).json();
        assert_eq!(renamed["name"], json!("Ada Lovelace"));
        assert_eq!(rename(&["Ada Lovelace"]).expect(0).json()["updated_at"], renamed["updated_at"], "no change");
        assert_eq!(rename(&["--remove"]).expect(0).json()["name"], Value::Null);
        let event = format!("svc.user.updated.v1 by {}", operator());
        assert_eq!(operator_events(&installation).await[1..], [event.clone(), event]);

        rename(&[]).refused(2, &["--remove"]);
        rename(&["Ada", "--remove"]).refused(2, &["cannot be used with"]);
        rename(&["a\u{7}b"]).refused(65, &["the name: "]);
    }
}
