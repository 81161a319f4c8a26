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
    <output for="${own}-size"></output><span class="ends"><span>${esc(sized(model, lever, lever.minimum))}</span>
    <input type="range" id="${own}-size" data-set="size" data-lm-suppress-shortcuts="true" min="${lever.minimum}"
      max="${lever.maximum}" step="${lever.step}"><span>${esc(sized(model, lever, lever.maximum))}</span></span></div>
    <p class="spread" data-spread></p>
    <label class="start">${words("setting_start")} <select data-set="start">${years}</select></label>
    <details><summary>${words("more")}<span class="unseen">: ${esc(lever.title)}</span></summary><p>${esc(lever.text)}</p>
    <p><strong>${words("evidence")} ${lever.evidence}:</strong> ${words(`evidence_${lever.evidence}`)}. ${esc(evidence(model, lever))}
    ${words("opponent")} ${esc(lever.opponent)} ${words("source")} ${esc(lever.source)} (${esc(say(model, "checked", { date: lever.checked }))}).
    ${words("action_line")} ${esc(lever.action_line)}.</p>
    <div class="amounts">${amount("ramp_months", 1)}${COSTS.map((one) => amount(one, "any")).join("")}${
      lever.to === null ? "" : amount("cost_ratio", "any")}${lever.mechanism !== "duration" ? ""
      : `<label><input type="checkbox" data-set="new_only"> ${words("setting_new_only")}</label>`}</div></details></fieldset>`;
}

function evidence(model, lever) {
  const write = (one) => sized(model, lever, one), { found, promised } = lever.known;
  const parts = found ? [say(model, "evidence_interval", { low: write(found.low), middle: write(found.mid), high: write(found.high),
    coverage: percent(model, 100 * found.coverage) })] : [say(model, "evidence_none")];
  if (promised) parts.push(say(model, "evidence_promised", { size: write(promised.size), year: promised.year }));
  return [...parts, ...lever.known.words].join(" ");
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
    <label class="as-set"><input type="checkbox" data-as-set> ${words("as_set")}</label>
    <div class="ready" role="group" aria-label="${words("examples")}"><span>${words("examples")}:</span> ${ready.join(" ")}</div>
    <div class="halves"><div class="glance" aria-hidden="true"><p data-glance></p><div data-small></div></div><div class="levers" role="group" aria-label="${words("levers")}">${controls(model, id)}</div>
    <div class="outcome"><div class="choices"><label>${words("look_at")} <select data-year>${options}</select></label>
    <label>${esc(say(model, "compare_with", { year: model.budget_year }))} <input type="number" data-amount min="0" step="any" inputmode="decimal"></label></div>
    <p class="note" data-unused>${words("unused")}</p><div data-used hidden>${chart("cost")}${chart("clients")}
    <div class="scroll" role="region" tabindex="0" aria-label="${words("table_years")}" data-table="years"></div>
    <p class="note" data-note="years"></p>${chart("steps")}</div>
    <div data-case hidden><div class="scroll" role="region" tabindex="0" aria-label="${words("table_case")}" data-table="case"></div>
    <p class="note" data-note="case"></p>
    <div class="scroll" role="region" tabindex="0" aria-label="${words("table_payers")}" data-table="payers"></div></div>
    <section class="seek" aria-labelledby="${id}-seek"><h3 id="${id}-seek">${words("seek")}</h3><div class="choices">
    <label>${words("seek_lever")} <select data-seek="lever">${model.levers.map((one) =>
    `<option value="${one.id}">${esc(one.title)}</option>`).join("")}</select></label>
    <label>${words("seek_chance")} <select data-seek="probability"><option value="0.5">${esc(percent(model, 50))}</option>
    <option value="0.8">${esc(percent(model, 80))}</option></select></label>${button("seek_find", "seek")}</div>
    <p role="status" data-sought></p></section>
    <section aria-labelledby="${id}-passport"><h3 id="${id}-passport">${words("passport")}</h3><dl class="passport-list" data-list></dl></section>
    </div></div>
    <section class="kept" aria-labelledby="${id}-kept" data-side hidden><h3 id="${id}-kept">${words("kept")}</h3>
    <ul class="acts" role="list" data-acts></ul><div class="scroll" role="region" tabindex="0" aria-label="${words("table_kept")}" data-kept></div>
    <p class="note" data-note="kept"></p></section>
    <div class="keep"><label>${words("name")} <input type="text" data-title maxlength="120" autocomplete="off"></label>
    ${button("keep", "keep")}${button("save", "save")}<label class="file">${words("open")}<input type="file" class="unseen" data-file accept=".yaml,.yml,text/yaml"></label>
    ${host.address ? button("copy", "copy") + button("print", "print") : ""}${button("reset", "reset")}</div></div>`;
}

