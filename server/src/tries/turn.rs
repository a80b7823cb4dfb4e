//! One try at a time for an account: first of this process, then of all. A turn that cannot be given back, because its process
//! was killed or the database is away, is forgotten after a while.

use crate::{
    auth::Turn,
    state::State,
    store::{Store, StoreError},
};
use std::time::Duration;
use time::OffsetDateTime;
use tokio::{
    runtime::Handle,
    time::{Instant, sleep},
};
use uuid::Uuid;

/// How long a try waits for those before it, here and elsewhere.
const WAIT: Duration = Duration::from_secs(10);
/// More than any try takes: two seconds for a place at the hash, the hash, and a few statements.
const FORGOTTEN_AFTER: Duration = Duration::from_secs(10);
/// From one look at another process's turn to the next: at first, and at most. A try takes some fifty milliseconds.
const LOOKS: (Duration, Duration) = (Duration::from_millis(15), Duration::from_millis(120));

/// The turn of one try; the next comes when it is dropped.
#[derive(Debug)]
pub struct AccountTurn {
    /// Of this process alone, where there is no other.
    _own: Option<Turn>,
    _row: Option<TurnRow>,
}

/// A turn that stands in the store.
#[derive(Debug)]
struct TurnRow {
    store: Store,
    account: [u8; 32],
    holder: Uuid,
    /// The turn within this process, which goes on when the row is gone: before that it would only wait for the row.
    own: Option<Turn>,
}

impl State {
    /// Waits for the account's turn; `None` after 10 s.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn take_turn(&self, account: [u8; 32]) -> Result<Option<AccountTurn>, StoreError> {
        let began = Instant::now();
        let Some(own) = self.turns.take(account).await else { return Ok(None) };
        let Some(store) = self.counting_together() else {
            return Ok(Some(AccountTurn { _own: Some(own), _row: None }));
        };
        let (mut pause, longest) = LOOKS;
        loop {
            if let Some(mut row) = take_row(store.clone(), account).await? {
                row.own = Some(own);
                return Ok(Some(AccountTurn { _own: None, _row: Some(row) }));
            }
            if began.elapsed() + pause > WAIT {
                return Ok(None);
            }
            sleep(pause).await;
            pause = (pause * 2).min(longest);
        }
    }
}

/// Takes the row, if nobody else has it.
async fn take_row(store: Store, account: [u8; 32]) -> Result<Option<TurnRow>, StoreError> {
    let taking = tokio::spawn(async move {
        let (holder, now) = (Uuid::new_v4(), OffsetDateTime::now_utc());
        let taken = store.take_turn(&account, holder, now, now + FORGOTTEN_AFTER).await?;
        Ok::<_, StoreError>(taken.then(|| TurnRow { store, account, holder, own: None }))
    });
    // A task of its own: whoever goes away in the middle of the statement must not leave the row taken.
    taking.await.unwrap_or(Ok(None))
}

impl Drop for TurnRow {
    fn drop(&mut self) {
        let (store, account, holder, own) = (self.store.clone(), self.account, self.holder, self.own.take());
        // Without a runtime the process is at its end.
        let Ok(runtime) = Handle::try_current() else { return };
        runtime.spawn(async move {
            if let Err(error) = store.give_turn_back(&account, holder).await {
                tracing::warn!(%error, "a turn was not given back: it is forgotten in ten seconds");
            }
            drop(own);
        });
    }
}
