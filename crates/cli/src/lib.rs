//! `zonebook`: server, demo and client in one binary. The library is what the binary and the tests share.

mod arguments;
mod commands;
pub mod failure;
mod json;
mod moment;
mod output;
pub mod processes;

use arguments::{Arguments, Command};
use clap::Parser;
use failure::Failure;
use std::process::ExitCode;

/// Does what the command line says.
#[must_use]
pub fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return Failure::from(error).report(),
    };
    match runtime.block_on(run(arguments)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => failure.report(),
    }
}

async fn run(arguments: Arguments) -> Result<(), Failure> {
    let online = arguments.online;
    match arguments.command {
        Command::Serve(command) => commands::serve::run(command).await,
        Command::Demo(command) => commands::demo::run(command, online.quiet).await,
        Command::Import(command) => commands::import::run(&online, command).await,
        Command::Export(command) => commands::export::run(&online, command).await,
        Command::Regime(command) => commands::regime::run(&online, command).await,
        Command::Reconcile(command) => commands::reconcile::run(&online, command).await,
        Command::Stock(command) => commands::stock::run(&online, command).await,
        Command::Compare(command) => commands::compare::run(&online, command).await,
        Command::Check(command) => commands::check::run(&online, command).await,
        Command::Movement(command) => commands::movement::run(&online, command).await,
        Command::Correction(command) => commands::correction::correction(&online, command).await,
        Command::Hold(command) => commands::correction::hold(&online, command).await,
        Command::Tally(command) => commands::correction::tally(&online, command).await,
        Command::Gate(command) => commands::gate::run(&online, command).await,
        Command::Permit(command) => commands::permit::permit(&online, command).await,
        Command::Slip(command) => commands::permit::slip(&online, command).await,
        Command::Guarantee(command) => commands::guarantee::run(&online, command).await,
        Command::Licence(command) => commands::licence::run(&online, command).await,
        Command::TransferForm(command) => commands::transfer_form::run(&online, command).await,
        Command::Credit(command) => commands::guarantee::credit(&online, command).await,
        Command::Sale(command) => commands::sale::run(&online, command).await,
        Command::Parcel(command) => commands::parcel::run(&online, command).await,
        Command::Lease(command) => commands::lease::run(&online, command).await,
        Command::Due(command) => commands::deadline::due(&online, command).await,
        Command::Overdue(command) => commands::deadline::overdue(&online, command).await,
        Command::Calendar(command) => commands::deadline::calendar(&online, command).await,
        Command::Consumption(command) => commands::settlement::consumption(&online, command).await,
        Command::Disposal(command) => commands::disposal::disposal(&online, command).await,
        Command::Difference(command) => commands::difference::run(&online, command).await,
        Command::Adjustment(command) => commands::disposal::adjustment(&online, command).await,
        Command::WorkOrder(command) => commands::production::work_order(&online, command).await,
        Command::Research(command) => commands::production::research(&online, command).await,
        Command::Registration(command) => commands::goods_status::registration(&online, command).await,
        Command::StatusChange(command) => commands::goods_status::status_change(&online, command).await,
        Command::Verification(command) => commands::verification::verification(&online, command).await,
        Command::Count(command) => commands::count::run(&online, command).await,
        Command::Receipts(command) => commands::correspondence::receipts(&online, command).await,
        Command::Message(command) => commands::correspondence::message(&online, command).await,
        Command::Parameter(command) => commands::parameter::run(&online, command).await,
        Command::Reference(command) => commands::reference::run(&online, command).await,
        Command::Duty(command) => commands::duty::run(&online, command).await,
        Command::Balance(command) => commands::balance::run(&online, command).await,
        Command::Statement(command) => commands::statement::run(&online, command).await,
        Command::Book(command) => commands::book::run(&online, command).await,
        Command::Zone(command) => commands::zone::run(&online, command).await,
        Command::Party(command) => commands::zone::party(&online, command).await,
        Command::Cluster(command) => commands::cluster::run(&online, command).await,
        Command::Backup(command) => commands::backup::run(&online, command).await,
        Command::Offline(command) => commands::offline::run(&online, command).await,
        Command::Doctor(command) => commands::doctor::run(&online, command).await,
        Command::Completion { shell } => {
            arguments::complete(shell);
            Ok(())
        }
    }
}
