//! The same service once more, on the database that one has.

use svc::container::Container;

use super::App;

impl App {
    /// What a command on the same database has: nothing runs beside it.
    pub fn command(&self) -> Container {
        let ground = self.ground();
        ground.container(&ground.database.url(), &[], |builder| builder)
    }

    /// Stops it and starts it again on the same database.
    pub async fn restart(self) -> Self {
        self.restart_with(&[]).await
    }

    /// The same with other settings.
    pub async fn restart_with(self, settings: &[&str]) -> Self {
        let ground = self.ground();
        self.stop().await;
        let url = ground.database.url();
        Self::on(ground, &url, settings, |builder| builder).await
    }
}
