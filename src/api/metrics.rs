//! The metrics endpoint for a Prometheus server. It has its own listener, so that API clients cannot reach
//! it.

use std::sync::Arc;

use futures_util::future::BoxFuture;
use poem::endpoint::{BoxEndpoint, make};
use poem::http::HeaderMap;
use poem::http::header::{ACCEPT, CONTENT_TYPE, VARY};
use poem::{EndpointExt as _, Response, Route, get};

use crate::telemetry::metrics::MetricsFormat;

/// Renders the current metrics in a format.
pub type Exposition = Arc<dyn Fn(MetricsFormat) -> BoxFuture<'static, String> + Send + Sync>;

/// An endpoint with `GET /metrics` only.
#[must_use]
pub fn endpoint(text: Exposition) -> BoxEndpoint<'static> {
    let metrics = make(move |request: poem::Request| {
        let format = accepted(request.headers());
        let text = text(format);
        async move {
            let answer = Response::builder().header(CONTENT_TYPE, media_type(format)).header(VARY, ACCEPT);
            answer.body(text.await)
        }
    });
    Route::new().at("/metrics", get(metrics)).boxed()
}

const fn media_type(format: MetricsFormat) -> &'static str {
    match format {
        MetricsFormat::Prometheus => "text/plain; version=0.0.4; charset=utf-8",
        MetricsFormat::OpenMetrics => "application/openmetrics-text; version=1.0.0; charset=utf-8",
    }
}

/// Returns the format that a client prefers (RFC 9110, section 12.5.1). `OpenMetrics` has to be named: a
/// client that takes anything gets the format that every tool reads.
fn accepted(headers: &HeaderMap) -> MetricsFormat {
    let (mut open, mut plain) = (0, 0);
    let texts = headers.get_all(ACCEPT).iter().filter_map(|value| value.to_str().ok());
    for range in texts.flat_map(|text| text.split(',')) {
        let mut parts = range.split(';').map(|part| part.trim().to_ascii_lowercase());
        let name = parts.next().unwrap_or_default();
        let (mut weight, mut is_ours) = (1_000, true);
        for (key, value) in
            parts.filter_map(|part| part.split_once('=').map(|(k, v)| (k.to_owned(), v.to_owned())))
        {
            match key.as_str() {
                "q" => weight = thousandths(&value),
                "version" => is_ours = value.trim_matches('"') == "1.0.0",
                _ => {}
            }
        }
        match name.as_str() {
            "application/openmetrics-text" if is_ours => open = open.max(weight),
            // The versions of the text format differ in nothing that this page uses.
            "text/plain" | "text/*" => plain = plain.max(weight),
            _ => {}
        }
    }
    if open > 0 && open >= plain { MetricsFormat::OpenMetrics } else { MetricsFormat::Prometheus }
}

/// Reads a weight, such as `0.5`, in thousandths; 0 if it is none.
fn thousandths(weight: &str) -> u32 {
    let (whole, part) = weight.split_once('.').unwrap_or((weight, ""));
    let is_valid = part.len() <= 3 && [whole, part].concat().bytes().all(|byte| byte.is_ascii_digit());
    if !is_valid {
        return 0;
    }
    let part: u32 = format!("{part:0<3}").parse().unwrap_or(0);
    (whole.parse().unwrap_or(0) * 1_000 + part).min(1_000)
}

#[cfg(test)]
mod tests {
    use poem::http::HeaderValue;

    use super::*;

    #[test]
    fn openmetrics_is_for_clients_that_name_it_and_prefer_it() {
        let openmetrics = [
            // What Prometheus 2.42 and 3 send.
            "application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,\
             text/plain;version=0.0.4;q=0.5,*/*;q=0.1",
            "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,\
             text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,text/plain;version=0.0.4;q=0.3,*/*;q=0.2",
            "application/openmetrics-text",
            "text/plain, Application/OpenMetrics-Text; Version=1.0.0",
        ];
        let prometheus = [
            "",
            "*/*",
            "text/plain",
            "text/html,application/xhtml+xml,*/*;q=0.8",
            "application/openmetrics-text;q=0.5,text/plain",
            "application/openmetrics-text;q=0",
            "application/openmetrics-text;q=x",
            "application/openmetrics-text;version=2.0.0",
            "application/openmetrics-text;version=2.0.0,text/plain;q=0.1",
        ];
        let all = openmetrics.iter().map(|text| (text, MetricsFormat::OpenMetrics));
        for (text, expected) in all.chain(prometheus.iter().map(|text| (text, MetricsFormat::Prometheus))) {
            let header = HeaderValue::from_static(text);
            assert_eq!(accepted(&HeaderMap::from_iter([(ACCEPT, header)])), expected, "{text}");
        }
        assert_eq!(accepted(&HeaderMap::new()), MetricsFormat::Prometheus);
    }
}
