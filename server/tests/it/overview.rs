//! The overview on the real PostgREST: figures that are the project's own, in projects that sum up and in those that do not;
//! page and file of one reading; kept for a minute, read again on request, never shared.

use crate::harness::{Browser, Server, location, project, stack};
use app::{
    error::AppError,
    overview::{Figure, Overview},
    session::Role,
};
use jiff::{Timestamp, ToSpan, civil::Date, tz::TimeZone};
use reqwest::StatusCode;
use sqlx::{AssertSqlSafe, Connection, PgConnection};
use std::{
    collections::BTreeMap,
    iter,
    time::{Duration, Instant},
};

/// São Paulo and Recife are three hours behind UTC all year.
fn today() -> Date {
    TimeZone::get("America/Sao_Paulo").unwrap().to_datetime(Timestamp::now()).date()
}

fn day(days: i64) -> Date {
    today().checked_add(days.days()).unwrap()
}

async fn read(browser: &Browser, query: &str) -> Overview {
    let answer = browser.read(&format!("/api/overview/read?{query}")).await;
    let (status, text) = (answer.status(), answer.text().await.unwrap());
    assert_eq!(status, StatusCode::OK, "{text}");
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error} in {text}"))
}

/// A reading that came well within the five seconds that one may take: on a machine that is busy with other tests the last
/// questions of a long one may find that their time is over.
pub async fn read_in_time(browser: &Browser, query: &str) -> Overview {
    let again = format!("{query}&query[refresh]=1");
    for query in iter::once(query).chain(iter::repeat_n(again.as_str(), 9)) {
        let began = Instant::now();
        let view = read(browser, query.trim_start_matches('&')).await;
        if began.elapsed() < Duration::from_secs(4) {
            return view;
        }
        // It is kept for so long, also from who asks anew.
        tokio::time::sleep(Duration::from_millis(5_100)).await;
    }
    panic!("no reading of {query} within four seconds");
}

fn figure<'a>(view: &'a Overview, label: &str) -> &'a Figure {
    let all = || view.figures.iter().chain(&view.more);
    let labels = || all().map(|figure| figure.label.as_str()).collect::<Vec<_>>();
    all().find(|figure| figure.label == label).unwrap_or_else(|| panic!("{label} is not among {:?}", labels()))
}

fn number(text: &str) -> i64 {
    text.replace('.', "").parse().unwrap_or_else(|_| panic!("{text} is no number"))
}

/// What the project's database itself counts.
async fn truth(admin: &str, sql: &str) -> i64 {
    let mut connection = PgConnection::connect(admin).await.unwrap();
    sqlx::query_scalar(AssertSqlSafe(format!("select count(*) from {sql}"))).fetch_one(&mut connection).await.unwrap()
}

fn within(column: &str, first: Date, last: Date) -> String {
    let after = last.checked_add(1.day()).unwrap();
    format!("{column} >= '{first} 00:00-03' and {column} < '{after} 00:00-03'")
}

