//! `docs/matrix.md` is the posting matrix as a page for people, made from the table.
//!
//! `ZONEBOOK_REWRITE_PAGES=1` writes it anew.

use std::path::Path;
use zonebook_ledger::book::UNDER_CASE;
use zonebook_ledger::deadline::RULES as DEADLINES;
use zonebook_ledger::hold::{HOLD_RULES, Step};
use zonebook_ledger::matrix::{
    Approver, Claim, End, Leg, Line, MATRIX, Made, Need, Of, Posting, Provenance, Rule, When,
};
use zonebook_ledger::measure::Unit;
use zonebook_ledger::permit_kind::{Moves, PERMIT_KINDS};
use zonebook_ledger::zone::ZONE_KINDS;

fn condition(when: &When) -> String {
    let line = when.line.map(|line| match line {
        Line::First => "first line".to_owned(),
        Line::Second => "second line".to_owned(),
    });
    let usage = when.usage.map(|usage| format!("book {usage}"));
    let regime = when.regime.map(|regime| format!("regime {regime}"));
    let mark = when.mark.map(|mark| format!("mark {mark}"));
    let modes = when.modes.map(|modes| format!("mode {}", modes.join(", ")));
    let related =
        when.related.map(|related| if related { "names a partner's book" } else { "names no book" });
    let exchange = when
        .exchange
        .map(|exchange| if exchange { "in exchange for products that came back" } else { "not in exchange" });
    // Nothing is said where products are made here, as it is of all that follow.
    let made = match when.made {
        Some(Made::OutsideAndBack) => Some("names the permit under which its products were made outside"),
        Some(Made::Outside) => {
            Some("names the approval by which its products leave from where they were made")
        }
        Some(Made::Here) | None => None,
    };
    let said = [related, exchange, made].map(|said| said.map(str::to_owned));
    let all = [line, usage, regime, mark, modes].into_iter().chain(said);
    all.flatten().collect::<Vec<_>>().join("; ")
}

fn document(of: &Of) -> String {
    match of {
        Of::List(kind, direction, when) => {
            let condition = condition(when);
            let separator = if condition.is_empty() { "" } else { "; " };
            format!("list of kind {kind}, {direction}{separator}{condition}")
        }
        Of::Slip(kinds, direction, mark) => {
            let kinds: Vec<&str> = kinds.iter().map(|kind| kind.code()).collect();
            let mark = mark.map(|mark| format!("; mark {mark}")).unwrap_or_default();
            format!("slip {direction} under a permit of kind {}{mark}", kinds.join(", "))
        }
        Of::Filed(matter) => format!("filed: {matter}"),
        Of::Decided(matter, outcome) => format!("decided: {matter}, {outcome}"),
        Of::Registration(direction) => format!("gate registration {direction}; book NON_BONDED"),
        Of::Other(words) => (*words).to_owned(),
    }
}

fn end(end: End) -> &'static str {
    match end {
        End::Stock => "stock",
        End::At(place) => place.code(),
    }
}

fn legs(name: &str, legs: &[Leg]) -> Option<String> {
    let one = |leg: &Leg| {
        let units: Vec<&str> = leg.units.iter().map(|unit| unit.name()).collect();
        let units = if leg.units.len() == Unit::ALL.len() {
            String::new()
        } else {
            format!(" ({})", units.join(", "))
        };
        format!("{} → {}{units}", end(leg.from), end(leg.to))
    };
    let all: Vec<String> = legs.iter().map(one).collect();
    (!all.is_empty()).then(|| format!("{name}{}", all.join("; ")))
}

fn moves(rule: &Rule) -> String {
    let parts = [
        legs("", rule.legs),
        legs("materials ", rule.bom_legs),
        legs("results ", rule.result_legs),
        legs("on arrival ", rule.onward_legs),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join("; ")
}

fn joined(separator: &str, parts: impl Iterator<Item = String>) -> String {
    parts.collect::<Vec<_>>().join(separator)
}

const fn posted(posting: Posting) -> &'static str {
    match posting {
        Posting::AtBothGates => "released, where declared, and all goods through the gate",
        Posting::AtRelease => "released, where declared",
        Posting::AtGate => "all goods through the gate",
        Posting::WithPartner => "with the partner's list, on its acceptance",
        Posting::ThroughTransit => "out of the gate into transit; then with the partner's list",
        Posting::OnApproval => "on the last approval; reserved until then",
        Posting::WithList => "with the list that gathers it",
        Posting::AtOnce => "at once",
        Posting::Reversal => "takes back what another row announced",
    }
}

