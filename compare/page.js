'use strict';
(() => {
  const began = performance.now();
  const D = JSON.parse(document.getElementById('data').textContent);
  document.documentElement.classList.add('scripted');
  const $ = id => document.getElementById(id);
  const NS = 'http://www.w3.org/2000/svg';
  const node = (name, attributes, text) => {
    const e = document.createElementNS(NS, name);
    for (const k in attributes) e.setAttribute(k, attributes[k]);
    if (text !== undefined) e.textContent = text;
    return e;
  };
  const html = (name, text, cls) => {
    const e = document.createElement(name);
    if (text !== undefined) e.textContent = text;
    if (cls) e.className = cls;
    return e;
  };
  const colours = ['flow-2', 'flow-1', 'moments-2', 'memoryless-2', 'spare-2', 'spare-4', 'spare-1', 'memoryless-1', 'spare-3', 'discrete'];
  const colour = i => `var(--c-${colours[i % colours.length]})`;
  const show = x => x === null || x === undefined ? '–' : x === 0 ? '0' : Math.abs(x) >= 1e5 || Math.abs(x) < 1e-3 ? x.toExponential(2).replace('e', 'e').replace('+', '') : String(+x.toPrecision(4));

  // What is looked at.
  const quantities = [...new Map(D.measures.map(m => [m.q, m.label])).entries()];
  const view = {q: D.view.q, at: D.view.at, x: D.view.x, lines: D.view.lines, band: '95%', log: false};
  if (view.x < 0) view.x = 0;
  const kept = D.axes.map(() => null); // choices of the parallel coordinates
  let chosen = -1; // the cell that is pointed at
  const measure = () => D.measures.findIndex(m => m.q === view.q && m.at === view.at);

  // Controls.
  const select = (label, options, value, change) => {
    const l = html('label', label + ' ');
    const s = html('select');
    for (const [v, text] of options) {
      const o = html('option', text);
      o.value = v;
      s.append(o);
    }
    s.value = value;
    s.addEventListener('change', () => { change(s.value); render(); });
    l.append(s);
    $('controls').append(l);
    return s;
  };
  const places = q => D.measures.filter(m => m.q === q).map(m => [m.at, m.words]);
  select('quantity', quantities, view.q, v => {
    view.q = v;
    const p = places(v);
    if (!p.some(([at]) => at === view.at)) view.at = p[0][0];
    fill();
  });
  const place = select('where', [], '', v => view.at = v);
  const fill = () => {
    place.replaceChildren(...places(view.q).map(([v, text]) => { const o = html('option', text); o.value = v; return o; }));
    place.value = view.at;
  };
  fill();
  if (D.axes.length) {
    select('against', D.axes.map((a, i) => [i, a.short]), view.x, v => { view.x = +v; if (view.lines === view.x) view.lines = -1; });
    if (D.axes.length > 1) select('a line for each', [[-1, 'nothing'], ...D.axes.map((a, i) => [i, a.short])], view.lines, v => view.lines = +v);
  }
  select('band', [['95%', '95 % of the mean'], ['sd', 'standard deviation'], ['range', 'smallest to largest']], view.band, v => view.band = v);
  select('scale', [['', 'linear'], ['log', 'logarithmic']], '', v => view.log = v === 'log');

  // Averages.
  const stats = values => {
    const n = values.length;
    if (!n) return null;
    const mean = values.reduce((a, b) => a + b, 0) / n;
    let low = mean, high = mean;
    if (view.band === 'range') {
      low = Math.min(...values); high = Math.max(...values);
    } else if (n > 1) {
      const sd = Math.sqrt(values.reduce((a, b) => a + (b - mean) ** 2, 0) / (n - 1));
      const half = view.band === 'sd' ? sd : (D.t[n - 2] || 1.96) * sd / Math.sqrt(n);
      low = mean - half; high = mean + half;
    }
    return {n, mean, low, high};
  };
  const groups = (k, first, second) => {
    const all = new Map();
    for (const c of D.cells) {
      const v = c.m[k];
      const key = c.v[first] + ' ' + (second >= 0 ? c.v[second] : 0);
      if (!all.has(key)) all.set(key, []);
      if (v !== null && v !== undefined) all.get(key).push(v);
    }
    return all;
  };

  // Positions along an axis.
  const position = a => {
    const raw = a.values.map((v, i) => !a.numeric ? i : a.nearOne ? -Math.log10(1 - +v) : a.log ? Math.log10(+v) : +v);
    const lo = Math.min(...raw), hi = Math.max(...raw);
    return raw.map(r => hi > lo ? (r - lo) / (hi - lo) : .5);
  };
  const nice = (lo, hi, n, log) => {
    if (log) {
      const out = [];
      for (let e = Math.floor(lo); e <= Math.ceil(hi); e++) for (const m of hi - lo > 3 ? [1] : [1, 2, 5]) {
        const t = e + Math.log10(m);
        if (t >= lo && t <= hi) out.push(t);
      }
      return out;
    }
    const rough = (hi - lo) / n, p = 10 ** Math.floor(Math.log10(rough)), step = [1, 2, 5, 10].find(s => s * p >= rough) * p, out = [];
    for (let t = Math.ceil(lo / step) * step; t <= hi + step * 1e-9; t += step) out.push(Math.abs(t) < step * 1e-9 ? 0 : t);
    return out;
  };
  const frame = (box, w, h, lo, hi, log, yLabel) => {
    const svg = node('svg', {viewBox: `0 0 ${w} ${h}`, role: 'img'});
    const left = 74, right = 18, top = 26, bottom = 46;
    const y = v => top + (h - top - bottom) * (1 - (v - lo) / (hi - lo));
    for (const t of nice(lo, hi, 5, log)) {
      svg.append(node('line', {x1: left, x2: w - right, y1: y(t), y2: y(t), class: 'gridline'}));
      svg.append(node('text', {x: left - 8, y: y(t) + 4, 'text-anchor': 'end'}, show(log ? 10 ** t : t)));
    }
    svg.append(node('text', {x: left - 8, y: 14, class: 'title'}, yLabel));
    svg.append(node('line', {x1: left, x2: w - right, y1: h - bottom, y2: h - bottom, class: 'axis'}));
    box.replaceChildren(svg);
    return {svg, y, x: u => left + 14 + (w - left - right - 28) * u, base: h - bottom};
  };
  const widen = (lo, hi) => {
    if (!(hi > lo)) { const d = Math.abs(lo) * .1 || 1; return [lo - d, hi + d]; }
    const d = (hi - lo) * .06;
    return [lo - d, hi + d];
  };

  const ranks = v => {
    const o = v.map((_, i) => i).sort((a, b) => v[a] - v[b]), r = [];
    for (let i = 0; i < o.length;) {
      let j = i;
      while (j < o.length && v[o[j]] === v[o[i]]) j++;
      for (let k = i; k < j; k++) r[o[k]] = (i + j + 1) / 2;
      i = j;
    }
    return r;
  };
  const spearman = (a, k, axis) => {
    const x = [], y = [];
    for (const c of D.cells) if (c.m[k] !== null && c.m[k] !== undefined && c.v[axis] >= 0) { x.push(+a.values[c.v[axis]]); y.push(c.m[k]); }
    const n = x.length, p = ranks(x), q = ranks(y), m = (n + 1) / 2;
    let sxy = 0, sxx = 0, syy = 0;
    for (let i = 0; i < n; i++) { sxy += (p[i] - m) * (q[i] - m); sxx += (p[i] - m) ** 2; syy += (q[i] - m) ** 2; }
    const r = sxy / Math.sqrt(sxx * syy);
    if (!(n > 3) || !isFinite(r)) return '';
    const z = Math.atanh(r), half = 1.959964 * Math.sqrt((1 + r * r / 2) / (n - 3));
    const ends = Math.abs(r) > 1 - 1e-12 ? [r, r] : [Math.tanh(z - half), Math.tanh(z + half)];
    return ` Spearman’s rank correlation: ${r.toFixed(2)} [${ends[0].toFixed(2)}, ${ends[1].toFixed(2)}], ${n} cells.`;
  };

  const drawChart = k => {
    const a = D.axes[view.x], lines = view.lines >= 0 ? D.axes[view.lines].values : [''];
    const all = groups(k, view.x, view.lines);
    const series = lines.map((_, l) => a.values.map((_, i) => stats(all.get(i + ' ' + (view.lines >= 0 ? l : 0)) || [])));
    const tr = v => view.log ? (v > 0 ? Math.log10(v) : null) : v;
    let lo = Infinity, hi = -Infinity;
    for (const s of series) for (const g of s) if (g) for (const v of [g.low, g.mean, g.high]) {
      const t = tr(v);
      if (t !== null) { lo = Math.min(lo, t); hi = Math.max(hi, t); }
    }
    if (lo > hi) {
      $('chart').replaceChildren(html('p', 'No cell has this quantity there.', 'explain'));
      return;
    }
    [lo, hi] = widen(lo, hi);
    const at = D.measures[k];
    const f = frame($('chart'), 960, 420, lo, hi, view.log, at.label);
    const pos = position(a);
    let free = -Infinity;
    a.values.map((v, i) => [f.x(pos[i]), v]).sort((p, q) => p[0] - q[0]).forEach(([x, v]) => {
      f.svg.append(node('line', {x1: x, x2: x, y1: f.base, y2: f.base + 4, class: 'axis'}));
      const half = v.length * 3.6 + 4;
      if (x - half < free) return; // it would lie on its neighbour
      free = x + half;
      f.svg.append(node('text', {x, y: f.base + 19, 'text-anchor': 'middle'}, v));
    });
    f.svg.append(node('text', {x: f.x(.5), y: f.base + 39, 'text-anchor': 'middle', class: 'title'}, a.short));
    const width = (f.x(1) - f.x(0)) / Math.max(8, a.values.length * 4);
    series.forEach((s, l) => {
      const shift = series.length > 1 ? (l - (series.length - 1) / 2) * Math.min(5, width / series.length) : 0;
      const points = s.map((g, i) => g && tr(g.mean) !== null ? {g, x: f.x(pos[i]) + shift, y: f.y(tr(g.mean)), v: a.values[i]} : null).filter(Boolean);
      const band = points.filter(p => tr(p.g.low) !== null);
      if (band.length > 1) f.svg.append(node('path', {fill: colour(l), 'fill-opacity': .13, stroke: 'none',
        d: 'M' + band.map(p => `${p.x},${f.y(tr(p.g.high))}`).join('L') + 'L' + band.slice().reverse().map(p => `${p.x},${f.y(tr(p.g.low))}`).join('L') + 'Z'}));
      f.svg.append(node('path', {fill: 'none', stroke: colour(l), 'stroke-width': 2.2, d: 'M' + points.map(p => `${p.x},${p.y}`).join('L')}));
      for (const p of points) {
        if (tr(p.g.low) !== null) f.svg.append(node('line', {x1: p.x, x2: p.x, y1: f.y(tr(p.g.low)), y2: f.y(tr(p.g.high)), stroke: colour(l), 'stroke-width': 1.4}));
        const dot = node('circle', {cx: p.x, cy: p.y, r: 4.2, fill: colour(l)});
        dot.append(node('title', {}, `${a.short} ${p.v}${view.lines >= 0 ? ', ' + D.axes[view.lines].short + ' ' + lines[l] : ''}: ${show(p.g.mean)} [${show(p.g.low)}, ${show(p.g.high)}], n = ${p.g.n}`));
        f.svg.append(dot);
      }
    });
    if (view.lines >= 0) {
      const key = html('div', undefined, 'key');
      lines.forEach((v, l) => {
        const s = html('span'), i = html('i');
        i.style.background = colour(l);
        s.append(i, `${D.axes[view.lines].short} ${v}`);
        key.append(s);
      });
      $('chart').prepend(key);
    }
    const ns = series.flat().filter(Boolean).map(g => g.n), n = ns.length ? (Math.min(...ns) === Math.max(...ns) ? `n = ${ns[0]}` : `n from ${Math.min(...ns)} to ${Math.max(...ns)}`) : '';
    const words = {'95%': 'Student’s 95 % interval of the mean', sd: 'one standard deviation', range: 'smallest to largest value'}[view.band];
    const lost = D.cells.filter(c => c.m[k] === null || c.m[k] === undefined).length;
    $('caption').textContent = `${at.label[0].toUpperCase() + at.label.slice(1)} ${at.words}: mean over what else varies and ${words}, ${n}.` +
      (lost ? ` ${lost} of ${D.cells.length} cells have no value there.` : '') + (a.numeric ? spearman(a, k, view.x) : '');
  };

  const drawHeat = k => {
    const varied = D.axes.map((a, i) => i).filter(i => D.axes[i].values.length > 1);
    $('heat-section').hidden = varied.length < 2;
    if (varied.length < 2) return;
    const first = view.x, second = view.lines >= 0 ? view.lines : varied.find(i => i !== first);
    const all = groups(k, first, second), a = D.axes[first], b = D.axes[second];
    if (a.values.length * b.values.length > 600) { $('heat').replaceChildren(html('p', 'Too many values for a map.', 'explain')); return; }
    const means = new Map();
    let lo = Infinity, hi = -Infinity;
    for (const [key, values] of all) {
      const g = stats(values);
      if (g) { means.set(key, g); lo = Math.min(lo, g.mean); hi = Math.max(hi, g.mean); }
    }
    const t = html('table', undefined, 'heat'), head = html('tr');
    head.append(html('th', `${b.short} \\ ${a.short}`), ...a.values.map(v => html('th', v)));
    t.append(head);
    b.values.forEach((v, j) => {
      const row = html('tr');
      row.append(html('th', v));
      a.values.forEach((_, i) => {
        const g = means.get(i + ' ' + j), td = html('td', g ? show(g.mean) : '–');
        if (g) {
          const u = hi > lo ? (g.mean - lo) / (hi - lo) : .5;
          td.style.background = `color-mix(in srgb, var(--c-flow-2) ${Math.round(8 + 62 * u)}%, var(--card))`;
          td.append(html('small', `(${g.n})`));
        }
        row.append(td);
      });
      t.append(row);
    });
    const scroll = html('div', undefined, 'scroll');
    scroll.append(t);
    $('heat').replaceChildren(scroll);
  };

  // Parallel coordinates, on a canvas: thousands of lines.
  const canvas = $('parallel'), paint = canvas.getContext('2d');
  let lay = null;
  const inside = c => kept.every((r, k) => !r || (c.v[k] >= 0 && lay.pos[k][c.v[k]] >= r[0] && lay.pos[k][c.v[k]] <= r[1]));
  const css = name => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const drawParallel = k => {
    const w = canvas.clientWidth, h = 300, ratio = devicePixelRatio || 1;
    canvas.width = w * ratio; canvas.height = h * ratio; canvas.style.height = h + 'px';
    paint.setTransform(ratio, 0, 0, ratio, 0, 0);
    const values = D.cells.map(c => c.m[k]).filter(v => v !== null && v !== undefined);
    const lo = Math.min(...values), hi = Math.max(...values), n = D.axes.length + 1;
    const x = i => 46 + (w - 120) * (n > 1 ? i / (n - 1) : .5), y = u => 34 + (h - 60) * (1 - u);
    lay = {pos: D.axes.map(position), x, y, h, lines: []};
    const from = css('--c-flow-1'), to = css('--c-flow-2'), soft = css('--soft'), text = css('--text'), card = css('--card');
    const parse = s => [1, 3, 5].map(i => parseInt(s.slice(i, i + 2), 16)), f = parse(from), t = parse(to);
    const shade = u => `rgb(${f.map((v, i) => Math.round(v + (t[i] - v) * u)).join(',')})`;
    const alpha = Math.max(.12, Math.min(.9, 40 / Math.sqrt(D.cells.length * 4)));
    D.cells.forEach((c, i) => {
      const v = c.m[k], u = v === null || v === undefined ? null : hi > lo ? (v - lo) / (hi - lo) : .5;
      const p = D.axes.map((_, a) => [x(a), y(c.v[a] >= 0 ? lay.pos[a][c.v[a]] : 0)]);
      if (u !== null) p.push([x(n - 1), y(u)]);
      const on = inside(c);
      lay.lines.push(on ? p : null);
      if (!on || i === chosen) return;
      paint.globalAlpha = u === null ? .1 : alpha;
      paint.strokeStyle = u === null ? soft : shade(u);
      paint.lineWidth = 1.3;
      stroke(p);
    });
    paint.globalAlpha = 1;
    if (chosen >= 0 && lay.lines[chosen]) {
      paint.strokeStyle = text; paint.lineWidth = 2.6;
      stroke(lay.lines[chosen]);
    }
    paint.font = '12px ' + css('--sans');
    for (let i = 0; i < n; i++) {
      paint.strokeStyle = soft; paint.lineWidth = 1;
      paint.beginPath(); paint.moveTo(x(i), y(0)); paint.lineTo(x(i), y(1)); paint.stroke();
      paint.fillStyle = text; paint.textAlign = 'center';
      paint.fillText(i < n - 1 ? D.axes[i].short : D.measures[k].label, x(i), 16);
      paint.fillStyle = soft; paint.textAlign = 'left';
      const labels = i < n - 1 ? D.axes[i].values.map((v, j) => [v, lay.pos[i][j]]) : values.length ? [[show(lo), 0], [show((lo + hi) / 2), .5], [show(hi), 1]] : [];
      let last = Infinity;
      for (const [v, u] of labels) if (Math.abs(y(u) - last) > 12) {
        paint.lineWidth = 4; paint.strokeStyle = card; paint.strokeText(v, x(i) + 7, y(u) + 4);
        paint.fillText(v, x(i) + 7, y(u) + 4);
        last = y(u);
      }
      if (i < n - 1 && kept[i]) {
        paint.fillStyle = to; paint.globalAlpha = .25;
        paint.fillRect(x(i) - 7, y(kept[i][1]) - 3, 14, y(kept[i][0]) - y(kept[i][1]) + 6);
        paint.globalAlpha = 1;
      }
    }
  };
  const stroke = p => {
    paint.beginPath();
    p.forEach(([a, b], i) => i ? paint.lineTo(a, b) : paint.moveTo(a, b));
    paint.stroke();
  };
  const nearest = (mx, my) => {
    let best = -1, least = 100;
    lay.lines.forEach((p, i) => {
      if (!p) return;
      for (let s = 1; s < p.length; s++) {
        const [x0, y0] = p[s - 1], [x1, y1] = p[s];
        if (mx < x0 || mx > x1) continue;
        const d = Math.abs(y0 + (y1 - y0) * (mx - x0) / (x1 - x0) - my);
        if (d < least) { least = d; best = i; }
      }
    });
    return least < 14 ? best : -1;
  };
  let drag = null;
  const local = e => { const r = canvas.getBoundingClientRect(); return [e.clientX - r.left, e.clientY - r.top]; };
  const unit = my => Math.max(0, Math.min(1, 1 - (my - 34) / (300 - 60)));
  canvas.addEventListener('pointerdown', e => {
    const [mx, my] = local(e), i = D.axes.findIndex((_, a) => Math.abs(lay.x(a) - mx) < 14);
    if (i >= 0) { drag = {i, u: unit(my)}; canvas.setPointerCapture(e.pointerId); }
  });
  canvas.addEventListener('pointermove', e => {
    const [mx, my] = local(e);
    if (drag) {
      const u = unit(my);
      kept[drag.i] = Math.abs(u - drag.u) > .02 ? [Math.min(u, drag.u) - .001, Math.max(u, drag.u) + .001] : null;
      drawParallel(measure());
      return;
    }
    point(nearest(mx, my));
  });
  canvas.addEventListener('pointerup', () => { if (drag) { drag = null; drawTable(measure()); drawCourse(); } });
  const point = i => {
    if (i === chosen) return;
    chosen = i;
    drawParallel(measure());
    drawCourse();
  };

  // Courses: all in grey, the one pointed at in colour.
  const name = c => D.axes.map((a, k) => c.v[k] >= 0 ? `${a.short}=${a.values[c.v[k]]}` : '').filter(Boolean).join(' ') + ' seed=' + c.seed;
  const drawCourse = () => {
    const q = D.curves.indexOf(view.q) >= 0 ? D.curves.indexOf(view.q) : 0;
    if (!D.curves.length) { $('course-figure').hidden = true; return; }
    let cells = D.cells.map((c, i) => [c, i]).filter(([c]) => c.x && c.y && c.y[q] && inside(c));
    const stride = Math.ceil(cells.length / 120);
    cells = cells.filter(([, i], k) => k % stride === 0 || i === chosen);
    const tr = v => v === null ? null : view.log ? (v > 0 ? Math.log10(v) : null) : v;
    let lo = Infinity, hi = -Infinity, end = 1;
    for (const [c] of cells) {
      end = Math.max(end, c.x[c.x.length - 1]);
      for (const v of c.y[q]) { const t = tr(v); if (t !== null) { lo = Math.min(lo, t); hi = Math.max(hi, t); } }
    }
    const label = (D.measures.find(m => m.q === D.curves[q]) || {label: D.curves[q]}).label;
    $('course-title').textContent = chosen >= 0 ? `${label}: ${name(D.cells[chosen])}` : `${label} along training`;
    if (lo > hi) { $('course').replaceChildren(); return; }
    [lo, hi] = widen(lo, hi);
    const f = frame($('course'), 960, 300, lo, hi, view.log, label);
    for (const t of nice(0, end, 7)) f.svg.append(node('text', {x: f.x(t / end), y: f.base + 19, 'text-anchor': 'middle'}, show(t)));
    f.svg.append(node('text', {x: f.x(.5), y: f.base + 39, 'text-anchor': 'middle', class: 'title'}, 'step'));
    const draw = ([c, i]) => {
      let d = '', pen = 'M';
      c.y[q].forEach((v, j) => {
        const t = tr(v);
        if (t === null) return;
        d += `${pen}${f.x(c.x[j] / end).toFixed(1)},${f.y(t).toFixed(1)}`;
        pen = 'L';
      });
      const on = i === chosen, l = view.lines >= 0 ? c.v[view.lines] : view.x >= 0 ? c.v[view.x] : 0;
      f.svg.append(node('path', {d, fill: 'none', stroke: on ? 'var(--text)' : colour(Math.max(0, l)), 'stroke-width': on ? 2.6 : 1.1, opacity: on ? 1 : chosen >= 0 ? .18 : .5}));
    };
    cells.filter(([, i]) => i !== chosen).forEach(draw);
    cells.filter(([, i]) => i === chosen).forEach(draw);
  };

  // Table.
  let order = {column: -1, down: false};
  const most = 300;
  const drawTable = k => {
    const heads = [...D.axes.map(a => a.short), 'seed', 'status', D.measures[k] ? D.measures[k].label : ''];
    const words = $('filter').value.toLowerCase().split(/\s+/).filter(Boolean);
    let rows = D.cells.map((c, i) => ({c, i, text: (name(c) + ' ' + c.status + ' ' + c.id).toLowerCase()}))
      .filter(r => inside(r.c) && words.every(w => r.text.split(' ').some(t => w.includes('=') ? t === w : t.includes(w))));
    const value = (r, j) => j < D.axes.length ? (D.axes[j].numeric && r.c.v[j] >= 0 ? +D.axes[j].values[r.c.v[j]] : D.axes[j].values[r.c.v[j]]) : j === D.axes.length ? +r.c.seed : j === D.axes.length + 1 ? r.c.status : r.c.m[k];
    if (order.column >= 0) rows.sort((p, q) => {
      const a = value(p, order.column), b = value(q, order.column);
      if (a === null || a === undefined) return 1;
      if (b === null || b === undefined) return -1;
      return (a < b ? -1 : a > b ? 1 : 0) * (order.down ? -1 : 1);
    });
    const head = html('tr');
    heads.forEach((h, j) => {
      const th = html('th', h);
      if (order.column === j) th.setAttribute('aria-sort', order.down ? 'descending' : 'ascending');
      th.addEventListener('click', () => { order = {column: j, down: order.column === j && !order.down}; drawTable(measure()); });
      head.append(th);
    });
    $('table').tHead.replaceChildren(head);
    const body = document.createDocumentFragment();
    for (const r of rows.slice(0, most)) {
      const tr = html('tr');
      for (let j = 0; j < heads.length; j++) {
        const v = value(r, j);
        tr.append(html('td', j === heads.length - 1 ? show(v) : j < D.axes.length ? (D.axes[j].values[r.c.v[j]] ?? '–') : String(v)));
      }
      tr.title = r.c.id + (r.c.reason ? ': ' + r.c.reason : '');
      tr.addEventListener('pointerenter', () => point(r.i));
      body.append(tr);
    }
    $('table').tBodies[0].replaceChildren(body);
    $('count').textContent = rows.length > most ? `${rows.length} cells, the first ${most} are shown` : `${rows.length} cells`;
  };
  $('filter').addEventListener('input', () => drawTable(measure()));

  const render = () => {
    const k = measure();
    if (k < 0 || !D.axes.length) { drawTable(Math.max(k, 0)); return; }
    drawChart(k);
    drawHeat(k);
    drawParallel(k);
    drawCourse();
    drawTable(k);
  };
  render();
  addEventListener('resize', () => { if (lay) drawParallel(measure()); });
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => { if (lay) drawParallel(measure()); });
  // How long the page took, for whoever looks.
  document.documentElement.dataset.rendered = (performance.now() - began).toFixed(0);
  window.leeway = {view, render, point};
})();
