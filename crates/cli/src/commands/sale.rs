//! `sale`: orders, payments and waybills of electronic commerce.

use super::{message, show_outcome};
use crate::arguments::{Online, Sale};
use crate::failure::Failure;
use crate::output::{self, Column};
use zonebook_api::v1;

const SALE: &[Column<'static>] = &[
    Column("ordered", "/order/paid"),
    Column("currency", "/order/currency"),
    Column("since", "/order_time"),
    Column("payment", "/payment/transaction_no"),
    Column("paid", "/payment/amount"),
    Column("since", "/payment_time"),
    Column("parcel", "/parcel_nos/0"),
];

const WAYBILL: &[Column<'static>] = &[
    Column("waybill", "/waybill/waybill_no"),
    Column("order", "/waybill/order_no"),
    Column("freight", "/waybill/freight"),
    Column("since", "/waybill_time"),
    Column("parcel", "/parcel_nos/0"),
];

pub async fn run(online: &Online, command: Sale) -> Result<(), Failure> {
    let client = online.client();
    match command {
        Sale::File { file, change } => {
            let mut request: v1::FileSaleStatementsRequest = message("FileSaleStatementsRequest", &file)?;
            request.request_id = change.id(online);
            request.validate_only = change.dry_run;
            show_outcome(online, client.file_sale_statements(request).await?.outcome)
        }
        Sale::Order { platform, order_no } => {
            let found = client.get_sale(v1::GetSaleRequest { platform, order_no, consistency: None }).await?;
            output::one(online.output, SALE, "GetSaleResponse", &found)
        }
        Sale::Waybill { carrier, waybill_no } => {
            let request = v1::GetWaybillRequest { carrier, waybill_no, consistency: None };
            let found = client.get_waybill(request).await?;
            output::one(online.output, WAYBILL, "GetWaybillResponse", &found)
        }
    }
}
