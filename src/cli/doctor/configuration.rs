use crate::cli::exit::CliError;
use crate::config::{ConfigError, ConfigErrors, Loaded};
use crate::container::Container;
use crate::domain::counted;
use crate::usecases::Finding;

const NAME: &str = "configuration";
const SECRET_KEY: &str = "secret_key";
const NO_START: &str = "the service does not start, and nothing else can be checked";

/// Judges settings that are valid.
pub(super) fn judge(loaded: &Loaded) -> Vec<Finding> {
    let mut findings: Vec<Finding> = loaded.warnings().iter().map(|warning| warned(warning)).collect();
    if findings.is_empty() {
        let explained = loaded.explain();
        let set = explained.iter().filter(|setting| setting.origin != "default").count();
        let (environment, set) = (loaded.settings.environment, counted(set as u64, "setting"));
        findings.push(Finding::ok(NAME, format!("{environment}, {set} set")));
    }
    if let Err(error) = Container::check(&loaded.settings) {
        let cure = "correct the setting; `svc config show --sources` shows where each value comes from";
        findings.push(Finding::fail(NAME, error.to_string(), NO_START, cure));
    }
    findings.push(secret_key(loaded));
    findings
}

fn warned(warning: &str) -> Finding {
    let means = "the service starts, but is less safe or less reliable than it could be";
    Finding::warn(
        NAME,
        warning,
        means,
        "change the setting; `svc config show --sources` shows where it is set",
    )
}

fn secret_key(loaded: &Loaded) -> Finding {
    let means = "a person who knows the key can make tokens of any user";
    let change = "change it as docs/secret-key.md says, to the output of `openssl rand -base64 48`";
    if loaded.has_typed_secret_key() {
        return Finding::warn(SECRET_KEY, "the key is not random, so it can be guessed", means, change);
    }
    match loaded.secret_key_file() {
        Some(path) if Loaded::is_open_to_others(&path) => Finding::fail(
            SECRET_KEY,
            format!("other users of this machine can read or change {}", path.display()),
            means,
            format!(
                "`chmod 600 {}`; if others may have read it, change the key (docs/secret-key.md)",
                path.display()
            ),
        ),
        Some(path) if path.exists() => Finding::ok(SECRET_KEY, format!("random, in {}", path.display())),
        Some(path) => Finding::ok(SECRET_KEY, format!("the first start generates one in {}", path.display())),
        None => Finding::ok(SECRET_KEY, "random"),
    }
}

/// The finding of settings with which the service cannot be built.
pub(super) fn not_built(error: &CliError) -> Finding {
    let cure = "correct the setting that the text names";
    Finding::fail(NAME, error.message.lines().next().unwrap_or_default(), NO_START, cure)
}

/// One finding for each error of the settings, with its source.
pub(super) fn errors(errors: &ConfigErrors) -> Vec<Finding> {
    let failed = errors.errors.iter().map(|error| match error {
        ConfigError::Key { key, reason, origin } => {
            let cure = format!("correct {key}, which is set by: {origin}");
            Finding::fail(NAME, format!("{key}: {reason}"), NO_START, cure)
        }
        ConfigError::Place { origin, reason } => {
            Finding::fail(NAME, format!("{origin}: {reason}"), NO_START, format!("correct {origin}"))
        }
    });
    failed.chain(errors.warnings.iter().map(|warning| warned(warning))).collect()
}
