//! `parcel`: electronic commerce.

use super::{filed, message, show_outcome};
use crate::arguments::{Online, Parcel};
use crate::failure::Failure;
use crate::output::{self, Column};
use zonebook_api::v1;

const PARCEL: &[Column<'static>] = &[
    Column("parcel_no", "/parcel/parcel_no"),
    Column("book", "/parcel/book_no"),
    Column("state", "/state"),
    Column("list", "/list_no"),
    Column("reserved", "/reserved_time"),
    Column("ended", "/ended_time"),
    Column("restored", "/restored"),
];

const RETURN: &[Column<'static>] = &[
    Column("return_no", "/parcel_return/return_no"),
    Column("parcel", "/parcel_return/parcel_no"),
    Column("applied", "/parcel_return/applied_on"),
    Column("by", "/apply_by"),
    Column("arrived", "/parcel_return/arrived_on"),
    Column("by", "/arrive_by"),
    Column("in_time", "/in_time"),
    Column("restored", "/restored"),
    Column("posted", "/posted_time"),
];

const BUYER: &[Column<'static>] =
    &[Column("year", "/year"), Column("spent", "/spent"), Column("limit", "/limit")];
const RETURNABLE: &[Column<'static>] =
    &[Column("delivered", "/delivered"), Column("apply_by", "/apply_by"), Column("arrive_by", "/arrive_by")];

pub async fn run(online: &Online, command: Parcel) -> Result<(), Failure> {
    let client = online.client();
    let outcome = match command {
        Parcel::File { file, change } => {
            let mut request: v1::FileParcelsRequest = message("FileParcelsRequest", &file)?;
            request.request_id = change.id(online);
            request.validate_only = change.dry_run;
            client.file_parcels(request).await?.outcome
        }
        Parcel::Cancel { parcel_nos, change } => {
            let (request_id, validate_only) = (change.id(online), change.dry_run);
            let request = v1::CancelParcelsRequest { request_id, validate_only, parcel_nos };
            client.cancel_parcels(request).await?.outcome
        }
        Parcel::Get { parcel_no } => {
            let found = client.get_parcel(v1::GetParcelRequest { parcel_no, consistency: None }).await?;
            return output::one(online.output, PARCEL, "GetParcelResponse", &found);
        }
        Parcel::Return { file, change } => {
            let (request_id, validate_only) = (change.id(online), change.dry_run);
            let parcel_return = filed("ParcelReturn", &file)?;
            let request = v1::FileParcelReturnRequest { request_id, validate_only, parcel_return };
            client.file_parcel_return(request).await?.outcome
        }
        Parcel::GetReturn { return_no } => {
            let request = v1::GetParcelReturnRequest { return_no, consistency: None };
            let found = client.get_parcel_return(request).await?;
            return output::one(online.output, RETURN, "GetParcelReturnResponse", &found);
        }
        Parcel::Buyer { buyer, year } => {
            let found = client.get_buyer(v1::GetBuyerRequest { buyer, year, consistency: None }).await?;
            return output::one(online.output, BUYER, "GetBuyerResponse", &found);
        }
        Parcel::Returnable { parcel_no } => {
            let request = v1::GetReturnWindowRequest { parcel_no, consistency: None };
            let found = client.get_return_window(request).await?;
            return output::one(online.output, RETURNABLE, "GetReturnWindowResponse", &found);
        }
    };
    show_outcome(online, outcome)
}
