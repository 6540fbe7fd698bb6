//! The server: published files as a static host would send them, with the preview's client put into pages, and the few
//! addresses of the preview itself, all below `/_guidepost/`. Only what the site publishes can be asked for; paths are
//! names in a table, never ways on the disk.

use std::convert::Infallible;
use std::net::{IpAddr, TcpListener};
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result};
use axum::Router;
use axum::body::Body;
use axum::extract::{Query, Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header};
use axum::middleware::{self, Next};
use axum::response::sse::{self, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use bytes::Bytes;
use futures_util::stream::{self, Stream};
use serde::Deserialize;
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;
use tower_http::services::ServeFile;

use super::address;
use super::options::Options;
use super::preview::{Event, Preview};
use super::shown::Shown;
use crate::memo::Digest;
use crate::output::Output;
use crate::path::{OutputPath, UrlPath, decode_path};

const CLIENT: &[(&str, &str)] = &[
    ("preview.js", include_str!("client/preview.js")),
    ("morph.js", include_str!("client/morph.js")),
    ("bar.js", include_str!("client/bar.js")),
    ("worker.js", include_str!("client/worker.js")),
    ("preview.css", include_str!("client/preview.css")),
];

/// Serves the preview on a thread of its own for as long as the process lives.
pub fn start(listener: TcpListener, preview: Arc<Preview>, options: &Options) -> Result<()> {
    listener.set_nonblocking(true).context("cannot use the port")?;
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_all().build().context("cannot start the server")?;
    let router = router(preview, options.host);
    let serve = move || {
        runtime.block_on(async {
            let listener = tokio::net::TcpListener::from_std(listener)?;
            axum::serve(listener, router).await
        })
    };
    std::thread::Builder::new().name("server".to_owned()).spawn(serve).context("cannot start the server")?;
    Ok(())
}

fn router(preview: Arc<Preview>, host: IpAddr) -> Router {
    Router::new()
        .route("/_guidepost/live", get(live))
        .route("/_guidepost/page", get(page_status))
        .route("/_guidepost/open", post(open))
        .route("/_guidepost/{file}", get(client))
        .fallback(file)
        .layer(middleware::from_fn(move |request, next| guard(host, request, next)))
        .with_state(preview)
}

/// Lets in only those who called us by a name of this computer.
async fn guard(listening: IpAddr, request: Request, next: Next) -> Response {
    let named = request.headers().get(header::HOST).and_then(|host| host.to_str().ok()).map(str::to_owned);
    let host = named.or_else(|| request.uri().authority().map(ToString::to_string)).unwrap_or_default();
    if !address::is_welcome(&host, listening) {
        let text = "This preview answers only to names of the computer that it runs on, such as `localhost`.\n";
        return (StatusCode::FORBIDDEN, text).into_response();
    }
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-cache"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert("cross-origin-resource-policy", HeaderValue::from_static("same-origin"));
    response
}

/// The live channel: it begins with what is shown now, then come the events.
async fn live(State(preview): State<Arc<Preview>>) -> Sse<impl Stream<Item = Result<sse::Event, Infallible>>> {
    let events = preview.events.subscribe();
    let hello = serde_json::json!({
        "kind": "hello",
        "session": preview.session,
        "number": preview.now().number,
        "follows": preview.follows,
    });
    let first = sse::Event::default().retry(Duration::from_millis(500)).data(hello.to_string());
    let rest = stream::unfold((events, preview), |(mut events, preview)| async move {
        let event = next_event(&mut events, &preview).await?;
        let data = serde_json::to_string(&event).expect("an event is plain data");
        Some((Ok(sse::Event::default().data(data)), (events, preview)))
    });
    let events = futures_util::StreamExt::chain(stream::once(async { Ok(first) }), rest);
    Sse::new(events).keep_alive(KeepAlive::new().interval(Duration::from_secs(15)))
}

async fn next_event(events: &mut Receiver<Event>, preview: &Preview) -> Option<Event> {
    match events.recv().await {
        Ok(event) => Some(event),
        // Somebody slept while much happened; the newest is all that matters.
        Err(RecvError::Lagged(_)) => Some(Event::Build { number: preview.now().number, edited: Vec::new() }),
        Err(RecvError::Closed) => None,
    }
}

#[derive(Deserialize)]
struct StatusQuery {
    /// The path of the page that is shown, as the browser has it.
    path: String,
    /// The version of the page that the browser has.
    #[serde(default)]
    have: String,
    /// The number of the build that the browser knows.
    #[serde(default)]
    since: u64,
    /// A page that was gone and is waited for, or nothing.
    #[serde(default)]
    left: String,
}

/// Everything that an open page has to know after a build; its text only when it has another version.
async fn page_status(State(preview): State<Arc<Preview>>, Query(query): Query<StatusQuery>) -> Response {
    let shown = preview.now();
    let path = decode_path(&query.path);
    let below = below_base(&path, shown.base()).unwrap_or(&path).to_owned();
    let target = find(&shown, &below);
    let found = preview.status(&below, query.since);
    let mut answer = serde_json::to_value(&found).expect("a status is plain data");
    let (status, page) = match &target {
        AtAddress::Output(path) => (200, shown.output(path)),
        AtAddress::Elsewhere(_) | AtAddress::Nothing => (404, not_found(&shown)),
    };
    answer["status"] = status.into();
    answer["returned"] = is_page(&shown, &query.left).into();
    if let Some(Output::Packed(packed)) = page {
        let version = packed.digest().short(16);
        if version != query.have {
            answer["html"] = String::from_utf8_lossy(&packed.bytes()).into();
        }
        answer["version"] = version.into();
    }
    ([(header::CONTENT_TYPE, "application/json")], answer.to_string()).into_response()
}

/// Whether there is something at a path, as the browser has it.
fn is_page(shown: &Shown, path: &str) -> bool {
    let path = decode_path(path);
    below_base(&path, shown.base()).is_some_and(|below| matches!(find(shown, below), AtAddress::Output(_)))
}

#[derive(Deserialize)]
struct OpenQuery {
    path: String,
    line: usize,
    column: usize,
}

/// Opens a file in the editor. The header cannot be sent by pages of other sites without asking first, and nobody
/// answers them.
async fn open(State(preview): State<Arc<Preview>>, headers: HeaderMap, Query(query): Query<OpenQuery>) -> Response {
    if !headers.contains_key("x-guidepost") {
        return StatusCode::FORBIDDEN.into_response();
    }
    match preview.open(&query.path, query.line, query.column) {
        Ok(()) => StatusCode::NO_CONTENT.into_response(),
        Err(error) => {
            preview.remark(error.to_string());
            (StatusCode::BAD_REQUEST, error.to_string()).into_response()
        }
    }
}

async fn client(axum::extract::Path(file): axum::extract::Path<String>) -> Response {
    match CLIENT.iter().find(|(name, _)| *name == file) {
        Some((name, text)) => ([(header::CONTENT_TYPE, content_type(name))], *text).into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

/// A file of the site.
async fn file(State(preview): State<Arc<Preview>>, request: Request) -> Response {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return StatusCode::METHOD_NOT_ALLOWED.into_response();
    }
    let shown = preview.now();
    let path = decode_path(request.uri().path());
    let Some(below) = below_base(&path, shown.base()) else { return to(&UrlPath::new("/"), &shown, request.uri()) };
    match find(&shown, below) {
        AtAddress::Output(path) => send(&path, &shown, request).await,
        AtAddress::Elsewhere(url) => to(&url, &shown, request.uri()),
        AtAddress::Nothing => match not_found(&shown) {
            Some(Output::Packed(packed)) => page(&packed.bytes(), packed.digest(), StatusCode::NOT_FOUND),
            _ => StatusCode::NOT_FOUND.into_response(),
        },
    }
}

/// The path below the site's base, with its leading slash.
fn below_base<'p>(path: &'p str, base: &str) -> Option<&'p str> {
    path.strip_prefix(base.trim_end_matches('/')).filter(|rest| rest.starts_with('/'))
}

