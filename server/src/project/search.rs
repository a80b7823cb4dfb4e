//! Conversations that somebody looks for: by name, number or words, by status, time and author.
//!
//! PostgREST joins tables only along foreign keys that it knows, so words are looked for in messages first, the newest
//! ones, and the conversations that they belong to are asked for by their ids: two questions for a page, and a small one
//! whether there are older ones. Where conversations are gathered from messages, one is enough. In both a period is that of a
//! conversation's last message, and words and authors are those of messages within it. A column of numbers or of JSON cannot
//! be searched for parts of a text: it is then left out, which costs one more question. Nor can a status of a type of its
//! own: then the words that stand there are looked at first.

use std::{collections::BTreeSet, time::Duration};

use jiff::{Timestamp, tz::TimeZone};
use tokio::time::timeout;

use super::{
    cursor::Cursor,
    error::ProjectError,
    order::{Order, between},
    reads::{Direction, Page, Project},
    request::{Condition, Extra, FOUND, Op, Query},
    value::Value,
};
use crate::egress::EgressError;
use crate::mapping::{
    Author, Conversation, Conversations, Expr, Mapping, Messages, Part, Person, Said, When, plain_word, selection,
};

/// Messages that are looked through for words: the newest that hold them.
const MOST_MESSAGES: u32 = 1000;
/// Conversations that messages lead to.
const MOST_KEYS: usize = 100;
/// For all the questions of one search, each of which has its own time.
const SEARCHED: Duration = Duration::from_secs(8);
/// Digits of a number that are worth looking for.
const LEAST_DIGITS: usize = 3;

/// What is looked for; all of it must hold.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Search {
    /// In names, numbers and messages. Empty for anything.
    pub text: String,
    /// One of these words stands in the status, whatever their case. Empty for any.
    pub statuses: Vec<String>,
    /// It last moved at this instant or later.
    pub from: Option<Timestamp>,
    /// It last moved before this instant.
    pub until: Option<Timestamp>,
    /// Somebody of these wrote in it, within these bounds. Words in messages are looked for within them too.
    pub authors: Vec<Author>,
}

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// A page of it.
    pub page: Page<Conversation>,
    /// Set when older messages than those looked through may hold the words too.
    pub newest_only: bool,
    /// Set when words could not be looked for in messages.
    pub not_in_messages: bool,
    /// Set when only statuses that the newest conversations have could be asked for.
    pub latest_statuses: bool,
}

/// How much of a search a table's columns can take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reach {
    /// Parts of texts everywhere.
    Whole,
    /// No words in messages: they are JSON.
    NoWords,
    /// And whole numbers only where people's keys are, a truth value where authors are.
    Narrow,
}

impl Reach {
    /// From the widest on.
    const ALL: [Self; 3] = [Self::Whole, Self::NoWords, Self::Narrow];
}

impl Search {
    /// Whether nothing is looked for.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Whether nothing but a span of time is asked for.
    pub fn spans_only(&self) -> bool {
        *self == Self { from: self.from, until: self.until, ..Self::default() }
    }

    fn asks_messages(&self) -> bool {
        !self.text.is_empty() || !self.authors.is_empty()
    }
}

impl Project {
    /// A page of the conversations that are looked for, the newest first whatever the direction.
    ///
    /// # Errors
    /// See [`ProjectError`].
    pub async fn search_page(&self, search: &Search, direction: &Direction, limit: u32) -> Result<Found, ProjectError> {
        let found = timeout(SEARCHED, self.searched_page(search, direction, limit)).await;
        found.unwrap_or(Err(ProjectError::NoAnswer(EgressError::Timeout)))
    }

    async fn searched_page(&self, search: &Search, direction: &Direction, limit: u32) -> Result<Found, ProjectError> {
        let gathers = self.mapping().gathers();
        let led = !gathers && search.asks_messages() && self.mapping().messages.is_some();
        let led = if led { Some(self.keys_of_messages(search).await?) } else { None };
        let keys = led.as_ref().map(|led| &led.keys);
        let older = async {
            match &led {
                Some(led) => self.goes_on(led, search).await,
                None => false,
            }
        };
        let (page, newest_only) = tokio::join!(self.page_by_status(search, keys, direction, limit), older);
        let (page, reach, latest_statuses) = page?;
        let reach = led.as_ref().map_or(reach, |led| led.reach);
        let not_in_messages = (gathers || led.is_some()) && reach != Reach::Whole && !search.text.is_empty();
        Ok(Found { page, newest_only, not_in_messages, latest_statuses })
    }

