// The search page lists every article; this leaves those that contain all the words typed.
// @ts-check

const input = /** @type {HTMLInputElement} */ (document.querySelector("main [data-search]"));
const status = /** @type {HTMLElement} */ (document.querySelector(".search-status"));
const empty = /** @type {HTMLElement} */ (document.querySelector(".search-empty"));
const sections = [...document.querySelectorAll(".search-results section")].map((element) => ({
  element: /** @type {HTMLElement} */ (element),
  articles: [...element.querySelectorAll("li")].map((item) => ({ item, text: plain(item.textContent ?? "") })),
}));

input.value = new URLSearchParams(location.search).get("q") ?? "";
input.addEventListener("input", () => {
  remember();
  filter();
});
input.form?.addEventListener("submit", (event) => event.preventDefault());
filter();
if (!matchMedia("(pointer: coarse)").matches) input.focus();

/** Without case and accents, so that `resume` finds `Résumé`. @param {string} text */
function plain(text) {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}

function filter() {
  const words = plain(input.value).split(/\s+/).filter(Boolean);
  let count = 0;
  for (const { element, articles } of sections) {
    let shown = 0;
    for (const { item, text } of articles) {
      item.hidden = !words.every((word) => text.includes(word));
      if (!item.hidden) shown += 1;
    }
    element.hidden = shown === 0;
    count += shown;
  }
  empty.hidden = count > 0;
  status.textContent = words.length ? summary(count) : (status.dataset.hint ?? "");
}

/** @param {number} count */
function summary(count) {
  const { none, one, other } = status.dataset;
  const text = (count === 0 ? none : count === 1 ? one : other) ?? "";
  return text.replace("{count}", () => String(count)).replace("{query}", () => input.value.trim());
}

/** Keeps the address in step, so that a search can be shared and the back button returns to it. */
function remember() {
  const address = new URL(location.href);
  if (input.value) address.searchParams.set("q", input.value);
  else address.searchParams.delete("q");
  history.replaceState(null, "", address);
}
