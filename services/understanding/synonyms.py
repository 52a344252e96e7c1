"""Words that mean the same to who looks for an answer: of Bahrain's speech, of written Arabic, of English.

The bank's keywords and a resident's words are both read as the first word of their line, so that a keyword in one
language is found in the other, and "بكم" finds what says "رسوم".
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from services.understanding.words import forms, words

# Each line is one meaning. Words are compared in all their forms.
_MEANINGS = (
    (
        "cost, costs, price, fee, fees, charge, charges, much, expensive, رسوم, رسم, كم, بكم, جم, بجم, شكثر, سعر, "
        "تكلفة, تكلف, يكلف, تكلفني"
    ),
    (
        "papers, paper, documents, document, docs, requirements, required, requirement, drawings, اوراق, أوراق, "
        "ورقة, مستندات, مستند, وثائق, متطلبات, مطلوب, مطلوبة, اشتراطات"
    ),
    (
        "permit, permits, permission, license, licence, licensing, approval, رخصة, رخص, اجازة, إجازة, ترخيص, "
        "تصريح, تراخيص, مرخص, رخصه"
    ),
    ("building, build, construct, construction, بناء, بنا, البنا, ابني, نبني, ببني, ابنيها, بنيت, بني, عمارة, تعمير"),
    "rubbish, garbage, trash, refuse, زبالة, قمامة, قمامه, نفايات, زباله",
    (
        "collect, collected, collection, pickup, collects, lorry, truck, تشيلون, يشيلون, تجمع, تجمعون, جمع, رفع, "
        "تمر, يمر, تاخذونها"
    ),
    "bin, bins, dustbin, container, dumpster, skip, حاوية, حاويات, درام, برميل, سطل, سلة, drum",
    "bags, bag, sacks, rolls, اكياس, أكياس, كيس, چياس, اجياس, جيس, لفة",
    "dogs, dog, puppy, puppies, strays, كلاب, كلب, جلاب, جلب, سائبة, ضالة, قطاوة, قطط, قطوة, cats, cat",
    "room, rooms, extension, annex, غرفة, حجرة, حجره, ملحق",
    "wall, fence, boundary, جدار, سور, طوفة, طوفه, حوش, جدران",
    (
        "renovate, renovation, renovating, repair, refurbish, ترميم, ارمم, صيانة, تجديد, بلاط, صبغ, tiles, tiling, "
        "ديكور, تكسير, اكسر"
    ),
    "demolish, demolition, knock, هدم, اهدم, بهدم, اهد, نهدم, ازالة, تكسير",
    "shade, carport, pergola, canopy, مظلة, مظله, برجولة, جراج, كراج",
    (
        "shop, store, business, cafe, restaurant, salon, bakery, nursery, grocery, محل, دكان, بقالة, برادة, مطعم, "
        "كافيه, كوفي, صالون, مخبز, حضانة, خياطة, ورشة, تجاري, تجارية, نشاط"
    ),
    "registration, sijilat, سجل, السجل, سجلات, cr",
    (
        "sign, signboard, signs, billboard, banner, advert, advertising, advertisement, لوحة, لوحات, اعلان, إعلان, "
        "اعلانات, يافطة, بانر, لافتة, lightbox"
    ),
    ("sell, selling, vendor, hawker, stall, cart, ابيع, بيع, بائع, بسطة, عربة, متجول, يبيع, تبيع, نبيع, فود, ترك, van"),
    "tent, marquee, wedding, خيمة, خيمه, عزاء, عزا, عرس, فاتحة, زواج",
    "crane, scaffolding, scaffold, سقالة, رافعة, كرين, سكلة",
    "pavement, sidewalk, kerb, رصيف, ارصفة, أرصفة, الرصيف",
    "occupy, occupying, إشغال, اشغال, اسكر, نسكر, اشغل, احجز",
    "tree, trees, palm, شجرة, شجر, اشجار, أشجار, نخلة, نخل, نخيل, شتلات, seedlings, sapling, تشجير, سعف",
    "prune, trim, trimmed, cut, pruned, تقليم, قص, اقص, تقصون, يقصون, نقص",
    "plant, planting, planted, ازرع, زراعة, نزرع, تزرعون, زرع",
    "towed, removed, impounded, taken, شالوا, شالو, سحبوا, انسحبت, سحبتوا, سحب, شلتوا, اخذوا, اسحبوا",
    "car, cars, vehicle, سيارة, سيارتي, سيارات, موتر",
    "recover, retrieve, استرد, استرجع, ارد, ارجع, اردها, ارجعها, القاها, استلم",
    "abandoned, scrap, مهملة, مهجورة, سكراب, خربانة",
    "sticker, notice, ملصق, ورقة, اشعار, إشعار",
    (
        "spray, fogging, pest, exterminate, termites, rats, mice, insects, cockroaches, mosquitoes, ants, رش, "
        "ترشون, مكافحة, حشرات, قوارض, صراصير, فئران, فيران, بعوض, نمل, مبيد, ارضة, رمة, ناموس"
    ),
    "sewer, sewage, sewerage, drain, drains, مجاري, صرف, بلاعة, بالوعة, بلاليع",
    "cesspit, septic, cesspool, بيارة, بيارات",
    "suck, pump, empty, شفط, يشفط, تشفط, سحب, تنكر, تناكر, tanker",
    "rain, rainwater, rains, raining, مطر, امطار, أمطار, سيول, flood, floods, flooded",
    "lamp, light, lights, streetlight, lamppost, ليت, ليتات, انارة, إنارة, لمبة, اعمدة, عمود, pole",
    "electricity, power, ewa, كهرباء, كهربا, الكهربا",
    "road, roads, street, streets, طريق, طرق, شارع, شوارع",
    "pothole, potholes, حفرة, حفر, حفريات",
    "pave, paving, asphalt, resurface, tarmac, رصف, تبليط, سفلتة, تسفلت, اسفلت, تبلطون",
    "bump, bumps, hump, humps, مطب, مطبات",
    (
        "invest, investment, investor, tender, tenders, auction, استثمار, استثمر, مستثمر, استثماري, مزايدة, "
        "مزايدات, مناقصة, مناقصات, نستثمر"
    ),
    "rent, lease, ايجار, إيجار, تأجير, استاجر, استأجر, مأجرة, مؤجرة, للايجار",
    "land, plot, ارض, أرض, اراضي, أراضي, ارضي, قسيمة",
    "house, home, villa, villas, بيت, منزل, فيلا, بيتي",
    (
        "furniture, sofa, sofas, mattress, fridge, wardrobe, couch, washing, اثاث, أثاث, كنبات, كنبة, دولاب, "
        "ثلاجة, غسالة, مراتب, فراش, قنفات"
    ),
    (
        "dump, throw, dispose, rid, landfill, ارمي, ارميه, نرمي, نرميهم, اقط, اقطه, اقطهم, اتخلص, مكب, مدفن, "
        "اوديهم, اودي"
    ),
    "debris, rubble, طابوق, انقاض, أنقاض, مخلفات, ركام, سيراميك",
    "municipal, municipality, بلدية, البلدية, بلديه, balediya",
    "account, حساب, حسابات",
    "tenant, tenants, مستأجر, المستأجر, مستاجر, مستاجرين",
    "address, عنوان, العنوان, عنواني",
    "plate",
    "transfer, نقل, انقل, احول, تحويل, احولها",
    "name, اسم, اسمي, باسمي",
    "certificate, proof, شهادة, اثبات, إثبات, افادة, إفادة",
    "residence, residency, housing, accommodation, سكن, السكن, سكني, اسكان",
    (
        "complaint, complain, complaints, report, reporting, شكوى, شكوي, اشتكي, أشتكي, بلاغ, ابلغ, شكاوى, شكاوي, "
        "ملاحظة, نشتكي"
    ),
    "submit, file, lodge, register, اقدم, أقدم, ارفع, تقديم, نقدم, اوصل, رفع",
    "follow, track, status, progress, اتابع, أتابع, متابعة, تتبع, يتابع, حالة",
    "request, requests, application, طلب, طلبي, الطلب, طلبات, معاملة, معاملتي, معاملته",
    "reply, response, answer, رد, الرد, يردون, تردون, ترد, ردكم",
    "open, opening, تفتحون, مفتوح, مفتوحين, يفتح, تفتح, تبطلون, فاتحين, مفتوحة",
    "closed, تسكرون, تقفلون, يسكر, مسكرين, مغلقة, عطلة",
    (
        "hours, timings, timing, دوام, دوامكم, تداومون, مداومين, مداومه, داومون, دوامهم, ساعات, اوقات, أوقات, وقت, "
        "توقيت, توقيتكم"
    ),
    "phone, telephone, تلفون, هاتف, موبايل, جوال",
    "whatsapp, واتساب, واتس",
    "مكانكم, موقعكم, عنوانكم, رقمكم, مقركم",
    "location, located, directions, لوكيشن, موقع, مكان, فرع, branch",
    "director, manager, المدير, مدير, dg, officials, مسؤولين, المسئولين",
    "meet, meets, see, sits, قابل, اقابل, يقابل, مقابلة, لقاء, يستقبل, نقابل",
    (
        "responsible, responsibility, authority, ministry, department, مسؤول, مسئول, المسؤول, مسؤولية, اختصاص, "
        "مختص, جهة, وزارة, تابع, تتبع"
    ),
    "apply, get, obtain, اطلع, استخرج, استخراج, احصل, نحصل, تطلع, اسوي",
)
# Matters of other bodies: a question with one of these is after another answer, unless it plainly asks for ours.
ELSEWHERE = "elsewhere"
_ELSEWHERE = (
    "صيد, سباحة, بنزين, petrol, shrimp, curfew, newborn, الثانوية, استقدام, الاسعاف, سيرة, وسلوك, حظر",
    "passport, passports, visa, visas, cpr, immigration, nationality, citizenship, birth, marriage, divorce",
    "driving, seatbelt, radar, traffic, ticket, university, kindergarten, exam, hospital, clinic, doctor",
    "pharmacy, medicine, vaccine, salary, salaries, wage, wages, pension, jobs, hiring, vacancy, vacancies",
    "employer, employee, unemployment, bank, loan, loans, credit, embassy, customs, parcel, flight, airport, bus",
    "buses, taxi, causeway, weather, currency, election, parliament, internet, batelco, wifi, cinema, hotel",
    "football, gym, lifeguard, maid, police, court, lawyer, insurance, gosi, lmra, tamkeen, nhra, tourism",
    "tourist, zakat, mortgage, subsidy, allowance, disability, ekey, scholarship, exams, homework, college",
    "medical, covid, blood, surgery, dentist, quarantine, fishing, drone, vat, crypto, bitcoin, stocks, flights",
    "concert, formula, tickets, prayer, moon, retirement, sponsor, runaway, inheritance, death, burial, funeral",
    "translation, translator, exports, shipping, courier, dewa, netflix, recipe, dollar, telecom, stc, atm, iban",
    "cheque, debt",
    "الجوازات, جواز, جوازي, جوازات, فيزا, اقامة, الاقامة, سكانية, السكانية, الجنسية, ميلاد, زواج, طلاق, سياقة",
    "سواقة, مرور, المرور, رادار, جامعة, الجامعة, روضة, الروضة, مستشفى, المستشفى, صيدلية, عيادة, طبيب, علاج, راتب",
    "رواتب, تقاعد, التقاعد, وظيفة, وظايف, وظائف, توظيف, التعطل, عاطل, تعطل, بنك, قرض, قروض, الاسكان, سفارة, جمارك",
    "طيران, المطار, باص, الباصات, باصات, تاكسي, الجسر, الطقس, الذهب, الانتخابات, النواب, انترنت, سينما, فندق",
    "صلاة, الحج, العمرة, اللحوم, الاعاقة, علاوة, الغلاء, الشؤون, مساعدات, الضمان, خدامة, الخدامة, شغالة, العقاري",
    "الكتاب, دورات, تدريبية, ابتدائي, شرطة, محكمة, المحكمة, محامي, تامين, التامينات, تمكين, سياحة, زكاة, الاوقاف",
    "المفتاح, بعثة, منحة, امتحان, امتحانات, دروس, مدرس, طبي, تطعيم, كورونا, بيطري, جمرك, العملة, دولار, تذاكر",
    "حفلة, سباق, مباراة, راتبي, معاش, بطالة, كفيل, كفالة, هارب, جنازة, دفن, ميراث, نفقة, بتلكو, فيفا, ايبان, شيك",
    "ديون, تاشيرة, التاشيرة, سفر, السفر, خادمة, الخادمة, الدراسة, الجامعات, طلبة, طالب, اسهم, بورصة, نائب",
)


def _firsts() -> dict[str, str]:
    found: dict[str, str] = {}
    for line in (*_MEANINGS, *(f"{ELSEWHERE}, {line}" for line in _ELSEWHERE)):
        first, *others = (word for part in line.split(",") for word in words(part))
        for word in (first, *others):
            found.setdefault(word, first)
    return found


_FIRST = _firsts()


def alike(said: Iterable[str]) -> list[str]:
    """Words, each as the first of those that mean the same."""
    return [_first(word) for word in said]


@lru_cache(maxsize=8192)
def _first(word: str) -> str:
    if word in _FIRST:
        return _FIRST[word]
    known = [form for form in forms(word) if form in _FIRST and _FIRST[form] != ELSEWHERE]
    # A word of other bodies keeps its end: "مدرسة" is no "مدرس".
    known += [form for form in forms(word) if form in _FIRST and _FIRST[form] == ELSEWHERE and word.endswith(form)]
    return _FIRST[max(known, key=lambda form: (len(form), form))] if known else word
