// Runs the browser's preview over pages: JSON on standard input, JSON on standard output.
// {script, pages: [{data, html, touched}], trees: [{document, today, now, groups, asked: [[tree, place]]}]} to
// {pages: [{field: {hidden, required, message}}], trees: [[text or null where the preview leaves it to the server]]}.
import { readFileSync } from "node:fs";
import { JSDOM } from "jsdom";

const given = JSON.parse(readFileSync(0, "utf8"));
const script = new Function("module", "document", "window", "addEventListener", readFileSync(given.script, "utf8"));
const nothing = () => undefined;
const { window } = new JSDOM("<!doctype html>");

const page = ({ data, html, touched }) => {
  const document = window.document.implementation.createHTMLDocument();
  document.body.innerHTML = html;
  const block = document.body.appendChild(document.createElement("div"));
  block.id = "form-preview";
  block.textContent = JSON.stringify(data);
  script(undefined, document, { addEventListener: nothing }, nothing);
  if (document.readyState === "loading") document.dispatchEvent(new window.Event("DOMContentLoaded"));
  const found = {};
  for (const field of touched) {
    const wrapper = document.querySelector(`[data-question="${field}"]`);
    const input = wrapper.querySelector("input, textarea");
    input.dispatchEvent(new window.Event("change", { bubbles: true }));
  }
  for (const wrapper of document.querySelectorAll("[data-question]")) {
    const message = wrapper.querySelector("[data-message]");
    found[wrapper.dataset.question] = {
      hidden: Boolean(wrapper.closest("[hidden]")),
      required: wrapper.querySelector("input, textarea")?.getAttribute("aria-required") ?? null,
      message: message ? message.textContent : "",
    };
  }
  return found;
};

const preview = { exports: {} };
script(preview, undefined, undefined);
const { node, at, string } = preview.exports;
const grow = (one, parent) => {
  const made = node(one.name, one.text, parent, one.repeated);
  one.children.forEach((child) => grow(child, made));
  return made;
};
const trees = ({ document, asked, ...rest }) => {
  const above = grow(document, null), env = { document: above, ...rest };
  return asked.map(([tree, place]) => {
    try { return string(at(tree, env, place.reduce((one, number) => one.children[number], above))); } catch { return null; }
  });
};

process.stdout.write(JSON.stringify({ pages: given.pages.map(page), trees: given.trees.map(trees) }));
