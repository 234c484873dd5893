use reqwest::header::{CONTENT_ENCODING, CONTENT_TYPE};

use super::Asking;
use crate::support::{Backend, both_backends};

/// Valid JSON, but wrong for every operation: so the answer shows whether the body was read.
const BODY: &str = "[]";

const READ: (u16, &str) = (422, "validation_failed");
const NOT_READ: (u16, &str) = (415, "unsupported_media_type");

both_backends! {
    async fn only_json_is_read(backend: Backend) {
        let asking = Asking::start(backend).await;
        let types: [(&[u8], _); 14] = [
            (b"application/json", READ),
            (b"application/json; charset=utf-8", READ),
            (b"application/json;charset=\"UTF-8\"", READ),
            (b"Application/JSON", READ),
            (b"application/json ; x=y", READ),
            (b"text/plain", NOT_READ),
            (b"text/json", NOT_READ),
            (b"application/jsonp", NOT_READ),
            (b"application/problem+json", NOT_READ),
            (b"application/x-www-form-urlencoded", NOT_READ),
            (b"multipart/form-data; boundary=x", NOT_READ),
            (b"*/*", NOT_READ),
            (b"", NOT_READ),
            (b"\xff", NOT_READ),
        ];
        for operation in asking.operations() {
            for (content_type, (status, code)) in types {
                let request = asking.request(&operation).header(CONTENT_TYPE, content_type).body(BODY);
                let answer = asking.app.client.answer(request).await;
                let shown = operation.shown(&String::from_utf8_lossy(content_type));
                assert_eq!(answer.rejection(), (status, code.to_owned()), "{shown}");
            }
            let answer = asking.app.client.answer(asking.request(&operation).body(BODY)).await;
            assert_eq!(answer.rejection(), (NOT_READ.0, NOT_READ.1.to_owned()), "{}", operation.shown("no type"));
        }
        asking.stop().await;
    }

    async fn no_encoding_is_unpacked(backend: Backend) {
        let asking = Asking::start(backend).await;
        for operation in asking.operations() {
            for encoding in ["gzip", "br", "deflate", "rubbish"] {
                let request = asking.request(&operation).header(CONTENT_TYPE, "application/json");
                let request = request.header(CONTENT_ENCODING, encoding).body(BODY);
                let answer = asking.app.client.answer(request).await;
                assert_eq!(answer.rejection(), (NOT_READ.0, NOT_READ.1.to_owned()), "{}", operation.shown(encoding));
            }
        }
        asking.stop().await;
    }
}
