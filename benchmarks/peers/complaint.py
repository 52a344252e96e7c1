"""The complaint as the peers tell it: the texts and buttons that ours shows a resident, a message for a message."""

WELCOME = (
    "👋 <b>Welcome to Customer Day</b>\nReach the municipalities of Bahrain here: book a meeting with the Director "
    "General, submit a complaint or a suggestion, and follow what becomes of it.\n\n🔒 <b>Before you write</b>\n• The "
    "Ministry of Municipalities Affairs and Agriculture keeps what you send, to deal with your request and for nothing "
    "else.\n• The messenger's servers are abroad. Nothing is submitted without your consent.\n• You may see or erase "
    "your data, or withdraw consent, at any time: /privacy"
)
WHICH_OFFICE = (
    "🏛 <b>Which municipality?</b>\nThe number of the block, such as 338, or the name of the area may also be typed."
)
WHICH_CATEGORY = "<b>Complaint</b> · {office}\n\nWhat is it about? Choose, or type a word to search for."
WHAT = "Describe the problem in your own words. A photo or a voice note helps."
WHERE = "Where is it? Please share the location, or type the address, such as “Block 338 Road 12”."
PLACE = "📍 Place: {place}"
WHO = (
    "With your name, or without? To submit under another name, type it.\nWithout it, staff see neither name nor phone; "
    "answers reach you here as usual."
)
SUMMARY = (
    "<b>Please check your complaint</b>\n\nTo: {office}\nCategory: {category}\nDescription: “{words}”\nPlace: {place}\n"
    "{who}\n\nBy submitting you agree that the municipality uses this to handle your request, and that the messenger's "
    "servers are abroad. More: /privacy"
)
RECEIVED = (
    "✅ <b>Your complaint was received.</b>\nReference: <code>{reference}</code>\n\nExpected to be done by Sunday "
    "6 December 2026 (10 working days).\nNext: {office} reviews it by Monday 23 November 2026, and you are told of "
    "every step here."
)

#: Buttons as rows of labels; what a tap sends is the label.
LANGUAGE = (("🌐 العربية", "Privacy"),)
OFFICES = (
    ("Capital Municipality",),
    ("Muharraq Municipality",),
    ("Northern Area Municipality",),
    ("Southern Area Municipality",),
    ("Comprehensive Municipal Centre",),
    ("Community Service Unit",),
    ("📍 Find by location or block",),
    ("Back", "Main menu"),
)
CATEGORIES = (
    ("🧹 Public cleanliness",),
    ("🗑️ Bins and refuse bags",),
    ("🧱 Construction debris", "🌧️ Rainwater pooling"),
    ("🚗 Abandoned vehicles and scrap",),
    ("🚧 Road encroachment", "🏗️ Building violations"),
    ("🪧 Advertising signs",),
    ("More",),
    ("Choose another office",),
    ("Back", "Main menu"),
)
BACK = (("Back", "Main menu"),)
NAMES = (("With my name: Ahmed Ali",), ("Without my name",), ("Back", "Main menu"))
REVIEW = (
    ("✅ Submit",),
    ("✏️ Municipality", "✏️ Category"),
    ("✏️ Description", "✏️ Place"),
    ("✏️ Name",),
    ("Back", "Main menu"),
)
DONE = (("View request", "Add a photo"), ("Main menu",))
SHARE = "📍 Share location"
