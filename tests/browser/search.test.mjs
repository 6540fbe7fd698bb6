// Searching as a visitor does: with keys, a mouse and a finger, on a slow line, without one, and without scripts.

import assert from "node:assert/strict";
import { after, test } from "node:test";

import { browser, origin, pageWith, visit, violations } from "./site.mjs";

after(() => browser.close());

const article = pageWith(/<body class="page-article has-nav[^]*<h2 id/);
/** Words of this manual: many articles have the first, one has this title, nothing has the last. */
const WORD = "redirect";
const TYPO = "redierct";
const TITLE = "Markdown in five minutes";
const NONSENSE = "zzqqxxvv";

const active = (page) => page.evaluate(() => {
  const input = document.querySelector(".finder input");
  return document.getElementById(input?.getAttribute("aria-activedescendant") ?? "")?.getAttribute("href");
});
const hrefs = (page) => page.locator(".finder [role=option]").evaluateAll((options) => options.map((option) => option.getAttribute("href")));
const titles = (page) => page.locator(".found-title").allTextContents();

/** Waits until the answer to what stands in the box is there. */
async function settled(page) {
  await page.waitForFunction(() => {
    const dialog = document.querySelector("dialog.finder");
    const list = dialog ? dialog.querySelector("[role=listbox]") : document.querySelector(".search-found");
    return list?.ariaBusy === "false" && (!dialog || dialog.open);
  });
}

/** Opens the dialog and types. */
async function search(page, text) {
  await page.keyboard.press("/");
  await page.locator(".finder input").waitFor();
  await page.keyboard.type(text);
  await settled(page);
}

/** Every file of the search that is asked for. */
function requests(page) {
  const seen = [];
  page.on("request", (request) => {
    const { pathname } = new URL(request.url());
    if (/\/search\/[^/]|\/search[^/]*\.(js|css)$/.test(pathname)) seen.push(pathname);
  });
  return seen;
}

/** Events of the page for those who count searches. */
async function listen(page) {
  await page.evaluate(() => {
    globalThis.heard = [];
    addEventListener("guidepost:search", (event) => globalThis.heard.push(event.detail), true);
  });
  return () => page.evaluate(() => globalThis.heard);
}

for (const url of ["/", article, "/404.html"]) {
  test(`nothing of the search is fetched on ${url} before a visitor reaches for it`, async () => {
    const { page, complaints, close } = await visit(url);
    const seen = requests(page);
    await page.reload({ waitUntil: "networkidle" });
    await page.mouse.move(5, 500);
    assert.deepEqual(seen, []);
    const entry = page.waitForRequest(/\/search\/entry\.json$/);
    await page.locator("[data-search]").hover();
    await entry;
    assert.equal(await page.locator("dialog").count(), 0);
    assert.deepEqual(complaints, []);
    await close();
  });
}

test("typing finds, arrows move, Enter opens, and the words are marked", async () => {
  const { page, complaints, close } = await visit(article);
  await search(page, TITLE);
  assert.equal((await titles(page))[0], TITLE);
  const options = await hrefs(page);
  assert.equal(await active(page), options[0]);
  assert.equal(await page.locator(".finder input").getAttribute("aria-expanded"), "true");
  await page.keyboard.press("ArrowDown");
  assert.equal(await active(page), options[1]);
  await page.keyboard.press("End");
  assert.equal(await active(page), options.at(-1));
  await page.keyboard.press("ArrowDown");
  assert.equal(await active(page), options[0], "after the last comes the first");
  await page.keyboard.press("ArrowUp");
  assert.equal(await active(page), options.at(-1), "before the first comes the last");
  await page.keyboard.press("Home");
  assert.equal(await active(page), options[0]);
  await page.keyboard.press("Enter");
  await page.waitForURL(origin + options[0]);
  await page.locator(".marks").waitFor();
  assert.ok((await page.locator("main mark.found-mark").count()) > 0);
  assert.deepEqual(await violations(page), []);
  assert.deepEqual(complaints, []);
  await close();
});

test("Home and End belong to the text while one types", async () => {
  const { page, close } = await visit("/");
  await search(page, WORD);
  const first = await active(page);
  await page.keyboard.press("Home");
  assert.equal(await active(page), first);
  assert.equal(await page.locator(".finder input").evaluate((input) => input.selectionStart), 0);
  await close();
});

test("Enter pressed before the answer is there opens it when it comes", async () => {
  const { page, close } = await visit("/");
  await page.route(/\/search\/entry\.json/, async (route) => {
    await new Promise((later) => setTimeout(later, 600));
    await route.continue();
  });
  await page.keyboard.press("/");
  await page.locator(".finder input").waitFor();
  await page.keyboard.type(TITLE);
  await page.keyboard.press("Enter");
  await page.waitForURL((url) => url.pathname !== "/");
  assert.equal(await page.locator("h1").textContent(), TITLE);
  await close();
});

test("Enter with a modifier opens a new tab, and the words are marked there", async () => {
  const { page, complaints, close } = await visit(article);
  await search(page, WORD);
  const wanted = await active(page);
  const opened = page.context().waitForEvent("page");
  await page.keyboard.press("Control+Enter");
  const tab = await opened;
  await tab.waitForLoadState();
  assert.equal(tab.url(), origin + wanted);
  await tab.locator(".marks").waitFor();
  assert.equal(new URL(page.url()).pathname, article);
  assert.ok(await page.locator("dialog").isVisible(), "the list stays for the next");
  assert.deepEqual(complaints, []);
  await close();
});

test("a heading that was found leads to that place", async () => {
  const { page, close } = await visit("/");
  await search(page, WORD);
  const heading = (await hrefs(page)).find((href) => href.includes("#"));
  assert.ok(heading, "no heading was found");
  await page.locator(`.finder a[href="${heading}"]`).click();
  await page.waitForURL(origin + heading);
  const { hash } = new URL(page.url());
  assert.ok(await page.locator(`[id="${decodeURIComponent(hash.slice(1))}"]`).isVisible());
  await close();
});

test("Escape closes, what was typed stays, and the focus returns", async () => {
  const { page, close } = await visit(article);
  await search(page, WORD);
  await page.keyboard.press("Escape");
  assert.ok(!(await page.locator("dialog").isVisible()));
  assert.ok(await page.locator("[data-search]").evaluate((box) => box === document.activeElement));
  await page.keyboard.press("Control+k");
  assert.equal(await page.locator(".finder input").inputValue(), WORD);
  await close();
});

test("the same keys work on every page, and what one types into the box is not lost", async () => {
  const { page, close } = await visit(article);
  await page.locator("[data-search]").focus();
  assert.equal(await page.locator("dialog").count(), 0, "the focus alone opens nothing");
  await page.keyboard.type(WORD);
  await page.locator(".finder input").waitFor();
  await settled(page);
  assert.equal(await page.locator(".finder input").inputValue(), WORD);
  await close();
});

test("the groups hold an article and at most three headings of it", async () => {
  const { page, close } = await visit("/");
  await search(page, WORD);
  const groups = await page.locator(".finder .found").evaluateAll((found) => found.map((group) => [...group.querySelectorAll("a")].map((link) => link.pathname)));
  assert.ok(groups.length > 1);
  for (const group of groups) {
    assert.ok(group.length <= 4, group.join());
    assert.equal(new Set(group).size, 1, group.join());
  }
  assert.ok((await page.locator(".finder mark").count()) > 0);
  await close();
});

test("a typing error is mended, said so, and what was typed can be searched for", async () => {
  const { page, complaints, close } = await visit("/");
  await search(page, TYPO);
  assert.equal(await page.locator(".found-note strong").textContent(), WORD);
  assert.ok((await titles(page)).length > 0);
  assert.deepEqual(await violations(page), []);
  await page.locator(".found-note button").click();
  await page.locator(".found-note").waitFor({ state: "detached" });
  assert.ok(await page.locator(".finder input").evaluate((input) => input === document.activeElement));
  assert.deepEqual(complaints, []);
  await close();
});

test("when nothing is found, there is a way on", async () => {
  const { page, complaints, close } = await visit("/");
  await search(page, NONSENSE);
  await page.locator(".finder-none").waitFor();
  assert.match(await page.locator(".finder-none").textContent(), new RegExp(NONSENSE));
  assert.ok((await hrefs(page)).length > 0, "no category is offered");
  assert.deepEqual(await violations(page), []);
  assert.deepEqual(complaints, []);
  await close();
});

test("a screen reader hears how many there are, once the visitor pauses", async () => {
  const { page, close } = await visit("/");
  await search(page, WORD);
  const said = page.locator(".finder [role=status]");
  assert.equal(await said.textContent(), "");
  await page.waitForFunction(() => /\d/.test(document.querySelector(".finder [role=status]")?.textContent ?? ""));
  assert.match(await said.textContent(), new RegExp(WORD));
  await close();
});

test("the list is never empty between two answers", async () => {
  const { page, close } = await visit("/");
  await search(page, WORD.slice(0, 3));
  await page.evaluate(() => {
    globalThis.fewest = Infinity;
    const list = document.querySelector(".finder [role=listbox]");
    new MutationObserver(() => (globalThis.fewest = Math.min(globalThis.fewest, list.children.length))).observe(list, { childList: true });
  });
  await page.keyboard.type(WORD.slice(3), { delay: 60 });
  await settled(page);
  assert.ok((await page.evaluate(() => globalThis.fewest)) > 0);
  await close();
});

test("on a slow line titles come first, and nothing moves when the rest arrives", async () => {
  const { page, close } = await visit(article);
  const network = await page.context().newCDPSession(page);
  await network.send("Network.enable");
  await network.send("Network.emulateNetworkConditions", { offline: false, latency: 400, downloadThroughput: 60_000, uploadThroughput: 60_000 });
  await page.keyboard.press("/");
  await page.locator(".finder input").waitFor();
  await page.evaluate(() => {
    globalThis.shifted = 0;
    const add = (list) => list.getEntries().forEach((entry) => (globalThis.shifted += entry.hadRecentInput ? 0 : entry.value));
    new PerformanceObserver(add).observe({ type: "layout-shift" });
  });
  await page.keyboard.type(WORD);
  await page.locator(".found").first().waitFor({ timeout: 30_000 });
  await settled(page);
  await page.waitForTimeout(300);
  assert.ok((await page.evaluate(() => globalThis.shifted)) < 0.01, `${await page.evaluate(() => globalThis.shifted)}`);
  assert.ok((await page.locator(".found-excerpt:empty").count()) === 0);
  await close();
});

test("without a line there is a message, and trying again works once there is one", async () => {
  const { page, close } = await visit(article);
  await page.route(/\/search\/[^?]+/, (route) => route.abort("internetdisconnected"));
  await page.keyboard.press("/");
  await page.locator(".finder-none [role=alert]").waitFor();
  assert.ok(await page.locator(`.finder a[href$="/search/"]`).isVisible());
  assert.deepEqual(await violations(page), []);
  await page.unroute(/\/search\/[^?]+/);
  await page.keyboard.type(WORD);
  await page.locator(".finder .found").first().waitFor();
  await close();
});

test("when not even the script can be fetched, the box is a plain form", async () => {
  const { page, close } = await visit(article);
  await page.route(/\/scripts\/search/, (route) => route.abort());
  await page.locator("[data-search]").fill(WORD);
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/search\/\?q=/);
  await page.locator(".search-all a:visible").first().waitFor();
  await close();
});