#[tokio::test]
async fn figures_are_the_projects_own_and_add_up() {
    let server = Server::start().await;
    for (index, slug) in [(0, "numeros-a"), (1, "numeros-b")] {
        let tenant = server.tenant(slug, Role::Agent, Some(index)).await;
        let browser = server.signed_in(&tenant.email).await;
        let admin = project(index, "admin_url");
        for (query, first, last, bars) in [
            (String::new(), day(-6), day(0), 7),
            ("query[period]=today".to_owned(), day(0), day(0), 24),
            ("query[period]=30".to_owned(), day(-29), day(0), 30),
            (format!("query[period]=custom&query[from]={}&query[to]={}", day(-20), day(-11)), day(-20), day(-11), 10),
        ] {
            let view = read_in_time(&browser, &query).await;
            assert_eq!((view.period.from.as_str(), view.period.to.as_str()), (&*first.to_string(), &*last.to_string()));
            let began = truth(&admin, &format!("conversations where {}", within("created_at", first, last))).await;
            assert_eq!(number(&figure(&view, "Conversas novas").now), began, "{slug} {query}");
            let chart = view.bars.as_ref().unwrap();
            assert_eq!(chart.bars.len(), bars);
            assert_eq!(chart.bars.iter().map(|bar| i64::from(bar.count)).sum::<i64>(), began);
            let week = view.week.as_ref().unwrap();
            let whole = week.sample.is_none();
            let received: i64 = week.days.iter().flat_map(|day| &day.hours).map(|hour| i64::from(hour.0)).sum();
            for (label, direction) in [("Mensagens recebidas", "in"), ("Mensagens enviadas", "out")] {
                let sql = format!("messages where direction = '{direction}' and {}", within("created_at", first, last));
                let told = truth(&admin, &sql).await;
                // Whole, or summed by the project: the second one does that.
                if whole || index == 1 {
                    assert_eq!(number(&figure(&view, label).now), told, "{slug} {query} {label}");
                }
                if whole && direction == "in" {
                    assert_eq!(received, told, "the week's hours add up");
                }
            }
            let answered = format!(
                "(select distinct conversation_id from messages where direction = 'out' and {}) x",
                within("created_at", first, last)
            );
            if whole {
                let told = truth(&admin, &answered).await;
                assert_eq!(number(&figure(&view, "Conversas respondidas").now), told, "{slug} {query}");
            }
            let booked = truth(&admin, &format!("appointments where {}", within("starts_at", first, last))).await;
            let panel = view.appointments.as_ref().unwrap();
            let sum = |parts: &[app::overview::Part]| parts.iter().map(|part| number(&part.count)).sum::<i64>();
            assert_eq!(sum(&panel.statuses), booked, "{slug} {query}: statuses");
            let kept = number(&figure(&view, "Agendamentos").now);
            assert_eq!((sum(&panel.professionals), sum(&panel.services)), (kept, kept), "{slug} {query}");
        }
    }
}

#[tokio::test]
async fn a_long_period_is_summed_by_the_project_or_marked_as_a_sample() {
    let server = Server::start().await;
    let mut samples = 0;
    for (index, slug) in [(0, "longo-a"), (1, "longo-b")] {
        let tenant = server.tenant(slug, Role::Agent, Some(index)).await;
        let browser = server.signed_in(&tenant.email).await;
        let query = format!("query[period]=custom&query[from]={}&query[to]={}", day(-360), day(0));
        let view = read_in_time(&browser, &query).await;
        let sql = |direction: &str| {
            format!("messages where direction = '{direction}' and {}", within("created_at", day(-360), day(0)))
        };
        let admin = project(index, "admin_url");
        let (heard, said) = (truth(&admin, &sql("in")).await, truth(&admin, &sql("out")).await);
        assert!(heard + said > 10_000, "more than are read");
        let sample = view.week.as_ref().unwrap().sample.clone().expect("the hours are of a sample");
        assert!(sample.starts_with("Amostra: as ") && sample.contains(" mais recentes de "), "{sample}");
        let received = figure(&view, "Mensagens recebidas");
        // Sums are whole, so they can be compared; a part is compared with nothing.
        assert_eq!(received.change.is_some(), index == 1);
        assert_eq!(figure(&view, "Conversas respondidas").change, None);
        if index == 1 {
            assert_eq!(number(&received.now), heard);
            assert_eq!(number(&figure(&view, "Mensagens enviadas").now), said);
            assert_eq!(received.sample, None, "summed by the project");
        } else {
            assert!(received.sample.as_ref() == Some(&sample) && number(&received.now) < heard, "{received:?}");
        }
        assert_eq!(figure(&view, "Conversas respondidas").sample.as_ref(), Some(&sample));
        samples += 1;
    }
    eprintln!("overview: {samples} long periods, one summed by its project, one a marked sample");
}

