// The preview in a browser: a writer saves files, and the page that is open follows.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, afterEach, test } from "node:test";

import { browser, violations } from "./site.mjs";

const PROGRAM = process.env.GUIDEPOST_PROGRAM;
const LINES = Array.from({ length: 60 }, (_, line) => `Line ${line} of the page.`).join("\n\n");
const REFUNDS = `# Refunds

First words.

<input id="own" aria-label="Own">

:::details{summary="More"}
Folded words.
:::

:::tabs
:::tab{title="One"}
First tab.
:::
:::tab{title="Two"}
Second tab.
:::
:::

${LINES}

Last words.
`;

/** @type {(() => Promise<void>)[]} */
const endings = [];

afterEach(async () => {
  for (const end of endings.splice(0)) await end();
});

after(() => browser.close());

/** Makes a site, serves it, and opens its page about refunds. */
async function preview(...flags) {
  const root = await mkdtemp(join(tmpdir(), "guidepost-preview-"));
  const path = (name) => join(root, name);
  const save = async (name, text) => {
    await mkdir(dirname(path(name)), { recursive: true });
    await writeFile(path(name), text);
  };
  await save("guidepost.toml", 'title = "Acme Video"\n');
  await save("content/billing/_index.md", "# Billing\n");
  await save("content/billing/refunds.md", REFUNDS);
  await save("content/billing/plans.md", "# Plans\n\nAbout plans.\n");
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, reducedMotion: "reduce" });
  const page = await context.newPage();
  const complaints = [];
  page.on("pageerror", (error) => complaints.push(error.message));
  let server = await start(root, "0", flags);
  const stop = () => server.end();
  const startAgain = async () => (server = await start(root, new URL(server.origin).port, flags));
  endings.push(async () => {
    await context.close();
    await server.end();
    await rm(root, { recursive: true });
  });
  await page.goto(`${server.origin}/billing/refunds/`);
  await page.locator("guidepost-preview .problems").waitFor();
  await page.evaluate(() => Object.assign(globalThis, { isSame: true }));
  /** Whether the page was never loaded again. */
  const isSame = () => page.evaluate(() => globalThis.isSame === true);
  return { page, path, save, isSame, complaints, stop, startAgain, context, origin: server.origin };
}

async function start(root, port, flags) {
  const child = spawn(PROGRAM, ["serve", "-C", root, "--port", port, ...flags], { stdio: ["ignore", "ignore", "pipe"] });
  const ended = new Promise((resolve) => child.once("exit", resolve));
  let said = "";
  const origin = await new Promise((resolve, reject) => {
    child.stderr.on("data", (bytes) => {
      said += bytes;
      const found = /Preview at (http:\S+)\//.exec(said);
      if (found) resolve(found[1]);
    });
    child.once("exit", () => reject(new Error(said)));
  });
  const end = async () => {
    child.kill("SIGINT");
    await ended;
  };
  return { origin, end };
}

const shows = (page, text) => page.waitForFunction((text) => document.body.textContent?.includes(text), text);

test("what changed is patched, and everything else stays as it was", async () => {
  const { page, save, isSame, complaints } = await preview();
  await page.locator("main details.fold summary").click();
  await page.getByRole("tab", { name: "Two" }).click();
  await page.locator("#own").fill("half a que");
  await page.evaluate(() => scrollTo({ top: 700, behavior: "instant" }));
  await page.locator("#own").evaluate((input) => input.focus({ preventScroll: true }));
  const start = performance.now();
  await save("content/billing/refunds.md", REFUNDS.replace("Line 30", "Changed line 30").replace("Second tab", "Other tab").replace("Folded", "Hidden"));
  await shows(page, "Changed line 30");
  console.log(`# from saving to the page: ${Math.round(performance.now() - start)} ms`);
  assert.ok(await isSame());
  assert.equal(await page.evaluate(() => scrollY), 700);
  assert.ok(await page.locator("main details.fold").evaluate((details) => details.open));
  assert.equal(await page.locator("main details.fold .fold-body").textContent().then((text) => text?.trim()), "Hidden words.");
  assert.equal(await page.getByRole("tab", { name: "Two" }).getAttribute("aria-selected"), "true");
  assert.ok(await page.getByText("Other tab.").isVisible());
  assert.ok(!(await page.getByText("First tab.").isVisible()));
  assert.equal(await page.locator("#own").inputValue(), "half a que");
  assert.ok(await page.evaluate(() => document.activeElement?.matches("#own")));
  assert.deepEqual(complaints, []);
});

