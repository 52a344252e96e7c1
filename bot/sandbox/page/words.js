// The phone's own words. What the bot says is the bot's business.

const WORDS = {
  en: {
    chats: "Chats", bot: "bot", members: (n) => `${n} members`, typing: "typing…",
    message: "Message", send: "Send", attach: "Attach", back: "Back to chats", more: "More", commands: "Commands",
    start: "START", restart: "RESTART", payload: "Code from an invitation link (optional)", what: "What can this bot do?",
    blocked: "You stopped this bot.", block: "Stop and block the bot", unblock: "Unblock the bot",
    language: "العربية", switchLanguage: "Switch this phone to Arabic", nothing: "No messages here yet",
    reply: "Reply", react: "React", edit: "Edit", forward: "Forward", actions: "Message actions", cancel: "Cancel", close: "Close", ok: "OK",
    replyingTo: "Reply to", editing: "Edit message", edited: "edited", forwardedFrom: "Forwarded from", forwardTo: "Forward to…",
    photo: "Photo", album: "Album", voice: "Voice", document: "Document", sticker: "Sticker", location: "Location",
    contact: "Contact", chooseFile: "Choose a file", chooseFiles: "Choose files", samplePhotos: "Or a sample",
    bin: "Overflowing bin", pothole: "Hole in the road", flood: "Rainwater", tree: "Fallen tree",
    sampleAlbum: "Send three photos of it", shareLocation: "Share a location", latitude: "Latitude", longitude: "Longitude",
    shareThis: "Send this location", shareContact: "Share your phone number?",
    shareContactText: (phone) => `Your number \u2066${phone}\u2069 will be sent to this chat.`, share: "Share", pinned: "Pinned",
    hideKeyboard: "Hide the keyboard", showKeyboard: "Show the keyboard", you: "You", today: "Today", download: "Download",
    play: "Play", map: "Map", joined: (who) => `${who} joined the group`, left: (who) => `${who} left the group`,
    upgraded: "The group became a supergroup", topic: (name) => `Topic “${name}” was opened`, unread: (n) => `${n} unread`,
    noCommands: "The bot has set no commands", caption: "Caption (optional)", photoFrom: "Send a photo", notInside: "The bot is not in this group",
    openPhoto: "Open the photo", delete: "Delete", leave: "Leave the group", people: "Members", remove: "Remove", add: "Add",
    administrator: "administrator", notMembers: "Not in the group", openTopic: "Open a topic", topicName: "Name of the topic",
    onlyYou: "Only you see this", copied: (text) => `Copied: ${text}`,
    topics: "Topics", allTopics: "All", general: "General", actingAs: "Acting as", comma: ",",
  },
  ar: {
    chats: "المحادثات", bot: "روبوت", members: (n) => `الأعضاء: ${n}`, typing: "تجري الكتابة…",
    message: "رسالة", send: "إرسال", attach: "إرفاق", back: "العودة إلى المحادثات", more: "المزيد", commands: "الأوامر",
    start: "بدء", restart: "إعادة التشغيل", payload: "الرمز من رابط الدعوة (اختياري)", what: "ماذا يقدّم هذا الروبوت؟",
    blocked: "تم إيقاف هذا الروبوت.", block: "إيقاف الروبوت وحظره", unblock: "إلغاء الحظر",
    language: "English", switchLanguage: "تحويل هذا الهاتف إلى الإنجليزية", nothing: "لا توجد رسائل بعد",
    reply: "رد", react: "تفاعل", edit: "تعديل", forward: "إعادة توجيه", actions: "إجراءات الرسالة", cancel: "إلغاء", close: "إغلاق", ok: "حسناً",
    replyingTo: "رد على", editing: "تعديل الرسالة", edited: "معدّلة", forwardedFrom: "محوّلة من", forwardTo: "إعادة التوجيه إلى…",
    photo: "صورة", album: "ألبوم", voice: "صوت", document: "مستند", sticker: "ملصق", location: "موقع",
    contact: "جهة اتصال", chooseFile: "اختيار ملف", chooseFiles: "اختيار ملفات", samplePhotos: "أو صورة جاهزة",
    bin: "حاوية ممتلئة", pothole: "حفرة في الطريق", flood: "مياه أمطار", tree: "شجرة ساقطة",
    sampleAlbum: "إرسال ثلاث صور منها", shareLocation: "مشاركة موقع", latitude: "خط العرض", longitude: "خط الطول",
    shareThis: "إرسال هذا الموقع", shareContact: "مشاركة رقم الهاتف؟",
    shareContactText: (phone) => `سيُرسل الرقم \u2066${phone}\u2069 إلى هذه المحادثة.`, share: "مشاركة", pinned: "مثبّتة",
    hideKeyboard: "إخفاء لوحة الأزرار", showKeyboard: "إظهار لوحة الأزرار", you: "أنتم", today: "اليوم", download: "تنزيل",
    play: "تشغيل", map: "خريطة", joined: (who) => `انضمام \u2068${who}\u2069 إلى المجموعة`, left: (who) => `مغادرة \u2068${who}\u2069 المجموعة`,
    upgraded: "تمت ترقية المجموعة", topic: (name) => `فُتح موضوع «\u2068${name}\u2069»`, unread: (n) => `غير مقروء: ${n}`,
    noCommands: "لم تُحدَّد أوامر", caption: "تعليق (اختياري)", photoFrom: "إرسال صورة", notInside: "الروبوت ليس في هذه المجموعة",
    openPhoto: "فتح الصورة", delete: "حذف", leave: "مغادرة المجموعة", people: "الأعضاء", remove: "إزالة", add: "إضافة",
    administrator: "مدير المجموعة", notMembers: "خارج المجموعة", openTopic: "فتح موضوع", topicName: "اسم الموضوع",
    onlyYou: "لا يظهر هذا لغيركم", copied: (text) => `تم النسخ: \u2068${text}\u2069`,
    topics: "المواضيع", allTopics: "الكل", general: "عام", actingAs: "التصرف باسم", comma: "،",
  },
};

