// Tells who looks at a matchtafel that something changed. Without this script: the link "Ververs".
"use strict";

(() => {
  const bar = document.getElementById("nieuws");
  const words = JSON.parse(bar.dataset.woorden);
  const news = new EventSource(`${bar.dataset.adres}?sinds=${bar.dataset.sinds}`);
  let typed = false;
  let leaving = false;

  document.addEventListener("input", () => { typed = true; });
  document.addEventListener("submit", () => { leaving = true; });

  // who has a form open, or typed something, is never interrupted
  const busy = () => typed || leaving || document.querySelector("details.decide[open]") !== null;

  const tell = (kind) => {
    if (kind === "gesloten") news.close();
    if (!busy()) {
      news.close();
      // a page that answers a form has another address: asking it again would send the form again
      if (location.pathname === bar.dataset.pagina) location.reload();
      else location.replace(bar.dataset.pagina);
      return;
    }
    const link = document.createElement("a");
    link.href = bar.dataset.pagina;
    link.textContent = "Ververs";
    bar.replaceChildren(`Er is iets veranderd: ${words[kind]}. `, link);
    bar.classList.add("news-shown");
  };

  for (const kind of Object.keys(words)) {
    // a connection that opens fires an "open" of its own, which brings no news
    news.addEventListener(kind, (event) => { if ("data" in event) tell(kind); });
  }
  window.addEventListener("pagehide", () => news.close());
})();