for (const [damage, body] of [["nonsense", "<!doctype html>"], ["nothing", ""]]) {
  test(`when the files of the search hold ${damage}, all articles are listed`, async () => {
    const { page, close } = await visit("/");
    await page.route(/\/search\/[^?]+/, (route) => route.fulfill({ status: 200, contentType: "text/html", body }));
    await page.goto(`${origin}/search/?q=${WORD}`);
    await page.locator(".search-all a:visible").first().waitFor();
    const status = page.locator(".search-status");
    assert.ok((await status.textContent()).startsWith(await status.getAttribute("data-damaged")), await status.textContent());
    assert.deepEqual(await violations(page), []);
    await close();
  });
}

test("recent searches are offered, used and forgotten", async () => {
  const { page, complaints, close } = await visit(article);
  await search(page, WORD);
  await page.keyboard.press("Control+Enter");
  await page.waitForTimeout(100);
  await page.locator(".finder input").fill("");
  const recent = page.locator(".finder .recent a");
  await recent.waitFor();
  assert.equal(await recent.textContent(), WORD);
  assert.deepEqual(await violations(page), []);
  await recent.click();
  await page.locator(".found").first().waitFor();
  assert.equal(await page.locator(".finder input").inputValue(), WORD);
  await page.locator(".finder input").fill("");
  await page.locator(".found-action").click();
  assert.equal(await recent.count(), 0);
  assert.equal(await page.evaluate(() => localStorage.getItem("searches")), null);
  assert.deepEqual(complaints, []);
  await close();
});

