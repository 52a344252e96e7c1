// A phone: whoever holds it, their chats, and the chat that is open.

import { h, icon, iconButton } from "./dom.js";
import { keepingFocus } from "./focus.js";
import { colourOf, messageElement, snippet } from "./message.js";
import { alertSheet, attachSheet, commandSheet, contactSheet, forwardSheet, locationSheet, membersSheet, openMenu, topicSheet } from "./sheets.js";
import { clockTime, dayKey, dayName, languageOf, wordsFor } from "./words.js";

const TYPING_MS = 5000;
const TOAST_MS = 3500;
const BESIDE = 40; // pixels above a message that is shown from its beginning: room for the line of its day
const REACTIONS = ["👍", "❤", "🙏", "👎", "😡", "😢"]; // as `bot/sandbox/acts.py` has them

export class Phone {
  #drafts = new Map(); // chat id: text
  #rows = new Map(); // key of a message or album: {signature, element}
  #typing = 0;
  #keyboardHidden = new Set();
  #forced = new Set(); // "person:chat:message" of replies that opened by themselves: once each
  #waiting = null; // the inline button that waits for an answer
  #topics = new Map(); // group id: the topic looked at, null for all of them
  #following = true; // whether the newest message stays in view, whatever becomes of the room for it
  #room = new ResizeObserver(() => this.#following && this.#toEnd());

