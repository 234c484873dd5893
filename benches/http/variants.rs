/// The service with some settings.
#[derive(Clone, Copy, Debug)]
pub struct Variant {
    pub name: &'static str,
    pub settings: &'static [&'static str],
    /// Whether it is another one than the rest only where Redis is.
    pub needs_redis: bool,
}

impl Variant {
    const fn new(name: &'static str, settings: &'static [&'static str]) -> Self {
        Self { name, settings, needs_redis: false }
    }

    /// All that is set by `KEY=VALUE`, with `more` on top.
    pub fn set(self, more: &[String]) -> Vec<String> {
        // The load comes from one address and stands for many.
        let always = [
            "server.listen=127.0.0.1:0",
            "server.public_url=http://bench.example",
            "server.trusted_proxies=127.0.0.1",
            // `--set limits.enabled=true` measures their cost where no request reaches one.
            "limits.enabled=false",
        ];
        let all = always.iter().chain(self.settings).map(ToString::to_string);
        all.chain(more.iter().cloned()).collect()
    }
}

/// As it comes, with every tier of the cache that there is: what most rows are measured on.
pub const SHIPPED: Variant = Variant::new("as shipped", &[]);

/// Reads nothing but the database: what this process itself prepares with.
pub const NO_CACHE: Variant = Variant::new("no cache", &["cache.url=off:"]);

/// What `/users/me` is measured on.
pub const VARIANTS: &[Variant] = &[
    SHIPPED,
    Variant { needs_redis: true, ..Variant::new("Redis alone", &["cache.entries=0"]) },
    Variant { needs_redis: true, ..Variant::new("without Redis", &["cache.url=memory:"]) },
    NO_CACHE,
    Variant::new("tokens not kept", &["cache.tokens=0"]),
    Variant::new("no cache, tokens not kept", &["cache.url=off:", "cache.tokens=0"]),
    Variant::new("no access log", &["log.level=warn"]),
];
