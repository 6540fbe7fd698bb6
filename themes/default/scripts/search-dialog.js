// The search dialog, fetched when a visitor reaches for the search on any page but the search page.
// @ts-check

/** @import { Answer, Entry, Search } from "./search-engine.js" */
/** @import { Shown, Words } from "./search-results.js" */

const version = new URL(import.meta.url).search;
/** @type {[typeof import("./search.js"), typeof import("./search-results.js")]} */
const [search, results] = await Promise.all([import(`./search.js${version}`), import(`./search-results.js${version}`)]);
const { box, engine, linkOf, reports, searchAddress, searchPage } = search;
const { correction, fill, grow, icon, isSame, link, make, row } = results;

const SHOWN = 8;
/** Excerpts that come sooner than this, in milliseconds, are waited for, so that all appears at once. */
const PATIENCE = 120;
/** So long after a key, rows may still grow by headings. Later, nothing moves that a visitor may be about to press. */
const SETTLED = 400;
/** What a screen reader is told waits so long for the visitor to pause. */
const QUIET = 600;

/** The links of a list, which one chooses from with the arrows while the focus stays in the box. */
class Options {
  /** @type {HTMLElement[]} */
  #links = [];
  #made = 0;
  /** The one that Enter opens. @type {HTMLElement | undefined} */
  active;
  /** Whether the arrows brought the visitor into the list: only then Home and End belong to it. */
  isInList = false;

  /** @param {HTMLInputElement} input @param {HTMLElement} list */
  constructor(input, list) {
    this.input = input;
    this.list = list;
  }

  first() {
    return this.#links[0];
  }

  last() {
    return this.#links.at(-1);
  }

  /** The option so many steps on; before the first comes the last. @param {number} step */
  next(step) {
    const at = this.active ? this.#links.indexOf(this.active) : step > 0 ? -1 : 0;
    return this.#links[(at + step + this.#links.length) % this.#links.length];
  }

  /** Makes options of all links in the list, and keeps the active one, else takes another.
   * @param {HTMLElement} [other] */
  collect(other) {
    this.#links = [...this.list.querySelectorAll("a")];
    for (const option of this.#links) {
      option.id ||= `finder-${this.#made++}`;
      option.role = "option";
      option.tabIndex = -1;
      option.ariaSelected = "false";
    }
    this.list.hidden = !this.#links.length;
    this.input.ariaExpanded = String(this.#links.length > 0);
    this.activate(this.active?.isConnected ? this.active : other);
  }

  /** @param {HTMLElement} [option] */
  activate(option) {
    this.active?.setAttribute("aria-selected", "false");
    this.active = option;
    option?.setAttribute("aria-selected", "true");
    if (option) this.input.setAttribute("aria-activedescendant", option.id);
    else this.input.removeAttribute("aria-activedescendant");
  }
}

class Dialog {
  words = new results.Words({});
  input = make("input", {
    type: "search",
    name: "q",
    role: "combobox",
    placeholder: box.placeholder,
    "aria-label": box.ariaLabel ?? "",
    "aria-autocomplete": "list",
    "aria-controls": "finder-list",
    "aria-expanded": "false",
    autocomplete: "off",
    autocapitalize: "off",
    spellcheck: "false",
    enterkeyhint: "search",
  });
  list = make("div", { class: "finder-list", id: "finder-list", role: "listbox" });
  head = make("div", { class: "finder-head" });
  tail = make("div", { class: "finder-tail" });
  body = make("div", { class: "finder-body" }, this.head, this.list, this.tail);
  foot = make("div", { class: "finder-foot" });
  status = make("p", { class: "hidden", role: "status" });
  element = make("dialog", { class: "finder", "aria-label": box.ariaLabel ?? "" });
  options = new Options(this.input, this.list);

  /** @type {Shown | undefined} */
  shown;
  isLiteral = false;
  /** Counts what was typed, and says which of it the list answers. */
  turn = 0;
  shownTurn = 0;
  /** When the last key was pressed. */
  typed = 0;
  /** The timer of what a screen reader is told. */
  saying = 0;
  /** Enter, pressed before the answer was there. @type {KeyboardEvent | undefined} */
  entered;

