//! Counts and stock beside their books, count campaigns, verification, and documents that must agree.

use super::book::{answer, book_no};
use super::{count, regime};
use crate::gateway::{Gateway, filing};
use crate::page;
use crate::stock;
use crate::verification::{self as figures_of, Figures, Wanted};
use std::sync::Arc;
use tonic::{Request, Response, Status, Streaming};
use zonebook_api::field::FieldError;
use zonebook_api::v1::reconciliation_service_server::ReconciliationService;
use zonebook_api::{count as count_api, cross_check, reckoning, status, v1, value, verification};
use zonebook_exchange::write;
use zonebook_ledger::book::Book;
use zonebook_ledger::code::{BookNo, ListNo};
use zonebook_ledger::command::Command;
use zonebook_ledger::direction::{Direction, Mark};
use zonebook_ledger::document::{CampaignStep, DeclaredItem, Document, VerificationKind, VerificationStep};
use zonebook_ledger::error::Fault;
use zonebook_ledger::movement::{DocumentState, Movement};
use zonebook_ledger::outcome::Revision;
use zonebook_ledger::party::Party;
use zonebook_ledger::query;
use zonebook_ledger::settlement::Verification;
use zonebook_ledger::state::{Books, Key, Order, Parties, Periods, Read, Verifications, get};
use zonebook_ledger::time::{Date, LocalTime};
use zonebook_reconcile::count::problems;
use zonebook_reconcile::cross_check::{Position, page as breaks};
use zonebook_reconcile::verification::{Counted, Failure, Period, Row, of_items};

/// `ReconciliationService`.
pub struct Reconciliation(pub Gateway);

/// Declarations on a page that shows what each says of its items.
const WITH_ITEMS_MAX: usize = 10;
/// Items and lists of one message.
const MESSAGE_ROWS_MAX: usize = 1_000;

/// Where a message ends: how many came before the next, the last revision, the last item, the last list.
type Part = (u64, Revision, Option<(Mark, u64)>, Option<ListNo>, bool, bool);

/// Figures, or why there are none; a state that cannot be read stays a fault.
fn figures<T>(computed: Result<T, Failure>) -> Result<Result<T, Status>, Fault> {
    match computed {
        Ok(found) => Ok(Ok(found)),
        Err(Failure::Fault(fault)) => Err(fault),
        Err(other) => Ok(Err(figures_of::failed(&other))),
    }
}

fn beyond(field: &str, why: &dyn std::fmt::Display) -> Status {
    status::invalid(&FieldError::new(field, "", why))
}

#[tonic::async_trait]
impl ReconciliationService for Reconciliation {
    type CompareStockStream = stock::Told;
    type StreamVerificationStream = figures_of::Told;

    async fn compare_stock(
        &self,
        request: Request<Streaming<v1::CompareStockRequest>>,
    ) -> Result<Response<Self::CompareStockStream>, Status> {
        let asked = stock::gather(request.into_inner()).await?;
        stock::answer(&self.0, asked).await.map(Response::new)
    }

    async fn reconcile(
        &self,
        request: Request<v1::ReconcileRequest>,
    ) -> Result<Response<v1::ReconcileResponse>, Status> {
        let request = request.into_inner();
        let read = reckoning::counted(&request.counted).and_then(|counted| {
            let versions = request.convert_products.as_ref().map(reckoning::versions).transpose()?;
            Ok((counted, value::moment(request.as_of.as_ref())?, versions))
        });
        let (counted, moment, versions) = read.map_err(|error| status::invalid(&error))?;
        if !request.campaign_no.is_empty() {
            if !(counted.is_empty() && request.as_of.is_none()) {
                let rule = "none with a campaign, which says what was counted and when";
                return Err(beyond("counted", &rule));
            }
            return count::reconcile_campaign(&self.0, request, versions).await.map(Response::new);
        }
        let found = self.0.read(request.consistency.as_ref(), move |view| {
            let revision = query::revision_at(view, moment)?;
            if let Some(problem) = problems(view, &counted)?.into_iter().next() {
                return Ok((revision, Err(problem)));
            }
            Ok((revision, count::reckoned(view, revision, &counted, versions.as_ref())?))
        });
        let (revision, reckoned) = found.await?;
        let (digest, reckonings) = reckoned.map_err(|why| count::problem(why, revision))?;
        Ok(Response::new(v1::ReconcileResponse { revision: revision.0, digest, reckonings }))
    }

