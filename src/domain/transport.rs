use super::user::words;

/// How a client gets and sends the tokens of a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Transport {
    /// In bodies and in the header `Authorization`.
    Bearer,
    /// In cookies, which scripts of a page cannot read.
    Cookie,
}

words!(Transport { Bearer = "bearer", Cookie = "cookie" });

/// Which requests from other sites carry the cookies (RFC 6265bis, section 5.6.7).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SameSite {
    /// Only those that open a page by a safe method.
    Lax,
    /// None.
    Strict,
}

words!(SameSite { Lax = "lax", Strict = "strict" });
