//! Turns intents into commands.

use super::{
    Act, Intent, again, bom, book, book_life, campaign, consumption, contract, correction, correspondence,
    difference, disposal, gate, guarantee, hold, lease, licence, list, lots, message, outsource, overdraft,
    parcel, permit, process, processing, production, reference, repair, sale, status, transfer_form,
    verification,
};
use crate::common::build;
use crate::common::model::Model;
use crate::common::run::Asked;
use crate::common::world::{self, BOOKS, OFFICE};
use zonebook_ledger::book::BookingMode;
use zonebook_ledger::command::{
    CalendarOrder, Command, Proposal, RequestId, ReturnOrder, StopOrder, StopTarget,
};
use zonebook_ledger::direction::{Mark, Stops};
use zonebook_ledger::document::{BookFiling, Document};
use zonebook_ledger::item::ItemKey;
use zonebook_ledger::parameter::{Form, Parameter, ParameterValue};
use zonebook_ledger::permission::Principal;
use zonebook_ledger::time::{Date, Instant, LocalTime};
use zonebook_ledger::zone::ZoneKind;

const MINUTE: i64 = 60_000;
const DAY: i64 = 24 * 60 * MINUTE;

/// Writes a history, one command after the other.
pub struct Scribe {
    pub model: Model,
    pub written: Vec<Asked>,
    /// The number of the next message in its source.
    pub sequence: u64,
    /// Of the zone in which all books lie.
    zone: ZoneKind,
}

/// One of some choices.
pub fn choose<T: Clone>(from: &[T], pick: u8) -> Option<T> {
    if from.is_empty() { None } else { from.get(usize::from(pick) % from.len()).cloned() }
}

/// Parameters that decide something within the days of a history.
const DECIDING: [Parameter; 10] = [
    Parameter::ParcelValueMax,
    Parameter::BuyerYearMax,
    Parameter::DestructionLevels,
    Parameter::DestructionApprovalDays,
    Parameter::AbandonmentLevels,
    Parameter::ReturnOriginalRequired,
    Parameter::PermitDaysBatched,
    Parameter::PermitDaysDisplay,
    Parameter::GuaranteeShareRegular,
    Parameter::TransferFormRequired,
];

impl Scribe {
    /// With the commands that every history begins with; all books lie in a zone of a kind.
    pub fn begin(kind: ZoneKind) -> Self {
        let mut scribe = Self { model: Model::default(), written: Vec::new(), sequence: 1, zone: kind };
        for command in world::beginning() {
            let command = match command {
                Command::DefineZone(zone) if zone.office == build::office(OFFICE) => {
                    Command::DefineZone(world::zone(OFFICE, kind))
                }
                other => other,
            };
            let proposal =
                Proposal { principal: world::loopback(), request_id: None, ledger_time: None, command };
            scribe.send(Asked { record_time: world::moment("2026-06-02T08:00:00"), proposal });
        }
        scribe
    }

    fn send(&mut self, asked: Asked) {
        self.model.predict(&asked);
        self.written.push(asked);
    }

    /// Writes the command that an intent comes to.
    pub fn write(&mut self, intent: &Intent, migrating: bool) {
        let minutes = i64::from(intent.minutes) * MINUTE;
        let mut record_time = Instant(self.model.record_time.0 + minutes);
        // The clock of a new leader may be behind.
        if intent.who == 17 {
            record_time = Instant(self.model.record_time.0 - DAY);
        }
        if intent.act == Act::Again
            && let Some(asked) = again::again(self, intent, record_time)
        {
            return self.send(asked);
        }
        let command = self.command(intent);
        let ledger_time = self.ledger_time(intent, migrating, minutes, record_time);
        let principal = if intent.who % 4 == 2 && matches!(command, Command::OrderDisposal(_)) {
            // A second level is approved by somebody else.
            Principal("customs".into())
        } else if intent.who % 16 == 1 {
            Principal(world::PRINCIPALS[usize::from(intent.picks[5]) % world::PRINCIPALS.len()].0.into())
        } else {
            world::loopback()
        };
        let request_id = (intent.way % 3 == 1).then(|| self.request_id(intent, record_time));
        let books = self.model.shelf.books.len();
        self.send(Asked { record_time, proposal: Proposal { principal, request_id, ledger_time, command } });
        // Books that keep lots are told so at once, mostly: later something is always pending.
        let last = self.model.shelf.books.last();
        let accumulates = last.is_some_and(|book| book.filing.booking_mode == BookingMode::Accumulating);
        if self.model.shelf.books.len() > books && accumulates && !intent.minutes.is_multiple_of(4) {
            let command = lots::first_method(self, intent);
            let proposal = Proposal { principal: world::loopback(), request_id: None, ledger_time, command };
            self.send(Asked { record_time, proposal });
        }
    }

