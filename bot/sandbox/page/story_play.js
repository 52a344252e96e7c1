// What the story does with its hands: it taps, writes and moves the clock as the page does, and waits for the answers.
// Buttons are found by what they do and whom they are about, never by their words or their place.

const PATIENCE = 45_000; // milliseconds for an answer
const IN_GROUPS = 90_000; // a group gets no more than twenty messages a minute, as on Telegram
const LONG = 5_000; // milliseconds of waiting that are worth a word
const ATTEMPTS = 3;
const SOON = 25_000; // milliseconds after which a tap without effect is made again
const A_MOMENT = 800; // milliseconds for what a new time brings
const PACE = matchMedia("(prefers-reduced-motion: reduce)").matches ? 60 : 900; // milliseconds between two acts, to follow them

const STANDING = ["do", "desk"]; // what the data of buttons begins with that are no choices of a question

export class Stopped extends Error {}

// A step that could not be done. `what` names, by its key in the story's words, what was waited for in vain.
export class NotDone extends Error {
  constructor(what, chat) {
    super(what);
    Object.assign(this, { what, chat });
  }
}

export class Play {
  taps = 0;
  texts = 0;

  // `say` takes a line about what was done, `waits` what is long in coming; `stage` shows a person's chat.
  constructor(store, stage, facts, { say, waits, sentences }) {
    Object.assign(this, { store, stage, facts, say, waits, sentences });
  }

  stop() { this.stopped = true; }

  get resident() { return this.facts.resident; }
  get staff() { return this.facts.staff; }
  get group() { return this.facts.group; }

  // ---------------------------------------------------------------- looking

  // The bot's messages in a chat, the newest first.
  told(chat) {
    return [...this.store.list(chat).values()].filter((one) => one.sender === this.store.bot.id).sort((a, b) => b.id - a.id);
  }

  // The id of the newest message of a chat, whoever wrote it.
  lastId(chat) { return Math.max(0, ...this.store.list(chat).keys()); }

  // The newest button whose data matches, with the message that has it.
  button(chat, pattern, { after = 0, about = null } = {}) {
    for (const message of this.told(chat)) {
      if (message.id <= after) break;
      if (about && !message.text.includes(about) && !message.buttons.flat().some((one) => one.callback_data?.includes(about))) continue;
      for (const one of message.buttons.flat()) {
        const match = pattern.exec(one.callback_data ?? "");
        if (match) return { message, button: one, match };
      }
    }
    return null;
  }

  // The question that is open: the message whose buttons have the highest turn. Those of earlier ones do nothing.
  question(chat) {
    const asked = this.told(chat).flatMap((message) => message.buttons.flat().flatMap((one) => {
      const [flow, name, value, turn] = (one.callback_data ?? "").split(":");
      return STANDING.includes(flow) ? [] : [{ message, button: one, name: `${flow}:${name}`, value, turn: Number(turn) || 0 }];
    }));
    const turn = Math.max(0, ...asked.map((one) => one.turn));
    const choices = asked.filter((one) => one.turn === turn);
    return choices.length ? { turn, name: choices[0].name, choices, message: choices[0].message } : null;
  }

  // ---------------------------------------------------------------- waiting

  async until(look, what, chat, patience = chat > 0 ? PATIENCE : IN_GROUPS) {
    const since = performance.now();
    for (let told = false; ;) {
      if (this.stopped) throw new Stopped();
      const found = look();
      if (found) return found;
      const waited = performance.now() - since;
      if (waited > patience) throw new NotDone(what, chat);
      if (!told && what && waited > LONG) this.waits(what);
      told ||= waited > LONG;
      await this.#change();
    }
  }

  // Wait a little for what may have come already, as where somebody has tapped around.
  async unless(look, patience = 5_000) {
    try {
      return await this.until(look, "", null, patience);
    } catch (error) {
      if (error instanceof NotDone) return null;
      throw error;
    }
  }