  /** Opens it, with what has been typed into a search box already. @param {HTMLInputElement} from */
  show(from) {
    // Every key typed meanwhile asked for the dialog.
    if (this.element.open) return;
    if (!this.element.isConnected) this.build();
    this.element.showModal();
    if (from.value) this.input.value = from.value;
    else this.input.select();
    from.value = "";
    this.again();
  }

  build() {
    const close = button(() => this.element.close(), "finder-close");
    close.append(make("kbd", {}, "Esc"), icon("close"), make("span", { class: "hidden" }, box.dataset.close ?? ""));
    const form = make("form", { class: "finder-form", action: searchPage }, icon("search"), this.input, close);
    this.element.append(form, this.body, this.foot, this.status);
    document.body.append(this.element);

    form.addEventListener("submit", (event) => event.preventDefault());
    this.input.addEventListener("input", () => {
      this.isLiteral = false;
      this.options.isInList = false;
      this.update();
    });
    this.element.addEventListener("keydown", (event) => this.onKey(event));
    this.element.addEventListener("click", (event) => this.onClick(event));
    this.element.addEventListener("pointerdown", ({ target }) => target === this.element && this.element.close());
    this.element.addEventListener("close", () => {
      reports.now();
      // Otherwise a phone keeps its keyboard for the box the visitor came from.
      if (matchMedia("(pointer: coarse)").matches) /** @type {HTMLElement} */ (document.activeElement).blur();
    });
    this.list.addEventListener("pointermove", ({ target }) => {
      const option = linkOf(target);
      if (option && option !== this.options.active) this.options.activate(option);
    });
    // On phones the keyboard makes room for the list.
    this.list.addEventListener("touchmove", () => this.input.blur(), { passive: true });
    search.watchLinks(this.list, () => this.shown);
  }

  /** @param {KeyboardEvent} event */
  onKey(event) {
    const { key } = event;
    const { options } = this;
    if (event.isComposing) return;
    if (key === "Escape") this.element.close();
    else if (event.target !== this.input) return;
    else if (key === "ArrowDown") this.arrive(options.next(1));
    else if (key === "ArrowUp") this.arrive(options.next(-1));
    else if (options.isInList && key === "Home") this.arrive(options.first());
    else if (options.isInList && key === "End") this.arrive(options.last());
    else if (key === "Enter" && this.shownTurn === this.turn) this.follow(event);
    else if (key === "Enter") this.entered = event;
    else return;
    event.preventDefault();
  }

  /** A recent search is searched for again; any other link leaves the dialog. @param {MouseEvent} event */
  onClick(event) {
    const link = linkOf(event.target);
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const { query } = link.dataset;
    if (!query) return this.element.close();
    event.preventDefault();
    this.input.value = query;
    this.again();
  }

  again() {
    this.input.focus();
    this.update();
  }

  /** An option reached by keys is brought into view, and headings that came too late for a quiet list are shown.
   * @param {HTMLElement} [option] */
  arrive(option) {
    if (!option) return;
    this.options.isInList = true;
    this.options.activate(option);
    const row = this.shown?.rows.find(({ element }) => element.contains(option));
    if (row?.headings.length) {
      grow(row);
      this.options.collect();
    }
    option.scrollIntoView({ block: "nearest" });
  }

  /** Enter opens the active option, with a modifier in a new tab.
   * @param {KeyboardEvent} event */
  follow({ ctrlKey, metaKey, shiftKey }) {
    const click = new MouseEvent("click", { bubbles: true, cancelable: true, ctrlKey, metaKey, shiftKey });
    const query = this.input.value.trim();
    if (this.options.active) this.options.active.dispatchEvent(click);
    else if (query) location.assign(searchAddress(query));
  }

