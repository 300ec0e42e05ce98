// The places for one jongere on a map. Without tiles of the organisation's choice nothing is asked
// of any other host: the region's own towns are drawn. The list below the map says the same.
"use strict";

(() => {
  const box = document.getElementById("kaart");
  if (box === null) return;
  const data = JSON.parse(box.dataset.kaart);
  box.hidden = false;

  const map = L.map(box, { scrollWheelZoom: false, zoomControl: false, attributionControl: false });
  L.control.zoom({ zoomInTitle: "Dichterbij", zoomOutTitle: "Verder weg" }).addTo(map);
  if (data.tegels) {
    L.control.attribution({ prefix: false }).addTo(map);
    L.tileLayer(data.tegels, { attribution: text(data.bron) }).addTo(map);
  }

  function text(words) {
    const holder = document.createElement("span");
    holder.textContent = words;
    return holder.innerHTML;
  }

  const label = (point, words, kind) => L.tooltip(point, {
    permanent: true, direction: "center", className: `kaart-naam ${kind}`, content: text(words),
  }).addTo(map);

  const towns = () => {
    for (const { naam, midden, omtrek } of data.plaatsen) {
      if (omtrek.length) L.polygon(omtrek, { className: "kaart-gebied", interactive: false }).addTo(map);
      else L.circleMarker(midden, { radius: 4, className: "kaart-gebied", interactive: false }).addTo(map);
      label(midden, naam, "");
    }
  };

  const rings = () => {
    const drawn = data.ringen.map(({ minuten, meter }) => {
      const ring = L.circle(data.thuis, {
        radius: meter, fill: false, color: "#17365c", weight: 2, dashArray: "6 6", interactive: false,
      }).addTo(map);
      label([ring.getBounds().getNorth(), data.thuis[1]], `${minuten} minuten`, "kaart-ring");
      return ring;
    });
    return drawn.reduce((all, ring) => all.extend(ring.getBounds()), L.latLngBounds([data.thuis, data.thuis]));
  };

  // places at one postcode lie on one point: they share a pin that tells of each
  const pins = () => {
    const shared = new Map();
    for (const plek of data.plekken) {
      const key = plek.punt.join(" ");
      shared.set(key, [...(shared.get(key) ?? []), plek]);
    }
    for (const group of shared.values()) {
      const numbers = group.map(({ nummer }) => nummer);
      const shown = numbers.length > 2 ? `${numbers[0]} +${numbers.length - 1}` : numbers.join(", ");
      const wide = Math.max(28, 12 + 8 * shown.length);
      const icon = L.divIcon({ className: "kaart-nummer", html: shown, iconSize: [wide, 28] });
      const names = group.map(({ nummer, titel }) => `nummer ${nummer}, ${titel}`).join("; ");
      const told = group
        .map((one) => `<p><strong>${one.nummer}. ${text(one.titel)}</strong><br>${text(one.bij)}<br>${text(one.reis)}${one.kans ? `<br>kans van slagen ${text(one.kans)}` : ""}</p>`)
        .join("");
      L.marker(group[0].punt, { icon, alt: names, title: names }).bindPopup(told).addTo(map);
    }
  };

  const box_of = rings();
  map.fitBounds(box_of, { padding: [16, 16] });
  towns();
  const home = L.divIcon({ className: "kaart-thuis", html: "thuis", iconSize: [44, 24] });
  L.marker(data.thuis, { icon: home, interactive: false, keyboard: false, alt: `Thuis: ${data.woonplaats}` }).addTo(map);
  pins();
})();
