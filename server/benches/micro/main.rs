//! Functions that are worth a number of their own. `make bench` reads what criterion writes down of them.

mod mapping;
mod password;
mod vault;

use criterion::Criterion;

fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    vault::seal_and_open(&mut criterion);
    mapping::fifty_rows(&mut criterion);
    password::verify(&mut criterion);
    criterion.final_summary();
}
