// What hides behind the plus: voice, picture, place, and the consent to notices.
import { act, byId, el } from "./api.js";

export function startExtras({ who, templates, complain }) {
  const box = byId("extras");
  byId("more").addEventListener("click", () => {
    box.hidden = !box.hidden;
    byId("more").setAttribute("aria-expanded", String(!box.hidden));
  });
  const open = {
    voice: () => ask("语音", [["recognition", "微信听成了什么", "代理记账要什么材料"]], (given) => act("voice", { openid: who(), wait: false, ...given })),
    location: () => ask("位置", [["label", "地点", "临沂市兰山区北京路"], ["latitude", "纬度", "35.0653"], ["longitude", "经度", "118.3466"]],
      (given) => act("location", { openid: who(), wait: false, label: given.label, latitude: Number(given.latitude), longitude: Number(given.longitude) })),
    image: () => byId("picture").click(),
    consent: () => consent(),
  };
  box.addEventListener("click", (event) => {
    const wish = open[event.target.dataset.extra];
    if (wish) wish();
    box.hidden = true;
  });
  byId("picture").addEventListener("change", (event) => {
    const file = event.target.files[0];
    if (!file) return;
    const reader = new FileReader();
    reader.onload = () => act("image", { openid: who(), wait: false, content_type: file.type, data: reader.result.split(",")[1] || "" }).catch(complain);
    reader.readAsDataURL(file);
    event.target.value = "";
  });

  function ask(title, fields, send) {
    dialog(title, fields.map(([name, label, value]) => el("label", { class: "field" }, label, el("input", { name, value, required: true, autocomplete: "off" }))),
      "发送", (form) => send(Object.fromEntries(fields.map(([name]) => [name, form.elements[name].value]))));
  }

  function consent() {
    const list = templates();
    const choices = list.map((each) => el("label", { class: "check" }, el("input", { type: "checkbox", name: each.id, checked: true }), `${each.title}（${each.kind === "long" ? "长期" : "一次"}）`));
    dialog("公众号申请向你发送以下通知", choices, "允许", async (form) => {
      const taken = list.filter((each) => form.elements[each.id].checked).map((each) => ({ template_id: each.id }));
      if (taken.length) await act("consent", { openid: who(), choices: taken, wait: false });
    }, "拒绝", () => act("consent", { openid: who(), choices: list.map((each) => ({ template_id: each.id, accept: false })), wait: false }));
  }

  function dialog(title, fields, yes, done, no = "取消", refused = () => {}) {
    const form = byId("ask").querySelector("form");
    const fresh = el("form", { method: "dialog", class: "ask" }, el("h2", {}, title), ...fields,
      el("div", { class: "row" }, el("button", { value: "no", formnovalidate: true }, no), el("button", { value: "yes", class: "green" }, yes)));
    form.replaceWith(fresh);
    fresh.addEventListener("submit", (event) => {
      const act = event.submitter?.value === "yes" ? done : refused;
      Promise.resolve(act(fresh)).catch(complain);
    });
    byId("ask").showModal();
  }
}
