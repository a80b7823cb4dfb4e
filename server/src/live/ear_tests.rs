//! Watchers of projects that hint as a test says, by a clock that runs at once.

use super::*;
use crate::{
    listen::Stop,
    live::{Heard, Limits, Listener, Look, Looked, Pace, Seen, Watchers, What, Why},
    mapping::Part,
    project::Sight,
    store::TenantId,
};
use futures::stream;
use std::sync::{
    Mutex, MutexGuard,
    atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering},
};
use tokio::{
    sync::mpsc::{self, UnboundedSender},
    time::{sleep, timeout},
};

/// A project of which a test says what stands at the top, and what it hints.
#[derive(Clone, Default)]
struct Project(Arc<Inner>);

#[derive(Default)]
struct Inner {
    conversations: AtomicU64,
    appointments: AtomicU64,
    looks: AtomicUsize,
    fails: AtomicBool,
    /// By what the way to its hints is known.
    by: AtomicU64,
    lines: Mutex<Vec<UnboundedSender<Said>>>,
}

impl Project {
    fn look(&self) -> Look {
        let project = self.clone();
        Arc::new(move |_| {
            let project = project.clone();
            Box::pin(async move { project.once() })
        })
    }

    fn once(&self) -> Looked {
        self.0.looks.fetch_add(1, Ordering::SeqCst);
        if self.0.fails.load(Ordering::SeqCst) {
            return Looked::Failed { why: Why::Silent, at: "14:32".into(), pause: None };
        }
        let top = |part: &AtomicU64| Sight::Top(part.load(Ordering::SeqCst));
        let (conversations, appointments) = (top(&self.0.conversations), top(&self.0.appointments));
        let project = self.clone();
        let door = Door { by: self.0.by.load(Ordering::SeqCst), open: Box::new(move || project.open()) };
        Looked::Seen(Seen { by: 1, conversations, appointments, at: "14:40".into() }, Some(door))
    }

    fn open(&self) -> BoxStream<'static, Said> {
        let (line, said) = mpsc::unbounded_channel();
        self.lines().push(line);
        stream::unfold(said, |mut said| async move { said.recv().await.map(|one| (one, said)) }).boxed()
    }

    fn lines(&self) -> MutexGuard<'_, Vec<UnboundedSender<Said>>> {
        self.0.lines.lock().expect("no panic")
    }

    /// Connections so far, and how many of them are open.
    fn connections(&self) -> (usize, usize) {
        let lines = self.lines();
        (lines.len(), lines.iter().filter(|line| !line.is_closed()).count())
    }

    fn says(&self, said: Said) {
        self.lines().last().expect("a connection").send(said).expect("somebody listens");
    }

    fn change(&self, part: Part) {
        let top = if part == Part::Appointments { &self.0.appointments } else { &self.0.conversations };
        top.fetch_add(1, Ordering::SeqCst);
    }

    fn change_and_say(&self, part: Part) {
        self.change(part);
        self.says(Said::Changed(part));
    }

    /// Looks made within this time from now on.
    async fn looks_within(&self, time: Duration) -> usize {
        let before = self.0.looks.load(Ordering::SeqCst);
        sleep(time).await;
        self.0.looks.load(Ordering::SeqCst) - before
    }
}

fn watchers(limits: Limits) -> Watchers {
    Watchers::new(Pace::default(), limits, Stop::default())
}

/// Somebody who listens, when the project has been looked at and its hints are asked for.
async fn listen(watchers: &Watchers, project: &Project, number: u8) -> Listener {
    let mut listener =
        watchers.listen(TenantId::new(), [number; 32], None, || project.look()).expect("there is a place");
    assert!(matches!(listener.next().await, Heard::News(news) if news.what == What::Live));
    sleep(Duration::from_millis(10)).await;
    listener
}

/// The next change that is told, and how long that took.
async fn change(listener: &mut Listener) -> (What, Duration) {
    let began = Instant::now();
    loop {
        match timeout(Duration::from_secs(100), listener.next()).await.expect("something is told") {
            Heard::News(news) if news.what.is_standing() => {}
            Heard::News(news) => return (news.what, began.elapsed()),
            other => panic!("{other:?}"),
        }
    }
}

const AT_ONCE: Duration = Duration::from_millis(100);
const MINUTE: Duration = Duration::from_secs(60);