test("with storage closed the search works and remembers nothing", async () => {
  const { page, complaints, close } = await visit(article);
  await page.addInitScript(() => {
    Object.defineProperty(globalThis, "localStorage", {
      get() {
        throw new DOMException("closed", "SecurityError");
      },
    });
  });
  await page.reload();
  await search(page, TITLE);
  await page.keyboard.press("Enter");
  await page.waitForFunction((title) => document.querySelector("h1")?.textContent === title, TITLE);
  assert.equal(await page.locator(".marks").count(), 0);
  assert.deepEqual(complaints, []);
  await close();
});

test("marks can be gone through and removed, and the address stays as it is", async () => {
  const { page, complaints, close } = await visit("/");
  await search(page, TITLE);
  await page.keyboard.press("Enter");
  await page.locator(".marks").waitFor();
  assert.equal(new URL(page.url()).search, "");
  const text = await page.locator("main").evaluate((main) => [...main.children].filter((part) => part.className !== "marks").map((part) => part.textContent).join());
  await page.locator(".marks button").first().click();
  assert.equal(await page.locator(".found-mark-current").count(), 1);
  await page.keyboard.press("Escape");
  assert.equal(await page.locator("mark.found-mark, .marks").count(), 0);
  assert.equal(await page.locator("main").evaluate((main) => [...main.children].map((part) => part.textContent).join()), text);
  await page.reload();
  assert.equal(await page.locator(".marks").count(), 0, "a page read again is plain");
  assert.deepEqual(complaints, []);
  await close();
});

