use std::any::Any;
use std::ops::Deref;
use std::sync::OnceLock;

/// A value that does not change, with a result that its readers derive from it, so that only the first one
/// pays for that.
#[derive(Debug)]
pub struct Memo<T> {
    value: T,
    derived: OnceLock<Box<dyn Any + Send + Sync>>,
}

impl<T> Memo<T> {
    /// Derives a result from the value, or returns the one that was kept. Only the first type of result is
    /// kept.
    pub fn derived<D: Clone + Send + Sync + 'static>(&self, derive: impl Fn(&T) -> D) -> D {
        let kept = self.derived.get_or_init(|| Box::new(derive(&self.value)));
        kept.downcast_ref().cloned().unwrap_or_else(|| derive(&self.value))
    }
}

impl<T> From<T> for Memo<T> {
    fn from(value: T) -> Self {
        Self { value, derived: OnceLock::new() }
    }
}

impl<T> Deref for Memo<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;

    #[test]
    fn the_first_type_of_result_is_derived_once_and_others_each_time() {
        let (memo, times) = (Memo::from(7), Cell::new(0));
        let text = || {
            memo.derived(|value| {
                times.set(times.get() + 1);
                value.to_string()
            })
        };
        assert_eq!((text(), text(), times.get()), ("7".to_owned(), "7".to_owned(), 1));
        assert_eq!((memo.derived(|value| value + 1), memo.derived(|value| value + 2)), (8, 9));
        assert_eq!(Memo::from(8).derived(ToString::to_string), "8");
    }
}
