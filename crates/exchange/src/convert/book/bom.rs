//! `EmsPutrecUcnsDt`: what a product takes of its materials (`RULES.md` 4.4).

use super::amended;
use crate::convert::Converted;
use crate::convert::fields::Fields;
use crate::schema::Records;
use zonebook_ledger::code::BomVersion;
use zonebook_ledger::document::BomRow;

const ROW: &str = "EmsPutrecUcnsDt";

/// All of them, in order. They have no numbers of their own, so errors count them from 1.
pub(super) fn rows(records: &Records<'_>, bytes: &[u8]) -> Converted<Vec<BomRow>> {
    let counted = records.all(ROW).zip(1..);
    counted.map(|(record, line)| row(&Fields::counted(record, Some(line), bytes))).collect()
}

fn row(row: &Fields<'_, '_>) -> Converted<BomRow> {
    Ok(BomRow {
        amended: amended(row),
        product: row.reference("endprdSeqno"),
        version: row.read("ucnsVerno", BomVersion::new)?,
        material: row.reference("mtpckSeqno"),
        net: row.factor_or_zero("netUseupQty")?,
        tangible_loss: row.factor_or_zero("tgblLossRate")?,
        intangible_loss: row.factor_or_zero("intgbLossRate")?,
        // A share of nothing is a share, so one that is not there must not read as it.
        bonded_share: row.factor("bondMtpckPrpr")?,
        unit_consumption: row.factor_or_zero("ucnsQty")?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::convert::testing::{record, refused, rows as records};
    use zonebook_ledger::quantity::Factor;
    use zonebook_ledger::reason::Reason;

    const VALUES: &[(&str, &str)] = &[
        ("endprdSeqno", "1"),
        ("mtpckSeqno", "3"),
        ("ucnsVerno", "26060101"),
        ("ucnsQty", "0.013020833"),
        ("netUseupQty", "0.0125"),
        ("tgblLossRate", "4"),
        ("modfMarkcd", "3"),
        ("bondMtpckPrpr", "100"),
    ];

    fn read(values: &[(&'static str, &str)]) -> Converted<Vec<BomRow>> {
        rows(&records(vec![record(ROW, VALUES, &[]), record(ROW, VALUES, values)]), b"")
    }

    #[test]
    fn factors_have_nine_digits_and_losses_may_be_left_out() {
        let row = read(&[("tgblLossRate", "")]).unwrap().remove(1);
        assert_eq!(row.unit_consumption, Factor::parse("0.013020833").unwrap());
        assert_eq!((row.product, row.material, row.amended), (1, 3, true));
        assert!(row.tangible_loss.is_zero() && row.intangible_loss.is_zero());
    }

    #[test]
    fn what_names_nothing_is_left_to_the_rules() {
        let row = read(&[("endprdSeqno", ""), ("mtpckSeqno", "-1"), ("netUseupQty", "")]).unwrap().remove(1);
        assert_eq!((row.product, row.material), (0, 0));
        assert!(row.net.is_zero());
    }

    #[test]
    fn a_share_and_a_version_must_be_there() {
        for field in ["bondMtpckPrpr", "ucnsVerno"] {
            let refusal = refused(read(&[(field, "")]), Reason::InvalidField, field, "");
            assert_eq!(refusal.line, Some(2));
        }
        let text = "0.0000000001";
        refused(read(&[("netUseupQty", text)]), Reason::InvalidField, "netUseupQty", text);
    }
}
