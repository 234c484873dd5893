use std::net::IpAddr;
use std::sync::Arc;

use crate::domain::{Actor, Charge, Email, Prefix, RateLimit, SessionId, UserId};
use crate::ports::{BanList, Banned, Clock, Decision, Door, Outcome, RateLimiter, SecurityLog};
use crate::usecases::failure::Failure;

/// The checks before every operation that opens a session or verifies a secret: rate limits, and bans of
/// users. It records each decision.
#[derive(Clone)]
pub struct Guard {
    pub(in crate::usecases) limiter: Arc<dyn RateLimiter>,
    pub(in crate::usecases) bans: Arc<dyn BanList>,
    pub(in crate::usecases) log: Arc<dyn SecurityLog>,
    pub(in crate::usecases) clock: Arc<dyn Clock>,
}

/// The right to verify one password. It was drawn from the budget for failures, so that of any number of
/// concurrent attempts only the budget is allowed, and its outcome decides whether the draw counts. Dropped
/// without an outcome, as when the client disconnects, it counts as a wrong password: a client that does not
/// wait for the response must not get more guesses, and the next one learns how long to wait.
pub(in crate::usecases) struct Attempt<'a> {
    guard: &'a Guard,
    door: Door,
    client: Option<IpAddr>,
    email: &'a Email,
    failures: Charge,
    is_completed: bool,
}

