// Feedback and contact as a visitor meets them: with keys, on a phone, without scripts, and asking not to be tracked.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, test } from "node:test";

const site = await mkdtemp(join(tmpdir(), "guidepost-contact-"));
const FILES = {
  "content/index.md": "# Home\n\nWelcome.\n",
  "content/billing/_index.md": "# Billing\n",
  "content/billing/refunds.md": "---\ntitle: Refunds & more?\n---\nGet a refund of an invoice within two weeks.\n",
  "content/billing/invoices.md": "# Invoices\n\nWhere to find an invoice.\n",
  "content/upload.md": "# Upload a video\n\nDrag it into the window.\n",
};
const WIDGET = '[[contact.widgets]]\nname = "Acme Chat"\nscript = "https://chat.acme.example/x.js"\npages = ["/contact/", "/billing/**"]\n';

/** Builds the site with these settings and returns its folder. */
async function build(name, settings) {
  for (const [path, text] of Object.entries({ ...FILES, "guidepost.toml": settings })) {
    await mkdir(dirname(join(site, path)), { recursive: true });
    await writeFile(join(site, path), text);
  }
  const output = join(site, name);
  execFileSync(process.env.GUIDEPOST_PROGRAM, ["build", "--quiet", "--strict", "-C", site, "-o", output]);
  return output;
}

// The pages with forms are served; those without are looked at as text.
await build("mail", '[contact]\nemail = "help@acme.example"\npage = true\n[feedback]\nmailto = "docs@acme.example"\n');
await build("plain", "");
await build("action", '[feedback]\naction = "/take"\n');
process.env.GUIDEPOST_SITE = await build(
  "forms",
  `[contact]\nform = "/send"\nemail = "help@acme.example"\n[feedback]\nendpoint = "/votes"\n${WIDGET}`,
);
const { browser, origin, visit, violations } = await import("./site.mjs");
const { readFile } = await import("node:fs/promises");

after(async () => {
  await browser.close();
  await rm(site, { recursive: true });
});

const read = (path) => readFile(join(site, path), "utf8");

for (const width of [1280, 375]) {
  for (const colorScheme of ["light", "dark"]) {
    test(`forms are sound at ${width} pixels, ${colorScheme}`, async () => {
      for (const url of ["/contact/", "/billing/refunds/"]) {
        const { page, complaints, close } = await visit(url, { width, colorScheme });
        if (url === "/contact/") await page.getByLabel("What is it about?").fill("invoice");
        else await page.getByText("No", { exact: true }).click();
        if (url === "/contact/") await page.locator(".contact-suggestions").waitFor();
        assert.deepEqual(await violations(page), []);
        const tooWide = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
        assert.ok(!tooWide, `${url} scrolls sideways`);
        assert.deepEqual(complaints, []);
        await close();
      }
    });
  }
}

test("an answer is sent once, as documented, and with the keyboard alone", async () => {
  const { page, complaints, close } = await visit("/billing/refunds/");
  const sent = [];
  await page.route("**/votes", (route) => {
    sent.push(route.request());
    return route.fulfill({ status: 204 });
  });
  await page.evaluate(() => {
    globalThis.heard = [];
    document.addEventListener("guidepost:feedback", (event) => globalThis.heard.push(event.detail));
  });
  assert.ok(!(await page.locator("#feedback-reason").isVisible()));
  await page.getByRole("radio", { name: "Yes" }).focus();
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("Tab");
  await page.keyboard.type("Not there");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await page.getByText("Thank you.").waitFor();
  assert.equal(sent.length, 1);
  assert.deepEqual(sent[0].postDataJSON(), {
    version: 1,
    page: "/billing/refunds/",
    title: "Refunds & more?",
    language: "en",
    helpful: false,
    reason: "Not there",
  });
  const headers = await sent[0].allHeaders();
  assert.ok(!("cookie" in headers) && !("referer" in headers), JSON.stringify(headers));
  assert.deepEqual(await page.evaluate(() => globalThis.heard), [{ helpful: false }]);
  assert.equal(await page.evaluate(() => document.activeElement?.className), "feedback-status");
  assert.deepEqual(await page.context().cookies(), []);
  assert.deepEqual(complaints, []);
  await close();
});

test("an answer that could not be sent is not lost", async () => {
  const { page, close } = await visit("/billing/refunds/");
  await page.route("**/votes", (route) => route.fulfill({ status: 500 }));
  await page.getByText("Yes", { exact: true }).click();
  await page.getByLabel("Would you like to say why?").fill("Good");
  await page.getByRole("button", { name: "Send" }).click();
  await page.getByText("could not be sent").waitFor();
  assert.equal(await page.getByLabel("Would you like to say why?").inputValue(), "Good");
  await close();
});

for (const signal of ["doNotTrack", "globalPrivacyControl"]) {
  test(`nobody who sets ${signal} is asked`, async () => {
    const context = await browser.newContext();
    await context.addInitScript((name) => {
      Object.defineProperty(Navigator.prototype, name, { get: () => (name === "doNotTrack" ? "1" : true) });
    }, signal);
    const page = await context.newPage();
    await page.goto(`${origin}/billing/refunds/`, { waitUntil: "networkidle" });
    assert.ok(!(await page.locator(".feedback").isVisible()));
    await context.close();
  });
}

