//! The binary: reads the command line and runs one command.

use std::process::ExitCode;

use clap::Parser as _;
use crea::commands::{self, Cli};

fn main() -> ExitCode {
    commands::run(Cli::parse())
}
