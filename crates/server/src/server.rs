//! A node from its settings to its end.

use crate::admission::Admission;
use crate::checks::{self, Board};
use crate::config::{Config, ConfigError};
use crate::gateway::Gateway;
use crate::{http, room, services, ticker};
use std::collections::BTreeMap;
use std::future::Future;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use thiserror::Error;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tonic::service::RoutesBuilder;
use tonic::transport::server::TcpIncoming;
use zonebook_consensus::{Config as NodeConfig, Node, Parts, StartError, TcpTransport};
use zonebook_exchange::buyer::BuyerKey;
use zonebook_ledger::behaviour::BEHAVIOUR_MAX;
use zonebook_ledger::command::{Command, Founding, Genesis, Proposal};
use zonebook_ledger::permission::{Assignment, Principal};
use zonebook_ledger::query;
use zonebook_ledger::time::{Instant, UtcOffset};
use zonebook_store::archive::ArchiveFolder;
use zonebook_store::identity::{DataFolder, IdentityError};
use zonebook_store::{Openness, RocksLog, RocksState};

/// The only group there is today (`design.md` 7).
pub(crate) const GROUP: u32 = 1;
/// Bytes that a client may send before it is told that they were read: a batch travels without a pause.
const STREAM_WINDOW_BYTES: u32 = 4 << 20;
const CONNECTION_WINDOW_BYTES: u32 = 8 << 20;
/// Calls at a time on one connection; a client with more waits.
const STREAMS_MAX: u32 = 256;
/// A connection that does not answer is closed: the other side may have vanished.
const KEEPALIVE_EVERY: Duration = Duration::from_secs(30);
const KEEPALIVE_DEADLINE: Duration = Duration::from_secs(20);
/// How long requests under way may take when the node stops.
const DRAIN: Duration = Duration::from_secs(5);

