/* Previews a page of a form: shows and hides questions, tells at once what does not fit. The server decides.
   The trees are those of kotisatama/forms/expressions; what is unknown here leaves the question as it is. */
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
    if (day.getUTCMonth() !== m - 1 || day.getUTCDate() !== Number(d)) return NaN;
    return (day.getTime() + ((h * 60 + Number(min)) * 60 + Number(s)) * 1000 + (zone ? shift(env.now) - shift(zone) : 0)) / 864e5;
  };
  const shift = (text) => {
    const match = /([+-])(\d\d):?(\d\d)$/.exec(text);
    return match ? (match[1] + 1) * (match[2] * 60 + Number(match[3])) * 60000 : 0;
  };
  const number = (value, env) => {
    if (typeof value === "number" || typeof value === "boolean") return Number(value);
    const text = string(value).trim();
    return /^-?(\d+(\.\d*)?|\.\d+)$/.test(text) ? Number(text) : moment(text, env);
  };
  const iso = (days) => (Number.isNaN(days) ? "" : new Date(Math.floor(days) * 864e5).toISOString().slice(0, 10));
  const round = (value) => Math.floor(value + 0.5);
  const flat = (values) => values.flatMap((value) => (Array.isArray(value) ? value.map(content) : [string(value)]));
  const pad = (value, width = 2) => String(value).padStart(width, "0");

  const format = (value, pattern, env) => {
    const days = number(value, env);
    if (Number.isNaN(days)) return "";
    const at = new Date(Math.round(days * 864e5));
    const parts = {
      Y: pad(at.getUTCFullYear(), 4), y: pad(at.getUTCFullYear() % 100), m: pad(at.getUTCMonth() + 1), n: at.getUTCMonth() + 1,
      d: pad(at.getUTCDate()), e: at.getUTCDate(), H: pad(at.getUTCHours()), h: at.getUTCHours(),
      M: pad(at.getUTCMinutes()), S: pad(at.getUTCSeconds()), "%": "%",
    };
    return pattern.replace(/%(.)/g, (_, key) => (key in parts ? parts[key] : unknown()));
  };
  const search = (text, pattern) => (text.length > 300 ? unknown() : new RegExp(pattern, "u").test(text));

  // Texts as arguments, then numbers, then whatever comes.
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
    const found = walk(c.env.document).filter((one) => one.name === name);
    const row = up(c.current).find((one) => one.repeated);
    if (!row || row.name === name) return found;
    const own = found.filter((one) => up(one).includes(row));
    return own.length ? own : found;
  };
  const filtered = (nodes, predicates, c) => predicates.reduce((left, tree) => left.filter((one, index) => {
    const value = evaluate(tree, { ...c, node: one, position: index + 1, size: left.length });
    return typeof value === "number" ? value === index + 1 : truth(value);
  }), nodes);
  const axes = {
    child: (one) => one.children, self: (one) => [one], "descendant-or-self": walk,
    parent: (one) => [one.parent && one.parent.name ? one.parent : one],
  };
  // The instance here is flat: a group of the path is the node that it would stand in.
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
  const typed = (wrapper, type) => {
    const fields = [...wrapper.querySelectorAll(FIELDS)].filter((field) => field.type !== "hidden");
    const chosen = fields.filter((field) => !/radio|checkbox/.test(field.type) || field.checked);
    const text = chosen.map((field) => field.value.trim()).filter(Boolean).join(" ");
    if (type === "text" || !text) return text;
    if (/integer|decimal/.test(type)) return digits(text).replace(/[٫,]/g, ".").replace(/[\s+]/g, "");
    const finnish = /^(\d\d?)\. ?(\d\d?)\. ?(\d{4})$/.exec(digits(text));
    return finnish ? `${finnish[3]}-${pad(finnish[2])}-${pad(finnish[1])}` : text;
  };

  const wrapperOf = (field) => document.querySelector(`[data-question="${field}"]`);
  const fieldsOf = (item) => {
    if (!item.repeat) return [item.name];
    return [...document.querySelectorAll(`[data-question^="${item.repeat}-"][data-question$="-${item.name}"]`)]
      .map((wrapper) => wrapper.dataset.question);
  };

  const build = (data) => {
    const above = node(""), root = node(data.root, "", above), rows = {}, nodes = {};
    for (const [name, value] of Object.entries(data.answers)) {
      if (!Array.isArray(value)) { node(name, value, root); continue; }
      for (const row of value) {
        const made = node(name, "", root, true);
        for (const [inside, text] of Object.entries(row)) node(inside, text, made);
      }
    }
    for (const item of data.items) {
      if (/page|group|repeat/.test(item.type)) continue;
      for (const field of fieldsOf(item)) {
        const key = item.repeat && field.slice(0, -item.name.length - 1);
        const parent = key ? (rows[key] = rows[key] || node(item.repeat, "", root, true)) : root;
        const wrapper = wrapperOf(field);
        nodes[field] = node(item.name, wrapper ? typed(wrapper, item.type) : "", parent);
      }
    }
    return { env: { document: above, today: data.today, now: data.now, groups: data.groups }, root, nodes };
  };

  const show = (field, item, relevant, required) => {
    const wrapper = wrapperOf(field);
    if (!wrapper) return;
    wrapper.hidden = !relevant;
    if (/page|group|repeat/.test(item.type)) return;
    for (const input of wrapper.querySelectorAll(FIELDS)) {
      input.disabled = !relevant;
      if (input.type !== "checkbox" && input.type !== "radio") input.setAttribute("aria-required", String(required));
    }
  };

  const refresh = (data) => {
    const { env, root, nodes } = build(data), relevant = {};
    for (const item of data.items) {
      for (const field of fieldsOf(item)) {
        const one = nodes[field] || root;
        const own = attempt(item.relevant, env, one, true) && relevant[item.in] !== false;
        relevant[item.name] = own;
        if (item.type === "page") continue;
        if (nodes[field] && !own) one.text = "";
        else if (item.calculation) try { one.text = string(at(item.calculation, env, one)); } catch { one.text = null; }
        show(field, item, own, attempt(item.required, env, one, false));
        if (item.type === "repeat" && !own) root.children = root.children.filter((child) => child.name !== item.name);
      }
    }
    return { env, nodes };
  };

  const tell = (data, wrapper) => {
    const item = data.items.find((one) => fieldsOf(one).includes(wrapper.dataset.question));
    const place = wrapper.querySelector("[data-message]");
    if (!item?.constraint || !item.message || !place) return;
    const { env, nodes } = refresh(data), one = nodes[wrapper.dataset.question];
    let fits = !one.text || attempt(item.constraint, env, one, true);
    if (!fits && item.type === "text") fits = attempt(item.constraint, env, Object.assign(one, { text: digits(one.text) }), true);
    place.textContent = fits ? "" : item.message;
    place.hidden = fits;
    for (const input of wrapper.querySelectorAll(FIELDS)) input.setAttribute("aria-invalid", String(!fits));
  };

  let sent = null; // each form is sent once
  document.addEventListener("submit", (event) => {
    if (sent === event.target) event.preventDefault();
    sent = event.target;
    setTimeout(() => { sent = null; }, 8000);
  });
  window.addEventListener("pageshow", () => { sent = null; });

  const block = document.getElementById("form-preview");
  if (!block) return;
  const data = JSON.parse(block.textContent);
  refresh(data);
  document.addEventListener("input", () => refresh(data));
  document.addEventListener("change", (event) => {
    const wrapper = event.target.closest("[data-question]");
    if (wrapper) tell(data, wrapper);
  });
  window.addEventListener("pageshow", () => refresh(data));
})();
