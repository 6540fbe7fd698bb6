//! `guidepost serve`: real edits, read over real HTTP from the real program.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Stdio};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use crate::support::{Project, assert_contains, assert_lacks, project};

const SITE: &str = "
-- guidepost.toml --
title = \"Acme Video\"
-- content/index.md --
# Home
-- content/billing/_index.md --
# Billing
-- content/billing/refunds.md --
# Refunds

Money comes back.
-- content/billing/plans.md --
# Plans

See [refunds](refunds.md).
";

/// A preview that ends with the test.
struct Preview {
    child: Child,
    port: u16,
    base: String,
    said: Arc<Mutex<String>>,
}

impl Drop for Preview {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

struct Response {
    status: u16,
    head: String,
    body: String,
}

/// How often to look for what is expected, and the pause between two looks.
const LOOKS: usize = 4000;
const PAUSE: Duration = Duration::from_millis(5);

/// Starts the preview of a site and waits until it can be looked at.
#[track_caller]
fn serve(site: &Project, flags: &[&str]) -> Preview {
    let mut words = vec!["serve"];
    if !flags.contains(&"--port") {
        words.extend(["--port", "0"]);
    }
    words.extend(flags);
    let mut command = site.command(&words);
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().expect("the program starts");
    let said = Arc::new(Mutex::new(String::new()));
    let stderr = child.stderr.take().expect("standard error is a pipe");
    let heard = Arc::clone(&said);
    std::thread::spawn(move || {
        for line in BufReader::new(stderr).lines().map_while(Result::ok) {
            heard.lock().expect("no thread panics while it listens").push_str(&format!("{line}\n"));
        }
    });
    let mut preview = Preview { child, port: 0, base: String::new(), said };
    let url = preview.wait_for_words("Preview at http://");
    let address = url.split_once("Preview at http://").expect("the line has been waited for").1;
    let address = address.split_whitespace().next().expect("an address follows the words");
    let (host, base) = address.split_once('/').expect("the address ends with a slash");
    let port = host.rsplit_once(':').expect("the address names a port").1;
    preview.port = port.parse().expect("a port is a number");
    preview.base = format!("/{base}");
    preview
}

impl Preview {
    fn said(&self) -> String {
        self.said.lock().expect("no thread panics while it listens").clone()
    }

    #[track_caller]
    fn wait_for_words(&self, words: &str) -> String {
        wait(&format!("the terminal says `{words}`"), || self.said(), |said| said.contains(words))
    }

    fn get(&self, path: &str) -> Response {
        self.ask("GET", path, &format!("127.0.0.1:{}", self.port), "")
    }

    fn ask(&self, method: &str, path: &str, host: &str, headers: &str) -> Response {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).expect("the preview listens");
        write!(stream, "{method} {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n{headers}\r\n")
            .expect("the request is sent");
        let mut bytes = Vec::new();
        stream.read_to_end(&mut bytes).expect("the preview answers");
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let (head, body) = text.split_once("\r\n\r\n").expect("an answer has a head");
        let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).expect("an answer has a status");
        Response { status, head: head.to_lowercase(), body: body.to_owned() }
    }

    /// Waits until a page holds `part`.
    #[track_caller]
    fn shows(&self, path: &str, part: &str) -> String {
        wait(&format!("`{path}` shows `{part}`"), || self.get(path).body, |body| body.contains(part))
    }

    #[track_caller]
    fn lacks(&self, path: &str, part: &str) {
        wait(&format!("`{path}` shows no `{part}`"), || self.get(path).body, |body| !body.contains(part));
    }

    /// What an open page has to know.
    fn status(&self, path: &str) -> serde_json::Value {
        serde_json::from_str(&self.get(&format!("/_guidepost/page?path={path}")).body).expect("a status is JSON")
    }
}

#[track_caller]
fn wait(expected: &str, mut look: impl FnMut() -> String, is_enough: impl Fn(&str) -> bool) -> String {
    let mut text = String::new();
    for _ in 0..LOOKS {
        text = look();
        if is_enough(&text) {
            return text;
        }
        std::thread::sleep(PAUSE);
    }
    panic!("{expected}: not after {LOOKS} looks; at last:\n{text}");
}

