use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use argon2::{Algorithm, Argon2, Block, Params, Version};
use async_trait::async_trait;

use super::{Bench, Row};
use crate::Failure;
use crate::load::{Crowd, Numbered, post};
use crate::measure::{Load, Slice};
use crate::seed::PASSWORD;
use crate::service::Service;
use crate::variants::SHIPPED;

/// The largest number of connections per worker: more would only wait, and be refused on a slow machine.
const AT_ONCE: usize = 8;
/// The comparison of both rows.
const AGAINST: &str = "bare hash";

/// Measures log-in and registration, compared with the bare hash on all cores.
pub async fn rows(bench: &Bench<'_>) -> Result<Vec<Row>, Failure> {
    let mut rows = Vec::new();
    for (name, script) in [("log-in", log_in(bench.users)), ("register", register())] {
        if !bench.arguments.wants(name, SHIPPED.name) {
            continue;
        }
        let service = Service::start(bench.lab, SHIPPED, bench.arguments)?;
        let busy = AT_ONCE * bench.settings.security.password.workers;
        let scripts = vec![script; bench.arguments.connections.get().min(busy)];
        let mut row = Crowd::connect(&bench.threads, service.address, scripts).await?;
        let mut ceiling = Hashes::new(bench)?;
        rows.push(bench.row((name, SHIPPED.name), &service, (AGAINST, &mut ceiling), &mut row).await?);
    }
    Ok(rows)
}

/// Logs another user in with each request.
pub fn log_in(users: u32) -> Numbered {
    let digits = Numbered::DECIMAL;
    let body = format!("{{\"email\":\"user{digits}@bench.example\",\"password\":\"{PASSWORD}\"}}");
    Numbered::new(post("/api/v1/auth/login", &body), users.into(), |number| number)
}

/// Registers a new user with each request, even after an earlier call.
fn register() -> Numbered {
    static CALLS: AtomicU32 = AtomicU32::new(0);
    let (call, digits) = (CALLS.fetch_add(1, Ordering::Relaxed), Numbered::DECIMAL);
    let body = format!("{{\"email\":\"new{call}-{digits}@bench.example\",\"password\":\"{PASSWORD}\"}}");
    Numbered::new(post("/api/v1/auth/register", &body), 10_000_000_000, |number| number)
}

/// The bare hash: no request, no database, reused memory, on as many threads as the service has workers.
pub struct Hashes {
    params: Params,
    memory: Vec<Vec<Block>>,
}

impl Hashes {
    pub fn new(bench: &Bench<'_>) -> Result<Self, Failure> {
        let password = &bench.settings.security.password;
        let params = Params::new(password.memory_kib, password.iterations, password.parallelism, Some(32))?;
        let memory = vec![vec![Block::new(); params.block_count()]; password.workers];
        Ok(Self { params, memory })
    }
}

#[async_trait]
impl Load for Hashes {
    fn is_done_here(&self) -> bool {
        true
    }

    async fn slice(&mut self, length: Duration) -> Result<Slice, Failure> {
        let (params, mut memory) = (self.params.clone(), std::mem::take(&mut self.memory));
        let work = move || {
            let began = Instant::now();
            let done = std::thread::scope(|scope| {
                let threads: Vec<_> = memory
                    .iter_mut()
                    .map(|blocks| scope.spawn(|| hash(&params, blocks, began + length)))
                    .collect();
                threads.into_iter().map(|thread| thread.join().unwrap_or(0)).sum::<usize>()
            });
            (Slice::untimed(done, began.elapsed()), memory)
        };
        let (slice, memory) = tokio::task::spawn_blocking(work).await?;
        self.memory = memory;
        Ok(slice)
    }
}

/// Returns how many hashes were computed until then.
fn hash(params: &Params, memory: &mut [Block], until: Instant) -> usize {
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params.clone());
    let (salt, mut output, mut done) = ([7; 16], [0; 32], 0);
    while Instant::now() < until {
        let hashed =
            argon2.hash_password_into_with_memory(PASSWORD.as_bytes(), &salt, &mut output, &mut *memory);
        std::hint::black_box(&output);
        done += usize::from(hashed.is_ok());
    }
    done
}
