//! Eight families of tenants' tables on the real PostgREST, each with the same story in its own shape: found by looking,
//! put in use, and read through the pages.

use crate::{
    harness::{Browser, Server, location, stack},
    overview::read_in_time,
};
use app::{
    appointments::{Agenda, AppointmentRow, Body, ListPart},
    conversations::{Author, ConversationPage, ConversationRow, Message, Thread},
    mapping::{MappingView, Section},
    overview::Overview,
    session::Role,
};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use reqwest::StatusCode;
use serde::de::DeserializeOwned;
use serde_json::Value;
use sqlx::{Connection, Executor, PgConnection};
use std::collections::BTreeMap;

const PAGE: &str = "/settings/mapping";

/// What one family's tables tell, and what a person has to say beside looking.
struct Family {
    letter: &'static str,
    /// Names of tables and schema that nobody can guess.
    look: [&'static str; 2],
    /// What the one at the keyboard adds to the draft.
    add: &'static [(&'static str, &'static str)],
    tells: Tells,
}

/// What can be expected of a family beside who said what, in which order.
struct Tells {
    times: bool,
    names: bool,
    /// The time of each answer, and not of its question alone.
    answers: bool,
    robots: bool,
    people: bool,
    agenda: bool,
    prices: bool,
    professionals: bool,
}

const NONE: Tells = Tells {
    times: false,
    names: false,
    answers: true,
    robots: false,
    people: false,
    agenda: false,
    prices: false,
    professionals: false,
};
const AGENDA: Tells =
    Tells { times: true, names: true, robots: true, agenda: true, prices: true, professionals: true, ..NONE };

const FAMILIES: [Family; 8] = [
    Family { letter: "a", look: ["", ""], add: &[], tells: Tells { robots: true, ..NONE } },
    Family { letter: "b", look: ["", ""], add: &[], tells: Tells { names: false, professionals: false, ..AGENDA } },
    Family { letter: "c", look: ["", ""], add: &[], tells: Tells { answers: false, ..AGENDA } },
    Family {
        letter: "d",
        look: ["", ""],
        add: &[("conversations.only", "client_id = 7"), ("messages.only", "client_id = 7")],
        tells: Tells { robots: false, professionals: false, ..AGENDA },
    },
    Family {
        letter: "e",
        look: ["", ""],
        add: &[
            ("conversations.only", "tenant_id = t1\ndeleted_at = (vazio)"),
            ("messages.only", "conversations(tenant_id) = t1\nconversations(deleted_at) = (vazio)"),
            ("appointments.only", "tenant_id = t1\ndeleted_at = (vazio)"),
        ],
        tells: Tells { people: true, ..AGENDA },
    },
    Family { letter: "f", look: ["", ""], add: &[], tells: Tells { prices: false, professionals: false, ..AGENDA } },
    Family { letter: "g", look: ["", ""], add: &[], tells: Tells { times: true, names: true, ..NONE } },
    Family {
        letter: "h",
        look: ["aurora_messages, aurora_bookings", "clientes"],
        add: &[],
        tells: Tells { people: true, ..AGENDA },
    },
];

fn story() -> &'static Value {
    &stack()["story"]
}

pub async fn json<T: DeserializeOwned>(browser: &Browser, path: &str) -> T {
    let answer = browser.read(path).await;
    let (status, text) = (answer.status(), answer.text().await.unwrap());
    assert_eq!(status, StatusCode::OK, "{path}: {text}");
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{path}: {error} in {text}"))
}

pub fn encoded(text: &str) -> String {
    utf8_percent_encode(text, NON_ALPHANUMERIC).to_string()
}

/// Sends a plain form of the page, which must do what it is for.
pub async fn done(browser: &Browser, path: &str, pairs: &[(&str, &str)], word: &str) {
    let answer = browser.form(path, pairs, PAGE).await;
    assert_eq!((answer.status(), location(&answer)), (StatusCode::FOUND, format!("{PAGE}?done={word}")), "{path}");
}

/// Puts the draft in use that the page shows, as the version after this one.
pub async fn save(browser: &Browser, version: &str) {
    let view: MappingView = json(browser, "/api/mapping/read").await;
    let revision = view.draft.expect("a draft").revision;
    done(browser, "/api/mapping/save", &[("version", version), ("revision", &revision)], "saved").await;
}

/// Where the families' projects are.
pub fn origins() -> String {
    let families = stack()["families"].as_array().unwrap();
    families.iter().map(|family| family["origin"].as_str().unwrap()).collect::<Vec<_>>().join(",")
}

/// The admin of a new tenant whose project is a family's, with its tables in use.
pub async fn in_use(server: &Server, letter: &str, slug: &str) -> Browser {
    let family = FAMILIES.iter().find(|family| family.letter == letter).expect("a family");
    let project = stack()["families"].as_array().unwrap().iter().find(|one| one["family"] == letter).expect("it runs");
    let tenant = server.tenant(slug, Role::Admin, None).await;
    let [url, key] = ["url", "publishable_key"].map(|field| project[field].as_str().unwrap());
    server.connect_to(&tenant.scope, url, key).await;
    let browser = server.signed_in(&tenant.email).await;
    put_in_use(&browser, family).await;
    browser
}

