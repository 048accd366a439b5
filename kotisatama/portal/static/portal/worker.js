/* Keeps a form going without a network. Its pages, and what was posted meanwhile, wait encrypted in IndexedDB under a key
   that no script can read out; the server decides about everything. See docs/how-to/forms-offline.md. */
"use strict";
const DATABASE = "kotisatama", ASSETS = "kotisatama", KEPT_MS = 14 * 864e5, PATIENCE_MS = 20000, UPLOAD_MS = 300000;
let era = 0; // counts what was forgotten: whatever began before it keeps nothing any more
let sending = null;
let stop = new AbortController(); // of what this script has on its way to the server

/* The store: {iv, data, at} by id, sealed for this id. */
const result = (asked) => new Promise((resolve, reject) => {
  asked.onsuccess = () => resolve(asked.result);
  asked.onerror = () => reject(asked.error);
});
const within = async (name, mode, act) => {
  const asked = indexedDB.open(DATABASE, 1);
  asked.onupgradeneeded = () => { asked.result.createObjectStore("keys"); asked.result.createObjectStore("things"); };
  const base = await result(asked);
  try {
    const transaction = base.transaction(name, mode, { durability: "strict" }), done = act(transaction.objectStore(name));
    await new Promise((resolve, reject) => {
      transaction.oncomplete = resolve;
      transaction.onabort = () => reject(transaction.error);
    });
    return done.result;
  } finally { base.close(); }
};
const secret = async () => {
  const kept = () => within("keys", "readonly", (store) => store.get("key"));
  const found = await kept();
  if (found) return found;
  const made = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
  await within("keys", "readwrite", (store) => store.add(made, "key")).catch(() => {}); // another one was first
  return kept();
};
const sealed = (id, iv) => ({ name: "AES-GCM", iv, additionalData: new TextEncoder().encode(id) });

const keep = async (id, body, began = era) => {
  if (began !== era) return;
  const answer = body instanceof FormData ? new Response(body) : new Response(JSON.stringify(body));
  const type = answer.headers.get("content-type"), iv = crypto.getRandomValues(new Uint8Array(12));
  const data = await crypto.subtle.encrypt(sealed(id, iv), await secret(), await answer.arrayBuffer());
  if (began === era) await within("things", "readwrite", (store) => store.put({ iv, data, type, at: Date.now() }, id));
};
const read = async (id) => {
  const kept = await within("things", "readonly", (store) => store.get(id));
  if (!kept) return null;
  try {
    const plain = await crypto.subtle.decrypt(sealed(id, kept.iv), await secret(), kept.data);
    const answer = new Response(plain, { headers: { "content-type": kept.type } });
    return await (kept.type.startsWith("multipart/") ? answer.formData() : answer.json());
  } catch { return null; }
};
const drop = (id) => within("things", "readwrite", (store) => store.delete(id));
const ids = async (kind) => (await within("things", "readonly", (store) => store.getAllKeys())).filter((id) => id.startsWith(kind));
const wipe = async () => {
  era += 1;
  await Promise.all([caches.delete(ASSETS), result(indexedDB.deleteDatabase(DATABASE))]);
};
const dropForm = async (code, except = "") => {
  const all = await ids(""), own = all.filter((id) => id.includes(`/form/${code}/`) && id !== except);
  if (own.length === all.length) return wipe();
  era += 1;
  return Promise.all(own.map(drop));
};
const dropOld = async () => {
  const oldest = await within("things", "readonly", (store) => store.getAll());
  if (oldest.length && Math.max(...oldest.map((each) => each.at)) < Date.now() - KEPT_MS) await wipe();
};

/* Places of a form: its pages by number, and the summary. */
const placeOf = (url) => {
  const match = /^((?:\/[\w-]+)\/form\/([\w-]+)\/)(?:(\d+)\/|(check)\/)?$/.exec(new URL(url, location).pathname);
  if (!match) return null;
  const [, form, code, number = "1", check] = match;
  return { form, code, number: check ? Infinity : Number(number), path: check ? `${form}check/` : `${form}${number}/` };
};
const asked = async (promise, patience = PATIENCE_MS) => {
  const late = new Promise((_, reject) => { setTimeout(reject, patience, new Error("late")); });
  return Promise.race([promise, late]);
};

/* What the pages say. */
const status = async () => {
  const [look] = await ids("look:"), waiting = await ids("send:");
  if (look) return { state: "look", href: look.slice(5) };
  return { state: waiting.some((id) => id.endsWith("/check/")) ? "later" : waiting.length ? "waiting" : "" };
};
const tell = async (message, place) => {
  for (const client of await self.clients.matchAll({ includeUncontrolled: true })) {
    const here = placeOf(client.url), isOwn = here && (!place || here.code === place.code);
    // The summary shows what the server has now; where something needs a look, it leads there.
    const to = isOwn && (message.to || (here.number === Infinity && { saved: client.url, look: message.href }[message.state]));
    if (here) client.postMessage({ ...message, to });
  }
};

