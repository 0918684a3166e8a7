//! The main job, as README's first command does it: three processes, the leader killed half way, all tables compared.

use zonebook_tests::folder::copy;
use zonebook_tests::{printed, run, said};

#[test]
fn the_demo_ends_with_every_figure_as_expected() {
    let output = run(&["demo"]);
    assert!(output.status.success(), "{}", said(&output));
    assert_eq!(printed(&output), "demo: everything as expected\n");
}

#[test]
fn the_demo_notices_a_wrong_figure() {
    let folder = tempfile::TempDir::new().unwrap();
    let month = folder.path().join("month");
    copy(&zonebook_tests::month(), &month);
    let table = month.join("expected/balances.csv");
    let text = std::fs::read_to_string(&table).unwrap();
    std::fs::write(&table, text.replacen("37325", "37326", 1)).unwrap();
    let output = run(&["demo", "--month", &month.display().to_string()]);
    assert_eq!(output.status.code(), Some(7), "{}", said(&output));
    assert!(said(&output).contains("balances.csv differs"), "{}", said(&output));
}