test("blocks that are new work like the others", async () => {
  const { page, save, isSame, complaints } = await preview();
  const added = ":::tabs\n:::tab{title=\"Three\"}\nThird.\n:::\n:::tab{title=\"Four\"}\nFourth.\n:::\n:::\n\n```js\nlet x = 1;\n```\n\n";
  await save("content/billing/refunds.md", REFUNDS.replace("Line 3 ", `${added}Line 3 `));
  await page.getByRole("tab", { name: "Four" }).click();
  assert.ok(await page.getByText("Fourth.").isVisible());
  assert.ok(!(await page.getByText("Third.").isVisible()));
  assert.equal(await page.locator(".code button.copy").count(), 1);
  await save("content/billing/refunds.md", REFUNDS);
  await page.waitForFunction(() => !document.body.textContent?.includes("Fourth."));
  assert.equal(await page.locator(".tab-list").count(), 1);
  assert.ok(await isSame());
  assert.deepEqual(complaints, []);
});

test("a new title is seen in the sidebar of other pages, and in the window's", async () => {
  const { page, save, isSame } = await preview();
  await save("content/billing/plans.md", "# Pricing\n\nAbout plans.\n");
  await page.locator(".menu", { hasText: "Pricing" }).waitFor();
  await save("content/billing/refunds.md", REFUNDS.replace("# Refunds", "# Money back"));
  await page.waitForFunction(() => document.title.startsWith("Money back"));
  assert.ok(await isSame());
});

test("changed styles are swapped", async () => {
  const { page, save, isSame } = await preview();
  const base = await readFile(new URL("../../themes/default/styles/base.css", import.meta.url), "utf8");
  await save("themes/default/styles/base.css", `${base}\nbody { background: rgb(1 2 3) !important }\n`);
  await page.waitForFunction(() => getComputedStyle(document.body).backgroundColor === "rgb(1, 2, 3)");
  await page.waitForFunction(() => document.querySelectorAll("head link[rel=stylesheet]").length === 1);
  assert.ok(await isSame());
});

test("a changed script loads the page again", async () => {
  const { page, save } = await preview();
  const main = await readFile(new URL("../../themes/default/scripts/main.js", import.meta.url), "utf8");
  await save("themes/default/scripts/main.js", `${main}\ndocument.body.dataset.isNew = "yes";\n`);
  await page.locator("body[data-is-new=yes]").waitFor();
});

test("a renamed page is followed, and a deleted one leads to its section", async () => {
  const { page, path } = await preview();
  await rename(path("content/billing/refunds.md"), path("content/billing/money-back.md"));
  await page.waitForURL("**/billing/money-back/");
  await rm(path("content/billing/money-back.md"));
  await page.waitForURL("**/billing/");
});

test("a page that comes back soon is gone back to, unless the reader went elsewhere", async () => {
  const { page, path, save, origin } = await preview();
  await rm(path("content/billing/refunds.md"));
  await page.waitForURL("**/billing/");
  await page.locator("guidepost-preview .problems").waitFor();
  await save("content/billing/refunds.md", REFUNDS.replace("First words", "Words written anew"));
  await page.waitForURL("**/billing/refunds/");
  await shows(page, "Words written anew");
  await rm(path("content/billing/refunds.md"));
  await page.waitForURL("**/billing/");
  await page.goto(`${origin}/billing/plans/`);
  await page.goto(`${origin}/billing/`);
  await page.locator("guidepost-preview .problems").waitFor();
  await save("content/billing/refunds.md", "# Refunds once more\n");
  await shows(page, "Refunds once more");
  assert.equal(new URL(page.url()).pathname, "/billing/");
});

test("an editor that cannot be started is told of", async () => {
  const { page } = await preview("--editor", "no-such-editor");
  const notice = page.locator("guidepost-preview .notice");
  await page.getByRole("button", { name: "content/billing/refunds.md" }).click();
  await notice.getByText("cannot start the editor no-such-editor").waitFor();
  assert.deepEqual(await violations(page), []);
  await notice.getByRole("button", { name: "Close" }).click();
  assert.ok(!(await notice.isVisible()));
});

