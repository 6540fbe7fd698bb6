// Guides, FAQ pages, badges, tabs, attachments and what readers looked at before: each as a reader meets it, in a site made
// for it that lies below a path of its host.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, test } from "node:test";

const site = await mkdtemp(join(tmpdir(), "guidepost-kinds-"));
const chapter = (title) => `# ${title}\n\nDo this first.[^1] [Go on](#next).\n\n## Next\n\nThen do that.\n\n[^1]: Or later.\n`;
const TABS = '::::tabs{group="platform"}\n:::tab{title="Windows"}\nPress Start.\n:::\n:::tab{title="Mac"}\nPress the apple.\n:::\n::::\n';
const applies = (title, badges) => `---\ntitle: ${title}\napplies_to: ${badges}\n---\nText about it.\n`;
const FILES = {
  "guidepost.toml": 'title = "Acme Help"\nbase_url = "https://acme.example/help/"\n[feedback]\nendpoint = "/votes"\n[contact]\nform = "/send"\n',
  "content/index.md": "# Home\n\nWelcome.\n",
  "content/set-up/_index.md":
    "---\ntitle: Set up your account\ntype: guide\nneeds: [An e-mail address, A logo]\nminutes: 20\n---\nFor everybody. [On one page](print/).\n",
  "content/set-up/01-create.md": chapter("Create an account"),
  "content/set-up/02-invite.md": chapter("Invite people"),
  "content/set-up/03-share.md": `---\nminutes: 5\n---\n${chapter("Share a video")}\n${TABS}`,
  "content/billing/_index.md": "# Billing\n",
  "content/billing/faq.md":
    "---\ntitle: Questions about billing\ntype: faq\n---\n## Can I have my money back?\n\nWithin 30 days.\n\n## When am I charged?\n\nOn the first.\n\n## Do you take zebra coins?\n\nNo.\n",
  "content/billing/refunds.md": `${applies("Refunds", "{ plan: [Pro, Team], platform: Windows }")}\n:::faq{question="How long does it take?"}\nTwo weeks.\n:::\n\n${TABS}`,
  "content/billing/invoices.md": applies("Invoices", "{ plan: Pro, platform: Mac }"),
  "content/billing/prices.md": "---\ntitle: Prices\nattachments: [price-list.pdf]\n---\nSee the list.\n",
  "content/billing/price-list.pdf": "%PDF-1.4\n",
};
for (const [path, text] of Object.entries(FILES)) {
  await mkdir(dirname(join(site, path)), { recursive: true });
  await writeFile(join(site, path), text);
}
// The site lies where it will be on its host.
const root = join(site, "host");
execFileSync(process.env.GUIDEPOST_PROGRAM, ["build", "--quiet", "--strict", "-C", site, "-o", join(root, "help")]);
await writeFile(join(root, "404.html"), "<title>none</title>");
process.env.GUIDEPOST_SITE = root;
const { browser, origin, pages, visit, violations } = await import("./site.mjs");

after(async () => {
  await browser.close();
  await rm(site, { recursive: true });
});

/** Opens another page in the same browser. */
const go = (page, url) => page.goto(origin + url, { waitUntil: "networkidle" });

const KINDS = {
  "a guide": "/help/set-up/",
  "a step of a guide": "/help/set-up/invite/",
  "a guide on one page": "/help/set-up/print/",
  "a FAQ page": "/help/billing/faq/",
  "a category with filters": "/help/billing/",
  "an article with badges, tabs and a question": "/help/billing/refunds/",
  "an article with a file": "/help/billing/prices/",
};

for (const [kind, url] of Object.entries(KINDS)) {
  for (const width of [1280, 375]) {
    for (const colorScheme of ["light", "dark"]) {
      test(`${kind} is sound at ${width} pixels, ${colorScheme}`, async () => {
        const { page, complaints, close } = await visit(url, { width, colorScheme });
        for (const fold of await page.locator("main details:not([open]) > summary").all()) {
          if (await fold.isVisible()) await fold.click();
        }
        assert.deepEqual(await violations(page), []);
        const tooWide = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
        assert.ok(!tooWide, `${url} scrolls sideways`);
        assert.deepEqual(complaints, []);
        if (process.env.GUIDEPOST_SCREENSHOTS) {
          const path = join(process.env.GUIDEPOST_SCREENSHOTS, `${kind.replaceAll(" ", "-")}-${width}-${colorScheme}.png`);
          await page.screenshot({ path, fullPage: true });
        }
        await close();
      });
    }
  }
}

test("a guide says what it takes and lists its steps", async () => {
  const { page, close } = await visit("/help/set-up/", { javaScriptEnabled: false });
  const text = await page.locator("main").innerText();
  for (const part of ["3 steps", "20 minutes", "An e-mail address", "A logo", "Create an account", "Invite people", "Share a video"]) {
    assert.ok(text.includes(part), `no “${part}” in:\n${text}`);
  }
  assert.deepEqual(await page.locator(".guide-chapters a").allTextContents(), ["Create an account", "Invite people", "Share a video"]);
  await page.getByRole("link", { name: "Print" }).or(page.getByRole("link", { name: "one page" })).first().click();
  assert.ok(page.url().endsWith("/help/set-up/print/"));
  await close();
});

