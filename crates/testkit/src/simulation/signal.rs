//! Signal: a value that many wait on, woken in the order they began to wait. tokio's `watch` wakes in random order, which
//! would end replay.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;

#[derive(Debug)]
struct Inner<T> {
    value: Mutex<T>,
    changed: Notify,
}

/// A value to wait on. Clones share it.
#[derive(Debug)]
pub struct Signal<T>(Arc<Inner<T>>);

impl<T> Clone for Signal<T> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<T: Default> Default for Signal<T> {
    fn default() -> Self {
        Self::new(T::default())
    }
}

impl<T> Signal<T> {
    /// Makes a signal.
    #[must_use]
    pub fn new(value: T) -> Self {
        Self(Arc::new(Inner { value: Mutex::new(value), changed: Notify::new() }))
    }

    fn value(&self) -> MutexGuard<'_, T> {
        self.0.value.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Sets the value and returns the one before.
    pub fn set(&self, value: T) -> T {
        let before = std::mem::replace(&mut *self.value(), value);
        self.0.changed.notify_waiters();
        before
    }

    /// Changes the value.
    pub fn modify(&self, change: impl FnOnce(&mut T)) {
        change(&mut self.value());
        self.0.changed.notify_waiters();
    }

    /// Waits until the value is as wanted.
    pub async fn wait_for(&self, wanted: impl Fn(&T) -> bool) {
        loop {
            let changed = self.0.changed.notified();
            let mut changed = std::pin::pin!(changed);
            changed.as_mut().enable();
            if wanted(&self.value()) {
                return;
            }
            changed.await;
        }
    }
}

impl<T: Copy> Signal<T> {
    /// Returns the value.
    #[must_use]
    pub fn get(&self) -> T {
        *self.value()
    }
}
