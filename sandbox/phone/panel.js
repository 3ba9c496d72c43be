// The side panel: callbacks, calls, faults, settings.
import { act, byId, el, see } from "./api.js";
import { clockText } from "./chat.js";

const OUTCOMES = { waiting: "等回复…", reply: "有回复", silent: "success", fault: "故障" };
const KINDS = {
  text: "文字", voice: "语音", image: "图片", video: "视频", shortvideo: "小视频", location: "位置", link: "链接",
  subscribe: "关注", unsubscribe: "取消关注", CLICK: "点菜单", VIEW: "开网页", SCAN: "扫码", LOCATION: "上报位置",
  subscribe_msg_popup_event: "通知授权", subscribe_msg_change_event: "改通知授权", subscribe_msg_sent_event: "订阅通知回执",
  TEMPLATESENDJOBFINISH: "模板消息回执", MASSSENDJOBFINISH: "群发回执",
};
const FAULTS = [
  ["error:-1", "接口：答 −1 系统繁忙"], ["error:45011", "接口：答 45011 每分钟超限"], ["error:45009", "接口：答 45009 当日用完"],
  ["error:40001", "接口：答 40001 token 失效"], ["timeout", "接口：受理后不回答"], ["reset", "接口：受理后断开"], ["lost:-1", "接口：受理了却答 −1"], ["drop", "接口：不受理就断开"], ["slow", "接口：慢"],
  ["duplicate", "回调：同一条推两遍"], ["disorder", "回调：前后颠倒"], ["late", "回调：晚到"], ["bad_signature", "回调：签名不对"],
];
const PUSH_FAULTS = ["duplicate", "disorder", "late", "bad_signature"];
const MODES = [["safe", "安全模式"], ["compatible", "兼容模式"], ["plain", "明文模式"]];
let shown = "callbacks";

export const currentTab = () => shown;

export function startPanel(refresh, complain) {
  for (const button of document.querySelectorAll(".tabs button")) {
    button.addEventListener("click", () => {
      shown = button.dataset.tab;
      for (const each of document.querySelectorAll(".tabs button")) {
        each.setAttribute("aria-selected", String(each === button));
        byId(each.dataset.tab).hidden = each !== button;
      }
      refresh();
    });
  }
  const form = byId("fault");
  form.elements.kind.append(...FAULTS.map(([value, says]) => el("option", { value }, says)));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const [kind, code] = form.elements.kind.value.split(":");
    const onPush = PUSH_FAULTS.includes(kind);
    act("faults", {
      kind, code: Number(code || -1), path: onPush ? "" : form.elements.path.value,
      times: Number(form.elements.times.value), seconds: Number(form.elements.seconds.value),
    }).catch(complain);
  });
}

export async function drawLogs() {
  if (shown === "callbacks") {
    const { callbacks } = await see("callbacks", { limit: 40 });
    fill(byId("callbacks"), callbacks, pushEntry, "还没有回调。在手机上说一句话，就会出现在这里。");
  } else if (shown === "calls") {
    const { calls } = await see("calls", { limit: 60 });
    fill(byId("calls"), calls, callEntry, "项目还没有调用过接口。");
  }
}

// Redraw only rows that changed, so that an opened row stays open.
function fill(box, rows, draw, emptyText) {
  const old = new Map([...box.querySelectorAll("details")].map((node) => [node.dataset.key, node]));
  if (!rows.length) return box.replaceChildren(el("p", { class: "empty" }, emptyText));
  box.replaceChildren(...rows.map((row) => {
    const key = `${row.id}:${row.outcome ?? ""}:${(row.tries || []).length}`;
    return old.get(key) || draw(row, key);
  }));
}

function entry(key, at, says, outcome, bad, parts) {
  const node = el("details", { class: "entry", "data-key": key },
    el("summary", {}, el("time", {}, clockText(at, false)), el("span", {}, says), el("em", { class: bad ? "bad" : "" }, outcome)));
  node.addEventListener("toggle", () => {
    if (node.open && node.children.length === 1) {
      node.append(...parts().flatMap(([title, text]) => (text ? [el("h4", {}, title), el("pre", {}, text)] : [])));
    }
  });
  return node;
}

function pushEntry(row, key) {
  const content = /<(?:Content|EventKey|Recognition)><!\[CDATA\[([\s\S]*?)\]\]>/.exec(row.plain);
  const kind = row.kind.replace("event:", "");
  const says = (KINDS[kind] ? `${KINDS[kind]} ${kind}` : kind) + (content && content[1] ? ` · ${content[1].slice(0, 24)}` : "");
  const bad = row.outcome === "fault";
  return entry(key, row.at, says, `${OUTCOMES[row.outcome] || row.outcome} ${row.ms} ms`, bad, () => [
    ["为什么是故障", row.fault], ["回调原文", pretty(row.plain)], ["地址上的参数", row.query], ["实际发出（加密后）", row.sent],
    ["每次投递", (row.tries || []).map((each, i) => `第 ${i + 1} 次：${each.ms} ms ${each.status || ""} ${each.problem}`).join("\n")],
    ["我们的回复（解密后）", pretty(row.reply)], ["回复原文", row.raw],
  ]);
}

