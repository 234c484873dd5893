use std::io::{IsTerminal, Write};

use crate::config::Loaded;

/// Shows on a terminal what runs and where. Without a terminal, logs one line.
pub(super) fn show(loaded: &Loaded) {
    let settings = &loaded.settings;
    let url = &settings.server.public_url;
    let warnings = loaded.warnings();
    if !std::io::stderr().is_terminal() {
        let (database, cache, queue) = (&settings.database.url, &settings.cache.url, &settings.queue.url);
        let docs = settings.server.docs.then(|| format!("{url}/docs"));
        tracing::info!(listen = %settings.server.listen, %url, docs, %database, %cache, %queue, "serving");
        for warning in warnings {
            tracing::warn!("{warning}");
        }
        return;
    }
    let mut lines = vec![
        String::new(),
        format!("  svc {} ({})", env!("CARGO_PKG_VERSION"), settings.environment),
        String::new(),
        format!("  API       {url}/api/v1"),
    ];
    lines.extend(settings.server.docs.then(|| format!("  Docs      {url}/docs, {url}/redoc")));
    lines.extend([
        format!("  Ready?    {url}/health/ready"),
        format!("  Database  {}", settings.database.url),
        format!("  Cache     {}", settings.cache.url),
        format!("  Queue     {}", settings.queue.url),
    ]);
    lines.extend(warnings.iter().map(|warning| format!("  Warning   {warning}")));
    lines.push(String::new());
    // A failure to show the banner does not prevent the start.
    let _ = writeln!(std::io::stderr(), "{}", lines.join("\n"));
}
