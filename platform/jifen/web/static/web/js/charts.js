/* Draws [data-chart] figures with ECharts from the JSON beside them; colours differ in lightness too, for black and white. */
(function () {
  "use strict";
  var LIGHT = { colours: ["#1c5c49", "#c48a1c", "#b8362b", "#29557f", "#8fb8a5"], ink: "#46534d", line: "#dde3de", mark: "#b8362b", minus: "#b8362b", back: "rgba(255, 255, 255, .85)" };
  var DARK = { colours: ["#5fc49b", "#e0b04c", "#ee7d6d", "#7fb2df", "#b9d9ca"], ink: "#b9cec4", line: "#24493e", mark: "#ffffff", minus: "#ee7d6d", back: "rgba(16, 48, 42, .85)" };
  var FONT = '"PingFang SC","Microsoft YaHei","Noto Sans SC","Noto Sans CJK SC",sans-serif';

  function axis(theme, extra) {
    return Object.assign({
      axisLine: { lineStyle: { color: theme.line } }, axisTick: { show: false },
      axisLabel: { color: theme.ink, fontSize: theme.size }, splitLine: { lineStyle: { color: theme.line } }
    }, extra);
  }

  function series(data, item, theme) {
    var line = data.kind === "line";
    var size = theme.size;
    var drawn = { name: item.name, data: item.data, type: line ? "line" : "bar", barMaxWidth: 26 };
    if (line) { drawn.smooth = false; drawn.symbolSize = 7; drawn.lineStyle = { width: 3 }; }
    if (item.tone === "minus") { drawn.itemStyle = { color: theme.minus }; }
    if (data.kind === "hbar" && data.series.length === 1) { drawn.label = { show: true, position: "right", color: theme.ink, fontSize: size }; }
    if (data.kind === "stack") { drawn.stack = "all"; }
    if (data.target !== undefined && item === data.series[0]) {
      var spot = data.kind === "hbar" ? { xAxis: data.target } : { yAxis: data.target };
      drawn.markLine = { silent: true, symbol: "none", data: [spot], lineStyle: { color: theme.mark, type: "dashed", width: 2 },
        label: { formatter: "目标 " + data.target + (data.unit || ""), color: theme.ink, fontSize: size, backgroundColor: theme.back, padding: [3, 6], position: data.kind === "hbar" ? "end" : "insideStartTop" } };
    }
    return drawn;
  }

  function key(data, theme) {
    return { orient: "vertical", right: 0, top: "middle", textStyle: { color: theme.ink, fontSize: theme.size }, itemWidth: 16, itemHeight: 10,
      formatter: function (name) { return name + " " + data.series[0].data[data.categories.indexOf(name)]; } };
  }

  function ring(data, theme, edge, canvas) {
    var narrow = canvas.clientWidth < 420;
    var centre = narrow ? ["27%", "50%"] : ["50%", "50%"];
    var parts = data.categories.map(function (name, index) { return { name: name, value: data.series[0].data[index] }; });
    return {
      legend: narrow ? key(data, theme) : { show: false },
      series: [{ type: "pie", radius: narrow ? ["34%", "60%"] : ["40%", "68%"], center: centre, data: parts, itemStyle: { borderColor: edge, borderWidth: 2 },
        label: { show: !narrow, color: theme.ink, fontSize: theme.size, formatter: "{b}\n{c}" + (data.unit || "") } }] };
  }

  function bars(data, theme) {
    var names = axis(theme, { type: "category", data: data.categories, splitLine: { show: false } });
    var values = axis(theme, { type: "value", name: data.unit || "", nameTextStyle: { color: theme.ink }, axisLine: { show: false } });
    var flat = data.kind === "hbar";
    if (flat) { names.inverse = true; values.name = ""; values.show = false; }
    return { grid: { left: 8, right: flat ? 48 : 12, top: data.series.length > 1 ? 40 : 34, bottom: 4, containLabel: true },
      legend: { show: data.series.length > 1, top: 0, right: 0, textStyle: { color: theme.ink, fontSize: theme.size } },
      tooltip: { trigger: "axis", axisPointer: { type: "shadow" } },
      xAxis: flat ? values : names, yAxis: flat ? names : values,
      series: data.series.map(function (item) { return series(data, item, theme); }) };
  }

  function draw(figure) {
    var source = document.getElementById(figure.dataset.chart);
    if (!source || !window.echarts) { return; }
    var data = JSON.parse(source.textContent);
    var dark = !!figure.closest(".wall");
    var size = dark ? Math.round(parseFloat(getComputedStyle(document.documentElement).fontSize) * .88) : 13;
    var theme = Object.assign({ size: size }, dark ? DARK : LIGHT);
    var canvas = figure.querySelector(".chart-canvas");
    var chart = window.echarts.getInstanceByDom(canvas) || window.echarts.init(canvas, null, { renderer: "svg" });
    var option = data.kind === "ring" ? ring(data, theme, dark ? "#10302a" : "#ffffff", canvas) : bars(data, theme);
    chart.setOption(Object.assign({ color: theme.colours, textStyle: { fontFamily: FONT, fontSize: size }, animationDuration: 300,
      aria: { enabled: true }, tooltip: { trigger: "item" } }, option), true);
    if (window.ResizeObserver && !figure.dataset.watched) {
      figure.dataset.watched = "1";
      new ResizeObserver(function () { chart.resize(); }).observe(canvas);
    }
  }

  function all(root) { root.querySelectorAll("[data-chart]").forEach(draw); }
  document.addEventListener("DOMContentLoaded", function () { all(document); });
  document.addEventListener("htmx:afterSettle", function () { all(document); });
})();
