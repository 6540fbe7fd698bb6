// Fetches the search engine and the parts of the index that a query needs, and asks it. Shows nothing.
// @ts-check

/** Alternately plain and marked text. @typedef {string[]} Pieces */
/** @typedef {{ title: Pieces, url: string }} HeadingHit */
/** An excerpt that has not arrived is null.
 * @typedef {{ url: string, title: Pieces, breadcrumb: string[], kind: string, excerpt: Pieces | null, headings: HeadingHit[] }} Hit */
/** @typedef {{ name: string, count: number }} Count */
/** From hit number `related` on, words of the query are missing; the first `pinned` hits were chosen by the site.
 * @typedef {{ query: string, corrected: string | null, total: number, related: number, pinned: number, categories: Count[],
 *   kinds: Count[], words: string[], hits: Hit[], complete: boolean }} Answer */
/** @typedef {{ limit?: number, literal?: boolean, category?: string, kind?: string }} Request */
/** @typedef {{ title: string, url: string }} EntryLink */
/** @typedef {{ strings: Record<string, string>, promoted: EntryLink[], categories: (EntryLink & { count: number })[],
 *   contact: EntryLink | null, engine: string, start: string }} Entry */
/** @typedef {{ entry: Entry, ask: (query: string, request: Request, onAnswer: (answer: Answer) => void) => Promise<Answer> }} Search */
/** What the engine says it lacks. @typedef {{ part: number, number: number, file: string }} Need */
/** @typedef {Record<string, (...numbers: number[]) => number> & { memory: WebAssembly.Memory }} Exports */

/** Rounds of fetching for one answer: spellings, words, texts, and some in reserve. */
const MOST_ROUNDS = 12;

export class SearchError extends Error {
  /** @param {"offline" | "file" | "damaged" | "unsupported"} kind @param {unknown} [cause] */
  constructor(kind, cause) {
    super(`the search cannot answer: ${kind}`, { cause });
    this.kind = kind;
  }
}

/** Opens the search of a site by the address of its `entry.json`.
 * @param {string} address @returns {Promise<Search>} */
export async function open(address) {
  const entryUrl = new URL(address, location.href);
  if (entryUrl.protocol === "file:") throw new SearchError("file");
  if (!("DecompressionStream" in globalThis && "WebAssembly" in globalThis)) throw new SearchError("unsupported");
  let engine = await load(entryUrl);
  let turn = 0;

  /** A new deploy may have taken the files away, and damaged bytes may have stopped the engine: once, all is fetched anew.
   * @type {Search["ask"]} */
  async function ask(query, request, onAnswer) {
    const mine = ++turn;
    const isStale = () => mine !== turn;
    try {
      return await engine.ask(query, request, onAnswer, isStale);
    } catch (error) {
      if (isAbort(error) || isStale()) throw superseded();
      if (error instanceof SearchError && error.kind === "offline") throw error;
      engine = await load(entryUrl, true);
      search.entry = engine.entry;
      return engine.ask(query, request, onAnswer, isStale);
    }
  }
  const search = { entry: engine.entry, ask };
  return search;
}

/** @param {URL} entryUrl @param {boolean} [anew] */
async function load(entryUrl, anew) {
  const response = await get(entryUrl, anew ? "reload" : "no-cache");
  /** @type {Entry} */
  const entry = await response.json().catch((error) => {
    throw new SearchError("damaged", error);
  });
  const compile = async () => WebAssembly.compile(await unpacked(new URL(entry.engine, entryUrl)));
  const parts = Promise.all([compile(), unpacked(new URL(entry.start, entryUrl))]);
  const [module, start] = await parts.catch((error) => {
    throw error instanceof SearchError ? error : new SearchError("damaged", error);
  });
  const engine = new Engine(module, start, entry, entryUrl);
  await engine.restart();
  return engine;
}

/** One index, open in WebAssembly. */
class Engine {
  /** @param {WebAssembly.Module} module @param {Uint8Array<ArrayBuffer>} start @param {Entry} entry @param {URL} entryUrl */
  constructor(module, start, entry, entryUrl) {
    this.module = module;
    this.start = start;
    this.entry = entry;
    this.entryUrl = entryUrl;
    this.base = new URL("..", entryUrl).pathname;
    /** Files on their way. @type {Map<string, Promise<void>>} */
    this.coming = new Map();
    /** @type {Exports} */
    this.wasm = /** @type {any} */ (undefined);
  }

