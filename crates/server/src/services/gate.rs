//! The gate.

use super::book::answer;
use super::number;
use crate::gateway::{Gateway, filing, proposal};
use std::time::Duration;
use tonic::{Request, Response, Status};
use zonebook_api::field::{Field, FieldError};
use zonebook_api::v1::gate_service_server::GateService;
use zonebook_api::v1::get_passage_advice_request::By;
use zonebook_api::{document, status, v1, value};
use zonebook_ledger::code::PassNo;
use zonebook_ledger::command::Proposal;
use zonebook_ledger::document::Document;
use zonebook_ledger::outcome::Revision;
use zonebook_ledger::passage::{self, PassageAdvice};
use zonebook_ledger::query;
use zonebook_ledger::state::{Passes, get};

/// `GateService`.
pub struct Gate(pub Gateway);

/// Reports in one batch, at most.
const BATCH_MAX: usize = 10_000;
/// Passes of one vehicle that are looked at, at most.
const PASSES_MAX: usize = 100;
/// How long a vehicle at the barrier waits for the leader.
const CONFIRMATION_WAIT: Duration = Duration::from_millis(60);

fn reports(reports: &[v1::ReportPassageRequest]) -> Field<Vec<Proposal>> {
    if reports.len() > BATCH_MAX {
        return Err(FieldError::new("reports", reports.len(), format!("at most {BATCH_MAX}")));
    }
    let numbered = reports.iter().enumerate();
    numbered
        .map(|(index, report)| {
            let read = document::passage(report)
                .and_then(|passage| proposal(&report.request_id, filing(Document::Passage(passage))));
            read.map_err(|error| error.within(&format!("reports[{index}]")))
        })
        .collect()
}

/// Whom a question is about.
#[derive(Clone)]
enum Subject {
    Pass(PassNo),
    Vehicle(String),
}

fn subject(by: Option<v1::get_passage_advice_request::By>) -> Result<Subject, Status> {
    match by {
        Some(By::PassNo(text)) => number("pass_no", &text, PassNo::new).map(Subject::Pass),
        Some(By::VehicleNo(text)) if !text.is_empty() => Ok(Subject::Vehicle(text)),
        _ => Err(status::invalid(&FieldError::new("by", "", "pass_no or vehicle_no"))),
    }
}

type Advised = (Revision, Vec<PassageAdvice>);

fn with_staleness(stale: bool) -> impl Fn(Advised) -> (Revision, Vec<PassageAdvice>, bool) {
    move |(revision, advised)| (revision, advised, stale)
}

impl Gate {
    async fn advise(
        &self,
        consistency: Option<v1::Consistency>,
        subject: Subject,
    ) -> Result<Advised, Status> {
        let advised = self.0.read(consistency.as_ref(), move |view| {
            let advised = match subject {
                Subject::Pass(pass_no) => passage::advise(view, &pass_no)?.into_iter().collect(),
                Subject::Vehicle(vehicle_no) => passage::advise_vehicle(view, &vehicle_no, PASSES_MAX)?,
            };
            Ok((query::revision(view)?, advised))
        });
        advised.await
    }

    /// A barrier does not wait for an election: without the leader's word in time, what this node knows counts.
    async fn advise_at_once(&self, subject: Subject) -> Result<(Revision, Vec<PassageAdvice>, bool), Status> {
        let confirmed = tokio::time::timeout(CONFIRMATION_WAIT, self.advise(None, subject.clone())).await;
        if let Ok(Ok(advised)) = confirmed {
            return Ok(with_staleness(false)(advised));
        }
        let stale = v1::Consistency { kind: Some(v1::consistency::Kind::Stale(true)) };
        self.advise(Some(stale), subject).await.map(with_staleness(true))
    }
}

#[tonic::async_trait]
impl GateService for Gate {
    async fn file_pass(
        &self,
        request: Request<v1::FilePassRequest>,
    ) -> Result<Response<v1::FilePassResponse>, Status> {
        let request = request.get_ref();
        let command = document::pass(request.pass.as_ref()).map(|pass| filing(Document::Pass(pass)));
        answer!(FilePassResponse, self.0.command(&request.request_id, request.validate_only, command))
    }

    async fn void_pass(
        &self,
        request: Request<v1::VoidPassRequest>,
    ) -> Result<Response<v1::VoidPassResponse>, Status> {
        let request = request.get_ref();
        let command = document::pass_void(request).map(|void| filing(Document::PassVoid(void)));
        answer!(VoidPassResponse, self.0.command(&request.request_id, request.validate_only, command))
    }

    async fn report_passage(
        &self,
        request: Request<v1::ReportPassageRequest>,
    ) -> Result<Response<v1::ReportPassageResponse>, Status> {
        let request = request.get_ref();
        let command = document::passage(request).map(|report| filing(Document::Passage(report)));
        answer!(ReportPassageResponse, self.0.command(&request.request_id, request.validate_only, command))
    }

    async fn batch_report_passages(
        &self,
        request: Request<v1::BatchReportPassagesRequest>,
    ) -> Result<Response<v1::BatchReportPassagesResponse>, Status> {
        let request = request.get_ref();
        let proposals = reports(&request.reports).map_err(|error| status::invalid(&error))?;
        let (revision, outcomes) = self.0.commands(proposals, request.validate_only).await?;
        Ok(Response::new(v1::BatchReportPassagesResponse { revision, outcomes }))
    }

    async fn get_passage_advice(
        &self,
        request: Request<v1::GetPassageAdviceRequest>,
    ) -> Result<Response<v1::GetPassageAdviceResponse>, Status> {
        let request = request.into_inner();
        let subject = subject(request.by)?;
        let (revision, advised, stale) = match request.consistency {
            Some(consistency) => self.advise(Some(consistency), subject).await.map(with_staleness(false))?,
            None => self.advise_at_once(subject).await?,
        };
        let passes: Vec<_> = advised.iter().map(value::passage_advice).collect();
        let may_pass = passes.iter().any(|advice| advice.may_pass);
        Ok(Response::new(v1::GetPassageAdviceResponse { revision: revision.0, may_pass, passes, stale }))
    }

    async fn get_pass(
        &self,
        request: Request<v1::GetPassRequest>,
    ) -> Result<Response<v1::GetPassResponse>, Status> {
        let request = request.into_inner();
        let number = number("pass_no", &request.pass_no, PassNo::new)?;
        let found = self.0.read(request.consistency.as_ref(), move |view| {
            Ok((query::revision(view)?, get::<Passes>(view, number)?))
        });
        let (revision, pass) = found.await?;
        let pass = pass.ok_or_else(|| status::not_found("pass", &request.pass_no))?;
        Ok(Response::new(value::pass(&request.pass_no, &pass, revision)))
    }
}
