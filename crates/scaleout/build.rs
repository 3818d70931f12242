//! Compiles the checked-in contract; no protoc is needed.

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let file = "proto/packmule/scaleout/v1/scaleout.proto";
    println!("cargo::rerun-if-changed={file}");
    let descriptors = protox::compile([file], ["proto"])?;
    tonic_prost_build::configure().compile_fds(descriptors)?;
    Ok(())
}
