// Marks the words that were searched for on the page one arrives at, with a bar to go through them and to take them
// away. The search leaves a note for the page in storage: so it works in a new tab, and addresses stay as they are.
// @ts-check

/** @typedef {{ to: string, words: string[], query: string, time: number, strings: Record<string, string> }} Note */

const FRESH = 120_000;
/** Languages that are written without spaces: a word may stand inside another. */
const UNSPACED = /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Hangul}\p{sc=Thai}]/u;

/** Marks this page if a note says so. */
export function mark() {
  const note = takeNote();
  const pattern = note && patternOf(note.words);
  if (!pattern) return;
  document.querySelector(".marks-remove")?.dispatchEvent(new Event("click"));
  const marks = texts().flatMap((text) => markText(text, pattern));
  if (marks.length) bar(note, marks);
}

/** The note for this page, taken out of storage together with those that nobody followed.
 * @returns {Note | undefined} */
function takeNote() {
  try {
    const kept = /** @type {Note[]} */ (JSON.parse(localStorage.getItem("found") ?? "[]"));
    const notes = kept.filter(({ time }) => Date.now() - time < FRESH);
    const note = notes.find(({ to }) => to === location.pathname + location.hash);
    const rest = notes.filter((other) => other !== note);
    if (rest.length) localStorage.setItem("found", JSON.stringify(rest));
    else localStorage.removeItem("found");
    return note;
  } catch {
    return undefined;
  }
}

/** @param {string[]} words */
function patternOf(words) {
  const quoted = words.map(fold).filter(Boolean).sort((one, other) => other.length - one.length).map((word) => {
    const text = word.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&");
    return UNSPACED.test(word) ? text : `(?<![\\p{L}\\p{N}])${text}(?![\\p{L}\\p{N}])`;
  });
  return quoted.length ? new RegExp(quoted.join("|"), "gu") : undefined;
}

/** Lower case and without accents, at the same length. @param {string} text */
function fold(text) {
  const plain = (/** @type {string} */ letter) => letter.normalize("NFD")[0];
  return text.replace(/[A-Z\u00c0-\u1fff]/g, (letter) => plain(letter).toLowerCase()[0]);
}

/** The texts of the page that a search looks through. */
function texts() {
  const parts = [...document.querySelectorAll("main :is(h1, .intro, .prose)")];
  return parts.filter((part) => !part.parentElement?.closest(".prose")).flatMap((part) => {
    const walker = document.createTreeWalker(part, NodeFilter.SHOW_TEXT);
    const found = [];
    while (walker.nextNode()) {
      const text = /** @type {Text} */ (walker.currentNode);
      if (!text.parentElement?.closest("button, script, style, svg, .anchor, [role=tablist]")) found.push(text);
    }
    return found;
  });
}

/** @param {Text} text @param {RegExp} pattern */
function markText(text, pattern) {
  // From the end, so that what stands before keeps its place.
  return [...fold(text.data).matchAll(pattern)].reverse().map((match) => {
    const rest = text.splitText(match.index);
    rest.splitText(match[0].length);
    const mark = document.createElement("mark");
    mark.className = "found-mark";
    rest.replaceWith(mark);
    mark.append(rest);
    return mark;
  }).reverse();
}

/** @param {Note} note @param {HTMLElement[]} marks */
function bar({ query, strings }, marks) {
  const bar = document.createElement("div");
  const [text, next, remove] = ["span", "button", "button"].map((tag) => document.createElement(tag));
  const sentence = strings[marks.length === 1 ? "marked_one" : "marked_other"] ?? "";
  let current = -1;
  bar.className = "marks";
  bar.role = "status";
  text.textContent = sentence.replace("{count}", String(marks.length)).replace("{query}", () => query);
  next.textContent = strings.mark_next ?? "";
  next.addEventListener("click", () => {
    marks[current]?.classList.remove("found-mark-current");
    current = (current + 1) % marks.length;
    reveal(marks[current]);
    marks[current].classList.add("found-mark-current");
    marks[current].scrollIntoView({ block: "center" });
  });
  remove.className = "marks-remove";
  remove.textContent = strings.marks_remove ?? "";
  const end = () => {
    removeEventListener("keydown", onKey);
    bar.remove();
    for (const mark of marks) {
      const parent = mark.parentNode;
      mark.replaceWith(...mark.childNodes);
      parent?.normalize();
    }
  };
  const onKey = (/** @type {KeyboardEvent} */ event) => {
    if (event.key === "Escape" && !document.querySelector("dialog[open], .menu-open")) end();
  };
  remove.addEventListener("click", end);
  addEventListener("keydown", onKey);
  bar.append(text, next, remove);
  document.querySelector("main")?.append(bar);
}

/** Opens what hides a mark: folded text or a tab. @param {HTMLElement} mark */
function reveal(mark) {
  const fold = mark.closest("details");
  if (fold) fold.open = true;
  mark.closest(".tab")?.dispatchEvent(new Event("reveal"));
}
