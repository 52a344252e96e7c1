// What slides up over a chat: attachments, the location picker, confirmations, menus.

import { h, icon, iconButton } from "./dom.js";
import { mapCard } from "./map.js";
import { languageOf, PLACES, wordsFor } from "./words.js";

const SCENES = ["bin", "pothole", "flood", "tree"];

// Shows `content` over the phone's screen until it is closed; gives the focus back afterwards.
export function openSheet(screen, title, content, words, props = {}) {
  const before = document.activeElement;
  const layer = h("div", { class: "layer" });
  const close = () => {
    layer.remove();
    if (before?.isConnected) before.focus();
  };
  const sheet = h("div", { class: "sheet", role: "dialog", "aria-modal": "true", "aria-label": title, tabindex: "-1", ...props },
    h("header", { class: "sheet-head" }, h("h3", { dir: "auto" }, title), iconButton("close", words.close, close)), content(close));
  layer.append(h("button", { type: "button", class: "scrim", tabindex: "-1", "aria-hidden": "true", onclick: close }), sheet);
  layer.addEventListener("keydown", (event) => {
    if (event.key === "Escape") close();
    if (event.key === "Tab") keepInside(sheet, event);
  });
  screen.append(layer);
  (sheet.querySelector("[data-first]") ?? sheet.querySelector("button:not([aria-label]), input") ?? sheet).focus();
  return close;
}

function keepInside(sheet, event) {
  const stops = [...sheet.querySelectorAll("button, input, a[href], select, label[tabindex]")].filter((one) => !one.disabled && one.offsetParent);
  const [first, last] = [stops[0], stops.at(-1)];
  if (event.shiftKey && document.activeElement === first) { event.preventDefault(); last.focus(); }
  if (!event.shiftKey && document.activeElement === last) { event.preventDefault(); first.focus(); }
}

export function attachSheet(screen, phone) {
  const words = wordsFor(phone.person);
  const tile = (name, run) => h("button", { type: "button", class: `tile tile-${name}`, onclick: run, "data-testid": `attach-${name}` },
    h("span", { class: "tile-icon" }, icon(name)), h("span", {}, words[name]));
  openSheet(screen, words.attach, (close) => {
    const then = (run) => () => { close(); run(); };
    const sample = (what) => then(() => phone.send("sample", { what }));
    const document = fileInput(words.document, "", false, (files) => { close(); phone.upload("document", files, ""); });
    return h("div", { class: "tiles" },
      tile("photo", then(() => photoSheet(screen, phone, "photo"))), tile("album", then(() => photoSheet(screen, phone, "album"))),
      tile("voice", sample("voice")), tile("document", () => document.click()), tile("sticker", sample("sticker")),
      tile("location", then(() => locationSheet(screen, phone))), tile("contact", then(() => contactSheet(screen, phone))),
      h("button", { type: "button", class: "tile tile-sample", onclick: sample("document"), "data-testid": "attach-sample-document" },
        h("span", { class: "tile-icon" }, icon("download")), h("span", {}, "sample.pdf")), document);
  }, words);
}

function fileInput(label, accept, multiple, onfiles) {
  const input = h("input", { type: "file", class: "hidden", accept, multiple, "aria-label": label, tabindex: "-1" });
  input.addEventListener("change", () => input.files.length && onfiles(input.files));
  return input;
}

