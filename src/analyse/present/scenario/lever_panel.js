// The scenario panel: one module, used by JupyterLab as an anywidget and put into the pages of the reports.
// From top to bottom: the model (the same numbers as analyse.scenario.core), what is shown, reading and writing a
// scenario, numbers and words, the charts, the panel, and the two places. Importing it does nothing.

// --- The model -----------------------------------------------------------------------------------------------------

const QUANTILES = [0.025, 0.1, 0.5, 0.9, 0.975];
const LARGEST_FILE = 65536;
const COSTS = ["one_off_eur_per_youth", "running_eur_per_youth"];
const SETTINGS = ["size", "start", "ramp_months", ...COSTS, "cost_ratio"];

// An array of rows of samples: each row has its own lowest value and step, and 16 bits a sample.
function numbers({ low, step, data }, samples) {
  const bytes = Uint8Array.from(atob(data), (one) => one.charCodeAt(0));
  const out = new Float64Array(low.length * samples);
  let place = 0;
  low.forEach((lowest, row) => {
    for (let s = 0; s < samples; s++) {
      out[row * samples + s] = step[row] === 0 ? lowest : lowest + (bytes[place] + 256 * bytes[place + 1]) * step[row];
      if (step[row] !== 0) place += 2;
    }
  });
  return out;
}

// The payload with its numbers unpacked.
export function unpack(payload) {
  const S = payload.samples, read = (one) => (one ? numbers(one, S) : null);
  const each = (group, names) => Object.fromEntries(names.map((name) => [name, read(group[name])]));
  const P = payload.years.length, F = payload.forms.length;
  const model = { ...payload, S, P, F, M: 12 * P, start: each(payload.start, ["youths", "clients", "cost_eur"]),
    ...each(payload, ["youths", "clients", "price", "cost_eur", "shares", "client_weights", "months"]),
    levers: payload.levers.map((one) => ({ ...one, ...each(one, ["draws", "ratio", "cost_draws"]) })), alone: new Map(),
    kept: new Map() };
  model.byYear = model.shares.length > (F - 1) * S;
  const rows = Array.from({ length: F - 1 }, (_, form) => model.months.slice(form * S, (form + 1) * S).join());
  model.lasting = rows.map((one) => rows.indexOf(one));
  return model;
}

const settings = (lever, given) => ({ ...lever.default, ...given });
const keyed = (lever, set) => `${lever.id} ${SETTINGS.map((name) => set[name]).join(" ")}`;

// A value by its key, worked out once; only the last ones are kept.
function remembered(found, key, work, most) {
  if (!found.has(key)) {
    if (found.size >= most) found.delete(found.keys().next().value);
    found.set(key, work());
  }
  return found.get(key);
}

// A lever as it acts: its effect in each sample, its ramp by month, and the years since its start.
function prepared(model, lever, given) {
  const set = settings(lever, given), first = 12 * (set.start - model.years[0]), months = Math.max(1, set.ramp_months);
  const ramp = new Float64Array(model.M);
  for (let m = Math.max(first, 0); m < model.M; m++) ramp[m] = Math.min(1, (m - first + 1) / months);
  const effect = lever.draws.map((k) => (set.size / 100) * lever.exposure * k);
  const powers = lever.per_year ? growth(model, effect, set.start) : null;
  const relative = lever.ratio ? lever.ratio.map((one) => set.cost_ratio * one) : null;
  return { ...lever, set, first, ramp, effect, powers, relative, key: keyed(lever, set) };
}

// (1 + effect) for each year since the start, by year and sample.
function growth(model, effect, start) {
  const { S, P, years } = model, out = new Float64Array(P * S).fill(1);
  for (let p = 0; p < P; p++) {
    for (let n = 0; n < Math.max(0, years[p] - start + 1); n++) {
      for (let s = 0; s < S; s++) out[p * S + s] *= 1 + effect[s];
    }
  }
  return out;
}

// What levers multiply by, by month and sample; null where there are none.
function product(model, levers, begin = null) {
  if (!levers.length) return begin;
  const { S, M } = model, out = begin ? begin.slice() : new Float64Array(M * S).fill(1);
  for (const { powers, ramp, effect } of levers) {
    for (let m = 0; m < M; m++) {
      const at = m * S, r = ramp[m], year = Math.floor(m / 12) * S;
      if (powers) for (let s = 0; s < S; s++) out[at + s] *= powers[year + s];
      else if (r !== 0) for (let s = 0; s < S; s++) out[at + s] *= 1 + effect[s] * r;
    }
  }
  return out;
}

// The stock of trajectories of one form, month by month; it begins at 1.
function stocked(model, form, inflow, duration) {
  if (!inflow && !duration) return null;
  const { S, P, M } = model, D = model.months.subarray(form * S, (form + 1) * S), N = new Float64Array(S).fill(1);
  const level = new Float64Array(M * S), came = new Float64Array(P * S), begin = new Float64Array(P * S);
  for (let m = 0; m < M; m++) {
    const year = Math.floor(m / 12) * S;
    if (m % 12 === 0) begin.set(N, year);
    for (let s = 0; s < S; s++) {
      const at = m * S + s, into = (inflow ? inflow[at] : 1) / D[s];
      const next = N[s] + (into - N[s] * Math.min(1, 1 / (D[s] * (duration ? duration[at] : 1))));
      came[year + s] += into;
      level[at] = (N[s] + next) / 2;
      N[s] = next;
    }
  }
  return { level, came, begin };
}

// What part of a form has moved elsewhere, by month and sample, for each lever that moves.
function moved(model, levers, stock) {
  const { S, M } = model, moves = [];
  for (const lever of levers.filter((one) => one.mechanism === "substitution")) {
    const part = new Float64Array(M * S), yearly = lever.capacity_percent_a_year;
    for (let m = Math.max(lever.first, 0); m < M; m++) {
      const most = yearly === null ? Infinity : ((yearly / 100) * (m - lever.first + 1)) / 12;
      for (let s = 0; s < S; s++) part[m * S + s] = Math.min(lever.effect[s] * lever.ramp[m], most);
    }
    moves.push({ part, delay: lever.delay_months, to: lever.to, ratio: lever.relative });
  }
  const cap = levers.find((one) => one.mechanism === "cap" && one.set.size !== 0);
  if (cap) {
    const part = new Float64Array(M * S), others = [...moves];
    for (let m = Math.max(cap.first, 0); m < M; m++) {
      for (let s = 0; s < S; s++) {
        const at = m * S + s;
        let gone = 0;
        for (const one of others) gone += one.part[at];
        part[at] = Math.max(0, 1 - gone - (1 + cap.effect[s] * cap.ramp[m]) / (stock ? stock.level[at] : 1));
      }
    }
    moves.push({ part, delay: 0, to: cap.to, ratio: cap.relative });
  }
  return moves;
}

// What the active levers do to one form; null where they do nothing. Forms with the same levers and the same durations
// share one answer, and moving a lever leaves the answers for other forms as they are.
function acted(model, form, active) {
  const levers = active.filter((one) => one.mechanism !== "population" && one.forms.includes(form));
  if (!levers.length) return null;
  const local = form === model.F - 1, key = [local ? "" : model.lasting[form], ...levers.map((one) => one.key)].join();
  return remembered(model.kept, key, () => {
    const of = (mechanism) => levers.filter((one) => one.mechanism === mechanism), price = product(model, of("price"));
    const stock = local ? null : stocked(model, form, product(model, of("inflow")), product(model, of("duration")));
    return { price, factor: product(model, of("intensity"), price), stock, moves: moved(model, levers, stock) };
  }, 24);
}

