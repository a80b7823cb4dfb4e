//! What comes of the row that processes share: each thing once, and that anything may have changed where that is so.

use super::*;
use crate::{
    live::news::{News, Place},
    store::TenantId,
};
use std::{collections::VecDeque, sync::Arc, time::Duration};
use uuid::Uuid;

/// A row of a project that stands well, of which something was told so often, the last time long ago.
fn row(told: i64) -> WatchRow {
    WatchRow {
        tenant: TenantId::new(),
        process: Uuid::now_v7(),
        held: true,
        term: 1,
        told,
        conversations: 0,
        appointments: 0,
        refreshed: 0,
        told_for: Duration::from_secs(3_600),
        changed_at: "14:32".into(),
        standing: "live".into(),
        why: String::new(),
        since: String::new(),
    }
}

fn whats(tells: &[(What, Told)]) -> Vec<What> {
    tells.iter().map(|(what, _)| *what).collect()
}

/// What is told of the second row to who has heard the first.
fn after(first: &WatchRow, second: &WatchRow) -> Vec<What> {
    let mut follow = Follow::default();
    follow.hear(first);
    whats(&follow.hear(second))
}

#[test]
fn each_change_is_told_once_and_who_comes_hears_none_of_old() {
    let mut follow = Follow::default();
    let old = WatchRow { conversations: 5, appointments: 3, refreshed: 1, ..row(5) };
    assert_eq!(whats(&follow.hear(&old)), [What::Live], "told before anybody came here");
    assert_eq!(whats(&follow.hear(&old)), [What::Live], "which the channel does not repeat");
    let one = WatchRow { told: 6, conversations: 6, ..old.clone() };
    let told = Told::Changed { at: "14:32".into() };
    assert_eq!(follow.hear(&one), [(What::Live, Told::Watching), (What::Conversations, told)]);
    // Two rounds were missed.
    let both = WatchRow { told: 8, conversations: 7, appointments: 8, ..one.clone() };
    assert_eq!(whats(&follow.hear(&both)), [What::Live, What::Conversations, What::Appointments]);
    assert_eq!(whats(&follow.hear(&both)), [What::Live]);
}

#[test]
fn where_something_may_be_lost_pages_are_read_again() {
    let recent = WatchRow { told_for: Duration::from_secs(29), ..row(5) };
    assert_eq!(
        whats(&Follow::default().hear(&recent)),
        [What::Live, What::Refresh],
        "a page is drawn before it listens"
    );
    let refreshed = WatchRow { told: 6, refreshed: 6, conversations: 6, term: 2, ..row(6) };
    assert_eq!(after(&row(5), &refreshed), [What::Live, What::Refresh], "another process looks now, once for all");
    assert_eq!(after(&refreshed, &refreshed), [What::Live]);
    assert_eq!(after(&row(5), &WatchRow { term: 2, ..row(5) }), [What::Live], "it has not looked yet");
    assert_eq!(after(&row(5), &row(4)), [What::Live, What::Refresh], "a row that was made anew");
}

#[test]
fn who_takes_a_project_knows_whether_it_is_behind() {
    let fresh = Follow::default();
    assert!(!fresh.is_behind(&row(5)) && fresh.is_new(&row(5)));
    assert!(fresh.is_behind(&WatchRow { told_for: Duration::ZERO, ..row(5) }));
    let mut known = Follow::default();
    known.note(&row(5));
    assert!(!known.is_behind(&row(5)) && !known.is_new(&row(5)), "nobody looked in between");
    let taken = WatchRow { term: 2, ..row(5) };
    assert!(known.is_behind(&taken) && known.is_new(&taken));
}

#[test]
fn how_it_stands_comes_through_as_it_was_told() {
    let stopped = |why| Told::Stopped { why, since: "14:30".into() };
    let mut all = vec![(What::Live, Told::Watching), (What::Live, Told::Blind)];
    all.extend(Why::ALL.map(|why| (What::Stale, stopped(why))));
    for standing in all {
        let place = Place { epoch: 1, sequence: 1 };
        let after = After { place, news: VecDeque::new(), standing: Some(standing.clone()) };
        let news = to_pass_on(&after, false);
        assert!(!news.conversations && !news.appointments && !news.refresh);
        let (standing_in_words, why) = (news.standing.to_owned(), news.why.to_owned());
        let row = WatchRow { standing: standing_in_words, why, since: news.since, ..row(1) };
        assert_eq!(Follow::default().hear(&row), [standing]);
    }
    assert_eq!(Why::parse("a word of tomorrow"), Why::Unknown);
    let unknown = WatchRow { standing: "unknown".into(), ..row(0) };
    assert!(Follow::default().hear(&unknown).is_empty());
}

#[test]
fn what_was_told_here_is_passed_on_by_its_kinds() {
    let place = Place { epoch: 1, sequence: 3 };
    let changed = |at: &str| Told::Changed { at: Arc::from(at) };
    let pass_on = |told: &[(What, Told)], refresh| {
        let news = told.iter().map(|(what, told)| News { place, what: *what, told: told.clone() }).collect();
        to_pass_on(&After { place, news, standing: None }, refresh)
    };
    let news = pass_on(&[(What::Appointments, changed("14:31")), (What::Conversations, changed("14:32"))], false);
    assert_eq!((news.conversations, news.appointments, news.refresh), (true, true, false));
    assert_eq!((news.changed_at.as_str(), news.standing), ("14:32", "unknown"));
    let news = pass_on(&[(What::Refresh, Told::Refresh)], false);
    assert_eq!((news.conversations, news.appointments, news.refresh), (false, false, true));
    assert!(pass_on(&[], true).refresh);
}
