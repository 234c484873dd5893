use crate::domain::words;

/// The result of one check.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The name of the check, which does not change.
    pub check: &'static str,
    /// The verdict.
    pub state: FindingState,
    /// What was measured.
    pub measured: String,
    /// What that means and what to do about it; `None` if all is well.
    pub advice: Option<Advice>,
}

/// What a finding means and what to do about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Advice {
    /// The consequence for the service and its users.
    pub means: String,
    /// The correction.
    pub cure: String,
}

words! {
    /// The verdict of a check. A later one is worse.
    #[derive(PartialOrd, Ord)]
    pub enum FindingState {
        /// All is well.
        Ok = "ok",
        /// The service works, but not as well or not for as long as it should.
        Warn = "warn",
        /// Something does not work.
        Fail = "fail",
    }
}

impl Finding {
    /// All is well.
    #[must_use]
    pub fn ok(check: &'static str, measured: impl Into<String>) -> Self {
        Self { check, state: FindingState::Ok, measured: measured.into(), advice: None }
    }

    /// The service works, but not as well or not for as long as it should.
    #[must_use]
    pub fn warn(
        check: &'static str,
        measured: impl Into<String>,
        means: impl Into<String>,
        cure: impl Into<String>,
    ) -> Self {
        Self::bad(FindingState::Warn, check, measured.into(), means.into(), cure.into())
    }

    /// Something does not work.
    #[must_use]
    pub fn fail(
        check: &'static str,
        measured: impl Into<String>,
        means: impl Into<String>,
        cure: impl Into<String>,
    ) -> Self {
        Self::bad(FindingState::Fail, check, measured.into(), means.into(), cure.into())
    }

    const fn bad(
        state: FindingState,
        check: &'static str,
        measured: String,
        means: String,
        cure: String,
    ) -> Self {
        Self { check, state, measured, advice: Some(Advice { means, cure }) }
    }
}
