//! The desktop's side of the Sync button: what is registered is what a browser would run.

use std::fs;
use std::process::Command;

use crate::person::Person;

const LINK: &str = "footbridge://sync?cloud=http%3A%2F%2F127.0.0.1%3A1&tenant=t&drive=d&item=i";

#[tokio::test]
async fn r_d01_the_desktop_opens_our_links_with_a_program_that_asks_first() {
    let person = Person::new();
    let list = person.folder().join("config/mimeapps.list");
    fs::create_dir_all(list.parent().unwrap()).unwrap();
    let theirs = "[Default Applications]\nx-scheme-handler/odopen=other.desktop\ntext/html=fox.desktop\n";
    fs::write(&list, theirs).unwrap();
    let installed = person.run(&["desktop", "install"]).await;
    assert_eq!(installed.code, 0, "{installed:?}");
    assert!(installed.out.contains("no desktop session"), "{installed:?}");
    let defaults = fs::read_to_string(&list).unwrap();
    assert!(defaults.contains("x-scheme-handler/footbridge=footbridge-open.desktop"), "{defaults}");
    assert!(defaults.contains("x-scheme-handler/odopen=other.desktop"), "{defaults}");
    assert!(defaults.contains("text/html=fox.desktop"), "{defaults}");

    // What a desktop would run for a link.
    let entry =
        fs::read_to_string(person.folder().join("data/applications/footbridge-open.desktop")).unwrap();
    assert!(entry.contains("MimeType=x-scheme-handler/footbridge;x-scheme-handler/odopen;"), "{entry}");
    let line = entry.lines().find_map(|line| line.strip_prefix("Exec=")).unwrap();
    let line = line.replace("%u", &format!("'{LINK}'"));
    let ran = Command::new("sh").arg("-c").arg(line).output().unwrap();
    let said = String::from_utf8_lossy(&ran.stderr).into_owned();
    assert_eq!(ran.status.code(), Some(4), "{said}");
    assert!(said.contains("The link leads to http://127.0.0.1:1") && said.contains("--yes"), "{said}");

    // And what the desktop's own tool says, where it is installed.
    let asked = Command::new("xdg-mime")
        .args(["query", "default", "x-scheme-handler/footbridge"])
        .env("XDG_DATA_HOME", person.folder().join("data"))
        .env("XDG_CONFIG_HOME", person.folder().join("config"))
        .env_remove("XDG_CURRENT_DESKTOP")
        .env_remove("DISPLAY")
        .output();
    if let Ok(asked) = asked {
        assert_eq!(String::from_utf8_lossy(&asked.stdout).trim(), "footbridge-open.desktop");
    }

    assert_eq!(person.run(&["desktop", "remove"]).await.code, 0);
    assert_eq!(fs::read_to_string(&list).unwrap(), theirs);
    assert!(!person.folder().join("data/applications/footbridge-open.desktop").exists());
}
