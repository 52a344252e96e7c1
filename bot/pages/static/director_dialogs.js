/* The questions of the page: what came of a meeting, what is promised, how long a break or a delay is. Each answers null where it was closed. */

import { make, say } from "/pages/director_dom.js";

const AGAIN = 2000; // milliseconds, before a preview is asked for again; it doubles
const SLOWEST = 16000;
const FORM = "promise-form";

/** Show a question until it is answered, and give the focus back to where it was. `fill(finish, show)` gives its parts. */
function open(dialog, words, about, title, fill) {
  const before = document.activeElement && document.activeElement.dataset.focus;
  return new Promise((resolve) => {
    let answer = null;
    const finish = (value) => { answer = value; dialog.close(); };
    /** Another page of the same question; what is new is read out from its heading on. */
    const show = (heading, parts) => {
      const close = make("button", { type: "button", class: "plain" }, words.close);
      close.addEventListener("click", () => dialog.close());
      const first = make("h2", { id: "dialog-title", tabindex: dialog.open ? "-1" : null }, heading);
      // The buttons stay in reach on a short screen, whatever is above them.
      const actions = make("div", { class: "actions" }, parts.filter((part) => part.tagName === "BUTTON"), close);
      dialog.replaceChildren(first, make("p", { class: "quiet" }, about), ...parts.filter((part) => part.tagName !== "BUTTON"), actions);
      dialog.scrollTop = 0;
      if (dialog.open) first.focus();
    };
    const closed = () => {
      if (dialog.open) return; // the browser tells late of a question before this one
      dialog.removeEventListener("close", closed);
      const back = before && document.querySelector(`[data-focus="${before}"]`);
      (back || document.getElementById("day")).focus();
      resolve(answer);
    };
    show(title, fill(finish, show));
    dialog.addEventListener("close", closed);
    dialog.showModal();
  });
}

const numbered = (words, visit) => words.ticket.replace("{ticket}", visit.ticket);

function choice(kind, label, act) {
  const element = make("button", { type: "button", class: kind }, label);
  element.addEventListener("click", act);
  return element;
}

/** Answers with the kind; of a referral also to whom: one of `bodies`, or whoever is typed. */
function outcome(dialog, words, visit, bodies) {
  const kinds = Object.entries(words.kinds).concat([["later", words.only_done]]);
  return open(dialog, words, numbered(words, visit), words.what_came, (finish, show) => kinds.map(([kind, label]) =>
    choice(kind === "later" ? "big second" : "big", label, () => {
      if (kind === "referred") show(words.referred_to, referral(words, bodies, (whom) => finish({ kind, ...whom })));
      else finish({ kind });
    })));
}

function referral(words, bodies, finish) {
  const name = make("input", { type: "text", required: "required", maxlength: String(words.longest_name), dir: "auto" });
  const typed = make("form", { id: FORM }, field(words.another_body, name));
  typed.addEventListener("submit", (event) => {
    event.preventDefault();
    if (name.value.trim()) finish({ party: "", party_words: name.value.trim() });
  });
  return [
    make("div", { class: "bodies" }, bodies.map((one) => choice("big second", one.name, () => finish({ party: one.key, party_words: "" })))),
    typed, make("button", { type: "submit", class: "big", form: FORM }, words.refer)];
}

/** Undoing the end of a meeting withdraws what was recorded of it. Answers true where that is meant. */
function undo(dialog, words, visit) {
  return open(dialog, words, numbered(words, visit), words.undo_end, (finish) => [
    make("p", {}, words.undo_outcome.replace("{outcome}", visit.outcome_name)),
    make("p", {}, words.undo_told),
    choice("big", words.undo_both, () => finish(true))]);
}

/** For how many minutes; 0 is without an end. */
function hold(dialog, words, lane, why, spans) {
  return open(dialog, words, lane.name, words.spans_ask[why], (finish) => [
    make("p", { class: "quiet" }, words.spans_told),
    make("div", { class: "breaks" }, spans.map((one) => choice("big second", one.name, () => finish(one.minutes))))]);
}

