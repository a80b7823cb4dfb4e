//! `/conversations` and what stands in it: on a desk the list and beside it one conversation, on a phone one after the
//! other. The list is read once: opening a conversation exchanges nothing but the thread.

use super::{
    ConversationPage,
    asked::{Asked, use_asked, use_open},
    filter::Filter,
    list::List,
    read_page,
    saved::Saved,
};
use crate::error::AppError;
use crate::live::{Kind, read_patiently, refetch_on};
use crate::tr;
use crate::ui::{Empty, Skeleton, TroubleCard};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::components::Outlet;

/// `/conversations?q=…&status=…&author=…&from=…&to=…&before=…|after=…`, and the same beside a thread.
#[component]
pub fn ConversationsPage() -> impl IntoView {
    let (asked, open) = (use_asked(), use_open());
    let one_is_open = Memo::new(move |_| open.with(Option::is_some));
    let page = read_patiently(move || asked.get(), |Asked { filter, before, after }| read_page(filter, before, after));
    refetch_on(&[Kind::Conversations], page, move || {
        asked.with(|asked| asked.before.is_empty() && asked.after.is_empty())
    });
    // The page's one heading of the first order is the thread's, where there is a thread. It looks the same, so that the
    // rows below stay where they are.
    let title = move || {
        if one_is_open.get() {
            view! { <p class="desk-title">{tr!("Conversas", "Conversations")}</p> }.into_any()
        } else {
            view! { <h1>{tr!("Conversas", "Conversations")}</h1> }.into_any()
        }
    };
    // External: the browser itself moves the focus.
    let skip = move || {
        let link = || {
            view! {
                <a class="skip" href="#thread" rel="external">{tr!("Pular a lista", "Skip the list")}</a>
            }
        };
        one_is_open.get().then(link)
    };
    view! {
        <div class="desk" class:open=one_is_open>
            <section class="desk-list" aria-label=tr!("Lista de conversas", "List of conversations")>
                {skip}
                <header class="page-head">
                    <div>
                        {title}
                        <p class="page-sub">{tr!("A mais recente primeiro.", "Newest first.")}</p>
                    </div>
                </header>
                <Saved asked />
                <Transition fallback=|| {
                    view! {
                        <section class="card">
                            <Skeleton rows=12 label=tr!("Carregando as conversas", "Loading the conversations") />
                        </section>
                    }
                }>
                    <Search asked page />
                    {move || {
                        let asked = asked.get();
                        Suspend::new(async move {
                            match page.await {
                                Ok(page) => view! { <List page asked open /> }.into_any(),
                                Err(error) => view! { <NoList error one_is_open /> }.into_any(),
                            }
                        })
                    }}
                </Transition>
            </section>
            <div class="desk-thread" id="thread" tabindex="-1"><Outlet /></div>
        </div>
    }
}

/// What a form for another list offers.
#[derive(Clone, PartialEq, Eq)]
struct Offered {
    statuses: Vec<(String, String)>,
    authors: Vec<(String, String)>,
    error: Option<AppError>,
}

impl Offered {
    /// Nothing where asking for something else does not help. Where nothing could be read, what there was to choose stays.
    fn with(read: &Result<ConversationPage, AppError>, last: Option<Self>) -> Option<Self> {
        match read {
            Ok(page) => Some(Self { statuses: page.statuses.clone(), authors: page.authors.clone(), error: None }),
            Err(
                AppError::NotConfigured
                | AppError::NotSignedIn
                | AppError::NotAllowed
                | AppError::Suspended { .. }
                | AppError::SecondFactorDue,
            ) => None,
            Err(error) => {
                let (statuses, authors) = last.map(|last| (last.statuses, last.authors)).unwrap_or_default();
                Some(Self { statuses, authors, error: matches!(error, AppError::Invalid(_)).then(|| error.clone()) })
            }
        }
    }
}

/// The form. It is drawn anew when it offers something else, and not whenever rows are read again: somebody may be typing.
#[component]
fn Search(asked: Memo<Asked>, page: Resource<Result<ConversationPage, AppError>>) -> impl IntoView {
    let filter = Memo::new(move |_| asked.with(|asked| asked.filter.clone()));
    let offered = Memo::new(move |last: Option<&Option<Offered>>| {
        let last = last.cloned().flatten();
        page.with(|read| read.as_ref().and_then(|read| Offered::with(read, last)))
    });
    move || {
        let filter = filter.get();
        offered.get().map(|Offered { statuses, authors, error }| view! { <Filter filter statuses authors error /> })
    }
}

/// Why there is no list. Beside a thread a line is enough: it tells the same trouble itself, if it has it.
#[component]
fn NoList(error: AppError, one_is_open: Memo<bool>) -> impl IntoView {
    let refused = matches!(error, AppError::Invalid(_));
    move || {
        if refused {
            // The form says it where it was typed.
            ().into_any()
        } else if one_is_open.get() {
            view! { <p class="soft">{tr!("A lista não pôde ser lida.", "The list could not be read.")}</p> }.into_any()
        } else {
            let error = error.clone();
            view! { <TroubleCard error /> }.into_any()
        }
    }
}

/// `/conversations` without a conversation: what stands where a thread would.
#[component]
pub fn NoThreadPage() -> impl IntoView {
    view! {
        <Title text=tr!("Conversas", "Conversations") />
        <section class="card desk-none">
            <Empty
                title=tr!("Escolha uma conversa", "Choose a conversation")
                text=tr!("Ela abre aqui, ao lado da lista.", "It opens here, beside the list.")
            />
        </section>
    }
}
