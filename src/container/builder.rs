//! Builds a [`Container`] from settings. Tests replace ports.

use std::sync::Arc;
use std::time::Duration;

use super::broker::build_broker;
use super::cache::build_tiers;
use super::database::{open_store, refuse_missing};
use super::error::BuildError;
use super::fail_points;
use super::mail::{build_mail, build_smtp, mail_templates};
use super::missing::Missing;
use super::rate_limiter::build_limiter;
use super::secret_key::secret_keys;
use super::texts::Texts;
use super::traces::Traces;
use super::use_case_settings::use_case_settings;
use super::{Container, memory};
use crate::adapters::ban_list::LiveBans;
use crate::adapters::cache::{InvalidatingStore, NoCache, TieredCache};
use crate::adapters::passwords::{Argon2Hasher, HmacDecoys};
use crate::adapters::security_log::TracedSecurityLog;
use crate::adapters::system::{SystemClock, SystemIds};
use crate::adapters::tokens::introduction::HmacIntroductions;
use crate::adapters::tokens::jwt::{JwtAccessTokens, JwtKeyFactory, JwtSettings};
use crate::adapters::tokens::mail::HmacMailTokens;
use crate::adapters::tokens::refresh::HmacRefreshTokens;
use crate::api;
use crate::config::{CacheUrl, Settings};
use crate::ports::events::{DeadLetters, Transport};
use crate::ports::{Cache, Clock, Ids, Mailer, PasswordHasher, Store};
use crate::tasks::{Shutdown, Tasks};
use crate::telemetry::metrics::Metrics;
use crate::usecases::{Ports, UseCases};
use crate::worker::FailPoints;
use crate::worker::handlers::{self, Handler};

/// Builds a [`Container`] in which ports can be replaced.
pub struct Builder<'a> {
    settings: &'a Settings,
    clock: Option<Arc<dyn Clock>>,
    hasher: Option<Arc<dyn PasswordHasher>>,
    mailer: Option<Arc<dyn Mailer>>,
    around_store: Option<Box<AroundStore>>,
    handlers: Option<Vec<Handler>>,
    fail_points: FailPoints,
    mail_pause: Duration,
    missing_database: Missing,
    missing_key: Missing,
}

/// The longest pause between a request for a mail and the look-up of its account. It is long enough that no
/// single request after it reveals the result.
const MAIL_PAUSE: Duration = Duration::from_secs(3);

/// Wraps a store.
type AroundStore = dyn FnOnce(Arc<dyn Store>) -> Arc<dyn Store>;

impl Container {
    /// Builds the adapters that the settings name. Does not connect yet, so the start succeeds while the
    /// database is down.
    pub fn build(settings: &Settings) -> Result<Self, BuildError> {
        Self::builder(settings).build()
    }

    /// Checks the files that the settings name, and the memory limits.
    pub fn check(settings: &Settings) -> Result<(), BuildError> {
        memory::budget(settings)?;
        let templates = mail_templates(settings)?;
        Texts::load(settings, &templates).map(drop)
    }

    /// Starts a build in which ports can be replaced.
    #[must_use]
    pub fn builder(settings: &Settings) -> Builder<'_> {
        Builder::new(settings)
    }
}

impl<'a> Builder<'a> {
    /// Starts without replacements.
    pub(super) fn new(settings: &'a Settings) -> Self {
        Self {
            settings,
            clock: None,
            hasher: None,
            mailer: None,
            around_store: None,
            handlers: None,
            fail_points: FailPoints::default(),
            mail_pause: MAIL_PAUSE,
            missing_database: Missing::Created,
            missing_key: Missing::Created,
        }
    }
}

