//! Stop points: the gaps between two system calls of a step, where tests stop the process or let somebody interfere.
//!
//! Outside of tests a point costs nothing.

/// Names a gap.
#[cfg(not(test))]
pub(crate) fn pass(_point: &'static str) {}

#[cfg(test)]
pub(crate) use testing::pass;

#[cfg(test)]
pub(crate) mod testing {
    //! What tests do at a gap. It belongs to the thread, so tests do not disturb one another.

    use std::cell::RefCell;

    type Action = Box<dyn FnMut(&'static str)>;

    thread_local! {
        static ACTION: RefCell<Option<Action>> = const { RefCell::new(None) };
    }

    /// Runs the thread's action, if any. The action itself passes no points.
    pub(crate) fn pass(point: &'static str) {
        let action = ACTION.with(|slot| slot.borrow_mut().take());
        if let Some(mut action) = action {
            action(point);
            ACTION.with(|slot| *slot.borrow_mut() = Some(action));
        }
    }

    /// Sets what happens at the gaps of this thread.
    pub(crate) fn at_points(action: impl FnMut(&'static str) + 'static) {
        ACTION.with(|slot| *slot.borrow_mut() = Some(Box::new(action)));
    }

    /// Lets nothing happen any more.
    pub(crate) fn no_points() {
        ACTION.with(|slot| *slot.borrow_mut() = None);
    }
}