// Means over the months of each year of a product of arrays by month and sample; null counts as 1. This is where the
// time goes, so each number of arrays has a loop of its own.
function yearly(model, ...arrays) {
  const { S, P, M } = model, out = new Float64Array(P * S), [a, b, c] = arrays.filter((one) => one !== null);
  for (let m = 0; m < M; m++) {
    const at = m * S, year = Math.floor(m / 12) * S;
    if (c) for (let s = 0; s < S; s++) out[year + s] += a[at + s] * b[at + s] * c[at + s];
    else if (b) for (let s = 0; s < S; s++) out[year + s] += a[at + s] * b[at + s];
    else if (a) for (let s = 0; s < S; s++) out[year + s] += a[at + s];
    else for (let s = 0; s < S; s++) out[year + s] += 1;
  }
  for (let i = 0; i < out.length; i++) out[i] /= 12;
  return out;
}

// The part of the cost of a form that stays with it, by year and sample.
function kept(model, { factor, stock, moves }) {
  if (!moves.length) return yearly(model, stock && stock.level, factor);
  const { S } = model, left = new Float64Array(model.M * S).fill(1);
  for (const { part, delay } of moves) for (let at = delay * S; at < left.length; at++) left[at] -= part[at - delay * S];
  return yearly(model, left, stock && stock.level, factor);
}

// The scenario on every sample: cost_eur, clients, youths and price, by year and sample.
export function apply(model, chosen) {
  const active = model.levers.filter((one) => Object.hasOwn(chosen, one.id)).map((one) => prepared(model, one, chosen[one.id]));
  if (!active.length) return { cost_eur: model.cost_eur, clients: model.clients, youths: model.youths, price: model.price };
  const { P, S, F } = model, size = P * S, population = active.filter((one) => one.mechanism === "population");
  const grown = population.length ? new Float64Array(size).fill(1) : null;
  for (const one of population) for (let i = 0; i < size; i++) grown[i] *= one.powers[i];
  const forms = Array.from({ length: F }, (_, form) => acted(model, form, active));
  const deltas = changed(model, forms, grown);
  programme(model, active, grown, deltas);
  const cost_eur = model.cost_eur.slice();
  for (const delta of deltas) if (delta) for (let i = 0; i < size; i++) cost_eur[i] += delta[i];
  const youths = grown ? model.youths.map((one, i) => one * grown[i]) : model.youths;
  return { cost_eur, youths, clients: counted(model, forms, grown), price: priced(model, forms) };
}

// What changes in the cost of each form, in euro; null where nothing touches it.
function changed(model, forms, grown) {
  const { P, S, F } = model, deltas = Array(F).fill(null);
  const base = (form, i) => model.cost_eur[i] * model.shares[model.byYear ? form * P * S + i : form * S + (i % S)];
  for (let form = 0; form < F - 1; form++) {
    const one = forms[form];
    if (!one && !grown) continue;
    const keep = one ? (one.keep ??= kept(model, one)) : null, own = (deltas[form] ??= new Float64Array(P * S));
    for (let i = 0; i < P * S; i++) own[i] += base(form, i) * ((keep ? keep[i] : 1) * (grown ? grown[i] : 1) - 1);
    for (const move of one ? one.moves.filter((each) => each.to !== null) : []) {
      const there = forms[move.to]?.factor ?? null, into = (deltas[move.to] ??= new Float64Array(P * S));
      if (!move.add || move.there !== there) {
        move.add = yearly(model, move.part, one.stock && one.stock.level, there);
        move.there = there;
      }
      const { add } = move;
      for (let i = 0; i < P * S; i++) into[i] += base(form, i) * add[i] * move.ratio[i % S] * (grown ? grown[i] : 1);
    }
  }
  return deltas;
}

// What the measures themselves cost, with the last form.
function programme(model, active, grown, deltas) {
  const { P, S, F, years } = model;
  for (const { set, cost_draws } of active) {
    if (!set.one_off_eur_per_youth && !set.running_eur_per_youth) continue;
    const own = (deltas[F - 1] ??= new Float64Array(P * S));
    for (let i = 0; i < P * S; i++) {
      const year = years[Math.floor(i / S)];
      const each = (year === set.start ? set.one_off_eur_per_youth : 0) + (year >= set.start ? set.running_eur_per_youth : 0);
      own[i] += model.youths[i] * (grown ? grown[i] : 1) * model.price[i] * cost_draws[i % S] * each;
    }
  }
}

// Youths with a form of care in a year, relative to the base; null where that does not change.
function helped(model, form, { stock, moves }) {
  const { P, S } = model, gone = moves.filter((one) => one.to === null).map((one) => yearly(model, one.part));
  if (!stock && !gone.length) return null;
  const out = new Float64Array(P * S);
  for (let i = 0; i < P * S; i++) {
    let left = 0;
    for (const one of gone) left += one[i];
    out[i] = (stock ? (stock.begin[i] + stock.came[i]) / (1 + 12 / model.months[form * S + (i % S)]) : 1) * (1 - left);
  }
  return out;
}

function counted(model, forms, grown) {
  const { P, S, F } = model, share = new Float64Array(P * S).fill(1);
  for (let form = 0; form < F - 1; form++) {
    const seen = forms[form] && (forms[form].seen ??= helped(model, form, forms[form]));
    if (seen) for (let i = 0; i < P * S; i++) share[i] += model.client_weights[form * S + (i % S)] * (seen[i] - 1);
  }
  return model.clients.map((one, i) => one * (grown ? grown[i] : 1) * share[i]);
}

function priced(model, forms) {
  const { P, S, F } = model, share = new Float64Array(P * S).fill(1);
  for (let form = 0; form < F - 1; form++) {
    if (!forms[form]?.price) continue;
    const mean = (forms[form].rise ??= yearly(model, forms[form].price));
    for (let i = 0; i < P * S; i++) {
      share[i] += model.shares[model.byYear ? form * P * S + i : form * S + (i % S)] * (mean[i] - 1);
    }
  }
  return model.price.map((one, i) => one * share[i]);
}

// --- What is shown -------------------------------------------------------------------------------------------------

// Mean and quantiles, by linear interpolation between the samples in order.
export function summary(values) {
  const sorted = Float64Array.from(values).sort();
  const quantiles = QUANTILES.map((q) => {
    const at = q * (sorted.length - 1), below = Math.floor(at), above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (sorted[above] - sorted[below]) * (at - below);
  });
  return { mean: values.reduce((sum, one) => sum + one, 0) / values.length, quantiles };
}

const row = (model, values, p) => values.subarray(p * model.S, (p + 1) * model.S);
const minus = (a, b) => a.map((one, s) => one - b[s]);

function chance(values, amount) {
  return amount === null ? null : values.reduce((count, one) => count + (one > amount), 0) / values.length;
}

// The amount that a year is compared with: its own budget, or else the amount given for years without one.
function compared(model, year, amount) {
  return model.budgets[year] ?? amount ?? null;
}

