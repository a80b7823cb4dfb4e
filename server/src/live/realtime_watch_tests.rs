//! Whole watchers before such a Realtime: how soon what is hinted is told, and what becomes of everything else.

use super::*;
use crate::{
    listen::Stop,
    live::{self, Limits, Listener, Look, Looked, Pace, Seen, Watchers, What},
    project::Sight,
    store::TenantId,
};
use std::sync::atomic::AtomicU64;
use tokio::time::sleep;

/// A project behind a Realtime, of which a test says what stands at the top.
#[derive(Clone)]
struct World {
    server: Server,
    top: Arc<AtomicU64>,
    looks: Arc<AtomicUsize>,
}

impl World {
    async fn start(mood: Mood) -> Self {
        Self { server: Server::start(mood).await, top: Arc::default(), looks: Arc::default() }
    }

    fn look(&self) -> Look {
        let world = self.clone();
        Arc::new(move |_| {
            let world = world.clone();
            Box::pin(async move {
                world.looks.fetch_add(1, Ordering::SeqCst);
                let conversations = Sight::Top(world.top.load(Ordering::SeqCst));
                let seen = Seen { by: 1, conversations, appointments: Sight::Absent, at: "14:40".into() };
                Looked::Seen(seen, Some(Door { by: 1, open: Box::new(move || world.server.hear()) }))
            })
        })
    }

    fn looks(&self) -> usize {
        self.looks.load(Ordering::SeqCst)
    }

    fn change(&self) {
        self.top.fetch_add(1, Ordering::SeqCst);
    }

    fn listen(&self, watchers: &Watchers, number: u8) -> Listener {
        watchers.listen(TenantId::new(), [number; 32], None, || self.look()).expect("there is a place")
    }

    /// Waits until all tables are told of and that was looked at.
    async fn settle(&self) {
        let beats = &self.server.beats;
        until(|| self.looks() >= 2 && beats.load(Ordering::SeqCst) > 0, "hints are listened to").await;
        sleep(4 * PACE.apart).await;
    }
}

async fn until(is: impl Fn() -> bool, what: &str) {
    let soon = async {
        while !is() {
            sleep(Duration::from_millis(20)).await;
        }
    };
    timeout(Duration::from_secs(20), soon).await.expect(what);
}

/// Looks so rare that only hints can have caused them.
const PACE: Pace = Pace {
    every: Duration::from_secs(600),
    relied: Duration::from_secs(600),
    apart: Duration::from_millis(200),
    slowest: Duration::from_secs(600),
    linger: Duration::from_secs(5),
    recheck: Duration::from_secs(15),
};

/// The next change that is told, and how long that took.
async fn told(listener: &mut Listener) -> (What, Duration) {
    let began = Instant::now();
    loop {
        match timeout(Duration::from_secs(20), listener.next()).await.expect("something is told") {
            live::Heard::News(news) if news.what.is_standing() => {}
            live::Heard::News(news) => return (news.what, began.elapsed()),
            other => panic!("{other:?}"),
        }
    }
}

#[tokio::test]
async fn a_hint_is_looked_at_long_before_the_next_poll() {
    let watchers = Watchers::new(PACE, Limits::default(), Stop::default());
    let world = World::start(Mood::Well).await;
    let mut listener = world.listen(&watchers, 1);
    world.settle().await;
    let mut slowest = Duration::ZERO;
    for _ in 0..5 {
        world.change();
        world.server.says(changed("messages"));
        let (what, took) = told(&mut listener).await;
        assert_eq!(what, What::Conversations);
        slowest = slowest.max(took);
    }
    eprintln!(
        "live: the slowest of 5 changes is told {slowest:?} after the project's hint, with looks 10 minutes apart"
    );
    assert!(slowest < Duration::from_secs(3), "{slowest:?}");
}

#[tokio::test]
async fn where_there_are_no_hints_polling_is_as_it_was() {
    for mood in [Mood::Refuses, Mood::Unpublished, Mood::Mute] {
        let pace = Pace { every: Duration::from_millis(200), ..PACE };
        let watchers = Watchers::new(pace, Limits::default(), Stop::default());
        let world = World::start(mood).await;
        let mut listener = world.listen(&watchers, 1);
        sleep(Duration::from_secs(2)).await;
        for _ in 0..3 {
            world.change();
            assert!(told(&mut listener).await.1 < Duration::from_secs(3), "{mood:?}");
        }
        assert_eq!(world.server.connections(), 1, "{mood:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_flood_of_hints_is_a_few_looks_and_nothing_to_another_tenant() {
    let watchers = Watchers::new(PACE, Limits::default(), Stop::default());
    let (loud, quiet) = (World::start(Mood::Well).await, World::start(Mood::Well).await);
    let (_of_loud, mut of_quiet) = (loud.listen(&watchers, 1), quiet.listen(&watchers, 2));
    loud.settle().await;
    quiet.settle().await;
    let (before, began) = (loud.looks(), Instant::now());
    loud.server.acts(Act::Flood(10_000));
    let mut slowest = Duration::ZERO;
    for _ in 0..10 {
        quiet.change();
        quiet.server.says(changed("messages"));
        slowest = slowest.max(told(&mut of_quiet).await.1);
    }
    sleep(Duration::from_secs(2)).await;
    let (looks, took) = (loud.looks() - before, began.elapsed());
    eprintln!(
        "live: of a flood of 10,000 hints {looks} looks in {took:?}; beside it the slowest of 10 is told in {slowest:?}"
    );
    assert!(looks >= 1 && looks <= 2 + (took.as_millis() / PACE.apart.as_millis()) as usize, "{looks} in {took:?}");
    assert!(slowest < Duration::from_secs(3), "{slowest:?}");
}

#[tokio::test]
async fn silence_is_noticed_and_the_connection_made_again() {
    let pace = Pace { every: Duration::from_millis(300), ..PACE };
    let watchers = Watchers::new(pace, Limits::default(), Stop::default());
    let world = World::start(Mood::Well).await;
    let mut listener = world.listen(&watchers, 1);
    world.settle().await;
    world.server.acts(Act::FallSilent);
    until(|| world.server.connections() == 2, "the silence is noticed").await;
    world.change();
    assert_eq!(told(&mut listener).await.0, What::Conversations);
}
