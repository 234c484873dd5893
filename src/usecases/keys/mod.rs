//! Signing keys: prepare one, publish them, seal them under the present secret key, and move them through the
//! stages of their life. `changer` makes the changes that the rules of [`KeySet`](crate::domain::KeySet)
//! decide, each with its event; the other files are one change each.

mod activate;
mod changer;
mod compromise;
mod end_sessions;
mod generate;
mod keep_up;
mod list;
mod prepare;
mod publish;
mod remove;
mod retire;
mod rotate;
mod seal;

use super::use_cases::use_cases;
pub use activate::ActivateKey;
pub use changer::{ChangeKeyError, KeyChanger, KeyChanges};
pub use compromise::CompromiseKey;
pub use end_sessions::EndSignedSessions;
pub use generate::GenerateKey;
pub use keep_up::KeepUpKeys;
pub use list::ListKeys;
pub use prepare::PrepareSigningKey;
pub use publish::PublishKeys;
pub use remove::RemoveKey;
pub use retire::RetireKey;
pub use rotate::RotateKey;
pub use seal::SealSigningKeys;

use_cases! {
    activate: ActivateKey { key_changer },
    compromise: CompromiseKey { key_changer },
    end_sessions: EndSignedSessions { store, key_changer, journal },
    generate: GenerateKey { key_changer },
    keep_up: KeepUpKeys { key_changer, rotate_every },
    list: ListKeys { store, keys },
    prepare: PrepareSigningKey { store, keys, clock, key_changer },
    publish: PublishKeys { access_tokens },
    remove: RemoveKey { key_changer },
    retire: RetireKey { key_changer },
    rotate: RotateKey { key_changer },
    seal: SealSigningKeys { store, keys },
}
