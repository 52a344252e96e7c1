// The week, step by step. Each step may be played again: what it finds done already, it does not do twice.

import { chooseLanguage } from "./story_desk.js";
import { NotDone } from "./story_play.js";

const MINUTE = 60;
const HOUR = 3600;
const DAY = 86_400;
const QUESTIONS = 30; // more than any form has

// What the questions of a form are answered with: the sentence to write, the choice to make, or first one and then the
// other. What is not named here is answered with its first choice.
const ANSWERS = {
  "booking:instead": { choose: /^s\d|^days/ }, "booking:about": { write: "matter", choose: /^go/ }, "booking:topic": { choose: /^neighbourhood/ },
  "booking:visit": { choose: /^done/ }, "booking:review": { choose: /^confirm/ }, "request:unfinished": { choose: /^new/ },
  "request:words": { write: "complaint" }, "request:place": { write: "place" }, "request:similar": { choose: /^different/ },
  "request:identity": { choose: /^anonymous/ }, "request:review": { choose: /^submit/ },
};

// ---------------------------------------------------------------- one step after the other

async function book(play) {
  const { resident, facts } = play;
  const confirmed = () => play.button(resident, /^do:(?:ics|cancel):(B-[\w-]+):/, { after: facts.since });
  if (!confirmed()) {
    await chooseLanguage(play);
    Object.assign(play, { taps: 0, texts: 0 }); // what is counted is the booking
    const [said, turn] = [play.lastId(resident), turnOf(play)];
    await play.write(resident, resident, "/start");
    await play.press(resident, resident, /^do:book:/, "menu", { after: said });
    await fill(play, turn, () => confirmed() ?? hasOne(play));
  }
  const now = confirmed();
  facts.booking = (now ?? hasOne(play)).match[1];
  if (now) Object.assign(facts, { taps: facts.taps ?? play.taps, texts: facts.texts ?? play.texts });
  else play.say("had", { who: resident, label: facts.booking });
  facts.startsAt ??= await readTime(play);
  if (now) play.reveal(resident, resident, confirmed().message);
}

async function seen(play) {
  const { facts, staff } = play;
  const card = () => cardOf(play, facts.booking, /^desk:bk_contact:(\d+):/);
  const { group, match } = await play.until(card, "card");
  Object.assign(facts, { group, bookingId: match[1] });
  await play.look(staff, group);
  const before = play.lastId(group);
  await play.tap(staff, group, card());
  await play.until(() => play.told(group).find((one) => one.id > before && one.text.includes(facts.booking)), "contact", group);
}

async function reminded(play) {
  const { resident, facts } = play;
  const reminder = () => play.button(resident, /^do:attend:/, { about: facts.booking });
  await play.look(resident, resident);
  for (const before of [DAY, 2 * HOUR]) {
    if (reminder() || facts.startsAt - before < play.store.now()) continue;
    await play.clockTo(facts.startsAt - before + MINUTE);
    await play.until(reminder, "reminder", resident);
  }
  const found = await play.press(resident, resident, /^do:attend:/, "reminder", { about: facts.booking });
  await answered(play, found.message);
}

async function met(play) {
  const { resident, facts } = play;
  const promised = () => play.button(resident, /^do:case:(C-[\w-]+):/, { about: facts.booking });
  if (!promised()) {
    if (!outcome(play)) {
      if (!ofBooking(play, "done")) await arrive(play);
      await receive(play);
    }
    await promise(play, promised);
  }
  await play.look(resident, resident);
  const found = await play.until(promised, "outcome", resident);
  facts.followUp = found.match[1];
  play.reveal(resident, resident, found.message);
}

async function arrive(play) {
  const { resident, staff, group, facts } = play;
  await play.look(staff, group);
  await play.clockTo(facts.startsAt - 10 * MINUTE);
  await play.tapUntil(staff, group, () => ofBooking(play, "arrived"), () => ofBooking(play, "in"), "arrived");
  await play.look(resident, resident);
  await play.until(() => play.button(resident, /^do:line_leave:/, { about: facts.booking }), "number", resident);
}

