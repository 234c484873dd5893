use serde_json::json;

use super::{Asking, Operation};
use crate::support::raw::Raw;
use crate::support::{Backend, both_backends};

const MIB: usize = 1024 * 1024;

/// Returns the limit with the default of `limits.body_bytes`: an operation that takes metadata has room for
/// its escapes.
fn most(operation: &Operation) -> usize {
    let metadata = operation.members().filter(|(name, _)| name.ends_with("metadata")).count();
    16 * 1024 + metadata * 24 * 1024
}

/// Returns the example with one member so long that the body has this many bytes.
fn body(operation: &Operation, bytes: usize) -> String {
    let (name, _) = operation.members().last().unwrap();
    let without = operation.with(name, json!("")).len();
    operation.with(name, json!("x".repeat(bytes - without)))
}

/// Encodes the body in chunks, without announcing its length.
fn chunked(body: &str) -> Vec<u8> {
    let chunk = |piece: &[u8]| [format!("{:x}\r\n", piece.len()).as_bytes(), piece, b"\r\n"].concat();
    let mut all: Vec<_> = body.as_bytes().chunks(5000).flat_map(chunk).collect();
    all.extend_from_slice(b"0\r\n\r\n");
    all
}

fn raw(asking: &Asking, operation: &Operation) -> Raw {
    let bearer = format!("Bearer {}", asking.admin.access);
    Raw::new(operation.method.as_str(), &operation.path)
        .header("authorization", bearer.as_bytes())
        .header("content-type", b"application/json")
}

both_backends! {
    async fn a_body_that_is_too_large_is_refused_with_a_length_and_without(backend: Backend) {
        let asking = Asking::start(backend).await;
        let client = &asking.app.client;
        for operation in asking.operations() {
            for bytes in [most(&operation) + 1, MIB] {
                let body = body(&operation, bytes);
                let shown = operation.shown(&format!("{bytes} bytes"));
                let plain = raw(&asking, &operation).body(body.as_bytes()).send(client).await;
                assert_eq!(plain.expect(&shown).rejection(), (413, "payload_too_large".to_owned()), "{shown}");
                let pieces = raw(&asking, &operation).chunked(&chunked(&body)).send(client).await;
                assert_eq!(pieces.expect(&shown).rejection(), (413, "payload_too_large".to_owned()), "{shown}");
            }
        }
        asking.stop().await;
    }

    async fn a_body_that_just_fits_is_read_either_way(backend: Backend) {
        let asking = Asking::start(backend).await;
        let client = &asking.app.client;
        for operation in asking.operations() {
            let body = body(&operation, most(&operation));
            let shown = operation.shown("a body that just fits");
            let plain = raw(&asking, &operation).body(body.as_bytes()).send(client).await.expect(&shown);
            let pieces = raw(&asking, &operation).chunked(&chunked(&body)).send(client).await.expect(&shown);
            assert_eq!(plain.rejection(), pieces.rejection(), "{shown}");
            assert!([401, 422].contains(&plain.status), "{shown}: {plain:?}");
        }
        asking.stop().await;
    }

    async fn a_body_that_is_cut_off_or_in_broken_pieces_is_malformed(backend: Backend) {
        let asking = Asking::start(backend).await;
        let client = &asking.app.client;
        for operation in asking.operations() {
            for pieces in [&b"zz\r\n{}\r\n0\r\n\r\n"[..], b"-2\r\n{}\r\n0\r\n\r\n", b"fffffffffffffffff\r\n{}"] {
                let answer = raw(&asking, &operation).chunked(pieces).send(client).await;
                let shown = operation.shown("broken pieces");
                assert_eq!(answer.expect(&shown).rejection(), (400, "malformed_request".to_owned()), "{shown}");
            }
        }
        asking.stop().await;
    }
}
