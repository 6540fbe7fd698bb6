// The search dialog, fetched when a visitor reaches for the search. `search-engine.js` finds; what it found is turned
// into elements here, for the search page too.
// @ts-check

/** @import { Answer, Entry, Hit, Pieces, Search } from "./search-engine.js" */
/** An article that was found, with the headings that are not shown yet.
 * @typedef {{ element: HTMLElement, excerpt: HTMLElement, headings: Hit["headings"] }} Row */

/** The page's search box: it knows where the search lies and what it is called. */
const box = /** @type {HTMLInputElement} */ (document.querySelector("[data-search]"));
const searchPage = box.form?.action ?? "";
const version = new URL(import.meta.url).search;
const SHOWN = 8;
/** Excerpts that come sooner than this, in milliseconds, are waited for, so that all appears at once. */
const PATIENCE = 120;
/** So long after a key, rows may still grow by headings. Later, nothing moves that a visitor may be about to press. */
const SETTLED = 400;
const PAUSE = 1500;
const SHAPES = {
  article: "M6 3.5h8l4 4v13H6zm8 0v4h4M9 12.5h6m-6 3.5h6",
  guide: "m3.5 6.5 5.5-2 6 2.5 5.5-2v12.5l-5.5 2-6-2.5-5.5 2zM9 4.5V17m6-10v12.5",
  video: "M8 5v14l11-7z",
  faq: "M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17zM9.5 9.5c.5-3 5.5-2.5 5 .5-.3 1.5-2.5 1.7-2.5 3.5m0 3h.01",
  heading: "M9.5 4 7.5 20m9-16-2 16M4.5 9h16m-17 6h16",
  recent: "M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17zm0 4V12l3 2",
  section: "M3.5 6h6l2 2.5h9V19h-17z",
  promoted: "m12 3.5 2.6 5.5 6 .8-4.4 4.2 1.1 6-5.3-2.9L6.7 20l1.1-6-4.4-4.2 6-.8z",
  search: "M10.5 4a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13zm5 11.5 5 5",
  close: "m6 6 12 12M18 6 6 18",
};

/** @type {Promise<Search> | undefined} */
let opening;
let attempts = 0;
let ids = 0;
/** Words of the interface; they come with the search's first file. @type {Record<string, string>} */
let strings = {};
let pausing = 0;
let reported = "";
/** @type {Answer | undefined} */
let unreported;

engine().catch(() => {});
// The preview says when the index knows what was saved.
addEventListener("guidepost:index", () => (opening = undefined));

/** The one engine of this page. A failed start is tried again when it is asked for again. */
export function engine() {
  opening ??= start().catch((error) => {
    opening = undefined;
    throw error;
  });
  return opening;
}

/** @returns {Promise<Search>} */
async function start() {
  // A script that could not be fetched would not be fetched again from the same address.
  const again = attempts++ ? `&again=${attempts}` : "";
  const module = await import(`./search-engine.js${version}${again}`);
  const opened = await module.open(new URL(box.dataset.search ?? "", location.href).href);
  strings = opened.entry.strings;
  return opened;
}

/** @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag @param {Record<string, string>} [attributes] @param {(Node | string)[]} children */
export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

/** @param {string} name */
function icon(name) {
  const [svg, path] = ["svg", "path"].map((tag) => document.createElementNS("http://www.w3.org/2000/svg", tag));
  svg.setAttribute("class", "icon");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  path.setAttribute("d", SHAPES[/** @type {keyof typeof SHAPES} */ (name)] ?? SHAPES.article);
  svg.append(path);
  return svg;
}

/** A sentence of the interface with its gaps filled, by text or elements.
 * @param {string} name @param {Record<string, Node | string>} [values] */
export function say(name, values = {}) {
  return (strings[name] ?? "").split(/\{(\w+)\}/).map((text, index) => (index % 2 ? values[text] : text));
}

/** @param {string} name @param {number} count @param {Record<string, string>} [values] */
export function sayCount(name, count, values) {
  return say(`${name}_${count === 1 ? "one" : "other"}`, { count: String(count), ...values }).join("");
}

/** "7 articles match …" @param {Answer} answer */
export function summary({ total, query }) {
  return total ? sayCount("results", total, { query }) : say("results_none", { query }).join("");
}

/** Text in which every second piece is marked. @param {Pieces} pieces */
function marked(pieces) {
  return pieces.map((text, index) => (index % 2 ? make("mark", {}, text) : text));
}