#[test]
fn saved_pages_are_shown() {
    let site = project(SITE);
    let preview = serve(&site, &[]);
    assert_contains(&preview.get("/billing/refunds/").body, "Money comes back.");
    site.edit("content/billing/refunds.md", "# Refunds\n\nMoney flows back.\n");
    preview.shows("/billing/refunds/", "Money flows back.");
    assert!(!site.has("public"), "the preview wrote something");
}

#[test]
fn a_new_title_is_seen_on_other_pages() {
    let site = project(SITE);
    let preview = serve(&site, &[]);
    site.edit("content/billing/refunds.md", "# Getting money back\n\nText.\n");
    preview.shows("/billing/plans/", "Getting money back");
    preview.shows("/billing/", "Getting money back");
}

#[test]
fn pages_come_move_and_go() {
    let site = project(SITE);
    let preview = serve(&site, &[]);
    site.edit("content/player/sound.md", "# Sound\n\nTurn it up.\n");
    preview.shows("/player/sound/", "Turn it up.");
    preview.shows("/", "Player");
    site.rename("content/player/sound.md", "content/player/volume.md");
    preview.shows("/player/volume/", "Turn it up.");
    wait(
        "it is told where the page went",
        || preview.status("/player/sound/").to_string(),
        |status| status.contains("\"moved\":\"/player/volume/\"") && status.contains("\"status\":404"),
    );
    site.remove("content/player");
    wait("the page is gone", || preview.get("/player/volume/").status.to_string(), |status| status == "404");
    assert_eq!(preview.status("/player/volume/")["parent"], "/");
    preview.lacks("/", "Player");
}

#[test]
fn editors_may_save_as_they_like() {
    let site = project(SITE);
    let preview = serve(&site, &[]);
    let path = "content/billing/refunds.md";
    // Vim and many others: a new file takes the place of the old.
    site.edit("content/billing/.refunds.md.swp", "# Refunds\n\nSaved by renaming.\n");
    site.rename("content/billing/.refunds.md.swp", path);
    preview.shows("/billing/refunds/", "Saved by renaming.");
    // Others empty the file first, and take their time. It is never seen empty.
    std::fs::write(site.path(path), "").expect("the page can be emptied");
    std::thread::sleep(Duration::from_millis(30));
    assert_contains(&preview.get("/billing/refunds/").body, "Saved by renaming.");
    std::fs::write(site.path(path), "# Refunds\n\nSaved by emptying.\n").expect("the page can be filled again");
    preview.shows("/billing/refunds/", "Saved by emptying.");
    // Others move the old file away first.
    site.rename(path, "content/billing/refunds.md~");
    site.edit(path, "# Refunds\n\nSaved with a copy.\n");
    preview.shows("/billing/refunds/", "Saved with a copy.");
}

#[test]
fn folders_that_are_moved_and_linked_are_watched() {
    let site = project(SITE);
    let preview = serve(&site, &[]);
    site.edit("shared/deep/one.md", "# One\n\nFirst.\n");
    site.rename("shared/deep", "content/moved");
    preview.shows("/moved/one/", "First.");
    site.edit("content/moved/one.md", "# One\n\nSecond.\n");
    preview.shows("/moved/one/", "Second.");
    #[cfg(unix)]
    {
        site.edit("shared/linked/two.md", "# Two\n\nFirst.\n");
        std::os::unix::fs::symlink(site.path("shared/linked"), site.path("content/linked"))
            .expect("a link can be made");
        preview.shows("/linked/two/", "First.");
        site.edit("shared/linked/two.md", "# Two\n\nSecond.\n");
        preview.shows("/linked/two/", "Second.");
        site.edit("shared/alone/three.md", "# Three\n\nFirst.\n");
        std::os::unix::fs::symlink(site.path("shared/alone/three.md"), site.path("content/three.md"))
            .expect("a link can be made");
        preview.shows("/three/", "First.");
        site.edit("shared/alone/three.md", "# Three\n\nSecond.\n");
        preview.shows("/three/", "Second.");
    }
}

