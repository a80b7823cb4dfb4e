//! The last good answers of projects: what a page shows, marked as old, while a project does not answer.
//!
//! A question is known by its tenant, by the version of the credential it was asked with, and by its words: a tenant never
//! meets another's answer, and nobody meets one that was read with a credential that was changed or removed since. Kept
//! for five minutes in this process's memory alone, packed, within a bound for all tenants together; the answers used least
//! go first.
//!
//! Beside them it is kept whose a conversation was when it was last read: a guess, under the same tenant and credential. With
//! it a thread's appointments are asked for together with the conversation; who guesses compares with the row that comes.

use super::error::ProjectError;
use crate::{
    egress::{EgressError, Incoming},
    mapping::Person,
};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use jiff::Timestamp;
use lz4_flex::block::{compress_prepend_size, decompress_size_prepended};
use moka::sync::Cache;
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};
use uuid::Uuid;

/// How old an answer may be at most. Source: `security.md` G8.
const OLDEST: Duration = Duration::from_secs(300);
/// Bytes of all answers, packed, and questions together.
const ROOM: u64 = 32 * 1024 * 1024;
/// What a kept answer costs besides its body and its question.
const EACH: usize = 256;

/// Tenants of whose conversations it is kept whose they are.
const TENANTS: u64 = 300;
/// Conversations of each of them, before the page at hand: what somebody may click on, on two pages of a list.
const CONVERSATIONS: usize = 100;

/// Tenant, version of the credential, question.
type Key = (Uuid, i64, String);
/// Whose some conversations of a tenant are.
type People = Mutex<HashMap<String, Person>>;

struct Kept {
    at: Timestamp,
    status: StatusCode,
    headers: HeaderMap,
    /// The body by LZ4: rows of one table say the same words again and again.
    packed: Box<[u8]>,
}

impl Kept {
    fn answer(&self) -> Option<Incoming> {
        let body = decompress_size_prepended(&self.packed).ok()?;
        Some(Incoming { status: self.status, headers: self.headers.clone(), body })
    }
}

/// The answers of all tenants. Cheap to clone; clones share them.
#[derive(Clone)]
pub struct KeptAnswers {
    answers: Cache<Key, Arc<Kept>>,
    people: Cache<(Uuid, i64), Arc<People>>,
}

impl Default for KeptAnswers {
    fn default() -> Self {
        Self::with(ROOM, OLDEST)
    }
}

impl KeptAnswers {
    fn with(room: u64, oldest: Duration) -> Self {
        let weigh = |(_, _, question): &Key, kept: &Arc<Kept>| {
            u32::try_from(question.len() + kept.packed.len() + EACH).unwrap_or(u32::MAX)
        };
        Self {
            answers: Cache::builder().max_capacity(room).weigher(weigh).time_to_live(oldest).build(),
            people: Cache::builder().max_capacity(TENANTS).time_to_live(oldest).build(),
        }
    }

    /// The part of one tenant's project as it is read with this version of its credential.
    pub(super) fn of(&self, tenant: Uuid, version: i64) -> Memory {
        Memory { kept: self.clone(), tenant, version, stale: Mutex::new(None) }
    }
}

impl std::fmt::Debug for KeptAnswers {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("KeptAnswers").field("answers", &self.answers.entry_count()).finish_non_exhaustive()
    }
}

/// That something was answered from memory: since when it is so old, and why it could not be asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stale {
    /// When the oldest answer that was used came in.
    pub since: Timestamp,
    /// Why the project gave no newer one.
    pub error: ProjectError,
}

/// One page's share: keeps what comes in, gives what is kept, and remembers that it did.
pub(super) struct Memory {
    kept: KeptAnswers,
    tenant: Uuid,
    version: i64,
    stale: Mutex<Option<Stale>>,
}

impl Memory {
    fn key(&self, what: &str) -> Key {
        (self.tenant, self.version, what.to_owned())
    }

