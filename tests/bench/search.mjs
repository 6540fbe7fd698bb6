// Measures searching in Node: bytes, requests and time of a visitor's first and later searches, beside Pagefind over the same
// pages. Called by tests/bench/search; prints one JSON object.
//
//   node search.mjs SITE QUERIES MODULE [PAGEFIND_SCRIPT]
//
// SITE is a built site, QUERIES a file with one query a line, MODULE the theme's search-engine.js, and PAGEFIND_SCRIPT the
// pagefind.js that Pagefind wrote. Bytes are those that a host with gzip sends. Interfaces are not counted here.

import { readFileSync, existsSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";

const [site, queriesFile, engineModule, pagefindScript] = process.argv.slice(2);
const queries = readFileSync(queriesFile, "utf8").split("\n").filter(Boolean);
const SHOWN = 5;
let root = site;
/** @type {{ name: string, bytes: number, round: number }[]} */
let requests = [];
let round = 0;
let open = 0;

globalThis.location = new URL("http://127.0.0.1/");
globalThis.fetch = async (input) => {
  const file = join(root, decodeURIComponent(new URL(String(input?.url ?? input), "http://127.0.0.1/").pathname));
  if (open === 0) round += 1;
  open += 1;
  await new Promise((later) => setImmediate(later));
  open -= 1;
  if (!existsSync(file)) return new Response("", { status: 404 });
  const body = readFileSync(file);
  requests.push({ name: basename(file), bytes: sent(body), round });
  return new Response(body);
};

/** What a host that compresses sends of a file. @param {Buffer} body */
function sent(body) {
  return body[0] === 0x1f && body[1] === 0x8b ? body.length : Math.min(body.length, gzipSync(body, { level: 9 }).length);
}

const nothing = () => {};
const engineBytes = sent(readFileSync(engineModule));
const { open: openSearch } = await import(pathToFileURL(engineModule).href);

const guidepost = {
  script: engineBytes,
  open: () => openSearch("http://127.0.0.1/search/entry.json"),
  ask: async (search, query) => (await search.ask(query, { limit: SHOWN }, nothing)).total,
};

const pagefind = pagefindScript && {
  script: sent(readFileSync(pagefindScript)),
  async open() {
    // A new instance every time: the module keeps its own.
    const module = await import(`${pathToFileURL(pagefindScript).href}?${Math.random()}`);
    const instance = module.createInstance
      ? module.createInstance({ basePath: "http://127.0.0.1/pagefind/", noWorker: true })
      : module;
    await instance.init?.();
    return instance;
  },
  async ask(instance, query) {
    const answer = await instance.search(query);
    await Promise.all(answer.results.slice(0, SHOWN).map((result) => result.data()));
    return answer.results.length;
  },
};

const percentile = (numbers, share) => {
  const sorted = [...numbers].sort((left, right) => left - right);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
};
const spread = (numbers) => ({ p50: percentile(numbers, 0.5), p95: percentile(numbers, 0.95), max: Math.max(...numbers) });

async function measure(engine, folder) {
  root = folder;
  const cold = { bytes: [], requests: [] };
  let empty = 0;
  for (const query of queries) {
    requests = [];
    const search = await engine.open();
    if ((await engine.ask(search, query)) === 0) empty += 1;
    cold.bytes.push(engine.script + requests.reduce((sum, { bytes }) => sum + bytes, 0));
    cold.requests.push(1 + requests.length);
  }
  const search = await engine.open();
  const rounds = [];
  for (const query of queries) {
    round = 0;
    await engine.ask(search, query);
    rounds.push(round);
  }
  const times = [];
  // Of the processor, so that a busy machine does not count.
  for (const query of queries) {
    const start = process.cpuUsage();
    await engine.ask(search, query);
    const { user, system } = process.cpuUsage(start);
    times.push((user + system) / 1000);
  }
  return { bytes: spread(cold.bytes), requests: spread(cold.requests), rounds: spread(rounds), milliseconds: spread(times), empty: empty / queries.length };
}

const result = { guidepost: await measure(guidepost, site) };
if (pagefind) result.pagefind = await measure(pagefind, dirname(dirname(pagefindScript)));
console.log(JSON.stringify(result));
