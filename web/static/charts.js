// Draws [data-chart]; the numbers stand in a table beside it, so nothing is lost without it.
(() => {
  "use strict";
  if (!window.echarts) return;
  const colours = { 已回答: "#2d7a4b", 给出选项: "#7d9cc0", 未能回答: "#c5891b" };
  for (const place of document.querySelectorAll("[data-chart]")) {
    const data = JSON.parse(place.dataset.chart);
    const names = Object.keys(data).filter((name) => name !== "days");
    const chart = window.echarts.init(place, null, { renderer: "canvas" });
    chart.setOption({
      animation: false,
      textStyle: { fontFamily: getComputedStyle(document.body).fontFamily, color: "#51606f" },
      grid: { left: 4, right: 4, top: 34, bottom: 0, containLabel: true },
      legend: { top: 0, left: 0, itemWidth: 12, itemHeight: 8, data: names },
      tooltip: { trigger: "axis", renderMode: "richText" },
      xAxis: { type: "category", data: data.days, axisTick: { show: false }, axisLine: { lineStyle: { color: "#cfcabd" } } },
      yAxis: { type: "value", minInterval: 1, splitLine: { lineStyle: { color: "#efede7" } } },
      series: names.map((name) => ({
        name, type: "bar", stack: "all", data: data[name], barMaxWidth: 18, itemStyle: { color: colours[name] },
      })),
    });
    window.addEventListener("resize", () => chart.resize());
  }
})();