    async fn reconcile_year(
        &self,
        request: Request<v1::ReconcileYearRequest>,
    ) -> Result<Response<v1::ReconcileYearResponse>, Status> {
        regime::reconcile_year(&self.0, request.into_inner()).await.map(Response::new)
    }

    async fn compute_discharge(
        &self,
        request: Request<v1::ComputeDischargeRequest>,
    ) -> Result<Response<v1::ComputeDischargeResponse>, Status> {
        regime::compute_discharge(&self.0, request.into_inner()).await.map(Response::new)
    }

    async fn reconcile_repairs(
        &self,
        request: Request<v1::ReconcileRepairsRequest>,
    ) -> Result<Response<v1::ReconcileRepairsResponse>, Status> {
        regime::reconcile_repairs(&self.0, request.into_inner()).await.map(Response::new)
    }

    async fn compute_verification(
        &self,
        request: Request<v1::ComputeVerificationRequest>,
    ) -> Result<Response<v1::ComputeVerificationResponse>, Status> {
        let request = request.into_inner();
        let counted = verification::counted(&request.counted).map_err(|error| status::invalid(&error))?;
        let (rows, after) = (page::rows(request.page_size), page::after::<Figures>(&request.page_token)?);
        let days = (request.begin.as_str(), request.end.as_str());
        let number = book_no(&request.book_no)?;
        let wanted = Wanted::of(number, request.sequence, days, request.as_of_revision, after.as_ref())?;
        let found = self.0.read(request.consistency.as_ref(), move |view| {
            let Some(period) = wanted.period(view)? else { return Ok(None) };
            let after = after.map(|(_, mark, number)| (mark, number));
            let found = of_items(view, &wanted.book_no, &period, &counted, after, rows);
            Ok(Some((query::revision(view)?, period.as_of, figures(found)?)))
        });
        let found = found.await?.ok_or_else(|| status::not_found("verification", &request.book_no))?;
        let (revision, as_of, found) = (found.0, found.1, found.2?);
        let last = found.last().map(|row| (as_of, row.item.mark, row.item.number));
        let next_page_token = page::next(found.len(), rows, last);
        Ok(Response::new(v1::ComputeVerificationResponse {
            revision: revision.0,
            as_of_revision: as_of.0,
            lines: found.iter().map(figures_of::line).collect::<Result<_, _>>()?,
            next_page_token,
        }))
    }

    async fn stream_verification(
        &self,
        request: Request<v1::StreamVerificationRequest>,
    ) -> Result<Response<Self::StreamVerificationStream>, Status> {
        let request = request.into_inner();
        let after = page::after::<Figures>(&request.resume_token)?;
        let days = (request.begin.as_str(), request.end.as_str());
        let number = book_no(&request.book_no)?;
        let wanted = Wanted::of(number, request.sequence, days, request.as_of_revision, after.as_ref())?;
        let counted = verification::counted(&request.counted).map_err(|error| status::invalid(&error))?;
        let after = after.map(|(_, mark, number)| (mark, number));
        let asked = figures_of::Asked { wanted, counted, after };
        figures_of::stream(&self.0, request.consistency.as_ref(), asked).await.map(Response::new)
    }

    async fn file_verification(
        &self,
        request: Request<v1::FileVerificationRequest>,
    ) -> Result<Response<v1::FileVerificationResponse>, Status> {
        let request = request.get_ref();
        let command = verification::filing(request.verification.as_ref())
            .map(|verification| filing(Document::Verification(verification)));
        answer!(FileVerificationResponse, self.0.command(&request.request_id, request.validate_only, command))
    }

