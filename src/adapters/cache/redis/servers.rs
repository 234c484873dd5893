//! Which Redis to connect to, and the log-in. With Sentinel, the Sentinels are asked before each connection.

use std::time::Duration;

use deadpool_redis::redis::{
    AsyncConnectionConfig, Client, ConnectionAddr, ConnectionInfo, IntoConnectionInfo, ProtocolVersion,
    RedisConnectionInfo, RedisError, cmd,
};
use secrecy::{ExposeSecret, SecretString};
use tokio::time::timeout;

/// How long one Sentinel may take before the next one is asked.
const SENTINEL: Duration = Duration::from_millis(500);

/// Where Redis is, or the Sentinels that know where it is.
#[derive(Clone, Debug)]
pub struct RedisServers {
    /// The one server, or the Sentinels in the order in which they are asked. At least one.
    pub addresses: Vec<(String, u16)>,
    /// Whether every connection uses TLS.
    pub is_encrypted: bool,
    /// How to log in to the server.
    pub login: RedisLogin,
    /// The number of the database.
    pub database: u16,
    /// How to ask the Sentinels; `None` without Sentinels.
    pub sentinel: Option<RedisSentinel>,
}

/// How to ask Sentinels for the server.
#[derive(Clone, Debug)]
pub struct RedisSentinel {
    /// The name of the master at the Sentinels.
    pub master: String,
    /// How to log in to the Sentinels.
    pub login: RedisLogin,
}

/// How to log in to a server.
#[derive(Clone, Debug, Default)]
pub struct RedisLogin {
    /// The user name; `None` is the user `default`.
    pub user: Option<String>,
    /// The password, if any.
    pub password: Option<SecretString>,
}

impl RedisServers {
    /// Returns the address of the server that takes writes.
    pub(super) async fn master(&self) -> Result<(String, u16), String> {
        let Some(sentinel) = &self.sentinel else { return Ok(self.addresses[0].clone()) };
        let mut failures = Vec::new();
        for address in &self.addresses {
            let asked = timeout(SENTINEL, self.ask(address, sentinel)).await;
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
        sentinel: &RedisSentinel,
    ) -> Result<Option<(String, u16)>, RedisError> {
        let info = self.info(address, &sentinel.login, RedisConnectionInfo::default())?;
        let config = AsyncConnectionConfig::new().set_connection_timeout(Some(SENTINEL));
        let client = Client::open(info)?;
        let mut connection = client.get_multiplexed_async_connection_with_config(&config).await?;
        let mut ask = cmd("SENTINEL");
        ask.arg("GET-MASTER-ADDR-BY-NAME").arg(&sentinel.master).query_async(&mut connection).await
    }

    /// Returns how to connect to the server at this address.
    pub(super) fn connection(&self, address: &(String, u16)) -> Result<ConnectionInfo, RedisError> {
        let settings = RedisConnectionInfo::default()
            .set_db(i64::from(self.database))
            .set_protocol(ProtocolVersion::RESP3);
        self.info(address, &self.login, settings)
    }

    fn info(
        &self,
        (host, port): &(String, u16),
        login: &RedisLogin,
        mut settings: RedisConnectionInfo,
    ) -> Result<ConnectionInfo, RedisError> {
        // A user with minimal rights may not run `CLIENT SETINFO`.
        settings = settings.set_skip_set_lib_name();
        let (host, port) = (host.clone(), *port);
        let address = if self.is_encrypted {
            ConnectionAddr::TcpTls { host, port, insecure: false, tls_params: None }
        } else {
            ConnectionAddr::Tcp(host, port)
        };
        if let Some(user) = &login.user {
            settings = settings.set_username(user);
        }
        if let Some(password) = &login.password {
            settings = settings.set_password(password.expose_secret());
        }
        Ok(address.into_connection_info()?.set_redis_settings(settings))
    }
}