#[tokio::test]
async fn page_and_file_are_of_one_reading() {
    let server = Server::start().await;
    let tenant = server.tenant("arquivo", Role::Agent, Some(0)).await;
    let browser = server.signed_in(&tenant.email).await;
    let mut same = 0;
    for query in ["", "period=today", "period=30", "period=90", "period=%27%3B--&from=x"] {
        let asked: String = query.split('&').filter(|pair| !pair.is_empty()).fold(String::new(), |all, pair| {
            let (name, value) = pair.split_once('=').unwrap();
            format!("{all}&query[{name}]={value}")
        });
        // Whole, or the page and the file would be of readings of their own.
        let view = read_in_time(&browser, &asked).await;
        let page = browser.text(&format!("/?{query}")).await;
        let answer = browser.page(&format!("/files/overview.csv?{query}")).await;
        assert_eq!(answer.headers()["content-type"], "text/csv; charset=utf-8");
        assert!(answer.headers()["content-disposition"].to_str().unwrap().contains("visao-geral.csv"));
        let text = answer.text().await.unwrap();
        let mut reader =
            csv::ReaderBuilder::new().delimiter(b';').from_reader(text.trim_start_matches('\u{feff}').as_bytes());
        let rows: Vec<csv::StringRecord> = reader.records().collect::<Result<_, _>>().unwrap();
        assert!(rows.iter().flatten().all(|cell| !cell.starts_with(['=', '+', '@', '-'])), "no formulas");
        for figure in view.figures.iter().chain(&view.more) {
            let row = rows.iter().find(|row| &row[0] == "Números" && row[1] == figure.label).expect("a line");
            assert_eq!(row[2], figure.now, "{query}: {}", figure.label);
            assert!(
                page.contains(&format!("class=\"figure-now\">{}<", figure.now)),
                "{query}: {} on the page",
                figure.label
            );
            same += 1;
        }
        // What says that a panel is a sample is no number of it.
        let rows: Vec<_> = rows.into_iter().filter(|row| &row[1] != "Amostra").collect();
        let chart = view.bars.unwrap();
        let bars: Vec<_> = rows.iter().filter(|row| row[0] == chart.title).map(|row| row[2].to_owned()).collect();
        assert_eq!(bars, chart.bars.iter().map(|bar| bar.count.to_string()).collect::<Vec<_>>(), "{query}");
        let mut hours: BTreeMap<&str, i64> = BTreeMap::new();
        for row in rows.iter().filter(|row| row[0].starts_with("Mensagens recebidas na semana")) {
            *hours.entry("all").or_default() += row[2].parse::<i64>().unwrap();
        }
        if view.week.unwrap().sample.is_none() {
            let headline = rows.iter().find(|row| &row[1] == "Mensagens recebidas").unwrap()[2].to_owned();
            assert_eq!(hours["all"], number(&headline), "{query}");
        }
    }
    eprintln!("overview: {same} figures are the same on the page, in the file and by script");
    assert!(same >= 40);
}

