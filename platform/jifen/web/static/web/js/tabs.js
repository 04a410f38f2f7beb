/* Tabs that do not fit: the active one is brought into view, and an edge fades where more follow. */
(function () {
  "use strict";
  function shade(tabs) {
    var rest = tabs.scrollWidth - tabs.clientWidth - tabs.scrollLeft;
    tabs.classList.toggle("tabs-before", tabs.scrollLeft > 4);
    tabs.classList.toggle("tabs-after", rest > 4);
  }
  function all(act) { document.querySelectorAll(".tabs").forEach(act); }
  document.addEventListener("DOMContentLoaded", function () {
    all(function (tabs) {
      var active = tabs.querySelector(".active");
      if (active) { tabs.scrollLeft += active.getBoundingClientRect().left - tabs.getBoundingClientRect().left - (tabs.clientWidth - active.offsetWidth) / 2; }
      tabs.addEventListener("scroll", function () { shade(tabs); }, { passive: true });
      shade(tabs);
    });
  });
  window.addEventListener("resize", function () { all(shade); });
})();
