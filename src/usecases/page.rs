use uuid::Uuid;

/// One page of a list that is read by key, so that the last of many pages costs as much as the first.
#[derive(Debug)]
pub struct Page<T> {
    /// The items of the page.
    pub items: Vec<T>,
    /// The id of the last item, if there is a next page. The next page begins after it.
    pub next: Option<Uuid>,
}

impl<T> Page<T> {
    /// Builds a page of `limit` items from a list that has one more item if there is a next page.
    pub(super) fn of(mut items: Vec<T>, limit: u32, id: impl Fn(&T) -> Uuid) -> Self {
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let more = items.len() > limit;
        items.truncate(limit);
        let next = items.last().filter(|_| more).map(id);
        Self { items, next }
    }
}
