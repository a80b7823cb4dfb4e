//! Conversations through the pages: the list beside a thread, the way to a day, paper, filters that somebody keeps; and
//! tables that make it hard: conversations that never changed, a status of a type of its own.

use crate::{
    families::{done, encoded, save},
    harness::{Browser, Server, location, project, stack},
    own_project::{KEY, OwnProject},
};
use app::{
    conversations::{ConversationPage, SavedFilters, Thread},
    mapping::MappingView,
    session::Role,
};
use reqwest::StatusCode;
use serde::de::DeserializeOwned;
use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection};
use std::collections::BTreeSet;

const LIST: &str = "/conversations";
const SAVE: &str = "/api/conversations/save_filter";
const REMOVE: &str = "/api/conversations/remove_filter";
const TABLES: &str = "/settings/mapping";

async fn json<T: DeserializeOwned>(browser: &Browser, path: &str) -> T {
    let answer = browser.read(path).await;
    let (status, text) = (answer.status(), answer.text().await.unwrap());
    assert_eq!(status, StatusCode::OK, "{path}: {text}");
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{path}: {error} in {text}"))
}

/// Names of the filters that somebody keeps, with what they ask for.
async fn kept(browser: &Browser) -> Vec<(String, String)> {
    let saved: SavedFilters = json(browser, "/api/conversations/saved_filters").await;
    let asked = |pairs: [(&str, &str); 5]| {
        let given: Vec<String> =
            pairs.iter().filter(|pair| !pair.1.is_empty()).map(|(k, v)| format!("{k}={v}")).collect();
        given.join("&")
    };
    saved.filters.into_iter().map(|one| (one.name, asked(one.filter.pairs()))).collect()
}

/// Whose a conversation was is a guess: it saves a round, and a row that says otherwise counts.
#[tokio::test]
async fn a_threads_appointments_are_asked_for_at_once_and_are_those_of_its_contact() {
    let own = OwnProject::start().await;
    own.run(
        "create table conversations (id bigint primary key, phone text, name text, status text, last_message text, \
         created_at timestamptz default now(), updated_at timestamptz default now()); \
         create table messages (id bigint primary key, conversation_id bigint, direction text, content text, \
         created_at timestamptz default now()); \
         create table appointments (id bigint primary key, conversation_id bigint, customer_name text, \
         customer_phone text, service text, professional text, starts_at timestamptz default now(), \
         ends_at timestamptz, status text, price_cents int, meet_link text); \
         insert into conversations values (1, '+5511987654321', 'Ana', 'bot', 'oi'); \
         insert into messages values (1, 1, 'in', 'oi'); \
         insert into appointments (id, customer_phone, service) values \
         (1, '+5511987654321', 'Corte de Ana'), (2, '+5511987654322', 'Corte de Bia'); \
         do $$ begin create role anon; exception when duplicate_object then null; end $$; \
         grant usage on schema public to anon; grant select on conversations, messages, appointments to anon",
    )
    .await;
    let server = Server::start_as(|config| config.egress_allow = own.origin.clone()).await;
    let tenant = server.tenant("palpite", Role::Agent, None).await;
    server.connect_to(&tenant.scope, &own.url, KEY).await;
    let browser = server.signed_in(&tenant.email).await;
    let open = async || {
        let before = own.asked().len();
        let thread: Thread = json(&browser, "/api/conversations/thread?id=1").await;
        let booked: Vec<String> = thread.booked.unwrap().unwrap().into_iter().map(|one| one.what).collect();
        let asked: Vec<String> = own.asked().split_off(before).into_iter().map(|(_, url)| url).collect();
        let of_appointments = |url: &&String| url.contains("/appointments");
        (booked.join(", "), asked.len(), asked.iter().filter(of_appointments).count())
    };
    browser.text(LIST).await;
    assert_eq!(open().await, ("Corte de Ana".to_owned(), 3, 1), "the list said whose it is");
    own.sql("update conversations set phone = '+5511987654322', name = 'Bia'").await;
    assert_eq!(open().await, ("Corte de Bia".to_owned(), 4, 2), "the guess was wrong, and nothing of it is shown");
    assert_eq!(open().await, ("Corte de Bia".to_owned(), 3, 1));
    own.end().await;
}

