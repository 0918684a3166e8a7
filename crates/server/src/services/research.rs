//! Research and development: use by project.

use super::book::book_no;
use super::number;
use crate::gateway::Gateway;
use crate::page;
use tonic::{Request, Response, Status};
use zonebook_api::settlement::Period;
use zonebook_api::v1::research_service_server::ResearchService;
use zonebook_api::{settlement, status, v1};
use zonebook_ledger::code::ProjectCode;
use zonebook_ledger::direction::Mark;
use zonebook_ledger::error::Fault;
use zonebook_ledger::outcome::Revision;
use zonebook_ledger::production::{self, ProjectTotal};
use zonebook_ledger::query::{self, Moment};
use zonebook_ledger::state::Read;
use zonebook_ledger::time::Instant;

/// `ResearchService`.
pub struct Research(pub Gateway);

fn period(wire: Option<&v1::ResearchPeriod>) -> Result<Period, Status> {
    settlement::period(wire).map_err(|error| status::invalid(&error))
}

/// The revisions of a period: the first after its beginning, and the last before its end.
fn revisions(view: &dyn Read, (from, until): Period) -> Result<(Revision, Revision), Fault> {
    let before = |time: Instant| query::revision_at(view, Moment::Before(time));
    let first = from.map(before).transpose()?.map_or(0, |revision| revision.0.saturating_add(1));
    let last = until.map(before).transpose()?.unwrap_or(Revision(u64::MAX));
    Ok((Revision(first), last))
}

fn project(text: &str) -> Result<Option<ProjectCode>, Status> {
    if text.is_empty() { Ok(None) } else { number("project", text, ProjectCode::new).map(Some) }
}

/// The place of a total among all: project, mark and item.
type Place = (ProjectCode, Mark, u64);

fn place(total: &ProjectTotal) -> Place {
    (total.project.clone(), total.mark, total.number)
}

#[tonic::async_trait]
impl ResearchService for Research {
    async fn list_research_uses(
        &self,
        request: Request<v1::ListResearchUsesRequest>,
    ) -> Result<Response<v1::ListResearchUsesResponse>, Status> {
        let request = request.into_inner();
        let (book, project) = (book_no(&request.book_no)?, project(&request.project)?);
        let period = period(request.period.as_ref())?;
        let after = page::after::<(ProjectCode, Revision)>(&request.page_token)?;
        let rows = page::rows(request.page_size);
        let found = self.0.read(request.consistency.as_ref(), move |view| {
            let between = revisions(view, period)?;
            let uses =
                production::project_uses(view, &book, project.as_ref(), between, after.as_ref(), rows)?;
            Ok((query::revision(view)?, uses))
        });
        let (revision, found) = found.await?;
        let last = found.last().map(|found| (found.project.clone(), found.revision));
        let next_page_token = page::next(found.len(), rows, last);
        let uses = found.iter().map(settlement::research_use).collect();
        Ok(Response::new(v1::ListResearchUsesResponse { revision: revision.0, uses, next_page_token }))
    }

    async fn list_project_totals(
        &self,
        request: Request<v1::ListProjectTotalsRequest>,
    ) -> Result<Response<v1::ListProjectTotalsResponse>, Status> {
        let request = request.into_inner();
        let (book, project) = (book_no(&request.book_no)?, project(&request.project)?);
        let period = period(request.period.as_ref())?;
        let (rows, after) = (page::rows(request.page_size), page::after::<Place>(&request.page_token)?);
        let found = self.0.read(request.consistency.as_ref(), move |view| {
            let between = revisions(view, period)?;
            let totals = production::project_totals(view, &book, project.as_ref(), between)?;
            let behind = |total: &ProjectTotal| after.as_ref().is_none_or(|after| place(total) > *after);
            let totals: Vec<_> = totals.into_iter().filter(behind).take(rows).collect();
            Ok((query::revision(view)?, totals))
        });
        let (revision, found) = found.await?;
        let next_page_token = page::next(found.len(), rows, found.last().map(place));
        let totals = found.iter().map(settlement::project_total).collect();
        Ok(Response::new(v1::ListProjectTotalsResponse { revision: revision.0, totals, next_page_token }))
    }
}
