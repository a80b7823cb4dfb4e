//! The mailer against a small SMTP server on a socket.

use super::{Duration, MailConfig, MailError, Mailer};
use crate::mail::{Invitation, Letter};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use std::{sync::Arc, time::Instant};
use tokio::{
    io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader},
    net::{TcpListener, TcpStream},
    sync::Mutex,
};

const LINK: &str = "https://painel.example.com/invite/AbC-123_x-and-so-on-until-it-is-longer-than-one-line-of-mail";

/// How the server behaves.
#[derive(Clone, Copy, PartialEq)]
enum Manner {
    Friendly,
    /// Never says anything.
    Silent,
    /// Hangs up after the greeting.
    HangsUp,
    /// Answers this command with this line.
    Refuses(&'static str, &'static str),
}

/// Speaks SMTP on a free port; gathers what clients say, line by line.
async fn server(manner: Manner) -> (u16, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let said = Arc::new(Mutex::new(vec![]));
    let log = Arc::clone(&said);
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(converse(stream, manner, Arc::clone(&log)));
        }
    });
    (port, said)
}

async fn converse(stream: TcpStream, manner: Manner, said: Arc<Mutex<Vec<String>>>) {
    let (read, mut write) = stream.into_split();
    let mut lines = BufReader::new(read).lines();
    if manner == Manner::Silent {
        let _ = lines.next_line().await;
        return;
    }
    let _ = write.write_all(b"220 mail.example.com ESMTP\r\n").await;
    if manner == Manner::HangsUp {
        return;
    }
    let mut in_data = false;
    while let Ok(Some(line)) = lines.next_line().await {
        said.lock().await.push(line.clone());
        if in_data && line != "." {
            continue;
        }
        let command = line.split([' ', ':']).next().unwrap_or_default().to_uppercase();
        let answer = match command.as_str() {
            _ if in_data => {
                in_data = false;
                "250 taken"
            }
            command if matches!(manner, Manner::Refuses(refused, _) if refused == command) => {
                let Manner::Refuses(_, answer) = manner else { return };
                answer
            }
            "EHLO" => "250-mail.example.com\r\n250-8BITMIME\r\n250 AUTH PLAIN",
            "AUTH" => "235 welcome",
            "DATA" => {
                in_data = true;
                "354 go on"
            }
            "QUIT" => "221 bye",
            _ => "250 ok",
        };
        if write.write_all(format!("{answer}\r\n").as_bytes()).await.is_err() {
            return;
        }
    }
}

fn mailer(port: u16, login: &str, tls: &str, deadline: Duration) -> Mailer {
    let url = format!("smtp://{login}127.0.0.1:{port}?tls={tls}");
    let config = MailConfig::parse(&url, "Painel <painel@example.com>").unwrap();
    Mailer::with_deadline(Some(&config), deadline).unwrap()
}

fn letter() -> Letter {
    let invitation =
        Invitation { place: "Clínica Aurora", invited_by: "João Prado", link: LINK, expires: "12/03/2025 às 14:00" };
    Letter::invitation(app::lang::Lang::Pt, "maria.souza@clinica-aurora.com.br", &invitation).unwrap()
}

async fn outcome(manner: Manner) -> Result<(), MailError> {
    let (port, _) = server(manner).await;
    // Only silence is waited for to the end.
    let deadline = if manner == Manner::Silent { Duration::from_millis(500) } else { Duration::from_secs(30) };
    mailer(port, "", "none", deadline).send(letter()).await
}

/// The text of the letter, whichever way it was encoded for the way.
fn body(said: &[String]) -> String {
    let start = said.iter().position(String::is_empty).unwrap() + 1;
    let end = said.iter().position(|line| line == ".").unwrap();
    let headers = said[..start].join("\n").to_lowercase();
    let text = said[start..end].join("\n");
    if headers.contains("base64") {
        return String::from_utf8(STANDARD.decode(text.replace('\n', "")).unwrap()).unwrap();
    }
    assert!(headers.contains("quoted-printable"), "{headers}");
    let joined = text.replace("=\n", "");
    let mut bytes = vec![];
    let mut rest = joined.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        if first == b'=' {
            bytes.push(u8::from_str_radix(std::str::from_utf8(&after[..2]).unwrap(), 16).unwrap());
            rest = &after[2..];
        } else {
            bytes.push(first);
            rest = after;
        }
    }
    String::from_utf8(bytes).unwrap()
}

