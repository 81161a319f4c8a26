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