async function receive(play) {
  const { resident, staff, group, facts } = play;
  if (ofBooking(play, "in")) {
    await play.clockTo(facts.startsAt);
    const before = play.lastId(group);
    await play.write(staff, group, "/hall");
    const next = () => play.button(group, /^desk:line_next:/, { after: before });
    await play.until(() => next() ?? play.told(group).find((one) => one.id > before && one.buttons.length), "queue", group);
    if (next()) {
      const card = ofBooking(play, "in")?.button.callback_data;
      await play.tapUntil(staff, group, next, () => !next(), "queue");
      await play.look(resident, resident);
      await play.unless(() => ofBooking(play, "in")?.button.callback_data !== card); // the call changes the card
    }
    await play.tapUntil(staff, group, () => ofBooking(play, "in"), () => !ofBooking(play, "in"), "in");
    await play.clockTo(play.store.now() + 10 * MINUTE);
  }
  await play.tapUntil(staff, group, () => ofBooking(play, "done"), () => outcome(play), "done");
}

async function promise(play, promised) {
  const { staff, group } = play;
  const choose = (value) => play.tapUntil(staff, group, () => outcome(play, value), () => outcome(play) && !outcome(play, value), "outcomes");
  if (outcome(play, /^k\.promised$/)) {
    const asked = await play.asksFor(staff, group, () => play.press(staff, group, /^desk:outcome:.*:k\.promised$/, "outcomes"), "outcomes");
    await play.write(staff, group, play.sentences.promise, asked);
    await play.until(() => outcome(play, /^p\.\d+$/), "outcomes", group);
  }
  if (outcome(play, /^p\.\d+$/)) await choose(/^p\.\d+$/);
  if (!outcome(play, /^send$/)) await choose(/^u\.\d+$/);
  await play.tapUntil(staff, group, () => outcome(play, /^send$/), promised, "outcomes");
  await play.unless(() => !outcome(play, /^send$/)); // the team sees that it is recorded
}

async function rated(play) {
  const { resident, facts } = play;
  await play.look(resident, resident);
  const thanked = () => play.button(resident, /^do:comment:/, { about: facts.booking });
  const asked = () => play.button(resident, /^do:rate_meeting:.*\.5:/, { about: facts.booking });
  if (!thanked()) await play.tap(resident, resident, await play.clockUntil(asked, HOUR, 16, "rating", resident));
  await play.until(thanked, "thanks", resident);
}

async function kept(play) {
  const { resident, facts } = play;
  await play.look(resident, resident);
  const closed = () => play.button(resident, /^do:rate:/, { about: facts.followUp });
  const asked = () => play.button(resident, /^do:was_done:\d+\.yes:/, { about: facts.followUp });
  if (!closed()) await play.tap(resident, resident, await play.clockUntil(asked, DAY, 45, "due", resident));
  await play.until(closed, "thanks", resident);
}

async function complained(play) {
  const { resident, facts } = play;
  facts.before ??= play.lastId(resident);
  const received = () => play.button(resident, /^do:add:(C-[\w-]+):/, { after: facts.before });
  if (!received()) {
    const turn = turnOf(play);
    await play.photo(resident, resident, "bin", play.sentences.complaint);
    await fill(play, turn, received);
  }
  facts.complaint = received().match[1];
  play.reveal(resident, resident, received().message);
}

async function followedUp(play) {
  const { resident, staff, facts } = play;
  const card = await play.until(() => cardOf(play, facts.complaint, /^desk:(?:claim|menu|reply|history):(\d+):/), "card");
  const group = card.group;
  const ofCase = (act, value = "") => play.button(group, new RegExp(`^desk:${act}:${card.match[1]}:\\d+:${value}`));
  const asked = () => play.button(resident, /^do:fixed:/, { about: facts.complaint });
  const closed = () => play.button(resident, /^do:rate:/, { about: facts.complaint });
  await play.look(staff, group);
  if (!closed() && !asked()) {
    if (ofCase("claim")) await claim(play, group, ofCase);
    await solve(play, group, ofCase, asked);
  }
  await play.look(resident, resident);
  if (!closed()) await play.tap(resident, resident, await play.until(asked, "fixed", resident));
  await play.until(closed, "thanks", resident);
}

async function claim(play, group, ofCase) {
  const { resident, staff } = play;
  await play.tapUntil(staff, group, () => ofCase("claim"), () => !ofCase("claim"), "claim");
  await play.look(resident, resident);
  await play.clockTo(play.store.now() + DAY);
}

async function solve(play, group, ofCase, asked) {
  const { staff } = play;
  if (!ofCase("say", "send")) {
    await play.tapUntil(staff, group, () => ofCase("menu", "status"), () => ofCase("resolve"), "status");
    const prompt = await play.asksFor(staff, group, () => play.tap(staff, group, ofCase("resolve")), "resolve");
    await play.write(staff, group, play.sentences.resolved, prompt);
  }
  await play.tapUntil(staff, group, () => ofCase("say", "send"), asked, "resolve");
}