// A form's pages answer so, and only so, when they took in what was posted. A proxy on the way may say anything else.
const isTaken = ({ type, redirected, ok, status }) =>
  type === "opaqueredirect" || ok || (redirected && status < 500) || [409, 422].includes(status);

/* The pages of the form in this language, fetched ahead. */
const ahead = async (place) => {
  const began = era, answer = await fetch(`${place.form}ahead/`, { signal: stop.signal });
  if (!answer.ok) return;
  const { pages, assets } = await answer.json(), csp = answer.headers.get("content-security-policy");
  for (const [path, html] of Object.entries(pages)) await keep(`page:${path}`, { html, csp }, began);
  if (began !== era) return;
  const cache = await caches.open(ASSETS), known = (await cache.keys()).map((each) => new URL(each.url).pathname);
  await cache.addAll(assets.filter((path) => !known.includes(path)));
  await Promise.all(known.filter((path) => !assets.includes(path)).map((path) => cache.delete(path)));
};

/* Sending what waits, page after page, the form itself last. True when nothing waits any more. */
const token = async (place, signal) => {
  const page = await asked(fetch(`${place.form}1/`, { cache: "no-store", signal }));
  const found = /name="csrfmiddlewaretoken" value="([^"]+)"/.exec(await page.text());
  if (!found) throw new Error("no token");
  return found[1];
};
// True when the form is over: sent, or gone meanwhile.
const sendOne = async (id, place, signal) => {
  const began = era, form = await read(id);
  if (!form) {
    await drop(id);
    return false;
  }
  form.set("csrfmiddlewaretoken", await token(place, signal));
  const answer = await asked(fetch(place.path, { method: "POST", body: form, signal }), UPLOAD_MS), html = await answer.text();
  if (!isTaken(answer)) throw new Error("not taken");
  const csp = answer.headers.get("content-security-policy"), path = new URL(answer.url).pathname;
  if (path.includes("/sent/") && answer.ok) {
    await keep(`page:${path}`, { html, csp }, began);
    await dropForm(place.code, `page:${path}`);
    await tell({ state: "sent", to: answer.url }, place);
    return true;
  }
  if (path.endsWith("/gone/")) {
    await dropForm(place.code);
    await tell({ state: "", to: answer.url }, place);
    return true;
  }
  if (!answer.redirected) {
    await keep(`look:${place.path}`, { html, csp }, began);
    await drop(`send:${place.form}check/`);
  }
  await drop(id);
  return false;
};
const sendAll = async () => {
  const waiting = (await ids("send:")).map((id) => [id, placeOf(id.slice(5))]);
  if (!waiting.length) return true;
  waiting.sort(([, one], [, other]) => one.number - other.number);
  const { signal } = stop, open = new Set(waiting.map(([, place]) => place.form));
  let isOver = false;
  try {
    if (!navigator.onLine) throw new Error("no network");
    await tell({ state: "sending" });
    for (const [id, place] of waiting) {
      if (await sendOne(id, place, signal)) isOver = open.delete(place.form);
    }
    // What is kept has to show what the server has now: it shows nothing that waits any more.
    for (const form of open) await asked(ahead({ form })).catch(() => {});
    if (signal.aborted) throw new Error("forgotten");
  } catch {
    await tell(await status());
    return false;
  }
  const now = await status();
  if (!isOver || now.state) await tell(now.state ? now : { state: "saved" });
  return !(await ids("send:")).length;
};
const send = () => (sending = sending || sendAll().finally(() => { sending = null; }));

