// --- Questions: does it pay back, who pays, and how much is needed; as analyse.scenario.business_case, payers and seek --

// What the measures of a scenario cost themselves, by year and sample.
function measuresCost(model, chosen) {
  const active = model.levers.filter((one) => Object.hasOwn(chosen, one.id)).map((one) => prepared(model, one, chosen));
  const deltas = Array(model.F).fill(null);
  programme(model, active, population(model, active), deltas);
  return deltas[model.F - 1] ?? new Float64Array(model.P * model.S);
}

// What is saved on care, before what the measures cost, by year and sample.
function saved(model, chosen) {
  const cost = apply(model, chosen).cost_eur, spent = measuresCost(model, chosen);
  return cost.map((one, i) => model.cost_eur[i] - one + spent[i]);
}

// What each other payer pays more, by year and sample: a lever counts as what it does alone.
function takenOver(model, chosen) {
  const amounts = new Map();
  for (const lever of model.levers.filter((one) => Object.hasOwn(chosen, one.id) && one.payers.length)) {
    const alone = saved(model, { [lever.id]: chosen[lever.id] });
    for (const { who, part } of lever.payers) {
      const total = amounts.get(who) ?? new Float64Array(alone.length);
      amounts.set(who, total.map((one, i) => one + part * alone[i]));
    }
  }
  return amounts;
}

// Who pays more or less in a year: the municipality first, what the state takes from the fund anyway last.
export function whoPays(model, chosen, year) {
  const p = model.years.indexOf(year), cost = apply(model, chosen).cost_eur, rows = [];
  const add = (who, values) => rows.push({ who, ...summary(row(model, values, p)) });
  add("municipality", cost.map((one, i) => one - model.cost_eur[i]));
  for (const [who, values] of takenOver(model, chosen)) add(who, values);
  const fund = new Float64Array(model.P * model.S);
  for (const lever of model.levers.filter((one) => Object.hasOwn(chosen, one.id) && one.taken_from_fund !== null)) {
    const whole = { ...chosen[lever.id], size: -lever.taken_from_fund, works_as_set: true };
    saved(model, { [lever.id]: whole }).forEach((one, i) => { fund[i] += one; });
  }
  if (fund.some((one) => one !== 0)) add("fund", fund);
  return rows;
}

// The business case of a scenario: amounts over all years, present value, and whether and when it pays back.
export function businessCase(model, chosen) {
  const { S, P, years, price, rates } = model, sets = model.levers.filter((one) => Object.hasOwn(chosen, one.id))
    .map((one) => settings(one, chosen[one.id]));
  const first = Math.min(...sets.map((one) => one.start)), cost = apply(model, chosen).cost_eur, spent = measuresCost(model, chosen);
  const once = measuresCost(model, Object.fromEntries(Object.entries(chosen).map(([id, own]) => [id, { ...own, running_eur_per_youth: 0 }])));
  const shifted = new Float64Array(P * S), total = (values) => values.reduce((sum, one) => sum + one, 0) / S;
  for (const values of takenOver(model, chosen).values()) values.forEach((one, i) => { shifted[i] += one; });
  const sum = new Float64Array(S), society = new Float64Array(S), back = [];
  for (let p = 0; p < P; p++) {
    const since = Math.max(0, years[p] - first);
    let ahead = 0;
    for (let s = 0; s < S; s++) {
      const i = p * S + s, net = model.cost_eur[i] - cost[i];
      sum[s] += net / price[i] / (1 + rates.interest) ** since;
      society[s] += (net - shifted[i]) / price[i] / (1 + rates.social) ** since;
      ahead += sum[s] > 0;
    }
    back.push(years[p] >= first && ahead / S >= 0.5);
  }
  // Paid back for good: no later year in which most futures are behind again.
  const behind = back.lastIndexOf(false), paid = behind === P - 1 ? null : years[behind + 1];
  const last = minus(row(model, model.cost_eur, P - 1), row(model, cost, P - 1)).map((one, s) => one + spent[(P - 1) * S + s]);
  // What may be spent a year more until the middle future breaks even; below 0 it is that much too little.
  const worth = years.reduce((all, year) => all + (year < first ? 0 : (1 + rates.interest) ** -(year - first)), 0);
  const room = summary(sum).quantiles[2] / worth;
  return { room, once: total(once), running: total(spent) - total(once), saved: summary(last), value: summary(sum),
    society: summary(society).mean, paid, pays_back: sum.reduce((count, one) => count + (one > 0), 0) / S,
    cost_given: sets.some((one) => one.one_off_eur_per_youth || one.running_eur_per_youth || one.cost_ratio !== null) };
}

const sorted = (values) => [...values].sort((a, b) => a - b);
const middle = (values) => sorted(values)[Math.floor(values.length / 2)];

const HALVINGS = 24, TRIED = 9;

// The smallest size of a lever with which costs stay within a budget in so many futures, on top of a scenario; null
// where no size does. ``best`` is the chance that is reached at most.
export function sought(model, chosen, id, { year, budget, probability }) {
  const lever = model.levers.find((one) => one.id === id), p = model.years.indexOf(year), own = settings(lever, chosen[id]);
  const cost = (size) => row(model, apply(model, { ...chosen, [id]: { ...own, size } }).cost_eur, p);
  // Without the lever, which costs nothing then; at size 0 it does nothing, but costs what it costs.
  const { [id]: ignored, ...others } = chosen, before = row(model, apply(model, others).cost_eur, p);
  const met = (values) => values.reduce((count, one) => count + (one <= budget), 0) / model.S, within = (size) => met(cost(size));
  const span = lever.maximum - lever.minimum, grid = Array.from({ length: TRIED }, (_, i) => lever.minimum + (span * i) / (TRIED - 1));
  const sizes = [...new Set([0, ...grid])].filter((size) => size === 0 || goesTogether(model, { ...chosen, [id]: { ...own, size } }));
  const tried = new Map(sizes.sort((a, b) => Math.abs(a) - Math.abs(b)).map((size) => [size, within(size)]));
  const best = sizes.reduce((a, b) => (tried.get(b) > tried.get(a) ? b : a));
  const answer = { lever, year, budget, probability, best: tried.get(best), without: met(before), late: own.start > year, start: own.start };
  if (tried.get(0) >= probability) return { ...answer, size: 0, reached: tried.get(0) };
  if (tried.get(best) < probability) {
    return { ...answer, size: null, reached: tried.get(best), change: middle(minus(cost(best), before)),
      needed: sorted(before)[Math.ceil(probability * model.S) - 1] - budget };
  }
  const side = sizes.filter((size) => size * best >= 0 && Math.abs(size) <= Math.abs(best));
  let low = side.filter((size) => tried.get(size) < probability).at(-1) ?? 0;
  let high = side.find((size) => tried.get(size) >= probability && Math.abs(size) > Math.abs(low));
  for (let i = 0; i < HALVINGS; i++) {
    const middle = (low + high) / 2;
    if (within(middle) >= probability) high = middle;
    else low = middle;
  }
  return { ...answer, size: high, reached: within(high) };
}

function goesTogether(model, chosen) {
  try {
    together(model, chosen);
    return true;
  } catch (error) {
    if (error instanceof Refused) return false;
    throw error;
  }
}

