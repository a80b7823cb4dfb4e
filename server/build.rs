//! A new migration file must rebuild the server, which has the migrations inside.

fn main() {
    println!("cargo:rerun-if-changed=../migrations");
}
