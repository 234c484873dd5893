use std::net::IpAddr;
use std::sync::Arc;

use crate::domain::{Charge, Email, Prefix, RateLimit, SessionId, UserId};
use crate::ports::{BanList, Banned, Clock, Decision, Door, Outcome, RateLimiter, SecurityLog};
use crate::usecases::failure::Failure;

/// The guard that every operation which opens a session or checks a secret asks first: whether a rate limit allows it, and
/// whether the account is banned. It writes down each decision.
#[derive(Clone)]
pub struct Guard {
    /// Counts.
    pub limiter: Arc<dyn RateLimiter>,
    /// Knows what is banned.
    pub bans: Arc<dyn BanList>,
    /// Writes down.
    pub log: Arc<dyn SecurityLog>,
    /// Tells the time, by which bans end.
    pub clock: Arc<dyn Clock>,
}

/// The right to verify one password. It was drawn from the budget for failures, so that of any number at the
/// same time only the budget passes; its outcome settles the draw. Dropped without an outcome, as when the
/// client goes away, it counts as a wrong password: a client that does not wait for the answer must not get
/// more guesses, and the next one learns how long the wait is.
pub(in crate::usecases) struct Attempt<'a> {
    guard: &'a Guard,
    door: Door,
    client: Option<IpAddr>,
    email: &'a Email,
    failures: Charge,
    is_settled: bool,
}

