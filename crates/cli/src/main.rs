//! The one binary.

fn main() -> std::process::ExitCode {
    zonebook_cli::main()
}
