use opentelemetry_proto::tonic::collector::trace::v1::{
    ExportTraceServiceRequest, ExportTraceServiceResponse,
};
use opentelemetry_proto::tonic::common::v1::any_value::Value as AnyValue;
use opentelemetry_proto::tonic::common::v1::{self as common, InstrumentationScope, KeyValue};
use opentelemetry_proto::tonic::resource::v1::Resource;
use opentelemetry_proto::tonic::trace::v1::span::SpanKind;
use opentelemetry_proto::tonic::trace::v1::status::StatusCode;
use opentelemetry_proto::tonic::trace::v1::{ResourceSpans, ScopeSpans, Span, SpanFlags, Status};
use prost::Message;

use crate::domain::Timestamp;
use crate::telemetry::spans::{EndedSpan, Kind, Value};

/// The flag of a sampled trace, in the lowest byte of a span's flags.
const SAMPLED: u32 = 1;

/// Writes spans as the body of a request.
pub(super) fn request(resource: &[(String, String)], spans: Vec<EndedSpan>) -> Vec<u8> {
    let attributes = resource.iter().map(|(key, value)| pair(key, AnyValue::StringValue(value.clone())));
    let scope = InstrumentationScope {
        name: "svc".to_owned(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        ..InstrumentationScope::default()
    };
    let spans = spans.into_iter().map(span).collect();
    let request = ExportTraceServiceRequest {
        resource_spans: vec![ResourceSpans {
            resource: Some(Resource { attributes: attributes.collect(), ..Resource::default() }),
            scope_spans: vec![ScopeSpans { scope: Some(scope), spans, ..ScopeSpans::default() }],
            ..ResourceSpans::default()
        }],
    };
    request.encode_to_vec()
}

/// Reads how many spans of an accepted request the collector refused. A body that is no message says nothing.
pub(super) fn refused(response: &[u8]) -> u64 {
    let response = ExportTraceServiceResponse::decode(response).unwrap_or_default();
    let rejected = response.partial_success.map_or(0, |partial| partial.rejected_spans);
    u64::try_from(rejected).unwrap_or(0)
}

fn span(span: EndedSpan) -> Span {
    let remote = if span.has_remote_parent { SpanFlags::ContextIsRemoteMask as u32 } else { 0 };
    let status = span.failed.then(|| Status { code: StatusCode::Error.into(), ..Status::default() });
    let attributes = span.attributes.into_iter().map(|(key, value)| match value {
        Value::Text(text) => pair(key, AnyValue::StringValue(text.into_owned())),
        Value::Number(number) => pair(key, AnyValue::IntValue(number)),
    });
    Span {
        trace_id: span.trace.to_be_bytes().to_vec(),
        span_id: span.id.to_be_bytes().to_vec(),
        parent_span_id: span.parent.map(|parent| parent.to_be_bytes().to_vec()).unwrap_or_default(),
        trace_state: span.state.map(|state| state.as_str().to_owned()).unwrap_or_default(),
        flags: SAMPLED | SpanFlags::ContextHasIsRemoteMask as u32 | remote,
        name: span.name.into_owned(),
        kind: kind(span.kind).into(),
        start_time_unix_nano: nanoseconds(span.began),
        end_time_unix_nano: nanoseconds(span.ended),
        attributes: attributes.collect(),
        status,
        ..Span::default()
    }
}

fn kind(kind: Kind) -> SpanKind {
    match kind {
        Kind::Internal => SpanKind::Internal,
        Kind::Server => SpanKind::Server,
        Kind::Client => SpanKind::Client,
        Kind::Producer => SpanKind::Producer,
        Kind::Consumer => SpanKind::Consumer,
    }
}

fn nanoseconds(at: Timestamp) -> u64 {
    u64::try_from(at.as_micros()).unwrap_or(0).saturating_mul(1_000)
}

fn pair(key: &str, value: AnyValue) -> KeyValue {
    let value = Some(common::AnyValue { value: Some(value) });
    KeyValue { key: key.to_owned(), value, ..KeyValue::default() }
}