    /// A new request id; now and then one that was made too long ago.
    pub fn request_id(&self, intent: &Intent, record_time: Instant) -> RequestId {
        let made_at = if intent.who == 5 { record_time.0 - 91 * DAY } else { record_time.0 };
        let mut bytes = [0; 16];
        bytes[..6].copy_from_slice(&made_at.to_be_bytes()[2..]);
        bytes[8..].copy_from_slice(&(self.written.len() as u64).to_be_bytes());
        RequestId(bytes)
    }

    fn ledger_time(
        &self,
        intent: &Intent,
        migrating: bool,
        minutes: i64,
        record_time: Instant,
    ) -> Option<Instant> {
        let last = self.model.ledger_time.max(world::moment("2026-05-30T08:00:00"));
        match intent.who {
            who if migrating && who % 32 == 3 => Some(Instant(last.0 - DAY)),
            who if migrating && who % 32 == 4 => {
                Some(Instant(record_time.0.max(self.model.record_time.0) + 1))
            }
            3 | 4 => Some(last),
            // A migration that is over although more was planned goes on live.
            _ if migrating && self.model.in_migration => {
                Some(Instant((last.0 + minutes).min(self.model.record_time.0.max(record_time.0))))
            }
            _ => None,
        }
    }

    fn command(&mut self, intent: &Intent) -> Command {
        let [pick, other, ..] = intent.picks;
        match intent.act {
            Act::Stops if !self.model.shelf.books.is_empty() => return self.stops(intent),
            Act::OrderBook => return book_life::order(self, intent),
            Act::LotMethod => return lots::method(self, intent),
            Act::Parameter => return self.parameter(intent),
            Act::Guarantee => return guarantee::order(self, intent),
            Act::Licence => return licence::order(self, intent),
            Act::Outsource if pick % 16 == 15 || outsource::waits_for_approval(self, pick) => {
                if let Some(order) = outsource::approval(self, intent) {
                    return Command::DirectExit(order);
                }
            }
            Act::Repair if intent.who % 8 == 5 => {
                if let Some(rule) = repair::rule(self, intent) {
                    return rule;
                }
            }
            Act::Credit => return guarantee::credit(self, intent),
            Act::Reference => return self.reference(intent),
            Act::StepDisposal => {
                if let Some(order) = disposal::next(self, intent) {
                    return order;
                }
            }
            Act::JudgeAdjustment => {
                if let Some(order) = disposal::judge(self, intent) {
                    return order;
                }
            }
            Act::JudgeDifference => {
                if let Some(order) = difference::next(self, intent) {
                    return order;
                }
            }
            Act::OrderBom => {
                if let Some(order) = bom::order(self, intent) {
                    return order;
                }
            }
            Act::Tolerate => return difference::tolerance(self, intent),
            Act::Settle => {
                if let Some(order) = verification::order(self, intent) {
                    return order;
                }
            }
            Act::JudgeTally => {
                if let Some(order) = disposal::judge_tally(self, intent) {
                    return order;
                }
            }
            Act::Overdraft => return overdraft::next(self, intent),
            Act::Tick => return Command::RecordOverdue,
            Act::Calendar => return self.calendar(intent),
            // No message carries a contract or a transfer form.
            Act::Contract => {
                if let Some(document) = contract::next(self, intent) {
                    return Command::File(Box::new(document));
                }
            }
            Act::TransferForm => {
                if let Some(document) = transfer_form::next(self, intent) {
                    return Command::File(Box::new(document));
                }
            }
            Act::Acknowledge => return correspondence::acknowledge(self, intent),
            // Customs is mostly listened to.
            Act::CustomsSays if !self.model.shelf.hears_customs() && !other.is_multiple_of(5) => {
                let (parameter, from) = (Parameter::ReceiptsFromCustoms, Date(0));
                return Command::SetParameter(ParameterValue {
                    parameter,
                    from,
                    value: build::quantity("1"),
                });
            }
            Act::CustomsSays if !self.model.shelf.lists.is_empty() => {
                return correspondence::result(self, intent);
            }
            Act::Decide => return correction::decide(self, intent),
            Act::Order => return correction::order(self, intent),
            Act::Hold => return hold::order(self, intent),
            Act::Return => {
                let list_no = list::any_number(self, pick, other);
                let reason = "papers are missing".into();
                return Command::ReturnList(ReturnOrder { list_no: build::list_no(&list_no), reason });
            }
            _ => {}
        }
        let document = self.of_the_zone(lots::named(self, intent, self.document(intent)));
        if intent.way % 3 == 2 {
            message::carried(self, intent, document)
        } else {
            Command::File(Box::new(document))
        }
    }

