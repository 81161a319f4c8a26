// Draws the charts of a page from the JSON beside them. The page reads well without it.
const NARROW = 560;
const MONTHS = ["januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus", "september", "oktober",
  "november", "december"];
const DAYS = ["zondag", "maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag"];
const charts = [];
const TOKENS = JSON.parse(document.getElementById("tokens").textContent);
const dark = window.matchMedia("(prefers-color-scheme: dark)");

// A figure is made in the colours of the house style as it came; here it takes those of the page as it is.
function coloured(text) {
  const style = getComputedStyle(document.documentElement);
  return JSON.parse(text.replace(/#[0-9a-f]{6}/gi, (color) => {
    const name = TOKENS[color.toLowerCase()];
    return (name && style.getPropertyValue(`--jeugdhulp-color-${name}`).trim()) || color;
  }));
}

// Paper and pictures are always light.
function inLight(action) {
  document.documentElement.dataset.scheme = "light";
  try { return action(); } finally { delete document.documentElement.dataset.scheme; }
}

function registerDutch() {
  window.Plotly.register({
    moduleType: "locale", name: "nl", dictionary: {},
    format: {
      days: DAYS, shortDays: DAYS.map((day) => day.slice(0, 2)), months: MONTHS,
      shortMonths: MONTHS.map((month) => month.slice(0, 3)), decimal: ",", thousands: ".", date: "%d-%m-%Y",
    },
  });
}

// Labels at the ends of lines need room: on a narrow screen a legend says the same.
function fitted(layout, width) {
  if (width >= NARROW) return layout;
  const labels = (layout.annotations || []).some((one) => one.name === "end");
  const annotations = (layout.annotations || []).filter((one) => one.name !== "end" && one.name !== "wide");
  const [first, last] = layout.xaxis?.range ?? [0, 0];
  const xaxis = { ...layout.xaxis, tickangle: 0, nticks: 4 };
  if (xaxis.dtick) xaxis.dtick = Math.ceil((last - first) / 5);
  if (xaxis.tickvals?.length > 4 && xaxis.ticktext) {
    for (const key of ["tickvals", "ticktext"]) xaxis[key] = xaxis[key].filter((_, place) => place % 2 === 0);
  }
  if (xaxis.title?.text) xaxis.title = { ...xaxis.title, text: xaxis.title.text.replace(/(.{24}\S*) /, "$1<br>") };
  return { ...layout, xaxis, annotations, showlegend: layout.showlegend || labels,
    margin: { ...layout.margin, r: 12, b: labels ? 64 : layout.margin.b }, font: { ...layout.font, size: 12 } };
}

function shortened(trace, width) {
  return width < NARROW && trace.meta?.narrow ? { ...trace, text: trace.meta.narrow } : trace;
}

function draw(chart, paper) {
  const figure = coloured(chart.text);
  const width = paper ?? chart.place.clientWidth;
  chart.narrow = width < NARROW;
  const layout = fitted(figure.layout, width);
  if (paper) Object.assign(layout, { width: paper, height: Math.round(paper * (chart.tall ? 0.95 : 0.5)) });
  return window.Plotly.react(chart.place, figure.data.map((trace) => shortened(trace, width)), layout, {
    responsive: true, displayModeBar: false, displaylogo: false, showTips: false, scrollZoom: false,
    doubleClick: false, locale: document.documentElement.lang,
  });
}

function mount(script) {
  const place = document.getElementById(script.dataset.for);
  const chart = { place, text: script.textContent, narrow: null, tall: place.classList.contains("tall") };
  place.replaceChildren();
  charts.push(chart);
  return draw(chart);
}

function download(button) {
  const chart = charts.find((one) => one.place.id === button.dataset.plot);
  const figure = chart.place.closest("figure");
  const title = figure.querySelector("figcaption").textContent;
  const source = figure.querySelector(".source")?.textContent ?? "";
  const height = chart.tall ? 1200 : 675;
  const drawn = inLight(() => coloured(chart.text));
  const layout = { ...drawn.layout, width: 1200, height,
    title: { text: title.replaceAll("&", "&amp;").replaceAll("<", "&lt;"), x: 0, xref: "paper", xanchor: "left" },
    margin: { ...drawn.layout.margin, t: 96, b: 72 },
    annotations: [...(drawn.layout.annotations || []), { text: source.replaceAll("<", "&lt;"), x: 0, y: 0,
      xref: "paper", yref: "paper", xanchor: "left", yanchor: "top", yshift: -36, showarrow: false }] };
  const name = `${document.querySelector("h1").textContent}-${chart.place.id}`.toLowerCase().replace(/[^a-z0-9]+/g, "-");
  return window.Plotly.downloadImage({ data: drawn.data, layout }, {
    format: button.dataset.format, width: 1200, height, filename: name });
}

// A chart keeps the width and the colours of the screen when printed, unless it is told those of the paper.
function print(width) {
  if (width) inLight(() => charts.forEach((chart) => draw(chart, width)));
  else charts.forEach((chart) => draw(chart));
}

async function start() {
  if (window.Plotly) {
    performance.mark("plotly");
    registerDutch();
    for (const script of document.querySelectorAll("script[data-for]")) {
      await mount(script);
      await new Promise((resume) => setTimeout(resume));
    }
    performance.mark("charts");
    for (const button of document.querySelectorAll("button[data-format]")) button.hidden = false;
    document.addEventListener("click", (event) => {
      const button = event.target.closest("button[data-format]");
      if (button) download(button);
    });
    window.addEventListener("resize", () => {
      for (const chart of charts) if ((chart.place.clientWidth < NARROW) !== chart.narrow) draw(chart);
    });
    dark.addEventListener("change", () => charts.forEach((chart) => draw(chart)));
    window.addEventListener("beforeprint", () => print(660));
    window.addEventListener("afterprint", () => print(0));
  }
  document.documentElement.dataset.ready = "1";
}

start();
