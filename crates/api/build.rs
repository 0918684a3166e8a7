//! Compiles the contract. protox is a protobuf compiler in Rust: no `protoc` has to be installed.

use std::error::Error;
use std::path::{Path, PathBuf};

fn main() -> Result<(), Box<dyn Error>> {
    let root = Path::new("../../proto");
    let mut files = Vec::new();
    for entry in std::fs::read_dir(root.join("zonebook/v1"))? {
        files.push(entry?.path());
    }
    files.sort();
    println!("cargo:rerun-if-changed=../../proto");
    let mut compiler = protox::Compiler::new([root])?;
    compiler.include_source_info(true).include_imports(true).open_files(&files)?;
    let descriptors = compiler.file_descriptor_set();
    let output = PathBuf::from(std::env::var("OUT_DIR")?);
    std::fs::write(output.join("zonebook.v1.bin"), compiler.encode_file_descriptor_set())?;
    tonic_prost_build::configure().compile_fds(descriptors)?;
    Ok(())
}