/* Keeping what was posted; where it leads without the server: nowhere ("") when that page is not kept. */
const keptPath = async (...paths) => {
  const kept = await ids("page:");
  return paths.find((path) => kept.includes(`page:${path}`)) || "";
};
const hold = async (request, place, began) => {
  const form = await request.formData(), go = form.get("page:go");
  if (place.number === Infinity) {
    if (go === "send") await keep(`send:${place.path}`, form, began);
    return keptPath(place.path);
  }
  const id = `send:${place.path}`, before = await read(id);
  for (const [name, value] of before ? [...before] : []) {
    if (value instanceof File && value.size && form.get(name) instanceof File && !form.get(name).size) form.set(name, value);
  }
  if (go !== "next") form.set("page:go", "back");
  form.delete("page:language");
  await keep(id, form, began);
  await drop(`send:${place.form}check/`); // what is sent is what was read on the summary
  const step = { next: 1, back: -1 }[go] || 0, path = `${place.form}${place.number + step}/`;
  return keptPath(path, step === 1 ? `${place.form}check/` : place.path, place.path);
};
const escaped = (data) => JSON.stringify(data).replace(/</g, "\\u003c");
const drawn = async (id, place) => {
  const kept = await read(id);
  if (!kept) return null;
  const others = {}, own = {};
  for (const each of place && id.startsWith("page:") ? await ids(`send:${place.form}`) : []) {
    const form = await read(each), isOwn = each === `send:${place.path}`;
    for (const name of form ? new Set(form.keys()) : []) {
      if (name.includes(":") || name === "csrfmiddlewaretoken") continue;
      const values = form.getAll(name).map((value) => (value instanceof File ? value.name : value));
      if (isOwn) own[name] = values;
      else if (!name.includes("-")) others[name] = values.join(" ").trim();
    }
  }
  let { html } = kept;
  html = html.replace(/(<script id="form-preview"[^>]*>)([^]*?)(<\/script>)/, (_, open, text, close) => {
    const data = JSON.parse(text);
    return open + escaped({ ...data, answers: { ...data.answers, ...others } }) + close;
  });
  if (Object.keys(own).length) {
    const block = `<script id="form-kept" type="application/json">${escaped(own)}</script></body>`;
    html = html.replace("</body>", () => block);
  }
  const headers = { "content-type": "text/html; charset=utf-8", "cache-control": "no-store", "referrer-policy": "same-origin" };
  return new Response(html, { headers: { ...headers, "content-security-policy": kept.csp } });
};

/* Navigation: the network first, what is kept where there is none. */
const posted = async (request, place) => {
  const copy = request.clone(), began = era;
  if (await send()) {
    const { href } = await status();
    if (href && place.number === Infinity) return Response.redirect(href, 303);
    try {
      const answer = await asked(fetch(request), 3 * PATIENCE_MS);
      if (isTaken(answer)) {
        await drop(`look:${place.path}`);
        return answer;
      }
    } catch { /* no network: it waits */ }
  }
  const path = await hold(copy, place, began);
  await tell(await status());
  return path ? Response.redirect(path, 303) : new Response(null, { status: 204 }); // the page stays as it is
};
const shown = async (request, place) => {
  const { pathname } = new URL(request.url);
  if (place && !(await asked(send()).catch(() => false))) {
    const own = await drawn(`page:${place.path}`, place);
    if (own) return own;
  } else if (place) {
    const { href } = await status();
    if (href && place.number === Infinity) return Response.redirect(href, 303);
    const look = await drawn(`look:${place.path}`, place);
    if (look) return look;
  }
  try {
    const answer = await asked(fetch(request));
    const sent = /\/form\/([\w-]+)\/sent\/[\w-]+\/$/.exec(pathname);
    if (sent && answer.ok) await dropForm(sent[1]);
    return answer;
  } catch {
    const form = /^\/[\w-]+\/form\/[\w-]+\//.exec(pathname);
    return (await drawn(`page:${place ? place.path : pathname}`, place)) || (form && (await drawn(`page:${form[0]}lost/`))) || Response.error();
  }
};
const forgotten = async (request, form) => {
  const told = await drawn(`page:${form}forgotten/`);
  stop.abort(); // what is on its way would come back with a cookie
  await sending;
  await wipe();
  stop = new AbortController();
  await self.registration.unregister();
  try {
    return await fetch(request);
  } catch { return told || Response.error(); }
};

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("message", (event) => event.waitUntil((async () => {
  await dropOld();
  await send();
  const now = await status();
  if (now.state) event.source.postMessage(now);
  const place = event.data && placeOf(event.data);
  if (place) await ahead(place).catch(() => {});
})()));
self.addEventListener("fetch", (event) => {
  const { request } = event, url = new URL(request.url);
  if (url.origin !== location.origin) return;
  if (url.pathname.startsWith("/static/")) event.respondWith(caches.match(request).then((found) => found || fetch(request)));
  if (request.mode !== "navigate") return;
  const place = placeOf(url), forget = /^(\/[\w-]+\/form\/[\w-]+\/)forget\/$/.exec(url.pathname);
  if (request.method === "GET") event.respondWith(shown(request, place));
  // Only what one of our own pages posted: it may be sent again with a new token.
  else if (!request.referrer.startsWith(`${location.origin}/`)) return;
  else if (place) event.respondWith(posted(request, place));
  else if (forget) event.respondWith(forgotten(request, forget[1]));
});