/** A link with an icon before it. @param {string} url @param {string} shape @param {(Node | string)[]} children */
function link(url, shape, ...children) {
  return make("a", { class: "found-link", href: url }, icon(shape), make("span", { class: "found-text" }, ...children));
}

/** One found article: a link to it, and links to the headings found in it.
 * @param {Hit} hit @param {boolean} isPinned @returns {Row} */
export function row(hit, isPinned) {
  const kind = hit.kind !== "article" && strings[`kind_${hit.kind}`];
  const place = [isPinned && strings.pinned, kind, hit.breadcrumb.join(" › ")].filter(Boolean).join(" · ");
  const excerpt = make("span", { class: "found-excerpt" });
  const title = make("span", { class: "found-title" }, ...marked(hit.title));
  const main = link(hit.url, hit.kind, title, make("span", { class: "found-place" }, place), excerpt);
  const made = { element: make("div", { class: "found" }, main), excerpt, headings: [] };
  fill(made, hit, true);
  return made;
}

/** Adds what has come since: the excerpt into its place, and headings if there may be more lines.
 * @param {Row} row @param {Hit} hit @param {boolean} mayGrow */
export function fill(row, hit, mayGrow) {
  if (hit.excerpt && !row.excerpt.firstChild) row.excerpt.append(...marked(hit.excerpt));
  if (row.element.childElementCount === 1) row.headings = hit.headings;
  if (mayGrow) grow(row);
}

/** Shows the headings that wait. @param {Row} row */
export function grow(row) {
  row.element.append(...row.headings.map(({ url, title }) => link(url, "heading", ...marked(title))));
  row.headings = [];
}

/** What is said above results that match only loosely. @param {Answer} answer */
export function caption({ related }) {
  return strings[related ? "related" : "nearest"];
}

/** "Showing results for …", with a way to what was typed.
 * @param {Answer} answer @param {HTMLElement} literally */
export function correction(answer, literally) {
  literally.append(...say("literal", { query: answer.query }));
  const query = make("strong", {}, answer.corrected ?? "");
  return make("p", { class: "found-note" }, ...say("corrected", { query }), " ", literally);
}

/** @param {string} query @param {Record<string, string>} [more] */
export function searchAddress(query, more = {}) {
  return `${searchPage}?${new URLSearchParams({ q: query, ...more })}`;
}

/** For a site that counts searches; nothing is sent from here.
 * @param {Answer} answer @param {string | null} [chosen] @param {number | null} [position] */
function report({ query, total, corrected }, chosen = null, position = null) {
  const detail = { query, count: total, corrected, chosen, position };
  document.dispatchEvent(new CustomEvent("guidepost:search", { detail }));
}

/** Reports an answer when the visitor pauses; without one, what was to be reported is dropped.
 * @param {Answer} [answer] */
export function reportLater(answer) {
  clearTimeout(pausing);
  unreported = answer;
  pausing = setTimeout(reportNow, PAUSE);
}

export function reportNow() {
  if (unreported && unreported.query !== reported) report(unreported);
  reported = unreported?.query ?? reported;
  unreported = undefined;
}

/** Storage may be closed to us; then nothing is remembered. @param {string} key @returns {any[]} */
function stored(key) {
  try {
    const list = JSON.parse(localStorage.getItem(key) ?? "[]");
    return Array.isArray(list) ? list : [];
  } catch {
    return [];
  }
}

/** @param {string} key @param {any[]} list */
function store(key, list) {
  try {
    if (list.length) localStorage.setItem(key, JSON.stringify(list.slice(0, 5)));
    else localStorage.removeItem(key);
  } catch {
    // See `stored`.
  }
}

/** Leaves a note for the page behind a link, whose script marks these words there: in this tab or another, and without
 * the words in its address.
 * @param {HTMLAnchorElement} link @param {Answer} answer */
function leaveNote({ pathname, hash }, { words, query }) {
  const { marked_one, marked_other, mark_next, marks_remove } = strings;
  const to = pathname + hash;
  const note = { to, words, query, time: Date.now(), strings: { marked_one, marked_other, mark_next, marks_remove } };
  store("found", [note, ...stored("found").filter((other) => other.to !== to)]);
}

/** Follows what happens to result links: remembers the search, leaves a note for the page, and reports.
 * @param {HTMLElement} list @param {() => { answer: Answer, rows: Row[] } | undefined} shown */
