/* The screen in the hall. Plain ES2017, for the browsers of televisions. It shows what it is sent and asks nothing. */
"use strict";
(function () {
  const given = JSON.parse(document.body.dataset.given);
  const order = [given.main].concat(Object.keys(given.texts.title).filter((code) => code !== given.main));
  const byId = (id) => document.getElementById(id);
  const query = location.search;
  const SLOWEST = 30000;

  let source = null;
  let said = null; // of the connection
  let heardAt = 0; // when the server last said anything
  let pause = 1000; // before it is tried again; it doubles
  let retry = 0;
  let skew = null; // from this screen's clock to the server's
  let offset = 0;
  let shown = new Map(); // ticket and lane of what was called when the screen was last drawn
  let first = true;
  let sound = null;

  // ------------------------------------------------------------------ drawing

  function make(tag, name, text) {
    const element = document.createElement(tag);
    if (name) element.className = name;
    if (text !== undefined) element.textContent = text;
    return element;
  }

  /** A text in every language, the main one first. */
  function pair(element, words) {
    element.textContent = "";
    if (!words) return element;
    order.forEach((code) => {
      if (!words[code]) return;
      const part = make("span", "", words[code]);
      part.lang = code;
      part.dir = code === "ar" ? "rtl" : "ltr";
      element.appendChild(part);
    });
    return element;
  }

  /** One ticket's tile: its number once, large, and the same in Arabic words and digits on a line of its own below. */
  function ticket(number) {
    const item = make("li");
    const large = make("span", "number", number.en);
    large.dir = "ltr";
    item.appendChild(large);
    const named = make("span", "named", given.texts.number.ar.replace("{ticket}", number.ar));
    named.lang = "ar";
    named.dir = "rtl";
    named.setAttribute("aria-hidden", "true"); // the same number again
    item.appendChild(named);
    return item;
  }

  function part(name, words, numbers) {
    const box = make("div", "part " + name);
    box.appendChild(pair(make("h3"), words));
    if (numbers.length) {
      const list = make("ol", "tickets");
      numbers.forEach((number) => list.appendChild(ticket(number)));
      box.appendChild(list);
    } else {
      box.appendChild(pair(make("p", "none"), given.texts.nobody));
    }
    return box;
  }

  function drawLane(lane, fresh) {
    const box = make("section", "lane");
    box.appendChild(pair(make("h2", "pair"), lane.name));
    if (lane.note) box.appendChild(pair(make("p", "note pair"), lane.note));
    if (lane.called.length) {
      const call = part("call", given.texts.called, lane.called);
      if (lane.called.some((number) => fresh.has(number.en))) call.classList.add("fresh");
      box.appendChild(call);
    }
    if (lane.inside.length || !lane.called.length) box.appendChild(part("inside", given.texts.serving, lane.inside));
    if (lane.next.length) box.appendChild(part("next", given.texts.next, lane.next));
    return box;
  }

  function draw(hall) {
    pair(byId("office"), hall.office);
    pair(byId("date"), hall.date);
    const state = !hall.lanes.length ? "none" : hall.state === "on" ? "" : hall.state;
    pair(byId("state"), state && given.texts[state]);
    const called = new Map();
    hall.lanes.forEach((lane) => lane.called.forEach((number) => called.set(number.en, lane)));
    const fresh = new Set(Array.from(called.keys()).filter((number) => !first && !shown.has(number)));
    const lanes = byId("lanes");
    lanes.textContent = "";
    hall.lanes.forEach((lane) => lanes.appendChild(drawLane(lane, fresh)));
    drawCalls(hall.calls);
    say(fresh, called);
    if (fresh.size) chime();
    shown = called;
    first = false;
  }

  function drawCalls(calls) {
    byId("recent").hidden = !calls.length;
    pair(byId("recent-title"), given.texts.calls);
    const list = byId("calls");
    list.textContent = "";
    calls.forEach((call) => {
      const item = make("li");
      item.appendChild(make("b", "", call.ticket.en));
      item.appendChild(make("span", "", call.lane[given.main] + " · " + call.at.en));
      list.appendChild(item);
    });
  }

  /** For who listens instead of looking: each call in every language, as long as it stands. */
  function say(fresh, called) {
    const spoken = byId("spoken");
    Array.from(spoken.children).forEach((call) => { if (!called.has(call.dataset.ticket)) spoken.removeChild(call); });
    fresh.forEach((number) => {
      const words = {};
      order.forEach((code) => { words[code] = given.texts.called[code] + " " + number + " " + called.get(number).name[code] + ". "; });
      const call = pair(make("span"), words);
      call.dataset.ticket = number;
      spoken.appendChild(call);
    });
  }

  function tick() {
    if (skew === null) return;
    const now = new Date(Date.now() + skew + offset); // read as UTC, it is the office's own time
    const two = (n) => (n < 10 ? "0" : "") + n;
    byId("clock").textContent = two(now.getUTCHours()) + ":" + two(now.getUTCMinutes());
  }

  // ------------------------------------------------------------------ the connection

  function connection(words) {
    const line = byId("connection");
    if (words && (line.hidden || words !== said)) pair(line, words);
    said = words;
    line.hidden = !words;
  }

  function connect() {
    retry = 0;
    heardAt = Date.now();
    source = new EventSource(location.pathname + "/events" + query);
    source.addEventListener("hall", (event) => { heard(); draw(JSON.parse(event.data)); });
    source.addEventListener("time", (event) => {
      heard();
      const time = JSON.parse(event.data);
      skew = time.now - Date.now();
      offset = time.offset;
      tick();
    });
    // A browser closes a stream by itself where the answer was none: the server takes no more screens.
    source.onerror = () => lost(source && source.readyState === EventSource.CLOSED);
  }

  function heard() {
    heardAt = Date.now();
    pause = 1000;
    connection(null);
  }

  /** Try again after a pause that grows, a little different on every screen. */
  function lost(refused) {
    if (retry) return;
    if (source) source.close();
    source = null;
    connection(refused ? given.texts.full : given.texts.lost);
    retry = setTimeout(connect, pause * (0.8 + Math.random() * 0.4));
    pause = Math.min(pause * 2, SLOWEST);
  }

  function watch() {
    tick();
    if (source && Date.now() - heardAt > given.lost_after) lost();
  }

  // ------------------------------------------------------------------ the chime

  function soundButton() {
    const button = byId("sound");
    button.classList.add("pair");
    pair(button, sound ? given.texts.sound_off : given.texts.sound_on);
  }

  function turn() {
    const Audio = window.AudioContext || window.webkitAudioContext;
    if (sound) {
      sound.close();
      sound = null;
    } else if (Audio) {
      sound = new Audio();
      chime();
    }
    soundButton();
  }

  /** Two tones, falling. */
  function chime() {
    if (!sound) return;
    [[660, 0], [523, 0.35]].forEach((tone) => {
      const at = sound.currentTime + tone[1];
      const pitch = sound.createOscillator();
      const volume = sound.createGain();
      pitch.frequency.value = tone[0];
      volume.gain.setValueAtTime(0.0001, at);
      volume.gain.exponentialRampToValueAtTime(0.3, at + 0.03);
      volume.gain.exponentialRampToValueAtTime(0.0001, at + 0.8);
      pitch.connect(volume);
      volume.connect(sound.destination);
      pitch.start(at);
      pitch.stop(at + 0.9);
    });
  }

  byId("sound").addEventListener("click", turn);
  window.addEventListener("online", () => { if (retry) { clearTimeout(retry); connect(); } });
  soundButton();
  pair(byId("state"), given.texts.loading);
  connect();
  setInterval(watch, 1000);
})();
