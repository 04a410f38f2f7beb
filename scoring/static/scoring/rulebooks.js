/* The rulebook editor: one more row of blanks, words of a formula completed, dragging items into order, and the keys
   for all of it. */
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
    made.querySelectorAll("input").forEach(function (input) { input.value = ""; unlist(input); });
    made.querySelectorAll(".cel-list").forEach(function (one) { one.remove(); });
    made.querySelectorAll(".cel-told").forEach(function (one) { one.textContent = ""; });
    last.after(made);
    htmx.process(made);
    var first = made.querySelector("input:not([type=hidden])");
    if (first) { first.focus(); }
  }

  function putName(button) {
    var box = button.dataset.celFor ? document.getElementById(button.dataset.celFor) : lastCel;
    if (!box) { return; }
    var at = box.selectionStart || 0;
    var put = button.dataset.celName, calls = put.slice(-1) === "(";
    box.setRangeText(put + (calls ? ")" : ""), at, box.selectionEnd || at, "end");
    if (calls) { box.selectionStart = box.selectionEnd = box.selectionEnd - 1; }
    box.focus();
    box.dataset.put = "1";
    box.dispatchEvent(new Event("input", { bubbles: true }));
    unlist(box);
  }

  var lastCel = null;
  document.addEventListener("focusin", function (event) { if (event.target.matches("[data-cel]")) { lastCel = event.target; } });

  /* Words of a formula are completed while they are typed, found by name, meaning or pinyin. */
  var WORD = /[A-Za-z_\u4e00-\u9fff][\w\u4e00-\u9fff]*$/;
  var list = document.createElement("ul");
  list.className = "cel-list";
  list.id = "cel-list";
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", "可以填的");

  document.addEventListener("input", function (event) { if (event.target.matches("[data-cel]") && !event.isComposing) { offer(event.target, false); } }, true);
  document.addEventListener("compositionend", function (event) { if (event.target.matches("[data-cel]")) { offer(event.target, false); } });
  document.addEventListener("focusout", function (event) { if (event.target.matches("[data-cel]")) { left(event.target); } });
  list.addEventListener("mousedown", function (event) { event.preventDefault(); });
  list.addEventListener("click", function (event) {
    var one = event.target.closest("[role=option]");
    if (one) { take(list.previousElementSibling, one); }
  });

  /* What a script has put in is no change to the browser; the form saves on changes. */
  function left(box) {
    unlist(box);
    if (!box.dataset.put) { return; }
    delete box.dataset.put;
    box.dispatchEvent(new Event("change", { bubbles: true }));
  }

  function wordAt(box) {
    var before = box.value.slice(0, box.selectionStart);
    if ((before.match(/"/g) || []).length % 2) { return null; }
    return (before.match(WORD) || [""])[0];
  }

  function offer(box, all) {
    var word = wordAt(box);
    var found = word === null || (!word && !all) ? [] : ranked(word.toLowerCase());
    if (!found.length || (found.length === 1 && found[0].show === word)) { unlist(box); return; }
    list.replaceChildren.apply(list, found.map(optionOf));
    box.after(list);
    box.setAttribute("role", "combobox");
    box.setAttribute("aria-autocomplete", "list");
    box.setAttribute("aria-controls", list.id);
    box.setAttribute("aria-expanded", "true");
    point(box, 0);
  }

  /* What begins with the word stands before what only contains it. */
  function ranked(word) {
    var offers = JSON.parse(document.getElementById("cel-offers").textContent);
    var hits = offers.filter(function (one) { return one.keys.indexOf(word) >= 0; });
    function begins(one) { return one.keys.split(" ").some(function (key) { return key.indexOf(word) === 0; }); }
    return hits.filter(begins).concat(hits.filter(function (one) { return !begins(one); })).slice(0, 12);
  }

  function optionOf(one, place) {
    var made = document.createElement("li"), show = document.createElement("code"), told = document.createElement("span");
    made.id = "cel-option-" + place;
    made.setAttribute("role", "option");
    made.dataset.put = one.put;
    show.textContent = one.show;
    told.textContent = one.told;
    made.append(show, told);
    return made;
  }

  function point(box, place) {
    var options = list.children;
    Array.prototype.forEach.call(options, function (one, at) { one.setAttribute("aria-selected", at === place ? "true" : "false"); });
    box.setAttribute("aria-activedescendant", options[place].id);
    options[place].scrollIntoView({ block: "nearest" });
  }

  function unlist(box) {
    if (list.previousElementSibling === box) { list.remove(); }
    box.removeAttribute("aria-activedescendant");
    if (box.hasAttribute("aria-expanded")) { box.setAttribute("aria-expanded", "false"); }
  }

  /* In place of the word before the caret; of a function the caret stands between its brackets. */
  function take(box, option) {
    var at = box.selectionStart, word = wordAt(box) || "", put = option.dataset.put;
    var calls = put.slice(-1) === "(", follows = box.value.charAt(at) === "(";
    unlist(box);
    box.setRangeText(calls && follows ? put.slice(0, -1) : put + (calls ? ")" : ""), at - word.length, at, "end");
    if (calls) { box.selectionStart = box.selectionEnd = box.selectionEnd + (follows ? 1 : -1); }
    box.focus();
    box.dataset.put = "1";
    box.dispatchEvent(new Event("input", { bubbles: true }));
    unlist(box);
  }

  function keyed(event) {
    var box = event.target, open = list.isConnected && list.previousElementSibling === box;
    if (event.isComposing) { return; }
    if (!open) {
      if (event.key === "ArrowDown") { event.preventDefault(); offer(box, true); }
      return;
    }
    var at = Array.prototype.findIndex.call(list.children, function (one) { return one.getAttribute("aria-selected") === "true"; });
    var count = list.children.length;
    if (event.key === "ArrowDown") { point(box, (at + 1) % count); }
    else if (event.key === "ArrowUp") { point(box, (at + count - 1) % count); }
    else if (event.key === "Enter" || (event.key === "Tab" && !event.shiftKey)) { take(box, list.children[at]); }
    else if (event.key === "Escape") { unlist(box); }
    else { return; }
    event.preventDefault();
  }

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
    if (event.target.matches("[data-cel]")) { keyed(event); }
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
