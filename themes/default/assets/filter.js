// Search and filter on the home page. Without it, the page shows everything.
"use strict";
(() => {
  const catalog = document.querySelector("[data-catalog]");
  const filter = catalog && catalog.querySelector("[data-filter]");
  if (!filter) return;

  const plain = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  const cards = [...catalog.querySelectorAll("[data-card]")].map((element) => ({
    element,
    type: element.dataset.type,
    tags: [...element.querySelectorAll(".tags li")].map((tag) => tag.textContent),
    text: plain(element.textContent),
  }));
  const query = filter.querySelector("[data-query]");
  const tag = filter.querySelector("[data-tag]");
  const types = [...filter.querySelectorAll("button[data-type]")];
  const count = catalog.querySelector("[data-count]");
  const empty = catalog.querySelector("[data-empty]");
  let type = "";

  const apply = () => {
    const words = plain(query.value).split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const card of cards) {
      const fits = (!type || card.type === type)
        && (!tag || !tag.value || card.tags.includes(tag.value))
        && words.every((word) => card.text.includes(word));
      card.element.hidden = !fits;
      shown += fits ? 1 : 0;
    }
    empty.hidden = shown > 0;
    count.textContent = shown === cards.length
      ? String(shown)
      : count.dataset.count.replace("{n}", shown).replace("{total}", cards.length);
  };

  query.addEventListener("input", apply);
  if (tag) tag.addEventListener("change", apply);
  for (const button of types) {
    button.addEventListener("click", () => {
      type = button.dataset.type;
      for (const other of types) other.setAttribute("aria-pressed", String(other === button));
      apply();
    });
  }
  filter.hidden = false;
  apply();
})();
