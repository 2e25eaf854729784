// A click on a title sorts by its column: numbers the largest first, names from A
// on; another click turns it around.
"use strict";
const body = document.querySelector("tbody");

function compare(a, b) {
  return "value" in a.dataset ? a.dataset.value - b.dataset.value
                              : a.textContent.localeCompare(b.textContent);
}

function sortBy(title) {
  const titles = [...title.parentNode.children], column = titles.indexOf(title);
  const rows = [...body.rows];
  const isNumber = "value" in rows[0].cells[column].dataset;
  const before = title.getAttribute("aria-sort");
  const down = before ? before == "ascending" : isNumber;
  rows.sort((a, b) => (down ? -1 : 1) * compare(a.cells[column], b.cells[column]));
  body.append(...rows);
  for (const other of titles)
    other.removeAttribute("aria-sort");
  title.setAttribute("aria-sort", down ? "descending" : "ascending");
}

for (const title of document.querySelectorAll("th"))
  title.firstChild.addEventListener("click", () => sortBy(title));