/// What there is at an address.
enum AtAddress {
    Output(OutputPath),
    /// The address lacks its slash.
    Elsewhere(UrlPath),
    Nothing,
}

/// What static hosts make of an address: the file, the page of the folder, or the page with `.html`.
fn find(shown: &Shown, path: &str) -> AtAddress {
    // No file has such a name, and an address would be made without them.
    if path.contains(char::is_control) {
        return AtAddress::Nothing;
    }
    let url = UrlPath::new(path);
    let file = url.output();
    if shown.output(&file).is_some() {
        return AtAddress::Output(file);
    }
    let folder = UrlPath::new(format!("{url}/"));
    if shown.output(&folder.output()).is_some() {
        return AtAddress::Elsewhere(folder);
    }
    let html = OutputPath::new(format!("{}.html", file.as_str()));
    if shown.output(&html).is_some() { AtAddress::Output(html) } else { AtAddress::Nothing }
}

fn not_found(shown: &Shown) -> Option<&Output> {
    shown.output(&OutputPath::new("404.html"))
}

/// A redirect that no browser remembers: the next edit may make a page there.
fn to(url: &UrlPath, shown: &Shown, asked: &Uri) -> Response {
    let query = asked.query().map(|query| format!("?{query}")).unwrap_or_default();
    let location = crate::path::encode_path(&decode_path(&url.href(shown.base())));
    (StatusCode::TEMPORARY_REDIRECT, [(header::LOCATION, format!("{location}{query}"))]).into_response()
}