export function watchLinks(list, shown) {
  /** @param {Event} event */
  const chosen = (event) => {
    const link = linkOf(event.target);
    const { answer, rows } = shown() ?? {};
    const position = rows?.findIndex(({ element }) => element.contains(link)) ?? -1;
    if (!link || !answer || position < 0) return;
    leaveNote(link, answer);
    if (event.type === "contextmenu") return;
    const { query } = answer;
    store("searches", [query, ...stored("searches").filter((known) => known !== query)]);
    reportLater();
    report(answer, link.pathname + link.hash, position + 1);
  };
  list.addEventListener("click", chosen);
  list.addEventListener("auxclick", (event) => event.button === 1 && chosen(event));
  list.addEventListener("contextmenu", chosen);
}

/** Whether an answer only adds to another. @param {Answer} before @param {Answer} after */
export function isSame(before, after) {
  const key = (/** @type {Answer} */ { query, corrected, hits }) => [query, corrected, ...hits.map(({ url }) => url)];
  return String(key(before)) === String(key(after));
}

// The dialog. What follows is used on pages whose search box opens it, and not on the search page.

const label = box.ariaLabel ?? "";
const input = make("input", {
  type: "search",
  name: "q",
  role: "combobox",
  placeholder: box.placeholder,
  "aria-label": label,
  "aria-autocomplete": "list",
  "aria-controls": "finder-list",
  "aria-expanded": "false",
  autocomplete: "off",
  autocapitalize: "off",
  spellcheck: "false",
  enterkeyhint: "search",
});
const list = make("div", { class: "finder-list", id: "finder-list", role: "listbox" });
const head = make("div", { class: "finder-head" });
const tail = make("div", { class: "finder-tail" });
const body = make("div", { class: "finder-body" }, head, list, tail);
const foot = make("div", { class: "finder-foot" });
const status = make("p", { class: "hidden", role: "status" });
const dialog = make("dialog", { class: "finder", "aria-label": label });

/** @type {{ answer: Answer, rows: Row[] } | undefined} */
let shown;
/** The links one can choose from with the arrows, and the one that Enter opens. @type {HTMLElement[]} */
let options = [];
/** @type {HTMLElement | undefined} */
let active;
/** Whether the arrows brought the visitor into the list: only then Home and End belong to it. */
let isInList = false;
let isLiteral = false;
/** Counts what was typed, and says which of it the list answers. */
let turn = 0;
let shownTurn = 0;
let typed = 0;
let saying = 0;
/** Enter, pressed before the answer was there. @type {KeyboardEvent | undefined} */
let entered;

/** Opens the dialog, with what has been typed into a search box already. @param {HTMLInputElement} from */
export function show(from) {
  // Every key typed meanwhile asked for the dialog.
  if (dialog.open) return;
  if (!dialog.isConnected) build();
  dialog.showModal();
  if (from.value) input.value = from.value;
  else input.select();
  from.value = "";
  input.focus();
  update();
}

function build() {
  const close = button(dialog.close.bind(dialog), "finder-close");
  close.append(make("kbd", {}, "Esc"), icon("close"), make("span", { class: "hidden" }, box.dataset.close ?? ""));
  const form = make("form", { class: "finder-form", action: searchPage }, icon("search"), input, close);
  dialog.append(form, body, foot, status);
  document.body.append(dialog);

  form.addEventListener("submit", (event) => event.preventDefault());
  input.addEventListener("input", () => {
    isLiteral = false;
    isInList = false;
    update();
  });
  dialog.addEventListener("keydown", onKey);
  dialog.addEventListener("click", onClick);
  dialog.addEventListener("pointerdown", ({ target }) => target === dialog && dialog.close());
  dialog.addEventListener("close", () => {
    reportNow();
    // Otherwise a phone keeps its keyboard for the box the visitor came from.
    if (matchMedia("(pointer: coarse)").matches) /** @type {HTMLElement} */ (document.activeElement).blur();
  });
  list.addEventListener("pointermove", ({ target }) => {
    const option = linkOf(target);
    if (option && option !== active) activate(option);
  });
  // On phones the keyboard makes room for the list.
  list.addEventListener("touchmove", () => input.blur(), { passive: true });
  watchLinks(list, () => shown);
}

/** @param {() => void} action @param {string} look @param {(Node | string)[]} children */
function button(action, look, ...children) {
  const button = make("button", { type: "button", class: look }, ...children);
  button.addEventListener("click", action);
  return button;
}

/** @param {EventTarget | null} target */
function linkOf(target) {
  return /** @type {Element} */ (target).closest("a");
}

