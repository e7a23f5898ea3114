"use strict";

/* What a page can do besides, where scripts run: copy code, and search as one types. */
const MOST = 12;

async function copyText(text) {
  try {
    return await navigator.clipboard.writeText(text);
  } catch {
    // Not there without https, or not allowed: as it was done before there was a clipboard for scripts.
  }
  const focused = document.activeElement;
  const area = document.createElement("textarea");
  area.value = text;
  area.setAttribute("readonly", "");
  area.style.position = "fixed";
  area.style.opacity = "0";
  document.body.append(area);
  area.select();
  const done = document.execCommand("copy");
  area.remove();
  focused.focus();
  if (!done) throw new Error("the browser does not copy");
}

for (const block of document.querySelectorAll("pre")) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "copy";
  button.textContent = "Copy";
  button.addEventListener("click", () => {
    copyText(block.textContent).then(
      () => (button.textContent = "Copied"),
      () => (button.textContent = "Select it by hand"),
    );
    setTimeout(() => (button.textContent = "Copy"), 2000);
  });
  const frame = document.createElement("div");
  frame.className = "copied";
  block.replaceWith(frame);
  frame.append(block, button);
}

for (const form of document.querySelectorAll("form[role=search]")) form.hidden = false;

document.addEventListener("keydown", (event) => {
  const field = document.querySelector("input[type=search]");
  const typing = event.target instanceof Element && event.target.closest("input, textarea, select, [contenteditable]");
  if (event.key === "/" && field && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
    event.preventDefault();
    field.focus();
  }
});

const results = document.getElementById("results");
if (results) {
  const field = document.querySelector("main input[type=search]");
  const status = document.getElementById("status");
  const show = () => {
    const text = field.value.trim();
    const found = text ? find(globalThis.KNOWLEDGE, text, MOST) : [];
    results.replaceChildren(
      ...found.map(({ place, title, kind, about }) => {
        const item = document.createElement("li");
        const link = document.createElement("a");
        link.href = place;
        link.textContent = title;
        const what = document.createElement("span");
        what.className = "kind";
        what.textContent = kind;
        const line = document.createElement("p");
        line.textContent = about;
        item.append(link, what, line);
        return item;
      }),
    );
    results.hidden = !found.length;
    const all = found.length < MOST ? `All ${found.length}` : `The best ${MOST}`;
    status.textContent = !text ? "" : found.length ? `${all} that speak of it` : "Nothing speaks of it.";
  };
  field.value = new URLSearchParams(location.search).get("q") || field.value;
  field.addEventListener("input", show);
  field.form.addEventListener("submit", (event) => {
    event.preventDefault();
    show();
    const first = results.querySelector("a");
    if (first) first.focus();
  });
  show();
}
