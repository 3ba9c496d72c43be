// The guided tour: steps of tour.json, ticked off by what happens in the chat.
import { byId, el, safeUrl } from "./api.js";

let steps = [];
let at = 0;
let mark = 0;

export async function startTour() {
  steps = await (await fetch("/sandbox/static/tour.json")).json();
  at = Math.min(Number(sessionStorage.getItem("tour") || 0), steps.length);
  mark = Number(sessionStorage.getItem("tour-mark") || 0);
}

export function restartTour(lastMessage) {
  at = 0;
  go(lastMessage);
}

function go(lastMessage) {
  mark = lastMessage;
  sessionStorage.setItem("tour", at);
  sessionStorage.setItem("tour-mark", mark);
}

function isDone(step, person, messages) {
  const fresh = messages.filter((each) => each.id > mark);
  if (step.done === "following") return person.following;
  if (step.done === "said") {
    const said = fresh.find((each) => each.way === "in" && new RegExp(step.match).test((each.body.content || each.body.recognition || "").trim()));
    return Boolean(said && messages.some((each) => each.way === "out" && each.id > said.id));
  }
  return fresh.some((each) => each.way === "out" && ["custom", "template", "notice", "mass"].includes(each.via));
}

export function drawTour(person, messages, home, type) {
  const last = messages.length ? messages[messages.length - 1].id : mark;
  while (at < steps.length && person && isDone(steps[at], person, messages)) {
    // 后台答复与看到答复是同一条消息的两头，一起打勾。
    at += steps[at].done === "pushed" && steps[at + 1]?.done === "pushed" ? 2 : 1;
    go(steps[at - 1].done === "following" ? mark : last);
  }
  const key = `${at}:${home}:${steps.length}`;
  const box = byId("tour");
  if (box.dataset.key === key) return;
  box.dataset.key = key;
  box.replaceChildren(...steps.map((step, i) => {
    if (i !== at) return el("li", { class: i < at ? "done" : "" }, step.title);
    return el("li", { class: "now" }, el("b", {}, step.title), el("p", {}, step.says), el("div", { class: "row" },
      step.say ? el("button", { onclick: () => type(step.say) }, "替我输入") : null,
      step.home && safeUrl(home) ? el("a", { href: home, target: "_blank", rel: "noopener" }, step.home) : null,
      el("button", { class: "plain", onclick: () => { at += 1; go(last); box.dataset.key = ""; drawTour(person, messages, home, type); } }, "跳过")));
  }), at >= steps.length ? el("li", { class: "done" }, "走完了。换一个人、拨快时间，再试试别的。") : "");
}
