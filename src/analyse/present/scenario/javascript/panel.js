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
    Object.assign(this, { model, root, host, scenario: { title: "", works_as_set: false, levers: {} }, year: model.years.at(-1), waiting: 0, paper: 0,
      put: new Map() });
    const known = Object.entries(model.budgets);
    this.amount = known.length ? known.at(-1)[1] : null;
    this.kept = new Kept(model, Boolean(host.address));
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
    if (this.host.address) listen(window, "hashchange", () => isAddress(location.hash) && this.followed());
    const resized = () => this.one("[data-small]").clientWidth !== this.small || this.all("[data-chart]").some((one) => one.clientWidth !== this.width);
    this.sizes = new ResizeObserver(() => resized() && this.draw());
    this.sizes.observe(this.one("[data-small]"));
    this.sizes.observe(this.one('[data-chart="cost"]'));
    const given = this.host.address && isAddress(location.hash) ? () => fromAddress(location.hash) : () => scenario;
    if (!given() || !this.take(given, false)) this.draw();
  }

  // A link of the page that is a scenario: take it, and show the panel.
  followed() {
    if (this.take(() => fromAddress(location.hash))) this.root.scrollIntoView();
  }

  end() {
    this.listeners.abort();
    this.sizes.disconnect();
    clearTimeout(this.waiting);
    clearTimeout(this.later);
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
    } else if (target.matches("[data-as-set]")) this.take(() => ({ ...this.scenario, works_as_set: target.checked }));
    else if (target.matches("[data-file]")) this.opened(target);
    else if (target.matches("[data-on]")) this.change(lever, target.checked ? {} : null);
    else if (name && target.type === "checkbox") this.set(lever, name, target.checked);
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
    const act = { reset: () => this.take(() => ({ title: "", works_as_set: false, levers: {} })), save: () => this.save(), print: () => window.print(),
      copy: () => this.copy(), seek: () => this.seek(), keep: () => this.keep() }[button.dataset.do];
    act?.();
    if (button.dataset.kept_open) this.take(() => this.kept.list[button.dataset.kept_open]);
    if (button.dataset.kept_drop) this.dropped(this.kept.drop(button.dataset.kept_drop));
  }

  keep() {
    const { model, scenario } = this, title = this.kept.add(scenario);
    if (title === null) {
      this.refuse(new Refused("kept_full", { count: MOST_KEPT }));
      return;
    }
    this.refuse(null);
    this.scenario = { ...scenario, title };
    this.draw();
    this.sideBySide();
    this.told();
    this.announce(say(model, "kept_said", { name: title }));
  }

  // The next thing to reach by keyboard is what took its place, or the button that keeps.
  dropped(title) {
    this.sideBySide();
    (this.one("[data-kept_drop]") ?? this.one('[data-do="keep"]')).focus();
    this.announce(say(this.model, "kept_dropped", { name: title }));
  }

  sideBySide() {
    const { kept, model } = this, { list } = kept, acts = kept.acts(), place = this.one("[data-acts]");
    this.one("[data-side]").hidden = list.length === 0;
    if (place.innerHTML !== acts) place.innerHTML = acts;
    this.one("[data-kept]").innerHTML = list.length ? kept.table({ year: this.year, amount: this.amount }) : "";
    this.one('[data-note="kept"]').textContent = say(model, kept.lasting ?? kept.stored().length > 0 ? "kept_here" : "kept_now");
  }

  // Which size of one lever, on top of the scenario, keeps the year within the budget; the lever then stands there.
  seek() {
    const { model, scenario, year } = this, id = this.one('[data-seek="lever"]').value;
    const budget = compared(model, year, this.amount)?.amount ?? null, place = this.one("[data-sought]");
    if (budget === null) {
      place.textContent = say(model, "sought_no_budget");
      return;
    }
    const found = sought(model, effective(scenario), id, { year, budget, probability: Number(this.one('[data-seek="probability"]').value) });
    place.textContent = answered(model, found);
    if (found.size) this.set(id, "size", Number(found.size.toFixed(2)));
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
    const numbers = shown(model, effective(scenario), { year, amount });
    this.numbers = numbers;
    this.controls();
    const sentence = finding(model, numbers, scenario);
    this.one("[data-finding]").textContent = this.one("[data-glance]").textContent = sentence;
    clearTimeout(this.waiting);
    if (this.spoken !== undefined && this.spoken !== sentence) this.waiting = setTimeout(() => this.announce(sentence), 600);
    this.spoken = sentence;
    for (const place of this.all("[data-used]")) place.hidden = !active;
    this.one("[data-unused]").hidden = active;
    this.charts(numbers, active, sentence);
    this.tables(numbers, active);
    this.passport();
    clearTimeout(this.later);
    if (this.paper || this.root.dataset.state !== "drawn") this.answers();
    else this.later = setTimeout(() => this.answers(), 200);
    this.root.dataset.state = "drawn";
  }

  // Does it pay back, and who pays: after the charts, because that takes longer than a slider may.
  answers() {
    const { model, year } = this, chosen = effective(this.scenario), active = Object.keys(chosen).length > 0;
    this.sideBySide();
    this.one("[data-case]").hidden = !active;
    if (!active) return;
    this.one('[data-table="case"]').innerHTML = caseTable(model, businessCase(model, chosen));
    this.one('[data-table="payers"]').innerHTML = payerTable(model, whoPays(model, chosen, year), year);
    const { interest, social } = model.rates;
    this.one('[data-note="case"]').textContent = say(model, "note_case", { interest: percent(model, 100 * interest, 1),
      social: percent(model, 100 * social, 2) });
  }

  controls() {
    const { model, scenario } = this, counts = {};
    this.one("[data-as-set]").checked = scenario.works_as_set;
    for (const place of this.all("[data-lever]")) {
      const lever = model.levers.find((one) => one.id === place.dataset.lever), own = scenario.levers[lever.id];
      const on = own !== undefined, set = settings(lever, on ? effective(scenario)[lever.id] : {}), find = (selector) => place.querySelector(selector);
      counts[lever.group] = (counts[lever.group] ?? 0) + on;
      const state = on ? keyed(lever, set) : "";
      if (this.put.get(lever.id) === state) continue;
      this.put.set(lever.id, state);
      place.classList.toggle("on", on);
      find("[data-on]").checked = on;
      for (const input of place.querySelectorAll("[data-set]")) {
        if (input.type === "checkbox") input.checked = set[input.dataset.set];
        else if (input !== document.activeElement || input.type !== "number") input.value = set[input.dataset.set];
      }
      const slider = find("[type=range]"), size = on ? set.size : Math.min(Math.max(0, lever.minimum), lever.maximum);
      slider.value = size;
      const said = on ? sized(model, lever, set.size) : say(model, "off");
      slider.setAttribute("aria-valuetext", `${lever.title}: ${said}`);
      find("output").textContent = said;
      find("[data-spread]").textContent = on && set.size !== 0 ? this.spread(lever, set) : "";
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

  spread(lever, set) {
    const { model } = this, own = restsOn(lever, set) === "own" ? ` ${say(model, "own_assumption_here")}` : "";
    return range(model, lever, set) + own;
  }

  readyLevers(place) {
    this.prepared ??= this.model.ready.map((one) => checked(this.model, one).levers);
    return this.prepared[place];
  }

  charts(numbers, active, sentence) {
    const { model } = this, lines = chartLines(model, numbers, active), values = { area: model.area, year: numbers.year };
    this.width = this.one('[data-chart="cost"]').clientWidth;
    const width = this.paper || this.width || 640, glance = this.one("[data-small]");
    this.small = glance.clientWidth;
    if (this.small) glance.innerHTML = fan(model, lines.cost, this.small, true).svg;
    for (const name of ["cost", "clients"]) {
      const drawn = fan(model, lines[name], width), legends = this.one(`[data-legend="${name}"]`);
      this.picture(name, drawn.svg, say(model, active ? `title_${name}` : `title_${name}_base`, values),
        spaced(name === "cost" ? sentence : this.clientsInWords(numbers), model.timetable.said));
      legends.innerHTML = legend(model, drawn);
      this.one(`[data-note="${name}"]`).textContent = spaced(say(model, active ? "note_fan" : "note_fan_base") + this.partial(name), model.timetable.said);
    }
    const parts = numbers.steps.map((one) => `${stepName(model, numbers, one.id)} ${euro(model, one.amount, 2)}`).join("; ");
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
      if (place.dataset.table in made && !place.closest("details:not([open])")) place.innerHTML = made[place.dataset.table]();
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