  /** A trap leaves the engine's memory in no known state, so it begins again. */
  async restart() {
    let isOpen;
    try {
      const instance = await WebAssembly.instantiate(this.module, {});
      this.wasm = /** @type {any} */ (instance.exports);
      this.coming.clear();
      const checksum = this.entry.start.match(/[0-9a-f]{6}/g)?.map((digits) => parseInt(digits, 16)) ?? [];
      isOpen = this.wasm.open(...this.given(this.start), ...checksum);
    } catch (error) {
      throw new SearchError("damaged", error);
    }
    if (!isOpen) throw new SearchError("damaged");
  }

  /** Answers as far as files are here, fetches what is missing, all at once, and answers again.
   * @param {string} query @param {Request} request @param {(answer: Answer) => void} onAnswer @param {() => boolean} isStale
   * @returns {Promise<Answer>} */
  async ask(query, request, onAnswer, isStale) {
    for (let round = 0; round < MOST_ROUNDS; round++) {
      const answer = await this.tryAsk(query, request);
      if (isStale()) throw superseded();
      if (answer.hits) onAnswer(answer);
      if (answer.complete) return answer;
      await Promise.all(answer.need.map((need) => this.fetch(need)));
      if (isStale()) throw superseded();
    }
    throw new SearchError("damaged");
  }

  /** @param {string} query @param {Request} request @returns {Promise<Answer & { need: Need[] }>} */
  async tryAsk(query, { limit = 10, literal = false, category = "", kind = "" }) {
    const text = query.normalize("NFKC");
    const lines = [limit, literal ? 1 : "", category, kind, text].join("\n");
    let json;
    try {
      const length = this.wasm.ask(...this.given(new TextEncoder().encode(lines)));
      json = new TextDecoder().decode(new Uint8Array(this.wasm.memory.buffer, this.wasm.answer_start(), length));
    } catch (error) {
      await this.restart();
      throw new SearchError("damaged", error);
    }
    if (!json) throw new SearchError("damaged");
    return this.readable(JSON.parse(json));
  }

  /** Addresses become those of the site as it is served. @param {any} answer */
  readable(answer) {
    answer.complete = answer.need.length === 0;
    for (const hit of answer.hits ?? []) {
      for (const heading of hit.headings) heading.url = this.address(heading.url);
      hit.url = this.address(hit.url);
    }
    return answer;
  }

  /** @param {string} url */
  address(url) {
    const [path, anchor] = url.split("#");
    return this.base + path.slice(1) + (anchor === undefined ? "" : `#${encodeURIComponent(anchor).replaceAll("%3D", "=")}`);
  }

  /** @param {Need} need @returns {Promise<void>} */
  fetch({ part, number, file }) {
    let coming = this.coming.get(file);
    if (!coming) {
      coming = unpacked(new URL(file, this.entryUrl)).then((bytes) => {
        if (!this.wasm.put(part, number, ...this.given(bytes))) throw new SearchError("damaged");
      });
      this.coming.set(file, coming);
      coming.catch(() => this.coming.delete(file));
    }
    return coming;
  }

  /** Copies bytes into the engine's memory: where they are, and how many. @param {Uint8Array} bytes */
  given(bytes) {
    const start = this.wasm.allocate(bytes.length);
    new Uint8Array(this.wasm.memory.buffer, start, bytes.length).set(bytes);
    return [start, bytes.length];
  }
}

/** @param {URL} url @param {RequestCache} [cache] */
async function get(url, cache) {
  const response = await fetch(url, { cache, credentials: "same-origin" }).catch((error) => {
    throw new SearchError("offline", error);
  });
  if (!response.ok) throw new SearchError("damaged", response.status);
  return response;
}

/** A file as it was before it was compressed. Some hosts unpack on their own. @param {URL} url */
async function unpacked(url) {
  const response = await get(url);
  const bytes = new Uint8Array(await response.arrayBuffer().catch((error) => {
    throw new SearchError("offline", error);
  }));
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer().catch((error) => {
    throw new SearchError("damaged", error);
  }));
}

function superseded() {
  return new DOMException("a newer search took over", "AbortError");
}

/** @param {unknown} error */
function isAbort(error) {
  return error instanceof DOMException && error.name === "AbortError";
}
