// "Was this helpful?": sends the answer when the visitor says so, and nothing before. No cookies, no identity. Visitors
// who ask not to be tracked are not asked anything. Without this script a form with an `action` works as a form does.
// @ts-check

/** What an endpoint is sent as JSON.
 * @typedef {{ version: 1, page: string, title: string, language: string, helpful: boolean, reason: string }} Feedback */

const section = /** @type {HTMLElement | null} */ (document.querySelector(".feedback"));
const form = /** @type {HTMLFormElement | null} */ (document.querySelector(".feedback-form"));
if (section && form) {
  section.hidden = wantsNoTracking();
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    send(form);
  });
}

function wantsNoTracking() {
  const { doNotTrack, globalPrivacyControl } = /** @type {Navigator & { globalPrivacyControl?: boolean }} */ (navigator);
  return doNotTrack === "1" || globalPrivacyControl === true;
}

/** @param {HTMLFormElement} form */
async function send(form) {
  const status = /** @type {HTMLElement} */ (document.querySelector(".feedback-status"));
  const button = /** @type {HTMLButtonElement} */ (form.querySelector("[type=submit]"));
  const words = form.dataset;
  status.textContent = "";
  button.disabled = true;
  try {
    await post(form);
    form.hidden = true;
    status.tabIndex = -1;
    status.textContent = words.thanks ?? "";
    status.focus();
    const helpful = new FormData(form).get("helpful") === "yes";
    document.dispatchEvent(new CustomEvent("guidepost:feedback", { detail: { helpful } }));
  } catch {
    status.textContent = words.failed ?? "";
  } finally {
    button.disabled = false;
  }
}

/** @param {HTMLFormElement} form */
async function post(form) {
  const fields = new FormData(form);
  const { endpoint } = form.dataset;
  /** @type {RequestInit} */
  const usual = { method: "POST", credentials: "omit", referrerPolicy: "no-referrer" };
  if (!endpoint) {
    // Services for forms seldom let other sites read their answer; that it arrived is enough.
    const body = new URLSearchParams(/** @type {any} */ (fields));
    await fetch(form.action, { ...usual, mode: "no-cors", body });
    return;
  }
  const text = (/** @type {string} */ name) => String(fields.get(name) ?? "");
  /** @type {Feedback} */
  const feedback = {
    version: 1,
    page: text("page"),
    title: text("title"),
    language: text("language"),
    helpful: text("helpful") === "yes",
    reason: text("reason").trim(),
  };
  const headers = { "Content-Type": "application/json" };
  const response = await fetch(endpoint, { ...usual, headers, body: JSON.stringify(feedback) });
  if (!response.ok) throw new Error(`the endpoint answered ${response.status}`);
}
