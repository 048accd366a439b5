/* Shows and hides questions, tells at once what is wrong; the server decides. Trees: those of
   forms/expressions; what is unknown here leaves its question as it is. */
(() => {
  "use strict";
  const unknown = () => { throw new Error("unknown"); };

  const node = (name, text = "", parent = null, repeated = false) => {
    const made = { name, text, parent, repeated, children: [] };
    if (parent) parent.children.push(made);
    return made;
  };
  const walk = (start) => [start, ...start.children.flatMap(walk)];
  const up = (start) => (start ? [start, ...up(start.parent)] : []);
  const content = (one) => (one.text === null ? unknown() : one.children.length ? walk(one).map((n) => n.text).join("") : one.text);

  const string = (value) => {
    if (Array.isArray(value)) return value.length ? content(value[0]) : "";
    return Number.isNaN(value) ? "" : String(value);
  };
  const truth = (value) => (Array.isArray(value) ? value.length > 0 : Boolean(value));

  const moment = (text, env) => {
    const match = /^(\d{4})-(\d\d?)-(\d\d?)(?:T(\d\d?):(\d\d)(?::(\d\d)(?:\.(\d+))?)?(Z|[+-]\d\d:?\d\d)?)?$/.exec(text);
    if (!match) return NaN;
    const [, y, m, d, h = 0, min = 0, s = 0, , zone] = match;
    const day = new Date(Date.UTC(y, m - 1, d));
    if (day.getUTCMonth() !== m - 1 || day.getUTCDate() !== +d) return NaN;
    return (day.getTime() + ((h * 60 + +min) * 60 + +s) * 1000 + (zone ? shift(env.now) - shift(zone) : 0)) / 864e5;
  };
  const shift = (text) => {
    const match = /([+-])(\d\d):?(\d\d)$/.exec(text);
    return match ? (match[1] + 1) * (match[2] * 60 + +match[3]) * 6e4 : 0;
  };
  const number = (value, env) => {
    if (typeof value === "number" || typeof value === "boolean") return Number(value);
    const text = string(value).trim();
    return /^-?(\d+(\.\d*)?|\.\d+)$/.test(text) ? +text : moment(text, env);
  };
  const iso = (days) => (Number.isNaN(days) ? "" : new Date(Math.floor(days) * 864e5).toISOString().slice(0, 10));
  const round = (value) => Math.floor(value + 0.5);
  const flat = (values) => values.flatMap((value) => (Array.isArray(value) ? value.map(content) : [string(value)]));
  const pad = (value, width = 2) => `${value}`.padStart(width, "0");

  const format = (value, pattern, env) => {
    const days = number(value, env);
    if (Number.isNaN(days)) return "";
    const at = new Date(Math.round(days * 864e5)), part = (name) => at[`getUTC${name}`]();
    const parts = {
      Y: pad(part("FullYear"), 4), y: pad(part("FullYear") % 100), m: pad(part("Month") + 1), n: part("Month") + 1, d: pad(part("Date")),
      e: part("Date"), H: pad(part("Hours")), h: part("Hours"), M: pad(part("Minutes")), S: pad(part("Seconds")), "%": "%",
    };
    return pattern.replace(/%(.)/g, (_, key) => (key in parts ? parts[key] : unknown()));
  };
  const search = (text, pattern) => (text.length > 300 ? unknown() : new RegExp(pattern, "u").test(text));

  const texts = {
    string: (a) => a, contains: (a, b) => a.includes(b), "starts-with": (a, b) => a.startsWith(b), "ends-with": (a, b) => a.endsWith(b),
    "string-length": (a) => [...a].length, regex: search,
    selected: (a, b) => a.trim().split(" ").includes(b.trim()),
    "count-selected": (a) => a.split(/\s+/).filter(Boolean).length, "selected-at": (a, b) => a.split(/\s+/)[Number(b)] || "",
  };
  const numbers = {
    int: Math.trunc, floor: Math.floor, ceiling: Math.ceil, abs: Math.abs,
    round: (a, b = 0) => (b ? Number(`${round(Number(`${a}e${b}`))}e${-b}`) : round(a)),
  };
  const functions = {
    true: () => true, false: () => false, not: (a) => !truth(a[0]), boolean: (a) => truth(a[0]),
    number: (a, c) => number(a.length ? a[0] : [c.node], c.env), concat: (a) => flat(a).join(""),
    join: (a) => flat(a.slice(1)).join(string(a[0])), today: (a, c) => c.env.today, now: (a, c) => c.env.now,
    date: (a, c) => iso(number(a[0], c.env)), "decimal-date-time": (a, c) => number(a[0], c.env),
    "format-date": (a, c) => format(a[0], string(a[1]), c.env), "format-date-time": (a, c) => format(a[0], string(a[1]), c.env),
    count: (a) => a[0].length, sum: (a, c) => flat(a).reduce((total, text) => total + number(text, c.env), 0),
    min: (a, c) => extreme(a, c, Math.min), max: (a, c) => extreme(a, c, Math.max),
    position: (a, c) => (a.length ? place(a[0][0]) : c.position), last: (a, c) => c.size, current: (a, c) => [c.current],
  };
  const extreme = (a, c, choose) => {
    const found = flat(a).map((text) => number(text, c.env));
    return found.length ? choose(...found) : NaN;
  };
  const place = (one) => (one ? one.parent.children.filter((other) => other.name === one.name).indexOf(one) + 1 : NaN);

  const call = (name, trees, c) => {
    if (name === "if") return evaluate(trees[truth(evaluate(trees[0], c)) ? 1 : 2], c);
    if (name === "coalesce") return trees.reduce((found, tree) => found || string(evaluate(tree, c)), "");
    if (name === "once") return c.node.text || string(evaluate(trees[0], c));
    const values = trees.map((tree) => evaluate(tree, c));
    if (Object.hasOwn(texts, name)) return texts[name](...(values.length ? values : [[c.node]]).map(string));
    if (Object.hasOwn(numbers, name)) return numbers[name](...values.map((value) => number(value, c.env)));
    return Object.hasOwn(functions, name) ? functions[name](values, c) : unknown();
  };

  const named = (name, c) => {
    const shared = (c.env.around || 0)[name] || [];
    const row = up(c.current).find((one) => one.repeated && shared.includes(one.name));
    return walk(row || c.env.document).filter((one) => one.name === name);
  };
  const filtered = (nodes, predicates, c) => predicates.reduce((left, tree) => left.filter((one, index) => {
    const value = evaluate(tree, { ...c, node: one, position: index + 1, size: left.length });
    return typeof value === "number" ? value === index + 1 : truth(value);
  }), nodes);
  const axes = {
    child: (one) => one.children, self: (one) => [one], "descendant-or-self": walk,
    parent: (one) => [one.parent && one.parent.name ? one.parent : one],
  };
  const step = (nodes, [axis, name, predicates], c) => {
    if (!axes[axis]) unknown();
    if (axis === "child" && c.env.groups.includes(name) && !predicates.length) return nodes;
    const found = nodes.flatMap((one) => filtered(axes[axis](one).filter((n) => name === "*" || n.name === name), predicates, c));
    return [...new Set(found)];
  };

  const compare = {
    "=": (a, b) => a === b, "!=": (a, b) => a !== b, "<": (a, b) => a < b, "<=": (a, b) => a <= b, ">": (a, b) => a > b, ">=": (a, b) => a >= b,
  };
  const calculate = { "+": (a, b) => a + b, "-": (a, b) => a - b, "*": (a, b) => a * b, div: (a, b) => a / b, mod: (a, b) => a % b };
  const compared = (kind, left, right, env) => {
    const equality = kind === "=" || kind === "!=";
    if (equality && (typeof left === "boolean" || typeof right === "boolean")) return compare[kind](truth(left), truth(right));
    const list = (value) => (Array.isArray(value) ? value.map(content) : [value]);
    return list(left).some((a) => list(right).some((b) => (equality && typeof a === "string" && typeof b === "string"
      ? compare[kind](a, b) : compare[kind](number(a, env), number(b, env)))));
  };

  const evaluate = (tree, c) => {
    const [kind, first, second] = tree;
    switch (kind) {
      case "num": case "str": return first;
      case "here": return [c.node];
      case "root": return [c.env.document];
      case "ref": return named(first, c);
      case "neg": return -number(evaluate(first, c), c.env);
      case "or": return truth(evaluate(first, c)) || truth(evaluate(second, c));
      case "and": return truth(evaluate(first, c)) && truth(evaluate(second, c));
      case "call": return call(first, tree.slice(2), c);
      case "filter": return filtered(evaluate(first, c), second, c);
      case "path": return second.reduce((nodes, one) => step(nodes, one, c), evaluate(first, c));
    }
    const left = evaluate(first, c), right = evaluate(second, c);
    if (compare[kind]) return compared(kind, left, right, c.env);
    return calculate[kind] ? calculate[kind](number(left, c.env), number(right, c.env)) : unknown();
  };
  const at = (tree, env, one) => evaluate(tree, { env, node: one, current: one, position: 1, size: 1 });
  const attempt = (tree, env, one, otherwise) => {
    if (!tree) return otherwise;
    try { return truth(at(tree, env, one)); } catch { return otherwise; }
  };

  if (typeof module !== "undefined") module.exports = { node, at, string };
  if (typeof document === "undefined") return;

  const FIELDS = "input, select, textarea";
  const digits = (text) => text.replace(/\p{Nd}/gu, (sign) => {
    let zero = sign.codePointAt(0);
    while (/\p{Nd}/u.test(String.fromCodePoint(zero - 1)) && sign.codePointAt(0) - zero < 9) zero -= 1;
    return sign.codePointAt(0) - zero;
  });
  const day = (text) => {
    const finnish = /^(\d\d?)\. ?(\d\d?)\. ?(\d{4})$/.exec(text);
    return iso(moment(finnish ? `${finnish[3]}-${finnish[2]}-${finnish[1]}` : text.includes("T") ? "" : text));
  };
  const clock = (text) => {
    const match = /^(\d\d?)[:.](\d\d)(?::(\d\d))?$/.exec(text);
    return match && match[1] < 24 && match[2] < 60 ? `${pad(match[1])}:${match[2]}:${match[3] || "00"}` : "";
  };
  const count = (pattern) => (text, bare = text.replace(/\s/g, "").replace(/[,٫]/, ".")) => (pattern.test(bare) ? String(+bare) : "");
  const plain = {
    integer: count(/^[+-]?\d+$/), decimal: count(/^[+-]?(\d+\.?\d*|\.\d+)$/), date: day, time: clock,
    dateTime: (text, [, first, second] = /^(.+)[T ](.+)$/.exec(text) || "  ") => day(first) && clock(second) && `${day(first)}T${clock(second)}`,
  };
  const inputs = (wrapper) => [...wrapper.querySelectorAll("input, select, textarea")];
  const typed = (wrapper, type) => {
    const chosen = inputs(wrapper).filter((one) => !/radio|checkbox/.test(one.type) || one.checked);
    const text = chosen.map((one) => one.value.trim()).filter(Boolean).join(" ");
    if (/file|image/.test(type)) return text.split("\\").pop() || wrapper.dataset.attached || "";
    return plain[type] ? plain[type](digits(text)) : text;
  };

  const wrapperOf = (field) => document.querySelector(`[data-question="${field}"]`);
  const rowsLike = (shape) => [...document.querySelectorAll("[data-row]")].map((one) => one.dataset.row)
    .filter((row) => row.replace(/-\d+(?=-|$)/g, "") === shape);
  // Keys as the server has them: rows of a repeat, else the item in each row.
  const fieldsOf = ({ name, repeat, type }) => {
    if (type === "repeat") return rowsLike(repeat ? `${repeat}-${name}` : name);
    return repeat ? rowsLike(repeat).map((row) => `${row}-${name}`) : [name];
  };
  const rowAround = (key) => key.replace(/-?[^-]+$/, "");
  const isSection = (item) => /page|group|repeat/.test(item.type);

  const grow = (values, parent) => {
    for (const [name, value] of Object.entries(values)) {
      if (Array.isArray(value)) value.forEach((row) => grow(row, node(name, "", parent, true)));
      else node(name, value, parent);
    }
  };
  const build = (data) => {
    const above = node(""), root = node(data.root, "", above), nodes = {};
    grow(data.answers, root);
    for (const { dataset: { row } } of document.querySelectorAll("[data-row]")) {
      const key = rowAround(row);
      nodes[row] = node(key.split("-").pop(), "", nodes[rowAround(key)] || root, true);
    }
    for (const item of data.items) {
      for (const field of isSection(item) ? [] : fieldsOf(item)) {
        const wrapper = wrapperOf(field);
        nodes[field] = node(item.name, wrapper ? typed(wrapper, item.type) : item.text, nodes[rowAround(field)] || root);
      }
    }
    return { env: { ...data, document: above }, root, nodes };
  };

  const show = (wrapper, item, relevant, required) => {
    if (!wrapper) return;
    wrapper.hidden = !relevant;
    for (const input of isSection(item) ? [] : inputs(wrapper)) {
      input.disabled = !relevant;
      if (!/radio|checkbox/.test(input.type)) input.setAttribute("aria-required", String(required));
    }
  };

  const refresh = (data) => {
    const { env, root, nodes } = build(data), relevant = {}, shown = [];
    for (const item of data.items) {
      const some = {};
      for (const field of fieldsOf(item)) {
        const key = item.type === "repeat" ? rowAround(field) : field, row = rowAround(key);
        const outer = row && row.split("-").slice(-2)[0] !== item.in ? `${row}-${item.in}` : row || item.in;
        const one = nodes[field] || nodes[row] || root;
        const own = relevant[outer] !== false && attempt(item.relevant, env, one, true);
        relevant[field] = own;
        if (item.type === "page") continue;
        if (item.type === "repeat") {
          some[key] = some[key] || own;
          if (!own) one.parent.children = one.parent.children.filter((child) => child !== one);
          document.querySelector(`[data-row="${field}"]`).hidden = !own;
          continue;
        }
        if (nodes[field] && !own) one.text = "";
        else if (item.calculation) try { one.text = string(at(item.calculation, env, one)); } catch { one.text = null; }
        shown.push([field, item, own, one]);
      }
      for (const key of Object.keys(some)) show(wrapperOf(key), item, some[key]);
    }
    // required may read later ones
    for (const [key, item, own, one] of shown) show(wrapperOf(key), item, own, attempt(item.required, env, one, false));
    return { env, nodes };
  };

  const tell = (data, wrapper) => {
    const field = wrapper.dataset.question, item = data.items.find((one) => fieldsOf(one).includes(field));
    const place = wrapper.querySelector("[data-message]");
    if (!item || !item.constraint || !item.message || !place) return;
    const { env, nodes } = refresh(data), one = nodes[field];
    let fits = !one.text || attempt(item.constraint, env, one, true);
    if (!fits && item.type === "text") fits = attempt(item.constraint, env, Object.assign(one, { text: digits(one.text) }), true);
    place.textContent = fits ? "" : item.message;
    place.hidden = fits;
    for (const input of inputs(wrapper)) input.setAttribute("aria-invalid", String(!fits));
  };

  const once = (form) => {
    let sent = false;
    form.addEventListener("submit", (event) => {
      if (sent) event.preventDefault();
      sent = true;
    });
    addEventListener("pageshow", () => { sent = false; });
  };

  const start = () => {
    document.querySelectorAll("form").forEach(once);
    const block = document.getElementById("form-preview");
    if (!block) return;
    const data = JSON.parse(block.textContent);
    refresh(data);
    document.addEventListener("input", () => refresh(data));
    document.addEventListener("change", (event) => {
      const wrapper = event.target.closest("[data-question]");
      if (wrapper) tell(data, wrapper);
    });
    addEventListener("pageshow", () => refresh(data));
  };
  start();
})();
