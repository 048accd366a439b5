// Fills forms in with the reference engine of ODK: on standard input a line {xml, answers} for each, when the clock
// shows NOW; on standard output, in the end, [{field: {relevant, required, value, fault, choices}} or {"": error}].
import { createInterface } from "node:readline";
import { JSDOM } from "jsdom";

// The clock stands still.
const RealDate = Date;
const instant = RealDate.parse(process.env.NOW);
globalThis.Date = class extends RealDate {
  constructor(...words) { super(...(words.length ? words : [instant])); }
  static now() { return instant; }
};

// A browser as far as the engine needs one. It asks what it runs on only while it is loaded.
const { window } = new JSDOM("<!doctype html>");
for (const name of ["DOMParser", "XMLSerializer", "document", "Node", "Element", "XMLDocument", "XPathResult"]) {
  globalThis[name] = window[name];
}
globalThis.window = window;
globalThis.self = globalThis;
const node = globalThis.process;
globalThis.process = { ...node, versions: {} };
const { loadForm } = await import("@getodk/xforms-engine");
globalThis.process = node;

const nameOf = (one) => one.currentState.reference.replace(/^.*\//, "").replace(/\[\d+\]$/, "").replace(/^.*:/, "");

const fill = (parent, answers) => {
  for (const child of parent.currentState.children) {
    const name = nameOf(child), kind = child.nodeType;
    if (kind === "group") fill(child, answers);
    else if (kind.startsWith("repeat-range")) fillRows(child, answers[name] ?? [{}]);
    else if (answers[name]) set(child, kind, answers[name]);
  }
};
const fillRows = (range, rows) => {
  const missing = rows.length - range.currentState.children.length;
  if (missing > 0 && range.addInstances) range.addInstances(undefined, missing);
  range.currentState.children.forEach((row, place) => fill(row, rows[place] ?? {}));
};
const set = (one, kind, value) => {
  if (kind === "select") choose(one, value.split(" "));
  else if (kind === "trigger") one.setValue(true);
  else if (kind === "input") one.setValue(value);
};
// A choice may be offered only after a later question was answered.
let refused = false;
const choose = (one, values) => {
  if (one.currentState.value.join() === values.join()) return;
  one.selectValues(values);
  refused ||= one.currentState.value.length < values.length;
};

const read = (parent, prefix, found) => {
  for (const child of parent.currentState.children) {
    const name = nameOf(child), kind = child.nodeType;
    const { relevant, required } = child.currentState;
    if (name === "meta") continue;
    if (kind.startsWith("repeat-range")) {
      found[prefix + name] = { rows: child.currentState.children.length };
      child.currentState.children.forEach((row, place) => {
        found[`${prefix}${name}-${place}`] = { relevant: row.currentState.relevant };
        read(row, `${prefix}${name}-${place}-`, found);
      });
    } else if (kind === "group") {
      found[prefix + name] = { relevant };
      read(child, prefix, found);
    } else {
      const broken = child.validationState?.violation;
      found[prefix + name] = {
        relevant, required, value: child.currentState.instanceValue ?? "", fault: broken ? broken.condition : "",
        ...(kind === "select" && { choices: child.currentState.valueOptions.map((option) => option.value) }),
      };
    }
  }
  return found;
};

const one = async ({ xml, answers }) => {
  let rounds = 0;
  const loaded = await loadForm(xml, {});
  if (loaded.status === "failure") return { "": String(loaded.error) };
  const { root } = loaded.createInstance();
  do { refused = false; fill(root, answers); } while (refused && (rounds += 1) < 3);
  return read(root, "", {});
};

const found = [];
for await (const line of createInterface({ input: node.stdin })) {
  try { found.push(await one(JSON.parse(line))); } catch (error) { found.push({ "": String(error?.stack ?? error) }); }
}
process.stdout.write(JSON.stringify(found));
