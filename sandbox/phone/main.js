// The phone: who holds it, the chat, the menu, and the loop that keeps it fresh.
import { act, byId, el, safeUrl, see } from "./api.js";
import { clockText, message } from "./chat.js";
import { drawFaults, drawLogs, drawSettings, startPanel } from "./panel.js";
import { drawTour, restartTour, startTour } from "./tour.js";
import { startExtras } from "./extras.js";

const GAP_MS = 350;
let state = null;
let openid = sessionStorage.getItem("openid") || "";
let messages = [];
let typing = true;
let lastStamp = 0;
let logged = 0;

const person = () => state?.followers.find((each) => each.openid === openid) || null;

export function complain(error) {
  const box = byId("trouble");
  box.textContent = error.message === "Failed to fetch" ? "沙盒没有应答，可能已经停了。" : error.message;
  box.hidden = false;
  clearTimeout(complain.timer);
  complain.timer = setTimeout(() => { box.hidden = true; }, 6000);
}

function choose(next) {
  openid = next;
  sessionStorage.setItem("openid", openid);
  document.cookie = `sandbox_follower=${encodeURIComponent(openid)}; path=/; SameSite=Lax`;
  messages = [];
  lastStamp = 0;
  byId("chat").replaceChildren();
  draw();
  pull().catch(complain);
}

async function pull() {
  if (!openid) return;
  const asked = openid;
  const after = messages.length ? messages[messages.length - 1].id : 0;
  const { messages: fresh } = await see("messages", { openid: asked, after });
  if (asked !== openid) return;
  const known = new Set(messages.map((each) => each.id));
  append(fresh.filter((each) => !known.has(each.id)));
  drawTour(person(), messages, state?.home, type);
}

function append(fresh) {
  if (!fresh.length) return;
  const chat = byId("chat");
  const faces = { mine: (person()?.name || "我").slice(0, 1), theirs: (state?.name || "公").slice(0, 1) };
  for (const item of fresh) {
    if (item.at - lastStamp > 300) chat.append(el("p", { class: "stamp" }, clockText(item.at)));
    lastStamp = item.at;
    chat.append(message(item, faces, tapChoice));
    messages.push(item);
  }
  chat.scrollTop = chat.scrollHeight;
}

function tapChoice(text, id) {
  act(id ? "choice" : "say", { openid, text, menu_id: id, wait: false }).catch(complain);
}

function type(words) {
  show("phone");
  setTyping(true);
  byId("words").value = words;
  byId("words").focus();
}

function show(view) {
  document.body.dataset.view = view;
}

function draw() {
  const me = person();
  byId("account").textContent = state.name;
  byId("title").textContent = state.name;
  document.title = `${state.name} · 微信沙盒`;
  byId("whose").textContent = (me?.name || "?").slice(0, 1);
  byId("whose").title = me?.name || "";
  byId("leave").hidden = !me?.following;
  byId("invite").hidden = Boolean(me?.following);
  byId("invite-says").textContent = me ? `${me.name}还没有关注“${state.name}”。` : "先选一个人。";
  byId("follow").hidden = !me;
  byId("dock").hidden = !me?.following;
  drawPeople();
  drawMenu();
  drawClock();
  drawFaults(state.faults, complain);
  drawSettings(state, complain);
  drawTour(me, messages, state.home, type);
}

function drawPeople() {
  byId("people").replaceChildren(...state.followers.map((each) => {
    const window = each.windows.map((one) => one.left_count).reduce((a, b) => Math.max(a, b), 0);
    const says = each.following ? (each.windows.length ? `已关注 · 还可发 ${window} 条客服消息` : "已关注 · 不在客服窗口内") : "未关注";
    return el("li", {}, el("button", { "aria-current": String(each.openid === openid), onclick: () => { choose(each.openid); show("phone"); } },
      el("span", { class: "face", "aria-hidden": "true" }, each.name.slice(0, 1)), el("b", {}, each.name), el("i", {}, says)));
  }), state.total > state.followers.length ? el("li", { class: "hint" }, `还有 ${state.total - state.followers.length} 人没有列出。`) : "");
}

function drawClock() {
  const tick = () => {
    if (state) byId("now").textContent = clockText(Date.now() / 1000 + state.clock.offset);
  };
  tick();
  clearInterval(drawClock.timer);
  drawClock.timer = setInterval(tick, 15000);
  const hours = Math.round(state.clock.offset / 3600);
  byId("offset").textContent = state.clock.offset < 60 ? "" : `已拨快 ${hours >= 48 ? `${Math.floor(hours / 24)} 天${hours % 24 ? ` ${hours % 24} 小时` : ""}` : hours ? `${hours} 小时` : `${Math.round(state.clock.offset / 60)} 分钟`}`;
}