test("a step says where it is, and its links stay in the guide", async () => {
  const { page, close } = await visit("/help/set-up/invite/", { javaScriptEnabled: false });
  assert.match(await page.locator(".guide-step").innerText(), /Set up your account\s+Step 2 of 3/);
  assert.equal(await page.locator("progress").getAttribute("value"), "2");
  await page.locator(".pager-next").click();
  assert.match(await page.locator(".guide-step").innerText(), /Step 3 of 3/);
  assert.match(await page.locator("main .meta").innerText(), /^5 minutes/);
  assert.equal(await page.locator(".pager-next").count(), 0);
  await page.locator(".pager-previous").click();
  await page.locator(".pager-previous").click();
  assert.match(await page.locator(".guide-step").innerText(), /Step 1 of 3/);
  assert.equal(await page.locator(".pager-previous").count(), 0);
  await close();
});

test("the step that was reached is offered on the guide's first page", async () => {
  const { page, complaints, close } = await visit("/help/set-up/");
  const begin = page.locator(".guide-start a");
  assert.ok((await begin.getAttribute("href")).endsWith("/set-up/create/"));
  const before = await begin.textContent();
  await go(page, "/help/set-up/invite/");
  await go(page, "/help/set-up/print/");
  await go(page, "/help/set-up/");
  assert.ok((await begin.getAttribute("href")).endsWith("/set-up/invite/"));
  assert.match(await begin.textContent(), /2/);
  assert.notEqual(await begin.textContent(), before);
  assert.match(await page.locator("li[aria-current=step]").innerText(), /Invite people/);
  assert.deepEqual(await page.context().cookies(), []);
  assert.deepEqual(complaints, []);
  await close();
});

test("the page to print has every step once, and its links work", async () => {
  const { page, close } = await visit("/help/set-up/print/");
  assert.equal(await page.locator(".guide-part").count(), 3);
  const ids = await page.locator("[id]").evaluateAll((all) => all.map(({ id }) => id));
  assert.equal(new Set(ids).size, ids.length, `ids repeat: ${ids}`);
  for (const link of await page.locator(".guide-part a[href^='#']").all()) {
    const target = (await link.getAttribute("href")).slice(1);
    assert.ok(ids.includes(target), `nothing has the id ${target}`);
    const ofPart = (element) => element.closest(".guide-part").querySelector("h2").textContent;
    const there = await page.locator(`[id="${target}"]`).evaluate(ofPart);
    assert.equal(await link.evaluate(ofPart), there);
  }
  assert.equal(await page.locator("meta[name=robots]").getAttribute("content"), "noindex");
  await page.emulateMedia({ media: "print" });
  assert.ok(!(await page.locator(".header").isVisible()));
  assert.ok(await page.locator(".guide-part").last().isVisible());
  await close();
});

test("questions fold open without scripts", async () => {
  const { page, close } = await visit("/help/billing/faq/", { javaScriptEnabled: false });
  const answer = page.getByText("Within 30 days.");
  assert.ok(!(await answer.isVisible()));
  await page.locator("summary", { hasText: "Can I have my money back?" }).click();
  assert.ok(await answer.isVisible());
  await close();
});

for (const [url, id, answer] of [
  ["/help/billing/faq/", "when-am-i-charged", "On the first."],
  ["/help/billing/refunds/", "how-long-does-it-take", "Two weeks."],
]) {
  test(`the address of a question opens it: ${id}`, async () => {
    const { page, complaints, close } = await visit(`${url}#${id}`);
    assert.ok(await page.getByText(answer).isVisible());
    assert.equal(await page.locator("main details.faq[open]").count(), 1);
    await go(page, "/help/");
    await go(page, url);
    await page.locator(`.toc-side a[href="#${id}"]`).click().catch(() => page.evaluate((id) => (location.hash = id), id));
    await page.getByText(answer).waitFor();
    assert.deepEqual(complaints, []);
    await close();
  });
}

test("a question is found by itself", async () => {
  const { page, complaints, close } = await visit("/help/search/?q=zebra+coins");
  const link = page.locator(".search-found a[href*='#']").first();
  await link.waitFor();
  assert.ok((await link.getAttribute("href")).endsWith("/help/billing/faq/#do-you-take-zebra-coins"));
  await link.click();
  await page.getByText("No.", { exact: true }).waitFor();
  assert.deepEqual(complaints, []);
  await close();
});

test("a category is narrowed to what applies, and the address remembers it", async () => {
  const { page, complaints, close } = await visit("/help/billing/");
  const shown = () => page.locator("main .article-list > li:visible a").allTextContents();
  const all = await shown();
  assert.ok(all.includes("Refunds") && all.includes("Invoices") && all.includes("Prices"));
  await page.getByLabel("Plan").selectOption("Team");
  assert.ok((await shown()).includes("Refunds") && !(await shown()).includes("Invoices"), "a plan is not narrowed to");
  assert.ok((await shown()).includes("Prices"), "what says nothing applies to everybody");
  await page.reload();
  assert.equal(await page.getByLabel("Plan").inputValue(), "Team");
  assert.ok(!(await shown()).includes("Invoices"));
  await page.getByLabel("Plan").selectOption("");
  assert.deepEqual(await shown(), all);
  assert.deepEqual(complaints, []);
  await close();
});

