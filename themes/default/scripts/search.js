// The search of an open page, for the dialog and for the search page: its engine, started once, and what is remembered
// and reported of a visitor's searches. `search-engine.js` finds; `search-results.js` turns what it found into elements.
// @ts-check

/** @import { Answer, Search } from "./search-engine.js" */
/** @import { Shown } from "./search-results.js" */

/** The page's search box: it knows where the search lies and what it is called. */
export const box = /** @type {HTMLInputElement} */ (document.querySelector("[data-search]"));
export const searchPage = box.form?.action ?? "";
/** A visitor pauses who has typed nothing for so many milliseconds. */
const PAUSE = 1500;

/** The one engine of this page. A failed start is tried again when it is asked for again. */
class Engine {
  /** @type {Promise<Search> | undefined} */
  #opening;
  #attempts = 0;

  get() {
    this.#opening ??= this.#start().catch((error) => {
      this.forget();
      throw error;
    });
    return this.#opening;
  }

  forget() {
    this.#opening = undefined;
  }

  /** @returns {Promise<Search>} */
  async #start() {
    // A script that could not be fetched would not be fetched again from the same address.
    const again = this.#attempts++ ? `&again=${this.#attempts}` : "";
    const { open } = await import(`./search-engine.js${new URL(import.meta.url).search}${again}`);
    return open(new URL(box.dataset.search ?? "", location.href).href);
  }
}

/** Events for a site that counts searches; nothing is sent from here. */
class Reports {
  #pausing = 0;
  #reported = "";
  /** @type {Answer | undefined} */
  #unreported;

  /** Reports an answer when the visitor pauses; without one, what was to be reported is dropped.
   * @param {Answer} [answer] */
  later(answer) {
    clearTimeout(this.#pausing);
    this.#unreported = answer;
    this.#pausing = setTimeout(() => this.now(), PAUSE);
  }

  now() {
    const answer = this.#unreported;
    if (answer && answer.query !== this.#reported) this.#send(answer);
    this.#reported = answer?.query ?? this.#reported;
    this.#unreported = undefined;
  }

  /** @param {Answer} answer @param {string} address @param {number} position from 1 */
  chosen(answer, address, position) {
    this.later();
    this.#send(answer, address, position);
  }

  /** @param {Answer} answer @param {string | null} [chosen] @param {number | null} [position] */
  #send({ query, total, corrected }, chosen = null, position = null) {
    const detail = { query, count: total, corrected, chosen, position };
    document.dispatchEvent(new CustomEvent("guidepost:search", { detail }));
  }
}

export const engine = new Engine();
export const reports = new Reports();

engine.get().catch(() => {});
// The preview says when the index knows what was saved.
addEventListener("guidepost:index", () => engine.forget());

/** @param {string} query @param {Record<string, string>} [more] */
export function searchAddress(query, more = {}) {
  return `${searchPage}?${new URLSearchParams({ q: query, ...more })}`;
}

/** Follows what happens to result links: remembers the search, leaves a note for the page, and reports.
 * @param {HTMLElement} list @param {() => Shown | undefined} shown */
export function watchLinks(list, shown) {
  /** @param {Event} event */
  const chosen = (event) => {
    const link = linkOf(event.target);
    const results = shown();
    const position = results?.rows.findIndex(({ element }) => element.contains(link)) ?? -1;
    if (!link || !results || position < 0) return;
    leaveNote(link, results);
    if (event.type === "contextmenu") return;
    const { query } = results.answer;
    store("searches", [query, ...stored("searches").filter((known) => known !== query)]);
    reports.chosen(results.answer, link.pathname + link.hash, position + 1);
  };
  list.addEventListener("click", chosen);
  list.addEventListener("auxclick", (event) => event.button === 1 && chosen(event));
  list.addEventListener("contextmenu", chosen);
}

/** @param {EventTarget | null} target */
export function linkOf(target) {
  return /** @type {Element} */ (target).closest("a");
}

/** Leaves a note for the page behind a link, whose script marks these words there: in this tab or another, and without
 * the words in its address.
 * @param {HTMLAnchorElement} link @param {Shown} shown */
function leaveNote({ pathname, hash }, { answer: { words, query }, words: { strings } }) {
  const { marked_one, marked_other, mark_next, marks_remove } = strings;
  const to = pathname + hash;
  const note = { to, words, query, time: Date.now(), strings: { marked_one, marked_other, mark_next, marks_remove } };
  store("found", [note, ...stored("found").filter((other) => other.to !== to)]);
}

/** Storage may be closed to us; then nothing is remembered. @param {string} key @returns {any[]} */
export function stored(key) {
  try {
    const list = JSON.parse(localStorage.getItem(key) ?? "[]");
    return Array.isArray(list) ? list : [];
  } catch {
    return [];
  }
}

/** @param {string} key @param {any[]} list */
export function store(key, list) {
  try {
    if (list.length) localStorage.setItem(key, JSON.stringify(list.slice(0, 5)));
    else localStorage.removeItem(key);
  } catch {
    // See `stored`.
  }
}
