//! What Linux says of a process: the time that it computed, and the memory that it has.

use std::fs;
use std::time::Duration;

use crate::Outcome;

/// A process at one moment.
#[derive(Debug, Clone, Copy)]
pub struct Figures {
    /// The time that its threads have computed, of those that still are.
    pub computed: Duration,
    /// The memory that it has, in KiB.
    pub resident: u64,
    /// The most that it had, in KiB.
    pub peak: u64,
}

impl Figures {
    /// Of the process with this id.
    pub fn of(id: u32) -> Outcome<Self> {
        let status = fs::read_to_string(format!("/proc/{id}/status"))?;
        let size = |name: &str| -> Outcome<u64> {
            let line = status.lines().find_map(|line| line.strip_prefix(name));
            let number = line.and_then(|rest| rest.split_whitespace().nth(1));
            Ok(number.ok_or_else(|| format!("/proc says nothing of {name}"))?.parse()?)
        };
        Ok(Self { computed: computed(id)?, resident: size("VmRSS")?, peak: size("VmHWM")? })
    }

    /// How much was computed between an earlier moment and this one.
    pub fn since(&self, earlier: &Self) -> Duration {
        self.computed.saturating_sub(earlier.computed)
    }
}

/// The scheduler's own account, in nanoseconds, of each thread: `/proc/PID/stat` counts in hundredths of a second.
fn computed(id: u32) -> Outcome<Duration> {
    let mut nanoseconds = 0_u64;
    for thread in fs::read_dir(format!("/proc/{id}/task"))? {
        // A thread may end while they are counted.
        let Ok(account) = fs::read_to_string(thread?.path().join("schedstat")) else { continue };
        let first = account.split_whitespace().next().ok_or("an empty schedstat")?;
        nanoseconds += first.parse::<u64>()?;
    }
    Ok(Duration::from_nanos(nanoseconds))
}
