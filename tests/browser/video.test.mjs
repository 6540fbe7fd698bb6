// Videos as visitors use them: nothing is asked of a provider before they press play, the transcript and an address lead to
// a second, and what is said is found.

import assert from "node:assert/strict";
import { after, test } from "node:test";

import { browser, origin, pageWith, pages, visit, violations } from "./site.mjs";

after(() => browser.close());

const withFile = pageWith(/<figure class="video main-video" data-video="file"[^]*class="transcript-text"/);
const gallery = pageWith(/<body class="page-section[^]*class="video-tiles"/);

/** Puts a page of our own in the place of one of the site's, with a video at a provider. */
async function visitWith(figure) {
  const context = await browser.newContext();
  const page = await context.newPage();
  const asked = [];
  page.on("request", (request) => {
    if (!request.url().startsWith(`${origin}/`)) asked.push(request.url());
  });
  await page.route(/^https:/, (route) => route.fulfill({ contentType: "text/html", body: "<title>player</title>" }));
  const { html } = pages.find(({ url }) => url === withFile);
  const body = html.replace(/<figure class="video[^]*?<\/figure>/, figure);
  await page.route(`${origin}${withFile}**`, (route) => route.fulfill({ contentType: "text/html", body }));
  await page.goto(`${origin}${withFile}?t=83`, { waitUntil: "networkidle" });
  return { page, asked, close: () => context.close() };
}

const facade = (provider, media) => `<figure class="video" data-video="${provider}" data-media="${media}" data-title="T">
<div class="video-frame"><a class="video-link" href="https://example.com/"><span class="video-title">T</span></a></div></figure>`;

test("a video is shown without a request to anybody else, and plays", async () => {
  const { page, complaints, close } = await visit(withFile);
  assert.deepEqual(await violations(page), []);
  const heard = page.evaluate(() => {
    return new Promise((hear) => document.addEventListener("guidepost:video", (event) => hear(event.detail), { once: true }));
  });
  await page.locator("video").evaluate((video) => video.play());
  assert.equal((await heard).action, "play");
  await page.waitForFunction(() => document.querySelector("video").currentTime > 0.2);
  assert.deepEqual(complaints, []);
  await close();
});

test("the transcript and the chapters lead to their second, and the line being said is marked", async () => {
  const { page, complaints, close } = await visit(withFile);
  const link = page.locator(".transcript .time").nth(1);
  const second = Number((await link.getAttribute("href")).split("t=")[1]);
  await link.click();
  await page.waitForFunction((second) => document.querySelector("video").currentTime >= second, second);
  assert.ok(new URL(page.url()).search.endsWith(`t=${second}`));
  const marked = await page.locator(".transcript [aria-current]").getAttribute("id");
  assert.ok(Number(marked.split("t=")[1]) >= second - 3);
  const chapter = page.locator(".chapters a").last();
  await chapter.click();
  const at = Number((await chapter.getAttribute("href")).split("t=")[1]);
  await page.waitForFunction((at) => document.querySelector("video").currentTime >= at, at);
  assert.deepEqual(complaints, []);
  await close();
});

for (const form of ["?t=15", "#t=15"]) {
  test(`an address with ${form} opens the video there`, async () => {
    const { page, close } = await visit(withFile + form);
    await page.waitForFunction(() => Math.abs(document.querySelector("video").currentTime - 15) < 0.5);
    assert.equal(await page.locator("video").evaluate((video) => video.paused), true);
    await close();
  });
}

test("what is said in a video is found at its second", async () => {
  const { page, close } = await visit("/search/?q=slash+key+anywhere");
  const found = page.locator(`a[href^="${withFile}#t"]`).first();
  await found.waitFor();
  assert.ok(Math.abs(Number(decodeURIComponent(await found.getAttribute("href")).split("#t=")[1]) - 4) <= 3);
  await found.click();
  await page.waitForFunction(() => document.querySelector("video")?.currentTime >= 3.9);
  await close();
});

for (const [provider, media, address] of [
  ["youtube", "aqz-KE-bpKQ", "https://www.youtube-nocookie.com/embed/aqz-KE-bpKQ?"],
  ["vimeo", "76979871", "https://player.vimeo.com/video/76979871?dnt=1"],
  ["loom", "0281766fa2d04bb788eaf19e65135184", "https://www.loom.com/embed/0281766fa2d04bb788eaf19e65135184?"],
  ["wistia", "abkrbi5o1v", "https://fast.wistia.com/"],
]) {
  test(`${provider} is asked only when the button is pressed, and for the second of the address`, async () => {
    const { page, asked, close } = await visitWith(facade(provider, media));
    assert.deepEqual(asked, []);
    const button = page.locator("button.video-link");
    await button.focus();
    await page.keyboard.press("Enter");
    const player = page.locator(".video-frame iframe, .video-frame wistia-player");
    await player.waitFor({ state: "attached" });
    await page.waitForFunction(() => true);
    if (provider === "wistia") assert.equal(await player.getAttribute("media-id"), media);
    else {
      const src = await player.getAttribute("src");
      assert.ok(src.startsWith(address) && src.includes("83"), src);
      assert.equal(await player.getAttribute("referrerpolicy"), "strict-origin-when-cross-origin");
    }
    await close();
  });
}

test("without scripts there are the player of the browser, the transcript and a link", async () => {
  const { page, complaints, close } = await visit(withFile, { javaScriptEnabled: false });
  assert.ok(await page.locator("video[controls]").isVisible());
  assert.ok(await page.locator(".transcript p").first().isVisible());
  assert.deepEqual(complaints, []);
  await close();
});

for (const look of [{ width: 1280 }, { width: 375 }, { colorScheme: "dark" }]) {
  test(`galleries and video pages have no barrier, ${JSON.stringify(look)}`, async () => {
    for (const url of [gallery, withFile]) {
      const { page, complaints, close } = await visit(url, look);
      assert.deepEqual(await violations(page), [], url);
      assert.deepEqual(complaints, [], url);
      const wide = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
      assert.equal(wide, false, `${url} is wider than the window`);
      await close();
    }
  });
}
