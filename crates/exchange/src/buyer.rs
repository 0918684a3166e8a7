//! Buyers of electronic commerce under names that say nothing of them (`design.md` 9).
//!
//! Identity numbers are few enough to be tried one after the other, so a plain hash would hide nothing: the hash takes a
//! key, which every node of a cluster has in its settings and the ledger never sees. The same person has the same hash as
//! long as the key stays the same. The key is not shown, not logged and not sent.

use hmac::{Hmac, Mac};
use sha2::Sha256;
use std::fmt;
use zonebook_ledger::document::BuyerHash;

/// The key of a cluster for the hashes of its buyers.
#[derive(Clone)]
pub struct BuyerKey(Hmac<Sha256>);

impl BuyerKey {
    /// The fewest bytes that a key may have.
    pub const BYTES_MIN: usize = 32;

    /// From its bytes; `None` for fewer than [`Self::BYTES_MIN`].
    #[must_use]
    pub fn new(bytes: &[u8]) -> Option<Self> {
        if bytes.len() < Self::BYTES_MIN {
            return None;
        }
        Hmac::new_from_slice(bytes).ok().map(Self)
    }

    /// The hash of an identity document: `buyerIdType` (1 identity card, 2 other) and `buyerIdNumber`. The number is taken
    /// without spaces around it and in capitals, as a card's last letter is written either way. `None` without a number.
    #[must_use]
    pub fn hash(&self, id_type: &str, id_number: &str) -> Option<BuyerHash> {
        let number = id_number.trim();
        if number.is_empty() {
            return None;
        }
        let mut mac = self.0.clone();
        mac.update(id_type.trim().as_bytes());
        mac.update(b"\0");
        mac.update(number.to_uppercase().as_bytes());
        Some(BuyerHash(mac.finalize().into_bytes().into()))
    }
}

impl fmt::Debug for BuyerKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("BuyerKey(secret)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(byte: u8) -> BuyerKey {
        BuyerKey::new(&[byte; 32]).unwrap()
    }

    #[test]
    fn one_person_has_one_hash_under_one_key() {
        let hash = key(7).hash("1", "11010119900101123X").unwrap();
        assert_eq!(key(7).hash("1", " 11010119900101123x "), Some(hash));
        assert_ne!(key(8).hash("1", "11010119900101123X"), Some(hash));
        assert_ne!(key(7).hash("2", "11010119900101123X"), Some(hash));
        assert_ne!(key(7).hash("1", "110101199001011231"), Some(hash));
        assert_eq!(key(7).hash("1", " "), None);
    }

    /// HMAC-SHA256 as in RFC 4231, case 2, with the key filled up with zero bytes, which HMAC does anyway.
    #[test]
    fn the_hash_is_hmac_sha256() {
        let mut bytes = [0; 32];
        bytes[..4].copy_from_slice(b"Jefe");
        let mut mac = BuyerKey::new(&bytes).unwrap().0;
        mac.update(b"what do ya want for nothing?");
        let hash = BuyerHash(mac.finalize().into_bytes().into());
        assert_eq!(hash.to_string(), "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    }

    #[test]
    fn a_key_is_long_and_is_not_shown() {
        assert!(BuyerKey::new(&[1; 31]).is_none());
        assert_eq!(format!("{:?}", key(65)), "BuyerKey(secret)");
    }
}
