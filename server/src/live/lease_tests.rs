//! Several processes that share a database: one looks at a project and all tell what is new in it, by a clock that runs at
//! once.

use super::*;
use crate::{
    live::desk::{Board, Desk},
    store::{Result, StoreError, WatchNews, WatchRow},
};
use std::{
    collections::HashMap,
    future::ready,
    sync::{Mutex, MutexGuard, atomic::AtomicBool},
};
use uuid::Uuid;

const NEVER: Duration = Duration::from_secs(1_000_000);

/// What the database holds, by the test's clock.
#[derive(Default)]
struct Rows {
    rows: Mutex<HashMap<TenantId, Row>>,
    away: AtomicBool,
    statements: AtomicUsize,
}

struct Row {
    row: WatchRow,
    until: Option<Instant>,
    told_at: Option<Instant>,
}

impl Row {
    fn new(tenant: TenantId, process: Uuid) -> Self {
        let row = WatchRow {
            tenant,
            process,
            held: false,
            term: 1,
            told: 0,
            conversations: 0,
            appointments: 0,
            refreshed: 0,
            told_for: NEVER,
            changed_at: String::new(),
            standing: "unknown".into(),
            why: String::new(),
            since: String::new(),
        };
        Self { row, until: None, told_at: None }
    }

    fn read(&self) -> WatchRow {
        let now = Instant::now();
        let told_for = self.told_at.map_or(NEVER, |at| now - at);
        WatchRow { held: self.until.is_some_and(|until| until > now), told_for, ..self.row.clone() }
    }
}

impl Rows {
    /// For one statement.
    fn open(&self) -> Result<MutexGuard<'_, HashMap<TenantId, Row>>> {
        self.statements.fetch_add(1, Ordering::SeqCst);
        if self.away.load(Ordering::SeqCst) {
            return Err(StoreError::Unavailable(sqlx::Error::PoolTimedOut));
        }
        Ok(self.rows.lock().unwrap())
    }

    fn held(&self, tenant: TenantId) -> bool {
        self.rows.lock().unwrap().get(&tenant).is_some_and(|row| row.read().held)
    }
}

#[async_trait::async_trait]
impl Board for Rows {
    async fn claim(&self, tenant: TenantId, process: Uuid, lease: Duration) -> Result<WatchRow> {
        let mut rows = self.open()?;
        let row = rows.entry(tenant).or_insert_with(|| Row::new(tenant, process));
        if row.row.process == process || !row.read().held {
            row.row.term += i64::from(row.row.process != process);
            (row.row.process, row.until) = (process, Some(Instant::now() + lease));
        }
        Ok(row.read())
    }

    async fn renew(&self, process: Uuid, lease: Duration, tenants: &[TenantId]) -> Result<Vec<TenantId>> {
        let mut rows = self.open()?;
        let mut ours = Vec::new();
        for tenant in tenants {
            let own = |row: &&mut Row| row.row.process == process && row.until.is_some();
            if let Some(row) = rows.get_mut(tenant).filter(own) {
                row.until = Some(Instant::now() + lease);
                ours.push(*tenant);
            }
        }
        Ok(ours)
    }

    async fn read(&self, tenants: &[TenantId]) -> Result<Vec<WatchRow>> {
        let rows = self.open()?;
        Ok(tenants.iter().filter_map(|tenant| rows.get(tenant).map(Row::read)).collect())
    }

    async fn tell(&self, tenant: TenantId, process: Uuid, news: &WatchNews) -> Result<Option<WatchRow>> {
        let mut rows = self.open()?;
        let Some(kept) = rows.get_mut(&tenant).filter(|row| row.row.process == process) else { return Ok(None) };
        let row = &mut kept.row;
        row.told += 1;
        for (told, number) in [
            (news.conversations, &mut row.conversations),
            (news.appointments, &mut row.appointments),
            (news.refresh, &mut row.refreshed),
        ] {
            if told {
                *number = row.told;
            }
        }
        if news.conversations || news.appointments {
            row.changed_at.clone_from(&news.changed_at);
            kept.told_at = Some(Instant::now());
        }
        (row.standing, row.why) = (news.standing.to_owned(), news.why.to_owned());
        row.since.clone_from(&news.since);
        Ok(Some(kept.read()))
    }

    async fn give_up(&self, tenant: TenantId, process: Uuid) -> Result<()> {
        if let Some(row) = self.open()?.get_mut(&tenant).filter(|row| row.row.process == process) {
            row.until = None;
        }
        Ok(())
    }