impl Builder<'_> {
    /// Uses this clock.
    #[must_use]
    pub fn clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = Some(clock);
        self
    }

    /// Uses this password hasher.
    #[must_use]
    pub fn hasher(mut self, hasher: Arc<dyn PasswordHasher>) -> Self {
        self.hasher = Some(hasher);
        self
    }

    /// Uses this mailer.
    #[must_use]
    pub fn mailer(mut self, mailer: Arc<dyn Mailer>) -> Self {
        self.mailer = Some(mailer);
        self
    }

    /// Uses these event handlers instead of all.
    #[must_use]
    pub fn handlers(mut self, handlers: Vec<Handler>) -> Self {
        self.handlers = Some(handlers);
        self
    }

    /// Makes the process abort at these points, for tests.
    #[must_use]
    pub fn fail_points(mut self, fail_points: FailPoints) -> Self {
        self.fail_points = fail_points;
        self
    }

    /// Processes requests for mails after at most this pause, instead of the default.
    #[must_use]
    pub fn mail_pause(mut self, longest: Duration) -> Self {
        self.mail_pause = longest;
        self
    }

    /// Wraps the store that the settings name, for example with one that fails on purpose.
    #[must_use]
    pub fn around_store(mut self, around: impl FnOnce(Arc<dyn Store>) -> Arc<dyn Store> + 'static) -> Self {
        self.around_store = Some(Box::new(around));
        self
    }

    /// Says what becomes of a database and of a secret key that do not exist. Both are created by default.
    #[must_use]
    pub fn missing(mut self, database: Missing, key: Missing) -> Self {
        (self.missing_database, self.missing_key) = (database, key);
        self
    }

    /// Builds the container.
    pub fn build(self) -> Result<Container, BuildError> {
        let security = &self.settings.security;
        // First, so that a start that is refused creates no files.
        let templates = mail_templates(self.settings)?;
        let texts = Texts::load(self.settings, &templates)?;
        let budget = memory::budget(self.settings)?;
        refuse_missing(&self.settings.database, self.missing_database)?;
        let secrets = secret_keys(security, self.missing_key)?;
        let store = open_store(&self.settings.database, self.missing_database)?;
        let clock = self.clock.unwrap_or_else(|| Arc::new(SystemClock));
        let ids: Arc<dyn Ids> = Arc::new(SystemIds);
        let metrics = Arc::new(Metrics::new(api::operations()));
        let hasher = match self.hasher {
            Some(hasher) => hasher,
            None => Arc::new(Argon2Hasher::counting(&security.password, metrics.passwords.clone())?),
        };
        let token = &security.token;
        let opened: Arc<dyn Store> = Arc::new(store.clone());
        let opened = self.around_store.map_or_else(|| opened.clone(), |around| around(opened.clone()));
        let opened = fail_points::store(opened, &self.fail_points);
        let tasks = Tasks::default();
        let cache = &self.settings.cache;
        let (local, redis) = build_tiers(cache, &secrets)?;
        let limiter = build_limiter(self.settings.limits.budgets.as_ref(), &clock, redis.as_ref(), &tasks);
        let security_log = Arc::new(TracedSecurityLog::new(secrets.present(), metrics.security.clone()));
        let cached =
            || TieredCache::new(opened.clone(), clock.clone(), local, redis.clone(), metrics.cache.clone());
        let tiers = (!matches!(cache.url, CacheUrl::Off)).then(cached).map(Arc::new);
        let (shared, cache): (Arc<dyn Store>, Arc<dyn Cache>) = match &tiers {
            Some(tiers) => {
                (Arc::new(InvalidatingStore::new(opened, tiers.clone(), tasks.clone())), tiers.clone())
            }
            None => (opened.clone(), Arc::new(NoCache(opened))),
        };
        let access_tokens = Arc::new(JwtAccessTokens::new(
            jwt_settings(self.settings),
            token.algorithm,
            &secrets,
            shared.clone(),
            clock.clone(),
            ids.clone(),
        ));
        let traces = Traces::new(self.settings.traces.as_ref(), &clock, &ids, &metrics.traces);
        let broker = build_broker(self.settings, &traces.tracer);
        let bans = Arc::new(LiveBans::new(shared.clone(), clock.clone(), ids.clone()));
        let ports = Ports {
            store: shared,
            cache,
            bans: bans.clone(),
            migrations: Arc::new(store.clone()),
            store_probe: Arc::new(store.clone()),
            queue: broker.clone().map(|broker| broker as Arc<dyn Transport>),
            dead_letters: broker.clone().map(|broker| broker as Arc<dyn DeadLetters>),
            event_log: Arc::new(store.clone()),
            event_replayer: fail_points::event_replayer(Arc::new(store.clone()), &self.fail_points),
            backlog: Arc::new(store.clone()),
            history: Arc::new(store.clone()),
            hasher,
            decoys: Arc::new(HmacDecoys::new(&secrets)),
            hash_census: Arc::new(store.clone()),
            limiter,
            security_log,
            access_tokens: access_tokens.clone(),
            refresh_tokens: Arc::new(HmacRefreshTokens::new(&secrets)),
            mail_tokens: Arc::new(HmacMailTokens::new(&secrets)),
            keys: Arc::new(JwtKeyFactory::new(token.algorithm, &secrets)),
            clock,
            ids,
        };
        let smtp = build_smtp(self.settings, templates.host())?;
        let counts = metrics.mail.clone();
        let mail = build_mail(self.settings, &ports, templates, self.mailer, smtp.clone(), counts)?;
        let handlers = self.handlers.unwrap_or_else(|| handlers::all(&mail));
        let handler_names = handlers.iter().map(Handler::name).collect();
        let use_case_settings = use_case_settings(self.settings, handler_names, self.mail_pause);
        let use_cases = UseCases::new(ports.clone(), use_case_settings);
        let (stop, settings) = (Shutdown::default(), Box::new(self.settings.clone()));
        Ok(Container {
            use_cases: Arc::new(use_cases),
            ports,
            store,
            cache: tiers,
            bans,
            access_tokens,
            broker,
            redis,
            smtp,
            introductions: Arc::new(HmacIntroductions::new(&secrets)),
            tasks,
            stop,
            handlers,
            fail_points: self.fail_points,
            metrics,
            traces,
            budget,
            texts: Box::new(texts),
            settings,
        })
    }
}

fn jwt_settings(settings: &Settings) -> JwtSettings {
    let token = &settings.security.token;
    JwtSettings {
        issuer: token.issuer.clone(),
        audience: token.audience.own().as_str().to_owned(),
        lifetime: token.access_lifetime,
        remembered: settings.cache.tokens,
    }
}
