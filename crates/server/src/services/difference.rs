//! Differences of a count: computed from a view, recorded through the log.

use super::book::answer;
use super::number;
use crate::gateway::{Gateway, filing};
use crate::page;
use std::sync::Arc;
use tonic::{Request, Response, Status};
use zonebook_api::field::{Field, FieldError};
use zonebook_api::v1::difference_service_server::DifferenceService;
use zonebook_api::{difference, reckoning, status, v1, value};
use zonebook_ledger::book::Book;
use zonebook_ledger::code::{CampaignNo, DifferenceNo, OfficeCode};
use zonebook_ledger::command::Command;
use zonebook_ledger::difference::{DifferenceRef, KeptDifference};
use zonebook_ledger::document::{DifferenceFiling, Document};
use zonebook_ledger::due;
use zonebook_ledger::error::Fault;
use zonebook_ledger::limits::DIFFERENCES_MAX;
use zonebook_ledger::movement::DocumentState;
use zonebook_ledger::outcome::Revision;
use zonebook_ledger::query::{self, FoundDifference, Moment};
use zonebook_ledger::reason::Reason;
use zonebook_ledger::refusal::Refusal;
use zonebook_ledger::state::{
    Books, Campaigns, DifferenceReports, Differences as DifferenceTable, Key, Read, Row,
    Tolerances as ToleranceTable, get,
};
use zonebook_ledger::time::{Date, UtcOffset};
use zonebook_reconcile::campaign;
use zonebook_reconcile::count::{CountedGoods, problems, reckon};
use zonebook_reconcile::difference::{Charge, differences};

/// `DifferenceService`.
pub struct Differences(pub Gateway);

/// A count whose differences are to be recorded.
struct Count {
    difference_no: DifferenceNo,
    part: u64,
    campaign_no: Option<CampaignNo>,
    counted: Vec<CountedGoods>,
    moment: Moment,
    charge: Charge,
}

/// A part of its report, ready to be filed; no filing where nothing is above the tolerance.
struct Computed {
    filing: Option<DifferenceFiling>,
    parts: u64,
    differences: u64,
    within: u64,
}

/// What is found, or why it cannot be.
type Answer<T> = Result<T, (Revision, Refusal)>;

fn count_of(request: &v1::RecordDifferencesRequest) -> Field<Count> {
    let campaign_no = match request.campaign_no.as_str() {
        "" => None,
        text => Some(CampaignNo::new(text).map_err(|error| FieldError::new("campaign_no", text, error))?),
    };
    let counted = reckoning::counted(&request.counted)?;
    let timed = request.as_of.as_ref().is_some_and(|as_of| as_of.moment.is_some());
    match (&campaign_no, counted.is_empty(), timed) {
        (Some(_), true, false) | (None, false, true) => {}
        (Some(_), ..) => {
            let rule = "none with a campaign, which says what was counted and when";
            return Err(FieldError::new("counted", counted.len(), rule));
        }
        (None, true, _) => {
            return Err(FieldError::new("counted", "none", "a campaign, or what was counted"));
        }
        // The same request must mean the same whenever it comes again.
        (None, false, false) => return Err(FieldError::new("as_of", "none", "when it was counted")),
    }
    if let Some(other) =
        counted.iter().find(|goods| Some(&goods.book_no) != counted.first().map(|it| &it.book_no))
    {
        return Err(FieldError::new("counted.book_no", &other.book_no, "one book in a report"));
    }
    Ok(Count {
        difference_no: difference::reference(&request.difference_no, 1)?.difference_no,
        part: request.part.max(1),
        campaign_no,
        counted,
        moment: value::moment(request.as_of.as_ref())?,
        charge: difference::charge(&request.owner, &request.due)?,
    })
}

/// What a count is of: the book, the goods and the revision.
type Found = (Arc<Book>, Vec<CountedGoods>, Revision);

