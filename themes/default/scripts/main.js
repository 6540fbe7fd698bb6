// What every page gains when scripts run; all of it is readable without. No dependencies; the search is fetched when a
// visitor reaches for it.
// @ts-check

const root = document.documentElement;
/** @type {Promise<unknown> | undefined} */
let searchStyles;

themeSwitch();
menu();
search();
arrive();
let tabSets = 0;
enhance(document);
tocHighlight();
recent();
revealTarget();
addEventListener("hashchange", revealTarget);
addEventListener("hashchange", arrive);
// The preview says what it adds to a page that is open; taken care of here, the page need not be loaded again.
addEventListener("guidepost:added", (event) => {
  enhance(/** @type {HTMLElement} */ (event.target));
  event.preventDefault();
});

/** @param {ParentNode} within */
function enhance(within) {
  copyButtons(within);
  tablesByKeyboard(within);
  for (const tabs of all(".tabs", within)) joinTabs(tabs, (tabSets += 1));
}

/** @param {string} selector @param {ParentNode} [within] itself included */
function all(selector, within = document) {
  const own = within instanceof Element && within.matches(selector) ? [within] : [];
  return /** @type {HTMLElement[]} */ ([...own, ...within.querySelectorAll(selector)]);
}

/** @param {string} selector */
function one(selector) {
  return /** @type {HTMLElement | null} */ (document.querySelector(selector));
}

/** Storage may be closed to us (private windows, blocked cookies); then choices last for one page.
 * @param {string} key @param {string} [value] */
function stored(key, value) {
  try {
    if (value === undefined) return localStorage.getItem(key);
    localStorage.setItem(key, value);
  } catch {
    return null;
  }
}

/** The button goes round: as the system, light, dark. */
function themeSwitch() {
  const button = one(".theme-button");
  if (!button) return;
  const choices = ["auto", "light", "dark"];
  const show = () => {
    const words = button.dataset;
    const label = `${words.label}: ${words[root.dataset.theme ?? "auto"]}`;
    button.ariaLabel = label;
    button.title = label;
  };
  button.addEventListener("click", () => {
    const next = choices[(choices.indexOf(root.dataset.theme ?? "auto") + 1) % choices.length];
    if (next === "auto") delete root.dataset.theme;
    else root.dataset.theme = next;
    stored("theme", next);
    show();
  });
  show();
  button.hidden = false;
}

/** On narrow screens the sidebar lies over the page until it is closed. */
function menu() {
  const button = one(".menu-button");
  const panel = one("#menu");
  if (!button || !panel) return;
  const openLabel = button.ariaLabel;
  /** @param {boolean} open */
  const set = (open) => {
    root.classList.toggle("menu-open", open);
    button.ariaExpanded = String(open);
    button.ariaLabel = open ? (button.dataset.closeLabel ?? openLabel) : openLabel;
    for (const rest of all("main, .hero, .toc-side, .footer")) rest.inert = open;
  };
  const isOpen = () => root.classList.contains("menu-open");
  button.addEventListener("click", () => set(!isOpen()));
  addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !isOpen()) return;
    set(false);
    button.focus();
  });
  matchMedia("(min-width: 64rem)").addEventListener("change", () => set(false));
  addEventListener("pageshow", () => set(false));
  one(".menu [aria-current]")?.scrollIntoView({ block: "nearest" });
}

/** Search opens in a dialog, by a click, by typing, by `/` and by Ctrl+K; its page has a box of its own. */
function search() {
  const box = /** @type {HTMLInputElement | null} */ (one("[data-search]"));
  const link = one(".search-link");
  if (!box) return;
  const isPage = document.body.matches(".page-search");
  const stayPlain = () => void (link?.checkVisibility() && box.form?.submit());
  const open = () => searchDialog().then(({ show }) => show(box), stayPlain);
  addEventListener("keydown", (event) => {
    const target = /** @type {HTMLElement} */ (event.target);
    const typing = target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName);
    const wanted = event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey;
    if (!wanted && !(event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey))) return;
    event.preventDefault();
    box.select();
    if (!isPage) open();
  });
  if (isPage) return;
  const prepare = () => void searchDialog().catch(() => {});
  box.ariaHasPopup = "dialog";
  box.addEventListener("focus", prepare);
  box.addEventListener("click", open);
  box.addEventListener("compositionend", open);
  box.addEventListener("input", (event) => /** @type {InputEvent} */ (event).isComposing || open());
  for (const place of [box.form, link]) place?.addEventListener("pointerenter", prepare);
  link?.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    open();
  });
}

