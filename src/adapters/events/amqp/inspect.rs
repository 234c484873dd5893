//! Measures the broker for `svc doctor`.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use lapin::options::BasicPublishOptions;
use lapin::types::ShortString;
use lapin::uri::AMQPScheme;
use lapin::{BasicProperties, Channel};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

use super::broker::Amqp;
use super::error::{AmqpError, in_time, opened};
use super::place::Place;
use super::topology::{Names, Object};
use super::wire::Wire;
use crate::ports::inspection::{BrokerFacts, BrokerFault, BrokerInspector};

/// How long a broker may take to answer before it counts as one that blocks publishers.
const BLOCKED: Duration = Duration::from_secs(2);
/// The first bytes of a client of AMQP 0-9-1.
const HELLO: [u8; 8] = *b"AMQP\0\0\x09\x01";

#[async_trait]
impl BrokerInspector for Amqp {
    async fn inspect(&self) -> Result<BrokerFacts, BrokerFault> {
        let (product, version) = greeting(&self.place).await.unwrap_or_default();
        let facts = opened(look(&self.place)).await?;
        let product = if product.is_empty() { "a broker of unknown version".to_owned() } else { product };
        Ok(BrokerFacts { product, version, ..facts })
    }
}

impl From<AmqpError> for BrokerFault {
    fn from(error: AmqpError) -> Self {
        let text = error.to_string();
        match error {
            AmqpError::Forbidden(_) => Self::Forbidden(text),
            AmqpError::Different(_) => Self::Different(text),
            AmqpError::Broken(_) | AmqpError::Missing(_) | AmqpError::Silent(..) => Self::Unreachable(text),
        }
    }
}

/// Measures everything but the product and its version.
async fn look(place: &Arc<Place>) -> Result<BrokerFacts, AmqpError> {
    let wire = Wire::open(place, "svc doctor").await?;
    let names = &place.names;
    let mut facts = BrokerFacts::default();
    for object in Object::ALL {
        // The broker closes a channel on which an object was not found.
        let channel = wire.channel().await?;
        if names.exists(&channel, object).await? {
            // It is only compared. If it was deleted since, this makes it, as the next start would.
            names.declare_object(&channel, object).await?;
            if object == Object::DeadLetters {
                let queue = names.of(object);
                facts.dead_letters = Some((queue.to_string(), Names::depth(&channel, queue).await?));
            }
        } else {
            facts.missing.push(format!("{} {}", object.kind(), names.of(object)));
        }
    }
    if facts.missing.is_empty() {
        facts.is_blocked = blocks(&wire, names.of(Object::Exchange)).await?;
    }
    wire.close().await;
    Ok(facts)
}

/// Publishes in a transaction that is rolled back: nothing is sent to any queue, but the broker checks the
/// permission, and reports that it blocks publishers. Returns whether it does.
async fn blocks(wire: &Wire, exchange: &ShortString) -> Result<bool, AmqpError> {
    let channel: Channel = wire.channel().await?;
    in_time("beginning a transaction", channel.tx_select()).await?;
    let options = BasicPublishOptions::default();
    let publishing =
        channel.basic_publish(exchange.clone(), "doctor".into(), options, b"", BasicProperties::default());
    in_time("publishing", publishing).await?;
    match timeout(BLOCKED, channel.tx_rollback()).await {
        Ok(done) => {
            done?;
            Ok(wire.is_blocked())
        }
        Err(_) => Ok(true),
    }
}

/// Reads the product and the version with which a broker greets a client, before any log-in. The library does
/// not keep them. Returns `None` over TLS.
async fn greeting(place: &Place) -> Option<(String, String)> {
    let (_, uri, patience) = place.node();
    if uri.scheme != AMQPScheme::AMQP {
        return None;
    }
    let read = async {
        let address = (uri.authority.host.as_str(), uri.authority.port);
        let mut stream = TcpStream::connect(address).await.ok()?;
        stream.write_all(&HELLO).await.ok()?;
        // A frame: type, channel, length.
        let mut head = [0; 7];
        stream.read_exact(&mut head).await.ok()?;
        let length = u32::from_be_bytes([head[3], head[4], head[5], head[6]]).min(64 * 1024);
        let mut frame = vec![0; usize::try_from(length).ok()?];
        stream.read_exact(&mut frame).await.ok()?;
        Some((property(&frame, "product")?, property(&frame, "version")?))
    };
    timeout(patience, read).await.ok()?
}

/// Finds a property of type `S` in a field table: the length of its name, the name, `S`, the length of the
/// text in four bytes, the text (AMQP 0-9-1, section 4.2.5.5).
fn property(table: &[u8], name: &str) -> Option<String> {
    let mut field = vec![u8::try_from(name.len()).ok()?];
    field.extend_from_slice(name.as_bytes());
    field.push(b'S');
    let at = table.windows(field.len()).position(|window| window == field)? + field.len();
    let (length, rest) = table.get(at..)?.split_first_chunk::<4>()?;
    let text = rest.get(..usize::try_from(u32::from_be_bytes(*length)).ok()?)?;
    Some(String::from_utf8_lossy(text).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_property_is_read_from_the_greeting() {
        let table = b"\x0ccapabilitiesF\0\0\0\0\x07productS\0\0\0\x08RabbitMQ\x07versionS\0\0\0\x063.10.8";
        assert_eq!(property(table, "product").as_deref(), Some("RabbitMQ"));
        assert_eq!(property(table, "version").as_deref(), Some("3.10.8"));
        assert_eq!(property(table, "platform"), None);
        assert_eq!(property(&table[..table.len() - 1], "version"), None, "cut off");
    }
}
