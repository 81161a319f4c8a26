// --- Numbers and words, as analyse.present.formats writes them --------------------------------------------------------

const NBSP = "\u00a0", MINUS = "\u2212", MILLION = 1e6;

function filled(text, values) {
  return text.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
}

// Sentences one after another; an empty one is left out.
const spaced = (...parts) => parts.filter(Boolean).join(" ");

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

// A chance of which only the ends are known; as ``formats.chances``.
function likelihoods(model, [low, high]) {
  const ends = [likelihood(model, low), likelihood(model, high)];
  if (ends[0] === ends[1]) return ends[1];
  if (!ends.every((one) => /^\d/.test(one))) return say(model, "low_to_high", { low: ends[0], high: ends[1] });
  return `${ends[0].replace(/\s*%$/, "")}–${ends[1]}`;
}

function inWords(model, value) {
  if (value > 0.99) return say(model, "nearly_always");
  if (value < 0.01) return say(model, "nearly_never");
  const tolerance = value >= 0.075 && value <= 0.925 ? 0.025 : value >= 0.03 && value <= 0.97 ? 0.01 : 0.005;
  const whole = (CHANCES.find(([part, all]) => Math.abs(part / all - value) <= tolerance) ?? [1, 100])[1];
  return say(model, "part_in_whole", { part: Math.round(value * whole), whole });
}

const decimals = (step) => (String(step).split(".")[1] ?? "").length;

// A size in its own unit: a percentage, or an amount or a number of youths of the whole country.
function sized(model, lever, size) {
  if (lever.unit === "million euros") return say(model, "of_country", { amount: euro(model, size * MILLION, 3) });
  if (lever.unit === "youths") return say(model, "youths_of_country", { count: about(model, size, 3) });
  const text = percent(model, size, Math.max(decimals(lever.step), decimals(Number(size.toFixed(2)))), lever.minimum < 0);
  return lever.unit === "percent" ? text : say(model, "a_year", { size: text });
}

// What comes of a size in four of five samples.
function range(model, lever, set) {
  const { quantiles } = summary(working(model, lever, set)), digits = (one) => (Math.abs(one) < 10 && Math.abs(one) >= 0.05 ? 1 : 0);
  const write = (one) => (lever.unit.startsWith("percent") ? percent(model, one, digits(one), lever.minimum < 0)
    : sized(model, lever, significant(one, 2)));
  return say(model, "comes_true", { low: write(quantiles[1]), high: write(quantiles[3]) });
}

// What a size rests on: its kind of evidence, or "own": an assumption of who set it. As ``Lever.rests_on``.
function restsOn(lever, set) {
  const { evidence, found_between: found, promised } = lever;
  const outside = found !== null && (set.size < found[0] || set.size > found[1]);
  const beyond = evidence === "C" && promised !== null && Math.abs(set.size) > Math.abs(promised.size);
  return evidence === "D" || set.works_as_set || outside || beyond ? "own" : evidence;
}

// The levers of a scenario whose size no evidence carries.
function assumed(model, scenario) {
  return model.levers.filter((one) => {
    if (!Object.hasOwn(scenario.levers, one.id)) return false;
    const set = settings(one, effective(scenario)[one.id]);
    return set.size !== 0 && restsOn(one, set) === "own";
  });
}

// The levers of a scenario with their sizes, and what each rests on.
function measuresSaid(model, scenario) {
  const own = assumed(model, scenario);
  const active = model.levers.filter((one) => Object.hasOwn(scenario.levers, one.id)).map((one) => {
    const set = settings(one, scenario.levers[one.id]);
    const evidence = own.includes(one) ? say(model, "own_assumption") : say(model, "evidence_class", { class: one.evidence });
    return say(model, "lever_in_passport", { title: one.title, size: sized(model, one, set.size), start: set.start, evidence });
  });
  return active.join("; ") || say(model, "passport_none");
}

// What every chart carries: on what it rests and what was chosen, as pairs of label and value.
export function passport(model, scenario = { levers: {} }) {
  return [...(scenario.title ? [[say(model, "passport_title"), scenario.title]] : []),
    ...model.passport.map(({ label, value }) => [label, value]),
    [say(model, "passport_levers"), measuresSaid(model, scenario)],
    ...(scenario.works_as_set ? [[say(model, "passport_effect"), say(model, "as_set_note")]] : [])];
}

