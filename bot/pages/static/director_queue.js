/* Taps that wait to be sent. Each has a key of its own, so that sending it again, because nothing was heard, is harmless. */

const OLDEST = 6 * 3600 * 1000; // what is older is not sent any more
const OLDEST_OF_LANE = 2 * 60 * 1000; // nor is a break that was meant for another moment

const stale = (tap) => Date.now() - tap.at > (tap.path === "lane" ? OLDEST_OF_LANE : OLDEST);

export class Queue {
  constructor(owner) {
    this.place = `taps:${owner}`;
    this.taps = [];
    this.dropped = [];
    try {
      this.taps = JSON.parse(localStorage.getItem(this.place)) || [];
    } catch (error) {
      this.taps = [];
    }
    this.dropped = [];
    this.expire();
  }

  /** What is too old to be sent goes to `dropped`, to be said. */
  expire() {
    this.dropped = this.dropped.concat(this.taps.filter(stale));
    this.taps = this.taps.filter((tap) => !stale(tap));
    this.keep();
  }

  keep() {
    try {
      if (this.taps.length) localStorage.setItem(this.place, JSON.stringify(this.taps));
      else localStorage.removeItem(this.place);
    } catch (error) {
      // A full or forbidden storage: the taps live as long as the page.
    }
  }

  /** `path` is where it is sent: "tap" on a visitor, "lane" on a whole line. */
  add(ticket, body, path = "tap") {
    const key = Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
    this.taps.push({ at: Date.now(), ticket, path, body: { ...body, key } });
    this.keep();
  }

  /** From now on the server may have heard of it. */
  sending(tap) {
    tap.sent = true;
    this.keep();
  }

  /** The last tap for a visit, while nothing of it has been sent; then it can simply be let go. */
  unsent(booking) {
    const last = this.of(booking).pop();
    return last && !last.sent ? last : null;
  }

  drop(tap) {
    this.taps = this.taps.filter((one) => one !== tap);
    this.keep();
  }

  of(booking) {
    return this.taps.filter((tap) => booking !== undefined && tap.body.booking === booking);
  }

  /** The first is done with. What follows for the same visit was tapped on what it has led to. */
  settle(answer) {
    const [done] = this.taps.splice(0, 1);
    if (answer && answer.result === "done" && done.path !== "lane") {
      this.of(done.body.booking).filter((tap) => tap.body.act !== "outcome").forEach((tap) => { tap.body.version = answer.version; });
    }
    this.keep();
    return done;
  }

  clear() {
    this.taps = [];
    this.keep();
  }
}

/** What was typed of a promise, kept over a reload until it is sent. */
export class Drafts {
  constructor(owner) {
    this.owner = owner;
  }

  of(booking) {
    const place = `promise:${this.owner}:${booking}`;
    const attempt = (act) => {
      try {
        return act();
      } catch (error) {
        return null; // a full or forbidden storage
      }
    };
    return {
      read: () => attempt(() => JSON.parse(sessionStorage.getItem(place))) || {},
      keep: (made) => attempt(() => sessionStorage.setItem(place, JSON.stringify(made))),
      drop: () => attempt(() => sessionStorage.removeItem(place)),
    };
  }
}

/** Where somebody is after a tap. Who is done stays in sight until that is sent: nobody is to wonder where they went. */
const AFTER = { call: "called", in: "inside", not_here: "absent", done: "inside", outcome: "inside" };
const ENDS = ["done", "outcome"];
export const LISTS = ["called", "waiting", "absent", "inside", "finished"];

/** The day as it will be once all that waits has been sent. */
export function expected(day, queue) {
  const lanes = day.lanes.map((lane) => ({ ...lane, ...Object.fromEntries(LISTS.map((list) => [list, lane[list].slice()])) }));
  queue.taps.filter(({ path }) => path === "lane").forEach(({ body }) => {
    lanes.filter((lane) => lane.session === body.session).forEach((lane) => { lane.queued = body.held === "delay" ? body.held : body.act; });
  });
  queue.taps.filter(({ path }) => path !== "lane").forEach(({ body }) => lanes.forEach((lane) => {
    const list = LISTS.find((one) => lane[one].some((visit) => visit.booking === body.booking));
    const after = AFTER[body.act];
    if (!list || (list === "finished" && body.act !== "undo") || (list === after && !ENDS.includes(body.act))) return; // it has had its effect
    if (body.act === "undo") {
      lane[list] = lane[list].map((visit) => (visit.booking === body.booking ? { ...visit, queued: "undo" } : visit));
      return;
    }
    const [visit] = lane[list].splice(lane[list].findIndex((one) => one.booking === body.booking), 1);
    lane[after].push({ ...visit, version: visit.version + 1, queued: body.act });
  }));
  return { ...day, lanes };
}