function drawMenu() {
  const buttons = state.menu?.button || [];
  byId("to-menu").hidden = !buttons.length;
  const box = byId("menu");
  const key = JSON.stringify(buttons);
  if (box.dataset.key !== key) {
    box.dataset.key = key;
    box.replaceChildren(
      el("button", { type: "button", class: "icon", "aria-label": "改用键盘", title: "键盘", onclick: () => setTyping(true) }, keyboard()),
      ...buttons.map((button, i) => top(button, i)));
    setTyping(!buttons.length);
  }
}

function keyboard() {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", "M3 6h18v12H3zM6 10h.01M10 10h.01M14 10h.01M18 10h.01M8 14.5h8");
  svg.append(path);
  return svg;
}

function top(button, i) {
  const children = button.sub_button || [];
  if (!children.length) return el("div", {}, leaf(button, [i], "top-button"));
  const list = el("ul", { hidden: true }, ...children.map((child, k) => el("li", {}, leaf(child, [i, k], ""))));
  const open = el("button", { type: "button", class: "top-button has-sub", "aria-expanded": "false", onclick: (event) => {
    const was = !list.hidden;
    closeMenus();
    list.hidden = was;
    open.setAttribute("aria-expanded", String(!was));
    event.stopPropagation();
  } }, button.name);
  return el("div", {}, list, open);
}

function leaf(button, path, css) {
  const tap = () => { closeMenus(); act("menu_tap", { openid, path, wait: false }).catch(complain); };
  const url = button.type === "view" ? safeUrl(button.url) : "";
  return url ? el("a", { href: url, target: "_blank", rel: "noopener", class: css, onclick: tap }, button.name)
    : el("button", { type: "button", class: css, onclick: tap }, button.name);
}

function closeMenus() {
  for (const list of document.querySelectorAll(".menu ul")) list.hidden = true;
}

function setTyping(on) {
  const hasMenu = Boolean(state?.menu?.button?.length);
  typing = on || !hasMenu;
  byId("menu").hidden = typing;
  byId("write").hidden = !typing;
  if (!typing) byId("extras").hidden = true;
}

async function loop() {
  for (;;) {
    try {
      const next = await see("state", { version: state?.version || 0, wait: 20 });
      if (!next.same) {
        state = next;
        if (!person()) choose(state.followers[0]?.openid || "");
        draw();
        await pull();
        logged = logged || 1;
        await drawLogs();
      }
    } catch (error) {
      complain(error);
      await new Promise((done) => setTimeout(done, 2000));
    }
    await new Promise((done) => setTimeout(done, document.hidden ? 3000 : GAP_MS));
  }
}

function on(id, event, handle) {
  byId(id).addEventListener(event, (given) => {
    given.preventDefault();
    Promise.resolve(handle(given)).catch(complain);
  });
}

on("write", "submit", () => {
  const text = byId("words").value.trim();
  if (!text) return undefined;
  byId("words").value = "";
  return act("say", { openid, text, wait: false });
});
on("follow", "click", () => act("follow", { openid, wait: false }));
on("leave", "click", () => act("unfollow", { openid, wait: false }));
on("to-menu", "click", () => setTyping(false));
on("add-person", "submit", async (event) => {
  const made = await act("followers", { name: event.target.elements.name.value.trim() });
  event.target.reset();
  choose(made.openids[0]);
});
on("jump", "submit", (event) => act("clock/advance", { seconds: event.target.elements.count.value * event.target.elements.unit.value }));
on("clock-reset", "click", () => act("clock/reset"));
on("jumps", "click", (event) => event.target.dataset.jump && act("clock/advance", { seconds: Number(event.target.dataset.jump) }));
on("tour-again", "click", () => { restartTour(messages.at(-1)?.id || 0); byId("tour").dataset.key = ""; draw(); });
document.addEventListener("click", closeMenus);
addEventListener("resize", () => { byId("chat").scrollTop = byId("chat").scrollHeight; });
for (const button of document.querySelectorAll("[data-go]")) button.addEventListener("click", () => show(button.dataset.go));

startPanel(() => drawLogs().catch(complain), complain);
startExtras({ who: () => openid, templates: () => state.templates.filter((each) => each.kind !== "template"), complain });
await startTour();
loop();