    /// A page, and whether statuses had to be asked for by the words that stand there.
    async fn page_by_status(
        &self,
        search: &Search,
        keys: Option<&BTreeSet<String>>,
        direction: &Direction,
        limit: u32,
    ) -> Result<(Page<Conversation>, Reach, bool), ProjectError> {
        let asks_status = !self.mapping().gathers() && !search.statuses.is_empty();
        match self.reached_page(search, keys, None, direction, limit).await {
            // A status that is compared with nothing but its own words, it may be.
            Err(ProjectError::Mismatch(_)) if asks_status => {
                let there = self.statuses_there(&search.statuses).await?;
                let (page, reach) = self.reached_page(search, keys, Some(&there), direction, limit).await?;
                Ok((page, reach, true))
            }
            page => page.map(|(page, reach)| (page, reach, false)),
        }
    }

    /// A page as far as the columns can be searched; statuses by the words that are `there`, if that is known.
    async fn reached_page(
        &self,
        search: &Search,
        keys: Option<&BTreeSet<String>>,
        there: Option<&BTreeSet<String>>,
        direction: &Direction,
        limit: u32,
    ) -> Result<(Page<Conversation>, Reach), ProjectError> {
        let gathers = self.mapping().gathers();
        let mut refused = ProjectError::Mismatch(Part::Conversations);
        for reach in Reach::ALL {
            let page = if gathers {
                let extra = |mapping: &Mapping| in_messages(mapping, search, reach, self.zone());
                self.gathered_page(direction, limit, extra).await
            } else if reach == Reach::NoWords || (reach == Reach::Narrow && !search.asks_messages()) {
                // Words in messages were looked for before: it would be the same question.
                continue;
            } else {
                let extra = |mapping: &Mapping| in_conversations(mapping, search, keys, there, reach, self.zone());
                self.listed_page(direction, limit, extra).await
            };
            match page {
                Err(error @ ProjectError::Mismatch(_)) => refused = error,
                Err(error) => return Err(error),
                Ok(page) => return Ok((page, reach)),
            }
        }
        Err(refused)
    }

    /// The conversations that messages lead to which hold the words and are of the authors.
    async fn keys_of_messages(&self, search: &Search) -> Result<Led, ProjectError> {
        let part = Part::Messages;
        let mut reaches = Reach::ALL.into_iter();
        let mut reach = Reach::Whole;
        let (rows, mapping) = loop {
            reach = reaches.next().unwrap_or(reach);
            // What cannot be looked for is not found; without words it is still known who wrote.
            if reach != Reach::Whole && (search.authors.is_empty() || !search.text.is_empty()) {
                return Ok(Led { keys: BTreeSet::new(), reach, rest: Rest::None });
            }
            let query = |mapping: &Mapping| {
                let (order, table) = (Order::of_messages(mapping)?, mapping.table(part));
                let messages = mapping.messages.as_ref().ok_or(ProjectError::NotMapped(part))?;
                let table = table.ok_or(ProjectError::NotMapped(part))?;
                let known = [&messages.conversation, &messages.id].into_iter();
                let columns = selection(known.chain(messages.at.iter().flat_map(When::exprs)));
                let query = Query::new(part, table, &columns, &order.descending(), MOST_MESSAGES);
                Ok(query.all(&said_within(messages, search, reach, self.zone())))
            };
            match self.rows(part, query).await {
                Err(ProjectError::Mismatch(_)) if reach != Reach::Narrow => {}
                found => break found?,
            }
        };
        let order = Order::of_messages(&mapping)?;
        let last = rows.iter().rev().find_map(|row| order.cursor(row));
        let full = rows.len() >= MOST_MESSAGES as usize;
        let mut rest = if full { Rest::Some } else { last.map_or(Rest::None, Rest::After) };
        let mut keys = BTreeSet::new();
        for key in rows.iter().filter_map(|row| mapping.key_of(row)) {
            if keys.len() >= MOST_KEYS && !keys.contains(&key) {
                rest = Rest::Some;
                break;
            }
            keys.insert(key);
        }
        Ok(Led { keys, reach, rest })
    }

