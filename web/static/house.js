// Small comforts; every page works without them.
(() => {
  "use strict";
  const token = document.querySelector('meta[name="csrf-token"]')?.content;
  document.addEventListener("htmx:configRequest", (event) => {
    if (token) event.detail.headers["X-CSRFToken"] = token;
  });

  // A second thought before what cannot be taken back.
  document.addEventListener("submit", (event) => {
    const question = event.submitter?.dataset.confirm || event.target.dataset.confirm;
    if (question && !window.confirm(question)) event.preventDefault();
  });

  // A sentence that is there already goes into the text where the cursor stands.
  document.addEventListener("click", (event) => {
    const text = event.target.dataset?.insert;
    const area = text && document.getElementById(event.target.dataset.into);
    if (!area) return;
    const before = area.value.slice(0, area.selectionStart);
    const apart = before && !before.endsWith("\n") ? "\n" : "";
    area.setRangeText(apart + text, area.selectionStart, area.selectionEnd, "end");
    area.dispatchEvent(new Event("input", { bubbles: true }));
    area.focus();
  });

  // How many characters are left, said beside long fields.
  for (const area of document.querySelectorAll("textarea[data-longest]")) {
    const note = document.createElement("span");
    note.className = "form-hint figure";
    const tell = () => { note.textContent = `${[...area.value].length} / ${area.dataset.longest} 字`; };
    area.after(note);
    area.addEventListener("input", tell);
    tell();
  }

  // Words half written survive a closed page: kept in this browser until they are sent.
  for (const form of document.querySelectorAll("form[data-keep]")) {
    const key = `yg:${form.dataset.keep}`;
    const fields = [...form.querySelectorAll("textarea[name], input[name][type=text]")];
    try {
      const kept = JSON.parse(localStorage.getItem(key) || "{}");
      for (const field of fields) if (!field.value && kept[field.name]) field.value = kept[field.name];
      form.addEventListener("input", () => {
        localStorage.setItem(key, JSON.stringify(Object.fromEntries(fields.map((f) => [f.name, f.value]))));
      });
    } catch { /* a private window keeps nothing */ }
  }

  // Figures that move: told by an event stream where the server has a place for one, else asked for.
  const moving = document.querySelector("#figures[data-events]");
  if (moving && window.EventSource && window.htmx) {
    moving.setAttribute("hx-get", `${moving.getAttribute("hx-get")}?live=1`);
    moving.setAttribute("hx-trigger", "told");
    const look = () => window.htmx.trigger("#figures", "told");
    const source = new EventSource(moving.dataset.events);
    let asking = 0;
    source.onmessage = look;
    source.addEventListener("end", () => { source.close(); look(); });
    source.onerror = () => {
      if (source.readyState === EventSource.CLOSED && !asking) asking = setInterval(look, 1000);
    };
  }

  for (const done of document.querySelectorAll("[data-sent]")) {
    try { localStorage.removeItem(`yg:${done.dataset.sent}`); } catch { /* nothing kept */ }
  }
})();
