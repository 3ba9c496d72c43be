// The control API: answers are objects, refusals are errors with a Chinese sentence.
const BASE = "/sandbox/api/";

export async function see(name, query = {}) {
  const answer = await fetch(`${BASE}${name}?${new URLSearchParams(query)}`);
  return settle(answer);
}

export async function act(name, wish = {}) {
  const answer = await fetch(BASE + name, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(wish),
  });
  return settle(answer);
}

async function settle(answer) {
  const value = await answer.json();
  if (!answer.ok) throw new Error(value.error || `HTTP ${answer.status}`);
  return value;
}

// An element with attributes and children; text is always text, never markup.
export function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (value === true) node.setAttribute(name, "");
    else if (value !== false && value != null) node.setAttribute(name, value);
  }
  node.append(...children.filter((child) => child != null && child !== ""));
  return node;
}

export const byId = (id) => document.getElementById(id);

// Only addresses a phone would open.
export function safeUrl(text) {
  return /^https?:\/\//i.test(text || "") ? text : "";
}
