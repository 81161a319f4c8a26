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
    if (!["title", "text", "works_as_set", "levers"].includes(key)) throw new Refused("refused_key", { name: key.slice(0, 40) });
  }
  const title = mapping(given.title) ? given.title[model.language] ?? given.title.nl : given.title ?? "";
  if (typeof title !== "string" || title.length > 120) throw new Refused("refused_title");
  const asSet = given.works_as_set ?? false;
  if (typeof asSet !== "boolean") throw new Refused("refused_shape");
  if (!mapping(given.levers ?? {})) throw new Refused("refused_shape");
  const found = {}, known = new Map(model.levers.map((one) => [one.id, one]));
  for (const [id, values] of Object.entries(given.levers ?? {})) {
    const lever = known.get(id);
    if (!lever) throw new Refused("refused_lever", { name: id.slice(0, 60), near: nearest(id.slice(0, 60), [...known.keys()]) });
    if (values !== null && !mapping(values)) throw new Refused("refused_shape");
    found[id] = differing(model, lever, values ?? {});
  }
  together(model, found);
  return { title, works_as_set: asSet, levers: Object.fromEntries(model.levers.filter((one) => found[one.id]).map((one) => [one.id, found[one.id]])) };
}

// The levers of a scenario as they are reckoned with: each says whether it is to work as set.
export function effective({ levers, works_as_set: asSet }) {
  return asSet ? Object.fromEntries(Object.entries(levers).map(([id, own]) => [id, { ...own, works_as_set: true }])) : levers;
}

// Its start always stands there: the default of a lever may lie beyond a short horizon.
function differing(model, lever, values) {
  const own = {}, unknown = Object.keys(values).find((name) => !SETTINGS.includes(name));
  if (unknown !== undefined) throw new Refused("refused_key", { name: unknown.slice(0, 40) });
  for (const name of SETTINGS) {
    const value = values[name] ?? lever.default[name];
    if (name === "new_only") {
      if (typeof value !== "boolean" || (value && lever.mechanism !== "duration")) {
        throw new Refused("refused_new", { lever: lever.title });
      }
      if (value !== lever.default[name]) own[name] = value;
      continue;
    }
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
  const tried = model.levers.filter((one) => found[one.id] && settings(one, found[one.id]).size !== 0);
  for (const one of tried) {
    const twin = tried.find((other) => one.overlaps.includes(other.id));
    if (twin) throw new Refused("refused_twice", { first: one.title, second: twin.title });
  }
  const moving = tried.filter((one) => MOVING.includes(one.mechanism));
  const names = (levers) => levers.map((one) => one.title).join(" + ");
  const ways = new Map();
  for (let form = 0; form < model.F; form++) {
    const leaving = moving.filter((one) => one.forms.includes(form)), caps = leaving.filter((one) => one.mechanism === "cap");
    const title = model.forms[form].title;
    if (caps.length > 1) throw new Refused("refused_caps", { levers: names(caps), form: title });
    const size = (one) => partly(one, settings(one, found[one.id]).size);
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

// The address: #scenario=title&lever=size,start,ramp,one-off,running,ratio,new, with nothing where it is the default. What
// it rests on stands there for who reads the link; it is left out when the link is opened, and reckoned anew.
export function toAddress(model, scenario) {
  const words = new URLSearchParams([["scenario", scenario.title]]);
  if (scenario.works_as_set) words.append("works_as_set", "1");
  const write = (value) => (typeof value === "boolean" ? Number(value) : value ?? "");
  for (const [id, own] of Object.entries(scenario.levers)) {
    words.append(id, SETTINGS.map((name) => write(own[name])).join(",").replace(/,+$/, ""));
  }
  const own = assumed(model, scenario);
  if (own.length) words.append("note", say(model, "own_assumption_of", { levers: own.map((one) => one.id).join(", ") }));
  return `#${words}`;
}

export function isAddress(text) {
  return /^#scenario=/.test(text);
}

export function fromAddress(text) {
  const levers = Object.create(null), words = new URLSearchParams(text.slice(1, 4000));
  const title = words.get("scenario");
  const asSet = words.get("works_as_set");
  for (const name of ["scenario", "works_as_set", "note"]) words.delete(name);
  if (asSet !== null && asSet !== "1") throw new Refused("refused_address");
  for (const [id, values] of words) {
    const parts = values.split(",");
    if (parts.length > SETTINGS.length || Object.hasOwn(levers, id)) throw new Refused("refused_address");
    levers[id] = Object.fromEntries(parts.map((one, i) => [SETTINGS[i], one]).filter(([, one]) => one !== "")
      .map(([name, one]) => [name, name === "new_only" ? ({ 0: false, 1: true })[one] ?? one : number(one)]));
  }
  return { title, works_as_set: asSet === "1", levers };
}

function number(text) {
  return /^[-+]?(\d+\.?\d*|\.\d+)$/.test(text) ? Number(text) : text;
}

// A scenario file: only what differs from the base, and of each lever its size and start.
export function toYaml(model, scenario) {
  const assumptions = assumed(model, scenario);
  const lines = model.levers.filter((one) => Object.hasOwn(scenario.levers, one.id)).map((lever) => {
    const own = { size: lever.default.size, ...scenario.levers[lever.id] };
    const said = SETTINGS.filter((name) => name in own).map((name) => `${name}: ${own[name]}`);
    const note = assumptions.includes(lever) ? `  # ${say(model, "own_assumption")}` : "";
    return `  ${lever.id}: {${said.join(", ")}}${note}`;
  });
  const about = [model.area, ...passport(model).slice(0, 4).map(([label, value]) => `${label}: ${value}`)].join("; ");
  return [`# ${about.replace(/\s+/g, " ")}`, `title: ${JSON.stringify(scenario.title)}`,
    ...(scenario.works_as_set ? [`works_as_set: true  # ${say(model, "as_set_note")}`] : []), lines.length ? `levers:\n${lines.join("\n")}` : "levers: {}", ""].join("\n");
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
  if (text === "true" || text === "false") return text === "true";
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

