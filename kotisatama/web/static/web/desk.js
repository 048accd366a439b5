// Keys, guards and menus of the workers' screens. Every page works without this file.
"use strict";
(() => {
  const KEYS_OFF = "kotisatama.single-keys-off";
  const help = document.getElementById("help");

  const typing = (target) =>
    target.isContentEditable || (target.matches("input, textarea, select") && !target.matches("[type=checkbox], [type=radio], [type=button], [type=submit]"));

  // j and k walk through the links that open the rows of [data-rows]; Enter then opens, as on any link.
  const openers = () =>
    [...document.querySelectorAll("[data-rows] > *")].map((row) => row.querySelector("[data-open]") || row.querySelector("a[href]")).filter(Boolean);

  function walk(step) {
    const links = openers();
    if (!links.length) return;
    const row = document.activeElement.closest("[data-rows] > *") || document.querySelector("[data-rows] > .on");
    const at = row ? links.findIndex((link) => row.contains(link)) : -1;
    const inside = row && row.contains(document.activeElement);
    const next = at < 0 ? (step > 0 ? 0 : links.length - 1) : inside || step < 0 ? at + step : at + 1;
    const link = links[Math.max(0, Math.min(links.length - 1, next))];
    link.focus();
    link.scrollIntoView({ block: "nearest" });
  }

  function openHelp() {
    if (help && !help.open) help.showModal();
  }

  const single = {
    "/": () => document.getElementById("find")?.focus(),
    j: () => walk(1),
    k: () => walk(-1),
    "?": openHelp,
  };

  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.isComposing) return;
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      const form = event.target.closest("form") || document.querySelector("form[data-quick]");
      if (form?.matches("[data-quick]")) {
        event.preventDefault();
        form.requestSubmit();
      }
      return;
    }
    if (event.key === "Escape") {
      const menu = event.target.closest("details.menu[open]");
      if (menu) {
        menu.open = false;
        menu.querySelector("summary").focus();
      } else if (event.target.id === "find") event.target.blur();
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target) || help?.open) return;
    if (localStorage.getItem(KEYS_OFF)) return;
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    const pressed = document.querySelector(`[data-key="${CSS.escape(key)}"]`);
    const act = single[key] || (pressed && (() => pressed.click()));
    if (!act) return;
    event.preventDefault();
    act();
  });

  document.addEventListener("click", (event) => {
    for (const menu of document.querySelectorAll("details.menu[open]")) if (!menu.contains(event.target)) menu.open = false;
    if (event.target.closest("[data-help]")) openHelp();
    const row = event.target.closest("[data-rows] > *");
    if (row && !event.target.closest("a, button, input, label, summary") && !String(getSelection())) {
      (row.querySelector("[data-open]") || row.querySelector("a[href]"))?.click();
    }
  });

  for (const button of document.querySelectorAll("[data-help]")) button.hidden = false;

  // The line under a pressed button's page: keys of one letter can be switched off (WCAG 2.1.4).
  const keysBox = document.getElementById("single-keys");
  if (keysBox) {
    keysBox.checked = !localStorage.getItem(KEYS_OFF);
    keysBox.addEventListener("change", () => (keysBox.checked ? localStorage.removeItem(KEYS_OFF) : localStorage.setItem(KEYS_OFF, "1")));
  }

  // What was typed is not lost by a slip: the browser asks before leaving a changed form[data-guard].
  const changed = new Set();
  document.addEventListener("input", (event) => {
    const form = event.target.closest?.("form[data-guard]");
    if (form) changed.add(form);
  });
  document.addEventListener("reset", (event) => changed.delete(event.target));
  addEventListener("beforeunload", (event) => {
    for (const form of changed) if (form.isConnected) return event.preventDefault();
  });

  // One press, one submission. The server refuses doubles too; this keeps the second page from coming.
  const SENT_FOR = 8000;
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method !== "post" || form.hasAttribute("data-again")) return;
    if (form.dataset.sent && Date.now() - Number(form.dataset.sent) < SENT_FOR) return event.preventDefault();
    form.dataset.sent = String(Date.now());
    changed.delete(form);
    event.submitter?.setAttribute("aria-busy", "true");
  });
  addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
    for (const button of document.querySelectorAll("[aria-busy=true]")) button.removeAttribute("aria-busy");
  });

  // Filters answer at once: a changed select of form[data-filter] submits it.
  document.addEventListener("change", (event) => {
    const form = event.target.closest?.("form[data-filter]");
    if (form && event.target.matches("select, [type=checkbox], [type=radio]")) form.requestSubmit();
  });
})();
