//! Count campaigns: what is asked of them. Whoever counts blindly is not told what to find.

use super::number;
use crate::gateway::Gateway;
use crate::page;
use tonic::Status;
use zonebook_api::{count, reckoning, status, v1, value};
use zonebook_ledger::campaign::{Campaign, CountKey};
use zonebook_ledger::code::{BookNo, CampaignNo};
use zonebook_ledger::direction::Mark;
use zonebook_ledger::document::{CampaignClosing, CountPlace};
use zonebook_ledger::error::Fault;
use zonebook_ledger::item::ItemKey;
use zonebook_ledger::outcome::Revision;
use zonebook_ledger::permission::{self, Principal};
use zonebook_ledger::query::{self, Moment};
use zonebook_ledger::state::{Assignments, Campaigns, Items, Read, get};
use zonebook_reconcile::campaign::{self, Coverage, Subject};
use zonebook_reconcile::count::{CountedGoods, Problem, Versions, reckon, reckon_converted};
use zonebook_reconcile::recount::Verdict;

/// Whether figures of a campaign are shown to whoever asks.
enum Sight {
    Open,
    Hidden,
    Denied,
}

fn sight(view: &dyn Read, campaign: &Campaign, reveal: bool) -> Result<Sight, Fault> {
    if !campaign.hides_figures() {
        return Ok(Sight::Open);
    }
    if !reveal {
        return Ok(Sight::Hidden);
    }
    // Until certificates tell who calls, everybody is the loopback principal (`design.md` 9).
    let roles = get::<Assignments>(view, Principal::loopback())?.unwrap_or_default();
    let sees = roles.iter().any(|role| permission::SEES_BLIND_COUNTS.contains(role));
    Ok(if sees { Sight::Open } else { Sight::Denied })
}

fn denied() -> Status {
    Status::permission_denied("figures of a blind count are for customs alone while it is open")
}

pub async fn get_campaign(
    gateway: &Gateway,
    request: v1::GetCampaignRequest,
) -> Result<v1::GetCampaignResponse, Status> {
    let wanted = number("campaign_no", &request.campaign_no, CampaignNo::new)?;
    let found = gateway.read(request.consistency.as_ref(), move |view| {
        let Some(found) = get::<Campaigns>(view, wanted)? else { return Ok(None) };
        let coverage = campaign::coverage(view, &found)?;
        Ok(Some((query::revision(view)?, found, coverage)))
    });
    let (revision, found, coverage) =
        found.await?.ok_or_else(|| status::not_found("campaign", &request.campaign_no))?;
    Ok(v1::GetCampaignResponse {
        revision: revision.0,
        campaign: Some(count::status(&found)),
        coverage: Some(covered(&coverage)),
    })
}

/// How far a campaign has come, as it says itself when it is closed.
pub async fn closing(gateway: &Gateway, campaign_no: &str) -> Result<CampaignClosing, Status> {
    let wanted = number("campaign_no", campaign_no, CampaignNo::new)?;
    let found = gateway.read(None, move |view| {
        let Some(found) = get::<Campaigns>(view, wanted)? else { return Ok(None) };
        if let Some(closing) = found.closing {
            // The same request once more says the same.
            return Ok(Some(closing));
        }
        let coverage = campaign::coverage(view, &found)?;
        let open_items = coverage.items.saturating_sub(coverage.agreed);
        Ok(Some(CampaignClosing { sheets: found.sheets, open_items }))
    });
    found.await?.ok_or_else(|| status::not_found("campaign", campaign_no))
}

/// The digest of the ledger that rows rest on, and the rows; or what cannot be reckoned.
type Reckoned = Result<(String, Vec<v1::Reckoning>), Problem>;

/// Counted goods beside their books as they were after a revision; with versions, products as the materials that they hold.
pub fn reckoned(
    view: &dyn Read,
    revision: Revision,
    counted: &[CountedGoods],
    versions: Option<&Versions>,
) -> Result<Reckoned, Fault> {
    let digest = query::event(view, revision)?.map(|event| value::digits(&event.digest));
    let moment = Moment::After(revision);
    let rows = match versions {
        None => reckon(view, moment, counted)?,
        Some(versions) => match reckon_converted(view, moment, counted, versions)? {
            Ok(rows) => rows,
            Err(problem) => return Ok(Err(problem)),
        },
    };
    let rows: Result<Vec<_>, Fault> = rows.iter().map(reckoning::reckoning).collect();
    Ok(Ok((digest.unwrap_or_default(), rows?)))
}

/// The status of what cannot be reckoned.
pub fn problem(problem: Problem, revision: Revision) -> Status {
    let line = u64::try_from(problem.row).unwrap_or(u64::MAX).saturating_add(1);
    status::refused(&(&problem.refusal.line(line)).into(), revision)
}

/// What a campaign agreed on beside its book as it was at the cut-off.
pub async fn reconcile_campaign(
    gateway: &Gateway,
    request: v1::ReconcileRequest,
    versions: Option<Versions>,
) -> Result<v1::ReconcileResponse, Status> {
    let wanted = number("campaign_no", &request.campaign_no, CampaignNo::new)?;
    let found = gateway.read(request.consistency.as_ref(), move |view| {
        let Some(found) = get::<Campaigns>(view, wanted)? else { return Ok(None) };
        if !matches!(sight(view, &found, false)?, Sight::Open) {
            return Ok(Some(Err(denied())));
        }
        let goods = campaign::goods(view, &found)?;
        Ok(Some(Ok((found.cut_off, reckoned(view, found.cut_off, &goods, versions.as_ref())?))))
    });
    let found = found.await?.ok_or_else(|| status::not_found("campaign", &request.campaign_no))?;
    let (revision, reckoned) = found?;
    let (digest, reckonings) = reckoned.map_err(|why| problem(why, revision))?;
    Ok(v1::ReconcileResponse { revision: revision.0, digest, reckonings })
}

