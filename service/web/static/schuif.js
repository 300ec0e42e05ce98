// Sliders beside the numbers of a form: the number is the field, the slider moves it and follows it.
"use strict";

(() => {
  const read = (text) => Number.parseFloat(text.replace(",", "."));

  const make = ({ van, tot, stap }, name) => {
    const slider = document.createElement("input");
    slider.type = "range";
    slider.className = "schuif-balk";
    Object.assign(slider, { min: van, max: tot, step: stap });
    slider.setAttribute("aria-label", `${name}, schuif`);
    return slider;
  };

  document.querySelectorAll("[data-schuif]").forEach((row) => {
    const field = document.getElementById(row.dataset.schuif);
    const label = field.labels[0];
    const unit = label.querySelector(".quiet").textContent.replace(/[()]/g, "");
    const slider = make(row.dataset, label.firstChild.textContent.trim());

    const follow = () => {
      const value = read(field.value);
      const known = !Number.isNaN(value);
      slider.value = known ? value : (Number(slider.min) + Number(slider.max)) / 2;
      slider.setAttribute("aria-valuetext", known ? `${field.value} ${unit}` : "niet ingevuld");
      slider.classList.toggle("schuif-leeg", !known);
    };
    field.addEventListener("input", follow);
    // the form hears the same event and asks for the list: by then the number is the new one
    slider.addEventListener("input", () => {
      field.value = slider.value;
      follow();
      push(row.dataset.minstens, (other) => other < slider.valueAsNumber);
      push(row.dataset.hoogstens, (other) => other > slider.valueAsNumber);
    });

    // the least never stands above the most: the other slider goes along
    const push = (id, crosses) => {
      const other = id ? document.getElementById(id) : null;
      if (other === null || !crosses(read(other.value))) return;
      other.value = slider.value;
      other.dispatchEvent(new Event("input"));
    };
    row.append(slider);
    follow();
  });
})();