function field(label, control) {
  return make("label", { class: "field" }, make("span", {}, label), control);
}

/** A promise is typed, read as the visitor will read it, and sent by one more tap. `foresee` asks the server. */
function promise(dialog, words, visit, { day, parties, draft, foresee }) {
  return open(dialog, words, numbered(words, visit), words.promise, (finish, show) => {
    const typed = () => [
      form(words, day, parties, draft, (made) => void read(made)),
      make("button", { type: "submit", class: "big", form: FORM }, words.foresee)];
    const change = () => choice("plain", words.edit, () => show(words.promise, typed()));
    const read = async (made) => {
      const waits = make("p", { role: "status" }, words.loading);
      show(words.promise, [waits, change()]);
      const seen = await patient(() => foresee(made), () => dialog.open && waits.isConnected, () => say(waits, words.foresee_later));
      if (!seen || !waits.isConnected) return;
      if (seen.result !== "shown") {
        show(words.promise, [make("p", { role: "alert" }, words[`foresee_${seen.result}`]), change()]);
        return;
      }
      show(seen.heading, [
        make("blockquote", { class: "foreseen", lang: seen.language, dir: seen.dir }, seen.text),
        ...seen.notes.map((note) => make("p", {}, note)),
        choice("big", words.send, () => finish(made)),
        change()]);
    };
    return typed();
  });
}

/** Ask until there is an answer, or nobody waits for one any more. */
async function patient(ask, wanted, later) {
  for (let pause = AGAIN; wanted(); pause = Math.min(pause * 2, SLOWEST)) {
    try {
      return await ask();
    } catch (error) {
      later();
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
  }
  return null;
}

/** A day with its weekday: the browser's own field may put the month first. */
function fullDate(value, language) {
  const [year, month, date] = value.split("-").map(Number);
  if (!year || !month || !date) return "";
  const locale = language === "ar" ? "ar-BH-u-nu-latn" : "en-GB";
  return new Intl.DateTimeFormat(locale, { dateStyle: "full", timeZone: "UTC" }).format(Date.UTC(year, month - 1, date));
}

function form(words, day, parties, draft, submit) {
  const before = { party: parties.length ? parties[0].key : "", what: "", party_words: "", due: day.weeks[0].date, ...draft.read() };
  const what = make("textarea", { rows: "3", required: "required", maxlength: String(words.longest), dir: "auto" });
  const who = make("select", {}, parties.map((one) => make("option", { value: one.key }, one.name)), make("option", { value: "" }, words.somebody));
  const name = make("input", { type: "text", maxlength: String(words.longest_name), dir: "auto" });
  const until = make("input", { type: "date", required: "required", min: day.today, max: day.furthest });
  const typed = field(words.who_typed, name);
  const made = () => ({ what: what.value.trim(), party: who.value, party_words: who.value ? "" : name.value.trim(), due: until.value });
  const dayNamed = make("p", { class: "quiet", role: "status" });
  const keep = () => { draft.keep(made()); named(); };
  const named = () => say(dayNamed, fullDate(until.value, day.language));
  const weeks = make("div", { class: "weeks" }, day.weeks.map((week) => choice("plain", week.name, () => { until.value = week.date; keep(); })));
  what.value = before.what;
  who.value = parties.some((one) => one.key === before.party) ? before.party : "";
  name.value = before.party_words;
  until.value = before.due;
  const turn = () => { typed.hidden = Boolean(who.value); name.required = !who.value; };
  who.addEventListener("change", turn);
  turn();
  named();
  const element = make("form", { id: FORM }, field(words.what, what), field(words.who, who), typed, field(words.until, until), dayNamed, weeks);
  element.addEventListener("input", keep);
  element.addEventListener("submit", (event) => {
    event.preventDefault();
    if (!what.value.trim() || (!who.value && !name.value.trim())) return;
    keep();
    submit(made());
  });
  return element;
}

export const ask = { hold, outcome, promise, undo };
