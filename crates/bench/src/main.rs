//! Drives a running cluster over gRPC and says what it did: movements and lines a second, latencies, bytes, CPU.
//!
//! A line counts when its movement was accepted and answered after apply; refused movements are counted apart.

mod arguments;
mod cost;
mod load;
mod report;

use anyhow::Context;
use arguments::Arguments;
use clap::Parser;
use std::time::Duration;
use zonebook_bench::books;
use zonebook_client::{Client, Options};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let arguments = Arguments::parse();
    let options = Options {
        deadline: Duration::from_secs(60),
        attempt: Duration::from_secs(20),
        waits_when_busy: arguments.rate.is_none(),
    };
    let client = Client::new(arguments.server.clone(), options);
    let status = client.find_leader().await.context("no cluster answers")?;
    let usage = match arguments.workload {
        arguments::Workload::Parcels => books::E_COMMERCE,
        _ => books::STORE,
    };
    let book = books::prepare(&client, usage, arguments.items).await.context("filing the book")?;
    if arguments.positions > 0 {
        books::fill(&client, arguments.positions).await.context("filling the ledger")?;
    }
    let mut runs = Vec::new();
    for &callers in &arguments.callers {
        for &lines in &arguments.lines {
            let shape = load::Shape::new(&arguments, callers, lines);
            let before = cost::measure(&arguments);
            let measured = load::run(&client, &book, &shape).await.context("the load broke off")?;
            runs.push(report::Run::new(shape, measured, cost::measure(&arguments).since(&before)));
        }
    }
    report::print(&arguments, &status, &runs)
}
