// The interactive charts of a report: one uPlot chart for each figure, all with
// one cursor. Data is what data.go writes.
(() => {
  "use strict";
  const root = document.documentElement;
  const charts = JSON.parse(document.getElementById("data").textContent);
  const darkScreen = matchMedia("(prefers-color-scheme: dark)");
  let printing = false;
  const dark = () => darkScreen.matches && !printing;
  const css = name => getComputedStyle(root).getPropertyValue(name).trim();
  const color = s => (dark() ? s.dark : s.light);
  const font = '12px system-ui, -apple-system, "Segoe UI", Roboto, "Liberation Sans", Arial, sans-serif';
  root.classList.add("scripted");

  // format writes a value in few characters: 0.0123, 4.56e-7.
  const format = v => {
    if (v == null || v !== v) return "–";
    const size = Math.abs(v);
    if (v === 0) return "0";
    if (size >= 1e5 || size < 1e-3) return v.toExponential(2).replace("e+", "e");
    return String(+v.toPrecision(4));
  };
  const tick = v => {
    const size = Math.abs(v);
    if (v === 0) return "0";
    if (Number.isInteger(v) && size < 1e7) return String(v);
    if (size >= 1e5 || size < 1e-3) return v.toExponential(6).replace(/\.?0+e/, "e").replace("e+", "e");
    return String(+v.toPrecision(6));
  };

  // columns spreads thinned series over the common steps. undefined is "no point
  // here", null a gap, as uPlot wants it.
  const columns = (c, log) => {
    const wide = c.series.map(s => {
      if (!s.at) return s.y.slice();
      const y = new Array(c.x.length).fill(undefined);
      s.at.forEach((i, k) => { y[i] = s.y[k]; });
      return y;
    });
    if (log) wide.forEach(y => y.forEach((v, i) => { if (v != null && v <= 0) y[i] = null; }));
    return wide;
  };
  const stackUp = (wide, shown) => {
    const sum = wide[0].map(() => 0);
    return wide.map((y, k) => {
      y.forEach((v, i) => { sum[i] = v === null || sum[i] === null ? null : sum[i] + (shown[k] ? v : 0); });
      return sum.slice();
    });
  };

  const range = (c, log) => (u, low, high) => {
    if (c.range) return c.range;
    for (const g of c.guides) {
      if (log && g.y <= 0) continue;
      low = low == null ? g.y : Math.min(low, g.y);
      high = high == null ? g.y : Math.max(high, g.y);
    }
    if (low == null) return log ? [0.1, 1] : [0, 1];
    if (log) {
      const l = Math.log10(low), h = Math.log10(high), pad = Math.max(0.05 * (h - l), 0.08);
      return [10 ** (l - pad), 10 ** (h + pad)];
    }
    if (low > 0 && low < 0.35 * high) low = 0;
    let pad = 0.05 * (high - low);
    if (!(pad > 0)) pad = Math.abs(high) * 0.05 || 1;
    return [low === 0 ? 0 : low - pad, high === 0 ? 0 : high + pad];
  };

  // splits puts the ticks of a logarithmic axis on powers of ten, on 1, 2, 5
  // times them where there are few, and evenly within less than a decade.
  const splits = (u, axis, low, high) => {
    const l = Math.log10(low), h = Math.log10(high), found = [];
    const stride = Math.max(1, Math.ceil((h - l) / (u.height / 45)));
    for (let k = Math.ceil(l / stride) * stride; k <= h; k += stride) found.push(10 ** k);
    if (found.length > 2) return found;
    const fine = [];
    for (let k = Math.floor(l); k <= h; k++) for (const m of [1, 2, 5]) if (m * 10 ** k >= low && m * 10 ** k <= high) fine.push(m * 10 ** k);
    if (fine.length > 2) return fine;
    const raw = (high - low) / 5, base = 10 ** Math.floor(Math.log10(raw)), step = base * [1, 2, 5, 10].find(m => m * base >= raw);
    const even = [];
    for (let n = Math.ceil(low / step); n * step <= high && even.length < 20; n++) even.push(n * step);
    return even;
  };

  // A swatch shows a line's colour and dash, or an area's colour.
  const swatch = (s, stacked) => {
    const dash = s.dash ? ` stroke-dasharray="${s.dash.join(" ")}"` : "";
    const span = document.createElement("span");
    span.innerHTML = stacked
      ? `<svg width="12" height="12" aria-hidden="true"><rect width="12" height="12" rx="2" fill="${color(s)}"/></svg>`
      : `<svg width="24" height="8" aria-hidden="true"><path d="M0 4H24" stroke="${color(s)}" stroke-width="${s.width}"${dash}/></svg>`;
    return span.firstChild;
  };

  class Chart {
    constructor(element, c) {
      this.element = element;
      this.c = c;
      this.log = c.log;
      this.shown = c.series.map(() => true);
      this.legend = document.createElement("div");
      this.legend.className = "legend";
      element.before(this.legend);
      this.build();
      new ResizeObserver(() => {
        if (this.plot && Math.abs(this.plot.width - element.clientWidth) > 1) this.plot.setSize(this.size());
      }).observe(element);
    }

    size() {
      const width = Math.max(this.element.clientWidth, 120);
      return { width, height: this.c.wide && width > 620 ? 380 : 270 };
    }

    build() {
      const { c, log } = this;
      if (this.plot) this.plot.destroy();
      this.values = columns(c, log && !c.stacked);
      const lines = c.stacked ? stackUp(this.values, this.shown) : this.values;
      // The highest boundary of a stack is painted first, the others over it.
      this.order = c.series.map((_, k) => (c.stacked ? c.series.length - 1 - k : k));
      const axis = { stroke: css("--c-muted"), font, labelFont: font, grid: { stroke: css("--c-grid"), width: 1 }, ticks: { stroke: css("--c-grid"), width: 1, size: 5 } };
      this.plot = new uPlot({
        ...this.size(),
        padding: [10, 22, 0, 4],
        legend: { show: false },
        cursor: { y: false, sync: { key: "step", setSeries: false }, points: { size: 6 }, drag: { x: true, y: false } },
        scales: { x: { time: false }, y: { distr: log && !c.stacked ? 3 : 1, range: range(c, log && !c.stacked) } },
        axes: [
          { ...axis, label: "step", labelSize: 20, size: 30, values: (u, splits) => splits.map(v => (v == null ? "" : tick(v))) },
          { ...axis, ...(log && !c.stacked ? { splits, filter: (u, found) => found } : {}), label: c.ylabel, labelSize: 22, size: (u, values) => 18 + 6.6 * Math.max(3, ...(values || []).map(v => (v || "").length)), values: (u, splits) => splits.map(v => (v == null ? "" : tick(v))) },
        ],
        series: [{}, ...this.order.map(k => {
          const s = c.series[k];
          return {
            label: s.name, stroke: color(s), width: c.stacked ? 0 : s.width * 1.2,
            dash: s.dash && s.dash.map(d => d * 1.3), fill: c.stacked ? color(s) : undefined,
            show: this.shown[k], points: { show: !c.stacked && c.x.length < 2 },
          };
        })],
        hooks: { draw: [u => this.marks(u)], setCursor: [u => this.read(u.cursor.idx)] },
      }, [c.x, ...this.order.map(k => lines[k])], this.element);
      this.entries();
    }

    // marks draws the guide lines and the crosses of processes that stopped.
    marks(u) {
      const { ctx, bbox } = u, px = devicePixelRatio || 1;
      ctx.save();
      ctx.beginPath();
      ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
      ctx.clip();
      ctx.font = font.replace("12px", 12 * px + "px");
      ctx.textAlign = "right";
      for (const g of this.c.guides) {
        if (this.log && g.y <= 0) continue;
        const y = Math.round(u.valToPos(g.y, "y", true));
        ctx.strokeStyle = ctx.fillStyle = css("--c-muted");
        ctx.lineWidth = px;
        ctx.setLineDash([3 * px, 3 * px]);
        ctx.beginPath();
        ctx.moveTo(bbox.left, y);
        ctx.lineTo(bbox.left + bbox.width, y);
        ctx.stroke();
        const below = g.below || y - bbox.top < 16 * px;
        ctx.textBaseline = below ? "top" : "bottom";
        ctx.fillText(g.label, bbox.left + bbox.width - 5 * px, y + (below ? 3 : -2) * px);
      }
      ctx.restore();
      ctx.save();
      ctx.setLineDash([]);
      this.c.series.forEach((s, k) => {
        if (!s.stopped || !this.shown[k]) return;
        const y = this.values[k];
        let i = y.length - 1;
        while (i >= 0 && y[i] == null) i--;
        if (i < 0 || this.c.x[i] < u.scales.x.min || this.c.x[i] > u.scales.x.max) return;
        const cx = u.valToPos(this.c.x[i], "x", true), cy = u.valToPos(y[i], "y", true), r = 5 * px;
        for (const [stroke, width] of [[css("--card"), 5], [color(s), 2.2]]) {
          ctx.strokeStyle = stroke;
          ctx.lineWidth = width * px;
          ctx.beginPath();
          ctx.moveTo(cx - r, cy - r); ctx.lineTo(cx + r, cy + r);
          ctx.moveTo(cx - r, cy + r); ctx.lineTo(cx + r, cy - r);
          ctx.stroke();
        }
      });
      ctx.restore();
    }

    // entries fills the legend: one switch for each line, with its value.
    entries() {
      this.legend.replaceChildren();
      this.outputs = this.c.series.map((s, k) => {
        const button = document.createElement("button");
        button.type = "button";
        button.setAttribute("aria-pressed", this.shown[k]);
        button.title = "Show or hide " + s.name;
        const name = document.createElement("span");
        name.textContent = s.name;
        button.append(swatch(s, this.c.stacked), name, " "); // the space is for screen readers
        if (s.note) {
          const note = document.createElement("span");
          note.className = "note";
          note.textContent = s.note;
          button.append(note, " ");
        }
        const output = document.createElement("output");
        button.append(output);
        button.addEventListener("click", () => {
          this.shown[k] = !this.shown[k];
          button.setAttribute("aria-pressed", this.shown[k]);
          if (this.c.stacked) this.build();
          else this.plot.setSeries(this.order.indexOf(k) + 1, { show: this.shown[k] });
        });
        this.legend.append(button);
        return output;
      });
      this.at = document.createElement("span");
      this.at.className = "at";
      this.legend.append(this.at);
      this.read(null);
    }

    // read writes the values at a step into the legend, or the last ones.
    read(idx) {
      if (!this.outputs) return;
      const none = idx == null;
      this.at.textContent = none ? "" : "step " + tick(this.c.x[idx]);
      this.values.forEach((y, k) => {
        let i = none ? y.length - 1 : idx;
        while (i > 0 && (y[i] === undefined || (none && y[i] == null))) i--;
        this.outputs[k].textContent = format(y[i]);
      });
    }
  }

  const all = {};
  for (const element of document.querySelectorAll("[data-chart]")) {
    all[element.dataset.chart] = new Chart(element, charts[element.dataset.chart]);
  }
  for (const button of document.querySelectorAll(".scale")) {
    button.addEventListener("click", () => {
      const chart = all[button.dataset.for];
      chart.log = !chart.log;
      button.setAttribute("aria-pressed", chart.log);
      chart.build();
    });
  }
  const rebuild = () => Object.values(all).forEach(chart => chart.build());
  darkScreen.addEventListener("change", rebuild);
  addEventListener("beforeprint", () => { printing = true; rebuild(); });
  addEventListener("afterprint", () => { printing = false; rebuild(); });

  for (const button of document.querySelectorAll("[data-copy]")) {
    button.addEventListener("click", async () => {
      const source = document.getElementById(button.dataset.copy);
      try {
        await navigator.clipboard.writeText(source.textContent);
        button.textContent = "Copied";
      } catch {
        getSelection().selectAllChildren(source);
        button.textContent = "Selected";
      }
      setTimeout(() => { button.textContent = "Copy"; }, 1600);
    });
  }
})();