    async fn give_up_all(&self, process: Uuid) -> Result<()> {
        for row in self.open()?.values_mut().filter(|row| row.row.process == process) {
            row.until = None;
        }
        Ok(())
    }
}

/// A process.
struct Process {
    watchers: Watchers,
    stop: Stop,
}

impl Process {
    /// Dies without a word to the others.
    async fn dies(&self) {
        self.stop.begin(Duration::ZERO, ready(())).await;
    }
}

/// One tenant with one project.
struct Ground {
    rows: Arc<Rows>,
    fake: Fake,
    tenant: TenantId,
}

impl Ground {
    fn new() -> Self {
        Self { rows: Arc::default(), fake: Fake::default(), tenant: TenantId::new() }
    }

    fn start(&self) -> Process {
        let stop = Stop::default();
        let board: Arc<Rows> = Arc::clone(&self.rows);
        let watchers = Watchers::at(Some(Desk::new(board)), PACE, Limits::default(), stop.clone());
        Process { watchers, stop }
    }

    fn hear(&self, process: &Process, number: u8) -> Listener {
        listen(&process.watchers, self.tenant, number, &self.fake).expect("a place")
    }

    /// How often the project is looked at in 40 seconds.
    async fn looks(&self) -> usize {
        let before = self.fake.looks();
        sleep(Duration::from_secs(40)).await;
        self.fake.looks() - before
    }
}

/// All that is told until nothing is for a while.
async fn settle(listener: &mut Listener) -> Vec<What> {
    let mut told = Vec::new();
    while let Ok(Heard::News(news)) = timeout(Duration::from_secs(6), listener.next()).await {
        told.push(news.what);
    }
    told
}

#[tokio::test(start_paused = true)]
async fn of_three_processes_one_looks_and_all_tell() {
    let ground = Ground::new();
    let [a, b, c] = [ground.start(), ground.start(), ground.start()];
    let mut all = [ground.hear(&a, 0), ground.hear(&b, 1), ground.hear(&c, 2)];
    for listener in &mut all {
        assert_eq!(settle(listener).await.first(), Some(&What::Live));
    }
    let looks = ground.looks().await;
    let mut slowest = Duration::ZERO;
    for _ in 0..5 {
        ground.fake.change();
        let began = Instant::now();
        for listener in &mut all {
            assert_eq!(change(listener).await, What::Conversations);
        }
        slowest = slowest.max(began.elapsed());
    }
    eprintln!("live: {looks} looks in 40 s of three processes; the slowest of 5 changes is told in all in {slowest:?}");
    assert!((8..=12).contains(&looks), "{looks}");
    assert!(slowest <= Duration::from_secs(6), "{slowest:?}");

    // Nobody's page is read again for nothing: neither a new one's, nor in a new process, nor of who comes back.
    sleep(Duration::from_secs(40)).await;
    let before = ground.fake.looks();
    let mut new = ground.hear(&b, 3);
    assert_eq!(settle(&mut new).await, [What::Live]);
    let d = ground.start();
    let mut newer = ground.hear(&d, 4);
    assert_eq!(settle(&mut newer).await, [What::Live]);
    drop(newer);
    sleep(Duration::from_secs(2)).await;
    let mut back = ground.hear(&d, 4);
    assert_eq!(settle(&mut back).await, [What::Live]);
    assert!(ground.fake.looks() - before <= 6, "and nobody looks because of them");
    for listener in &mut all {
        nothing_within(listener, Duration::from_secs(1)).await;
    }
}

#[tokio::test(start_paused = true)]
async fn when_the_one_that_looks_dies_another_does_and_nothing_is_missed() {
    let ground = Ground::new();
    let [a, b, c] = [ground.start(), ground.start(), ground.start()];
    let mut of_a = ground.hear(&a, 0);
    assert_eq!(settle(&mut of_a).await, [What::Live]);
    let mut rest = [ground.hear(&b, 1), ground.hear(&c, 2)];
    for listener in &mut rest {
        settle(listener).await;
    }
    a.dies().await;
    assert_eq!(of_a.next().await, Heard::Gone);
    ground.fake.change();
    let (began, mut took) = (Instant::now(), Duration::ZERO);
    for listener in &mut rest {
        assert_eq!(change(listener).await, What::Refresh, "what changed meanwhile is known to nobody");
        took = took.max(began.elapsed());
    }
    for listener in &mut rest {
        nothing_within(listener, Duration::from_secs(20)).await;
    }
    let looks = ground.looks().await;
    ground.fake.change();
    for listener in &mut rest {
        assert_eq!(change(listener).await, What::Conversations);
    }
    eprintln!(
        "live: all of two processes read again {took:?} after the third died; {looks} looks in 40 s from then on"
    );
    assert!(took <= Duration::from_secs(9), "{took:?}");
    assert!((8..=12).contains(&looks), "{looks}");
}

