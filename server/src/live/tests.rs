//! One tenant or many, with projects that do as a test says, by a clock that runs at once.

use super::*;
use crate::{listen::Stop, project::Sight, store::TenantId};
use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, AtomicUsize, Ordering},
    },
    time::Duration,
};
use tokio::time::{Instant, sleep, timeout};

#[path = "lease_tests.rs"]
mod lease;

const PACE: Pace = Pace {
    every: Duration::from_secs(4),
    relied: Duration::from_secs(30),
    apart: Duration::from_secs(3),
    slowest: Duration::from_secs(60),
    linger: Duration::from_secs(5),
    recheck: Duration::from_secs(15),
};

/// A project of which a test says what stands at the top.
#[derive(Clone, Default)]
struct Fake {
    top: Arc<AtomicU64>,
    looks: Arc<AtomicUsize>,
    /// 0 answers, 1 does not, 2 hangs for five seconds, 3 wants to be left alone for two minutes.
    mood: Arc<AtomicUsize>,
    /// Whoever has this as the first byte of their session may not listen.
    banned: Arc<AtomicUsize>,
    blind: bool,
}

impl Fake {
    fn look(&self) -> Look {
        let fake = self.clone();
        Arc::new(move |session| {
            let fake = fake.clone();
            Box::pin(async move { fake.once(session).await })
        })
    }

    async fn once(&self, session: [u8; 32]) -> Looked {
        if usize::from(session[0]) == self.banned.load(Ordering::SeqCst) {
            return Looked::NotAllowed;
        }
        self.looks.fetch_add(1, Ordering::SeqCst);
        let failed = |pause| Looked::Failed { why: Why::Silent, at: "14:32".into(), pause };
        match self.mood.load(Ordering::SeqCst) {
            1 => failed(None),
            2 => {
                sleep(Duration::from_secs(5)).await;
                failed(None)
            }
            3 => failed(Some(Duration::from_secs(120))),
            _ => {
                let top = Sight::Top(self.top.load(Ordering::SeqCst));
                let conversations = if self.blind { Sight::Untold } else { top };
                let seen = Seen { by: 1, conversations, appointments: Sight::Absent, at: "14:40".into() };
                Looked::Seen(seen, None)
            }
        }
    }

    fn looks(&self) -> usize {
        self.looks.load(Ordering::SeqCst)
    }

    fn change(&self) {
        self.top.fetch_add(1, Ordering::SeqCst);
    }
}

fn watchers(limits: Limits) -> Watchers {
    Watchers::new(PACE, limits, Stop::default())
}

fn session(number: u8) -> [u8; 32] {
    let mut session = [0; 32];
    // Nobody is the one that is banned at first.
    session[0] = 1 + number;
    session
}

fn listen(watchers: &Watchers, tenant: TenantId, number: u8, fake: &Fake) -> Result<Listener, Full> {
    watchers.listen(tenant, session(number), None, || fake.look())
}

async fn news(listener: &mut Listener) -> (What, String) {
    match timeout(Duration::from_secs(100), listener.next()).await.expect("something is told") {
        Heard::News(news) => (news.what, crate::words::live::told(&news.told)),
        other => panic!("{other:?}"),
    }
}

/// Waits for a change; how the project is does not count.
async fn change(listener: &mut Listener) -> What {
    loop {
        let (what, _) = news(listener).await;
        if !what.is_standing() {
            return what;
        }
    }
}

async fn nothing_within(listener: &mut Listener, time: Duration) {
    let heard = timeout(time, listener.next()).await;
    assert!(heard.is_err(), "{heard:?}");
}

#[tokio::test(start_paused = true)]
async fn one_watcher_for_fifty_and_none_for_nobody() {
    let (watchers, fake, tenant) = (watchers(Limits::default()), Fake::default(), TenantId::new());
    sleep(Duration::from_secs(60)).await;
    assert_eq!((watchers.open(), fake.looks()), ((0, 0), 0), "nobody looks");
    let mut all: Vec<Listener> =
        (0..50).map(|number| listen(&watchers, tenant, number, &fake).expect("a place")).collect();
    assert_eq!(watchers.open(), (50, 1));
    sleep(Duration::from_secs(40)).await;
    let of_fifty = fake.looks();
    fake.change();
    let began = Instant::now();
    for listener in &mut all {
        assert_eq!(change(listener).await, What::Conversations);
    }
    let took = began.elapsed();
    drop(all);
    sleep(PACE.linger + Duration::from_secs(1)).await;
    let at_the_end = fake.looks();
    sleep(Duration::from_secs(300)).await;
    eprintln!("live: {of_fifty} looks in 40 s for 50 listeners, all told within {took:?}, none after they left");
    assert!((8..=12).contains(&of_fifty), "{of_fifty}");
    assert!(took <= Duration::from_secs(5), "{took:?}");
    assert_eq!((watchers.open(), fake.looks()), ((0, 0), at_the_end));
}