#[tokio::test]
async fn an_overview_is_kept_and_read_again_on_request_alone() {
    let own = crate::own_project::OwnProject::start().await;
    own.run(
        "create table conversations (id bigint primary key, phone text, name text, status text, last_message text, \
         created_at timestamptz, updated_at timestamptz); insert into conversations values \
         (1, '+5511987654321', 'Ana', 'waiting', 'oi', now() - interval '3 hours', now() - interval '2 hours'), \
         (2, '+5511987654322', 'Bia', 'bot', 'oi', now() - interval '1 minute', now()); \
         do $$ begin create role anon; exception when duplicate_object then null; end $$; \
         grant usage on schema public to anon; grant select on conversations to anon",
    )
    .await;
    let server = Server::start_as(|config| config.egress_allow = own.origin.clone()).await;
    let tenant = server.tenant("guardada", Role::Agent, None).await;
    server.connect_to(&tenant.scope, &own.url, crate::own_project::KEY).await;
    let browser = server.signed_in(&tenant.email).await;
    let asked = || own.asked().len();
    // Two of its three tables are missing: that is told, and does not take the conversations away, but it is not kept.
    let view = read(&browser, "").await;
    assert_eq!(figure(&view, "Conversas novas").now, "2");
    let waiting = figure(&view, "Esperando há mais tempo");
    assert_eq!((waiting.now.as_str(), waiting.link.clone()), ("2 h", Some(("/conversations/1".into(), "Ana".into()))));
    assert!(matches!(view.appointments, Err(AppError::ProjectRefused(_))), "{:?}", view.appointments);
    assert!(view.figures.iter().any(|figure| figure.label == "Agendamentos" && figure.failed));
    let before = asked();
    read(&browser, "").await;
    assert!(asked() > before, "a failed reading is not kept");

    own.run(
        "create table messages (id bigint primary key, conversation_id bigint, direction text, content text, \
         created_at timestamptz); create table appointments (id bigint primary key, conversation_id bigint, \
         customer_name text, customer_phone text, service text, professional text, starts_at timestamptz, \
         ends_at timestamptz, status text, price_cents int, meet_link text); \
         insert into messages values (1, 1, 'in', 'oi', now() - interval '3 hours'), \
         (2, 1, 'out', 'oi', now() - interval '3 hours' + interval '90 seconds'); \
         insert into appointments values (1, 1, 'Ana', '+5511987654321', 'Corte', 'Rui', now() + interval '3 days', \
         now() + interval '4 days', 'scheduled', null, null); grant select on messages, appointments to anon",
    )
    .await;
    let view = read(&browser, "").await;
    assert_eq!(figure(&view, "Primeira resposta em").now, "1 min");
    assert_eq!(figure(&view, "Conversas que viram agendamento").now, "50%");
    let before = asked();
    read(&browser, "query[refresh]=1").await;
    for _ in 0..5 {
        let again = read(&browser, "").await;
        assert_eq!(again.as_of, view.as_of);
        browser.text("/").await;
        browser.text("/files/overview.csv").await;
    }
    assert_eq!(asked(), before, "kept, also when it is asked for again at once");
    tokio::time::sleep(Duration::from_millis(5_100)).await;
    read(&browser, "").await;
    assert_eq!(asked(), before);
    let fresh = read(&browser, "query[refresh]=1").await;
    assert!(asked() > before && fresh.as_of.iso > view.as_of.iso, "read again on request");
    let steps = asked() - before;
    assert_eq!(steps, 5, "messages, conversations, appointments, the next of them and who waits");
    eprintln!("overview: {steps} requests for a reading, 0 while it is kept");
    drop(server);
    own.end().await;
}