function photoSheet(screen, phone, what) {
  const words = wordsFor(phone.person);
  const many = what === "album";
  openSheet(screen, many ? words.album : words.photoFrom, (close) => {
    const caption = h("input", { class: "field", placeholder: words.caption, "aria-label": words.caption, dir: "auto", maxlength: "1024" });
    const choose = fileInput(words.photo, "image/*", many, (files) => { close(); phone.upload("photo", files, caption.value); });
    const scene = (name) => h("button", {
      type: "button", class: "scene", "data-testid": `sample-${name}`,
      onclick: () => { close(); phone.send("sample", { what, scene: name, caption: caption.value }); },
    }, h("img", { src: `/phones/samples/${name}.jpg`, alt: "" }), h("span", {}, words[name]));
    return h("div", { class: "sheet-body" }, caption,
      h("button", { type: "button", class: "wide", onclick: () => choose.click() }, icon("photo"), many ? words.chooseFiles : words.chooseFile), choose,
      h("p", { class: "hint" }, many ? words.sampleAlbum : words.samplePhotos), h("div", { class: "scenes" }, SCENES.map(scene)));
  }, words);
}

export function locationSheet(screen, phone) {
  const words = wordsFor(phone.person);
  const language = languageOf(phone.person);
  openSheet(screen, words.shareLocation, (close) => {
    const preview = h("div", { class: "preview" });
    const number = (label, value, limit) => h("input", {
      class: "field", type: "number", step: "0.0001", min: -limit, max: limit, value, "aria-label": label, required: true, dir: "ltr", oninput: () => draw(),
    });
    const latitude = number(words.latitude, PLACES[0].at[0], 90);
    const longitude = number(words.longitude, PLACES[0].at[1], 180);
    const point = () => ({ latitude: Number(latitude.value), longitude: Number(longitude.value) });
    const draw = () => preview.replaceChildren(mapCard(point(), words.map));
    const chips = PLACES.map((place) => h("button", {
      type: "button", class: "chip", "aria-pressed": String(place === PLACES[0]), "data-testid": "place",
      onclick: (event) => {
        [latitude.value, longitude.value] = place.at;
        for (const chip of chips) chip.setAttribute("aria-pressed", String(chip === event.currentTarget));
        draw();
      },
    }, place[language]));
    const send = h("button", {
      type: "button", class: "wide primary", "data-testid": "send-location",
      onclick: () => { if (latitude.reportValidity() && longitude.reportValidity()) { close(); phone.send("location", point()); } },
    }, icon("location"), words.shareThis);
    draw();
    return h("div", { class: "sheet-body" }, preview, h("div", { class: "chips" }, chips),
      h("div", { class: "pair" }, h("label", {}, words.latitude, latitude), h("label", {}, words.longitude, longitude)), send);
  }, words);
}

export function contactSheet(screen, phone) {
  const words = wordsFor(phone.person);
  openSheet(screen, words.shareContact, (close) => h("div", { class: "sheet-body" },
    h("p", { class: "sheet-text", dir: "auto" }, words.shareContactText(phone.person.phone)),
    h("div", { class: "choices" },
      h("button", { type: "button", class: "wide", onclick: close }, words.cancel),
      h("button", { type: "button", class: "wide primary", "data-first": true, "data-testid": "share-contact", onclick: () => { close(); phone.send("contact"); } }, words.share))), words);
}

export function forwardSheet(screen, phone, message) {
  const words = wordsFor(phone.person);
  openSheet(screen, words.forwardTo, (close) => h("div", { class: "sheet-body list" },
    phone.store.chatsOf(phone.person).map((chat) => h("button", {
      type: "button", class: "wide", onclick: () => { close(); phone.forward(message, chat.id); },
    }, h("span", { dir: "auto" }, phone.store.title(chat, languageOf(phone.person)))))), words);
}

export async function commandSheet(screen, phone) {
  const words = wordsFor(phone.person);
  const commands = await phone.store.commands(phone.person, phone.chatId);
  openSheet(screen, words.commands, (close) => h("div", { class: "sheet-body commands" },
    commands.length ? commands.map((one) => h("button", {
      type: "button", class: "command-row", "data-testid": "command", onclick: () => { close(); phone.send("say", { text: `/${one.command}` }); },
    }, h("span", { dir: "auto" }, one.description), h("bdi", { dir: "ltr" }, `/${one.command}`))) : h("p", { class: "sheet-text" }, words.noCommands)), words);
}

