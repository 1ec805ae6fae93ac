//! Graph types: the JSON shapes of the Microsoft Graph surface we serve and our client reads.
//!
//! Entry point: [`GraphError`], the one error envelope. Shapes are grouped by resource, one file each.
//!
//! Invariants: timestamps are UTC with `Z`, sizes are integers, absent facets are left out (graph-surface.md 1.4).
//! Unknown properties of input are ignored.
//!
//! Deliberately unknown here: HTTP, storage, who may do what.

mod error;

pub use error::{GraphError, GraphErrorBody, GraphInnerError};
