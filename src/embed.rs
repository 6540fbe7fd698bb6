//! The build script: the built-in theme and the manual's pages on diagnostics are embedded in the program, so it is
//! built again when one of their files comes, goes or changes.

fn main() {
    #![allow(clippy::print_stdout, reason = "this is how a build script speaks to cargo")]
    println!("cargo:rerun-if-changed=themes");
    println!("cargo:rerun-if-changed=content/diagnostics");
}