#[tokio::test]
async fn hands_the_letter_over_as_it_was_written() {
    let (port, said) = server(Manner::Friendly).await;
    let mailer = mailer(port, "ana:hunter2@", "none", Duration::from_secs(5));
    assert!(mailer.is_on());
    let expected = letter().body.trim_end().to_owned();
    assert_eq!(mailer.send(letter()).await, Ok(()));
    let said = said.lock().await.clone();
    let has = |start: &str| said.iter().any(|line| line.starts_with(start));
    assert!(has("EHLO example.com"));
    assert!(has(&format!("AUTH PLAIN {}", STANDARD.encode("\0ana\0hunter2"))), "{said:#?}");
    assert!(has("MAIL FROM:<painel@example.com>") && has("RCPT TO:<maria.souza@clinica-aurora.com.br>"));
    assert!(has("From: Painel <painel@example.com>") && has("To: maria.souza@clinica-aurora.com.br"));
    assert!(has("Content-Type: text/plain; charset=utf-8") && has("Subject: ") && has("Date: "));
    assert!(said.iter().any(|line| line.starts_with("Message-ID: <") && line.ends_with("@example.com>")));
    assert_eq!(body(&said).replace('\r', "").trim_end(), expected);
    assert!(said.iter().all(|line| line.len() < 998 && line.is_ascii()));
}

#[tokio::test]
async fn says_why_it_could_not() {
    assert_eq!(Mailer::from_config(None).unwrap().send(letter()).await, Err(MailError::Off));
    assert_eq!(outcome(Manner::HangsUp).await, Err(MailError::Unreachable));
    for (command, answer, status) in [
        ("RCPT", "550 nobody maria.souza@clinica-aurora.com.br", 550),
        ("MAIL", "451 later", 451),
        ("DATA", "554 no", 554),
    ] {
        let error = outcome(Manner::Refuses(command, answer)).await.unwrap_err();
        assert_eq!(error, MailError::Refused { status });
        assert!(!error.to_string().contains("maria"));
    }
    let closed = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap().port();
    let nobody = mailer(closed, "", "none", Duration::from_secs(5)).send(letter()).await;
    assert_eq!(nobody, Err(MailError::Unreachable));
}

#[tokio::test]
async fn waits_no_longer_than_the_deadline() {
    let start = Instant::now();
    assert_eq!(outcome(Manner::Silent).await, Err(MailError::Deadline));
    assert!(start.elapsed() < Duration::from_secs(3), "{:?}", start.elapsed());
    assert_eq!(super::DEADLINE, Duration::from_secs(10));
}

/// A server, or somebody on the way, that does not offer TLS gets neither the password nor the letter.
#[tokio::test]
async fn without_the_demanded_tls_nothing_is_said() {
    let (port, said) = server(Manner::Friendly).await;
    let outcome = mailer(port, "ana:hunter2@", "required", Duration::from_secs(5)).send(letter()).await;
    assert_eq!(outcome, Err(MailError::Unsuitable));
    let said = said.lock().await.join("\n");
    assert!(!said.contains("AUTH") && !said.contains("MAIL") && !said.contains("DATA"), "{said}");
}

/// What answers with anything but TLS is not given the letter over TLS.
#[tokio::test]
async fn a_server_without_tls_is_not_taken_for_one_with() {
    let (port, said) = server(Manner::Friendly).await;
    let url = format!("smtps://ana:hunter2@127.0.0.1:{port}");
    let config = MailConfig::parse(&url, "painel@example.com").unwrap();
    let outcome = Mailer::with_deadline(Some(&config), Duration::from_secs(5)).unwrap().send(letter()).await;
    assert!(matches!(outcome, Err(MailError::Tls | MailError::Unreachable)), "{outcome:?}");
    assert!(!said.lock().await.iter().any(|line| line.contains("AUTH") || line.contains("MAIL")));
}

#[test]
fn prints_nothing_of_the_server() {
    let mailer = mailer(1, "ana:hunter2@", "none", Duration::from_secs(1));
    assert_eq!(format!("{mailer:?}"), "Mailer(\"on\")");
    assert_eq!(format!("{:?}", Mailer::default()), "Mailer(\"off\")");
}
