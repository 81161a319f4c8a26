// A table that can be copied, and whose rows can be pointed at. Works in JupyterLab and VS Code.

const STYLE = `
.analyse-grid { font: 13px/1.45 var(--jp-ui-font-family, system-ui, sans-serif); color: var(--jp-ui-font-color1, #16243a); }
.analyse-grid .rows { max-height: 26em; overflow: auto; border: 1px solid var(--jp-border-color1, #8a94a3); }
.analyse-grid table { border-collapse: collapse; margin: 0; width: 100%; font-size: inherit; }
.analyse-grid caption { text-align: left; font-weight: 600; padding: .35em .6em; caption-side: top; color: inherit; }
.analyse-grid th, .analyse-grid td { padding: .25em .6em; text-align: left; border: 0;
  border-bottom: 1px solid var(--jp-border-color2, #d5dce5); background: transparent; }
.analyse-grid thead th { position: sticky; top: 0; background: var(--jp-layout-color1, #fff); z-index: 1; }
.analyse-grid .number { text-align: right; font-variant-numeric: tabular-nums; }
.analyse-grid tbody th { font-weight: 400; }
.analyse-grid button { font: inherit; color: inherit; cursor: pointer; }
.analyse-grid th button { border: 0; background: none; padding: 0; text-align: left; text-decoration: underline; }
.analyse-grid tr[data-chosen] > * { background: var(--jp-layout-color2, #e8eef6); font-weight: 700; }
.analyse-grid tr[data-chosen] > th { box-shadow: inset 4px 0 var(--jp-brand-color1, #0b5cad); }
.analyse-grid .actions { display: flex; flex-wrap: wrap; gap: .5em; align-items: center; margin: .5em 0; }
.analyse-grid .actions button { border: 1px solid var(--jp-border-color0, #4a5a70); border-radius: 3px;
  background: var(--jp-layout-color1, #fff); padding: .3em .8em; }
.analyse-grid :focus-visible { outline: 3px solid var(--jp-brand-color1, #0b5cad); outline-offset: 1px; }
`;

function make(tag, properties, ...children) {
  const node = Object.assign(document.createElement(tag), properties);
  node.append(...children);
  return node;
}

// Where a page may not use the clipboard (a server without https), the older way still works.
async function copied(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const area = make("textarea", { value: text });
    document.body.append(area);
    area.select();
    const done = document.execCommand("copy");
    area.remove();
    return done;
  }
}

function actions(content) {
  const said = make("span", {});
  said.setAttribute("role", "status");
  const buttons = content.copies.map(({ label, text }) => {
    const button = make("button", { type: "button", textContent: label });
    button.addEventListener("click", async () => {
      said.textContent = (await copied(text)) ? content.done : content.failed;
      button.focus();
    });
    return button;
  });
  return make("div", { className: "actions" }, ...buttons, said);
}

function table(model, content) {
  const head = make("tr", {}, ...content.columns.map(({ label, number }) =>
    Object.assign(make("th", { className: number ? "number" : "", textContent: label }), { scope: "col" })));
  const rows = content.rows.map((cells, place) => {
    const key = content.keys[place];
    const first = make("th", {});
    first.scope = "row";
    if (key) {
      const button = make("button", { type: "button", textContent: cells[0] });
      button.addEventListener("click", () => {
        model.set("selected", key);
        model.save_changes();
      });
      first.append(button);
    } else {
      first.textContent = cells[0];
    }
    const rest = cells.slice(1).map((text, number) =>
      make("td", { className: content.columns[number + 1].number ? "number" : "", textContent: text }));
    const row = make("tr", {}, first, ...rest);
    row.dataset.key = key;
    return row;
  });
  return make("table", {}, make("caption", { textContent: content.caption }),
    make("thead", {}, head), make("tbody", {}, ...rows));
}

function mark(model, el) {
  for (const row of el.querySelectorAll("tbody tr")) {
    const chosen = Boolean(row.dataset.key) && row.dataset.key === model.get("selected");
    row.toggleAttribute("data-chosen", chosen);
    row.querySelector("th button")?.setAttribute("aria-pressed", String(chosen));
  }
}

function draw(model, el) {
  const content = model.get("content");
  const focused = el.contains(document.activeElement) && document.activeElement.closest("tr")?.dataset.key;
  const top = el.querySelector(".rows")?.scrollTop ?? 0;
  const rows = make("div", { className: "rows", tabIndex: 0 }, table(model, content));
  rows.setAttribute("role", "region");
  rows.setAttribute("aria-label", content.caption);
  el.replaceChildren(make("style", { textContent: STYLE }),
    make("div", { className: "analyse-grid" }, rows, actions(content)));
  rows.scrollTop = top;
  mark(model, el);
  if (focused) {
    [...el.querySelectorAll("tbody tr")].find((row) => row.dataset.key === focused)?.querySelector("button")?.focus();
  }
}

// JupyterLab takes arrow keys, letters and Enter for its own commands, unless the control itself says otherwise.
function ownKeys({ target }) {
  target.setAttribute("data-lm-suppress-shortcuts", "true");
}

// plotly fits a chart to its place only when the window changes; in a notebook the place changes without it.
function fitted(el) {
  let width = 0;
  const watcher = new ResizeObserver(() => {
    el.closest(".jp-OutputArea-output")?.addEventListener("focusin", ownKeys);
    if (el.clientWidth && el.clientWidth !== width) {
      width = el.clientWidth;
      window.dispatchEvent(new Event("resize"));
    }
  });
  watcher.observe(el);
  return watcher;
}

export default {
  render({ model, el }) {
    const watcher = fitted(el);
    const redraw = () => draw(model, el);
    const remark = () => mark(model, el);
    model.on("change:content", redraw);
    model.on("change:selected", remark);
    redraw();
    return () => {
      watcher.disconnect();
      model.off("change:content", redraw);
      model.off("change:selected", remark);
    };
  },
};