    /// Whether older messages than those looked through may lead to more conversations. A project may give fewer rows than
    /// it was asked for; what it does not answer is more.
    async fn goes_on(&self, led: &Led, search: &Search) -> bool {
        let place = match &led.rest {
            Rest::None => return false,
            Rest::Some => return true,
            Rest::After(place) => place,
        };
        let part = Part::Messages;
        let query = |mapping: &Mapping| {
            let (order, table) = (Order::of_messages(mapping)?, mapping.table(part));
            let messages = mapping.messages.as_ref().ok_or(ProjectError::NotMapped(part))?;
            let table = table.ok_or(ProjectError::NotMapped(part))?;
            let query = Query::new(part, table, &selection([&messages.id]), &order.descending(), 1);
            Ok(order.beyond(query.all(&said_within(messages, search, led.reach, self.zone())), place, Op::Lt))
        };
        self.rows(part, query).await.map_or(true, |(rows, _)| !rows.is_empty())
    }
}

/// What messages lead to.
struct Led {
    /// The conversations.
    keys: BTreeSet<String>,
    /// As far as messages can be searched.
    reach: Reach,
    /// Of the messages that were not looked through.
    rest: Rest,
}

/// What is known of older messages than those looked through.
enum Rest {
    /// There are none.
    None,
    /// There are some.
    Some,
    /// It must be asked what comes after this place.
    After(Cursor),
}

/// The conditions on messages' own columns: words, authors and, where times can be compared, the period.
fn said_within(messages: &Messages, search: &Search, reach: Reach, zone: &TimeZone) -> Vec<Condition> {
    let mut all = said(messages, search, reach);
    all.extend(messages.at.iter().flat_map(|at| between(at, search.from, search.until, zone)));
    all
}

/// The conditions on messages' own columns: words and authors.
fn said(messages: &Messages, search: &Search, reach: Reach) -> Vec<Condition> {
    let mut all = Vec::new();
    if !search.text.is_empty() && reach == Reach::Whole {
        let like = |expr: &Expr| Some(Condition::Like(expr.compared()?, holding(&search.text)?));
        let texts: Vec<Condition> = match &messages.said {
            Said::One { text, .. } => like(text).into_iter().collect(),
            // One row holds what both said: only the side that is asked for must hold the words.
            Said::Turn { question, answer } => [(question, Author::Contact), (answer, Author::Bot)]
                .into_iter()
                .filter(|(_, side)| search.authors.is_empty() || search.authors.contains(side))
                .filter_map(|(expr, _)| like(expr))
                .collect(),
        };
        all.push(Condition::Any(texts));
    }
    if !search.authors.is_empty() {
        all.push(Condition::Any(written_by(messages, &search.authors, reach)));
    }
    all.retain(|condition| !matches!(condition, Condition::Any(any) if any.is_empty()));
    all
}

/// Messages of these authors: the words that tables have for them, or the column that one of them fills.
fn written_by(messages: &Messages, authors: &[Author], reach: Reach) -> Vec<Condition> {
    match &messages.said {
        Said::Turn { question, answer } => {
            let filled = |expr: &Expr| expr.compared().map(Condition::Something);
            let contact = authors.contains(&Author::Contact).then(|| filled(question)).flatten();
            let bot = authors.contains(&Author::Bot).then(|| filled(answer)).flatten();
            contact.into_iter().chain(bot).collect()
        }
        Said::One { author, .. } => {
            let Some(column) = author.of.compared() else { return Vec::new() };
            if reach == Reach::Narrow {
                // A truth value, which is true for the business.
                let of_us = authors.iter().any(|author| *author != Author::Contact);
                return Value::text(&of_us.to_string())
                    .map(|truth| Condition::Is(column, Op::Eq, truth))
                    .into_iter()
                    .collect();
            }
            let own = author.words.iter().filter(|(_, named)| authors.contains(named)).map(|(word, _)| word.clone());
            // A word that means somebody else here is not asked for by its usual meaning.
            let redefined = |word: &str| author.words.keys().any(|known| plain_word(known) == plain_word(word));
            let usual = authors.iter().flat_map(|one| one.words()).filter(|word| !redefined(word));
            let words: BTreeSet<String> = own.chain(usual.map(|word| (*word).to_owned())).collect();
            let same = |word: &String| Some(Condition::Like(column.clone(), exactly(word)?));
            words.iter().filter_map(same).collect()
        }
    }
}

