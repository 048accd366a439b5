// The builder's page gets quicker with this file: drag and drop, drop-downs that follow, questions before typed text is lost.
// Everything works without it.
"use strict";
(() => {
  const build = () => document.getElementById("build");
  const changed = new WeakSet();
  let held = null;

  // A page may be open beside this one that shows the form as it will be: tell it when rows were saved.
  const channel = "BroadcastChannel" in window ? new BroadcastChannel("kotisatama.builder") : null;
  let told = "";

  function ready() {
    const page = build();
    if (!page) return;
    for (const grip of page.querySelectorAll("[data-grip]")) {
      grip.hidden = false;
      grip.closest("[data-row]").draggable = true;
    }
    onlyFor(page);
    const now = `${page.dataset.channel}:${page.dataset.revision}`;
    if (told && told !== now) channel?.postMessage(now);
    told = now;
  }

  // The list of choices is there for questions that have choices.
  function onlyFor(page) {
    const type = page.querySelector("#question [name=type]");
    for (const part of page.querySelectorAll("[data-only]")) part.hidden = !!type && !part.dataset.only.split(" ").includes(type.value);
  }

  document.addEventListener("change", (event) => {
    if (!build()?.contains(event.target)) return;
    if (event.target.name === "type") onlyFor(build());
    if (event.target.matches("[data-refresh]")) {
      const column = event.target.name.split("-")[0];
      event.target.form.querySelector(`button[value="${column}:more"]`)?.click();
    }
  });

  document.addEventListener("input", (event) => {
    const form = event.target.closest?.("#question");
    if (form) changed.add(form);
  });

  // A click that leads away from typed text asks first.
  document.addEventListener(
    "click",
    (event) => {
      const leaving = event.target.closest?.("#build a[href], #build button[type=submit]");
      const form = document.getElementById("question");
      if (!leaving || !form || !changed.has(form) || form.contains(leaving) || leaving.target === "_blank") return;
      if (confirm(build().dataset.leave)) changed.delete(form);
      else {
        event.preventDefault();
        event.stopPropagation();
      }
    },
    true,
  );

  // Drag and drop of cards; the drop is the same POST as the buttons'.
  function place(card, y) {
    const box = card.firstElementChild.getBoundingClientRect();
    if (card.hasAttribute("data-container") && y > box.top + box.height / 3) return "last";
    return y < box.top + box.height / 2 ? "before" : "after";
  }

  function unmark() {
    for (const card of document.querySelectorAll(".over-before, .over-after, .over-last")) card.classList.remove("over-before", "over-after", "over-last");
  }

  document.addEventListener("dragstart", (event) => {
    const card = event.target.closest?.("[data-row]");
    if (!card || !build()?.contains(card)) return;
    held = card;
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", card.dataset.row);
    card.classList.add("held");
  });
  document.addEventListener("dragover", (event) => {
    const card = held && event.target.closest?.("[data-row]");
    if (!card || held.contains(card)) return;
    event.preventDefault();
    unmark();
    card.classList.add(`over-${place(card, event.clientY)}`);
  });
  document.addEventListener("dragend", () => {
    held?.classList.remove("held");
    held = null;
    unmark();
  });
  document.addEventListener("drop", (event) => {
    const card = held && event.target.closest?.("[data-row]");
    if (!card || held.contains(card)) return;
    event.preventDefault();
    const drop = document.querySelector("[data-drop]");
    drop.hidden = false;
    drop.value = `move:${held.dataset.row}:${place(card, event.clientY)}:${card.dataset.row}`;
    drop.click();
  });

  document.addEventListener("htmx:afterSettle", ready);
  ready();
})();