// The same of the base, which no lever changes.
function baseline(model) {
  return (model.baseline ??= model.years.map((_, p) => ({ cost: summary(row(model, model.cost_eur, p)),
    clients: summary(row(model, model.clients, p)) })));
}

// Every number that the panel shows of a scenario.
export function shown(model, chosen, { year = model.years.at(-1), amount = null } = {}) {
  const result = apply(model, chosen), base = baseline(model);
  const years = model.years.map((one, p) => {
    const cost = row(model, result.cost_eur, p), before = row(model, model.cost_eur, p), budget = compared(model, one, amount);
    return { year: one, budget, cost: summary(cost), base_cost: base[p].cost, difference: summary(minus(cost, before)),
      clients: summary(row(model, result.clients, p)), base_clients: base[p].clients,
      above: chance(cost, budget), base_above: chance(before, budget) };
  });
  return { year, years, steps: waterfall(model, chosen, result, model.years.indexOf(year)) };
}

// Logarithmic mean of two amounts.
function between(a, b) {
  const r = a / b - 1;
  return Math.abs(r) < 1e-6 ? b * (1 + r / 2 - (r * r) / 12) : (a - b) / Math.log(a / b);
}

// What one lever alone does to the cost of a year; kept, because moving another lever does not change it.
function only(model, lever, given, p) {
  const end = row(model, model.cost_eur, p);
  return remembered(model.alone, `${p} ${keyed(lever, settings(lever, given))}`, () => {
    const effect = minus(row(model, apply(model, { [lever.id]: given }).cost_eur, p), end);
    return { effect, ...summary(effect) };
  }, 200);
}

// The steps from the base year to year p that no lever changes.
function driven(model, p) {
  const { start, S } = model, at = (name) => row(model, model[name], p);
  const [end, youths, clients, price] = ["cost_eur", "youths", "clients", "price"].map(at);
  const parts = Object.fromEntries(["population", "usage", "price", "mix"].map((id) => [id, new Float64Array(S)]));
  for (let s = 0; s < S; s++) {
    const L = between(end[s], start.cost_eur[s]), more = Math.log(youths[s] / start.youths[s]);
    parts.population[s] = L * more;
    parts.usage[s] = L * (Math.log(clients[s] / start.clients[s]) - more);
    parts.price[s] = L * Math.log(price[s]);
    parts.mix[s] = end[s] - start.cost_eur[s] - parts.population[s] - parts.usage[s] - parts.price[s];
  }
  return [{ id: "start", ...summary(start.cost_eur) }, ...Object.entries(parts).map(([id, values]) => ({ id, ...summary(values) }))];
}

// From the base year to year p: what each step adds, in every sample, summed up last.
function waterfall(model, chosen, result, p) {
  const costs = row(model, result.cost_eur, p), rest = minus(costs, row(model, model.cost_eur, p));
  const steps = [...((model.driven ??= [])[p] ??= driven(model, p))];
  const active = model.levers.filter((one) => Object.hasOwn(chosen, one.id));
  for (const lever of active) {
    const { effect, mean, quantiles } = only(model, lever, chosen[lever.id], p);
    for (let s = 0; s < model.S; s++) rest[s] -= effect[s];
    steps.push({ id: lever.id, mean, quantiles });
  }
  if (active.length > 1) steps.push({ id: "interaction", ...summary(rest) });
  return [...steps, { id: "end", ...summary(costs) }];
}

// --- Reading and writing a scenario: from the address, a file or Python, all refused in words by the same checks ------

// A refusal: the name of a text of the payload and what fills it in.
class Refused extends Error {
  constructor(text, values = {}) {
    super(text);
    Object.assign(this, { text, values });
  }
}

function nearest(name, known) {
  const distance = (a, b) => {
    let before = Array.from({ length: b.length + 1 }, (_, i) => i);
    for (let i = 1; i <= a.length; i++) {
      const now = [i];
      for (let j = 1; j <= b.length; j++) {
        now.push(Math.min(before[j] + 1, now[j - 1] + 1, before[j - 1] + (a[i - 1] !== b[j - 1])));
      }
      before = now;
    }
    return before.at(-1);
  };
  return known.toSorted((a, b) => distance(name, a) - distance(name, b))[0];
}

const LIMITS = { ramp_months: [0, 120], one_off_eur_per_youth: [0, 1000], running_eur_per_youth: [0, 1000], cost_ratio: [0, 3] };
const WHOLE = ["start", "ramp_months"];

export function limits(model, lever, name) {
  if (name === "size") return [lever.minimum, lever.maximum];
  return name === "start" ? [model.years[0], model.years.at(-1)] : LIMITS[name];
}

// A scenario that may be used: only known levers, each with only what differs from its default; else a refusal.
export function checked(model, given) {
  const mapping = (one) => one !== null && typeof one === "object" && !Array.isArray(one);
  if (!mapping(given)) throw new Refused("refused_shape");
  for (const key of Object.keys(given)) {
    if (!["title", "text", "levers"].includes(key)) throw new Refused("refused_key", { name: key.slice(0, 40) });
  }
  const title = mapping(given.title) ? given.title[model.language] ?? given.title.nl : given.title ?? "";
  if (typeof title !== "string" || title.length > 120) throw new Refused("refused_title");
  if (!mapping(given.levers ?? {})) throw new Refused("refused_shape");
  const found = {}, known = new Map(model.levers.map((one) => [one.id, one]));
  for (const [id, values] of Object.entries(given.levers ?? {})) {
    const lever = known.get(id);
    if (!lever) throw new Refused("refused_lever", { name: id.slice(0, 60), near: nearest(id.slice(0, 60), [...known.keys()]) });
    if (values !== null && !mapping(values)) throw new Refused("refused_shape");
    found[id] = differing(model, lever, values ?? {});
  }
  together(model, found);
  return { title, levers: Object.fromEntries(model.levers.filter((one) => found[one.id]).map((one) => [one.id, found[one.id]])) };
}

// Its start always stands there: the default of a lever may lie beyond a short horizon.
function differing(model, lever, values) {
  const own = {}, unknown = Object.keys(values).find((name) => !SETTINGS.includes(name));
  if (unknown !== undefined) throw new Refused("refused_key", { name: unknown.slice(0, 40) });
  for (const name of SETTINGS) {
    const value = values[name] ?? lever.default[name];
    if (name === "cost_ratio" && lever.to === null) {
      if (value !== null) throw new Refused("refused_ratio", { lever: lever.title });
      continue;
    }
    const [low, high] = limits(model, lever, name), fits = WHOLE.includes(name) ? Number.isInteger(value) : Number.isFinite(value);
    if (!fits || value < low || value > high) {
      throw new Refused("refused_value", { lever: lever.title, setting: model.texts[`setting_${name}`],
        value: String(value).slice(0, 20), low, high });
    }
    if (value !== lever.default[name] || name === "start") own[name] = value;
  }
  return own;
}

