// What the search found, as elements: for the dialog and for the search page.
// @ts-check

/** @import { Answer, Hit, Pieces } from "./search-engine.js" */
/** An article that was found, with the headings that are not shown yet.
 * @typedef {{ element: HTMLElement, excerpt: HTMLElement, headings: Hit["headings"] }} Row */
/** Results as a visitor sees them.
 * @typedef {{ answer: Answer, rows: Row[], words: Words }} Shown */

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

/** The words of the interface; they come with the search's first file. */
export class Words {
  /** @param {Record<string, string>} strings */
  constructor(strings) {
    this.strings = strings;
  }

  /** A sentence with its gaps filled, by text or elements.
   * @param {string} name @param {Record<string, Node | string>} [values] */
  say(name, values = {}) {
    return (this.strings[name] ?? "").split(/\{(\w+)\}/).map((text, index) => (index % 2 ? values[text] : text));
  }

  /** @param {string} name @param {number} count @param {Record<string, string>} [values] */
  sayCount(name, count, values) {
    return this.say(`${name}_${count === 1 ? "one" : "other"}`, { count: String(count), ...values }).join("");
  }

  /** "7 articles match …" @param {Answer} answer */
  summary({ total, query }) {
    return total ? this.sayCount("results", total, { query }) : this.say("results_none", { query }).join("");
  }

  /** What is said above results that match only loosely. @param {Answer} answer */
  caption({ related }) {
    return this.strings[related ? "related" : "nearest"];
  }
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
export function icon(name) {
  const [svg, path] = ["svg", "path"].map((tag) => document.createElementNS("http://www.w3.org/2000/svg", tag));
  svg.setAttribute("class", "icon");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  path.setAttribute("d", SHAPES[/** @type {keyof typeof SHAPES} */ (name)] ?? SHAPES.article);
  svg.append(path);
  return svg;
}

/** Text in which every second piece is marked. @param {Pieces} pieces */
function marked(pieces) {
  return pieces.map((text, index) => (index % 2 ? make("mark", {}, text) : text));
}

/** A link with an icon before it. @param {string} url @param {string} shape @param {(Node | string)[]} children */
export function link(url, shape, ...children) {
  return make("a", { class: "found-link", href: url }, icon(shape), make("span", { class: "found-text" }, ...children));
}

/** One found article: a link to it, and links to the headings found in it.
 * @param {Words} words @param {Hit} hit @param {boolean} isPinned @returns {Row} */
export function row({ strings }, hit, isPinned) {
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

/** "Showing results for …", with a way to what was typed.
 * @param {Words} words @param {Answer} answer @param {HTMLElement} literally */
export function correction(words, answer, literally) {
  literally.append(...words.say("literal", { query: answer.query }));
  const query = make("strong", {}, answer.corrected ?? "");
  return make("p", { class: "found-note" }, ...words.say("corrected", { query }), " ", literally);
}

/** Whether an answer only adds to another. @param {Answer} before @param {Answer} after */
export function isSame(before, after) {
  const key = (/** @type {Answer} */ { query, corrected, hits }) => [query, corrected, ...hits.map(({ url }) => url)];
  return String(key(before)) === String(key(after));
}
