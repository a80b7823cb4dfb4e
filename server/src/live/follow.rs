//! What the process that looks at a project tells the others, in the words of the row that they share, and what each of them
//! makes of it for those who listen there. Pure.

use super::{
    channel::{After, RECENT},
    news::{Told, What, Why},
};
use crate::store::{WatchNews, WatchRow};

/// How far one channel has heard what the row tells, whoever told it.
#[derive(Debug, Default)]
pub(super) struct Follow(Option<Heard>);

#[derive(Debug, Clone, Copy)]
struct Heard {
    term: i64,
    told: i64,
}

impl Follow {
    /// What a row that was read has to tell here that was not heard before.
    pub(super) fn hear(&mut self, row: &WatchRow) -> Vec<(What, Told)> {
        let before = self.0;
        self.note(row);
        let mut tells: Vec<(What, Told)> = standing_of(row).into_iter().collect();
        let lost = match before {
            // A page takes a moment from being drawn to listening, and may have been drawn just before something was told.
            None => row.told_for < RECENT,
            // A row that counts less than before was made anew.
            Some(before) => row.refreshed > before.told || row.told < before.told || row.term < before.term,
        };
        if lost {
            tells.push((What::Refresh, Told::Refresh));
        } else if let Some(before) = before {
            let parts = [(What::Conversations, row.conversations), (What::Appointments, row.appointments)];
            let changed = parts.into_iter().filter(|(_, number)| *number > before.told);
            tells.extend(changed.map(|(what, _)| (what, Told::Changed { at: row.changed_at.as_str().into() })));
        }
        tells
    }

    /// A row is known: by reading it, or because this process has written it.
    pub(super) fn note(&mut self, row: &WatchRow) {
        self.0 = Some(Heard { term: row.term, told: row.told });
    }

    /// Whether this channel heard of the project before, and whoever looked at it then was, or may have been, another.
    pub(super) fn is_behind(&self, taken: &WatchRow) -> bool {
        self.0.map_or(taken.told_for < RECENT, |heard| heard.term != taken.term)
    }

    /// Whether the project went to this process with the row that it took, or was its own already.
    pub(super) fn is_new(&self, taken: &WatchRow) -> bool {
        self.0.is_none_or(|heard| heard.term != taken.term)
    }
}

/// What is told the others of what was told here; `refresh`, because nobody knows what happened before.
pub(super) fn to_pass_on(after: &After, refresh: bool) -> WatchNews {
    let told = |what: What| after.news.iter().any(|news| news.what == what);
    let changed_at = after.news.iter().rev().find_map(|news| match &news.told {
        Told::Changed { at } => Some(at.to_string()),
        _ => None,
    });
    let (standing, why, since) = match &after.standing {
        Some((_, Told::Watching)) => ("live", "", ""),
        Some((_, Told::Blind)) => ("blind", "", ""),
        Some((_, Told::Stopped { why, since })) => ("stale", why.word(), &**since),
        _ => ("unknown", "", ""),
    };
    WatchNews {
        conversations: told(What::Conversations),
        appointments: told(What::Appointments),
        refresh: refresh || told(What::Refresh),
        changed_at: changed_at.unwrap_or_default(),
        standing,
        why,
        since: since.to_owned(),
    }
}

fn standing_of(row: &WatchRow) -> Option<(What, Told)> {
    match row.standing.as_str() {
        "live" => Some((What::Live, Told::Watching)),
        "blind" => Some((What::Live, Told::Blind)),
        "stale" => {
            let (why, since) = (Why::parse(&row.why), row.since.as_str().into());
            Some((What::Stale, Told::Stopped { why, since }))
        }
        _ => None,
    }
}

#[cfg(test)]
#[path = "follow_tests.rs"]
mod tests;
