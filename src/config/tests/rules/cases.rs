/// `KEY` and its value, or `/PATH` of a file and its mode.
pub(super) type Values = &'static [(&'static str, &'static str)];

pub(super) const KEY: &str = "pX9ZtS3vQm7LwR2cYb8NkF5hJd1GaV6e";
const OTHER_KEY: &str = "Wq3vNc8RzT5yLm1KxB7dGh4PfJs9Ua2E";

/// A database URL that breaks no rule.
const POOLER: (&str, &str) = ("database.url", "postgres://svc:T7kXw0ZbQe@127.0.0.1/svc");

/// Values that break no rule.
pub(super) const GOOD: Values = &[
    ("environment", "production"),
    ("server.public_url", "https://auth.example.com"),
    ("mail.url", "smtps://svc:T7kXw0ZbQe@relay"),
    ("security.secret_key", KEY),
];

/// Each rule with values that break it and values that keep it.
pub(super) const CASES: &[(&str, Values, Values)] = &[
    (
        "server.metrics_listen:public",
        &[("server.metrics_listen", "203.0.113.5:9000")],
        &[("server.metrics_listen", "10.0.0.5:9000")],
    ),
    ("server.public_url:unset", &[("server.public_url", "")], GOOD),
    (
        "server.public_url:plaintext",
        &[("server.public_url", "http://10.0.0.1")],
        &[("server.public_url", "http://127.0.0.1")],
    ),
    (
        "server.trusted_proxies:wide",
        &[("server.trusted_proxies", "10.0.0.0/7")],
        &[("server.trusted_proxies", "10.0.0.0/8")],
    ),
    (
        "server.trusted_proxies:public",
        &[("server.trusted_proxies", "203.0.0.0/15")],
        &[("server.trusted_proxies", "203.0.0.0/16")],
    ),
    (
        "server.allowed_origins:plaintext",
        &[("server.allowed_origins", "https://app.example.com, http://app.example.com")],
        &[("server.allowed_origins", "https://app.example.com")],
    ),
    (
        "server.allowed_origins:loopback",
        &[("server.allowed_origins", "http://localhost:5500")],
        &[("server.allowed_origins", "https://localhost.example.com")],
    ),
    (
        "server.allowed_origins:no-public-url",
        &[
            ("server.allowed_origins", "https://app.example.com"),
            ("server.public_url", "http://127.0.0.1:8000"),
        ],
        &[
            ("server.allowed_origins", "https://app.example.com"),
            ("server.public_url", "https://localhost:8000"),
        ],
    ),
    (
        "database.url:password",
        &[("database.url", "postgres://svc:Postgres@127.0.0.1/svc")],
        &[("database.url", "postgres://svc:postgres1@127.0.0.1/svc")],
    ),
    (
        "database.url:no-password",
        &[("database.url", "postgres://svc@db/svc?sslmode=verify-full")],
        &[("database.url", "postgres://svc@127.0.0.1/svc")],
    ),
    (
        "database.url:plaintext",
        &[("database.url", "postgres://svc:T7kXw0ZbQe@db/svc")],
        &[("database.url", "postgres://svc:T7kXw0ZbQe@127.0.0.1/svc")],
    ),
    (
        "database.url:unverified",
        &[("database.url", "postgres://svc:T7kXw0ZbQe@db/svc?sslmode=require")],
        &[("database.url", "postgres://svc:T7kXw0ZbQe@db/svc?sslmode=verify-ca")],
    ),
    (
        "database.url:readable",
        &[("/data/svc.db", "604"), ("/data", "701")],
        &[("/data/svc.db", "604"), ("/data", "700")],
    ),
    (
        "database.direct_url:password",
        &[POOLER, ("database.direct_url", "postgres://svc:Postgres@127.0.0.1/svc")],
        &[POOLER, ("database.direct_url", "postgres://svc:postgres1@127.0.0.1/svc")],
    ),
    (
        "database.direct_url:no-password",
        &[POOLER, ("database.direct_url", "postgres://svc@db/svc?sslmode=verify-full")],
        &[POOLER, ("database.direct_url", "postgres://svc@127.0.0.1/svc")],
    ),
    (
        "database.direct_url:plaintext",
        &[POOLER, ("database.direct_url", "postgres://svc:T7kXw0ZbQe@db/svc")],
        &[POOLER, ("database.direct_url", "postgres://svc:T7kXw0ZbQe@127.0.0.1/svc")],
    ),
    (
        "database.direct_url:unverified",
        &[POOLER, ("database.direct_url", "postgres://svc:T7kXw0ZbQe@db/svc?sslmode=require")],
        &[POOLER, ("database.direct_url", "postgres://svc:T7kXw0ZbQe@db/svc?sslmode=verify-ca")],
    ),
    (
        "cache.url:password",
        &[("cache.url", "rediss://:changeme@cache")],
        &[("cache.url", "rediss://:changeme1@cache")],
    ),
    ("cache.url:no-password", &[("cache.url", "rediss://cache")], &[("cache.url", "rediss://127.0.0.1")]),
    (
        "cache.url:plaintext",
        &[("cache.url", "redis://:T7kXw0ZbQe@cache")],
        &[("cache.url", "rediss://:T7kXw0ZbQe@cache")],
    ),
    ("mail.url:log", &[("mail.url", "log:")], GOOD),
    (
        "mail.url:password-plaintext",
        &[("mail.url", "smtp://svc:T7kXw0ZbQe@relay?tls=none")],
        &[("mail.url", "smtp://svc:T7kXw0ZbQe@127.0.0.1?tls=none")],
    ),
    ("mail.url:plaintext", &[("mail.url", "smtp://relay")], &[("mail.url", "smtp://relay?tls=required")]),
    ("mail.url:dir", &[("mail.url", "dir:data/mail")], GOOD),
    (
        "mail.links.verify_email:loopback",
        &[("mail.links.verify_email", "http://localhost:5173/#{token}")],
        &[("mail.links.verify_email", "https://localhost.example.com/#{token}")],
    ),
    (
        "mail.links.reset_password:loopback",
        &[("mail.links.reset_password", "http://localhost:5173/#{token}")],
        &[("mail.links.reset_password", "https://localhost.example.com/#{token}")],
    ),
    (
        "mail.links.confirm_email:loopback",
        &[("mail.links.confirm_email", "http://localhost:5173/#{token}")],
        &[("mail.links.confirm_email", "https://localhost.example.com/#{token}")],
    ),
    (
        "mail.links.invitation:loopback",
        &[("mail.links.invitation", "http://localhost:5173/#{token}")],
        &[("mail.links.invitation", "https://localhost.example.com/#{token}")],
    ),
    (
        "account.return_url:loopback",
        &[("account.return_url", "https://127.0.0.1:5173")],
        &[("account.return_url", "https://localhost.example.com")],
    ),
    (
        "queue.url:password",
        &[("queue.url", "amqps://anna:anna@broker")],
        &[("queue.url", "amqps://anna:T7kXw0ZbQe@broker")],
    ),
    ("queue.url:no-password", &[("queue.url", "amqps://broker")], &[("queue.url", "amqps://127.0.0.1")]),
    (
        "queue.url:plaintext",
        &[("queue.url", "amqp://svc:T7kXw0ZbQe@broker")],
        &[("queue.url", "amqps://svc:T7kXw0ZbQe@broker")],
    ),
    ("security.secret_key:missing", &[("security.secret_key", "")], GOOD),
    (
        "security.secret_key:typed",
        &[("security.secret_key", "x9Kp2LmQx9Kp2LmQx9Kp2LmQx9Kp2LmR")],
        &[("security.secret_key", OTHER_KEY)],
    ),
    (
        "security.secret_key:readable",
        &[("security.secret_key", ""), ("security.secret_key_file", "key"), ("/key", "604"), ("/.", "701")],
        &[("security.secret_key", ""), ("security.secret_key_file", "key"), ("/key", "600"), ("/.", "701")],
    ),
    (
        "security.previous_secret_key:typed",
        &[("security.previous_secret_key", "correct-horse-battery-staple-changeme")],
        &[("security.previous_secret_key", OTHER_KEY)],
    ),
    (
        "security.token.access_lifetime:long",
        &[("security.token.access_lifetime", "1h 1s")],
        &[("security.token.access_lifetime", "1h")],
    ),
    (
        "security.token.refresh_idle:long",
        &[("security.token.refresh_idle", "90d 1s"), ("security.token.refresh_absolute", "365d")],
        &[("security.token.refresh_idle", "90d"), ("security.token.refresh_absolute", "365d")],
    ),
    (
        "security.token.refresh_absolute:long",
        &[("security.token.refresh_absolute", "365d 1s")],
        &[("security.token.refresh_absolute", "365d")],
    ),
    (
        "security.token.claims:metadata",
        &[("security.token.claims", "name,plan=metadata.plan")],
        &[("security.token.claims", "name,plan=app_metadata.plan")],
    ),
    (
        "security.mail_token.verify_email:long",
        &[("security.mail_token.verify_email", "7d 1s")],
        &[("security.mail_token.verify_email", "7d")],
    ),
    (
        "security.mail_token.reset_password:long",
        &[("security.mail_token.reset_password", "1h 1s")],
        &[("security.mail_token.reset_password", "1h")],
    ),
    (
        "security.mail_token.invitation:long",
        &[("security.mail_token.invitation", "7d 1s")],
        &[("security.mail_token.invitation", "7d")],
    ),
    (
        "security.password.memory_kib:low",
        &[("security.password.memory_kib", "19455")],
        &[("security.password.memory_kib", "12288"), ("security.password.iterations", "3")],
    ),
    ("limits.enabled:off", &[("limits.enabled", "false")], &[("limits.enabled", "true")]),
    ("limits.body_bytes:large", &[("limits.body_bytes", "1048577")], &[("limits.body_bytes", "1048576")]),
    ("limits.header_timeout:long", &[("limits.header_timeout", "1m 1s")], &[("limits.header_timeout", "1m")]),
    (
        "limits.request_timeout:long",
        &[("limits.request_timeout", "5m 1s")],
        &[("limits.request_timeout", "5m")],
    ),
];