fn covered(coverage: &Coverage) -> v1::CountCoverage {
    v1::CountCoverage {
        items: coverage.items,
        counted: coverage.counted,
        agreed: coverage.agreed,
        to_recount: coverage.to_recount,
        progress_percent: coverage.progress_percent(),
    }
}

pub async fn list_campaigns(
    gateway: &Gateway,
    request: v1::ListCampaignsRequest,
) -> Result<v1::ListCampaignsResponse, Status> {
    let (rows, after) = (page::rows(request.page_size), page::after::<CampaignNo>(&request.page_token)?);
    let book_no = match request.book_no.as_str() {
        "" => None,
        book_no => Some(number("book_no", book_no, BookNo::new)?),
    };
    let found = gateway.read(request.consistency.as_ref(), move |view| {
        let campaigns = query::campaigns(view, book_no.as_ref(), after.as_ref(), rows)?;
        Ok((query::revision(view)?, campaigns))
    });
    let (revision, campaigns) = found.await?;
    let last = campaigns.last().map(|last| last.campaign_no.clone());
    Ok(v1::ListCampaignsResponse {
        revision: revision.0,
        next_page_token: page::next(campaigns.len(), rows, last),
        campaigns: campaigns.iter().map(|row| count::status(row)).collect(),
    })
}

pub async fn list_counts(
    gateway: &Gateway,
    request: v1::ListCountsRequest,
) -> Result<v1::ListCountsResponse, Status> {
    let wanted = number("campaign_no", &request.campaign_no, CampaignNo::new)?;
    let (rows, after) = (page::rows(request.page_size), page::after::<CountKey>(&request.page_token)?);
    let reveal = request.reveal;
    if after.as_ref().is_some_and(|after| after.campaign_no != wanted) {
        return Err(status::not_found("page of this campaign", &request.page_token));
    }
    let found = gateway.read(request.consistency.as_ref(), move |view| {
        let Some(found) = get::<Campaigns>(view, wanted.clone())? else { return Ok(None) };
        let sight = sight(view, &found, reveal)?;
        let range = (
            CountKey::lowest(wanted.clone(), Mark::Goods, 0),
            CountKey::highest(wanted, Mark::Residue, u64::MAX),
        );
        let counts = query::counts(view, range, after.as_ref(), rows)?;
        let last = counts.last().map(|(key, _)| key.clone());
        let next = page::next(counts.len(), rows, last);
        let mut wire = Vec::with_capacity(counts.len());
        for (key, counted) in counts {
            let item = ItemKey { book_no: found.opening.book_no.clone(), mark: key.mark, number: key.number };
            let item = get::<Items>(view, item)?;
            let unit = item.as_ref().map(|item| &item.units.declared);
            wire.push(count::count(&key, &counted, unit, !matches!(sight, Sight::Open)));
        }
        Ok(Some((query::revision(view)?, sight, wire, next)))
    });
    let (revision, sight, counts, next_page_token) =
        found.await?.ok_or_else(|| status::not_found("campaign", &request.campaign_no))?;
    if matches!(sight, Sight::Denied) {
        return Err(denied());
    }
    let hidden = matches!(sight, Sight::Hidden);
    Ok(v1::ListCountsResponse { revision: revision.0, counts, hidden, next_page_token })
}

pub async fn list_count_sheet(
    gateway: &Gateway,
    request: v1::ListCountSheetRequest,
) -> Result<v1::ListCountSheetResponse, Status> {
    let wanted = number("campaign_no", &request.campaign_no, CampaignNo::new)?;
    let (items, after) = (page::rows(request.page_size), page::after::<(Mark, u64)>(&request.page_token)?);
    let reveal = request.reveal;
    let found = gateway.read(request.consistency.as_ref(), move |view| {
        let Some(found) = get::<Campaigns>(view, wanted)? else { return Ok(None) };
        let sight = sight(view, &found, reveal)?;
        let (subjects, next) = campaign::subjects(view, &found, after, items)?;
        Ok(Some((query::revision(view)?, sight, subjects, next)))
    });
    let (revision, sight, subjects, next) =
        found.await?.ok_or_else(|| status::not_found("campaign", &request.campaign_no))?;
    if matches!(sight, Sight::Denied) {
        return Err(denied());
    }
    let hidden = matches!(sight, Sight::Hidden);
    let open = |subject: &&Subject| !request.open_only || subject.judgement.verdict != Verdict::Agreed;
    Ok(v1::ListCountSheetResponse {
        revision: revision.0,
        subjects: subjects.iter().filter(open).map(|found| subject(found, hidden)).collect(),
        hidden,
        next_page_token: next.map(|next| page::next(1, 1, Some(next))).unwrap_or_default(),
    })
}

fn subject(subject: &Subject, hidden: bool) -> v1::CountSubject {
    let figure = |text: Option<String>| text.filter(|_| !hidden).unwrap_or_default();
    let cause = match subject.judgement.verdict {
        Verdict::Recount(cause) => cause.code(),
        _ => "",
    };
    v1::CountSubject {
        mark: subject.item.mark.to_string(),
        number: subject.item.number,
        serial: subject.serial.as_ref().map(ToString::to_string).unwrap_or_default(),
        part_no: subject.filed.part_no.to_string(),
        name: subject.filed.name.to_string(),
        unit: subject.filed.units.declared.to_string(),
        place: CountPlace::of(subject.place).to_string(),
        verdict: subject.judgement.verdict.code().into(),
        cause: cause.into(),
        round: subject.judgement.round,
        book: figure(Some(subject.book.to_string())),
        counted: figure(subject.judgement.counted().map(|counted| counted.to_string())),
    }
}
