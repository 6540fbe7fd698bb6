// The search page. Its address says what is searched for, so that it can be shared; without a search, and when
// searching is not possible, it lists every article.
// @ts-check

/** @import { Answer } from "./search-engine.js" */
/** @import { Row, Shown, Words } from "./search-results.js" */
/** @typedef {typeof import("./search.js") & typeof import("./search-results.js")} Search */

const input = /** @type {HTMLInputElement} */ (document.querySelector("main [data-search]"));
const status = /** @type {HTMLElement} */ (document.querySelector(".search-status"));
const found = /** @type {HTMLElement} */ (document.querySelector(".search-found"));
const list = /** @type {HTMLElement} */ (document.querySelector(".search-all"));
const empty = /** @type {HTMLElement} */ (document.querySelector(".search-empty"));
const { textContent: hint } = status;
const { title } = document;
const STEP = 20;
/** Whole results are waited for so long, in milliseconds; then titles come first. */
const PATIENCE = 400;

/** @type {Promise<Search> | undefined} */
let loading;
/** The results, and what the address asked for when they were made. @type {Shown & { address: string } | undefined} */
let shown;
let limit = STEP;
let turn = 0;

input.form?.addEventListener("submit", (event) => {
  event.preventDefault();
  input.blur();
});
input.addEventListener("input", () => {
  limit = STEP;
  history.replaceState(null, "", address(input.value ? { q: input.value } : {}));
  update();
});
addEventListener("popstate", read);
// The preview says when the index knows what was saved.
addEventListener("guidepost:index", () => input.value.trim() && update());
read();
if (!matchMedia("(pointer: coarse)").matches) input.focus();

/** Does what the address says. */
function read() {
  input.value = wanted().q ?? "";
  limit = STEP;
  update();
}

/** @returns {Record<string, string>} `q`, `category`, `kind`, `literal` */
function wanted() {
  return Object.fromEntries(new URLSearchParams(location.search));
}

/** @param {Record<string, string>} values */
function address(values) {
  const text = String(new URLSearchParams(values));
  return location.pathname + (text && `?${text}`);
}

/** @returns {Promise<Search>} */
function load() {
  loading ??= start().catch((error) => {
    loading = undefined;
    throw error;
  });
  return loading;
}

/** Fetches the search, and follows what happens to the results. */
async function start() {
  const { search: version } = new URL(import.meta.url);
  /** @type {[typeof import("./search.js"), typeof import("./search-results.js")]} */
  const [search, results] = await Promise.all([import(`./search.js${version}`), import(`./search-results.js${version}`)]);
  search.watchLinks(found, () => shown);
  addEventListener("pagehide", () => search.reports.now());
  found.addEventListener("click", stayHere);
  return { ...search, ...results };
}