// What no lever may do together: move more than there is, limit a form twice, or move care round in a circle.
function together(model, found) {
  const moving = model.levers.filter((one) => found[one.id] && ["substitution", "cap"].includes(one.mechanism)
    && settings(one, found[one.id]).size !== 0);
  const names = (levers) => levers.map((one) => one.title).join(" + ");
  const ways = new Map();
  for (let form = 0; form < model.F; form++) {
    const leaving = moving.filter((one) => one.forms.includes(form)), caps = leaving.filter((one) => one.mechanism === "cap");
    const title = model.forms[form].title;
    if (caps.length > 1) throw new Refused("refused_caps", { levers: names(caps), form: title });
    const size = (one) => Math.abs(settings(one, found[one.id]).size) * one.exposure * one.furthest;
    const total = leaving.reduce((sum, one) => sum + size(one), 0);
    if (total > 100) throw new Refused("refused_more", { levers: names(leaving), form: title, total: Math.round(total) });
    ways.set(form, leaving.map((one) => one.to).filter((to) => to !== null));
  }
  for (const [begin, first] of ways) {
    const seen = new Set(), ahead = [...first];
    while (ahead.length) {
      const form = ahead.pop();
      if (form === begin) throw new Refused("refused_circle", { form: model.forms[form].title });
      if (!seen.has(form)) ahead.push(...(ways.get(form) ?? []));
      seen.add(form);
    }
  }
}

// The address: #scenario=title&lever=size,start,ramp,one-off,running,ratio, with nothing where it is the default.
export function toAddress(model, scenario) {
  const words = new URLSearchParams([["scenario", scenario.title]]);
  for (const [id, own] of Object.entries(scenario.levers)) {
    words.append(id, SETTINGS.map((name) => own[name] ?? "").join(",").replace(/,+$/, ""));
  }
  return `#${words}`;
}

export function isAddress(text) {
  return /^#scenario=/.test(text);
}

export function fromAddress(text) {
  const levers = Object.create(null), words = new URLSearchParams(text.slice(1, 4000));
  const title = words.get("scenario");
  words.delete("scenario");
  for (const [id, values] of words) {
    const parts = values.split(",");
    if (parts.length > SETTINGS.length || Object.hasOwn(levers, id)) throw new Refused("refused_address");
    levers[id] = Object.fromEntries(parts.map((one, i) => [SETTINGS[i], one]).filter(([, one]) => one !== "")
      .map(([name, one]) => [name, number(one)]));
  }
  return { title, levers };
}

function number(text) {
  return /^[-+]?(\d+\.?\d*|\.\d+)$/.test(text) ? Number(text) : text;
}

// A scenario file: only what differs from the base, and of each lever its size and start.
export function toYaml(model, scenario) {
  const lines = model.levers.filter((one) => Object.hasOwn(scenario.levers, one.id)).map(({ id, default: usual }) => {
    const own = { size: usual.size, ...scenario.levers[id] };
    const said = SETTINGS.filter((name) => name in own).map((name) => `${name}: ${own[name]}`);
    return `  ${id}: {${said.join(", ")}}`;
  });
  const about = [model.area, ...passport(model).slice(0, 4).map(([label, value]) => `${label}: ${value}`)].join("; ");
  return [`# ${about.replace(/\s+/g, " ")}`, `title: ${JSON.stringify(scenario.title)}`,
    lines.length ? `levers:\n${lines.join("\n")}` : "levers: {}", ""].join("\n");
}

// Mappings and single values: all of YAML that a scenario file needs. Anything else is refused with its line.
export function fromYaml(text) {
  if (text.length > LARGEST_FILE) throw new Refused("refused_size");
  const lines = text.replace(/^\uFEFF/, "").split(/\r?\n/).map((one, i) => ({ number: i + 1, indent: one.search(/\S|$/),
    text: bare(one).trim() })).filter((one) => one.text && one.text !== "---");
  const reader = { lines, at: 0 }, found = mapping(reader, 0);
  if (reader.at < lines.length) throw new Refused("refused_line", { line: lines[reader.at].number });
  return found;
}