#[test]
fn problems_that_go_and_come_back_with_their_folder_are_told_once() {
    let site = project(SITE);
    site.edit("content/billing/plans.md", "# Plans\n\nSee [fees](fees.md).\n");
    let preview = serve(&site, &[]);
    preview.wait_for_words("error[broken-link]");
    site.rename("content", "content2");
    preview.wait_for_words("error[no-pages]");
    site.rename("content2", "content");
    preview.shows("/billing/refunds/", "Money comes back.");
    site.edit("content/billing/plans.md", "# Plans\n\nSee [dues](dues.md).\n");
    let said = preview.wait_for_words("no page at `dues.md`");
    assert_eq!(said.matches("no page at `fees.md`").count(), 1, "{said}");
    site.edit("content/billing/plans.md", "# Plans\n");
    preview.lacks("/billing/plans/", "dues");
    site.edit("content/billing/plans.md", "# Plans\n\nSee [dues](dues.md).\n");
    wait("a mended problem is told anew", || preview.said(), |said| said.matches("no page at `dues.md`").count() == 2);
}

#[test]
fn many_files_at_once_end_in_one_state() {
    let site = project(SITE);
    let preview = serve(&site, &[]);
    for round in 0..2 {
        for page in 0..300 {
            site.edit(&format!("content/many/page-{page}.md"), format!("# Page {page}\n\nRound {round}.\n"));
        }
    }
    for page in [0, 150, 299] {
        preview.shows(&format!("/many/page-{page}/"), "Round 1.");
    }
    site.remove("content/many");
    preview.lacks("/", "Many");
}

#[test]
fn without_events_every_file_is_looked_at() {
    let site = project(SITE);
    let preview = serve(&site, &["--poll"]);
    assert_contains(&preview.said(), "again and again");
    site.edit("content/billing/refunds.md", "# Refunds\n\nFound by looking.\n");
    preview.shows("/billing/refunds/", "Found by looking.");
}

#[test]
fn mistakes_in_a_page_are_shown_with_it() {
    let site = project(SITE);
    let preview = serve(&site, &[]);
    site.edit("content/billing/plans.md", "# Plans\n\nSee [money](money.md).\n");
    preview.shows("/billing/plans/", "money.md");
    let status = preview.status("/billing/plans/");
    assert_eq!(status["problems"][0]["code"], "broken-link");
    assert_eq!(status["problems"][0]["place"]["line"], 3);
    assert_eq!(status["problems"][0]["place"]["excerpt"], "See [money](money.md).");
    assert_eq!(status["site"]["broken_links"], 1);
    assert_eq!(preview.status("/billing/refunds/")["problems"], serde_json::json!([]));
    site.edit("content/billing/plans.md", "# Plans\n\nSee [money](refunds.md).\n");
    wait(
        "the mistake is mended",
        || preview.status("/billing/plans/")["problems"].to_string(),
        |problems| problems == "[]",
    );
    let said = preview.said();
    assert_eq!(said.matches("no page at `money.md`").count(), 1, "{said}");
}

#[test]
fn mistakes_in_settings_and_templates_leave_the_site_as_it_was() {
    let site = project(SITE);
    let preview = serve(&site, &[]);
    site.edit("guidepost.toml", "title = broken\n");
    preview.wait_for_words("Mend this first");
    assert_contains(&preview.get("/billing/refunds/").body, "Refunds · Acme Video");
    assert_eq!(preview.status("/billing/refunds/")["blocking"][0]["code"], "config-syntax");
    site.edit("guidepost.toml", "title = \"Acme Movies\"\n");
    preview.shows("/billing/refunds/", "Refunds · Acme Movies");

    site.edit("themes/default/article.html", "<h1>{{ page.title }</h1>");
    wait(
        "the template's mistake is told",
        || preview.status("/billing/refunds/").to_string(),
        |status| status.contains("themes/default/article.html"),
    );
    assert_contains(&preview.get("/billing/refunds/").body, "Refunds · Acme Movies");
    site.edit("themes/default/article.html", "<h1>My {{ page.title }}</h1>");
    preview.shows("/billing/refunds/", "<h1>My Refunds</h1>");
    assert_eq!(preview.status("/billing/refunds/")["blocking"], serde_json::json!([]));
    site.remove("themes");
    preview.shows("/billing/refunds/", "Refunds · Acme Movies");
}

