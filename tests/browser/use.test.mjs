// The site in use: with the keyboard alone, with a finger, and without scripts.

import assert from "node:assert/strict";
import { after, test } from "node:test";

import { browser, origin, pageWith, visit, violations } from "./site.mjs";

after(() => browser.close());

const article = pageWith(/<body class="page-article[^]*<figure class="code"/);
const tabbed = pageWith(/<body class="page-[^]*class="tabs"/);
const withSidebar = pageWith(/<body class="page-article has-nav/);

test("the first Tab offers to skip to the content", async () => {
  const { page, close } = await visit(article);
  await page.keyboard.press("Tab");
  assert.equal(await page.evaluate(() => document.activeElement?.className), "skip");
  assert.ok(await page.locator(".skip").isVisible());
  await page.keyboard.press("Enter");
  assert.equal(await page.evaluate(() => document.activeElement?.id), "main");
  await close();
});

test("everything that has the focus shows it", async () => {
  const { page, close } = await visit(article);
  for (let step = 0; step < 25; step += 1) {
    await page.keyboard.press("Tab");
    const hidden = await page.evaluate(() => {
      const element = document.activeElement;
      if (!element || element === document.body) return undefined;
      const style = getComputedStyle(element);
      const around = getComputedStyle(element.parentElement ?? element);
      const shows = [style, around].some((look) => look.outlineStyle !== "none" || look.boxShadow !== "none");
      return shows ? undefined : element.outerHTML.slice(0, 120);
    });
    assert.equal(hidden, undefined, `no focus is seen on ${hidden}`);
  }
  await close();
});

test("the menu opens, holds the sidebar, and Escape closes it", async () => {
  const { page, complaints, close } = await visit(withSidebar, { width: 375 });
  const button = page.locator(".menu-button");
  await button.focus();
  await page.keyboard.press("Enter");
  assert.equal(await button.getAttribute("aria-expanded"), "true");
  assert.ok(await page.locator(".menu [aria-current=page]").first().isVisible());
  assert.deepEqual(await violations(page), []);
  await page.keyboard.press("Escape");
  assert.equal(await button.getAttribute("aria-expanded"), "false");
  assert.ok(await button.evaluate((element) => element === document.activeElement));
  assert.deepEqual(complaints, []);
  await close();
});

test("tabs follow the arrow keys", async () => {
  const { page, close } = await visit(tabbed);
  const list = page.locator("[role=tablist]").first();
  const tabs = list.locator("[role=tab]");
  await tabs.first().focus();
  await page.keyboard.press("ArrowRight");
  assert.equal(await tabs.nth(1).getAttribute("aria-selected"), "true");
  assert.equal(await tabs.first().getAttribute("aria-selected"), "false");
  const panel = page.locator(`#${await tabs.nth(1).getAttribute("aria-controls")}`);
  assert.ok(await panel.isVisible());
  await page.keyboard.press("Home");
  assert.equal(await tabs.first().getAttribute("aria-selected"), "true");
  assert.ok(!(await panel.isVisible()));
  await close();
});

test("the switch goes from light to dark, and the choice stays", async () => {
  const { page, complaints, close } = await visit(article);
  const background = () => page.evaluate(() => [document.documentElement, document.body].map((element) => getComputedStyle(element).backgroundColor).join());
  const light = await background();
  const button = page.locator(".theme-button");
  for (let press = 0; press < 3 && (await page.evaluate(() => document.documentElement.dataset.theme)) !== "dark"; press += 1) {
    await button.focus();
    await page.keyboard.press("Enter");
  }
  assert.notEqual(await background(), light);
  const dark = await background();
  await page.reload();
  assert.equal(await background(), dark);
  assert.deepEqual(complaints, []);
  await close();
});

test("the button beside code copies it", async () => {
  const { page, complaints, close } = await visit(article);
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"], { origin });
  const code = page.locator(".code").first();
  await code.locator("button.copy").focus();
  await page.keyboard.press("Enter");
  const copied = await page.waitForFunction(() => document.querySelector(".code .copy")?.textContent === "Copied");
  assert.ok(copied);
  const text = await page.evaluate(() => navigator.clipboard.readText());
  assert.equal(text, await code.locator("code").textContent());
  assert.deepEqual(complaints, []);
  await close();
});

test("an address that is not there is answered with the way back", async () => {
  const { page, close } = await visit("/no/such/page/");
  assert.ok(await page.locator("main h1").isVisible());
  assert.ok((await page.locator("a[href='/']").count()) > 0);
  await close();
});

for (const width of [1280, 375]) {
  test(`without scripts everything can be read, ${width} wide`, async () => {
    for (const url of ["/", article, tabbed, withSidebar, "/search/", "/404.html"]) {
      const { page, complaints, close } = await visit(url, { width, javaScriptEnabled: false });
      assert.ok(await page.locator("main").isVisible(), `${url} shows no main part`);
      for (const panel of await page.locator(".tab-body").all()) assert.ok(await panel.isVisible(), `${url} hides a tab`);
      assert.equal(await page.locator(".theme-button:visible, .copy:visible").count(), 0, `${url} has a button that does nothing`);
      assert.deepEqual(complaints, []);
      await close();
    }
  });

  test(`without scripts the sidebar is there, ${width} wide`, async () => {
    const { page, close } = await visit(withSidebar, { width, javaScriptEnabled: false });
    assert.ok(await page.locator(".menu a").first().isVisible());
    await close();
  });
}
