//! Allocator: keeps the C library from setting memory aside for every thread. Blocking work wanders over many threads,
//! and each would keep what the largest piece of work on it needed.

/// Arenas of a program; the C library would take eight for each processor.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
const ARENAS: i32 = 2;
/// From this many bytes on memory is asked of the kernel for itself and given back at once. Without it the C library
/// raises the limit to the largest piece that was ever freed.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
const LARGE: i32 = 256 * 1024;

/// Bounds how much freed memory the program keeps. To be called first, before there are other threads; does nothing
/// where the C library is not glibc. A refusal costs memory and nothing else.
pub fn bound_arenas() {
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    for (option, value) in [(libc::M_ARENA_MAX, ARENAS), (libc::M_MMAP_THRESHOLD, LARGE)] {
        // SAFETY: `mallopt` takes two numbers and may be called at any time.
        #[expect(unsafe_code, reason = "the C library has no other way to be told")]
        let _taken = unsafe { libc::mallopt(option, value) };
    }
}

#[cfg(all(test, target_os = "linux", target_env = "gnu"))]
mod tests {
    #[test]
    fn the_c_library_takes_the_bounds() {
        for (option, value) in [(libc::M_ARENA_MAX, super::ARENAS), (libc::M_MMAP_THRESHOLD, super::LARGE)] {
            // SAFETY: as above.
            #[expect(unsafe_code, reason = "the C library has no other way to be told")]
            let taken = unsafe { libc::mallopt(option, value) };
            assert_eq!(taken, 1);
        }
    }
}
