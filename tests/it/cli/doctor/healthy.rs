use super::{Examined, plain, strong};
use crate::support::process::Installation;
use crate::support::redis::Namespace;
use crate::support::{Backend, both_backends, rabbit, redis};

both_backends! {
    async fn a_healthy_service_has_no_warning(backend: Backend) {
        let installation = strong(Installation::migrated(backend).await);
        assert_eq!(Examined::of(&installation, 0).bad(), [] as [String; 0], "before the first start");
        let serving = installation.serve_with(&["--with-worker"]);
        serving.ready().await;
        let examined = Examined::of(&installation, 0);
        assert_eq!(examined.bad(), [] as [String; 0], "beside the service");
        for check in ["configuration", "secret_key", "database", "schema", "database_writable", "signing_key"] {
            examined.0["checks"].as_array().unwrap().iter().find(|finding| finding["check"] == check).unwrap();
        }
        let narrow = [("COLUMNS", "80")];
        let text = installation.run_with(&["doctor", "-o", "table"], "", &narrow).expect(0).stdout;
        // A URL is not broken.
        let fits = |line: &str| line.chars().count() <= 80 || line.contains("://");
        assert!(text.contains("ok    schema") && text.lines().all(fits), "{text}");
        serving.terminate();
        serving.ended().expect(0);
    }
}

#[test]
fn a_new_folder_is_only_not_migrated_and_stays_empty() {
    let installation = plain();
    let examined = Examined::of(&installation, 1);
    examined.finds("schema", "fail", "migrations are pending", "svc migrate");
    examined.has("secret_key", "ok", "the first start generates one in data/secret.key", "");
    assert!(installation.files().is_empty(), "{:?}", installation.files());
}

#[test]
fn every_server_is_examined() {
    rabbit::run(async |broker| {
        if let Err(missing) = redis::look().await {
            return crate::support::environment::skip(missing);
        }
        let namespace = Namespace::shared();
        let installation = strong(broker.carries_for(Installation::migrated(Backend::Postgres).await))
            .set("SVC_CACHE__URL", &namespace.redis.url)
            .set("SVC_CACHE__NAMESPACE", &namespace.name)
            .set("SVC_CACHE__TIMEOUT", "10s");
        let examined = Examined::of(&installation, 0);
        assert_eq!(examined.bad(), [] as [String; 0], "{:#}", examined.0);
        examined.has("cache", "ok", "Redis ", "");
        examined.has("broker", "ok", "not declared yet", "");
        let mut serving = installation.serve_with(&["--with-worker"]);
        serving.logged("publisher connected to the broker");
        serving.ready().await;
        let examined = Examined::of(&installation, 0);
        assert_eq!(examined.bad(), [] as [String; 0], "{:#}", examined.0);
        examined.has("broker", "ok", "RabbitMQ ", "");
        serving.terminate();
        serving.ended().expect(0);
    });
}
