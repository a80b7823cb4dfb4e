//! The working memory of password hashing, used again and again. An allocator keeps what a thread frees, and each hash may
//! run on another thread: allocated anew for each, 19 MiB at a time grow to hundreds during a crowd at the door.

use argon2::{Block, Params};
use std::sync::{Arc, Mutex, PoisonError};

/// Memory for one hash at a time.
#[derive(Default)]
pub(super) struct Memory(Vec<Block>);

impl Memory {
    /// Works with as many blocks as the parameters ask for; what they hold before does not matter. More than `usual` is
    /// not kept: a single stored hash of other parameters must not make every later one large.
    pub(super) fn with<T>(&mut self, params: &Params, usual: &Params, work: impl FnOnce(&mut [Block]) -> T) -> T {
        let blocks = params.block_count();
        if blocks > usual.block_count() {
            return work(&mut vec![Block::default(); blocks]);
        }
        if self.0.len() < blocks {
            self.0.resize(blocks, Block::default());
        }
        work(&mut self.0[..blocks])
    }
}

/// Memories that nobody uses now: never more than there were hashes at work at a time. Clones share them.
#[derive(Clone, Default)]
pub(super) struct Shelf(Arc<Mutex<Vec<Memory>>>);

impl Shelf {
    /// Works with one of them. A panic loses it, and the next makes another.
    pub(super) fn lend<T>(&self, work: impl FnOnce(&mut Memory) -> T) -> T {
        let mut memory = self.0.lock().unwrap_or_else(PoisonError::into_inner).pop().unwrap_or_default();
        let outcome = work(&mut memory);
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(memory);
        outcome
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn params(m_cost: u32) -> Params {
        Params::new(m_cost, 1, 1, None).unwrap()
    }

    #[test]
    fn what_is_usual_is_kept_and_more_is_not() {
        let (usual, mut memory) = (params(64), Memory::default());
        let seen = [8, 64, 256, 16].map(|m_cost| memory.with(&params(m_cost), &usual, |blocks| blocks.len()));
        assert_eq!((seen, memory.0.len()), ([8, 64, 256, 16], 64));
    }

    #[test]
    fn one_after_the_other_share_one() {
        let shelf = Shelf::default();
        for _ in 0..3 {
            shelf.lend(|memory| memory.with(&params(8), &params(8), |_| ()));
        }
        shelf.lend(|_| shelf.lend(|_| ()));
        assert_eq!(shelf.0.lock().unwrap().len(), 2, "as many as at a time");
    }
}
