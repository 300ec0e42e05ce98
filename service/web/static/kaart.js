// The places for one jongere on a map. Without tiles of the organisation's choice nothing is asked
// of any other host: the region's own towns are drawn. The list below the map says the same.
"use strict";

(() => {
  const box = document.getElementById("kaart");
  if (box === null) return;
  const data = JSON.parse(box.dataset.kaart);
  box.hidden = false;
  document.getElementById("zonder-kaart").remove();

  const map = L.map(box, {
    scrollWheelZoom: false, zoomControl: false, attributionControl: false, zoomSnap: 0.25,
  });
  L.control.zoom({ zoomInTitle: "Dichterbij", zoomOutTitle: "Verder weg" }).addTo(map);
  map.createPane("namen").style.zIndex = 450;
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
    permanent: true, direction: "center", pane: "namen", className: `kaart-naam ${kind}`,
    content: text(words),
  }).addTo(map);

  const gemeenten = () => {
    for (const { naam, midden, omtrek } of data.gemeenten) {
      L.polygon(omtrek, { className: "kaart-gebied", interactive: false }).addTo(map);
      label(midden, naam, "kaart-gemeente");
    }
  };

  // the name of a town comes when one points at its dot: all at once they would cover the places
  const towns = () => {
    for (const { naam, midden } of data.plaatsen) {
      const dot = L.circleMarker(midden, { radius: 3, className: "kaart-dorp" }).addTo(map);
      dot.bindTooltip(text(naam), { className: "kaart-naam", direction: "top" });
    }
  };

  const sight = data.ringen.reduce(
    (all, { meter }) => all.extend(L.latLng(data.thuis).toBounds(2 * meter)),
    L.latLngBounds([data.thuis, ...data.plekken.map(({ punt }) => punt)]),
  );

  const rings = () => {
    for (const { minuten, meter } of data.ringen) {
      const ring = L.circle(data.thuis, {
        radius: meter, fill: false, color: "#17365c", weight: 2, dashArray: "6 6", interactive: false,
      }).addTo(map);
      label([ring.getBounds().getNorth(), data.thuis[1]], `${minuten} minuten`, "kaart-ring");
    }
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

  map.fitBounds(sight, { padding: [12, 12] });
  if (!data.tegels) {
    gemeenten();
    towns();
  }
  rings();
  const home = L.divIcon({ className: "kaart-thuis", html: "thuis", iconSize: [48, 24], iconAnchor: [24, 40] });
  L.marker(data.thuis, { icon: home, interactive: false, keyboard: false, alt: `Thuis: ${data.woonplaats}` }).addTo(map);
  pins();
})();
