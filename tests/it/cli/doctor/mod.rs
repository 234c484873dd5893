//! `svc doctor` on set-ups that are healthy, and on ones that are broken for real: it finds each problem and
//! names the cure.
//!
//! **Here**: [`Examined`], and one file per thing that is broken.

mod broker;
mod cache;
mod collector;
mod database;
mod files;
mod healthy;
mod mail;
mod site;
mod tls;

use serde_json::Value;

use crate::support::process::Installation;

/// Nothing listens on the port, whatever else runs on this machine.
const NOWHERE: &str = "http://127.0.0.1:1";

const KEY: &str = "pX9ZtS3vQm7LwR2cYb8NkF5hJd1GaV6e";

/// Makes password hashes as strong as by default, and sets a secret key: without them the doctor warns.
fn strong(installation: Installation) -> Installation {
    installation
        .set("SVC_SECURITY__PASSWORD__MEMORY_KIB", "19456")
        .set("SVC_SECURITY__PASSWORD__ITERATIONS", "2")
        .set("SVC_SECURITY__SECRET_KEY", KEY)
        .set("SVC_SERVER__PUBLIC_URL", NOWHERE)
}

/// An installation in which nothing is set that matters to the doctor.
fn plain() -> Installation {
    Installation::default().patient().set("SVC_SERVER__PUBLIC_URL", NOWHERE)
}

/// What the doctor found.
struct Examined(Value);

impl Examined {
    /// Runs the doctor, which exits with this code.
    #[track_caller]
    fn of(installation: &Installation, code: i32) -> Self {
        let ran = installation.run(&["doctor", "-o", "json"]).expect(code);
        let found = Self(ran.json());
        assert_eq!(found.0["ok"], code == 0, "{}", found.0);
        for finding in found.0["checks"].as_array().unwrap() {
            let has_advice = finding["means"].is_string() && finding["cure"].is_string();
            assert_eq!(has_advice, finding["state"] != "ok", "{finding}");
        }
        found
    }

    /// Returns the findings that are not `ok`, as `CHECK STATE`.
    fn bad(&self) -> Vec<String> {
        let findings = self.0["checks"].as_array().unwrap().iter();
        let bad = findings.filter(|finding| finding["state"] != "ok");
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        bad.map(|finding| format!("{} {}", text(&finding["check"]), text(&finding["state"]))).collect()
    }

    /// Panics unless the only problem is one of this check, in this state, measured and cured as these texts
    /// say.
    #[track_caller]
    fn finds(&self, check: &str, state: &str, measured: &str, cure: &str) {
        assert_eq!(self.bad(), [format!("{check} {state}")], "{:#}", self.0);
        self.has(check, state, measured, cure);
    }

    /// Panics unless there is such a finding.
    #[track_caller]
    fn has(&self, check: &str, state: &str, measured: &str, cure: &str) {
        let contains = |value: &Value, text: &str| value.as_str().unwrap_or_default().contains(text);
        let found = self.0["checks"].as_array().unwrap().iter().any(|finding| {
            finding["check"] == check
                && finding["state"] == state
                && contains(&finding["measured"], measured)
                && contains(&finding["cure"], cure)
        });
        assert!(found, "no {check} {state} {measured:?} {cure:?} in {:#}", self.0);
    }
}
