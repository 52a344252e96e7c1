// Text with entities, to elements. Offsets are UTF-16 units, which is what JavaScript's strings count in.

import { h } from "./dom.js";
import { fullTime } from "./words.js";

const TAGS = {
  bold: "strong", italic: "em", underline: "u", strikethrough: "s", code: "code", pre: "pre",
};

// `on` has `command(text)` and `link(url)`; link returns true where it took care of the link itself.
export function richText(text, entities, on) {
  const root = h("div", { class: "text", dir: "auto" });
  const sorted = [...entities].sort((a, b) => a.offset - b.offset || b.length - a.length);
  fill(root, text, 0, text.length, sorted, on);
  return root;
}

function fill(parent, text, start, end, entities, on) {
  let at = start;
  let next = 0;
  while (next < entities.length) {
    const entity = entities[next];
    const inside = [];
    next += 1;
    const stop = Math.min(entity.offset + entity.length, end);
    if (entity.offset < at || stop <= entity.offset) continue;
    while (next < entities.length && entities[next].offset < stop) {
      inside.push(entities[next]);
      next += 1;
    }
    parent.append(text.slice(at, entity.offset));
    const element = elementFor(entity, text.slice(entity.offset, stop), on);
    fill(element, text, entity.offset, stop, inside, on);
    parent.append(element);
    at = stop;
  }
  parent.append(text.slice(at, end));
}

function elementFor(entity, words, on) {
  switch (entity.type) {
    case "text_link":
      return link(entity.url, on);
    case "url":
      return link(/^[a-z]+:/i.test(words) ? words : `http://${words}`, on);
    case "email":
      return h("a", { href: `mailto:${words}` });
    case "phone_number":
      return h("a", { href: `tel:${words}` });
    case "bot_command":
      return h("a", { href: "#", class: "command", onclick: (event) => { event.preventDefault(); on.command(words); } });
    case "spoiler": {
      const element = h("span", { class: "spoiler", role: "button", tabindex: "0", "aria-label": "Spoiler" });
      const show = () => { element.classList.add("shown"); element.removeAttribute("aria-label"); };
      element.addEventListener("click", show);
      element.addEventListener("keydown", (event) => event.key === "Enter" && show());
      return element;
    }
    case "date_time":
      return h("time", { class: "moment", datetime: new Date(entity.unix_time * 1000).toISOString(), title: fullTime(entity.unix_time, "en") });
    case "mention":
    case "text_mention":
    case "hashtag":
      return h("span", { class: "mention" });
    case "blockquote":
    case "expandable_blockquote":
      return h("blockquote", { dir: "auto" });
    default:
      return h(TAGS[entity.type] ?? "span");
  }
}

// The beginning of a text on one line, which ends between two words.
export function beginning(text, limit) {
  const line = text.replace(/\s+/g, " ").trim();
  if (line.length <= limit) return line;
  const gap = line.lastIndexOf(" ", limit - 1);
  const cut = line.slice(0, gap > 0 ? gap : limit - 1); // a word longer than the line is cut after all
  return `${cut.replace(/[\uD800-\uDBFF]$/, "").replace(/[\s,،.:;؛·–-]+$/, "")}…`;
}

export function safeUrl(url) {
  return /^(https?|tg|mailto|tel):/i.test(url) ? url : "about:blank";
}

export function link(url, on, props = {}, ...children) {
  return h("a", {
    href: safeUrl(url), target: "_blank", rel: "noopener noreferrer", ...props,
    onclick: (event) => { if (on.link(url)) event.preventDefault(); },
  }, ...children);
}
