/* The elderly mode: bigger letters and targets, remembered for a year on this phone. */
(function () {
  "use strict";
  document.addEventListener("click", function (event) {
    var button = event.target.closest("[data-large]");
    if (!button) { return; }
    var large = document.documentElement.classList.toggle("large");
    button.setAttribute("aria-pressed", String(large));
    document.cookie = "jifen_large=" + (large ? "1" : "0") + "; path=/; max-age=31536000; samesite=lax";
  });
})();
