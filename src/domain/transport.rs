use super::words::words;

words! {
    /// How a client gets and sends the tokens of a session.
    pub enum Transport {
        /// In bodies and in the header `Authorization`.
        Bearer = "bearer",
        /// In cookies, which scripts of a page cannot read.
        Cookie = "cookie",
    }
}

words! {
    /// Which requests from other sites carry the cookies (RFC 6265bis, section 5.6.7).
    pub enum SameSite {
        /// Only those that open a page by a safe method.
        Lax = "lax",
        /// None.
        Strict = "strict",
    }
}
