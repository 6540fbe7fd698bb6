// The search engine as visitors get it, without an interface: the same answers as the command line gives, from whatever
// host the files come, and an error instead of a wrong answer when they do not arrive as they were published.

import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { createServer } from "node:http";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { after, test } from "node:test";

const FOLDER = process.env.GUIDEPOST_SITE;
const PROGRAM = process.env.GUIDEPOST_PROGRAM;
const ROOT = new URL("../../", import.meta.url);
const { open } = await import(new URL("themes/default/scripts/search-engine.js", ROOT));
// The module is written for a page.
globalThis.location = new URL("http://127.0.0.1/");

const silent = () => {};

/** A host of the site below a sub-path. `change` may answer in its own way: bytes, or what to send.
 * @param {(name: string, bytes: Buffer | undefined) => any} [change] */
async function host(change = (_name, bytes) => bytes, folder = FOLDER) {
  const requests = [];
  const server = createServer(async (request, response) => {
    const name = decodeURIComponent(new URL(request.url, "http://localhost").pathname).replace("/help/", "");
    requests.push(name);
    const sent = await change(name, await readFile(join(folder, name)).catch(() => undefined));
    const { status = sent ? 200 : 404, headers = {}, body = sent ?? "" } = sent && !Buffer.isBuffer(sent) ? sent : {};
    response.writeHead(status, headers);
    response.end(body);
  });
  await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
  server.unref();
  return { entry: `http://127.0.0.1:${server.address().port}/help/search/entry.json`, requests };
}

/** @param {Awaited<ReturnType<typeof host>>} where @param {string} query */
async function titles(where, query) {
  const search = await open(where.entry);
  const answer = await search.ask(query, {}, silent);
  return answer.hits.map((hit) => hit.title.join(""));
}

const usual = await titles(await host(), "preview");

test("a search finds something at all", () => assert.ok(usual.length > 2, `${usual}`));

const gz = (body) => ({ body: gzipSync(body), headers: { "Content-Encoding": "gzip" } });
const hosts = {
  "compresses everything": (_name, bytes) => bytes && gz(bytes),
  "knows no types": (_name, bytes) => bytes && { body: bytes, headers: { "Content-Type": "text/plain; charset=utf-8" } },
  "calls the files text": (_name, bytes) => bytes && { body: bytes, headers: { "Content-Type": "text/html" } },
  "lets nothing be kept": (_name, bytes) => bytes && { body: bytes, headers: { "Cache-Control": "max-age=0, no-store" } },
};
for (const [name, change] of Object.entries(hosts)) {
  test(`a host that ${name} will do`, async () => assert.deepEqual(await titles(await host(change), "preview"), usual));
}

const isPart = (name) => /search\/(start|words|spellings|articles|engine)-/.test(name);
const damages = {
  "cut short": (name, bytes) => (isPart(name) ? bytes.subarray(0, bytes.length / 2) : bytes),
  "empty": (name, bytes) => (isPart(name) ? { body: Buffer.alloc(0) } : bytes),
  "a page that says it is not there": (name, bytes) => (isPart(name) ? { body: "<!doctype html><h1>Not found</h1>" } : bytes),
  "changed in one place": (name, bytes) => {
    if (!name.includes("start-")) return bytes;
    const other = Buffer.from(bytes);
    other[other.length - 20] ^= 1;
    return other;
  },
  "swapped": (name, bytes) => (name.includes("start-") ? gzipSync("something else entirely") : bytes),
};
for (const [name, change] of Object.entries(damages)) {
  test(`files that are ${name} are noticed`, async () => {
    await assert.rejects(titles(await host(change), "preview"), (error) => ["damaged", "offline"].includes(error.kind));
  });
}

for (const kind of ["articles", "engine", "start"]) {
  test(`${kind} that are missing are noticed`, async () => {
    const where = await host((name, bytes) => (name.includes(`${kind}-`) ? undefined : bytes));
    await assert.rejects(titles(where, "preview"), { kind: "damaged" });
  });
}

test("a host that is gone is said to be", async () => {
  await assert.rejects(open("http://127.0.0.1:9/search/entry.json"), { kind: "offline" });
});

test("a page that is opened as a file is told so", async () => {
  await assert.rejects(open("file:///site/search/entry.json"), { kind: "file" });
});

/** Builds a site of a few pages. @param {Record<string, string>} files */
async function built(files) {
  const root = await mkdtemp(join(tmpdir(), "guidepost-engine-"));
  await mkdir(join(root, "content"));
  await writeFile(join(root, "guidepost.toml"), 'title = "Acme Video"\n');
  for (const [name, text] of Object.entries(files)) await writeFile(join(root, "content", name), text);
  execFileSync(PROGRAM, ["build", "-q", "-C", root, "-o", join(root, "public")], { stdio: "ignore" });
  after(() => rm(root, { recursive: true }));
  return join(root, "public");
}

test("a page that was open while the site changed goes on with the new site", async () => {
  // So long that each has a file of its own.
  const long = "Ask for money. ".repeat(400);
  const before = await built({ "a.md": `# Refunds\n\n${long}`, "b.md": "# Invoices\n\nPay the old way." });
  const now = await built({ "b.md": "# Invoices\n\nPay the new way.", "c.md": "# Cards\n\nNothing." });
  let folder = before;
  const search = await open((await host((name) => readFile(join(folder, name)).catch(() => undefined))).entry);
  assert.deepEqual((await search.ask("refunds", {}, silent)).hits.length, 1);
  folder = now;
  const answer = await search.ask("invoices", {}, silent);
  assert.equal(answer.hits[0].excerpt.join(""), "Pay the new way.");
  assert.deepEqual((await search.ask("refunds", {}, silent)).hits.length, 0);
});

