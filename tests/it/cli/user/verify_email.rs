use serde_json::json;

use super::{create, operator, operator_events};
use crate::support::process::Installation;
use crate::support::{Backend, both_backends};

both_backends! {
    async fn an_email_address_is_marked_as_verified_once(backend: Backend) {
        let installation = Installation::migrated(backend).await;
        let ada = create(&installation, "ada@example.com", &[]);
        assert_eq!(ada["email_verified"], json!(false));
        let verify = || installation.run(&["user", "verify-email", "ada@example.com"]).expect(0).json();
        let verified = verify();
        assert_eq!(verified["email_verified"], json!(true));
        assert_eq!(verify()["updated_at"], verified["updated_at"]);
        let event = format!("svc.user.email_verified.v1 by {}", operator());
        assert_eq!(operator_events(&installation).await[1..], [event]);
    }
}
