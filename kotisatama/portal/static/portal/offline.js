/* Shows what waits on this phone; worker.js keeps and sends it. */
(() => {
  const bar = document.querySelector("[data-offline]"), sw = navigator.serviceWorker;
  if (!bar || !sw) return;
  const kept = document.getElementById("form-kept"), [text, link] = bar.children;
  const own = kept && JSON.parse(kept.textContent);
  for (const field of own ? document.getElementById("page") : []) {
    const { type, value } = field, values = own[field.name] || [];
    if (/radio|check/.test(type)) field.checked = values.includes(value);
    else if (type === "file") field.after(values.join());
    else if (values.length && !/hidden|submit/.test(type)) [field.value] = values;
  }
  const ask = (path) => sw.ready.then((all) => all.active.postMessage(path));
  sw.onmessage = ({ data: { state, href, to } }) => {
    if (to) location = to;
    text.textContent = bar.dataset[state];
    bar.hidden = !state;
    link.hidden = !href;
    link.href = href;
  };
  sw.register("/sw.js", { scope: location.pathname.replace(/form\/.*/, "form/") });
  ask(location.pathname);
  window.addEventListener("online", () => ask());
  setInterval(() => bar.hidden || ask(), 5000);
})();