/// What a count is of.
fn found_count(view: &dyn Read, count: &Count) -> Result<Answer<Found>, Fault> {
    let now = query::revision(view)?;
    let refuse = |refusal: Refusal| Ok(Err((now, refusal)));
    let (book_no, goods, revision) = match &count.campaign_no {
        Some(number) => {
            let Some(found) = get::<Campaigns>(view, number.clone())? else {
                return refuse(Refusal::new(Reason::DocumentUnknown).field("campaign_no", number));
            };
            if found.state != DocumentState::Closed {
                let refusal = Refusal::new(Reason::CampaignNotClosed).field("state", found.state);
                return refuse(refusal.expected(DocumentState::Closed).document(number));
            }
            (found.opening.book_no.clone(), campaign::goods(view, &found)?, found.cut_off)
        }
        None => {
            if let Some(problem) = problems(view, &count.counted)?.into_iter().next() {
                let line = u64::try_from(problem.row).unwrap_or(u64::MAX).saturating_add(1);
                return refuse(problem.refusal.line(line));
            }
            let Some(first) = count.counted.first() else {
                return refuse(Refusal::new(Reason::InvalidField).field("counted", 0));
            };
            let revision = query::revision_at(view, count.moment)?;
            (first.book_no.clone(), count.counted.clone(), revision)
        }
    };
    match get::<Books>(view, book_no.clone())? {
        Some(book) => Ok(Ok((book, goods, revision))),
        None => refuse(Refusal::new(Reason::BookUnknown).field("book_no", &book_no)),
    }
}

fn compute(view: &dyn Read, count: &Count) -> Result<Answer<Computed>, Fault> {
    let (book, goods, revision) = match found_count(view, count)? {
        Ok(found) => found,
        Err(refused) => return Ok(Err(refused)),
    };
    let rows = reckon(view, Moment::After(revision), &goods)?;
    let found = differences(view, &book, revision, &rows, &count.charge)?;
    let digest = query::event(view, revision)?.map(|event| event.digest);
    let all = found.lines.len();
    let parts = all.div_ceil(DIFFERENCES_MAX);
    let before = usize::try_from(count.part.saturating_sub(1)).unwrap_or(usize::MAX);
    let skipped = before.saturating_mul(DIFFERENCES_MAX);
    let lines: Vec<_> = found.lines.into_iter().skip(skipped).take(DIFFERENCES_MAX).collect();
    let filing = (all > 0).then(|| DifferenceFiling {
        difference_no: count.difference_no.clone(),
        part: count.part,
        book_no: book.book_no.clone(),
        owner: book.owner.clone(),
        revision,
        digest,
        campaign_no: count.campaign_no.clone(),
        tolerance: found.tolerance,
        lines,
    });
    let number = |count: usize| u64::try_from(count).unwrap_or(u64::MAX);
    Ok(Ok(Computed { filing, parts: number(parts), differences: number(all), within: found.within }))
}

/// A difference on the wire, with its report and the day that runs.
fn shown(view: &dyn Read, (key, row): &FoundDifference) -> Result<v1::Difference, Fault> {
    let report = get::<DifferenceReports>(view, key.difference_no.clone())?
        .ok_or_else(|| Fault(format!("difference {key} has no report")))?;
    Ok(difference::difference(key, row, &report, due_of(view, key, row)?))
}

fn due_of(view: &dyn Read, key: &DifferenceRef, row: &Arc<KeptDifference>) -> Result<Option<Date>, Fault> {
    let offset = query::head(view)?.map_or(UtcOffset::CHINA, |head| head.utc_offset);
    let running =
        due::running(view, &Key::Difference(key.clone()), &Row::Difference(Arc::clone(row)), offset)?;
    let Some(running) = running.first() else { return Ok(None) };
    running.due(|parameter, day| query::parameter_on(view, parameter, day).map(due::whole))
}

#[tonic::async_trait]
impl DifferenceService for Differences {
    async fn record_differences(
        &self,
        request: Request<v1::RecordDifferencesRequest>,
    ) -> Result<Response<v1::RecordDifferencesResponse>, Status> {
        let request = request.into_inner();
        let count = count_of(&request).map_err(|error| status::invalid(&error))?;
        let found = self.0.read(None, move |view| Ok((query::revision(view)?, compute(view, &count)?)));
        let (seen, computed) = found.await?;
        let computed =
            computed.map_err(|(revision, refusal)| status::refused(&(&refusal).into(), revision))?;
        let Computed { filing: ready, parts, differences, within } = computed;
        let (revision, outcome) = match ready {
            None => (seen.0, None),
            Some(ready) => {
                let command = Ok(filing(Document::Differences(ready)));
                self.0.command(&request.request_id, request.validate_only, command).await?
            }
        };
        Ok(Response::new(v1::RecordDifferencesResponse {
            revision,
            outcome,
            parts,
            differences,
            within_tolerance: within,
        }))
    }

