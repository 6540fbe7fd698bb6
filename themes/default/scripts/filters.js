// Narrows the lists of a section to what applies to a plan, a platform or a role. The choice is part of the address.
// @ts-check

const box = /** @type {HTMLElement} */ (document.querySelector(".filters"));
const choices = /** @type {HTMLSelectElement[]} */ ([...box.querySelectorAll("select")]);
const items = /** @type {HTMLElement[]} */ ([...document.querySelectorAll("main .article-list > li")]);
const asked = new URLSearchParams(location.search);

for (const choice of choices) {
  const wanted = asked.get(choice.dataset.filter ?? "");
  if ([...choice.options].some(({ value }) => value === wanted)) choice.value = wanted ?? "";
  choice.addEventListener("change", () => {
    for (const { dataset, value } of choices) {
      if (value) asked.set(dataset.filter ?? "", value);
      else asked.delete(dataset.filter ?? "");
    }
    history.replaceState(null, "", asked.size ? `?${asked}` : location.pathname);
    narrow();
  });
}
narrow();
box.hidden = false;

/** What says nothing applies to everybody. */
function narrow() {
  for (const item of items) {
    item.hidden = choices.some(({ dataset, value }) => {
      const applies = item.getAttribute(`data-${dataset.filter}`);
      return value && applies && !applies.split("|").includes(value);
    });
  }
  const none = items.every(({ hidden }) => hidden);
  const status = /** @type {HTMLElement} */ (box.querySelector("[role=status]"));
  status.textContent = none ? (box.dataset.none ?? "") : "";
}
