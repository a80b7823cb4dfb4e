//! What the address asks of the list. A thread beside it keeps that in its own address, so that links, back and reload
//! lead to the same list.

use super::{ConversationFilter, LIST};
use crate::ui::{Query, address, use_query};
use leptos::prelude::*;
use leptos_router::{hooks::use_location, location::Url};

/// Which page of which list.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Asked {
    /// What is looked for.
    pub(super) filter: ConversationFilter,
    /// The cursor of an older page.
    pub(super) before: String,
    /// The cursor of a newer page.
    pub(super) after: String,
}

impl Asked {
    fn read(query: &Query) -> Self {
        let given = |key| query.get(key).unwrap_or_default();
        let filter = ConversationFilter {
            q: given("q"),
            status: given("status"),
            author: given("author"),
            from: given("from"),
            to: given("to"),
        };
        Self { filter, before: given("before"), after: given("after") }
    }

    /// By their names in an address.
    pub(super) fn pairs(&self) -> Vec<(&'static str, &str)> {
        let mut pairs = self.filter.pairs().to_vec();
        pairs.extend([("before", self.before.as_str()), ("after", self.after.as_str())]);
        pairs
    }

    /// An address that keeps all of it, and says more.
    pub(super) fn link(&self, path: &str, more: &[(&'static str, &str)]) -> String {
        let mut pairs = self.pairs();
        pairs.extend_from_slice(more);
        address(path, &pairs)
    }
}

/// What the address asks for. While another page is on its way in, it is what was asked last.
pub(super) fn use_asked() -> Memo<Asked> {
    let (path, query) = (use_location().pathname, use_query());
    Memo::new(move |last: Option<&Asked>| match last {
        Some(last) if !path.with(|path| path.starts_with(LIST)) => last.clone(),
        _ => query.with(Asked::read),
    })
}

/// The conversation that is open, by the path of its page in plain letters.
pub(super) fn use_open() -> Memo<Option<String>> {
    let path = use_location().pathname;
    Memo::new(move |_| {
        let open = path.with(|path| Url::unescape(path));
        open.strip_prefix(LIST).is_some_and(|rest| rest.len() > 1).then_some(open)
    })
}

/// The same as hidden fields, for a form that leads to an address.
#[component]
pub(super) fn Kept(
    /// What must not be lost.
    asked: Asked,
) -> impl IntoView {
    let pairs = asked.pairs().into_iter().filter(|(_, value)| !value.is_empty());
    let pairs: Vec<(&'static str, String)> = pairs.map(|(name, value)| (name, value.to_owned())).collect();
    pairs.into_iter().map(|(name, value)| view! { <input type="hidden" name=name value=value /> }).collect_view()
}
