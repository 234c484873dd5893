use std::fmt;

use prometheus_client::encoding::{DescriptorEncoder, MetricEncoder, NoLabelSet};
use prometheus_client::metrics::MetricType;

use crate::telemetry::metrics::Histogram;

/// Writes one metric after the other, each with its name, its help text and its samples with their labels.
pub(super) struct Encoder<'a>(pub DescriptorEncoder<'a>);

pub(super) type Sample<'a, const N: usize, T> = ([&'static str; N], [&'a str; N], T);

impl Encoder<'_> {
    /// The library adds `_total` to the name.
    pub fn counters<'a, const N: usize>(
        &mut self,
        name: &str,
        help: &str,
        samples: impl IntoIterator<Item = Sample<'a, N, u64>>,
    ) -> fmt::Result {
        self.samples(name, help, MetricType::Counter, samples, |metric, number| {
            metric.encode_counter::<NoLabelSet, _, u64>(&number, None)
        })
    }

    /// The library adds `_total` to the name.
    pub fn counter_of_seconds(&mut self, name: &str, help: &str, seconds: f64) -> fmt::Result {
        self.samples(name, help, MetricType::Counter, [([], [], seconds)], |metric, number| {
            metric.encode_counter::<NoLabelSet, _, u64>(&number, None)
        })
    }

    pub fn gauges<'a, const N: usize>(
        &mut self,
        name: &str,
        help: &str,
        samples: impl IntoIterator<Item = Sample<'a, N, i64>>,
    ) -> fmt::Result {
        self.samples(name, help, MetricType::Gauge, samples, |metric, number| metric.encode_gauge(&number))
    }

    pub fn seconds<'a, const N: usize>(
        &mut self,
        name: &str,
        help: &str,
        samples: impl IntoIterator<Item = Sample<'a, N, f64>>,
    ) -> fmt::Result {
        self.samples(name, help, MetricType::Gauge, samples, |metric, number| metric.encode_gauge(&number))
    }

    pub fn histograms<'a, const N: usize>(
        &mut self,
        name: &str,
        help: &str,
        samples: impl IntoIterator<Item = Sample<'a, N, &'a Histogram>>,
    ) -> fmt::Result {
        self.samples(name, help, MetricType::Histogram, samples, |metric, histogram| {
            let reading = histogram.read();
            metric.encode_histogram::<NoLabelSet>(reading.sum, reading.count, &reading.buckets, None)
        })
    }

    fn samples<'a, const N: usize, T>(
        &mut self,
        name: &str,
        help: &str,
        kind: MetricType,
        samples: impl IntoIterator<Item = Sample<'a, N, T>>,
        encode: impl Fn(&mut MetricEncoder, T) -> fmt::Result,
    ) -> fmt::Result {
        let mut metric = self.0.encode_descriptor(name, help, None, kind)?;
        for (names, values, value) in samples {
            let labels: Vec<_> = names.into_iter().zip(values).collect();
            // An empty set of labels would be written as `{}`.
            if labels.is_empty() {
                encode(&mut metric, value)?;
            } else {
                encode(&mut metric.encode_family(&labels)?, value)?;
            }
        }
        Ok(())
    }
}
