// "A week of Customer Day": a walk through what the bot does, played for real on this sandbox, a step with each Next.

import { h } from "./dom.js";
import { NotDone, Play, Stopped } from "./story_play.js";
import { STEPS } from "./story_steps.js";
import { STORY_WORDS } from "./story_words.js";
import { beginning } from "./text.js";
import { fullTime } from "./words.js";

const KEPT = "story"; // how far the story is, as all windows of this browser know it
const OFFERED = "story-offered";
const QUOTED = 160; // characters of the bot's last message
const LINES = 40;

export class Story {
  #play = null; // what is being done right now, in this window
  #memory = {}; // where the browser keeps nothing
  #lines = h("ol", { class: "story-lines", role: "log" });

  constructor(store, header, stage) {
    Object.assign(this, { store, header, stage, offered: false, note: "" });
    this.element = document.getElementById("story");
    this.opener = document.getElementById("story-open");
    this.opener.addEventListener("click", () => this.open());
    header.addEventListener("change", () => this.draw());
    window.addEventListener("storage", (event) => event.key === KEPT && this.#play === null && this.draw());
    if (this.state && !this.#fits(this.state)) this.#keep(KEPT, null); // of another sandbox: its data was deleted
    this.offered = !this.state && !this.#kept(OFFERED) && location.search === "";
    this.draw();
  }

  get language() { return this.header.language; }
  get words() { return STORY_WORDS[this.language]; }
  get state() { return this.#kept(KEPT); }

  // ---------------------------------------------------------------- coming and going

  open() {
    if (!this.state) this.offered = !this.offered;
    this.draw();
    this.#focus();
  }

  async start() {
    const facts = this.#cast();
    this.#keep(OFFERED, true);
    this.#lines.replaceChildren();
    this.offered = false;
    this.#save({ step: 0, status: "ready", facts });
    this.draw();
    this.#focus();
    await this.next();
  }

  stop() {
    this.#play?.stop();
    this.#play = null;
    this.#keep(KEPT, null);
    this.#keep(OFFERED, true);
    this.offered = false;
    this.stage.rest();
    this.draw();
    this.opener.focus();
  }

  // Who plays: people of the language that the page is read in, where there are any.
  #cast() {
    const people = [...this.store.people.values()];
    const of = (role) => people.filter((one) => one.role === role);
    const first = (role) => of(role).find((one) => one.language.startsWith(this.language)) ?? of(role)[0];
    const [resident, staff, administrator] = [first("resident"), first("staff"), first("administrator")];
    const said = this.store.last(resident.id, resident);
    return { language: this.language, resident: resident.id, staff: staff.id, administrator: administrator?.id, since: said?.id ?? 0, sinceDate: said?.date ?? 0 };
  }

  // Whether a story that is kept is of this sandbox: what had been said last when it began was said here.
  #fits({ facts }) {
    const has = (id) => this.store.people.has(id);
    const said = this.store.list(facts.resident).get(facts.since);
    return has(facts.resident) && has(facts.staff) && (facts.since === 0 ? this.store.now() >= facts.sinceDate : !said || said.date === facts.sinceDate)
      && (!facts.booking || this.#knows(facts.booking));
  }

  #knows(reference) {
    return [...this.store.messages.values()].some((list) => [...list.values()].some((one) => one.text.includes(reference)));
  }

  // ---------------------------------------------------------------- playing

  // Do the step that is next, unless it is being done already, here or in another window.
  async next() {
    if (this.#play) return;
    const alone = navigator.locks
      ? await navigator.locks.request(KEPT, { ifAvailable: true }, async (lock) => lock && (await this.#playStep(), true))
      : (await this.#playStep(), true);
    this.note = alone ? "" : this.words.elsewhere;
    if (!alone) this.draw();
  }

  async #playStep() {
    const state = this.state;
    if (!state || state.step > STEPS.length) return;
    if (state.step === STEPS.length) {
      this.stage.rest();
      this.#save({ ...state, step: STEPS.length + 1 });
      this.draw();
      return;
    }
    const { facts } = state;
    const keep = (status, more = {}) => this.#save({ ...state, status, facts, failure: null, ...more });
    const play = new Play(this.store, this.stage, facts, {
      sentences: STORY_WORDS[facts.language].sentences,
      say: (kind, line) => { this.#line(kind, line); this.#tell(this.words.working); keep("playing"); },
      waits: (what) => this.#tell(this.words.waits(this.words.waited[what])),
    });
    this.#play = play;
    this.#lines.replaceChildren();
    keep("playing");
    this.draw();
    try {
      await STEPS[state.step].play(play);
      if (!play.stopped) keep("ready", { step: state.step + 1 });
    } catch (error) {
      if (!(error instanceof Stopped) && !play.stopped) keep("failed", { failure: this.#failure(error) });
    }
    if (this.#play !== play) return; // stopped meanwhile
    this.#play = null;
    if (this.state?.status === "failed") this.stage.rest();
    this.draw();
  }

  #tell(text) {
    const status = this.element.querySelector(".story-status");
    if (status && status.textContent !== text) status.textContent = text;
  }

  #failure(error) {
    if (!(error instanceof NotDone)) return { lost: error instanceof TypeError, said: error instanceof TypeError ? "" : error.message };
    const last = error.chat && [...this.store.list(error.chat).values()].filter((one) => one.sender === this.store.bot.id && one.text).at(-1);
    return { what: error.what, said: last ? beginning(last.text.replace(/\s+/g, " "), QUOTED) : "" };
  }

  #line(kind, { who, label }) {
    const name = who && (this.store.people.get(who)?.first_name ?? "");
    const shown = kind === "clock" ? fullTime(label, this.language) : label.replace(/[\u2066-\u2069]/g, "");
    this.#lines.append(h("li", { class: `line-${kind}`, dir: "auto" }, this.words.lines[kind](`\u2068${name}\u2069`, `\u2068${shown}\u2069`)));
    while (this.#lines.children.length > LINES) this.#lines.firstChild.remove();
    this.#lines.scrollTop = this.#lines.scrollHeight;
  }

  // ---------------------------------------------------------------- drawing

  draw() {
    const { words, state } = this;
    const shown = Boolean(state) || this.offered;
    this.opener.textContent = words.open;
    this.opener.setAttribute("aria-label", words.title);
    this.opener.setAttribute("aria-expanded", String(shown));
    this.opener.hidden = false;
    document.body.classList.toggle("with-story", shown);
    this.element.hidden = !shown;
    this.element.setAttribute("aria-label", words.title);
    if (!shown) return;
    const focused = this.element.contains(document.activeElement) ? document.activeElement.dataset.testid : null;
    this.element.replaceChildren(...(!state ? this.#offer() : state.step > STEPS.length ? this.#end(state) : this.#step(state)));
    this.#lines.scrollTop = this.#lines.scrollHeight;
    if (focused) (this.element.querySelector(`[data-testid="${focused}"]`) ?? this.element.querySelector("button"))?.focus({ preventScroll: true });
  }

  #offer() {
    const { words } = this;
    return [
      h("h2", { tabindex: "-1" }, words.title), h("p", {}, words.offer(STEPS.length)),
      this.#buttons(this.#button("story-start", words.start, () => this.start(), true), this.#button("story-later", words.notNow, () => this.stop())),
    ];
  }

  // The step that is being done, or the one that was done last.
  #step(state) {
    const { words } = this;
    const playing = this.#play !== null;
    const interrupted = state.status === "playing" && !playing;
    const stands = playing || interrupted || state.status === "failed";
    const at = stands ? state.step : Math.max(0, state.step - 1);
    const { title, what, why } = words.steps[STEPS[at].id];
    const again = interrupted || state.status === "failed";
    const calm = !this.note && !playing && !again; // nothing but the button is left to say
    return [
      this.#head(at), h("div", { class: "story-text", "aria-live": "polite" }, h("h3", {}, title), h("p", {}, what(this.#names(state.facts))), h("p", { class: "story-why" }, why)),
      at === 0 && !stands && state.facts.taps ? h("p", { class: "story-tally" }, words.tally(state.facts.taps, state.facts.texts)) : null,
      this.#lines,
      h("p", { class: calm ? "story-status calm" : "story-status", role: "status" }, this.note || (playing ? words.working : interrupted ? words.interrupted : again ? "" : words.here)),
      state.status === "failed" ? this.#failed(state.failure) : null,
      this.#buttons(
        this.#button("story-next", again ? words.retry : words.next, () => this.next(), true, playing),
        again ? this.#button("story-again", words.again, () => this.start()) : null,
        this.#button("story-stop", words.stop, () => this.stop())),
    ].filter(Boolean);
  }

  #head(at) {
    const dots = STEPS.map((_, index) => h("span", { class: index < at ? "past" : index === at ? "now" : "" }));
    return h("header", { class: "story-head" }, h("h2", { tabindex: "-1" }, this.words.title),
      h("span", { class: "story-count" }, this.words.step(Math.min(at + 1, STEPS.length), STEPS.length)), h("span", { class: "story-dots", "aria-hidden": "true" }, dots));
  }

  #failed(failure) {
    const { words } = this;
    return h("div", { class: "story-failed", role: "alert", "data-testid": "story-failed" }, h("strong", {}, words.failed),
      failure.lost ? h("p", {}, words.lost) : failure.what ? h("p", {}, words.missed(words.waited[failure.what])) : null,
      failure.said ? h("p", { dir: "auto" }, failure.what ? words.lastSaid(failure.said) : failure.said) : null, failure.lost ? null : h("p", {}, words.repair));
  }

  #end(state) {
    const { words } = this;
    return [
      this.#head(STEPS.length), h("div", { class: "story-text", "aria-live": "polite" }, h("h3", {}, words.end), h("p", {}, words.ended),
        state.facts.taps ? h("p", { class: "story-tally" }, words.tally(state.facts.taps, state.facts.texts)) : null),
      this.#buttons(this.#button("story-again", words.again, () => this.start(), true), this.#button("story-stop", words.close, () => this.stop())),
    ];
  }

  #names(facts) {
    const name = (id) => `\u2068${this.store.people.get(id)?.first_name ?? ""}\u2069`;
    return { resident: name(facts.resident), staff: name(facts.staff), administrator: name(facts.administrator), chosen: Boolean(facts.deskChosen) };
  }

  #buttons(...buttons) { return h("div", { class: "story-buttons" }, buttons); }

  // One that waits keeps the focus, so it is not `disabled`.
  #button(id, label, run, primary = false, waits = false) {
    return h("button", { type: "button", class: primary ? "wide primary" : "wide", "data-testid": id, "aria-disabled": waits ? "true" : null, onclick: () => waits || run() }, label);
  }

  #focus() { this.element.querySelector("[data-testid=story-next], [data-testid=story-start], [data-testid=story-again]")?.focus({ preventScroll: true }); }

  // ---------------------------------------------------------------- keeping

  #save(state) { this.#keep(KEPT, state); }

  #kept(key) {
    try { return JSON.parse(localStorage.getItem(key)); } catch { return this.#memory[key] ?? null; }
  }

  #keep(key, value) {
    this.#memory[key] = value;
    try {
      if (value === null) localStorage.removeItem(key);
      else localStorage.setItem(key, JSON.stringify(value));
    } catch { /* the story then lasts as long as the page */ }
  }
}