// Who is in the group; its administrators add and remove people.
export function membersSheet(screen, phone) {
  const words = wordsFor(phone.person);
  const runs = phone.person.runs.includes(phone.chatId);
  const everybody = [...phone.store.people.values()];
  const row = (one, label, act) => h("div", { class: "member" },
    h("span", { class: "member-words" }, h("bdi", {}, one.name), one.runs.includes(phone.chatId) ? h("small", {}, words.administrator) : null),
    label ? h("button", { type: "button", class: "chip", "data-testid": `${act}-${one.id}`, onclick: () => phone.act(act, { member: one.id }) }, label) : null);
  const inside = everybody.filter((one) => one.groups.includes(phone.chatId));
  const outside = everybody.filter((one) => !one.groups.includes(phone.chatId));
  openSheet(screen, words.people, () => h("div", { class: "sheet-body list" },
    inside.map((one) => row(one, runs && one.id !== phone.personId ? words.remove : null, "remove")),
    runs && outside.length ? [h("p", { class: "hint" }, words.notMembers), outside.map((one) => row(one, words.add, "add"))] : null), words);
}

export function topicSheet(screen, phone) {
  const words = wordsFor(phone.person);
  openSheet(screen, words.openTopic, (close) => {
    const field = h("input", { class: "field", placeholder: words.topicName, "aria-label": words.topicName, dir: "auto", maxlength: "128", required: true, "data-testid": "topic-name" });
    const open = () => { if (field.reportValidity()) { close(); phone.act("open_topic", { name: field.value }); } };
    return h("div", { class: "sheet-body" }, field, h("button", { type: "button", class: "wide primary", "data-testid": "open-topic", onclick: open }, words.openTopic));
  }, words);
}

export function alertSheet(screen, text, words) {
  openSheet(screen, text, (close) => h("div", { class: "sheet-body" },
    h("button", { type: "button", class: "wide primary", "data-first": true, onclick: close }, words.ok)), words,
  { role: "alertdialog", class: "sheet alert", "data-testid": "alert" });
}

// A small menu beside `anchor`. `entries`: [icon, label, run].
// `reactions`: [{text, chosen, label, run}], which stand in a row above the entries.
export function openMenu(screen, anchor, label, entries, reactions = []) {
  const layer = h("div", { class: "layer menu-layer" });
  const close = () => { layer.remove(); if (anchor.isConnected) anchor.focus(); };
  const items = entries.map(([name, text, run]) => h("button", { type: "button", role: "menuitem", onclick: () => { close(); run(); } }, icon(name), h("span", {}, text)));
  const row = reactions.map((one) => h("button", {
    type: "button", role: "menuitemcheckbox", "aria-checked": String(one.chosen), "aria-label": one.label, class: "reaction",
    "data-testid": "react", onclick: () => { close(); one.run(); },
  }, one.text));
  items.unshift(...row);
  const menu = h("div", { class: "menu", role: "menu", "aria-label": label },
    row.length ? h("div", { class: "menu-reactions" }, row) : null, items.slice(row.length));
  layer.append(h("button", { type: "button", class: "scrim clear", tabindex: "-1", "aria-hidden": "true", onclick: close }), menu);
  layer.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) { event.preventDefault(); items[(items.indexOf(document.activeElement) + step + items.length) % items.length].focus(); }
    if (event.key === "Escape" || event.key === "Tab") { event.preventDefault(); close(); }
  });
  screen.append(layer);
  const [box, spot, size] = [screen.getBoundingClientRect(), anchor.getBoundingClientRect(), menu.getBoundingClientRect()];
  menu.style.top = `${Math.max(8, Math.min(spot.bottom - box.top + 4, box.height - size.height - 10))}px`;
  menu.style.left = `${Math.max(8, Math.min(spot.left - box.left, box.width - size.width - 10))}px`;
  items[row.length].focus();
}
