//! Passwords of the servers to which the service connects.

use secrecy::ExposeSecret;

use super::facts::Facts;
use crate::config::urls::{DatabaseUrl, Server};

/// Default passwords of images, compose files and tutorials.
const DEFAULT_PASSWORDS: [&str; 6] = ["admin", "changeme", "password", "postgres", "root", "svc"];

const GUESSED: &str = "the password is a common default";
const MISSING: &str = "the URL has no password, and its host is another machine";

fn is_default(password: &str) -> bool {
    DEFAULT_PASSWORDS.contains(&password.to_lowercase().as_str())
}

fn said(broken: bool, fault: &str) -> Option<String> {
    broken.then(|| fault.to_owned())
}

fn password(url: &Server) -> Option<&str> {
    url.password.as_ref().map(ExposeSecret::expose_secret)
}

fn guessed(url: &DatabaseUrl) -> Option<String> {
    let login = url.login()?;
    let password = login.password?;
    let password = password.expose_secret();
    said(password == login.user || is_default(password), GUESSED)
}

fn missing(url: &DatabaseUrl) -> Option<String> {
    let login = url.login()?;
    said(login.password.is_none() && !login.local && !login.certificate, MISSING)
}

pub(super) fn database(facts: &Facts<'_>) -> Option<String> {
    guessed(&facts.draft.database.as_ref()?.url)
}

pub(super) fn direct_database(facts: &Facts<'_>) -> Option<String> {
    guessed(facts.draft.database.as_ref()?.direct_url.as_ref()?)
}

pub(super) fn no_database(facts: &Facts<'_>) -> Option<String> {
    missing(&facts.draft.database.as_ref()?.url)
}

pub(super) fn no_direct_database(facts: &Facts<'_>) -> Option<String> {
    missing(facts.draft.database.as_ref()?.direct_url.as_ref()?)
}

pub(super) fn cache(facts: &Facts<'_>) -> Option<String> {
    let url = facts.draft.cache.as_ref()?.url.server()?;
    said(is_default(password(url)?), GUESSED)
}

pub(super) fn no_cache(facts: &Facts<'_>) -> Option<String> {
    let url = facts.draft.cache.as_ref()?.url.server()?;
    said(url.password.is_none() && !url.is_local(), MISSING)
}

/// RabbitMQ allows `guest`, the default user, on its own machine.
pub(super) fn queue(facts: &Facts<'_>) -> Option<String> {
    let url = facts.draft.queue.as_ref()?.url.server()?;
    let password = password(url)?;
    let is_guessed = Some(password) == url.user.as_deref()
        || password.eq_ignore_ascii_case("guest")
        || is_default(password);
    said(is_guessed && !url.is_local(), GUESSED)
}

pub(super) fn no_queue(facts: &Facts<'_>) -> Option<String> {
    let url = facts.draft.queue.as_ref()?.url.server()?;
    said(url.password.is_none() && !url.is_local(), MISSING)
}
