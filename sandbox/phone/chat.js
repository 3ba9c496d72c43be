// Bubbles and cards. Whatever came over the wire is put in as text.
import { el, safeUrl } from "./api.js";

const VIA = { custom: "客服消息", template: "模板消息", notice: "订阅通知", mass: "群发", preview: "群发预览", passive: "" };
const LABELS = { thing1: "标题", thing2: "主题", time3: "日期" };
const KINDS = { thing: "内容", time: "时间", date: "日期", character_string: "编号", phrase: "状态", name: "姓名", amount: "金额", number: "数量" };
const LINK = /<a\b([^>]*)>([\s\S]*?)<\/a>/gi;

function unescaped(text) {
  const names = { amp: "&", lt: "<", gt: ">", quot: '"', "#39": "'" };
  return text.replace(/&(amp|lt|gt|quot|#39);/g, (_, name) => names[name]);
}

// 文字里的 <a href>：网址变成链接，weixin://bizmsgmenu 变成可点的选项，其余只当文字。
export function richText(text, tap) {
  const parts = [];
  let end = 0;
  for (const found of text.matchAll(LINK)) {
    if (found.index > end) parts.push(text.slice(end, found.index));
    parts.push(linkOf(found[1], found[2], tap));
    end = found.index + found[0].length;
  }
  if (end < text.length) parts.push(text.slice(end));
  return parts;
}

function linkOf(attributes, label, tap) {
  const given = /href\s*=\s*("([^"]*)"|'([^']*)')/i.exec(attributes);
  const href = unescaped(given ? given[2] ?? given[3] : "").trim();
  const words = unescaped(label);
  if (href.startsWith("weixin://bizmsgmenu")) {
    const query = Object.fromEntries(href.split("?").slice(1).join("?").split("&").map((pair) => {
      const at = pair.indexOf("=");
      return [pair.slice(0, at), decoded(pair.slice(at + 1))];
    }));
    return choice(words, query.msgmenucontent || words, query.msgmenuid || "", tap);
  }
  const url = safeUrl(href);
  return url ? el("a", { href: url, target: "_blank", rel: "noopener" }, words) : words;
}

function decoded(text) {
  try { return decodeURIComponent(text); } catch { return text; }
}

function choice(label, content, id, tap) {
  const chosen = (event) => { event.preventDefault(); tap(content, id); };
  return el("a", { href: "#", role: "button", class: "choice", onclick: chosen }, label);
}

const READERS = {
  text: (body, tap) => bubble(...richText(body.content || "", tap)),
  image: (body) => bubble(picture(body.media_id)),
  voice: (body) => {
    const node = bubble(el("span", { class: "voice" }, "语音"));
    if (body.recognition) node.append(el("span", { class: "heard" }, body.recognition));
    return node;
  },
  video: () => bubble("［视频］"),
  shortvideo: () => bubble("［小视频］"),
  music: (body) => bubble(`［音乐］${body.title || ""}`),
  location: (body) => bubble(`［位置］${body.label || ""}\n${body.latitude}，${body.longitude}`),
  link: (body) => bubble(...richText(`${body.title || ""}\n${body.url || ""}`, () => {})),
  news: (body) => el("div", {}, ...(body.articles || []).map(article)),
  msgmenu: (body, tap) => bubble(
    ...richText(body.head_content || "", tap),
    el("div", { class: "list" }, ...(body.list || []).map((each) => choice(each.content, each.content, each.id, tap))),
    ...richText(body.tail_content || "", tap),
  ),
  template: notice,
  notice,
  mpnews: (body) => bubble(`［图文］${body.media_id}`),
  mpnewsarticle: (body) => bubble(`［图文］${body.article_id}`),
  miniprogrampage: (body) => bubble(`［小程序］${body.title || body.pagepath}`),
  transfer_customer_service: () => bubble("［转人工客服］"),
};
const WIDE = ["template", "notice", "news"];

function bubble(...children) {
  return el("div", { class: "bubble" }, ...children);
}

function picture(mediaId) {
  return el("img", { src: `/sandbox/media/${encodeURIComponent(mediaId)}`, alt: "图片", loading: "lazy" });
}

function article(item) {
  const url = safeUrl(item.url);
  const image = safeUrl(item.picurl);
  const parts = [
    image ? el("img", { src: image, alt: "", loading: "lazy", onerror: (event) => event.target.remove() }) : null,
    el("b", {}, item.title || ""), item.description ? el("span", {}, item.description) : null,
  ];
  return url ? el("a", { class: "article", href: url, target: "_blank", rel: "noopener" }, ...parts) : el("div", { class: "article" }, ...parts);
}

function notice(body) {
  const rows = Object.entries(body.values || {}).flatMap(([name, value]) => [el("dt", {}, label(name)), el("dd", {}, value)]);
  const url = safeUrl(body.url);
  return el("div", { class: "notice" }, el("h3", {}, body.title || "通知"), el("dl", {}, ...rows),
    url ? el("a", { class: "open", href: url, target: "_blank", rel: "noopener" }, "查看详情") : null);
}

function label(name) {
  return LABELS[name] || KINDS[name.replace(/\d+$/, "")] || name;
}

// One message of the chat as a node.
export function message(item, faces, tap) {
  if (item.way === "note") return el("p", { class: "note" }, item.body.content || "");
  if (item.kind === "fault") return el("p", { class: "note fault" }, item.body.content);
  const read = READERS[item.kind] || (() => bubble(`［${item.kind}］`));
  const classes = `msg ${item.way}${WIDE.includes(item.kind) ? " wide" : ""}`;
  const via = item.way === "out" ? VIA[item.via] : "";
  return el("div", { class: classes, "data-id": item.id, "data-via": item.via },
    el("span", { class: "face", "aria-hidden": "true" }, item.way === "in" ? faces.mine : faces.theirs),
    el("div", {}, read(item.body, tap), via ? el("small", { class: "via" }, via) : null));
}

export function clockText(seconds, withDay = true) {
  const moment = new Date(seconds * 1000);
  const time = moment.toLocaleTimeString("zh-CN", { timeZone: "Asia/Shanghai", hour: "2-digit", minute: "2-digit", second: withDay ? undefined : "2-digit", hour12: false });
  if (!withDay) return time;
  return `${moment.toLocaleDateString("zh-CN", { timeZone: "Asia/Shanghai", month: "long", day: "numeric", weekday: "short" })} ${time}`;
}