async fn send(path: &OutputPath, shown: &Shown, request: Request) -> Response {
    let is_page = path.as_str().ends_with(".html");
    match shown.output(path) {
        Some(Output::Packed(packed)) if is_page => page(&packed.bytes(), packed.digest(), StatusCode::OK),
        Some(Output::Packed(packed)) => bytes(path, packed.bytes().into(), packed.digest(), request.headers()),
        Some(Output::Bytes(whole)) => bytes(path, whole.clone(), Digest::of_bytes(whole), request.headers()),
        Some(Output::Copy { from, .. }) => {
            let sent = ServeFile::new(from).try_call(request).await;
            sent.map_or_else(|_| StatusCode::NOT_FOUND.into_response(), |response| response.map(Body::new))
        }
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

/// A file that browsers may keep as long as its tag is the same.
fn bytes(path: &OutputPath, bytes: Bytes, digest: Digest, headers: &HeaderMap) -> Response {
    let tag = format!("\"{}\"", digest.short(16));
    if headers.get(header::IF_NONE_MATCH).is_some_and(|known| known.as_bytes() == tag.as_bytes()) {
        return (StatusCode::NOT_MODIFIED, [(header::ETAG, tag)]).into_response();
    }
    ([(header::CONTENT_TYPE, content_type(path.as_str())), (header::ETAG, tag)], bytes).into_response()
}

fn content_type(path: &str) -> String {
    let kind = mime_guess::from_path(path).first_or_octet_stream();
    let is_text = kind.type_() == "text" || matches!(kind.subtype().as_str(), "javascript" | "json" | "xml");
    if is_text { format!("{kind}; charset=utf-8") } else { kind.to_string() }
}

/// A page with the client in it. Pages are never kept by browsers: the one behind the back button shall be the newest.
fn page(html: &[u8], digest: Digest, status: StatusCode) -> Response {
    let client = format!(
        "<script type=\"module\" src=\"/_guidepost/preview.js\" data-guidepost=\"{}\"></script>",
        digest.short(16)
    );
    let headers = [(header::CONTENT_TYPE, "text/html; charset=utf-8"), (header::CACHE_CONTROL, "no-store")];
    (status, headers, with_client(html, &client)).into_response()
}

/// Puts the client in front of the last `</body>`, or at the end when a template wrote none.
fn with_client(html: &[u8], client: &str) -> Vec<u8> {
    const END: &[u8] = b"</body>";
    let is_end = |window: &[u8]| window.eq_ignore_ascii_case(END);
    let at = html.windows(END.len()).rposition(is_end).unwrap_or(html.len());
    [&html[..at], client.as_bytes(), &html[at..]].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_client_comes_last_in_the_body() {
        let with = |html: &str| String::from_utf8(with_client(html.as_bytes(), "X")).unwrap();
        assert_eq!(with("<p></body> in code</p></BODY></html>"), "<p></body> in code</p>X</BODY></html>");
        assert_eq!(with("<p>"), "<p>X");
    }

    #[test]
    fn paths_are_seen_from_the_base() {
        assert_eq!(below_base("/help/a/", "/help/"), Some("/a/"));
        assert_eq!(below_base("/help", "/help/"), None);
        assert_eq!(below_base("/helper/", "/help/"), None);
        assert_eq!(below_base("/a", "/"), Some("/a"));
    }
}
