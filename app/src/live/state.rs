//! What a tab knows of what is new, and how a page takes part.

use crate::error::AppError;
use leptos::{leptos_dom::helpers::TimeoutHandle, prelude::*};
use serde::{Serialize, de::DeserializeOwned};
use std::{rc::Rc, time::Duration};

/// What a page shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Conversations and their messages.
    Conversations,
    /// Appointments.
    Appointments,
}

/// How the tab stands.
#[cfg_attr(not(target_arch = "wasm32"), expect(dead_code, reason = "a server has no tab"))]
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) enum Standing {
    /// Nothing that is open listens.
    #[default]
    Silent,
    /// Not told anything yet.
    Waiting,
    /// News come as they happen.
    Live,
    /// The connection was lost, and comes back by itself.
    Reconnecting,
    /// The project does not answer: since when, in words.
    Stale(String),
    /// Nobody touched the page for long.
    Resting,
    /// Painel refuses to tell.
    Off,
}

/// What a tab knows. One for all pages.
#[derive(Clone, Copy)]
pub struct Live {
    pub(super) standing: RwSignal<Standing>,
    /// For whoever points at the mark: "mudou às 14:32".
    pub(super) detail: RwSignal<String>,
    /// How often something new of each kind was told.
    news: [RwSignal<u32>; 2],
    /// Pages that are open and take part.
    pub(super) readers: RwSignal<u32>,
}

/// What a page reads: what a resource holds.
pub trait Read: Send + Sync + Serialize + DeserializeOwned + 'static {}

impl<T: Send + Sync + Serialize + DeserializeOwned + 'static> Read for T {}

/// Gives all pages the one [`Live`]; in a browser it begins to listen as soon as a page takes part.
pub fn provide_live() {
    let live = Live {
        standing: RwSignal::default(),
        detail: RwSignal::default(),
        news: [RwSignal::new(0), RwSignal::new(0)],
        readers: RwSignal::new(0),
    };
    provide_context(live);
    #[cfg(target_arch = "wasm32")]
    super::tab::keep(live);
}

impl Live {
    /// How often something new of these kinds was told; tracked.
    pub(super) fn told(self, kinds: &[Kind]) -> u32 {
        kinds.iter().fold(0, |sum, kind| sum.wrapping_add(self.news[*kind as usize].get()))
    }

    #[cfg(target_arch = "wasm32")]
    pub(super) fn tell(self, kind: Kind) {
        self.news[kind as usize].update(|told| *told = told.wrapping_add(1));
    }
}

/// What a page reads for what it is asked. Read again for the same, it is shown when nobody is in a field of the page: the
/// reading may have been on its way when somebody went there.
pub fn read_patiently<S, T, Fut>(
    asked: impl Fn() -> S + Send + Sync + 'static,
    read: impl Fn(S) -> Fut + Send + Sync + 'static,
) -> Resource<Result<T, AppError>>
where
    S: PartialEq + Clone + Send + Sync + 'static,
    T: Read,
    Fut: Future<Output = Result<T, AppError>> + Send + 'static,
{
    let asked = Memo::new(move |_| asked());
    let last: StoredValue<Option<S>> = StoredValue::new(None);
    let read = move |now: S| {
        let again = last.try_update_value(|last| last.replace(now.clone()).as_ref() == Some(&now)) == Some(true);
        let answer = read(now.clone());
        async move {
            let answer = answer.await;
            #[cfg(target_arch = "wasm32")]
            if again {
                super::place::hold_back(asked, now).await;
            }
            #[cfg(not(target_arch = "wasm32"))]
            let _ = (again, now);
            answer
        }
    };
    Resource::new(move || asked.get(), read)
}

/// Has a page's resource read again when something of these kinds is new, as long as it is `newest` that the page shows:
/// whoever pages through older rows must not have them move. It is one that is [read patiently](read_patiently).
pub fn refetch_on<T: Read>(
    kinds: &'static [Kind],
    resource: Resource<Result<T, AppError>>,
    newest: impl Fn() -> bool + 'static,
) {
    let Some(live) = use_context::<Live>() else { return };
    let read = reading_again(resource, newest);
    Effect::new(move |seen: Option<u32>| {
        let told = live.told(kinds);
        if seen.is_some_and(|seen| seen != told) {
            read();
        }
        told
    });
    take_part(live, resource);
}

/// The same for what is kept for a while after it was read: it is read again once the kept one is over, so many seconds
/// from now.
pub fn refetch_after<T: Read>(
    kinds: &'static [Kind],
    resource: Resource<Result<T, AppError>>,
    kept_for: impl Fn() -> u32 + 'static,
) {
    let Some(live) = use_context::<Live>() else { return };
    let waits: StoredValue<Option<TimeoutHandle>> = StoredValue::new(None);
    let read = Rc::new(reading_again(resource, || true));
    Effect::new(move |seen: Option<u32>| {
        let told = live.told(kinds);
        if seen.is_some_and(|seen| seen != told) && waits.with_value(Option::is_none) {
            let wait = Duration::from_secs(untrack(&kept_for).into());
            let read = Rc::clone(&read);
            let read = move || {
                if waits.try_set_value(None).is_none() {
                    read();
                }
            };
            waits.set_value(set_timeout_with_handle(read, wait).ok());
        }
        told
    });
    on_cleanup(move || {
        if let Some(waits) = waits.try_get_value().flatten() {
            waits.clear();
        }
    });
    take_part(live, resource);
}

/// What reads a page's resource again while its page wants it, when nobody is in a field of the page. However often it is
/// asked meanwhile, it reads once.
fn reading_again<T: Read>(
    resource: Resource<Result<T, AppError>>,
    wanted: impl Fn() -> bool + 'static,
) -> impl Fn() + 'static {
    let (waits, wanted) = (StoredValue::new(false), Rc::new(wanted));
    move || {
        if waits.try_get_value() != Some(false) {
            return;
        }
        waits.set_value(true);
        let wanted = Rc::clone(&wanted);
        let read = move || {
            // Not where the page is gone by then.
            if waits.try_set_value(false).is_none() && untrack(|| wanted()) {
                resource.refetch();
            }
        };
        #[cfg(target_arch = "wasm32")]
        super::place::when_no_field_has_the_focus(read);
        #[cfg(not(target_arch = "wasm32"))]
        read();
    }
}

/// Has the tab listen for as long as a page is open that has something to listen for.
fn take_part<T: Read>(live: Live, resource: Resource<Result<T, AppError>>) {
    let listens = StoredValue::new(false);
    let take_part = move |now: bool| {
        if listens.try_get_value().is_some_and(|before| before != now) {
            listens.set_value(now);
            live.readers.update(|readers| *readers = if now { *readers + 1 } else { readers.saturating_sub(1) });
        }
    };
    Effect::new(move |_| take_part(resource.with(|read| read.as_ref().is_some_and(may_listen))));
    on_cleanup(move || take_part(false));
}

/// Whether a page that read this has something to listen for. One whose project is away has: that it comes back.
fn may_listen<T>(read: &Result<T, AppError>) -> bool {
    !matches!(
        read,
        Err(AppError::NotSignedIn
            | AppError::NotAllowed
            | AppError::NotFound
            | AppError::SecondFactorDue
            | AppError::Suspended { .. })
    )
}
