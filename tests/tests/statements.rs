//! Statements and cross checks against one node that has taken over a month.

use zonebook_tests::{Office, printed, said};

const BOOK: &str = "T9931W000001";
const OWNER: &str = "99316A3156";

#[test]
fn a_statement_of_a_revision_is_the_same_file_whenever_it_is_asked_for() {
    let office = Office::open();
    let path = |name: &str| office.folder.path().join(name).display().to_string();
    let bytes = |name: &str| std::fs::read(path(name)).unwrap();
    let period = ["--from", "2026-06-04", "--to", "2026-06-21"];
    for (name, more) in [
        ("a.csv", ["--book", BOOK, "--revision", "150"]),
        ("a.xlsx", ["--book", BOOK, "--revision", "150"]),
        ("a.pdf", ["--party", OWNER, "--revision", "150"]),
    ] {
        let again = format!("again-{name}");
        for file in [name, &again] {
            office.node.shown(&[&["statement", "--file", &path(file)], &period[..], &more[..]].concat());
        }
        assert!(bytes(name) == bytes(&again), "{name} differs the second time");
        // What happens later changes nothing of it.
        office.node.shown(&["movement", "release", &format!("NONE-{name}"), "--at", "2026-06-30T08:00:00"]);
        office.node.shown(&[&["statement", "--file", &path(&again)], &period[..], &more[..]].concat());
        assert!(bytes(name) == bytes(&again), "{name} differs after a later revision");
    }
    assert!(bytes("a.pdf").starts_with(b"%PDF-") && bytes("a.xlsx").starts_with(b"PK"));
    let csv = office.node.shown(&["statement", "--book", BOOK]);
    let balance = office.node.shown(&["balance", "list", "--book", BOOK, "-o", "csv"]);
    let inside = balance.lines().filter(|line| line.contains(",ZONE,")).count();
    let closings = csv.lines().filter(|line| line.starts_with("CLOSING,") && line.contains(",ZONE,")).count();
    assert!(inside > 0 && closings == inside, "{closings} closings, {inside} positions");
}

#[test]
fn there_is_no_statement_of_what_is_not_there() {
    let office = Office::open();
    for (arguments, code, words) in [
        (vec!["--book", "NONE"], 3, "there is no book NONE"),
        (vec!["--party", "0000000000"], 3, "0000000000"),
        (vec!["--book", BOOK, "--revision", "99999"], 2, "at_revision"),
        (vec!["--book", BOOK, "--from", "2026-06-20", "--to", "2026-06-10"], 2, "ends at revision"),
        (vec![], 2, "--book"),
    ] {
        let output = office.node.run(&[&["statement"], &arguments[..]].concat());
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {}", said(&output));
        assert!(said(&output).contains(words), "{arguments:?}: {}", said(&output));
    }
}

#[test]
fn a_month_that_was_kept_waits_but_does_not_disagree() {
    let office = Office::open();
    let all = office.node.run(&["check", "--grace-days", "10000", "-o", "csv"]);
    assert_eq!(printed(&all).lines().count(), 1, "{}", printed(&all));
    assert_eq!(all.status.code(), Some(0), "{}", said(&all));
    let waiting = office.node.run(&["check", "--grace-days", "0", "--only", "PARCELS", "-o", "csv"]);
    assert!(
        printed(&waiting).lines().skip(1).all(|line| line.starts_with("PARCELS,")),
        "{}",
        printed(&waiting)
    );
    let wrong = office.node.run(&["check", "--only", "NOTHING"]);
    assert_eq!(wrong.status.code(), Some(2), "{}", said(&wrong));
}
