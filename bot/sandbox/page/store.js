// What the page knows, kept up by server-sent events; and what people do, sent to the server.

export class Store extends EventTarget {
  people = new Map();
  chats = new Map();
  messages = new Map(); // chat id: Map of messages by id
  bot = null;
  canAdvance = false;
  pending = 0;
  live = false;
  #now = 0;
  #heardAt = 0;

  // Resolves once everything is known. What happens while the state is on its way is kept and taken after it.
  open() {
    const source = new EventSource("/phones/events");
    let early = [];
    return new Promise((known) => {
      source.onopen = async () => {
        early = [];
        await this.#load();
        for (const news of early) this.#take(news);
        early = null;
        this.live = true;
        this.#tell("status");
        known();
      };
      source.onerror = () => {
        this.live = false;
        this.#tell("status");
      };
      source.onmessage = (event) => {
        const news = JSON.parse(event.data);
        if (early) early.push(news);
        else this.#take(news);
      };
    });
  }

  async #load() {
    const state = await (await fetch("/phones/state")).json();
    this.people = new Map(state.people.map((person) => [person.id, person]));
    this.chats = new Map(state.chats.map((chat) => [chat.id, chat]));
    this.messages = new Map(
      Object.entries(state.messages).map(([chat, list]) => [Number(chat), new Map(list.map((one) => [one.id, one]))]),
    );
    this.bot = state.bot;
    this.canAdvance = state.can_advance;
    this.pending = state.pending;
    this.#setNow(state.now);
    this.#tell("all");
  }

  #take(news) {
    const handlers = {
      message: () => {
        this.list(news.chat).set(news.message.id, news.message);
        this.#tell("chat", { chat: news.chat, message: news.message });
      },
      removed: () => {
        for (const id of news.messages) this.list(news.chat).delete(id);
        this.#tell("chat", { chat: news.chat });
      },
      chat: () => {
        this.chats.set(news.chat.id, news.chat);
        this.#tell("chat", { chat: news.chat.id });
      },
      people: () => {
        this.people = new Map(news.people.map((person) => [person.id, person]));
        this.#tell("all");
      },
      bot: () => {
        this.bot = news.bot;
        this.#tell("all");
      },
      answer: () => this.#tell("answer", news.answer),
      acting: () => this.#tell("acting", news),
      pending: () => {
        this.pending = news.pending;
        this.#tell("status");
      },
      time: () => {
        this.#setNow(news.now);
        this.#tell("time");
      },
    };
    handlers[news.type]?.();
  }

  #tell(type, detail = {}) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }

  #setNow(now) {
    this.#now = now;
    this.#heardAt = performance.now();
  }

  now() {
    return this.#now + (performance.now() - this.#heardAt) / 1000;
  }

  list(chat) {
    if (!this.messages.has(chat)) this.messages.set(chat, new Map());
    return this.messages.get(chat);
  }

  // Without what others alone see.
  seenBy(person, chat) {
    return [...this.list(chat).values()].filter((one) => !one.receiver || one.receiver === person.id);
  }

  last(chat, person) {
    return this.seenBy(person, chat).at(-1);
  }

  chatsOf(person) {
    return [this.chats.get(person.id), ...person.groups.map((id) => this.chats.get(id))].filter(Boolean);
  }

  title(chat, language) {
    return chat.group ? chat.title : this.bot.names[language] ?? this.bot.names[""];
  }

  unread(chat, person) {
    const seen = chat.seen[person.id] ?? 0;
    return this.seenBy(person, chat.id).filter((one) => one.id > seen && one.sender !== person.id).length;
  }

  role(person) {
    return { resident: "Resident · مقدم الطلب", staff: "Staff · فريق العمل", administrator: "Administrator · مدير النظام" }[person.role];
  }

  async act(person, chat, act, more = {}) {
    return this.#post("/phones/act", JSON.stringify({ person: person.id, chat, act, ...more }));
  }

  async upload(person, chat, kind, files, caption, { topic, reply_to }) {
    const form = new FormData();
    form.append("person", person.id);
    form.append("chat", chat);
    form.append("as", kind);
    form.append("caption", caption);
    form.append("topic", topic);
    if (reply_to !== null) form.append("reply_to", reply_to);
    [...files].forEach((file, number) => form.append(`file${number}`, file, file.name));
    return this.#post("/phones/upload", form);
  }

  async advance(seconds) {
    return this.#post("/phones/advance", JSON.stringify({ seconds }));
  }

  async commands(person, chat) {
    return (await fetch(`/phones/commands?person=${person.id}&chat=${chat}`)).json();
  }

  async #post(path, body) {
    const headers = { "X-Sandbox": "1" };
    if (typeof body === "string") headers["Content-Type"] = "application/json";
    const response = await fetch(path, { method: "POST", headers, body });
    const answer = response.headers.get("Content-Type")?.includes("json") ? await response.json() : {};
    if (!response.ok) throw new Error(answer.error ?? `${response.status}`);
    return answer;
  }
}
