// The words of the story. `sentences` are what its people write; everything else they say is the bot's own offer.

export const STORY_WORDS = {
  en: {
    title: "A week of Customer Day", open: "Story", step: (n, of) => `Step ${n} of ${of}`,
    offer: (of) => `See what the bot does for residents and for the team: ${of} short steps, about two minutes. Each step is really done here, by the running bot.`,
    start: "Start the story", notNow: "Not now", next: "Next", stop: "Stop the story", again: "Start again", retry: "Try again", close: "Close",
    working: "Please watch the phones…", waits: (what) => `Waiting for: ${what}…`, done: "What happened", here: "Press Next to go on.",
    interrupted: "The story was interrupted in this step. Press Try again to go on from here.",
    elsewhere: "The story is playing in another window.",
    failed: "This step could not be done.", missed: (what) => `Waited in vain for: ${what}.`, lastSaid: (text) => `The bot’s last message there: “${text}”`,
    lost: "The sandbox does not answer. Check that it is running, then try again.",
    repair: "If somebody has changed things in between, start again: the story goes by what it finds.",
    end: "That was the week",
    ended: "The running bot did all of this. Open any chat and go on yourself, as anybody. Nothing has left this machine.",
    tally: (taps, texts) => `Booked with ${taps} taps and ${texts} ${texts === 1 ? "sentence" : "sentences"}.`,
    lines: {
      tapped: (who, label) => `${who} taps “${label}”`, wrote: (who, label) => `${who} writes “${label}”`,
      photographed: (who, label) => `${who} sends a photo with “${label}”`, shared: (who) => `${who} shares a phone number`,
      clock: (_, label) => `The clock moves to ${label}`, had: (who, label) => `${who} has an appointment already, ${label}. The story goes on with it.`,
    },
    steps: {
      book: {
        title: "A resident books", what: (one) => `${one.chosen ? `${one.administrator} sets the team’s group to English. ` : ""}${one.resident} opens the bot, chooses a municipality, a day and a time, and says what it is about.`,
        why: "There is nothing to install and no form to print. It takes a minute, at any hour, in Arabic or English.",
      },
      seen: {
        title: "The team sees it at once", what: (one) => `The appointment appears in the municipality’s group${one.chosen ? ", in the language that the administrator chose for the team" : ""}. ${one.staff} looks up how to reach the resident.`,
        why: "The team sees the matter, not the person. Who looks up a name and number is recorded, and the message goes away again.",
      },
      reminded: {
        title: "Shortly before: a reminder", what: (one) => `The clock moves on. The bot reminds ${one.resident}, who confirms.`,
        why: "Whoever cannot come cancels with one tap, and the time goes to the next person. Fewer chairs stay empty.",
      },
      met: {
        title: "Customer Day", what: (one) => `${one.resident} arrives, gets a number, is called and meets the Director General. ${one.staff} records what was promised, who does it and until when.`,
        why: "The resident has the promise in writing within a minute. Nothing depends on anybody’s memory.",
      },
      rated: {
        title: "The same evening", what: (one) => `The bot asks how the meeting was. ${one.resident} answers with one tap.`,
        why: "Satisfaction is measured after each meeting, while people remember it.",
      },
      kept: {
        title: "The promised day", what: (one) => `The clock moves to the day of the promise. The bot asks ${one.resident} if it was done.`,
        why: "The resident’s answer counts. If it was not done, the request is open again, and the public page counts it.",
      },
      complained: {
        title: "A complaint in one sentence", what: (one) => `${one.resident} sends a photo and one sentence. The bot understands what it is about and where, and asks only for the rest.`,
        why: "People write as they speak. What is easy to report gets reported.",
      },
      followedUp: {
        title: "The follow-up", what: (one) => `${one.staff} takes the complaint and says what was done. ${one.resident} confirms that it is fixed.`,
        why: "Each request has a reference, a date and somebody responsible. The resident is asked before it is closed.",
      },
    },
    waited: {
      menu: "the button to book", question: "the next question of the form", confirmation: "the confirmation of the appointment", calendar: "the calendar file",
      card: "the card in the team’s group", contact: "the contact details", reminder: "the reminder", arrived: "the button for the arrival", number: "the number for the queue",
      queue: "the queue", in: "the button to let the visitor in", done: "the button to end the meeting", outcomes: "the questions about the outcome",
      outcome: "the promise in writing", rating: "the question how the meeting was", due: "the question if the promise was kept", thanks: "the bot’s answer to the tap",
      receipt: "the reference of the complaint", claim: "the complaint taken", status: "the button that says it is solved", resolve: "the preview of the answer",
      fixed: "the question if it is fixed", clock: "a clock that can be moved",
    },
    sentences: {
      matter: "The drain on Road 1805 floods our street whenever it rains.", promise: "The drain on Road 1805 will be cleared and its grating replaced.",
      complaint: "The bins on Road 1805 in Block 318 have been full since Sunday.", place: "Road 1805, Block 318",
      resolved: "The bins were emptied this morning. From now on they are emptied twice a day.",
    },
  },
  ar: {
    title: "أسبوع مع يوم العميل", open: "القصة", step: (n, of) => `الخطوة ${n} من ${of}`,
    offer: (of) => `تعرض القصة ما تقدمه هذه الخدمة للمراجعين وفريق العمل: ${of} خطوات قصيرة في نحو دقيقتين. وكل خطوة تُنفَّذ هنا فعلاً.`,
    start: "بدء القصة", notNow: "ليس الآن", next: "التالي", stop: "إيقاف القصة", again: "البدء من جديد", retry: "إعادة المحاولة", close: "إغلاق",
    working: "تُنفَّذ الخطوة الآن على الهواتف…", waits: (what) => `بانتظار: ${what}…`, done: "ما تم", here: "للمتابعة يُرجى الضغط على «التالي».",
    interrupted: "توقفت القصة في هذه الخطوة. يمكن متابعتها من هنا بإعادة المحاولة.",
    elsewhere: "القصة معروضة الآن في نافذة أخرى.",
    failed: "تعذّر تنفيذ هذه الخطوة.", missed: (what) => `لم يظهر المطلوب: ${what}.`, lastSaid: (text) => `آخر رسالة هناك: «${text}»`,
    lost: "البيئة التجريبية لا تستجيب. يُرجى التأكد من تشغيلها ثم إعادة المحاولة.",
    repair: "إذا تغيّر شيء في هذه الأثناء، يمكن البدء من جديد: تسير القصة بحسب ما تجده.",
    end: "هكذا كان الأسبوع",
    ended: "كل ما سبق نفّذته الخدمة نفسها. ويمكن فتح أي محادثة والمتابعة باسم أي شخص. ولم يخرج شيء من هذا الجهاز.",
    tally: (taps, texts) => `عدد الضغطات في الحجز: ${taps}، وعدد الجمل المكتوبة: ${texts}.`,
    lines: {
      tapped: (who, label) => `${who}: الضغط على «${label}»`, wrote: (who, label) => `${who}: كتابة «${label}»`,
      photographed: (who, label) => `${who}: إرسال صورة مع «${label}»`, shared: (who) => `${who}: مشاركة رقم الهاتف`,
      clock: (_, label) => `تقديم الساعة إلى ${label}`, had: (who, label) => `${who}: هناك موعد سابق ${label}، وتُستكمل القصة به.`,
    },
    steps: {
      book: {
        title: "حجز موعد", what: (one) => `${one.chosen ? `${one.administrator}: اختيار العربية لمجموعة الفريق. ` : ""}${one.resident}: فتح المحادثة، ثم اختيار البلدية واليوم والوقت، وذكر الموضوع.`,
        why: "لا تطبيق جديد ولا نماذج ورقية. ويتم الحجز في دقيقة، في أي وقت، بالعربية أو الإنجليزية.",
      },
      seen: {
        title: "الموعد يصل إلى الفريق فوراً", what: (one) => `يظهر الموعد في مجموعة البلدية${one.chosen ? " باللغة المختارة للفريق" : ""}. ${one.staff}: عرض بيانات التواصل.`,
        why: "يرى الفريق الموضوع لا الشخص. ويُسجَّل كل اطلاع على الاسم والرقم، ثم تُحذف الرسالة.",
      },
      reminded: {
        title: "تذكير قبيل الموعد", what: (one) => `تتقدم الساعة، فيصل التذكير إلى صاحب الموعد. ${one.resident}: تأكيد الحضور.`,
        why: "من تعذّر حضوره يلغي بضغطة واحدة، فينتقل الوقت إلى غيره. وهكذا تقل المقاعد الخالية.",
      },
      met: {
        title: "يوم العميل", what: (one) => `${one.resident}: الوصول، ثم رقم الدور، ثم النداء، ثم لقاء المدير العام. ${one.staff}: تسجيل ما تم التعهد به، ومن ينفذه، وإلى متى.`,
        why: "يصل التعهد مكتوباً إلى المراجع خلال دقيقة، فلا يعتمد شيء على ذاكرة أحد.",
      },
      rated: {
        title: "في مساء اليوم نفسه", what: (one) => `يصل سؤال عن اللقاء. ${one.resident}: الإجابة بضغطة واحدة.`,
        why: "يُقاس الرضا بعد كل لقاء، والتجربة ما زالت حاضرة.",
      },
      kept: {
        title: "يوم الوفاء بالتعهد", what: (one) => `تتقدم الساعة إلى اليوم المتفق عليه، فيصل السؤال: هل تم التنفيذ؟ ${one.resident}: الإجابة.`,
        why: "الكلمة للمراجع: إن لم يتم التنفيذ فُتح الطلب من جديد، وظهر ذلك في الأرقام المعلنة.",
      },
      complained: {
        title: "شكوى في جملة واحدة", what: (one) => `${one.resident}: إرسال صورة مع جملة واحدة. فيُفهم منها الموضوع والمكان، ولا يُسأل إلا عما بقي.`,
        why: "يكتب الناس كما يتكلمون. وما سهل الإبلاغ عنه وصل إلى البلدية.",
      },
      followedUp: {
        title: "المتابعة", what: (one) => `${one.staff}: استلام الشكوى ثم ذكر ما تم. ${one.resident}: تأكيد الحل.`,
        why: "لكل طلب رقم مرجعي وموعد ومسؤول. ويُسأل مقدم الطلب قبل الإغلاق.",
      },
    },
    waited: {
      menu: "زر الحجز", question: "السؤال التالي", confirmation: "تأكيد الموعد", calendar: "ملف التقويم",
      card: "البطاقة في مجموعة الفريق", contact: "بيانات التواصل", reminder: "التذكير", arrived: "زر تسجيل الحضور", number: "رقم الدور",
      queue: "قائمة الدور", in: "زر الدخول", done: "زر انتهاء اللقاء", outcomes: "أسئلة نتيجة اللقاء",
      outcome: "التعهد مكتوباً", rating: "السؤال عن اللقاء", due: "السؤال عن تنفيذ التعهد", thanks: "الرد على الضغطة",
      receipt: "الرقم المرجعي للشكوى", claim: "استلام الشكوى", status: "زر الحل", resolve: "معاينة الرد",
      fixed: "السؤال عن الحل", clock: "ساعة يمكن تقديمها",
    },
    sentences: {
      matter: "مصرف المياه في طريق 1805 يفيض في الشارع كلما نزل المطر.", promise: "سيتم تنظيف مصرف المياه في طريق 1805 وتغيير غطائه.",
      complaint: "الحاويات في طريق 1805 مجمع 318 ممتلئة منذ يوم الأحد.", place: "طريق 1805، مجمع 318",
      resolved: "تم تفريغ الحاويات صباح اليوم، وسيتم تفريغها مرتين يومياً من الآن.",
    },
  },
};
