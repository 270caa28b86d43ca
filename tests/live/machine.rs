//! A machine: one instance on threads of its own, which can lose its power.

use crea::features::live_status;
use tokio::{
    runtime::{Builder, Runtime},
    task::JoinHandle,
};

use crate::{harness::TestApp, tab::Server};

/// An instance that listens. Dropping it is `kill -9`: whatever it was doing ends where it stood.
pub struct Machine {
    /// The instance and its address.
    pub server: Server,
    threads: Option<Runtime>,
}

impl Machine {
    /// Starts another instance of `app`'s database; `redis` in place of its Redis, if given.
    pub async fn start(app: &TestApp, redis: Option<String>) -> Self {
        let threads = Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let app = app.clone();
        let start = async move {
            let instance = app.instance_with(|config| config.redis_url = redis.or(config.redis_url.take())).await;
            tokio::spawn(live_status::keep(instance.app.clone()));
            Server::start(&instance).await
        };
        let server = threads.spawn(start).await.unwrap();
        Self { server, threads: Some(threads) }
    }

    /// Lets it do something that ends with it: a request that it answers.
    pub fn run<F>(&self, work: F) -> JoinHandle<F::Output>
    where
        F: Future<Output: Send> + Send + 'static,
    {
        self.threads.as_ref().expect("until it is dropped").spawn(work)
    }
}

impl Drop for Machine {
    fn drop(&mut self) {
        self.server.app.forget();
        if let Some(threads) = self.threads.take() {
            threads.shutdown_background();
        }
    }
}
