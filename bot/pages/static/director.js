/* The director's page: today's line, the brief of whoever is inside, and a button for each step. */

import { begin, initData, user } from "/pages/director_app.js";
import { ask } from "/pages/director_dialogs.js";
import { byId, make, say } from "/pages/director_dom.js";
import { LISTS, Drafts, Queue, expected } from "/pages/director_queue.js";

const given = JSON.parse(document.body.dataset.given);
const PATIENCE = 10000;
const EVERY = 4000;
const SLOWEST = 30000;

const queue = new Queue(user.id || "nobody");
const drafts = new Drafts(user.id || "nobody");
const briefs = new Map(); // by booking: lines, parties, the newest outcome's version, and the mark they had
let words = given.texts[user.language_code && user.language_code.slice(0, 2) === "en" ? "en" : given.main];
let pass = "";
let day = null;
let tag = "";
let office = "";
let pause = EVERY;
let timer = 0;
let busy = false;
let ended = false;
let lost = false;
let drawn = "";
let follows = "";

// ------------------------------------------------------------------ talking to the server

async function request(path, body) {
  const stop = new AbortController();
  const late = setTimeout(() => stop.abort(), PATIENCE);
  try {
    const answer = await fetch(`/director/${path}`, {
      method: body ? "POST" : "GET",
      body: body && JSON.stringify(body),
      cache: "no-store",
      signal: stop.signal,
      headers: {
        Authorization: pass ? `pass ${pass}` : `tma ${initData}`,
        ...(body ? { "Content-Type": "application/json" } : tag ? { "If-None-Match": tag } : {}),
      },
    });
    pass = answer.headers.get("X-Pass") || pass;
    if (answer.status >= 500) throw new Error("server");
    return { status: answer.status, tag: answer.headers.get("ETag") || "", data: answer.status === 200 ? await answer.json() : null };
  } finally {
    clearTimeout(late);
  }
}

/** Send what waits, then look what is now. One round at a time. */
async function round() {
  if (busy || ended) return;
  busy = true;
  clearTimeout(timer);
  try {
    expire();
    while (queue.taps.length && !ended) await send(queue.taps[0]);
    if (!ended) await look();
    if (!ended) await fetchBriefs();
    pause = EVERY;
    connected(true);
  } catch (error) {
    connected(false);
    pause = Math.min(pause * 2, SLOWEST);
  }
  busy = false;
  if (ended) return;
  const more = queue.taps.length && !lost; // tapped while this round went on
  timer = setTimeout(round, more ? 0 : document.hidden ? SLOWEST : pause);
}

async function send(tap) {
  queue.sending(tap);
  const answer = await request(tap.path || "tap", tap.body);
  if (refused(answer)) return;
  const ticket = tap.ticket;
  queue.settle(answer.data);
  tag = "";
  const result = answer.data ? answer.data.result : "incomplete";
  if (tap.path === "lane") {
    if (result === "done") say(byId("spoken"), words.lane_recorded);
    else news(words.lane_changed);
    return;
  }
  if (result === "done") say(byId("spoken"), words.recorded.replace("{ticket}", ticket));
  else if (result === "changed") news(words.changed.replace("{ticket}", ticket).replace("{state}", words.states[answer.data.status]));
  else news(words[result].replace("{ticket}", ticket));
}

async function look() {
  const answer = await request(`day?office=${encodeURIComponent(office)}`);
  if (refused(answer) || !answer.data) return;
  tag = answer.tag;
  day = answer.data;
  words = given.texts[day.language];
  draw();
}

/** The briefs of those who are inside or were called, again when something of them has changed. */
async function fetchBriefs() {
  if (!day) return;
  const wanted = new Map(day.lanes.flatMap((lane) => lane.inside.concat(lane.called)).map((visit) => [visit.booking, visit.brief]));
  Array.from(briefs.keys()).filter((one) => !wanted.has(one)).forEach((one) => briefs.delete(one));
  for (const [booking, mark] of wanted) {
    if (briefs.has(booking) && briefs.get(booking).mark === mark) continue;
    const answer = await request("brief", { booking });
    if (answer.status === 401) return void refused(answer);
    briefs.set(booking, { ...(answer.data || { lines: [], parties: [], outcome: 0 }), mark });
    draw();
  }
}

