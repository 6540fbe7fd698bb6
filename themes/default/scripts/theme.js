// Loaded before the first paint: applies a saved light or dark choice, and tells the styles that scripts run.
// @ts-check
document.documentElement.classList.add("js");
try {
  const saved = localStorage.getItem("theme");
  if (saved === "light" || saved === "dark") document.documentElement.dataset.theme = saved;
} catch {
  // Storage is closed to us: the system's choice holds.
}