#[tokio::test]
async fn the_list_stands_beside_a_thread_and_decides_nothing_of_it() {
    let server = Server::start().await;
    let tenant = server.tenant("lado", Role::Agent, Some(0)).await;
    let browser = server.signed_in(&tenant.email).await;
    let list = browser.text("/conversations?status=bot").await;
    assert!(list.contains("Escolha uma conversa") && list.matches("<h1").count() == 1);
    assert!(!list.contains("aria-current=\"page\" class=\"talk\"") && !list.contains("class=\"talk\" aria-current"));
    let page: ConversationPage = json(&browser, "/api/conversations/page?filter[status]=bot").await;
    let href = &page.rows[3].href;
    assert!(list.contains(&format!("href=\"{href}?status=bot\"")), "rows lead on under the same filter");

    let thread = browser.text(&format!("{href}?status=bot")).await;
    assert_eq!(thread.matches("<h1").count(), 1, "one heading of the first order");
    assert_eq!(thread.matches("class=\"talk\"").count(), page.rows.len(), "the same list");
    let open =
        thread.split("<li>").find(|item| item.contains(&format!("href=\"{href}?status=bot\""))).expect("the row");
    assert!(open.contains("aria-current=\"page\""), "{open}");
    assert!(thread.contains("href=\"/conversations?status=bot\""), "the way back keeps the filter");
    assert!(!thread.contains("Escolha uma conversa"));

    // A cursor of the list that is none is the list's trouble, one of the thread's is the page's.
    let odd = browser.page(&format!("{href}?before=abacaxi")).await;
    assert_eq!(odd.status(), StatusCode::OK);
    assert!(odd.text().await.unwrap().contains("class=\"bubble"), "the thread is there");
    assert_eq!(browser.page(&format!("{href}?older=abacaxi")).await.status(), StatusCode::NOT_FOUND);
    let never = browser.page("/conversations/999999999?status=bot").await;
    assert_eq!(never.status(), StatusCode::NOT_FOUND);
    assert!(never.text().await.unwrap().contains("Conversa não encontrada"));

    // The form stays when the list does not come.
    let refused = browser.text("/conversations?status=bot&before=abacaxi").await;
    assert!(refused.contains("Não encontramos") && refused.contains("role=\"search\""), "{refused}");
    assert!(refused.contains("<input type=\"hidden\" name=\"status\" value=\"bot\""), "what was chosen is kept");
}

#[tokio::test]
async fn a_conversation_goes_on_paper_and_into_a_file_and_the_trail_says_so() {
    let server = Server::start().await;
    let tenant = server.tenant("papel", Role::Admin, Some(0)).await;
    let browser = server.signed_in(&tenant.email).await;
    let page: ConversationPage = json(&browser, "/api/conversations/page").await;
    let row = &page.rows[0];
    let id = row.href.rsplit('/').next().unwrap();
    let thread: Thread = json(&browser, &format!("/api/conversations/thread?id={id}")).await;
    let said = thread.days.iter().flat_map(|day| &day.messages).count();

    let paper = browser.page(&format!("{}/print", row.href)).await;
    assert_eq!(paper.status(), StatusCode::OK);
    let paper = paper.text().await.unwrap();
    assert_eq!(paper.matches("<li class=\"bubble").count(), said);
    assert!(paper.contains("Impresso em ") && paper.contains("horário de São Paulo"), "{paper}");
    assert!(!paper.contains("class=\"menu\"") && !paper.contains("class=\"talk\""), "without the frame");
    let file = browser.page(&format!("/files/conversa.csv?id={id}&sep=,")).await;
    assert_eq!(file.status(), StatusCode::OK);
    let file = file.text().await.unwrap();
    let rows = csv::Reader::from_reader(file.trim_start_matches('\u{feff}').as_bytes()).into_records().count();
    assert_eq!(rows, said);
    let trail = browser.text("/settings/audit?kind=content_exported").await;
    assert!(trail.contains("conversa para imprimir") && trail.contains("conversa.csv"));

    for path in ["/conversations/999999999/print", "/files/conversa.csv?id=999999999", "/files/conversa.csv"] {
        assert_eq!(browser.page(path).await.status(), StatusCode::NOT_FOUND, "{path}");
    }
    let told = browser.text("/settings/audit?kind=content_exported").await.matches("dados baixados").count();
    let before = trail.matches("dados baixados").count();
    assert_eq!(told, before, "what was not given is not told");
}

