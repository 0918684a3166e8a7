//! What stands around every stored byte string that is not a table value: kind, version, length, CRC32C.

use crate::Error;

/// What the bytes inside an envelope are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u16)]
pub enum Kind {
    /// An entry of the Raft log.
    LogEntry = 1,
    /// A vote.
    Vote = 2,
    /// A log id: committed or purged.
    LogMark = 3,
    /// The mark of a state: last applied, membership.
    StateMark = 4,
    /// A frame between nodes.
    PeerFrame = 5,
    /// The manifest of a snapshot.
    Manifest = 6,
    /// A sealed segment of the log.
    ArchiveSegment = 7,
    /// The identity of a data directory.
    Identity = 8,
    /// The manifest of a backup.
    Backup = 9,
}

impl Kind {
    /// The version that this release writes.
    #[must_use]
    pub const fn version(self) -> u16 {
        match self {
            // 2 added the sessions by which a rolled back folder is noticed.
            Self::Identity => 2,
            _ => 1,
        }
    }

    /// The oldest version that this release reads, by [`open_versioned`].
    #[must_use]
    pub const fn oldest(self) -> u16 {
        1
    }
}

/// Bytes in front of the payload.
pub const HEADER_BYTES: usize = 12;

/// Puts a payload into its envelope.
#[must_use]
pub fn seal(kind: Kind, payload: &[u8]) -> Vec<u8> {
    let mut sealed = Vec::with_capacity(HEADER_BYTES + payload.len());
    sealed.extend_from_slice(&header(kind, payload));
    sealed.extend_from_slice(payload);
    sealed
}

/// The header of a payload, for writers that send the two one after the other.
#[must_use]
pub fn header(kind: Kind, payload: &[u8]) -> [u8; HEADER_BYTES] {
    let length = u32::try_from(payload.len()).unwrap_or(u32::MAX).to_le_bytes();
    let version = kind.version().to_le_bytes();
    let kind = (kind as u16).to_le_bytes();
    let crc = crc32c::crc32c(payload).to_le_bytes();
    let mut header = [0; HEADER_BYTES];
    for (slot, byte) in header.iter_mut().zip([&kind[..], &version, &length, &crc].concat()) {
        *slot = byte;
    }
    header
}

/// Takes a payload of the version that this release writes out of its envelope.
///
/// # Errors
/// The bytes are of another kind or version, too short, too long, or damaged.
pub fn open(kind: Kind, sealed: &[u8]) -> Result<&[u8], Error> {
    match open_versioned(kind, sealed)? {
        (version, payload) if version == kind.version() => Ok(payload),
        (found, _) => Err(Error::Version { kind, found }),
    }
}

/// Takes a payload out of its envelope, with its version: this one or a former one.
///
/// # Errors
/// As [`open`].
pub fn open_versioned(kind: Kind, sealed: &[u8]) -> Result<(u16, &[u8]), Error> {
    let (header, payload) = sealed.split_at_checked(HEADER_BYTES).ok_or(Error::TooShort(sealed.len()))?;
    let (version, length) = announced(kind, header)?;
    if payload.len() != length {
        return Err(Error::Length { declared: length, found: payload.len() });
    }
    verify(header, payload)?;
    Ok((version, payload))
}

/// The length of the payload that a header announces.
///
/// # Errors
/// As [`open`].
pub fn payload_length(kind: Kind, header: &[u8]) -> Result<usize, Error> {
    announced(kind, header).map(|(_, length)| length)
}

fn announced(kind: Kind, header: &[u8]) -> Result<(u16, usize), Error> {
    let [k0, k1, v0, v1, l0, l1, l2, l3, ..] = *header else { return Err(Error::TooShort(header.len())) };
    let found = u16::from_le_bytes([k0, k1]);
    if found != kind as u16 {
        return Err(Error::Kind { expected: kind, found });
    }
    let version = u16::from_le_bytes([v0, v1]);
    if !(kind.oldest()..=kind.version()).contains(&version) {
        return Err(Error::Version { kind, found: version });
    }
    Ok((version, u32::from_le_bytes([l0, l1, l2, l3]) as usize))
}

/// Compares a payload with the checksum in its header.
///
/// # Errors
/// They differ.
pub fn verify(header: &[u8], payload: &[u8]) -> Result<(), Error> {
    let [.., c0, c1, c2, c3] = *header else { return Err(Error::TooShort(header.len())) };
    if crc32c::crc32c(payload) != u32::from_le_bytes([c0, c1, c2, c3]) {
        return Err(Error::Checksum);
    }
    Ok(())
}