    /// A book that says of its zone what is so everywhere else says what is so here.
    fn of_the_zone(&self, document: Document) -> Document {
        match document {
            Document::Book(book) if book.zone_kind == Some(ZoneKind::ComprehensiveBonded) => {
                Document::Book(BookFiling { zone_kind: Some(self.zone), ..book })
            }
            other => other,
        }
    }

    fn document(&self, intent: &Intent) -> Document {
        // Nothing can be done before there are books.
        if self.model.shelf.books.len() < 3 {
            return book::file(self, intent);
        }
        let attempt = match intent.act {
            // The life of a unit has many steps, so that more chances go to it where there is a repair book.
            _ if intent.who % 8 == 6 => repair::next(self, intent),
            _ if intent.who % 8 == 2 => production::next(self, intent),
            Act::FileBook => Some(book::file(self, intent)),
            Act::ChangeBook => Some(book::change(self, intent)),
            Act::ListOut => list::outward(self, intent),
            Act::ListFromBill => list::from_bill(self, intent),
            Act::Consume if intent.picks[5] % 3 == 1 => {
                consumption::again(self, intent).or_else(|| consumption::file(self, intent))
            }
            Act::Consume => consumption::file(self, intent),
            Act::Scrap => consumption::residue_out(self, intent).or_else(|| consumption::file(self, intent)),
            Act::Lease => lease::next(self, intent),
            Act::Repair => repair::next(self, intent),
            Act::WorkOrder => production::next(self, intent),
            Act::Research => production::research(self, intent),
            Act::Exchange => production::exchange(self, intent),
            Act::Status => status::next(self, intent),
            Act::Product if intent.way % 4 == 3 => processing::stocked_product_out(self, intent),
            Act::Product => processing::product_out(self, intent),
            Act::ProductTransfer => processing::transfer_in(self, intent),
            Act::TransferIn => list::transfer_in(self, intent),
            Act::TransferOut => list::transfer_out(self, intent),
            Act::ChangeList => list::change(self, intent),
            Act::Withdraw => Some(list::withdraw(self, intent)),
            Act::BillPass => gate::bill_pass(self, intent),
            Act::Pass => gate::pass(self, intent),
            Act::Report => Some(gate::report(self, intent)),
            Act::Notice => Some(gate::notice(self, intent)),
            Act::Permit => Some(permit::permit(self, intent)),
            Act::ChangePermit => permit::change(self, intent),
            Act::ClosePermit => permit::close(self, intent),
            Act::Outsource => outsource::next(self, intent),
            Act::Process => process::next(self, intent),
            Act::ChangeSlip => permit::change_slip(self, intent),
            Act::VoidPass => gate::void(self, intent),
            // What cannot be done yet is brought nearer.
            Act::Slip => permit::slip(self, intent).or_else(|| Some(permit::permit(self, intent))),
            Act::SlipPass => permit::through(self, intent)
                .or_else(|| permit::pass(self, intent))
                .or_else(|| permit::slip(self, intent)),
            Act::Declare => permit::declare(self, intent).or_else(|| permit::pass(self, intent)),
            Act::Lots => lots::next(self, intent),
            Act::Parcel => parcel::file(self, intent),
            Act::CancelParcel => Some(parcel::cancel(self, intent)),
            // What cannot come back yet is brought nearer.
            Act::ReturnParcel => parcel::give_back(self, intent)
                .or_else(|| parcel::gather(self, intent))
                .or_else(|| parcel::file(self, intent)),
            Act::Gather => parcel::gather(self, intent).or_else(|| parcel::file(self, intent)),
            Act::Sale => Some(sale::say(self, intent)),
            Act::Verify | Act::Settle => verification::declare(self, intent),
            Act::Dispose | Act::StepDisposal => disposal::file(self, intent),
            Act::Differ | Act::JudgeDifference => difference::record(self, intent),
            Act::Adjust | Act::JudgeAdjustment => difference::settle(self, intent)
                .or_else(|| disposal::adjust(self, intent))
                .or_else(|| disposal::verify(self, intent)),
            Act::CarryOver => book_life::carry_over(self, intent),
            Act::Count => campaign::next(self, intent),
            Act::Correct => correction::file(self, intent),
            // What is not short yet is counted first.
            Act::Tally | Act::JudgeTally => correction::tally(self, intent),
            Act::Assign => correction::assign(self, intent),
            Act::Back => correction::back(self, intent),
            _ => None,
        };
        attempt.or_else(|| self.instead(intent)).unwrap_or_else(|| list::inward(self, intent))
    }

