// Nothing is asked of a provider before a visitor presses play. Loaded only by pages with a video.
// @ts-check

/** @type {Record<string, (media: string, hash: string, second: number) => string>} */
const addresses = {
  youtube: (media, _, second) =>
    `https://www.youtube-nocookie.com/embed/${media}?autoplay=1&rel=0&playsinline=1&enablejsapi=1&start=${second}`,
  vimeo: (media, hash, second) =>
    `https://player.vimeo.com/video/${media}?${hash && `h=${hash}&`}dnt=1&autoplay=1#t=${second}s`,
  loom: (media, _, second) => `https://www.loom.com/embed/${media}?autoplay=1&t=${second}`,
};

/** @type {any} */
let policy;

for (const [index, figure] of document.querySelectorAll("figure[data-video]").entries()) {
  setUp(/** @type {HTMLElement} */ (figure), index);
}

/** @param {HTMLElement} figure @param {number} index */
function setUp(figure, index) {
  const { video: provider = "", media = "", hash = "", title = "" } = figure.dataset;
  const frame = /** @type {HTMLElement} */ (figure.querySelector(".video-frame"));
  const file = frame.querySelector("video");
  const link = frame.querySelector("a");
  const lines = timed("[id*='t=']", "id");
  const chapters = timed(".chapters a", "href");
  const told = new Set();
  /** Leads the player that is there to a second.
   * @type {((second: number) => void) | undefined} */
  let seek = file ? (second) => void ((file.currentTime = second), file.play().catch(() => {})) : undefined;
  let from = 0;
  /** @type {Element | undefined} */
  let current;

  /** @param {string} selector @param {string} attribute */
  function timed(selector, attribute) {
    return [...figure.querySelectorAll(selector)].map((element) => {
      return { element, second: Number(element.getAttribute(attribute)?.split("t=")[1]) };
    });
  }

  /** @param {string} action @param {object} [more] */
  const tell = (action, more) => {
    const key = action + JSON.stringify(more ?? "");
    if (told.has(key)) return;
    told.add(key);
    const detail = { action, title, provider, media, ...more };
    figure.dispatchEvent(new CustomEvent("guidepost:video", { bubbles: true, detail }));
  };

  /** @param {number} time */
  const mark = (time) => {
    const line = lines.findLast(({ second }) => second <= time)?.element;
    if (line === current) return;
    current?.removeAttribute("aria-current");
    line?.setAttribute("aria-current", "true");
    current = line;
    const box = /** @type {HTMLElement | null} */ (figure.querySelector(".transcript-text"));
    const top = /** @type {HTMLElement} */ (line)?.offsetTop;
    if (box && line && (top < box.scrollTop || top > box.scrollTop + box.clientHeight * 0.7)) {
      box.scrollTop = top - box.clientHeight / 3;
    }
  };

  /** @param {number} time @param {number} length */
  const progress = (time, length) => {
    mark(time);
    const chapter = chapters.findLast(({ second }) => second <= time);
    for (const { element } of chapters) element.toggleAttribute("data-current", element === chapter?.element);
    if (chapter) tell("chapter", { chapter: chapter.element.querySelector("span")?.textContent, second: chapter.second });
    for (const percent of [25, 50, 75, 100]) {
      if (length > 0 && (time / length) * 100 >= percent - (percent === 100 ? 1 : 0)) tell("progress", { percent });
    }
  };

  const start = () => {
    seek = provider === "wistia" ? wistia() : embedded();
    tell("play");
  };

  const embedded = () => {
    const iframe = document.createElement("iframe");
    const address = addresses[provider];
    iframe.src = address(media, hash, from);
    iframe.title = title;
    iframe.allow = "autoplay; fullscreen; picture-in-picture; encrypted-media";
    iframe.allowFullscreen = true;
    // YouTube wants to know the site that asks.
    iframe.referrerPolicy = "strict-origin-when-cross-origin";
    const { origin } = new URL(iframe.src);
    /** @param {object} message */
    const post = (message) => iframe.contentWindow?.postMessage(JSON.stringify(message), origin);
    addEventListener("message", (event) => {
      if (event.source !== iframe.contentWindow || event.origin !== origin) return;
      const data = read(event.data);
      const { seconds, duration, currentTime } = data.info ?? data.data ?? {};
      if (data.event === "ready") post({ method: "addEventListener", value: "timeupdate" });
      if (typeof (seconds ?? currentTime) === "number") progress(seconds ?? currentTime, (length = duration ?? length));
    });
    let length = 0;
    iframe.addEventListener("load", () => post({ event: "listening", id: 1 }));
    frame.replaceChildren(iframe);
    iframe.focus();
    return (/** @type {number} */ second) => {
      if (provider === "loom") iframe.src = address(media, hash, second);
      else if (provider === "vimeo") for (const [method, value] of [["setCurrentTime", second], ["play"]]) post({ method, value });
      else for (const [func, args] of [["seekTo", [second, true]], ["playVideo", []]]) post({ event: "command", func, args });
    };
  };

  const wistia = () => {
    const element = /** @type {HTMLVideoElement} */ (document.createElement("wistia-player"));
    for (const [name, value] of [["media-id", media], ["seo", "false"], ["autoplay", "true"]]) element.setAttribute(name, value);
    for (const [address, type] of [["player.js", ""], [`embed/${media}.js`, "module"]]) {
      const script = document.createElement("script");
      script.src = trusted(`https://fast.wistia.com/${address}`);
      script.type = type;
      document.head.append(script);
    }
    frame.replaceChildren(element);
    let wanted = from;
    setInterval(() => {
      if (wanted && element.duration > 0) [element.currentTime, wanted] = [wanted, 0];
      if (element.currentTime >= 0) progress(element.currentTime, element.duration);
    }, 250);
    return (/** @type {number} */ second) => void ((element.currentTime = wanted = second), element.play?.());
  };

  /** @param {number} second */
  const play = (second) => {
    from = second;
    if (seek) seek(second);
    else start();
    mark(second);
    figure.scrollIntoView({ block: "nearest" });
  };

  figure.addEventListener("click", (event) => {
    const moment = /** @type {Element} */ (event.target).closest("a[href*='t=']");
    const second = Number(moment?.getAttribute("href")?.split("t=")[1]);
    if (!moment?.matches(".time, .chapters a") || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    history.replaceState(null, "", moment.getAttribute("href"));
    play(second);
  });

  if (file) {
    file.addEventListener("play", () => tell("play"));
    file.addEventListener("timeupdate", () => progress(file.currentTime, file.duration));
    file.addEventListener("ended", () => progress(file.duration, file.duration));
  } else if (link) {
    const button = document.createElement("button");
    button.className = link.className;
    button.append(...link.childNodes);
    button.addEventListener("click", start);
    link.replaceWith(button);
  }

  // The address may name a second: the video waits there.
  const arrive = () => {
    const [, number, moment] = location.hash.match(/^#(?:v(\d+)-)?t(?:=|%3D)(\d+)$/) ?? [];
    const asked = moment ?? (index ? undefined : new URLSearchParams(location.search).get("t"));
    if (!asked || !/^\d+$/.test(asked) || Number(number ?? 1) !== index + 1) return;
    from = Number(asked);
    if (file) file.currentTime = from;
    else seek?.(from);
    mark(from);
    figure.scrollIntoView({ block: "start" });
  };
  arrive();
  addEventListener("hashchange", arrive);
}

/** @param {unknown} message @returns {any} */
function read(message) {
  try {
    return (typeof message === "string" ? JSON.parse(message) : message) ?? {};
  } catch {
    return {};
  }
}

/** Strict policies want to know who makes the addresses of scripts.
 * @param {string} address */
function trusted(address) {
  policy ??= /** @type {any} */ (globalThis).trustedTypes?.createPolicy("guidepost", { createScriptURL: String });
  return policy ? policy.createScriptURL(address) : address;
}
