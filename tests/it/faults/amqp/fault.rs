use std::hash::{BuildHasher, RandomState};
use std::time::Duration;

use lapin::options::QueueDeclareOptions;
use lapin::types::FieldTable;

use super::Ground;
use crate::support::proxy::Way;
use crate::support::rabbit::control;

/// The memory alarm of a broker, in the broker's own terms. It is raised directly, so that the settings of
/// its operator stay unchanged.
const MEMORY: &str = "{resource_limit, memory, node()}";

/// A fault of a broker.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Connections are refused.
    Down,
    /// All traffic stops, and continues later.
    Frozen,
    /// Every connection is reset.
    Reset,
    /// Bytes that are sent on a connection are lost without an error.
    HalfOpen,
    QueueDeleted,
    ExchangeDeleted,
    BindingRemoved,
    /// Another queue has our name: each attempt to declare ours is a channel error (406).
    OtherQueue,
    /// By the operator of the broker.
    ConnectionsClosed,
    PermissionsTaken,
    /// `rabbitmqctl stop_app`.
    Stopped,
    /// The broker is short of memory and blocks publishers.
    MemoryAlarm,
}

impl Fault {
    /// Faults that other users of the same broker do not notice.
    pub const OF_ONE_SERVICE: [Self; 8] = [
        Self::Down,
        Self::Frozen,
        Self::Reset,
        Self::HalfOpen,
        Self::QueueDeleted,
        Self::ExchangeDeleted,
        Self::BindingRemoved,
        Self::OtherQueue,
    ];
    /// Faults that other users of the same virtual host notice.
    pub const OF_A_VIRTUAL_HOST: [Self; 2] = [Self::ConnectionsClosed, Self::PermissionsTaken];
    /// Faults that all users of the broker notice.
    const OF_THE_BROKER: [Self; 2] = [Self::Stopped, Self::MemoryAlarm];

    /// Returns one of all faults.
    pub fn any(round: usize) -> Self {
        let all = [&Self::OF_ONE_SERVICE[..], &Self::OF_A_VIRTUAL_HOST, &Self::OF_THE_BROKER].concat();
        let random = RandomState::new().hash_one(round);
        all[usize::try_from(random % all.len() as u64).unwrap()]
    }

    /// Returns how long the fault lasts.
    pub const fn lasts(self) -> Duration {
        match self {
            Self::Reset | Self::QueueDeleted | Self::ExchangeDeleted | Self::BindingRemoved => Duration::ZERO,
            Self::HalfOpen => Duration::from_millis(500),
            Self::MemoryAlarm => Duration::from_secs(30),
            _ => Duration::from_secs(2),
        }
    }

    pub async fn inflict(self, ground: &Ground) {
        let broker = &ground.broker;
        match self {
            Self::Down => ground.proxy.down(),
            Self::Frozen => ground.proxy.freeze(),
            Self::Reset => ground.proxy.reset(),
            Self::HalfOpen => {
                ground.proxy.lose(Way::Request);
                ground.proxy.lose(Way::Answer);
            }
            Self::QueueDeleted => broker.admin().await.delete_queue(&broker.inbox()).await,
            Self::ExchangeDeleted => broker.admin().await.delete_exchange(&broker.exchange()).await,
            Self::BindingRemoved => broker.admin().await.unbind(&broker.inbox(), &broker.exchange()).await,
            Self::OtherQueue => {
                // The service declares its own queue again at once if it can.
                ground.proxy.down();
                let admin = broker.admin().await;
                admin.delete_queue(&broker.inbox()).await;
                let (other, options) = (broker.inbox().into(), QueueDeclareOptions::default());
                let declaring = admin.channel.queue_declare(
                    other,
                    QueueDeclareOptions { durable: true, ..options },
                    FieldTable::default(),
                );
                declaring.await.unwrap();
                ground.proxy.up();
            }
            Self::ConnectionsClosed => {
                assert!(control(&["close_all_connections", "--vhost", broker.vhost(), "for a test"]));
            }
            Self::PermissionsTaken => {
                assert!(broker.forbid());
                assert!(control(&["close_all_connections", "--vhost", broker.vhost(), "for a test"]));
            }
            Self::Stopped => assert!(control(&["stop_app"])),
            Self::MemoryAlarm => {
                assert!(control(&["eval", &format!("rabbit_alarm:set_alarm({{{MEMORY}, []}}).")]));
            }
        }
    }

    pub async fn heal(self, ground: &Ground) {
        let broker = &ground.broker;
        match self {
            Self::Down | Self::Frozen | Self::HalfOpen => ground.proxy.up(),
            // The first ones need no repair, and the guard repairs the last two.
            Self::Reset
            | Self::QueueDeleted
            | Self::ExchangeDeleted
            | Self::BindingRemoved
            | Self::ConnectionsClosed
            | Self::Stopped
            | Self::MemoryAlarm => {}
            Self::OtherQueue => broker.admin().await.delete_queue(&broker.inbox()).await,
            Self::PermissionsTaken => assert!(broker.permit()),
        }
    }
}

/// Repairs a fault that other users of the broker notice too, even if the test fails. All other faults affect
/// only the test itself.
pub struct Guard(pub Fault);

impl Drop for Guard {
    fn drop(&mut self) {
        let healed = match self.0 {
            Fault::Stopped => control(&["start_app"]),
            Fault::MemoryAlarm => control(&["eval", &format!("rabbit_alarm:clear_alarm({MEMORY}).")]),
            _ => true,
        };
        assert!(healed || std::thread::panicking(), "{:?} cannot be healed", self.0);
    }
}