/// The conditions on a table of conversations.
fn in_conversations(
    mapping: &Mapping,
    search: &Search,
    keys: Option<&BTreeSet<String>>,
    there: Option<&BTreeSet<String>>,
    reach: Reach,
    zone: &TimeZone,
) -> Result<Extra, ProjectError> {
    let Conversations::Table { id, person, name, status, last_message, changed, .. } = &mapping.conversations else {
        return Err(ProjectError::NotMapped(Part::Conversations));
    };
    let id = id.ordered().ok_or(ProjectError::NotMapped(Part::Conversations))?;
    // A column of numbers takes nothing else.
    let fits = |key: &&String| reach != Reach::Narrow || key.bytes().all(|byte| byte.is_ascii_digit());
    let keys: Vec<Value> = keys.into_iter().flatten().filter(fits).filter_map(|key| Value::text(key)).collect();
    let led_to = (!keys.is_empty()).then(|| Condition::OneOf(id.clone(), keys));
    let (mut all, mut related) = (Vec::new(), None);
    if search.text.is_empty() {
        // Only authors were looked for.
        if !search.authors.is_empty() {
            all.push(led_to.unwrap_or_else(|| nothing(&id)));
        }
    } else {
        let mut any: Vec<Condition> = led_to.into_iter().collect();
        // With an author, it is what they wrote that must hold the words.
        if search.authors.is_empty() {
            let texts = [name.as_ref(), last_message.as_ref().filter(|_| reach != Reach::Narrow)];
            any.extend(texts.into_iter().flatten().filter_map(|expr| named(expr, &search.text)));
            any.extend(person.iter().flat_map(|person| numbered(person, &search.text, reach)));
            related = of_related(name.as_ref(), person.as_ref(), search, reach);
            any.extend(related.iter().map(|_| Condition::Something(FOUND.to_owned())));
        }
        all.push(if any.is_empty() { nothing(&id) } else { Condition::Any(any) });
    }
    if let Some(column) = status.as_ref().and_then(Expr::compared).filter(|_| !search.statuses.is_empty()) {
        let same = |word: &String| Some(Condition::Like(column.clone(), exactly(word)?));
        all.push(match there {
            None => Condition::Any(search.statuses.iter().filter_map(same).collect()),
            Some(there) if there.is_empty() => nothing(&id),
            Some(there) => Condition::OneOf(column, there.iter().filter_map(|word| Value::text(word)).collect()),
        });
    }
    if let Some(changed) = changed {
        all.extend(between(changed, search.from, search.until, zone));
    }
    Ok(Extra { all, related, within: search.from.is_some() || search.until.is_some(), ..Extra::default() })
}

/// A name and a number that stand in a related table, as what its rows must be like.
fn of_related(
    name: Option<&Expr>,
    person: Option<&Expr>,
    search: &Search,
    reach: Reach,
) -> Option<(String, Vec<Condition>)> {
    let named = name.and_then(Expr::related);
    let known = person.and_then(Expr::related);
    let table = named.as_ref().or(known.as_ref())?.0.clone();
    let same = |related: Option<(String, String)>| related.filter(|(of, _)| *of == table).map(|(_, column)| column);
    let by_name = same(named).and_then(|column| Some(Condition::Like(column, holding(&search.text)?)));
    let by_number = same(known).map(|column| numbered_in(&column, &search.text, reach)).unwrap_or_default();
    let any: Vec<Condition> = by_name.into_iter().chain(by_number).collect();
    (!any.is_empty()).then_some((table, any))
}

