//! Histories that chance makes: mostly what the trade would do next, now and then with one thing wrong.
//!
//! Chance draws intents, which are small numbers and shrink well. A [`Scribe`] turns them into commands, with the model
//! at hand to know what would be valid: which lists wait, what is available, which change number comes next.

mod again;
mod bom;
mod book;
mod book_life;
mod campaign;
mod consumption;
mod contract;
mod correction;
mod correspondence;
mod difference;
mod disposal;
mod gate;
mod guarantee;
mod hold;
mod lease;
mod licence;
mod list;
mod lots;
mod message;
mod outsource;
mod overdraft;
mod parcel;
mod permit;
mod process;
mod processing;
mod production;
mod reference;
mod repair;
mod sale;
mod scribe;
mod status;
mod transfer_form;
mod twist;
mod verification;

pub use reference::{repair_product, tariff_line};
pub use scribe::Scribe;

use super::run::Asked;
use proptest::prelude::*;
use zonebook_ledger::behaviour::{BEHAVIOUR_FIRST, BEHAVIOUR_MAX};
use zonebook_ledger::zone::ZoneKind;

/// What somebody in the trade is about to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    FileBook,
    ChangeBook,
    ListIn,
    ListOut,
    BillPass,
    ListFromBill,
    Consume,
    Scrap,
    Repair,
    Lease,
    Parameter,
    Calendar,
    Contract,
    Exchange,
    Research,
    Status,
    Tick,
    WorkOrder,
    Product,
    ProductTransfer,
    TransferIn,
    TransferOut,
    ChangeList,
    Withdraw,
    Return,
    Correct,
    Decide,
    Order,
    Hold,
    Tally,
    Assign,
    Back,
    Pass,
    Report,
    Notice,
    CustomsSays,
    Acknowledge,
    Permit,
    ChangePermit,
    ClosePermit,
    Outsource,
    Process,
    Guarantee,
    Licence,
    TransferForm,
    Credit,
    Slip,
    ChangeSlip,
    SlipPass,
    VoidPass,
    Declare,
    Verify,
    Settle,
    Dispose,
    StepDisposal,
    Adjust,
    JudgeAdjustment,
    Differ,
    JudgeDifference,
    Tolerate,
    JudgeTally,
    Overdraft,
    Parcel,
    CancelParcel,
    ReturnParcel,
    Gather,
    Sale,
    Stops,
    CarryOver,
    LotMethod,
    Lots,
    OrderBook,
    OrderBom,
    Count,
    Reference,
    Again,
}

/// An act, the choices that go into it, and what is wrong with it.
#[derive(Clone, Copy, Debug)]
pub struct Intent {
    pub act: Act,
    pub picks: [u8; 6],
    /// Which of the things that may be wrong with such a document is wrong with this one.
    pub twist: Option<u8>,
    /// By call, by call with a request id, or as a message.
    pub way: u8,
    /// Who asks; mostly the one who may do anything.
    pub who: u8,
    pub minutes: u16,
}

fn act() -> impl Strategy<Value = Act> {
    prop_oneof![
        2 => Just(Act::FileBook),
        2 => Just(Act::ChangeBook),
        7 => Just(Act::ListIn),
        7 => Just(Act::ListOut),
        4 => Just(Act::BillPass),
        6 => Just(Act::ListFromBill),
        5 => Just(Act::Consume),
        3 => Just(Act::Scrap),
        3 => Just(Act::Parameter),
        9 => Just(Act::Contract),
        3 => Just(Act::Tick),
        1 => Just(Act::Calendar),
        16 => Just(Act::Lease),
        18 => Just(Act::Repair),
        6 => Just(Act::WorkOrder),
        4 => Just(Act::Research),
        5 => Just(Act::Exchange),
        8 => Just(Act::Status),
        7 => Just(Act::Product),
        5 => Just(Act::ProductTransfer),
        4 => Just(Act::TransferIn),
        9 => Just(Act::TransferOut),
        4 => Just(Act::ChangeList),
        5 => Just(Act::Withdraw),
        1 => Just(Act::Return),
        4 => Just(Act::Correct),
        3 => Just(Act::Decide),
        3 => Just(Act::Order),
        2 => Just(Act::Hold),
        3 => Just(Act::Tally),
        1 => Just(Act::Assign),
        4 => Just(Act::Back),
        10 => Just(Act::Pass),
        15 => Just(Act::Report),
        5 => Just(Act::Notice),
        4 => Just(Act::CustomsSays),
        2 => Just(Act::Acknowledge),
        4 => Just(Act::Dispose),
        9 => Just(Act::StepDisposal),
        3 => Just(Act::Adjust),
        6 => Just(Act::JudgeAdjustment),
        3 => Just(Act::Differ),
        3 => Just(Act::JudgeDifference),
        1 => Just(Act::Tolerate),
        2 => Just(Act::JudgeTally),
        2 => Just(Act::Overdraft),
        3 => Just(Act::Permit),
        5 => Just(Act::ChangePermit),
        3 => Just(Act::ClosePermit),
        14 => Just(Act::Outsource),
        6 => Just(Act::Process),
        3 => Just(Act::Guarantee),
        2 => Just(Act::Licence),
        4 => Just(Act::TransferForm),
        1 => Just(Act::Credit),
        14 => Just(Act::Slip),
        4 => Just(Act::ChangeSlip),
        2 => Just(Act::VoidPass),
        14 => Just(Act::SlipPass),
        11 => Just(Act::Declare),
        2 => Just(Act::Verify),
        2 => Just(Act::Settle),
        5 => Just(Act::Parcel),
        1 => Just(Act::CancelParcel),
        5 => Just(Act::ReturnParcel),
        5 => Just(Act::Gather),
        3 => Just(Act::Sale),
        2 => Just(Act::Stops),
        3 => Just(Act::OrderBook),
        2 => Just(Act::OrderBom),
        3 => Just(Act::CarryOver),
        2 => Just(Act::LotMethod),
        4 => Just(Act::Lots),
        3 => Just(Act::Count),
        1 => Just(Act::Reference),
        6 => Just(Act::Again),
    ]
}

