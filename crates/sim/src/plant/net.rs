//! A network that answers in place of nodes, delivers twice, or loses what it should carry.

use super::Plant;
use crate::host::VOTERS;
use crate::net::SimulatedListener;
use crate::state::SimulatedState;
use crate::stored::{self, Place, Vote};
use anyhow::{Context, Result, anyhow};
use bytes::Bytes;
use futures::future::{BoxFuture, Either, select};
use openraft_rt::AsyncRuntime;
use parking_lot::Mutex;
use serde::Serialize;
use std::collections::BTreeSet;
use std::io;
use std::pin::pin;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, DuplexStream};
use zonebook_codec::envelope::{self, HEADER_BYTES, Kind};
use zonebook_codec::plain;
use zonebook_consensus::{Listener, Runtime, Stream};
use zonebook_store::identity::Life;
use zonebook_store::state::StateStore;

/// The numbers of requests and answers on the wire.
const APPEND: u32 = 0;
const VOTE: u32 = 1;
const FORWARD: u32 = 6;
const READ_INDEX: u32 = 7;
const APPEND_SUCCESS: u32 = 0;
const VOTED: u32 = 4;
const READ_INDEX_IS: u32 = 15;
/// The tag of what is delivered a second time.
const AGAIN: u64 = 1 << 63;
/// What is under way between a node and its side of the network.
const BUFFER_BYTES: usize = 64 << 10;
/// Appends that begin with a multiple of this are answered early.
const EARLY: u64 = 16;
/// Whom others do not hear.
const UNHEARD: u64 = 3;

/// A listener with a bug in front of it, if there is one for it.
pub fn planted(
    plant: Option<Plant>,
    listener: SimulatedListener,
    node_id: u64,
    state: &SimulatedState,
) -> Box<dyn Listener> {
    match plant {
        Some(
            plant @ (Plant::GrantVotesOnTheWire
            | Plant::AcknowledgeOnTheWire
            | Plant::AnswerReadIndexAlone
            | Plant::ForwardTwice
            | Plant::LoseForwarded
            | Plant::LoseReadIndex),
        ) => Box::new(PlantedListener { plant, listener, node_id, state: state.clone() }),
        _ => Box::new(listener),
    }
}

struct PlantedListener {
    plant: Plant,
    listener: SimulatedListener,
    node_id: u64,
    state: SimulatedState,
}

impl Listener for PlantedListener {
    fn accept(&mut self) -> BoxFuture<'_, io::Result<Box<dyn Stream>>> {
        Box::pin(async move {
            let wire = self.listener.accept().await?;
            let (of_node, node) = tokio::io::duplex(BUFFER_BYTES);
            let (plant, node_id, state) = (self.plant, self.node_id, self.state.clone());
            let between = Between { plant, node_id, state, connection: Mutex::default() };
            drop(Runtime::spawn(async move { drop(between.carry(wire, node).await) }));
            Ok(Box::new(of_node) as Box<dyn Stream>)
        })
    }
}

/// What is said, under the tag of its question.
struct Frame {
    tag: u64,
    body: Vec<u8>,
}

impl Frame {
    fn new(tag: u64, value: &impl Serialize) -> Result<Self> {
        Ok(Self { tag, body: plain::encode(value)? })
    }

    /// Which request or answer it is.
    fn kind(&self) -> Option<u32> {
        self.body.first_chunk().map(|kind| u32::from_le_bytes(*kind))
    }

    async fn read(stream: &mut (impl AsyncRead + Unpin)) -> Result<Self> {
        let mut header = [0; HEADER_BYTES];
        stream.read_exact(&mut header).await?;
        let mut payload = vec![0; envelope::payload_length(Kind::PeerFrame, &header)?];
        stream.read_exact(&mut payload).await?;
        let (tag, body) = payload.split_first_chunk().context("a frame without tag")?;
        Ok(Self { tag: u64::from_le_bytes(*tag), body: body.to_vec() })
    }

    async fn write(&self, stream: &mut (impl AsyncWrite + Unpin)) -> Result<()> {
        let payload = [&self.tag.to_le_bytes(), &self.body[..]].concat();
        stream.write_all(&envelope::header(Kind::PeerFrame, &payload)).await?;
        stream.write_all(&payload).await?;
        Ok(stream.flush().await?)
    }
}