// A line without its comment; a # inside quotes is text.
function bare(line) {
  const found = /^(?:[^"'#]|"(?:[^"\\]|\\.)*"|'[^']*'|(?<=\S)['#])*/.exec(line)[0];
  return line[found.length] === "#" ? found : line;
}

function mapping(reader, depth) {
  const { lines } = reader, found = Object.create(null), indent = lines[reader.at]?.indent ?? 0;
  while (reader.at < lines.length && lines[reader.at].indent === indent) {
    const line = lines[reader.at], match = /^([A-Za-z][\w-]*):(?:\s+(.*))?$/.exec(line.text);
    if (!match || match[1] in found || depth > 3) throw new Refused("refused_line", { line: line.number });
    reader.at += 1;
    const deeper = () => reader.at < lines.length && lines[reader.at].indent > indent;
    if (match[2] === undefined) {
      found[match[1]] = deeper() ? mapping(reader, depth + 1) : null;
      continue;
    }
    let value = /^[|>]-?$/.test(match[2]) ? "" : match[2];
    while (deeper()) value += ` ${lines[reader.at++].text}`;
    found[match[1]] = scalar(value.trim(), line.number);
  }
  return found;
}

function scalar(text, line) {
  if (/^\{.*\}$/.test(text)) return flow(text.slice(1, -1), line);
  if (/^".*"$/.test(text)) {
    try {
      return JSON.parse(text);
    } catch {
      throw new Refused("refused_line", { line });
    }
  }
  if (/^'.*'$/.test(text)) return text.slice(1, -1).replaceAll("''", "'");
  if (/^[[\]{}&*!|>%@`"']|:\s/.test(text)) throw new Refused("refused_line", { line });
  return text === "null" || text === "~" || text === "" ? null : number(text);
}

function flow(text, line) {
  const found = Object.create(null);
  for (const part of text.match(/(?:[^,"']|"(?:[^"\\]|\\.)*"|'[^']*')+/g) ?? []) {
    if (!part.trim()) continue;
    const match = /^\s*([A-Za-z][\w-]*):\s+(.+?)\s*$/.exec(part);
    if (!match || match[1] in found) throw new Refused("refused_line", { line });
    found[match[1]] = scalar(match[2], line);
  }
  return found;
}

// --- Numbers and words, as analyse.present.formats writes them --------------------------------------------------------

const NBSP = "\u00a0", MINUS = "\u2212", MILLION = 1e6;

function filled(text, values) {
  return text.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
}

function say(model, name, values = {}) {
  return filled(model.texts[name], values);
}

const FORMATS = new Map();

function decimal(model, value, decimals = 0) {
  const key = `${model.language} ${decimals}`;
  if (!FORMATS.has(key)) {
    FORMATS.set(key, new Intl.NumberFormat(model.language, { minimumFractionDigits: decimals, maximumFractionDigits: decimals }));
  }
  return FORMATS.get(key).format(Math.abs(value));
}

const significant = (value, digits) => (value === 0 ? 0 : Number(value.toPrecision(digits)));

function scaled(model, value, digits, largest) {
  const rounded = Math.abs(significant(value, digits)), unit = largest ?? rounded;
  for (const [size, word] of [[1e9, "billion"], [1e6, "million"]]) {
    if (unit >= size) {
      const decimals = Math.max(digits - 1 - Math.floor(Math.log10((rounded || unit) / size)), 0);
      return [decimal(model, rounded / size, decimals), say(model, word)];
    }
  }
  return [decimal(model, rounded), ""];
}

const eur = (model, text, negative) => `${negative && /[1-9]/.test(text) ? MINUS : ""}€${model.language === "nl" ? NBSP : ""}${text}`;

function euro(model, value, digits = 3) {
  const [text, word] = scaled(model, value, digits);
  return eur(model, text, value < 0) + (word && NBSP + word);
}

function euros(model, low, high, digits = 2) {
  const largest = Math.max(Math.abs(significant(low, digits)), Math.abs(significant(high, digits)));
  const [[a], [b, word]] = [low, high].map((one) => scaled(model, one, digits, largest));
  return say(model, "low_and_high", { low: eur(model, a, low < 0), high: eur(model, b, high < 0) }) + (word && NBSP + word);
}

function about(model, value, digits = 3) {
  return decimal(model, significant(value, digits));
}

function percent(model, value, decimals = 0, plus = false) {
  const text = decimal(model, value, decimals), sign = /[1-9]/.test(text) ? (value < 0 ? MINUS : plus ? "+" : "") : "";
  return `${sign}${text}${model.language === "nl" ? NBSP : ""}%`;
}

const CHANCES = [2, 3, 4, 5, 10, 20, 100].flatMap((whole) => Array.from({ length: whole - 1 }, (_, i) => [i + 1, whole]));

// A chance in per cent; never 0 or 100, because a future is never that sure.
function likelihood(model, value) {
  if (value > 0.99) return say(model, "more_than", { percent: percent(model, 99) });
  return value < 0.01 ? say(model, "less_than", { percent: percent(model, 1) }) : percent(model, 100 * value);
}

function inWords(model, value) {
  if (value > 0.99) return say(model, "nearly_always");
  if (value < 0.01) return say(model, "nearly_never");
  const tolerance = value >= 0.075 && value <= 0.925 ? 0.025 : value >= 0.03 && value <= 0.97 ? 0.01 : 0.005;
  const whole = (CHANCES.find(([part, all]) => Math.abs(part / all - value) <= tolerance) ?? [1, 100])[1];
  return say(model, "part_in_whole", { part: Math.round(value * whole), whole });
}

const decimals = (step) => (String(step).split(".")[1] ?? "").length;

function sized(model, lever, size) {
  const text = percent(model, size, Math.max(decimals(lever.step), decimals(Number(size.toFixed(2)))), lever.minimum < 0);
  return lever.unit === "percent" ? text : say(model, "a_year", { size: text });
}

// The size that comes true in four of five samples.
function range(model, lever, size) {
  const { quantiles } = (lever.spread ??= summary(lever.draws)), ends = [size * quantiles[1], size * quantiles[3]];
  const write = (one) => percent(model, one, Math.abs(one) < 10 && Math.abs(one) >= 0.05 ? 1 : 0, lever.minimum < 0);
  return say(model, "comes_true", { low: write(Math.min(...ends)), high: write(Math.max(...ends)) });
}

// What every chart carries: on what it rests and what was chosen, as pairs of label and value.
export function passport(model, scenario = { levers: {} }) {
  const active = model.levers.filter((one) => Object.hasOwn(scenario.levers, one.id)).map((one) => {
    const set = settings(one, scenario.levers[one.id]);
    return say(model, "lever_in_passport", { title: one.title, size: sized(model, one, set.size), start: set.start, class: one.evidence });
  });
  return [...(scenario.title ? [[say(model, "passport_title"), scenario.title]] : []),
    ...model.passport.map(({ label, value }) => [label, value]),
    [say(model, "passport_levers"), active.join("; ") || say(model, "passport_none")]];
}

// The scenario in one sentence or two.
export function finding(model, numbers, scenario) {
  const one = numbers.years.find((each) => each.year === numbers.year), [, low, middle, high] = one.cost.quantiles;
  const values = { area: model.area, year: one.year, middle: euro(model, middle, 2), between: euros(model, low, high),
    base: euro(model, one.base_cost.quantiles[2], 2) };
  const parts = Object.keys(scenario.levers).length
    ? [say(model, "finding", values), difference(model, one.difference.quantiles)] : [say(model, "finding_base", values)];
  if (one.above !== null) {
    const words = { amount: euro(model, one.budget), chance: inWords(model, one.above), percent: likelihood(model, one.above),
      before: likelihood(model, one.base_above) };
    parts.push(say(model, Object.keys(scenario.levers).length ? "finding_chance" : "finding_chance_base", words));
  }
  return parts.join(" ");
}

function difference(model, [, low, middle, high]) {
  if (low === high && middle === 0) return say(model, "same");
  if (low < 0 && high > 0) return say(model, "unsure", { less: euro(model, -low, 2), more: euro(model, high, 2) });
  const less = middle < 0, ends = less ? [-high, -low] : [low, high];
  return say(model, less ? "less" : "more_cost", { amount: euro(model, Math.abs(middle), 2), between: euros(model, ...ends) });
}

// --- The charts: drawn as SVG, because that is fast and follows the colours of the page -------------------------------

const NARROW = 520;

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

// A fan: what is known, the base, and the scenario with its bands. ``lines`` is what chartLines makes.
function fan(model, { known, budget, base, scenario, unit, scale }, width) {
  const narrow = width < NARROW, height = Math.round(Math.min(Math.max(width * 0.5, 240), 360));
  const left = 44, right = narrow ? 10 : 128, top = 26, bottom = 26, active = scenario !== null;
  const fans = active ? [...base, ...scenario] : base, all = [...known, ...budget].map((one) => one.value);
  const highest = 1.04 * Math.max(...fans.map((one) => one.quantiles[4]), ...all);
  const years = [...known, ...budget, ...base].map((one) => one.year), first = Math.min(...years), last = Math.max(...years);
  const x = (year) => left + ((year - first + 0.4) / (last - first + 0.8)) * (width - left - right);
  const y = (value) => height - bottom - (value / highest) * (height - bottom - top);
  const place = (series, q) => series.map((one) => [x(one.year), y(one.quantiles[q])]);
  const band = (series, low, high, name) => `<path class="${name}" d="${path([...place(series, low), ...place(series, high).reverse()])}Z"/>`;
  const out = ticks(highest).map((one) => `<line class="grid" x1="${left}" x2="${width - right}" y1="${y(one)}" y2="${y(one)}"/>`
    + `<text class="tick" x="${left - 6}" y="${y(one) + 4}" text-anchor="end">${esc(axis(model, one / scale))}</text>`);
  const every = narrow ? Math.ceil((last - first + 1) / 6) : 1;
  for (let year = first; year <= last; year++) {
    if ((last - year) % every === 0) out.push(`<text class="tick" x="${x(year)}" y="${height - 8}" text-anchor="middle">${year}</text>`);
  }
  out.push(`<text class="tick" x="4" y="13">${esc(unit)}</text>`);
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
    const total = one.id === "start" || one.id === "end", from = total ? 0 : level, to = from + one.mean;
    level = to;
    return { ...one, total, from, to, low: total ? to : from + one.quantiles[1], high: total ? to : from + one.quantiles[3] };
  });
  const ends = bars.flatMap((one) => [one.from, one.to, one.low, one.high]), least = Math.min(0, ...ends), most = Math.max(...ends);
  const x = (value) => left + ((value - least) / (most - least)) * (width - left - right);
  const out = [`<line class="axis" x1="${x(0)}" x2="${x(0)}" y1="0" y2="${each * bars.length}"/>`];
  bars.forEach((one, i) => {
    const y = i * each + (narrow ? 20 : 7), name = stepName(model, numbers, one.id), unit = narrow && i === 0, a = Math.min(one.from, one.to);
    const kind = one.total ? "total" : one.mean < 0 ? "down" : "up", size = Math.max(Math.abs(x(one.to) - x(one.from)), 1);
    if (narrow) out.push(`<text class="label" x="${left}" y="${y - 5}">${esc(unit ? `${name} (${say(model, "million_euros")})` : name)}</text>`);
    else broken(name, 30).forEach((line, n, { length }) => out.push(`<text class="label" x="${left - 10}" text-anchor="end"
      y="${y + 15 + (n - (length - 1) / 2) * 15}">${esc(line)}</text>`));
    out.push(`<rect class="${kind}" x="${x(a)}" y="${y}" width="${size}" height="22"/>`);
    if (one.low < one.high) out.push(`<path class="whisker" d="M${x(one.low)},${y + 11}H${x(one.high)}"/>`);
    const text = (one.total || one.mean < 0 ? "" : "+") + euro(model, one.mean, one.total ? 3 : 2);
    const short = narrow ? (one.total || one.mean < 0 ? "" : "+") + (one.mean < 0 ? MINUS : "") + decimal(model, one.mean / MILLION, 1) : text;
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

// --- The tables ----------------------------------------------------------------------------------------------------

// A minus stays on the line of its amount.
const whole = (text) => text.replace(/\u2212€\u00a0[\d.,]+/g, (one) => `<span class="amount">${one}</span>`);

// A cell is a text, or a text with its interval below it.
function table(caption, heads, rows) {
  const head = heads.map((one, i) => `<th scope="col"${i ? ' class="number"' : ""}>${esc(one)}</th>`).join("");
  const cell = (one) => (Array.isArray(one) ? `${esc(one[0])}<br><small>${whole(esc(one[1]))}</small>` : esc(one));
  const body = rows.map(([first, ...rest]) => `<tr><th scope="row">${esc(first)}</th>`
    + `${rest.map((one) => `<td class="number">${cell(one)}</td>`).join("")}</tr>`).join("");
  return `<table><caption>${esc(caption)}</caption><thead><tr>${head}</tr></thead><tbody>${body}</tbody></table>`;
}

function yearTable(model, numbers) {
  const likely = ([, low, , high], digits) => say(model, "likely", { between: euros(model, low, high, digits) });
  const changed = ({ quantiles }) => (quantiles[0] === 0 && quantiles[4] === 0 ? say(model, "none")
    : [(quantiles[2] > 0 ? "+" : "") + euro(model, quantiles[2], 2), likely(quantiles, 2)]);
  const chance = (value) => likelihood(model, value);
  const rows = numbers.years.map((one) => {
    const budget = one.budget === null ? say(model, "unknown") : euro(model, one.budget) + (one.year in model.budgets ? "" : "*");
    return [one.year, [euro(model, one.cost.quantiles[2]), likely(one.cost.quantiles, 3)],
      [euro(model, one.base_cost.quantiles[2]), likely(one.base_cost.quantiles, 3)], changed(one.difference), budget,
      one.above === null ? say(model, "unknown") : [chance(one.above), say(model, "chance_without", { percent: chance(one.base_above) })]];
  });
  const heads = ["year", "with", "without", "difference", "budget", "above"];
  return table(say(model, "caption_years", { area: model.area }), heads.map((one) => say(model, `head_${one}`)), rows);
}

function clientTable(model, numbers) {
  const heads = ["year", "with", "without"].map((one) => say(model, `head_${one}`));
  const cell = ({ quantiles: [, low, middle, high] }) => [about(model, middle),
    say(model, "likely", { between: say(model, "low_and_high", { low: about(model, low), high: about(model, high) }) })];
  const rows = numbers.years.map((one) => [one.year, cell(one.clients), cell(one.base_clients)]);
  return table(say(model, "caption_clients", { area: model.area }), heads, rows);
}

function stepTable(model, numbers) {
  const rows = numbers.steps.map((one) => {
    const total = one.id === "start" || one.id === "end";
    const ends = one.id === "start" ? "–" : euros(model, one.quantiles[1], one.quantiles[3], 2);
    return [stepName(model, numbers, one.id), euro(model, one.mean, total ? 3 : 2), ends];
  });
  const caption = say(model, "caption_steps", { area: model.area, start: model.base_year, end: numbers.year });
  return table(caption, ["step", "amount", "interval"].map((one) => say(model, `head_${one}`)), rows);
}

// --- The panel -----------------------------------------------------------------------------------------------------

let mounted = 0;

function controls(model, id) {
  const groups = new Map();
  for (const lever of model.levers) groups.set(lever.group, [...(groups.get(lever.group) ?? []), lever]);
  return [...groups].map(([name, levers], i) => `<details class="group"${i ? "" : " open"}><summary>${esc(say(model, `group_${name}`))}
    <span data-count="${name}"></span></summary>${levers.map((one) => control(model, id, one)).join("")}</details>`).join("");
}

function control(model, id, lever) {
  const own = `${id}-${lever.id}`, years = model.years.map((one) => `<option>${one}</option>`).join("");
  const words = (name) => esc(say(model, name));
  const amount = (name, step) => `<label>${words(`setting_${name}`)} <input type="number" data-set="${name}" step="${step}"
    min="${limits(model, lever, name)[0]}" max="${limits(model, lever, name)[1]}" inputmode="decimal"></label>`;
  return `<fieldset data-lever="${lever.id}"><legend><label><input type="checkbox" data-on> ${esc(lever.title)}</label></legend>
    <div class="slide"><label for="${own}-size">${words("setting_size")}</label>
    <output for="${own}-size"></output><span class="ends"><span>${esc(percent(model, lever.minimum))}</span>
    <input type="range" id="${own}-size" data-set="size" data-lm-suppress-shortcuts="true" min="${lever.minimum}"
      max="${lever.maximum}" step="${lever.step}"><span>${esc(percent(model, lever.maximum))}</span></span></div>
    <p class="spread" data-spread></p>
    <label class="start">${words("setting_start")} <select data-set="start">${years}</select></label>
    <details><summary>${words("more")}<span class="unseen">: ${esc(lever.title)}</span></summary><p>${esc(lever.text)}</p>
    <p><strong>${words("evidence")} ${lever.evidence}:</strong> ${words(`evidence_${lever.evidence}`)}. ${esc(evidence(model, lever))}
    ${words("source")} ${esc(lever.source)}. ${words("action_line")} ${esc(lever.action_line)}.</p>
    <div class="amounts">${amount("ramp_months", 1)}${COSTS.map((one) => amount(one, "any")).join("")}${
      lever.to === null ? "" : amount("cost_ratio", "any")}</div></details></fieldset>`;
}

function evidence(model, lever) {
  if (lever.low === 0 && lever.high === 0) return say(model, "evidence_none");
  const write = (one) => sized(model, lever, one);
  return say(model, "evidence_interval", { low: write(lever.low), middle: write(lever.mid), high: write(lever.high),
    coverage: percent(model, 100 * lever.coverage) });
}

function frame(model, id, host) {
  const words = (name) => esc(say(model, name));
  const button = (name, action) => `<button type="button" data-do="${action}">${words(name)}</button>`;
  const ready = model.ready.map((one, i) => `<button type="button" data-example="${i}" aria-pressed="false">${esc(one.title)}</button>`);
  const options = model.years.map((one) => `<option>${one}</option>`).join("");
  const chart = (name) => `<figure class="chart" aria-labelledby="${id}-${name}-title"><figcaption id="${id}-${name}-title"></figcaption>
    <div class="drawn" role="img" data-chart="${name}"></div><ul class="legend" role="list" data-legend="${name}"></ul>
    <p class="note" data-note="${name}"></p><p class="note passport" data-passport></p>
    <details><summary>${words("as_table")}</summary><div class="scroll" role="region" tabindex="0" aria-label="${words(`table_${name}`)}"
      data-table="${name}"></div></details></figure>`;
  return `<div class="scenario-panel" role="group" aria-label="${words("panel")}">
    <p class="finding" data-finding></p><p class="unseen" role="status" aria-live="polite" data-live></p>
    <p class="banner" role="alert" data-refused hidden></p>
    <div class="ready" role="group" aria-label="${words("examples")}"><span>${words("examples")}:</span> ${ready.join(" ")}</div>
    <div class="halves"><div class="levers" role="group" aria-label="${words("levers")}">${controls(model, id)}</div>
    <div class="outcome"><div class="choices"><label>${words("look_at")} <select data-year>${options}</select></label>
    <label>${words("compare_with")} <input type="number" data-amount min="0" step="any" inputmode="decimal"></label></div>
    ${chart("cost")}${chart("clients")}
    <div class="scroll" role="region" tabindex="0" aria-label="${words("table_years")}" data-table="years"></div>
    <p class="note" data-note="years"></p>${chart("steps")}
    <section aria-labelledby="${id}-passport"><h3 id="${id}-passport">${words("passport")}</h3><dl class="passport-list" data-list></dl></section>
    </div></div>
    <div class="keep"><label>${words("name")} <input type="text" data-title maxlength="120" autocomplete="off"></label>
    ${button("save", "save")}<label class="file">${words("open")}<input type="file" class="unseen" data-file accept=".yaml,.yml,text/yaml"></label>
    ${host.address ? button("copy", "copy") + button("print", "print") : ""}${button("reset", "reset")}</div></div>`;
}

// A panel in an element. ``host`` says whether the scenario stands in the address, and hears of each change.
export function mount(place, payload, host = {}) {
  const model = unpack(payload), id = `scenario-${(mounted += 1)}`;
  place.innerHTML = frame(model, id, host);
  const panel = new Panel(model, place.firstElementChild, host);
  panel.begin(host.scenario);
  return panel;
}

class Panel {
  constructor(model, root, host) {
    Object.assign(this, { model, root, host, scenario: { title: "", levers: {} }, year: model.years.at(-1), waiting: 0, paper: 0,
      put: new Map() });
    const known = Object.entries(model.budgets);
    this.amount = known.length ? known.at(-1)[1] : null;
    this.listeners = new AbortController();
    this.one("[data-year]").value = this.year;
    this.one("[data-amount]").value = this.amount === null ? "" : Math.round(this.amount / 1e4) / 100;
  }

  one(selector) {
    return this.root.querySelector(selector);
  }

  all(selector) {
    return [...this.root.querySelectorAll(selector)];
  }

  begin(scenario) {
    const listen = (target, name, act) => target.addEventListener(name, act, { signal: this.listeners.signal });
    listen(this.root, "input", (event) => this.moved(event.target));
    listen(this.root, "change", (event) => this.picked(event.target));
    listen(this.root, "click", (event) => this.pressed(event.target.closest("button")));
    this.root.addEventListener("toggle", () => this.numbers && this.tables(this.numbers), { capture: true, signal: this.listeners.signal });
    listen(window, "beforeprint", () => this.print(660));
    listen(window, "afterprint", () => this.print(0));
    if (this.host.address) listen(window, "hashchange", () => isAddress(location.hash) && this.take(() => fromAddress(location.hash)));
    this.sizes = new ResizeObserver(() => this.all("[data-chart]").some((one) => one.clientWidth !== this.width) && this.draw());
    this.sizes.observe(this.one('[data-chart="cost"]'));
    const given = this.host.address && isAddress(location.hash) ? () => fromAddress(location.hash) : () => scenario;
    if (!given() || !this.take(given, false)) this.draw();
  }

  end() {
    this.listeners.abort();
    this.sizes.disconnect();
    clearTimeout(this.waiting);
  }

  // Take a scenario from elsewhere; one that does not fit is refused in words and changes nothing.
  take(read, tell = true) {
    try {
      const given = read();
      this.scenario = checked(this.model, given && typeof given === "object" ? given : null);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      this.refuse(error);
      return false;
    }
    this.refuse(null);
    this.draw();
    if (tell) this.told();
    return true;
  }

  refuse(error) {
    const place = this.one("[data-refused]");
    place.hidden = !error;
    place.textContent = error ? say(this.model, error.text, error.values) : "";
  }

  moved(target) {
    const lever = target.closest("[data-lever]")?.dataset.lever;
    if (target.matches("[data-title]")) {
      this.scenario = { ...this.scenario, title: target.value };
      this.told();
    } else if (target.matches("[data-amount]")) {
      this.amount = target.value === "" || !target.validity.valid ? null : target.valueAsNumber * MILLION;
      this.draw();
    } else if (lever && target.dataset.set && target.type === "range") this.set(lever, target.dataset.set, target.valueAsNumber);
  }

  picked(target) {
    const lever = target.closest("[data-lever]")?.dataset.lever, name = target.dataset.set;
    if (target.matches("[data-year]")) {
      this.year = Number(target.value);
      this.draw();
    } else if (target.matches("[data-file]")) this.opened(target);
    else if (target.matches("[data-on]")) this.change(lever, target.checked ? {} : null);
    else if (name && target.type !== "range") this.set(lever, name, target.value === "" ? NaN : Number(target.value));
  }

  set(lever, name, value) {
    const usual = this.model.levers.find((one) => one.id === lever).default;
    this.change(lever, { ...(this.scenario.levers[lever] ?? {}), [name]: value === usual[name] ? undefined : value });
  }

  // Change one lever; null takes it out.
  change(lever, own) {
    const levers = { ...this.scenario.levers };
    delete levers[lever];
    if (own) levers[lever] = Object.fromEntries(Object.entries(own).filter(([, value]) => value !== undefined));
    if (this.take(() => ({ ...this.scenario, levers }))) return;
    this.put.clear();
    this.controls();
  }

  async opened(target) {
    const [file] = target.files;
    if (!file) return;
    const text = file.size > LARGEST_FILE ? null : await file.text();
    target.value = "";
    this.take(() => {
      if (text === null) throw new Refused("refused_size");
      return fromYaml(text);
    });
  }

  pressed(button) {
    if (!button) return;
    if (button.dataset.example) this.take(() => this.model.ready[button.dataset.example]);
    const act = { reset: () => this.take(() => ({ title: "", levers: {} })), save: () => this.save(), print: () => window.print(),
      copy: () => this.copy() }[button.dataset.do];
    act?.();
  }

  save() {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([toYaml(this.model, this.scenario)], { type: "text/yaml" }));
    const name = this.scenario.title || `scenario ${this.model.area}`;
    link.download = `${name.toLowerCase().normalize("NFD").replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "") || "scenario"}.yaml`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  }

  async copy() {
    const address = location.href.split("#")[0] + toAddress(this.model, this.scenario);
    try {
      await navigator.clipboard.writeText(address);
      this.announce(say(this.model, "copied"));
    } catch {
      window.prompt(say(this.model, "copy"), address);
    }
  }

  // Tell the host and the address; not more often than a reader or a kernel can follow.
  told() {
    clearTimeout(this.telling);
    this.telling = setTimeout(() => {
      this.host.changed?.(this.scenario);
      if (this.host.address && toAddress(this.model, this.scenario) !== location.hash) {
        history.replaceState(null, "", toAddress(this.model, this.scenario));
      }
    }, 150);
  }

  announce(text) {
    this.one("[data-live]").textContent = text;
  }

  print(width) {
    this.paper = width;
    this.draw();
  }

  // --- Drawing: everything that follows from the scenario

  draw() {
    const { model, scenario, year, amount } = this, active = Object.keys(scenario.levers).length > 0;
    const numbers = shown(model, scenario.levers, { year, amount });
    this.numbers = numbers;
    this.controls();
    const sentence = finding(model, numbers, scenario);
    this.one("[data-finding]").textContent = sentence;
    clearTimeout(this.waiting);
    if (this.spoken !== undefined && this.spoken !== sentence) this.waiting = setTimeout(() => this.announce(sentence), 600);
    this.spoken = sentence;
    this.charts(numbers, active, sentence);
    this.tables(numbers, active);
    this.passport();
    this.root.dataset.state = "drawn";
  }

  controls() {
    const { model, scenario } = this, counts = {};
    for (const place of this.all("[data-lever]")) {
      const lever = model.levers.find((one) => one.id === place.dataset.lever), own = scenario.levers[lever.id];
      const on = own !== undefined, set = settings(lever, own ?? {}), find = (selector) => place.querySelector(selector);
      counts[lever.group] = (counts[lever.group] ?? 0) + on;
      const state = on ? keyed(lever, set) : "";
      if (this.put.get(lever.id) === state) continue;
      this.put.set(lever.id, state);
      place.classList.toggle("on", on);
      find("[data-on]").checked = on;
      for (const input of place.querySelectorAll("[data-set]")) {
        if (input !== document.activeElement || input.type !== "number") input.value = set[input.dataset.set];
      }
      const slider = find("[type=range]"), size = on ? set.size : Math.min(Math.max(0, lever.minimum), lever.maximum);
      slider.value = size;
      const said = on ? sized(model, lever, set.size) : say(model, "off");
      slider.setAttribute("aria-valuetext", `${lever.title}: ${said}`);
      find("output").textContent = said;
      find("[data-spread]").textContent = on && set.size !== 0 ? range(model, lever, set.size) : "";
    }
    for (const place of this.all("[data-count]")) {
      const count = counts[place.dataset.count];
      place.textContent = count ? say(model, "count", { count }) : "";
    }
    for (const place of this.all("[data-example]")) {
      const same = JSON.stringify(this.readyLevers(place.dataset.example)) === JSON.stringify(scenario.levers);
      place.setAttribute("aria-pressed", String(same));
    }
    if (this.one("[data-title]") !== document.activeElement) this.one("[data-title]").value = scenario.title;
  }

  readyLevers(place) {
    this.prepared ??= this.model.ready.map((one) => checked(this.model, one).levers);
    return this.prepared[place];
  }

  charts(numbers, active, sentence) {
    const { model } = this, lines = chartLines(model, numbers, active), values = { area: model.area, year: numbers.year };
    this.width = this.one('[data-chart="cost"]').clientWidth;
    const width = this.paper || this.width || 640;
    for (const name of ["cost", "clients"]) {
      const drawn = fan(model, lines[name], width), legends = this.one(`[data-legend="${name}"]`);
      this.picture(name, drawn.svg, say(model, active ? `title_${name}` : `title_${name}_base`, values),
        name === "cost" ? sentence : this.clientsInWords(numbers));
      legends.innerHTML = legend(model, drawn);
      this.one(`[data-note="${name}"]`).textContent = say(model, active ? "note_fan" : "note_fan_base") + this.partial(name);
    }
    const parts = numbers.steps.map((one) => `${stepName(model, numbers, one.id)} ${euro(model, one.mean, 2)}`).join("; ");
    this.picture("steps", steps(model, numbers, width), say(model, "title_steps", { ...values, start: model.base_year }),
      say(model, "alt_steps", { parts }));
    this.one('[data-note="steps"]').textContent = say(model, "note_steps");
  }

  partial(name) {
    const { known } = this.model, found = name === "cost" ? [known.cost_eur, known.budget] : [known.clients];
    return found.some((one) => Object.values(one).some((each) => each.partial)) ? ` ${say(this.model, "note_partial")}` : "";
  }

  picture(name, svg, title, words) {
    const place = this.one(`[data-chart="${name}"]`);
    place.innerHTML = svg;
    place.setAttribute("aria-label", words);
    place.closest("figure").querySelector("figcaption").textContent = title;
  }

  clientsInWords(numbers) {
    const { model } = this, one = numbers.years.find((each) => each.year === numbers.year), [, low, middle, high] = one.clients.quantiles;
    return say(model, "alt_clients", { year: one.year, middle: about(model, middle, 2), low: about(model, low, 2), high: about(model, high, 2),
      base: about(model, one.base_clients.quantiles[2], 2) });
  }

  tables(numbers) {
    const { model } = this, last = Object.keys(model.budgets).at(-1);
    const years = () => yearTable(model, numbers);
    const made = { years, cost: years, clients: () => clientTable(model, numbers), steps: () => stepTable(model, numbers) };
    for (const place of this.all("[data-table]")) {
      if (!place.closest("details:not([open])")) place.innerHTML = made[place.dataset.table]();
    }
    this.one('[data-note="years"]').textContent = say(model, last ? "note_years" : "note_years_unknown", { year: last });
  }

  passport() {
    const found = passport(this.model, this.scenario);
    const line = found.map(([label, value]) => `${label}: ${value}`).join(" · ");
    for (const place of this.all("[data-passport]")) place.textContent = line;
    this.one("[data-list]").innerHTML = found.map(([label, value]) => `<div><dt>${esc(label)}</dt><dd>${esc(value)}</dd></div>`).join("");
  }
}

// --- The two places ---------------------------------------------------------------------------------------------------

// A page of a report: each panel stands in place of nothing, above its base table, which then folds away.
export function start() {
  for (const script of document.querySelectorAll("script[data-scenario]")) {
    const place = document.getElementById(script.dataset.scenario), base = place.parentElement.querySelector("details.base");
    mount(place, JSON.parse(script.textContent), { address: true });
    place.hidden = false;
    if (base) base.open = false;
  }
}

// A cell of JupyterLab: the scenario is a trait, so Python follows the sliders and the sliders follow Python.
function render({ model, el }) {
  let latest = "";
  const changed = (scenario) => {
    latest = JSON.stringify(scenario);
    model.set("scenario", scenario);
    model.save_changes();
  };
  const panel = mount(el, model.get("payload"), { scenario: model.get("scenario"), changed });
  const follow = () => {
    if (JSON.stringify(model.get("scenario")) !== latest) panel.take(() => model.get("scenario"), false);
  };
  model.on("change:scenario", follow);
  return () => {
    model.off("change:scenario", follow);
    panel.end();
  };
}

export default { render };
