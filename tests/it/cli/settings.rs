//! Settings from every source.

use serde_json::Value;

use crate::support::process::{Installation, Ran};

/// Texts that a loose parser would turn into a number, a boolean, a float or a list.
const VALUES: [&str; 4] = ["123456", "true", "1e5", "[a]"];

/// A source of a setting: its name in `config show`, and an installation with arguments that set the value
/// there.
struct Door {
    origin: &'static str,
    installation: Installation,
    arguments: Vec<String>,
}

impl Door {
    fn new(origin: &'static str, installation: Installation) -> Self {
        Self { origin, installation, arguments: Vec::new() }
    }

    fn with(self, arguments: &[&str]) -> Self {
        Self { arguments: arguments.iter().map(ToString::to_string).collect(), ..self }
    }

    fn run(&self, command: &[&str]) -> Ran {
        let arguments: Vec<&str> = self.arguments.iter().map(String::as_str).collect();
        self.installation.run(&[command, &arguments].concat())
    }
}

/// Returns every source, with a key of `[security.token]` set in it. A flag comes last.
fn doors(key: &str, value: &str) -> Vec<Door> {
    let here = Installation::default;
    let name = format!("SVC_SECURITY__TOKEN__{}", key.to_uppercase());
    let toml = format!("[security.token]\n{key} = '{value}'");
    let of_file = format!("[security.token]\n{key}_file = 'f'");
    let pair = format!("security.token.{key}={value}");
    vec![
        Door::new("svc.toml", here().file("svc.toml", &toml)),
        Door::new("my.toml", here().file("my.toml", &toml)).with(&["--config", "my.toml"]),
        Door::new("file f named by svc.toml", here().file("svc.toml", of_file).file("f", value)),
        Door::new("in .env", here().file(".env", format!("{name}='{value}'"))),
        Door::new("environment variable SVC_", here().set(&name, value)),
        Door::new("file f named by environment", here().set(&format!("{name}_FILE"), "f").file("f", value)),
        Door::new("flag --set", here()).with(&["--set", &pair]),
    ]
}

fn shown<'a>(settings: &'a Value, key: &str) -> &'a Value {
    settings.as_array().unwrap().iter().find(|setting| setting["key"] == key).unwrap()
}

#[test]
fn values_stay_text_from_every_source() {
    for value in VALUES {
        for door in doors("issuer", value) {
            let settings = door.run(&["config", "show", "--sources"]).expect(0).json();
            let issuer = shown(&settings, "security.token.issuer");
            assert_eq!(issuer["value"], value, "{}", door.origin);
            assert!(issuer["source"].as_str().unwrap().contains(door.origin), "{issuer}");
        }
    }
}

#[test]
fn an_invalid_value_is_named_with_its_source_and_remedy() {
    for door in doors("refresh_grace", "123456") {
        let expected = [
            "security.token.refresh_grace: invalid value \"123456\": expected a number and a unit",
            door.origin,
            "change: `refresh_grace` under [security.token] in svc.toml",
            "or: SVC_SECURITY__TOKEN__REFRESH_GRACE in the environment or in .env",
        ];
        door.run(&["config", "check"]).refused(78, &expected);
        door.run(&["serve"]).refused(78, &expected);
    }
}

#[test]
fn a_misspelt_key_is_named_with_its_source_and_a_suggestion() {
    for door in doors("isuer", "me") {
        // Nothing is read from a file that no key names.
        let origin = door.origin.trim_start_matches("file f named by ");
        door.run(&["serve"]).refused(78, &[origin, "unknown setting", "did you mean"]);
    }
}

#[test]
fn production_without_a_secret_says_how_to_make_one() {
    let expected = [
        "security.secret_key: not set; production expects what `openssl rand -base64 48` prints",
        "set by: default",
        "SVC_SECURITY__SECRET_KEY_FILE, the path of a file with the value",
    ];
    let production = || Installation::default().set("SVC_ENVIRONMENT", "production");
    for arguments in [&["serve"][..], &["config", "check"], &["migrate"]] {
        production().run(arguments).refused(78, &expected);
    }
    let weak = "correct-horse-battery-staple-changeme";
    let expected =
        ["security.secret_key: the key is not random", "set by: environment variable SECURITY_SECRET_KEY"];
    production().set("SECURITY_SECRET_KEY", weak).run(&["serve"]).refused(78, &expected).hides(weak);
    let file = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/config/production.toml"));
    production()
        .file("svc.toml", file)
        .run(&["config", "check"])
        .refused(78, &["database.url: ", "security.secret_key: ", "set by: svc.toml"]);
}

#[test]
fn a_name_of_ours_in_other_letters_is_refused_with_its_line() {
    for (line, meant) in [
        ("svc_server__listen=127.0.0.1:1", "svc_server__listen; did you mean SVC_SERVER__LISTEN?"),
        ("export Svc_Server__Listn=127.0.0.1:1", "Svc_Server__Listn; did you mean SVC_SERVER__LISTEN?"),
        ("SVC-SERVER=1", "SVC-SERVER; variables of the service have capital letters and underscores"),
        ("SVC-LOG--LEVEL='debug'", "SVC-LOG--LEVEL; did you mean SVC_LOG__LEVEL?"),
    ] {
        let installation = Installation::default().file(".env", format!("# a comment\nOTHER=1\n{line}\n"));
        let refused = installation.run(&["config", "check"]);
        refused.refused(78, &[&format!(".env, line 3: unknown setting {meant}")]);
    }
    let others = "npm-token=x\nport=1\nsvcs=1\nmy_svc_x=1\n";
    Installation::default().file(".env", others).run(&["config", "check"]).expect(0);
}

#[test]
fn a_file_of_settings_that_is_a_pipe_is_refused() {
    for name in [".env", "svc.toml"] {
        let installation = Installation::default();
        let made = std::process::Command::new("mkfifo").arg(installation.path(name)).status().unwrap();
        assert!(made.success());
        installation.run(&["config", "check"]).refused(78, &[&format!("{name}: it is not a regular file")]);
    }
}
