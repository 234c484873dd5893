use std::fmt::Display;
use std::time::{Duration, UNIX_EPOCH};

use lettre::address::Envelope;
use lettre::message::header::{ContentTransferEncoding, HeaderName, HeaderValue};
use lettre::message::{Body, Mailbox, MultiPart, SinglePart};
use lettre::{Address, Message};

use crate::domain::{Email, Timestamp};
use crate::ports::{Mail, MailError};

/// In octets, without the line ending (RFC 5322, section 2.1.1).
const LONGEST_LINE: usize = 998;

/// The sender of mails, such as `svc <no-reply@example.com>`.
#[derive(Clone, Debug)]
pub struct Sender(Mailbox);

impl Sender {
    /// Parses `NAME <ADDRESS>` or `ADDRESS`.
    pub fn parse(text: &str) -> Result<Self, String> {
        text.parse().map(Self).map_err(|error: lettre::address::AddressError| error.to_string())
    }

    /// Gives a name to a sender that has none.
    #[must_use]
    pub fn or_named(mut self, name: Option<&str>) -> Self {
        self.0.name = self.0.name.or_else(|| name.map(str::to_owned));
        self
    }

    pub(super) fn address(&self) -> &Address {
        &self.0.email
    }
}

/// Returns the recipient's address. An address stored under older rules may not be valid any more.
///
/// The grammar is that of the domain: the library refuses some letters and marks that RFC 6531 allows.
pub(super) fn recipient(mail: &Mail) -> Result<Address, MailError> {
    let email = Email::parse(mail.to.as_str())
        .map_err(|error| MailError::Permanent(format!("invalid email address: {error}")))?;
    let (local, domain) = email.parts();
    Ok(Address::new_dangerous(local, domain))
}

/// Composes the mail for SMTP (RFC 5322, RFC 2045): text and HTML, in ASCII unless the address is not.
///
/// The library encodes every header value, so a line break in a value ends no header. The same mail always
/// gives the same bytes.
pub(super) fn compose(sender: &Sender, mail: &Mail) -> Result<Vec<u8>, MailError> {
    compose_with(sender, mail, |text| Body::new(text.to_owned()))
}

/// Composes the mail as a readable file: text and HTML in plain UTF-8 (RFC 6152), so that a link is in one
/// piece and can be copied.
///
/// A text with a line longer than RFC 5322 allows is encoded as for SMTP.
pub(super) fn compose_to_read(sender: &Sender, mail: &Mail) -> Result<Vec<u8>, MailError> {
    compose_with(sender, mail, |text| {
        // The library would encode any line of 77 octets or more.
        if text.lines().any(|line| line.len() > LONGEST_LINE) {
            return Body::new(text.to_owned());
        }
        let lines: String = text.lines().flat_map(|line| [line, "\r\n"]).collect();
        Body::dangerous_pre_encoded(lines.into_bytes(), ContentTransferEncoding::EightBit)
    })
}

fn compose_with(sender: &Sender, mail: &Mail, body: impl Fn(&str) -> Body) -> Result<Vec<u8>, MailError> {
    // Suppresses automatic replies (RFC 3834).
    let automatic =
        HeaderValue::new(HeaderName::new_from_ascii_str("Auto-Submitted"), "auto-generated".to_owned());
    let parts = MultiPart::alternative()
        .boundary(boundary(&mail.message_id))
        .singlepart(SinglePart::plain(body(&without_stray_controls(&mail.text))))
        .singlepart(SinglePart::html(body(&without_stray_controls(&mail.html))));
    let to = recipient(mail)?;
    let refused = |error: &dyn Display| MailError::Permanent(format!("failed to build the mail: {error}"));
    // Without it, the library reads the header again, by its own grammar.
    let envelope = Envelope::new(Some(sender.0.email.clone()), vec![to.clone()]);
    let message = Message::builder()
        .envelope(envelope.map_err(|error| refused(&error))?)
        .from(sender.0.clone())
        .to(Mailbox::new(None, to))
        .subject(one_line(&mail.subject))
        .date(UNIX_EPOCH + since_epoch(mail.date))
        .message_id(Some(format!("<{}>", mail.message_id)))
        .raw_header(automatic)
        .multipart(parts)
        .map_err(|error| refused(&error))?;
    Ok(message.formatted())
}