#[tokio::test(start_paused = true)]
async fn whoever_loads_the_next_page_finds_the_watcher_and_what_was_missed() {
    let (watchers, fake, tenant) = (watchers(Limits::default()), Fake::default(), TenantId::new());
    let mut first = listen(&watchers, tenant, 0, &fake).expect("a place");
    assert_eq!(news(&mut first).await.0, What::Live);
    fake.change();
    let Heard::News(seen) = first.next().await else { panic!("told") };
    drop(first);
    fake.change();
    sleep(Duration::from_secs(2)).await;
    let resume = |last: &str| {
        let mut listener = watchers.listen(tenant, session(0), Some(last), || fake.look()).expect("a place");
        async move {
            let mut told = Vec::new();
            while let Ok(Heard::News(news)) = timeout(Duration::from_secs(6), listener.next()).await {
                told.push(news.what);
            }
            told
        }
    };
    let last = seen.place.to_string();
    assert_eq!(resume(&last).await, [What::Live, What::Conversations], "the change came while it was away");
    assert_eq!(resume(&last).await, [What::Conversations, What::Live], "once, though it was told before");
    for unknown in ["", "x", "00000000-0", "ffffffff-99999999999999999999"] {
        assert_eq!(resume(unknown).await, [What::Refresh, What::Live], "{unknown}");
    }
    let ahead = format!("{}-{}", last.split('-').next().expect("an epoch"), 1_000);
    assert_eq!(resume(&ahead).await, [What::Refresh, What::Live], "a place that is still to come");
    for _ in 0..100 {
        fake.change();
        let _here = listen(&watchers, tenant, 1, &fake).expect("a place");
        sleep(Duration::from_secs(5)).await;
    }
    assert_eq!(resume(&last).await, [What::Refresh, What::Live], "it is not kept any more");
}

#[tokio::test(start_paused = true)]
async fn a_flood_in_one_tenant_is_nothing_to_another() {
    let watchers = watchers(Limits::default());
    let (loud, quiet) = (Fake::default(), Fake::default());
    let (mut of_loud, mut of_quiet) = (
        listen(&watchers, TenantId::new(), 0, &loud).expect("a place"),
        listen(&watchers, TenantId::new(), 1, &quiet).expect("a place"),
    );
    assert_eq!((news(&mut of_loud).await.0, news(&mut of_quiet).await.0), (What::Live, What::Live));
    let flood = tokio::spawn({
        let loud = loud.clone();
        async move {
            for _ in 0..10_000 {
                loud.change();
                sleep(Duration::from_millis(10)).await;
            }
        }
    });
    let (mut slowest, mut told) = (Duration::ZERO, 0);
    for _ in 0..10 {
        quiet.change();
        let began = Instant::now();
        assert_eq!(change(&mut of_quiet).await, What::Conversations);
        slowest = slowest.max(began.elapsed());
        told += 1;
    }
    nothing_within(&mut of_quiet, Duration::from_secs(60)).await;
    flood.await.expect("it ends");
    eprintln!("live: {told} of 10 changes told within {slowest:?} beside 10,000 in another tenant, and nothing more");
    assert!(slowest <= Duration::from_secs(5), "{slowest:?}");
    // Nobody took what the flood left: its reader learns at once that anything may have changed.
    assert_eq!(change(&mut of_loud).await, What::Refresh);
    assert!(loud.looks() < 60, "{}", loud.looks());
}

#[tokio::test(start_paused = true)]
async fn projects_that_hang_do_not_keep_another_waiting() {
    let watchers = watchers(Limits::default());
    let (sick, well) = (Fake::default(), Fake::default());
    sick.mood.store(2, Ordering::SeqCst);
    let hanging: Vec<Listener> =
        (0..100).map(|number| listen(&watchers, TenantId::new(), number, &sick).expect("a place")).collect();
    // Past the first crowd: from then on each of them is looked at less and less often.
    sleep(Duration::from_secs(120)).await;
    let mut listener = listen(&watchers, TenantId::new(), 200, &well).expect("a place");
    assert_eq!(news(&mut listener).await.0, What::Live);
    let mut slowest = Duration::ZERO;
    for _ in 0..20 {
        well.change();
        let began = Instant::now();
        change(&mut listener).await;
        slowest = slowest.max(began.elapsed());
    }
    eprintln!("live: beside {} projects that hang the slowest of 20 changes is told in {slowest:?}", hanging.len());
    // A wait and a look that hangs; a round of all that hang would be twenty.
    assert!(slowest <= Duration::from_secs(10), "{slowest:?}");
}

#[tokio::test(start_paused = true)]
async fn a_project_that_fails_is_said_to_from_the_second_time_and_looked_at_less() {
    let (watchers, fake, tenant) = (watchers(Limits::default()), Fake::default(), TenantId::new());
    let mut listener = listen(&watchers, tenant, 0, &fake).expect("a place");
    assert_eq!(news(&mut listener).await.0, What::Live);
    fake.mood.store(1, Ordering::SeqCst);
    let stopped = "parado: o projeto não responde desde 14:32".to_owned();
    assert_eq!(news(&mut listener).await, (What::Stale, stopped));
    let before = fake.looks();
    nothing_within(&mut listener, Duration::from_secs(600)).await;
    let looks = fake.looks() - before;
    eprintln!("live: {looks} looks in ten minutes at a project that fails");
    assert!((9..=15).contains(&looks), "{looks}");
    fake.mood.store(0, Ordering::SeqCst);
    assert_eq!(news(&mut listener).await.0, What::Live);
    assert_eq!(news(&mut listener).await, (What::Conversations, "mudou às 14:40".to_owned()), "pages read again");
}

