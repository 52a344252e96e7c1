// The words of the page around the phones, and the language it is read in. A phone has a language of its own.

const REMEMBERED = "page-language";

const WORDS = {
  en: {
    about: "Sandbox. The real bot, on this machine only.", otherLanguage: "العربية", phones: "Phones", time: "Time",
    moveClock: "Move the clock", steps: { minutes: "+10 min", hour: "+1 h", day: "+1 day", week: "+1 week" },
    live: "Live", lost: "Connection lost, trying again", waiting: (n) => `Waiting for the bot: ${n}`,
    anyPhone: "Show anybody’s phone", others: "All phones",
    roles: { resident: "resident", staff: "staff", administrator: "administrator" },
  },
  ar: {
    about: "بيئة تجريبية: الروبوت الفعلي، على هذا الجهاز فقط.", otherLanguage: "English", phones: "الهواتف", time: "الوقت",
    moveClock: "تقديم الساعة", steps: { minutes: "+10 دقائق", hour: "+ساعة", day: "+يوم", week: "+أسبوع" },
    live: "متصل", lost: "انقطع الاتصال، تجري إعادة المحاولة", waiting: (n) => `بانتظار الروبوت: ${n}`,
    anyPhone: "عرض هاتف أي شخص", others: "كل الهواتف",
    roles: { resident: "مراجع", staff: "فريق العمل", administrator: "مدير النظام" },
  },
};

export class HeaderWords extends EventTarget {
  language = remembered() ?? (navigator.language.startsWith("ar") ? "ar" : "en");

  get words() { return WORDS[this.language]; }
  get other() { return this.language === "ar" ? "en" : "ar"; }

  choose(language) {
    this.language = language;
    remember(language);
    this.dispatchEvent(new Event("change"));
  }
}

// A browser may refuse to keep anything: the choice then lasts as long as the page.
function remembered() {
  try {
    const language = localStorage.getItem(REMEMBERED);
    return language in WORDS ? language : null;
  } catch { return null; }
}

function remember(language) {
  try { localStorage.setItem(REMEMBERED, language); } catch { /* see above */ }
}
