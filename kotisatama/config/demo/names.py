"""Common given names and surnames by mother tongue, in their own script and as a passport writes them.

Combined at random, so that no real person is meant.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Spelling:
    """One name: in its own script, and in Latin letters. The same twice where the language is written in Latin."""

    own: str
    latin: str


@dataclass(frozen=True)
class NameSet:
    """Names of one language. `family` pairs the form of a man with the form of a woman."""

    women: tuple[Spelling, ...]
    men: tuple[Spelling, ...]
    family: tuple[tuple[Spelling, Spelling], ...]


def _spellings(text: str) -> tuple[Spelling, ...]:
    """Read `own/latin, own/latin, …`; without a slash both are the same."""
    pairs = (item.strip().partition("/") for item in text.split(","))
    return tuple(Spelling(own, latin or own) for own, _, latin in pairs)


def _name_set(women: str, men: str, family: str, family_of_women: str = "") -> NameSet:
    men_forms = _spellings(family)
    women_forms = _spellings(family_of_women) if family_of_women else men_forms
    return NameSet(_spellings(women), _spellings(men), tuple(zip(men_forms, women_forms, strict=True)))


_PERSIAN = _name_set(
    "زهرا/Zahra, فاطمه/Fatemeh, مریم/Maryam, لیلا/Leila, نرگس/Narges, شیرین/Shirin, سحر/Sahar, پروین/Parvin",
    "علی/Ali, حسین/Hossein, رضا/Reza, مهدی/Mahdi, امیر/Amir, حمید/Hamid, نادر/Nader, کریم/Karim",
    "رضایی/Rezaei, حسینی/Hosseini, کریمی/Karimi, احمدی/Ahmadi, نوری/Nouri, صادقی/Sadeghi, رحیمی/Rahimi",
)

NAMES: dict[str, NameSet] = {
    "uk": _name_set(
        "Олена/Olena, Ірина/Iryna, Наталія/Nataliia, Оксана/Oksana, Тетяна/Tetiana, Юлія/Yuliia, Світлана/Svitlana, "
        "Людмила/Liudmyla, Галина/Halyna, Анастасія/Anastasiia, Вікторія/Viktoriia, Дарина/Daryna, Соломія/Solomiia",
        "Олександр/Oleksandr, Андрій/Andrii, Сергій/Serhii, Дмитро/Dmytro, Володимир/Volodymyr, Іван/Ivan, "
        "Микола/Mykola, Максим/Maksym, Юрій/Yurii, Тарас/Taras, Богдан/Bohdan, Ярослав/Yaroslav",
        "Шевченко/Shevchenko, Коваленко/Kovalenko, Бондаренко/Bondarenko, Ткаченко/Tkachenko, Кравченко/Kravchenko, "
        "Мельник/Melnyk, Олійник/Oliinyk, Лисенко/Lysenko, Марченко/Marchenko, Гриценко/Hrytsenko, Мороз/Moroz, "
        "Савченко/Savchenko, Руденко/Rudenko, Петренко/Petrenko, Кравчук/Kravchuk, Поліщук/Polishchuk",
    ),
    "ru": _name_set(
        "Елена/Elena, Ирина/Irina, Наталья/Natalia, Ольга/Olga, Татьяна/Tatiana, Светлана/Svetlana, Марина/Marina, "
        "Екатерина/Ekaterina, Валентина/Valentina, Ксения/Kseniia, Людмила/Liudmila, Анна/Anna",
        "Александр/Aleksandr, Сергей/Sergei, Дмитрий/Dmitrii, Андрей/Andrei, Алексей/Aleksei, Михаил/Mikhail, "
        "Евгений/Evgenii, Николай/Nikolai, Игорь/Igor, Павел/Pavel, Виктор/Viktor",
        "Иванов/Ivanov, Смирнов/Smirnov, Кузнецов/Kuznetsov, Попов/Popov, Васильев/Vasilev, Соколов/Sokolov, "
        "Волков/Volkov, Ефимов/Efimov, Чернов/Chernov, Яковлев/Iakovlev, Жуков/Zhukov, Тарасов/Tarasov, Белов/Belov",
        "Иванова/Ivanova, Смирнова/Smirnova, Кузнецова/Kuznetsova, Попова/Popova, Васильева/Vasileva, "
        "Соколова/Sokolova, Волкова/Volkova, Ефимова/Efimova, Чернова/Chernova, Яковлева/Iakovleva, Жукова/Zhukova, "
        "Тарасова/Tarasova, Белова/Belova",
    ),
    "ar": _name_set(
        "فاطمة/Fatima, مريم/Maryam, زينب/Zainab, نور/Nour, هدى/Huda, سارة/Sara, خديجة/Khadija, رنا/Rana, أمل/Amal",
        "محمد/Mohammed, أحمد/Ahmed, علي/Ali, حسن/Hassan, عمر/Omar, يوسف/Yousef, خالد/Khaled, مصطفى/Mustafa, سامر/Samer",
        "حسين/Hussein, خليل/Khalil, إبراهيم/Ibrahim, الحسن/Al-Hassan, منصور/Mansour, صالح/Saleh, حداد/Haddad, "
        "ناصر/Nasser, عبد الله/Abdullah, يوسف/Youssef, جابر/Jaber",
    ),
    "si": _name_set(
        "නිමාලි/Nimali, සඳුනි/Sanduni, දිල්හානි/Dilhani, කුමාරි/Kumari, චතුරිකා/Chathurika, ඉෂාරා/Ishara",
        "නුවන්/Nuwan, රුවන්/Ruwan, කසුන්/Kasun, චමින්ද/Chaminda, ලහිරු/Lahiru, සුරංග/Suranga",
        "පෙරේරා/Perera, සිල්වා/Silva, ප්‍රනාන්දු/Fernando, ජයසූරිය/Jayasuriya, බණ්ඩාර/Bandara, රත්නායක/Rathnayake",
    ),
    "prs": _name_set(
        "زینب/Zainab, مرضیه/Marzia, نسرین/Nasrin, فرشته/Fereshta, شبنم/Shabnam, رویا/Roya, حمیده/Hamida",
        "احمد/Ahmad, نجیب/Najib, فرید/Farid, حبیب/Habib, جاوید/Jawid, عزیز/Aziz, رحمت/Rahmat",
        "احمدزی/Ahmadzai, رضایی/Rezaei, حیدری/Haidari, نظری/Nazari, رحیمی/Rahimi, علیزاده/Alizada, یوسفی/Yousufi",
    ),
    "fa": _PERSIAN,
    "bn": _name_set(
        "ফারহানা/Farhana, নাসরিন/Nasrin, শারমিন/Sharmin, তাসনিম/Tasnim, রুমানা/Rumana",
        "মোহাম্মদ/Mohammad, রহিম/Rahim, তানভীর/Tanvir, সাকিব/Sakib, আরিফ/Arif",
        "রহমান/Rahman, হোসেন/Hossain, ইসলাম/Islam, চৌধুরী/Chowdhury, আহমেদ/Ahmed",
    ),
    "en": _name_set(
        "Grace, Blessing, Emily, Joy, Patience, Olivia",
        "Samuel, Daniel, Emmanuel, Michael, Kwame, Joseph",
        "Okafor, Mensah, Smith, Johnson, Adeyemi, Boateng, Brown",
    ),
    "so": _name_set(
        "Fadumo, Hodan, Sahra, Ifrah, Khadra, Ayaan",
        "Maxamed, Cabdi, Axmed, Cali, Jaamac, Yuusuf",
        "Cabdullahi, Xasan, Warsame, Nuur, Faarax, Cumar",
    ),
    "th": _name_set(
        "สุดา/Suda, มาลี/Malee, นิดา/Nida, ปราณี/Pranee",
        "สมชาย/Somchai, วิชัย/Wichai, อนันต์/Anan, ประเสริฐ/Prasert",
        "ใจดี/Jaidee, แสงทอง/Saengthong, ศรีสุข/Srisuk, ทองดี/Thongdee",
    ),
    "et": _name_set("Kadri, Liis, Maarja, Triin", "Jaan, Tõnu, Priit, Margus", "Tamm, Saar, Põder, Jõgi, Mägi"),
    "tr": _name_set("Ayşe, Zeynep, Elif", "Mehmet, Şükrü, Emre", "Yılmaz, Çelik, Demir"),
    "ckb": _name_set(
        "شیلان/Shilan, ژیان/Zhyan, هێرۆ/Hero", "ئازاد/Azad, ڕێبوار/Rebwar, دلێر/Diler", "کەریم/Karim, سالح/Salih"
    ),
    "vi": _name_set(
        "Nguyễn Thị Hương/Nguyen Thi Huong", "Nguyễn Văn Đức/Nguyen Van Duc", "Trần/Tran, Lê/Le, Phạm/Pham"
    ),
    "fr": _name_set("Aline, Espérance, Chantal", "Jean-Pierre, Patrick, Fabrice", "Mukendi, Kabongo, Ilunga"),
    "es": _name_set("María, Lucía, Carmen", "José, Luis, Andrés", "García, Rodríguez, Pérez"),
    "ti": _name_set("ሰላም/Selam, ለተብርሃን/Letebrhan", "ሃይለ/Haile, ዳዊት/Dawit", "ገብረመስቀል/Gebremeskel, ተስፋይ/Tesfay"),
    "my": _name_set("Khin Su, Thida", "Aung San, Zaw Min", "Htun, Oo, Lwin"),
    "zh-Hans": _name_set("丽/Li, 静/Jing", "伟/Wei, 强/Qiang", "王/Wang, 李/Li, 张/Zhang"),
}