#[test]
fn the_index_follows_the_pages() {
    let site = project(SITE);
    let preview = serve(&site, &[]);
    let start = |entry: &str| {
        let entry: serde_json::Value = serde_json::from_str(entry).ok()?;
        Some(entry["start"].as_str()?.to_owned())
    };
    let entry = || preview.get("/search/entry.json").body;
    let before = start(&wait("there is an index", entry, |entry| start(entry).is_some()))
        .expect("the first index names its start");
    site.edit("content/billing/refunds.md", "# Refunds\n\nZanzibar is far away.\n");
    let is_new = |entry: &str| start(entry).is_some_and(|start| start != before);
    let after = start(&wait("there is a new index", entry, is_new)).expect("the new index names its start");
    assert_eq!(preview.get(&format!("/search/{after}")).status, 200, "{after}");
}

#[test]
fn drafts_and_pages_to_come_are_shown_with_a_badge() {
    let site = project(SITE);
    site.edit("content/billing/soon.md", "---\ntitle: Soon\ndraft: true\npublish_date: 2099-01-01\n---\nLater.\n");
    let preview = serve(&site, &[]);
    assert_contains(&preview.get("/billing/soon/").body, "Later.");
    assert_eq!(preview.status("/billing/soon/")["page"]["badges"], serde_json::json!(["draft", "from 2099-01-01"]));
}

#[test]
fn a_page_that_is_not_shown_says_why() {
    let site = project(SITE);
    let preview = serve(&site, &[]);
    let why = |path: &str| preview.status(path)["hidden"]["why"].as_str().unwrap_or_default().to_owned();
    let becomes = |path: &str, reason: &str| {
        wait(&format!("`{path}` says `{reason}`"), || why(path), |why| why == reason);
    };
    assert_eq!(why("/billing/refunds/"), "");
    site.edit("content/billing/refunds.md", "---\naudience: internal\n---\n# Refunds\n");
    becomes("/billing/refunds/", "it is only for internal");
    site.edit("content/billing/refunds.md", "---\nexpiry_date: 2020-01-01\n---\n# Refunds\n");
    becomes("/billing/refunds/", "it expired on 2020-01-01");
    std::fs::write(site.path("content/billing/refunds.md"), b"\xff\xfe#\0 \0R\0").expect("the file can be written");
    becomes("/billing/refunds/", "this file is saved as UTF-16, which cannot be read");
    let status = preview.status("/billing/refunds/");
    assert_eq!(status["problems"][0]["code"], "not-text");
    assert_eq!(status["hidden"]["source"], "content/billing/refunds.md");
    site.edit("content/billing/refunds.md", "# Refunds\n");
    preview.shows("/billing/refunds/", "Refunds</h1>");
    assert_eq!(preview.status("/billing/refunds/")["hidden"], serde_json::Value::Null);
    site.edit("content/billing/brand-new.md", "---\naudience: internal\n---\n# New\n");
    becomes("/billing/brand-new/", "it is only for internal");
    site.edit("content/billing/_index.md", "---\naudience: internal\n---\n# Billing\n");
    becomes("/billing/plans/", "its category (`content/billing/_index.md`) is only for internal");
}

#[test]
fn a_page_is_followed_to_its_new_address() {
    let site = project(SITE);
    let preview = serve(&site, &[]);
    let leads = |from: &str, to: &str| {
        let moved = || preview.status(from)["moved"].as_str().unwrap_or_default().to_owned();
        wait(&format!("`{from}` leads to `{to}`"), moved, |moved| moved == to);
    };
    site.edit("content/billing/refunds.md", "---\nslug: money-back\n---\n# Refunds\n");
    leads("/billing/refunds/", "/billing/money-back/");
    site.remove("content/billing/_index.md");
    std::fs::rename(site.path("content/billing"), site.path("content/paying")).expect("the folder can be moved");
    leads("/billing/plans/", "/paying/plans/");
    leads("/billing/", "/paying/");
}

#[test]
fn the_client_is_only_in_what_the_preview_sends() {
    let site = project(SITE);
    site.run("build").succeeds();
    assert_lacks(&site.file("public/billing/refunds/index.html"), "_guidepost");
    let preview = serve(&site, &[]);
    let page = preview.get("/billing/refunds/").body;
    let client =
        page.find("<script type=\"module\" src=\"/_guidepost/preview.js\"").expect("the client is in the page");
    let end = page[client..].find("</script>").expect("the script element is closed") + client + "</script>".len();
    assert_eq!([&page[..client], &page[end..]].concat(), site.file("public/billing/refunds/index.html"));
    for file in ["preview.js", "morph.js", "bar.js", "worker.js", "preview.css"] {
        assert_eq!(preview.get(&format!("/_guidepost/{file}")).status, 200, "{file}");
    }
}

