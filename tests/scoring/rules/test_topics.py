"""The words of the legality guard: what towns really write of rights and private life, and what only sounds like it."""

import pytest

from scoring.rules import library
from scoring.rules.findings import legality
from tests.scoring.rules.build import book, rule
from tests.scoring.rules.test_findings import kinds

ASKED = {
    "withheld": (
        "取消低保、救助待遇", "停发养老补贴", "不予开具证明", "断水断电", "扣除年底分红", "不给盖章、不办落户",
        "违反规定的停发粮补", "扣发公益岗工资",
    ),
    "welfare": ("不缴新农保", "不参加城乡居保", "争当贫困户", "冒领高龄津贴", "不配合残疾鉴定", "领取临时救助",
                "残疾家庭", "低收入户、困难户", "建档立卡户", "失业人员"),
    "record": ("家里有人坐牢", "刑满释放人员", "有前科", "社区矫正对象"),
    "schooling": (
        "不送孩子上课", "让孩子辍学打工", "子女旷课", "考取重点高中", "孩子逃学", "考上本科",
        "子女学习成绩优异", "不让女儿上学",
        "高考录取",
    ),
    "petition": (
        "越级反映问题", "到县里乱反映情况", "赴京到省闹事", "缠访闹访", "打12345乱告", "到镇政府闹", "向县里告村干部",
        "告村委会", "围堵机关", "进京上访", "写匿名信", "抖音曝光村里", "反映情况不实", "到法院起诉", "去省里举报",
        "息诉罢访", "签订息访承诺书",
    ),
    "religion": (
        "参加基督教、佛教聚会活动", "清真寺做活动", "参加教会聚会", "做礼拜", "到庙里烧香", "组织庙会", "信教",
        "请道士做法事",
        "建庙、塑神像", "接待牧师传教", "过圣诞节", "信佛念经", "家中供奉神像", "加入天主教", "信主",
        "信上帝", "去传道", "皈依", "有信仰", "拜菩萨", "拆土地庙", "做道场",
    ),
    "marriage": (
        "退婚、改嫁", "生男孩或二女户", "婚礼大操大办", "早婚早育", "索要嫁妆", "非婚同居", "包办换亲", "独生子女户",
        "做人流手术", "不做节育手术", "入赘上门", "生女孩", "拒绝结扎", "破坏他人家庭的第三者", "收养弃婴",
        "丧偶", "单亲家庭", "同性恋", "包二奶",
    ),
    "election": (
        "村委会推选不到场", "不参加海选", "不去投票", "扰乱竞选", "选民登记不配合", "当选村民代表", "选村干部时弃权",
    ),
    "land": (
        "不配合动迁", "田地荒芜", "地里荒着", "不愿流转土地", "不种田", "拒不退宅", "一户多宅", "阻挠征用",
        "拒绝土地入股",
    ),
    "health": (
        "得慢性病", "不做身体检查", "不签约家庭医生", "隐瞒病情", "不打疫苗", "家里有糖尿病人", "不做两癌筛查",
        "大病住院", "HIV感染者", "携带病毒", "家有瘫痪病人", "老年痴呆", "残疾程度", "得了梅毒", "心脏病", "做化疗",
        "精神失常", "半失能老人家庭", "血压高", "带病上岗", "发热不报", "不配合流调",
    ),
    "debt": (
        "欠账不还、赖账", "可获授信额度", "借钱不还", "评上信用户", "优先小额信贷", "被列入被执行人",
        "欠缴水费", "放高利贷", "赊欠不清", "信用记录差", "家庭存款多", "查银行流水", "家庭收入低",
        "还不起", "打白条",
    ),
    "clan": ("修家谱", "组织祭祖", "大姓欺小姓", "搞派系", "修宗祠", "拉帮结派"),
}  # fmt: skip
LET_BE = (
    "参加街道教育活动", "接受诚信教育", "开展宣传教育", "教会老人用手机", "礼拜天参加义务劳动",
    "庙会期间维持秩序", "在街道观看演出",
    "引进香菇种植", "诵经典、讲故事", "整改危房和尚未拆的棚", "减少生活垃圾", "统计生活用水", "发展物流产业",
    "招引产业项目",
    "不生产假冒商品", "邻里相亲相爱", "嫁接果树", "与邻居共同居住", "整治街上环境", "干部团结扎实做事",
    "关爱学生子女",
    "辅导学生男女篮球队", "救助并收养流浪狗", "给家犬接种狂犬疫苗", "照顾患病村民", "探望住院老人", "防治重大病虫害",
    "发生病虫害及时防治", "全体检查卫生", "嫁接种植果树", "当选道德模范", "评选民主法治户", "推选最美家庭",
    "网络投票支持美丽庭院",
    "晚上学习农技", "深入学习党的理论", "提升学历和技能", "提高考核名次", "其中考核合格", "考取电工资格证",
    "掌握基本科学知识",
    "护送孩子上下学", "发现隐患及时报告村干部", "向上级报告火情", "及时化解以上诉求", "请愿意参加的报名",
    "到镇里参加热闹的灯会",
    "收集访谈材料", "传授信息技术", "公开应征信息", "防范网贷知识宣传", "促进民族团结", "住房支部共建", "文明祭祖",
    "走访慰问低保户", "红事新办、白事简办", "婚事新办、丧事简办", "婚丧嫁娶不铺张", "男生女生都参加",
    "夫妻和睦", "帮扶特困老人",
    "开垦荒地种树",
    "主动缴纳卫生费", "举报电信诈骗", "参加村民代表会议", "归还失物", "宣讲家风家训",
    "宣传道德模范", "宣传道路安全", "自信主动", "诚信主题活动", "认真主动", "宣讲经典、宣讲经验",
    "坚定理想信仰", "杜绝后患",
    "集中风貌整治", "紧密接触群众", "清理盲人道", "帮扶困难户", "慰问贫困家庭", "关爱单亲家庭儿童",
    "照顾卧床老人", "帮助盲人过马路",
    "为老人测量血压", "安置帮教刑满释放人员", "失业人员参加培训讲座", "增加村集体收入",
    "清理携带病虫的苗木", "骑小三轮运垃圾",
    "诚信记录良好", "感染力强的演讲", "邻居士气高", "防存款诈骗宣传",
)  # fmt: skip
ON_THE_SEEDS = {
    "seed_000": {},
    "seed_001": {"rr-01": {"schooling"}},
    "seed_002": {"pa-03": {"religion"}, "pa-f02": {"clan"}, "pa-f08": {"petition"}},
    "seed_003": {"yf-01": {"marriage"}},
}


