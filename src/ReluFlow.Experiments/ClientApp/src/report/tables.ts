/** Lets the reader sort a table by any of its columns. */
export function makeSortable(table: HTMLTableElement): void {
  const headings = [...table.querySelectorAll("th")];
  headings.forEach((heading, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...heading.childNodes);
    heading.append(button);
    button.addEventListener("click", () => {
      const descending = heading.getAttribute("aria-sort") !== "descending" && heading.classList.contains("number")
        ? true
        : heading.getAttribute("aria-sort") === "ascending";
      headings.forEach((other) => other.removeAttribute("aria-sort"));
      heading.setAttribute("aria-sort", descending ? "descending" : "ascending");
      sort(table, column, descending ? -1 : 1);
    });
  });
}

// Empty cells stay at the end whatever the direction.
function sort(table: HTMLTableElement, column: number, direction: 1 | -1): void {
  const body = table.tBodies[0];
  if (!body) {
    return;
  }

  const rows = [...body.rows].map((row) => ({ row, key: keyOf(row.cells[column]) }));
  rows.sort((a, b) => {
    if (a.key === "" || b.key === "") {
      return Number(a.key === "") - Number(b.key === "");
    }

    return direction * (typeof a.key === "number" && typeof b.key === "number" ? compare(a.key, b.key) : String(a.key).localeCompare(String(b.key)));
  });
  body.append(...rows.map(({ row }) => row));
}

// Two infinities have no difference.
function compare(a: number, b: number): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function keyOf(cell: HTMLTableCellElement | undefined): number | string {
  const value = cell?.dataset["value"];
  return value === undefined ? (cell?.textContent ?? "") : Number(value);
}