const fn claims(claim: Claim) -> &'static str {
    match claim {
        Claim::None => "",
        Claim::Bill => "what entered on its bill of lading",
        Claim::Slips => "the slips it declares, exactly",
        Claim::Permit => "what is out under its permit",
        Claim::Processing => "what its permit says that the results are made of, exactly",
        Claim::DirectExit => {
            "what customs approved that does not come back, and what is out under its permit"
        }
        Claim::Parcels => "the parcels it gathers, exactly",
        Claim::Original => "the list whose goods come back, where it names one",
        Claim::Exchange => "the list by which products came back, all such lists together",
        Claim::TransferForm => "the transfer form, where it names one or customs asks for one",
    }
}

const fn needs(need: Need) -> &'static str {
    match need {
        Need::Licence => "on the second line an import licence, where the tariff asks for one",
        Need::RepairCatalogue => {
            "units of the repair catalogue or own-group products, where customs asks for that"
        }
        Need::LeaseContract => "each asset under an open lease, where customs asks for that",
        Need::RentDeclared => "the rent paid by then declared, where customs asks for that",
    }
}

fn approver(approver: Approver) -> String {
    match approver {
        Approver::System => "checks".into(),
        Approver::Customs => "customs".into(),
        Approver::CustomsLevels(parameter) => format!("customs, {parameter}"),
        Approver::Gate => "gate".into(),
        Approver::Enterprise => "enterprise".into(),
    }
}

const fn provenance(provenance: Provenance) -> &'static str {
    match provenance {
        Provenance::Nothing => "",
        Provenance::Document => "as the document says",
        Provenance::Taken => "as what they are taken from",
        Provenance::Inherited => "as other goods that they go on from",
        Provenance::Converted => "by their materials",
    }
}

fn steps(steps: &[Step]) -> String {
    let said = |step: &Step| match step {
        Step::Use => "new slips, lists and passes under it",
        Step::Amend => "change, closing, taking back",
        Step::Passage => "passes and passage",
        Step::Gather => "being declared or gathered",
    };
    steps.iter().map(said).collect::<Vec<_>>().join("; ")
}

const fn movement(moves: Moves) -> &'static str {
    match moves {
        Moves::DeclaredLater => "by slips, shipped and declared later; not for the discredited",
        Moves::OnForm => "by slips, out on the form",
        Moves::Processed => "by lists, in the zone",
    }
}

