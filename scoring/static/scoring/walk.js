/* An inspection's marks live on the phone until the platform has them: a lost connection loses none, nor does a reload
   without one, for which the page itself is kept (walk_worker.js). */
(function () {
  "use strict";
  var walk = document.querySelector("[data-walk]");
  if (!walk) { return; }
  var STORE = "jifen-walk-" + walk.dataset.walk;
  var SIGNED_OUT = "您已经退出登录，请刷新本页重新登录，登录后自动上传。";
  var ARRIVED = STORE + "-arrived";
  var net = walk.querySelector("[data-walk-net]");
  var count = walk.querySelector("[data-walk-count]");
  var homes = Array.prototype.slice.call(walk.querySelectorAll("[data-home]"));
  var waiting = read(STORE);
  var here = since(read(ARRIVED), Number(walk.dataset.made));
  var sending = false;
  var asked = false;
  var form = document.querySelector("[data-walk-submit]");

  homes.forEach(function (home) {
    if (home.dataset.done) { show(home, home.dataset.mark); }
    if (here[home.dataset.home]) { show(home, here[home.dataset.home].key); }
    var kept = waiting[home.dataset.home];
    if (kept) { show(home, kept.key); }
  });
  tell();
  send();
  if ("serviceWorker" in navigator) {
    var isFirst = !navigator.serviceWorker.controller;
    navigator.serviceWorker.register(walk.dataset.worker).then(function () { if (isFirst) { keepPage(); } }, function () {});
  }

  walk.addEventListener("click", function (event) {
    var button = event.target.closest("[data-outcome], [data-keep]");
    if (!button) { return; }
    var home = button.closest("[data-home]");
    if (button.hasAttribute("data-keep")) { return keep(home, home.dataset.chosen, scores(button.closest(".walk-scores"))); }
    var asked = card(home, button.dataset.scored ? button.dataset.outcome : "");
    if (asked) {
      home.dataset.chosen = button.dataset.outcome;
      fill(asked, given(home, button.dataset.outcome));
      asked.querySelector("input").focus();
      return undefined;
    }
    return keep(home, button.dataset.outcome, {});
  });

  window.addEventListener("online", send);
  window.setInterval(send, 8000);

  form.addEventListener("submit", function (event) {
    if (!Object.keys(waiting).length) { return; }
    event.preventDefault();
    event.stopImmediatePropagation();
    asked = true;
    tell();
    net.scrollIntoView({ block: "center" });
    send();
  }, true);

  function keep(home, key, given) {
    var parts = key.split(":");
    waiting[home.dataset.home] = {
      household: Number(home.dataset.home), key: key, rule: parts[0], tier: parts[1] || "", scores: given, made_at: Date.now()
    };
    write();
    show(home, key);
    tell();
    send();
  }

  function card(home, key) {
    var asked = null;
    home.querySelectorAll(".walk-scores").forEach(function (one) {
      one.hidden = one.dataset.scores !== key;
      if (!one.hidden) { asked = one; }
    });
    return asked;
  }

  /* What was given before, here or elsewhere: who looks again changes one item and keeps the others. */
  function given(home, key) {
    var number = home.dataset.home;
    var last = waiting[number] || here[number];
    if (last) { return last.key === key ? last.scores || {} : {}; }
    return home.dataset.mark === key ? JSON.parse(home.dataset.given || "{}") : {};
  }

  function fill(part, known) {
    part.querySelectorAll("[data-item]").forEach(function (input) {
      input.value = known[input.dataset.item] === undefined ? "" : known[input.dataset.item];
    });
  }

  function scores(part) {
    var given = {};
    part.querySelectorAll("[data-item]").forEach(function (input) { given[input.dataset.item] = input.value; });
    return given;
  }

  function show(home, key) {
    home.classList.add("done");
    problem(home, "");
    home.querySelectorAll("[data-outcome]").forEach(function (button) {
      button.setAttribute("aria-pressed", String(button.dataset.outcome === key));
    });
  }

  function problem(home, text) {
    var place = home.querySelector(".walk-problem");
    place.textContent = text;
    place.hidden = !text;
  }

  function send() {
    var marks = Object.keys(waiting).map(function (home) { return waiting[home]; });
    if (sending || !marks.length) { return; }
    sending = true;
    fetch(walk.dataset.url, {
      method: "POST",
      credentials: "same-origin",
      headers: { "Content-Type": "application/json", "X-CSRFToken": token() },
      body: JSON.stringify({ marks: marks })
    }).then(function (answer) {
      if (!/json/.test(answer.headers.get("Content-Type"))) { throw new Error(SIGNED_OUT); }
      return answer.json().then(function (body) {
        if (!answer.ok) { throw new Error(body.detail || ""); }
        return body;
      });
    }).then(function (body) {
      arrived(marks, body.wrong, body.at);
    }).catch(function (error) {
      tell(error.message);
    }).then(function () {
      sending = false;
      if (Object.keys(waiting).length && navigator.onLine) { window.setTimeout(send, 4000); }
    });
  }

  function arrived(marks, wrong, at) {
    marks.forEach(function (mark) {
      var now = waiting[mark.household];
      if (now && now.made_at === mark.made_at) { delete waiting[mark.household]; }
      delete here[mark.household];
      if (!wrong[mark.household]) {
        here[mark.household] = { key: mark.key, scores: mark.scores, at: at };
        return;
      }
      var home = walk.querySelector('[data-home="' + mark.household + '"]');
      home.classList.remove("done");
      problem(home, wrong[mark.household]);
    });
    write();
    tell();
  }

  /* What arrived after the page was made: a kept page does not show it. */
  function since(known, made) {
    Object.keys(known).forEach(function (home) { if (known[home].at < made) { delete known[home]; } });
    return known;
  }

  /* The first visit came before the worker did. */
  function keepPage() {
    if (!window.caches) { return; }
    var parts = performance.getEntriesByType("resource").map(function (one) { return new URL(one.name).pathname; });
    var paths = parts.filter(function (path) { return path.indexOf("/static/") === 0; }).concat(location.pathname);
    caches.open("jifen-walk").then(function (kept) {
      paths.forEach(function (path) {
        fetch(path, { credentials: "same-origin" }).then(function (answer) {
          if (answer.ok && !answer.redirected) { kept.put(path, answer); }
        }, function () {});
      });
    });
  }

  function tell(problem) {
    var left = Object.keys(waiting).length;
    var done = walk.querySelectorAll("[data-home].done").length;
    count.textContent = "已查 " + done + "/" + homes.length + " 户";
    question(homes.length - done, left);
    asked = asked && left > 0;
    net.textContent = left ? "还有 " + left + " 户存在手机里，有网络时自动上传" : navigator.onLine ? "已全部保存" : "现在没有网络，可以接着打分";
    if (asked) { net.textContent = "还有 " + left + " 户的打分没有上传，请等有网络、全部保存后再提交。"; }
    net.classList.toggle("waits", left > 0);
    if (problem && left && navigator.onLine && problem.indexOf("fetch") < 0) { net.textContent = "还有 " + left + " 户存在手机里。" + problem; }
  }

  /* Asked before handing in, since nothing can be changed afterwards; not while marks wait, which are never handed in. */
  function question(missing, left) {
    if (left) { delete form.dataset.confirm; return; }
    form.dataset.confirm = missing ? "还有 " + missing + " 户没有查，提交后不能再改，确定提交吗？" : "都查过了。提交后不能再改，确定提交吗？";
    form.elements.sure.value = "1";
  }

  function token() { return JSON.parse(document.body.getAttribute("hx-headers") || "{}")["X-CSRFToken"] || ""; }
  function read(place) { try { return JSON.parse(localStorage.getItem(place)) || {}; } catch (error) { return {}; } }
  function write() { try { localStorage.setItem(STORE, JSON.stringify(waiting)); localStorage.setItem(ARRIVED, JSON.stringify(here)); } catch (error) { net.textContent = "手机存储已满，请保持网络畅通。"; } }
})();