/// All tables are told of, and a change that was hinted has been found.
async fn prove(project: &Project, listener: &mut Listener) {
    project.says(Said::Listening { whole: true });
    sleep(Duration::from_secs(10)).await;
    project.change_and_say(Part::Messages);
    let (what, took) = change(listener).await;
    assert!(what == What::Conversations && took < AT_ONCE, "{took:?}");
}

#[tokio::test(start_paused = true)]
async fn hints_are_followed_at_once_and_make_looks_rare() {
    let (watchers, project) = (watchers(Limits::default()), Project::default());
    let mut listener = listen(&watchers, &project, 1).await;
    assert_eq!(project.connections(), (1, 1));
    project.says(Said::Listening { whole: true });
    assert_eq!(project.looks_within(AT_ONCE).await, 1, "what came before is missed by nobody");
    let usual = project.looks_within(5 * MINUTE).await;
    prove(&project, &mut listener).await;
    let rare = project.looks_within(5 * MINUTE).await;
    let mut slowest = Duration::ZERO;
    for number in 0..20 {
        sleep(Duration::from_secs(10)).await;
        let part = Part::ALL[number % 3];
        project.change_and_say(part);
        let (what, took) = change(&mut listener).await;
        assert_eq!(what == What::Appointments, part == Part::Appointments);
        slowest = slowest.max(took);
    }
    eprintln!("live: {usual} looks in five minutes as ever, {rare} where hints are good; 20 told within {slowest:?}");
    assert!((60..=90).contains(&usual) && (8..=13).contains(&rare), "{usual} {rare}");
    assert!(slowest < AT_ONCE, "{slowest:?}");
}

#[tokio::test(start_paused = true)]
async fn where_nothing_is_hinted_everything_is_as_ever() {
    let (watchers, project) = (watchers(Limits::default()), Project::default());
    let mut listener = listen(&watchers, &project, 1).await;
    project.says(Said::Listening { whole: true });
    for _ in 0..10 {
        project.change(Part::Messages);
        let (_, took) = change(&mut listener).await;
        assert!(took <= Duration::from_secs(5), "{took:?}");
    }
    assert!((12..=18).contains(&project.looks_within(MINUTE).await));
}

#[tokio::test(start_paused = true)]
async fn a_change_of_which_nothing_was_said_ends_the_trust() {
    let (watchers, project) = (watchers(Limits::default()), Project::default());
    let mut listener = listen(&watchers, &project, 1).await;
    prove(&project, &mut listener).await;
    project.change(Part::Appointments);
    let (what, took) = change(&mut listener).await;
    assert!(what == What::Appointments && took <= Duration::from_secs(36), "{took:?}");
    let after = project.looks_within(MINUTE).await;
    assert!((12..=18).contains(&after), "{after}");
    project.change_and_say(Part::Messages);
    change(&mut listener).await;
    assert!(project.looks_within(MINUTE).await >= 12, "of appointments nothing is proven");
    project.change_and_say(Part::Appointments);
    change(&mut listener).await;
    let proven = project.looks_within(2 * MINUTE).await;
    assert!(proven <= 6, "{proven}");
}

#[tokio::test(start_paused = true)]
async fn a_late_hint_is_one_all_the_same() {
    let (watchers, project) = (watchers(Limits::default()), Project::default());
    let mut listener = listen(&watchers, &project, 1).await;
    prove(&project, &mut listener).await;
    for _ in 0..5 {
        project.change(Part::Messages);
        change(&mut listener).await;
        sleep(Duration::from_secs(3)).await;
        project.says(Said::Changed(Part::Messages));
        let rare = project.looks_within(2 * MINUTE).await;
        assert!(rare <= 7, "{rare}");
    }
}

#[tokio::test(start_paused = true)]
async fn ten_thousand_hints_are_a_few_looks_and_nothing_to_another_tenant() {
    let watchers = watchers(Limits::default());
    let (loud, quiet) = (Project::default(), Project::default());
    let (_of_loud, mut of_quiet) = (listen(&watchers, &loud, 1).await, listen(&watchers, &quiet, 2).await);
    loud.says(Said::Listening { whole: true });
    let flood = tokio::spawn({
        let loud = loud.clone();
        async move {
            for number in 0..10_000 {
                loud.change_and_say(Part::ALL[number % 3]);
                sleep(Duration::from_millis(6)).await;
            }
        }
    });
    let mut slowest = Duration::ZERO;
    for _ in 0..5 {
        quiet.change(Part::Messages);
        slowest = slowest.max(change(&mut of_quiet).await.1);
    }
    flood.await.expect("it ends");
    let looks = loud.0.looks.load(Ordering::SeqCst);
    eprintln!("live: 10,000 hints in a minute are {looks} looks; beside them the slowest of 5 is told in {slowest:?}");
    assert!(looks <= 30 && slowest <= Duration::from_secs(5), "{looks} {slowest:?}");
}

