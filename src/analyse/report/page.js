// The charts of a page are pictures in it. Here they become plotly's own when a reader points at one, and are saved.
const MONTHS = ["januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus", "september", "oktober",
  "november", "december"];
const DAYS = ["zondag", "maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag"];
const PREFIX = "--jeugdhulp-color-";
const TOKENS = JSON.parse(document.getElementById("tokens").textContent);
const dark = window.matchMedia("(prefers-color-scheme: dark)");
const live = new Map();
let loading;

// plotly.js is 5 MB and takes one to two seconds to start: it comes when it is asked for.
function plotly() {
  loading ??= new Promise((resolve, reject) => {
    const kept = document.getElementById("plotly");
    const script = document.createElement("script");
    script.onload = resolve;
    script.onerror = reject;
    if (kept.dataset.source) script.src = kept.dataset.source;
    else script.textContent = kept.textContent;
    document.head.append(script);
    if (!kept.dataset.source) resolve();
  }).then(() => { registerDutch(); performance.mark("plotly"); });
  return loading;
}

function registerDutch() {
  window.Plotly.register({
    moduleType: "locale", name: "nl",
    dictionary: { "Zoom": "Inzoomen op een deel", "Zoom in": "Inzoomen", "Zoom out": "Uitzoomen", "Pan": "Verschuiven",
      "Reset axes": "Terug naar het geheel" },
    format: {
      days: DAYS, shortDays: DAYS.map((day) => day.slice(0, 2)), months: MONTHS,
      shortMonths: MONTHS.map((month) => month.slice(0, 3)), decimal: ",", thousands: ".", date: "%d-%m-%Y",
    },
  });
}

// A figure is made in the colours of the house style as it came; here it takes those of the page as it is.
function coloured(text) {
  const style = getComputedStyle(document.documentElement);
  return JSON.parse(text.replace(/#[0-9a-f]{6}/gi, (color) => {
    const name = TOKENS[color.toLowerCase()];
    return (name && style.getPropertyValue(`${PREFIX}${name}`).trim()) || color;
  }));
}

function draw(place) {
  const read = (selector) => coloured(document.querySelector(selector).textContent);
  const { data, layout: own } = read(`script[data-for="${place.id}"]`);
  const picture = size(place), layout = picture ? joined(read("#layout"), own) : own;
  const mouse = matchMedia("(hover:hover)").matches;
  if (picture) {
    const clear = "rgba(0,0,0,0)"; // the legend is that of the picture below
    Object.assign(layout, { width: picture.width, height: picture.height, dragmode: mouse ? "zoom" : false,
      paper_bgcolor: clear, plot_bgcolor: clear });
    for (const axis of [layout.xaxis, layout.yaxis]) axis.fixedrange = false;
  }
  return window.Plotly.react(live.get(place), data, layout, {
    responsive: !picture, displayModeBar: Boolean(picture), displaylogo: false, showTips: false, scrollZoom: false,
    doubleClick: "reset", locale: document.documentElement.lang,
    modeBarButtons: [["zoomIn2d", "zoomOut2d", "pan2d", "zoom2d", "resetScale2d"]],
  });
}

// What all charts of a page share, with what one has of its own.
function joined(shared, own) {
  return { ...shared, ...own, xaxis: { ...shared.xaxis, ...own.xaxis }, yaxis: { ...shared.yaxis, ...own.yaxis } };
}

// The size of the wide picture: plotly draws at that size, and grows and shrinks with the page as the picture does.
function size(place) {
  return place.querySelector(".picture.wide")?.viewBox.baseVal;
}

function fit(place) {
  const shown = place.querySelector(".picture.wide")?.getScreenCTM();
  if (shown) live.get(place).style.transform = `scale(${shown.a})`;
}

