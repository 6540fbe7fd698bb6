// A static host cannot match patterns: on the 404 page, addresses that moved in bulk are sent on from here.
// @ts-check

const page = /** @type {HTMLElement} */ (document.querySelector("[data-redirects]"));
const base = new URL(page.dataset.base ?? "/", location.href).pathname;
/** Pairs of an old address and where it leads. @type {[string, string][]} */
const redirects = JSON.parse(page.dataset.redirects ?? "[]");

const target = redirects.map(([from, to]) => follow(from, to)).find((address) => address !== undefined);
if (target) location.replace(target + location.search + location.hash);

/** Where this page leads by one rule. In `from`, `*` stands for a part between slashes and at the end for the rest of the
 * address, which takes the place of a `*` in `to`.
 * @param {string} from @param {string} to */
function follow(from, to) {
  const parts = from.replace(/\*$/, "").split("*").map((part) => part.replace(/[.+?^${}()|[\]\\]/g, "\\$&"));
  const rest = location.pathname.replace(base, "/").match(new RegExp(`^${parts.join("[^/]*")}(.*)$`))?.[1];
  if (rest === undefined) return undefined;
  const address = to.replace("*", () => rest);
  return address.startsWith("/") ? base + address.slice(1) : address;
}
