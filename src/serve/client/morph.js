// Patching a page in place. What the server sent before is compared with what it sends now, and only the differences are
// made in the page that is shown: so everything else stays as readers and scripts left it, such as open details, chosen
// tabs, form input, focus and scroll position.
// @ts-check

/** More comparisons than this, and the children of an element are taken as they come. */
const LIMIT = 250_000;

export class Page {
  /** Nodes as they were sent, and the nodes that show them. @type {WeakMap<Node, Node>} */
  #shown = new WeakMap();
  /** Kinds of elements that scripts have worked on. @type {Set<string>} */
  #scripted = new Set();
  /** @type {Element} */
  #source;

  /** @param {string} html The text that the page in this window was made from. */
  constructor(html) {
    this.#source = parse(html);
    this.#match(this.#source, document.documentElement);
  }

  /** Shows another text. False when that needs the page to be loaded again.
   * @param {string} html */
  become(html) {
    const next = parse(html);
    /** @type {Element[]} */
    const added = [];
    this.#patch(this.#source, next, added);
    this.#source = next;
    for (const element of added) mark(element);
    return added.every((element) => this.#isReady(element));
  }

  /** Finds the nodes that show a source, among others that scripts put there.
   * @param {Node} source @param {Node} shown */
  #match(source, shown) {
    this.#shown.set(source, shown);
    let candidates = [...shown.childNodes];
    let others = 0;
    for (const child of source.childNodes) {
      const at = candidates.findIndex((candidate) => isAs(child, candidate));
      if (at < 0) continue;
      others += candidates.slice(0, at).filter((node) => node.nodeType === Node.ELEMENT_NODE).length;
      this.#match(child, candidates[at]);
      candidates = candidates.slice(at + 1);
    }
    others += candidates.filter((node) => node.nodeType === Node.ELEMENT_NODE).length;
    if (source instanceof Element && shown instanceof Element && isIn(source, "BODY") && others > 0) this.#scripted.add(kind(source));
  }

  /** Makes in the page what is different in two sources.
   * @param {Element} before @param {Element} after @param {Element[]} added */
  #patch(before, after, added) {
    const shown = this.#shown.get(before);
    if (!(shown instanceof Element)) return;
    this.#shown.set(after, this.#attributes(shown, before, after));
    const element = /** @type {Element} */ (this.#shown.get(after));
    if (before.childNodes.length === 0 && after.childNodes.length === 0) return;
    /** The last node of the page that is in its place. @type {Node | null} */
    let last = null;
    const pairs = align([...before.childNodes], [...after.childNodes]);
    for (const [old, now] of pairs) if (old && !now) /** @type {ChildNode | undefined} */ (this.#shown.get(old))?.remove();
    for (const [old, now] of pairs) {
      if (!now) continue;
      /** @type {Node | undefined} */
      const node = old ? this.#keep(old, now, added) : this.#add(now, element, last, added);
      if (node) last = node;
    }
  }

  /** @param {ChildNode} old @param {ChildNode} now @param {Element[]} added */
  #keep(old, now, added) {
    const shown = this.#shown.get(old);
    if (!shown) return undefined;
    if (old instanceof Element && now instanceof Element) {
      if (old.isEqualNode(now)) this.#adopt(old, now);
      else this.#patch(old, now, added);
    } else {
      if (old.nodeValue !== now.nodeValue) {
        shown.nodeValue = now.nodeValue;
        const around = shown.parentElement;
        if (around && now.nodeValue?.trim()) mark(around);
      }
      this.#shown.set(now, shown);
    }
    return this.#shown.get(now);
  }

  /** Nothing is different here: the same nodes show the other source.
   * @param {Node} old @param {Node} now */
  #adopt(old, now) {
    const shown = this.#shown.get(old);
    if (shown) this.#shown.set(now, shown);
    for (let index = 0; index < now.childNodes.length; index += 1) this.#adopt(old.childNodes[index], now.childNodes[index]);
  }

  /** @param {ChildNode} now @param {Element} parent @param {Node | null} last @param {Element[]} added */
  #add(now, parent, last, added) {
    const node = document.importNode(now, true);
    const first = this.#firstShown(parent);
    if (last) last.parentNode?.insertBefore(node, last.nextSibling);
    else parent.insertBefore(node, first);
    this.#remember(now, node);
    if (node instanceof Element) added.push(node);
    return node;
  }

  /** What scripts put at the beginning stays there. @param {Element} parent */
  #firstShown(parent) {
    return parent.firstElementChild?.matches("[role=tablist]") ? parent.firstElementChild.nextSibling : parent.firstChild;
  }

  /** @param {Node} source @param {Node} node */
  #remember(source, node) {
    this.#shown.set(source, node);
    for (let index = 0; index < source.childNodes.length; index += 1) this.#remember(source.childNodes[index], node.childNodes[index]);
  }

  /** Changes the attributes that are different in the sources, and returns the element that now stands there.
   * @param {Element} shown @param {Element} before @param {Element} after */
  #attributes(shown, before, after) {
    if (shown instanceof HTMLLinkElement && shown.rel === "stylesheet" && before.getAttribute("href") !== after.getAttribute("href")) {
      return swapStyles(shown, after);
    }
    for (const { name, value } of after.attributes) {
      if (before.getAttribute(name) === value) continue;
      if (name === "class") changeClasses(shown, before, after);
      else shown.setAttribute(name, value);
    }
    for (const { name } of before.attributes) if (!after.hasAttribute(name)) shown.removeAttribute(name);
    return shown;
  }

  /** Whether an element that is new needs no script, or was taken care of by the theme's, which is asked here.
   * @param {Element} element */
  #isReady(element) {
    if (!element.isConnected) return true;
    const event = new CustomEvent("guidepost:added", { bubbles: true, cancelable: true });
    const isTakenCareOf = !element.dispatchEvent(event);
    const parts = [element, ...element.querySelectorAll("*")];
    return isTakenCareOf || !parts.some((part) => this.#scripted.has(kind(part)));
  }
}

