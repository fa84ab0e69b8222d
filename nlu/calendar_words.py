"""Words for days and months, as people write them in the six languages and in Latin letters.

Words that mean something else in another language ("کل" is "all" in Arabic and Farsi, yesterday
or tomorrow in Urdu) are listed by the language in which they are believed.
"""

LANGUAGES = frozenset({"ar", "fa", "ps", "ur", "fr", "en"})

#: Days from today. None: the word does not say which (Urdu has one word for both sides).
RELATIVE: dict[int | None, str] = {
    0: "today, 2day, aujourd'hui, aujourd hui, aujourdhui, اليوم, النهاردة, النهارده, امروز, "
    "آج, نن, "
    "نن ورځ, lyoum, elyoum, el youm, el yom, alyoum, alyawm, lyom, enharda, emrooz, emruz, imroz, "
    "imruz, emroz, aaj",
    1: "tomorrow, tomorow, tommorow, tommorrow, tmrw, 2morrow, demain, بكرا, بكرة, بكره, "
    "بوكرا, غدا, "
    "غداً, غدوة, غدوه, غدوا, فردا, سبا, bukra, bokra, boukra, ghodwa, ghoudwa, ghadan, "
    "ghedda, farda, "
    "fardaa",
    2: "day after tomorrow, the day after tomorrow, après-demain, apres demain, بعد بكرا, "
    "بعد بكرة, "
    "بعد بكره, بعد غد, بعد غدوة, پس فردا, پسفردا, بل سبا, ba3d bukra, ba3d bokra, baad bukra, "
    "pas farda, pasfarda",
    -1: "yesterday, yesterdy, hier, أمس, امس, البارحة, البارح, مبارح, امبارح, إمبارح, دیروز, "
    "دیروزه, "
    "پرون, mbare7, embare7, mbareh, embareh, lbareh, lbare7, diruz, dirooz, diroz, dirouz, parun",
    -2: "day before yesterday, the day before yesterday, avant-hier, avant hier, أول أمس, اول امس, "
    "أول مبارح, اول امبارح, پریروز, پریروزه, pariruz, parirooz",
}
#: The same, only where the message is in that language.
RELATIVE_IN: dict[str, dict[int | None, str]] = {
    "ur": {None: "کل, گزشتہ کل, آنے والے کل, پرسوں, kal, parson, parso"},
    "ps": {0: "nan", 1: "saba"},
}

#: Weekdays, Monday first (date.weekday() counts so).
WEEKDAYS = (
    "monday, mondy, lundi, الاثنين, الإثنين, الاتنين, التنين, دوشنبه, دو شنبه, doshanbe, doshanba, "
    "dushanbe, letnin, letnine, el tnein",
    "tuesday, teusday, mardi, الثلاثاء, الثلاثا, الثلاث, التلات, التلاتا, سه شنبه, سه‌شنبه, منگل, "
    "seshanbe, seshanba, se shanbe, mangal, ttlata, el talata",
    "wednesday, wensday, wednsday, mercredi, الأربعاء, الاربعا, الأربعا, چهارشنبه, چهار شنبه, "
    "چارشنبه, chaharshanbe, charshanbe, charshanba, larb3a, el arb3a",
    "thursday, thrusday, jeudi, الخميس, پنجشنبه, پنج شنبه, جمعرات, panjshanbe, panj shanbe, "
    "panjshanba, jumerat, jumeraat, lkhmis, el khamis",
    "friday, vendredi, الجمعة, الجمعه, جمعه, جمعہ, جمعې, جمعة, jumma, juma, jome, jomeh, joma, "
    "el jom3a, ljoum3a, el joumoua",
    "saturday, samedi, السبت, شنبه, شنبې, خالي ورځ, سنیچر, shanbe, shanba, ssebt, el sabt",
    "sunday, dimanche, الأحد, الاحد, یکشنبه, یک شنبه, اتوار, yekshanbe, yakshanbe, yakshanba, "
    "itwar, "
    "itwaar, el a7ad",
)
#: The same, only where the message is in that language ("پیر" is "old" in Farsi, "بده" is "give").
WEEKDAYS_IN: dict[str, dict[int, str]] = {"ur": {0: "پیر, peer", 2: "بدھ, budh"}}

