// The writer's bar: what one wants to know of the page while writing it, its mistakes, and those of the whole site. It
// stands in a shadow tree of its own, so that the page's styles and it do not touch each other.
// @ts-check

/** @typedef {{ address: string | null, path: string, line: number, column: number }} Place */
/** @typedef {{ severity: string, code: string, message: string, notes: string[], help: string | null, url: string | null,
 *    editor: Place | null, place: null | { path: string, line: number, column: number, length: number, excerpt: string } }} Problem */

const FOLDED = "guidepost:folded";
const SEEN = "guidepost:seen";
const LOST = "The preview has ended. Start it again with `guidepost serve` and this page goes on.";

export class Bar {
  #root;
  #panel;
  #bar;
  #notice;
  #open;
  /** @type {any} */
  #news;
  #showsSite = false;
  #isLost = false;
  /** What went wrong when the reader asked for something. */
  #failure = "";

  /** @param {(place: Place) => void} open Opens a place when the editor is a command. */
  constructor(open) {
    const host = document.createElement("guidepost-preview");
    this.#open = open;
    this.#root = host.attachShadow({ mode: "open" });
    this.#root.append(make("link", { rel: "stylesheet", href: "/_guidepost/preview.css" }));
    this.#notice = make("div", { className: "notice", role: "status", hidden: true });
    this.#panel = make("section", { className: "panel", hidden: true, ariaLabel: "Problems" });
    this.#bar = make("div", { className: "bar", role: "toolbar", ariaLabel: "Preview" });
    this.#root.append(this.#notice, make("div", { className: "dock" }, this.#panel, this.#bar));
    document.documentElement.append(host);
    addEventListener("keydown", (event) => event.key === "Escape" && !this.#panel.hidden && this.#close());
  }

  lose() {
    this.#isLost = true;
    this.#drawNotice();
  }

  find() {
    this.#isLost = false;
    this.#drawNotice();
  }

  /** Tells of something that did not work, until the reader has read it. @param {string} text */
  say(text) {
    this.#failure = text;
    this.#drawNotice();
  }

  /** @param {any} news What the server tells of this page. */
  show(news) {
    this.#news = news;
    const urgent = this.#urgent();
    const isSeen = this.#isSeen(urgent);
    if (urgent.length === 0) {
      if (!this.#showsSite) this.#panel.hidden = true;
    } else if (!isSeen) {
      this.#showsSite = false;
      this.#panel.hidden = false;
    }
    this.#drawNotice();
    this.#drawBar();
    this.#drawPanel();
  }

  /** What stands above the page: the most important thing that it cannot say itself. */
  #drawNotice() {
    const hidden = this.#news?.hidden;
    const parts = this.#isLost ? worded(LOST) : this.#failure ? this.#whyFailed() : hidden ? this.#whyHidden(hidden) : [];
    this.#notice.hidden = parts.length === 0;
    this.#notice.replaceChildren(...parts);
  }

  #whyFailed() {
    const close = make("button", { className: "close", type: "button", ariaLabel: "Close" }, "×");
    close.addEventListener("click", () => this.say(""));
    return [close, ...worded(this.#failure)];
  }

  /** @param {{ source: string, editor: Place | null, why: string }} hidden */
  #whyHidden({ source, editor, why }) {
    const file = editor ? this.#editorLink(editor, source, "Open the file in your editor") : make("code", {}, source);
    return [file, " is not shown: ", ...worded(why)];
  }

  /** What opens the panel by itself. @returns {Problem[]} */
  #urgent() {
    const { failure, blocking, problems } = this.#news;
    const failed = failure ? [problem(failure)] : [];
    return [...failed, ...blocking, ...problems.filter((/** @type {Problem} */ found) => found.severity === "error")];
  }

