/* Selects that send their form at once, and ticking off a long list. */
(function () {
  "use strict";

  document.addEventListener("change", function (event) {
    if (event.target.matches("[data-submit]")) { event.target.form.submit(); }
    if (event.target.matches("[data-tick-all]")) { tickShown(event.target.checked); }
    if (event.target.closest(".ticks") || event.target.matches("[data-tick-all]")) { count(); }
  });

  document.addEventListener("input", function (event) {
    if (!event.target.matches("[data-tick-filter]")) { return; }
    var words = event.target.value.trim().toLowerCase();
    document.querySelectorAll(".ticks li[data-words]").forEach(function (row) {
      row.hidden = words !== "" && row.dataset.words.toLowerCase().indexOf(words) < 0;
    });
  });

  function tickShown(on) {
    document.querySelectorAll(".ticks li:not([hidden]) input[type=checkbox]").forEach(function (box) { box.checked = on; });
  }

  function count() {
    var place = document.querySelector("[data-tick-count]");
    if (place) { place.textContent = "已选 " + document.querySelectorAll(".ticks input[type=checkbox]:checked").length + " 户"; }
  }

  document.addEventListener("DOMContentLoaded", count);
  if (document.readyState !== "loading") { count(); }
})();
