/// The client preface of an HTTP/2 connection (RFC 9113, section 3.4).
pub(super) const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

/// All that a client gets that may not use HTTP/2: `SETTINGS` without any, which comes first (RFC 9113,
/// section 3.4), and `GOAWAY` with `ENHANCE_YOUR_CALM`. No stream was processed, so it may repeat its
/// requests.
pub(super) const REJECTION: [u8; 26] =
    [0, 0, 0, 4, 0, 0, 0, 0, 0, 0, 0, 8, 7, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 11];

pub(super) const DATA: u8 = 0;
pub(super) const HEADERS: u8 = 1;
pub(super) const CONTINUATION: u8 = 9;
pub(super) const END_STREAM: u8 = 1;

/// `GOAWAY` with `ENHANCE_YOUR_CALM` (RFC 9113, sections 6.8 and 7). It marks all streams as processed, so
/// that a client does not repeat their requests.
pub(super) const CALM_DOWN: [u8; 17] = [0, 0, 8, 7, 0, 0, 0, 0, 0, 0x7f, 0xff, 0xff, 0xff, 0, 0, 0, 11];

const HEAD: usize = 9;

/// Finds the frames in one direction of an HTTP/2 connection, whose bytes arrive in pieces of any size.
#[derive(Default)]
pub(super) struct Frames {
    head: [u8; HEAD],
    have: usize,
    payload: usize,
}

/// The header of a frame (RFC 9113, section 4.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Frame {
    pub length: usize,
    pub kind: u8,
    pub flags: u8,
}

impl Frames {
    /// Calls `found` for each frame whose header ends in these bytes.
    pub(super) fn feed(&mut self, mut bytes: &[u8], mut found: impl FnMut(Frame)) {
        while !bytes.is_empty() {
            if self.payload > 0 {
                let skipped = self.payload.min(bytes.len());
                self.payload -= skipped;
                bytes = &bytes[skipped..];
                continue;
            }
            let taken = (HEAD - self.have).min(bytes.len());
            self.head[self.have..self.have + taken].copy_from_slice(&bytes[..taken]);
            self.have += taken;
            bytes = &bytes[taken..];
            if self.have == HEAD {
                let [a, b, c, kind, flags, ..] = self.head;
                self.have = 0;
                self.payload = usize::from(a) << 16 | usize::from(b) << 8 | usize::from(c);
                found(Frame { length: self.payload, kind, flags });
            }
        }
    }

    /// Whether the bytes so far end with a frame, so that another one can follow.
    pub(super) fn is_between(&self) -> bool {
        self.have == 0 && self.payload == 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_are_found_whatever_the_pieces_are() {
        let bytes = [&[0, 0, 3, DATA, END_STREAM, 0, 0, 0, 1, 7, 7, 7][..], &CALM_DOWN, &[0; 9]].concat();
        let expected = [(3, DATA, END_STREAM), (8, 7, 0), (0, DATA, 0)];
        for size in 1..=bytes.len() {
            let (mut frames, mut found) = (Frames::default(), Vec::new());
            for piece in bytes.chunks(size) {
                frames.feed(piece, |Frame { length, kind, flags }| found.push((length, kind, flags)));
            }
            assert_eq!(found, expected);
            assert!(frames.is_between());
            frames.feed(&bytes[..10], |_| ());
            assert!(!frames.is_between());
        }
    }
}