  /** Whether the panel was closed on all of these. Those of this page that were mended since are urgent when they return.
   * @param {Problem[]} urgent */
  #isSeen(urgent) {
    const keys = urgent.map(key);
    const kept = Object.entries(seen()).filter(([key, path]) => path !== location.pathname || keys.includes(key));
    seen(Object.fromEntries(kept));
    return keys.every((key) => kept.some(([known]) => known === key));
  }

  #close() {
    seen({ ...seen(), ...Object.fromEntries(this.#urgent().map((found) => [key(found), location.pathname])) });
    this.#showsSite = false;
    this.#panel.hidden = true;
    this.#drawBar();
  }

  /** @param {boolean} ofSite */
  #toggle(ofSite) {
    if (!this.#panel.hidden && this.#showsSite === ofSite) return this.#close();
    this.#showsSite = ofSite;
    this.#panel.hidden = false;
    this.#drawBar();
    this.#drawPanel();
  }

  #drawBar() {
    const { page, problems, blocking, failure, site } = this.#news;
    const isFolded = stored(FOLDED) === "yes";
    const fold = make("button", { className: "fold", type: "button", ariaExpanded: String(!isFolded), ariaLabel: isFolded ? "Show the writer’s bar" : "Fold the writer’s bar", title: isFolded ? "Show the writer’s bar" : "Fold" }, isFolded ? "›" : "‹");
    fold.addEventListener("click", () => {
      stored(FOLDED, isFolded ? "no" : "yes");
      this.#drawBar();
      /** @type {HTMLElement | null} */ (this.#root.querySelector(".fold"))?.focus();
    });
    const urgent = blocking.length + (failure ? 1 : 0);
    const own = this.#button(problems.length + urgent, urgent > 0 ? "to mend" : "on this page", [...blocking, ...problems], Boolean(failure), false);
    const parts = [own];
    if (!isFolded) {
      if (page) parts.push(...page.badges.map((/** @type {string} */ badge) => make("span", { className: "badge" }, badge)));
      if (page) parts.push(make("span", { className: "facts" }, facts(page)));
      if (page?.editor) parts.push(this.#editorLink(page.editor, page.source, "Open the file in your editor"));
      const siteText = `${counted(site.errors + site.warnings, "problem")} in the site, ${site.broken_links} in links or pictures`;
      if (site.errors + site.warnings > 0) parts.push(this.#siteButton(siteText));
    }
    this.#bar.replaceChildren(fold, make("div", { className: "parts" }, ...parts));
  }

  /** @param {number} count @param {string} where @param {Problem[]} found @param {boolean} failed @param {boolean} ofSite */
  #button(count, where, found, failed, ofSite) {
    const isBad = failed || found.some((one) => one.severity === "error");
    const className = `problems ${isBad ? "bad" : count > 0 ? "poor" : "good"}`;
    const isOpen = !this.#panel.hidden && this.#showsSite === ofSite;
    const label = count === 0 ? "No problems" : `${counted(count, "problem")} ${where}`;
    const button = make("button", { className, type: "button", disabled: count === 0, ariaExpanded: String(isOpen) }, label);
    button.addEventListener("click", () => this.#toggle(ofSite));
    return button;
  }

  /** @param {string} text */
  #siteButton(text) {
    const isOpen = !this.#panel.hidden && this.#showsSite;
    const button = make("button", { className: "site", type: "button", ariaExpanded: String(isOpen) }, text);
    button.addEventListener("click", () => this.#toggle(true));
    return button;
  }

  #drawPanel() {
    if (this.#panel.hidden) return this.#panel.replaceChildren();
    const { blocking, problems, failure, site } = this.#news;
    const close = make("button", { className: "close", type: "button", ariaLabel: "Close" }, "×");
    close.addEventListener("click", () => this.#close());
    const shown = this.#showsSite ? site.problems : [...(failure ? [problem(failure)] : []), ...blocking, ...problems];
    const isKept = !this.#showsSite && (failure || blocking.length > 0);
    const title = this.#showsSite ? "In the whole site" : isKept ? "Mend this first: the site is shown as it was before" : "On this page";
    const rest = this.#showsSite ? site.errors + site.warnings - site.problems.length : 0;
    const list = make("ol", {}, ...shown.map((/** @type {Problem} */ found) => this.#item(found)));
    this.#panel.replaceChildren(close, make("h2", {}, title), list, rest > 0 ? `and ${rest} more; \`guidepost check --verbose\` lists them all` : "");
  }

  /** @param {Problem} found */
  #item(found) {
    const { place } = found;
    const item = make("li", { className: found.severity });
    const code = found.code ? make("span", { className: "code" }, found.code) : "";
    item.append(make("p", { className: "message" }, make("strong", {}, found.severity), " ", ...worded(found.message), " ", code));
    if (place) {
      const isWhole = place.line === 1 && place.column === 1 && !place.excerpt;
      const name = isWhole ? place.path : `${place.path}:${place.line}:${place.column}`;
      item.append(make("p", { className: "place" }, found.editor ? this.#editorLink(found.editor, name, "Open in your editor") : name, ...this.#pageLink(found)));
      if (place.excerpt) item.append(excerpt(place));
    }
    for (const note of found.notes) item.append(make("p", { className: "note" }, "Note: ", ...worded(note)));
    if (found.help) item.append(make("p", { className: "help" }, "Help: ", ...worded(found.help)));
    return item;
  }

  /** @param {Problem} found */
  #pageLink(found) {
    if (!this.#showsSite || !found.url) return [];
    return [" ", make("a", { href: found.url }, "see the page")];
  }

  /** @param {Place} place @param {string} text @param {string} title */
  #editorLink(place, text, title) {
    if (place.address) return make("a", { className: "source", href: place.address, title }, text);
    const button = make("button", { className: "source", type: "button", title }, text);
    button.addEventListener("click", () => this.#open(place));
    return button;
  }
}

/** @param {string} name @param {Record<string, any>} properties @param {(Node | string)[]} children
 * @returns {HTMLElement} */
function make(name, properties, ...children) {
  const element = Object.assign(document.createElement(name), properties);
  element.append(...children);
  return element;
}

/** Text in which names stand between backticks. @param {string} text */
function worded(text) {
  return text.split("`").map((part, index) => (index % 2 ? make("code", {}, part) : part));
}

/** A problem that has no place. @param {string} message @returns {Problem} */
function problem(message) {
  return { severity: "error", code: "", message, notes: [], help: null, url: null, editor: null, place: null };
}

/** What makes a problem the same one, wherever in its file it stands now. @param {Problem} found */
function key({ code, message, place }) {
  return [code, place?.path, message].join("\n");
}

/** The problems that the reader has closed the panel on, and on which page. They are kept for this tab.
 * @param {Record<string, string>} [value] @returns {Record<string, string>} */
function seen(value) {
  try {
    if (value) sessionStorage.setItem(SEEN, JSON.stringify(value));
    return value ?? JSON.parse(sessionStorage.getItem(SEEN) ?? "{}");
  } catch {
    return value ?? {};
  }
}

/** The line, and under it what is meant. @param {{ excerpt: string, line: number, column: number, length: number }} place */
function excerpt(place) {
  const letters = [...place.excerpt];
  const start = place.column - 1;
  const [before, meant, after] = [letters.slice(0, start), letters.slice(start, start + place.length), letters.slice(start + place.length)];
  return make("pre", {}, make("span", { className: "line" }, `${place.line} `), before.join(""), make("mark", {}, meant.join("") || " "), after.join(""));
}

/** @param {{ words: number, minutes: number, updated: string | null }} page */
function facts(page) {
  const updated = page.updated ? ` · updated ${page.updated}` : "";
  return `${counted(page.words, "word")} · ${page.minutes} min${updated}`;
}

/** @param {number} count @param {string} noun */
function counted(count, noun) {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

/** @param {string} key @param {string} [value] */
function stored(key, value) {
  try {
    if (value === undefined) return localStorage.getItem(key);
    localStorage.setItem(key, value);
  } catch {
    return null;
  }
}
