//! The agenda over HTTP: every view shows what the list shows, filters leave what they say, an appointment has its page,
//! files for calendars hold every row once, and a project that is away is told from an empty day.

use crate::{
    bad_project::{BadProject, Mode},
    families::{done, encoded, in_use, json, listed, origins, save},
    harness::{Browser, Server, project, stack},
};
use app::{
    appointments::{Agenda, AppointmentDetail, AppointmentRow, Body, Grid},
    mapping::MappingView,
    session::Role,
};
use icalendar::{Calendar, CalendarComponent, Component, Event};
use jiff::{Span, Timestamp, civil::Date, tz::TimeZone};
use reqwest::StatusCode;
use sqlx::{Connection, Executor, PgConnection};
use std::collections::{BTreeMap, BTreeSet};

fn today() -> Date {
    TimeZone::get("America/Sao_Paulo").unwrap().to_datetime(Timestamp::now()).date()
}

fn plus(day: Date, days: i64) -> Date {
    day.checked_add(Span::new().days(days)).unwrap()
}

async fn agenda(browser: &Browser, view: &str, asked: &str) -> Agenda {
    json(browser, &format!("/api/appointments/agenda?asked[view]={view}&{asked}")).await
}

fn grid(agenda: Agenda) -> Grid {
    match agenda.body {
        Body::Grid(grid) => grid,
        other => panic!("a grid and not {other:?}"),
    }
}

/// How many start in each column, those without room too.
fn starts(grid: &Grid) -> Vec<usize> {
    let column = |column: &app::appointments::Column| {
        let cards = column.long.iter().chain(&column.placed).filter(|placed| !placed.before).count();
        cards + column.more.iter().map(|more| more.count as usize).sum::<usize>()
    };
    grid.columns.iter().map(column).collect()
}

/// What the list says of two months before today and two after.
async fn truth(browser: &Browser) -> Vec<AppointmentRow> {
    let mut all = Vec::new();
    for month in -2..2 {
        all.extend(listed(browser, &format!("asked[date]={}", plus(today(), month * 30))).await);
    }
    all
}

fn by_day(rows: &[AppointmentRow]) -> BTreeMap<String, usize> {
    let mut days = BTreeMap::new();
    for row in rows {
        *days.entry(row.starts.iso[..10].to_owned()).or_default() += 1;
    }
    days
}

