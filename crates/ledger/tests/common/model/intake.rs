//! Commands, and the intake of messages (`RULES.md` 2.4 to 2.6, `design.md` 2.5).

use super::permits::today;
use super::{Model, Now, Row, Shelf, Shown, Verdict, keyed};
use zonebook_ledger::behaviour::{BEHAVIOUR_FIRST, BEHAVIOUR_MAX};
use zonebook_ledger::command::{Command, Genesis, Proposal, StopOrder, StopTarget};
use zonebook_ledger::document::{Document, ListFiling, ParcelFiling, SaleAction, WorkOrderStep};
use zonebook_ledger::message::{Content, Message};
use zonebook_ledger::movement::DocumentState;
use zonebook_ledger::parameter::{Parameter, ParameterValue};
use zonebook_ledger::reason::Reason;

/// What was done; or why not, with the state of the document that has the number of the refused one.
type Done = Result<(Verdict, Shown), (Reason, Option<DocumentState>)>;

impl Model {
    /// The rules of each command.
    pub(super) fn carry_out(&mut self, Proposal { command, principal, .. }: &Proposal, now: Now) -> Done {
        let plain = |result: Result<Shown, Reason>| match result {
            Ok(shown) => Ok((Verdict::Accepted, shown)),
            Err(reason) => Err((reason, None)),
        };
        match command {
            Command::Initialise(genesis) => plain(self.found(genesis, BEHAVIOUR_FIRST)),
            Command::Found(founding) => plain(self.found(&founding.genesis, founding.behaviour)),
            Command::DefineZone(zone) => plain(self.shelf.define_zone(zone)),
            Command::ConvertZone(wanted) => plain(self.shelf.convert_zone(wanted, now)),
            Command::OrderBook(order) => plain(self.shelf.order_book(order)),
            Command::DefineParty(_) => plain(Ok(Shown::default())),
            Command::File(document) => self.file(document, now),
            Command::Receive(message) => self.receive(message, now),
            Command::OrderDisposal(order) => {
                let known = self.shelf.disposal(order.disposal_no.as_str()).map(|copy| copy.state);
                let done = self.whole(now, |shelf| shelf.order_disposal(principal, order, now));
                done.map(|shown| (Verdict::Accepted, shown)).map_err(|reason| (reason, known))
            }
            Command::DecideAdjustment(order) => {
                let known = self.shelf.adjustment(order.adjustment_no.as_str()).map(|copy| copy.state);
                let done = self.whole(now, |shelf| shelf.decide_adjustment(order, now));
                done.map(|shown| (Verdict::Accepted, shown)).map_err(|reason| (reason, known))
            }
            Command::DecideTally(order) => {
                let known = self.shelf.tally_state(&order.tally_no);
                let done = self.whole(now, |shelf| shelf.decide_tally(order, now));
                done.map(|shown| (Verdict::Accepted, shown)).map_err(|reason| (reason, known))
            }
            Command::OrderDifference(order) => {
                let key = (order.difference_no.to_string(), order.line);
                let known = self.shelf.difference(&key).map(|copy| copy.shown());
                let done = self.whole(now, |shelf| shelf.order_difference(principal, order, now));
                done.map(|shown| (Verdict::Accepted, shown)).map_err(|reason| (reason, known))
            }
            Command::SetTolerance(order) => plain(self.shelf.set_tolerance(order)),
            Command::OrderBom(order) => plain(self.shelf.order_bom(order)),
            Command::OwnGroup(order) => plain(self.shelf.register_own_group(order)),
            Command::DirectExit(order) => plain(self.whole(now, |shelf| shelf.order_direct_exit(order, now))),
            Command::AllowOverdraft(order) => {
                let known = self.shelf.list(order.list_no.as_str()).map(|list| list.state);
                let done = self.shelf.allow_overdraft(order, now);
                done.map(|shown| (Verdict::Accepted, shown)).map_err(|reason| (reason, known))
            }
            Command::SetParameter(wanted) => plain(self.set_parameter(wanted, now)),
            Command::ImportReference(import) => plain(self.import_reference(import)),
            Command::SetCalendar(order) => plain(self.set_calendar(order)),
            Command::RecordOverdue => plain(self.record_overdue(now)),
            Command::AcknowledgeReceipts(wanted) => plain(self.acknowledge(wanted)),
            Command::Guarantee(order) => plain(self.whole(now, |shelf| shelf.order_guarantee(order, now))),
            Command::Licence(order) => plain(self.whole(now, |shelf| shelf.order_licence(order, now))),
            Command::SetCreditLevel(order) => plain(self.shelf.set_level(order)),
            Command::SetStops(order) => plain(self.set_stops(order)),
            Command::SetLotMethod(order) => plain(self.whole(now, |shelf| shelf.set_lot_method(order, now))),
            Command::ReturnList(order) => {
                let known = self.shelf.list(order.list_no.as_str()).map(|list| list.state);
                let sent_back = self.whole(now, |shelf| shelf.give_back(&order.list_no, None, now));
                sent_back.map(|shown| (Verdict::Accepted, shown)).map_err(|reason| (reason, known))
            }
            Command::OrderList(order) => {
                let known = self.shelf.list(order.list_no.as_str()).map(|list| list.state);
                let ordered = self.whole(now, |shelf| shelf.order_list(order, now));
                ordered.map(|shown| (Verdict::Accepted, shown)).map_err(|reason| (reason, known))
            }
            Command::OrderDocument(order) => {
                let known = self.shelf.held_state(order.kind, order.number.as_str());
                let ordered = self.whole(now, |shelf| shelf.order_document(order, now));
                ordered.map(|shown| (Verdict::Accepted, shown)).map_err(|reason| (reason, known))
            }
            Command::OrderVerification(order) => {
                let known = self.shelf.period(&order.book_no, order.sequence).map(|period| period.state);
                let ordered = self.whole(now, |shelf| shelf.order_verification(order, now));
                ordered.map(|shown| (Verdict::Accepted, shown)).map_err(|reason| (reason, known))
            }
            Command::DecideCorrection(decision) => {
                let known = self.shelf.correction(&decision.correction_no).map(|copy| copy.state);
                let decided = self.whole(now, |shelf| shelf.decide_correction(decision, now));
                decided.map(|shown| (Verdict::Accepted, shown)).map_err(|reason| (reason, known))
            }
            Command::RaiseBehaviour(behaviour) => plain(self.raise_behaviour(*behaviour)),
        }
    }

