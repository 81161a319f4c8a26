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
    moduleType: "locale", name: "nl", dictionary: {},
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
  const figure = coloured(document.querySelector(`script[data-for="${place.id}"]`).textContent);
  return window.Plotly.react(live.get(place), figure.data, figure.layout, {
    responsive: true, displayModeBar: false, displaylogo: false, showTips: false, scrollZoom: false,
    doubleClick: false, locale: document.documentElement.lang,
  });
}

// Put plotly's chart where the picture is; a page without plotly.js keeps its pictures.
async function enliven(place) {
  if (live.has(place)) return;
  const height = place.clientHeight;
  live.set(place, null);
  try { await plotly(); } catch { return; }
  const chart = document.createElement("div");
  chart.className = "live";
  chart.style.height = `${height}px`;
  place.append(chart);
  live.set(place, chart);
  place.classList.add("drawn");
  await draw(place);
}

// The wide picture of a chart with its title and source, in the colours of paper.
function pictured(place) {
  const figure = place.closest("figure");
  const picture = place.querySelector(".picture.wide").cloneNode(true);
  const { width, height } = picture.viewBox.baseVal;
  const above = wrapped(figure.querySelector("figcaption").textContent, 88);
  const below = wrapped(figure.querySelector(".source")?.textContent ?? "", 112);
  const top = 16 + 22 * above.length;
  const total = height + top + 16 * below.length + 8;
  const written = (line, y, size, weight) =>
    `<text x="8" y="${y}" font-size="${size}" font-weight="${weight}">${line.replace(/&/g, "&amp;").replace(/</g, "&lt;")}</text>`;
  const style = getComputedStyle(document.documentElement);
  const light = Object.fromEntries(Object.entries(TOKENS).map(([color, name]) => [name, color]));
  const shade = (_, name) => (dark.matches ? light[name] : style.getPropertyValue(`${PREFIX}${name}`).trim()) || light[name];
  const inside = picture.innerHTML.replace(/var\(--c-([a-z0-9-]+)\)/g, shade);
  const lines = [...above.map((line, place) => written(line, 22 + 22 * place, 16, 600)),
    ...below.map((line, place) => written(line, top + height + 12 + 16 * place, 11, 400))];
  const text = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${total}" viewBox="0 0 ${width} ${total}" ` +
    `font-size="12" font-family="system-ui, Segoe UI, Roboto, Helvetica, Arial, sans-serif" fill="${light.ink}"><rect width="${width}" height="${total}" ` +
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
  for (const figure of document.querySelectorAll("figure.chart:has([role=img])")) {
    const shown = figure.querySelector("[role=img]");
    shown.id ||= `${figure.getAttribute("aria-labelledby")}-shown`;
    if (printing) figure.setAttribute("aria-describedby", shown.id);
    else figure.removeAttribute("aria-describedby");
  }
}

function start() {
  addEventListener("beforeprint", () => described(true));
  addEventListener("afterprint", () => described(false));
  for (const place of document.querySelectorAll(".plot")) {
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
