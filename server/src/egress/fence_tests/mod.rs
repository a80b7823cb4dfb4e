//! The fence as a whole: what may not be opened is not opened, whatever it is called and whatever name servers say, and
//! what may be opened still is.

mod forms;
mod registry;
pub(super) mod world;

use http::{HeaderMap, Method, StatusCode};
use reqwest::dns::Resolve as _;
use url::Url;
use uuid::Uuid;

use self::world::{Place, World};
use super::{
    AddressPolicy, EgressError, Incoming, Opened, Outgoing, Refused,
    client::Egress,
    resolver::{NoAddress, PublicOnly},
};

/// A call in a lane of its own, so that no breaker stands between it and the fence.
async fn call(egress: &Egress, method: Method, text: &str) -> Result<Incoming, EgressError> {
    // What is no address at all cannot even be asked for.
    let url = Url::parse(text).map_err(|_| EgressError::AddressRefused)?;
    let outgoing = Outgoing { method, url, headers: HeaderMap::new(), body: None, deadline: None };
    egress.send(Uuid::new_v4(), outgoing).await
}

/// The same for a socket.
async fn open(egress: &Egress, text: &str) -> Result<Opened, EgressError> {
    let url = Url::parse(text).map_err(|_| EgressError::AddressRefused)?;
    egress.open(Uuid::new_v4(), url).await
}

#[tokio::test]
async fn all_222_forms_are_refused_and_nobody_is_connected_to() {
    let inside = match world::apart("all_222_forms_are_refused_and_nobody_is_connected_to") {
        Place::Done => return,
        Place::Inside => Some(World::listen().await),
        Place::Nowhere => None,
    };
    let egress = Egress::with(AddressPolicy::public_only(), world::names(forms::zone).await).unwrap();
    let all = forms::all();
    let mut refused = 0;
    for form in &all {
        match call(&egress, Method::GET, form).await {
            Err(EgressError::AddressRefused) => refused += 1,
            other => eprintln!("fence: {form} was not refused: {other:?}"),
        }
    }
    let mut shut = 0;
    for form in &all {
        shut += usize::from(open(&egress, form).await.err() == Some(EgressError::AddressRefused));
    }
    eprintln!("fence: {refused} of {} forms refused, {shut} for sockets", all.len());
    assert_eq!((refused, shut, all.len()), (222, 222, 222));
    if let Some(world) = inside {
        let visits = world.take();
        eprintln!("fence: {} connections came in by any of them", visits.len());
        assert!(visits.is_empty(), "{visits:?}");
        // That nobody came proves something only if somebody can come.
        assert!(call(&egress, Method::GET, "https://8.8.8.8/").await.is_ok());
        assert_eq!(world.take().len(), 1);
        tokio::net::TcpStream::connect(("10.0.0.5", 443)).await.unwrap();
        tokio::net::TcpStream::connect(("fd00:ec2::254", 443)).await.unwrap();
        tokio::task::yield_now().await;
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        assert_eq!(world.take().len(), 2);
    }
}

#[tokio::test]
async fn what_may_be_opened_is_opened() {
    let world = match world::apart("what_may_be_opened_is_opened") {
        Place::Done | Place::Nowhere => return,
        Place::Inside => World::listen().await,
    };
    let policy = AddressPolicy::parse_allow("127.0.0.1:8000,supabase.local:8000").unwrap();
    let egress = Egress::with(policy, world::names(forms::zone).await).unwrap();
    let mut opened = 0;
    let all = [
        ("https://n8n.exemplo.com/", "93.184.215.14:443"),
        ("https://N8N.exemplo.com:443/webhook/x", "93.184.215.14:443"),
        ("https://alias.exemplo.com/", "93.184.215.14:443"),
        ("https://evo.exemplo.com.br/", "[2606:2800:21f:cb07::1]:443"),
        ("https://both.exemplo.com/", ""),
        ("https://a\u{e7}\u{e3}o.exemplo.com/", ""),
        ("https://8.8.8.8/", "8.8.8.8:443"),
        ("https://[2606:4700:4700::1111]/", "[2606:4700:4700::1111]:443"),
        ("http://127.0.0.1:8000/", "127.0.0.1:8000"),
        ("http://supabase.local:8000/rest/v1/", "10.0.0.7:8000"),
    ];
    for (text, by) in all {
        let answer = call(&egress, Method::GET, text).await;
        let visits = world.take();
        assert!(answer.is_ok_and(|answer| answer.status == StatusCode::OK), "{text}");
        assert!(visits.len() == 1 && (by.is_empty() || visits[0].to_string() == by), "{text}: {visits:?}");
        opened += 1;
    }
    eprintln!("fence: {opened} of {} that may be opened are opened", all.len());
}