/// What is known of one connection.
#[derive(Default)]
struct Connection {
    /// The node has taken an append, and so will take the next.
    in_step: bool,
    /// Tags of questions that are answered already.
    answered: BTreeSet<u64>,
}

/// Stands between the wire and a node.
struct Between {
    plant: Plant,
    node_id: u64,
    state: SimulatedState,
    connection: Mutex<Connection>,
}

impl Between {
    async fn carry(self, wire: Box<dyn Stream>, node: DuplexStream) -> Result<()> {
        let (mut from_wire, to_wire) = tokio::io::split(wire);
        let (mut from_node, mut to_node) = tokio::io::split(node);
        let to_wire = tokio::sync::Mutex::new(to_wire);
        let hello = Frame::read(&mut from_wire).await?;
        let (_, from, ..): (String, u64, Life, u64) = plain::decode(&hello.body)?;
        hello.write(&mut to_node).await?;
        Frame::read(&mut from_node).await?.write(&mut *to_wire.lock().await).await?;
        let inward = async {
            loop {
                let (passed_on, answer) = self.asked(from, Frame::read(&mut from_wire).await?)?;
                for frame in passed_on {
                    frame.write(&mut to_node).await?;
                }
                if let Some(answer) = answer {
                    answer.write(&mut *to_wire.lock().await).await?;
                }
            }
        };
        let outward = async {
            loop {
                let frame = Frame::read(&mut from_node).await?;
                if self.passes_back(&frame) {
                    frame.write(&mut *to_wire.lock().await).await?;
                }
            }
        };
        let (inward, outward) = (pin!(inward), pin!(outward));
        match select(inward, outward).await {
            Either::Left((ended, _)) | Either::Right((ended, _)) => ended,
        }
    }

    /// What the node hears of what another asks, and what the other is answered in its place.
    fn asked(&self, from: u64, frame: Frame) -> Result<(Vec<Frame>, Option<Frame>)> {
        let tag = frame.tag;
        // With one of three voters that lies, two disks are no longer found for what is said to be on two.
        let spare = self.node_id > VOTERS;
        Ok(match (self.plant, frame.kind()) {
            (Plant::GrantVotesOnTheWire, Some(VOTE)) if spare => {
                let (_, vote, ..): (u32, Vote, Option<Place>, bool) = plain::decode(&frame.body)?;
                (Vec::new(), Some(Frame::new(tag, &(VOTED, vote, true, None::<Place>))?))
            }
            (Plant::AcknowledgeOnTheWire, Some(APPEND)) if spare && self.is_taken(&frame)? => {
                self.connection.lock().answered.insert(tag);
                (vec![frame], Some(Frame::new(tag, &APPEND_SUCCESS)?))
            }
            (Plant::AnswerReadIndexAlone, Some(READ_INDEX)) => {
                let mark = self.state.mark().map_err(|fault| anyhow!(fault.to_string()))?;
                let applied = mark.map(|mark| stored::applied(&mark)).transpose()?.flatten().unwrap_or(0);
                (Vec::new(), Some(Frame::new(tag, &(READ_INDEX_IS, applied))?))
            }
            (Plant::ForwardTwice, Some(FORWARD)) => {
                let again = Frame { tag: tag | AGAIN, body: frame.body.clone() };
                (vec![frame, again], None)
            }
            (Plant::LoseForwarded, Some(FORWARD)) if from == UNHEARD => (Vec::new(), None),
            (Plant::LoseReadIndex, Some(READ_INDEX)) => (Vec::new(), None),
            _ => (vec![frame], None),
        })
    }

    /// Whether an append will be taken as the last one was, and is one of the few that are answered early: a node that
    /// crashed in between would be found out by openraft itself, which asserts that a follower's log never goes back.
    fn is_taken(&self, append: &Frame) -> Result<bool> {
        type Append = (u32, Vote, Option<Place>, Option<Place>, Vec<Bytes>);
        let (.., entries): Append = plain::decode(&append.body)?;
        let first = entries.first().map(stored::place).transpose()?;
        let one_of_few = first.is_some_and(|first| first.index.is_multiple_of(EARLY));
        Ok(one_of_few && self.connection.lock().in_step)
    }

    /// Whether the other node hears an answer.
    fn passes_back(&self, answer: &Frame) -> bool {
        let mut connection = self.connection.lock();
        connection.in_step = answer.kind() == Some(APPEND_SUCCESS);
        !connection.answered.remove(&answer.tag) && answer.tag & AGAIN == 0
    }
}
