// Sorts, filters, searches and jumps.  The page says all it has to say without this script, which
// moves and clones what is there and never makes markup from text.
"use strict";
(() => {
  const root = document.documentElement;
  const one = (selector, from = document) => from.querySelector(selector);
  const all = (selector, from = document) => [...from.querySelectorAll(selector)];
  root.classList.add("js");

  // Tables: a button in each head sorts, a box above filters.
  const number = (cell) => Number.parseFloat(cell.textContent.replace(/[,%<\s]/g, "") || "-1");

  function sort(table, column, head) {
    const down = head.getAttribute("aria-sort") !== "descending" && head.classList.contains("n")
      || head.getAttribute("aria-sort") === "ascending";
    for (const other of all("th[aria-sort]", table)) other.removeAttribute("aria-sort");
    head.setAttribute("aria-sort", down ? "descending" : "ascending");
    const numeric = head.classList.contains("n");
    const rows = all("tbody tr", table).map((row, at) => ({ row, at, cell: row.cells[column] }));
    rows.sort((a, b) => {
      const order = numeric
        ? number(a.cell) - number(b.cell)
        : a.cell.textContent.trim().localeCompare(b.cell.textContent.trim());
      return (down ? -order : order) || a.at - b.at;
    });
    one("tbody", table).append(...rows.map((each) => each.row));
  }

  for (const table of all("table.sortable")) {
    all("thead th", table).forEach((head, column) => {
      if (head.classList.contains("barcol")) return;
      const button = document.createElement("button");
      button.type = "button";
      button.append(...head.childNodes);
      head.append(button);
      button.addEventListener("click", () => sort(table, column, head));
    });
  }

  for (const table of all("table.filterable")) {
    if (all("tbody tr", table).length < 4) continue;
    const line = document.createElement("p");
    const label = document.createElement("label");
    const box = document.createElement("input");
    const said = document.createElement("span");
    line.className = "filter";
    box.type = "search";
    box.id = `filter-${table.dataset.what.replaceAll(" ", "-")}`;
    label.htmlFor = box.id;
    label.textContent = `Filter ${table.dataset.what}`;
    said.setAttribute("role", "status");
    line.append(label, box, said);
    table.parentElement.before(line);
    box.addEventListener("input", () => {
      const rows = all("tbody tr", table);
      const wanted = box.value.toLowerCase().trim();
      for (const row of rows) row.hidden = !row.textContent.toLowerCase().includes(wanted);
      said.textContent = wanted ? `${rows.filter((row) => !row.hidden).length} of ${rows.length}` : "";
    });
  }

  // Long lists of close calls open on demand.
  for (const calls of all(".calls")) {
    if (calls.children.length < 5) continue;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "more";
    button.textContent = `Show all ${calls.children.length}`;
    button.addEventListener("click", () => {
      calls.classList.add("all");
      button.remove();
    });
    calls.after(button);
  }

  // Documents: one at a time.
  const docs = all(".doc");
  const entries = all(".doclist li[data-rules]");
  const links = entries.map((entry) => one("a", entry));
  let open = null;
  let at = null;

  function show(doc) {
    if (doc === open) return;
    if (open) open.classList.remove("open");
    open = doc;
    doc.classList.add("open");
    select(null);
    links.forEach((link) => {
      const here = link.hash === `#${doc.id}`;
      if (!here) return link.removeAttribute("aria-current");
      link.setAttribute("aria-current", "true");
      const list = link.closest(".doclist");
      const top = link.offsetTop - list.offsetTop;
      if (top < list.scrollTop || top > list.scrollTop + list.clientHeight - 60) list.scrollTop = top - 60;
    });
    highlight();
  }

  function select(para) {
    if (at) at.classList.remove("at");
    at = para;
    if (para) para.classList.add("at");
  }

  function go(id) {
    const target = id && document.getElementById(id);
    const doc = target && target.closest(".doc");
    if (!doc) return;
    show(doc);
    if (target === doc) {
      one("#documents").scrollIntoView();
      doc.focus({ preventScroll: true });
    } else {
      select(target);
      target.scrollIntoView({ block: "center" });
    }
  }

  // Goes at once; the event that comes later finds it done.
  let visited = null;

  function visit(id) {
    if (location.hash !== `#${id}`) {
      visited = id;
      location.hash = id;
    }
    go(id);
  }

  addEventListener("hashchange", () => {
    const id = location.hash.slice(1);
    if (id !== visited) go(id);
    visited = null;
  });

  // What went: evidence on hover and tap, and beside what was kept.
  const peek = one("#peek");
  const compare = one("#compare");
  let from = null;

  function evidence(para) {
    const why = one(".why", para);
    const name = document.createElement("b");
    name.textContent = one("summary", why).textContent;
    peek.className = `peek ${[...para.classList].find((each) => each.startsWith("f-")) || ""}`;
    peek.replaceChildren(name, one(".evidence", why).cloneNode(true));
    peek.hidden = false;
  }

  function beside(para) {
    const pair = one(".pair", para);
    if (!pair) return false;
    const jump = one("a.jump", pair);
    from = para.id;
    one(".compare-body", compare).replaceChildren(pair.cloneNode(true));
    compare.hidden = false;
    one("#back").hidden = !jump;
    peek.hidden = true;
    if (jump) visit(jump.hash.slice(1));
    compare.focus({ preventScroll: true });
    return true;
  }

  function close() {
    compare.hidden = true;
    peek.hidden = true;
    one("#keys").hidden = true;
    one(".keys-button").setAttribute("aria-expanded", "false");
  }

  function back() {
    if (compare.hidden) return;
    compare.hidden = true;
    visit(from);
    const why = document.getElementById(from).querySelector("summary");
    why.focus({ preventScroll: true });
  }

  const telling = (node) => node.closest && node.closest(".para.gone, .para.marked");
  for (const doc of docs) {
    doc.addEventListener("pointerover", (event) => {
      const para = event.pointerType === "mouse" && telling(event.target);
      if (para && !one(".why", para).open) evidence(para);
      else peek.hidden = true;
    });
    doc.addEventListener("pointerleave", () => { peek.hidden = true; });
    doc.addEventListener("click", (event) => {
      const para = telling(event.target);
      if (!para || !event.target.closest(".para > .ink") || String(getSelection())) return;
      select(para);
      if (!beside(para)) one(".why", para).open = !one(".why", para).open;
    });
  }
  one("#close-compare").addEventListener("click", close);
  one("#back").addEventListener("click", back);

  // Search: the list shows the documents that have the words, the open one where they stand.
  const search = one("#search");
  const found = one(".found");
  const rule = one("#rule");
  const texts = docs.map((doc) => doc.textContent.toLowerCase());
  one(".search").hidden = false;
  if (entries.length) one(".tools").hidden = false;

  function filter() {
    const words = search.value.toLowerCase().trim();
    entries.forEach((entry, place) => {
      const rules = entry.dataset.rules.split("|");
      entry.hidden = !(texts[place].includes(words) && (!rule.value || rules.includes(rule.value)));
    });
    const shown = entries.filter((entry) => !entry.hidden).length;
    found.textContent = words || rule.value ? `${shown} of ${entries.length} documents` : "";
    highlight();
  }

  function ranges(words) {
    const some = [];
    const walker = document.createTreeWalker(open, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const text = node.data.toLowerCase();
      // Lower case can be longer than the text: then no place in it is a place in the other.
      if (text.length !== node.data.length || node.parentElement.closest(".why:not([open])")) continue;
      for (let place = text.indexOf(words); place >= 0; place = text.indexOf(words, place + words.length)) {
        const range = new Range();
        range.setStart(node, place);
        range.setEnd(node, place + words.length);
        some.push(range);
      }
    }
    return some;
  }

  function highlight() {
    if (!CSS.highlights) return;
    const words = search.value.toLowerCase().trim();
    if (!words || !open) return void CSS.highlights.delete("found");
    CSS.highlights.set("found", new Highlight(...ranges(words)));
  }

  function first() {
    const link = links.find((each) => !each.parentElement.hidden);
    const words = search.value.toLowerCase().trim();
    if (!link || !words) return;
    show(document.getElementById(link.hash.slice(1)));
    const para = all(".para", open).find((each) => one(".ink", each).textContent.toLowerCase().includes(words));
    visit(para ? para.id : open.id);
  }

  search.addEventListener("input", filter);
  rule.addEventListener("change", filter);
  one(".search").addEventListener("submit", (event) => {
    event.preventDefault();
    first();
  });

  // Keys, which can be switched off.
  function document_(step) {
    const shown = links.filter((link) => !link.parentElement.hidden);
    const here = shown.findIndex((link) => open && link.hash === `#${open.id}`);
    const link = shown[Math.min(Math.max(here + step, 0), shown.length - 1)];
    if (link) visit(link.hash.slice(1));
  }

  function paragraph(step) {
    if (!open) return;
    const some = all(".para.gone, .para.marked", open);
    const here = some.indexOf(at);
    const para = some[here < 0 ? (step > 0 ? 0 : some.length - 1) : here + step];
    if (!para) return;
    select(para);
    one("summary", para).focus({ preventScroll: true });
    para.scrollIntoView({ block: "center" });
  }

  function help() {
    const keys = one("#keys");
    keys.hidden = !keys.hidden;
    one(".keys-button").setAttribute("aria-expanded", String(!keys.hidden));
  }

  const keys = {
    "/": () => search.focus(),
    j: () => document_(1),
    k: () => document_(-1),
    n: () => paragraph(1),
    p: () => paragraph(-1),
    c: () => at && beside(at),
    b: back,
    "?": help,
  };
  one(".keys-button").addEventListener("click", help);
  addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      if (document.activeElement === search) search.blur();
      return close();
    }
    const typing = event.target.closest && event.target.closest("input, select, textarea");
    if (typing || event.ctrlKey || event.metaKey || event.altKey || !one("#keys-on").checked) return;
    const act = Object.hasOwn(keys, event.key) && keys[event.key];
    if (act) {
      event.preventDefault();
      act();
    }
  });

  if (location.hash) go(location.hash.slice(1));
  if (!open && docs.length) show(docs[0]);
})();
