// Keys on the beamer: follow the link that stands there anyway. Without this script: the links.
"use strict";

(() => {
  const KEYS = {
    j: 'a[rel="next"]', ArrowRight: 'a[rel="next"]', PageDown: 'a[rel="next"]',
    k: 'a[rel="prev"]', ArrowLeft: 'a[rel="prev"]', PageUp: 'a[rel="prev"]',
    n: 'a[data-toets="n"]', o: 'a[data-toets="o"]',
  };
  // single letters can be switched off, for who speaks to the computer (WCAG 2.1.4)
  const letters = document.getElementById("letters");
  document.getElementById("toetsen").hidden = false;
  letters.checked = sessionStorage.getItem("letters") !== "uit";
  letters.addEventListener("change", () => { sessionStorage.setItem("letters", letters.checked ? "aan" : "uit"); });
  document.addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey || event.target.closest("input, select, textarea")) return;
    if (event.key.length === 1 && !letters.checked) return;
    const link = Object.hasOwn(KEYS, event.key) ? document.querySelector(KEYS[event.key]) : null;
    if (link === null) return;
    event.preventDefault();
    link.click();
  });
})();
