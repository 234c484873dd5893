use super::{key, keys};
use crate::support::process::Installation;
use crate::support::{Backend, both_backends};

both_backends! {
    async fn keys_are_listed_as_json_table_and_pem(backend: Backend) {
        let installation = Installation::migrated(backend).await;
        assert!(keys(&installation).is_empty(), "a command that reads makes no key");
        for algorithm in ["ES256", "EdDSA", "RS256"] {
            let setting = format!("security.token.algorithm={algorithm}");
            key(&installation, &["generate", "--set", &setting]).expect(0);
        }
        let listed = keys(&installation);
        let names: Vec<_> = listed[0].as_object().unwrap().keys().cloned().collect();
        assert_eq!(
            names,
            [
                "id", "algorithm", "status", "created_at", "activates_at", "activated_at", "retired_at",
                "compromised_at", "known_at", "removable_at"
            ]
        );
        let table = key(&installation, &["list", "-o", "table"]).expect(0).stdout;
        assert!(table.starts_with("ID "), "{table}");
        assert_eq!(table.lines().count(), listed.len() + 1);
        assert!(listed.iter().all(|key| table.contains(key["id"].as_str().unwrap())), "whole ids: {table}");
        let table = ["key", "list", "-o", "table"];
        let table = installation.run_with(&table, "", &[("COLUMNS", "80")]).expect(0).stdout;
        assert!(table.lines().all(|line| line.chars().count() <= 80), "{table}");

        let pem = key(&installation, &["list", "-o", "pem"]).expect(0).stdout;
        let blocks: Vec<_> = pem.matches("-----BEGIN PUBLIC KEY-----").collect();
        assert_eq!(blocks.len(), listed.len());
        assert!(pem.lines().all(|line| line.len() <= 64), "{pem}");
        assert!(!pem.contains("PRIVATE"));
        let ban = installation.run(&["ban", "list", "-o", "pem"]);
        ban.refused(2, &["-o pem is for `svc key list` only"]);
    }

    async fn a_dump_of_the_database_has_no_private_part(backend: Backend) {
        let installation = Installation::migrated(backend).await;
        for algorithm in ["ES256", "EdDSA", "RS256"] {
            let setting = format!("security.token.algorithm={algorithm}");
            key(&installation, &["generate", "--set", &setting]).expect(0);
        }
        let sealed = match backend {
            Backend::Sqlite => "lower(hex(sealed_private))",
            Backend::Postgres => "encode(sealed_private, 'hex')",
        };
        let sealed = installation.texts(&format!("SELECT {sealed} FROM signing_keys")).await;
        assert_eq!(sealed.len(), keys(&installation).len());
        // The algorithm identifiers in the PKCS #8 of ES256 and EdDSA, and the head of the PKCS #1 of RS256.
        for marker in ["06072a8648ce3d0201", "06032b6570", "0201000282018100"] {
            assert!(sealed.iter().all(|text| !text.contains(marker)), "{marker}");
        }
        let public = installation.texts("SELECT public_jwk FROM signing_keys").await;
        let events = installation.texts("SELECT CAST(data AS text) FROM outbox").await;
        for text in public.iter().chain(&events) {
            for private in ["\"d\"", "\"p\"", "\"q\"", "\"dp\"", "\"k\"", "PRIVATE"] {
                assert!(!text.contains(private), "{private} is in {text}");
            }
        }
        assert!(!events.is_empty());
    }
}
