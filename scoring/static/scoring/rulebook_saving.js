/* An item saves itself while it is written; what is not saved yet is sent before anybody leaves the page. */
(function () {
  "use strict";

  var form = document.getElementById("item-form");
  if (!form) { return; }
  var changes = 0, sending = 0, saved = 0, refused = false, under = false, unfolded = false, next = null;

  function open() { return changes > saved; }

  function changed(event) { if (event.target.form === form) { changes += 1; refused = false; } }
  document.addEventListener("input", changed, true);
  document.addEventListener("change", changed, true);

  document.addEventListener("htmx:beforeRequest", function (event) {
    if (event.detail.elt === form) { sending = changes; under = true; }
  });
  document.addEventListener("htmx:afterRequest", function (event) {
    if (event.detail.elt !== form) { return; }
    var box = document.getElementById("saved");
    under = false;
    fold(box.querySelector(".saved-fold"));
    refused = !event.detail.successful || box.hasAttribute("data-refused");
    if (refused) { stay(box); return; }
    saved = Math.max(saved, sending);
    if (next) { goOn(); }
  });

  /* What comes of the item is folded to a line; who has opened it keeps it open. */
  function fold(told) { if (told) { told.open = unfolded; } }

  document.addEventListener("toggle", function (event) {
    if (event.target.matches(".saved-fold")) { unfolded = event.target.open; }
  }, true);

  /* Saved first, then on: unless it is refused. */
  function after(go) {
    next = go;
    if (!under || changes > sending) { form.dispatchEvent(new Event("flush")); }
  }

  function goOn() {
    if (open()) { after(next); return; }
    var go = next;
    next = null;
    go();
  }

  function stay(box) {
    if (!next) { return; }
    next = null;
    box.setAttribute("tabindex", "-1");
    box.focus();
  }

  document.addEventListener("click", function (event) {
    var link = event.target.closest("a[href]");
    var elsewhere = event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey;
    if (!link || elsewhere || link.target || link.getAttribute("href").charAt(0) === "#" || !open() || refused) { return; }
    event.preventDefault();
    after(function () { location.href = link.href; });
  });

  /* Removing an item or switching it off: with the revision that the last save brought. */
  document.addEventListener("submit", function (event) {
    var act = event.target, button = event.submitter;
    if (!act.closest(".item-acts") || event.defaultPrevented || !open() || refused) { return; }
    event.preventDefault();
    after(function () {
      act.dataset.agreed = "1";
      act.requestSubmit(button || undefined);
    });
  });

  document.addEventListener("visibilitychange", function () {
    if (document.visibilityState === "hidden" && open() && !refused && !under) { form.dispatchEvent(new Event("flush")); }
  });

  window.addEventListener("pagehide", function () {
    if (!open() || refused) { return; }
    var told = new URLSearchParams(new FormData(form));
    told.set("leaving", "1");
    if (under) { told.set("under", "1"); }
    saved = sending = changes;
    fetch(form.action, {
      method: "POST",
      headers: { "Content-Type": "application/x-www-form-urlencoded", "HX-Request": "true" },
      body: told,
      keepalive: true
    });
  });

  window.addEventListener("pageshow", function (event) { if (event.persisted) { location.reload(); } });
  window.addEventListener("beforeunload", function (event) { if (refused && open()) { event.preventDefault(); } });
})();
