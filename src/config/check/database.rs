use super::MILLISECOND;
use crate::config::database_url::DatabaseUrl;
use crate::config::read::Reader;
use crate::config::settings::DatabaseSettings;

pub(super) fn read(read: &mut Reader<'_>) -> Option<DatabaseSettings> {
    let url = read.text("database.url", DatabaseUrl::parse);
    let max_connections = read.number("database.max_connections", 1..=1000);
    let acquire_timeout = read.duration("database.acquire_timeout", MILLISECOND);
    let statement_timeout = read.duration("database.statement_timeout", MILLISECOND);
    Some(DatabaseSettings {
        url: url?,
        max_connections: max_connections?,
        acquire_timeout: acquire_timeout?,
        statement_timeout: statement_timeout?,
    })
}
