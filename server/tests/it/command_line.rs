//! The command line as a script uses it, on the real binary.

use crate::harness::{PASSWORD, project};
use std::{
    io::Write,
    path::Path,
    process::{Command, Output, Stdio},
};
use tempfile::TempDir;

pub struct Installation(TempDir);

impl Installation {
    pub fn new() -> Self {
        Self(TempDir::new().expect("a temporary folder"))
    }

    pub fn path(&self) -> &Path {
        self.0.path()
    }

    pub fn run(&self, arguments: &[&str], input: &str) -> Output {
        self.run_with(arguments, input, &[])
    }

    pub fn run_with(&self, arguments: &[&str], input: &str, environment: &[(&str, &str)]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_painel"));
        command
            .args(arguments)
            .current_dir(self.path())
            .env_clear()
            .env("PAINEL_EGRESS_ALLOW", project(0, "origin"))
            .envs(environment.iter().copied())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = command.spawn().expect("the binary starts");
        // A command that refuses at once may close its input before it is written.
        let _ = child.stdin.take().expect("a pipe").write_all(input.as_bytes());
        child.wait_with_output().expect("the binary ends")
    }
}

pub fn code(output: &Output) -> i32 {
    output.status.code().expect("an exit code")
}

fn output(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

pub fn error(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn three_commands_set_up_a_tenant() {
    let house = Installation::new();
    assert_eq!(code(&house.run(&["keygen"], "")), 0);
    let tenant = ["tenant", "create", "--slug", "sol", "--name", "Clínica Sol", "--timezone", "America/Recife"];
    assert_eq!(code(&house.run(&tenant, "")), 0);
    let user =
        ["user", "create", "--email", "ana@sol.example", "--password-stdin", "--tenant", "sol", "--role", "admin"];
    let made = house.run(&user, &format!("{PASSWORD}\n"));
    assert_eq!((code(&made), output(&made).as_str()), (0, "user ana@sol.example created, admin of sol\n"));
    let credential = ["credential", "set", "--tenant", "sol", "--provider", "supabase", "--stdin"];
    let fields =
        serde_json::json!({"project_url": project(0, "url"), "api_key": project(0, "publishable_key")}).to_string();
    let done = house.run(&credential, &fields);
    assert_eq!(code(&done), 0, "{}", error(&done));
    assert_eq!(code(&house.run(&credential, &fields)), 0, "setting again replaces");
    let list = house.run(&["tenant", "list"], "");
    assert_eq!(String::from_utf8_lossy(&list.stdout), "sol\tactive\tClínica Sol\tAmerica/Recife\n");

    for (arguments, input, part) in [
        (&tenant[..], "", "slug"),
        (&user[..], PASSWORD, "is a member of this tenant already"),
        (
            &["user", "create", "--email", "b@sol.example", "--password-stdin", "--tenant", "lua", "--role", "admin"],
            PASSWORD,
            "lua",
        ),
        (
            &["user", "create", "--email", "b@sol.example", "--password-stdin", "--tenant", "sol", "--role", "admin"],
            "curta",
            "15",
        ),
        (&credential[..], "[]", "JSON object"),
        (&credential[..], "{\"project_url\":\"https://example.com\"}", "nothing was saved"),
        (&["tenant", "suspend", "lua"], "", "lua"),
    ] {
        let refused = house.run(arguments, input);
        assert_eq!(code(&refused), 1, "{arguments:?}: {}", error(&refused));
        assert!(error(&refused).contains(part), "{arguments:?} says {part:?}: {}", error(&refused));
    }
    let more = ["tenant", "create", "--slug", "lago", "--name", "Clínica Lago"];
    assert_eq!(code(&house.run(&more, "")), 0);
    let again = ["user", "create", "--email", "ana@sol.example", "--tenant", "lago", "--role", "viewer"];
    let done = house.run(&again, "");
    assert_eq!(code(&done), 0, "who exists gets a place in a further tenant, by no new password: {}", error(&done));
    assert_eq!(output(&done), "user ana@sol.example existed already, now viewer of lago\n");
    let staff = ["user", "create", "--email", "ana@sol.example", "--agency", "support", "--password-stdin"];
    let done = house.run(&staff, "outra-senha-comprida-2026\n");
    let said = "user ana@sol.example existed already and keeps their password, now support of the agency\n";
    assert_eq!(output(&done), said);
    assert_eq!(code(&house.run(&again, "")), 1, "and only once");
    for arguments in [
        &["frobnicate"][..],
        &["tenant", "create"],
        &["tenant", "create", "--slug", "A B", "--name", "x"],
        &["user", "create", "--email", "x"],
    ] {
        assert_eq!(code(&house.run(arguments, "")), 2, "{arguments:?} is a usage error");
    }
}

#[test]
fn every_command_has_help() {
    let house = Installation::new();
    for arguments in [
        &[][..],
        &["serve"],
        &["keygen"],
        &["migrate"],
        &["tenant"],
        &["tenant", "create"],
        &["user"],
        &["user", "create"],
        &["credential", "set"],
        &["import"],
        &["backup"],
        &["restore"],
    ] {
        let help = house.run(&[arguments, &["--help"]].concat(), "");
        assert_eq!(code(&help), 0, "{arguments:?}");
        assert!(String::from_utf8_lossy(&help.stdout).contains("Usage:"));
    }
}

#[test]
fn it_refuses_to_start_without_the_right_key_ring() {
    use std::os::unix::fs::PermissionsExt;
    let house = Installation::new();
    let ring = house.path().join("data/keyring.json");
    let refused = |part: &str| {
        for arguments in [&["serve"][..], &["tenant", "create", "--slug", "a", "--name", "A"]] {
            let output = house.run(arguments, "");
            assert_eq!(code(&output), 78, "{arguments:?}: {}", error(&output));
            let text = error(&output);
            assert!(text.contains(part), "says {part:?}: {text}");
            assert_eq!(text.trim().lines().count(), 1, "one line: {text}");
        }
    };
    refused("painel keygen");
    assert!(!house.path().join("data/painel.db").exists(), "nothing was written");
    assert_eq!(code(&house.run(&["keygen"], "")), 0);
    assert_eq!(std::fs::metadata(&ring).unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(code(&house.run(&["keygen"], "")), 1, "a ring is never overwritten");
    assert_eq!(code(&house.run(&["tenant", "create", "--slug", "um", "--name", "Um"], "")), 0);

    let right = std::fs::read_to_string(&ring).unwrap();
    std::fs::set_permissions(&ring, std::fs::Permissions::from_mode(0o644)).unwrap();
    refused("chmod 600");
    std::fs::set_permissions(&ring, std::fs::Permissions::from_mode(0o600)).unwrap();

    assert_eq!(code(&house.run(&["keygen", "--out", "other.json"], "")), 0);
    let other = std::fs::read_to_string(house.path().join("other.json")).unwrap();
    let short = right.replace("k1\": \"", "k1\": \"QUJD");
    for (content, part) in [
        (other.as_str(), "not the one"),
        ("", "cannot be used"),
        ("{}", "cannot be used"),
        ("{\"active\":\"k1\",\"keys\":{\"k1\":\"!!\"}}", "cannot be used"),
        (short.as_str(), "cannot be used"),
        ("{\"active\":\"k2\",\"keys\":{\"k1\":\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\"}}", "cannot be used"),
    ] {
        std::fs::write(&ring, content).unwrap();
        refused(part);
    }
    std::fs::write(&ring, right).unwrap();
    assert_eq!(
        code(&house.run(&["tenant", "create", "--slug", "dois", "--name", "Dois"], "")),
        0,
        "and it works again"
    );
}

#[test]
fn odd_settings_are_named() {
    let house = Installation::new();
    assert_eq!(code(&house.run(&["keygen"], "")), 0);
    for (name, value) in [
        ("LEPTOS_SITE_ADDR", "here"),
        ("PAINEL_BASE_URL", "painel.example.com"),
        ("PAINEL_EGRESS_ALLOW", "not a port"),
        ("PAINEL_DATABASE_URL", "mysql://localhost/x"),
    ] {
        let output = house.run_with(&["serve"], "", &[(name, value)]);
        assert_eq!(code(&output), 78, "{name}: {}", error(&output));
        assert!(error(&output).trim().lines().count() == 1, "{}", error(&output));
    }
}