#[tokio::test]
async fn business_hours_are_assumed_until_an_admin_says_them() {
    let server = Server::start().await;
    let tenant = server.tenant("horario", Role::Admin, Some(0)).await;
    server.user("vera@horario.example", tenant.scope.tenant(), Role::Viewer).await;
    let (admin, viewer) = (server.signed_in(&tenant.email).await, server.signed_in("vera@horario.example").await);
    let view = read(&admin, "").await;
    assert!(view.hours.assumed && view.hours.may_set && view.hours.words == "segunda a sexta, das 08:00 às 18:00");
    assert!(!read(&viewer, "").await.hours.may_set, "what is kept says nothing of who looks");
    assert!(admin.text("/").await.contains("Mudar o horário") && !viewer.text("/").await.contains("Mudar o horário"));
    let outside = number(&figure(&view, "Respondidas fora do horário").now);

    let all = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"].map(|day| format!("hours[{day}]"));
    let mut form: Vec<(&str, &str)> = all.iter().map(|day| (day.as_str(), "true")).collect();
    form.extend([("hours[opens]", "00:00"), ("hours[closes]", "23:59")]);
    let refused = viewer.form("/api/overview/set_hours", &form, "/").await;
    assert!(refused.status() == StatusCode::FORBIDDEN || location(&refused).contains("__err="), "a viewer may not");
    assert!(read(&admin, "").await.hours.assumed);
    for (wrong, words) in [("25:00", "Diga a hora como 08:00."), ("23:59", "depois da abertura.")] {
        let answer = admin
            .form(
                "/api/overview/set_hours",
                &[("hours[mon]", "true"), ("hours[opens]", wrong), ("hours[closes]", "18:00")],
                "/",
            )
            .await;
        let page = admin.text(&location(&answer).replace(&server.url, "")).await;
        assert!(page.contains(words), "{wrong}");
    }
    let done = admin.form("/api/overview/set_hours", &form, "/").await;
    assert_eq!((done.status(), location(&done)), (StatusCode::FOUND, "/?done=hours".to_owned()));
    let view = read(&viewer, "").await;
    assert!(!view.hours.assumed && view.hours.words == "todos os dias, das 00:00 às 23:59", "{:?}", view.hours);
    assert_eq!(figure(&view, "Respondidas fora do horário").now, "0", "from {outside} to none, at once");
    assert!(outside > 0);
    assert!(admin.text("/?done=hours").await.contains("Horário de atendimento guardado"));
}

#[tokio::test]
async fn a_dead_project_is_told_and_kept_nowhere() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let origin = listener.local_addr().unwrap().to_string();
    drop(listener);
    let server = Server::start_as(|config| config.egress_allow = origin.clone()).await;
    let tenant = server.tenant("morta", Role::Viewer, None).await;
    server.connect_to(&tenant.scope, &format!("http://{origin}"), crate::own_project::KEY).await;
    let browser = server.signed_in(&tenant.email).await;
    for _ in 0..2 {
        let view = read(&browser, "").await;
        assert!(matches!(view.bars, Err(AppError::ProjectUnreachable(_))), "{:?}", view.bars);
        assert!(view.figures.iter().all(|figure| figure.failed && figure.now == "—"), "{:?}", view.figures);
        assert!(view.untold.is_empty(), "an outage is not what tables do not tell");
        let page = browser.page("/").await;
        assert_eq!(page.status(), StatusCode::OK);
        assert!(!page.text().await.unwrap().contains("Nada marcado"), "an outage is not no data");
    }
}

#[tokio::test]
async fn two_tenants_of_different_projects_never_meet_at_the_shelf() {
    let server = Server::start().await;
    let a = server.tenant("prateleira-a", Role::Viewer, Some(0)).await;
    let b = server.tenant("prateleira-b", Role::Viewer, Some(1)).await;
    let (as_a, as_b) = (server.signed_in(&a.email).await, server.signed_in(&b.email).await);
    let (of_a, of_b) = (read(&as_a, "").await, read(&as_b, "").await);
    assert_ne!(of_a.appointments, of_b.appointments);
    let mut mixed = 0;
    for _ in 0..50 {
        let (again_a, again_b) = tokio::join!(read(&as_a, ""), read(&as_b, ""));
        mixed += usize::from(again_a.appointments != of_a.appointments);
        mixed += usize::from(again_b.appointments != of_b.appointments);
    }
    eprintln!("overview: {mixed} of 100 readings beside each other were another tenant's");
    assert_eq!(mixed, 0);
}

/// What each family can and cannot tell stands in `families`; here that the stack says which project sums up.
#[tokio::test]
async fn one_project_of_the_stack_sums_up_and_the_other_refuses() {
    let mut answers = Vec::new();
    for index in [0, 1] {
        let url = format!("{}/messages?select=direction,count()", project(index, "rest_url"));
        answers.push(reqwest::get(url).await.unwrap().status());
    }
    assert_eq!(
        answers,
        [StatusCode::BAD_REQUEST, StatusCode::OK],
        "{:?}",
        stack()["projects"].as_array().map(Vec::len)
    );
}
