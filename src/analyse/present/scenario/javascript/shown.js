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
  return values.reduce((count, one) => count + (one > amount), 0) / values.length;
}

// The chance of more than a budget, against the largest budget that can be meant and against the smallest.
function chances(values, budget) {
  return budget === null ? null : [chance(values, budget.largest), chance(values, budget.amount)];
}

// Whether a year is compared with the budget of the page: its own one, or the last one raised with prices.
function usual(model, year, amount) {
  return year in model.budgets || amount === (model.budgets[model.budget_year] ?? null);
}

// The amount that a year is compared with: its own budget, or else the amount given for years without one.
// That amount is in prices of the last year with a budget, and rises with prices after it.
function compared(model, year, amount) {
  const budget = model.budgets[year] ?? (amount === null ? null : amount * model.rise[year]);
  if (budget === null) return null;
  const wider = usual(model, year, amount) ? model.wider[year in model.budgets ? year : model.budget_year] : 1;
  return { amount: budget, largest: budget * wider };
}

// The same of the base, which no lever changes: the numbers of the page, of all possible futures.
function baseline(model) {
  return (model.baseline ??= model.years.map((_, p) => {
    const { cost, clients, above, above_low } = model.base[p], mean = (name) => summary(row(model, model[name], p)).mean;
    return { cost: { mean: mean("cost_eur"), quantiles: cost }, clients: { mean: mean("clients"), quantiles: clients },
      above: [above_low, above] };
  }));
}

// Every number that the panel shows of a scenario.
export function shown(model, chosen, { year = model.years.at(-1), amount = null } = {}) {
  const result = apply(model, chosen), base = baseline(model), active = Object.keys(chosen).length > 0;
  const years = model.years.map((one, p) => {
    const cost = row(model, result.cost_eur, p), before = row(model, model.cost_eur, p), budget = compared(model, one, amount);
    const base_above = budget && usual(model, one, amount) ? base[p].above : chances(before, budget);
    return { year: one, budget: budget && budget.amount, cost: active ? summary(cost) : base[p].cost, base_cost: base[p].cost,
      difference: summary(minus(cost, before)), base_clients: base[p].clients,
      clients: active ? summary(row(model, result.clients, p)) : base[p].clients,
      above: active ? chances(cost, budget) : base_above, base_above };
  });
  const p = model.years.indexOf(year), changed = minus(row(model, result.cost_eur, p), row(model, model.cost_eur, p));
  const saves = changed.reduce((count, one) => count + (one < 0), 0) / changed.length;
  return { year, years, saves, as_set: active ? asSet(model, chosen, p) : 0, steps: waterfall(model, chosen, result, p) };
}

// The middle difference in a year if every measure did what is set: what was hoped for, beside what is likely.
function asSet(model, chosen, p) {
  const key = `${p} ${Object.entries(chosen).map(([id, own]) => `${id} ${Object.values(own)}`).join()}`;
  return remembered(model.hoped ??= new Map(), key, () => {
    const whole = Object.fromEntries(Object.entries(chosen).map(([id, own]) => [id, { ...own, works_as_set: true }]));
    return summary(minus(row(model, apply(model, whole).cost_eur, p), row(model, model.cost_eur, p))).quantiles[2];
  }, 50);
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
    return effect;
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
  return Object.entries(parts);
}

const MIDDLE = 0.1;

// The steps in the futures around the median outcome, adding up to the change of the median; as drivers.around_the_middle.
function aroundTheMiddle(parts, start, end) {
  const median = (values) => summary(values).quantiles[2], at = median(end), away = end.map((one) => Math.abs(one - at));
  const near = [...end.keys()].sort((a, b) => away[a] - away[b]).slice(0, Math.max(1, Math.round(MIDDLE * end.length)));
  const chosen = parts.map((values) => near.reduce((sum, s) => sum + values[s], 0) / near.length);
  const sum = (values) => values.reduce((total, one) => total + one, 0), size = sum(chosen.map(Math.abs));
  const missing = at - median(start) - sum(chosen);
  return chosen.map((one) => one + missing * (size > 0 ? Math.abs(one) / size : 1 / chosen.length));
}

// From the base year to year p: what each step adds, in every sample, and around the median outcome.
function waterfall(model, chosen, result, p) {
  const costs = row(model, result.cost_eur, p), rest = minus(costs, row(model, model.cost_eur, p)), start = model.start.cost_eur;
  const parts = [...((model.driven ??= [])[p] ??= driven(model, p))];
  const active = model.levers.filter((one) => Object.hasOwn(chosen, one.id));
  for (const lever of active) {
    const effect = only(model, lever, chosen[lever.id], p);
    for (let s = 0; s < model.S; s++) rest[s] -= effect[s];
    parts.push([lever.id, effect]);
  }
  if (active.length > 1) parts.push(["interaction", rest]);
  const amounts = aroundTheMiddle(parts.map(([, values]) => values), start, costs);
  const whole = (id, values) => ({ id, amount: summary(values).quantiles[2], quantiles: summary(values).quantiles });
  return [whole("start", start), ...parts.map(([id, values], i) => ({ id, amount: amounts[i], quantiles: summary(values).quantiles })),
    whole("end", costs)];
}