// ---------------------------------------------------------------- what several steps do

const turnOf = (play) => play.question(play.resident)?.turn ?? 0;

// Answer the questions of a form, whichever the bot asks after `turn`, until `done`.
async function fill(play, turn, done) {
  const { resident } = play;
  const tried = new Set();
  for (let count = 0; count < QUESTIONS; count += 1) {
    await play.until(() => done() || asksForNumber(play) || turnOf(play) > turn, "question", resident);
    if (done()) return;
    if (asksForNumber(play)) {
      await play.shareNumber(resident, resident);
      await play.until(() => !asksForNumber(play), "question", resident);
    } else {
      turn = turnOf(play);
      await reply(play, play.question(resident), tried);
    }
  }
  throw new NotDone("question", resident);
}

function asksForNumber(play) {
  return play.store.chats.get(play.resident)?.keyboard?.keyboard?.flat().some((one) => one.request_contact) ?? false;
}

// A choice that was tried, and led back to the same question, is not tried again.
async function reply(play, question, tried) {
  const { resident } = play;
  const { write, choose } = ANSWERS[question.name] ?? {};
  if (write && !tried.has(write)) {
    tried.add(write);
    return play.write(resident, resident, play.sentences[write]);
  }
  const open = question.choices.filter((one) => !["back", "skip"].includes(one.value) && !tried.has(`${one.name}.${one.value}`));
  const chosen = (choose && open.find((one) => choose.test(one.value))) ?? open[0];
  if (!chosen) throw new NotDone("question", resident);
  tried.add(`${chosen.name}.${chosen.value}`);
  return play.tap(resident, resident, chosen);
}

// The appointment that they have already, where the bot refuses a second one.
function hasOne(play) {
  const question = play.question(play.resident);
  if (!["booking:one", "booking:already"].includes(question?.name)) return null;
  return play.button(play.resident, /^do:appointment:(B-[\w-]+):/, { after: question.message.id - 1 });
}

// When the appointment begins, from the calendar file that the bot gives for it.
async function readTime(play) {
  const { resident, facts } = play;
  const before = play.lastId(resident);
  await play.press(resident, resident, /^do:ics:/, "confirmation", { about: facts.booking });
  const isCalendar = (one) => one.id > before && one.media?.name.endsWith(".ics");
  const file = await play.until(() => play.told(resident).find(isCalendar), "calendar", resident);
  const text = await (await fetch(`/phones/media/${file.media.file}`)).text();
  const found = /DTSTART(;[^:]*)?:(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)(Z?)/.exec(text);
  if (!found) throw new NotDone("calendar", resident);
  const [, , year, month, day, hour, minute, second, utc] = found;
  return Date.UTC(year, month - 1, day, hour, minute, second) / 1000 - (utc ? 0 : 3 * HOUR); // else in Bahrain's time
}

// The card of a booking or a request, in whichever group it came: the bot knows whose it is.
function cardOf(play, reference, pattern) {
  for (const group of play.store.people.get(play.staff).groups) {
    const found = play.button(group, pattern, { about: reference });
    if (found) return { ...found, group };
  }
  return null;
}

const ofBooking = (play, act) => play.button(play.group, new RegExp(`^desk:bk_${act}:${play.facts.bookingId}:`));

// A button of what the bot asks about the meeting's outcome: of its newest question alone.
function outcome(play, value = /./) {
  const pattern = new RegExp(`^desk:outcome:${play.facts.bookingId}:\\d+:(.+)$`);
  for (const message of play.told(play.group)) {
    const choices = message.buttons.flat().map((button) => ({ message, button, match: pattern.exec(button.callback_data ?? "") })).filter((one) => one.match);
    if (choices.length) return choices.find((one) => value.test(one.match[1])) ?? null;
  }
  return null;
}

// Wait until the bot has answered a tap: with another message, or by changing the one that was tapped.
async function answered(play, message) {
  const shown = JSON.stringify([message.text, message.buttons]);
  const changed = () => {
    const now = play.store.list(play.resident).get(message.id);
    return !now || JSON.stringify([now.text, now.buttons]) !== shown || play.lastId(play.resident) > message.id;
  };
  await play.until(changed, "thanks", play.resident);
}

export const STEPS = [
  ["book", book], ["seen", seen], ["reminded", reminded], ["met", met], ["rated", rated], ["kept", kept], ["complained", complained],
  ["followedUp", followedUp],
].map(([id, play]) => ({ id, play }));
