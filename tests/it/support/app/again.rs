//! Starts another service on the database of an existing one.

use svc::container::Container;

use super::App;

impl App {
    /// Returns the container of a command on the same database, without background tasks.
    pub fn command(&self) -> Container {
        let ground = self.ground();
        ground.container(&ground.database.url(), &[], |builder| builder)
    }

    /// Stops the service and starts it on the same database.
    pub async fn restart(self) -> Self {
        self.restart_with(&[]).await
    }

    /// Stops the service and starts it on the same database with other settings.
    pub async fn restart_with(self, settings: &[&str]) -> Self {
        let ground = self.ground();
        self.stop().await;
        let url = ground.database.url();
        Self::on(ground, &url, settings, |builder| builder).await
    }
}