/// Days, weeks and months against the list; gives how many appointments were compared.
async fn same_everywhere(browser: &Browser) -> usize {
    let days = by_day(&truth(browser).await);
    let of = |day: Date| days.get(&day.to_string()).copied().unwrap_or_default();
    let mut compared = 0;
    for back in [-14, 0, 7] {
        let date = plus(today(), back);
        let week = agenda(browser, "week", &format!("asked[date]={date}")).await;
        let first: Date = week.from.parse().unwrap();
        assert!(first <= date && date < plus(first, 7) && first.weekday() == jiff::civil::Weekday::Sunday);
        let expected: Vec<usize> = (0..7).map(|index| of(plus(first, index))).collect();
        assert_eq!(week.total as usize, expected.iter().sum::<usize>());
        let week = grid(week);
        assert_eq!(starts(&week), expected, "the week of {date}");
        compared += expected.iter().sum::<usize>();
        let cards: usize = week.columns.iter().map(|column| column.long.len() + column.placed.len()).sum();
        let html = browser.text(&format!("/appointments?date={date}")).await;
        assert_eq!(html.matches("class=\"event-card").count(), cards, "the page draws them");
        for column in &week.columns {
            for placed in &column.placed {
                let spot = placed.spot;
                assert!(spot.lane >= 1 && spot.lane <= spot.lanes && spot.lanes <= 3, "{spot:?}");
                assert!(u16::from(spot.top.hour) * 4 < 96 && spot.height.hour * 4 + spot.height.quarter >= 1);
            }
        }
        for index in 0..7 {
            let day = plus(first, index);
            let one = agenda(browser, "day", &format!("asked[date]={day}")).await;
            assert_eq!((one.from.as_str(), one.total as usize), (day.to_string().as_str(), of(day)));
            let together = grid(one);
            assert_eq!(starts(&together), [of(day)], "{day}");
            let apart = grid(agenda(browser, "day", &format!("asked[date]={day}&asked[group]=professional")).await);
            assert_eq!(starts(&apart).iter().sum::<usize>(), of(day), "{day} by professional");
            assert_eq!(apart.columns.len() > 1, together.groups, "{day}");
            compared += 2 * of(day);
        }
    }
    let month = agenda(browser, "month", "").await;
    let (first, last): (Date, Date) = (month.from.parse().unwrap(), month.last.parse().unwrap());
    assert_eq!((first, last), (today().first_of_month(), today().last_of_month()));
    let Body::Month(weeks) = month.body else { panic!("a month") };
    assert!(weeks.iter().all(|week| week.len() == 7));
    let own: Vec<_> = weeks.iter().flatten().filter(|day| day.href.is_some()).collect();
    assert_eq!(own.len(), usize::try_from(last.day()).unwrap());
    for (index, day) in own.iter().enumerate() {
        let count = of(plus(first, i64::try_from(index).unwrap()));
        assert_eq!((day.count as usize, day.entries.len()), (count, count.min(3)), "{}", day.full);
        compared += count;
    }
    compared
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_view_shows_what_the_list_shows() {
    let server =
        Server::start_as(|config| config.egress_allow = format!("{},{}", config.egress_allow, origins())).await;
    let mut compared = 0;
    for index in 0..2 {
        let tenant = server.tenant(&format!("agenda-{index}"), Role::Agent, Some(index)).await;
        compared += same_everywhere(&server.signed_in(&tenant.email).await).await;
    }
    // A time in the wall's clock without saying so, and a day and an hour apart.
    for letter in ["c", "f", "h"] {
        compared += same_everywhere(&in_use(&server, letter, &format!("agenda-{letter}")).await).await;
    }
    eprintln!("agenda: {compared} appointments stand in days, weeks and months as in the list");
    assert!(compared > 500);
}

#[tokio::test]
async fn filters_leave_what_they_say_and_say_how_many() {
    let server = Server::start().await;
    let tenant = server.tenant("filtros", Role::Agent, Some(0)).await;
    let browser = server.signed_in(&tenant.email).await;
    let all = listed(&browser, "").await;
    let whole = agenda(&browser, "list", "").await;
    assert_eq!((whole.shown, whole.total as usize), (whole.total, all.len()));
    let mut kept = 0;
    for (key, options) in
        [("professional", &whole.professionals), ("service", &whole.services), ("status", &whole.statuses)]
    {
        assert!(options.len() > 1, "{key}: {options:?}");
        let mut sum = 0;
        for (value, label) in options {
            let asked = format!("asked[{key}]={}", encoded(value));
            let rows = listed(&browser, &asked).await;
            let fits = |row: &AppointmentRow| match key {
                "professional" => row.professional == *value,
                "service" => row.service == *value,
                _ => row.status.as_ref().is_some_and(|status| status.label == *label),
            };
            assert!(!rows.is_empty() && rows.iter().all(fits), "{key}={value}");
            assert_eq!(rows.len(), all.iter().filter(|row| fits(row)).count(), "{key}={value}");
            sum += rows.len();
        }
        assert_eq!(sum, all.len(), "{key}: every one has one of them");
        kept += sum;
    }
    // The page says it, keeps it in every link, and has a way back.
    let (name, _) = &whole.professionals[0];
    let page = browser.text(&format!("/appointments?view=list&professional={}", encoded(name))).await;
    let shown = listed(&browser, &format!("asked[professional]={}", encoded(name))).await.len();
    assert!(page.contains(&format!("{shown} de {} agendamentos", all.len())), "{page}");
    let kept_in_links = page.matches("professional=").count();
    assert!(kept_in_links > 10 && page.contains(">Limpar<"), "{kept_in_links}");
    // What is chosen and not there is shown as chosen, and leaves nothing.
    let none = agenda(&browser, "week", "asked[service]=Nada%20assim").await;
    assert!(none.shown == 0 && none.total > 0 && none.services.iter().any(|(value, _)| value == "Nada assim"));
    // Odd values are this week.
    for odd in ["asked[view]=ano", "asked[date]=ontem", "asked[date]=9999-12-31", "asked[group]=x", "outra=coisa"] {
        let odd = json::<Agenda>(&browser, &format!("/api/appointments/agenda?{odd}")).await;
        let usual = agenda(&browser, "", "").await;
        assert_eq!((odd.from, odd.total, odd.asked), (usual.from, usual.total, usual.asked));
    }
    // The CSV follows.
    let (service, _) = &whole.services[0];
    let csv = browser
        .text(&format!("/files/agenda.csv?from={}&to={}&service={}", whole.from, whole.last, encoded(service)))
        .await;
    let rows = csv::ReaderBuilder::new().delimiter(b';').from_reader(csv.as_bytes()).into_records().count();
    assert_eq!(rows, all.iter().filter(|row| row.service == *service).count());
    eprintln!("agenda: {kept} rows left by filters of three kinds, each by one value");
}

/// The highest id of a project's appointments.
async fn newest_id(index: usize) -> i64 {
    let url = format!("{}/appointments?select=id&order=id.desc&limit=1", project(index, "rest_url"));
    let rows: serde_json::Value =
        serde_json::from_str(&reqwest::get(url).await.unwrap().text().await.unwrap()).unwrap();
    rows[0]["id"].as_i64().unwrap()
}

fn id_of(row: &AppointmentRow) -> &str {
    row.href.strip_prefix("/appointments/").unwrap().split('?').next().unwrap()
}

#[tokio::test]
async fn an_appointment_has_a_page_and_anothers_has_none() {
    let server = Server::start().await;
    let tenant = server.tenant("detalhe", Role::Agent, Some(0)).await;
    let browser = server.signed_in(&tenant.email).await;
    let rows = listed(&browser, &format!("asked[date]={}", plus(today(), -20))).await;
    let (mut linked, mut video) = (0, 0);
    // Each ninth, and the first with a video call: those are few.
    for row in rows.iter().step_by(9).chain(rows.iter().find(|row| row.meet_link.is_some())) {
        let detail: AppointmentDetail = json(&browser, &format!("/api/appointments/one?id={}", id_of(row))).await;
        assert_eq!((&detail.who, &detail.phone, &detail.service), (&row.who, &row.phone, &row.service));
        assert_eq!((&detail.price, &detail.status, &detail.meet_link), (&row.price, &row.status, &row.meet_link));
        assert_eq!(detail.when.iso, row.starts.iso);
        assert!(detail.when.text.contains(&format!("das {} às {}", row.starts.text, row.ends)), "{:?}", detail.when);
        assert_eq!(detail.assumed, None, "its table says the zone");
        assert!(detail.duration.ends_with("min") || detail.duration.ends_with('h'), "{}", detail.duration);
        linked += usize::from(detail.conversation.is_some());
        video += usize::from(detail.meet_link.is_some());
        let page = browser.page(&row.href).await;
        assert_eq!(page.status(), StatusCode::OK);
        let page = page.text().await.unwrap();
        assert!(page.contains("Adicionar ao calendário (.ics)") && page.contains("horário de São Paulo"));
        assert!(page.contains("href=\"/appointments?view=list&amp;date="), "the way back keeps the view");
    }
    assert!(linked > 0 && video > 0, "{linked} {video}");
    // What is nobody's, and what is somebody else's.
    let shape = async |id: &str| {
        let answer = browser.read(&format!("/api/appointments/one?id={id}")).await;
        (answer.status(), answer.text().await.unwrap())
    };
    let never = shape("999999999").await;
    assert_eq!(never.0, StatusCode::NOT_FOUND);
    // What the project with more appointments has, for whoever reads the other one.
    let (here, there) = (newest_id(0).await, newest_id(1).await);
    let (fewer, foreign) = if here < there { (0, there) } else { (1, here) };
    let foreign = &foreign.to_string();
    let of = async |slug: &str, index: usize| {
        let tenant = server.tenant(slug, Role::Agent, Some(index)).await;
        server.signed_in(&tenant.email).await
    };
    let (browser, other) = (of("detalhe-a", fewer).await, of("detalhe-b", 1 - fewer).await);
    let shape = async |id: &str| {
        let answer = browser.read(&format!("/api/appointments/one?id={id}")).await;
        (answer.status(), answer.text().await.unwrap())
    };
    let never = shape("999999999").await;
    assert_eq!(other.page(&format!("/appointments/{foreign}")).await.status(), StatusCode::OK, "it exists for B");
    assert_eq!(other.page(&format!("/files/appointments/{foreign}.ics")).await.status(), StatusCode::OK);
    assert_eq!(shape(foreign).await, never);
    let long = "9".repeat(400);
    for id in [foreign, "999999999", "abc", "-1", "1e3", "1%20or%201=1", "%00", "..%2f..%2fauth", &long] {
        let page = browser.page(&format!("/appointments/{id}")).await.status();
        assert!(page == StatusCode::NOT_FOUND || page == StatusCode::BAD_REQUEST, "{id}: {page}");
        let file = browser.page(&format!("/files/appointments/{id}.ics")).await.status();
        assert!(file == StatusCode::NOT_FOUND || file == StatusCode::BAD_REQUEST, "{id}.ics: {file}");
    }
    let page = browser.text("/appointments/999999999").await;
    assert!(page.contains("Agendamento não encontrado"));
    for name in ["1", "1.csv", "ics", ".ics"] {
        let file = browser.page(&format!("/files/appointments/{name}")).await;
        assert_eq!(file.status(), StatusCode::NOT_FOUND, "{name}");
    }
}

/// The demo's people book once; some of the families' come again.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_same_persons_others_stand_beside_it() {
    let server = Server::start_as(|config| config.egress_allow = origins()).await;
    let mut told = 0;
    for letter in ["c", "h"] {
        let browser = in_use(&server, letter, &format!("outros-{letter}")).await;
        let rows = truth(&browser).await;
        for row in &rows {
            let same = rows.iter().filter(|other| other.phone == row.phone && other.href != row.href);
            let mut expected: Vec<&str> = same.map(id_of).collect();
            if expected.is_empty() && told > 0 {
                continue;
            }
            let detail: AppointmentDetail = json(&browser, &format!("/api/appointments/one?id={}", id_of(row))).await;
            let others = detail.others.expect("its table tells whose they are").expect("and they are read");
            let mut found: Vec<&str> = others.iter().map(|other| other.path.rsplit('/').next().unwrap()).collect();
            found.sort_unstable();
            expected.sort_unstable();
            expected.dedup();
            assert_eq!(found, expected, "{letter}: {}", row.who);
            assert!(
                others
                    .iter()
                    .all(|one| { one.ahead == (one.starts.iso.parse::<Timestamp>().unwrap() >= Timestamp::now()) })
            );
            assert!(others.is_sorted_by(|one, next| one.starts.iso >= next.starts.iso), "the furthest ahead first");
            told += others.len();
        }
    }
    eprintln!("agenda: {told} others of the same person stand beside an appointment");
    assert!(told > 20);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn times_without_a_zone_are_said_to_be_read_as_the_tenants() {
    let server = Server::start_as(|config| config.egress_allow = origins()).await;
    // A day and an hour apart, and a timestamp without a zone.
    for letter in ["c", "f"] {
        let browser = in_use(&server, letter, &format!("fuso-{letter}")).await;
        let row = listed(&browser, "").await.into_iter().next().expect("one to come");
        let detail: AppointmentDetail = json(&browser, &format!("/api/appointments/one?id={}", id_of(&row))).await;
        let said = "Horário sem fuso na tabela; lido como horário de São Paulo.";
        assert_eq!(detail.assumed.as_deref(), Some(said), "{letter}");
        assert!(browser.text(&row.href).await.contains(said), "{letter}");
    }
}

fn events(text: &str) -> Vec<Event> {
    let calendar: Calendar = text.parse().expect("it is a calendar");
    let event = |one| match one {
        CalendarComponent::Event(event) => Some(event),
        _ => None,
    };
    calendar.components.into_iter().filter_map(event).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn files_for_calendars_hold_every_row_once() {
    let server =
        Server::start_as(|config| config.egress_allow = format!("{},{}", config.egress_allow, origins())).await;
    let mut browsers = Vec::new();
    for index in 0..2 {
        let tenant = server.tenant(&format!("arquivo-{index}"), Role::Admin, Some(index)).await;
        browsers.push(server.signed_in(&tenant.email).await);
    }
    for letter in ["d", "h"] {
        browsers.push(in_use(&server, letter, &format!("arquivo-{letter}")).await);
    }
    let mut held = 0;
    let mut houses = BTreeSet::new();
    for browser in &browsers {
        let asked = format!("date={}", plus(today(), -15));
        let rows = listed(browser, &format!("asked[{}", asked.replace('=', "]="))).await;
        let answer = browser.page(&format!("/files/agenda.ics?view=list&{asked}")).await;
        assert_eq!(answer.status(), StatusCode::OK);
        assert_eq!(answer.headers()["content-type"], "text/calendar; charset=utf-8");
        assert_eq!(answer.headers()["content-disposition"], "attachment; filename=\"agenda.ics\"");
        let text = answer.text().await.unwrap();
        assert!(text.split("\r\n").all(|line| line.len() <= 75 && !line.contains(['\r', '\n'])), "short lines");
        let events = events(&text);
        let ids: BTreeSet<String> = events.iter().map(|event| event.get_uid().unwrap().to_owned()).collect();
        assert_eq!((events.len(), ids.len()), (rows.len(), rows.len()), "every row once");
        for row in &rows {
            let id = id_of(row);
            let event = events.iter().find(|event| event.get_uid().unwrap().starts_with(&format!("{id}."))).expect(id);
            let starts: Timestamp = row.starts.iso.parse().unwrap();
            let stamp = starts.strftime("%Y%m%dT%H%M%SZ").to_string();
            assert_eq!(event.property_value("DTSTART"), Some(stamp.as_str()), "{id}");
            let status = match row.status.as_ref().map(|status| status.label.as_str()) {
                Some("cancelado") => "CANCELLED",
                Some("a confirmar" | "remarcado") | None => "TENTATIVE",
                _ => "CONFIRMED",
            };
            assert_eq!(event.property_value("STATUS"), Some(status), "{id}");
            assert_eq!(event.property_value("URL").is_some(), row.meet_link.is_some(), "{id}");
        }
        houses.extend(ids.iter().map(|id| id.split_once('.').unwrap().1.to_owned()));
        held += rows.len();
        // One alone is the same one.
        let one = browser.text(&format!("/files/appointments/{}.ics", id_of(&rows[0]))).await;
        let one = self::events(&one);
        assert!(one.len() == 1 && ids.contains(one[0].get_uid().unwrap()), "the same id");
        // The same filters.
        let status = agenda(browser, "list", &format!("asked[{}", asked.replace('=', "]="))).await.statuses;
        let (value, label) = &status[0];
        let some = browser.text(&format!("/files/agenda.ics?view=list&{asked}&status={}", encoded(value))).await;
        let fitting = rows.iter().filter(|row| row.status.as_ref().is_some_and(|status| status.label == *label));
        assert_eq!(self::events(&some).len(), fitting.count(), "{label}");
        let trail = browser.text("/settings/audit?kind=content_exported").await;
        assert!(trail.matches("dados baixados").count() >= 3, "each is in the trail");
        assert!(trail.contains("agenda.ics") && trail.contains("agendamento.ics"));
    }
    assert_eq!(houses.len(), browsers.len(), "a tenant's ids are its own");
    eprintln!("agenda: {held} rows of {} tenants in files for calendars, each once", browsers.len());
}

#[tokio::test]
async fn a_project_that_is_away_is_told_from_an_empty_day() {
    let door = BadProject::before(project(1, "origin")).await;
    let origin = door.origin.clone();
    let server =
        Server::start_with(move |config| config.egress_allow = format!("{},{origin}", config.egress_allow)).await;
    for (index, (mode, words)) in [
        (Mode::Error500, "O projeto Supabase não respondeu"),
        (Mode::Paused, "O projeto Supabase está pausado"),
        (Mode::Html, "algo que não entendemos"),
    ]
    .into_iter()
    .enumerate()
    {
        let tenant = server.tenant(&format!("longe-{index}"), Role::Agent, None).await;
        server.connect_to(&tenant.scope, &format!("http://{}", door.origin), &project(1, "publishable_key")).await;
        let browser = server.signed_in(&tenant.email).await;
        door.set(mode);
        for (asked, path) in
            ["/appointments?view=day", "/appointments?view=month", "/appointments?view=list", "/appointments/1"]
                .into_iter()
                .enumerate()
        {
            let answer = browser.page(path).await;
            assert_eq!(answer.status(), StatusCode::OK, "{mode:?} {path}");
            let page = answer.text().await.unwrap();
            // Who was not answered is left alone for a while.
            let left_alone = asked > 0 && page.contains("Muitas leituras");
            assert!(page.contains(words) || left_alone, "{mode:?} {path}");
            assert!(!page.contains("Nada marcado") && page.contains("Tentar de novo"), "{mode:?} {path}");
        }
        for path in ["/files/agenda.ics", "/files/appointments/1.ics"] {
            let answer = browser.page(path).await;
            assert!(!answer.status().is_success(), "{mode:?} {path}");
            assert!(!answer.text().await.unwrap().contains("VCALENDAR"), "{mode:?} {path}");
        }
        door.set(Mode::Open);
    }
}

/// A table of its own in a family's project, with more rows in a week than one answer has.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_span_with_more_than_is_read_says_so() {
    let server = Server::start_as(|config| config.egress_allow = origins()).await;
    let family = stack()["families"].as_array().unwrap().iter().find(|one| one["family"] == "c").unwrap();
    let browser = in_use(&server, "c", "muitos").await;
    let mut database = PgConnection::connect(family["admin_url"].as_str().unwrap()).await.unwrap();
    database
        .execute(
            "drop table if exists agenda_cheia; create table agenda_cheia (id bigint primary key, conversation_id bigint, \
             customer_name text, customer_phone text, service text, professional text, starts_at timestamptz, \
             ends_at timestamptz, status text, price_cents int, meet_link text); \
             insert into agenda_cheia select n, null, 'Cliente ' || n, '5511987654321', 'Corte', 'Rui', \
             timestamptz '2040-03-04T12:00:00Z' + n * interval '5 minutes', \
             timestamptz '2040-03-04T12:30:00Z' + n * interval '5 minutes', 'confirmed', null, null \
             from generate_series(1, 1100) n; \
             insert into agenda_cheia (id, customer_name, starts_at, ends_at, status) \
             values (5000, 'Férias', '2040-02-20T12:00:00Z', '2040-03-07T12:00:00Z', 'confirmed'); grant select on agenda_cheia to anon; notify pgrst, 'reload schema'",
        )
        .await
        .unwrap();
    done(&browser, "/api/mapping/model", &[("talks", "c"), ("bookings", "default")], "model").await;
    let view: MappingView = json(&browser, "/api/mapping/read").await;
    let mut fields = view.draft.unwrap().fields;
    fields.insert("appointments.table".into(), "agenda_cheia".into());
    let pairs: Vec<(String, String)> =
        fields.into_iter().map(|(name, value)| (format!("fields[{name}]"), value)).collect();
    let pairs: Vec<(&str, &str)> = pairs.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    done(&browser, "/api/mapping/draft", &pairs, "kept").await;
    // PostgREST learns of a new table within a moment.
    for _ in 0..100 {
        let view: MappingView = json(&browser, "/api/mapping/read").await;
        if view.draft.unwrap().preview.unwrap().parts.iter().all(|part| part.rows.is_ok()) {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    save(&browser, "1").await;
    let week = agenda(&browser, "week", "asked[date]=2040-03-05").await;
    assert!(week.truncated && week.total == 999, "{} {}", week.truncated, week.total);
    let shown = starts(&grid(week)).iter().sum::<usize>();
    assert!(shown >= 999, "{shown}");
    let page = browser.text("/appointments?date=2040-03-05").await;
    assert!(page.contains("Há mais agendamentos neste período"));
    assert!(page.contains("lane-3-of-3"), "those without room are counted");
    let file = browser.text("/files/agenda.ics?date=2040-03-05").await;
    assert_eq!(events(&file).len(), 999);
    assert!(file.replace("\r\n ", "").contains("DESCRIPTION:Há mais agendamentos neste período"));
    let day = agenda(&browser, "day", "asked[date]=2040-03-05").await;
    assert!(!day.truncated && day.total == 288, "{}", day.total);
    // Begun two weeks before, and not over.
    let long = grid(day).columns.into_iter().flat_map(|column| column.long).map(|placed| placed.entry.who);
    assert_eq!(long.collect::<Vec<_>>(), ["Férias"]);
    database.execute("drop table agenda_cheia").await.unwrap();
}
