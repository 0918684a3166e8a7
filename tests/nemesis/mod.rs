//! Real server processes under a nemesis.
//!
//! [`cluster`] starts nodes on loopback with a [`proxy`] in front of each port, so that each [`link`] between two nodes can
//! be held, slowed or broken by itself. Clients ([`load`]) file and read all the while and write down what they are told
//! ([`history`]); the nemesis ([`trouble`]) brings one [`fault`] after the other over the nodes. In the end [`oracle`]
//! compares what clients were told with the [`journal`] that each node tells, and [`item`] looks for an order that explains
//! what was seen of each item.

pub mod chronicle;
pub mod cluster;
pub mod fault;
pub mod goods;
pub mod history;
pub mod item;
pub mod journal;
pub mod link;
pub mod load;
mod members;
pub mod oracle;
mod port;
pub mod proxy;
pub mod run;
pub mod trouble;