#[tokio::test]
async fn filters_are_kept_by_whoever_asked_for_them() {
    let server = Server::start().await;
    let tenant = server.tenant("filtros", Role::Agent, Some(0)).await;
    server.user("rui@filtros.example", tenant.scope.tenant(), Role::Viewer).await;
    let ana = server.signed_in(&tenant.email).await;
    let rui = server.signed_in("rui@filtros.example").await;
    assert!(!ana.text(LIST).await.contains("Guardar este filtro"), "nothing is looked for");
    assert!(ana.text("/conversations?status=bot").await.contains("Guardar este filtro"));

    let saved =
        ana.form(SAVE, &[("name", " Só robô "), ("filter[status]", "bot"), ("filter[q]", "olá & x")], LIST).await;
    assert_eq!(saved.status(), StatusCode::FOUND);
    let way = location(&saved);
    assert!(way.starts_with("/conversations?q=") && way.ends_with("&status=bot&done=saved"), "{way}");
    // Of a filter that was made up, what is known is kept.
    let made_up = [("name", "Estranho"), ("filter[status]", "x'--"), ("filter[author]", "bot"), ("filter[x]", "y")];
    ana.form(SAVE, &made_up, LIST).await;
    let both = [("Estranho", "author=bot"), ("Só robô", "q=olá & x&status=bot")];
    assert_eq!(kept(&ana).await, both.map(|(name, asked)| (name.to_owned(), asked.to_owned())));
    let page = ana.text("/conversations?author=bot").await;
    assert!(page.contains("Só robô") && page.contains("aria-current=\"true\""), "{page}");
    assert!(!page.contains("Guardar este filtro"), "it is kept already");

    for (name, status) in [("", "bot"), ("SÓ ROBÔ", "human"), ("Vazio", ""), (&"a".repeat(41), "bot")] {
        let refused = ana.form(SAVE, &[("name", name), ("filter[status]", status)], "/conversations?status=bot").await;
        assert!(location(&refused).contains("__err="), "{name}: {}", location(&refused));
    }
    let day = ana.form(SAVE, &[("name", "Dia"), ("filter[from]", "abacaxi")], LIST).await;
    assert!(location(&day).contains("__err="));

    // Everybody has their own.
    assert_eq!(kept(&rui).await, []);
    let rui_too = rui.form(SAVE, &[("name", "Só robô"), ("filter[status]", "human")], LIST).await;
    assert!(location(&rui_too).ends_with("done=saved"));
    let of_ana: SavedFilters = json(&ana, "/api/conversations/saved_filters").await;
    let foreign = rui.call(REMOVE, &[("saved", &of_ana.filters[0].id)]).await;
    assert_eq!(foreign.status(), StatusCode::NOT_FOUND, "another member's");
    for number in 0..20 {
        let name = format!("Filtro {number:02}");
        let answer = ana.form(SAVE, &[("name", &name), ("filter[q]", &name)], LIST).await;
        assert_eq!(location(&answer).contains("__err="), number >= 18, "{name}");
    }
    let removed = ana.form(REMOVE, &[("saved", &of_ana.filters[0].id), ("filter[q]", "ana")], LIST).await;
    assert_eq!(location(&removed), "/conversations?q=ana&done=removed", "back to what was looked for");
    let left = kept(&ana).await;
    assert!(left.len() == 19 && !left.iter().any(|(name, _)| name == "Estranho"));
    assert!(ana.text("/conversations?done=removed").await.contains("Filtro removido."));
}

