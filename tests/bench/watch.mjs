// Measures in Chromium how long it takes from saving a page until its new text is painted in the preview. Called by
// tests/bench/watch; prints the milliseconds of each edit as a JSON list.
//
//   GUIDEPOST_NPM=FOLDER node watch.mjs ADDRESS FILE EDITS PAUSE
//
// FOLDER has playwright-core, ADDRESS is the page in the preview, FILE its Markdown, and PAUSE are the seconds between edits.

import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { setTimeout as pass } from "node:timers/promises";

const require = createRequire(join(process.env.GUIDEPOST_NPM, "package.json"));
const { chromium } = require("playwright-core");
const [address, file, edits, pause] = process.argv.slice(2);
const PATIENCE = 30_000;

const original = readFileSync(file, "utf8");
const browser = await chromium.launch({
  executablePath: process.env.GUIDEPOST_CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-dev-shm-usage"],
});
try {
  const page = await browser.newPage();
  page.setDefaultTimeout(PATIENCE);
  await page.goto(address);
  await page.locator("guidepost-preview .bar").waitFor();
  const times = [];
  for (let edit = 0; edit < Number(edits); edit += 1) times.push(await measure(page, `edited${edit}x${process.pid}`));
  console.log(JSON.stringify(times));
} finally {
  writeFileSync(file, original);
  await browser.close();
}

/** Saves the word, and returns the milliseconds until a frame with it was painted. */
async function measure(page, word) {
  const painted = page.evaluate(seePainted, { word, patience: PATIENCE });
  await page.evaluate(() => new Promise(requestAnimationFrame));
  writeFileSync(file, `${original}\nA sentence with ${word} in it.\n`);
  const saved = Date.now();
  const time = (await painted) - saved;
  await pass(Number(pause) * 1000);
  return time;
}

/** Runs in the page. What is in the document when a frame begins is painted when the next one does. */
function seePainted({ word, patience }) {
  const since = Date.now();
  return new Promise((resolve, reject) => {
    const look = () => {
      if (document.body.textContent.includes(word)) return requestAnimationFrame(() => resolve(Date.now()));
      if (Date.now() - since > patience) return reject(new Error(`\`${word}\` was never painted`));
      requestAnimationFrame(look);
    };
    look();
  });
}
