"use strict";
(() => {
  const boundary = document.getElementById("boundary");
  const words = document.getElementById("words");
  const count = document.getElementById("count");
  const rows = Array.from(document.querySelectorAll("#traffic > tbody > tr"));
  const texts = rows.map((row) => row.textContent.toLowerCase());
  const show = () => {
    const chosen = boundary.value;
    const wanted = words.value.toLowerCase().split(/\s+/).filter((word) => word);
    let shown = 0;
    rows.forEach((row, index) => {
      const data = row.dataset;
      const inZones = chosen === "all" || (chosen === "across" ? data.across === "1" : data.boundary === chosen);
      const visible = inZones && wanted.every((word) => texts[index].includes(word));
      row.hidden = !visible;
      shown += visible ? 1 : 0;
    });
    const all = `${rows.length} ${rows.length === 1 ? "line" : "lines"}`;
    count.textContent = shown === rows.length ? all : `${shown} of ${all}`;
  };
  document.getElementById("reset").addEventListener("click", () => {
    boundary.value = "all";
    words.value = "";
    show();
    boundary.focus();
  });
  boundary.addEventListener("change", show);
  words.addEventListener("input", show);
  document.getElementById("filters").hidden = false;
  show();
})();
