/// The service with some settings.
#[derive(Clone, Copy, Debug)]
pub struct Variant {
    pub name: &'static str,
    pub settings: &'static [&'static str],
    /// Whether it differs from the others only if Redis is used.
    pub needs_redis: bool,
}

impl Variant {
    const fn new(name: &'static str, settings: &'static [&'static str]) -> Self {
        Self { name, settings, needs_redis: false }
    }

    /// Returns all settings as `KEY=VALUE`, followed by `more`.
    pub fn set(self, more: &[String]) -> Vec<String> {
        // The load comes from one address and represents many.
        let always = [
            "server.listen=127.0.0.1:0",
            "server.public_url=http://bench.example",
            "server.trusted_proxies=127.0.0.1",
            // `--set limits.enabled=true` measures their cost while no request reaches a limit.
            "limits.enabled=false",
        ];
        let all = always.iter().chain(self.settings).map(ToString::to_string);
        all.chain(more.iter().cloned()).collect()
    }
}

/// The default settings, with both tiers of the cache: most rows use it.
pub const SHIPPED: Variant = Variant::new("as shipped", &[]);

/// Reads only the database: this process uses it for its own preparations.
pub const NO_CACHE: Variant = Variant::new("no cache", &["cache.url=off:"]);

/// The variants for `/users/me`.
pub const VARIANTS: &[Variant] = &[
    SHIPPED,
    Variant { needs_redis: true, ..Variant::new("Redis alone", &["cache.entries=0"]) },
    Variant { needs_redis: true, ..Variant::new("without Redis", &["cache.url=memory:"]) },
    NO_CACHE,
    Variant::new("tokens not kept", &["cache.tokens=0"]),
    Variant::new("no cache, tokens not kept", &["cache.url=off:", "cache.tokens=0"]),
    Variant::new("no access log", &["log.level=warn"]),
];