/// Returns the MIME boundary: a text that no mail contains, and that is the same for the same mail. It is the
/// id, with replacements for characters that a boundary cannot contain (RFC 2046, section 5.1.1), cut to the
/// maximum length.
fn boundary(message_id: &str) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() { c } else { '_' };
    let id: String = message_id.chars().map(plain).take(50).collect();
    format!("=_{id}_=")
}

/// Returns the text with LF line endings and without NUL: a mail contains no lone CR and no NUL (RFC 5322,
/// section 4), and the library passes both through.
fn without_stray_controls(text: &str) -> String {
    text.replace("\r\n", "\n").replace('\r', "\n").replace('\0', "")
}

fn one_line(text: &str) -> String {
    text.split(char::is_control).filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
}

fn since_epoch(at: Timestamp) -> Duration {
    Duration::from_secs(u64::try_from(at.as_seconds()).unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mail(to: &str) -> Mail {
        Mail {
            message_id: "0199.verify_email@auth.example.com".to_owned(),
            to: Email::parse(to).unwrap(),
            subject: "Grüße, Ada".to_owned(),
            text: "Hello Ada,\n\nhttps://auth.example.com/account/verify-email#token=abc\n".to_owned(),
            html: "<p>Hello Ada, żółw</p>".to_owned(),
            date: Timestamp::parse("2026-11-22T19:56:47.506621Z").unwrap(),
        }
    }

    fn composed(mail: &Mail) -> String {
        let sender = Sender::parse("Søster <no-reply@auth.example.com>").unwrap();
        String::from_utf8(compose(&sender, mail).unwrap()).unwrap()
    }

    #[test]
    fn a_mail_is_the_same_ascii_each_time() {
        let text = composed(&mail("ada@example.com"));
        assert_eq!(text, composed(&mail("ada@example.com")));
        assert!(text.is_ascii(), "{text}");
        for line in [
            "Message-ID: <0199.verify_email@auth.example.com>\r\n",
            "Date: Sun, 22 Nov 2026 19:56:47 +0000\r\n",
            "To: ada@example.com\r\n",
            "Auto-Submitted: auto-generated\r\n",
            "Subject: =?utf-8?b?",
            "multipart/alternative",
            "text/plain; charset=utf-8",
            "text/html; charset=utf-8",
        ] {
            assert!(text.contains(line), "{line} is not in\n{text}");
        }
    }

    #[test]
    fn a_mail_to_read_has_its_link_in_one_piece() {
        let mut mail = mail("ada@example.com");
        let link = format!("https://auth.example.com/account/verify-email#token=svcm_{}", "a=B".repeat(60));
        mail.text = format!("Grüße,\n\n{link}\n");
        mail.html = format!("<a href=\"{link}\">Grüße</a>");
        let sender = Sender::parse("no-reply@auth.example.com").unwrap();
        let text = String::from_utf8(compose_to_read(&sender, &mail).unwrap()).unwrap();
        assert!(text.lines().any(|line| line == link), "{text}");
        assert!(text.contains(&mail.html) && text.contains("Content-Transfer-Encoding: 8bit\r\n"), "{text}");
        assert!(
            text.contains("Date: Sun, 22 Nov 2026 19:56:47 +0000\r\n"),
            "the headers are the same\n{text}"
        );
        for odd in ["x".repeat(2000), "a\rb".to_owned(), "a\0b".to_owned()] {
            mail.text = odd;
            let text = String::from_utf8(compose_to_read(&sender, &mail).unwrap()).unwrap();
            assert!(text.lines().all(|line| line.len() < 998), "{text}");
            assert!(!text.replace("\r\n", "").contains(['\r', '\n', '\0']), "{text:?}");
        }
    }

    #[test]
    fn no_value_ends_its_header() {
        let smuggled = "x\r\nBcc: eve@example.com\r\n\r\nHello";
        let mut mail = mail("ada@example.com");
        mail.subject = smuggled.to_owned();
        mail.message_id = format!("1{smuggled}@x");
        let text = composed(&mail);
        let head = text.split("\r\n\r\n").next().unwrap();
        assert!(head.contains("Auto-Submitted"), "the head ends early\n{text}");
        assert!(!text.contains("\r\nBcc:"), "{text}");
        assert!(
            Sender::parse(&format!("{smuggled} <a@example.com>")).is_err_and(|error| !error.is_empty())
                || !String::from_utf8(
                    compose(&Sender::parse(&format!("{smuggled} <a@example.com>")).unwrap(), &mail).unwrap()
                )
                .unwrap()
                .contains("\r\nBcc:")
        );
        for stored in ["a@b.c>\r\nBcc: x@y.z", "a b@c.de", "a@b\r\n.c", "", "@", "a\0@b.cd"] {
            mail.to = Email::stored(stored.to_owned(), stored.to_owned());
            let sender = Sender::parse("no-reply@auth.example.com").unwrap();
            assert!(matches!(compose(&sender, &mail), Err(MailError::Permanent(_))), "{stored:?}");
        }
    }

    /// Numbers that look random and are the same in each run.
    struct Numbers(u64);

    impl Numbers {
        fn below(&mut self, limit: usize) -> usize {
            self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            usize::try_from(self.0 >> 33).unwrap() % limit
        }

        /// Mostly letters and what surrounds the borders of the grammar, and any character at times.
        fn character(&mut self) -> char {
            const LIKELY: &[char] = &[
                'a', 'Z', '7', '.', '-', '_', '+', '/', '\'', '|', '"', '@', ' ', '(', '\\', ',', 'ß', 'ü',
                'İ', 'ﬀ', '\u{301}', '\u{94D}', 'ह', '用', 'д', 'Σ', '１', 'Ａ', '\u{200D}', '\u{2019}',
                '\u{AD}', 'ﷺ', '😀',
            ];
            match self.below(4) {
                0 => char::from_u32(u32::try_from(self.below(0x11_0000)).unwrap()).unwrap_or('a'),
                _ => LIKELY[self.below(LIKELY.len())],
            }
        }

        fn text(&mut self, longest: usize) -> String {
            (0..=self.below(longest)).map(|_| self.character()).collect()
        }

        fn address(&mut self) -> String {
            let domain =
                ["example.com", "bücher.example", "xn--bcher-kva.example", "пример.бел", "a-b.co.uk"];
            match self.below(5) {
                0 => self.text(90),
                1 => format!("{}@{}.{}", self.text(4), self.text(4), self.text(4)),
                _ => format!("{}@{}", self.text(9), domain[self.below(domain.len())]),
            }
        }
    }

    /// What the domain accepts is what can be mailed.
    #[test]
    fn every_accepted_address_can_be_mailed() {
        let sender = Sender::parse("no-reply@example.com").unwrap();
        let mut example = mail("ada@example.com");
        for seed in 0..4 {
            let mut numbers = Numbers(seed);
            let typed: Vec<String> = (0..4_000).map(|_| numbers.address()).collect();
            let accepted: Vec<Email> = typed.iter().filter_map(|typed| Email::parse(typed).ok()).collect();
            assert!(accepted.len() > 200 && accepted.len() < 3_800, "{} of 4000", accepted.len());
            for email in accepted {
                let (local, domain) = email.parts();
                let mailed = format!("{local}@{domain}");
                assert!(mailed.len() <= Email::LONGEST && local.len() <= 64, "{email}");
                // Its form on the wire is accepted too, and is the same address.
                assert_eq!(Email::parse(&mailed).as_ref().map(Email::key), Ok(email.key()));
                example.to = email;
                let bytes = compose(&sender, &example).unwrap_or_else(|error| panic!("{error}"));
                let parsed = String::from_utf8(bytes).unwrap();
                let head = parsed.split("\r\n\r\n").next().unwrap();
                assert!(head.replace("\r\n ", " ").contains(&format!("\r\nTo: {mailed}\r\n")), "{head}");
            }
        }
    }

    #[test]
    fn an_international_domain_is_written_as_its_a_label() {
        let text = composed(&mail("ada@bücher.example"));
        assert!(text.contains("To: ada@xn--bcher-kva.example\r\n"), "{text}");
    }
}
