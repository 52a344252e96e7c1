"""Words for the halves of the day, said with an hour: "9 in the morning", "٢ الظهر"."""

from __future__ import annotations

#: Of an hour before noon.
MORNING = (
    *("am", "a.m", "in the morning", "in morning", "morning", "the morning", "this morning"),
    *("mornin", "mrng", "in the mrng"),
    *("ص", "صباحا", "صباح", "الصباح", "الصبح", "صبح", "الضحى", "ضحى", "فجرا", "في الصباح", "قبل الظهر"),
    *("sob7", "el sob7", "elsob7", "9ob7", "el9ob7", "essob7", "issob7", "sba7an", "saba7an", "sb7", "alsob7"),
)
#: Of noon or an hour after it.
AFTER_NOON = (
    *("pm", "p.m", "in the afternoon", "afternoon", "in the evening", "evening", "noon", "at noon", "at night"),
    *("م", "مساء", "مساءا", "المساء", "المسا", "ظهرا", "الظهر", "ظهر", "بعد الظهر", "عصرا", "العصر", "عصر"),
    *("tonight", "this evening", "الليلة", "هذه الليلة", "العشاء", "بعد المغرب", "بعد العشاء"),
    *("ليلا", "بالليل", "الليل", "في الليل", "المغرب", "مغرب", "بعد العصر"),
    *("el3asr", "3asr", "el 3asr", "dhuhr", "el dhuhr", "eldhuhr"),
)