/// What a history is mostly about, so that acts that need each other meet. Half of a history's acts are of its theme, the
/// others of everything.
const THEMES: &[&[Act]] = &[
    &[Act::ListIn, Act::ListOut, Act::BillPass, Act::ListFromBill, Act::Pass, Act::Report, Act::Notice],
    &[
        Act::ListOut,
        Act::Pass,
        Act::Report,
        Act::Notice,
        Act::Correct,
        Act::Decide,
        Act::Back,
        Act::Parcel,
        Act::Gather,
    ],
    &[Act::ListOut, Act::Tally, Act::Tally, Act::Order, Act::Order, Act::Pass, Act::Report, Act::Notice],
    &[
        Act::ListIn,
        Act::Tally,
        Act::Tally,
        Act::Order,
        Act::Order,
        Act::Pass,
        Act::Report,
        Act::JudgeTally,
        Act::JudgeTally,
    ],
    &[
        Act::Overdraft,
        Act::Overdraft,
        Act::Overdraft,
        Act::ListIn,
        Act::ListOut,
        Act::ChangeList,
        Act::Withdraw,
        Act::Pass,
        Act::Report,
        Act::LotMethod,
    ],
    &[
        Act::ListIn,
        Act::ListOut,
        Act::Order,
        Act::Tally,
        Act::Pass,
        Act::Report,
        Act::Notice,
        Act::Assign,
        Act::Return,
    ],
    &[Act::Tick, Act::Tick, Act::ListIn, Act::Permit, Act::FileBook, Act::Contract, Act::Parcel, Act::Slip],
    &[Act::Lots, Act::Lots, Act::Lots, Act::Lots, Act::Lots, Act::Pass, Act::Report],
    &[Act::LotMethod, Act::Lots, Act::Lots, Act::Lots, Act::Lots, Act::Pass, Act::Report],
    &[
        Act::TransferIn,
        Act::TransferOut,
        Act::ProductTransfer,
        Act::Pass,
        Act::Report,
        Act::Notice,
        Act::Withdraw,
    ],
    &[Act::Product, Act::Consume, Act::Scrap, Act::Exchange, Act::Pass, Act::Report, Act::Notice],
    &[
        Act::Product,
        Act::Product,
        Act::Product,
        Act::OrderBom,
        Act::OrderBom,
        Act::ChangeBook,
        Act::ChangeBook,
        Act::ChangeList,
        Act::Withdraw,
    ],
    &[Act::WorkOrder, Act::WorkOrder, Act::WorkOrder, Act::Research, Act::Consume, Act::Scrap],
    &[Act::Status, Act::Status, Act::Notice, Act::Stops, Act::FileBook, Act::Again],
    &[Act::Repair, Act::Lease, Act::Pass, Act::Report, Act::Notice, Act::Withdraw],
    &[Act::Lease, Act::Contract, Act::Contract, Act::Tick, Act::Calendar, Act::Pass, Act::Report],
    &[Act::Slip, Act::Slip, Act::Slip, Act::SlipPass, Act::SlipPass, Act::Report, Act::Report],
    &[Act::Permit, Act::Slip, Act::SlipPass, Act::Report, Act::Declare, Act::ChangeSlip, Act::ClosePermit],
    &[
        Act::Permit,
        Act::Outsource,
        Act::Outsource,
        Act::Outsource,
        Act::Process,
        Act::SlipPass,
        Act::Report,
        Act::ChangePermit,
        Act::Parameter,
        Act::Guarantee,
        Act::Credit,
    ],
    &[
        Act::Hold,
        Act::Hold,
        Act::Hold,
        Act::Slip,
        Act::SlipPass,
        Act::SlipPass,
        Act::Report,
        Act::Declare,
        Act::Parcel,
        Act::Gather,
        Act::CancelParcel,
        Act::ChangeSlip,
        Act::VoidPass,
        Act::ChangePermit,
    ],
    &[Act::Dispose, Act::StepDisposal, Act::StepDisposal, Act::Parameter, Act::ListIn],
    &[Act::Adjust, Act::JudgeAdjustment, Act::Verify, Act::ListIn, Act::Notice],
    &[
        Act::Differ,
        Act::Differ,
        Act::JudgeDifference,
        Act::JudgeDifference,
        Act::JudgeDifference,
        Act::Adjust,
        Act::Adjust,
        Act::Count,
        Act::ListIn,
        Act::Tick,
    ],
    &[
        Act::Verify,
        Act::Verify,
        Act::Settle,
        Act::Settle,
        Act::Settle,
        Act::Settle,
        Act::JudgeAdjustment,
        Act::ListIn,
        Act::Pass,
        Act::Report,
        Act::Correct,
        Act::WorkOrder,
    ],
    &[Act::Count, Act::Count, Act::Count, Act::Count, Act::ListIn, Act::FileBook, Act::Notice],
    // Parcels before all, so that a buyer's year fills.
    &[
        Act::Parcel,
        Act::Parcel,
        Act::Parcel,
        Act::Sale,
        Act::CancelParcel,
        Act::ReturnParcel,
        Act::Gather,
        Act::Pass,
        Act::Report,
        Act::Parameter,
    ],
    &[
        Act::TransferIn,
        Act::TransferOut,
        Act::TransferOut,
        Act::Tally,
        Act::Tally,
        Act::Order,
        Act::Order,
        Act::Pass,
        Act::Report,
        Act::Notice,
        Act::Correct,
        Act::JudgeTally,
    ],
    &[
        Act::TransferForm,
        Act::TransferForm,
        Act::TransferIn,
        Act::TransferIn,
        Act::TransferOut,
        Act::TransferOut,
        Act::Pass,
        Act::Report,
        Act::Notice,
        Act::Correct,
        Act::Decide,
        Act::Withdraw,
    ],
    &[
        Act::Licence,
        Act::Licence,
        Act::Licence,
        Act::ListIn,
        Act::ListOut,
        Act::ListOut,
        Act::Product,
        Act::ChangeList,
        Act::Withdraw,
        Act::Correct,
        Act::Decide,
        Act::Pass,
        Act::Report,
        Act::Notice,
    ],
    &[
        Act::CustomsSays,
        Act::Acknowledge,
        Act::ListIn,
        Act::Notice,
        Act::ChangeList,
        Act::Again,
        Act::VoidPass,
    ],
];

