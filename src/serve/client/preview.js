// The client of the live preview. `guidepost serve` puts it into the pages that it sends; it is in no published file. When
// something was built, the page asks what is new about itself, and is patched where it stands.
// @ts-check

import { Bar } from "./bar.js";
import { Page } from "./morph.js";

/** Where this tab was when its page was deleted, and where it was led then. */
const LEFT = "guidepost:left";
/** So long a page that was deleted may come back, in milliseconds. */
const PATIENCE = 5 * 60_000;

const script = /** @type {HTMLElement} */ (document.querySelector("script[data-guidepost]"));
const bar = new Bar(open);

/** The text of this page as it was last sent, and its version. @type {Page | undefined} */
let page;
let version = script.dataset.guidepost ?? "";
/** @type {string | undefined} */
let scripts;
/** @type {number | undefined} */
let status;
let number = 0;
let session = "";
let follows = false;
let isLooking = false;
let isStale = true;
/** Another page is on its way: going there twice would only stop the first. */
let isLeaving = false;

connect();
document.addEventListener("visibilitychange", () => isStale && look());
// The back button may show the page as it was left.
addEventListener("pageshow", ({ persisted }) => (isLeaving &&= !persisted));
look();

function connect() {
  if (!("SharedWorker" in globalThis)) return connectAlone();
  const worker = new SharedWorker("/_guidepost/worker.js", { name: "guidepost" });
  worker.port.onmessage = ({ data }) => hear(data);
  worker.onerror = connectAlone;
  addEventListener("pagehide", () => worker.port.postMessage("bye"));
}

function connectAlone() {
  const source = new EventSource("/_guidepost/live");
  source.onmessage = ({ data }) => hear(JSON.parse(data));
  source.onerror = () => {
    source.close();
    hear({ kind: "lost" });
    setTimeout(connectAlone, 500);
  };
}

/** @param {any} event */
function hear(event) {
  if (event.kind === "lost") return bar.lose();
  if (event.kind === "index") return dispatchEvent(new CustomEvent("guidepost:index"));
  bar.find();
  if (event.kind === "hello") {
    const isOther = session !== "" && session !== event.session;
    session = event.session;
    follows = event.follows;
    if (isOther || event.number !== number) look();
  } else {
    if (follow(event.edited)) return;
    look();
  }
}

/** Goes to the page that was saved, if that is wanted and another one. @param {string[]} edited */
function follow(edited) {
  if (!follows || document.hidden || edited.length === 0) return false;
  const here = decodeURI(location.pathname);
  if (edited.some((url) => decodeURI(url) === here)) return false;
  location.assign(edited[0]);
  return true;
}

/** Asks what is new, once at a time, and later when nobody sees it. */
async function look() {
  isStale = true;
  if (isLooking || isLeaving || (document.hidden && page)) return;
  isLooking = true;
  while (isStale && !isLeaving) {
    isStale = false;
    const have = page ? version : "";
    const query = new URLSearchParams({ path: location.pathname, have, since: String(number), left: left()?.pathname ?? "" });
    const answer = await fetch(`/_guidepost/page?${query}`).catch(() => undefined);
    // A server that does not answer is noticed by the live channel, and then this is asked again.
    if (answer?.ok) show(await answer.json());
  }
  isLooking = false;
}

/** @param {any} news */
function show(news) {
  const isGone = status === 200 && news.status === 404;
  const from = left();
  if (news.returned && from) return go(from.href);
  if (isGone && news.moved) return go(news.moved);
  if (isGone && !news.hidden) return leave(news.parent);
  // What the file said last stays until it is shown again.
  if (isGone) Object.assign(news, { html: undefined, version, status });
  if (scripts !== undefined && scripts !== news.scripts) return location.reload();
  const isFirst = page === undefined;
  if (isFirst && news.version !== version) return location.reload();
  if (news.html !== undefined) {
    if (page) {
      if (!page.become(news.html)) return location.reload();
    } else page = new Page(news.html);
  }
  if (!isFirst) for (const url of news.changed) showAgain(url, news.number);
  ({ version, scripts, status, number } = news);
  bar.show(news);
  if (!isFirst) document.dispatchEvent(new CustomEvent("guidepost:shown"));
}

/** Goes to another page, until this one comes back. @param {string} to */
function leave(to) {
  try {
    sessionStorage.setItem(LEFT, JSON.stringify({ from: location.href, to, at: Date.now() }));
  } catch {
    // Then it is not remembered.
  }
  go(to);
}

/** @param {string} to */
function go(to) {
  isLeaving = true;
  location.replace(to);
}

/** The page that is waited for, as long as the reader is where it led. */
function left() {
  try {
    const { from, to, at } = JSON.parse(sessionStorage.getItem(LEFT) ?? "{}");
    if (from && decodeURI(to) === decodeURI(location.pathname) && Date.now() - at < PATIENCE) return new URL(from);
    sessionStorage.removeItem(LEFT);
  } catch {
    // Nothing is remembered.
  }
  return undefined;
}

/** Loads an image again whose file changed. @param {string} url @param {number} number */
function showAgain(url, number) {
  for (const image of document.images) {
    const address = new URL(image.currentSrc || image.src, location.href);
    if (decodeURI(address.pathname) !== decodeURI(url)) continue;
    address.searchParams.set("preview", String(number));
    image.src = address.href;
  }
}

/** Opens a place in the editor. @param {{ address: string | null, path: string, line: number, column: number }} place */
async function open(place) {
  const { path, line, column } = place;
  const query = new URLSearchParams({ path, line: String(line), column: String(column) });
  const answer = await fetch(`/_guidepost/open?${query}`, { method: "POST", headers: { "X-Guidepost": "1" } }).catch(() => undefined);
  // A server that does not answer is noticed by the live channel.
  if (answer) bar.say(answer.ok ? "" : await answer.text());
}