export function languageOf(person) {
  return person.language.startsWith("ar") ? "ar" : "en";
}

export function wordsFor(person) {
  return WORDS[languageOf(person)];
}

const ZONE = "Asia/Bahrain";

function formatter(language, options) {
  return new Intl.DateTimeFormat(language === "ar" ? "ar-BH-u-nu-latn" : "en-GB", { timeZone: ZONE, ...options });
}

export function clockTime(seconds) {
  return formatter("en", { hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).format(seconds * 1000);
}

export function dayName(seconds, language) {
  return formatter(language, { weekday: "long", day: "numeric", month: "long" }).format(seconds * 1000);
}

export function dayKey(seconds) {
  return formatter("en", { year: "numeric", month: "2-digit", day: "2-digit" }).format(seconds * 1000);
}

export function fullTime(seconds, language) {
  return formatter(language, {
    weekday: "short", day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit", hourCycle: "h23",
  }).format(seconds * 1000);
}

export function sizeText(bytes) {
  if (bytes < 1024) return `${bytes} B`;
  return bytes < 1048576 ? `${Math.round(bytes / 1024)} KB` : `${(bytes / 1048576).toFixed(1)} MB`;
}

// Named points of Bahrain for the location picker.
export const PLACES = [
  { en: "Bab Al Bahrain, Manama", ar: "باب البحرين، المنامة", at: [26.2335, 50.5757] },
  { en: "Muharraq Souq", ar: "سوق المحرق", at: [26.2572, 50.6119] },
  { en: "Isa Town Market", ar: "سوق مدينة عيسى", at: [26.1736, 50.5478] },
  { en: "Hamad Town, Roundabout 10", ar: "مدينة حمد، دوار 10", at: [26.1153, 50.5069] },
  { en: "Riffa Clock Tower", ar: "ساعة الرفاع", at: [26.13, 50.555] },
  { en: "Sitra", ar: "سترة", at: [26.155, 50.6206] },
  { en: "Budaiya coast", ar: "ساحل البديع", at: [26.2144, 50.4497] },
  { en: "Outside Bahrain (Khobar)", ar: "خارج البحرين (الخبر)", at: [26.2794, 50.2083] },
];
