"use strict";
(() => {
  const $ = (selector, within = document) => within.querySelector(selector);
  const $$ = (selector, within = document) => [...within.querySelectorAll(selector)];

  /* Sorting: every column heading becomes a button. */
  const table = $("#table");
  const sort = (th) => {
    const column = th.cellIndex;
    const numeric = th.hasAttribute("data-n");
    const ascending = th.getAttribute("aria-sort") !== "ascending";
    $$("thead th", table).forEach((other) => other.removeAttribute("aria-sort"));
    th.setAttribute("aria-sort", ascending ? "ascending" : "descending");
    const key = (row) => {
      const cell = row.cells[column];
      return numeric ? parseFloat(cell.dataset.v) : cell.textContent.trim();
    };
    const sign = ascending ? 1 : -1;
    const rows = [...table.tBodies[0].rows].map((row) => [key(row), row]);
    rows.sort(([a], [b]) => {
      if (!numeric) return (a === "") - (b === "") || sign * a.localeCompare(b, "en", { numeric: true });
      /* Rows without a figure stay last either way. */
      return isNaN(a) - isNaN(b) || sign * (a - b) || 0;
    });
    table.tBodies[0].append(...rows.map(([, row]) => row));
  };
  if (table) {
    $$("thead th", table).forEach((th) => {
      const button = document.createElement("button");
      button.type = "button";
      button.append(...th.childNodes);
      button.addEventListener("click", () => sort(th));
      th.append(button);
    });
  }

  /* Filtering: hides rows and sections alike. */
  const filter = $("#filter");
  if (filter) {
    const entries = [...table.tBodies[0].rows].map((row) => {
      /* On a page of very many not every benchmark has a section. */
      const link = $("a", row);
      const section = link && document.getElementById(link.getAttribute("href").slice(1));
      return { row, section, text: row.textContent.toLowerCase() };
    });
    const apply = () => {
      const words = filter.value.toLowerCase().split(/\s+/).filter(Boolean);
      let shown = 0;
      for (const { row, section, text } of entries) {
        const hidden = !words.every((word) => text.includes(word));
        if (row.hidden !== hidden) {
          row.hidden = hidden;
          if (section) section.hidden = hidden;
        }
        shown += !hidden;
      }
      /* The charts of several values stay as long as one of their benchmarks does. */
      for (const values of $$(".values")) {
        const all = $$("a", values).map((a) => document.getElementById(a.getAttribute("href").slice(1)));
        values.hidden = all.every((section) => section.hidden);
      }
      $("#shown").textContent = `${shown} of ${entries.length}`;
    };
    filter.addEventListener("input", apply);
    $(".tools").hidden = false;
    if (filter.value) apply();
  }

  /* Tooltips: the figures come from the benchmark's own table, so both always agree. */
  const tip = $("#tip");
  const WIDTH = 720;
  const dots = (svg) => {
    const path = $("path.d", svg);
    if (!path) return [];
    const rows = svg.dataset.r ? svg.dataset.r.split(" ").map(Number) : null;
    let [x, y] = [0, 0];
    return [...path.getAttribute("d").matchAll(/m(-?\d+) ?(-?\d+)/g)].map(([, right, down], i) => {
      x += +right;
      y += +down;
      return { x, y, row: rows ? rows[i] : i };
    });
  };
  /* Each group of charts has a table of its own: the figures, or the history. */
  const isLoad = (svg) => svg.dataset.k === "r";
  const isHistory = (svg) => "hy".includes(svg.dataset.k);
  const figures = (svg, row, kinds) => {
    const source = $(isHistory(svg) ? "table.y" : "table.f", svg.closest("section"));
    const cells = source.tBodies[0].rows[row].cells;
    /* For each column after the first, the charts whose tooltips show it. */
    const shownIn = source.dataset.k.split(" ");
    const lines = [...source.tHead.rows[0].cells]
      .map((th, i) => [th.textContent, cells[i].textContent, shownIn[i - 1] || ""])
      .filter(([, text, charts]) => text && [...kinds].some((kind) => charts.includes(kind)));
    const first = cells[0].textContent;
    if (isHistory(svg)) return [first, lines];
    /* "Threads" or "Tasks": the first column says what the points count. */
    const counted = source.tHead.rows[0].cells[0].textContent.toLowerCase();
    return [`${first} ${first === "1" ? counted.slice(0, -1) : counted}`, lines];
  };
  const clear = () => {
    tip.hidden = true;
    $$("circle.h").forEach((circle) => circle.remove());
  };
  const mark = (charts, row) => {
    $$("circle.h").forEach((circle) => circle.remove());
    for (const svg of $$("svg.c", charts)) {
      const dot = dots(svg).find((d) => d.row === row);
      if (!dot) continue;
      const circle = document.createElementNS("http://www.w3.org/2000/svg", "circle");
      circle.setAttribute("class", "h");
      circle.setAttribute("cx", dot.x);
      circle.setAttribute("cy", dot.y);
      circle.setAttribute("r", 13);
      svg.append(circle);
    }
  };
  const show = (svg, dot, kinds) => {
    mark(svg.closest(".charts"), dot.row);
    const [title, lines] = figures(svg, dot.row, kinds);
    const heading = document.createElement("b");
    heading.textContent = title;
    tip.replaceChildren(
      heading,
      ...lines.map(([name, text]) => {
        const line = document.createElement("div");
        const label = document.createElement("span");
        label.textContent = name;
        line.append(label, text);
        return line;
      }),
    );
    tip.hidden = false;
    const box = svg.getBoundingClientRect();
    const scale = box.width / WIDTH;
    const x = box.left + dot.x * scale;
    const y = box.top + dot.y * scale;
    const { width, height } = tip.getBoundingClientRect();
    const right = x + 14 + width < innerWidth - 8;
    const left = Math.max(8, Math.min(right ? x + 14 : x - 14 - width, innerWidth - width - 8));
    const below = y + 16 + height < innerHeight;
    tip.style.left = `${left}px`;
    tip.style.top = `${below ? y + 16 : Math.max(8, y - height - 16)}px`;
  };
  let last = null;
  const hover = (event) => {
    const svg = event.target.closest && event.target.closest(".charts svg.c");
    if (!svg) {
      if (last) clear();
      last = null;
      return;
    }
    const box = svg.getBoundingClientRect();
    const x = ((event.clientX - box.left) * WIDTH) / box.width;
    const y = ((event.clientY - box.top) * WIDTH) / box.width;
    const upright = svg.dataset.k === "p" ? 1 : 0.02;
    const far = (d) => (d.x - x) ** 2 + upright * (d.y - y) ** 2;
    const [nearest] = dots(svg).sort((a, b) => far(a) - far(b));
    if (!nearest) return;
    const key = `${svg.dataset.k}${nearest.row}`;
    if (last && last.svg === svg && last.key === key) return;
    last = { svg, key };
    show(svg, nearest, svg.dataset.k);
  };
  document.addEventListener("pointermove", hover);
  document.addEventListener("pointerdown", hover);
  document.addEventListener("scroll", () => { clear(); last = null; }, { passive: true });

  /* Keyboard: one stop for the charts of a benchmark; the arrow keys walk through the thread counts. */
  const walk = (charts, by) => {
    const [svg] = $$("svg.c", charts);
    const all = dots(svg);
    if (!all.length) return;
    const now = all.findIndex((d) => d.row === Number(charts.dataset.row ?? -1));
    const next = all[Math.max(0, Math.min(all.length - 1, now + by))];
    charts.dataset.row = next.row;
    show(svg, next, isHistory(svg) ? "hy" : isLoad(svg) ? "r" : "lep");
  };
  for (const charts of $$(".charts")) {
    const [svg] = $$("svg.c", charts);
    const steps = svg && isHistory(svg) ? "runs" : svg && isLoad(svg) ? "rates" : "thread counts";
    charts.tabIndex = 0;
    charts.setAttribute("role", "group");
    charts.setAttribute("aria-label", `Charts; arrow keys walk through the ${steps}`);
  }
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") return clear();
    const charts = event.target.closest && event.target.closest(".charts");
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!charts || event.target !== charts || !by) return;
    event.preventDefault();
    walk(charts, by);
  });
  document.addEventListener("focusout", clear);
})();
