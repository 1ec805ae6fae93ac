//! Network: requests from a simulated client to a simulated server process, without sockets, with everything that can
//! happen to them on the way.

mod answer_body;
mod server_host;
mod sim_transport;

pub use server_host::ServerHost;
pub use sim_transport::SimTransport;