/** Links that lead to another search are followed without leaving the page. @param {MouseEvent} event */
function stayHere(event) {
  const link = /** @type {Element} */ (event.target).closest("a");
  if (link?.dataset.here === undefined || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  history.pushState(null, "", link.href);
  const { here } = link.dataset;
  read();
  if (here) /** @type {HTMLElement | null} */ (found.querySelector(`[data-here="${here}"]`))?.focus();
}

async function update() {
  const mine = ++turn;
  const query = input.value.trim();
  document.title = query ? `${query} · ${title}` : title;
  if (!query) return showAll(hint ?? "");
  const { category, kind, literal } = wanted();
  list.hidden = true;
  found.hidden = false;
  found.ariaBusy = "true";
  if (!shown) status.textContent = status.dataset.loading ?? "";
  try {
    const search = await load();
    const { ask, entry } = await search.engine.get();
    if (mine !== turn) return;
    search.reports.later();
    const words = new search.Words(entry.strings);
    const request = { limit, category, kind, literal: literal === "1" };
    /** @type {Answer | undefined} */
    let latest;
    let late = 0;
    const take = (/** @type {Answer} */ partial) => {
      latest = partial;
      late ||= setTimeout(() => mine === turn && latest && paint(search, latest, words), PATIENCE);
    };
    const answer = await ask(query, request, take).finally(() => clearTimeout(late));
    if (mine !== turn) return;
    paint(search, answer, words);
    search.reports.later(answer);
  } catch (error) {
    if (mine === turn && /** @type {Error} */ (error).name !== "AbortError") fail(error, query);
  } finally {
    if (mine === turn) found.ariaBusy = "false";
  }
}

/** @param {Search} search @param {Answer} answer @param {Words} words */
function paint(search, answer, words) {
  status.textContent = words.summary(answer);
  empty.hidden = answer.hits.length > 0;
  if (shown?.address === location.search && search.isSame(shown.answer, answer)) {
    shown.answer = answer;
    for (const [index, hit] of answer.hits.entries()) {
      const row = shown.rows[index];
      // What grows out of sight moves nothing.
      search.fill(row, hit, row.element.getBoundingClientRect().bottom > innerHeight);
    }
    return;
  }
  const rows = answer.hits.map((hit, index) => search.row(words, hit, index < answer.pinned));
  shown = { answer, rows, words, address: location.search };
  const loosely = rows.slice(answer.related);
  const divider = loosely.length ? [search.make("h2", { class: "found-caption" }, words.caption(answer))] : [];
  const lists = [...listOf(search, rows.slice(0, answer.related)), ...divider, ...listOf(search, loosely)];
  found.replaceChildren(...notes(search, shown), ...filters(search, shown), ...lists, ...more(search, shown));
  // On narrow screens the filters are wider than the screen.
  for (const link of found.querySelectorAll("nav [aria-current]")) link.scrollIntoView({ block: "nearest", inline: "nearest" });
}

/** @param {Search} search @param {Row[]} rows */
function listOf({ make }, rows) {
  const items = rows.map(({ element }) => make("li", {}, element));
  return rows.length ? [make("ol", { class: "found-list" }, ...items)] : [];
}

/** @param {Search} search @param {Shown} shown */
function notes(search, { answer, words }) {
  if (!answer.corrected) return [];
  const href = address({ q: answer.query, literal: "1" });
  return [search.correction(words, answer, search.make("a", { class: "found-action", href, "data-here": "" }))];
}

/** Links that keep the search and leave only what is of one category or type.
 * @param {Search} search @param {Shown} shown */
function filters({ make }, { answer: { categories, kinds }, words }) {
  const { q, literal, ...chosen } = wanted();
  const base = { q: q ?? "", ...(literal ? { literal } : {}) };
  /** @param {"category" | "kind"} name @param {{ name: string, count: number }[]} choices */
  const row = (name, choices) => {
    const { [name]: current, ...others } = chosen;
    if (choices.length < 2 && !current) return [];
    /** @param {string | undefined} value @param {string} text @param {number} [count] */
    const choice = (value, text, count) => {
      const href = address({ ...base, ...others, ...(value ? { [name]: value } : {}) });
      const number = count === undefined ? [] : [make("span", {}, String(count))];
      const here = `${name}-${choices.findIndex((choice) => choice.name === value)}`;
      const link = make("a", { href, "data-here": here }, text, ...number);
      if (value === current) link.setAttribute("aria-current", "true");
      return make("li", {}, link);
    };
    const label = words.say(`filter_${name}`).join("");
    const named = (/** @type {string} */ value) => (name === "kind" && words.say(`kind_${value}`).join("")) || value;
    const links = choices.map(({ name: value, count }) => choice(value, named(value), count));
    const all = choice(undefined, words.say("filter_all").join(""));
    const caption = make("p", { "aria-hidden": "true" }, label);
    return [caption, make("ul", { class: "pills", "aria-label": label }, all, ...links)];
  };
  const rows = [...row("category", categories), ...row("kind", kinds)];
  return rows.length ? [make("nav", { class: "found-filters", "aria-label": words.say("filters").join("") }, ...rows)] : [];
}

/** @param {Search} search @param {Shown} results */
function more({ make }, { answer: { hits, total }, words }) {
  if (hits.length >= total) return [];
  const button = make("button", { type: "button", class: "button" }, ...words.say("more"));
  button.addEventListener("click", async () => {
    limit += STEP;
    await update();
    shown?.rows[hits.length]?.element.querySelector("a")?.focus();
  });
  return [make("p", { class: "found-more" }, button)];
}

/** The list of all articles. @param {string} text */
function showAll(text) {
  loading?.then(({ reports }) => reports.later(), () => {});
  shown = undefined;
  status.textContent = text;
  found.hidden = true;
  empty.hidden = true;
  list.hidden = false;
  for (const item of list.querySelectorAll("section, li")) /** @type {HTMLElement} */ (item).hidden = false;
}

/** Says why there is no search, and leaves those articles whose title or description has all the words, or else all.
 * @param {any} error @param {string} query */
function fail(error, query) {
  const { below, ...texts } = status.dataset;
  if (!error.kind) reportError(error);
  // A script that cannot be fetched has no kind.
  const reason = texts[error.kind ?? (error instanceof TypeError ? "offline" : "damaged")] ?? "";
  const words = plain(query).split(/\s+/);
  const items = /** @type {HTMLElement[]} */ ([...list.querySelectorAll("li")]);
  const others = items.filter((item) => !words.every((word) => plain(item.textContent ?? "").includes(word)));
  if (others.length === items.length) return showAll(`${reason} ${below}`);
  showAll(reason);
  for (const item of others) item.hidden = true;
  for (const section of list.querySelectorAll("section")) section.hidden = !section.querySelector("li:not([hidden])");
}

/** Without case and accents, so that `resume` finds `Résumé`. @param {string} text */
function plain(text) {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}