    /// Keeps whose conversations are. Those of a page are kept together: a cache's own work for each of them would be a
    /// part of the page's time.
    pub(super) fn keep_people<'a>(&self, people: impl Iterator<Item = (&'a str, &'a Person)>) {
        let kept = self.kept.people.get_with((self.tenant, self.version), Arc::default);
        let mut kept = kept.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= CONVERSATIONS {
            kept.clear();
        }
        for (conversation, person) in people {
            if kept.get(conversation).is_some_and(|known| known == person) {
                continue;
            }
            kept.insert(conversation.to_owned(), person.clone());
        }
    }

    /// Whose it was.
    pub(super) fn person(&self, conversation: &str) -> Option<Person> {
        let kept = self.kept.people.get(&(self.tenant, self.version))?;
        kept.lock().unwrap_or_else(PoisonError::into_inner).get(conversation).cloned()
    }

    /// Keeps a good answer, of its headers copies of those that tell how to read it. As they came they are parts of what the
    /// connection read at a time, up to hundreds of kilobytes.
    pub(super) fn keep(&self, question: &str, answer: &Incoming) {
        let told = [header::CONTENT_TYPE, header::CONTENT_RANGE].into_iter().filter_map(|name| {
            let copied = HeaderValue::from_bytes(answer.headers.get(&name)?.as_bytes()).ok()?;
            Some((name, copied))
        });
        let headers = told.collect();
        let packed = compress_prepend_size(&answer.body).into_boxed_slice();
        let kept = Kept { at: Timestamp::now(), status: answer.status, headers, packed };
        self.kept.answers.insert(self.key(question), Arc::new(kept));
    }

    /// What `read` makes of the answer that is kept for this question, if the error is one behind which the project may be
    /// as it was.
    pub(super) fn recall<T>(
        &self,
        question: &str,
        error: ProjectError,
        read: impl FnOnce(&Incoming) -> Option<T>,
    ) -> Option<T> {
        if !passes(error) {
            return None;
        }
        let kept = self.kept.answers.get(&self.key(question))?;
        let read = read(&kept.answer()?)?;
        let mut stale = self.stale.lock().unwrap_or_else(PoisonError::into_inner);
        let since = stale.map_or(kept.at, |stale| stale.since.min(kept.at));
        *stale = Some(Stale { since, error });
        Some(read)
    }

    /// Whether anything was answered from memory so far.
    pub(super) fn stale(&self) -> Option<Stale> {
        *self.stale.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whether a project that fails like this is merely away. One that refuses the key, lacks a table, is paused or is not a
/// project has a fault that somebody must mend: old data would only hide it.
fn passes(error: ProjectError) -> bool {
    match error {
        ProjectError::NoAnswer(error) => !matches!(error, EgressError::AddressRefused | EgressError::TooLarge),
        ProjectError::Fault(_) | ProjectError::ClockAhead | ProjectError::Slow | ProjectError::RateLimited => true,
        ProjectError::Paused
        | ProjectError::Rubbish
        | ProjectError::Key
        | ProjectError::KeyExpired
        | ProjectError::Grant(_)
        | ProjectError::TableMissing(_)
        | ProjectError::ColumnMissing(_)
        | ProjectError::Mismatch(_)
        | ProjectError::NotMapped(_)
        | ProjectError::NotTold(_)
        | ProjectError::Other(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};

    fn answer(body: &str) -> Incoming {
        Incoming { status: StatusCode::OK, headers: HeaderMap::new(), body: body.into() }
    }

    /// What cannot be packed.
    fn noise(letters: usize) -> String {
        let mut bytes = vec![0; letters / 4 * 3];
        getrandom::fill(&mut bytes).unwrap();
        BASE64.encode(bytes)
    }

    const AWAY: ProjectError = ProjectError::NoAnswer(EgressError::Timeout);

    fn recalled(memory: &Memory, question: &str, error: ProjectError) -> Option<String> {
        memory.recall(question, error, |incoming| String::from_utf8(incoming.body.clone()).ok())
    }

    #[test]
    fn nobody_meets_another_tenants_or_another_credentials_answer() {
        let answers = KeptAnswers::default();
        let (one, two) = (Uuid::from_u128(1), Uuid::from_u128(2));
        let (mut mixed, mut all) = (0, 0);
        for (tenant, version) in [(one, 1), (one, 2), (two, 1), (two, 2)] {
            for question in 0..2_500 {
                let memory = answers.of(tenant, version);
                let question = format!("/conversations?offset={question}");
                mixed += usize::from(recalled(&memory, &question, AWAY).is_some());
                memory.keep(&question, &answer(&format!("{tenant} {version}")));
                mixed += usize::from(recalled(&memory, &question, AWAY) != Some(format!("{tenant} {version}")));
                let person = Person::Other(format!("{tenant} {version}"));
                mixed += usize::from(memory.person(&question).is_some());
                memory.keep_people([(question.as_str(), &person)].into_iter());
                mixed += usize::from(memory.person(&question) != Some(person));
                all += 1;
            }
        }
        eprintln!("kept answers: {mixed} of {all} were somebody else's");
        assert_eq!((mixed, all), (0, 10_000));
    }

    #[test]
    fn only_a_project_that_is_away_is_answered_for() {
        let memory = KeptAnswers::default().of(Uuid::nil(), 1);
        memory.keep("q", &answer("[]"));
        for error in [
            ProjectError::Paused,
            ProjectError::Rubbish,
            ProjectError::Key,
            ProjectError::KeyExpired,
            ProjectError::NoAnswer(EgressError::AddressRefused),
            ProjectError::NoAnswer(EgressError::TooLarge),
            ProjectError::Other(StatusCode::BAD_REQUEST),
        ] {
            assert_eq!(recalled(&memory, "q", error), None, "{error}");
        }
        assert_eq!(memory.stale(), None);
        assert_eq!(recalled(&memory, "another", AWAY), None);
        for error in [AWAY, ProjectError::Fault(StatusCode::BAD_GATEWAY), ProjectError::Slow] {
            assert_eq!(recalled(&memory, "q", error).as_deref(), Some("[]"), "{error}");
            assert_eq!(memory.stale().unwrap().error, error);
        }
    }

    #[test]
    fn what_is_kept_takes_no_more_than_it_is_counted_for() {
        let memory = KeptAnswers::default().of(Uuid::nil(), 1);
        let rows = (0..1_000).map(|id| format!(r#"{{"id":{id},"author":"contact","status":"waiting"}}"#));
        let body = format!("[{}]", rows.collect::<Vec<_>>().join(","));
        let headers = [
            (header::CONTENT_TYPE, "application/json"),
            (header::CONTENT_RANGE, "0-999/1000"),
            (header::SET_COOKIE, "__cf_bm=x"),
        ];
        let headers: HeaderMap =
            headers.into_iter().map(|(name, value)| (name, HeaderValue::from_static(value))).collect();
        let came = headers.clone();
        memory.keep("q", &Incoming { status: StatusCode::OK, headers, body: body.clone().into() });
        let (recalled, headers) =
            memory.recall("q", AWAY, |kept| Some((kept.body.clone(), kept.headers.clone()))).unwrap();
        assert!(recalled == body.as_bytes(), "every byte as it came");
        assert_eq!(headers.len(), 2);
        for (name, value) in &headers {
            assert_ne!(value.as_bytes().as_ptr(), came[name].as_bytes().as_ptr(), "{name} is a copy");
        }
        assert_eq!(
            [&headers[header::CONTENT_TYPE], &headers[header::CONTENT_RANGE]],
            ["application/json", "0-999/1000"]
        );
        memory.kept.answers.run_pending_tasks();
        let weighs = memory.kept.answers.weighted_size();
        eprintln!("kept answers: {} bytes of rows in {weighs}", body.len());
        assert!(weighs < body.len() as u64 / 3, "{weighs} of {}", body.len());
    }

    #[test]
    fn the_latest_conversations_of_a_tenant_are_kept() {
        let memory = KeptAnswers::default().of(Uuid::nil(), 1);
        let person = Person::Other("p".to_owned());
        for page in 0..20 {
            let ids: Vec<String> = (0..35).map(|row| format!("{page}/{row}")).collect();
            memory.keep_people(ids.iter().map(|id| (id.as_str(), &person)));
            assert!(ids.iter().all(|id| memory.person(id).is_some()), "what was read last is there");
            let people = memory.kept.people.get(&(Uuid::nil(), 1)).unwrap();
            assert!(people.lock().unwrap().len() < CONVERSATIONS + 35);
        }
        let other = Person::Other("q".to_owned());
        memory.keep_people([("19/1", &other)].into_iter());
        assert_eq!(memory.person("19/1"), Some(other), "another's now");
    }

    #[test]
    fn nothing_is_kept_beyond_its_time_or_the_room() {
        let answers = KeptAnswers::with(1_000_000, Duration::from_millis(50));
        let memory = answers.of(Uuid::nil(), 1);
        memory.keep("q", &answer("[]"));
        std::thread::sleep(Duration::from_millis(80));
        assert_eq!(recalled(&memory, "q", AWAY), None);
        let answers = KeptAnswers::with(1_000_000, OLDEST);
        for number in 0..1_000 {
            answers.of(Uuid::from_u128(number), 1).keep("q", &answer(&noise(10_000)));
        }
        answers.answers.run_pending_tasks();
        let (kept, bytes) = (answers.answers.entry_count(), answers.answers.weighted_size());
        eprintln!("kept answers: {kept} of 1000 of 10 kB in {bytes} bytes");
        assert!((50..100).contains(&kept) && bytes <= 1_000_000, "{kept} {bytes}");
    }
}