/** What waited too long to be sent is said, and not sent. */
function expire() {
  queue.expire();
  queue.dropped.splice(0).forEach((tap) => news(tap.path === "lane" ? words.lane_stale : words.stale.replace("{ticket}", tap.ticket)));
}

/** Whether the server does not know us, or we may not any more: then nothing stays on the screen. */
function refused(answer) {
  if (answer.status !== 401 && answer.status !== 403) return false;
  ended = true;
  day = null;
  briefs.clear();
  if (answer.status === 403) queue.clear();
  const dialog = byId("dialog");
  if (dialog.open) dialog.close();
  byId("day").replaceChildren(make("p", { class: "ended", role: "alert" }, answer.status === 401 ? words.expired : words.denied));
  byId("date").textContent = "";
  byId("turn").hidden = true;
  return true;
}

function connected(well) {
  const line = byId("connection");
  if (well && lost) say(byId("spoken"), words.again);
  lost = !well;
  say(line, well ? "" : `${words.lost} ${words.kept}`);
  draw();
}

function news(text) {
  const close = make("button", { type: "button", class: "plain" }, words.dismiss);
  const item = make("p", { class: "news" }, make("span", {}, text), close);
  close.addEventListener("click", () => { item.remove(); byId("day").focus(); });
  byId("news").append(item);
}

// ------------------------------------------------------------------ tapping

/** Keep a tap and send it. Where its button is gone afterwards, the focus goes to the step that comes `then`. */
function tapped(visit, body, then = "") {
  queue.add(visit.ticket, { booking: visit.booking, version: visit.version, ...body });
  follows = then;
  draw();
  if (!lost) round();
}

async function done(visit) {
  const brief = briefs.get(visit.booking);
  const came = await ask.outcome(byId("dialog"), words, visit, (brief && brief.bodies) || []);
  if (came && came.kind === "later") tapped(visit, { act: "done" });
  else if (came) tapped(visit, { act: "outcome", ...came, version: outcomeOf(visit) });
}

async function promise(visit) {
  const brief = briefs.get(visit.booking);
  const version = outcomeOf(visit);
  const foresee = async (made) => {
    const answer = await request("preview", { booking: visit.booking, version, promise: made });
    return refused(answer) ? null : answer.data || { result: "incomplete" };
  };
  const made = await ask.promise(byId("dialog"), words, visit, { day, parties: brief ? brief.parties : [], draft: drafts.of(visit.booking), foresee });
  if (made) tapped(visit, { act: "outcome", kind: "promised", promise: made, version });
  if (made) drafts.of(visit.booking).drop();
}

/** A break or a delay begins, is changed or ends: for the whole line. */
function held(lane, body) {
  queue.add("", { session: lane.session, seen: lane.stands, ...body }, "lane");
  follows = `${lane.waiting.length ? "call" : "hold"}-${lane.session}`;
  draw();
  if (!lost) round();
}

/** `why` is "break" or "delay". */
async function hold(lane, why) {
  const minutes = await ask.hold(byId("dialog"), words, lane, why, day.spans[why]);
  if (minutes !== null) held(lane, { act: "hold", held: why, minutes });
}

function outcomeOf(visit) {
  const brief = briefs.get(visit.booking);
  return brief ? brief.outcome : 0;
}

/** Take back the last step: on the phone while it waits there, else with the municipality. */
async function undo(visit) {
  const waits = queue.unsent(visit.booking);
  const then = `${(waits ? STEPS[waits.body.act] : visit.undo) === "finish" ? "done" : "in"}-${visit.booking}`;
  if (waits) {
    queue.drop(waits);
    follows = then;
    draw();
  } else if (!visit.outcome) tapped(visit, { act: "undo" }, then);
  else if (await ask.undo(byId("dialog"), words, visit)) tapped(visit, { act: "undo", withdraws: visit.outcome }, then);
}

// ------------------------------------------------------------------ drawing