function callEntry(row, key) {
  const outcome = row.fault ? `故障 ${row.fault}` : row.errcode === 0 ? `ok ${row.ms.toFixed(1)} ms` : String(row.errcode);
  return entry(key, row.at, `${row.method} ${row.path}`, outcome, row.errcode !== 0 || row.fault, () => [
    ["参数", JSON.stringify(row.query)], ["请求", prettyJson(row.body)], ["回答", prettyJson(row.reply)], ["rid", row.rid], ["来自", row.ip],
  ]);
}

const pretty = (xml) => (xml || "").replace(/(<\/\w+>|<xml>)\s*(?=<)/g, "$1\n");
function prettyJson(text) {
  try { return JSON.stringify(JSON.parse(text), null, 1); } catch { return text; }
}

export function drawFaults(faults, complain) {
  const says = (fault) => FAULTS.find(([value]) => value === (["error", "lost"].includes(fault.kind) ? `${fault.kind}:${fault.code}` : fault.kind))?.[1] || `${fault.kind} ${fault.code}`;
  byId("faults-on").replaceChildren(...faults.map((fault) => el("li", {},
    el("span", {}, `${says(fault)}${fault.path ? ` · ${fault.path}` : ""} · ${fault.times < 0 ? "一直" : `还有 ${fault.times} 次`}`),
    el("button", { onclick: () => act("faults", { remove: fault.id }).catch(complain) }, "撤掉"))));
}

export function drawSettings(state, complain) {
  const box = byId("settings");
  const key = JSON.stringify([state.mode, state.account_type, state.confirm_mass, state.confirming, state.callback, state.total, state.following]);
  if (box.dataset.key === key || box.contains(document.activeElement)) return;
  box.dataset.key = key;
  const set = (wish) => act("settings", wish).catch(complain);
  const result = el("span", { class: "hint" });
  const count = el("input", { type: "number", min: 1, max: 100000, value: 1000, "aria-label": "人数" });
  box.replaceChildren(
    group("回调", el("p", { class: "hint" }, state.callback || "没有设置回调地址"),
      el("div", { class: "row" }, pick(MODES, state.mode, (mode) => set({ mode }), "加密方式"),
        el("button", { onclick: async () => { const { ok, problem } = await act("verify"); result.textContent = ok ? "验证通过" : `没有通过：${problem}`; } }, "验证地址")), result),
    group("公众号", el("div", { class: "row" }, pick([["service", "服务号"], ["subscription", "订阅号"]], state.account_type, (kind) => set({ account_type: kind }), "类型")),
      el("label", { class: "check spaced" }, el("input", { type: "checkbox", checked: state.confirm_mass, onchange: (event) => set({ confirm_mass: event.target.checked }) }), "群发全部用户时要管理员确认")),
    ...state.confirming.map((id) => group("等待管理员确认的群发", el("div", { class: "row" }, el("span", {}, id),
      el("button", { onclick: () => act("mass/confirm", { msg_id: id }).catch(complain) }, "同意"), el("button", { onclick: () => act("mass/confirm", { msg_id: id, accept: false }).catch(complain) }, "拒绝")))),
    group("关注者", el("p", { class: "hint" }, `共 ${state.total} 人，其中 ${state.following} 人已关注。`),
      el("div", { class: "row" }, count, el("button", { onclick: () => act("followers", { count: Number(count.value), following: true, window: true }).catch(complain) }, "添加已关注的人"))),
    group("重来", el("p", { class: "hint" }, "忘掉所有人、对话和记录。项目那一边不受影响。"),
      el("div", { class: "row" }, el("button", { onclick: () => { if (confirm("忘掉沙盒里的一切？")) act("reset").then(() => location.reload()).catch(complain); } }, "清空沙盒"))),
    group("规则", el("button", { onclick: (event) => drawRules(event.target) }, "列出微信的规则和出处")),
  );
}

async function drawRules(button) {
  const { rules } = await see("rules");
  button.replaceWith(el("table", { class: "rules" }, el("tbody", {}, ...rules.map((rule) => el("tr", {},
    el("td", {}, rule.says, el("small", {}, rule.source)), el("td", {}, rule.limit ? rule.limit.toLocaleString("zh-CN") : ""), el("td", {}, rule.errcode ? String(rule.errcode) : ""))))));
}

function group(title, ...children) {
  return el("section", { class: "group" }, el("h3", {}, title), ...children);
}

function pick(options, chosen, change, name) {
  return el("select", { "aria-label": name, onchange: (event) => change(event.target.value) },
    ...options.map(([value, says]) => el("option", { value, selected: value === chosen }, says)));
}
