//! Returns limited by their original (`domain.md` 3.1 and 3.4 row 27).

use super::permits::today;
use super::shelf::Shelf;
use super::{ListCopy, Now};
use zonebook_ledger::behaviour::BEHAVIOUR_FIRST;
use zonebook_ledger::code::ListNo;
use zonebook_ledger::direction::{Direction, Mark};
use zonebook_ledger::document::List;
use zonebook_ledger::movement::DocumentState;
use zonebook_ledger::parameter::Parameter;
use zonebook_ledger::reason::Reason;

impl Shelf {
    /// 4561 returned; 4400, 4600, 0300 and 0700 exchanged. Residues leave as residues, and what goes out for a list that
    /// brought products back is limited by that list.
    pub(super) fn is_return(&self, list: &List) -> bool {
        let mode = matches!(list.mode.as_str(), "4561" | "4400" | "4600" | "0300" | "0700");
        let residue_out = list.direction == Direction::Out && list.mark == Mark::Residue;
        mode && list.kind == "0" && list.related_book.is_none() && !residue_out && !self.is_exchange(list)
    }

    /// What a list takes of its original, or of the return for which its products go out, if it names one.
    pub(super) fn returned_by(&self, list: &List) -> Vec<(u64, u64, i128)> {
        let back = self.is_return(list) && list.related_list.is_some();
        let counted = self.is_exchange(list) && self.behaviour > BEHAVIOUR_FIRST;
        if !back && !counted {
            return Vec::new();
        }
        list.lines.iter().map(|line| (line.line, line.number, line.declared.raw())).collect()
    }

    pub(super) fn check_return(&self, list: &List, now: Now) -> Result<(), Reason> {
        if !self.is_return(list) {
            return Ok(());
        }
        let Some(number) = &list.related_list else {
            let free = self.parameter(Parameter::ReturnOriginalRequired, 0, now) == 0;
            return if free { Ok(()) } else { Err(Reason::DocumentUnknown) };
        };
        let original = self.list(number.as_str()).ok_or(Reason::DocumentUnknown)?;
        let content = &original.content;
        let fits = content.book_no == list.book_no
            && content.direction != list.direction
            && content.mark == list.mark
            && matches!(original.state, DocumentState::Posted | DocumentState::Verified);
        if !fits {
            return Err(Reason::ReturnOriginalMismatch);
        }
        let mut before: Vec<(u64, i128)> = Vec::new();
        for line in &list.lines {
            if content.lines.iter().all(|other| other.number != line.number) {
                return Err(Reason::ReturnOriginalMismatch);
            }
            let here: i128 =
                before.iter().filter(|(number, _)| *number == line.number).map(|(_, sum)| sum).sum();
            if line.declared.raw() + here > self.left_to_return(original, line.number) {
                return Err(Reason::ReturnExceedsOriginal);
            }
            before.push((line.number, line.declared.raw()));
        }
        Ok(())
    }

    /// What a list moved of an item, less what is undone of it, less what other lists return.
    pub(super) fn left_to_return(&self, original: &ListCopy, number: u64) -> i128 {
        self.left_of(original, number, |list| list.related_list.as_ref().filter(|_| !self.is_exchange(list)))
    }

    /// The same less what goes out for what came back by it.
    pub(super) fn left_to_exchange(&self, back: &ListCopy, number: u64) -> i128 {
        self.left_of(back, number, |list| list.exchanged_list.as_ref().filter(|_| self.is_exchange(list)))
    }

    fn left_of<'a>(
        &'a self,
        original: &ListCopy,
        number: u64,
        named: impl Fn(&'a List) -> Option<&'a ListNo>,
    ) -> i128 {
        let content = &original.content;
        let of_item = content.lines.iter().filter(|line| line.number == number);
        let moved: i128 = of_item.map(|line| line.declared.raw() - self.undone(original, line.line)[0]).sum();
        let returning = self
            .lists
            .iter()
            .filter(|list| named(&list.content) == Some(&content.list_no) && !list.returned.is_empty());
        let back: i128 = returning
            .map(|list| {
                let shares = list.returned.iter().filter(|(_, of, _)| *of == number);
                shares.map(|(line, _, declared)| declared - self.return_given_back(list, *line)).sum::<i128>()
            })
            .sum();
        moved - back
    }

    /// What a returning list gives back: what is undone of it for good, but not what is missing of what came in.
    fn return_given_back(&self, list: &ListCopy, line: u64) -> i128 {
        let number = &list.content.list_no;
        let approved: i128 = self.parts_of(number, line, |state| state == DocumentState::Posted)[0];
        let unshipped: i128 = match list.content.direction {
            Direction::Out => {
                list.short.iter().filter(|(short, _)| *short == line).map(|(_, part)| part[0]).sum()
            }
            Direction::In => 0,
        };
        approved + unshipped
    }
}