/** Only where something has changed, and the focus stays where it was. */
function draw() {
  if (ended || !day) return;
  const state = JSON.stringify([day, queue.taps, Array.from(briefs), words.dir]);
  if (state === drawn) return;
  drawn = state;
  document.documentElement.lang = day.language;
  document.documentElement.dir = words.dir;
  document.title = words.title;
  byId("title").textContent = words.title;
  byId("date").textContent = day.date;
  drawOffices();
  const focused = document.activeElement && document.activeElement.dataset.focus;
  const now = expected(day, queue);
  const lanes = now.lanes.length ? now.lanes.map(drawLane) : [make("p", { class: "quiet" }, words.nothing)];
  byId("day").replaceChildren(...lanes);
  const lostFocus = document.activeElement === byId("day") && follows; // its button was not there yet
  if (!focused && !lostFocus) return;
  const find = (name) => name && document.querySelector(`[data-focus="${name}"]`);
  (find(focused) || find(follows) || byId("day")).focus({ preventScroll: true });
}

function drawOffices() {
  byId("turn").hidden = day.offices.length < 2;
  byId("turn-label").textContent = words.office;
  const choice = byId("office");
  if (document.activeElement === choice) return;
  choice.replaceChildren(...day.offices.map((one) => {
    const option = make("option", { value: one.id }, one.name);
    option.selected = one.id === day.office;
    return option;
  }));
}

function drawLane(lane) {
  const id = `lane-${lane.session}`;
  return make("section", { class: "lane", "aria-labelledby": id },
    make("div", { class: "head" }, make("h2", { id }, lane.name), drawHold(lane)),
    lane.note ? make("p", { class: "note" }, lane.note) : null,
    make("h3", {}, words.inside),
    lane.inside.length ? lane.inside.map((visit) => drawPerson(visit, true, lane)) : make("p", { class: "quiet" }, words.nobody),
    lane.called.length ? [make("h3", {}, words.called), lane.called.map((visit) => drawPerson(visit, false, lane))] : null,
    drawNext(lane),
    heading(lane, "waiting"),
    lane.waiting.length ? make("ol", { class: "list" }, lane.waiting.map(drawRow)) : make("p", { class: "quiet" }, words.none_waiting),
    lane.absent.length ? [heading(lane, "absent"), make("ol", { class: "list" }, lane.absent.map(drawRow))] : null,
    ["to_come", "to_call", "missed"].filter((list) => lane[list].length)
      .map((list) => [heading(lane, list), make("ol", { class: "list" }, lane[list].map(drawAwaited))]),
    lane.finished.length ? [make("h3", {}, words.finished), make("ol", { class: "list" }, lane.finished.map(drawFinished))] : null,
    make("p", { class: "quiet counted" }, lane.counted));
}

/** A list's name with how many it has, as the queue in the chat counts them; while taps wait, the list says more. */
function heading(lane, list) {
  const waits = LISTS.some((one) => lane[one].some((visit) => visit.queued));
  return make("h3", {}, words[list], waits ? null : make("span", { class: "count" }, lane.counts[list]));
}

function button(visit, name, kind, act) {
  const element = make("button", {
    type: "button", class: kind, "data-focus": `${name}-${visit.booking}`,
    "aria-label": `${words[name]}: ${words.ticket.replace("{ticket}", visit.ticket)}`,
  }, words[name]);
  element.addEventListener("click", () => act(visit));
  return element;
}

const goesIn = (visit) => tapped(visit, { act: "in" }, `done-${visit.booking}`);

/** A line that stands still goes on, or one that goes on has a break or a delay. */
function drawHold(lane) {
  if (lane.queued) return make("p", { class: "queued" }, `${words.queued}: ${words[lane.queued]}`);
  if (!lane.held && !lane.open) return null;
  const choice = (name, label, act) => {
    const element = make("button", { type: "button", class: "plain", "data-focus": `${name}-${lane.session}`, "aria-label": `${label}: ${lane.name}` }, label);
    element.addEventListener("click", act);
    return element;
  };
  return make("div", { class: "hold" },
    lane.held ? choice("go_on", words.go_on, () => held(lane, { act: "go_on" })) : null,
    choice("hold", lane.held ? words.hold_anew : words.hold, () => hold(lane, lane.hold || "break")),
    lane.held ? null : choice("delay", words.delay, () => hold(lane, "delay")));
}