#[tokio::test(start_paused = true)]
async fn what_a_project_asks_for_is_honoured_whoever_comes() {
    let (watchers, fake, tenant) = (watchers(Limits::default()), Fake::default(), TenantId::new());
    fake.mood.store(3, Ordering::SeqCst);
    let mut first = listen(&watchers, tenant, 0, &fake).expect("a place");
    assert_eq!(news(&mut first).await.0, What::Stale, "at once, because nothing ever came");
    for number in 1..20 {
        drop(listen(&watchers, tenant, number, &fake).expect("a place"));
        sleep(Duration::from_secs(5)).await;
    }
    assert_eq!(fake.looks(), 1, "in the two minutes that it wants to be left alone");
    fake.mood.store(1, Ordering::SeqCst);
    sleep(Duration::from_secs(600)).await;
    let looks = fake.looks();
    let _newcomer = listen(&watchers, tenant, 30, &fake).expect("a place");
    sleep(PACE.every).await;
    assert!(fake.looks() > looks, "otherwise whoever comes has it looked at");
}

#[tokio::test(start_paused = true)]
async fn where_nothing_tells_what_is_new_pages_are_read_again_each_minute() {
    let (watchers, tenant) = (watchers(Limits::default()), TenantId::new());
    let fake = Fake { blind: true, ..Fake::default() };
    let mut listener = listen(&watchers, tenant, 0, &fake).expect("a place");
    assert_eq!(news(&mut listener).await, (What::Live, crate::words::live::told(&Told::Blind)));
    let began = Instant::now();
    for _ in 0..5 {
        assert_eq!(news(&mut listener).await.0, What::Conversations);
    }
    let took = began.elapsed();
    assert!((295..=330).contains(&took.as_secs()), "{took:?}");
}

#[tokio::test(start_paused = true)]
async fn everything_is_bounded_and_places_come_back() {
    let limits = Limits { watchers: 3, streams: 8, of_tenant: 4, of_session: 2, looks: 1, sockets: 1 };
    let (watchers, fake, tenant) = (watchers(limits), Fake::default(), TenantId::new());
    let own: Vec<_> = (0..2).map(|_| listen(&watchers, tenant, 0, &fake).expect("a place")).collect();
    assert_eq!(listen(&watchers, tenant, 0, &fake).err(), Some(Full::Session));
    let more: Vec<_> = (1..3).map(|number| listen(&watchers, tenant, number, &fake).expect("a place")).collect();
    assert_eq!(listen(&watchers, tenant, 3, &fake).err(), Some(Full::All), "of one tenant");
    let _others: Vec<_> =
        (0..2).map(|number| listen(&watchers, TenantId::new(), 10 + number, &fake).expect("a place")).collect();
    assert_eq!(listen(&watchers, TenantId::new(), 20, &fake).err(), Some(Full::All), "of watchers");
    assert_eq!(watchers.open(), (6, 3));
    drop((own, more));
    sleep(Duration::from_secs(30)).await;
    assert_eq!(watchers.open(), (2, 2));
    assert!(listen(&watchers, tenant, 0, &fake).is_ok());
}

#[tokio::test(start_paused = true)]
async fn who_may_not_listen_any_more_is_turned_out_and_the_others_go_on() {
    let (watchers, fake, tenant) = (watchers(Limits::default()), Fake::default(), TenantId::new());
    let mut stays = listen(&watchers, tenant, 0, &fake).expect("a place");
    let mut goes = listen(&watchers, tenant, 1, &fake).expect("a place");
    assert_eq!((news(&mut stays).await.0, news(&mut goes).await.0), (What::Live, What::Live));
    fake.banned.store(usize::from(session(1)[0]), Ordering::SeqCst);
    let began = Instant::now();
    assert_eq!(goes.next().await, Heard::NotAllowed);
    assert!(began.elapsed() <= Duration::from_secs(5), "{:?}", began.elapsed());
    fake.change();
    assert_eq!(change(&mut stays).await, What::Conversations);
}

#[tokio::test(start_paused = true)]
async fn a_stop_ends_all_of_them() {
    let (stop, fake) = (Stop::default(), Fake::default());
    let watchers = Watchers::new(PACE, Limits::default(), stop.clone());
    let mut listener = listen(&watchers, TenantId::new(), 0, &fake).expect("a place");
    assert_eq!(news(&mut listener).await.0, What::Live);
    stop.begin(Duration::ZERO, std::future::ready(())).await;
    assert_eq!(listener.next().await, Heard::Gone);
    drop(listener);
    assert_eq!(watchers.open(), (0, 0));
}
