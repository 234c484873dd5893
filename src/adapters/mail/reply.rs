use lettre::transport::smtp::Error;

/// The point of the conversation at which a server replied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stage {
    /// The connection, the log-in or the sender: before the recipient is named.
    Session,
    /// `RCPT TO`.
    Recipient,
    /// The mail itself.
    Content,
}

/// What a failure is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// The recipient: no attempt will succeed.
    Recipient,
    /// A permanent reply about the sender, the session, the mail or a policy: an operator has to act.
    Us,
    /// A temporary reply, one that may be about anything, or none.
    Passing,
}

/// Replies about the recipient that have no enhanced code: another place, full, a name that is not allowed
/// (RFC 5321, section 4.2.3), and a domain that takes no mail (RFC 7504).
const ABOUT_THE_RECIPIENT: [u16; 4] = [551, 552, 553, 556];
/// "Mailbox unavailable" (RFC 5321, section 4.2.3). Without an enhanced code it says no more: servers give it
/// to a mailbox that does not exist, to a sender that they do not know and to a client that may not relay.
const UNCLEAR: u16 = 550;

/// Judges the error of a command.
pub(super) fn judge(stage: Stage, error: &Error) -> Verdict {
    // The library gives the code, and the text of the server as the source.
    let text = std::error::Error::source(error).map(ToString::to_string);
    match error.status() {
        Some(code) => verdict(stage, code.into(), text.as_deref().unwrap_or_default()),
        None => Verdict::Passing,
    }
}

/// Judges a reply by its enhanced code (RFC 3463), and without one by its basic code and the stage.
fn verdict(stage: Stage, code: u16, text: &str) -> Verdict {
    if !(500..600).contains(&code) {
        return Verdict::Passing;
    }
    let is_about_the_recipient = match (stage, enhanced(text)) {
        (Stage::Session, _) | (Stage::Content, None) => false,
        // A temporary reason, in spite of the basic code.
        (_, Some((4, ..))) => return Verdict::Passing,
        (Stage::Recipient, None) if code == UNCLEAR => return Verdict::Passing,
        (_, Some((class, subject, detail))) => {
            class == 5 && matches!((subject, detail), (1, 1 | 2 | 3 | 6 | 10) | (2, _))
        }
        (Stage::Recipient, None) => ABOUT_THE_RECIPIENT.contains(&code),
    };
    if is_about_the_recipient { Verdict::Recipient } else { Verdict::Us }
}

/// Reads the enhanced code, which is the first word of a reply (RFC 2034).
fn enhanced(text: &str) -> Option<(u8, u16, u16)> {
    let mut numbers = text.split_whitespace().next()?.split('.');
    let class = numbers.next()?.parse().ok().filter(|class| [2, 4, 5].contains(class))?;
    let mut number = || {
        let digits = numbers.next()?;
        let is_number = digits.len() <= 3 && digits.bytes().all(|byte| byte.is_ascii_digit());
        digits.parse().ok().filter(|_| is_number)
    };
    let code = (class, number()?, number()?);
    numbers.next().is_none().then_some(code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_whole_code_in_front_is_an_enhanced_code() {
        assert_eq!(enhanced("5.1.1 no such user"), Some((5, 1, 1)));
        assert_eq!(enhanced("5.1.10"), Some((5, 1, 10)));
        assert_eq!(enhanced("4.2.2\tfull"), Some((4, 2, 2)));
        for text in
            ["", "5.1", "5.1.1.1 x", "5.1.x y", "3.1.1 x", "5.1.1000 x", "no 5.1.1", "5.+1.1 x", "<5.1.1>"]
        {
            assert_eq!(enhanced(text), None, "{text}");
        }
    }

    #[test]
    fn a_reply_without_an_enhanced_code_is_judged_by_its_code_and_the_stage() {
        for code in 400..600 {
            let is_final = ABOUT_THE_RECIPIENT.contains(&code);
            let wanted = match code {
                400..500 | UNCLEAR => Verdict::Passing,
                _ if is_final => Verdict::Recipient,
                _ => Verdict::Us,
            };
            assert_eq!(verdict(Stage::Recipient, code, "not so"), wanted, "{code}");
            for stage in [Stage::Session, Stage::Content] {
                assert_ne!(verdict(stage, code, "not so"), Verdict::Recipient, "{code}");
            }
        }
    }
}