    fn found(&mut self, genesis: &Genesis, behaviour: u32) -> Result<Shown, Reason> {
        if self.initialised {
            return Err(Reason::AlreadyInitialised);
        }
        if !(BEHAVIOUR_FIRST..=BEHAVIOUR_MAX).contains(&behaviour) {
            return Err(Reason::BehaviourOutOfRange);
        }
        self.initialised = true;
        self.shelf.behaviour = behaviour;
        for assignment in &genesis.assignments {
            self.roles.push((assignment.principal.clone(), assignment.roles.clone()));
        }
        Ok(Shown::default())
    }

    fn raise_behaviour(&mut self, behaviour: u32) -> Result<Shown, Reason> {
        if behaviour <= self.shelf.behaviour || behaviour > BEHAVIOUR_MAX {
            return Err(Reason::BehaviourOutOfRange);
        }
        self.shelf.behaviour = behaviour;
        Ok(Shown::default())
    }

    /// Accepted whole or refused whole: the work is done on a copy, which is kept or dropped.
    fn whole(
        &mut self,
        now: Now,
        work: impl FnOnce(&mut Shelf) -> Result<Shown, Reason>,
    ) -> Result<Shown, Reason> {
        let mut copy = self.shelf.clone();
        let shown = work(&mut copy)?;
        copy.secure_leases(now)?;
        self.shelf = copy;
        Ok(shown)
    }

    fn file(&mut self, document: &Document, now: Now) -> Done {
        let known = self.shelf.state_of(document);
        match self.whole(now, |shelf| shelf.judge(document, now)) {
            Ok(shown) => {
                if has_change_number(document) {
                    self.accepted.push((document.clone(), now.revision));
                }
                Ok((Verdict::Accepted, shown))
            }
            Err(reason) => Err((reason, known)),
        }
    }

    fn receive(&mut self, message: &Message, now: Now) -> Done {
        self.deliveries.push((message.clone(), now.revision));
        let (business_id, document, names) = match &message.content {
            Content::Unreadable(refusal) | Content::Invalid { refusal, .. } => {
                return Err((refusal.reason, None));
            }
            Content::Keyed { label, document, names, .. } => (label.business_id.to_string(), document, names),
        };
        if matches!(document.as_deref(), Ok(Document::CustomsResult(_))) && !self.shelf.takes_results(now) {
            return Err((Reason::SchemaInvalid, None));
        }
        let (key, filed) = keyed(message).unwrap();
        if let Some((_, first)) = self.keys.iter().find(|(other, _)| other == key) {
            let other_bytes = first.sha256 != message.sha256;
            return if filed && other_bytes {
                Err((Reason::MessageIdConflict, None))
            } else {
                Ok((Verdict::Duplicate, Shown::default()))
            };
        }
        // What opens a document is the first that is heard of it; what may come early is held until then.
        let own = document.as_ref().is_ok_and(|document| opens(document));
        let waits = document.as_ref().is_ok_and(|document| waits(document));
        let names_unsupported = !waits
            && names
                .iter()
                .filter(|name| !own || name.as_str() != business_id)
                .any(|name| self.unsupported.iter().any(|other| other == name.as_str()));
        let known = document.as_ref().ok().and_then(|document| self.shelf.state_of(document));
        let done = match document {
            _ if names_unsupported => Err((Reason::Unsupported, known)),
            Err(refusal) => Err((refusal.reason, None)),
            Ok(document) => self.file(document, now),
        };
        match &done {
            // It may come again after an upgrade; until then, what names it is told the same.
            Err((Reason::Unsupported, _)) => {
                let own_number = names.first().is_some_and(|name| name.as_str() == business_id);
                if own_number && !self.shelf.knows(&business_id) {
                    self.unsupported.push(business_id);
                }
            }
            Err(_) => self.keys.push((key.into(), message.clone())),
            Ok(_) => {
                self.keys.push((key.into(), message.clone()));
                self.unsupported.retain(|number| *number != business_id);
            }
        }
        done
    }