  /** Asks for what is typed. The last answer stays until the next is there. */
  async update() {
    const mine = ++this.turn;
    const query = this.input.value.trim();
    const isCurrent = () => mine === this.turn;
    this.entered = undefined;
    this.typed = performance.now();
    reports.later();
    this.setBusy(true);
    try {
      const opened = await engine.get();
      this.words = new results.Words(opened.entry.strings);
      if (!isCurrent()) return;
      if (query) await this.answer(query, opened, isCurrent);
      else this.showStart(opened.entry);
      if (this.entered && isCurrent()) this.follow(this.entered);
    } catch (error) {
      if (isCurrent() && /** @type {Error} */ (error).name !== "AbortError") this.showFailure(error);
    } finally {
      if (isCurrent()) this.setBusy(false);
    }
  }

  /** @param {boolean} isBusy */
  setBusy(isBusy) {
    this.element.classList.toggle("finder-busy", isBusy);
    this.list.ariaBusy = String(isBusy);
  }

  /** Shows titles when they are there and excerpts take their time, and then the rest.
   * @param {string} query @param {Search} opened @param {() => boolean} isCurrent */
  async answer(query, { entry, ask }, isCurrent) {
    /** @type {Answer | undefined} */
    let latest;
    const paintLatest = () => isCurrent() && latest && this.paint(latest, entry);
    let late = 0;
    const take = (/** @type {Answer} */ partial) => {
      latest = partial;
      late ||= setTimeout(paintLatest, PATIENCE);
      if (this.shownTurn === this.turn) paintLatest();
    };
    latest = await ask(query, { limit: SHOWN, literal: this.isLiteral }, take).finally(() => clearTimeout(late));
    paintLatest();
  }

  /** @param {Answer} answer @param {Entry} entry */
  paint(answer, entry) {
    this.shownTurn = this.turn;
    if (this.shown && isSame(this.shown.answer, answer)) {
      const mayGrow = !this.list.matches(":hover") && performance.now() - this.typed < SETTLED;
      this.shown.answer = answer;
      for (const [index, hit] of answer.hits.entries()) fill(this.shown.rows[index], hit, mayGrow);
    } else this.paintNew(answer, entry);
    this.options.collect(this.shown?.rows[0]?.element.querySelector("a") ?? undefined);
    if (!answer.complete) return;
    this.announce(this.words.summary(answer));
    reports.later(answer);
  }

  /** @param {Answer} answer @param {Entry} entry */
  paintNew(answer, entry) {
    const { words } = this;
    const rows = answer.hits.map((hit, index) => row(words, hit, index < answer.pinned));
    this.shown = { answer, rows, words };
    const literally = button(() => this.searchLiterally(), "found-action");
    const note = answer.corrected ? [correction(words, answer, literally)] : [];
    if (rows.length) return this.compose("results", note, rowsOf(this.shown), [], this.rest(this.shown));
    const above = [...note, nothing(words, answer)];
    this.compose("suggestions", above, categories(words, entry), contact(entry), everything());
  }

  /** The link to all results, or to all articles when none is left. @param {Shown} shown */
  rest({ answer, rows, words }) {
    if (answer.total <= rows.length) return everything();
    const href = searchAddress(answer.query, this.isLiteral ? { literal: "1" } : {});
    return make("a", { href }, words.sayCount("see_all", answer.total));
  }

  searchLiterally() {
    this.isLiteral = true;
    this.again();
  }

  /** Before anything is typed: recent searches, recommended articles, categories. @param {Entry} entry */
  showStart(entry) {
    const { words } = this;
    const recent = search.stored("searches").map((query) => link(searchAddress(query), "recent", String(query)));
    for (const item of recent) item.dataset.query = item.textContent ?? "";
    const forget = () => {
      search.store("searches", []);
      this.again();
    };
    const promoted = entry.promoted.slice(0, 5).map(({ title, url }) => link(url, "promoted", title));
    const groups = [
      ...group(words, "recent", recent),
      ...group(words, "promoted", promoted),
      ...categories(words, entry),
    ];
    this.shown = undefined;
    this.shownTurn = this.turn;
    const forgetting = recent.length ? [button(forget, "found-action", words.strings.forget)] : [];
    this.compose("suggestions", forgetting, groups, [], everything());
    this.announce("");
    this.options.collect();
  }

