//! The rules of bonded goods.
//!
//! [`apply`](apply::apply) takes a state that can be read, the times of an entry, a principal and a command, and
//! answers with an outcome and the rows to write. Nothing here does I/O, knows an async runtime, a clock, randomness,
//! RocksDB, Raft or protobuf. Refusals are values; a [`Fault`](error::Fault) is a state that cannot be read.
//!
//! Where to look: the posting matrix in [`matrix`], the reasons in [`reason`], the permissions in [`permission`], the
//! tables in [`state`], the commands in [`command`].

pub mod apply;
pub mod behaviour;
pub mod bom;
pub mod bom_standing;
pub mod book;
pub mod calendar;
pub mod campaign;
pub mod carry_over;
pub mod code;
pub mod coded;
pub mod command;
pub mod correction;
pub mod correspondence;
pub mod counters;
pub mod credit;
pub mod customs_result;
pub mod deadline;
pub mod declaration;
pub mod difference;
pub mod digest;
pub mod direct_exit;
pub mod direction;
pub mod disposal;
pub mod document;
pub mod due;
pub mod duty;
pub mod error;
pub mod event;
pub mod exposure;
pub mod guarantee;
pub mod hold;
pub mod item;
pub mod layer;
pub mod lease;
pub mod licence;
pub mod limits;
pub mod matrix;
pub mod measure;
pub mod message;
pub mod movement;
pub mod mover;
pub mod naming;
pub mod original;
pub mod outcome;
pub mod overdraft;
pub mod own_group;
pub mod parameter;
pub mod parcel;
pub mod party;
pub mod pass;
pub mod passage;
pub mod period;
pub mod permission;
pub mod permit;
pub mod permit_kind;
pub mod place;
pub mod position;
pub mod production;
pub mod quantity;
pub mod query;
pub mod reason;
pub mod receipt;
pub mod reference;
pub mod refusal;
pub mod returns;
mod rules;
pub mod sale;
pub mod settlement;
pub mod standing;
pub mod state;
pub mod status;
pub mod tally;
pub mod time;
pub mod tolerance;
pub mod transfer_form;
pub mod transfers;
pub mod unit;
pub mod work_order;
pub mod zone;