/// A node does not serve, or no longer.
#[derive(Debug, Error)]
pub enum ServeError {
    /// The settings.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The data folder.
    #[error(transparent)]
    Identity(#[from] IdentityError),
    /// Its databases.
    #[error("{what}: {error}")]
    Open {
        /// What was to be opened.
        what: String,
        /// Why not.
        error: std::io::Error,
    },
    /// An address.
    #[error("{address} ({key}) cannot be listened on: {error}")]
    Listen {
        /// Which setting.
        key: &'static str,
        /// Which address.
        address: SocketAddr,
        /// Why not.
        error: std::io::Error,
    },
    /// Replication.
    #[error(transparent)]
    Start(#[from] StartError),
    /// Storage failed while it served: nothing more is promised.
    #[error("this node stopped itself: {0}")]
    Failed(String),
    /// The services.
    #[error("the services ended: {0}")]
    Transport(#[from] tonic::transport::Error),
}

/// A node that has started.
pub struct Server {
    node: Node,
    buyers: Option<Arc<BuyerKey>>,
    admission: Admission,
    /// The pause between two runs of the cross checks; none where they are not to run.
    check_every: Option<Duration>,
    creating: tokio::task::JoinHandle<()>,
    measuring: tokio::task::JoinHandle<()>,
    ticking: Option<tokio::task::JoinHandle<()>>,
    databases: [Openness; 2],
    api: TcpListener,
    http: TcpListener,
}

fn now() -> Instant {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    Instant(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}

async fn listen(key: &'static str, address: SocketAddr) -> Result<TcpListener, ServeError> {
    TcpListener::bind(address).await.map_err(|error| ServeError::Listen { key, address, error })
}

fn opened<T>(what: &Path, result: std::io::Result<T>) -> Result<T, ServeError> {
    result.map_err(|error| ServeError::Open { what: what.display().to_string(), error })
}

/// Every connection is a file, and so is every table of the databases: the process takes as many as it may.
fn open_all_files() {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let Rlimit { current, maximum } = getrlimit(Resource::Nofile);
    if current != maximum
        && let Err(error) = setrlimit(Resource::Nofile, Rlimit { current: maximum, maximum })
    {
        tracing::warn!(%error, ?current, "the limit of open files stays");
    }
}

impl Server {
    /// Opens the data, binds the addresses, starts replication.
    ///
    /// # Errors
    /// One of these is not possible.
    pub async fn start(config: &Config) -> Result<Self, ServeError> {
        config.check()?;
        open_all_files();
        let buyers = config.buyers()?.map(Arc::new);
        let fresh = *uuid::Uuid::new_v4().as_bytes();
        let folder = DataFolder::open(&config.data, &config.cluster, config.node, fresh)?;
        let api = listen("api", config.api).await?;
        let http = listen("http", config.http).await?;
        let peer = listen("peer", config.peer).await?;
        let (raft, group) = (config.data.join("raft"), config.data.join("groups").join(GROUP.to_string()));
        let archive = group.join("archive");
        let log = Arc::new(opened(&raft, RocksLog::open(&raft, GROUP))?);
        let state = Arc::new(opened(&group, RocksState::open(&group))?);
        let databases = [log.openness(), state.openness()];
        let parts = Parts {
            log,
            state,
            archive: Arc::new(opened(&archive, ArchiveFolder::open(&archive))?),
            acquaintance: Arc::new(folder),
            transport: Arc::new(TcpTransport),
            listener: Box::new(zonebook_consensus::TcpListener(peer)),
            clock: Arc::new(now),
        };
        let mut settings = NodeConfig::new(&config.cluster, config.node, config.member());
        settings.receiving = Some(group.join("snapshots"));
        settings.snapshot_log_bytes = config.snapshot_log_mib << 20;
        settings.archive_entries = config.archive_entries;
        settings.keep_log_bytes = config.keep_log_mib << 20;
        settings.keep_log_entries = config.keep_log_entries;
        settings.seed = uuid::Uuid::new_v4().as_u64_pair().0;
        let node = Node::start(settings, parts).await?;
        let founders = config.founders();
        node.introduce(founders.as_ref().unwrap_or(&BTreeMap::new())).await;
        // Before it serves, one that remembers is enough: the others may not have met its last session.
        if let Some(why) = node.unrecognised(1) {
            node.shutdown().await;
            drop(node);
            closed(&databases).await;
            return Err(ServeError::Failed(why));
        }
        if let Some(founders) = founders {
            node.initialise(founders).await?;
        }
        let creating = tokio::spawn(create_ledger(node.clone(), config.cluster.clone()));
        let measuring =
            tokio::spawn(room::watch(node.clone(), config.data.clone(), config.reserve_mib << 20));
        let pause = |seconds| Some(Duration::from_secs(seconds)).filter(|every| !every.is_zero());
        let check_every = pause(config.check_every_seconds);
        let tick_every = pause(config.tick_seconds);
        let ticking = tick_every.map(|every| tokio::spawn(ticker::run(node.clone(), every, now)));
        let request_bytes = usize::try_from(config.request_mib << 20).unwrap_or(usize::MAX);
        let admission = Admission::new(request_bytes);
        Ok(Self { node, buyers, admission, check_every, creating, measuring, ticking, databases, api, http })
    }

    /// Serves until told to stop, or until the storage fails.
    ///
    /// # Errors
    /// It did not end because it was told to.
    pub async fn serve(self, stop: impl Future<Output = ()>) -> Result<(), ServeError> {
        let stopping = CancellationToken::new();
        let (health, health_service) = tonic_health::server::health_reporter();
        let mut routes = RoutesBuilder::default();
        let gateway = Gateway { node: self.node.clone(), buyers: self.buyers, reads: Arc::default() };
        services::add_all(&mut routes, &gateway, &health).await;
        let reflection = || {
            tonic_reflection::server::Builder::configure()
                .register_encoded_file_descriptor_set(zonebook_api::DESCRIPTORS)
                .register_encoded_file_descriptor_set(tonic_health::pb::FILE_DESCRIPTOR_SET)
        };
        let failed = |error: tonic_reflection::server::Error| ServeError::Failed(error.to_string());
        // Python's client still asks the alpha version, grpcurl either.
        routes
            .add_service(health_service)
            .add_service(reflection().build_v1().map_err(failed)?)
            .add_service(reflection().build_v1alpha().map_err(failed)?);
        // Without it the kernel holds small answers back for 40 ms; the builder's own setting is for its own listener.
        let incoming = TcpIncoming::from(self.api).with_nodelay(Some(true));
        let mut builder = tonic::transport::Server::builder()
            .initial_stream_window_size(STREAM_WINDOW_BYTES)
            .initial_connection_window_size(CONNECTION_WINDOW_BYTES)
            .max_concurrent_streams(STREAMS_MAX)
            .http2_keepalive_interval(Some(KEEPALIVE_EVERY))
            .http2_keepalive_timeout(Some(KEEPALIVE_DEADLINE))
            .layer(self.admission);
        let grpc = builder
            .add_routes(routes.routes())
            .serve_with_incoming_shutdown(incoming, stopping.clone().cancelled_owned());
        let mut grpc = tokio::spawn(grpc);
        let board = Board::default();
        let watching =
            self.check_every.map(|every| tokio::spawn(checks::watch(gateway, every, board.clone())));
        let probes = axum::serve(self.http, http::router(self.node.clone(), board));
        let probes =
            tokio::spawn(probes.with_graceful_shutdown(stopping.clone().cancelled_owned()).into_future());
        let ended = tokio::select! {
            () = stop => Ok(()),
            why = self.node.failed() => Err(ServeError::Failed(why)),
            served = &mut grpc => Err(ServeError::Failed(format!("the services ended: {served:?}"))),
        };
        self.creating.abort();
        self.measuring.abort();
        if let Some(watching) = watching {
            watching.abort();
        }
        if let Some(ticking) = self.ticking {
            ticking.abort();
        }
        // Leadership goes first, so that others answer while this node drains.
        self.node.shutdown().await;
        stopping.cancel();
        let drained = async {
            drop(grpc.await);
            drop(probes.await);
        };
        drop(tokio::time::timeout(DRAIN, drained).await);
        drop(self.node);
        closed(&self.databases).await;
        ended
    }
}

/// Waits until RocksDB is closed: its threads must not outlive the process's end.
async fn closed(databases: &[Openness; 2]) {
    let closing = async {
        while !databases.iter().all(Openness::is_closed) {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    if tokio::time::timeout(DRAIN, closing).await.is_err() {
        let [log, state] = databases.each_ref().map(|database| !database.is_closed());
        tracing::warn!(log, state, "databases are still in use; what was acknowledged is on disk");
    }
}

/// The first command of a ledger, by whichever node leads first.
async fn create_ledger(node: Node, cluster: String) {
    let genesis = Proposal {
        principal: Principal::loopback(),
        request_id: None,
        ledger_time: None,
        command: Command::Found(Founding {
            genesis: Genesis {
                cluster_id: cluster.as_str().into(),
                utc_offset: UtcOffset::CHINA,
                assignments: vec![Assignment::loopback()],
            },
            // What another member does not know yet stops it by name; founders are of one release.
            behaviour: BEHAVIOUR_MAX,
        }),
    };
    loop {
        if let Ok(view) = node.view(zonebook_consensus::Consistency::Linearizable).await {
            match query::head(&*view) {
                Ok(Some(_)) => return,
                Ok(None) if node.leads() => match node.propose(std::slice::from_ref(&genesis)).await {
                    Ok(_) => return,
                    Err(error) => tracing::debug!(%error, "the ledger is not created yet"),
                },
                Ok(None) => {}
                Err(fault) => {
                    tracing::error!(%fault, "the ledger cannot be read");
                    return;
                }
            }
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}