// Put plotly's chart where the picture is; a page without plotly.js keeps its pictures.
async function enliven(place) {
  if (live.has(place)) return;
  const height = place.clientHeight;
  live.set(place, null);
  try { await plotly(); } catch { return; }
  const chart = document.createElement("div");
  chart.className = "live";
  if (!size(place)) chart.style.height = `${height}px`;
  place.append(chart);
  live.set(place, chart);
  place.classList.add("drawn");
  fit(place);
  await draw(place);
  // What can be used may not be part of a picture: the text alternative stays, as the name of a group.
  if (size(place)) place.setAttribute("role", "group");
  for (const drawing of chart.querySelectorAll("svg.main-svg")) drawing.setAttribute("aria-hidden", "true");
  new ResizeObserver(() => fit(place)).observe(place);
}

// The wide picture of a chart as a file that explains itself: title above, note, source and date below, colours of paper.
function pictured(place) {
  const figure = place.closest("figure");
  const picture = place.querySelector(".picture.wide");
  const { width, height } = picture.viewBox.baseVal;
  const said = (where) => figure.querySelector(where)?.textContent ?? "";
  const title = said("figcaption");
  const above = wrapped(title, 80);
  const below = [said(".note"), said(".source"), document.querySelector("footer p").firstChild.textContent.trim()]
    .flatMap((one) => wrapped(one, 112));
  const top = 16 + 22 * above.length;
  const total = height + top + 16 * below.length + 8;
  const plain = (text) => text.replace(/&/g, "&amp;").replace(/</g, "&lt;");
  const written = (line, y, size, weight) =>
    `<text x="8" y="${y}" font-size="${size}" font-weight="${weight}">${plain(line)}</text>`;
  const style = getComputedStyle(document.documentElement);
  const light = Object.fromEntries(Object.entries(TOKENS).map(([color, name]) => [name, color]));
  const shade = (_, name) => (dark.matches ? light[name] : style.getPropertyValue(`${PREFIX}${name}`).trim()) || light[name];
  const inside = picture.innerHTML.replace(/&nbsp;/g, "\u00a0").replace(/var\(--c-([a-z0-9-]+)\)/g, shade);
  const lines = [...above.map((line, place) => written(line, 22 + 22 * place, 16, 600)),
    ...below.map((line, place) => written(line, top + height + 12 + 16 * place, 11, 400))];
  const text = `<svg xmlns="http://www.w3.org/2000/svg" role="img" width="${width}" height="${total}" viewBox="0 0 ${width} ${total}" ` +
    `font-size="12" font-family="system-ui, Segoe UI, Roboto, Helvetica, Arial, sans-serif" fill="${light.ink}">` +
    `<title>${plain(title)}</title><desc>${plain(place.getAttribute("aria-label"))}</desc><rect width="${width}" height="${total}" ` +
    `fill="${shade("", "paper")}"/>${lines.join("")}<g transform="translate(0 ${top})">${inside}</g></svg>`;
  return { text, width, height: total };
}

function wrapped(text, letters) {
  return text.match(new RegExp(`.{1,${letters}}(?:\\s|$)`, "g")) ?? [];
}