test("on a phone the panel ends above the bar, and the bar's rows begin below each other", async () => {
  const { page, save } = await preview();
  await page.setViewportSize({ width: 390, height: 700 });
  const broken = Array.from({ length: 12 }, (_, number) => `[words](gone-${number}.md)`).join("\n\n");
  await save("content/billing/refunds.md", `---\ndraft: true\n---\n# Refunds\n\n${broken}\n`);
  const panel = page.locator("guidepost-preview .panel");
  await panel.waitFor();
  const last = panel.locator("li").last();
  await last.scrollIntoViewIfNeeded();
  await panel.evaluate((panel) => panel.scrollTo({ top: panel.scrollHeight, behavior: "instant" }));
  const bar = await page.locator("guidepost-preview .bar").boundingBox();
  const end = await last.boundingBox();
  assert.ok(bar && end && end.y + end.height <= bar.y, JSON.stringify({ bar, end }));
  const starts = await page.locator("guidepost-preview .parts > :not(.badge)").evaluateAll((parts) => {
    const boxes = parts.map((part) => part.getBoundingClientRect());
    return boxes.map(({ y }) => Math.min(...boxes.filter((other) => Math.abs(other.y - y) < 8).map(({ x }) => Math.round(x))));
  });
  assert.equal(new Set(starts).size, 1, starts.join());
});

test("a page that is not shown any more stays, says why, and goes on when it is mended", async () => {
  const { page, save, path, isSame, origin, complaints } = await preview();
  const notice = page.locator("guidepost-preview .notice");
  await save("content/billing/refunds.md", `---\naudience: internal\n---\n${REFUNDS}`);
  await notice.getByText("content/billing/refunds.md is not shown: it is only for internal").waitFor();
  assert.ok(await page.getByText("First words.").isVisible());
  await writeFile(path("content/billing/refunds.md"), Buffer.from("\ufeff# Refunds\n", "utf16le"));
  await notice.getByText("this file is saved as UTF-16").waitFor();
  await page.locator("guidepost-preview .panel").getByText("save it as UTF-8").waitFor();
  assert.deepEqual(await violations(page), []);
  await save("content/billing/refunds.md", REFUNDS.replace("First words", "Mended words"));
  await shows(page, "Mended words");
  await notice.waitFor({ state: "hidden" });
  assert.ok(await isSame());
  await save("content/billing/secret.md", "---\nexpiry_date: 2020-01-01\n---\n# Secret\n");
  await page.goto(`${origin}/billing/secret/`);
  await notice.getByText("it expired on 2020-01-01").waitFor();
  await save("content/billing/secret.md", "# Secret\n\nHere it is.\n");
  await shows(page, "Here it is.");
  await notice.waitFor({ state: "hidden" });
  assert.deepEqual(complaints, []);
});

test("a page that is opened before it is written appears", async () => {
  const { page, save, origin } = await preview();
  await page.goto(`${origin}/billing/soon/`);
  await page.locator("guidepost-preview .problems").waitFor({ state: "attached" });
  await save("content/billing/soon.md", "# Soon\n\nHere it is.\n");
  await shows(page, "Here it is.");
});

test("mistakes lie over the page until they are mended", async () => {
  const { page, save, isSame } = await preview();
  const panel = page.locator("guidepost-preview .panel");
  assert.ok(!(await panel.isVisible()));
  await save("content/billing/refunds.md", REFUNDS.replace("First words.", "First [words](gone.md)."));
  await panel.waitFor();
  assert.match((await panel.textContent()) ?? "", /no page at gone\.md/);
  assert.match((await panel.textContent()) ?? "", /content\/billing\/refunds\.md:3:15/);
  assert.match((await panel.locator("a").first().getAttribute("href")) ?? "", /^vscode:\/\/file\/.*refunds\.md:3:15$/);
  await page.keyboard.press("Escape");
  assert.ok(!(await panel.isVisible()));
  await page.getByRole("button", { name: "1 problem on this page" }).click();
  assert.ok(await panel.isVisible());
  assert.deepEqual(await violations(page), []);
  await save("content/billing/refunds.md", REFUNDS);
  await panel.waitFor({ state: "hidden" });
  assert.ok(await isSame());
});