#: Months of the Gregorian calendar, January first; read only beside a day's number.
MONTHS = (
    "january, jan, janvier, janv, يناير, كانون الثاني, جانفي, ژانویه, جنوري, جنوری, yanayer",
    "february, feb, février, fevrier, fev, فبراير, شباط, فيفري, فوریه, فبروري, فروری, febrayer",
    "march, mar, mars, مارس, آذار, مارچ",
    "april, apr, avril, avr, أبريل, ابريل, إبريل, نيسان, أفريل, آوریل, اپریل, abril",
    "may, mai, مايو, أيار, ماي, مه, می, مۍ, مئی",
    "june, jun, juin, يونيو, حزيران, جوان, ژوئن, جون",
    "july, jul, juillet, juil, يوليو, تموز, جويلية, ژوئیه, جولای, جولائي, جولائی",
    "august, aug, août, aout, أغسطس, اغسطس, غشت, أوت, اوت, آگوست, اگست, اګست",
    "september, sept, sep, septembre, سبتمبر, أيلول, شتنبر, سپتامبر, سپتمبر, سپټمبر, ستمبر",
    "october, oct, octobre, أكتوبر, اكتوبر, تشرين الأول, تشرين الاول, اکتبر, اکتوبر",
    "november, nov, novembre, نوفمبر, تشرين الثاني, نونبر, نوامبر, نومبر",
    "december, dec, décembre, decembre, ديسمبر, كانون الأول, كانون الاول, دجنبر, دسامبر, دسمبر, "
    "ډسمبر",
)
#: The same, only where the message is in that language ("آب" is "water" in Farsi).
MONTHS_IN: dict[str, dict[int, str]] = {"ar": {8: "آب"}}

#: Months of the Solar Hijri calendar, the one of spring first: of Iran, of Dari, of Pashto.
SOLAR_MONTHS = (
    "فروردین, حمل, وری, farvardin, hamal, wray",
    "اردیبهشت, ثور, غویی, غوایی, ordibehesht, sawr, saur, ghwayay",
    "خرداد, جوزا, غبرګولی, khordad, jawza, jauza, ghbargolay",
    "تیر, سرطان, چنګاښ, tir, saratan, chungash",
    "مرداد, امرداد, اسد, زمری, mordad, asad, zmaray",
    "شهریور, سنبله, وږی, shahrivar, sunbula, sonbola, wazhay",
    "مهر, میزان, تله, mehr, mizan, tala",
    "آبان, عقرب, لړم, aban, aqrab, laram",
    "آذر, قوس, لیندۍ, azar, qaws, qaus, lindai",
    "دی, جدی, مرغومی, dey, jadi, marghumay",
    "بهمن, دلو, سلواغه, bahman, dalw, dalwa, salwagha",
    "اسفند, حوت, کب, esfand, hut, hoot, kab",
)
#: The languages whose speakers count in it. Where the language is not known they may be meant.
SOLAR_LANGUAGES = frozenset({"fa", "ps", None})

#: Days of a unit of time.
UNITS: dict[int, str] = {
    1: "day, days, jour, jours, يوم, أيام, ايام, روز, ورځ, ورځې, ورځو, دن, دنوں, din, dino, "
    "roz, rooz, "
    "ruz, youm, yom, ayam, ayyam, iyam, iyyam, wraz, wrazi",
    7: "week, weeks, semaine, semaines, أسبوع, اسبوع, أسابيع, اسابيع, هفته, اونۍ, اوونۍ, "
    "ہفتہ, ہفتے, "
    "ہفتوں, hafta, hafte, haftay, ousbou3, osbo3, sbou3",
}
#: Units that say their number themselves, as days.
DUALS: dict[int, str] = {2: "يومين, youmayn, yomen, yomein", 14: "أسبوعين, اسبوعين"}
#: Numbers in words, as far as they are used before days.
NUMBERS: dict[int, str] = {
    1: "one, a, un, une, یک, یو, یوه, ایک, ek, yek, yak",
    2: "two, deux, اثنين, دو, دوه, do, dwa",
    3: "three, trois, ثلاثة, ثلاث, تلات, سه, درې, تین, teen, tin, se, dre, tlat, talat",
    4: "four, quatre, أربعة, أربع, اربع, چهار, چار, څلور, char, chahar",
    5: "five, cinq, خمسة, خمس, پنج, پنځه, پانچ, panj, panch, paanch, pinza, khams",
    6: "six, ستة, ست, شش, شپږ, چھ, shesh, che",
    7: "seven, sept, سبعة, سبع, هفت, اووه, سات, haft, saat, sat",
    8: "eight, huit, ثمانية, تمن, هشت, اته, آٹھ, hasht, aath",
    10: "ten, dix, عشرة, عشر, ده, لس, دس, dah, das",
    15: "fifteen, quinze, پانزده, پندره, pandrah",
}
#: Words before or after a number of days that say in which direction.
BEFORE: dict[int, str] = {
    1: "in, after, dans, après, بعد, بعد از, وروسته له, وروسته تر, ba3d, baad, bad az, "
    "baad az, ba3ed",
    -1: "il y a, قبل, 9bel, qbel, 9abl, qabl, abl",
}
AFTER: dict[int, str] = {
    1: "later, from now, بعد, دیگر, دیگه, وروسته, کے بعد, baad, ke baad, kay baad, bad, dige, "
    "digar, "
    "wrusta, plus tard",
    -1: "ago, پیش, قبل, مخکې, دمخه, پہلے, pehle, pahle, pehlay, pish, peesh, makhke",
}
