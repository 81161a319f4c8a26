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
  const chance = (ends) => likelihoods(model, ends);
  const rows = numbers.years.map((one) => {
    const budget = one.budget === null ? say(model, "unknown") : euro(model, one.budget) + (one.year in model.budgets ? "" : "*");
    return [one.year, [euro(model, one.cost.quantiles[2], 2), likely(one.cost.quantiles, 2)],
      [euro(model, one.base_cost.quantiles[2], 2), likely(one.base_cost.quantiles, 2)], changed(one.difference), budget,
      one.above === null ? say(model, "unknown") : [chance(one.above), say(model, "chance_without", { percent: chance(one.base_above) })]];
  });
  const heads = ["year", "with", "without", "difference", "budget", "above"];
  return table(say(model, "caption_years", { area: model.area }), heads.map((one) => say(model, `head_${one}`)), rows);
}

function clientTable(model, numbers) {
  const heads = ["year", "with", "without"].map((one) => say(model, `head_${one}`));
  const cell = ({ quantiles: [, low, middle, high] }) => [about(model, middle, 2),
    say(model, "likely", { between: say(model, "low_and_high", { low: about(model, low, 2), high: about(model, high, 2) }) })];
  const rows = numbers.years.map((one) => [one.year, cell(one.clients), cell(one.base_clients)]);
  return table(say(model, "caption_clients", { area: model.area }), heads, rows);
}

// The business case: what is spent and saved, what it is worth, and whether it pays back.
function caseTable(model, found) {
  const amount = ({ mean, quantiles }) => [euro(model, mean, 2), say(model, "likely", { between: euros(model, quantiles[1], quantiles[3]) })];
  const rows = [["case_once", euro(model, found.once, 2)], ["case_running", euro(model, found.running, 2)], ["case_saved", amount(found.saved)],
    ["case_value", amount(found.value)], ["case_room", euro(model, found.room, 2)], ["case_society", euro(model, found.society, 2)],
    ["case_paid", !found.cost_given ? say(model, "case_no_cost") : found.paid === null ? say(model, "case_not_paid") : found.paid],
    ["case_chance", found.cost_given ? likelihood(model, found.pays_back) : say(model, "case_no_cost")]];
  return table(say(model, "caption_case", { area: model.area }), ["head_question", "head_amount"].map((one) => say(model, one)),
    rows.map(([name, value]) => [say(model, name, { year: model.years.at(-1) }), value]));
}

function payerTable(model, found, year) {
  const rows = found.map(({ who, quantiles }) => [say(model, `payer_${who.replaceAll(" ", "_")}`),
    quantiles[0] === 0 && quantiles[4] === 0 ? say(model, "none")
      : [(quantiles[2] > 0 ? "+" : "") + euro(model, quantiles[2], 2), say(model, "likely", { between: euros(model, quantiles[1], quantiles[3]) })]]);
  return table(say(model, "caption_payers", { area: model.area, year }), ["head_who", "head_pays"].map((one) => say(model, one)), rows);
}

function stepTable(model, numbers) {
  const rows = numbers.steps.map((one) => {
    const total = one.id === "start" || one.id === "end";
    const ends = one.id === "start" ? "–" : euros(model, one.quantiles[1], one.quantiles[3], 2);
    return [stepName(model, numbers, one.id), euro(model, one.amount, total ? 3 : 2), ends];
  });
  const caption = say(model, "caption_steps", { area: model.area, start: model.base_year, end: numbers.year });
  return table(caption, ["step", "amount", "interval"].map((one) => say(model, `head_${one}`)), rows);
}