/// Public and loopback in turns, as a name server does that waits for the moment after the check.
fn flipping(name: &str, asked_before: usize) -> &'static [&'static str] {
    match (name, asked_before % 2) {
        ("flips.exemplo.com", 0) => &["93.184.215.14"],
        ("flips.exemplo.com", _) => &["127.0.0.1"],
        _ => &[],
    }
}

#[tokio::test]
async fn a_name_that_changes_its_mind_gets_nowhere() {
    const FLIPS: usize = 200;
    let place = world::apart("a_name_that_changes_its_mind_gets_nowhere");
    let names = world::names(flipping).await;
    let (mut public, mut refused) = (0, 0);
    match place {
        Place::Done => return,
        Place::Inside => {
            let world = World::listen().await;
            let egress = Egress::with(AddressPolicy::public_only(), names).unwrap();
            for _ in 0..FLIPS {
                match call(&egress, Method::POST, "https://flips.exemplo.com/").await {
                    Ok(_) => public += 1,
                    Err(EgressError::AddressRefused) => refused += 1,
                    Err(other) => panic!("{other}"),
                }
            }
            let visits = world.take();
            let inside = visits.iter().filter(|to| to.ip().is_loopback()).count();
            eprintln!("fence: {inside} connections inside in {FLIPS} flips, {} outside", visits.len());
            assert_eq!((inside, visits.len()), (0, public));
        }
        Place::Nowhere => {
            let resolver = PublicOnly(names);
            for _ in 0..FLIPS {
                match resolver.resolve("flips.exemplo.com".parse().unwrap()).await {
                    Ok(found) => {
                        assert_eq!(found.map(|at| at.ip().to_string()).collect::<Vec<_>>(), ["93.184.215.14"]);
                        public += 1;
                    }
                    Err(error) => {
                        assert_eq!(error.downcast_ref(), Some(&Refused::Address));
                        refused += 1;
                    }
                }
            }
        }
    }
    eprintln!("fence: {} of {FLIPS} flips held: {public} public, {refused} refused", public + refused);
    // Half of each, but for a question that a busy machine asked twice.
    assert_eq!(public + refused, FLIPS);
    assert!(public >= FLIPS / 4 && refused >= FLIPS / 4, "{public} {refused}");
}

#[tokio::test]
async fn a_name_server_that_knows_nothing_or_says_nothing_is_not_waited_for() {
    let egress = Egress::with(AddressPolicy::public_only(), world::names(forms::zone).await).unwrap();
    let nothing = call(&egress, Method::POST, "https://unknown.exemplo.com/").await.unwrap_err();
    assert_eq!(nothing, EgressError::Name);
    let silent = tokio::net::UdpSocket::bind("127.0.0.1:0").await.unwrap();
    let names = world::at(silent.local_addr().unwrap().port());
    let began = std::time::Instant::now();
    let error = PublicOnly(names).resolve("unknown.exemplo.com".parse().unwrap()).await.err().unwrap();
    assert!(error.downcast_ref::<NoAddress>().is_some(), "{error}");
    assert!(began.elapsed() < std::time::Duration::from_millis(4_500), "{:?}", began.elapsed());
}