    async fn list_verifications(
        &self,
        request: Request<v1::ListVerificationsRequest>,
    ) -> Result<Response<v1::ListVerificationsResponse>, Status> {
        let request = request.into_inner();
        let number = book_no(&request.book_no)?;
        let (rows, after) = (page::rows(request.page_size), page::after::<Revision>(&request.page_token)?);
        let with_items = request.with_items;
        let rows = if with_items { rows.min(WITH_ITEMS_MAX) } else { rows };
        let found =
            self.0.read(request.consistency.as_ref(), move |view| {
                let from = after.unwrap_or(Revision(0));
                let (from, to) = ((number.clone(), from), (number.clone(), Revision(u64::MAX)));
                let found =
                    query::collect::<Verifications, _>(view, from, to, Order::Forward, rows, |key, row| {
                        match key {
                            Key::Verification((_, revision)) if Some(revision) != after => {
                                Some((revision, row))
                            }
                            _ => None,
                        }
                    })?;
                let with_items = |(revision, row): (Revision, Arc<Verification>)| {
                    let items = match with_items {
                        true => query::items_declared_at(view, (&number, row.filed.sequence), revision)?,
                        false => Vec::new(),
                    };
                    Ok((revision, row, items))
                };
                let found = found.into_iter().map(with_items).collect::<Result<Vec<_>, Fault>>()?;
                Ok((query::revision(view)?, found))
            });
        let (revision, found): (Revision, Vec<(Revision, Arc<Verification>, Vec<Arc<DeclaredItem>>)>) =
            found.await?;
        let next_page_token = page::next(found.len(), rows, found.last().map(|(revision, ..)| *revision));
        let accepted = |(revision, row, items): &(Revision, Arc<Verification>, Vec<Arc<DeclaredItem>>)| {
            verification::accepted(row, *revision, items)
        };
        Ok(Response::new(v1::ListVerificationsResponse {
            revision: revision.0,
            verifications: found.iter().map(accepted).collect(),
            next_page_token,
        }))
    }

    async fn list_breaks(
        &self,
        request: Request<v1::ListBreaksRequest>,
    ) -> Result<Response<v1::ListBreaksResponse>, Status> {
        let request = request.into_inner();
        let scope = cross_check::scope(&request).map_err(|error| status::invalid(&error))?;
        let (rows, from) = (page::rows(request.page_size), page::after::<Position>(&request.page_token)?);
        let found = self.0.read(request.consistency.as_ref(), move |view| {
            Ok((query::revision(view)?, breaks(view, &scope, from.as_ref(), rows)?))
        });
        let (revision, found) = found.await?;
        // A page is as long as the documents that were looked at, not as the breaks among them.
        let next_page_token = page::next(1, 1, found.next);
        let breaks = found.breaks.iter().map(cross_check::to_wire).collect();
        Ok(Response::new(v1::ListBreaksResponse { revision: revision.0, breaks, next_page_token }))
    }

    async fn open_campaign(
        &self,
        request: Request<v1::OpenCampaignRequest>,
    ) -> Result<Response<v1::OpenCampaignResponse>, Status> {
        let request = request.get_ref();
        let command = count_api::opening(request.campaign.as_ref()).map(filing);
        answer!(OpenCampaignResponse, self.0.command(&request.request_id, request.validate_only, command))
    }

    async fn record_counts(
        &self,
        request: Request<v1::RecordCountsRequest>,
    ) -> Result<Response<v1::RecordCountsResponse>, Status> {
        let request = request.get_ref();
        let command = count_api::sheet(&request.campaign_no, request.sheet.as_ref()).map(filing);
        answer!(RecordCountsResponse, self.0.command(&request.request_id, request.validate_only, command))
    }

    async fn close_campaign(
        &self,
        request: Request<v1::CloseCampaignRequest>,
    ) -> Result<Response<v1::CloseCampaignResponse>, Status> {
        let request = request.get_ref();
        let closing = count::closing(&self.0, &request.campaign_no).await?;
        let step = CampaignStep::Close { closing, reason: request.reason.as_str().into() };
        let command = count_api::step(&request.campaign_no, step).map(filing);
        answer!(CloseCampaignResponse, self.0.command(&request.request_id, request.validate_only, command))
    }

    async fn cancel_campaign(
        &self,
        request: Request<v1::CancelCampaignRequest>,
    ) -> Result<Response<v1::CancelCampaignResponse>, Status> {
        let request = request.get_ref();
        let step = CampaignStep::Cancel { reason: request.reason.as_str().into() };
        let command = count_api::step(&request.campaign_no, step).map(filing);
        answer!(CancelCampaignResponse, self.0.command(&request.request_id, request.validate_only, command))
    }

    async fn get_campaign(
        &self,
        request: Request<v1::GetCampaignRequest>,
    ) -> Result<Response<v1::GetCampaignResponse>, Status> {
        count::get_campaign(&self.0, request.into_inner()).await.map(Response::new)
    }