#[tokio::test(start_paused = true)]
async fn who_has_nobody_listening_or_is_asked_to_stop_leaves_at_once() {
    let ground = Ground::new();
    let [a, b] = [ground.start(), ground.start()];
    let mut of_a = ground.hear(&a, 0);
    settle(&mut of_a).await;
    let mut of_b = ground.hear(&b, 1);
    settle(&mut of_b).await;
    drop(of_a);
    let began = Instant::now();
    assert_eq!(change(&mut of_b).await, What::Refresh);
    let left = began.elapsed();
    let mut of_a = ground.hear(&a, 0);
    settle(&mut of_a).await;
    // In the order of an orderly end.
    b.dies().await;
    b.watchers.give_up().await;
    let began = Instant::now();
    assert_eq!(change(&mut of_a).await, What::Refresh);
    let stopped = began.elapsed();
    eprintln!(
        "live: a project is looked at by another process {left:?} after its last page left, {stopped:?} after a stop"
    );
    assert!(left.max(stopped) <= Duration::from_secs(2), "{left:?} {stopped:?}");
    let looks = ground.looks().await;
    assert!((8..=12).contains(&looks), "{looks}");
}

#[tokio::test(start_paused = true)]
async fn whoever_loads_the_next_page_finds_what_the_watcher_knew() {
    let ground = Ground::new();
    let a = ground.start();
    let mut first = ground.hear(&a, 0);
    settle(&mut first).await;
    ground.fake.change();
    let Heard::News(seen) = first.next().await else { panic!("told") };
    drop(first);
    ground.fake.change();
    sleep(Duration::from_secs(2)).await;
    assert!(!ground.rows.held(ground.tenant), "others may have it meanwhile");
    let last = seen.place.to_string();
    let back = a.watchers.listen(ground.tenant, session(0), Some(&last), || ground.fake.look());
    assert_eq!(settle(&mut back.expect("a place")).await, [What::Live, What::Conversations]);
}

#[tokio::test(start_paused = true)]
async fn while_the_database_is_away_who_looks_goes_on_and_the_others_say_nothing() {
    let ground = Ground::new();
    let [a, b] = [ground.start(), ground.start()];
    let mut of_a = ground.hear(&a, 0);
    settle(&mut of_a).await;
    let mut of_b = ground.hear(&b, 1);
    settle(&mut of_b).await;
    ground.rows.away.store(true, Ordering::SeqCst);
    ground.fake.change();
    assert_eq!(change(&mut of_a).await, What::Conversations);
    nothing_within(&mut of_b, Duration::from_secs(20)).await;
    ground.rows.away.store(false, Ordering::SeqCst);
    let began = Instant::now();
    let told = change(&mut of_b).await;
    eprintln!("live: {told:?} is told {:?} after the database came back", began.elapsed());
    assert!(began.elapsed() <= Duration::from_secs(8), "{:?}", began.elapsed());
    settle(&mut of_a).await;
    settle(&mut of_b).await;
    let looks = ground.looks().await;
    assert!((8..=12).contains(&looks), "{looks}");
    ground.fake.change();
    assert_eq!((change(&mut of_a).await, change(&mut of_b).await), (What::Conversations, What::Conversations));
}

#[tokio::test(start_paused = true)]
async fn however_many_are_followed_it_is_one_statement() {
    let ground = Ground::new();
    let [a, b] = [ground.start(), ground.start()];
    let mut all = Vec::new();
    for number in 0..20 {
        let tenant = TenantId::new();
        for process in [&a, &b] {
            all.push(listen(&process.watchers, tenant, number, &ground.fake).expect("a place"));
        }
    }
    sleep(Duration::from_secs(20)).await;
    let before = ground.rows.statements.load(Ordering::SeqCst);
    sleep(Duration::from_secs(40)).await;
    let statements = ground.rows.statements.load(Ordering::SeqCst) - before;
    eprintln!("live: {statements} statements in 40 s for {} streams of 20 tenants in two processes", all.len());
    assert!((50..=70).contains(&statements), "{statements}");
}
