"""The complaint as the peers tell it: the texts and buttons that ours shows a resident, a message for a message."""

WELCOME = (
    "👋 <b>Welcome to Customer Day</b>\nUse this service to reach the municipalities of Bahrain. You can book an "
    "appointment with the Director General, submit a complaint or a suggestion, and follow its progress.\n\n🔒 "
    "<b>Before you write</b>\n• The Ministry of Municipalities Affairs and Agriculture keeps what you send to deal "
    "with your request, and for nothing else.\n• Messages pass through Telegram servers outside Bahrain. We will not "
    "submit anything without your consent.\n• You can see or erase your data, or withdraw your consent, at any time: "
    "/privacy"
)
WHICH_OFFICE = "🏛 <b>Which municipality?</b>\nYou can also type the block number, such as 338, or the name of the area."
WHICH_CATEGORY = (
    "<b>Complaint</b> · {office}\n\nWhat is it about? Choose a category or type a word to search.\n"
    "<i>Question 1 of 4</i>"
)
WHAT = "Describe the problem in your own words. A photo or a voice note helps.\n<i>Question 2 of 4</i>"
WHERE = "Where is it? Share the location or type the address, for example “Block 338 Road 12”.\n<i>Question 3 of 4</i>"
PLACE = "📍 Place: {place}"
_SO_FAR = (
    "<b>Check your complaint</b>\n\nOffice: {office}\nCategory: {category}\nDescription: “{words}”\nPlace: {place}\n"
)
WHO = _SO_FAR + (
    "\nDo you want to submit with your name or without it? To use another name, type it.\nIf you submit without your "
    "name, staff will not see your name or phone number. You will still get replies here.\n<i>Question 4 of 4</i>"
)
SUMMARY = _SO_FAR + (
    "{who}\n\nBy submitting, you agree that the municipality can use this information to handle your request. It "
    "passes through Telegram servers outside Bahrain. More: /privacy"
)
RECEIVED = (
    "✅ <b>We have received your complaint.</b>\nReference: <code>{reference}</code>\n\nWe expect to finish this by "
    "Sunday 6 December 2026 (10 working days).\nNext: {office} will review it by Monday 23 November 2026. We will send "
    "you updates here."
)

#: Buttons as rows of labels; what a tap sends is the label.
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
_EDITS = (("✏️ Type", "✏️ Office"), ("✏️ Category", "✏️ Description"), ("✏️ Place", "✏️ Name"))
_DANGER = ("🚨 It is dangerous now",)
NAMES = (("With my name: Ahmed Ali",), ("Without my name",), _DANGER, *_EDITS, ("✏️ Phone",), ("Back", "Main menu"))
REVIEW = (("✅ Submit",), _DANGER, *_EDITS, ("Back", "Main menu"))
DONE = (("View request", "Add a photo"), ("📋 Copy the reference", "Main menu"))
SHARE = "📍 Share location"
