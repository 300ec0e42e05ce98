// Small help that no page needs: says that something takes time, and moves the focus to what came.
"use strict";

(() => {
  const WAIT = "Even geduld, we zijn bezig.";
  const PATIENCE = 400;
  const status = document.getElementById("wacht");
  let timer = 0;

  const busy = () => {
    clearTimeout(timer);
    timer = setTimeout(() => { status.textContent = WAIT; }, PATIENCE);
  };
  const done = () => {
    clearTimeout(timer);
    status.textContent = "";
  };

  // a page that fails as a whole takes the place of the whole page, whatever part was asked
  const replaceAll = (detail) => {
    detail.shouldSwap = true;
    detail.target = document.getElementById("inhoud");
    detail.selectOverride = "#inhoud > *";
    detail.swapOverride = "innerHTML";
  };

  // a target that was replaced as a whole is no longer in the page; what came bears its id
  const focusOn = (asked) => {
    const target = document.getElementById(asked.id) ?? asked;
    const message = target.querySelector(".melding") ?? target.closest(".melding");
    const lost = document.activeElement === null || document.activeElement === document.body;
    const wanted = message ?? (lost ? target.querySelector("h1, h2, h3") : null);
    if (wanted === null) return;
    wanted.tabIndex = -1;
    wanted.focus();
  };

  // a file takes the place of nothing: the page stays, and no event says that it came
  const bringsFile = ({ target, submitter }) => (submitter?.getAttribute("formaction") ?? target.getAttribute("action") ?? "").endsWith(".pdf");

  document.addEventListener("submit", (event) => { if (!bringsFile(event)) busy(); });
  addEventListener("pageshow", done);
  document.addEventListener("htmx:beforeRequest", busy);
  document.addEventListener("htmx:afterRequest", done);
  document.addEventListener("htmx:beforeSwap", (event) => {
    const { xhr } = event.detail;
    if (new URL(xhr.responseURL).pathname === "/inloggen") {
      event.detail.shouldSwap = false;
      location.reload();
    } else if (/<main id="inhoud" class="wrap" data-fout/.test(xhr.responseText)) {
      replaceAll(event.detail);
    }
  });
  document.addEventListener("htmx:afterSettle", (event) => focusOn(event.detail.target));
})();
