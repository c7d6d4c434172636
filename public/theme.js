// Runs before the first paint, so that the page never flashes in the other theme. A file and not an inline script: the
// content security policy then needs no exception for it.
(function () {
  var stored = null;
  try {
    stored = localStorage.getItem("nightpost.theme");
  } catch {
    // Storage may be switched off; the system's theme is used then.
  }
  var dark = stored === "dark" || (stored !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);
  document.documentElement.dataset.theme = dark ? "dark" : "light";
})();