/** @param {KeyboardEvent} event */
function onKey(event) {
  const { key } = event;
  if (event.isComposing) return;
  if (key === "Escape") dialog.close();
  else if (event.target !== input) return;
  else if (key === "ArrowDown") move(1);
  else if (key === "ArrowUp") move(-1);
  else if (isInList && key === "Home") arrive(options[0]);
  else if (isInList && key === "End") arrive(options.at(-1));
  else if (key === "Enter" && shownTurn === turn) follow(event);
  else if (key === "Enter") entered = event;
  else return;
  event.preventDefault();
}

/** A recent search is searched for again; any other link leaves the dialog. @param {MouseEvent} event */
function onClick(event) {
  const link = linkOf(event.target);
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const { query } = link.dataset;
  if (!query) return dialog.close();
  event.preventDefault();
  input.value = query;
  again();
}

function again() {
  input.focus();
  update();
}

/** @param {number} step */
function move(step) {
  const at = active ? options.indexOf(active) : step > 0 ? -1 : 0;
  if (options.length) arrive(options[(at + step + options.length) % options.length]);
}

/** An option reached by keys is brought into view, and headings that came too late for a quiet list are shown.
 * @param {HTMLElement} [option] */
function arrive(option) {
  isInList = true;
  activate(option);
  const row = shown?.rows.find(({ element }) => element.contains(option ?? null));
  if (row?.headings.length) {
    grow(row);
    settle();
  }
  option?.scrollIntoView({ block: "nearest" });
}

/** Enter opens the active option, with a modifier in a new tab.
 * @param {KeyboardEvent} event */
function follow({ ctrlKey, metaKey, shiftKey }) {
  const click = new MouseEvent("click", { bubbles: true, cancelable: true, ctrlKey, metaKey, shiftKey });
  if (active) active.dispatchEvent(click);
  else if (input.value.trim()) location.assign(searchAddress(input.value.trim()));
}

/** @param {HTMLElement} [option] */
function activate(option) {
  active?.setAttribute("aria-selected", "false");
  active = option;
  active?.setAttribute("aria-selected", "true");
  if (active) input.setAttribute("aria-activedescendant", active.id);
  else input.removeAttribute("aria-activedescendant");
}

/** Makes options of all links in the list, and keeps the active one, else takes another.
 * @param {HTMLElement} [other] */
function settle(other) {
  options = [...list.querySelectorAll("a")];
  for (const option of options) {
    option.id ||= `finder-${ids++}`;
    option.role = "option";
    option.tabIndex = -1;
    option.ariaSelected = "false";
  }
  list.hidden = !options.length;
  input.ariaExpanded = String(options.length > 0);
  activate(active?.isConnected ? active : other);
}

/** Asks for what is typed. The last answer stays until the next is there. */
async function update() {
  const mine = ++turn;
  const query = input.value.trim();
  const isCurrent = () => mine === turn;
  entered = undefined;
  typed = performance.now();
  reportLater();
  setBusy(true);
  try {
    const { entry, ask } = await engine();
    if (!isCurrent()) return;
    if (query) await answer(query, { entry, ask }, isCurrent);
    else showStart(entry);
    if (entered && isCurrent()) follow(entered);
  } catch (error) {
    if (isCurrent() && /** @type {Error} */ (error).name !== "AbortError") showFailure(error);
  } finally {
    if (isCurrent()) setBusy(false);
  }
}

/** @param {boolean} isBusy */
function setBusy(isBusy) {
  dialog.classList.toggle("finder-busy", isBusy);
  list.ariaBusy = String(isBusy);
}

/** Shows titles when they are there and excerpts take their time, and then the rest.
 * @param {string} query @param {Search} engine @param {() => boolean} isCurrent */
async function answer(query, { entry, ask }, isCurrent) {
  /** @type {Answer | undefined} */
  let latest;
  const paintLatest = () => isCurrent() && latest && paint(latest, entry);
  let late = 0;
  const take = (/** @type {Answer} */ partial) => {
    latest = partial;
    late ||= setTimeout(paintLatest, PATIENCE);
    if (shownTurn === turn) paintLatest();
  };
  latest = await ask(query, { limit: SHOWN, literal: isLiteral }, take).finally(() => clearTimeout(late));
  paintLatest();
}

/** @param {Answer} answer @param {Entry} entry */
function paint(answer, entry) {
  shownTurn = turn;
  if (shown && isSame(shown.answer, answer)) {
    const mayGrow = !list.matches(":hover") && performance.now() - typed < SETTLED;
    shown.answer = answer;
    for (const [index, hit] of answer.hits.entries()) fill(shown.rows[index], hit, mayGrow);
  } else paintNew(answer, entry);
  settle(shown?.rows[0]?.element.querySelector("a") ?? undefined);
  if (!answer.complete) return;
  announce(summary(answer));
  reportLater(answer);
}

