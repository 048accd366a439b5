// Type-ahead over a native <select data-combobox> (WAI-ARIA combobox with a list). Without script the select stays.
"use strict";
(() => {
  const LIMIT = 60;
  const texts = document.getElementById("texts")?.dataset || {};
  let made = 0;

  const plain = (text) => text.normalize("NFKD").replace(/[\u0300-\u036f\u064b-\u0652]/g, "").toLowerCase().trim();
  const words = (text) => plain(text).split(/[\s/,()·–-]+/).filter(Boolean);

  function element(tag, attributes = {}, text = "") {
    const node = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) if (value !== null && value !== undefined) node.setAttribute(name, value);
    if (text) node.textContent = text;
    return node;
  }

  // The lower, the better: code itself, start of the label, start of any word, somewhere inside; -1 for no match.
  function rank(entry, typed) {
    if (!typed) return 9;
    if (entry.code === typed) return 0;
    if (entry.label.startsWith(typed)) return 1;
    if (entry.words.some((word) => word.startsWith(typed))) return 2;
    if (entry.code.startsWith(typed)) return 3;
    return entry.all.includes(typed) ? 4 : -1;
  }

  class Pick {
    constructor(select) {
      this.select = select;
      this.many = select.multiple;
      this.name = `pick-${(made += 1)}`;
      this.entries = [...select.options].filter((option) => option.value !== "").map((option) => {
        const all = `${option.label} ${option.value} ${option.dataset.names || ""}`;
        return { option, code: plain(option.value), label: plain(option.label), words: words(all), all: plain(all) };
      });
      this.at = -1;
      this.shown = [];
      this.build();
      this.listen();
      this.settle();
    }

    build() {
      const { select } = this;
      const id = select.id;
      select.id = `${id}-native`;
      this.label = document.querySelector(`label[for="${CSS.escape(id)}"]`);
      this.input = element("input", {
        id, type: "text", class: "ds-input", role: "combobox", autocomplete: "off", spellcheck: "false",
        "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": `${this.name}-list`,
        "aria-describedby": select.getAttribute("aria-describedby"), "aria-invalid": select.getAttribute("aria-invalid"),
        "aria-required": select.required ? "true" : null, "aria-label": select.getAttribute("aria-label"),
        placeholder: select.dataset.placeholder, autofocus: select.autofocus ? "" : null,
      });
      this.list = element("ul", { id: `${this.name}-list`, role: "listbox", hidden: "" });
      if (this.many) this.list.setAttribute("aria-multiselectable", "true");
      if (this.label) {
        this.label.id ||= `${this.name}-label`;
        this.list.setAttribute("aria-labelledby", this.label.id);
      } else this.list.setAttribute("aria-label", select.getAttribute("aria-label") || "");
      this.chosen = element("span", { class: "chosen" });
      this.status = element("span", { class: "sr", role: "status" });
      const box = element("div", { class: "box" });
      box.append(this.chosen, this.input);
      this.root = element("div", { class: "pick" });
      this.root.append(box, this.list, this.status);
      select.required = false;
      select.autofocus = false;
      select.hidden = true;
      select.tabIndex = -1;
      select.after(this.root);
      if (this.input.autofocus) this.input.focus();
    }

    listen() {
      this.input.addEventListener("input", () => this.open(this.input.value));
      this.input.addEventListener("keydown", (event) => this.key(event));
      this.input.addEventListener("focus", () => this.input.select());
      this.input.addEventListener("click", () => this.list.hidden && this.open(""));
      this.input.addEventListener("blur", () => this.leave());
      this.list.addEventListener("mousedown", (event) => event.preventDefault());
      this.list.addEventListener("click", (event) => {
        const item = event.target.closest("[role=option]");
        if (item) this.take(this.shown[[...this.list.children].indexOf(item)]);
      });
      this.chosen.addEventListener("click", (event) => {
        const button = event.target.closest("button");
        if (button) this.drop(this.entries[Number(button.value)]);
      });
      this.select.form?.addEventListener("reset", () => setTimeout(() => this.settle()));
    }

    // Show what the native select holds: the label in the box, or a button for each of several choices.
    settle() {
      const picked = this.entries.filter((entry) => entry.option.selected);
      if (!this.many) {
        this.input.value = picked.length ? picked[0].option.label : "";
        return;
      }
      this.input.value = "";
      this.chosen.replaceChildren(...picked.map((entry) => {
        const button = element("button", { type: "button", value: this.entries.indexOf(entry), "aria-label": `${texts.remove || "×"} ${entry.option.label}` });
        button.append(element("bdi", {}, entry.option.label));
        return button;
      }));
    }

    open(text) {
      const typed = plain(text);
      this.shown = this.entries.map((entry) => [rank(entry, typed), entry]).filter(([order]) => order >= 0)
        .sort((one, other) => one[0] - other[0]).slice(0, LIMIT).map(([, entry]) => entry);
      this.list.replaceChildren(...this.shown.map((entry, index) => {
        const item = element("li", { role: "option", id: `${this.name}-${index}`, "aria-selected": String(entry.option.selected) });
        item.append(element("bdi", {}, entry.option.label));
        return item;
      }));
      if (!this.shown.length) this.list.append(element("li", { class: "none", role: "option", "aria-disabled": "true", "aria-selected": "false" }, texts.none || "–"));
      this.list.hidden = false;
      this.input.setAttribute("aria-expanded", "true");
      const current = typed ? -1 : this.shown.findIndex((entry) => entry.option.selected && !this.many);
      this.point(this.shown.length ? Math.max(0, current) : -1);
      this.status.textContent = this.shown.length ? `${texts.count || ""} ${this.shown.length}` : texts.none || "";
    }

    close() {
      this.list.hidden = true;
      this.at = -1;
      this.input.setAttribute("aria-expanded", "false");
      this.input.removeAttribute("aria-activedescendant");
    }

    point(index) {
      this.list.children[this.at]?.classList.remove("at");
      this.at = index;
      const item = this.list.children[index];
      if (index < 0 || !item) return this.input.removeAttribute("aria-activedescendant");
      item.classList.add("at");
      item.scrollIntoView({ block: "nearest" });
      this.input.setAttribute("aria-activedescendant", item.id);
    }

    changed(text) {
      this.status.textContent = text;
      for (const kind of ["input", "change"]) this.select.dispatchEvent(new Event(kind, { bubbles: true }));
    }

    take(entry) {
      if (!entry) return;
      if (this.many && entry.option.selected) return this.drop(entry);
      entry.option.selected = true;
      this.close();
      this.settle();
      this.changed(`${texts.picked || ""} ${entry.option.label}`);
    }

    drop(entry) {
      entry.option.selected = false;
      this.close();
      this.settle();
      this.changed(`${texts.removed || ""} ${entry.option.label}`);
      this.input.focus();
    }

    // Leaving: an emptied box of one choice means no choice; half a word means what was chosen before.
    leave() {
      this.close();
      if (!this.many && !this.input.value.trim() && this.select.value) {
        this.select.value = "";
        this.changed("");
      }
      this.settle();
    }

    key(event) {
      if (event.isComposing || event.ctrlKey || event.metaKey) return;
      const opened = !this.list.hidden;
      const { key } = event;
      if (key === "ArrowDown" || key === "ArrowUp") {
        event.preventDefault();
        if (!opened) return this.open(this.many ? this.input.value : "");
        if (event.altKey && key === "ArrowUp") return this.close();
        const count = this.shown.length;
        if (count) this.point((this.at + (key === "ArrowDown" ? 1 : count - 1)) % count);
      } else if (key === "Enter") {
        event.preventDefault();
        if (opened) this.take(this.shown[this.at]);
      } else if (key === "Tab") {
        if (opened && this.input.value.trim() && this.at >= 0) {
          const entry = this.shown[this.at];
          if (!entry.option.selected) this.take(entry);
        }
      } else if (key === "Escape" && opened) {
        event.preventDefault();
        this.close();
        this.settle();
      } else if (key === "Backspace" && this.many && !this.input.value) {
        const last = this.entries.filter((entry) => entry.option.selected).pop();
        if (last) this.drop(last);
      }
    }
  }

  function enhance(root) {
    for (const select of root.querySelectorAll("select[data-combobox]:not([data-made])")) {
      select.dataset.made = "";
      new Pick(select);
    }
  }

  enhance(document);
  document.addEventListener("htmx:load", (event) => enhance(event.detail.elt));
})();
