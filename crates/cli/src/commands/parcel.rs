//! `parcel`: electronic commerce.

use super::{read_text, show_outcome};
use crate::arguments::{Online, Parcel};
use crate::failure::Failure;
use crate::json;
use crate::output::{self, Column};
use zonebook_api::v1;

const PARCEL: &[Column<'static>] = &[
    Column("parcel_no", "/parcel/parcel_no"),
    Column("book", "/parcel/book_no"),
    Column("state", "/state"),
    Column("list", "/list_no"),
    Column("reserved", "/reserved_time"),
    Column("ended", "/ended_time"),
];

const RETURN: &[Column<'static>] =
    &[Column("delivered", "/delivered"), Column("apply_by", "/apply_by"), Column("arrive_by", "/arrive_by")];

pub async fn run(online: &Online, command: Parcel) -> Result<(), Failure> {
    let client = online.client();
    let outcome = match command {
        Parcel::File { file, change } => {
            let mut request: v1::FileParcelsRequest =
                json::message("FileParcelsRequest", &file.display().to_string(), &read_text(&file)?)?;
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
        Parcel::Returnable { parcel_no } => {
            let request = v1::GetReturnWindowRequest { parcel_no, consistency: None };
            let found = client.get_return_window(request).await?;
            return output::one(online.output, RETURN, "GetReturnWindowResponse", &found);
        }
    };
    show_outcome(online, outcome)
}
