/* The fields about a proxy show only when somebody else collects. */
(function () {
  "use strict";
  var group = document.querySelector("[data-proxy]");
  var box = group && group.querySelector('input[name="is_proxy"]');
  if (!box) { return; }
  function show() {
    group.querySelectorAll(".field").forEach(function (field) {
      if (!field.contains(box)) { field.hidden = !box.checked; }
    });
  }
  box.addEventListener("change", show);
  show();
})();