impl Guard {
    /// The right to verify a password for an account, whether or not there is one with this address.
    pub(in crate::usecases) async fn password<'a>(
        &'a self,
        door: Door,
        client: Option<IpAddr>,
        email: &'a Email,
    ) -> Result<Attempt<'a>, Failure> {
        let failures = failures(client, email);
        let charges = [of_client(RateLimit::LogIn, client), failures.clone()];
        // Before the draw: a client may go away in the middle of it.
        let mut attempt = Attempt { guard: self, door, client, email, failures, is_settled: false };
        let drawn = self.draw(door, client, Some(email), &charges).await;
        attempt.is_settled = drawn.is_err();
        drawn.map(|()| attempt)
    }

    /// Allows a client to create an account, which sends a mail.
    pub(in crate::usecases) async fn register(
        &self,
        client: Option<IpAddr>,
        email: &Email,
    ) -> Result<(), Failure> {
        let charges = [of_client(RateLimit::Register, client), of_client(RateLimit::Sender, client)];
        self.draw(Door::Register, client, Some(email), &charges).await
    }

    /// Takes back that a client created an account.
    pub(in crate::usecases) async fn did_not_register(&self, client: Option<IpAddr>) {
        for limit in [RateLimit::Register, RateLimit::Sender] {
            self.limiter.give_back(&of_client(limit, client)).await;
        }
    }

    /// Allows a client to ask for a mail.
    pub(in crate::usecases) async fn ask_for_mail(
        &self,
        door: Door,
        client: Option<IpAddr>,
        email: &Email,
    ) -> Result<(), Failure> {
        let charges = [of_client(RateLimit::MailLinks, client), of_client(RateLimit::Sender, client)];
        self.draw(door, client, Some(email), &charges).await
    }

    /// Whether one more mail may go to a mailbox that a client has named. Beyond the budget no mail is sent, and nobody is
    /// refused: others could otherwise keep the owner of the mailbox from registering.
    pub(in crate::usecases) async fn may_mail(
        &self,
        door: Door,
        client: Option<IpAddr>,
        email: &Email,
    ) -> bool {
        let charges = [Charge::new(RateLimit::Recipient, email.mailbox())];
        self.draw(door, client, Some(email), &charges).await.is_ok()
    }

    /// Forgets the wrong passwords of this client at an account whose password it has just set by a mailed token.
    pub(in crate::usecases) async fn forgive(&self, client: Option<IpAddr>, email: &Email) {
        self.limiter.forgive(&failures(client, email)).await;
    }

    /// Writes down that the token of a mail is not valid.
    pub(in crate::usecases) fn invalid_mailed_token(&self, door: Door, client: Option<IpAddr>) {
        self.refused(door, client, Outcome::InvalidToken, None, None);
    }

    /// Allows a client to present the token of a mail.
    pub(in crate::usecases) async fn present_mailed_token(
        &self,
        door: Door,
        client: Option<IpAddr>,
    ) -> Result<(), Failure> {
        self.draw(door, client, None, &[of_client(RateLimit::MailLinks, client)]).await
    }

    /// Allows a user to ask for another address. By prefix too: a client that has many accounts must not send as many mails.
    pub(in crate::usecases) async fn change_email(
        &self,
        client: Option<IpAddr>,
        user: UserId,
    ) -> Result<(), Failure> {
        let by_user = Charge::new(RateLimit::EmailChange, user.to_string());
        let charges = [by_user, of_client(RateLimit::Sender, client)];
        self.draw(Door::ChangeEmail, client, None, &charges).await
    }

    /// Allows a client to present a refresh token of a session. By prefix too: a thief who exhausts the budget must not keep
    /// the owner's client from presenting its token, which reveals the theft.
    pub(in crate::usecases) async fn present_refresh_token(
        &self,
        door: Door,
        client: Option<IpAddr>,
        session: SessionId,
    ) -> Result<(), Failure> {
        let charges = [Charge::new(RateLimit::Refresh, format!("{session} {}", prefix(client)))];
        self.draw(door, client, None, &charges).await
    }

    /// Allows a user to change something.
    pub(in crate::usecases) async fn change(
        &self,
        client: Option<IpAddr>,
        user: UserId,
    ) -> Result<(), Failure> {
        let charges = [Charge::new(RateLimit::Changes, user.to_string())];
        self.draw(Door::Change, client, None, &charges).await
    }

    /// Counts a token that is not valid. Beyond the budget the client is told to wait instead of why.
    pub(in crate::usecases) async fn invalid_token(
        &self,
        door: Door,
        client: Option<IpAddr>,
    ) -> Result<(), Failure> {
        self.draw(door, client, None, &[of_client(RateLimit::InvalidTokens, client)]).await?;
        self.refused(door, client, Outcome::InvalidToken, None, None);
        Ok(())
    }

    /// Counts a wrong password of an account. Returns whether there are so many that the user is to be warned.
    pub(in crate::usecases) async fn is_guessed_at(&self, email: &Email) -> bool {
        self.limiter.draw(&[Charge::new(RateLimit::AccountFailures, email.key())]).await.is_err()
    }

    /// Refuses a user whose account is banned. To be asked once the right password or token was given: a stranger learns nothing.
    pub(in crate::usecases) fn check_ban(
        &self,
        door: Door,
        client: Option<IpAddr>,
        user: UserId,
        session: Option<SessionId>,
    ) -> Result<(), Failure> {
        let now = self.clock.now();
        let Some(end) = self.bans.of_user(user, now)? else { return Ok(()) };
        self.refused(door, client, Outcome::Banned, Some(user), session);
        Err(Failure::Banned(Banned::until(end, now)))
    }

    /// Writes down that something was allowed.
    pub(in crate::usecases) fn allowed(
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
    pub(in crate::usecases) fn refused(
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
    pub(in crate::usecases) async fn right(mut self) {
        self.guard.limiter.forgive(&self.failures).await;
        self.is_settled = true;
    }

    /// The password is wrong, or there is no such account.
    pub(in crate::usecases) async fn wrong(mut self, user: Option<UserId>) {
        self.guard.limiter.penalize(&self.failures).await;
        self.is_settled = true;
        let email = user.is_none().then_some(self.email);
        let (door, client, outcome) = (self.door, self.client, Outcome::WrongPassword);
        self.guard.log.record(&Decision { door, outcome, user, email, session: None, client });
    }

    /// The password was not verified.
    pub(in crate::usecases) async fn undecided(mut self) {
        self.guard.limiter.give_back(&self.failures).await;
        self.is_settled = true;
    }
}

impl Drop for Attempt<'_> {
    fn drop(&mut self) {
        if !self.is_settled {
            self.guard.limiter.abandon(&self.failures);
        }
    }
}

fn of_client(limit: RateLimit, client: Option<IpAddr>) -> Charge {
    Charge::new(limit, prefix(client))
}

fn failures(client: Option<IpAddr>, email: &Email) -> Charge {
    Charge::new(RateLimit::LogInFailures, format!("{} {}", prefix(client), email.key()))
}

/// All clients whose address is not known count as one.
fn prefix(client: Option<IpAddr>) -> String {
    client.map_or_else(|| "unknown".to_owned(), |address| Prefix::of(address).to_string())
}
