// The search dialog, fetched when a visitor reaches for the search. `search-engine.js` finds; what it found is turned into
// elements here, for the search page too.
// @ts-check

/** @typedef {import("./search-engine.js").Answer} Answer */
/** @typedef {import("./search-engine.js").Entry} Entry */
/** @typedef {import("./search-engine.js").Hit} Hit */
/** @typedef {import("./search-engine.js").Pieces} Pieces */
/** @typedef {import("./search-engine.js").Request} Request */
/** @typedef {{ entry: Entry, ask: (query: string, request: Request, onAnswer: (answer: Answer) => void) => Promise<Answer> }} Engine */
/** @typedef {{ element: HTMLElement, excerpt: HTMLElement, url: string, headings: Hit["headings"] }} Row  `headings` that are not shown yet */

/** The page's search box: it knows where the search lies and what it is called. */
const box = /** @type {HTMLInputElement} */ (document.querySelector("[data-search]"));
const searchPage = box.form?.action ?? "";
const version = new URL(import.meta.url).search;
const SHOWN = 8;
/** Excerpts that come sooner than this, in milliseconds, are waited for, so that all appears at once. */
const PATIENCE = 80;
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
  category: "M3.5 6h6l2 2.5h9V19h-17z",
  promoted: "m12 3.5 2.6 5.5 6 .8-4.4 4.2 1.1 6-5.3-2.9L6.7 20l1.1-6-4.4-4.2 6-.8z",
  search: "M10.5 4a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13zm5 11.5 5 5",
  close: "m6 6 12 12M18 6 6 18",
};

/** @type {Promise<Engine> | undefined} */
let opening;
let attempts = 0;
let ids = 0;
/** Words of the interface; they come with the search's first file. @type {Record<string, string>} */
let strings = {};

engine().catch(() => {});

/** The one engine of this page. A failed start is tried again when it is asked for again. */
export function engine() {
  opening ??= start().catch((error) => {
    opening = undefined;
    throw error;
  });
  return opening;
}

/** @returns {Promise<Engine>} */
async function start() {
  // A script that could not be fetched would not be fetched again from the same address.
  const again = attempts++ ? `&again=${attempts}` : "";
  const module = await import(`./search-engine.js${version}${again}`);
  const opened = await module.open(new URL(box.dataset.search ?? "", location.href).href);
  strings = opened.entry.strings;
  return opened;
}

/** @param {string} tag @param {Record<string, string>} [attributes] @param {(Node | string)[]} children */
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
 * @param {string} name @param {Record<string, Node | string | number>} [values] */
export function say(name, values = {}) {
  const part = (/** @type {string} */ text) => values[text.slice(1, -1)] ?? text;
  return (strings[name] ?? "").split(/(\{\w+\})/).map((text) => {
    const value = part(text);
    return value instanceof Node ? value : String(value);
  });
}

/** @param {string} name @param {number} count @param {Record<string, string>} [values] */
export function sayCount(name, count, values) {
  return say(`${name}_${count === 1 ? "one" : "other"}`, { count, ...values }).join("");
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
  const kind = hit.kind === "article" ? [] : [strings[`kind_${hit.kind}`] ?? hit.kind];
  const place = [...(isPinned ? [strings.pinned] : []), ...kind, hit.breadcrumb.join(" › ")].filter(Boolean).join(" · ");
  const excerpt = make("span", { class: "found-excerpt" });
  const title = make("span", { class: "found-title" }, ...marked(hit.title));
  const main = link(hit.url, hit.kind, title, make("span", { class: "found-place" }, place), excerpt);
  const made = { element: make("div", { class: "found" }, main), excerpt, url: hit.url, headings: [] };
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
  return strings[related ? "related" : "nearest"] ?? "";
}

/** "Showing results for …", with a way to what was typed.
 * @param {Answer} answer @param {HTMLElement} literally */
export function correction(answer, literally) {
  literally.append(...say("literal", { query: answer.query }));
  return make("p", { class: "found-note" }, ...say("corrected", { query: make("strong", {}, answer.corrected ?? "") }), " ", literally);
}

/** @param {string} query @param {Record<string, string>} [more] */
export function searchAddress(query, more = {}) {
  return `${searchPage}?${new URLSearchParams({ q: query, ...more })}`;
}

/** For a site that counts searches; nothing is sent from here.
 * @param {Answer} answer @param {string | null} [chosen] @param {number | null} [position] */
export function report({ query, total, corrected }, chosen = null, position = null) {
  const detail = { query, count: total, corrected, chosen, position };
  document.dispatchEvent(new CustomEvent("guidepost:search", { detail }));
}

