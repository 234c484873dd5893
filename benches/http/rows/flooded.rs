use super::Bench;
use super::passwords::{Hashes, log_in};
use super::reads::{mes, statics};
use crate::Failure;
use crate::load::{Flooded, Paced};
use crate::measure::{Load, Quantiles, Slice};
use crate::report::progress;
use crate::service::Service;
use crate::variants::SHIPPED;

/// How many times the rate of the bare hash is requested.
const TIMES: f64 = 10.0;
/// Scheduled reads per second: few enough that they do not wait for each other.
const PACE: u32 = 500;

/// Reads without load, and during far more log-ins than can be served.
#[derive(serde::Serialize)]
pub struct Flood {
    /// Hashes per second that the machine can compute at best, on all cores.
    pub hash_rate: f64,
    pub reads: Vec<FloodedRead>,
    /// Memory of the service in MiB: with reads only, the peak, and the first plus `workers` × `memory_kib`.
    pub rested: f64,
    pub peak: f64,
    pub allowed: f64,
}

/// One kind of read.
#[derive(serde::Serialize)]
pub struct FloodedRead {
    pub name: &'static str,
    pub rested: Quantiles,
    pub flooded: Quantiles,
    /// Per second.
    pub rested_rate: f64,
    pub flooded_rate: f64,
    pub errors: u64,
    pub logins: Flooded,
}

pub async fn flooded(bench: &Bench<'_>) -> Result<Option<Flood>, Failure> {
    if !bench.arguments.wants("flood", SHIPPED.name) {
        return Ok(None);
    }
    let (mut hashes, mut hash_rate) = (Hashes::new(bench)?, 0_f64);
    for _ in 0..bench.arguments.slices {
        // The maximum: a flood that is too small because of other load on the machine would prove nothing.
        hash_rate = hash_rate.max(hashes.slice(bench.arguments.slice()).await?.rate());
    }
    let service = Service::start(bench.lab, SHIPPED, bench.arguments)?;
    let mut reads: [(&str, Box<dyn Load>); 3] = [
        ("static, paced", Box::new(Paced { crowd: statics(bench, &service).await?, rate: PACE })),
        ("/users/me, paced", Box::new(Paced { crowd: mes(bench, &service).await?, rate: PACE })),
        ("/users/me, at full speed", Box::new(mes(bench, &service).await?)),
    ];
    for (_, load) in &mut reads {
        load.slice(bench.arguments.warm_up()).await?;
    }
    let rested = service.memory("VmRSS")?;
    let password = &bench.settings.security.password;
    let cost = f64::from(u32::try_from(password.workers)?) * f64::from(password.memory_kib) / 1024.0;
    let mut flood = Flood { hash_rate, reads: Vec::new(), rested, peak: 0.0, allowed: rested + cost };
    for (name, load) in &mut reads {
        progress(&format!("{name}, in a flood of log-ins"));
        flood.reads.push(read(bench, &service, (name, &mut **load), hash_rate * TIMES).await?);
    }
    flood.peak = service.memory("VmHWM")?;
    Ok(Some(flood))
}

async fn read(
    bench: &Bench<'_>,
    service: &Service,
    (name, load): (&'static str, &mut dyn Load),
    rate: f64,
) -> Result<FloodedRead, Failure> {
    let length = bench.arguments.slice() * bench.arguments.slices;
    let rested = load.slice(length).await?;
    let logins = crate::load::Flood {
        threads: bench.threads.clone(),
        address: service.address,
        script: log_in(bench.users),
        rate,
    };
    let (flooded, logins) = tokio::join!(load.slice(length), logins.run(length));
    let (flooded, logins) = (flooded?, logins?);
    Ok(FloodedRead {
        name,
        rested_rate: rested.rate(),
        flooded_rate: flooded.rate(),
        errors: rested.errors + flooded.errors,
        rested: quantiles(rested),
        flooded: quantiles(flooded),
        logins,
    })
}

fn quantiles(slice: Slice) -> Quantiles {
    Quantiles::of(&[slice])
}
