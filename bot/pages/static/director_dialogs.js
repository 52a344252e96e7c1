/* What came of a meeting, and what is promised: the two questions of the page. Each answers null where it was closed. */

import { make } from "/pages/director_dom.js";

/** Show a question until it is answered, and give the focus back to where it was. */
function open(dialog, words, visit, title, fill) {
  const before = document.activeElement && document.activeElement.dataset.focus;
  return new Promise((resolve) => {
    let answer = null;
    const finish = (value) => { answer = value; dialog.close(); };
    const close = make("button", { type: "button", class: "plain" }, words.close);
    close.addEventListener("click", () => dialog.close());
    dialog.replaceChildren(
      make("h2", { id: "dialog-title" }, title),
      make("p", { class: "quiet" }, words.ticket.replace("{ticket}", visit.ticket)),
      ...fill(finish), close);
    const closed = () => {
      if (dialog.open) return; // the browser tells late of a question before this one
      dialog.removeEventListener("close", closed);
      const back = before && document.querySelector(`[data-focus="${before}"]`);
      (back || document.getElementById("day")).focus();
      resolve(answer);
    };
    dialog.addEventListener("close", closed);
    dialog.showModal();
  });
}

function outcome(dialog, words, visit) {
  const kinds = Object.entries(words.kinds).concat([["later", words.only_done]]);
  return open(dialog, words, visit, words.what_came, (finish) => kinds.map(([kind, label]) => {
    const choice = make("button", { type: "button", class: kind === "later" ? "big second" : "big" }, label);
    choice.addEventListener("click", () => finish(kind));
    return choice;
  }));
}

/** Undoing the end of a meeting withdraws what was recorded of it. Answers true where that is meant. */
function undo(dialog, words, visit) {
  return open(dialog, words, visit, words.undo_end, (finish) => {
    const both = make("button", { type: "button", class: "big" }, words.undo_both);
    both.addEventListener("click", () => finish(true));
    return [make("p", {}, words.undo_outcome.replace("{outcome}", visit.outcome_name)), make("p", {}, words.undo_told), both];
  });
}

function field(label, control) {
  return make("label", { class: "field" }, make("span", {}, label), control);
}

function promise(dialog, words, visit, day, parties) {
  return open(dialog, words, visit, words.promise, (finish) => {
    const what = make("textarea", { rows: "3", required: "required", maxlength: String(words.longest), dir: "auto" });
    const who = make("select", {}, parties.map((one) => make("option", { value: one.key }, one.name)), make("option", { value: "" }, words.somebody));
    const name = make("input", { type: "text", maxlength: String(words.longest_name), dir: "auto" });
    const until = make("input", { type: "date", required: "required", min: day.today, max: day.furthest });
    const typed = field(words.who_typed, name);
    const weeks = make("div", { class: "weeks" }, day.weeks.map((week) => {
      const choice = make("button", { type: "button", class: "plain" }, week.name);
      choice.addEventListener("click", () => { until.value = week.date; });
      return choice;
    }));
    until.value = day.weeks[0].date;
    const turn = () => { typed.hidden = Boolean(who.value); name.required = !who.value; };
    who.addEventListener("change", turn);
    turn();
    const form = make("form", {}, field(words.what, what), field(words.who, who), typed, field(words.until, until), weeks,
      make("button", { type: "submit", class: "big" }, words.send));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (!what.value.trim() || (!who.value && !name.value.trim())) return;
      finish({ what: what.value.trim(), party: who.value, party_words: who.value ? "" : name.value.trim(), due: until.value });
    });
    return [form];
  });
}

export const ask = { outcome, promise, undo };