/** Tells of a search when the visitor pauses, once. */
export function pauses() {
  let timer = 0;
  let told = "";
  /** @type {Answer | undefined} */
  let pending;
  const tell = () => {
    clearTimeout(timer);
    if (pending && pending.query !== told) report(pending);
    told = pending?.query ?? told;
    pending = undefined;
  };
  return {
    tell,
    /** @param {Answer} [answer] */
    wait(answer) {
      clearTimeout(timer);
      pending = answer;
      timer = setTimeout(tell, PAUSE);
    },
  };
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
  const note = { to: pathname + hash, words, query, time: Date.now(), strings: { marked_one, marked_other, mark_next, marks_remove } };
  store("found", [note, ...stored("found").filter(({ to }) => to !== note.to)]);
}

/** Follows what happens to result links: remembers the search, leaves a note for the page, and reports.
 * @param {HTMLElement} list @param {ReturnType<typeof pauses>} pause
 * @param {() => { answer: Answer, rows: Row[] } | undefined} shown */
export function watchLinks(list, pause, shown) {
  /** @param {Event} event */
  const chosen = (event) => {
    const link = /** @type {HTMLAnchorElement | null} */ (/** @type {Element} */ (event.target).closest(".found a"));
    const { answer, rows } = shown() ?? {};
    const position = rows?.findIndex(({ element }) => element.contains(link)) ?? -1;
    if (!link || !answer || position < 0) return;
    leaveNote(link, answer);
    if (event.type === "contextmenu") return;
    remember(answer.query);
    pause.wait();
    report(answer, link.pathname + link.hash, position + 1);
  };
  list.addEventListener("click", chosen);
  list.addEventListener("auxclick", (event) => event.button === 1 && chosen(event));
  list.addEventListener("contextmenu", chosen);
}

/** @param {string} query */
export function remember(query) {
  store("searches", [query, ...stored("searches").filter((known) => known !== query)]);
}

/** Whether an answer only adds to another. @param {Answer} before @param {Answer} after */
export function isSame(before, after) {
  const key = (/** @type {Answer} */ { query, corrected, hits }) => JSON.stringify([query, corrected, hits.map(({ url }) => url)]);
  return key(before) === key(after);
}

/** @type {ReturnType<typeof dialog> | undefined} */
let made;

/** Opens the dialog, with what has been typed into a search box already. @param {HTMLInputElement} from */
export function show(from) {
  made ??= dialog();
  made.open(from.value);
  from.value = "";
}

