// --- Scenarios kept by name and laid side by side: in this browser, as addresses, read back by the same checks --------

const MOST_KEPT = 4;

class Kept {
  constructor(model, lasting) {
    Object.assign(this, { model, store: lasting ? `jeugdhulp ${model.area_code}` : null, list: [], worked: new Map() });
    for (const text of this.stored()) {
      try {
        if (this.list.length < MOST_KEPT) this.list.push(checked(model, fromAddress(text)));
      } catch (error) {
        if (!(error instanceof Refused)) throw error; // a measure that is no longer there
      }
    }
  }

  stored() {
    try {
      const found = JSON.parse(localStorage.getItem(this.store));
      return Array.isArray(found) ? found.filter(isAddress) : [];
    } catch {
      return [];
    }
  }

  // Whether what is kept is still there when the page is opened again.
  write() {
    try {
      if (!this.store) return false;
      localStorage.setItem(this.store, JSON.stringify(this.list.map((one) => toAddress(this.model, one))));
      return true;
    } catch {
      return false;
    }
  }

  // Keep a scenario; one of the same name takes the place of the earlier one. Null when there is no room.
  add(scenario) {
    const free = Array.from({ length: MOST_KEPT + 1 }, (_, i) => say(this.model, "kept_name", { count: i + 1 }))
      .find((name) => !this.list.some((one) => one.title === name));
    const title = scenario.title.trim() || free, at = this.list.findIndex((one) => one.title === title);
    if (at < 0 && this.list.length === MOST_KEPT) return null;
    this.list.splice(at < 0 ? this.list.length : at, 1, { ...scenario, title });
    this.lasting = this.write();
    return title;
  }

  drop(place) {
    const [{ title }] = this.list.splice(place, 1);
    this.lasting = this.write();
    return title;
  }

  // What a scenario gives in a year; worked out once.
  numbers(scenario, choices) {
    const chosen = effective(scenario), key = JSON.stringify([scenario.works_as_set, scenario.levers, choices]);
    if (!this.worked.has(key)) {
      const found = shown(this.model, chosen, choices);
      this.worked.set(key, { ...found, case: Object.keys(chosen).length ? businessCase(this.model, chosen) : null });
    }
    return this.worked.get(key);
  }

  // The table: a column for the forecast without measures and for each scenario, a row for each question.
  table(choices) {
    const { model, list } = this, told = [{ title: "", works_as_set: false, levers: {} }, ...list];
    const columns = told.map((one) => sideBySide(model, one, this.numbers(one, choices)));
    const names = Object.keys(columns[0]), heads = [say(model, "head_question"), say(model, "head_without"), ...list.map((one) => one.title)];
    return table(say(model, "caption_kept", { area: model.area, year: choices.year }), heads,
      names.map((name) => [say(model, name, { year: choices.year }), ...columns.map((one) => one[name])]));
  }

  // Each kept scenario with what can be done with it.
  acts() {
    const { model } = this;
    const button = (act, i, title) => `<button type="button" data-${act}="${i}">${esc(say(model, act))}<span class="unseen">: ${esc(title)}</span></button>`;
    return this.list.map(({ title }, i) => `<li><span>${esc(title)}</span> ${button("kept_open", i, title)} ${button("kept_drop", i, title)}</li>`).join("");
  }
}

// One column: what it costs and saves, whether it pays back, and what was chosen, with what that rests on.
function sideBySide(model, scenario, numbers) {
  const at = numbers.years.find((one) => one.year === numbers.year), active = Object.keys(scenario.levers).length > 0;
  const amount = ({ quantiles }) => {
    const [low, middle, high] = quantiles.slice(1, 4).map((one) => noticed(model, one));
    return [euro(model, middle, 2), say(model, "likely", { between: euros(model, low, high) })];
  };
  const same = at.difference.quantiles[0] === 0 && at.difference.quantiles[4] === 0;
  const paid = (found) => !found.cost_given ? say(model, "case_no_cost") : likelihood(model, found.pays_back);
  return {
    kept_cost: amount(at.cost),
    kept_difference: same ? say(model, "none") : amount(at.difference),
    kept_saves: active ? likelihood(model, numbers.saves) : "–",
    head_above: at.above === null ? say(model, "unknown") : likelihoods(model, at.above),
    case_value: active ? amount(numbers.case.value) : "–",
    case_chance: active ? paid(numbers.case) : "–",
    passport_levers: spaced(measuresSaid(model, scenario), scenario.works_as_set && active ? `(${say(model, "as_set_note")})` : ""),
  };
}