    /// Amounts are not negative, shares at most 100, days and levels whole numbers in their range.
    /// The days of a deadline hold from a later day on.
    fn set_parameter(&mut self, wanted: &ParameterValue, now: Now) -> Result<Shown, Reason> {
        use Parameter as P;
        const ONE: i128 = 100_000;
        let value = wanted.value.raw();
        let (lowest, highest, whole) = match wanted.parameter {
            P::ParcelValueMax
            | P::BuyerYearMax
            | P::DeferredInterestRate
            | P::CountTolerance
            | P::ZoneShortageDuty
            | P::GuaranteeShareAdvanced
            | P::GuaranteeShareRegular
            | P::GuaranteeShareDiscredited => (0, i128::MAX, false),
            other if other.code().starts_with("PERMIT") => (0, 36_500 * ONE, true),
            P::ParcelTaxShare | P::ZoneShortageShare => (0, 100 * ONE, false),
            P::ZoneReportDays | P::ZoneLetterDays | P::DischargeDays | P::DischargeExtendedDays => {
                (0, 36_500 * ONE, true)
            }
            P::DestructionLevels | P::AbandonmentLevels => (ONE, 3 * ONE, true),
            P::DestructionApprovalDays => (0, 3_650 * ONE, true),
            P::CustodyMonths => (ONE, 1_200 * ONE, true),
            P::CountTolerancePpm => (0, 1_000_000 * ONE, true),
            P::DeclarationLinesMax => (ONE, 1_000 * ONE, true),
            P::ReceiptsFromCustoms
            | P::ReturnOriginalRequired
            | P::LicenceCheck
            | P::RepairCatalogueCheck
            | P::TransferFormRequired
            | P::ZoneFunctionsCheck
            | P::LeaseContractRequired
            | P::LeaseRentSettled
            | P::DisplayPlaceRequired => (0, ONE, true),
            _ if wanted.from <= today(now) => return Err(Reason::InvalidField),
            _ => (0, 36_500 * ONE, true),
        };
        if value < lowest || value > highest || whole && value % ONE != 0 {
            return Err(Reason::InvalidField);
        }
        self.shelf.parameters.insert((wanted.parameter, wanted.from), value);
        self.watch.terms.insert((wanted.parameter, wanted.from), value / ONE);
        Ok(Shown::default())
    }

    fn set_stops(&mut self, order: &StopOrder) -> Result<Shown, Reason> {
        match &order.target {
            StopTarget::Book(book_no) => {
                self.shelf.book_mut(book_no.as_str())?.stops = order.stops;
            }
            StopTarget::Item(key) => {
                let book = self.shelf.books.iter_mut().find(|book| book.filing.book_no == key.book_no);
                let named = |row: &&mut Row| (row.mark, row.number) == (key.mark, key.number);
                let row = book.and_then(|book| book.rows.iter_mut().find(named));
                row.ok_or(Reason::ItemNotFiled)?.stops = order.stops;
            }
        }
        Ok(Shown::default())
    }
}

/// Documents that have a type, a number and a change number; what is reported of others has none.
fn has_change_number(document: &Document) -> bool {
    !matches!(
        document,
        Document::Passage(_)
            | Document::Notice(_)
            | Document::CustomsResult(_)
            | Document::Assignment(_)
            | Document::Sales(_)
    )
}

/// Documents that may come before what they are about.
fn waits(document: &Document) -> bool {
    matches!(document, Document::Passage(_) | Document::Notice(_) | Document::CustomsResult(_))
}

/// Documents that nothing was heard of before.
fn opens(document: &Document) -> bool {
    match document {
        Document::Book(filing) => filing.change_no.is_none(),
        Document::List(filing) => matches!(filing, ListFiling::File(_)),
        Document::Parcels(filing) => !matches!(filing, ParcelFiling::Cancel(_)),
        Document::Sales(filing) => filing.action == SaleAction::File,
        Document::Lease(filing) => filing.change_no == 0,
        Document::TransferForm(filing) => filing.change_no() == 0,
        Document::WorkOrder(filing) => matches!(filing.step, WorkOrderStep::Open(_)),
        Document::Permit(filing) => filing.change_no.is_none(),
        Document::Slip(filing) => filing.change_no.is_none(),
        Document::PassVoid(_)
        | Document::PermitClosing(_)
        | Document::SlipVoid(_)
        | Document::ConsumptionChange(_)
        | Document::ConsumptionVoid(_) => false,
        Document::Differences(filing) => filing.part == 1,
        other => has_change_number(other) && !matches!(other, Document::Verification(_)),
    }
}
