// A built site behind a small server on this machine, and a browser in front of it. The server sends the strictest policy
// that a host could choose; what breaks it is collected with everything else that a visitor's console would show.

import { createServer } from "node:http";
import { readdir, readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { extname, join, normalize } from "node:path";

const require = createRequire(join(process.env.GUIDEPOST_NPM, "package.json"));
const { chromium } = require("playwright-core");
const axeSource = await readFile(require.resolve("axe-core/axe.min.js"), "utf8");

const FOLDER = process.env.GUIDEPOST_SITE;
const POLICY =
  "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'; form-action 'self'; require-trusted-types-for 'script'";
const TYPES = {
  ".css": "text/css; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json",
  ".md": "text/markdown; charset=utf-8",
  ".png": "image/png",
  ".svg": "image/svg+xml",
  ".vtt": "text/vtt; charset=utf-8",
  ".webm": "video/webm",
  ".webp": "image/webp",
  ".txt": "text/plain; charset=utf-8",
  ".xml": "application/xml",
};

/** Serves the site on a free port; it stops with the process. */
async function serve() {
  const server = createServer(async (request, response) => {
    const path = decodeURIComponent(new URL(request.url, "http://localhost").pathname);
    const file = normalize(join(FOLDER, path.endsWith("/") ? `${path}index.html` : path));
    const found = file.startsWith(FOLDER) ? await readFile(file).catch(() => undefined) : undefined;
    const body = found ?? (await readFile(join(FOLDER, "404.html")));
    const type = found ? (TYPES[extname(file)] ?? "application/octet-stream") : TYPES[".html"];
    const headers = { "Content-Type": type, "Content-Security-Policy": POLICY, "Accept-Ranges": "bytes" };
    const [, start, end] = request.headers.range?.match(/^bytes=(\d+)-(\d*)$/) ?? [];
    if (found && start) {
      const last = Math.min(Number(end || body.length), body.length - 1);
      const part = body.subarray(Number(start), last + 1);
      response.writeHead(206, { ...headers, "Content-Range": `bytes ${start}-${last}/${body.length}`, "Content-Length": part.length });
      return response.end(part);
    }
    response.writeHead(found ? 200 : 404, { ...headers, "Content-Length": body.length });
    response.end(body);
  });
  await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
  server.unref();
  return `http://127.0.0.1:${server.address().port}`;
}

export const origin = await serve();
export const browser = await chromium.launch({
  executablePath: process.env.GUIDEPOST_CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-dev-shm-usage"],
});

/** The address and the text of every page. */
async function readPages() {
  const names = await readdir(FOLDER, { recursive: true });
  const files = names.filter((name) => name.endsWith(".html"));
  const read = async (name) => ({ url: `/${name.replace(/index\.html$/, "")}`, html: await readFile(join(FOLDER, name), "utf8") });
  return Promise.all(files.sort().map(read));
}

export const pages = await readPages();

/** The first page whose text fits.
 * @param {RegExp} pattern */
export function pageWith(pattern) {
  return pages.find(({ html }) => pattern.test(html))?.url;
}

/** Opens a page as a visitor; what its console says and what it asks other hosts for is in `complaints`. */
export async function visit(url, { width = 1280, colorScheme = "light", javaScriptEnabled = true } = {}) {
  const viewport = { width, height: width < 500 ? 812 : 900 };
  const context = await browser.newContext({ viewport, colorScheme, javaScriptEnabled, reducedMotion: "reduce" });
  context.setDefaultTimeout(10_000);
  const page = await context.newPage();
  const complaints = [];
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) complaints.push(`console: ${message.text()}`);
  });
  page.on("pageerror", (error) => complaints.push(`error: ${error.message}`));
  page.on("requestfailed", (request) => {
    // What a page itself no longer wants has not failed.
    if (request.failure()?.errorText !== "net::ERR_ABORTED") complaints.push(`failed: ${request.url()}`);
  });
  page.on("request", (request) => {
    const foreign = !request.url().startsWith(`${origin}/`) && !request.url().startsWith("data:");
    if (foreign) complaints.push(`another host: ${request.url()}`);
  });
  await page.goto(origin + url, { waitUntil: "networkidle" });
  return { page, complaints, close: () => context.close() };
}

/** What axe finds, one line a rule. */
export async function violations(page) {
  // Given to the page by the debugger, so that the policy stays as it is.
  await page.evaluate(axeSource);
  const result = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ["violations"] }));
  return result.violations.map((rule) => `${rule.id}: ${rule.help}: ${rule.nodes.map((node) => node.target).join(" ")}`);
}
