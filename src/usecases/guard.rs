use std::net::IpAddr;
use std::sync::Arc;

use super::failure::Failure;
use crate::domain::{Charge, Email, Prefix, RateLimit, SessionId, UserId};
use crate::ports::{Decision, Door, Outcome, RateLimiter, SecurityLog};

/// What every operation asks that opens a session or checks a secret, before it does anything else: whether a rate limit
/// allows it. It writes down what was decided.
#[derive(Clone)]
pub struct Guard {
    /// Counts.
    pub limiter: Arc<dyn RateLimiter>,
    /// Writes down.
    pub log: Arc<dyn SecurityLog>,
}

/// The right to verify one password. It was drawn from the budget for failures, so that of any number at the same time
/// only the budget passes; its outcome settles the draw. Dropped without an outcome, as when the client goes away, it
/// stays drawn.
pub(super) struct Attempt<'a> {
    guard: &'a Guard,
    door: Door,
    client: Option<IpAddr>,
    email: &'a Email,
    failures: Charge,
}

impl Guard {
    /// The right to verify a password for an account, whether or not there is one with this address.
    pub(super) async fn password<'a>(
        &'a self,
        door: Door,
        client: Option<IpAddr>,
        email: &'a Email,
    ) -> Result<Attempt<'a>, Failure> {
        let failures = Charge::new(RateLimit::LogInFailures, format!("{} {}", prefix(client), email.key()));
        let charges = [of_client(RateLimit::LogIn, client), failures];
        self.draw(door, client, Some(email), &charges).await?;
        let [_, failures] = charges;
        Ok(Attempt { guard: self, door, client, email, failures })
    }

    /// Allows a client to create an account, which sends a mail to the address.
    pub(super) async fn register(&self, client: Option<IpAddr>, email: &Email) -> Result<(), Failure> {
        let charges = [of_client(RateLimit::Register, client), to_mailbox(email)];
        self.draw(Door::Register, client, Some(email), &charges).await
    }

    /// Allows a client to ask for a mail that helps only the owner of the address.
    pub(super) async fn ask_for_mail(
        &self,
        door: Door,
        client: Option<IpAddr>,
        email: &Email,
    ) -> Result<(), Failure> {
        let charges = [of_client(RateLimit::MailLinks, client)];
        self.draw(door, client, Some(email), &charges).await
    }

    /// Allows a client to ask for a mail to an address that need not be its own.
    pub(super) async fn ask_for_mail_to_anybody(
        &self,
        door: Door,
        client: Option<IpAddr>,
        email: &Email,
    ) -> Result<(), Failure> {
        let charges = [of_client(RateLimit::MailLinks, client), to_mailbox(email)];
        self.draw(door, client, Some(email), &charges).await
    }

    /// Allows a client to present the token of a mail.
    pub(super) async fn present_mailed_token(
        &self,
        door: Door,
        client: Option<IpAddr>,
    ) -> Result<(), Failure> {
        self.draw(door, client, None, &[of_client(RateLimit::MailLinks, client)]).await
    }

    /// Allows a user to ask for another address.
    pub(super) async fn change_email(
        &self,
        client: Option<IpAddr>,
        user: UserId,
        new_email: &Email,
    ) -> Result<(), Failure> {
        let charges = [Charge::new(RateLimit::EmailChange, user.to_string()), to_mailbox(new_email)];
        self.draw(Door::ChangeEmail, client, Some(new_email), &charges).await
    }

    /// Allows a session to be refreshed.
    pub(super) async fn refresh(&self, client: Option<IpAddr>, session: SessionId) -> Result<(), Failure> {
        let charges = [Charge::new(RateLimit::Refresh, session.to_string())];
        self.draw(Door::Refresh, client, None, &charges).await
    }

    /// Allows a user to change something.
    pub(super) async fn change(&self, client: Option<IpAddr>, user: UserId) -> Result<(), Failure> {
        let charges = [Charge::new(RateLimit::Changes, user.to_string())];
        self.draw(Door::Change, client, None, &charges).await
    }

    /// Counts a token that is not valid. Beyond the budget the client is told to wait instead of why.
    pub(super) async fn invalid_token(&self, door: Door, client: Option<IpAddr>) -> Result<(), Failure> {
        self.refused(door, client, Outcome::InvalidToken, None, None);
        self.draw(door, client, None, &[of_client(RateLimit::InvalidTokens, client)]).await
    }

    /// Whether the user of this account may be warned now that it is being guessed at: when its wrong passwords are more than
    /// their budget, and it was not warned of that lately.
    pub(super) async fn must_warn(&self, email: &Email) -> bool {
        let draws = async |limit| self.limiter.draw(&[Charge::new(limit, email.key())]).await.is_ok();
        !draws(RateLimit::AccountFailures).await && draws(RateLimit::Warnings).await
    }

    /// Writes down that something was allowed.
    pub(super) fn allowed(
        &self,
        door: Door,
        client: Option<IpAddr>,
        user: UserId,
        session: Option<SessionId>,
    ) {
        let outcome = Outcome::Allowed;
        self.log.record(&Decision { door, outcome, user: Some(user), email: None, session, client });
    }

    /// Writes down that something was refused.
    pub(super) fn refused(
        &self,
        door: Door,
        client: Option<IpAddr>,
        outcome: Outcome,
        user: Option<UserId>,
        session: Option<SessionId>,
    ) {
        self.log.record(&Decision { door, outcome, user, email: None, session, client });
    }

    async fn draw(
        &self,
        door: Door,
        client: Option<IpAddr>,
        email: Option<&Email>,
        charges: &[Charge],
    ) -> Result<(), Failure> {
        self.limiter.draw(charges).await.map_err(|limited| {
            let outcome = Outcome::RateLimited;
            self.log.record(&Decision { door, outcome, user: None, email, session: None, client });
            Failure::RateLimited(limited)
        })
    }
}

impl Attempt<'_> {
    /// The password is right: the failures of this client at this account are forgotten.
    pub(super) async fn right(self) {
        self.guard.limiter.forgive(&self.failures).await;
    }

    /// The password is wrong, or there is no such account.
    pub(super) async fn wrong(self, user: Option<UserId>) {
        self.guard.limiter.penalize(&self.failures).await;
        let email = user.is_none().then_some(self.email);
        let (door, client, outcome) = (self.door, self.client, Outcome::WrongPassword);
        self.guard.log.record(&Decision { door, outcome, user, email, session: None, client });
    }

    /// The password was not verified.
    pub(super) async fn undecided(self) {
        self.guard.limiter.give_back(&self.failures).await;
    }
}

fn of_client(limit: RateLimit, client: Option<IpAddr>) -> Charge {
    Charge::new(limit, prefix(client))
}

fn to_mailbox(email: &Email) -> Charge {
    Charge::new(RateLimit::Recipient, email.mailbox())
}

/// All clients whose address is not known count as one.
fn prefix(client: Option<IpAddr>) -> String {
    client.map_or_else(|| "unknown".to_owned(), |address| Prefix::of(address).to_string())
}
