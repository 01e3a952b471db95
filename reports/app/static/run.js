"use strict";
// Pace, heart rate and altitude over time: one plot below the other, with one cursor and one zoom.
const place = document.getElementById("charts");

function clock(seconds) {
  const whole = Math.round(seconds), h = Math.floor(whole / 3600), m = Math.floor(whole / 60) % 60;
  const two = (n) => String(n).padStart(2, "0");
  return h ? `${h}:${two(m)}:${two(whole % 60)}` : `${m}:${two(whole % 60)}`;
}

function draw(data) {
  const style = getComputedStyle(document.documentElement);
  const colour = (name) => style.getPropertyValue(name).trim();
  const soft = colour("--soft"), rule = colour("--rule");
  const shade = { run: colour("--run"), walk: colour("--walk") };
  const bands = (plot) => {
    plot.ctx.save();
    plot.ctx.globalAlpha = 0.12;
    for (const [from, to, kind] of data.bands) {
      const left = Math.max(plot.valToPos(from, "x", true), plot.bbox.left);
      const right = Math.min(plot.valToPos(to, "x", true), plot.bbox.left + plot.bbox.width);
      plot.ctx.fillStyle = shade[kind];
      if (right > left) plot.ctx.fillRect(left, plot.bbox.top, right - left, plot.bbox.height);
    }
    plot.ctx.restore();
  };
  const shown = [
    { name: "pace", title: `Pace, min ${data.pace_unit}`, stroke: colour("--run"), say: clock, dir: -1, incrs: [5, 10, 15, 30, 60, 120, 300, 600, 1200] },
    { name: "heart", title: "Heart rate, bpm", stroke: colour("--stop"), say: String, dir: 1, incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000] },
    { name: "altitude", title: `Altitude, ${data.altitude_unit}`, stroke: colour("--fitness"), say: String, dir: 1, incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000] },
  ].filter((one) => data[one.name].length);
  if (!shown.length) {
    document.getElementById("charts-note").textContent = "There are no samples to draw.";
    return;
  }
  // A moment of standing still must not press the whole run into the top of the picture.
  const paceRange = (_, low, high) => (low == null ? [null, null] : [low * 0.95, Math.max(Math.min(high * 1.02, data.pace_slowest), low * 1.1)]);
  const sync = uPlot.sync("run");
  const width = () => Math.max(260, place.clientWidth - 34);
  const grid = { stroke: rule, width: 1 };
  const plots = shown.map((one) => {
    const box = place.appendChild(document.createElement("div"));
    box.className = "plot";
    return new uPlot({
      title: one.title,
      width: width(),
      height: 190,
      scales: { x: { time: false }, y: { dir: one.dir, ...(one.name === "pace" && { range: paceRange }) } },
      cursor: { sync: { key: sync.key, scales: ["x", null] }, drag: { x: true, y: false } },
      hooks: { drawClear: [bands] },
      axes: [
        { stroke: soft, grid, space: 70, incrs: [1, 5, 10, 30, 60, 120, 300, 600, 1200, 1800, 3600, 7200, 14400], values: (_, ticks) => ticks.map(clock) },
        { stroke: soft, grid, size: 54, incrs: one.incrs, values: (_, ticks) => ticks.map(one.say) },
      ],
      series: [
        { label: "Time", value: (_, v) => (v == null ? "–" : clock(v)) },
        { label: one.title, stroke: one.stroke, width: 1.5, points: { show: false }, value: (_, v) => (v == null ? "–" : one.say(v)) },
      ],
    }, [data.t, data[one.name]], box);
  });
  plots.forEach((plot) => sync.sub(plot));
  // A finger and the keyboard cannot drag: the same by buttons, never nearer than half a minute.
  const first = data.t[0], last = data.t[data.t.length - 1];
  const buttons = document.getElementById("zoom");
  buttons.hidden = last <= first;
  buttons.addEventListener("click", (event) => {
    const { span, move } = event.target.dataset;
    if (!span && !move) return;
    const { min, max } = plots[0].scales.x;
    const wide = Math.min(Math.max((max - min) * Number(span || 1), 30), last - first);
    const middle = (min + max) / 2 + Number(move || 0) * wide;
    const from = Math.min(Math.max(middle - wide / 2, first), last - wide);
    plots.forEach((plot) => plot.setScale("x", { min: from, max: from + wide }));
  });
  addEventListener("resize", () => plots.forEach((plot) => plot.setSize({ width: width(), height: 190 })));
}

fetch(place.dataset.samples)
  .then((answer) => (answer.ok ? answer.json() : Promise.reject(answer.status)))
  .then(draw)
  .catch(() => { document.getElementById("charts-note").textContent = "The samples could not be loaded. Load the page again."; });