  constructor(store, personId, { chat = null, payload = null, onHolder } = {}) {
    this.store = store;
    this.personId = personId;
    this.chatId = chat;
    this.payload = payload;
    this.replyTo = null;
    this.editing = null;
    this.onHolder = onHolder;
    this.element = h("section", { class: "seat" });
    store.addEventListener("all", () => this.draw());
    store.addEventListener("chat", ({ detail }) => this.#chatChanged(detail));
    store.addEventListener("answer", ({ detail }) => this.#answered(detail));
    store.addEventListener("acting", ({ detail }) => this.#acting(detail));
    store.addEventListener("time", () => this.#timeMoved());
  }

  get person() { return this.store.people.get(this.personId); }
  get words() { return wordsFor(this.person); }
  get language() { return languageOf(this.person); }
  get chat() { return this.chatId === null ? null : this.store.chats.get(this.chatId); }
  get topic() { return this.chat?.forum ? this.#topics.get(this.chatId) ?? null : null; }

  // ---------------------------------------------------------------- doing

  act(act, more = {}) { return this.#try(this.store.act(this.person, this.chatId ?? this.personId, act, more)); }
  // Something new in the open chat, where and in reply to what the composer says.
  send(act, more = {}) { return this.#sent(this.act(act, { ...this.#place(), ...more })); }
  upload(kind, files, caption) { return this.#sent(this.#try(this.store.upload(this.person, this.chatId, kind, files, caption, this.#place()))); }
  forward(message, to) { return this.#try(this.store.act(this.person, to, "forward", { source: this.chatId, message: message.id })); }

  #place() {
    return { topic: this.replyTo?.topic || this.topic || 0, reply_to: this.replyTo?.id ?? null };
  }

  // Closes the reply that something was sent in; one begun while it was on its way stays open.
  async #sent(doing) {
    const reply = this.replyTo;
    const done = await doing;
    if (done && reply && this.replyTo === reply) { this.replyTo = null; this.#redrawFoot(); }
    return done;
  }

  async #try(doing) {
    try { await doing; return true; } catch (error) { this.toast(error.message); return false; }
  }

  // Somebody else takes the phone; a group they are in as well stays open.
  hold(personId) {
    this.#keepDraft();
    this.personId = personId;
    this.open(this.person.groups.includes(this.chatId) ? this.chatId : null);
  }

  open(chatId, payload = null) {
    this.#keepDraft();
    Object.assign(this, { chatId, payload, replyTo: null, editing: null });
    this.draw();
    this.onHolder?.();
    this.screen.querySelector(chatId === null ? ".chat-row" : "[data-testid=composer], [data-testid=start]")?.focus({ preventScroll: true });
  }

  // Show somebody's chat, and leave the focus where it is.
  present(personId, chatId) {
    if (this.personId === personId && this.chatId === chatId) return;
    this.#keepDraft();
    Object.assign(this, { personId, chatId, payload: null, replyTo: null, editing: null });
    this.draw();
    this.onHolder?.();
  }

  // Do something as whoever has the phone. Raises what the server refused.
  async does(act, more) {
    this.#following = true; // whoever watches wants to see the answer
    const done = this.store.act(this.person, this.chatId, act, more);
    await this.#sent(done.then(() => true));
  }

  // Show a message from its beginning.
  reveal(messageId) {
    const box = this.screen.querySelector(".messages");
    const message = box?.querySelector(`[data-message-id="${messageId}"]`);
    if (!message) return;
    this.#following = false;
    box.scrollTop += message.getBoundingClientRect().top - box.getBoundingClientRect().top - BESIDE;
  }

  // Show which button of a message is about to be pressed.
  point(messageId, callback) {
    const message = this.screen.querySelector(`[data-message-id="${messageId}"]`);
    const key = [...message?.querySelectorAll("[data-callback]") ?? []].find((one) => one.dataset.callback === callback);
    (key ?? message)?.scrollIntoView({ block: "nearest" });
    key?.classList.add("pointed");
    setTimeout(() => key?.classList.remove("pointed"), TOAST_MS);
  }

  #keepDraft() {
    const field = this.screen?.querySelector("[data-testid=composer]");
    if (field && this.chatId !== null && !this.editing) this.#drafts.set(`${this.personId}:${this.chatId}`, field.value);
  }

  // ---------------------------------------------------------------- drawing

  draw() {
    if (this.person) keepingFocus(this.element, () => this.#drawAll());
  }

  #drawAll() {
    const typing = this.#isTyping();
    this.#keepDraft();
    if (this.chat?.group && !this.person.groups.includes(this.chatId)) this.chatId = null; // left, or was removed
    this.#rows.clear();
    this.screen = h("div", { class: "screen", dir: this.language === "ar" ? "rtl" : "ltr", lang: this.language });
    this.screen.append(this.#statusBar(), ...(this.chat ? this.#chatParts() : this.#listParts()));
    const body = h("div", { class: "phone", role: "region", "aria-label": `Phone: ${this.person.name}`, "data-testid": `phone-${this.personId}` }, this.screen);
    this.element.replaceChildren(this.#holder(), body);
    this.#openForcedReply();
    this.#room.disconnect();
    if (this.chat) { this.#drawMessages(); this.#drawFoot(); this.#toEnd(); this.#follow(); }
    if (typing) this.#focusComposer();
  }

  #holder() {
    const select = h("select", { "aria-label": "Who holds this phone", "data-testid": "holder", onchange: (event) => this.onHolder(Number(event.target.value)) },
      [...this.store.people.values()].map((one) => h("option", { value: one.id, selected: one.id === this.personId }, `${one.name} (${this.store.role(one).split(" · ")[0]})`)));
    return h("label", { class: "holder" }, this.#avatar(this.person.first_name, this.personId),
      h("span", { class: "holder-words" }, h("strong", {}, h("bdi", {}, this.person.name)), h("small", {}, this.store.role(this.person))),
      h("span", { class: "holder-caret", "aria-hidden": "true" }), select);
  }

  #avatar(name, id, group = false) {
    if (id === "bot") return h("img", { class: "avatar", src: "/page/emblem.svg", alt: "" });
    return h("span", { class: `avatar ${colourOf(id)}`, "aria-hidden": "true" }, group ? icon("group") : name.slice(0, 1));
  }

  #statusBar() {
    return h("div", { class: "status-bar", dir: "ltr", "aria-hidden": "true" }, h("span", { class: "status-clock" }, clockTime(this.store.now())),
      h("span", { class: "status-icons" }, icon("signal"), icon("battery")));
  }

  #timeMoved() {
    const clock = this.screen?.querySelector(".status-clock");
    if (clock) clock.textContent = clockTime(this.store.now());
    if (this.screen?.querySelector(".messages-in")) this.#drawMessages(); // what was said today becomes yesterday's
  }

  // ---------------------------------------------------------------- list of chats

  #listParts() {
    const chats = this.store.chatsOf(this.person)
      .map((chat, order) => ({ chat, last: this.store.last(chat.id, this.person), order }))
      .sort((a, b) => (b.last?.date ?? 0) - (a.last?.date ?? 0) || a.order - b.order);
    return [
      h("header", { class: "bar list-bar" }, h("h2", {}, this.words.chats), this.#languageButton()),
      h("div", { class: "chat-list", role: "list", "aria-label": this.words.chats }, chats.map(({ chat, last }) => this.#chatRow(chat, last))),
    ];
  }

  #languageButton() {
    const other = this.language === "ar" ? "en" : "ar";
    return h("button", { type: "button", class: "language", "aria-label": this.words.switchLanguage, "data-testid": "language", onclick: () => this.act("language", { language: other }) },
      icon("language"), this.words.language);
  }

  #chatRow(chat, last) {
    const title = this.store.title(chat, this.language);
    const unread = this.store.unread(chat, this.person);
    const who = last && chat.group ? [h("bdi", {}, last.sender === this.personId ? this.words.you : this.#nameOf(last)), ": "] : null;
    return h("div", { role: "listitem" }, h("button", { type: "button", class: "chat-row", "data-testid": "chat-row", "data-chat": chat.id, onclick: () => this.open(chat.id) },
      this.#avatar(title, chat.group ? chat.id : "bot", chat.group),
      h("span", { class: "chat-row-words" }, h("strong", {}, h("bdi", {}, title)),
        h("span", { class: "chat-row-last" }, who, h("bdi", {}, last ? snippet(last, this.person, this.words) : this.words.nothing))),
      h("span", { class: "chat-row-side" }, last ? h("time", {}, clockTime(last.date)) : null,
        unread ? h("span", { class: "badge", "aria-label": this.words.unread(unread) }, String(unread)) : null)));
  }

  #nameOf(message) {
    return message.sender === this.store.bot.id ? this.store.title({ group: false }, this.language) : message.name;
  }

  // ---------------------------------------------------------------- an open chat

  #chatParts() {
    const { chat, words } = this;
    const title = this.store.title(chat, this.language);
    const others = this.store.chatsOf(this.person).filter((one) => one.id !== chat.id).reduce((sum, one) => sum + this.store.unread(one, this.person), 0);
    const head = h("header", { class: "bar chat-bar" },
      h("button", { type: "button", class: "icon-button back", "aria-label": words.back, "data-testid": "back", onclick: () => this.open(null) }, icon("back"),
        others ? h("span", { class: "badge" }, String(others)) : null),
      this.#avatar(title, chat.group ? chat.id : "bot", chat.group),
      h("div", { class: "chat-title" }, h("h2", {}, h("bdi", {}, title)), h("p", { class: "chat-sub" }, this.#subtitle())),
      iconButton("more", words.more, (event) => this.#chatMenu(event.currentTarget), { "aria-haspopup": "menu", "data-testid": "chat-menu" }));
    return [
      head, h("div", { class: "topics-slot" }), h("div", { class: "pinned-slot" }),
      h("div", { class: "messages", role: "log", "aria-live": "polite", "aria-label": title, tabindex: "0" }, h("div", { class: "messages-in" })),
      h("div", { class: "toasts", role: "status", "aria-live": "assertive" }), h("footer", { class: "foot" }),
    ];
  }

  #subtitle() {
    if (this.#typing > performance.now()) return this.words.typing;
    if (!this.chat.group) return this.words.bot;
    return this.chat.bot_inside ? this.words.members(this.chat.members) : this.words.notInside;
  }

  #chatMenu(anchor) {
    const { words, person } = this;
    const entries = [["language", words.language, () => this.act("language", { language: this.language === "ar" ? "en" : "ar" })]];
    if (!this.chat.group && person.started) {
      entries.push(["block", person.blocked ? words.unblock : words.block, () => this.act("block", { blocked: !person.blocked })]);
    }
    if (this.chat.group) {
      entries.push(["group", words.people, () => membersSheet(this.screen, this)], ["topic", words.openTopic, () => topicSheet(this.screen, this)],
        ["leave", words.leave, () => this.act("remove", { member: this.personId })]);
    }
    openMenu(this.screen, anchor, words.more, entries);
  }

  #drawTopics() {
    const slot = this.screen.querySelector(".topics-slot");
    const topics = this.chat.forum ? [[null, this.words.allTopics], [0, this.words.general], ...Object.entries(this.chat.topics).map(([id, name]) => [Number(id), name])] : [];
    const choose = (id) => { this.#topics.set(this.chatId, id); this.replyTo = null; this.#drawMessages(); this.#drawFoot(); this.#toEnd(); };
    slot.replaceChildren(...(topics.length ? [h("div", { class: "topics", role: "group", "aria-label": this.words.topics }, topics.map(([id, name]) => h("button", {
      type: "button", class: "chip", "aria-pressed": String(id === this.topic), "data-testid": "topic", onclick: () => choose(id),
    }, h("bdi", {}, name))))] : []));
  }

  #drawMessages() {
    keepingFocus(this.element, () => {
      this.#drawTopics();
      const inner = this.screen.querySelector(".messages-in");
      const days = this.#days().map((day) => {
        const element = this.#row(day);
        reconcile(element, day.blocks.map((block) => this.#row(block)));
        return element;
      });
      reconcile(inner, days);
      this.#drawPinned();
      if (!days.length && !this.chat.group) inner.replaceChildren(this.#welcome());
    });
    const last = this.store.last(this.chatId, this.person);
    if (last && last.id > (this.chat.seen[this.personId] ?? 0) && document.visibilityState === "visible") this.act("saw", { message: last.id });
  }

  #row(block) {
    const known = this.#rows.get(block.key);
    if (known?.signature === block.signature) return known.element;
    const element = block.draw();
    this.#rows.set(block.key, { signature: block.signature, element });
    return element;
  }

  // Days, each with its line, messages and albums in the order they are shown; `signature` changes when one must be
  // drawn anew. A day's line sticks to the top no longer than its day is in view.
  #days() {
    const messages = this.store.seenBy(this.person, this.chatId).sort((a, b) => a.id - b.id).filter((one) => this.topic === null || one.topic === this.topic);
    const groups = [];
    for (const message of messages) {
      const before = groups.at(-1);
      if (message.album && before?.[0].album === message.album) before.push(message);
      else groups.push([message]);
    }
    const days = [];
    groups.forEach((group, index) => {
      const [previous, next] = [groups[index - 1]?.at(-1), groups[index + 1]?.[0]];
      const message = group[0];
      const day = dayKey(message.date);
      if (!previous || dayKey(previous.date) !== day) days.push(this.#day(day, message.date));
      const first = !follows(previous, message);
      const last = !follows(message, next);
      const signature = JSON.stringify([group, first, last]);
      const view = { messages: group, person: this.person, chat: this.chat, first, last, on: this.#handlers(), nameOf: (one) => this.#nameOf(one), botName: this.store.title({ group: false }, this.language) };
      days.at(-1).blocks.push({ key: `m${message.id}`, signature, draw: () => messageElement(view) });
    });
    return days;
  }

  #day(day, date) {
    const today = day === dayKey(this.store.now());
    const text = today ? this.words.today : dayName(date, this.language);
    const line = { key: `d${day}`, signature: text, draw: () => h("p", { class: "day" }, h("span", {}, text)) };
    return { key: `g${day}`, signature: "", draw: () => h("div", { class: "day-group" }), blocks: [line] };
  }

  #welcome() {
    const description = this.store.bot.descriptions[this.language] ?? this.store.bot.descriptions[""];
    return h("div", { class: "welcome" }, h("img", { src: "/page/emblem.svg", alt: "" }), h("h3", { dir: "auto" }, this.store.title(this.chat, this.language)),
      description ? h("p", { class: "welcome-what" }, this.words.what) : null, description ? h("p", { dir: "auto", class: "welcome-text" }, description) : null);
  }

  #drawPinned() {
    const slot = this.screen.querySelector(".pinned-slot");
    const message = this.store.list(this.chatId).get(this.chat.pinned.at(-1));
    slot.replaceChildren(...(message ? [h("button", { type: "button", class: "pinned", onclick: () => this.#jump(message.id) }, icon("pin"),
      h("span", {}, h("strong", {}, this.words.pinned), h("span", {}, h("bdi", {}, snippet(message, this.person, this.words)))))] : []));
  }

  #handlers() {
    return {
      command: (text) => this.send("say", { text }),
      link: (url) => this.#ownLink(url),
      jump: (id) => this.#jump(id),
      tap: (message, button, element) => this.#tap(message, button, element),
      copy: (text) => { navigator.clipboard?.writeText(text).catch(() => {}); this.toast(this.words.copied(text)); },
      app: (url) => `/phones/app?person=${this.personId}&url=${encodeURIComponent(url)}`,
      actions: (message, anchor) => this.#messageMenu(message, anchor),
      reply: (message) => this.#reply(message),
    };
  }

  // A deep link to this bot opens here, as it would on a phone.
  #ownLink(url) {
    const found = new RegExp(`^https?://t\\.me/${this.store.bot.username}(?:\\?start=([\\w-]*))?$`, "i").exec(url);
    if (found) this.open(this.personId, found[1] ?? "");
    return Boolean(found);
  }

  #jump(id) {
    const target = this.screen.querySelector(`[data-message-id="${id}"]`);
    if (!target) return;
    target.scrollIntoView({ block: "center", behavior: "smooth" });
    target.classList.add("flash");
    setTimeout(() => target.classList.remove("flash"), 1200);
  }

  async #tap(message, button, element) {
    if (!button.callback_data) return;
    this.#waiting?.classList.remove("waiting");
    this.#waiting = element;
    element.classList.add("waiting");
    await this.act("tap", { message: message.id, data: button.callback_data });
  }

  #reply(message) {
    this.#keepDraft();
    this.replyTo = message;
    this.editing = null;
    this.#drawFoot();
    this.#focusComposer();
  }

  // As on a phone: what the bot asks for is replied to without a tap. Whoever closes that reply is not asked again.
  #openForcedReply() {
    const forced = this.chat?.forced[this.personId];
    const message = forced && this.store.list(this.chatId).get(forced.message);
    const key = forced && `${this.personId}:${this.chatId}:${forced.message}`;
    if (!message || this.editing || this.#forced.has(key)) return false;
    this.#forced.add(key);
    this.replyTo = message;
    return true;
  }

  // A reply to what is not there any more.
  #dropLostReply() {
    if (!this.replyTo || this.store.list(this.chatId).has(this.replyTo.id)) return false;
    this.replyTo = null;
    return true;
  }

