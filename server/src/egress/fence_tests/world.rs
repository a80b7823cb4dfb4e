//! A network that is not the machine's: in it every address there is, public or not, is this process, which counts who
//! comes in by which address, speaks TLS under names of its own and answers for all names.
//!
//! A test runs its own binary again inside (`unshare`). Where the system gives nobody a network of their own, tests say so
//! and check what can be checked without one.

use std::{
    net::{Ipv4Addr, Ipv6Addr, SocketAddr},
    path::Path,
    process::Command,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
};

use hickory_resolver::{
    TokioResolver,
    config::{ConnectionConfig, NameServerConfig, ResolverConfig},
    net::runtime::TokioRuntimeProvider,
    proto::{
        op::Message,
        rr::{RData, Record, RecordType, rdata::CNAME},
    },
};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject};
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    net::{TcpListener, UdpSocket},
};
use tokio_rustls::TlsAcceptor;

use super::super::resolver::Names;

/// Set inside: the folder of the certificate.
const INSIDE: &str = "PAINEL_TEST_APART";
/// All of both protocols comes home.
const HOME: &str = "ip link set lo up && ip route add local default dev lo && ip -6 route add local default dev lo \
                    && exec \"$0\" \"$@\"";
/// Ports on which somebody listens inside; TLS on the first.
const PORTS: [u16; 8] = [443, 80, 8000, 8080, 8443, 5432, 54321, 22];

/// Where a test finds itself.
pub enum Place {
    /// In a network of its own.
    Inside,
    /// Outside; it has run inside and succeeded.
    Done,
    /// The system gives nobody a network.
    Nowhere,
}

/// Runs the test of this name again in a network of its own, once.
pub fn apart(test: &str) -> Place {
    if std::env::var_os(INSIDE).is_some() {
        return Place::Inside;
    }
    let unshare = || {
        let mut command = Command::new("unshare");
        command.args(["--user", "--map-root-user", "--net", "sh", "-c", HOME]);
        command
    };
    if !unshare().arg("true").output().is_ok_and(|output| output.status.success()) {
        eprintln!("{test}: no network of its own here (needs unshare, ip and user namespaces): only a part is checked");
        return Place::Nowhere;
    }
    let folder = tempfile::TempDir::new().unwrap();
    certify(folder.path());
    let module = module_path!().rsplit_once("::").unwrap().0.split_once("::").unwrap().1;
    let output = unshare()
        .arg(std::env::current_exe().unwrap())
        .args(["--exact", &format!("{module}::{test}"), "--nocapture"])
        .env(INSIDE, folder.path())
        .env("SSL_CERT_FILE", folder.path().join("certificate.pem"))
        .output()
        .unwrap();
    let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success() && out.contains("1 passed"), "{out}\n{err}");
    eprint!("{err}");
    Place::Done
}

/// A certificate for the names and addresses that tests reach on purpose.
fn certify(folder: &Path) {
    let names = ["*.exemplo.com", "evo.exemplo.com.br", "8.8.8.8", "2606:4700:4700::1111"];
    let made = rcgen::generate_simple_self_signed(names.map(str::to_owned).to_vec()).unwrap();
    std::fs::write(folder.join("certificate.pem"), made.cert.pem()).unwrap();
    std::fs::write(folder.join("key.pem"), made.signing_key.serialize_pem()).unwrap();
}

/// What this process, as the whole Internet, has seen.
#[derive(Default)]
pub struct World {
    /// By which addresses connections came in.
    pub visits: Mutex<Vec<SocketAddr>>,
}

