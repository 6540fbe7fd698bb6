// The contact page: suggests articles while the visitor types what it is about, and hands the subject on to the e-mail.
// The search is fetched with the first letters, not before.
// @ts-check

/** @typedef {import("./search-engine.js").Search} Search */
/** @typedef {import("./search-engine.js").Answer} Answer */

const form = /** @type {HTMLFormElement} */ (document.querySelector(".contact-form"));
const subject = /** @type {HTMLInputElement} */ (form.querySelector("#contact-subject"));
const section = /** @type {HTMLElement} */ (form.querySelector(".contact-suggestions"));
const list = /** @type {HTMLElement} */ (section.querySelector("ul"));
const status = /** @type {HTMLElement} */ (form.querySelector(".contact-count"));
const mail = /** @type {HTMLAnchorElement | null} */ (document.querySelector(".contact-mail a"));
const SHOWN = 5;
/** Fewer letters say too little. */
const LEAST = 3;
/** @type {Promise<Search> | undefined} */
let opening;
/** @type {number | undefined} */
let waiting;
let asked = "";

subject.addEventListener("input", () => {
  handOn();
  clearTimeout(waiting);
  waiting = setTimeout(suggest, 150);
});
form.addEventListener("submit", (event) => {
  // Without a form to send, the answers stand below already.
  if (form.method === "get") {
    event.preventDefault();
    suggest();
  }
});
if (subject.value) suggest();

/** The e-mail begins with the subject. */
function handOn() {
  if (!mail) return;
  const address = mail.href.split("?")[0];
  const text = subject.value.trim();
  mail.href = text ? `${address}?subject=${encodeURIComponent(text)}` : address;
}

async function suggest() {
  const query = subject.value.trim();
  if (query === asked) return;
  asked = query;
  if (query.length < LEAST) return show(undefined);
  try {
    const { open } = await import("./search-engine.js");
    opening ??= open(form.dataset.suggest ?? "");
    const search = await opening;
    if (query !== asked) return;
    show(await search.ask(query, { limit: SHOWN }, (answer) => query === asked && show(answer)));
  } catch {
    // Writing to us works without suggestions. A search that could not be fetched is fetched again at the next letter.
    opening = undefined;
    if (query === asked) show(undefined);
  }
}

/** @param {Answer | undefined} answer */
function show(answer) {
  if (answer && answer.query.trim() !== asked) return;
  const hits = answer?.hits.slice(0, SHOWN) ?? [];
  section.hidden = hits.length === 0;
  list.replaceChildren(...hits.map(item));
  const words = form.dataset;
  const text = hits.length === 1 ? words.foundOne : words.foundOther;
  status.textContent = hits.length > 0 ? (text ?? "").replace("{count}", String(hits.length)) : "";
}

/** @param {import("./search-engine.js").Hit} hit */
function item(hit) {
  const link = document.createElement("a");
  link.href = hit.url;
  link.textContent = hit.title.join("");
  const item = document.createElement("li");
  item.append(link);
  if (hit.excerpt) {
    const excerpt = document.createElement("p");
    excerpt.textContent = hit.excerpt.join("");
    item.append(excerpt);
  }
  return item;
}