@pytest.mark.parametrize(("topic", "text"), [(topic, text) for topic, texts in ASKED.items() for text in texts])
def test_what_towns_write_of_rights_and_private_life_is_asked_about(topic: str, text: str) -> None:
    assert topic in {found.code for found, _ in legality.topics(text, negative=True)}
    assert "legality" in kinds(rule(sign="negative", title="条目", text=text))
    assert "legality" in kinds(rule(title="条目", text=text))


@pytest.mark.parametrize("text", LET_BE)
def test_what_only_sounds_like_it_is_let_be(text: str) -> None:
    assert not list(legality.topics(text, negative=True))


@pytest.mark.parametrize("code", sorted(ON_THE_SEEDS))
def test_the_seeds_are_asked_what_they_were(code: str) -> None:
    rules = library.load(code).rulebook.rules
    found = {
        rule.code: {topic.code for topic, _ in legality.topics(legality.words(rule), negative=rule.sign == "negative")}
        for rule in rules
    }
    assert {code: topics for code, topics in found.items() if topics} == ON_THE_SEEDS[code]


def test_the_tables_are_as_long_as_they_should_be() -> None:
    assert sum(map(len, ASKED.values())) >= 60
    assert len(LET_BE) >= 30


def test_the_word_that_is_quoted_stands_in_one_line() -> None:
    made = rule(sign="negative", declarers=["steward"], text="到北京反映问题\n上访")
    [finding] = legality.find(book(made))
    assert "（“到北京反映问题 上访”）" in finding.text