test("a site can count searches", async () => {
  const { page, close } = await visit(article);
  const heard = await listen(page);
  await search(page, WORD);
  await page.waitForFunction(() => globalThis.heard.length === 1);
  const [paused] = await heard();
  assert.equal(paused.query, WORD);
  assert.ok(paused.count > 0);
  assert.deepEqual([paused.corrected, paused.chosen, paused.position], [null, null, null]);
  await page.keyboard.press("ArrowDown");
  const wanted = await active(page);
  await page.keyboard.press("Control+Enter");
  const [, chosen, ...more] = await heard();
  assert.equal(chosen.chosen, wanted);
  assert.ok(chosen.position >= 1);
  assert.deepEqual(more, []);
  await close();
});

test("the search page does what its address says", async () => {
  const { page, complaints, close } = await visit(`/search/?q=${WORD}`);
  await settled(page);
  const all = await titles(page);
  assert.ok(all.length > 1);
  assert.ok(!(await page.locator(".search-all").isVisible()));
  assert.match(await page.title(), new RegExp(WORD));
  const category = page.locator(".found-filters ul").first().locator("a").nth(1);
  const count = Number(await category.locator("span").textContent());
  const address = await category.getAttribute("href");
  await category.click();
  await page.waitForFunction((count) => document.querySelectorAll(".found-title").length === count, Math.min(count, 20));
  assert.equal(page.url(), origin + address);
  assert.deepEqual(await violations(page), []);
  await page.goBack();
  await page.waitForFunction((count) => document.querySelectorAll(".found-title").length === count, all.length);
  await page.goto(origin + address, { waitUntil: "networkidle" });
  assert.equal((await titles(page)).length, Math.min(count, 20), "a shared address shows the same");
  await page.locator("main [data-search]").fill("");
  assert.ok(await page.locator(".search-all").isVisible());
  assert.equal(new URL(page.url()).search, "");
  assert.deepEqual(complaints, []);
  await close();
});

