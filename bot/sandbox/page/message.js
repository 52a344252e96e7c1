// One message, or one album, as a bubble.

import { h, icon, iconButton } from "./dom.js";
import { mapCard } from "./map.js";
import { beginning, link, richText } from "./text.js";
import { clockTime, sizeText, wordsFor } from "./words.js";

const COLOURS = 7;
const A_LINE = 32; // characters: as much as a phone shows in one line, so that no word is cut in two

export function colourOf(id) {
  return `tone-${Math.abs(id) % COLOURS}`;
}

// `view`: {messages (one, or an album's), person, chat, first, last, nameOf, on}
export function messageElement(view) {
  const { messages, person } = view;
  const message = messages[0];
  const words = wordsFor(person);
  if (message.service) return serviceElement(message, words);
  const own = message.sender === person.id;
  const element = h("article", {
    class: ["message", own ? "own" : "theirs", view.first && "first", view.last && "last", bare(message) && "bare", message.buttons.length && "with-keys"].filter(Boolean).join(" "),
    "data-testid": "message", "data-message-id": message.id, "data-own": String(own), tabindex: "-1",
    "aria-label": `${own ? words.you : view.nameOf(message)}${words.comma} ${clockTime(message.date)}`,
  });
  const row = h("div", { class: "bubble-row" }, bubble(view, own, words), actions(view, words));
  row.addEventListener("dblclick", (event) => event.target.closest("a, button") || view.on.reply(message));
  element.append(row);
  if (message.buttons.length) element.append(inlineKeyboard(message, view.on));
  if (message.reactions.length) element.append(h("p", { class: "reactions" }, message.reactions.join(" ")));
  return element;
}

function bare(message) {
  return message.media?.kind === "sticker";
}

function bubble(view, own, words) {
  const { messages, chat } = view;
  const message = messages[0];
  const captioned = messages.find((one) => one.text) ?? message;
  const parts = [];
  if (chat.group && !own && view.first) parts.push(h("p", { class: `sender ${colourOf(message.sender)}`, dir: "auto" }, view.nameOf(message)));
  else parts.push(h("p", { class: "unseen", dir: "auto" }, `${own ? words.you : view.nameOf(message)}:`)); // the live log is read without labels
  if (message.forwarded) {
    parts.push(h("p", { class: "forwarded", dir: "auto" }, `${words.forwardedFrom} `, h("bdi", {}, message.forwarded)));
  }
  if (message.receiver) parts.push(h("p", { class: "to-one", "data-testid": "to-one" }, icon("eye"), words.onlyYou));
  if (message.quote) parts.push(quote(message.quote, view));
  if (chat.forum && chat.topics[message.topic]) parts.push(h("p", { class: "topic", dir: "auto" }, `# ${chat.topics[message.topic]}`));
  const media = messages.length > 1 ? album(messages, words) : message.media && mediaElement(message.media, words);
  if (media) parts.push(media);
  if (message.place) parts.push(place(message.place, words));
  if (message.contact) parts.push(contact(message.contact));
  const body = h("div", { class: "body" });
  if (captioned.text) body.append(richText(captioned.text, captioned.entities, view.on));
  body.append(meta(message, words));
  const framed = media && !["document", "voice"].includes(message.media?.kind);
  const classes = ["bubble", framed && "with-media", framed && !captioned.text && "over-media"];
  return h("div", { class: classes.filter(Boolean).join(" ") }, ...parts, body);
}

function meta(message, words) {
  return h("span", { class: "meta" }, message.edited ? h("span", { class: "edited" }, words.edited) : null,
    h("time", { datetime: new Date(message.date * 1000).toISOString() }, clockTime(message.date)));
}

function actions(view, words) {
  const message = view.messages[0];
  return h("div", { class: "message-tools" },
    iconButton("reply", words.reply, () => view.on.reply(message), { class: "icon-button message-reply", "data-testid": "message-reply" }),
    iconButton("more", words.actions, (event) => view.on.actions(message, event.currentTarget), {
      class: "icon-button message-actions", "data-testid": "message-actions", "aria-haspopup": "menu",
    }));
}

function quote(original, view) {
  return h("button", { type: "button", class: "quote", onclick: () => view.on.jump(original.id) },
    h("span", { class: "quote-name", dir: "auto" }, original.by_bot ? view.botName : original.sender),
    h("span", { class: "quote-text", dir: "auto" }, original.text ? beginning(original.text, A_LINE) : "…"));
}

