//! The contract: generated protobuf, conversions from and to the ledger's types, refusals as `google.rpc.Status`.
//!
//! Conversions check the form of what is sent and name the field that is wrong; whether it agrees with the books is the
//! ledger's business.

/// Generated from `proto/zonebook/v1`.
#[allow(missing_docs, clippy::pedantic, clippy::large_enum_variant, clippy::doc_lazy_continuation)]
pub mod v1 {
    tonic::include_proto!("zonebook.v1");
}

/// The descriptors of the contract, for reflection.
pub const DESCRIPTORS: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/zonebook.v1.bin"));

pub mod adjustment;
pub mod bom_standing;
pub mod book_life;
pub mod catalogue;
pub mod correction;
pub mod correspondence;
pub mod count;
pub mod cross_check;
pub mod deadline;
pub mod decision;
pub mod declaration;
pub mod difference;
pub mod disposal;
pub mod document;
pub mod duty;
pub mod field;
pub mod goods_status;
pub mod guarantee;
pub mod hold;
pub mod lease;
pub mod licence;
pub mod lot;
pub mod own_group;
pub mod parcel;
pub mod permit;
pub mod reckoning;
pub mod reference;
pub mod refusal;
pub mod regime;
pub mod sale;
pub mod settlement;
pub mod statement;
pub mod status;
pub mod stock;
pub mod transfer;
pub mod transfer_form;
pub mod value;
pub mod verification;
pub mod work_order;