test("a closed panel comes back only for another mistake", async () => {
  const { page, save } = await preview();
  const panel = page.locator("guidepost-preview .panel");
  const broken = REFUNDS.replace("First words.", "First [words](gone.md).");
  await save("content/billing/refunds.md", broken);
  await panel.waitFor();
  await page.keyboard.press("Escape");
  await save("content/billing/refunds.md", `${broken.replace("First", "A line before.\n\nFirst")}`);
  await shows(page, "A line before.");
  assert.ok(!(await panel.isVisible()));
  await page.reload();
  await page.getByRole("button", { name: "1 problem on this page" }).waitFor();
  assert.ok(!(await panel.isVisible()));
  await save("content/billing/refunds.md", broken.replace("gone.md", "lost.md"));
  await panel.waitFor();
  await page.keyboard.press("Escape");
  await save("content/billing/refunds.md", REFUNDS);
  await page.getByRole("button", { name: "No problems" }).waitFor();
  await save("content/billing/refunds.md", broken.replace("gone.md", "lost.md"));
  await panel.waitFor();
});

test("a broken template leaves the page, and says where it is broken", async () => {
  const { page, save, path, isSame } = await preview();
  const panel = page.locator("guidepost-preview .panel");
  await save("themes/default/article.html", "<h1>{{ page.title }</h1>");
  await panel.waitFor();
  assert.match((await panel.textContent()) ?? "", /Mend this first.*themes\/default\/article\.html:1/);
  assert.ok(await page.getByText("First words.").isVisible());
  await rm(path("themes"), { recursive: true });
  await panel.waitFor({ state: "hidden" });
  assert.ok(await isSame());
});

test("the bar tells of the page", async () => {
  const { page, save } = await preview();
  const bar = page.locator("guidepost-preview .bar");
  assert.match((await bar.textContent()) ?? "", /No problems\d+ words · \d+ mincontent\/billing\/refunds\.md/);
  await save("content/billing/refunds.md", `---\ndraft: true\nunlisted: true\n---\n${REFUNDS}`);
  await bar.getByText("draft").waitFor();
  await bar.getByText("unlisted").waitFor();
});

test("a server that is gone is noticed, and so is its return", async () => {
  const { page, save, stop, startAgain } = await preview();
  const notice = page.locator("guidepost-preview .notice");
  await stop();
  await notice.waitFor();
  await save("content/billing/refunds.md", REFUNDS.replace("First words", "Words of the night"));
  await startAgain();
  await notice.waitFor({ state: "hidden" });
  await shows(page, "Words of the night");
});

test("many tabs leave room for pages", async () => {
  const { context, save, origin } = await preview();
  const tabs = [];
  for (let count = 0; count < 8; count += 1) {
    const tab = await context.newPage();
    await tab.goto(`${origin}/billing/plans/`);
    tabs.push(tab);
  }
  await save("content/billing/plans.md", "# Plans\n\nSeen in all tabs.\n");
  for (const tab of tabs) await shows(tab, "Seen in all tabs.");
});

test("search finds what was just written, in a page that is open", async () => {
  const { page, save, complaints } = await preview();
  // The index follows the pages.
  while (!(await fetch(new URL("/search/entry.json", page.url()))).ok) await new Promise((later) => setTimeout(later, 50));
  await page.keyboard.press("/");
  await page.locator(".finder input").waitFor();
  await page.keyboard.type("refunds");
  await page.locator("[role=option]").first().waitFor();
  await page.keyboard.press("Escape");
  const told = page.evaluate(() => new Promise((resolve) => addEventListener("guidepost:index", resolve, { once: true })).then(() => true));
  await save("content/billing/plans.md", "# Plans\n\nZanzibar is far away.\n");
  assert.ok(await told);
  await page.keyboard.press("/");
  await page.locator(".finder input").waitFor();
  await page.locator(".finder input").fill("zanzibar");
  await page.locator("[role=option]", { hasText: "Plans" }).first().waitFor();
  assert.deepEqual(complaints, []);
});

test("a search page that is open asks again when the index is new", async () => {
  const { page, save, origin, complaints } = await preview();
  while (!(await fetch(new URL("/search/entry.json", page.url()))).ok) await new Promise((later) => setTimeout(later, 50));
  await page.goto(`${origin}/search/?q=zanzibar`);
  await page.waitForFunction(() => document.querySelector(".search-found")?.ariaBusy === "false");
  assert.equal(await page.locator(".search-found .found").count(), 0);
  await save("content/billing/plans.md", "# Plans\n\nZanzibar is far away.\n");
  await page.locator(".search-found .found", { hasText: "Plans" }).waitFor();
  assert.deepEqual(complaints, []);
});

test("the browser goes to the page that was saved, if asked to", async () => {
  const { page, save } = await preview("--follow");
  await save("content/billing/plans.md", "# Plans\n\nFollow me.\n");
  await page.waitForURL("**/billing/plans/");
});