test("without settings nothing is asked and no script is loaded", async () => {
  for (const [path, isAsked] of [["plain/upload/index.html", false], ["forms/upload/index.html", true]]) {
    const html = await read(path);
    assert.equal(html.includes("feedback.js"), isAsked);
    assert.equal(html.includes('class="feedback"'), isAsked);
    assert.ok(!html.includes("widgets.js"));
  }
  await assert.rejects(read("plain/contact/index.html"));
});

test("e-mail needs no script", async () => {
  const article = await read("mail/billing/refunds/index.html");
  assert.ok(article.includes("mailto:docs@acme.example?subject=Yes%3A%20Refunds%20%26%20more%3F"), article);
  assert.ok(!article.includes("feedback.js"));
  const contact = await read("mail/contact/index.html");
  assert.ok(contact.includes('href="mailto:help@acme.example"'));
});

for (const javaScriptEnabled of [true, false]) {
  test(`a service for forms gets the answer as a form, scripts ${javaScriptEnabled ? "on" : "off"}`, async () => {
    const context = await browser.newContext({ javaScriptEnabled });
    const page = await context.newPage();
    const sent = [];
    const body = await read("action/billing/refunds/index.html");
    await page.route(`${origin}/billing/refunds/`, (route) => route.fulfill({ contentType: "text/html", body }));
    await page.route("**/take", (route) => {
      sent.push(route.request().postData());
      return route.fulfill({ contentType: "text/html", body: "<p>Thank you." });
    });
    await page.goto(`${origin}/billing/refunds/`, { waitUntil: "networkidle" });
    await page.getByText("No", { exact: true }).click();
    await page.getByLabel("Would you like to say why?").fill("Too short");
    await page.getByRole("button", { name: "Send" }).click();
    await page.getByText("Thank you.").waitFor();
    const expected = { version: "1", page: "/billing/refunds/", title: "Refunds & more?", language: "en", helpful: "no", reason: "Too short" };
    assert.deepEqual(sent.map((body) => Object.fromEntries(new URLSearchParams(body))), [expected]);
    assert.deepEqual(await context.cookies(), []);
    await context.close();
  });
}

test("articles are suggested while the subject is typed, and nothing is fetched before", async () => {
  const { page, complaints, close } = await visit("/contact/");
  const asked = [];
  page.on("request", (request) => asked.push(new URL(request.url()).pathname));
  assert.ok(!(await page.locator(".contact-suggestions").isVisible()));
  const subject = page.getByLabel("What is it about?");
  await subject.focus();
  assert.deepEqual(asked.filter((path) => path.startsWith("/search/")), []);
  await page.keyboard.type("Refund of an invoce", { delay: 20 });
  const links = page.locator(".contact-suggestions a");
  await links.first().waitFor();
  await page.waitForFunction(() => document.querySelectorAll(".contact-suggestions a").length >= 1);
  assert.ok((await links.allTextContents()).includes("Refunds & more?"));
  assert.match(await page.locator(".contact-count").textContent(), /may help/);
  assert.match(await page.locator(".contact-mail a").getAttribute("href"), /^mailto:help@acme\.example\?subject=Refund%20of/);
  await subject.fill("");
  await page.locator(".contact-suggestions").waitFor({ state: "hidden" });
  await subject.fill("qqzzxxvv");
  await page.waitForTimeout(600);
  assert.ok(!(await page.locator(".contact-suggestions").isVisible()));
  assert.deepEqual(complaints, []);
  await close();
});

test("the contact form works without scripts", async () => {
  const { page, close } = await visit("/contact/", { javaScriptEnabled: false });
  let body;
  await page.route("**/send", (route) => {
    body = route.request().postData();
    return route.fulfill({ body: "Thanks" });
  });
  await page.getByLabel("What is it about?").fill("Refund");
  await page.getByLabel("Your e-mail address").fill("a@acme.example");
  await page.getByLabel("Your message").fill("Hello");
  await page.getByRole("button", { name: "Send" }).click();
  await page.getByText("Thanks").waitFor();
  assert.equal(body, "subject=Refund&email=a%40acme.example&message=Hello");
  assert.ok(!(await page.locator(".widgets").isVisible().catch(() => false)));
  await close();
});

test("a widget loads on its pages only, and only when it is asked for", async () => {
  const context = await browser.newContext({ bypassCSP: true });
  const page = await context.newPage();
  const foreign = [];
  await context.route("https://chat.acme.example/**", (route) => {
    foreign.push(route.request().url());
    return route.fulfill({ contentType: "text/javascript", body: "document.body.dataset.chat = 'open';" });
  });
  await page.goto(`${origin}/upload/`, { waitUntil: "networkidle" });
  assert.equal(await page.locator("[data-widget]").count(), 0);
  await page.goto(`${origin}/billing/invoices/`, { waitUntil: "networkidle" });
  const button = page.getByRole("button", { name: "Acme Chat" });
  await page.getByText("This loads a script from chat.acme.example.").waitFor();
  assert.deepEqual(foreign, []);
  await button.focus();
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => document.body.dataset.chat === "open");
  assert.deepEqual(foreign, ["https://chat.acme.example/x.js"]);
  assert.ok(!(await button.isVisible()));
  await context.close();
});