function mediaElement(media, words) {
  const url = `/phones/media/${media.file}`;
  switch (media.kind) {
    case "photo":
      return photo(media, words);
    case "sticker":
      return h("img", { class: "sticker", src: url, alt: words.sticker });
    case "voice":
      return voice(media, url, words);
    case "video":
      return h("div", { class: "video" }, icon("play"));
    default:
      return h("a", { class: "document", href: url, download: media.name || "file", "aria-label": `${words.download}: ${media.name}` },
        h("span", { class: "document-icon" }, icon("download")),
        h("span", { class: "document-words" },
          h("span", { class: "document-name", dir: "auto" }, media.name || words.document),
          h("span", { class: "document-size" }, h("bdi", {}, `${sizeText(media.size)} · ${extension(media.name)}`))));
  }
}

function extension(name) {
  return name.includes(".") ? name.split(".").at(-1).toUpperCase() : "BIN";
}

function photo(media, words) {
  const url = `/phones/media/${media.file}`;
  return h("a", { class: "photo", href: url, target: "_blank", rel: "noopener", "aria-label": words.openPhoto },
    h("img", { src: url, alt: words.photo, width: media.width, height: media.height, loading: "lazy" }));
}

function album(messages, words) {
  return h("div", { class: `album album-${Math.min(messages.length, 4)}` }, messages.map((one) => mediaElement(one.media, words)));
}

function voice(media, url, words) {
  const audio = h("audio", { src: url, preload: "none" });
  const seed = [...media.file.slice(-28)].map((letter) => letter.charCodeAt(0));
  const bars = seed.map((code) => { const bar = h("i", {}); bar.style.height = `${20 + (code * 37) % 80}%`; return bar; });
  return h("div", { class: "voice" },
    h("button", { type: "button", class: "voice-play", "aria-label": words.play, onclick: () => audio.play().catch(() => {}) }, icon("play")),
    h("span", { class: "voice-wave", "aria-hidden": "true" }, bars),
    h("span", { class: "voice-length" }, `0:${String(media.duration).padStart(2, "0")}`), audio);
}

function place(spot, words) {
  const coordinates = `${spot.latitude.toFixed(4)}, ${spot.longitude.toFixed(4)}`;
  return h("div", { class: "place" }, mapCard(spot, `${words.map}: ${coordinates}`),
    h("div", { class: "place-words" },
      spot.title ? h("strong", { dir: "auto" }, spot.title) : null,
      spot.address ? h("span", { dir: "auto" }, spot.address) : null,
      h("bdi", { class: "coordinates" }, coordinates)));
}

function contact(card) {
  return h("div", { class: "contact-card" }, h("span", { class: "avatar tone-2", "aria-hidden": "true" }, card.name.slice(0, 1)),
    h("span", { class: "contact-words" }, h("strong", { dir: "auto" }, card.name), h("bdi", { dir: "ltr" }, card.phone.startsWith("+") ? card.phone : `+${card.phone}`)));
}

function inlineKeyboard(message, on) {
  const rows = message.buttons.map((row) => h("div", { class: "keys-row" }, row.map((button) => inlineButton(message, button, on))));
  return h("div", { class: "keys", dir: "ltr" }, rows);
}

function inlineButton(message, button, on) {
  const label = h("span", { dir: "auto" }, button.text);
  const look = button.style ? `key key-${button.style}` : "key";
  const props = { class: look, "data-testid": "inline-button" };
  if (button.url) return link(button.url, on, { ...props, class: `${look} key-link` }, label, icon("link"));
  if (button.copy_text) {
    const copied = button.copy_text.text;
    return h("button", { ...props, class: `${look} key-link`, type: "button", "data-copies": copied, onclick: () => on.copy(copied) }, label, icon("copy"));
  }
  if (button.web_app) return h("a", { ...props, class: `${look} key-link`, href: on.app(button.web_app.url), target: "_blank", rel: "noopener" }, label, icon("link"));
  const element = h("button", { ...props, type: "button", "data-callback": button.callback_data }, label);
  element.addEventListener("click", () => on.tap(message, button, element));
  return element;
}

function serviceElement(message, words) {
  const who = message.service_names.join("، ");
  const text = {
    new_chat_members: () => words.joined(who), left_chat_member: () => words.left(who), forum_topic_created: () => words.topic(who),
    migrate_to_chat_id: () => words.upgraded, migrate_from_chat_id: () => words.upgraded,
  }[message.service]();
  return h("p", { class: "service", "data-testid": "message", "data-message-id": message.id, tabindex: "-1", dir: "auto" }, text);
}

export function snippet(message, person, words) {
  if (message.text) return beginning(message.text, A_LINE);
  if (message.media) return words[message.media.kind] ?? words.document;
  if (message.place) return words.location;
  return message.contact ? words.contact : "";
}