async function download(button) {
  const picture = pictured(document.getElementById(button.dataset.plot));
  const kind = button.dataset.format;
  const drawn = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(picture.text)}`;
  const link = document.createElement("a");
  link.href = kind === "svg" ? drawn : await painted(drawn, picture);
  const name = `${document.querySelector("h1").textContent}-${button.dataset.plot}`;
  link.download = `${name.toLowerCase().replace(/[^a-z0-9]+/g, "-")}.${kind}`;
  link.click();
}

async function painted(drawn, { width, height }) {
  const image = new Image();
  image.src = drawn;
  await image.decode();
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [2 * width, 2 * height];
  canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
  return canvas.toDataURL("image/png");
}

// A PDF leaves out what has no text, and so the alternative of a picture, unless something points at it.
function described(printing) {
  for (const place of live.keys()) if (size(place)) place.setAttribute("role", printing ? "img" : "group");
  for (const figure of document.querySelectorAll("figure.chart:has([role=img], .drawn)")) {
    const shown = figure.querySelector("[role=img], .drawn");
    shown.id ||= `${figure.getAttribute("aria-labelledby")}-shown`;
    if (printing) figure.setAttribute("aria-describedby", shown.id);
    else figure.removeAttribute("aria-describedby");
  }
}

// The list of contents says which section is on the screen, and brings that name into its own view.
function followed() {
  const links = new Map([...document.querySelectorAll(".contents a")].map((one) => [one.hash.slice(1), one]));
  const headings = [...document.querySelectorAll("main h2[id]")].filter((one) => links.has(one.id));
  const mark = () => {
    const high = scrollY + innerHeight >= document.documentElement.scrollHeight - 2 ? innerHeight : innerHeight / 3;
    const current = headings.findLast((one) => one.getBoundingClientRect().top < high);
    for (const [place, link] of links) {
      if (place !== current?.id) link.removeAttribute("aria-current");
      else if (!link.hasAttribute("aria-current")) {
        link.setAttribute("aria-current", "true");
        const bar = link.closest("ul");
        bar.scrollLeft = link.offsetLeft - bar.offsetLeft - 16;
      }
    }
  };
  let waiting = false;
  addEventListener("scroll", () => {
    if (!waiting) requestAnimationFrame(() => { waiting = false; mark(); });
    waiting = true;
  }, { passive: true });
  mark();
}

// Search among the areas of this set, which areas.js names: a name that is chosen or typed leads to its page.
function finder() {
  const form = document.querySelector(".find"), listed = window.jeugdhulpAreas;
  if (!form || !listed) return;
  const field = form.querySelector("input"), said = form.querySelector("[role=status]");
  form.querySelector("datalist").append(...listed.map(([name]) => new Option(name, name)));
  const go = (partly) => {
    const wanted = plain(field.value);
    const same = listed.find(([name, also]) => plain(name) === wanted || also.split(" ").some((one) => plain(one) === wanted));
    const near = listed.filter(([name, also]) => plain(`${name} ${also}`).includes(wanted));
    const found = same ?? (partly && wanted ? near[0] : undefined);
    said.textContent = found || !partly ? "" : form.dataset.none;
    if (found) location.href = found[2];
  };
  field.addEventListener("change", () => go(false));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    go(true);
  });
  form.hidden = false;
}

function start() {
  followed();
  finder();
  addEventListener("beforeprint", () => described(true));
  addEventListener("afterprint", () => described(false));
  for (const place of document.querySelectorAll(".plot:not(.map)")) {
    if (place.classList.contains("waiting")) enliven(place);
    else place.addEventListener("pointerenter", () => enliven(place), { once: true });
  }
  for (const button of document.querySelectorAll("button[data-format]")) {
    button.hidden = !document.querySelector(`#${button.dataset.plot} .picture`);
    button.addEventListener("click", () => download(button));
  }
  dark.addEventListener("change", () => live.forEach((chart, place) => chart && draw(place)));
  performance.mark("charts");
  document.documentElement.dataset.ready = "1";
}

start();

// A link into a fold opens it; on paper all of them are open.
function unfold() {
  const place = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  const fold = place?.closest("details.subject");
  if (fold && !fold.open) { fold.open = true; place.scrollIntoView(); }
}

if (document.querySelector("details.subject")) {
  addEventListener("hashchange", unfold);
  unfold();
  for (const link of document.querySelectorAll('a[href^="#"]')) link.addEventListener("click", () => setTimeout(unfold));
  addEventListener("beforeprint", () => {
    for (const fold of document.querySelectorAll("details.subject:not([open])")) {
      fold.open = true;
      fold.dataset.folded = "";
    }
  });
  addEventListener("afterprint", () => {
    for (const fold of document.querySelectorAll("details.subject[data-folded]")) {
      fold.open = false;
      delete fold.dataset.folded;
    }
  });
}