fn intent(theme: usize) -> impl Strategy<Value = Intent> {
    let twist = prop_oneof![3 => Just(None), 1 => any::<u8>().prop_map(Some)];
    let minutes = prop_oneof![30 => 0..90_u16, 1 => 1440..4320_u16];
    let act = prop_oneof![act(), prop::sample::select(THEMES[theme])];
    (act, any::<[u8; 6]>(), twist, any::<u8>(), any::<u8>(), minutes)
        .prop_map(|(act, picks, twist, way, who, minutes)| Intent { act, picks, twist, way, who, minutes })
}

/// What a history is made of: how many intents are carried over from another system, and all intents.
pub type Script = (usize, Vec<Intent>);

/// Scripts, a third of which begin with a migration.
pub fn script() -> impl Strategy<Value = Script> {
    let migrated = prop_oneof![2 => Just(0_usize), 1 => 1..20_usize];
    let intents = (0..THEMES.len()).prop_flat_map(|theme| prop::collection::vec(intent(theme), 1..80));
    (migrated, intents)
}

/// Most histories are of a zone that permits everything, some of each other kind.
fn zone_kind(intents: &[Intent]) -> ZoneKind {
    let of_first = intents.first().map_or(0, |intent| usize::from(intent.way));
    ZoneKind::ALL.get(of_first % 16).copied().unwrap_or(ZoneKind::ComprehensiveBonded)
}

/// Some histories began before the last change of behaviour.
fn behaviour(intents: &[Intent]) -> u32 {
    let of_first = intents.first().map_or(1, |intent| intent.picks[5]);
    if of_first.is_multiple_of(4) { BEHAVIOUR_FIRST } else { BEHAVIOUR_MAX }
}

/// The commands of a script.
pub fn history((migrated, intents): &Script) -> Vec<Asked> {
    let mut scribe = Scribe::begin(zone_kind(intents), behaviour(intents));
    for (at, intent) in intents.iter().enumerate() {
        scribe.write(intent, at < *migrated);
    }
    scribe.written
}