test("the search page does without the dialog", async () => {
  const { page, complaints, close } = await visit("/search/");
  const seen = requests(page);
  await page.locator("main [data-search]").fill(WORD);
  await settled(page);
  await page.keyboard.press("/");
  await page.keyboard.press("Control+k");
  assert.ok(seen.some((path) => path.endsWith("/search-results.js")), seen.join());
  assert.ok(!seen.some((path) => path.includes("dialog")), seen.join());
  assert.deepEqual(complaints, []);
  await close();
});

test("“See all” leads to the search page, which shows more and more", async () => {
  const { page, close } = await visit("/");
  await search(page, "page");
  await page.locator(".finder-foot a").click();
  await page.waitForURL(/\/search\/\?q=page/);
  await settled(page);
  const first = (await titles(page)).length;
  assert.equal(first, 20);
  await page.locator(".found-more button").click();
  await page.waitForFunction((first) => document.querySelectorAll(".found-title").length > first, first);
  const focus = await page.evaluate(() => [...document.querySelectorAll(".found > a:first-child")].indexOf(document.activeElement));
  assert.equal(focus, first, "the focus goes to the first new one");
  await close();
});

for (const [shape, width] of [["wide", 1280], ["narrow", 375]]) {
  for (const colorScheme of ["light", "dark"]) {
    test(`every state of the search, ${shape} and ${colorScheme}`, async () => {
      const { page, complaints, close } = await visit(article, { width, colorScheme });
      await page.locator(width < 1024 ? ".search-link" : "[data-search]").click();
      const input = page.locator(".finder input");
      await page.locator(".finder .topics a").first().waitFor();
      assert.deepEqual(await violations(page), [], "before typing");
      for (const text of [WORD, TYPO, `${WORD} ${NONSENSE} video`, NONSENSE]) {
        await input.fill(text);
        await settled(page);
        assert.deepEqual(await violations(page), [], text);
        const box = await page.locator("dialog").boundingBox();
        assert.ok(box.x >= 0 && box.x + box.width <= width, `${text}: the dialog does not fit`);
        const [scroll, client] = await page.locator(".finder-body").evaluate((body) => [body.scrollWidth, body.clientWidth]);
        assert.ok(scroll <= client, `${text}: results are ${scroll} wide in ${client}`);
      }
      if (width < 500) assert.equal((await page.locator("dialog").boundingBox()).width, width);
      for (const url of [`/search/?q=${WORD}`, `/search/?q=${NONSENSE}`]) {
        await page.goto(origin + url);
        await settled(page);
        assert.deepEqual(await violations(page), [], url);
        const [scroll, client] = await page.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]);
        assert.ok(scroll <= client, `${url} is ${scroll} wide in a window of ${client}`);
      }
      assert.deepEqual(complaints, []);
      await close();
    });
  }
}

test("without scripts the search page lists every article", async () => {
  const { page, close } = await visit(`/search/?q=${WORD}`, { javaScriptEnabled: false });
  assert.ok((await page.locator(".search-all a:visible").count()) > 20);
  assert.ok(!(await page.locator(".search-found, .search-empty").first().isVisible()));
  await close();
});