    async fn assign_difference(
        &self,
        request: Request<v1::AssignDifferenceRequest>,
    ) -> Result<Response<v1::AssignDifferenceResponse>, Status> {
        let request = request.get_ref();
        let command = difference::assignment(request).map(|order| Command::OrderDifference(Box::new(order)));
        answer!(AssignDifferenceResponse, self.0.command(&request.request_id, request.validate_only, command))
    }

    async fn decide_difference(
        &self,
        request: Request<v1::DecideDifferenceRequest>,
    ) -> Result<Response<v1::DecideDifferenceResponse>, Status> {
        let request = request.get_ref();
        let command = difference::decided(request).map(|order| Command::OrderDifference(Box::new(order)));
        answer!(DecideDifferenceResponse, self.0.command(&request.request_id, request.validate_only, command))
    }

    async fn get_difference(
        &self,
        request: Request<v1::GetDifferenceRequest>,
    ) -> Result<Response<v1::GetDifferenceResponse>, Status> {
        let request = request.into_inner();
        let key = difference::reference(&request.difference_no, request.line)
            .map_err(|error| status::invalid(&error))?;
        let name = key.to_string();
        let found = self.0.read(request.consistency.as_ref(), move |view| {
            let found = get::<DifferenceTable>(view, key.clone())?;
            let found = found.map(|row| shown(view, &(key, row))).transpose()?;
            Ok((query::revision(view)?, found))
        });
        let (revision, found) = found.await?;
        let found = found.ok_or_else(|| status::not_found("difference", &name))?;
        Ok(Response::new(v1::GetDifferenceResponse { revision: revision.0, difference: Some(found) }))
    }

    async fn list_differences(
        &self,
        request: Request<v1::ListDifferencesRequest>,
    ) -> Result<Response<v1::ListDifferencesResponse>, Status> {
        let request = request.into_inner();
        let (rows, after) =
            (page::rows(request.page_size), page::after::<DifferenceRef>(&request.page_token)?);
        let filter = difference::filter(&request).map_err(|error| status::invalid(&error))?;
        let found = self.0.read(request.consistency.as_ref(), move |view| {
            let found = query::differences(view, &filter, after.as_ref(), rows)?;
            let last = found.last().map(|(key, _)| key.clone());
            let shown = found.iter().map(|found| shown(view, found)).collect::<Result<Vec<_>, _>>()?;
            Ok((query::revision(view)?, shown, last))
        });
        let (revision, differences, last) = found.await?;
        let next_page_token = page::next(differences.len(), rows, last);
        Ok(Response::new(v1::ListDifferencesResponse { revision: revision.0, differences, next_page_token }))
    }

    async fn set_tolerance(
        &self,
        request: Request<v1::SetToleranceRequest>,
    ) -> Result<Response<v1::SetToleranceResponse>, Status> {
        let request = request.get_ref();
        let command = difference::tolerance_order(request).map(Command::SetTolerance);
        answer!(SetToleranceResponse, self.0.command(&request.request_id, request.validate_only, command))
    }

    async fn get_tolerances(
        &self,
        request: Request<v1::GetTolerancesRequest>,
    ) -> Result<Response<v1::GetTolerancesResponse>, Status> {
        let request = request.into_inner();
        let office = number("office", &request.office, OfficeCode::new)?;
        let found = self.0.read(request.consistency.as_ref(), move |view| {
            Ok((query::revision(view)?, get::<ToleranceTable>(view, office)?.unwrap_or_default()))
        });
        let (revision, found) = found.await?;
        let dated = |(from, tolerance): (&Date, &_)| v1::DatedTolerance {
            from: from.to_string(),
            tolerance: Some(difference::tolerance(tolerance)),
        };
        let tolerances = found.iter().map(dated).collect();
        Ok(Response::new(v1::GetTolerancesResponse { revision: revision.0, tolerances }))
    }
}
