use uuid::Uuid;

/// One page of a list that is read by key, so that the last page of many costs what the first does.
#[derive(Debug)]
pub struct Page<T> {
    /// The items on it.
    pub items: Vec<T>,
    /// The id of its last item, if there is a next page: the next page begins after it.
    pub next: Option<Uuid>,
}

impl<T> Page<T> {
    /// A page of `limit` items, made of one more than that where there are more.
    pub(super) fn of(mut items: Vec<T>, limit: u32, id: impl Fn(&T) -> Uuid) -> Self {
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let more = items.len() > limit;
        items.truncate(limit);
        let next = items.last().filter(|_| more).map(id);
        Self { items, next }
    }
}
