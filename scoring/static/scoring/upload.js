/* Photos go straight to the object store: made smaller, hashed, announced, put, reported. The form then names their ids. */
(function () {
  "use strict";
  var LONGEST = 1600;
  var QUALITY = 0.82;

  document.querySelectorAll("[data-upload]").forEach(function (box) {
    var input = box.querySelector(".upload-input");
    var status = box.querySelector("[data-upload-status]");
    var preview = box.querySelector("[data-upload-preview]");
    var form = box.closest("form");
    var running = 0;

    input.addEventListener("change", function () {
      var files = Array.prototype.slice.call(input.files);
      input.value = "";
      files.forEach(add);
    });

    preview.addEventListener("click", function (event) {
      var away = event.target.closest("[data-upload-away]");
      if (away) { away.closest(".upload-one").remove(); tell(); }
    });

    form.addEventListener("submit", function (event) {
      var wanted = amiss();
      if (!wanted) { return; }
      event.preventDefault();
      event.stopImmediatePropagation();
      status.textContent = wanted;
      box.scrollIntoView({ block: "center" });
    }, true);

    /* What was chosen and did not arrive is not left out in silence: it is put right or taken away first. */
    function amiss() {
      var wrong = preview.querySelectorAll(".upload-one.wrong");
      if (running) { return "照片还在上传，请稍等再提交。"; }
      if (wrong.length) {
        return "有 " + wrong.length + " 份没有上传成功：" + wrong[0].dataset.problem + "请点 × 去掉再提交。";
      }
      return box.dataset.required && !done() ? "这一条须提供证明，请先拍照或上传材料。" : "";
    }

    function done() { return preview.querySelectorAll('input[name="evidence"]').length; }

    function add(file) {
      var tile = shown(file);
      running += 1;
      tell();
      smaller(file).then(function (blob) { return send(blob, file.name, tile); }).then(function (id) {
        var hidden = document.createElement("input");
        hidden.type = "hidden";
        hidden.name = "evidence";
        hidden.value = id;
        tile.appendChild(hidden);
        tile.querySelector("span").textContent = "已上传";
      }).catch(function (error) {
        tile.classList.add("wrong");
        tile.querySelector("span").textContent = "没有成功";
        tile.dataset.problem = status.dataset.problem = error.message || "网络不通，请重试。";
      }).then(function () { running -= 1; tell(); });
    }

    function tell() {
      var problem = status.dataset.problem;
      status.textContent = running ? "正在上传…" : problem ? problem : done() ? "已上传 " + done() + " 份" : "还没有选";
      delete status.dataset.problem;
    }

    function shown(file) {
      var tile = document.createElement("div");
      tile.className = "upload-one";
      if (file.type.indexOf("image/") === 0) {
        var picture = document.createElement("img");
        picture.alt = "";
        picture.src = URL.createObjectURL(file);
        tile.appendChild(picture);
      }
      var words = document.createElement("span");
      words.textContent = "上传中…";
      var away = document.createElement("button");
      away.type = "button";
      away.textContent = "×";
      away.setAttribute("aria-label", "去掉这一份");
      away.setAttribute("data-upload-away", "");
      tile.appendChild(words);
      tile.appendChild(away);
      preview.appendChild(tile);
      return tile;
    }
  });

  function smaller(file) {
    if (file.type.indexOf("image/") !== 0 || !window.createImageBitmap) { return Promise.resolve(file); }
    return createImageBitmap(file).then(function (picture) {
      var scale = Math.min(1, LONGEST / Math.max(picture.width, picture.height));
      if (scale === 1 && file.size < 600000) { return file; }
      var canvas = document.createElement("canvas");
      canvas.width = Math.round(picture.width * scale);
      canvas.height = Math.round(picture.height * scale);
      canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
      return new Promise(function (done) {
        canvas.toBlob(function (blob) { done(blob || file); }, "image/jpeg", QUALITY);
      });
    }).catch(function () { return file; });
  }

  function send(blob, name, tile) {
    return blob.arrayBuffer().then(digest).then(function (hash) {
      return post("/api/v1/uploads/", {
        kind: "evidence", name: name.slice(-200), content_type: blob.type || "application/octet-stream", size: blob.size, sha256: hash
      });
    }).then(function (upload) {
      return fetch(upload.url, { method: "PUT", headers: upload.headers, body: blob }).then(function (answer) {
        if (!answer.ok) { throw new Error("照片没有传上去，请重试。"); }
        tile.querySelector("span").textContent = "核对中…";
        return post("/api/v1/uploads/" + upload.file.id + "/arrived/", null);
      });
    }).then(function (file) { return file.id; });
  }

  function post(url, body) {
    return fetch(url, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-CSRFToken": token(), "Idempotency-Key": key() },
      body: body === null ? null : JSON.stringify(body)
    }).then(function (answer) {
      return answer.json().then(function (found) {
        if (!answer.ok) { throw new Error(found.detail || "上传没有成功，请重试。"); }
        return found;
      });
    });
  }

  function token() {
    var found = document.querySelector('input[name="csrfmiddlewaretoken"]');
    return found ? found.value : "";
  }

  function key() {
    var bytes = crypto.getRandomValues(new Uint8Array(16));
    return hex(bytes);
  }

  function hex(bytes) {
    return Array.prototype.map.call(bytes, function (byte) { return ("0" + byte.toString(16)).slice(-2); }).join("");
  }

  /* Browsers offer crypto.subtle on secure origins alone; a village's own network may not be one. */
  function digest(buffer) {
    if (crypto.subtle) { return crypto.subtle.digest("SHA-256", buffer).then(function (sum) { return hex(new Uint8Array(sum)); }); }
    return Promise.resolve(sha256(new Uint8Array(buffer)));
  }

  function sha256(bytes) {
    var constants = [], state = [], prime = 2, found = 0;
    function part(root) { return Math.floor((root - Math.floor(root)) * 4294967296) | 0; }
    for (; found < 64; prime += 1) {
      var whole = true;
      for (var factor = 2; factor * factor <= prime; factor += 1) { if (prime % factor === 0) { whole = false; break; } }
      if (whole) {
        if (found < 8) { state[found] = part(Math.sqrt(prime)); }
        constants[found] = part(Math.cbrt(prime));
        found += 1;
      }
    }
    var length = bytes.length, padded = new Uint8Array(((length + 8 >> 6) + 1) << 6), view = new DataView(padded.buffer);
    padded.set(bytes);
    padded[length] = 128;
    view.setUint32(padded.length - 8, Math.floor(length / 536870912));
    view.setUint32(padded.length - 4, length << 3);
    var words = new Int32Array(64);
    for (var at = 0; at < padded.length; at += 64) { block(view, at, words, constants, state); }
    return state.map(function (word) { return ("0000000" + (word >>> 0).toString(16)).slice(-8); }).join("");
  }

  function block(view, at, words, constants, state) {
    var s = state.slice(), i;
    function turn(word, by) { return word >>> by | word << 32 - by; }
    for (i = 0; i < 16; i += 1) { words[i] = view.getInt32(at + i * 4); }
    for (; i < 64; i += 1) {
      var a = words[i - 15], b = words[i - 2];
      words[i] = words[i - 16] + (turn(a, 7) ^ turn(a, 18) ^ a >>> 3) + words[i - 7] + (turn(b, 17) ^ turn(b, 19) ^ b >>> 10) | 0;
    }
    for (i = 0; i < 64; i += 1) {
      var one = s[7] + (turn(s[4], 6) ^ turn(s[4], 11) ^ turn(s[4], 25)) + (s[4] & s[5] ^ ~s[4] & s[6]) + constants[i] + words[i] | 0;
      var two = (turn(s[0], 2) ^ turn(s[0], 13) ^ turn(s[0], 22)) + (s[0] & s[1] ^ s[0] & s[2] ^ s[1] & s[2]) | 0;
      s = [one + two | 0, s[0], s[1], s[2], s[3] + one | 0, s[4], s[5], s[6]];
    }
    for (i = 0; i < 8; i += 1) { state[i] = state[i] + s[i] | 0; }
  }
})();
