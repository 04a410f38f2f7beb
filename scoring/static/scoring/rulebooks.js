/* The rulebook editor: one more row of blanks, dragging items into order, and the keys for all of it. */
(function () {
  "use strict";

  function token() { return JSON.parse(document.body.getAttribute("hx-headers") || "{}")["X-CSRFToken"] || ""; }

  document.addEventListener("click", function (event) {
    var more = event.target.closest("[data-add-row]");
    if (more) { addRow(more); }
    var name = event.target.closest("[data-cel-name]");
    if (name) { putName(name); }
  });

  function addRow(button) {
    var rows = button.parentElement.querySelectorAll(":scope > [data-row]");
    var last = rows[rows.length - 1];
    Array.prototype.forEach.call(rows, function (row) {
      if (row.compareDocumentPosition(button) & Node.DOCUMENT_POSITION_FOLLOWING) { last = row; }
    });
    var made = last.cloneNode(true);
    made.querySelectorAll("input").forEach(function (input) { input.value = ""; });
    last.after(made);
    var first = made.querySelector("input:not([type=hidden])");
    if (first) { first.focus(); }
  }

  function putName(button) {
    var box = button.dataset.celFor ? document.getElementById(button.dataset.celFor) : lastCel;
    if (!box) { return; }
    var at = box.selectionStart || 0;
    box.setRangeText(button.dataset.celName, at, box.selectionEnd || at, "end");
    box.focus();
    box.dispatchEvent(new Event("input", { bubbles: true }));
  }

  var lastCel = null;
  document.addEventListener("focusin", function (event) { if (event.target.matches("[data-cel]")) { lastCel = event.target; } });

  var dragged = null;
  document.addEventListener("dragstart", function (event) {
    dragged = event.target.closest("[data-item]");
    if (dragged) { dragged.classList.add("dragging"); event.dataTransfer.effectAllowed = "move"; event.dataTransfer.setData("text/plain", dragged.dataset.item); }
  });
  document.addEventListener("dragend", function () { if (dragged) { dragged.classList.remove("dragging"); } unmark(); dragged = null; });
  document.addEventListener("dragover", function (event) {
    var over = dragged && event.target.closest("[data-item]");
    if (!over || over.parentElement !== dragged.parentElement) { return; }
    event.preventDefault();
    unmark();
    over.classList.add(isAbove(over) ? "drop-below" : "drop-here");
  });
  document.addEventListener("drop", function (event) {
    var over = dragged && event.target.closest("[data-item]");
    if (!over || over === dragged || over.parentElement !== dragged.parentElement) { return; }
    event.preventDefault();
    if (isAbove(over)) { over.after(dragged); } else { over.before(dragged); }
    keep(dragged);
  });

  /* Dragged downwards it goes behind the item under it, so that the last place can be reached. */
  function isAbove(over) { return Boolean(dragged.compareDocumentPosition(over) & Node.DOCUMENT_POSITION_FOLLOWING); }

  function unmark() { document.querySelectorAll(".drop-here, .drop-below").forEach(function (one) { one.classList.remove("drop-here", "drop-below"); }); }

  document.addEventListener("keydown", function (event) {
    var box = event.target.closest("[data-item]");
    if (box && event.altKey && (event.key === "ArrowUp" || event.key === "ArrowDown")) { event.preventDefault(); step(box, event.key === "ArrowUp"); }
    if (event.key === "/" && !event.target.matches("input, textarea, select")) {
      var search = document.getElementById("q");
      if (search) { event.preventDefault(); search.focus(); }
    }
  });

  function step(box, up) {
    var other = up ? box.previousElementSibling : box.nextElementSibling;
    if (!other || !other.dataset.item) { return; }
    if (up) { other.before(box); } else { other.after(box); }
    box.querySelector("a").focus();
    keep(box);
  }

  /* Where it stands now: before the item below it, or behind the one above it. */
  function keep(box) {
    var below = box.nextElementSibling, above = box.previousElementSibling;
    if (below && below.dataset.item) { send(box, below); } else if (above && above.dataset.item) { sendBehind(box, above); }
    tell(box, below);
  }

  function sendBehind(box, above) { post(box, { act: "move", after: above.dataset.item }); }

  function send(box, below) { post(box, { act: "move", before: below.dataset.item }); }

  function post(box, told) {
    fetch(box.dataset.url, {
      method: "POST",
      headers: { "Content-Type": "application/x-www-form-urlencoded", "X-CSRFToken": token() },
      body: new URLSearchParams(told),
      redirect: "manual",
      keepalive: true
    }).then(function (answer) { if (answer.type !== "opaqueredirect" && !answer.ok) { location.reload(); } }, function () { location.reload(); });
  }

  function tell(box, below) {
    var place = document.getElementById("moved");
    if (place) { place.textContent = "“" + box.querySelector("strong").textContent + "”已移到" + (below ? "“" + below.querySelector("strong").textContent + "”前面" : "最后"); }
  }
})();
