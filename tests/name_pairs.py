"""Names as a source may write them, each with what people type to find it. All of them are invented."""

from __future__ import annotations

from collections.abc import Mapping

_BY_KIND: Mapping[str, Mapping[str, str]] = {
    "umlauts spelled out": {
        "Jörg Müllenrath": "Joerg Muellenrath|Jorg Mullenrath|"
        "JÖRG MÜLLENRATH|Jo\u0308rg Mu\u0308llenrath|Joerg Mullenrath",
        "Gerda Boettcherin": "Gerda Böttcherin|Gerda Bottcherin",
        "Käthe Weißgrub": "Kaethe Weissgrub|Kathe Weissgrub|KÄTHE WEISSGRUB",
        "Lü Xander": "Lu Xander|Lue Xander",
    },
    "Nordic letters": {
        "Åse Ødegårdsen": "Aase Oedegaardsen|Ase Odegardsen|Åse Odegaardsen|Ase Oedegårdsen",
        "Aage Soerbakk": "Åge Sørbakk|Age Sorbakk",
        "Bjørn Sæthermo": "Bjorn Saethermo|Bjoern Sathermo|Björn Säthermo",
        "Þóra Eiðsdal": "Thora Eidsdal|Þora Eidsdal",
    },
    "letters with strokes": {
        "Łucja Wałęska": "Lucja Waleska|ŁUCJA WAŁĘSKA",
        "Đỗ Văn Đáng": "Do Van Dang|Đo Van Đang|DO VAN DANG",
        "Đorđe Živkanić": "Djordje Zivkanic|Dorde Zivkanic",
    },
    "Turkish and Azeri letters": {
        "Işıl Ağırkaya": "Isil Agirkaya|IŞIL AĞIRKAYA|ışıl ağırkaya|işil agirkaya",
        "Iskender Yildizgil": "İskender Yıldızgil|ISKENDER YILDIZGIL|iskender yıldızgil",
        "Əhməd Quluzadəoğlu": "Ahmad Quluzadaoglu|Ehmed Quluzadeoglu|əhməd quluzadəoğlu",
    },
    "Russian": {
        "Юрий Щёлочев": "Yuriy Shchelochev|Yury Shchyolochev|Iurii Shchelochev|"
        "Jurij Scelocev|Юрий Щелочев|ЮРИЙ ЩЁЛОЧЕВ",
        "Yuri Yolkovets": "Юрий Ёлковец",
        "Yevgeny Khripunenko": "Евгений Хрипуненко",
        "Евгений Чижаткин": "Evgeniy Chizhatkin|Yevgeny Chizhatkin|Jewgenij Tschischatkin|Evgenij Cizatkin",
        "Wladimir Tschubarkin": "Владимир Чубаркин",
    },
    "Ukrainian": {
        "Олександр Гнатишиненко": "Oleksandr Hnatyshynenko|Олександр Гнатишиненко",
        "Їжакевич Марʼяна": "Їжакевич Мар'яна|Їжакевич Мар’яна|Їжакевич Мар`яна|Yizhakevych Mariana",
        "Зінаїда Ґудзенкова": "Зинаида Гудзенкова|Зiнаїда Ґудзенкова|Зінаіда Гудзенкова|Zinaida Gudzenkova",
        "Євген Криволапченко": "Евген Криволапченко|Yevhen Kryvolapchenko|Evgen Krivolapchenko",
    },
    "Serbian, Bulgarian, Kazakh": {
        "Јован Љубишкић": "Jovan Ljubiskic|Jovan Ljubiškić|Йован Љубишкић",
        "Đurđa Čavoglavić": "Ђурђа Чавоглавић|Djurdja Cavoglavic|Durda Cavoglavic",
        "Върбан Щърбелов": "Varban Shtarbelov|Върбан Щърбелов",
        "Қайрат Өтегенұлы": "Кайрат Отегенулы|Qayrat Otegenuly|Kayrat Otegenuly",
        "Ғани Үмбетәлі": "Гани Умбеталі|Гани Умбетали|Gani Umbetali|Ghani Umbetali",
    },
    "letters that look alike": {
        "Петров-Сухорецкий": "Пeтpoв-Cyxopeцкий|Петров Сухорецкий",
        "Acme Orbital Kox": "Аcme Orbital Kох|Acme Оrbital Kox",
        "Нина Broкерская": "Нина Broкерская|нина broкерская",
    },
    "Greek": {
        "Ελένη Παπαλουκούδη": "Eleni Papaloukoudi|ΕΛΕΝΗ ΠΑΠΑΛΟΥΚΟΥΔΗ|Ελενη Παπαλουκουδη",
        "Χρήστος Μπαρδακέλης": "Christos Bardakelis|Hristos Bardakelis",
        "Evangelos Tsoumanikas": "Ευάγγελος Τσουμανίκας",
    },
    "Arabic and Persian": {
        "علي يزداني": "علی یزدانی|على يزدانى|Ali Yazdani",
        "کریم شکوهی‌فر": "كريم شكوهي فر|كريم شکوهی\u200cفر|Karim Shokouhi Far",
        "محمد الأسدراوي": "Muhammad al-Asadrawi|Mohammed Alasdrawi|محمد الاسدراوى|مُحَمَّد الأسدراوي|محـمـد الأسدراوي",
        "أحمد منصورآبادي": "احمد منصورابادي|Ahmed Mansourabadi",
        "شركة ٤٥ المخترعة": "شركة 45 المخترعة|شركة ۴۵ المخترعة|شركه 45 المخترعه",
        "Depot 1987 Erfunden": "Depot ١٩٨٧ Erfunden|Depot ۱۹۸۷ Erfunden",
    },
    "Hebrew, Georgian, Armenian, Devanagari": {
        "עמוס גבריאלוב": "Amos Gavrielov|עָמוֹס גבריאלוב",
        "გიორგი ბერაძენი": "Giorgi Beradzeni",
        "Հայկ Սարոյանց": "Hayk Saroyants",
        "अमित कुमारगढ़": "Amit Kumargadh",
    },
    "Chinese": {
        "Zhang Weilai": "张伟来|張偉來|张 伟来|Zhāng Wěilái",
        "王伟民": "Wang Weimin|Wang Wei Min|WANG WEI-MIN|weimin wang|Wangweimin|王 伟民|王偉民|Wáng Wěimín",
        "Ouyang Mingke": "欧阳明科|歐陽明科",
        "曾晓仲": "Zeng Xiaozhong|Ceng Xiaozhong|曾曉仲",
        "解冰舟": "Xie Bingzhou",
        "吕安琴": "Lu Anqin|Lyu Anqin|Lü Anqin|呂安琴",
        "陈Peter伟炯": "Chen Peter Weijiong|陈 peter 伟炯",
    },
    "Japanese kana": {
        "たろう しゅんがわ": "Taro Shungawa|tarou shungawa|Tarō Shungawa|タロウ シュンガワ|ﾀﾛｳ ｼｭﾝｶﾞﾜ",
        "ジェニー・カッパドウ": "Jeni Kappado|Jeni Kappadou|ジェニー カッパドウ",
    },
    "Korean": {
        "김철수용": "Kim Cheolsuyong|Gim Cheol-su-yong|Kim Chul Soo Yong|KIM CHOLSUYONG",
        "이영희": "Lee Young-hee|Yi Yeonghui|Rhee Younghee|I Yeonghui",
        "Park Minjunbae": "박민준배|박 민준배",
    },
    "width, signs and what cannot be seen": {
        "Ｗｉｄｅ Ｌｅｔｔｅｒｍａｎ": "Wide Letterman|WIDE LETTERMAN",
        "Conan O'Brinnley": "Conan O’Brinnley|Conan OʼBrinnley|Conan O`Brinnley|"
        "Conan Oʻbrinnley|Conan O＇Brinnley|Conan OBrinnley",
        "Anne-Lise Doublebarrel": "Anne‑Lise Doublebarrel|Anne–Lise Doublebarrel|"
        "Anne Lise Doublebarrel|Annelise Doublebarrel",
        "Softhyphenberg Zita": "Soft\u00adhyphenberg Zita|Softhyphen\u200bberg Zita|\ufeffSofthyphenberg\u2060 Zita",
        "José Ñandúez": "Jose Nanduez|JOSÉ ÑANDÚEZ|Jose\u0301 N\u0303andu\u0301ez",
        "ﬁlip ﬂoriansson": "Filip Floriansson",
    },
}

NAME_PAIRS = [
    (stored, asked) for kind in _BY_KIND.values() for stored, texts in kind.items() for asked in texts.split("|")
]
"""(stored, asked)."""

STORED_NAMES = sorted({stored for stored, _ in NAME_PAIRS})
