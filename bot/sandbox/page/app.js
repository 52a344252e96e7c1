// The page: two phones, a clock, and the addresses that open them.

import { h, icon } from "./dom.js";
import { Phone } from "./phone.js";
import { Store } from "./store.js";
import { HeaderWords } from "./header_words.js";
import { Story } from "./story.js";
import { fullTime } from "./words.js";

const STEPS = [["minutes", 600], ["hour", 3600], ["day", 86400], ["week", 604800]];
const NARROW = matchMedia("(max-width: 900px)");

const store = new Store();
const phones = [];
const header = new HeaderWords();
let shown = 0; // which phone a narrow screen shows

async function begin() {
  header.addEventListener("change", drawHeader);
  drawName();
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
  new Story(store, header, stage);
}

// Where the story brings the chat of whoever acts to the front: residents have the first phone, the team has the second.
const stage = {
  front(person, chat) {
    const side = store.people.get(person).role === "resident" ? 0 : 1;
    const [own, other] = [phones[side], phones[1 - side]];
    if (other.personId === person) other.present(own.personId, null);
    own.present(person, chat);
    phones.forEach((phone) => phone.element.classList.toggle("acts", phone === own));
    if (shown !== side) show(side);
    return own;
  },
  rest() {
    for (const phone of phones) phone.element.classList.remove("acts");
  },
};

// ?person=1001&start=payload opens that phone at START; ?phones=1001,2001:-100… names both, with the chat open in each.
function wantedSeats() {
  const query = new URLSearchParams(location.search);
  const ids = [...store.people.keys()];
  const seats = (query.get("phones") ?? "").split(",").filter(Boolean).map((part) => {
    const [person, chat] = part.split(":");
    return { person: Number(person), chat: chat === undefined ? null : Number(chat), payload: null };
  });
  const person = Number(query.get("person"));
  seats.unshift({ person, chat: Number(query.get("chat")) || person, payload: query.get("start") });
  seats.push(...ids.map((id) => ({ person: id, chat: id, payload: null })));
  // Whoever is named twice has one phone, as in life.
  const isFirst = (seat, at) => seats.findIndex((one) => one.person === seat.person) === at;
  return seats.filter((seat, at) => store.people.has(seat.person) && isFirst(seat, at)).slice(0, 2);
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

function drawHeader() {
  drawName();
  drawTime();
  drawStatus();
  drawSwitch();
}

function drawName() {
  const { words } = header;
  Object.assign(document.documentElement, { lang: header.language, dir: header.language === "ar" ? "rtl" : "ltr" });
  document.getElementById("about").textContent = words.about;
  document.getElementById("switch").setAttribute("aria-label", words.phones);
  const button = document.getElementById("page-language");
  button.hidden = false;
  button.lang = header.other;
  button.textContent = words.otherLanguage;
  button.onclick = () => header.choose(header.other);
}

function drawTime() {
  const { words } = header;
  const section = document.getElementById("time");
  section.hidden = false;
  section.setAttribute("aria-label", words.time);
  const focused = [...section.querySelectorAll("button")].indexOf(document.activeElement);
  const buttons = store.canAdvance ? STEPS.map(([name, seconds]) => h("button", {
    type: "button", "aria-label": `${words.moveClock} ${words.steps[name]}`, onclick: (event) => forward(event.currentTarget, seconds),
  }, words.steps[name])) : [];
  section.replaceChildren(h("span", { class: "time-now" }, icon("clock"), h("time", { "data-testid": "now" }, fullTime(store.now(), header.language))),
    h("span", { class: "time-steps", role: "group", "aria-label": words.moveClock }, buttons));
  buttons[focused]?.focus();
}

async function forward(button, seconds) {
  if (button.getAttribute("aria-disabled")) return;
  const buttons = [...button.parentElement.children];
  for (const one of buttons) one.setAttribute("aria-disabled", "true"); // not `disabled`, which would lose the focus
  try { await store.advance(seconds); } catch (error) { phones[shown].toast(error.message); }
  drawTime();
}

function tick() {
  const now = document.querySelector("[data-testid=now]");
  if (now) now.textContent = fullTime(store.now(), header.language);
}

let pendingSince = 0;

function drawStatus() {
  pendingSince = store.pending ? pendingSince || performance.now() : 0;
  const stuck = store.pending && performance.now() - pendingSince > 1500;
  const line = document.getElementById("status");
  const text = !store.live ? header.words.lost : stuck ? header.words.waiting(store.pending) : header.words.live;
  if (line.textContent !== text) line.textContent = text;
  line.className = `top-status ${!store.live ? "lost" : stuck ? "stuck" : "live"}`;
  if (store.pending && !stuck) setTimeout(drawStatus, 1600);
}

function drawSwitch() {
  const bar = document.getElementById("switch");
  const focused = [...bar.children].indexOf(document.activeElement);
  bar.replaceChildren(...phones.map((phone, index) => h("button", {
    type: "button", "aria-pressed": String(index === shown), onclick: () => show(index),
  }, h("span", { dir: "auto" }, phone.person?.name ?? ""))), anyPhone());
  bar.children[focused]?.focus();
  phones.forEach((phone, index) => { phone.element.hidden = NARROW.matches && index !== shown; });
}

function show(index) {
  shown = index;
  drawSwitch();
}

// A narrow screen reaches everybody from here: whoever has a phone is shown, anybody else takes the one on the screen.
function anyPhone() {
  const choose = (id) => {
    const index = phones.findIndex((phone) => phone.personId === id);
    if (index >= 0) show(index);
    else holderChanged(shown, id);
  };
  const people = [...store.people.values()].map((one) => h("option", { value: one.id }, `${one.name} (${header.words.roles[one.role]})`));
  return h("select", { class: "any-phone", "aria-label": header.words.anyPhone, "data-testid": "any-phone", onchange: (event) => choose(Number(event.target.value)) },
    h("option", { value: "", selected: true, disabled: true }, header.words.others), people);
}

begin();