/// Looks for the tables, adds what only a person knows, and puts it in use.
async fn put_in_use(browser: &Browser, family: &Family) {
    let [tables, schema] = family.look;
    done(browser, "/api/mapping/detect", &[("tables", tables), ("schema", schema)], "detected").await;
    let view: MappingView = json(browser, "/api/mapping/read").await;
    let draft = view.draft.expect("a draft");
    assert!(draft.errors.is_empty(), "{}: {:?}", family.letter, draft.errors);
    if !family.add.is_empty() {
        let mut fields: BTreeMap<String, String> = draft.fields;
        fields.extend(family.add.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        let pairs: Vec<(String, String)> =
            fields.into_iter().map(|(name, value)| (format!("fields[{name}]"), value)).collect();
        let pairs: Vec<(&str, &str)> = pairs.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        done(browser, "/api/mapping/draft", &pairs, "kept").await;
    }
    let view: MappingView = json(browser, "/api/mapping/read").await;
    let preview = view.draft.expect("a draft").preview.expect("a preview");
    for part in &preview.parts {
        let rows = part.rows.as_ref().unwrap_or_else(|error| panic!("{} {:?}: {error}", family.letter, part.section));
        let expected = part.section != Section::Appointments || family.tells.agenda;
        assert_eq!(!rows.rows.is_empty(), expected, "{} {:?}", family.letter, part.section);
        assert_eq!(rows.lost, Vec::<String>::new(), "{}", family.letter);
    }
    save(browser, "0").await;
}

/// The digits that tell people apart, without country and ninth digit.
fn digits(phone: &str) -> String {
    let digits: String = phone.chars().filter(char::is_ascii_digit).collect();
    digits.chars().rev().take(8).collect::<Vec<_>>().into_iter().rev().collect()
}

async fn everybody(browser: &Browser) -> (Vec<ConversationRow>, usize) {
    let (mut all, mut pages, mut before) = (Vec::new(), 0, String::new());
    loop {
        let page: ConversationPage = json(browser, &format!("/api/conversations/page?before={before}")).await;
        all.extend(page.rows);
        pages += 1;
        assert!(pages < 20, "pages that never end");
        match page.older {
            Some(older) => before = older,
            None => return (all, pages),
        }
    }
}

async fn thread(browser: &Browser, row: &ConversationRow) -> Vec<Message> {
    let id = row.href.strip_prefix("/conversations/").unwrap();
    let thread: Thread = json(browser, &format!("/api/conversations/thread?id={id}")).await;
    assert_eq!(thread.trouble, None);
    thread.days.into_iter().flat_map(|day| day.messages).collect()
}

fn check_thread(family: &Family, person: &Value, found: &[Message]) {
    let expected = person["messages"].as_array().unwrap();
    let who = format!("{} {}", family.letter, person["name"]);
    let texts: Vec<&str> = found.iter().map(|message| message.text.as_str()).collect();
    let told: Vec<&str> = expected.iter().map(|message| message["text"].as_str().unwrap()).collect();
    assert_eq!(texts, told, "{who}");
    for (message, told) in found.iter().zip(expected) {
        let author = match told["author"].as_str().unwrap() {
            "contact" => Author::Contact,
            "human" if family.tells.people => Author::Team,
            _ if family.tells.robots => Author::Bot,
            _ => Author::Business,
        };
        assert_eq!(message.author, author, "{who}: {}", message.text);
        // A caption alone does not tell of its picture, but where the table keeps a kind.
        let kinds = matches!(family.letter, "d" | "g") || message.text.is_empty();
        assert_eq!(message.media.is_some(), told["media"].is_string() && kinds, "{who}: {message:?}");
        let at = message.at.as_ref().map(|at| at.iso.parse::<jiff::Timestamp>().unwrap());
        let exact = family.tells.answers || author == Author::Contact;
        let expected = family.tells.times.then(|| told["at"].as_str().unwrap().parse().unwrap());
        assert!(!exact || at == expected, "{who}: {at:?} {expected:?}");
    }
}

async fn agenda(browser: &Browser) -> Vec<AppointmentRow> {
    let first = jiff::tz::TimeZone::UTC
        .to_datetime(jiff::Timestamp::now())
        .date()
        .checked_sub(jiff::Span::new().days(23))
        .unwrap();
    let mut all = Vec::new();
    for month in 0..2 {
        let from = first.checked_add(jiff::Span::new().days(month * 30)).unwrap();
        all.extend(listed(browser, &format!("asked[date]={from}")).await);
    }
    all
}

/// What the list shows of thirty days.
pub async fn listed(browser: &Browser, asked: &str) -> Vec<AppointmentRow> {
    let agenda: Agenda = json(browser, &format!("/api/appointments/agenda?asked[view]=list&{asked}")).await;
    assert!(!agenda.truncated);
    let Body::List(parts) = agenda.body else { panic!("a list") };
    let day = |part| match part {
        ListPart::Day(day) => day.appointments,
        ListPart::Free(_) => Vec::new(),
    };
    let rows: Vec<AppointmentRow> = parts.into_iter().flat_map(day).collect();
    assert_eq!(rows.len(), agenda.shown as usize, "{asked}");
    rows
}

fn check_agenda(family: &Family, found: &[AppointmentRow]) {
    let expected = story()["appointments"].as_array().unwrap();
    let letter = family.letter;
    let word = |status: &str| match status {
        "scheduled" => "a confirmar",
        "confirmed" => "confirmado",
        "completed" => "realizado",
        "cancelled" => "cancelado",
        "no_show" => "faltou",
        other => panic!("{other}"),
    };
    let key = |starts: &str, name: &str| (starts.parse::<jiff::Timestamp>().unwrap(), name.to_owned());
    let mut told: Vec<_> =
        expected.iter().map(|one| (key(one["starts"].as_str().unwrap(), one["name"].as_str().unwrap()), one)).collect();
    let mut seen: Vec<_> = found.iter().map(|one| (key(&one.starts.iso, &one.who), one)).collect();
    told.sort_by(|a, b| a.0.cmp(&b.0));
    seen.sort_by(|a, b| a.0.cmp(&b.0));
    assert_eq!(seen.len(), told.len(), "{letter}");
    for ((seen_key, seen), (told_key, told)) in seen.iter().zip(&told) {
        assert_eq!(seen_key, told_key, "{letter}");
        assert_eq!(seen.status.as_ref().unwrap().label, word(told["status"].as_str().unwrap()), "{letter}");
        assert_eq!(seen.service, told["service"].as_str().unwrap(), "{letter}");
        if family.tells.professionals {
            assert_eq!(seen.professional, told["professional"].as_str().unwrap_or_default(), "{letter}");
        }
        if family.tells.prices {
            let cents: i64 = seen.price.chars().filter(char::is_ascii_digit).collect::<String>().parse().unwrap_or(-1);
            assert_eq!(cents, told["price_cents"].as_i64().unwrap_or(-1), "{letter}: {}", seen.price);
        }
    }
}

/// Everything can be taken away, as many rows as there are; gives how many files.
async fn check_files(browser: &Browser, family: &Family) -> usize {
    let letter = family.letter;
    let people = story()["people"].as_array().unwrap();
    let bubbles: usize = people.iter().map(|one| one["messages"].as_array().unwrap().len()).sum();
    let mut files = 0;
    let agenda = family.tells.agenda.then_some(("agenda", 60));
    let both = [("conversas", people.len()), ("mensagens", bubbles)];
    for (name, expected) in both.into_iter().chain(agenda) {
        let answer = browser.page(&format!("/files/{name}.csv?sep=,")).await;
        assert_eq!(answer.status(), StatusCode::OK, "{letter} {name}");
        assert_eq!(answer.headers()["content-type"], "text/csv; charset=utf-8");
        let text = answer.text().await.unwrap();
        let mut reader = csv::Reader::from_reader(text.trim_start_matches('\u{feff}').as_bytes());
        let rows: Vec<csv::StringRecord> = reader.records().collect::<Result<_, _>>().unwrap();
        // Groups' messages stand among the others, where somebody may want them.
        let groups = if name == "mensagens" && matches!(letter, "f") { 2 } else { 0 };
        assert_eq!(rows.len(), expected + groups, "{letter} {name}");
        let guarded = rows.iter().flatten().all(|cell| !cell.starts_with(['=', '+', '@', '-']));
        assert!(guarded, "{letter} {name}: no formulas");
        files += 1;
    }
    let told = browser.text("/settings/audit?kind=content_exported").await.matches("dados baixados").count();
    assert!(told >= files, "{letter}: {told} of {files} files in the trail");
    let none = browser.page("/files/agenda.csv").await.status();
    assert_eq!(none, if family.tells.agenda { StatusCode::OK } else { StatusCode::CONFLICT }, "{letter}");
    files
}

/// Ana is found by her number in any spelling, by her name, by her words and by when she wrote; gives how many ways.
async fn check_search(browser: &Browser, family: &Family) -> usize {
    let letter = family.letter;
    let found = async |query: &str| -> (Vec<String>, ConversationPage) {
        let page: ConversationPage = json(browser, &format!("/api/conversations/page?{query}")).await;
        (page.rows.iter().map(|row| digits(&row.phone)).collect(), page)
    };
    const ANA: &str = "87654321";
    let mut ways = 0;
    // With the ninth digit, without, as people write it, as WhatsApp does.
    for number in ["11987654321", "1187654321", "5511987654321", "(11) 98765-4321", "+55 11 8765-4321"] {
        let (people, _) = found(&format!("filter[q]={}", encoded(number))).await;
        assert_eq!(people, [ANA], "{letter}: {number}");
        ways += 1;
    }
    if family.tells.names {
        let (people, _) = found(&format!("filter[q]={}", encoded("ana prad"))).await;
        assert_eq!(people, [ANA], "{letter}: by name");
        ways += 1;
    }
    let (people, page) = found(&format!("filter[q]={}", encoded("quero MARCAR"))).await;
    if letter == "g" {
        assert!(!page.notes.is_empty(), "{letter}: that words cannot be looked for is said");
    } else {
        assert!(
            people.contains(&ANA.to_owned()) && page.notes.is_empty(),
            "{letter}: by words {people:?} {:?}",
            page.notes
        );
        let by = async |author: &str, words: &str| {
            let query = format!("filter[q]={}&filter[author]={author}", encoded(words));
            found(&query).await.0.contains(&ANA.to_owned())
        };
        assert!(by("contact", "Quero marcar").await, "{letter}: what she wrote");
        assert!(!by("contact", "Claro!").await, "{letter}: what she did not write");
        assert!(by("business", "Claro!").await, "{letter}: what was answered");
        ways += 4;
    }
    if family.tells.times {
        let day = |days: i64| {
            let today = jiff::tz::TimeZone::UTC.to_datetime(jiff::Timestamp::now()).date();
            today.checked_add(jiff::Span::new().days(days)).unwrap()
        };
        let (people, _) = found(&format!("filter[from]={}&filter[to]={}", day(-30), day(2))).await;
        assert!(people.len() >= 49, "{letter}: a whole page in between, but for a group");
        // A text for a day cannot be compared: the list is as long as ever.
        let (people, _) = found(&format!("filter[from]={}", day(2))).await;
        assert_eq!(people.is_empty(), letter != "h", "{letter}: nothing to come");
        ways += 2;
    }
    let (people, _) = found(&format!("filter[q]={}", encoded("nada que alguém diga %_*\\\",()"))).await;
    assert!(people.is_empty(), "{letter}: nothing");
    ways
}

/// A thread can be entered at a day where its messages tell days, and goes on from there in both directions; whether it can.
async fn check_days(browser: &Browser, family: &Family, row: &ConversationRow) -> bool {
    let letter = family.letter;
    let id = row.href.strip_prefix("/conversations/").unwrap();
    let part = async |query: &str| -> Thread {
        let thread: Thread = json(browser, &format!("/api/conversations/thread?id={id}{query}")).await;
        assert_eq!(thread.trouble, None, "{letter}: {query}");
        thread
    };
    let texts = |thread: &Thread| -> Vec<(String, String)> {
        let said = thread.days.iter().flat_map(|day| &day.messages);
        said.map(|one| (one.text.clone(), one.at.as_ref().map(|at| at.iso.clone()).unwrap_or_default())).collect()
    };
    let whole = part("").await;
    let all = texts(&whole);
    if whole.jump.is_none() {
        assert_eq!(texts(&part("&day=2026-01-01").await), all, "{letter}: no day to go to");
        assert!(browser.text(&row.href).await.contains("não têm uma data"), "{letter}: and the page says so");
        return false;
    }
    // The day of the last message, in the tenant's zone, which is how it is told.
    let last = all.last().expect("a message").1[..10].to_owned();
    let day = part(&format!("&day={last}")).await;
    let since: Vec<_> = all.iter().filter(|one| one.1[..10] >= *last).cloned().collect();
    assert_eq!(texts(&day), since, "{letter}: from {last} on");
    let jump = day.jump.as_ref().expect("a way to a day");
    assert_eq!((jump.day.as_str(), &jump.note, day.partial), (last.as_str(), &None, false), "{letter}");
    // What was before, and forth again.
    let older = part(&format!("&older={}", day.older.as_ref().expect("a place"))).await;
    let before = texts(&older);
    assert_eq!(before, all[..all.len() - since.len()], "{letter}: before {last}");
    if let Some(newer) = &older.newer {
        assert_eq!(texts(&part(&format!("&newer={newer}")).await), since, "{letter}: and forth again");
    }
    // A day before all of them leads to the first that has some; one to come to none.
    let first = part("&day=2019-03-04").await;
    assert_eq!(texts(&first), all, "{letter}");
    let note = first.jump.and_then(|jump| jump.note).expect("it says so");
    assert!(
        note.starts_with("Não há mensagens em segunda, 4 de março de 2019. As seguintes são de "),
        "{letter}: {note}"
    );
    let none = part("&day=2099-12-31").await;
    assert!(none.days.is_empty() && none.partial && none.jump.is_some_and(|jump| jump.note.is_some()), "{letter}");
    let odd = part("&day=abacaxi").await;
    assert_eq!(texts(&odd), all, "{letter}");
    assert!(odd.jump.is_some_and(|jump| jump.error.is_some()), "{letter}: what is no day is said");
    true
}

/// A conversation goes on paper whole; gives how many bubbles it has there.
async fn check_paper(browser: &Browser, family: &Family, row: &ConversationRow) -> usize {
    let letter = family.letter;
    let said = thread(browser, row).await;
    let paper = browser.page(&format!("{}/print", row.href)).await;
    assert_eq!(paper.status(), StatusCode::OK, "{letter}");
    let paper = paper.text().await.unwrap();
    let bubbles = paper.matches("<li class=\"bubble").count();
    assert_eq!(bubbles, said.len(), "{letter}: on paper");
    assert!(!paper.contains("ficaram de fora"), "{letter}: nothing is left out");
    let id = row.href.strip_prefix("/conversations/").unwrap();
    let file = browser.text(&format!("/files/conversa.csv?id={id}&sep=,")).await;
    let mut reader = csv::Reader::from_reader(file.trim_start_matches('\u{feff}').as_bytes());
    assert_eq!(reader.records().count(), said.len(), "{letter}: in the file");
    let nobody = browser.page("/conversations/ninguem/print").await.status();
    assert_eq!(nobody, StatusCode::NOT_FOUND, "{letter}");
    bubbles
}

/// The overview says what these tables tell, and says what they do not.
fn check_overview(family: &Family, overview: &Overview) {
    let (letter, tells) = (family.letter, &family.tells);
    let card = |label: &str| overview.figures.iter().chain(&overview.more).find(|figure| figure.label == label);
    let untold = |words: &str| overview.untold.iter().any(|sentence| sentence.contains(words));
    assert!(overview.figures.iter().all(|figure| !figure.failed), "{letter}: {:?}", overview.figures);
    assert_eq!(overview.appointments.is_ok(), tells.agenda, "{letter}");
    assert_eq!(card("Agendamentos").is_some(), tells.agenda, "{letter}");
    assert_eq!(card("Mensagens recebidas").is_some(), tells.times, "{letter}");
    assert_eq!(untold("Quando uma mensagem foi escrita"), !tells.times, "{letter}");
    assert_eq!(overview.week.is_ok(), tells.times, "{letter}");
    let timed = tells.times && tells.answers;
    assert_eq!(card("Primeira resposta em").is_some(), timed, "{letter}: how soon is told, or nothing is made up");
    assert_eq!(untold("Em quanto tempo se responde"), tells.times && !tells.answers, "{letter}");
    assert_eq!(untold("Se respondeu o robô"), tells.times && !tells.robots, "{letter}: {:?}", overview.untold);
    assert_eq!(overview.bars.is_ok(), tells.times, "{letter}");
    if let Ok(panel) = &overview.appointments {
        assert_eq!(panel.professionals.is_empty(), !tells.professionals, "{letter}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_family_tells_the_same_story() {
    let server = Server::start_as(|config| config.egress_allow = origins()).await;
    let people = story()["people"].as_array().unwrap();
    let (mut same, mut threads, mut booked, mut searches, mut files) = (0, 0, 0, 0, 0);
    let (mut by_day, mut on_paper) = (Vec::new(), 0);
    for family in FAMILIES {
        let letter = family.letter;
        let browser = in_use(&server, letter, &format!("familia-{letter}")).await;

        let (rows, _) = everybody(&browser).await;
        let seen: Vec<String> = rows.iter().map(|row| digits(&row.phone)).collect();
        let told: Vec<String> = people.iter().map(|one| digits(one["phone"].as_str().unwrap())).collect();
        assert_eq!(seen, told, "{letter}: everybody, in order, once");
        if family.tells.names {
            let names: Vec<&str> = rows.iter().map(|row| row.who.as_str()).collect();
            let told: Vec<&str> = people.iter().map(|one| one["name"].as_str().unwrap()).collect();
            assert_eq!(names, told, "{letter}");
        }
        let media = people
            .iter()
            .position(|one| one["messages"].as_array().unwrap().iter().any(|message| message["media"].is_string()));
        for index in (0..people.len()).step_by(13).chain([1, media.expect("somebody sent a photo")]) {
            check_thread(&family, &people[index], &thread(&browser, &rows[index]).await);
            threads += 1;
        }
        // The page's own address, whatever signs stand in it.
        let page = browser.page(&rows[1].href).await;
        assert_eq!(page.status(), StatusCode::OK, "{letter}: {}", rows[1].href);
        assert!(page.text().await.unwrap().contains("Quero marcar"), "{letter}");
        if family.tells.agenda {
            check_agenda(&family, &agenda(&browser).await);
            booked += 1;
        } else {
            let agenda = browser.read("/api/appointments/agenda").await;
            assert_eq!(agenda.status(), StatusCode::CONFLICT, "{letter}: it says that there is none");
        }
        for index in [0, 1, 14] {
            let told = check_days(&browser, &family, &rows[index]).await;
            assert!(family.tells.times || !told, "{letter}: days out of nothing");
            by_day.extend((told && index == 0).then_some(letter));
            on_paper += check_paper(&browser, &family, &rows[index]).await;
        }
        searches += check_search(&browser, &family).await;
        files += check_files(&browser, &family).await;
        let overview = read_in_time(&browser, "").await;
        check_overview(&family, &overview);
        same += 1;
    }
    eprintln!(
        "families on the real PostgREST: {same} of 8 tell the same story, {threads} threads, {booked} agendas, \
         {searches} searches, {files} files; a day can be gone to in {by_day:?}; {on_paper} bubbles on paper"
    );
    assert_eq!((same, booked), (8, 6));
}

/// The lines of a file of messages, or what it was refused with.
async fn messages_file(browser: &Browser) -> Result<Vec<String>, (StatusCode, String)> {
    let answer = browser.page("/files/mensagens.csv?sep=,").await;
    let status = answer.status();
    // A file that is broken off in the middle has no end.
    let Ok(text) = answer.text().await else { return Err((status, String::new())) };
    if status != StatusCode::OK {
        return Err((status, text));
    }
    let mut reader = csv::Reader::from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    Ok(reader.records().map(|row| row.unwrap().iter().collect::<Vec<_>>().join("|")).collect())
}

const THEIRS: &str = "Mensagem de outra empresa";

/// Family E in tables of its own, so that nobody else misses what is taken away from them.
const COPY: &str = "
    drop table if exists falas; drop table if exists papos;
    create table papos as select * from conversations;
    alter table papos add primary key (id);
    alter table papos add foreign key (contact_id) references contacts;
    create table falas as select * from messages;
    alter table falas add constraint falas_papos foreign key (conversation_id) references papos;
    grant select on papos, falas to anon; notify pgrst, 'reload schema'";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn messages_of_another_client_are_nowhere_though_only_their_conversation_says_whose_they_are() {
    let project = stack()["families"].as_array().unwrap().iter().find(|one| one["family"] == "e").unwrap();
    let server = Server::start_as(|config| config.egress_allow = project["origin"].as_str().unwrap().to_owned()).await;
    let tenant = server.tenant("falas", Role::Admin, None).await;
    let [url, key] = ["url", "publishable_key"].map(|field| project[field].as_str().unwrap());
    server.connect_to(&tenant.scope, url, key).await;
    let browser = server.signed_in(&tenant.email).await;
    let mut database = PgConnection::connect(project["admin_url"].as_str().unwrap()).await.unwrap();
    database.execute(COPY).await.unwrap();
    let bubbles: usize =
        story()["people"].as_array().unwrap().iter().map(|one| one["messages"].as_array().unwrap().len()).sum();

    // What is found hangs on conversations that are not deleted; the rest is said until a person knows better.
    done(&browser, "/api/mapping/detect", &[("tables", ""), ("schema", "")], "detected").await;
    let view: MappingView = json(&browser, "/api/mapping/read").await;
    let mut fields = view.draft.unwrap().fields;
    assert_eq!(fields["messages.only"], "conversations(deleted_at) = (vazio)");
    let rows = ["tenant_id = t1\ndeleted_at = (vazio)", "papos(tenant_id) = t1\npapos(deleted_at) = (vazio)"];
    for (name, value) in [
        ("conversations.table", "papos"),
        ("messages.table", "falas"),
        ("conversations.only", rows[0]),
        ("messages.only", ""),
    ] {
        fields.insert(name.to_owned(), value.to_owned());
    }
    let keep = async |fields: &BTreeMap<String, String>| {
        let pairs: Vec<(String, String)> =
            fields.iter().map(|(name, value)| (format!("fields[{name}]"), value.clone())).collect();
        let pairs: Vec<(&str, &str)> = pairs.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        done(&browser, "/api/mapping/draft", &pairs, "kept").await;
        // PostgREST learns of a new table within a moment.
        for _ in 0..100 {
            let view: MappingView = json(&browser, "/api/mapping/read").await;
            let preview = view.draft.unwrap().preview.unwrap();
            if preview.parts.iter().all(|part| part.rows.as_ref().is_ok_and(|rows| !rows.rows.is_empty())) {
                return preview;
            }
            tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        }
        panic!("the copied tables are not there");
    };
    let told = |untold: &[String]| untold.iter().any(|sentence| sentence.contains("papos(tenant_id) = …"));
    assert!(told(&keep(&fields).await.untold), "whose messages these are is not said");
    save(&browser, "0").await;
    let received = async || {
        let overview = read_in_time(&browser, "").await;
        let figure = overview.figures.iter().chain(&overview.more).find(|one| one.label == "Mensagens recebidas");
        let figure = figure.expect("a figure");
        assert!(!figure.failed && figure.sample.is_none(), "{figure:?}");
        figure.now.replace('.', "").parse::<usize>().unwrap()
    };
    let with_theirs = received().await;
    assert_eq!(messages_file(&browser).await.unwrap().len(), bubbles + 4);
    fields.insert("messages.only".to_owned(), rows[1].to_owned());
    assert!(!told(&keep(&fields).await.untold));
    save(&browser, "1").await;

    let file = messages_file(&browser).await.unwrap();
    assert_eq!(file.len(), bubbles);
    assert!(!file.iter().any(|line| line.contains(THEIRS) || line.contains("Conversa apagada")));
    assert_eq!(received().await, with_theirs - 4, "two of another client and two of deleted conversations");
    let theirs: Vec<(String,)> = sqlx::query_as("select conversation_id::text from falas where content = $1")
        .bind(THEIRS)
        .fetch_all(&mut database)
        .await
        .unwrap();
    assert_eq!(theirs.len(), 2);
    for (id,) in &theirs {
        assert_eq!(browser.page(&format!("/conversations/{id}")).await.status(), StatusCode::NOT_FOUND);
        assert_eq!(browser.page(&format!("/files/conversa.csv?id={id}")).await.status(), StatusCode::NOT_FOUND);
    }
    let found: ConversationPage =
        json(&browser, &format!("/api/conversations/page?filter[q]={}", encoded(THEIRS))).await;
    assert!(found.rows.is_empty());

    // What says whose they are goes: no message is shown rather than all.
    let refused = async || {
        let (status, text) = messages_file(&browser).await.expect_err("rows that nobody can tell apart");
        assert_eq!(status, StatusCode::BAD_GATEWAY, "{text}");
        assert!(text.contains("falas") && !text.contains(THEIRS), "{text}");
        let page: ConversationPage = json(&browser, "/api/conversations/page").await;
        assert_eq!(page.rows.len(), 50, "conversations are told apart as ever");
        let id = page.rows[0].href.strip_prefix("/conversations/").unwrap();
        let thread: Thread = json(&browser, &format!("/api/conversations/thread?id={id}")).await;
        assert!(thread.trouble.is_some() && thread.days.is_empty());
    };
    database.execute("alter table falas drop constraint falas_papos; notify pgrst, 'reload schema'").await.unwrap();
    for _ in 0..100 {
        if messages_file(&browser).await.is_err() {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    refused().await;
    database
        .execute(
            "alter table falas add constraint falas_papos foreign key (conversation_id) references papos; \
             notify pgrst, 'reload schema'",
        )
        .await
        .unwrap();
    for _ in 0..100 {
        if messages_file(&browser).await.is_ok_and(|lines| lines.len() == bubbles) {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    database.execute("alter table papos rename column deleted_at to apagada").await.unwrap();
    let (status, text) = messages_file(&browser).await.expect_err("rows that nobody can tell apart");
    assert!(status == StatusCode::BAD_GATEWAY && !text.contains(THEIRS), "{text}");
    database.execute("drop table falas; drop table papos").await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_column_that_vanishes_takes_its_field_along_and_nothing_else() {
    let project = stack()["families"].as_array().unwrap().iter().find(|one| one["family"] == "c").unwrap();
    let server = Server::start_as(|config| config.egress_allow = project["origin"].as_str().unwrap().to_owned()).await;
    let tenant = server.tenant("mudanca", Role::Admin, None).await;
    let [url, key] = ["url", "publishable_key"].map(|field| project[field].as_str().unwrap());
    server.connect_to(&tenant.scope, url, key).await;
    let browser = server.signed_in(&tenant.email).await;
    // A copy of the table, so that nobody else misses the column.
    let mut database = PgConnection::connect(project["admin_url"].as_str().unwrap()).await.unwrap();
    database
        .execute(
            "drop table if exists dados_mudanca; create table dados_mudanca as select * from dados_cliente; \
             grant select on dados_mudanca to anon; notify pgrst, 'reload schema'",
        )
        .await
        .unwrap();
    let model = [("talks", "c"), ("bookings", "none")];
    done(&browser, "/api/mapping/model", &model, "model").await;
    let view: MappingView = json(&browser, "/api/mapping/read").await;
    let mut fields = view.draft.unwrap().fields;
    fields.insert("conversations.table".into(), "dados_mudanca".into());
    let pairs: Vec<(String, String)> =
        fields.into_iter().map(|(name, value)| (format!("fields[{name}]"), value)).collect();
    let pairs: Vec<(&str, &str)> = pairs.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    done(&browser, "/api/mapping/draft", &pairs, "kept").await;
    // PostgREST learns of a new table within a moment.
    let mut ready = false;
    for _ in 0..100 {
        let view: MappingView = json(&browser, "/api/mapping/read").await;
        let parts = view.draft.unwrap().preview.unwrap().parts;
        ready = parts[0].rows.as_ref().is_ok_and(|rows| !rows.rows.is_empty());
        if ready {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    assert!(ready, "the copied table is there");
    save(&browser, "0").await;
    let before: ConversationPage = json(&browser, "/api/conversations/page").await;
    assert_eq!((before.rows.len(), before.reading.lost.len()), (50, 0));

    database.execute("alter table dados_mudanca drop column nomewpp").await.unwrap();
    for round in 0..2 {
        let page: ConversationPage = json(&browser, "/api/conversations/page").await;
        let of = |page: &ConversationPage| page.rows.iter().map(|row| row.phone.clone()).collect::<Vec<_>>();
        assert_eq!(of(&page), of(&before), "the same people, round {round}");
        assert!(page.rows.iter().all(|row| row.who == row.phone), "without names");
        assert_eq!(page.reading.lost, ["A tabela “dados_mudanca” das conversas não tem mais a coluna “nomewpp”."]);
    }
    let html = browser.page("/conversations").await;
    assert_eq!(html.status(), StatusCode::OK);
    let html = html.text().await.unwrap();
    assert!(html.contains("não tem mais a coluna") && html.contains("href=\"/settings/mapping\""), "the page says so");
    let mut told = 0;
    for _ in 0..400 {
        let trail = browser.text("/settings/audit").await;
        told = trail.matches("coluna do mapeamento sumiu").count();
        if told > 0 {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    assert!(
        told > 0 && browser.text("/settings/audit").await.contains("dados_mudanca · nomewpp"),
        "and so does the trail"
    );
    // Without what makes a row one there is no page, and it says what to do.
    database.execute("alter table dados_mudanca drop column telefone").await.unwrap();
    let answer = browser.read("/api/conversations/page").await;
    assert_eq!(answer.status(), StatusCode::BAD_GATEWAY);
    assert!(answer.text().await.unwrap().contains("dados_mudanca"));
    assert_eq!(browser.page("/conversations").await.status(), StatusCode::OK, "never a 500");

    // The way back.
    done(&browser, "/api/mapping/restore", &[("version", "0"), ("current", "1")], "restored").await;
    let late = browser.form("/api/mapping/restore", &[("version", "1"), ("current", "1")], PAGE).await;
    assert!(location(&late).contains("__err="), "somebody else was faster: {}", location(&late));
    done(&browser, "/api/mapping/restore", &[("version", "1"), ("current", "2")], "restored").await;
    let view: MappingView = json(&browser, "/api/mapping/read").await;
    let versions: Vec<_> = view.versions.iter().map(|one| (one.version, one.based_on, one.current)).collect();
    assert_eq!(versions, [(3, Some(1), true), (2, Some(0), false), (1, None, false)]);
    let page = browser.text(PAGE).await;
    assert!(page.contains("Em uso: versão 3") && page.contains("volta ao padrão"), "the page shows them");
    database.execute("drop table dados_mudanca").await.unwrap();
}

#[tokio::test]
async fn a_draft_says_what_is_wrong_and_goes_into_use_only_when_it_is_right() {
    let server = Server::start().await;
    let tenant = server.tenant("rascunho", Role::Admin, Some(0)).await;
    let browser = server.signed_in(&tenant.email).await;
    let nothing = browser.form("/api/mapping/save", &[("version", "0")], PAGE).await;
    assert!(location(&nothing).contains("__err="), "there is no draft");
    done(&browser, "/api/mapping/edit", &[], "edit").await;
    let view: MappingView = json(&browser, "/api/mapping/read").await;
    let fields = view.draft.unwrap().fields;
    let pairs: Vec<(String, String)> = fields
        .iter()
        .map(|(name, value)| (format!("fields[{name}]"), value.clone()))
        .chain([("fields[conversations.id]".to_owned(), "a + b".to_owned()), ("fields[x]".to_owned(), "y".to_owned())])
        .filter(|(name, value)| name != "fields[conversations.id]" || value == "a + b")
        .collect();
    let pairs: Vec<(&str, &str)> = pairs.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    done(&browser, "/api/mapping/draft", &pairs, "kept").await;
    let view: MappingView = json(&browser, "/api/mapping/read").await;
    let draft = view.draft.unwrap();
    assert_eq!(draft.errors.iter().map(|error| error.field.as_str()).collect::<Vec<_>>(), ["conversations.id"]);
    assert!(draft.preview.is_none() && !draft.fields.contains_key("x"));
    assert!(draft.fields["conversations.id"] == "a + b", "what was typed stays");
    let page = browser.text(PAGE).await;
    assert!(page.contains("só cabe uma coluna da própria tabela") && !page.contains("Pôr em uso"), "{page}");
    let refused = browser.form("/api/mapping/save", &[("version", "0"), ("revision", &draft.revision)], PAGE).await;
    assert!(location(&refused).contains("__err="));
    done(&browser, "/api/mapping/drop", &[], "dropped").await;

    // Models, the page of each, and the default's own rows.
    done(&browser, "/api/mapping/model", &[("talks", "default"), ("bookings", "default")], "model").await;
    let page = browser.text(PAGE).await;
    assert!(page.contains("Como fica") && page.contains("Pôr em uso"));
    let unknown = browser.form("/api/mapping/model", &[("talks", "z"), ("bookings", "default")], PAGE).await;
    assert!(location(&unknown).contains("__err="));
    let bad = format!("/api/mapping/detect?x={}", encoded("é"));
    let refused = browser.form(&bad, &[("tables", "a\"b"), ("schema", "")], PAGE).await;
    assert!(location(&refused).contains("__err="));
}

#[tokio::test]
async fn nobody_puts_a_draft_in_use_that_another_changed_meanwhile() {
    let server = Server::start().await;
    let tenant = server.tenant("a-quatro-maos", Role::Admin, Some(0)).await;
    let (mut one, other) = (server.signed_in(&tenant.email).await, server.signed_in(&tenant.email).await);
    done(&one, "/api/mapping/edit", &[], "edit").await;
    let draft = async |browser: &Browser| json::<MappingView>(browser, "/api/mapping/read").await.draft.unwrap();
    let seen = draft(&one).await;
    let page = one.text(PAGE).await;
    assert!(page.contains("name=\"revision\"") && page.contains(&format!("value=\"{}\"", seen.revision)), "{page}");

    let keep = async |browser: &Browser, name: &str| {
        let mut fields = seen.fields.clone();
        fields.insert("conversations.table".into(), name.into());
        let pairs: Vec<(String, String)> =
            fields.into_iter().map(|(name, value)| (format!("fields[{name}]"), value)).collect();
        let pairs: Vec<(&str, &str)> = pairs.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        done(browser, "/api/mapping/draft", &pairs, "kept").await;
    };
    keep(&other, "outra_tabela").await;
    let pairs = [("version", "0"), ("revision", seen.revision.as_str())];
    for (language, words) in
        [("en", "The draft has changed since you looked at it"), ("pt-BR", "O rascunho mudou desde que você o viu")]
    {
        one.speaks = Some(language.to_owned());
        let refused = one.form("/api/mapping/save", &pairs, PAGE).await;
        let page = one.text(location(&refused).trim_start_matches(&server.url)).await;
        assert!(page.contains(words) && page.contains("outra_tabela"), "{language}: {page}");
    }
    // Who says nothing of what they saw saw nothing.
    let refused = one.form("/api/mapping/save", &[("version", "0")], PAGE).await;
    assert!(location(&refused).contains("__err="), "{}", location(&refused));
    let view: MappingView = json(&one, "/api/mapping/read").await;
    assert_eq!((view.in_use.version, view.draft.is_some()), (0, true), "nothing changed");

    // The same fields again are the same draft, whoever kept them.
    keep(&other, &seen.fields["conversations.table"]).await;
    assert_eq!(draft(&other).await.revision, seen.revision);
    done(&one, "/api/mapping/save", &pairs, "saved").await;
}

#[tokio::test]
async fn exported_settings_hold_the_mapping_in_use() {
    let server = Server::start().await;
    let tenant = server.tenant("de-mudanca", Role::Admin, None).await;
    let browser = server.signed_in(&tenant.email).await;
    let exported = async || json::<Value>(&browser, "/settings/export.json").await["mapeamento"].clone();
    let standard = exported().await;
    assert_eq!(standard["versao"], 0);
    assert_eq!(standard["campos"]["conversations.table"], "conversations");
    done(&browser, "/api/mapping/model", &[("talks", "c"), ("bookings", "none")], "model").await;
    assert_eq!(exported().await, standard, "a draft is in use nowhere");
    let view: MappingView = json(&browser, "/api/mapping/read").await;
    let fields = serde_json::to_value(view.draft.unwrap().fields).unwrap();
    save(&browser, "0").await;
    assert_eq!(exported().await, serde_json::json!({ "versao": 1, "campos": fields }));
}
