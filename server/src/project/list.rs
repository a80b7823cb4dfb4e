//! The list of conversations, and one of them.
//!
//! Those that never changed stand at its end, by their ids. They are asked for on their own, and only by a page that the
//! others do not fill: one question for both would need an order that no usual index has.

use super::{
    cursor::Cursor,
    error::ProjectError,
    order::{Order, page, value},
    reads::{Direction, Page, Project, one_more, read},
    request::{Condition, Extra, Op, Query},
    value::Value,
};
use crate::mapping::{Conversation, Mapping, Part, Row};

/// Which of the conversations are asked for together.
#[derive(Debug, Clone, Copy)]
pub(super) enum Stretch<'a> {
    /// Those that changed once, beyond a place.
    Changed(Option<&'a Cursor>),
    /// Those that never did.
    Unchanged(Option<&'a Cursor>),
}

impl Project {
    /// A page of conversations, the newest first whatever the direction.
    ///
    /// # Errors
    /// See [`ProjectError`].
    pub async fn conversations_page(
        &self,
        direction: &Direction,
        limit: u32,
    ) -> Result<Page<Conversation>, ProjectError> {
        if self.mapping().gathers() {
            return self.gathered_page(direction, limit, |_| Ok(Extra::default())).await;
        }
        self.listed_page(direction, limit, |_| Ok(Extra::default())).await
    }

    /// A page of the table of conversations under more conditions.
    pub(super) async fn listed_page(
        &self,
        direction: &Direction,
        limit: u32,
        extra: impl Fn(&Mapping) -> Result<Extra, ProjectError>,
    ) -> Result<Page<Conversation>, ProjectError> {
        let (part, until) = (Part::Conversations, Self::until());
        let upwards = matches!(direction, Direction::NewerThan(_));
        let (mut rows, mut mapping): (Vec<Row>, _) = (Vec::new(), self.mapping());
        for (at, stretch) in stretches(direction).into_iter().enumerate() {
            let left = one_more(limit).saturating_sub(u32::try_from(rows.len()).unwrap_or(u32::MAX));
            // Without a time to go by, or within a span of it, the first question is the only one.
            let only = at > 0 && (Order::of_conversations(&mapping)?.at.is_none() || extra(&mapping)?.within);
            if left == 0 || only {
                break;
            }
            let query = |mapping: &Mapping| Ok(listed(mapping, stretch, upwards, left)?.under(&extra(mapping)?));
            let (answer, asked_by) = self.answer(part, query, until).await?;
            rows.extend(answer.rows);
            mapping = asked_by;
        }
        let order = Order::of_conversations(&mapping)?;
        Ok(page(rows, limit, upwards, &order, |row: &Row| mapping.conversation(row, self.zone())))
    }

    /// One conversation by what stands in its address.
    ///
    /// # Errors
    /// See [`ProjectError`].
    pub async fn find_conversation(&self, id: &str) -> Result<Option<Conversation>, ProjectError> {
        if self.mapping().gathers() {
            return self.find_gathered(id).await;
        }
        let Some(id) = Value::text(id) else { return Ok(None) };
        let query = |mapping: &Mapping| {
            let order = Order::of_conversations(mapping)?;
            let query = read(mapping, Part::Conversations, "", 1)?;
            Ok(query.filter(&order.id, Op::Eq, id.clone()))
        };
        match self.rows(Part::Conversations, query).await {
            Ok((rows, mapping)) => Ok(rows.first().and_then(|row| mapping.conversation(row, self.zone()))),
            // A word where the table has numbers: no row has it.
            Err(ProjectError::Mismatch(_)) => Ok(None),
            Err(error) => Err(error),
        }
    }
}

/// What a page is filled from, one after the other.
pub(super) fn stretches(direction: &Direction) -> Vec<Stretch<'_>> {
    match direction {
        Direction::Newest => vec![Stretch::Changed(None), Stretch::Unchanged(None)],
        Direction::OlderThan(place) if place.at.is_some() => {
            vec![Stretch::Changed(Some(place)), Stretch::Unchanged(None)]
        }
        Direction::OlderThan(place) => vec![Stretch::Unchanged(Some(place))],
        Direction::NewerThan(place) if place.at.is_some() => vec![Stretch::Changed(Some(place))],
        Direction::NewerThan(place) => vec![Stretch::Unchanged(Some(place)), Stretch::Changed(None)],
    }
}

/// Newest first, or from a row upwards, oldest first. Where nothing tells when a conversation changed, all of them by id.
pub(super) fn listed(
    mapping: &Mapping,
    stretch: Stretch<'_>,
    upwards: bool,
    limit: u32,
) -> Result<Query, ProjectError> {
    let order = Order::of_conversations(mapping)?;
    let (way, beyond, from) = if upwards { ("asc", Op::Gt, Op::Gte) } else { ("desc", Op::Lt, Op::Lte) };
    let (Stretch::Changed(place) | Stretch::Unchanged(place)) = stretch;
    let by_id = format!("{}.{way}", order.id);
    let Some((at, _)) = &order.at else {
        let query = read(mapping, Part::Conversations, &by_id, limit)?;
        return Ok(match place {
            Some(place) => order.beyond(query, place, beyond),
            None => query,
        });
    };
    if let Stretch::Unchanged(_) = stretch {
        let query = read(mapping, Part::Conversations, &by_id, limit)?.all(&[Condition::Null(at.clone())]);
        return Ok(match place {
            Some(place) => query.filter(&order.id, beyond, value(&place.id)),
            None => query,
        });
    }
    let query = read(mapping, Part::Conversations, &format!("{at}.{way},{by_id}"), limit)?;
    let Some((when, place)) = place.and_then(|place| Some((place.at.as_ref()?, place))) else {
        return Ok(query.not_null(at));
    };
    // The first condition says nothing that the second does not, but an index can be entered with it.
    let same =
        vec![Condition::Is(at.clone(), Op::Eq, value(when)), Condition::Is(order.id.clone(), beyond, value(&place.id))];
    let query = query.filter(at, from, value(when));
    Ok(query.any(&[Condition::Is(at.clone(), beyond, value(when)), Condition::All(same)]))
}
