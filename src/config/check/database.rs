use crate::config::read::MILLISECOND;
use crate::config::read::Reader;
use crate::config::settings::DatabaseSettings;
use crate::config::urls::DatabaseUrl;

pub(super) fn read(read: &mut Reader<'_>) -> Option<DatabaseSettings> {
    let url = read.text("database.url", DatabaseUrl::parse);
    let pooler = read.word("database.pooler");
    let direct_url = read.text("database.direct_url", direct_url);
    let max_connections = read.number("database.max_connections", 1..=1000);
    let acquire_timeout = read.duration("database.acquire_timeout", MILLISECOND);
    let statement_timeout = read.duration("database.statement_timeout", MILLISECOND);
    if let (Some(DatabaseUrl::Sqlite(_)), Some(Some(_))) = (&url, &direct_url) {
        return read.refuse(
            "database.direct_url",
            "only valid with PostgreSQL, but database.url names an embedded database",
        );
    }
    Some(DatabaseSettings {
        url: url?,
        pooler: pooler?,
        direct_url: direct_url?,
        max_connections: max_connections?,
        acquire_timeout: acquire_timeout?,
        statement_timeout: statement_timeout?,
    })
}

fn direct_url(text: &str) -> Result<Option<DatabaseUrl>, String> {
    if text.is_empty() {
        return Ok(None);
    }
    match DatabaseUrl::parse(text)? {
        DatabaseUrl::Sqlite(_) => {
            Err("expected postgres://USER:PASSWORD@HOST/NAME, or an empty value".to_owned())
        }
        url @ DatabaseUrl::Postgres(_) => Ok(Some(url)),
    }
}
