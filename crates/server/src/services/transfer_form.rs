//! Transfer forms.

use super::book::answer;
use super::number;
use crate::gateway::{Gateway, filing};
use crate::page;
use std::sync::Arc;
use tonic::{Request, Response, Status};
use zonebook_api::v1::transfer_form_service_server::TransferFormService;
use zonebook_api::{status, transfer_form, v1};
use zonebook_ledger::code::{BookNo, TransferFormNo};
use zonebook_ledger::document::Document;
use zonebook_ledger::error::Fault;
use zonebook_ledger::limits::LISTS_OF_FORM_MAX;
use zonebook_ledger::query;
use zonebook_ledger::state::{Read, TransferForms as TransferFormTable, TransferFormsOf, get};
use zonebook_ledger::transfer_form::{TransferForm, lists, standing};

/// `TransferFormService`.
pub struct TransferForms(pub Gateway);

type Forms = Vec<Arc<TransferForm>>;

/// In order of number, from behind `after` on.
fn by_number(view: &dyn Read, after: Option<TransferFormNo>, rows: usize) -> Result<Forms, Fault> {
    let ends = (TransferFormNo::lowest(), TransferFormNo::highest());
    let found = query::behind::<TransferFormTable>(view, after, ends, rows)?;
    Ok(found.into_iter().map(|(_, form)| form).collect())
}

/// Those that name a book, likewise.
fn of_book(
    view: &dyn Read,
    book_no: &BookNo,
    after: Option<TransferFormNo>,
    rows: usize,
) -> Result<Forms, Fault> {
    let key = |number| (book_no.clone(), number);
    let ends = (key(TransferFormNo::lowest()), key(TransferFormNo::highest()));
    let numbers = query::behind::<TransferFormsOf>(view, after.map(key), ends, rows)?;
    let mut found = Vec::with_capacity(numbers.len());
    for ((_, number), ()) in numbers {
        found.extend(get::<TransferFormTable>(view, number)?);
    }
    Ok(found)
}

#[tonic::async_trait]
impl TransferFormService for TransferForms {
    async fn file_transfer_form(
        &self,
        request: Request<v1::FileTransferFormRequest>,
    ) -> Result<Response<v1::FileTransferFormResponse>, Status> {
        let request = request.get_ref();
        let command = transfer_form::filing(request).map(|form| filing(Document::TransferForm(form)));
        answer!(FileTransferFormResponse, self.0.command(&request.request_id, request.validate_only, command))
    }

    async fn change_transfer_form(
        &self,
        request: Request<v1::ChangeTransferFormRequest>,
    ) -> Result<Response<v1::ChangeTransferFormResponse>, Status> {
        let request = request.get_ref();
        let command = transfer_form::change(request).map(|form| filing(Document::TransferForm(form)));
        answer!(
            ChangeTransferFormResponse,
            self.0.command(&request.request_id, request.validate_only, command)
        )
    }

    async fn close_transfer_form(
        &self,
        request: Request<v1::CloseTransferFormRequest>,
    ) -> Result<Response<v1::CloseTransferFormResponse>, Status> {
        let request = request.get_ref();
        let command = transfer_form::closing(request).map(|form| filing(Document::TransferForm(form)));
        answer!(
            CloseTransferFormResponse,
            self.0.command(&request.request_id, request.validate_only, command)
        )
    }

    async fn get_transfer_form(
        &self,
        request: Request<v1::GetTransferFormRequest>,
    ) -> Result<Response<v1::GetTransferFormResponse>, Status> {
        let request = request.into_inner();
        let form_no = number("form_no", &request.form_no, TransferFormNo::new)?;
        let found = self.0.read(request.consistency.as_ref(), move |view| {
            let form = get::<TransferFormTable>(view, form_no.clone())?;
            let found = match form {
                Some(form) => {
                    let lists = lists(view, &form_no, LISTS_OF_FORM_MAX)?;
                    let lines = standing(view, &form, &lists)?;
                    let numbers: Vec<_> = lists.into_iter().map(|(list_no, _)| list_no).collect();
                    Some(transfer_form::status(&form, &lines, &numbers))
                }
                None => None,
            };
            Ok((query::revision(view)?, found))
        });
        let (revision, found) = found.await?;
        let form = found.ok_or_else(|| status::not_found("transfer form", &request.form_no))?;
        Ok(Response::new(v1::GetTransferFormResponse { revision: revision.0, form: Some(form) }))
    }

    async fn list_transfer_forms(
        &self,
        request: Request<v1::ListTransferFormsRequest>,
    ) -> Result<Response<v1::ListTransferFormsResponse>, Status> {
        let request = request.into_inner();
        let rows = page::rows(request.page_size);
        let after = page::after::<TransferFormNo>(&request.page_token)?;
        let book_no = match request.book_no.as_str() {
            "" => None,
            text => Some(number("book_no", text, BookNo::new)?),
        };
        let found = self.0.read(request.consistency.as_ref(), move |view| {
            let found = match &book_no {
                None => by_number(view, after, rows)?,
                Some(book_no) => of_book(view, book_no, after, rows)?,
            };
            Ok((query::revision(view)?, found))
        });
        let (revision, found) = found.await?;
        let last = found.last().map(|form| form.content.form_no.clone());
        let next_page_token = page::next(found.len(), rows, last);
        let forms = found.iter().map(|form| transfer_form::status(form, &[], &[])).collect();
        Ok(Response::new(v1::ListTransferFormsResponse { revision: revision.0, forms, next_page_token }))
    }
}