/** The search left a note: the words that were found here are marked. */
function arrive() {
  if (stored("found")) searchScripts("search-marks").then(({ mark }) => mark(), () => {});
}

/** The dialog imports the others; they are fetched beside it and not after it. */
function searchDialog() {
  return searchScripts("search-dialog", "search", "search-results");
}

/** Fetches scripts of the search, and its styles. Returns the first script.
 * @param {string[]} names */
async function searchScripts(...names) {
  const { search } = new URL(import.meta.url);
  searchStyles ??= new Promise((ready) => {
    const link = document.createElement("link");
    link.rel = "stylesheet";
    link.href = new URL(`../styles/search.css${search}`, import.meta.url).href;
    link.onload = link.onerror = ready;
    // Before the theme's own, which may then change what it says.
    one("link[rel=stylesheet]")?.before(link);
  });
  const [script] = await Promise.all([...names.map((name) => import(`./${name}.js${search}`)), searchStyles]);
  return script;
}

/** @param {ParentNode} within */
function copyButtons(within) {
  const words = document.body.dataset;
  for (const code of all(".code", within)) {
    const button = document.createElement("button");
    const text = () => code.querySelector("code")?.textContent ?? "";
    button.type = "button";
    button.className = "copy";
    button.textContent = words.copy ?? "";
    button.ariaLabel = words.copyCode ?? "";
    button.addEventListener("click", async () => {
      const copied = await navigator.clipboard?.writeText(text()).then(() => true, () => false);
      say(copied ? words.copied : words.copyFailed);
    });
    /** @param {string | undefined} message */
    const say = (message) => {
      button.textContent = message ?? "";
      button.ariaLabel = message ?? "";
      setTimeout(() => {
        button.textContent = words.copy ?? "";
        button.ariaLabel = words.copyCode ?? "";
      }, 2000);
    };
    code.append(button);
  }
}

/** Tables written in HTML scroll on their own: let the keyboard reach those that do. @param {ParentNode} within */
function tablesByKeyboard(within) {
  for (const table of all(".prose table", within)) if (table.scrollWidth > table.clientWidth) table.tabIndex = 0;
}

/** Joins panels under headings to tabs. Sets with the same group show the same choice, and remember it.
 * @param {HTMLElement} tabs @param {number} number */
function joinTabs(tabs, number) {
  const panels = all(":scope > .tab", tabs);
  const list = document.createElement("div");
  const group = tabs.dataset.group;
  const buttons = panels.map((panel, index) => tabButton(panel, `tabs-${number}-${index}`));
  list.className = "tab-list";
  list.role = "tablist";
  list.ariaLabel = tabs.dataset.label ?? "";
  list.append(...buttons);
  tabs.prepend(list);

  /** @param {number} chosen */
  const select = (chosen) => {
    for (const [index, button] of buttons.entries()) {
      button.ariaSelected = String(index === chosen);
      button.tabIndex = index === chosen ? 0 : -1;
      panels[index].hidden = index !== chosen;
    }
  };
  /** @param {number} chosen */
  const choose = (chosen) => {
    select(chosen);
    if (!group) return;
    const name = buttons[chosen].textContent ?? "";
    stored(`tabs:${group}`, name);
    dispatchEvent(new CustomEvent("tab", { detail: { group, name } }));
  };
  /** @param {string | null | undefined} name */
  const selectNamed = (name) => {
    const index = buttons.findIndex((button) => button.textContent === name);
    if (index >= 0) select(index);
  };
  for (const [index, button] of buttons.entries()) button.addEventListener("click", () => choose(index));
  for (const [index, panel] of panels.entries()) panel.addEventListener("reveal", () => select(index));
  list.addEventListener("keydown", (event) => {
    const next = arrowTarget(event.key, buttons.indexOf(/** @type {any} */ (event.target)), buttons.length);
    if (next === undefined) return;
    event.preventDefault();
    choose(next);
    buttons[next].focus();
  });
  select(0);
  if (!group) return;
  selectNamed(stored(`tabs:${group}`));
  addEventListener("tab", (event) => {
    const { detail } = /** @type {CustomEvent} */ (event);
    if (detail.group === group) selectNamed(detail.name);
  });
}