test("without scripts there are badges and no filters", async () => {
  const { page, close } = await visit("/help/billing/", { javaScriptEnabled: false });
  assert.ok(!(await page.locator(".filters").isVisible()));
  assert.ok(await page.locator(".article-list .badge", { hasText: "Team" }).isVisible());
  await go(page, "/help/billing/refunds/");
  assert.match(await page.locator(".applies-to").innerText(), /Plan\s+Pro\s+Team\s+Platform\s+Windows/);
  await close();
});

test("the platform that was chosen is chosen on other pages, too", async () => {
  const { page, complaints, close } = await visit("/help/billing/refunds/");
  await page.getByRole("tab", { name: "Mac" }).click();
  assert.ok(await page.getByText("Press the apple.").isVisible());
  await go(page, "/help/set-up/share/");
  assert.equal(await page.getByRole("tab", { name: "Mac" }).getAttribute("aria-selected"), "true");
  assert.ok(await page.getByText("Press the apple.").isVisible());
  assert.ok(!(await page.getByText("Press Start.").isVisible()));
  assert.deepEqual(complaints, []);
  await close();
});

test("pages that were looked at are listed on the next ones, on this device only", async () => {
  const { page, complaints, close } = await visit("/help/billing/refunds/");
  assert.ok(!(await page.locator(".recent").isVisible()));
  await go(page, "/help/billing/prices/");
  await go(page, "/help/set-up/create/");
  assert.deepEqual(await page.locator(".recent a").allTextContents(), ["Prices", "Refunds"]);
  await page.locator(".recent a").last().click();
  assert.ok(page.url().endsWith("/help/billing/refunds/"));
  assert.deepEqual(await page.context().cookies(), []);
  assert.deepEqual(complaints, []);
  await close();
});

test("a page that was renamed is listed once, and an address that leads nowhere no more", async () => {
  const { page, close } = await visit("/help/billing/refunds/");
  await page.evaluate(() => {
    const seen = [["/help/billing/old-prices/", "Prices"], ["/help/gone/", "Gone"], ["/help/older-prices/", "Prices"]];
    localStorage.setItem("recent", JSON.stringify(seen));
  });
  await go(page, "/help/set-up/create/");
  assert.deepEqual(await page.locator(".recent a").allTextContents(), ["Prices", "Gone"]);
  await go(page, "/help/billing/prices/");
  const lost = pages.find(({ url }) => url === "/help/404.html")?.html;
  await page.route("**/help/gone/", (route) => route.fulfill({ status: 404, contentType: "text/html", body: lost }));
  await go(page, "/help/gone/");
  await go(page, "/help/billing/refunds/");
  assert.deepEqual(await page.locator(".recent a").evaluateAll((links) => links.map((link) => link.getAttribute("href"))), [
    "/help/billing/prices/",
    "/help/set-up/create/",
  ]);
  await close();
});

test("a title in what is remembered is text, and an address elsewhere is left out", async () => {
  const { page, complaints, close } = await visit("/help/billing/refunds/");
  await page.evaluate(() => {
    const seen = [["/help/billing/prices/", "<img src=x onerror=alert(1)>"], ["//evil.example/", "a"], ["javascript:alert(1)", "b"], 7];
    localStorage.setItem("recent", JSON.stringify(seen));
  });
  await go(page, "/help/set-up/create/");
  assert.deepEqual(await page.locator(".recent a").allTextContents(), ["<img src=x onerror=alert(1)>"]);
  assert.deepEqual(complaints, []);
  await close();
});

test("a file to download is named with its size", async () => {
  const { page, close } = await visit("/help/billing/prices/", { javaScriptEnabled: false });
  const section = page.locator(".attachments");
  assert.match(await section.innerText(), /price-list\.pdf\s+9 B/);
  const download = page.waitForEvent("download");
  await section.getByRole("link").click();
  assert.equal((await download).suggestedFilename(), "price-list.pdf");
  await close();
});

test("every kind of article asks whether it helped, and the answer goes below the site's own path", async () => {
  for (const url of ["/help/set-up/invite/", "/help/billing/faq/", "/help/billing/prices/"]) {
    const { page, close } = await visit(url);
    const sent = [];
    await page.route("**/votes", (route) => {
      sent.push(route.request());
      return route.fulfill({ status: 204 });
    });
    await page.getByText("Yes", { exact: true }).click();
    await page.getByRole("button", { name: "Send" }).click();
    await page.getByText("Thank you.").waitFor();
    assert.equal(new URL(sent[0].url()).pathname, "/help/votes");
    assert.equal(sent[0].postDataJSON().page, url.replace("/help", ""));
    await close();
  }
  const { html } = pages.find(({ url }) => url === "/help/contact/");
  assert.ok(html.includes('action="/help/send"'));
});
