//! `book`: books and their items.

use super::{all_pages, filed, show_outcome};
use crate::arguments::{BomName, Book, Online};
use crate::failure::Failure;
use crate::output::{self, Column};
use zonebook_api::v1;

const BOOKS: &[Column<'static>] = &[
    Column("book", "/book_no"),
    Column("office", "/office"),
    Column("zone", "/zone_kind"),
    Column("owner", "/owner"),
    Column("kind", "/kind"),
    Column("usage", "/usage"),
    Column("regime", "/regime"),
    Column("mode", "/booking_mode"),
    Column("valid_until", "/valid_until"),
    Column("change_no", "/change_no"),
    Column("last_item", "/last_item"),
    Column("lots", "/lot_method"),
    Column("stops_in", "/stops/inward"),
    Column("stops_out", "/stops/outward"),
    Column("stops_changes", "/stops/changes"),
    Column("case", "/case_no"),
    Column("cancelled", "/cancelled_time"),
];

const ORDERS: &[Column<'static>] = &[
    Column("revision", "/revision"),
    Column("action", "/action"),
    Column("valid_until", "/valid_until"),
    Column("case", "/case_no"),
    Column("reason", "/reason"),
];

const CARRIED: &[Column<'static>] = &[
    Column("carry_over", "/carry_over/carry_over_no"),
    Column("from", "/carry_over/from_book"),
    Column("to", "/carry_over/to_book"),
    Column("posted", "/posted_time"),
];

const OWN_GROUP: &[Column<'static>] = &[
    Column("item", "/number"),
    Column("own", "/own"),
    Column("from", "/from"),
    Column("until", "/until"),
    Column("evidence", "/evidence"),
    Column("revision", "/registered_revision"),
];

const ITEMS: &[Column<'static>] = &[
    Column("mark", "/mark"),
    Column("item", "/number"),
    Column("part_no", "/part_no"),
    Column("tariff_code", "/tariff_code"),
    Column("unit", "/units/declared"),
    Column("unit1", "/units/statutory1"),
    Column("unit2", "/units/statutory2"),
    Column("lot", "/lot"),
    Column("serial", "/serial"),
    Column("residue", "/residue_kind"),
    Column("stops_in", "/stops/inward"),
    Column("stops_out", "/stops/outward"),
    Column("name", "/name"),
];

const BOM: &[Column<'static>] = &[
    Column("product", "/product"),
    Column("version", "/version"),
    Column("material", "/material"),
    Column("net", "/net"),
    Column("tangible_%", "/tangible_loss"),
    Column("intangible_%", "/intangible_loss"),
    Column("share_%", "/bonded_share"),
    Column("unit_consumption", "/unit_consumption"),
];

const VERSIONS: &[Column<'static>] = &[
    Column("product", "/product"),
    Column("version", "/version"),
    Column("valid_from", "/valid_from"),
    Column("valid_until", "/valid_until"),
    Column("state", "/state"),
    Column("notice", "/notice_no"),
    Column("replaced_by", "/replaced_by"),
];

const CHALLENGES: &[Column<'static>] = &[
    Column("product", "/product"),
    Column("version", "/version"),
    Column("notice", "/notice_no"),
    Column("since", "/time"),
    Column("reason", "/reason"),
    Column("outcome", "/outcome"),
    Column("replaced_by", "/replaced_by"),
    Column("minutes", "/minutes"),
    Column("settled", "/settled_time"),
];

fn bom(BomName { book_no, product, version }: BomName) -> Option<v1::BomVersionName> {
    Some(v1::BomVersionName { book_no, product, version })
}