/** @param {HTMLElement} panel @param {string} id */
function tabButton(panel, id) {
  const title = /** @type {HTMLElement | null} */ (panel.querySelector(".tab-title"));
  const button = document.createElement("button");
  button.type = "button";
  button.role = "tab";
  button.id = id;
  button.textContent = title?.textContent ?? "";
  if (title) title.hidden = true;
  panel.id ||= `${id}-panel`;
  panel.role = "tabpanel";
  panel.tabIndex = 0;
  panel.setAttribute("aria-labelledby", id);
  button.setAttribute("aria-controls", panel.id);
  return button;
}

/** @param {string} key @param {number} index @param {number} count */
function arrowTarget(key, index, count) {
  const forward = root.dir === "rtl" ? "ArrowLeft" : "ArrowRight";
  const back = root.dir === "rtl" ? "ArrowRight" : "ArrowLeft";
  if (key === forward) return (index + 1) % count;
  if (key === back) return (index - 1 + count) % count;
  if (key === "Home") return 0;
  if (key === "End") return count - 1;
}

/** Marks the heading being read, the last one above the upper quarter of the window, and keeps its link in view. */
function tocHighlight() {
  const side = one(".toc-side");
  const links = all(".toc-side .toc a");
  const headings = links.flatMap((link) => document.getElementById(idOf(link)) ?? []);
  if (!side || !headings.length) return;
  const mark = () => {
    const current = headings.findLast((heading) => heading.getBoundingClientRect().top < innerHeight / 4);
    for (const link of links) {
      if (current && idOf(link) === current.id) {
        link.setAttribute("aria-current", "true");
        side.scrollTop = link.offsetTop - side.clientHeight / 2;
      } else link.removeAttribute("aria-current");
    }
  };
  const observer = new IntersectionObserver(mark, { rootMargin: "0px 0px -75% 0px" });
  for (const heading of headings) observer.observe(heading);
}

/** Shows the pages looked at before this one, and remembers it. A page of the same title is this one at an address it had
 * before; an address that leads nowhere is forgotten. */
function recent() {
  const place = one("[data-recent]");
  const isLost = one(".not-found") !== null;
  if (!place && !isLost) return;
  const title = one("h1")?.textContent ?? "";
  const before = seenPages().filter(([url, name]) => url !== location.pathname && (isLost || name !== title));
  const seen = before.filter(([, name], index) => before.findIndex((page) => page[1] === name) === index);
  for (const [url, name] of seen.slice(0, 4)) {
    const link = document.createElement("a");
    link.href = url;
    link.textContent = name;
    const item = document.createElement("li");
    item.append(link);
    place?.querySelector("ul")?.append(item);
  }
  if (place) place.hidden = !seen.length;
  stored("recent", JSON.stringify([...(isLost ? [] : [[location.pathname, title]]), ...seen].slice(0, 5)));
}

/** What is remembered of pages, the last one first; what is no page of this host is left out. */
function seenPages() {
  const isPage = (/** @type {unknown} */ page) => Array.isArray(page) && /^\/(?!\/)/.test(page[0]) && typeof page[1] === "string";
  try {
    const read = JSON.parse(stored("recent") ?? "[]");
    return /** @type {[string, string][]} */ (Array.isArray(read) ? read.filter(isPage) : []);
  } catch {
    return [];
  }
}

/** @param {HTMLElement} link */
function idOf(link) {
  return decodeURIComponent(/** @type {HTMLAnchorElement} */ (link).hash.slice(1));
}

/** Opens what hides the address's target: folded text or a tab. */
function revealTarget() {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (!target) return;
  const fold = target.closest("details");
  if (fold) fold.open = true;
  target.closest(".tab")?.dispatchEvent(new Event("reveal"));
  if (fold || target.closest(".tab")) target.scrollIntoView();
}