    async fn list_campaigns(
        &self,
        request: Request<v1::ListCampaignsRequest>,
    ) -> Result<Response<v1::ListCampaignsResponse>, Status> {
        count::list_campaigns(&self.0, request.into_inner()).await.map(Response::new)
    }

    async fn list_counts(
        &self,
        request: Request<v1::ListCountsRequest>,
    ) -> Result<Response<v1::ListCountsResponse>, Status> {
        count::list_counts(&self.0, request.into_inner()).await.map(Response::new)
    }

    async fn list_count_sheet(
        &self,
        request: Request<v1::ListCountSheetRequest>,
    ) -> Result<Response<v1::ListCountSheetResponse>, Status> {
        count::list_count_sheet(&self.0, request.into_inner()).await.map(Response::new)
    }

    async fn get_verification(
        &self,
        request: Request<v1::GetVerificationRequest>,
    ) -> Result<Response<v1::GetVerificationResponse>, Status> {
        let request = request.into_inner();
        let (number, sequence) = (book_no(&request.book_no)?, request.sequence);
        let key = (number.clone(), sequence);
        let found = self.0.read(request.consistency.as_ref(), move |view| {
            Ok((query::revision(view)?, get::<Periods>(view, key)?))
        });
        let (revision, found) = found.await?;
        let name = format!("{number}/{sequence}");
        let found = found.ok_or_else(|| status::not_found("verification", &name))?;
        let period = Some(verification::period(&number, sequence, &found));
        Ok(Response::new(v1::GetVerificationResponse { revision: revision.0, period }))
    }

    async fn ask_supplement(
        &self,
        request: Request<v1::AskSupplementRequest>,
    ) -> Result<Response<v1::AskSupplementResponse>, Status> {
        let request = request.get_ref();
        let step = VerificationStep::AskSupplement { reason: request.reason.as_str().into() };
        let command = verification::order(&request.book_no, request.sequence, step);
        let command = command.map(Command::OrderVerification);
        answer!(AskSupplementResponse, self.0.command(&request.request_id, request.validate_only, command))
    }

    async fn confirm_verification(
        &self,
        request: Request<v1::ConfirmVerificationRequest>,
    ) -> Result<Response<v1::ConfirmVerificationResponse>, Status> {
        let request = request.get_ref();
        let step = VerificationStep::Confirm { remark: request.remark.as_str().into() };
        let command = verification::order(&request.book_no, request.sequence, step);
        let command = command.map(Command::OrderVerification);
        answer!(
            ConfirmVerificationResponse,
            self.0.command(&request.request_id, request.validate_only, command)
        )
    }

    async fn close_verification(
        &self,
        request: Request<v1::CloseVerificationRequest>,
    ) -> Result<Response<v1::CloseVerificationResponse>, Status> {
        let request = request.get_ref();
        let step = VerificationStep::Close { remark: request.remark.as_str().into() };
        let command = verification::order(&request.book_no, request.sequence, step);
        let command = command.map(Command::OrderVerification);
        answer!(
            CloseVerificationResponse,
            self.0.command(&request.request_id, request.validate_only, command)
        )
    }

    async fn get_verification_message(
        &self,
        request: Request<v1::GetVerificationMessageRequest>,
    ) -> Result<Response<v1::GetVerificationMessageResponse>, Status> {
        let request = request.into_inner();
        let counted = verification::counted(&request.counted).map_err(|error| status::invalid(&error))?;
        let days =
            verification::days(&request.begin, &request.end).map_err(|error| status::invalid(&error))?;
        let part = page::after::<Part>(&request.page_token)?;
        let sent_at = super::number("sent_at", &request.sent_at, LocalTime::parse)?;
        let asked = Asked { book_no: book_no(&request.book_no)?, sequence: request.sequence, days, counted };
        let found = self.0.read(request.consistency.as_ref(), move |view| asked.part(view, part, sent_at));
        let (revision, found) = found.await?;
        let found = found.ok_or_else(|| status::not_found("book", &request.book_no))??;
        Ok(Response::new(v1::GetVerificationMessageResponse {
            revision: revision.0,
            file_name: found.0.file_name,
            content: found.0.bytes,
            next_page_token: found.1.map_or_else(String::new, |next| page::next(1, 1, Some(next))),
        }))
    }
}

