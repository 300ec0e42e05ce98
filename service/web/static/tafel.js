// Keeps a matchtafel up to date for who looks on: only what changed is swapped, and said in words.
// Without this script: the link "Ververs".
"use strict";

(() => {
  const bar = document.getElementById("nieuws");
  const words = JSON.parse(bar.dataset.woorden);
  const news = new EventSource(`${bar.dataset.adres}?sinds=${bar.dataset.sinds}`);
  const parts = (page) => [...page.querySelectorAll("[data-deel]")];
  // each part as the server wrote it, before anybody opened or typed something in it
  const known = new Map(parts(document).map((part) => [part.id, part.outerHTML]));
  const typed = new Set();
  const waiting = [];
  let leaving = false;
  let asking = false;

  const partOf = (element) => element.closest("[data-deel]")?.id ?? "";
  document.addEventListener("input", (event) => { typed.add(partOf(event.target)); });
  document.addEventListener("submit", (event) => {
    // htmx stops the submit and sends it itself; then this page stays
    setTimeout(() => { leaving = !event.defaultPrevented; });
  });

  // who has a form open or typed something in a part keeps that part as it is
  const held = (part) => typed.has(part.id) || part.querySelector("details.decide[open], .price") !== null;

  const swap = (old, fresh) => {
    const inside = old.contains(document.activeElement) ? document.activeElement : null;
    const open = old.tagName === "DETAILS" && old.open;
    const made = document.importNode(fresh, true);
    old.replaceWith(made);
    if (open) made.open = true;
    window.htmx?.process(made);
    if (inside === null) return;
    const again = (inside.id && document.getElementById(inside.id)) || made.querySelector("h1 a, h2 a, h3 a, a, summary, h1, h2, h3");
    again?.focus({ preventScroll: true });
  };

  // returns what was swapped, and whether something was left as it was
  const take = (page) => {
    const lines = document.getElementById("regels");
    const changed = [];
    let left = false;
    for (const fresh of parts(page)) {
      if (known.get(fresh.id) === fresh.outerHTML) continue;
      const old = document.getElementById(fresh.id);
      if (old !== null && !known.has(fresh.id) && old.textContent === fresh.textContent) {
        known.set(fresh.id, fresh.outerHTML); // htmx put it there as an answer to this very page
        changed.push(fresh);
        continue;
      }
      if (old !== null && held(old)) {
        left = true;
        continue;
      }
      known.set(fresh.id, fresh.outerHTML);
      if (old !== null) swap(old, fresh);
      else if (fresh.tagName === "LI" && lines !== null) {
        lines.append(document.importNode(fresh, true));
        window.htmx?.process(lines.lastElementChild);
      } else left = true;
      changed.push(fresh);
    }
    for (const old of parts(document)) {
      if (page.getElementById(old.id) === null && !held(old)) old.remove();
    }
    return { changed, left };
  };

  const say = (sentence, left) => {
    bar.replaceChildren(sentence);
    if (left) {
      const link = document.createElement("a");
      link.href = bar.dataset.pagina;
      link.textContent = "Ververs";
      bar.append(" ", link);
    }
    bar.className = left ? "news news-shown" : "news news-quiet";
  };

  const sentenceOf = (kinds, changed) => {
    const told = changed.map((part) => part.dataset.nieuws).filter(Boolean);
    const other = kinds.filter((kind) => kind !== "besluit" || told.length === 0).map((kind) => words[kind]);
    return `Er is iets veranderd: ${[...told, ...new Set(other)].join(", ")}.`;
  };

  const refresh = async () => {
    if (asking || leaving || waiting.length === 0) return;
    asking = true;
    const kinds = waiting.splice(0);
    try {
      const answer = await fetch(location.pathname === bar.dataset.pagina ? location.href : bar.dataset.pagina);
      if (answer.redirected || !answer.ok) {
        location.assign(bar.dataset.pagina);
        return;
      }
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const { changed, left } = take(page);
      say(sentenceOf(kinds, changed), left || typed.size > 0);
    } catch {
      say(`Er is iets veranderd: ${kinds.map((kind) => words[kind]).join(", ")}.`, true);
    } finally {
      asking = false;
    }
    refresh();
  };

  const tell = (kind) => {
    if (kind === "gesloten") news.close();
    waiting.push(kind);
    setTimeout(refresh, 100);
  };

  // an answer to a form replaced its line: what was typed there is kept, the focus goes to it
  document.addEventListener("htmx:afterSettle", (event) => {
    const part = event.target.closest?.("li[data-deel]");
    if (!part || part !== event.target) return;
    typed.delete(part.id);
    known.delete(part.id);
    const wanted = part.querySelector(".melding") ?? part.querySelector("h3 a");
    wanted?.focus();
  });

  for (const kind of Object.keys(words)) {
    // a connection that opens fires an "open" of its own, which brings no news
    news.addEventListener(kind, (event) => { if ("data" in event) tell(kind); });
  }
  window.addEventListener("pagehide", () => news.close());
})();
