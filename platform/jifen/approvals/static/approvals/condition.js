/* A row of a condition shows the signs and values of its fact alone; without this all are there, and the server judges. */
(function () {
  "use strict";
  var told = document.getElementById("condition-guide");
  if (!told) { return; }
  var guide = JSON.parse(told.textContent);

  function keep(select, fits) {
    Array.prototype.forEach.call(select.options, function (option) {
      option.hidden = option.disabled = Boolean(option.value) && !fits(option.value);
    });
    Array.prototype.forEach.call(select.querySelectorAll("optgroup"), function (group) {
      group.hidden = !group.querySelector("option:not([hidden])");
    });
    if (select.selectedOptions[0] && select.selectedOptions[0].disabled) {
      select.value = (Array.prototype.find.call(select.options, function (option) { return !option.disabled; }) || {}).value || "";
    }
  }

  function follow(row) {
    var fact = row.querySelector("[name^=fact_]"), of = guide[fact.value] || { signs: null, picks: false };
    var value = row.querySelector("[name^=value_]"), pick = row.querySelector("[name^=pick_]");
    var sign = row.querySelector("[name^=sign_]");
    keep(sign, function (code) { return !of.signs || code in of.signs; });
    Array.prototype.forEach.call(sign.options, function (option) {
      option.textContent = of.signs && of.signs[option.value] || option.textContent;
    });
    keep(pick, function (code) { return code.indexOf(fact.value + "=") === 0; });
    value.closest(".field").hidden = of.picks;
    pick.closest(".field").hidden = !of.picks;
  }

  document.querySelectorAll(".condition-row").forEach(function (row) {
    row.querySelector("[name^=fact_]").addEventListener("change", function () { follow(row); });
    follow(row);
  });
})();
