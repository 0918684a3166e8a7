//! `serve`: a node until it is told to stop.

use crate::arguments::Serve;
use crate::failure::{Failure, code};
use tokio::signal::unix::{SignalKind, signal};
use zonebook_server::{Config, Server};

pub async fn run(command: Serve) -> Result<(), Failure> {
    let mut config = match &command.config {
        Some(path) => Config::read(path).map_err(Failure::usage)?,
        None => Config::default(),
    };
    config.data = command.data.unwrap_or(config.data);
    config.api = command.api.unwrap_or(config.api);
    config.peer = command.peer.unwrap_or(config.peer);
    config.http = command.http.unwrap_or(config.http);
    config.buyer_key = command.buyer_key.or(config.buyer_key);
    config.tick_seconds = command.tick_seconds.unwrap_or(config.tick_seconds);
    let filter = tracing_subscriber::EnvFilter::try_from_env("ZONEBOOK_LOG")
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("warn,openraft=error"));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
    let mut terminated = signal(SignalKind::terminate())?;
    let mut interrupted = signal(SignalKind::interrupt())?;
    let server = Server::start(&config).await.map_err(|error| Failure::new(code::FAILED, error))?;
    eprintln!(
        "zonebook: node {} of {} serves {} (gRPC), {} (probes), data in {}",
        config.node,
        config.cluster,
        config.api,
        config.http,
        config.data.display()
    );
    let stop = async move {
        tokio::select! {
            _ = terminated.recv() => {}
            _ = interrupted.recv() => {}
        }
        eprintln!("zonebook: stopping");
    };
    server.serve(stop).await.map_err(|error| Failure::new(code::FAILED, error))
}
