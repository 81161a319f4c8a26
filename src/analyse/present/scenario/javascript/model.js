// The scenario panel: one module, used by JupyterLab as an anywidget and put into the pages of the reports.
// From top to bottom: the model (the same numbers as analyse.scenario.core), what is shown, reading and writing a
// scenario, numbers and words, the charts, the panel, and the two places. Importing it does nothing.

// --- The model -----------------------------------------------------------------------------------------------------

const QUANTILES = [0.025, 0.1, 0.5, 0.9, 0.975];
const LARGEST_FILE = 65536;
const COSTS = ["one_off_eur_per_youth", "running_eur_per_youth"];
const SETTINGS = ["size", "start", "ramp_months", ...COSTS, "cost_ratio", "new_only"];
const STOCK = ["inflow", "duration"], MOVING = ["substitution", "cap"];

// An array of rows of samples: each row has its own lowest value and step, and 16 (or 8) bits a sample; equal rows stand once.
function numbers({ low, step, data, rows, width = 2 }, samples) {
  const bytes = Uint8Array.from(atob(data), (one) => one.charCodeAt(0));
  const out = new Float64Array(low.length * samples);
  let apart = 0;
  low.forEach((lowest, row) => {
    const begin = step[row] === 0 ? 0 : width * samples * (rows ? rows[apart++] : apart++);
    for (let s = 0; s < samples; s++) {
      const place = begin + width * s, high = width === 2 ? 256 * bytes[place + 1] : 0;
      out[row * samples + s] = step[row] === 0 ? lowest : lowest + (bytes[place] + high) * step[row];
    }
  });
  return out;
}

// The payload with its numbers unpacked.
export function unpack(payload) {
  const S = payload.samples, read = (one) => (one ? numbers(one, S) : null);
  const levers = new Map(payload.levers.map((one) => [one.id, one]));  // equal draws stand with the first lever that has them
  const each = (group, names) => Object.fromEntries(names.map((name) => [name, read(levers.get(group[name])?.[name] ?? group[name])]));
  const P = payload.years.length, F = payload.forms.length;
  const model = { ...payload, S, P, F, M: 12 * P, start: each(payload.start, ["youths", "clients", "cost_eur"]),
    ...each(payload, ["youths", "clients", "price", "cost_eur", "shares", "client_weights", "months", "waiting"]),
    levers: payload.levers.map((one) => ({ ...one, ...each(one, ["draws", "found", "ratio", "cost_draws", "capacity"]) })), alone: new Map(),
    kept: new Map() };
  model.byYear = model.shares.length > (F - 1) * S;
  const of = (values, form) => values.slice(form * S, (form + 1) * S).join();
  const rows = Array.from({ length: F - 1 }, (_, form) => `${of(model.months, form)};${of(model.waiting, form)}`);
  model.lasting = rows.map((one) => rows.indexOf(one));
  return model;
}

const settings = (lever, given) => ({ ...lever.default, ...given });
const keyed = (lever, set) => `${lever.id} ${[...SETTINGS, "works_as_set"].map((name) => set[name]).join(" ")}`;

// A size of a lever as a part of what it acts on, roughly: for what is checked before anything is reckoned.
const partly = (lever, size) => Math.abs(size) * lever.percent_of_one * lever.exposure * lever.furthest;

// A value by its key, worked out once; only the last ones are kept.
function remembered(found, key, work, most) {
  if (!found.has(key)) {
    if (found.size >= most) found.delete(found.keys().next().value);
    found.set(key, work());
  }
  return found.get(key);
}

// A lever as it acts: its effect in each sample, its ramp by month (with its scale), and the years since its start.
function prepared(model, lever, chosen) {
  const set = settings(lever, chosen[lever.id]), first = 12 * (set.start - model.years[0]), months = Math.max(1, set.ramp_months);
  const ramp = new Float64Array(model.M), others = sharing(model, lever, chosen);
  for (let m = Math.max(first, 0); m < model.M; m++) {
    ramp[m] = Math.min(1, (m - first + 1) / months) * (lever.scale ? lever.scale[Math.floor(m / 12)] : 1);
  }
  const effect = working(model, lever, set).map((one) => (one / 100) * lever.exposure / others);
  const powers = lever.per_year ? growth(model, effect, set.start) : null;
  const relative = lever.ratio ? lever.ratio.map((one) => set.cost_ratio * one) : null;
  return { ...lever, set, first, ramp, effect, powers, relative, key: `${keyed(lever, set)} ${others}` };
}

