// Other companies' scripts, such as a chat: nothing is asked of them before the visitor presses the button.
// @ts-check

/** A policy that browsers may demand for addresses of scripts; these come from the site's settings.
 * @type {{ createScriptURL: (address: string) => string } | undefined} */
const trusted = /** @type {any} */ (globalThis).trustedTypes?.createPolicy("guidepost-widget", {
  createScriptURL: (/** @type {string} */ address) => address,
});

for (const section of document.querySelectorAll(".widgets")) {
  /** @type {HTMLElement} */ (section).hidden = false;
}
for (const button of document.querySelectorAll("[data-widget]")) {
  button.addEventListener("click", () => load(/** @type {HTMLButtonElement} */ (button)), { once: true });
}

/** @param {HTMLButtonElement} button */
function load(button) {
  const { widget = "", loading = "", failed = "" } = button.dataset;
  const text = button.nextElementSibling;
  const tell = (/** @type {string} */ words) => {
    if (text) text.textContent = words;
  };
  const script = document.createElement("script");
  script.async = true;
  script.src = /** @type {any} */ (trusted ? trusted.createScriptURL(widget) : widget);
  script.addEventListener("load", () => {
    button.closest("div")?.remove();
    document.dispatchEvent(new CustomEvent("guidepost:widget", { detail: { script: widget } }));
  });
  script.addEventListener("error", () => {
    script.remove();
    tell(failed);
    button.disabled = false;
    button.addEventListener("click", () => load(button), { once: true });
  });
  button.disabled = true;
  text?.setAttribute("role", "status");
  tell(loading);
  document.head.append(script);
}