/** @param {Answer} answer @param {Entry} entry */
function paintNew(answer, entry) {
  const rows = answer.hits.map((hit, index) => row(hit, index < answer.pinned));
  const elements = rows.map(({ element }) => element);
  for (const [index, element] of elements.entries()) {
    const title = answer.hits[index].title.join("");
    element.role = "group";
    element.ariaLabel = index < answer.related ? title : `${caption(answer)}: ${title}`;
  }
  const divider = make("div", { class: "found-caption" }, caption(answer));
  if (answer.related < rows.length) elements.splice(answer.related, 0, divider);
  const literally = button(searchLiterally, "found-action");
  const note = answer.corrected ? [correction(answer, literally)] : [];
  const href = searchAddress(answer.query, isLiteral ? { literal: "1" } : {});
  const all = make("a", { href }, sayCount("see_all", answer.total));
  shown = { answer, rows };
  if (rows.length) compose("results", note, elements, [], answer.total > rows.length ? all : everything());
  else compose("suggestions", [...note, nothing(answer)], categories(entry), contact(entry), everything());
}

function searchLiterally() {
  isLiteral = true;
  again();
}

/** Before anything is typed: recent searches, recommended articles, categories. @param {Entry} entry */
function showStart(entry) {
  const recent = stored("searches").map((query) => link(searchAddress(query), "recent", String(query)));
  for (const item of recent) item.dataset.query = item.textContent ?? "";
  const forget = () => {
    store("searches", []);
    again();
  };
  const promoted = entry.promoted.slice(0, 5).map(({ title, url }) => link(url, "promoted", title));
  const groups = [...group("recent", recent), ...group("promoted", promoted), ...categories(entry)];
  shown = undefined;
  shownTurn = turn;
  const forgetting = recent.length ? [button(forget, "found-action", strings.forget)] : [];
  compose("suggestions", forgetting, groups, [], everything());
  announce("");
  settle();
}

/** @param {any} error */
function showFailure(error) {
  if (!error.kind) reportError(error);
  const message = make("p", { role: "alert" }, strings[`error_${error.kind}`] ?? box.dataset.failed ?? "");
  const retry = button(again, "button", box.dataset.retry ?? "");
  shown = undefined;
  const failed = make("div", { class: "finder-none" }, icon("search"), message, retry, everything("button"));
  compose("suggestions", [failed], [], []);
  settle();
}

/** What the dialog shows: something above the list, the list, something below it, and a link at the very end.
 * @param {string} label @param {Node[]} above @param {Node[]} items @param {Node[]} below @param {Node} [end] */
function compose(label, above, items, below, end) {
  head.replaceChildren(...above);
  list.replaceChildren(...items);
  tail.replaceChildren(...below);
  foot.replaceChildren(...(end ? [keys(), end] : []));
  list.ariaLabel = strings[label] ?? "";
  body.scrollTop = 0;
}

/** A labelled group of links that are no results. @param {string} name @param {HTMLElement[]} links */
function group(name, links) {
  const caption = make("div", { class: "found-caption", id: `finder-${name}` }, strings[name]);
  const attributes = { role: "group", class: name, "aria-labelledby": caption.id };
  return links.length ? [make("div", attributes, caption, ...links)] : [];
}

/** @param {Entry} entry */
function categories(entry) {
  return group("topics", entry.categories.map(({ title, url }) => link(url, "section", title)));
}

/** @param {Entry} entry */
function contact({ contact }) {
  return contact ? [make("a", { class: "button", href: contact.url }, contact.title)] : [];
}

/** @param {Answer} answer */
function nothing(answer) {
  const [found, hint] = [make("strong", {}, summary(answer)), make("p", {}, strings.empty_hint)];
  return make("div", { class: "finder-none" }, icon("search"), found, hint);
}

/** The link to the search page, which lists all articles. */
function everything(look = "") {
  return make("a", { class: look, href: searchPage }, box.dataset.all ?? "");
}

function keys() {
  const hints = [["↑↓", "key_move"], ["↵", "key_open"], ["Esc", "key_close"]];
  const texts = hints.map(([key, name]) => make("span", {}, make("kbd", {}, key), " ", strings[name]));
  return make("span", { class: "finder-keys", "aria-hidden": "true" }, ...texts);
}

/** Tells a screen reader, once the visitor pauses. @param {string} text */
function announce(text) {
  clearTimeout(saying);
  saying = setTimeout(() => (status.textContent = text), 600);
}
