//! Story: what people do in a simulated run, what goes wrong meanwhile, and what must hold at the end.

mod ledger;
mod oracle;
mod people;
mod plan;

pub use ledger::{Authored, Digest, Ledger};
pub use oracle::{Tree, Trees, differences, judge, unsyncable};
pub use people::Person;
pub use plan::Plan;
