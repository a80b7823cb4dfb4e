//! Gathered conversations of a project that gives as many rows an answer as it likes, and of periods.

use jiff::{SignedDuration, Timestamp};
use url::Url;

use super::super::{
    reads::tests::{project, reply},
    search::Search,
};
use super::*;
use crate::mapping::Author;

const MAPPING: &str = r#"{"conversations":"gathered","messages":{"table":{"name":"m"},"id":"id","conversation":"phone",
    "said":{"one":{"author":{"of":"direction"},"text":"text"}},"at":{"kind":"stamp","at":"at","naive":"utc"},"rising":true}}"#;

/// A message: whose it is, and whether the contact wrote it. Its place in the table is its id, and its hour.
type Said = (usize, bool);

fn phone(person: usize) -> String {
    format!("55119876500{person:02}")
}

fn number(id: usize) -> i64 {
    i64::try_from(id).unwrap()
}

fn hour(id: usize) -> Timestamp {
    "2026-01-01T00:00:00Z".parse::<Timestamp>().unwrap() + SignedDuration::from_hours(number(id))
}

/// What stands in quotes after a word.
fn quoted_after<'a>(text: &'a str, word: &str) -> Option<&'a str> {
    let at = text.find(word)? + word.len();
    text[at..].split('"').next()
}

/// Answers as PostgREST does, with at most `most` rows. It counts only where nothing but people is asked for.
fn table(said: &'static [Said], most: usize) -> impl Fn(&str, usize) -> String + Send + Sync {
    move |line, _| {
        let path = line.split(' ').nth(1).unwrap();
        let pairs: Vec<(String, String)> =
            Url::parse(&format!("http://x{path}")).unwrap().query_pairs().into_owned().collect();
        let value = |name: &str| pairs.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str());
        let admits = |id: usize, (person, inbound): Said| {
            pairs.iter().all(|(name, value)| match (name.as_str(), value.split_once('.')) {
                ("id", Some(("lt", bound))) => number(id) < bound.parse().unwrap(),
                ("id", Some(("gt", bound))) => number(id) > bound.parse().unwrap(),
                ("id", Some(("gte", bound))) => number(id) >= bound.parse().unwrap(),
                ("phone", _) => value.contains(&phone(person)),
                ("and", _) => {
                    let bound = |word| quoted_after(value, word).map(|at| at.parse::<Timestamp>().unwrap());
                    bound("at.gte.\"").is_none_or(|from| hour(id) >= from)
                        && bound("at.lt.\"").is_none_or(|until| hour(id) < until)
                        && (!value.contains("direction.ilike") || inbound)
                }
                _ => true,
            })
        };
        let mut rows: Vec<(usize, Said)> =
            said.iter().copied().enumerate().filter(|(id, one)| admits(*id, *one)).collect();
        if value("order") == Some("id.desc") {
            rows.reverse();
        }
        let total = if value("select") == Some("phone") { rows.len().to_string() } else { "*".to_owned() };
        rows.truncate(most.min(value("limit").unwrap().parse().unwrap()));
        let row = |(id, (person, inbound)): &(usize, Said)| {
            let (phone, way, at) = (phone(*person), if *inbound { "in" } else { "out" }, hour(*id));
            format!(r#"{{"id":{id},"phone":"{phone}","direction":"{way}","text":"{id}","at":"{at}"}}"#)
        };
        reply(200, &format!("*/{total}"), &format!("[{}]", rows.iter().map(row).collect::<Vec<_>>().join(",")))
    }
}

async fn gathered(said: &'static [Said], most: usize) -> (Project, tokio::sync::mpsc::UnboundedReceiver<String>) {
    let (project, asked) = project(table(said, most)).await;
    let mapping = Mapping::from_json(MAPPING).unwrap();
    (project.reading(mapping.into(), jiff::tz::TimeZone::UTC), asked)
}

