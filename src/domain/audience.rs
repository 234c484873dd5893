use super::text::text;

text! {
    /// The identifier of a service that an access token is for: the value of `aud`.
    Audience, "audience", 1..=255, one_line, "https://api.example.com", optional
}

/// The audiences that access tokens may have. The first one is this service, and the default.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Audiences {
    own: Audience,
    others: Vec<Audience>,
}

/// The audience is none of those that access tokens may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("it is not one of the audiences of this service (security.token.audience)")]
pub struct UnknownAudience;

impl Audiences {
    /// The most audiences of one installation.
    pub const MOST: usize = 32;

    /// Returns the audiences, of which the first one is this service.
    #[must_use]
    pub const fn new(own: Audience, others: Vec<Audience>) -> Self {
        Self { own, others }
    }

    /// This service: the audience of a token for which none was chosen, and the only one that it accepts.
    #[must_use]
    pub const fn own(&self) -> &Audience {
        &self.own
    }

    /// The other ones.
    #[must_use]
    pub fn others(&self) -> &[Audience] {
        &self.others
    }

    /// All audiences, this service first.
    pub fn all(&self) -> impl Iterator<Item = &Audience> {
        std::iter::once(&self.own).chain(&self.others)
    }

    /// Checks an audience that a client chose. Returns `None` for this service, the audience of a session
    /// without one.
    pub fn choose(&self, asked: Option<Audience>) -> Result<Option<Audience>, UnknownAudience> {
        match asked {
            Some(asked) if asked == self.own => Ok(None),
            Some(asked) if self.others.contains(&asked) => Ok(Some(asked)),
            Some(_) => Err(UnknownAudience),
            None => Ok(None),
        }
    }

    /// Whether a session with this audience gets tokens: `None`, which is this service, or one of the other
    /// ones. An audience that became the name of this service gives no tokens, because they would open more
    /// than the log-in asked for.
    #[must_use]
    pub fn serves(&self, audience: Option<&Audience>) -> bool {
        audience.is_none_or(|audience| self.others.contains(audience))
    }

    /// Replaces an audience by another one where it occurs.
    pub fn rename(&mut self, from: &str, to: &Audience) {
        for audience in std::iter::once(&mut self.own).chain(&mut self.others) {
            if audience.as_str() == from {
                audience.clone_from(to);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_audience_is_chosen_from_the_list() {
        let audience = |text: &str| Audience::stored(text.to_owned());
        let audiences = Audiences::new(audience("own"), vec![audience("shop")]);
        assert_eq!(audiences.choose(None), Ok(None));
        assert_eq!(audiences.choose(Some(audience("own"))), Ok(None));
        assert_eq!(audiences.choose(Some(audience("shop"))), Ok(Some(audience("shop"))));
        for other in ["Shop", "shop ", "", "own,shop"] {
            assert_eq!(audiences.choose(Some(audience(other))), Err(UnknownAudience), "{other}");
        }
        assert!(audiences.serves(None) && audiences.serves(Some(&audience("shop"))));
        assert!(!audiences.serves(Some(&audience("own"))) && !audiences.serves(Some(&audience("sho"))));
        assert_eq!(audiences.all().map(Audience::as_str).collect::<Vec<_>>(), ["own", "shop"]);
    }
}