impl World {
    /// Listens on all addresses. Only inside.
    pub async fn listen() -> Arc<Self> {
        let folder = std::env::var_os(INSIDE).expect("only inside");
        let folder = Path::new(&folder);
        let certificate = CertificateDer::from_pem_file(folder.join("certificate.pem")).unwrap();
        let key = PrivateKeyDer::from_pem_file(folder.join("key.pem")).unwrap();
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let config =
            rustls::ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
        let config = config.with_no_client_auth().with_single_cert(vec![certificate], key).unwrap();
        let tls = TlsAcceptor::from(Arc::new(config));
        let world = Arc::new(Self::default());
        for port in PORTS {
            // One socket for both protocols.
            let listener = TcpListener::bind((Ipv6Addr::UNSPECIFIED, port)).await.unwrap();
            tokio::spawn(Arc::clone(&world).serve(listener, (port == 443).then(|| tls.clone())));
        }
        world
    }

    async fn serve(self: Arc<Self>, listener: TcpListener, tls: Option<TlsAcceptor>) {
        while let Ok((stream, _)) = listener.accept().await {
            let to = stream.local_addr().unwrap();
            self.visits.lock().unwrap().push(SocketAddr::new(to.ip().to_canonical(), to.port()));
            let tls = tls.clone();
            tokio::spawn(async move {
                match tls {
                    Some(tls) => {
                        if let Ok(stream) = tls.accept(stream).await {
                            answer(stream).await;
                        }
                    }
                    None => answer(stream).await,
                }
            });
        }
    }

    /// By which addresses connections came in since the last time.
    pub fn take(&self) -> Vec<SocketAddr> {
        std::mem::take(&mut self.visits.lock().unwrap())
    }
}

/// One request, one answer.
async fn answer(mut stream: impl AsyncRead + AsyncWrite + Unpin) {
    let _ = stream.read(&mut [0; 4096]).await;
    let _ = stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\n[]").await;
    let _ = stream.shutdown().await;
}

/// What the name server says of a name: texts are addresses, or another name. Time to live is always 0.
pub type Zone = fn(name: &str, asked_before: usize) -> &'static [&'static str];

/// A name server of our own, and how to ask it.
pub async fn names(zone: Zone) -> Names {
    let socket = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let port = socket.local_addr().unwrap().port();
    tokio::spawn(async move {
        let asked = AtomicUsize::new(0);
        let mut packet = [0; 1500];
        while let Ok((size, from)) = socket.recv_from(&mut packet).await {
            let question = Message::from_vec(&packet[..size]).unwrap();
            let query = question.queries[0].clone();
            // One look-up asks for both kinds of address.
            let before = match query.query_type() {
                RecordType::A => asked.fetch_add(1, Ordering::SeqCst),
                _ => asked.load(Ordering::SeqCst).saturating_sub(1),
            };
            let mut reply = Message::response(question.metadata.id, question.metadata.op_code);
            reply.metadata.recursion_available = true;
            let mut name = query.name().clone();
            reply.add_query(query.clone());
            let text = name.to_ascii().trim_end_matches('.').to_lowercase();
            for word in zone(&text, before) {
                let data = match word.parse::<std::net::IpAddr>() {
                    Ok(address) if address.is_ipv4() == (query.query_type() == RecordType::A) => RData::from(address),
                    Ok(_) => continue,
                    Err(_) => RData::CNAME(CNAME(format!("{word}.").parse().unwrap())),
                };
                let next = if let RData::CNAME(CNAME(other)) = &data { Some(other.clone()) } else { None };
                reply.add_answer(Record::from_rdata(name.clone(), 0, data));
                name = next.unwrap_or(name);
            }
            socket.send_to(&reply.to_vec().unwrap(), from).await.unwrap();
        }
    });
    at(port)
}

/// Asks the name server at this port of the machine.
pub fn at(port: u16) -> Names {
    let mut connection = ConnectionConfig::udp();
    connection.port = port;
    let server = NameServerConfig::new(Ipv4Addr::LOCALHOST.into(), true, vec![connection]);
    let config = ResolverConfig::from_name_servers(vec![server]);
    Names::with(TokioResolver::builder_with_config(config, TokioRuntimeProvider::default())).unwrap()
}
