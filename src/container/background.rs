//! Tasks that run for as long as the process.

use std::convert::Infallible;
use std::future::Future;
use std::sync::Arc;

use futures_util::FutureExt as _;

use super::Container;
use crate::tasks::{Shutdown, supervise};

impl Container {
    /// Runs a task until the service stops, and restarts it when it panics. It is given `with` at each start.
    pub(super) fn run_beside<T, F>(
        &self,
        name: &'static str,
        with: &Arc<T>,
        run: impl Fn(Arc<T>) -> F + Send + Sync + 'static,
    ) where
        T: Send + Sync + 'static,
        F: Future<Output = ()> + Send + 'static,
    {
        self.run_to_the_end(name, with, move |with, stop| {
            let task = run(with);
            async move {
                tokio::select! {
                    () = task => {}
                    () = stop.stopping() => {}
                }
            }
        });
    }

    /// Runs a task that ends by itself when the service stops, and restarts it when it panics.
    pub(super) fn run_to_the_end<T, F>(
        &self,
        name: &'static str,
        with: &Arc<T>,
        run: impl Fn(Arc<T>, Shutdown) -> F + Send + Sync + 'static,
    ) where
        T: Send + Sync + 'static,
        F: Future<Output = ()> + Send + 'static,
    {
        let (with, ids, stop) = (with.clone(), self.ports.ids.clone(), self.stop.clone());
        self.tasks.spawn(async move {
            let run = || run(with.clone(), stop.clone()).map(Ok::<_, Infallible>);
            supervise(name, &*ids, &stop, run).await;
        });
    }
}