#[test]
fn only_this_computer_is_answered() {
    let site = project(SITE);
    let preview = serve(&site, &[]);
    for path in ["/", "/_guidepost/live", "/_guidepost/page?path=/"] {
        let refused = preview.ask("GET", path, "evil.example", "");
        assert_eq!(refused.status, 403, "{path}");
        assert_lacks(&refused.body, "Refunds");
    }
    assert_eq!(preview.ask("GET", "/", &format!("localhost:{}", preview.port), "").status, 200);
    assert_eq!(preview.ask("POST", "/", &format!("localhost:{}", preview.port), "").status, 405);
    let open = "/_guidepost/open?path=content/index.md&line=1&column=1";
    assert_eq!(preview.ask("POST", open, "localhost", "").status, 403);
}

#[test]
fn nothing_outside_the_site_can_be_read() {
    let site = project(SITE);
    std::fs::write(site.outside().join("secret.txt"), "secret").expect("a file can be written beside the site");
    let preview = serve(&site, &[]);
    for path in [
        "/../secret.txt",
        "/..%2fsecret.txt",
        "/%2e%2e/secret.txt",
        "/billing/..%5c..%5c..%5csecret.txt",
        "//secret.txt",
        "/guidepost.toml",
        "/content/index.md",
        "/_guidepost/../../secret.txt",
    ] {
        let answer = preview.get(path);
        assert!(matches!(answer.status, 404 | 400 | 307), "`{path}` gives {}", answer.status);
        assert_lacks(&answer.body, "secret\n");
        assert!(answer.body != "secret", "`{path}` can be read");
    }
}

#[test]
fn addresses_with_control_characters_lead_nowhere() {
    let site = project(SITE);
    let preview = serve(&site, &[]);
    for path in ["/billing/%00", "/billing/%00/", "/billing/refunds/%0a", "/%00"] {
        assert_eq!(preview.get(path).status, 404, "{path}");
    }
}

#[test]
fn an_editor_that_cannot_be_started_is_told_of() {
    let site = project(SITE);
    let preview = serve(&site, &["--editor", "no-such-editor"]);
    let host = format!("127.0.0.1:{}", preview.port);
    let path = "/_guidepost/open?path=content/billing/refunds.md&line=1&column=1";
    let answer = preview.ask("POST", path, &host, "X-Guidepost: 1\r\n");
    assert_eq!(answer.status, 400);
    assert_contains(&answer.body, "cannot start the editor `no-such-editor`");
    preview.wait_for_words("note: cannot start the editor `no-such-editor`");
}

#[test]
fn others_are_given_an_address() {
    let site = project(SITE);
    let preview = serve(&site, &["--host", "0.0.0.0"]);
    let said = preview.wait_for_words("For others: http://");
    let address = crate::support::between(&said, "For others: http://", "/");
    assert_lacks(address, "127.0.0.1");
    assert_contains(address, &format!(":{}", preview.port));
}

#[test]
fn a_page_that_is_waited_for_is_told_of() {
    let site = project(SITE);
    let preview = serve(&site, &[]);
    let returned = |left: &str| preview.status(&format!("/billing/&left={left}"))["returned"].clone();
    assert_eq!([returned("/billing/soon/"), returned("/billing/refunds/"), returned("")], [false, true, false]);
}

#[test]
fn assets_are_sent_whole_and_in_parts() {
    let site = project(SITE);
    site.edit("content/clip.mp4", "0123456789");
    let preview = serve(&site, &[]);
    let whole = preview.get("/clip.mp4");
    assert_eq!((whole.status, whole.body.as_str()), (200, "0123456789"));
    assert_contains(&whole.head, "content-type: video/mp4");
    let part = preview.ask("GET", "/clip.mp4", "localhost", "Range: bytes=2-4\r\n");
    assert_eq!((part.status, part.body.as_str()), (206, "234"));
    let css = preview.get("/assets/theme/theme.css");
    assert_contains(&css.head, "content-type: text/css");
    let tag = css.head.lines().find_map(|line| line.strip_prefix("etag: ")).expect("files have a tag").to_owned();
    let again = preview.ask("GET", "/assets/theme/theme.css", "localhost", &format!("If-None-Match: {tag}\r\n"));
    assert_eq!(again.status, 304);
}

