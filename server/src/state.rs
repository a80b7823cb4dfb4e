//! What every request shares: one of each, made at start.

use crate::{
    auth::{KeyedLimit, PasswordGate, SourceLimit, Turns},
    config::Config,
    egress::{AddressPolicy, Egress},
    listen::Stop,
    live::{Limits, Watchers},
    mail::Mailer,
    overview::Shelf,
    project::{AllowedSums, KeptAnswers},
    providers::{AddressRules, Bases, google::TokenCache},
    startup::{self, Opened, Refusal},
    store::{Isolation, MachineTokenId, Store, TenantId},
    vault::{AgencyKey, LiveRing},
    web::{health::LastWrite, source::TrustedProxies},
};
use app::{backend::StatusWait, overview::Overview};
use std::{num::NonZeroU32, path::Path, sync::Arc};
use tokio::sync::Notify;
use tokio_util::task::TaskTracker;
use url::Url;

/// Connection tests a minute: each makes a handful of calls to a foreign host.
const TESTS: NonZeroU32 = NonZeroU32::new(10).expect("not zero");
/// Credentials a minute that one machine token reads.
const MACHINE_READS: NonZeroU32 = NonZeroU32::new(60).expect("not zero");

/// The parts of a running server. Cheap to clone.
#[derive(Clone)]
pub struct State {
    /// The database.
    pub store: Store,
    /// How tenants are kept apart in it.
    pub isolation: Isolation,
    /// The keys that wrap the tenants' keys; replaced when the ring's file changes.
    pub ring: Arc<LiveRing>,
    /// The ring's file.
    pub ring_file: Arc<Path>,
    /// Told when the file may have changed: it is looked at then.
    pub ring_asked: Arc<Notify>,
    /// The agency's own key.
    pub agency: Arc<AgencyKey>,
    /// What hides the addresses of accounts in the locks' rows, and whose they are in the limits'.
    pub lock_key: [u8; 32],
    /// What marks a device as known.
    pub device_key: [u8; 32],
    /// The one place where passwords are hashed.
    pub gate: PasswordGate,
    /// One try at a time for an account, in this process. Here and in the limits below: `tries` asks the others as well.
    pub turns: Turns,
    /// Wrong passwords a minute of one source.
    pub sources: Arc<SourceLimit>,
    /// Wrong passwords a minute of one tenant's people.
    pub tenants: Arc<KeyedLimit<TenantId>>,
    /// Which proxies may say where a request comes from.
    pub proxies: TrustedProxies,
    /// Letters to users.
    pub mailer: Mailer,
    /// Where browsers reach this installation.
    pub base_url: Url,
    /// The one way out to foreign hosts.
    pub egress: Egress,
    /// What tenants' projects said last.
    pub kept_answers: KeptAnswers,
    /// Finished overviews of the last minute.
    pub shelf: Shelf<Overview>,
    /// Which projects sum up when they are asked to.
    pub sums: AllowedSums,
    /// Where the providers with one address for everybody are.
    pub bases: Bases,
    /// Google's access tokens.
    pub google: TokenCache,
    /// Connection tests a minute of one tenant.
    pub tests: Arc<KeyedLimit<TenantId>>,
    /// Reads a minute of one machine token.
    pub machine_reads: Arc<KeyedLimit<MachineTokenId>>,
    /// Wrong machine tokens a minute of one source.
    pub machine_guesses: Arc<SourceLimit>,
    /// Which addresses a tenant may enter.
    pub rules: Arc<AddressRules>,
    /// When the database last took a write that was a mere try.
    pub last_write: Arc<LastWrite>,
    /// Who listens to what is new, and who watches for it.
    pub live: Watchers,
    /// How long a page about one thing waits for its status.
    pub status_wait: StatusWait,
    /// Whether a developer's `cargo leptos watch` runs this process.
    pub watched: bool,
    /// Whether this process was asked to end.
    pub stop: Stop,
    /// What goes on when the request that began it is answered: letters, rows of the trail. An orderly end waits for it.
    pub tasks: TaskTracker,
}

impl State {
    /// Opens everything, after checking that it fits together.
    ///
    /// # Errors
    /// A [`Refusal`] that says what to do.
    pub async fn open(config: &Config) -> Result<Self, Refusal> {
        let policy =
            AddressPolicy::parse_allow(&config.egress_allow).map_err(|error| Refusal::Egress(error.to_string()))?;
        let rules = AddressRules::new(config.egress_allow.split(','));
        let egress = Egress::new(policy).map_err(|error| Refusal::Egress(error.to_string()))?;
        let gate = PasswordGate::new().map_err(|error| Refusal::Passwords(error.to_string()))?;
        let mailer = Mailer::from_config(config.mail.as_ref()).map_err(Refusal::Mail)?;
        let stop = Stop::default();
        let Opened { store, ring, agency, root, isolation } = startup::open(config).await?;
        let live = Watchers::sharing(&store, config.live, Limits::default(), stop.clone());
        Ok(Self {
            store,
            isolation,
            ring: Arc::new(LiveRing::new(ring)),
            ring_file: config.keyring.as_path().into(),
            ring_asked: Arc::default(),
            agency: Arc::new(agency),
            lock_key: root.derive("painel/locks"),
            device_key: root.derive("painel/devices"),
            gate,
            turns: Turns::default(),
            sources: Arc::new(SourceLimit::new()),
            tenants: Arc::new(KeyedLimit::per_tenant()),
            proxies: config.trusted_proxies.clone(),
            mailer,
            base_url: config.base_url.clone(),
            egress,
            kept_answers: KeptAnswers::default(),
            shelf: Shelf::default(),
            sums: AllowedSums::default(),
            bases: config.bases.clone(),
            google: TokenCache::default(),
            tests: Arc::new(KeyedLimit::per_minute(TESTS)),
            machine_reads: Arc::new(KeyedLimit::per_minute(MACHINE_READS)),
            machine_guesses: Arc::new(SourceLimit::new()),
            rules: Arc::new(rules),
            last_write: Arc::default(),
            live,
            status_wait: config.status_wait,
            watched: config.watched,
            stop,
            tasks: TaskTracker::new(),
        })
    }

    /// Whether browsers come over https.
    pub fn secure(&self) -> bool {
        self.base_url.scheme() == "https"
    }
}