/// Puts a table of one's own in use for conversations, by the form of the tables' page.
async fn read_from(browser: &Browser, table: &str) {
    let answer = browser.form("/api/mapping/model", &[("talks", "default"), ("bookings", "none")], TABLES).await;
    assert_eq!(location(&answer), format!("{TABLES}?done=model"));
    let view: MappingView = json(browser, "/api/mapping/read").await;
    let mut fields = view.draft.unwrap().fields;
    fields.insert("conversations.table".into(), table.into());
    let pairs: Vec<(String, String)> =
        fields.into_iter().map(|(name, value)| (format!("fields[{name}]"), value)).collect();
    let pairs: Vec<(&str, &str)> = pairs.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let answer = browser.form("/api/mapping/draft", &pairs, TABLES).await;
    assert_eq!(location(&answer), format!("{TABLES}?done=kept"));
    save(browser, "0").await;
}

#[tokio::test]
async fn conversations_that_never_changed_and_a_status_of_a_type_of_its_own() {
    let family = stack()["families"].as_array().unwrap().iter().find(|one| one["family"] == "a").unwrap();
    let server = Server::start_as(|config| {
        config.egress_allow = format!("{},{}", project(0, "origin"), family["origin"].as_str().unwrap());
    })
    .await;
    let tenant = server.tenant("parada", Role::Admin, None).await;
    let [url, key] = ["url", "publishable_key"].map(|field| family[field].as_str().unwrap());
    server.connect_to(&tenant.scope, url, key).await;
    let browser = server.signed_in(&tenant.email).await;
    let mut database = PgConnection::connect(family["admin_url"].as_str().unwrap()).await.unwrap();
    // 70 that changed, one a minute, then 60 that never did; each third is the robot's, in the type's own spelling.
    let made = "drop table if exists conversas_paradas; drop type if exists estado_parado; \
        create type estado_parado as enum ('Bot', 'Aguardando'); \
        create table conversas_paradas (id bigint primary key, phone text, name text, status estado_parado, \
        last_message text, created_at timestamptz, updated_at timestamptz); \
        insert into conversas_paradas select n, '55119876' || (10000 + n), 'Pessoa ' || n, \
        (case when n % 3 = 0 then 'Bot' else 'Aguardando' end)::estado_parado, 'Oi', now(), \
        case when n > 60 then now() - (200 - n) * interval '1 minute' end from generate_series(1, 130) n; \
        grant select on conversas_paradas to anon; notify pgrst, 'reload schema'";
    database.execute(AssertSqlSafe(made.to_owned())).await.unwrap();
    read_from(&browser, "conversas_paradas").await;
    // PostgREST learns of a new table within a moment.
    for _ in 0..100 {
        if browser.read("/api/conversations/page").await.status() == StatusCode::OK {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }

    let walk = async |query: &str, way: &str, from: Option<String>| -> (Vec<Vec<i64>>, Option<String>) {
        let (mut pages, mut cursor, mut end) = (Vec::new(), from, None);
        loop {
            let at = cursor.map(|cursor| format!("&{way}={cursor}")).unwrap_or_default();
            let page: ConversationPage = json(&browser, &format!("/api/conversations/page?{query}{at}")).await;
            pages.push(page.rows.iter().map(|row| row.href.rsplit('/').next().unwrap().parse().unwrap()).collect());
            let (next, back) = if way == "before" { (page.older, page.newer) } else { (page.newer, page.older) };
            end = back.or(end);
            match next {
                Some(next) => cursor = Some(next),
                None => return (pages, end),
            }
            assert!(pages.len() < 9, "pages that never end");
        }
    };
    let all: Vec<i64> = (1..=130).rev().collect();
    let (down, last) = walk("", "before", None).await;
    assert_eq!((down.len(), down.concat()), (3, all.clone()), "everybody, in order, once");
    // From the first of the last page upwards: over the border between the two kinds.
    let (up, _) = walk("", "after", last).await;
    let seen: Vec<i64> = up.into_iter().rev().flatten().collect();
    assert_eq!(seen, all[..100], "and back");
    eprintln!("conversations: 130 listed once in both directions, 60 of them never changed");

    let (robots, _) = walk("filter[status]=bot", "before", None).await;
    let thirds: Vec<i64> = (1..=130).rev().filter(|n| n % 3 == 0).collect();
    assert_eq!(robots.concat(), thirds, "by a status that is compared with its own words alone");
    let page: ConversationPage = json(&browser, "/api/conversations/page?filter[status]=bot").await;
    assert_eq!(page.notes.len(), 1, "and the page says how it was looked for: {:?}", page.notes);
    let none: ConversationPage = json(&browser, "/api/conversations/page?filter[status]=closed").await;
    assert_eq!(none.rows.len(), 0, "of a word that nobody has there is nothing");
    // Within days only those that changed can be.
    let (within, _) = walk("filter[status]=bot&filter[from]=2001-01-01", "before", None).await;
    assert_eq!(within.concat(), thirds.into_iter().filter(|n| *n > 60).collect::<Vec<i64>>());
    database.execute("drop table conversas_paradas; drop type estado_parado").await.unwrap();
}

/// Four people's messages, one a day, of the first days of January 2026; a conversation moved with its last message.
const SPOKEN: &str = "
    create table conversations (id bigint primary key, phone text, name text, status text, last_message text,
      created_at timestamptz, updated_at timestamptz);
    create table messages (id bigint primary key, conversation_id bigint, phone text, direction text, content text,
      created_at timestamptz);
    insert into messages
      select id, who, '+551198765000' || who, way, said, timestamptz '2026-01-01 12:00+00' + (id - 1) * interval '1 day'
      from (values (1, 4, 'in', 'oi'), (2, 3, 'in', 'o boleto'), (3, 1, 'in', 'oi'), (4, 2, 'in', 'meu boleto'),
        (5, 2, 'out', 'aqui'), (6, 3, 'out', 'aqui'), (7, 1, 'in', 'e agora')) as said (id, who, way, said);
    insert into conversations
      select conversation_id, max(phone), null, 'bot', 'x', min(created_at), max(created_at) from messages group by 1;
    do $$ begin create role anon; exception when duplicate_object then null; end $$;
    grant usage on schema public to anon; grant select on conversations, messages to anon";

/// Puts the mapping in use with other fields, as the version after this one.
async fn remap(browser: &Browser, version: &str, changed: &[(&str, &str)]) {
    done(browser, "/api/mapping/edit", &[], "edit").await;
    let mut fields = json::<MappingView>(browser, "/api/mapping/read").await.draft.unwrap().fields;
    fields.extend(changed.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
    let pairs: Vec<(String, String)> =
        fields.into_iter().map(|(name, value)| (format!("fields[{name}]"), value)).collect();
    let pairs: Vec<(&str, &str)> = pairs.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    done(browser, "/api/mapping/draft", &pairs, "kept").await;
    save(browser, version).await;
}

#[tokio::test]
async fn a_period_and_who_wrote_mean_the_same_of_a_table_and_of_gathered_messages() {
    let own = OwnProject::start().await;
    own.run(SPOKEN).await;
    let server = Server::start_as(|config| config.egress_allow = own.origin.clone()).await;
    let tenant = server.tenant("formas", Role::Admin, None).await;
    server.connect_to(&tenant.scope, &own.url, KEY).await;
    let browser = server.signed_in(&tenant.email).await;
    let found = async |filter: &str| {
        let page: ConversationPage = json(&browser, &format!("/api/conversations/page?{filter}")).await;
        let people: BTreeSet<char> = page.rows.iter().filter_map(|row| row.phone.chars().last()).collect();
        assert_eq!(people.len(), page.rows.len(), "each once: {filter}");
        // Gathered ones stand in the order of the messages that were found.
        (people.into_iter().collect::<String>(), page.notes)
    };
    remap(&browser, "0", &[("appointments.kind", "absent")]).await;
    for (version, shape) in ["table", "gathered"].into_iter().enumerate() {
        let changed = [("conversations.kind", shape), ("messages.conversation", "phone")];
        if shape == "gathered" {
            remap(&browser, &version.to_string(), &changed).await;
        }
        for (filter, expected) in [
            ("filter[from]=2026-01-03&filter[to]=2026-01-06", "23"),
            ("filter[from]=2026-01-03&filter[to]=2026-01-06&filter[author]=contact", "2"),
            ("filter[from]=2026-01-03&filter[to]=2026-01-06&filter[author]=business", "23"),
            ("filter[from]=2026-01-03&filter[to]=2026-01-06&filter[q]=boleto", "2"),
            ("filter[q]=boleto", "23"),
            ("filter[from]=2026-01-05", "123"),
            ("filter[from]=2026-01-05&filter[author]=contact", "1"),
            ("filter[to]=2026-01-05", "24"),
            ("filter[to]=2026-01-05&filter[author]=contact", "24"),
            ("filter[from]=2026-01-08", ""),
        ] {
            assert_eq!(found(filter).await, (expected.to_owned(), Vec::new()), "{shape}: {filter}");
        }
    }

    // With few rows an answer everybody is there still.
    own.sql(
        "do $$ begin execute format('alter role %I in database %I set pgrst.db_max_rows = 2', current_user, \
         current_database()); end $$; notify pgrst, 'reload config'",
    )
    .await;
    for _ in 0..100 {
        let before = own.asked().len();
        browser.text(LIST).await;
        if own.asked().len() > before + 2 {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    let (mut all, mut before) = (String::new(), String::new());
    loop {
        let page: ConversationPage = json(&browser, &format!("/api/conversations/page?before={before}")).await;
        all.extend(page.rows.iter().filter_map(|row| row.phone.chars().last()));
        match page.older {
            Some(older) => before = older,
            None => break,
        }
    }
    assert_eq!(all, "1324", "two rows an answer");
    own.end().await;
}

#[tokio::test]
async fn what_a_period_cannot_choose_is_said() {
    let own = OwnProject::start().await;
    own.run(SPOKEN).await;
    let server = Server::start_as(|config| config.egress_allow = own.origin.clone()).await;
    let tenant = server.tenant("epocas", Role::Admin, None).await;
    server.connect_to(&tenant.scope, &own.url, KEY).await;
    let browser = server.signed_in(&tenant.email).await;
    let period = "filter[from]=2026-01-03&filter[to]=2026-01-06";
    let notes = async |more: &str| {
        json::<ConversationPage>(&browser, &format!("/api/conversations/page?{period}{more}")).await.notes
    };
    let by_contact = "&filter[author]=contact";
    let boleto = format!("&filter[q]={}", encoded("boleto"));
    remap(&browser, "0", &[("messages.at", "")]).await;
    for (more, said) in [("", false), (by_contact, true), (boleto.as_str(), true)] {
        assert_eq!(notes(more).await.iter().any(|note| note.contains("de qualquer época")), said, "{more}");
    }
    remap(
        &browser,
        "1",
        &[("messages.at", "created_at"), ("messages.at_kind", "stamp_utc"), ("conversations.changed", "")],
    )
    .await;
    for (more, said) in [("", "o período não conta aqui"), (by_contact, "só para as mensagens")] {
        let notes = notes(more).await;
        assert!(notes.len() == 1 && notes[0].contains(said), "{more}: {notes:?}");
    }
    let html = browser.text(LIST).await;
    assert!(html.contains("O período é o da última mensagem da conversa"), "what a period means");
    own.end().await;
}
