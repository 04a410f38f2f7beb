/* The committee's sheet without a mouse: the next deed opens by itself, and every choice has a key. */
(function () {
  "use strict";

  function stops() {
    return Array.prototype.filter.call(document.querySelectorAll("[data-stop]"), function (one) { return one.offsetParent; });
  }

  function current() {
    var focused = document.activeElement && document.activeElement.closest("details.line, details.group");
    return focused || document.querySelector("details.line[open]");
  }

  function show(box) {
    if (!box) { return; }
    document.querySelectorAll("details.line[open]").forEach(function (one) { if (one !== box) { one.open = false; } });
    if (box.classList.contains("line")) { box.open = true; }
    box.querySelector("[data-stop]").focus({ preventScroll: true });
    box.scrollIntoView({ block: "start", behavior: "auto" });
  }

  function step(by) {
    var all = stops();
    var here = current();
    var at = here ? all.indexOf(here.querySelector("[data-stop]")) : -1;
    var next = all[Math.min(Math.max(at + by, 0), all.length - 1)];
    if (next) { show(next.closest("details")); }
  }

  function press(key) {
    var here = current();
    var target = here && here.querySelector('[data-key="' + key + '"]');
    if (!target) { return; }
    target.click();
    if (target.tagName === "BUTTON") { return; }
    var box = target.parentElement;
    setTimeout(function () {
      var first = box.querySelector("input[type=number], .quick button, input.form-control");
      if (!box.open || !first) { return; }
      first.focus();
      if (first.select) { first.select(); }
    }, 0);
  }

  function all(key) {
    var button = document.querySelector('#sheet-bar [data-all="' + key + '"]');
    if (!button) { return; }
    button.click();
    var yes = document.querySelector("#ask[open] [data-ask=yes]");
    if (yes) { yes.focus(); }
  }

  document.addEventListener("keydown", function (event) {
    if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) { return; }
    var at = event.target;
    if (event.key === "Escape" && at.closest(".more")) {
      at.closest(".more").open = false;
      at.closest("details.line").querySelector("[data-stop]").focus();
      return;
    }
    if (at.closest("input, textarea, select")) { return; }
    var key = event.key.toLowerCase();
    if (key === "j" || key === "k") { event.preventDefault(); step(key === "j" ? 1 : -1); }
    if (key === "1" || key === "2" || key === "3") { event.preventDefault(); press(key); }
    if (key === "a" || key === "s") { all(key); }
  });

  /* One thing open at a time, also where <details name> is not known. */
  document.addEventListener("toggle", function (event) {
    var box = event.target;
    if (!box.open || !box.hasAttribute("name")) { return; }
    document.querySelectorAll('details[name="' + box.getAttribute("name") + '"][open]').forEach(function (one) {
      if (one !== box) { one.open = false; }
    });
  }, true);

  /* The live quorum waits while somebody is writing a substitute's name. */
  document.addEventListener("htmx:beforeRequest", function (event) {
    if (event.target.id === "meeting-live" && event.target.querySelector("details[open]")) { event.preventDefault(); }
  });

  /* After a decision the next deed that waits comes up; after the last one, what is left to do. */
  document.addEventListener("htmx:afterSettle", function (event) {
    var asked = event.detail.requestConfig;
    if (!asked || asked.verb !== "post" || document.querySelector("details.line[open]")) { return; }
    var next = document.querySelector("details.line[data-waits]");
    if (next) { show(next); return; }
    var act = document.querySelector("#sheet-bar .btn-primary");
    if (act) { act.focus({ preventScroll: true }); }
  });
})();
