/* Scanning a household's code with the phone's camera; the typed number works without it. */
(function () {
  "use strict";
  var form = document.querySelector("form[data-scan]");
  if (!form) { return; }
  var start = form.querySelector("[data-scan-start]");
  var box = form.querySelector("[data-scan-box]");
  var note = form.querySelector("[data-scan-note]");
  var label = form.querySelector("[data-scan-label]");
  var target = form.querySelector("[data-scan-target]");
  var controls = null;

  if (!window.ZXingBrowser || !navigator.mediaDevices || !navigator.mediaDevices.getUserMedia) {
    start.hidden = true;
    return;
  }

  function stop() {
    if (controls) { controls.stop(); controls = null; }
    box.hidden = true;
    label.textContent = "扫积分码";
  }

  function found(text) {
    stop();
    target.value = text;
    if (navigator.vibrate) { navigator.vibrate(80); }
    form.requestSubmit();
  }

  start.addEventListener("click", function () {
    if (controls) { stop(); return; }
    box.hidden = false;
    note.hidden = true;
    label.textContent = "停止扫码";
    var reader = new window.ZXingBrowser.BrowserQRCodeReader();
    var wish = { video: { facingMode: "environment" } };
    reader.decodeFromConstraints(wish, box.querySelector("video"), function (result, error, live) {
      controls = live;
      if (result) { found(result.getText()); }
    }).then(function (live) { controls = live; }).catch(function () { stop(); note.hidden = false; });
  });

  window.addEventListener("pagehide", stop);
})();