pub async fn run(online: &Online, command: Book) -> Result<(), Failure> {
    let client = online.client();
    let outcome = match command {
        Book::File { file, change } => {
            let (request_id, validate_only) = (change.id(online), change.dry_run);
            let request =
                v1::FileBookRequest { request_id, validate_only, book: filed("BookFiling", &file)? };
            client.file_book(request).await?.outcome
        }
        Book::Stop { book_no, item, mark, inward, outward, changes, reason, change } => {
            let (request_id, validate_only) = (change.id(online), change.dry_run);
            let item = item.map(|number| v1::StoppedItem { mark, number });
            let stops = Some(v1::Stops { inward, outward, changes });
            let request = v1::SetStopsRequest { request_id, validate_only, book_no, item, stops, reason };
            client.set_stops(request).await?.outcome
        }
        Book::Extend { book_no, valid_until, reason, change } => {
            let (request_id, validate_only) = (change.id(online), change.dry_run);
            let request = v1::ExtendBookRequest { request_id, validate_only, book_no, valid_until, reason };
            client.extend_book(request).await?.outcome
        }
        Book::Case { book_no, case_no, lift: false, reason, change } => {
            let (request_id, validate_only) = (change.id(online), change.dry_run);
            let request = v1::OpenBookCaseRequest { request_id, validate_only, book_no, case_no, reason };
            client.open_book_case(request).await?.outcome
        }
        Book::Case { book_no, case_no, lift: true, reason, change } => {
            let (request_id, validate_only) = (change.id(online), change.dry_run);
            let request = v1::LiftBookCaseRequest { request_id, validate_only, book_no, case_no, reason };
            client.lift_book_case(request).await?.outcome
        }
        Book::Cancel { book_no, reason, change } => {
            let (request_id, validate_only) = (change.id(online), change.dry_run);
            let request = v1::CancelBookRequest { request_id, validate_only, book_no, reason };
            client.cancel_book(request).await?.outcome
        }
        Book::CarryOver { file, change } => {
            let (request_id, validate_only) = (change.id(online), change.dry_run);
            let carry_over = filed("CarryOver", &file)?;
            let request = v1::CarryOverGoodsRequest { request_id, validate_only, carry_over };
            client.carry_over_goods(request).await?.outcome
        }
        Book::CarriedOver { carry_over_no } => {
            let request = v1::GetCarryOverRequest { carry_over_no, consistency: None };
            let found: Vec<_> = client.get_carry_over(request).await?.carry_over.into_iter().collect();
            return output::many(online.output, CARRIED, "AcceptedCarryOver", &found);
        }
        Book::Orders { book_no } => {
            let request = v1::ListBookOrdersRequest { book_no, ..Default::default() };
            let found = all_pages!(client, list_book_orders, request, orders);
            return output::many(online.output, ORDERS, "BookOrder", &found);
        }
        Book::LotMethod { book_no, method, take_over, reason, change } => {
            let (request_id, validate_only) = (change.id(online), change.dry_run);
            let request =
                v1::SetLotMethodRequest { request_id, validate_only, book_no, method, take_over, reason };
            client.set_lot_method(request).await?.outcome
        }
        Book::OwnGroup { book_no, number, not, from, until, evidence, change } => {
            let (request_id, validate_only, own) = (change.id(online), change.dry_run, !not);
            let request = v1::RegisterOwnGroupRequest {
                request_id,
                validate_only,
                book_no,
                number,
                own,
                from,
                until,
                evidence,
            };
            client.register_own_group(request).await?.outcome
        }
        Book::OwnGroups { book_no } => {
            let request = v1::ListOwnGroupRequest { book_no, ..Default::default() };
            let found = all_pages!(client, list_own_group, request, facts);
            return output::many(online.output, OWN_GROUP, "OwnGroupFact", &found);
        }
        Book::Get { book_no } => {
            let found = client.get_book(v1::GetBookRequest { book_no, consistency: None }).await?;
            let books: Vec<v1::Book> = found.book.into_iter().collect();
            return output::many(online.output, BOOKS, "Book", &books);
        }
        Book::List => {
            let found = all_pages!(client, list_books, v1::ListBooksRequest::default(), books);
            return output::many(online.output, BOOKS, "Book", &found);
        }
        Book::Bom { book_no, product } => {
            let request = v1::ListBomLinesRequest { book_no, product, ..Default::default() };
            let found = all_pages!(client, list_bom_lines, request, lines);
            return output::many(online.output, BOM, "BomRow", &found);
        }
        Book::BomVersions { book_no, product } => {
            let request = v1::ListBomVersionsRequest { book_no, product, ..Default::default() };
            let found = all_pages!(client, list_bom_versions, request, versions);
            return output::many(online.output, VERSIONS, "BomVersion", &found);
        }
        Book::BomChallenges { book_no, product, open } => {
            let request = v1::ListBomChallengesRequest { book_no, product, open, ..Default::default() };
            let found = all_pages!(client, list_bom_challenges, request, challenges);
            return output::many(online.output, CHALLENGES, "BomChallenge", &found);
        }
        Book::BomValidity { name, from, until, reason, change } => {
            let (request_id, validate_only) = (change.id(online), change.dry_run);
            let (valid_from, valid_until) = (from.unwrap_or_default(), until.unwrap_or_default());
            let bom = bom(name);
            let request =
                v1::SetBomValidityRequest { request_id, validate_only, bom, valid_from, valid_until, reason };
            client.set_bom_validity(request).await?.outcome
        }
        Book::BomChallenge { name, notice: notice_no, reason, change } => {
            let (request_id, validate_only) = (change.id(online), change.dry_run);
            let bom = bom(name);
            let request = v1::ChallengeBomRequest { request_id, validate_only, bom, notice_no, reason };
            client.challenge_bom(request).await?.outcome
        }
        Book::BomSettle { name, notice: notice_no, minutes, replaced_by, reason, change } => {
            let (request_id, validate_only) = (change.id(online), change.dry_run);
            let (bom, replaced_by) = (bom(name), replaced_by.unwrap_or_default());
            let request = v1::SettleBomChallengeRequest {
                request_id,
                validate_only,
                bom,
                notice_no,
                minutes,
                replaced_by,
                reason,
            };
            client.settle_bom_challenge(request).await?.outcome
        }
        Book::Items { book_no } => {
            let request = v1::ListItemsRequest { book_no, ..Default::default() };
            let found = all_pages!(client, list_items, request, items);
            return output::many(online.output, ITEMS, "Item", &found);
        }
    };
    show_outcome(online, outcome)
}
