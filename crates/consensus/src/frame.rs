//! What nodes say to each other: requests with a tag, answers with the same tag, in envelopes with a checksum.

use crate::stored::{Mark, Vote};
use bytes::{Bytes, BytesMut};
use serde::{Deserialize, Serialize};
use std::io;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use zonebook_codec::envelope::{self, HEADER_BYTES, Kind};
use zonebook_codec::plain;
use zonebook_ledger::outcome::Applied;
use zonebook_store::identity::{Life, Recognition};
use zonebook_store::snapshot::Frame as SnapshotFrame;

/// No frame is longer: one append is at most 2 MiB of entries, unless a single entry is larger.
const FRAME_BYTES_MAX: usize = 64 << 20;

/// The first frame on a connection.
#[derive(Debug, Serialize, Deserialize)]
pub struct Hello {
    pub cluster_id: String,
    pub from: u64,
    pub life: Life,
    pub to: u64,
}

/// The answer to it: the life of the node that was reached, or why it does not talk.
pub type Welcome = Result<Life, Rejection>;

/// Why a node does not talk to another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Rejection {
    /// Somebody else was meant, or the node cannot write down whom it meets.
    NotMeant(String),
    /// The one that called is not the one that was met before under its number.
    Unrecognised(Recognition),
}

impl Rejection {
    /// The reason in words, for the node that is rejected.
    #[must_use]
    pub fn of(&self, node: u64) -> String {
        let comes_with = match self {
            Self::NotMeant(reason) => return reason.clone(),
            Self::Unrecognised(Recognition::RolledBack) => "an older copy of its data folder",
            Self::Unrecognised(_) => "another data folder than before",
        };
        format!("node {node} comes with {comes_with}: give it a new number")
    }
}

/// A request.
#[derive(Debug, Serialize, Deserialize)]
pub enum Request {
    Append {
        vote: Vote,
        previous: Option<Mark>,
        committed: Option<Mark>,
        entries: Vec<Bytes>,
    },
    Vote {
        vote: Vote,
        last: Option<Mark>,
        transfer: bool,
    },
    PreVote {
        vote: Vote,
        last: Option<Mark>,
        transfer: bool,
    },
    TransferLeader {
        from: Vote,
        to: u64,
        last: Option<Mark>,
    },
    Snapshot {
        vote: Vote,
    },
    SnapshotFrame(SnapshotFrame),
    Forward(Vec<Bytes>),
    ReadIndex,
    /// The digest after a revision.
    Digest(u64),
    /// The one that was reached is not the one that was met before; nothing follows.
    Unrecognised(Recognition),
    /// The highest behaviour that the program knows.
    BehaviourMax,
    /// A log entry that the one who asks will have for ever.
    Reached(u64),
    /// A sealed segment of the archive, from a byte on.
    Segment {
        first: u64,
        last: u64,
        offset: u64,
    },
}

/// The answer to a request.
#[derive(Debug, Serialize, Deserialize)]
pub enum Response {
    AppendSuccess,
    AppendPartial(Option<Mark>),
    AppendConflict,
    AppendHigherVote(Vote),
    Voted {
        vote: Vote,
        granted: bool,
        last: Option<Mark>,
    },
    LeaderTransferred,
    LeaderTransferVoteChanged {
        expected: Vote,
        actual: Vote,
    },
    LeaderTransferNotFlushed {
        expected: Option<Mark>,
        actual: Option<Mark>,
    },
    SnapshotTaken,
    SnapshotInstalled {
        vote: Vote,
    },
    Applied(Vec<Applied>),
    NotProposed(String),
    /// When there will be room, in milliseconds.
    Overloaded(u64),
    NoRoom(String),
    OutcomeUnknown(String),
    ReadIndex(u64),
    Digest(Option<[u8; 32]>),
    Refused(String),
    BehaviourMax(u32),
    Noted,
    Segment {
        bytes: Vec<u8>,
        total: u64,
    },
}

/// Sends a frame.
pub async fn write(
    stream: &mut (impl AsyncWrite + Unpin + ?Sized),
    tag: u64,
    value: &impl Serialize,
) -> io::Result<()> {
    let mut payload = tag.to_le_bytes().to_vec();
    plain::encode_into(value, &mut payload).map_err(invalid)?;
    if payload.len() > FRAME_BYTES_MAX {
        return Err(io::Error::other(format!("a frame of {} bytes is too long", payload.len())));
    }
    stream.write_all(&envelope::header(Kind::PeerFrame, &payload)).await?;
    stream.write_all(&payload).await?;
    stream.flush().await
}

/// Receives a frame.
pub async fn read<T: serde::de::DeserializeOwned>(
    stream: &mut (impl AsyncRead + Unpin + ?Sized),
) -> io::Result<(u64, T)> {
    let mut header = [0; HEADER_BYTES];
    stream.read_exact(&mut header).await?;
    let length = envelope::payload_length(Kind::PeerFrame, &header).map_err(invalid)?;
    if length > FRAME_BYTES_MAX {
        return Err(io::Error::other(format!("a frame of {length} bytes is too long")));
    }
    let mut payload = BytesMut::zeroed(length);
    stream.read_exact(&mut payload).await?;
    envelope::verify(&header, &payload).map_err(invalid)?;
    let (tag, body) = payload.split_first_chunk().ok_or_else(|| io::Error::other("a frame without tag"))?;
    Ok((u64::from_le_bytes(*tag), plain::decode(body).map_err(invalid)?))
}

fn invalid(error: zonebook_codec::Error) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, error)
}
