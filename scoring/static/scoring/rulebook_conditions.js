/* Conditions are picked: what is asked stands in the rows above as they are written, a choice offers its words, and the
   sentence writes itself until somebody words it otherwise. Without this all signs and words are there, and the server
   judges. Wherever else the item names a field, it is offered as soon as it is written, too. */
(function () {
  "use strict";

  var form = document.getElementById("item-form"), told = document.getElementById("compare-guide");
  if (!form || !told) { return; }
  var guide = JSON.parse(told.textContent);
  var KINDS = { number: "number", count: "number", money: "number", photo: "number", date: "date", yes_no: "yes_no" };

  function each(root, what, does) { Array.prototype.forEach.call(root.querySelectorAll(what), does); }

  function part(row, name) { return row.querySelector("[name=" + name + "]"); }

  /* Every field has its name from the first letter of its label on, so that a condition can speak of it. */
  function named(row) {
    var box = part(row, "input-name"), used = {};
    if (box.value || !part(row, "input-label").value.trim()) { return box.value; }
    each(form, "[name=input-name]", function (one) { used[one.value] = true; });
    for (var n = 1; !box.value; n += 1) { if (!used["f" + n]) { box.value = "f" + n; } }
    return box.value;
  }

  function asked() {
    var found = [];
    each(form, "[name=input-label]", function (box) {
      var row = box.closest("[data-row]"), name = named(row), label = box.value.trim();
      if (name && label) { found.push({ name: name, label: label, kind: part(row, "input-kind").value, row: row }); }
    });
    return found;
  }

  function fields(inputs) {
    var found = guide.deed.slice();
    inputs.forEach(function (one) {
      var row = one.row, name = one.name, label = one.label, kind = one.kind;
      var unit = part(row, "input-unit").value.trim() || { money: "元", photo: "张" }[kind] || "";
      if (kind === "date_range") {
        found.push({ name: name + "_start", label: label + "的开始日", kind: "date" }, { name: name + "_end", label: label + "的结束日", kind: "date" });
        found.push({ name: name + "_days", label: label + "的天数", kind: "number", unit: "天" });
        return;
      }
      var words = kind === "choice" ? part(row, "input-choices").value.split(/[、,，]/).filter(Boolean) : kind === "yes_no" ? ["是", "否"] : null;
      found.push({ name: name, label: label, kind: KINDS[kind] || "text", unit: unit, words: words });
    });
    return found;
  }

  function fill(select, options) {
    var kept = select.value;
    var made = options.map(function (one) { return new Option(one[1], one[0]); });
    if (made.map(function (one) { return one.value + one.text; }).join() !== Array.prototype.map.call(select.options, function (one) { return one.value + one.text; }).join()) {
      select.replaceChildren.apply(select, made);
    }
    select.value = kept;
    if (select.selectedIndex < 0) { select.selectedIndex = 0; }
  }

  var FIT = { people: ["person", "household"], counted: ["number", "count", "money"] };

  /* What is chosen stays: a field that is worded anew is not lost, and one that is gone is for the server to tell. */
  function offer(select, inputs) {
    var kinds = FIT[select.dataset.fields], first = select.options[0], say = select.dataset.say || "*";
    var options = inputs.filter(function (one) { return !kinds || kinds.indexOf(one.kind) >= 0; }).map(function (one) {
      return [one.name, say.split("*").join(one.label)];
    });
    var chosen = select.options[select.selectedIndex];
    options.unshift([first.value, first.text]);
    if (!options.some(function (one) { return one[0] === chosen.value; })) { options.push([chosen.value, chosen.text]); }
    fill(select, options);
  }

  function offers(inputs) {
    each(form, "[data-fields]", function (select) { offer(select, inputs); });
    each(form, "[data-with-fields]", function (place) { place.hidden = place.querySelector("select").length < 2; });
    each(form, "[data-without-people]", function (told) { told.hidden = form.querySelector("[name=beneficiary]").length > 1; });
  }

  function follow(row, all) {
    var field = part(row, "compare-field"), value = part(row, "compare-value"), pick = part(row, "compare-pick");
    fill(field, [["", "没有条件"]].concat(all.map(function (one) { return [one.name, one.label]; })));
    var of = all.filter(function (one) { return one.name === field.value; })[0];
    part(row, "compare-message").closest("p").hidden = !of;
    part(row, "compare-sign").hidden = !of;
    value.hidden = !of || Boolean(of.words);
    pick.hidden = !of || !of.words;
    if (!of) { return; }
    var signs = guide.signs[of.kind];
    fill(part(row, "compare-sign"), Object.keys(signs).map(function (sign) { return [sign, signs[sign]]; }));
    value.type = of.kind === "date" ? "date" : "text";
    if (of.words) {
      fill(pick, [["", "选一个"]].concat(of.words.map(function (word) { return [of.name + "=" + word, word]; })));
    }
    say(row, of, signs[part(row, "compare-sign").value], of.words ? pick.value.slice(of.name.length + 1) : value.value.trim());
  }

  function say(row, of, sign, value) {
    var box = part(row, "compare-message"), unit = of.unit && value.slice(-of.unit.length) !== of.unit ? of.unit : "";
    var now = !value ? "" : of.kind === "yes_no" ? "“" + of.label + "”要是“" + value + "”" : of.label + sign + value + unit;
    if (!("auto" in row.dataset)) { row.dataset.auto = now; return; }
    if (!box.value || box.value === row.dataset.auto) { box.value = now; }
    row.dataset.auto = now;
  }

  /* A button for everything that a formula may name; it puts the label in, or the name where two are called the same. */
  function chips(place, all) {
    var labels = all.map(function (one) { return one.label; });
    if (Array.prototype.map.call(place.children, function (one) { return one.textContent; }).join() === labels.join()) { return; }
    place.replaceChildren.apply(place, ["可以用："].concat(all.map(function (one) {
      var made = document.createElement("button");
      made.className = "btn btn-sm";
      made.type = "button";
      made.textContent = one.label;
      made.dataset.celName = labels.indexOf(one.label) === labels.lastIndexOf(one.label) ? one.label : one.name;
      if (place.dataset.chips) { made.dataset.celFor = place.dataset.chips; }
      return made;
    })));
  }

  function all() {
    var inputs = asked(), found = fields(inputs);
    offers(inputs);
    each(form, "[data-chips]", function (place) { chips(place, found); });
    each(form, ".compare", function (row) { follow(row, found); });
  }

  function ours(event) { if (/^(input|compare)-/.test(event.target.name || "")) { all(); } }
  document.addEventListener("change", function (event) {
    if (event.target.name !== "compare-field") { return; }
    var row = event.target.closest(".compare");
    part(row, "compare-value").value = part(row, "compare-pick").value = "";
  }, true);
  document.addEventListener("input", ours);
  document.addEventListener("change", ours);
  document.addEventListener("click", function (event) {
    if (event.target.closest("[data-add-row]")) { setTimeout(all, 0); }
  });
  all();
})();