/** @param {string} html */
function parse(html) {
  return new DOMParser().parseFromString(html, "text/html").documentElement;
}

/** @param {Element} element @param {string} name */
function isIn(element, name) {
  return element.closest(name) !== null && element.tagName !== name;
}

/** @param {Element} element */
function kind(element) {
  return `${element.tagName}.${element.classList[0] ?? ""}`;
}

/** Whether a node may show a source: scripts add to what was sent, and seldom take away.
 * @param {Node} source @param {Node} shown */
function isAs(source, shown) {
  if (source.nodeType !== shown.nodeType) return false;
  if (!(source instanceof Element) || !(shown instanceof Element)) return source.nodeType !== Node.TEXT_NODE || source.nodeValue === shown.nodeValue;
  const hasId = !source.id || source.id === shown.id;
  return source.tagName === shown.tagName && hasId && [...source.classList].every((name) => shown.classList.contains(name));
}

/** Pairs the children of two sources so that as many as possible stay what they are. What is in one only stands alone.
 * @param {ChildNode[]} before @param {ChildNode[]} after
 * @returns {[ChildNode | undefined, ChildNode | undefined][]} */
function align(before, after) {
  let start = 0;
  while (start < before.length && start < after.length && before[start].isEqualNode(after[start])) start += 1;
  let end = 0;
  const rest = Math.min(before.length, after.length) - start;
  while (end < rest && before[before.length - 1 - end].isEqualNode(after[after.length - 1 - end])) end += 1;
  const old = before.slice(start, before.length - end);
  const now = after.slice(start, after.length - end);
  /** @type {[ChildNode | undefined, ChildNode | undefined][]} */
  const pairs = before.slice(0, start).map((node, index) => [node, after[index]]);
  pairs.push(...alignMiddle(old, now));
  for (let index = end; index > 0; index -= 1) pairs.push([before[before.length - index], after[after.length - index]]);
  return pairs;
}

/** The longest common sequence, in which equal nodes count more than those of one kind.
 * @param {ChildNode[]} old @param {ChildNode[]} now
 * @returns {[ChildNode | undefined, ChildNode | undefined][]} */
function alignMiddle(old, now) {
  if (old.length * now.length > LIMIT) return [...old.map((node) => pair(node, undefined)), ...now.map((node) => pair(undefined, node))];
  const oldText = old.map(text);
  const nowText = now.map(text);
  /** @param {number} i @param {number} j */
  const likeness = (i, j) => (oldText[i] === nowText[j] ? 5 : isSameKind(old[i], now[j]) ? 2 : 0);
  const width = now.length + 1;
  const best = new Int32Array((old.length + 1) * width);
  for (let i = old.length - 1; i >= 0; i -= 1) {
    for (let j = now.length - 1; j >= 0; j -= 1) {
      const like = likeness(i, j);
      const both = like ? like + best[(i + 1) * width + j + 1] : 0;
      best[i * width + j] = Math.max(both, best[(i + 1) * width + j], best[i * width + j + 1]);
    }
  }
  const pairs = [];
  let [i, j] = [0, 0];
  while (i < old.length || j < now.length) {
    const here = best[i * width + j];
    const like = i < old.length && j < now.length ? likeness(i, j) : 0;
    if (like && here === like + best[(i + 1) * width + j + 1]) pairs.push(pair(old[i++], now[j++]));
    else if (i < old.length && here === best[(i + 1) * width + j]) pairs.push(pair(old[i++], undefined));
    else pairs.push(pair(undefined, now[j++]));
  }
  return pairs;
}

/** @param {ChildNode | undefined} old @param {ChildNode | undefined} now
 * @returns {[ChildNode | undefined, ChildNode | undefined]} */
function pair(old, now) {
  return [old, now];
}

/** @param {ChildNode} node */
function text(node) {
  return node instanceof Element ? node.outerHTML : `${node.nodeType}${node.nodeValue}`;
}

/** Elements of one name with the same id and the same classes become each other; scripts never do.
 * @param {ChildNode} old @param {ChildNode} now */
function isSameKind(old, now) {
  if (!(old instanceof Element) || !(now instanceof Element)) return old.nodeType === now.nodeType;
  if (old.tagName !== now.tagName || old.id !== now.id) return false;
  if (old.tagName === "SCRIPT") return old.getAttribute("type") === now.getAttribute("type") && old.hasAttribute("src") === now.hasAttribute("src");
  if (old.tagName === "LINK" || old.tagName === "META") return ["rel", "name", "property", "media"].every((name) => old.getAttribute(name) === now.getAttribute(name));
  return old.classList[0] === now.classList[0];
}

/** @param {Element} shown @param {Element} before @param {Element} after */
function changeClasses(shown, before, after) {
  shown.classList.remove(...before.classList);
  shown.classList.add(...after.classList);
}

/** The old styles stay until the new ones are there, so that nothing flickers.
 * @param {HTMLLinkElement} old @param {Element} after */
function swapStyles(old, after) {
  const link = /** @type {HTMLLinkElement} */ (document.importNode(after, true));
  const done = () => old.remove();
  link.addEventListener("load", done);
  link.addEventListener("error", done);
  old.after(link);
  return link;
}

/** Shows for a moment what changed. @param {Element} element */
function mark(element) {
  if (!element.closest("main") || matchMedia("(prefers-reduced-motion: reduce)").matches) return;
  element.animate([{ backgroundColor: "rgb(250 204 21 / 35%)" }, { backgroundColor: "transparent" }], { duration: 900, easing: "ease-out" });
}