  // The next time that anything happens, or a moment later.
  #change() {
    return new Promise((happened) => {
      const done = () => {
        clearTimeout(timer);
        this.store.removeEventListener("chat", done);
        happened();
      };
      const timer = setTimeout(done, 250);
      this.store.addEventListener("chat", done);
    });
  }

  async #pause() {
    await new Promise((over) => { setTimeout(over, PACE); });
    if (this.stopped) throw new Stopped();
  }

  // ---------------------------------------------------------------- acting

  async #act(who, chat, act, more) {
    await this.stage.front(who, chat).does(act, more);
  }

  // Show somebody's chat, and leave a moment to see it.
  async look(who, chat) {
    this.stage.front(who, chat);
    await this.#pause();
  }

  async tap(who, chat, seen, find = () => null) {
    const phone = this.stage.front(who, chat);
    phone.point(seen.message.id, seen.button.callback_data);
    await this.#pause();
    const found = find() ?? seen;
    this.taps += 1;
    this.say("tapped", { who, label: found.button.text });
    await this.#act(who, chat, "tap", { message: found.message.id, data: found.button.callback_data });
  }

  // Tap a button until what it does is done: a card may have changed between looking and tapping, which the bot then says.
  async tapUntil(who, chat, find, done, what) {
    for (let attempt = 1; !done(); attempt += 1) {
      const found = await this.until(() => done() || find(), what, chat);
      if (done()) break;
      await this.tap(who, chat, found, find);
      if (attempt === ATTEMPTS) await this.until(done, what, chat);
      else await this.unless(done, SOON);
    }
  }

  // Wait for a button, and tap it.
  async press(who, chat, pattern, what, options = {}) {
    const found = await this.until(() => this.button(chat, pattern, options), what, chat);
    await this.tap(who, chat, found);
    return found;
  }

  // Do what makes the bot ask somebody for a reply; the message that asks.
  async asksFor(who, chat, act, what) {
    const forced = () => this.store.chats.get(chat)?.forced[who]?.message;
    const before = forced();
    await act();
    return this.until(() => forced() !== before && forced(), what, chat);
  }

  async write(who, chat, text, reply_to = null) {
    await this.look(who, chat);
    this.texts += text.startsWith("/") ? 0 : 1;
    this.say("wrote", { who, label: text });
    await this.#act(who, chat, "say", { text, reply_to });
  }

  async photo(who, chat, scene, caption) {
    await this.look(who, chat);
    this.texts += 1;
    this.say("photographed", { who, label: caption });
    await this.#act(who, chat, "sample", { what: "photo", scene, caption });
  }

  // Show a message of somebody's chat from its beginning.
  reveal(who, chat, message) { this.stage.front(who, chat).reveal(message.id); }

  // Somebody's phone is set to a language, as with its language button.
  async speak(who, language) {
    if (!this.store.people.get(who).language.startsWith(language)) await this.#act(who, who, "language", { language });
  }

  async shareNumber(who, chat) {
    await this.look(who, chat);
    this.taps += 1;
    this.say("shared", { who, label: "" });
    await this.#act(who, chat, "contact");
  }

  // ---------------------------------------------------------------- time

  // Move the clock on to a moment, in seconds; where that has passed, it stays.
  async clockTo(moment) {
    const seconds = Math.ceil(moment - this.store.now());
    if (seconds > 0) await this.#move(seconds);
  }

  // Move the clock on step by step, until what is looked for is there.
  async clockUntil(look, seconds, most, what, chat) {
    for (let steps = 0; ; steps += 1) {
      const found = await this.unless(look, A_MOMENT);
      if (found) return found;
      if (steps === most) throw new NotDone(what, chat);
      await this.#move(seconds);
    }
  }

  async #move(seconds) {
    if (!this.store.canAdvance) throw new NotDone("clock");
    const { now } = await this.store.advance(seconds);
    this.say("clock", { label: now });
    await this.#pause();
  }
}