  /** @param {any} error */
  showFailure(error) {
    if (!error.kind) reportError(error);
    const text = this.words.strings[`error_${error.kind}`] ?? box.dataset.failed ?? "";
    const message = make("p", { role: "alert" }, text);
    const retry = button(() => this.again(), "button", box.dataset.retry ?? "");
    this.shown = undefined;
    const failed = make("div", { class: "finder-none" }, icon("search"), message, retry, everything("button"));
    this.compose("suggestions", [failed], [], []);
    this.options.collect();
  }

  /** What the dialog shows: something above the list, the list, something below it, and a link at the very end.
   * @param {string} label @param {Node[]} above @param {Node[]} items @param {Node[]} below @param {Node} [end] */
  compose(label, above, items, below, end) {
    this.head.replaceChildren(...above);
    this.list.replaceChildren(...items);
    this.tail.replaceChildren(...below);
    this.foot.replaceChildren(...(end ? [keys(this.words), end] : []));
    this.list.ariaLabel = this.words.strings[label] ?? "";
    this.body.scrollTop = 0;
  }

  /** Tells a screen reader, once the visitor pauses. @param {string} text */
  announce(text) {
    clearTimeout(this.saying);
    this.saying = setTimeout(() => (this.status.textContent = text), QUIET);
  }
}

const dialog = new Dialog();

/** @param {HTMLInputElement} from */
export function show(from) {
  dialog.show(from);
}

/** @param {() => void} action @param {string} look @param {(Node | string)[]} children */
function button(action, look, ...children) {
  const button = make("button", { type: "button", class: look }, ...children);
  button.addEventListener("click", action);
  return button;
}

/** The rows as a list box wants them: named groups, with a line before those that match only loosely.
 * @param {Shown} shown */
function rowsOf({ answer, rows, words }) {
  const elements = rows.map(({ element }) => element);
  for (const [index, element] of elements.entries()) {
    const title = answer.hits[index].title.join("");
    element.role = "group";
    element.ariaLabel = index < answer.related ? title : `${words.caption(answer)}: ${title}`;
  }
  const divider = make("div", { class: "found-caption" }, words.caption(answer));
  if (answer.related < rows.length) elements.splice(answer.related, 0, divider);
  return elements;
}

/** A labelled group of links that are no results.
 * @param {Words} words @param {string} name @param {HTMLElement[]} links */
function group({ strings }, name, links) {
  const caption = make("div", { class: "found-caption", id: `finder-${name}` }, strings[name]);
  const attributes = { role: "group", class: name, "aria-labelledby": caption.id };
  return links.length ? [make("div", attributes, caption, ...links)] : [];
}

/** @param {Words} words @param {Entry} entry */
function categories(words, entry) {
  return group(words, "topics", entry.categories.map(({ title, url }) => link(url, "section", title)));
}

/** @param {Entry} entry */
function contact({ contact }) {
  return contact ? [make("a", { class: "button", href: contact.url }, contact.title)] : [];
}

/** @param {Words} words @param {Answer} answer */
function nothing(words, answer) {
  const [found, hint] = [make("strong", {}, words.summary(answer)), make("p", {}, words.strings.empty_hint)];
  return make("div", { class: "finder-none" }, icon("search"), found, hint);
}

/** The link to the search page, which lists all articles. */
function everything(look = "") {
  return make("a", { class: look, href: searchPage }, box.dataset.all ?? "");
}

/** @param {Words} words */
function keys({ strings }) {
  const hints = [["↑↓", "key_move"], ["↵", "key_open"], ["Esc", "key_close"]];
  const texts = hints.map(([key, name]) => make("span", {}, make("kbd", {}, key), " ", strings[name]));
  return make("span", { class: "finder-keys", "aria-hidden": "true" }, ...texts);
}