fn page() -> String {
    let mut page = String::from(
        "# The posting matrix\n\nMade from `crates/ledger/src/matrix.rs`; a test fails when it is stale. Numbers are those of \
         `domain.md` 3.4.\nOf several rows that fit a list the first counts. `stock` is `ZONE`; for residues `SCRAP`, in a \
         repair book `REMOVED_PART`.\nA reserved transfer takes from `available` at once; it becomes actual when the row is \
         posted, all lines in one step.\nOf every list, slip and permit the book is live and in validity, its owner files, items are filed with their units and \
         not stopped,\nand what is taken is available; the columns say what is asked besides, who lets the movement go, where \
         it is said what the goods are\n(origin, price, duty), and what falls due while it waits or after it.\n\n\
         | # | row | for | moves | posted when | answers to | needs | let go by | goods are | falls due |\n\
         |--:|---|---|---|---|---|---|---|---|---|\n",
    );
    for rule in MATRIX {
        let cells = [
            rule.number.to_string(),
            format!("`{}`", rule.row),
            document(&rule.of),
            moves(rule),
            posted(rule.posting).to_owned(),
            claims(rule.claim).to_owned(),
            joined("; ", rule.needs.iter().map(|need| needs(*need).to_owned())),
            joined(", ", rule.approvers.iter().map(|one| approver(*one))),
            provenance(rule.provenance).to_owned(),
            joined(", ", rule.deadlines.iter().map(ToString::to_string)),
        ];
        page.push_str(&format!("| {} |\n", cells.join(" | ")));
    }
    page.push_str(
        "\n## Permits by kind\n\nMade from `crates/ledger/src/permit_kind.rs`: what each kind allows. Days are parameters; 0 is no \
         limit. None needs a guarantee; the quantities of\nits lines limit what goes out, or is made, whatever comes back.\n\n\
         | kind | for | goods | settled by list of kind | BOM | lasts | extended | out for | place | books |\n|---|---|---|---|---|---|---|---|---|---|\n",
    );
    for rule in PERMIT_KINDS {
        let cells = [
            rule.kind.code(),
            rule.says,
            movement(rule.moves),
            rule.settled_by.map_or("-", |kind| kind.code()),
            if rule.has_bom { "yes" } else { "-" },
            rule.lasts.code(),
            if rule.extends_once { "once" } else { "again" },
            rule.out_for.map_or("its last day", |days| days.code()),
            if rule.needs_place { "where DISPLAY_PLACE_REQUIRED says so" } else { "-" },
            if rule.logistics_only { "logistics, STORE or CBEC" } else { "bonded" },
        ];
        page.push_str(&format!("| {} |\n", cells.join(" | ")));
    }
    page.push_str(
        "\n## Deadlines\n\nMade from `crates/ledger/src/deadline.rs`: what falls due by itself. Their days are parameters; one \
         that asks for a filing moves to\nthe next working day where `DEADLINES_MOVE` says so.\n\n\
         | deadline | asks for a filing | ends when the goods are gone | who has to act |\n|---|---|---|---|\n",
    );
    for rule in DEADLINES {
        let said = |yes| if yes { "yes" } else { "-" };
        let cells = [rule.kind.code(), said(rule.moves), said(rule.until_gone), rule.duty.code()];
        page.push_str(&format!("| {} |\n", cells.join(" | ")));
    }
    page.push_str(
        "\n## Holds\n\nMade from `crates/ledger/src/hold.rs`: what customs may stop besides lists (`DOCUMENT_HELD`), and what is \
         stopped still after a release before inspection.\n\n\
         | document | can be held | a hold stops | stopped still before inspection |\n|---|---|---|---|\n",
    );
    for rule in HOLD_RULES {
        let states: Vec<&str> = rule.states.iter().map(|state| state.code()).collect();
        let before = rule.before_inspection.map_or_else(|| "not released so".to_owned(), steps);
        page.push_str(&format!(
            "| {} | {} | {} | {before} |\n",
            rule.kind,
            states.join(", "),
            steps(rule.stops)
        ));
    }
    page.push_str(
        "\n## Kinds of zone\n\nMade from `crates/ledger/src/zone.rs`. Books that cannot be opened in a zone are refused \
         `ZONE_KIND_FORBIDS`. Where the\nparameter `ZONE_FUNCTIONS_CHECK` says so, lists of a mode and permits of a kind \
         that it is not for are refused likewise, and a\nlist with the transport code of another kind of zone \
         `ZONE_KIND_MISMATCH`, but for a transfer to or from a zone of that kind.\nStorage says how long goods stay before \
         a deadline falls; the refund of export tax is for what enters from the domestic side.\n\n\
         | zone | no books | no usages | no modes | no permits | transport | storage | refund | what it says |\n\
         |---|---|---|---|---|---|---|---|---|\n",
    );
    for rule in ZONE_KINDS {
        let named = |codes: Vec<&str>| if codes.is_empty() { "-".to_owned() } else { codes.join(", ") };
        let cells = [
            rule.zone.to_string(),
            named(rule.forbidden_books.iter().map(|kind| kind.code()).collect()),
            named(rule.forbidden_usages.iter().map(|usage| usage.code()).collect()),
            named(rule.forbidden_modes.to_vec()),
            named(rule.forbidden_permits.iter().map(|kind| kind.code()).collect()),
            named(rule.transports.to_vec()),
            rule.storage.to_string(),
            rule.refund.to_string(),
            rule.says.to_owned(),
        ];
        page.push_str(&format!("| {} |\n", cells.join(" | ")));
    }
    page.push_str(
        "\n## Books under investigation\n\nMade from `crates/ledger/src/book.rs`: what is refused with `BOOK_UNDER_CASE` \
         until the case is lifted.\n\n| act | taken |\n|---|---|\n",
    );
    for (act, taken) in UNDER_CASE {
        page.push_str(&format!("| {act} | {} |\n", if *taken { "yes" } else { "no" }));
    }
    page
}

#[test]
fn the_page_is_that_of_the_table() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/matrix.md");
    if std::env::var_os("ZONEBOOK_REWRITE_PAGES").is_some() {
        std::fs::write(&file, page()).unwrap();
    }
    let written = std::fs::read_to_string(&file).unwrap_or_default();
    assert!(written == page(), "docs/matrix.md is stale: run with ZONEBOOK_REWRITE_PAGES=1");
}