impl Guard {
    /// Draws the right to verify a password for an email address, whether or not it has an account.
    pub(in crate::usecases) async fn password<'a>(
        &'a self,
        door: Door,
        client: Option<IpAddr>,
        email: &'a Email,
    ) -> Result<Attempt<'a>, Failure> {
        let failures = failures(client, email);
        let charges = [of_client(RateLimit::LogIn, client), failures.clone()];
        // Created before the draw, because the client may disconnect during it.
        let mut attempt = Attempt { guard: self, door, client, email, failures, is_completed: false };
        let drawn = self.draw(door, client, Some(email), &charges).await;
        attempt.is_completed = drawn.is_err();
        drawn.map(|()| attempt)
    }

    /// Draws the right to create a user, which sends a mail.
    pub(in crate::usecases) async fn register(
        &self,
        client: Option<IpAddr>,
        email: &Email,
    ) -> Result<(), Failure> {
        let charges = [of_client(RateLimit::Register, client), of_client(RateLimit::Sender, client)];
        self.draw(Door::Register, client, Some(email), &charges).await
    }

    /// Returns the draws of [`register`](Self::register), because no user was created.
    pub(in crate::usecases) async fn did_not_register(&self, client: Option<IpAddr>) {
        for limit in [RateLimit::Register, RateLimit::Sender] {
            self.limiter.give_back(&of_client(limit, client)).await;
        }
    }

    /// Draws the right to request a mail.
    pub(in crate::usecases) async fn ask_for_mail(
        &self,
        door: Door,
        client: Option<IpAddr>,
        email: &Email,
    ) -> Result<(), Failure> {
        let charges = [of_client(RateLimit::MailLinks, client), of_client(RateLimit::Sender, client)];
        self.draw(door, client, Some(email), &charges).await
    }

    /// Whether one more mail may be sent to a mailbox that a client named. Above the budget no mail is sent,
    /// but the request is not refused: otherwise others could keep the owner of the mailbox from registering.
    pub(in crate::usecases) async fn may_mail(
        &self,
        door: Door,
        client: Option<IpAddr>,
        email: &Email,
    ) -> bool {
        let charges = [Charge::new(RateLimit::Recipient, email.mailbox())];
        self.draw(door, client, Some(email), &charges).await.is_ok()
    }

    /// Draws the right to mail an invitation, for an administrator: a stolen access token must not fill a
    /// mailbox. Operators and programs have no limit.
    pub(in crate::usecases) async fn invite(&self, actor: Actor, email: &Email) -> Result<(), Failure> {
        match actor {
            Actor::User(_) => {
                let charges = [Charge::new(RateLimit::Recipient, email.mailbox())];
                self.draw(Door::Change, None, Some(email), &charges).await
            }
            Actor::Operator(_) | Actor::Service => Ok(()),
        }
    }

    /// Returns the draw of [`invite`](Self::invite), because no mail was requested.
    pub(in crate::usecases) async fn did_not_invite(&self, actor: Actor, email: &Email) {
        if let Actor::User(_) = actor {
            self.limiter.give_back(&Charge::new(RateLimit::Recipient, email.mailbox())).await;
        }
    }

    /// Resets the wrong passwords of this client for an account whose password it has just set with a mailed
    /// token.
    pub(in crate::usecases) async fn forgive(&self, client: Option<IpAddr>, email: &Email) {
        self.limiter.forgive(&failures(client, email)).await;
    }

    /// Records that a mailed token is invalid.
    pub(in crate::usecases) fn invalid_mailed_token(&self, door: Door, client: Option<IpAddr>) {
        self.refused(door, client, Outcome::InvalidToken, None, None);
    }

    /// Draws the right to present a mailed token.
    pub(in crate::usecases) async fn present_mailed_token(
        &self,
        door: Door,
        client: Option<IpAddr>,
    ) -> Result<(), Failure> {
        self.draw(door, client, None, &[of_client(RateLimit::MailLinks, client)]).await
    }

    /// Draws the right to request a change of the email address. Also limited by prefix, so that a client
    /// with many accounts cannot send many mails.
    pub(in crate::usecases) async fn change_email(
        &self,
        client: Option<IpAddr>,
        user: UserId,
    ) -> Result<(), Failure> {
        let by_user = Charge::new(RateLimit::EmailChange, user.to_string());
        let charges = [by_user, of_client(RateLimit::Sender, client)];
        self.draw(Door::ChangeEmail, client, None, &charges).await
    }

    /// Draws the right to present a refresh token of a session. The limit is per session and prefix: a thief
    /// who exhausts the budget must not keep the owner's client from presenting its token, which reveals the
    /// theft.
    pub(in crate::usecases) async fn present_refresh_token(
        &self,
        door: Door,
        client: Option<IpAddr>,
        session: SessionId,
    ) -> Result<(), Failure> {
        let charges = [Charge::new(RateLimit::Refresh, format!("{session} {}", prefix(client)))];
        self.draw(door, client, None, &charges).await
    }

    /// Draws the right to change something.
    pub(in crate::usecases) async fn change(
        &self,
        client: Option<IpAddr>,
        user: UserId,
    ) -> Result<(), Failure> {
        let charges = [Charge::new(RateLimit::Changes, user.to_string())];
        self.draw(Door::Change, client, None, &charges).await
    }

    /// Counts an invalid token. Above the budget the client is asked to wait and does not learn the reason.
    pub(in crate::usecases) async fn invalid_token(
        &self,
        door: Door,
        client: Option<IpAddr>,
    ) -> Result<(), Failure> {
        self.draw(door, client, None, &[of_client(RateLimit::InvalidTokens, client)]).await?;
        self.refused(door, client, Outcome::InvalidToken, None, None);
        Ok(())
    }

    /// Counts a wrong password of an account. Returns true when the user must be warned, because there were
    /// too many.
    pub(in crate::usecases) async fn is_guessed_at(&self, email: &Email) -> bool {
        self.limiter.draw(&[Charge::new(RateLimit::AccountFailures, email.key())]).await.is_err()
    }

    /// Refuses a banned user. Call it only after the correct password or a valid token was presented, so that
    /// a stranger learns nothing about the ban.
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

    /// Records that an operation was allowed.
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

    /// Records that an operation was refused.
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
    /// Ends the attempt: the password is correct. Resets the failures of this client for this account.
    pub(in crate::usecases) async fn right(mut self) {
        self.guard.limiter.forgive(&self.failures).await;
        self.is_completed = true;
    }

    /// Ends the attempt: the password is wrong or the account does not exist.
    pub(in crate::usecases) async fn wrong(mut self, user: Option<UserId>) {
        self.guard.limiter.penalize(&self.failures).await;
        self.is_completed = true;
        let email = user.is_none().then_some(self.email);
        let (door, client, outcome) = (self.door, self.client, Outcome::WrongPassword);
        self.guard.log.record(&Decision { door, outcome, user, email, session: None, client });
    }

    /// Ends the attempt: the password was not verified. Returns the draw.
    pub(in crate::usecases) async fn undecided(mut self) {
        self.guard.limiter.give_back(&self.failures).await;
        self.is_completed = true;
    }
}

impl Drop for Attempt<'_> {
    fn drop(&mut self) {
        if !self.is_completed {
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

/// All clients with an unknown address count as one.
fn prefix(client: Option<IpAddr>) -> String {
    client.map_or_else(|| "unknown".to_owned(), |address| Prefix::of(address).to_string())
}
