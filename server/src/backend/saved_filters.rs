//! Filters of the conversations that somebody keeps for themselves. What is kept is a filter that was read and written
//! again, never the text that came.

use super::{
    RequestBackend, calendar,
    conversations::{LONGEST_SEARCH, read_filter},
    failure, typed_line,
};
use crate::{
    store::{KeptFilter, MOST_SAVED_FILTERS, SavedFilterId, SavedFilterRow, Visitor},
    words::{self, Calendar},
};
use app::{
    conversations::{ConversationFilter, SavedFilter, SavedFilters},
    error::{AppError, FieldError},
    session::Permission,
    tr,
};
use time::OffsetDateTime;
use url::form_urlencoded;
use uuid::Uuid;

/// The longest name of a filter, in characters.
const LONGEST_NAME: usize = 40;
/// Who may have written, by short name.
const AUTHORS: [&str; 4] = ["contact", "bot", "team", "business"];

impl RequestBackend {
    /// The caller's own filters in this tenant.
    pub(super) async fn list_filters(&self) -> Result<SavedFilters, AppError> {
        let visitor = self.member(Permission::ReadContent)?;
        if visitor.by_glass {
            return Ok(SavedFilters::default());
        }
        let rows = self.state.store.list_saved_filters(&visitor.scope).await.map_err(failure::store)?;
        Ok(SavedFilters { filters: rows.into_iter().map(shown).collect(), may_save: true })
    }

    /// Keeps a filter by a name.
    pub(super) async fn keep_filter(&self, name: &str, filter: &ConversationFilter) -> Result<(), AppError> {
        let visitor = self.member(Permission::ReadContent)?;
        let name = checked_name(name)?;
        let filter = canonical(filter, &calendar(visitor))?;
        if filter == ConversationFilter::default() {
            return Err(refused(tr!(
                "Escolha antes o que procurar: um filtro vazio mostra tudo.",
                "First choose what to search for: an empty filter shows everything.",
            )));
        }
        self.store_filter(visitor, &name, &to_query(&filter)).await
    }

    async fn store_filter(&self, visitor: &Visitor, name: &str, query: &str) -> Result<(), AppError> {
        // Whoever is here by a broken glass has no place that filters could belong to.
        if visitor.by_glass {
            return Err(refused(tr!(
                "Só quem faz parte deste painel guarda filtros.",
                "Only people who belong to this dashboard can save filters.",
            )));
        }
        let now = OffsetDateTime::now_utc();
        match self.state.store.save_filter(&visitor.scope, name, query, now).await.map_err(failure::store)? {
            KeptFilter::Kept => Ok(()),
            KeptFilter::NameTaken => {
                Err(refused(tr!("Você já tem um filtro com este nome.", "You already have a filter with this name.",)))
            }
            KeptFilter::Full => Err(refused(&tr!(
                format!("Você já tem {MOST_SAVED_FILTERS} filtros guardados: remova antes um deles."),
                format!("You already have {MOST_SAVED_FILTERS} saved filters: first remove one of them.")
            ))),
        }
    }

    /// Forgets one of the caller's filters.
    pub(super) async fn forget_filter(&self, id: &str) -> Result<(), AppError> {
        let visitor = self.member(Permission::ReadContent)?;
        let id = SavedFilterId::from_uuid(Uuid::parse_str(id).map_err(|_| AppError::NotFound)?);
        let done = self.state.store.remove_saved_filter(&visitor.scope, id).await.map_err(failure::store)?;
        if done { Ok(()) } else { Err(AppError::NotFound) }
    }
}

fn refused(message: &str) -> AppError {
    AppError::Invalid(vec![FieldError::new("name", message)])
}

fn checked_name(name: &str) -> Result<String, AppError> {
    let name = typed_line(name);
    match name.chars().count() {
        0 => Err(refused(tr!("Dê um nome ao filtro.", "Give the filter a name."))),
        count if count > LONGEST_NAME => Err(refused(&tr!(
            format!("No máximo {LONGEST_NAME} caracteres."),
            format!("{LONGEST_NAME} characters at most.")
        ))),
        _ => Ok(name),
    }
}

/// The filter without anything that it does not ask for.
///
/// # Errors
/// `Invalid` at `from` and `to`.
fn canonical(filter: &ConversationFilter, calendar: &Calendar) -> Result<ConversationFilter, AppError> {
    read_filter(filter, calendar)?;
    let known = |word: &str, known: bool| if known { word.to_owned() } else { String::new() };
    Ok(ConversationFilter {
        q: typed_line(&filter.q).chars().take(LONGEST_SEARCH).collect(),
        status: known(&filter.status, words::conversation_status_words(&filter.status).is_some()),
        author: known(&filter.author, AUTHORS.contains(&filter.author.as_str())),
        from: filter.from.trim().to_owned(),
        to: filter.to.trim().to_owned(),
    })
}

/// The text that the store keeps.
fn to_query(filter: &ConversationFilter) -> String {
    let given = filter.pairs().into_iter().filter(|(_, value)| !value.is_empty());
    form_urlencoded::Serializer::new(String::new()).extend_pairs(given).finish()
}

fn from_query(query: &str) -> ConversationFilter {
    let mut filter = ConversationFilter::default();
    for (name, value) in form_urlencoded::parse(query.as_bytes()) {
        let field = match &*name {
            "q" => &mut filter.q,
            "status" => &mut filter.status,
            "author" => &mut filter.author,
            "from" => &mut filter.from,
            "to" => &mut filter.to,
            _ => continue,
        };
        *field = value.into_owned();
    }
    filter
}

fn shown(row: SavedFilterRow) -> SavedFilter {
    SavedFilter { id: row.id.to_string(), name: row.name, filter: from_query(&row.query) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn calendar() -> Calendar {
        Calendar::new("America/Sao_Paulo", "2026-11-24T15:00:00Z".parse().unwrap())
    }

    fn filter(q: &str, status: &str, author: &str, from: &str) -> ConversationFilter {
        let text = str::to_owned;
        ConversationFilter { q: text(q), status: text(status), author: text(author), from: text(from), to: text("") }
    }

    #[test]
    fn what_is_kept_asks_for_something_that_is_known() {
        let kept = |asked: &ConversationFilter| canonical(asked, &calendar()).map(|filter| to_query(&filter));
        assert_eq!(
            kept(&filter(" ana\n&x=1 ", "bot", "team", " 2026-11-01 ")).unwrap(),
            "q=ana+%26x%3D1&status=bot&author=team&from=2026-11-01"
        );
        assert_eq!(kept(&filter("", "nada", "x", "")).unwrap(), "");
        assert!(matches!(kept(&filter("", "", "", "abacaxi")), Err(AppError::Invalid(_))));
    }

    #[test]
    fn a_name_is_one_line_of_forty_characters() {
        assert_eq!(checked_name("  Robô\tparado ").unwrap(), "Robô parado");
        assert!(checked_name(&"ã".repeat(40)).is_ok());
        for name in ["", "  ", "\n", &"ã".repeat(41)] {
            assert!(matches!(checked_name(name), Err(AppError::Invalid(_))), "{name:?}");
        }
    }

    proptest! {
        #[test]
        fn a_filter_survives_its_text(q in ".{0,30}", author in ".{0,10}", from in ".{0,10}") {
            let filter = filter(&q, "bot", &author, &from);
            prop_assert_eq!(from_query(&to_query(&filter)), filter);
        }
    }
}