/// A declaration that is to be written.
struct Asked {
    book_no: BookNo,
    sequence: u64,
    days: (Option<Date>, Option<Date>),
    counted: Counted,
}

/// A message, and where the next one begins.
type Message = (write::Written, Option<Part>);

impl Asked {
    /// The next message: items and lists go on side by side until both have ended.
    fn part(
        &self,
        view: &dyn Read,
        part: Option<Part>,
        sent_at: LocalTime,
    ) -> Result<(Revision, Option<Result<Message, Status>>), Fault> {
        let revision = query::revision(view)?;
        let Some(book) = get::<Books>(view, self.book_no.clone())? else { return Ok((revision, None)) };
        let Some(party) = get::<Parties>(view, book.owner.clone())? else { return Ok((revision, None)) };
        let (before, as_of, after, list, items_end, lists_end) =
            part.unwrap_or((0, revision, None, None, false, false));
        let declared = Period::of_verification(view, &self.book_no, self.sequence, Some(as_of))?;
        let period = match declared {
            Some(period) => period,
            None => Period::of(view, self.days, Some(self.sequence), Some(as_of))?,
        };
        let rows = match items_end {
            true => Ok(Vec::new()),
            false => of_items(view, &self.book_no, &period, &self.counted, after, MESSAGE_ROWS_MAX),
        };
        let rows = match figures(rows)? {
            Ok(rows) => rows,
            Err(status) => return Ok((revision, Some(Err(status)))),
        };
        let lists = if lists_end { Vec::new() } else { lists(view, &book, &period, list.as_ref())? };
        let (items_end, lists_end) = (rows.len() < MESSAGE_ROWS_MAX, lists.len() < MESSAGE_ROWS_MAX);
        let next = (!items_end || !lists_end).then(|| {
            let item = rows.last().map(|row| (row.item.mark, row.item.number)).or(after);
            let list = lists.last().map(|(list_no, _)| list_no.clone()).or(list);
            (before.saturating_add(1), as_of, item, list, items_end, lists_end)
        });
        let written = self.write(view, (&book, &party), (before, &lists, &rows), sent_at)?;
        Ok((revision, Some(written.map(|written| (written, next)))))
    }

    fn write(
        &self,
        view: &dyn Read,
        (book, party): (&Book, &Party),
        (before, lists, rows): (u64, &[(ListNo, Direction)], &[Row]),
        sent_at: LocalTime,
    ) -> Result<Result<write::Written, Status>, Fault> {
        let declared = get::<Periods>(view, (self.book_no.clone(), self.sequence))?;
        let days = declared.map_or(self.days, |period| (period.begin, period.end));
        // What follows the first adds to it.
        let kind = if before == 0 { VerificationKind::Normal } else { VerificationKind::Supplementary };
        let declaration =
            write::Declaration { book, party, sequence: self.sequence, kind, days, lists, rows };
        let number = before.saturating_add(1);
        Ok(write::verification(&declaration, sent_at, number).map_err(|error| beyond("book_no", &error)))
    }
}

/// Lists that were posted in the period and that no verification covers, from behind one on.
fn lists(
    view: &dyn Read,
    book: &Book,
    period: &Period,
    after: Option<&ListNo>,
) -> Result<Vec<(ListNo, Direction)>, Fault> {
    let ends = |revision: Revision| -> Result<_, Fault> {
        Ok(query::event(view, revision)?.map(|event| event.ledger_time))
    };
    let (from, until) = (ends(period.after)?, ends(period.until)?);
    let within = |list: &Movement| {
        list.state == DocumentState::Posted
            && list.posted_time.is_some_and(|posted| {
                from.is_none_or(|from| posted > from) && until.is_none_or(|until| posted <= until)
            })
    };
    let mut found = Vec::new();
    let mut after = after.cloned();
    loop {
        let page = query::movements(view, Some(&book.book_no), after.as_ref(), MESSAGE_ROWS_MAX)?;
        for list in page.iter().filter(|list| within(list)) {
            found.push((list.list_no.clone(), list.direction));
            if found.len() >= MESSAGE_ROWS_MAX {
                return Ok(found);
            }
        }
        match page.last() {
            Some(list) if page.len() == MESSAGE_ROWS_MAX => after = Some(list.list_no.clone()),
            _ => return Ok(found),
        }
    }
}