function dialog() {
  const list = make("div", { class: "finder-list", id: "finder-list", role: "listbox" });
  const input = /** @type {HTMLInputElement} */ (
    make("input", {
      type: "search",
      name: "q",
      role: "combobox",
      placeholder: box.placeholder,
      "aria-label": box.ariaLabel ?? "",
      "aria-autocomplete": "list",
      "aria-controls": list.id,
      "aria-expanded": "false",
      autocomplete: "off",
      autocapitalize: "off",
      spellcheck: "false",
      enterkeyhint: "search",
      maxlength: "200",
    })
  );
  const close = make("button", { type: "button", class: "finder-close" });
  close.append(make("kbd", {}, "Esc"), icon("close"), make("span", { class: "hidden" }, box.dataset.close ?? ""));
  const form = make("form", { class: "finder-form", action: searchPage }, icon("search"), input, close);
  const head = make("div", { class: "finder-head" });
  const tail = make("div", { class: "finder-tail" });
  const body = make("div", { class: "finder-body" }, head, list, tail);
  const foot = make("div", { class: "finder-foot" });
  const status = make("p", { class: "hidden", role: "status" });
  const root = /** @type {HTMLDialogElement} */ (
    make("dialog", { class: "finder", "aria-label": box.ariaLabel ?? "" }, form, body, foot, status)
  );
  document.body.append(root);

  /** @type {{ answer: Answer, rows: Row[] } | undefined} */
  let shown;
  /** @type {HTMLElement[]} */
  let options = [];
  /** @type {HTMLElement | undefined} */
  let active;
  let isLiteral = false;
  /** Whether the arrows brought the visitor into the list. */
  let isInList = false;
  let turn = 0;
  let shownTurn = 0;
  let typed = 0;
  /** Enter, pressed before the answer was there. @type {KeyboardEvent | undefined} */
  let entered;
  let saying = 0;
  const pause = pauses();

  /** @param {string} text */
  const announce = (text) => {
    clearTimeout(saying);
    saying = setTimeout(() => (status.textContent = text), 600);
  };

  /** @param {HTMLElement} [option] */
  const activate = (option, isSeen = false) => {
    active?.setAttribute("aria-selected", "false");
    active = option;
    active?.setAttribute("aria-selected", "true");
    if (active) input.setAttribute("aria-activedescendant", active.id);
    else input.removeAttribute("aria-activedescendant");
    if (!isSeen) active?.scrollIntoView({ block: "nearest" });
  };

  /** Makes options of all links in the list, and keeps the active one. */
  const settle = (/** @type {HTMLElement | undefined} */ preferred = undefined) => {
    options = /** @type {HTMLElement[]} */ ([...list.querySelectorAll("a")]);
    for (const option of options) {
      option.id ||= `finder-${ids++}`;
      option.role = "option";
      option.tabIndex = -1;
      option.ariaSelected = "false";
    }
    list.hidden = !options.length;
    input.setAttribute("aria-expanded", String(options.length > 0));
    activate(active?.isConnected ? active : preferred, true);
  };

  /** A labelled group of links that are no results. @param {string} name @param {HTMLElement[]} links */
  const group = (name, links) => {
    const caption = make("div", { class: "found-caption", id: `finder-${name}` }, strings[name] ?? "");
    return links.length ? [make("div", { role: "group", class: name, "aria-labelledby": caption.id }, caption, ...links)] : [];
  };

  const categories = (/** @type {Entry} */ entry) =>
    group("topics", entry.categories.map(({ title, url }) => link(url, "category", title)));

  const contact = (/** @type {Entry} */ { contact }) =>
    contact ? [make("a", { class: "button", href: contact.url }, contact.label)] : [];

  const everything = (look = "") => make("a", { class: look, href: searchPage }, box.dataset.all ?? "");

  const keys = () => {
    const hints = [["↑↓", "key_move"], ["↵", "key_open"], ["Esc", "key_close"]];
    const texts = hints.map(([key, name]) => make("span", {}, make("kbd", {}, key), " ", strings[name] ?? ""));
    return make("span", { class: "finder-keys", "aria-hidden": "true" }, ...texts);
  };

  /** Before anything is typed: recent searches, recommended articles, categories. @param {Entry} entry */
  const showStart = (entry) => {
    shown = undefined;
    shownTurn = turn;
    const recent = stored("searches").map((query) => link(searchAddress(query), "recent", String(query)));
    for (const item of recent) item.dataset.query = item.textContent ?? "";
    const forget = make("button", { type: "button", class: "found-action" }, strings.forget ?? "");
    forget.addEventListener("click", () => {
      store("searches", []);
      showStart(entry);
      input.focus();
    });
    head.replaceChildren(...(recent.length ? [forget] : []));
    const promoted = entry.promoted.slice(0, 5).map(({ title, url }) => link(url, "promoted", title));
    list.replaceChildren(...group("recent", recent), ...group("promoted", promoted), ...categories(entry));
    list.ariaLabel = strings.suggestions ?? "";
    tail.replaceChildren();
    foot.replaceChildren(keys(), everything());
    body.scrollTop = 0;
    announce("");
    settle();
  };

  /** @param {Answer} answer @param {Entry} entry */
  const paint = (answer, entry) => {
    shownTurn = turn;
    if (shown && isSame(shown.answer, answer)) {
      const { rows } = shown;
      shown.answer = answer;
      const mayGrow = !list.matches(":hover") && performance.now() - typed < SETTLED;
      for (const [index, hit] of answer.hits.entries()) fill(rows[index], hit, mayGrow);
    } else paintNew(answer, entry);
    settle(options[0] ?? list.querySelector(".found a") ?? undefined);
    if (!answer.complete) return;
    announce(summary(answer));
    pause.wait(answer);
  };

  /** @param {Answer} answer @param {Entry} entry */
  const paintNew = (answer, entry) => {
    const rows = answer.hits.map((hit, index) => row(hit, index < answer.pinned));
    for (const [index, { element }] of rows.entries()) {
      const isRelated = index >= answer.related;
      const title = answer.hits[index].title.join("");
      element.role = "group";
      element.ariaLabel = isRelated ? `${caption(answer)}: ${title}` : title;
    }
    shown = { answer, rows };
    options = [];
    head.replaceChildren(...notes(answer));
    list.ariaLabel = strings[rows.length ? "results" : "suggestions"] ?? "";
    const elements = rows.map(({ element }) => element);
    const divider = make("div", { class: "found-caption" }, caption(answer));
    if (answer.related < rows.length) elements.splice(answer.related, 0, divider);
    list.replaceChildren(...elements, ...(rows.length ? [] : categories(entry)));
    tail.replaceChildren(...(rows.length ? [] : contact(entry)));
    const all = make("a", { href: searchAddress(answer.query, isLiteral ? { literal: "1" } : {}) }, sayCount("see_all", answer.total));
    foot.replaceChildren(keys(), answer.total > rows.length ? all : everything());
    body.scrollTop = 0;
  };

  /** What stands above the results. @param {Answer} answer */
  const notes = (answer) => {
    const literally = make("button", { type: "button", class: "found-action" });
    literally.addEventListener("click", () => {
      isLiteral = true;
      input.focus();
      update();
    });
    const none = () => make("div", { class: "finder-none" }, icon("search"), make("strong", {}, summary(answer)), make("p", {}, strings.empty_hint ?? ""));
    return [...(answer.corrected ? [correction(answer, literally)] : []), ...(answer.hits.length ? [] : [none()])];
  };

  /** @param {any} error */
  const showFailure = (error) => {
    shown = undefined;
    const retry = make("button", { type: "button", class: "button" }, box.dataset.retry ?? "");
    retry.addEventListener("click", () => {
      input.focus();
      update();
    });
    const message = make("p", { role: "alert" }, strings[`error_${error.kind}`] ?? box.dataset.failed ?? "");
    head.replaceChildren(make("div", { class: "finder-none" }, icon("search"), message, retry, everything("button")));
    list.replaceChildren();
    tail.replaceChildren();
    foot.replaceChildren();
    settle();
  };

  const update = async () => {
    const mine = ++turn;
    const text = input.value.trim();
    const isCurrent = () => mine === turn;
    let late = 0;
    entered = undefined;
    typed = performance.now();
    pause.wait();
    root.dataset.busy = "";
    list.ariaBusy = "true";
    try {
      const { entry, ask } = await engine();
      if (!isCurrent()) return;
      if (!text) return showStart(entry);
      /** @type {Answer | undefined} */
      let latest;
      const answer = await ask(text, { limit: SHOWN, literal: isLiteral }, (partial) => {
        latest = partial;
        late ||= setTimeout(() => latest && isCurrent() && paint(latest, entry), PATIENCE);
        if (shown?.answer.query === partial.query && isCurrent()) paint(partial, entry);
      });
      clearTimeout(late);
      if (!isCurrent()) return;
      paint(answer, entry);
      if (entered) follow(entered);
    } catch (error) {
      clearTimeout(late);
      if (isCurrent() && /** @type {Error} */ (error).name !== "AbortError") showFailure(error);
    } finally {
      if (isCurrent()) {
        delete root.dataset.busy;
        list.ariaBusy = "false";
      }
    }
  };

  /** Enter opens the active option, with a modifier in a new tab. @param {KeyboardEvent | MouseEvent} event */
  const follow = ({ ctrlKey, metaKey, shiftKey }) => {
    entered = undefined;
    if (active) active.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true, ctrlKey, metaKey, shiftKey }));
    else if (input.value.trim()) location.assign(searchAddress(input.value.trim()));
  };

  /** @param {number} step */
  const move = (step) => {
    if (!options.length) return;
    const at = active ? options.indexOf(active) : step > 0 ? -1 : 0;
    isInList = true;
    activate(options[(at + step + options.length) % options.length]);
    const row = shown?.rows.find(({ element }) => active && element.contains(active));
    if (!row?.headings.length) return;
    grow(row);
    settle();
  };

  input.addEventListener("input", () => {
    isLiteral = false;
    isInList = false;
    update();
  });
  form.addEventListener("submit", (event) => event.preventDefault());
  root.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.key === "Escape") {
      event.preventDefault();
      return root.close();
    }
    if (event.target !== input) return;
    const steps = { ArrowDown: 1, ArrowUp: -1 };
    const step = steps[/** @type {keyof typeof steps} */ (event.key)];
    const isEnd = isInList && (event.key === "Home" || event.key === "End");
    if (event.key === "Enter") {
      if (shownTurn === turn) follow(event);
      else entered = event;
    } else if (step) move(step);
    else if (isEnd) activate(options.at(event.key === "Home" ? 0 : -1));
    else return;
    event.preventDefault();
  });
  list.addEventListener("pointermove", ({ target }) => {
    const option = /** @type {HTMLElement | null} */ (/** @type {Element} */ (target).closest("a"));
    if (option && option !== active) activate(option, true);
  });
  // On phones the keyboard makes room for the list.
  list.addEventListener("touchmove", () => input.blur(), { passive: true });
  watchLinks(list, pause, () => shown);
  root.addEventListener("click", (event) => {
    const link = /** @type {HTMLAnchorElement | null} */ (/** @type {Element} */ (event.target).closest("a"));
    const isPlain = !event.ctrlKey && !event.metaKey && !event.shiftKey;
    if (link?.dataset.query && isPlain) {
      event.preventDefault();
      input.value = link.dataset.query;
      update();
      input.focus();
    } else if (link && isPlain) root.close();
  });
  root.addEventListener("pointerdown", (event) => event.target === root && root.close());
  root.addEventListener("close", () => {
    pause.tell();
    // Otherwise the phone's keyboard would stay for the box the visitor came from.
    if (matchMedia("(pointer: coarse)").matches) /** @type {HTMLElement} */ (document.activeElement).blur();
  });
  close.addEventListener("click", () => root.close());

  return {
    /** @param {string} text */
    open(text) {
      if (!root.open) root.showModal();
      if (text) input.value = text;
      input.focus();
      if (!text) input.select();
      update();
    },
  };
}
