//! Which Redis to connect to, and the log-in. With Sentinel, the Sentinels are asked before each connection.

use std::time::Duration;

use deadpool_redis::redis::{
    AsyncConnectionConfig, Client, ConnectionAddr, ConnectionInfo, IntoConnectionInfo, ProtocolVersion,
    RedisConnectionInfo, RedisError, cmd,
};
use secrecy::ExposeSecret;
use tokio::time::timeout;

use crate::config::{RedisUrl, SentinelUrl};

/// How long one Sentinel may take before the next one is asked.
const SENTINEL: Duration = Duration::from_millis(500);

/// Where Redis is, or the Sentinels that know where it is.
pub(super) struct Servers(pub(super) RedisUrl);

impl Servers {
    /// The one server, or the Sentinels in the order in which they are asked. At least one.
    fn addresses(&self) -> Vec<(String, u16)> {
        self.0.addresses()
    }

    /// Whether the server is found by asking Sentinels.
    pub(super) const fn has_sentinels(&self) -> bool {
        self.0.sentinel.is_some()
    }

    /// Fails if no connection can be made with these settings.
    pub(super) fn first(&self) -> Result<ConnectionInfo, RedisError> {
        self.connection(&self.addresses()[0])
    }

    /// Returns the address of the server that takes writes.
    pub(super) async fn master(&self) -> Result<(String, u16), String> {
        let mut addresses = self.addresses();
        let Some(sentinel) = &self.0.sentinel else { return Ok(addresses.swap_remove(0)) };
        let mut failures = Vec::new();
        for address in addresses {
            let asked = timeout(SENTINEL, self.ask(&address, sentinel)).await;
            let why = match asked {
                Ok(Ok(Some(master))) => return Ok(master),
                Ok(Ok(None)) => format!("unknown master {}", sentinel.master),
                Ok(Err(error)) => error.to_string(),
                Err(_) => "no answer in time".to_owned(),
            };
            failures.push(format!("{}:{}: {why}", address.0, address.1));
        }
        Err(format!("no Sentinel reports the address of the master ({})", failures.join("; ")))
    }

    async fn ask(
        &self,
        address: &(String, u16),
        sentinel: &SentinelUrl,
    ) -> Result<Option<(String, u16)>, RedisError> {
        let login = (sentinel.user.as_deref(), sentinel.password.as_ref().map(ExposeSecret::expose_secret));
        let info = self.info(address, login, RedisConnectionInfo::default())?;
        let config = AsyncConnectionConfig::new().set_connection_timeout(Some(SENTINEL));
        let client = Client::open(info)?;
        let mut connection = client.get_multiplexed_async_connection_with_config(&config).await?;
        let mut ask = cmd("SENTINEL");
        ask.arg("GET-MASTER-ADDR-BY-NAME").arg(&sentinel.master).query_async(&mut connection).await
    }

    /// Returns how to connect to the server at this address.
    pub(super) fn connection(&self, address: &(String, u16)) -> Result<ConnectionInfo, RedisError> {
        let settings = RedisConnectionInfo::default()
            .set_db(i64::from(self.0.database))
            .set_protocol(ProtocolVersion::RESP3);
        self.info(address, self.0.login(), settings)
    }

    /// The log-in is a user and a password. Without a user it is that of the user `default`.
    fn info(
        &self,
        (host, port): &(String, u16),
        (user, password): (Option<&str>, Option<&str>),
        mut settings: RedisConnectionInfo,
    ) -> Result<ConnectionInfo, RedisError> {
        // A user with minimal rights may not run `CLIENT SETINFO`.
        settings = settings.set_skip_set_lib_name();
        let (host, port) = (host.clone(), *port);
        let address = if self.0.is_encrypted() {
            ConnectionAddr::TcpTls { host, port, insecure: false, tls_params: None }
        } else {
            ConnectionAddr::Tcp(host, port)
        };
        if let Some(user) = user {
            settings = settings.set_username(user);
        }
        if let Some(password) = password {
            settings = settings.set_password(password);
        }
        Ok(address.into_connection_info()?.set_redis_settings(settings))
    }
}
