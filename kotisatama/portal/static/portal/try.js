// The test run follows the builder: rows saved in the other tab are shown here at once, while nothing is typed yet.
"use strict";
(() => {
  const page = document.querySelector("[data-channel]");
  const form = document.getElementById("page");
  let typed = false;
  form?.addEventListener("input", () => (typed = true));
  document.getElementById("try-language")?.addEventListener("change", (event) => event.target.form.requestSubmit(document.getElementById("try-show")));
  if (!page || !("BroadcastChannel" in window)) return;
  new BroadcastChannel("kotisatama.builder").addEventListener("message", (event) => {
    if (!typed && String(event.data).startsWith(`${page.dataset.channel}:`)) location.replace(page.dataset.again);
  });
})();
