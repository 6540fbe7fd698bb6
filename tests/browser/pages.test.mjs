// Every type of page, wide and narrow, light and dark: nothing to complain about for a visitor, a screen reader or a host.

import assert from "node:assert/strict";
import { after, test } from "node:test";

import { browser, pageWith, visit, violations } from "./site.mjs";

after(() => browser.close());

const KINDS = {
  home: /<body class="page-home/,
  section: /<body class="page-section/,
  article: /<body class="page-article[^]*<figure class="code"/,
  components: /<body class="page-[^]*class="tabs"/,
  table: /<body class="page-[^]*<div class="table"/,
  tag: /<body class="page-tag[ "]/,
  tags: /<body class="page-tags[ "]/,
  search: /<body class="page-search/,
  404: /<body class="page-404/,
};

for (const [kind, pattern] of Object.entries(KINDS)) {
  const url = pageWith(pattern);
  for (const [shape, width] of [["wide", 1280], ["narrow", 375]]) {
    for (const colorScheme of ["light", "dark"]) {
      test(`${kind}, ${shape} and ${colorScheme}`, { skip: url ? false : "the site has no such page" }, async () => {
        const { page, complaints, close } = await visit(url, { width, colorScheme });
        assert.deepEqual(await violations(page), []);
        const [scroll, client] = await page.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]);
        assert.ok(scroll <= client, `the page is ${scroll} wide in a window of ${client}`);
        assert.deepEqual(complaints, []);
        await close();
      });
    }
  }
}

test("every page has one main heading, one main part and a title of its own", async () => {
  const { pages } = await import("./site.mjs");
  for (const { url, html } of pages.filter(({ html }) => !html.includes("http-equiv=\"refresh\""))) {
    assert.equal(html.match(/<h1[ >]/g)?.length, 1, `${url} has not one <h1>`);
    assert.equal(html.match(/<main[ >]/g)?.length, 1, `${url} has not one <main>`);
    assert.match(html, /<title>[^<]+<\/title>/, `${url} has no title`);
    assert.doesNotMatch(html, / style="| on[a-z]+="|<style/, `${url} has an inline style or script`);
  }
});
