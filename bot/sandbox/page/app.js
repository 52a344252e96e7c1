// The page: two phones, a clock, and the addresses that open them.

import { h, icon } from "./dom.js";
import { Phone } from "./phone.js";
import { Store } from "./store.js";
import { fullTime } from "./words.js";

const STEPS = [["+10 min", 600], ["+1 h", 3600], ["+1 day", 86400], ["+1 week", 604800]];
const NARROW = matchMedia("(max-width: 900px)");

const store = new Store();
const phones = [];
let shown = 0; // which phone a narrow screen shows

async function begin() {
  await store.open();
  const seats = wantedSeats();
  seats.forEach((seat, index) => phones.push(new Phone(store, seat.person, { chat: seat.chat, payload: seat.payload, onHolder: (to) => holderChanged(index, to) })));
  document.getElementById("phones").append(...phones.map((phone) => phone.element));
  for (const phone of phones) phone.draw();
  drawTime();
  drawStatus();
  drawSwitch();
  store.addEventListener("time", drawTime);
  store.addEventListener("status", drawStatus);
  store.addEventListener("all", () => { drawTime(); drawSwitch(); });
  setInterval(tick, 5000);
  NARROW.addEventListener("change", drawSwitch);
}

// ?person=1001&start=payload opens that phone at START; ?phones=1001,2001:-100… names both, with the chat open in each.
function wantedSeats() {
  const query = new URLSearchParams(location.search);
  const ids = [...store.people.keys()];
  const seats = (query.get("phones") ?? "").split(",").filter(Boolean).map((part) => {
    const [person, chat] = part.split(":");
    return { person: Number(person), chat: chat === undefined ? null : Number(chat), payload: null };
  }).filter((seat) => store.people.has(seat.person));
  const person = Number(query.get("person"));
  if (store.people.has(person)) seats.unshift({ person, chat: Number(query.get("chat")) || person, payload: query.get("start") });
  for (const id of ids) if (seats.length < 2 && !seats.some((seat) => seat.person === id)) seats.push({ person: id, chat: id, payload: null });
  return seats.slice(0, 2);
}

// Called with a person when somebody else takes a phone, without one when a phone's chat changed.
function holderChanged(index, personId) {
  if (personId !== undefined) {
    const other = phones.find((phone, at) => at !== index && phone.personId === personId);
    other?.hold(phones[index].personId);
    phones[index].hold(personId);
  }
  const seats = phones.map((phone) => (phone.chatId === null ? `${phone.personId}` : `${phone.personId}:${phone.chatId}`));
  history.replaceState(null, "", `/?phones=${seats.join(",")}`);
  drawSwitch();
}

function drawTime() {
  const section = document.getElementById("time");
  section.hidden = false;
  const buttons = store.canAdvance ? STEPS.map(([label, seconds]) => h("button", {
    type: "button", "aria-label": `Move the clock ${label}`, onclick: (event) => forward(event.currentTarget, seconds),
  }, label)) : [];
  section.replaceChildren(h("span", { class: "time-now" }, icon("clock"), h("time", { "data-testid": "now" }, fullTime(store.now()))),
    h("span", { class: "time-steps", role: "group", "aria-label": "Move the clock" }, buttons));
}

async function forward(button, seconds) {
  const buttons = [...button.parentElement.children];
  for (const one of buttons) one.disabled = true;
  try { await store.advance(seconds); } catch (error) { phones[shown].toast(error.message); }
  drawTime();
}

function tick() {
  const now = document.querySelector("[data-testid=now]");
  if (now) now.textContent = fullTime(store.now());
}

let pendingSince = 0;

function drawStatus() {
  pendingSince = store.pending ? pendingSince || performance.now() : 0;
  const stuck = store.pending && performance.now() - pendingSince > 1500;
  const line = document.getElementById("status");
  const text = !store.live ? "Connection lost, trying again" : stuck ? `Waiting for the bot: ${store.pending}` : "Live";
  if (line.textContent !== text) line.textContent = text;
  line.className = `top-status ${!store.live ? "lost" : stuck ? "stuck" : "live"}`;
  if (store.pending && !stuck) setTimeout(drawStatus, 1600);
}

function drawSwitch() {
  const bar = document.getElementById("switch");
  bar.replaceChildren(...phones.map((phone, index) => h("button", {
    type: "button", "aria-pressed": String(index === shown), onclick: () => { shown = index; drawSwitch(); },
  }, h("span", { dir: "auto" }, phone.person?.name ?? ""))));
  phones.forEach((phone, index) => { phone.element.hidden = NARROW.matches && index !== shown; });
}

begin();