/// The conditions on messages that conversations are gathered from.
fn in_messages(mapping: &Mapping, search: &Search, reach: Reach, zone: &TimeZone) -> Result<Extra, ProjectError> {
    let messages = mapping.messages.as_ref().ok_or(ProjectError::NotMapped(Part::Messages))?;
    let mut all = Vec::new();
    if search.authors.is_empty() && !search.text.is_empty() {
        let mut any: Vec<Condition> = said(messages, search, reach);
        any.extend(messages.name.as_ref().and_then(|name| named(name, &search.text)));
        any.extend(numbered(&messages.conversation, &search.text, reach));
        let column = messages.id.ordered().unwrap_or_default();
        all.push(if any.is_empty() { nothing(&column) } else { Condition::Any(any) });
    } else {
        all.extend(said(messages, search, reach));
    }
    let mut never = Vec::new();
    if let Some(at) = &messages.at {
        all.extend(between(at, search.from, search.until, zone));
        // Whoever wrote since moved since.
        never = between(at, search.until, None, zone);
    }
    Ok(Extra { all, never, ..Extra::default() })
}

/// A name that holds a text. Of one in several columns each word must stand in one of them.
fn named(name: &Expr, text: &str) -> Option<Condition> {
    if let Some(column) = name.compared() {
        return Some(Condition::Like(column, holding(text)?));
    }
    let columns = name.parts();
    let word = |word: &str| {
        let any = columns.iter().filter_map(|column| Some(Condition::Like(column.clone(), holding(word)?)));
        Condition::Any(any.collect())
    };
    (!columns.is_empty()).then(|| Condition::All(text.split_whitespace().map(word).collect()))
}

/// A key of people that holds these digits, or is this person in any spelling.
fn numbered(person: &Expr, text: &str, reach: Reach) -> Vec<Condition> {
    person.compared().map(|column| numbered_in(&column, text, reach)).unwrap_or_default()
}

fn numbered_in(column: &str, text: &str, reach: Reach) -> Vec<Condition> {
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let only_number = text.chars().all(|sign| sign.is_ascii_digit() || " +()-.@".contains(sign));
    if digits.len() < LEAST_DIGITS || !only_number {
        return Vec::new();
    }
    let known = Person::read(text).filter(|person| !matches!(person, Person::Other(_)));
    let spellings = match (&known, reach) {
        (Some(person), Reach::Narrow) => person.spellings(),
        (Some(person), _) => person.written(text),
        (None, _) => Vec::new(),
    };
    let mut any = Vec::new();
    if !spellings.is_empty() {
        any.push(Condition::OneOf(column.to_owned(), spellings.iter().filter_map(|one| Value::text(one)).collect()));
    }
    if reach != Reach::Narrow {
        // As people write the end of a number, too: 98765-4321.
        let parted = (digits.len() >= 8).then(|| {
            let (head, tail) = digits.split_at(digits.len() - 4);
            format!("{head}-{tail}")
        });
        let pieces = [Some(digits), parted].into_iter().flatten();
        any.extend(pieces.filter_map(|piece| Some(Condition::Like(column.to_owned(), holding(&piece)?))));
    }
    any
}

/// What no row can be.
pub(super) fn nothing(id: &str) -> Condition {
    Condition::All(vec![Condition::Null(id.to_owned()), Condition::Something(id.to_owned())])
}

/// The pattern of whatever holds a text.
fn holding(text: &str) -> Option<Value> {
    Value::text(&format!("*{}*", escaped(text)))
}

/// The pattern of a text itself, whatever its case.
pub(super) fn exactly(text: &str) -> Option<Value> {
    Value::text(&escaped(text))
}

/// A text in which `like` finds no wildcards. PostgREST makes every star one: any single sign is as near as it gets.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len() + 2);
    for sign in text.chars() {
        match sign {
            '*' => escaped.push('_'),
            '%' | '_' | '\\' => {
                escaped.push('\\');
                escaped.push(sign);
            }
            sign => escaped.push(sign),
        }
    }
    escaped
}
