// --- The charts: drawn as SVG, because that is fast and follows the colours of the page -------------------------------

const NARROW = 520, YEAR_WIDTH = 38;

function esc(text) {
  return String(text).replace(/[&<>"']/g, (one) => `&#${one.charCodeAt(0)};`);
}

// Round values for an axis from zero.
function ticks(highest) {
  const rough = highest / 5, power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10].find((one) => one * power >= rough) * power;
  return Array.from({ length: Math.floor(highest / step + 1e-9) + 1 }, (_, i) => i * step);
}

const path = (points) => points.map(([x, y], i) => `${i ? "L" : "M"}${x.toFixed(1)},${y.toFixed(1)}`).join("");

// A fan: what is known, the base, and the scenario with its bands. ``lines`` is what chartLines makes. A ``small`` one
// has no values beside it and only the first and last year below.
function fan(model, { known, budget, base, scenario, unit, scale }, width, small = false) {
  const narrow = small || width < NARROW, height = small ? 96 : Math.round(Math.min(Math.max(width * 0.5, 240), 360));
  const [left, right, top, bottom] = small ? [4, 4, 4, 18] : [44, narrow ? 10 : 128, 26, 26], active = scenario !== null;
  const fans = active ? [...base, ...scenario] : base, all = [...known, ...budget].map((one) => one.value);
  const highest = 1.04 * Math.max(...fans.map((one) => one.quantiles[4]), ...all);
  const years = [...known, ...budget, ...base].map((one) => one.year), first = Math.min(...years), last = Math.max(...years);
  const x = (year) => left + ((year - first + 0.4) / (last - first + 0.8)) * (width - left - right);
  const y = (value) => height - bottom - (value / highest) * (height - bottom - top);
  const place = (series, q) => series.map((one) => [x(one.year), y(one.quantiles[q])]);
  const band = (series, low, high, name) => `<path class="${name}" d="${path([...place(series, low), ...place(series, high).reverse()])}Z"/>`;
  const out = (small ? [0] : ticks(highest)).map((one) => `<line class="grid" x1="${left}" x2="${width - right}" y1="${y(one)}" y2="${y(one)}"/>`
    + (small ? "" : `<text class="tick" x="${left - 6}" y="${y(one) + 4}" text-anchor="end">${esc(axis(model, one / scale))}</text>`));
  const every = small ? last - first : Math.ceil(YEAR_WIDTH / (x(first + 1) - x(first)));
  for (let year = first; year <= last; year++) {
    if ((last - year) % every === 0) out.push(`<text class="tick" x="${x(year)}" y="${height - 8}" text-anchor="${
      !small ? "middle" : year === last ? "end" : "start"}">${year}</text>`);
  }
  if (!small) out.push(`<text class="tick" x="4" y="13">${esc(unit)}</text>`);
  const main = active ? scenario : base, tone = active ? "scenario" : "base";
  out.push(band(main, 0, 4, `band95 ${tone}`), band(main, 1, 3, `band80 ${tone}`));
  if (active) out.push(`<path class="edge" d="${path(place(base, 1))}"/><path class="edge" d="${path(place(base, 3))}"/>`);
  const step = (x(first + 1) - x(first)) / 2;
  for (const { year, value, partial } of budget) {
    out.push(`<path class="budget${partial ? " partial" : ""}" d="M${x(year) - step},${y(value)}h${2 * step}M${x(year)},${y(value) - 4}v8"/>`);
  }
  const whole = known.filter((one) => !one.partial);
  // A year of which only a part is known is a gap in the line, as in the other charts.
  const pen = (one, i) => (i && whole[i - 1].year === one.year - 1 ? "L" : "M");
  const steps = whole.map((one, i) => `${pen(one, i)}${x(one.year).toFixed(1)},${y(one.value).toFixed(1)}`);
  out.push(`<path class="known" d="${steps.join("")}"/>`);
  for (const one of known) out.push(`<circle class="${one.partial ? "partial" : "dot"}" cx="${x(one.year)}" cy="${y(one.value)}" r="3.5"/>`);
  out.push(`<path class="middle" d="${path(place(base, 2))}"/>`);
  if (active) {
    out.push(`<path class="chosen" d="${path(place(scenario, 2))}"/>`);
    for (const [a, b] of place(scenario.filter((one) => one.year > model.base_year), 2)) out.push(`<path class="mark" d="M${a - 5},${b + 4}h10l-5,-9z"/>`);
  }
  // What the state does, from the day it holds: a year stands half a step after its first day.
  for (const { at, letters } of model.timetable.lines.filter((one) => one.at > first)) {
    const place = x(at - 0.5);
    out.push(`<path class="plan" d="M${place.toFixed(1)},${top}V${height - bottom}"/>`
      + `<text class="tick" x="${place.toFixed(1)}" y="${top - 4}" text-anchor="middle">${esc(letters)}</text>`);
  }
  if (!narrow) out.push(...labels(model, { base, scenario, y, x: x(last) + 10 }));
  return { svg: picture(out, width, height), narrow, active, budgets: budget.length > 0 };
}

function picture(parts, width, height) {
  return `<svg viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" aria-hidden="true" focusable="false">${parts.join("")}</svg>`;
}

function axis(model, value) {
  return decimal(model, value, Number.isInteger(value) ? 0 : 1);
}

// The names at the ends of the lines, moved apart when they would touch.
function labels(model, { base, scenario, x, y }) {
  const found = [{ at: y(base.at(-1).quantiles[2]), text: say(model, scenario ? "without" : "forecast"), tone: "base" }];
  if (scenario) found.push({ at: y(scenario.at(-1).quantiles[2]), text: say(model, "with"), tone: "scenario" });
  if (scenario && Math.abs(found[0].at - found[1].at) < 17) {
    const middle = (found[0].at + found[1].at) / 2, under = found[1].at >= found[0].at ? 1 : -1;
    found[0].at = middle - 8.5 * under;
    found[1].at = middle + 8.5 * under;
  }
  return found.map((one) => `<text class="label ${one.tone}" x="${x}" y="${one.at + 4}">${esc(one.text)}</text>`);
}

// What the lines mean, for a narrow chart and for paper.
function legend(model, { active, budgets }) {
  const sample = (inner) => `<svg width="30" height="12" aria-hidden="true" focusable="false">${inner}</svg>`;
  const items = [["known", sample('<path class="known" d="M0,6h30"/><circle class="dot" cx="15" cy="6" r="3.5"/>')],
    ...(budgets ? [["budgeted", sample('<path class="budget" d="M2,6h26M15,2v8"/>')]] : []),
    [active ? "without" : "forecast", sample('<path class="middle" d="M0,6h30"/>')],
    ...(active ? [["with", sample('<path class="chosen" d="M0,6h30"/><path class="mark" d="M10,10h10l-5,-9z"/>')]] : [])];
  return items.map(([name, drawn]) => `<li>${drawn} ${esc(say(model, name))}</li>`).join("");
}

// The steps of a waterfall, one below the other; the name above the bar where there is little room.
function steps(model, numbers, width) {
  const narrow = width < NARROW, left = narrow ? 4 : 216, right = narrow ? 64 : 112, each = narrow ? 46 : 36;
  let level = 0;
  const bars = numbers.steps.map((one) => {
    const total = one.id === "start" || one.id === "end", from = total ? 0 : level, to = from + one.amount;
    level = to;
    return { ...one, total, from, to, low: total ? to : from + one.quantiles[1], high: total ? to : from + one.quantiles[3] };
  });
  const ends = bars.flatMap((one) => [one.from, one.to, one.low, one.high]), least = Math.min(0, ...ends), most = Math.max(...ends);
  const x = (value) => left + ((value - least) / (most - least)) * (width - left - right);
  const out = [`<line class="axis" x1="${x(0)}" x2="${x(0)}" y1="0" y2="${each * bars.length}"/>`];
  bars.forEach((one, i) => {
    const y = i * each + (narrow ? 20 : 7), name = stepName(model, numbers, one.id), unit = narrow && i === 0, a = Math.min(one.from, one.to);
    const kind = one.total ? "total" : one.amount < 0 ? "down" : "up", size = Math.max(Math.abs(x(one.to) - x(one.from)), 1);
    if (narrow) out.push(`<text class="label" x="${left}" y="${y - 5}">${esc(unit ? `${name} (${say(model, "million_euros")})` : name)}</text>`);
    else broken(name, 30).forEach((line, n, { length }) => out.push(`<text class="label" x="${left - 10}" text-anchor="end"
      y="${y + 15 + (n - (length - 1) / 2) * 15}">${esc(line)}</text>`));
    out.push(`<rect class="${kind}" x="${x(a)}" y="${y}" width="${size}" height="22"/>`);
    if (one.low < one.high) out.push(`<path class="whisker" d="M${x(one.low)},${y + 11}H${x(one.high)}"/>`);
    const text = (one.total || one.amount < 0 ? "" : "+") + euro(model, one.amount, one.total ? 3 : 2);
    const short = narrow ? (one.total || one.amount < 0 ? "" : "+") + (one.amount < 0 ? MINUS : "") + decimal(model, one.amount / MILLION, 1) : text;
    out.push(`<text class="amount" x="${Math.max(x(one.to), x(one.from), x(one.high)) + 6}" y="${y + 15}">${esc(short)}</text>`);
  });
  return picture(out, width, each * bars.length + 6);
}

// A long text on lines of its own.
function broken(text, width) {
  const lines = [];
  for (const word of text.split(" ")) {
    if (lines.length && `${lines.at(-1)} ${word}`.length <= width) lines.push(`${lines.pop()} ${word}`);
    else lines.push(word);
  }
  return lines;
}

function stepName(model, numbers, id) {
  if (id === "start") return String(model.base_year);
  if (id === "end") return String(numbers.year);
  return model.texts[`step_${id}`] ?? model.levers.find((one) => one.id === id).title;
}

function chartLines(model, numbers, active) {
  const start = (values) => ({ year: model.base_year, ...summary(values) });
  // A fan begins at the last figure that is known: of the youths that is earlier than of the costs.
  const before = (known) => points(known).filter((one) => !one.partial && one.year < model.base_year).slice(-1)
    .filter(() => !(model.base_year in known)).map(({ year, value }) => ({ year, quantiles: Array(5).fill(value) }));
  const series = (name, of) => [...before(model.known[of]), start(model.start[of]),
    ...numbers.years.map((one) => ({ year: one.year, ...one[name] }))];
  const budget = Object.entries(model.known.budget).map(([year, value]) => ({ year: Number(year), ...value }));
  return {
    cost: { known: points(model.known.cost_eur), budget, base: series("base_cost", "cost_eur"), scale: MILLION,
      scenario: active ? series("cost", "cost_eur") : null, unit: say(model, "million_euros") },
    clients: { known: points(model.known.clients), budget: [], base: series("base_clients", "clients"), scale: 1,
      scenario: active ? series("clients", "clients") : null, unit: say(model, "youths_with_care") },
  };
}

function points(known) {
  return Object.entries(known).map(([year, one]) => ({ year: Number(year), ...one })).sort((a, b) => a.year - b.year);
}