#[tokio::test(start_paused = true)]
async fn a_project_that_fails_is_not_hurried_by_its_hints() {
    let (watchers, project) = (watchers(Limits::default()), Project::default());
    let mut listener = listen(&watchers, &project, 1).await;
    prove(&project, &mut listener).await;
    project.0.fails.store(true, Ordering::SeqCst);
    let hints = tokio::spawn({
        let project = project.clone();
        async move {
            for _ in 0..120 {
                project.change_and_say(Part::Messages);
                sleep(Duration::from_secs(1)).await;
            }
        }
    });
    let looks = project.looks_within(2 * MINUTE).await;
    hints.await.expect("it ends");
    assert!((4..=8).contains(&looks), "{looks}");
    project.0.fails.store(false, Ordering::SeqCst);
    assert_eq!(change(&mut listener).await.0, What::Conversations);
}

#[tokio::test(start_paused = true)]
async fn a_connection_that_breaks_is_made_again_and_one_that_is_refused_much_later() {
    let (watchers, project) = (watchers(Limits::default()), Project::default());
    let mut listener = listen(&watchers, &project, 1).await;
    prove(&project, &mut listener).await;
    sleep(Duration::from_secs(10)).await;
    project.says(Said::Over(Over::Broken));
    assert_eq!(project.looks_within(AT_ONCE).await, 1, "what was not hinted any more is missed by nobody");
    let usual = project.looks_within(MINUTE).await;
    assert!((12..=18).contains(&usual), "{usual}");
    assert_eq!(project.connections(), (2, 1));
    prove(&project, &mut listener).await;
    project.says(Said::Over(Over::Off));
    sleep(8 * MINUTE).await;
    assert_eq!(project.connections(), (2, 0));
    sleep(4 * MINUTE).await;
    assert_eq!(project.connections(), (3, 1));
    for broken in 1..6 {
        project.says(Said::Over(Over::Broken));
        sleep(2 * MINUTE).await;
        assert_eq!(project.connections(), (3 + broken, 1), "after {broken}");
    }
}

#[tokio::test(start_paused = true)]
async fn another_credential_is_another_connection_and_nobody_is_none() {
    let (watchers, project) = (watchers(Limits::default()), Project::default());
    let listener = listen(&watchers, &project, 1).await;
    project.says(Said::Listening { whole: true });
    project.0.by.store(7, Ordering::SeqCst);
    sleep(Duration::from_secs(6)).await;
    assert_eq!(project.connections(), (2, 1));
    project.says(Said::Over(Over::Off));
    project.0.by.store(8, Ordering::SeqCst);
    sleep(Duration::from_secs(6)).await;
    assert_eq!(project.connections(), (3, 1), "the new one is not known to give none");
    drop(listener);
    sleep(Duration::from_secs(6)).await;
    assert_eq!((project.connections(), watchers.open()), ((3, 0), (0, 0)));
}

#[tokio::test(start_paused = true)]
async fn who_finds_no_place_is_looked_at_as_ever_until_there_is_one() {
    let watchers = watchers(Limits { sockets: 1, ..Limits::default() });
    let (first, second) = (Project::default(), Project::default());
    let of_first = listen(&watchers, &first, 1).await;
    let mut of_second = listen(&watchers, &second, 2).await;
    sleep(Duration::from_secs(20)).await;
    assert_eq!((first.connections(), second.connections()), ((1, 1), (0, 0)));
    second.change(Part::Appointments);
    let (what, took) = change(&mut of_second).await;
    assert!(what == What::Appointments && took <= Duration::from_secs(5), "{took:?}");
    drop(of_first);
    sleep(Duration::from_secs(12)).await;
    assert_eq!((first.connections(), second.connections()), ((1, 0), (1, 1)));
}