#[test]
fn addresses_without_their_slash_lead_on() {
    let site = project(SITE);
    let preview = serve(&site, &[]);
    let answer = preview.get("/billing/refunds?x=1");
    assert_eq!(answer.status, 307);
    assert_contains(&answer.head, "location: /billing/refunds/?x=1");
    let missing = preview.get("/nowhere/");
    assert_eq!(missing.status, 404);
    assert_contains(&missing.body, "_guidepost/preview.js");
}

#[test]
fn sites_below_a_folder_are_served_there() {
    let site = project(SITE);
    site.edit("guidepost.toml", "title = \"Acme\"\nbase_url = \"https://acme.example/help/\"\n");
    let preview = serve(&site, &[]);
    assert_eq!(preview.base, "/help/");
    assert_contains(&preview.get("/help/billing/plans/").body, "href=\"/help/billing/refunds/\"");
    assert_contains(&preview.get("/").head, "location: /help/");
    assert_eq!(preview.status("/help/billing/plans/")["page"]["source"], "content/billing/plans.md");
}

#[test]
fn the_live_channel_tells_of_builds_and_of_the_index() {
    let site = project(SITE);
    let preview = serve(&site, &[]);
    let mut stream = TcpStream::connect(("127.0.0.1", preview.port)).expect("the preview listens");
    write!(stream, "GET /_guidepost/live HTTP/1.1\r\nHost: localhost\r\n\r\n").expect("the request is sent");
    stream.set_read_timeout(Some(PAUSE * 4000)).expect("a socket takes a time limit");
    let mut lines = BufReader::new(stream).lines().map_while(Result::ok).filter(|line| line.starts_with("data: "));
    assert_contains(&lines.next().expect("the channel says something at once"), "\"kind\":\"hello\"");
    site.edit("content/billing/refunds.md", "# Refunds\n\nNews.\n");
    let build = lines.find(|line| line.contains("\"kind\":\"build\"")).expect("the channel reports the build");
    assert_contains(&build, "\"edited\":[\"/billing/refunds/\"]");
    assert_contains(
        &lines.find(|line| line.contains("\"kind\":\"index\"")).expect("the channel reports the index"),
        "index",
    );
}

#[test]
fn verifying_finds_no_difference() {
    let site = project(SITE);
    let preview = serve(&site, &["--verify"]);
    site.edit("content/billing/refunds.md", "# Refunds and more\n\nNews.\n");
    preview.wait_for_words("the same as a clean build");
    assert_lacks(&preview.said(), "differ");
}

#[test]
fn a_busy_port_is_passed_by_or_refused() {
    let site = project(SITE);
    let preview = serve(&site, &[]);
    let port = preview.port.to_string();
    site.run(&format!("serve --strict-port --port {port}")).exits(2).mentions("is in use by another program");
    let other = serve(&site, &["--port", &port]);
    assert_contains(&other.said(), &format!("note: port {port} is in use, so the preview is at port {}", other.port));
    // With `--quiet` the address is all that is said.
    let quiet = serve(&site, &["--port", &port, "--quiet"]);
    assert_eq!(quiet.said(), format!("Preview at http://127.0.0.1:{}/\n", quiet.port));
}

#[test]
fn a_folder_without_a_site_is_refused() {
    let site = project("");
    site.run("serve --port 0").exits(2).mentions("is not a Guidepost site");
}

#[cfg(unix)]
#[test]
fn an_interrupt_ends_it_at_once_even_with_open_channels() {
    let site = project(SITE);
    let mut preview = serve(&site, &[]);
    let mut stream = TcpStream::connect(("127.0.0.1", preview.port)).expect("the preview listens");
    write!(stream, "GET /_guidepost/live HTTP/1.1\r\nHost: localhost\r\n\r\n").expect("the request is sent");
    let pid = preview.child.id().to_string();
    let kill = std::process::Command::new("kill").args(["-INT", &pid]).status().expect("the command `kill` is there");
    assert!(kill.success());
    let mut ended = || preview.child.try_wait().expect("a child can be asked whether it ended").is_some().to_string();
    wait("the preview ends", &mut ended, |has_ended| has_ended == "true");
}
