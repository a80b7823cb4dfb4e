//! What comes of hints that tell all, some, late, or nothing.

use super::*;

/// A connection that a test makes hint and looks at.
struct Line {
    trust: Trust,
    now: Instant,
}

const NOTHING: Found = Found { conversations: false, appointments: false };
const TALK: Found = Found { conversations: true, appointments: false };
const BOOKING: Found = Found { conversations: false, appointments: true };

impl Line {
    /// All tables are listened to, and how things stand was seen.
    fn listening() -> Self {
        let mut line = Self { trust: Trust::default(), now: Instant::now() };
        assert!(line.trust.listening(true) && line.trust.wants());
        line.look(TALK);
        line
    }

    fn hint(&mut self, part: Part) -> bool {
        self.trust.hinted(part)
    }

    fn look(&mut self, found: Found) {
        self.trust.begins();
        self.pass(1);
        self.trust.saw(Some(found), self.now);
    }

    fn pass(&mut self, seconds: u64) {
        self.now += Duration::from_secs(seconds);
    }

    fn is_good(&mut self) -> bool {
        self.trust.is_good(self.now)
    }

    /// A change that is hinted and found.
    fn prove(&mut self, part: Part) {
        self.hint(part);
        self.look(if part == Part::Appointments { BOOKING } else { TALK });
    }
}

#[test]
fn nothing_is_relied_on_before_a_change_was_hinted_and_found() {
    let mut line = Line::listening();
    assert!(!line.is_good(), "what the first look finds was there before");
    line.look(NOTHING);
    line.hint(Part::Messages);
    line.look(NOTHING);
    assert!(!line.is_good(), "a hint alone is nothing");
    line.prove(Part::Messages);
    assert!(line.is_good() && !line.trust.wants());
    line.pass(1_000);
    line.look(NOTHING);
    assert!(line.is_good(), "silence where nothing changes");
}

#[test]
fn a_project_that_hints_nothing_is_never_relied_on() {
    let mut line = Line::listening();
    for _ in 0..100 {
        line.look(TALK);
        line.pass(10);
        assert!(!line.is_good());
    }
}

#[test]
fn what_is_not_listened_to_as_a_whole_is_not_relied_on() {
    let mut line = Line { trust: Trust::default(), now: Instant::now() };
    assert!(line.trust.listening(false));
    assert!(!line.trust.listening(false), "no look has been made since");
    assert!(line.trust.listening(true), "the rest is news");
    line.look(NOTHING);
    line.prove(Part::Messages);
    assert!(line.is_good());
    assert!(line.trust.listening(false) && !line.is_good());
}

#[test]
fn a_hint_is_news_until_a_look_follows_it() {
    let mut line = Line::listening();
    assert!(line.hint(Part::Messages));
    assert!(!line.hint(Part::Messages) && !line.hint(Part::Conversations), "the same part");
    assert!(line.hint(Part::Appointments));
    line.trust.begins();
    assert!(line.trust.wants(), "until the look has come to an end");
    assert!(line.hint(Part::Messages), "it may have come too late for this look");
    line.trust.saw(Some(TALK), line.now);
    assert!(line.trust.wants() && line.is_good(), "one more look, and a proof");
    line.look(NOTHING);
    assert!(!line.trust.wants());
}

#[test]
fn a_look_that_fails_leaves_the_hint() {
    let mut line = Line::listening();
    line.hint(Part::Messages);
    line.trust.begins();
    assert!(line.trust.wants());
    line.look(TALK);
    assert!(line.is_good() && !line.trust.wants());
    line.hint(Part::Messages);
    line.trust.begins();
    // What was found after a failure cannot be compared.
    line.trust.saw(None, line.now);
    assert!(line.is_good() && !line.trust.wants());
}

#[test]
fn a_hint_may_come_after_the_look_but_not_long_after() {
    let mut line = Line::listening();
    line.prove(Part::Messages);
    line.look(TALK);
    assert!(!line.is_good(), "looked at as ever until it is known");
    line.pass(4);
    line.hint(Part::Messages);
    assert!(line.is_good());
    line.look(NOTHING);
    line.look(TALK);
    line.pass(LATE.as_secs() + 1);
    assert!(!line.is_good());
    line.hint(Part::Messages);
    line.look(NOTHING);
    assert!(!line.is_good(), "too late, and a hint of nothing else");
    line.prove(Part::Messages);
    assert!(line.is_good(), "proven again");
}

#[test]
fn each_time_that_nothing_was_hinted_it_takes_more() {
    let mut line = Line::listening();
    line.prove(Part::Messages);
    for needed in [1, 2, 4, 8, 16, 32, 64, 64] {
        line.look(TALK);
        line.pass(LATE.as_secs() + 1);
        for proven in 0..needed {
            assert!(!line.is_good(), "{proven} of {needed}");
            line.prove(Part::Messages);
        }
        assert!(line.is_good(), "{needed}");
    }
}

#[test]
fn a_deaf_part_costs_the_trust_in_all() {
    let mut line = Line::listening();
    line.prove(Part::Messages);
    assert!(line.is_good(), "the project says that it tells of appointments too");
    line.look(BOOKING);
    line.pass(LATE.as_secs() + 1);
    for _ in 0..10 {
        line.prove(Part::Messages);
        assert!(!line.is_good());
    }
    line.prove(Part::Appointments);
    assert!(line.is_good());
}

#[test]
fn the_end_takes_all_but_what_nobody_looked_at_yet() {
    let mut line = Line::listening();
    line.prove(Part::Messages);
    line.trust.ends();
    assert!(!line.is_good() && !line.trust.wants());
    assert_eq!(line.trust, Trust::default());
    line.hint(Part::Messages);
    line.trust.ends();
    assert!(line.trust.wants());
    line.look(TALK);
    assert!(!line.trust.wants() && !line.is_good());
}