/** Whoever is next, where nobody is on the way. During a break the same tap ends it: nobody is called into an empty room. */
function drawNext(lane) {
  const next = lane.waiting.find((visit) => !visit.away);
  if (!next || lane.called.length) return null;
  if (lane.held && lane.queued) return null; // it is not known yet whether the line goes on
  const element = make("button", { type: "button", class: lane.inside.length ? "big second next" : "big next", "data-focus": `call-${lane.session}` },
    (lane.held ? words.call_and_end[lane.hold] : words.call).replace("{ticket}", next.ticket));
  element.addEventListener("click", () => tapped(next, lane.held ? { act: "call", resumes: true } : { act: "call" }, `in-${next.booking}`));
  return element;
}

function drawPerson(visit, inside, lane) {
  const settled = ["done", "outcome", "undo"].includes(visit.queued);
  const notHere = () => tapped(visit, { act: "not_here" }, `call-${lane.session}`);
  return make("article", { class: inside ? "person inside" : "person" },
    make("p", { class: "ticket" }, make("b", {}, visit.ticket), make("span", {}, [visit.time, visit.topic, visit.since].filter(Boolean).join(" · "))),
    drawQueued(visit),
    settled ? null : make("div", { class: "buttons" },
      inside ? button(visit, "done", "big", done) : button(visit, "in", "big", goesIn),
      inside ? button(visit, "promise", "big second", promise) : button(visit, "not_here", "big second", notHere)),
    drawUndo(visit),
    drawBrief(visit));
}

function drawQueued(visit) {
  if (!visit.queued) return null;
  return make("p", { class: "queued" }, `${words.queued}: ${visit.queued === "undo" ? undoes(visit.undo) : words.steps[STEPS[visit.queued]]}`);
}

const STEPS = { call: "call", in: "enter", not_here: "not_here", done: "finish", outcome: "finish" };
const undoes = (step) => words.undo.replace("{step}", words.steps[step]);

/** Offered while the last step can still be taken back. What is on its way has to be answered first. */
function drawUndo(visit) {
  const step = visit.queued ? queue.unsent(visit.booking) && STEPS[visit.queued] : visit.undo;
  if (!step) return null;
  const element = make("button", {
    type: "button", class: "plain undo", "data-focus": `undo-${visit.booking}`,
    "aria-label": `${undoes(step)}: ${words.ticket.replace("{ticket}", visit.ticket)}`,
  }, undoes(step));
  element.addEventListener("click", () => undo(visit));
  return element;
}

function drawFinished(visit) {
  const about = [visit.time, visit.topic, visit.outcome_name].filter(Boolean).join(" · ");
  return make("li", {}, make("p", { class: "row" }, make("b", {}, visit.ticket), make("span", {}, about)), drawQueued(visit), drawUndo(visit));
}

function drawBrief(visit) {
  const brief = briefs.get(visit.booking);
  if (!brief) return make("p", { class: "quiet" }, words.brief_later);
  if (!brief.lines.length) return make("p", { class: "quiet" }, words.no_brief);
  return make("section", { class: "brief", "aria-label": words.brief },
    make("dl", {}, brief.lines.map((line) => [make("dt", {}, line.label), make("dd", { dir: "auto" }, line.text)])));
}

function drawRow(visit) {
  return make("li", {},
    make("p", { class: "row" }, make("b", {}, visit.ticket), make("span", {}, [visit.time, visit.topic, visit.away].filter(Boolean).join(" · "))),
    drawQueued(visit),
    drawUndo(visit),
    button(visit, "in", "small", goesIn));
}

function drawAwaited(one) {
  return make("li", {}, make("p", { class: "row" }, make("b", {}, one.time), make("span", {}, one.topic)));
}

// ------------------------------------------------------------------ beginning

begin();
document.documentElement.dir = words.dir;
byId("title").textContent = words.title;
say(byId("connection"), words.loading);
expire();
byId("office").addEventListener("change", (event) => {
  office = event.target.value;
  tag = "";
  round();
});
document.addEventListener("visibilitychange", () => { if (!document.hidden) round(); });
window.addEventListener("online", round);
round();