/// The people of all pages from a direction on, by their last messages, and where the last page ended.
async fn walk(project: &Project, search: &Search, mut direction: Direction) -> (Vec<String>, Option<Cursor>) {
    let upwards = matches!(direction, Direction::NewerThan(_));
    let mut all: Vec<Vec<String>> = Vec::new();
    for _ in 0..400 {
        let page = match search.is_empty() {
            true => project.conversations_page(&direction, 10).await.unwrap(),
            false => project.search_page(search, &direction, 10).await.unwrap().page,
        };
        all.push(page.rows.into_iter().map(|row| row.last_message.unwrap()).collect());
        let end = page.ends.map(|(newest, oldest)| if upwards { newest } else { oldest });
        match end.clone().filter(|_| page.more) {
            Some(end) if upwards => direction = Direction::NewerThan(end),
            Some(end) => direction = Direction::OlderThan(end),
            None => {
                if upwards {
                    all.reverse();
                }
                return (all.concat(), end);
            }
        }
    }
    panic!("pages that never end")
}

/// Thirty people, who wrote in turns for long, and one who wrote most.
fn chatter() -> &'static [Said] {
    let said = (0..300).map(|id| if id % 3 == 0 { (30, true) } else { (id * 7 % 30, id % 2 == 0) });
    said.collect::<Vec<Said>>().leak()
}

/// Everybody by their last message, the newest first.
fn last_of(said: &[Said]) -> Vec<String> {
    let mut seen = BTreeSet::new();
    let newest = said.iter().enumerate().rev().filter(|(_, (person, _))| seen.insert(*person));
    newest.map(|(id, _)| id.to_string()).collect()
}

#[tokio::test]
async fn nobody_is_lost_however_few_rows_a_project_gives() {
    let said = chatter();
    let everybody = last_of(said);
    assert!(everybody.len() > 20, "{everybody:?}");
    for most in [1000, 299, 100, 40, 7, 1] {
        let (project, _) = gathered(said, most).await;
        let (found, _) = walk(&project, &Search::default(), Direction::Newest).await;
        assert_eq!(found, everybody, "{most} rows an answer");
        let oldest = Cursor { at: None, id: "-1".to_owned() };
        let (found, _) = walk(&project, &Search::default(), Direction::NewerThan(oldest)).await;
        assert_eq!(found, everybody, "{most} rows an answer, upwards");
    }
}

#[tokio::test]
async fn the_end_is_asked_for_only_where_it_may_be_one() {
    let few: &'static [Said] = &[(1, true), (2, true), (1, false)];
    for (said, questions) in [(chatter(), 1), (few, 2), (&[][..], 1)] {
        let (project, mut asked) = gathered(said, 1000).await;
        let page = project.conversations_page(&Direction::Newest, 10).await.unwrap();
        assert_eq!(page.more, questions == 1 && !said.is_empty());
        let lines: Vec<String> = std::iter::from_fn(|| asked.try_recv().ok()).collect();
        assert_eq!(lines.len(), questions, "{lines:?}");
    }
}

#[tokio::test]
async fn a_period_is_that_of_the_last_message_and_the_authors_within_it() {
    // Person 1 wrote in the period and later, person 2 last within it and got an answer, of person 3 it was the business that
    // wrote, person 4 wrote before.
    let said: &'static [Said] = &[(4, true), (3, true), (1, true), (2, true), (2, false), (3, false), (1, true)];
    let period =
        |from: usize, until: usize| Search { from: Some(hour(from)), until: Some(hour(until)), ..Search::default() };
    for most in [1000, 2, 1] {
        let (project, _) = gathered(said, most).await;
        for (search, expected) in [
            (period(2, 6), vec!["5", "4"]),
            (Search { authors: vec![Author::Contact], ..period(2, 6) }, vec!["3"]),
            (Search { until: None, ..period(2, 6) }, vec!["6", "5", "4"]),
            (Search { from: None, ..period(2, 6) }, vec!["5", "4", "0"]),
            (period(7, 9), vec![]),
        ] {
            let (found, _) = walk(&project, &search, Direction::Newest).await;
            assert_eq!(found, expected, "{search:?}, {most} rows an answer");
        }
    }
}

#[tokio::test]
async fn of_many_who_wrote_later_nobody_hides_who_did_not() {
    // In the period everybody wrote once; since then all but two of them.
    let said = (0..90).map(|person| (person, true)).chain((0..90).filter(|one| one % 45 != 3).map(|one| (one, true)));
    let said: &'static [Said] = said.collect::<Vec<Said>>().leak();
    let search = Search { until: Some(hour(90)), ..Search::default() };
    for most in [1000, 20] {
        let (project, _) = gathered(said, most).await;
        let (found, _) = walk(&project, &search, Direction::Newest).await;
        assert_eq!(found, ["48", "3"], "{most} rows an answer");
    }
}