test("a newer question takes over from an older one", async () => {
  const search = await open((await host()).entry);
  const answers = [];
  const older = search.ask("preview", {}, (answer) => answers.push(answer.query));
  const newer = search.ask("theme", {}, (answer) => answers.push(answer.query));
  await assert.rejects(older, { name: "AbortError" });
  assert.equal((await newer).query, "theme");
  assert.ok(!answers.includes("preview"));
});

test("strange questions are answered", async () => {
  const search = await open((await host()).entry);
  const long = "word ".repeat(20_000);
  for (const query of ["", " ", "\0", "\n1\n2\n3", "\u{FFFF}\u{D800}", "👩‍👩‍👧", '"', '""', '"theme', long, "a".repeat(100_000), "<script>"]) {
    const answer = await search.ask(query, {}, silent);
    assert.ok(Array.isArray(answer.hits), JSON.stringify(query.slice(0, 20)));
  }
});

/** Questions made of what pages say: single words, several, beginnings, and words with a letter wrong. */
async function questions(folder, count) {
  const names = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith(".md")).sort();
  const texts = await Promise.all(names.map((name) => readFile(join(folder, name), "utf8")));
  const words = texts.join(" ").match(/[\p{L}\p{M}\d][\p{L}\p{M}\d.-]*/gu);
  // The same every time.
  let seed = 7;
  const random = (below) => (seed = (seed * 48271) % 2147483647) % below;
  const word = () => words[random(words.length)];
  const typo = (text) => {
    const letters = [...text];
    letters.splice(random(letters.length), random(2), random(2) ? "e" : "");
    return letters.join("");
  };
  const kinds = [
    () => word(),
    () => `${word()} `,
    () => `${word()} ${word()}`,
    () => `how do I ${word()} ${word()} ${word()}?`,
    () => word().slice(0, 1 + random(4)),
    () => typo(word()),
    () => `${word()} ${typo(word())}`,
    () => { const at = random(words.length - 3); return `"${words.slice(at, at + 2).join(" ")}"`; },
    () => { const at = random(words.length - 4); return words.slice(at, at + 4).join(" "); },
    () => word() + word(),
  ];
  return Array.from({ length: count }, (_, index) => kinds[index % kinds.length]().replace(/\s+/g, " "));
}

/** What the command line answers, line by line. */
function commandLine(root, queries) {
  const options = { input: queries.join("\n") + "\n", maxBuffer: 1 << 29, stdio: ["pipe", "pipe", "ignore"] };
  const output = execFileSync(PROGRAM, ["search", "-C", root, "--stdin", "--format", "json", "--limit", "10"], options);
  return output.toString().trimEnd().split("\n").map((line) => JSON.parse(line));
}

const bits = new DataView(new ArrayBuffer(4));
const asBits = (score) => {
  bits.setFloat32(0, score);
  return bits.getUint32(0);
};
const joined = (pieces) => pieces.map((text, index) => (index % 2 ? `[${text}]` : text)).join("");
const ofBrowser = ({ corrected, hits }) => ({
  corrected,
  hits: hits.map(({ url, score, excerpt, headings }) => [url, score, joined(excerpt), ...headings.map((heading) => heading.url)]),
});
const ofCommandLine = ({ corrected = null, hits }) => ({
  corrected,
  hits: hits.map(({ url, score, excerpt, headings }) => [
    url,
    asBits(score),
    excerpt.map(({ text, is_match: isMatch }) => (isMatch ? `[${text}]` : text)).join(""),
    ...headings.map((heading) => heading.url),
  ]),
});

/** An engine that was built a moment ago stands in for the committed one. */
const engine = process.env.GUIDEPOST_ENGINE && (await readFile(process.env.GUIDEPOST_ENGINE));
const withEngine = (name, bytes) => (engine && name.includes("search/engine-") ? engine : bytes);

/** Asks both the same. @param {string} root @param {string} folder */
async function compare(root, content, folder, count, change = (_name, bytes) => bytes) {
  const queries = await questions(join(root, content), count);
  const expected = commandLine(root, queries);
  const search = await open((await host(change, folder)).entry);
  let hits = 0;
  for (const [index, query] of queries.entries()) {
    const answer = ofBrowser(await search.ask(query, { limit: 10 }, silent));
    const there = ofCommandLine(expected[index]);
    // The host is below a sub-path, where the command line knows of none.
    for (const hit of answer.hits) for (const at of [0, ...hit.keys()].filter((at) => at !== 1 && at !== 2)) hit[at] = hit[at].replace(/^\/help\//, "/");
    assert.deepEqual(answer, there, query);
    hits += answer.hits.length;
  }
  assert.ok(hits > count, "most questions find something");
}

test("the manual: browser and command line answer alike, to the bit", () =>
  compare(ROOT.pathname, "content", FOLDER, 2000));

test("an engine from the present sources answers like the command line", { skip: !engine && "the committed engine is from the present sources" }, () =>
  compare(ROOT.pathname, "content", FOLDER, 2000, withEngine));

const corpora = process.env.GUIDEPOST_CORPORA;
test("a real help center: browser and command line answer alike, to the bit", { skip: !corpora && "GUIDEPOST_CORPORA is not set" }, async () => {
  const folder = `${FOLDER}-arduino`;
  const root = join(corpora, "arduino-help");
  // It has broken links, which is an error but no reason not to be searched.
  const built = spawnSync(PROGRAM, ["build", "-q", "-C", root, "-o", folder], { stdio: "ignore" });
  assert.ok(built.status < 2);
  await compare(root, "content", folder, 2000);
});
