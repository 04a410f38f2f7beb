/* Every page: closing alerts, asking before a deed, sending a form once, saying so when the network fails. */
(function () {
  "use strict";

  function ask(question, yes, tone, go) {
    var box = document.getElementById("ask");
    if (!box || !box.showModal) { if (window.confirm(question)) { go(); } return; }
    var agree = box.querySelector('[data-ask="yes"]');
    document.getElementById("ask-question").textContent = question;
    agree.textContent = yes || "确定";
    agree.className = "btn btn-" + (tone || "primary");
    agree.onclick = function () { box.close(); go(); };
    box.querySelector('[data-ask="no"]').onclick = function () { box.close(); };
    box.showModal();
  }

  function busy(form, on) {
    form.querySelectorAll('button[type="submit"], button:not([type])').forEach(function (button) {
      if (on) {
        button.dataset.label = button.textContent;
        button.setAttribute("aria-disabled", "true");
        button.textContent = button.dataset.busy || "正在提交…";
      } else if (button.dataset.label) {
        button.removeAttribute("aria-disabled");
        button.textContent = button.dataset.label;
        delete button.dataset.label;
      }
    });
  }

  function tell(text) {
    var place = document.getElementById("messages");
    if (!place) { return; }
    var alert = document.createElement("div");
    alert.className = "alert alert-bad";
    alert.setAttribute("role", "alert");
    var words = document.createElement("div");
    words.className = "alert-text";
    words.textContent = text;
    alert.appendChild(words);
    place.replaceChildren(alert);
    place.scrollIntoView({ block: "start" });
  }

  document.addEventListener("submit", function (event) {
    var form = event.target;
    if (form.dataset.confirm && !form.dataset.agreed) {
      event.preventDefault();
      event.stopPropagation();
      var button = event.submitter;
      ask(form.dataset.confirm, form.dataset.confirmYes, form.dataset.confirmTone, function () {
        form.dataset.agreed = "1";
        if (form.requestSubmit) { form.requestSubmit(button || undefined); } else { form.submit(); }
      });
      return;
    }
    delete form.dataset.agreed;
    if (form.method !== "post" || form.hasAttribute("hx-post")) { return; }
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "1";
    // Another script may still stop it, and say why: then it can be sent again.
    setTimeout(function () {
      if (event.defaultPrevented) { delete form.dataset.sent; } else { busy(form, true); }
    }, 0);
  }, true);

  window.addEventListener("pageshow", function () {
    document.querySelectorAll("form[data-sent]").forEach(function (form) { delete form.dataset.sent; busy(form, false); });
  });

  document.addEventListener("click", function (event) {
    var at = event.target.closest("[data-close], [data-toggle], [data-print], [data-back]");
    if (!at) { return; }
    if (at.hasAttribute("data-close")) { at.closest(".alert").remove(); }
    if (at.hasAttribute("data-print")) { window.print(); }
    if (at.hasAttribute("data-back")) { if (history.length > 1) { history.back(); } else { location.href = "/"; } }
    if (at.dataset.toggle) {
      var open = document.getElementById(at.dataset.toggle).classList.toggle("open");
      at.setAttribute("aria-expanded", String(open));
    }
  });

  document.addEventListener("change", function (event) {
    if (event.target.closest("form[data-autosubmit]")) { event.target.form.requestSubmit(); }
    var picked = event.target.closest("[data-file]");
    if (picked) { preview(picked, event.target.files); }
  });

  function preview(box, files) {
    var place = box.querySelector("[data-file-preview]");
    var names = Array.prototype.map.call(files, function (file) { return file.name; });
    box.querySelector("[data-file-names]").textContent = names.length > 1 ? "已选 " + names.length + " 个文件" : names[0] || "还没有选";
    place.replaceChildren();
    Array.prototype.forEach.call(files, function (file) {
      if (file.type.indexOf("image/") !== 0) { return; }
      var picture = document.createElement("img");
      picture.alt = file.name;
      picture.onload = function () { URL.revokeObjectURL(picture.src); };
      picture.src = URL.createObjectURL(file);
      place.appendChild(picture);
    });
  }

  var waiting = 0;
  function wait(change) {
    waiting = Math.max(0, waiting + change);
    var sign = document.getElementById("busy");
    if (!sign) { return; }
    if (!waiting) { sign.hidden = true; return; }
    setTimeout(function () { sign.hidden = !waiting; }, 600);
  }
  document.addEventListener("htmx:beforeRequest", function () { wait(1); });
  document.addEventListener("htmx:afterRequest", function () { wait(-1); });
  document.addEventListener("htmx:confirm", function (event) {
    if (!event.detail.question) { return; }
    event.preventDefault();
    var tone = event.target.dataset.confirmTone;
    ask(event.detail.question, event.target.dataset.confirmYes, tone, function () { event.detail.issueRequest(true); });
  });
  document.addEventListener("htmx:beforeSwap", function (event) {
    var answer = event.detail.xhr;
    if (answer.status < 400 || answer.status === 422 || answer.getResponseHeader("HX-Retarget")) { return; }
    event.detail.shouldSwap = false;
    tell(answer.status >= 500 ? "系统出错了，没有办成。请过几分钟再试。" : "没有办成，请刷新页面后再试。");
  });
  document.addEventListener("htmx:sendError", function () { tell("网络不通，没有办成。请检查网络后再试。"); });
  document.addEventListener("htmx:timeout", function () { tell("网络太慢，还没有收到答复。请刷新页面看看是否已经办成。"); });

  var summary = document.querySelector("[data-focus]");
  if (summary) { summary.focus({ preventScroll: false }); }

  /* Nobody is signed in here: what was kept for a reload without a net goes; marks that wait stay. */
  if (window.caches && document.body.classList.contains("login")) { window.caches.delete("jifen-walk"); }
})();