// What a size does in each sample, in its own unit: what was found, plus the part of the size that comes true.
function working(model, lever, set) {
  const out = new Float64Array(model.S);
  if (set.size === 0) return out;
  if (set.works_as_set) return out.fill(set.size);
  for (let s = 0; s < model.S; s++) out[s] = (lever.found ? lever.found[s] : 0) + set.size * (lever.draws ? lever.draws[s] : 0);
  return out;
}

// How many measures share one effect, this one counted; what is to work as set shares nothing.
function sharing(model, lever, chosen) {
  if (settings(lever, chosen[lever.id]).works_as_set) return 1;
  const tried = (one) => Object.hasOwn(chosen, one.id) && settings(one, chosen[one.id]).size !== 0;
  const shares = (one) => lever.shares_effect_with.includes(one.id) || one.shares_effect_with.includes(lever.id);
  return 1 + model.levers.filter((one) => shares(one) && tried(one)).length;
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

// The stock of trajectories of one form, month by month; it begins at 1. ``fresh`` is the duration of who comes in that
// month; who waits fills the room that comes free until nobody waits.
function stocked(model, form, { inflow, duration, fresh, queue }) {
  const { S, P, M } = model, D = model.months.subarray(form * S, (form + 1) * S), N = new Float64Array(S).fill(1);
  const level = new Float64Array(M * S), came = new Float64Array(P * S), begin = new Float64Array(P * S);
  const left = queue ? model.waiting.slice(form * S, (form + 1) * S) : new Float64Array(S), before = N.slice();
  // Summed as the scenario is: a sum of twelve twelfths is not exactly one.
  const usual = new Float64Array(S), first = fresh ? fresh.findIndex((one) => one !== 1) : -1;
  const from = first < 0 ? M : Math.floor(first / S), own = new Float64Array(M * S), other = new Float64Array(M * S);
  const more = new Float64Array(S), lasting = new Float64Array(S), ends = new Float64Array(S);
  for (let m = 0; m < M; m++) {
    const year = Math.floor(m / 12) * S;
    if (m % 12 === 0) begin.set(before, year);
    for (let s = 0; s < S; s++) {
      lasting[s] = D[s] * (duration ? duration[m * S + s] : 1);
      ends[s] = Math.min(1, 1 / lasting[s]);
    }
    if (m > from) {
      more.fill(0);
      for (let u = from * S; u < m * S; u += S) {
        for (let s = 0; s < S; s++) {
          own[u + s] -= own[u + s] * Math.min(1, 1 / (lasting[s] * fresh[u + s]));
          other[u + s] -= other[u + s] * ends[s];
          more[s] += own[u + s] - other[u + s];
        }
      }
    }
    for (let s = 0; s < S; s++) {
      const at = m * S + s, into = (inflow ? inflow[at] : 1) / D[s];
      N[s] += into - N[s] * ends[s];
      own[at] = other[at] = into;
      let total = N[s] + more[s];
      const filled = Math.min(left[s], Math.max(0, 1 - total));
      left[s] -= filled;
      N[s] += filled;
      total += filled;
      came[year + s] += into + filled;
      if (m < 12) usual[s] += 1 / D[s];
      level[at] = (before[s] + total) / 2;
      before[s] = total;
    }
  }
  return { level, came, begin, usual };
}

// What part of a form has moved elsewhere, by month and sample, for each lever that moves.
function moved(model, levers, stock) {
  const { S, M } = model, moves = [];
  for (const lever of levers.filter((one) => one.mechanism === "substitution")) {
    const part = new Float64Array(M * S), { first, effect, ramp, capacity } = lever;
    for (let m = Math.max(first, 0); m < M; m++) {
      const since = (m - first + 1) / 12;
      for (let s = 0; s < S; s++) {
        const most = capacity ? Math.max(0, (capacity[s] / 100) * since) : Infinity;
        part[m * S + s] = Math.min(effect[s] * ramp[m], most);
      }
    }
    moves.push({ part, delay: lever.delay_months, to: lever.to, ratio: lever.relative });
  }
  const cap = levers.find((one) => one.mechanism === "cap" && one.set.size !== 0);
  if (cap) {
    const part = new Float64Array(M * S), others = [...moves];
    for (let m = Math.max(cap.first, 0); m < M; m++) {
      for (let s = 0; s < S; s++) {
        const at = m * S + s;
        if (cap.effect[s] === 0) continue;
        let gone = 0;
        for (const one of others) gone += one.part[at];
        part[at] = Math.max(0, 1 - gone - (1 + cap.effect[s] * cap.ramp[m]) / (stock ? stock.level[at] : 1));
      }
    }
    moves.push({ part, delay: cap.delay_months, to: cap.to, ratio: cap.relative });
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
    const lasting = of("duration"), flowing = levers.filter((one) => STOCK.includes(one.mechanism));
    // What studies found is use of care itself, so who waited is in it; and what is to work as set, does.
    const queue = !flowing.every((one) => one.evidence === "A" || one.set.works_as_set);
    const stock = local || !flowing.length ? null : stocked(model, form, { inflow: product(model, of("inflow")), queue,
      duration: product(model, lasting.filter((one) => !one.set.new_only)), fresh: product(model, lasting.filter((one) => one.set.new_only)) });
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
  const active = model.levers.filter((one) => Object.hasOwn(chosen, one.id)).map((one) => prepared(model, one, chosen));
  if (!active.length) return { cost_eur: model.cost_eur, clients: model.clients, youths: model.youths, price: model.price };
  const { F } = model, grown = population(model, active);
  const forms = Array.from({ length: F }, (_, form) => acted(model, form, active));
  const deltas = changed(model, forms, grown);
  programme(model, active, grown, deltas);
  const cost_eur = model.cost_eur.slice();
  for (const delta of deltas) if (delta) for (let i = 0; i < cost_eur.length; i++) cost_eur[i] += delta[i];
  const youths = grown ? model.youths.map((one, i) => one * grown.youths[i]) : model.youths;
  return { cost_eur, youths, clients: counted(model, forms, grown), price: priced(model, forms) };
}

// What another population multiplies by, by year and sample: the youths, the youths with care and the costs, as far as the
// ages that grow have them; null where it is that of the forecast.
function population(model, active) {
  const levers = active.filter((one) => one.mechanism === "population"), size = model.P * model.S;
  if (!levers.length) return null;
  const [youths, clients, cost] = [0, 1, 2].map((which) => {
    const out = new Float64Array(size).fill(1);
    for (const { powers, age_parts: parts } of levers) {
      for (let i = 0; i < size; i++) out[i] *= parts ? 1 + parts[which] * (powers[i] - 1) : powers[i];
    }
    return out;
  });
  return { youths, clients, cost };
}

// What changes in the cost of each form, in euro; null where nothing touches it.
function changed(model, forms, grown) {
  const { P, S, F } = model, deltas = Array(F).fill(null);
  const base = (form, i) => model.cost_eur[i] * model.shares[model.byYear ? form * P * S + i : form * S + (i % S)];
  for (let form = 0; form < F - 1; form++) {
    const one = forms[form];
    if (!one && !grown) continue;
    const keep = one ? (one.keep ??= kept(model, one)) : null, own = (deltas[form] ??= new Float64Array(P * S));
    for (let i = 0; i < P * S; i++) own[i] += base(form, i) * ((keep ? keep[i] : 1) * (grown ? grown.cost[i] : 1) - 1);
    for (const move of one ? one.moves.filter((each) => each.to !== null) : []) {
      const there = forms[move.to]?.factor ?? null, into = (deltas[move.to] ??= new Float64Array(P * S));
      if (!move.add || move.there !== there) {
        move.add = yearly(model, move.part, one.stock && one.stock.level, there);
        move.there = there;
      }
      const { add } = move;
      for (let i = 0; i < P * S; i++) into[i] += base(form, i) * add[i] * move.ratio[i % S] * (grown ? grown.cost[i] : 1);
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
      own[i] += model.youths[i] * (grown ? grown.youths[i] : 1) * model.price[i] * cost_draws[i % S] * each;
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
    out[i] = (stock ? (stock.begin[i] + stock.came[i]) / (1 + stock.usual[i % S]) : 1) * (1 - left);
  }
  return out;
}

function counted(model, forms, grown) {
  const { P, S, F } = model, share = new Float64Array(P * S).fill(1);
  for (let form = 0; form < F - 1; form++) {
    const seen = forms[form] && (forms[form].seen ??= helped(model, form, forms[form]));
    if (seen) for (let i = 0; i < P * S; i++) share[i] += model.client_weights[form * S + (i % S)] * (seen[i] - 1);
  }
  return model.clients.map((one, i) => one * (grown ? grown.clients[i] : 1) * share[i]);
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

