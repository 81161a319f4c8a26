// Search and sort for the table of areas. Without it the table is whole, in its own order.
const table = document.getElementById("areas");
const body = table.tBodies[0];
const search = document.getElementById("search");
const found = document.getElementById("found");
const rows = [...body.rows];

function filter() {
  const wanted = plain(search.value);
  let shown = 0;
  for (const row of rows) {
    row.hidden = !plain(`${row.cells[0].textContent} ${row.cells[1].textContent} ${row.cells[0].dataset.also ?? ""}`).includes(wanted);
    if (!row.hidden) shown += 1;
  }
  found.textContent = found.dataset.text.replace("{n}", shown).replace("{all}", rows.length);
}

function key(row, column) {
  const cell = row.cells[column];
  if (cell.dataset.sort === undefined) return plain(cell.textContent.trim());
  return cell.dataset.sort === "" ? null : Number(cell.dataset.sort);
}

// Areas without a figure stay at the end, whichever way is up.
function sort(column, descending) {
  const order = (one, other) => {
    const [first, second] = [key(one, column), key(other, column)];
    if (first === null || second === null) return (first === null) - (second === null);
    const difference = typeof first === "number" ? first - second : first.localeCompare(second);
    return descending ? -difference : difference;
  };
  body.append(...[...rows].sort(order));
}

for (const [column, heading] of [...table.tHead.rows[0].cells].entries()) {
  const button = document.createElement("button");
  button.type = "button";
  button.append(...heading.childNodes);
  heading.append(button);
  button.addEventListener("click", () => {
    const descending = heading.getAttribute("aria-sort") === "ascending";
    for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
    heading.setAttribute("aria-sort", descending ? "descending" : "ascending");
    sort(column, descending);
  });
}
search.addEventListener("input", filter);
document.querySelector(".search").hidden = false;
filter();
document.documentElement.dataset.ready = "1";
