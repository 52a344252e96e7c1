// Before the week: the administrator chooses the language of the team's messages, so that whoever watches can read them.

const CARD = /^desk:(?:bk_contact|contact|history):/;
const SOON = 8_000; // milliseconds; an administrator who may not do it is no reason to stop

// Whether the cards of the team's groups are in the language of the story. Offices begin in Arabic.
function isChosen(play) {
  const card = play.store.people.get(play.staff).groups.map((group) => play.button(group, CARD)).find(Boolean);
  const inArabic = card ? /^[^\p{L}]*\p{Script=Arabic}/u.test(card.message.text) : true;
  return inArabic === (play.facts.language === "ar");
}

// In the administrator's own chat, by the buttons that any administrator has.
export async function chooseLanguage(play) {
  const { facts } = play;
  const { administrator: who, language } = facts;
  if (!who || facts.deskChosen || isChosen(play)) return;
  await play.speak(who, language);
  let turn = play.question(who)?.turn ?? 0;
  const next = (name) => play.unless(() => {
    const open = play.question(who);
    return open && open.turn > turn && open.name === name ? open : null;
  }, SOON);
  const choose = async (name, value) => {
    const open = await next(name);
    const choice = open?.choices.find((one) => value.test(one.value));
    if (choice) await play.tap(who, who, choice);
    turn = open?.turn ?? turn;
    return Boolean(choice);
  };
  await play.write(who, who, "/offices");
  const steps = [["offices:choose", /^(?!_)/], ["offices:menu", /^staff$/], ["offices:section", /^language$/], ["offices:enter", new RegExp(`^${language}$`)], ["offices:preview", /^confirm$/]];
  for (const [name, value] of steps) if (!await choose(name, value)) return;
  facts.deskChosen = Boolean(await next("offices:section"));
}