    /// Where an act has nothing to work on: another book, or what waits goes on.
    fn instead(&self, intent: &Intent) -> Option<Document> {
        match intent.picks[5] % 4 {
            0 | 1 if self.model.shelf.books.len() < BOOKS.len() => Some(book::file(self, intent)),
            2 => gate::pass(self, intent),
            _ => None,
        }
    }

    fn stops(&self, intent: &Intent) -> Command {
        let [pick, other, marks, ..] = intent.picks;
        let number = match intent.twist {
            Some(_) => world::NO_BOOK,
            None => BOOKS[usize::from(pick) % BOOKS.len()],
        };
        let target = match (other % 3, self.model.shelf.book(number)) {
            (0, _) => StopTarget::Book(build::book_no(number)),
            (_, None) => StopTarget::Item(build::item(number, 77)),
            (_, Some(book)) => {
                let (mark, row) =
                    choose(&book.rows, pick).map_or((Mark::Goods, 1), |row| (row.mark, row.number));
                StopTarget::Item(ItemKey { mark, ..build::item(number, row) })
            }
        };
        // Most stops are lifted again, so that the trade goes on.
        let mark = ["4", "5", "6", "1", "1", "1", "1"][usize::from(marks) % 7];
        let stops = Stops { changes: marks % 5 == 4, ..Stops::from_execution_mark(mark) };
        Command::SetStops(StopOrder { target, stops, reason: "inspection".into() })
    }

    fn parameter(&self, intent: &Intent) -> Command {
        let [value, day, which, ..] = intent.picks;
        // Mostly one that decides something within the days of a history.
        let parameter = match which % 4 {
            0 => Parameter::ALL[usize::from(which / 4) % Parameter::ALL.len()],
            _ => DECIDING[usize::from(which / 4) % DECIDING.len()],
        };
        let values = match parameter {
            Parameter::BuyerYearMax => ["150", "250", "100", "6000", "-1"],
            Parameter::ParcelValueMax => ["50", "99.99999", "100", "6000", "-1"],
            // Mostly taken once anybody asks for it.
            Parameter::ReceiptsFromCustoms => ["0", "1", "1", "1", "2"],
            _ => match parameter.form() {
                // Days that permits of the generator keep, and days that they do not.
                Form::Count(0, _) if parameter.code().starts_with("PERMIT") => {
                    ["0", "300", "212", "15", "-0.5"]
                }
                Form::Amount => ["0", "0.5", "10", "1000", "-1"],
                Form::Share => ["0", "33.33333", "70", "100", "100.00001"],
                Form::Count(1, 3) => ["1", "2", "2", "3", "4"],
                Form::Count(0, 3_650) => ["0", "1", "0", "30", "2.5"],
                Form::Count(..) => ["1", "30", "2.5", "0", "40000"],
                Form::Switch => ["0", "1", "0", "1", "2"],
                Form::Term => ["0", "1", "2", "3", "1.5"],
            },
        };
        let value = values[usize::from(value) % values.len()];
        let from = Date(self.clock().date().0 + i32::from(day % 4) - 1);
        Command::SetParameter(ParameterValue { parameter, from, value: build::quantity(value) })
    }

    /// Some days of this month.
    fn calendar(&self, intent: &Intent) -> Command {
        let [holiday, working_day, year, ..] = intent.picks;
        let june = |of_month: u8| Date::from_civil(2026, 6, u32::from(of_month % 30) + 1).unwrap();
        let working_days = if working_day % 3 == 0 { vec![june(working_day / 3)] } else { Vec::new() };
        let holidays = [holiday, holiday / 2].map(june).to_vec();
        let year = if year == 0 { 2027 } else { 2026 };
        Command::SetCalendar(CalendarOrder { year, holidays, working_days })
    }

    fn reference(&self, intent: &Intent) -> Command {
        let beginning = world::beginning();
        match choose(&beginning, intent.picks[0]) {
            _ if intent.picks[2].is_multiple_of(3) => reference::import(intent, self.clock().date()),
            Some(command) if !intent.picks[1].is_multiple_of(3) => command,
            _ => Command::RaiseBehaviour(u32::from(intent.picks[0] % 3)),
        }
    }

    /// The zone's clock.
    pub fn clock(&self) -> LocalTime {
        Model::zone_clock().local(self.model.record_time)
    }
}
