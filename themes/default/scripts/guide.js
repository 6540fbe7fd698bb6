// A guide remembers the chapter that a visitor reached, on this device only.
// @ts-check

const place = /** @type {HTMLElement | null} */ (document.querySelector("[data-guide]"));
const key = `guide:${place?.dataset.guide}`;
const begin = /** @type {HTMLAnchorElement | null} */ (place?.querySelector("[data-continue]"));

try {
  const links = /** @type {HTMLAnchorElement[]} */ ([...(place?.querySelectorAll(".guide-chapters a") ?? [])]);
  const reached = links.findIndex((link) => link.pathname === localStorage.getItem(key));
  if (!begin) localStorage.setItem(key, location.pathname);
  else if (reached > 0) {
    begin.href = links[reached].href;
    begin.textContent = (begin.dataset.continue ?? "").replace("{step}", String(reached + 1));
    links[reached].closest("li")?.setAttribute("aria-current", "step");
  }
} catch {
  // Storage may be closed to us; then guides begin at their beginning.
}