  #placeholder() {
    const forced = this.chat.forced[this.personId];
    const hint = forced && this.replyTo?.id === forced.message ? forced.placeholder : this.chat.keyboard?.input_field_placeholder;
    return hint || this.words.message;
  }

  #messageMenu(message, anchor) {
    const { words } = this;
    const entries = [
      ["reply", words.reply, () => this.#reply(message)],
      ["forward", words.forward, () => forwardSheet(this.screen, this, message)],
    ];
    if (message.sender === this.personId && message.text && !message.forwarded) {
      entries.splice(1, 0, ["edit", words.edit, () => { this.#keepDraft(); this.editing = message; this.replyTo = null; this.#drawFoot(); this.#focusComposer(); }]);
    }
    if (message.sender === this.personId || this.person.runs.includes(this.chatId)) {
      entries.push(["delete", words.delete, () => this.act("delete", { message: message.id })]);
    }
    openMenu(this.screen, anchor, words.actions, entries, this.#reactions(message));
  }

  #reactions(message) {
    const { words } = this;
    const mine = message.reacted[this.personId] ?? "";
    return REACTIONS.map((emoji) => ({
      text: emoji, chosen: emoji === mine, label: `${words.react}: ${emoji}`,
      run: () => this.act("react", { message: message.id, emoji: emoji === mine ? "" : emoji }),
    }));
  }

  // ---------------------------------------------------------------- writing

  #drawFoot() {
    const foot = this.screen.querySelector(".foot");
    keepingFocus(this.element, () => foot.replaceChildren(...this.#footParts()));
    this.#grow();
  }

  #footParts() {
    const { chat, person, words } = this;
    if (!chat.group && person.blocked) {
      return [h("p", { class: "foot-note" }, words.blocked), h("button", { type: "button", class: "start", "data-testid": "restart", onclick: () => this.#restart() }, words.restart)];
    }
    if (!chat.group && (!person.started || this.payload !== null)) return [this.#startBar()];
    return [this.#members(), this.#context(), this.#composer(), this.#replyKeyboard()].filter(Boolean);
  }

  // Who of the group acts on this phone: one tap, and the chat stays open.
  #members() {
    if (!this.chat.group) return null;
    const members = [...this.store.people.values()].filter((one) => one.groups.includes(this.chatId));
    return h("div", { class: "acting", role: "group", "aria-label": this.words.actingAs }, h("span", {}, this.words.actingAs), members.map((one) => h("button", {
      type: "button", class: "acting-one", "aria-pressed": String(one.id === this.personId), "data-testid": "acting", title: one.name,
      onclick: () => one.id !== this.personId && this.onHolder(one.id),
    }, this.#avatar(one.first_name, one.id), h("bdi", {}, one.first_name))));
  }

  async #restart() {
    if (await this.act("block", { blocked: false })) await this.act("say", { text: "/start" });
  }

  #startBar() {
    const field = h("input", { class: "field payload", value: this.payload ?? "", placeholder: this.words.payload, "aria-label": this.words.payload, dir: "ltr", pattern: "[A-Za-z0-9_\\-]{0,64}", "data-testid": "payload" });
    const start = async () => {
      if (!field.reportValidity()) return;
      const text = `/start ${field.value}`.trim();
      this.payload = null;
      if (!await this.act("say", { text })) return;
      this.#redrawFoot(); // something may have been typed while it was on its way
    };
    field.addEventListener("keydown", (event) => event.key === "Enter" && start());
    return h("div", { class: "start-bar" }, field, h("button", { type: "button", class: "start", "data-testid": "start", onclick: start }, this.words.start));
  }

  #context() {
    const message = this.editing ?? this.replyTo;
    if (!message) return null;
    const label = this.editing ? this.words.editing : `${this.words.replyingTo} \u2068${this.#nameOf(message)}\u2069`;
    const cancel = () => { this.replyTo = this.editing = null; this.#drawFoot(); this.#focusComposer(); };
    return h("div", { class: "context", "data-testid": "reply-bar" }, icon(this.editing ? "edit" : "reply"),
      h("span", { class: "context-words" }, h("strong", {}, label), h("span", {}, h("bdi", {}, snippet(message, this.person, this.words)))), iconButton("close", this.words.cancel, cancel));
  }

  #composer() {
    const { words, chat } = this;
    const field = h("textarea", {
      class: "composer", rows: "1", dir: "auto", placeholder: this.#placeholder(),
      "aria-label": words.message, "data-testid": "composer", maxlength: "20000",
      oninput: () => this.#grow(), onkeydown: (event) => this.#key(event),
    });
    field.value = this.editing ? this.editing.text : this.#drafts.get(`${this.personId}:${this.chatId}`) ?? "";
    const keys = chat.keyboard?.keyboard;
    const hidden = this.#keyboardHidden.has(this.chatId);
    const toggle = () => { this.#keyboardHidden[hidden ? "delete" : "add"](this.chatId); this.#keepDraft(); this.#drawFoot(); };
    return h("form", { class: "compose", onsubmit: (event) => { event.preventDefault(); this.#send(); } },
      h("button", { type: "button", class: "icon-button slash", "aria-label": words.commands, title: words.commands, "data-testid": "commands", onclick: () => commandSheet(this.screen, this) }, h("span", { "aria-hidden": "true" }, "/")),
      h("div", { class: "compose-field" }, field,
        keys ? iconButton("keyboard", hidden ? words.showKeyboard : words.hideKeyboard, toggle, { "aria-expanded": String(!hidden) }) : null,
        iconButton("attach", words.attach, () => attachSheet(this.screen, this), { "data-testid": "attach" })),
      h("button", { type: "submit", class: "send", "aria-label": words.send, title: words.send, "data-testid": "send" }, icon("send")));
  }

  #replyKeyboard() {
    const keyboard = this.chat.keyboard;
    if (!keyboard?.keyboard || this.#keyboardHidden.has(this.chatId)) return null;
    return h("div", { class: "reply-keys", dir: "ltr" }, keyboard.keyboard.map((row) => h("div", { class: "keys-row" }, row.map((button) => this.#replyButton(button)))));
  }

  #replyButton(button) {
    const run = () => {
      if (button.request_contact) contactSheet(this.screen, this);
      else if (button.request_location) locationSheet(this.screen, this);
      else this.send("say", { text: button.text });
    };
    const mark = button.request_contact ? "contact" : button.request_location ? "location" : null;
    return h("button", { type: "button", class: "reply-key", "data-testid": "reply-button", onclick: run }, mark ? icon(mark) : null, h("span", { dir: "auto" }, button.text));
  }

  #key(event) {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) { event.preventDefault(); this.#send(); }
    if (event.key === "Escape" && (this.editing || this.replyTo)) { this.replyTo = this.editing = null; this.#drawFoot(); this.#focusComposer(); }
  }

  async #send() {
    const field = this.screen.querySelector("[data-testid=composer]");
    const text = field.value.trim();
    if (!text) return;
    field.value = ""; // at once: what is typed while this one is on its way is the next message
    this.#drafts.delete(`${this.personId}:${this.chatId}`);
    const context = this.editing || this.replyTo;
    const done = this.editing
      ? await this.act("edit", { message: this.editing.id, text })
      : await this.act("say", { text, ...this.#place() });
    const current = this.screen.querySelector("[data-testid=composer]");
    if (!done) {
      if (current && !current.value) current.value = text;
      this.#grow();
      return;
    }
    // What was begun while it was on its way goes on: another reply, or another place of the keyboard.
    if (context && context === (this.editing || this.replyTo)) {
      this.replyTo = this.editing = null;
      this.#redrawFoot();
    }
    this.#grow();
    if (this.#isWriting()) this.#focusComposer();
  }

  // Anew, with what is being typed there, for whoever types it.
  #redrawFoot() {
    const typing = this.#isTyping();
    this.#keepDraft();
    this.#drawFoot();
    if (typing) this.#focusComposer();
  }

  #isTyping() {
    const focused = document.activeElement;
    return Boolean(focused?.matches?.("[data-testid=composer]") && this.screen?.contains(focused));
  }

  // Whether the keyboard is where one writes, or nowhere.
  #isWriting() {
    const focused = document.activeElement;
    return focused === document.body || Boolean(this.screen.querySelector(".foot")?.contains(focused));
  }

  #focusComposer() { this.screen.querySelector("[data-testid=composer]")?.focus(); }

  #grow() {
    const field = this.screen.querySelector("[data-testid=composer]");
    if (!field) return;
    field.style.height = "auto";
    field.style.height = `${Math.min(field.scrollHeight, 120)}px`;
    field.closest(".compose").classList.toggle("ready", field.value.trim() !== "");
  }

  // ---------------------------------------------------------------- what happens

  #chatChanged({ chat, message }) {
    if (!this.person) return;
    if (chat !== this.chatId) {
      if (this.chat === null && (chat === this.personId || this.person.groups.includes(chat))) this.draw();
      return;
    }
    if (message && message.sender !== this.personId) this.#setTyping(0);
    if (!this.screen.querySelector(".messages-in")) return;
    this.#drawMessages();
    if (this.#openForcedReply()) {
      this.#redrawFoot();
      if (this.screen.contains(document.activeElement) || document.activeElement === document.body) this.#focusComposer();
    } else if (this.#dropLostReply()) this.#redrawFoot();
    if (!message) this.#redrawFootIfNeeded();
    if (this.#following || message?.sender === this.personId) this.#toEnd();
  }

  #redrawFootIfNeeded() {
    const signature = JSON.stringify([this.chat.keyboard, this.person.blocked, this.person.started]);
    if (signature === this.footSignature) return;
    this.footSignature = signature;
    this.#keyboardHidden.delete(this.chatId);
    this.#redrawFoot();
    this.#toEnd();
  }

  #answered(answer) {
    if (answer.person !== this.personId) return;
    this.#waiting?.classList.remove("waiting");
    this.#waiting = null;
    if (answer.url && !this.#ownLink(answer.url)) window.open(answer.url, "_blank", "noopener");
    if (!answer.text) return;
    if (answer.alert) alertSheet(this.screen, answer.text, this.words);
    else this.toast(answer.text);
  }

  #acting({ chat }) {
    if (chat === this.chatId) this.#setTyping(performance.now() + TYPING_MS);
  }

  #setTyping(until) {
    this.#typing = until;
    const line = this.screen?.querySelector(".chat-sub");
    if (!line) return;
    line.textContent = this.#subtitle();
    line.classList.toggle("typing", until > 0);
    if (until) setTimeout(() => this.#typing === until && this.#setTyping(0), TYPING_MS);
  }

  toast(text) {
    const toast = h("div", { class: "toast", "data-testid": "toast", dir: "auto" }, text);
    this.screen.querySelector(".toast")?.remove();
    (this.screen.querySelector(".toasts") ?? this.screen).append(toast);
    setTimeout(() => toast.remove(), TOAST_MS);
  }

  // Stay at the newest message while the chat or the room for it changes, until somebody scrolls away from it.
  #follow() {
    const box = this.screen.querySelector(".messages");
    box.addEventListener("scroll", () => { if (box.clientHeight) this.#following = isAtEnd(box); });
    this.#room.observe(box);
    this.#room.observe(box.firstElementChild);
  }

  #toEnd() {
    const box = this.screen.querySelector(".messages");
    if (!box) return;
    this.#following = true;
    box.scrollTop = box.scrollHeight;
  }
}

function isAtEnd(box) {
  return box.scrollHeight - box.scrollTop - box.clientHeight < 80;
}

function follows(before, after) {
  return Boolean(before && after && !before.service && !after.service && before.sender === after.sender
    && after.date - before.date < 300 && dayKey(before.date) === dayKey(after.date) && !before.buttons.length);
}

function reconcile(parent, elements) {
  const wanted = new Set(elements);
  for (const child of [...parent.children]) if (!wanted.has(child)) child.remove();
  elements.forEach((element, index) => {
    if (parent.children[index] !== element) parent.insertBefore(element, parent.children[index] ?? null);
  });
}