// The scenario in a few sentences: costs, difference, chance of saving, what was promised, and what it rests on.
export function finding(model, numbers, scenario) {
  const one = numbers.years.find((each) => each.year === numbers.year), [, low, middle, high] = one.cost.quantiles;
  const values = { area: model.area, year: one.year, middle: euro(model, middle, 2), between: euros(model, low, high),
    base: euro(model, one.base_cost.quantiles[2], 2) }, active = Object.keys(scenario.levers).length > 0;
  const parts = active ? [say(model, "finding", values), difference(model, one.difference.quantiles), ...promise(model, numbers, scenario)]
    : [say(model, "finding_base", values)];
  if (one.above !== null) {
    const words = { amount: euro(model, one.budget), percent: likelihoods(model, one.above), before: likelihoods(model, one.base_above),
      year: one.year };
    if (words.percent === likelihood(model, one.above[1])) words.percent += ` (${inWords(model, one.above[1])})`;
    parts.push(say(model, active ? "finding_chance" : "finding_chance_base", words));
    if (!(one.year in model.budgets)) parts.push(say(model, "budget_indexed", { year: model.budget_year }));
  }
  const own = assumed(model, scenario);
  if (scenario.works_as_set && active) parts.push(say(model, "as_set_sentence"));
  else if (own.length > 2) parts.push(say(model, "own_assumption_count", { count: own.length }));
  else if (own.length) parts.push(say(model, "own_assumption_of", { levers: own.map((each) => each.title).join(", ") }));
  return parts.join(" ");
}

// What goal-seek found, and what limits it.
export function answered(model, found) {
  const { lever } = found, values = { lever: lever.title, year: found.year, budget: euro(model, found.budget), start: found.start,
    wanted: percent(model, 100 * found.probability), best: likelihood(model, found.best), without: likelihood(model, found.without) };
  if (found.late) return say(model, "sought_late", values);
  if (found.size === 0) return say(model, "sought_nothing", values);
  if (found.size !== null) return say(model, "sought", { ...values, size: sized(model, lever, significant(found.size, 3)) });
  const limit = lever.evidence === "A" ? "limit_evidence" : lever.capacity ? "limit_places" : lever.draws?.some((one) => one === 0)
    ? "limit_nothing" : "limit_range";
  const gap = { year: found.year, change: euro(model, noticed(model, found.change), 2), needed: euro(model, found.needed, 2) };
  return [say(model, "sought_none", values), say(model, limit, values), say(model, "sought_gap", gap)].join(" ");
}

// Less than a ten-thousandth of the costs is nothing: an amount of a few euros only says where a quantile falls.
const noticed = (model, amount) => (Math.abs(amount) < 1e-4 * model.start.cost_eur[0] ? 0 : amount);

// The chance that the scenario saves anything, and what it would do if every measure did what was set.
function promise(model, numbers, scenario) {
  const { saves } = numbers, whole = noticed(model, numbers.as_set);
  if (scenario.works_as_set || (saves === 0 && whole === 0)) return [];
  const amount = { amount: euro(model, Math.abs(whole), 2) };
  return [say(model, "saves", { percent: likelihood(model, saves) }),
    ...(whole === 0 ? [] : [say(model, whole < 0 ? "as_set_less" : "as_set_more", amount)])];
}

// A difference whose ends have one sign is less or more; one that may be nothing says so.
function difference(model, quantiles) {
  const [, low, middle, high] = quantiles.map((one) => noticed(model, one));
  if (low === 0 && high === 0) return say(model, "same");
  if (low < 0 && high > 0) return say(model, "unsure", { less: euro(model, -low, 2), more: euro(model, high, 2) });
  const less = low < 0, ends = less ? [-high, -low] : [low, high];
  if (low === 0 || high === 0) return say(model, less ? "perhaps_less" : "perhaps_more", { amount: euro(model, ends[1], 2) });
  return say(model, less ? "less" : "more_cost", { amount: euro(model, Math.abs(middle), 2), between: euros(model, ...ends) });
}

