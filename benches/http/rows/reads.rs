use secrecy::ExposeSecret as _;
use svc::api::input::Cursor;
use svc::ports::store::UserFilter;
use svc::usecases::IssuedToken;

use super::{Bench, Row};
use crate::Failure;
use crate::load::{Crowd, Fixed, Numbered, Script, get};
use crate::seed::{FIRST, id_but, user_id};
use crate::serve::{STATIC, STATIC_INSIDE};
use crate::service::Service;
use crate::variants::{SHIPPED, VARIANTS, Variant};

/// The comparison of all of these rows.
const AGAINST: &str = "static";
const ME: &str = "/api/v1/users/me";
/// The number of users on a page.
const PAGE: u32 = 50;

pub async fn rows(bench: &Bench<'_>) -> Result<Vec<Row>, Failure> {
    let mut rows = Vec::new();
    if bench.arguments.wants("trivial server", "") {
        rows.push(generator(bench).await?);
    }
    let admin = bench.admin().await?;
    let admin = token(&admin);
    let last = last_page(bench).await?;
    let same =
        |path: &str, token: Option<&str>| vec![Fixed(get(path, token)); bench.arguments.connections.get()];
    let rest: [(&str, Vec<Fixed>); 5] = [
        ("static under the middleware", same(STATIC_INSIDE, None)),
        ("/health/live", same("/health/live", None)),
        ("/users/{id}", same(&format!("/api/v1/users/{}", user_id(0)), Some(admin))),
        ("/users, first page", same(&format!("/api/v1/users?limit={PAGE}"), Some(admin))),
        ("/users, last page", same(&format!("/api/v1/users?limit={PAGE}&cursor={last}"), Some(admin))),
    ];
    for (name, scripts) in rest {
        rows.extend(on_service(bench, name, SHIPPED, scripts).await?);
    }
    let path = format!("/api/v1/users/{}", id_but(Numbered::HEXADECIMAL));
    let any = Numbered::new(get(&path, Some(admin)), bench.users.into(), |number| FIRST + number);
    let any = vec![any; bench.arguments.connections.get()];
    rows.extend(on_service(bench, "/users/{id}, all in turn", SHIPPED, any).await?);
    // With several sizes, only the size varies.
    let variants = if bench.arguments.users.len() > 1 { &VARIANTS[..1] } else { VARIANTS };
    for variant in variants.iter().filter(|variant| bench.lab.has_redis() || !variant.needs_redis) {
        rows.extend(me(bench, *variant).await?);
    }
    Ok(rows)
}

/// Each connection reads another user, and always the same one.
async fn me(bench: &Bench<'_>, variant: Variant) -> Result<Option<Row>, Failure> {
    let sessions = bench.sessions().await?;
    let scripts = sessions.iter().map(|session| Fixed(get(ME, Some(token(session)))));
    on_service(bench, "/users/me", variant, scripts.collect()).await
}

/// Measures the load generator alone, with the cheapest possible server.
async fn generator(bench: &Bench<'_>) -> Result<Row, Failure> {
    let service = Service::start(bench.lab, SHIPPED, bench.arguments)?;
    let trivial = Service::trivial(bench.arguments)?;
    let mut ceiling = statics(bench, &service).await?;
    let scripts = vec![Fixed(get(STATIC, None)); bench.arguments.connections.get()];
    let mut row = Crowd::connect(&bench.threads, trivial.address, scripts).await?;
    let row = bench.row(("trivial server", "–"), &trivial, (AGAINST, &mut ceiling), &mut row).await?;
    // The two are different processes.
    Ok(Row { cpu_ratio: f64::NAN, ..row })
}

async fn on_service<S: Script>(
    bench: &Bench<'_>,
    name: &str,
    variant: Variant,
    scripts: Vec<S>,
) -> Result<Option<Row>, Failure> {
    if !bench.arguments.wants(name, variant.name) {
        return Ok(None);
    }
    let service = Service::start(bench.lab, variant, bench.arguments)?;
    let mut ceiling = statics(bench, &service).await?;
    let mut row = Crowd::connect(&bench.threads, service.address, scripts).await?;
    bench.row((name, variant.name), &service, (AGAINST, &mut ceiling), &mut row).await.map(Some)
}

pub(super) async fn statics(bench: &Bench<'_>, service: &Service) -> Result<Crowd<Fixed>, Failure> {
    let scripts = vec![Fixed(get(STATIC, None)); bench.arguments.connections.get()];
    Crowd::connect(&bench.threads, service.address, scripts).await
}

pub(super) async fn mes(bench: &Bench<'_>, service: &Service) -> Result<Crowd<Fixed>, Failure> {
    let sessions = bench.sessions().await?;
    let scripts = sessions.iter().map(|session| Fixed(get(ME, Some(token(session)))));
    Crowd::connect(&bench.threads, service.address, scripts).await
}

fn token(issued: &IssuedToken) -> &str {
    issued.access_token.expose_secret()
}

/// Returns the cursor of the last full page of seeded users.
async fn last_page(bench: &Bench<'_>) -> Result<String, Failure> {
    let before = user_id(u64::from(bench.users - PAGE - 1));
    let page = bench.container.store().users().page(&UserFilter::default(), Some(before), PAGE).await?;
    let seeded = user_id(u64::from(bench.users - 1));
    let whole = page.last().is_some_and(|last| last.id == seeded);
    if whole { Ok(Cursor(before.0).encode()) } else { Err("the users are not as they were seeded".into()) }
}
