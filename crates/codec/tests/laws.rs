//! Laws of bytes at rest, on values and bytes that chance makes.

mod common;

use common::{Seed, keys, rows};
use proptest::prelude::*;
use zonebook_codec::envelope::{self, Kind};
use zonebook_codec::{key, plain, row};
use zonebook_ledger::command::Proposal;
use zonebook_ledger::event::Event;
use zonebook_ledger::state::Row;

/// Few characters, so that equal texts and prefixes of each other are common.
fn seed() -> impl Strategy<Value = Seed> {
    let text = prop_oneof!["[\u{0}\u{1}\u{2}A文]{0,4}", any::<String>()];
    let number = prop_oneof![0..4_u64, 254..258_u64, any::<u64>()];
    let raw = prop_oneof![-300..300_i128, any::<i128>()];
    ("[ AB文]{1,3}", text, number, raw, any::<bool>()).prop_map(|(code, text, number, raw, full)| Seed {
        code,
        text,
        number,
        raw,
        full,
    })
}

/// Bytes that are nothing, and bytes that are nearly something.
fn damaged() -> impl Strategy<Value = Vec<u8>> {
    let nearly = (seed(), any::<prop::sample::Index>(), any::<prop::sample::Index>(), any::<u8>());
    let nearly = nearly.prop_map(|(seed, which, place, byte)| {
        let rows = rows(&seed);
        let keys = keys(&seed);
        let at = which.index(rows.len() + keys.len());
        let mut bytes = match rows.get(at) {
            Some((_, row)) => row::encode(row).unwrap(),
            None => key::encode(&keys[at - rows.len()]),
        };
        let place = place.index(bytes.len());
        bytes[place] = byte;
        bytes
    });
    prop_oneof![prop::collection::vec(any::<u8>(), 0..200), nearly]
}

proptest! {
    #[test]
    fn a_row_comes_back(seed in seed()) {
        for (table, row) in rows(&seed) {
            let bytes = row::encode(&row).unwrap();
            prop_assert_eq!(row::decode(table, &bytes), Ok(row));
        }
    }

    #[test]
    fn a_key_comes_back(seed in seed()) {
        for key in keys(&seed) {
            prop_assert_eq!(key::decode(&key::encode(&key)), Ok(key));
        }
    }

    #[test]
    fn bytes_of_keys_are_in_the_order_of_keys(one in seed(), other in seed(), mixed in any::<bool>()) {
        // The second shares its number with the first half of the time: later parts decide then.
        let other = if mixed { Seed { code: one.code.clone(), number: one.number, ..other } } else { other };
        for a in keys(&one) {
            for b in keys(&other) {
                prop_assert_eq!(key::encode(&a).cmp(&key::encode(&b)), a.cmp(&b), "{:?} {:?}", a, b);
            }
        }
    }

    #[test]
    fn no_bytes_make_a_reader_panic(bytes in damaged(), table in any::<u8>()) {
        for table in (0..=24).chain([table]) {
            // What can be read is written the same way again where the form is canonical.
            if let Ok(row @ (Row::Position(_) | Row::Journal(_) | Row::Lines(_))) = row::decode(table, &bytes) {
                prop_assert_eq!(row::encode(&row), Ok(bytes.clone()));
            }
        }
        if let Ok(key) = key::decode(&bytes) {
            prop_assert_eq!(key::encode(&key), bytes.clone());
        }
        let _ = envelope::open(Kind::Vote, &bytes);
        let _ = plain::decode::<Proposal>(&bytes);
        let _ = plain::decode::<Event>(&bytes);
    }

    #[test]
    fn a_flipped_bit_in_an_envelope_is_found(
        payload in prop::collection::vec(any::<u8>(), 0..100),
        place in any::<prop::sample::Index>(),
        bit in 0..8_u8,
    ) {
        let mut sealed = envelope::seal(Kind::LogEntry, &payload);
        prop_assert_eq!(envelope::open(Kind::LogEntry, &sealed), Ok(payload.as_slice()));
        let place = place.index(sealed.len());
        sealed[place] ^= 1 << bit;
        prop_assert!(envelope::open(Kind::LogEntry, &sealed).is_err(), "byte {}, bit {}", place, bit);
    }
}
