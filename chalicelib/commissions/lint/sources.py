"""The texts that findings cite. No legal advice: each must be checked for later revisions before it is relied upon."""

from chalicelib.commissions.lint.findings import Citation, Text

_BAN = Text(
    "《禁止传销条例》（国务院令第444号）", "Regulations on Prohibition of Pyramid Selling (State Council Order 444)"
)
_BAN_DATE = Text("2005-08-23公布，2005-11-01施行", "2005-08-23, in force 2005-11-01")
_STATE_COUNCIL = Text("国务院", "State Council of China")

BAN_DEFINED = Citation(_BAN, Text("第二条", "art. 2"), _BAN_DATE, _STATE_COUNCIL)
BAN_HEADS = Citation(_BAN, Text("第七条第（一）项（拉人头）", "art. 7 (1), pay for heads"), _BAN_DATE, _STATE_COUNCIL)
BAN_ENTRY = Citation(_BAN, Text("第七条第（二）项（入门费）", "art. 7 (2), entry fee"), _BAN_DATE, _STATE_COUNCIL)
BAN_TEAM = Citation(_BAN, Text("第七条第（三）项（团队计酬）", "art. 7 (3), team pay"), _BAN_DATE, _STATE_COUNCIL)

DIRECT_SELLING = Citation(
    Text("《直销管理条例》（国务院令第443号）", "Regulations on Direct Selling (State Council Order 443)"),
    Text(
        "第二十四条（至少按月支付；只按本人直接销售计算；总额不超过30%）",
        "art. 24 (paid at least monthly; on one's own direct sales only; in all at most 30%)",
    ),
    Text(
        "2005-08-23公布，2005-12-01施行，2017-03-01修订",
        "2005-08-23, in force 2005-12-01, revised 2017-03-01",
    ),
    _STATE_COUNCIL,
)

_OPINION = Text(
    "《关于办理组织领导传销活动刑事案件适用法律若干问题的意见》（公通字〔2013〕37号）",
    "Opinions on criminal cases of organising and leading pyramid selling (Gong Tong Zi [2013] No. 37)",
)
_THREE_BODIES = Text(
    "最高人民法院、最高人民检察院、公安部",
    "Supreme People's Court, Supreme People's Procuratorate, Ministry of Public Security",
)
OPINION_LEVELS = Citation(
    _OPINION,
    Text(
        "第一条、第七条（三十人以上且三级以上；“以上”含本数，层级含组织者本级）；《刑法》第二百二十四条之一",
        "nos. 1 and 7 (thirty people and three levels, both inclusive, the organiser's own level counted);"
        " Criminal Law art. 224-1",
    ),
    Text("2013-11-14", "2013-11-14"),
    _THREE_BODIES,
)
OPINION_TEAM = Citation(
    _OPINION,
    Text(
        "第五条（以销售为目的、以业绩计酬的单纯团队计酬不作为犯罪处理；实质按人数计酬的除外）",
        "no. 5 (team pay purely on sales is not treated as a crime, unless it is pay for heads in substance)",
    ),
    Text("2013-11-14", "2013-11-14"),
    _THREE_BODIES,
)
CASE_TWO_LEVELS = Citation(
    Text(
        "重庆市巴南区市场监管局对微信小程序“二级分销”的处罚",
        "Fine on a WeChat mini program's two-level commission (12% seller, 3% recruiter), Banan district, Chongqing",
    ),
    Text("罚款5000元；上线佣金按下线销售计算", "fined 5,000 CNY for a recruiter's commission on a recruit's sales"),
    Text("2022-03-08", "2022-03-08"),
    Text("中国消费者报", "China Consumer News"),
)

WECHAT_2015 = Citation(
    Text("《微信公众平台关于整顿非法分销模式行为的公告》", "WeChat announcement on illegal distribution models"),
    Text("违规示例一、二", "examples 1 and 2"),
    Text("2015-02-15", "2015-02-15"),
    Text("微信公众平台", "WeChat Official Accounts Platform"),
)
WECHAT_2016 = Citation(
    Text("微信公众平台关于整顿多级分销欺诈行为的公告", "WeChat announcement on multi-level distribution fraud"),
    Text("违规示例1–3", "examples 1 to 3"),
    Text("2016-09-12", "2016-09-12"),
    Text("微信公众平台", "WeChat Official Accounts Platform"),
)
WECHAT_MINI = Citation(
    Text("《微信小程序平台运营规范》", "WeChat Mini Program operating rules"),
    Text("第5条“多级分销经营行为”（原编号5.9）", "section 5, multi-level distribution (numbered 5.9 in 2022)"),
    Text("2022-05", "2022-05"),
    Text("腾讯 微信", "Tencent, WeChat"),
)
WECHAT_TWO_LEVELS = Citation(
    Text("微信安全风控负责人公开说明", "Public statement of WeChat's head of risk control"),
    Text(
        "只允许两级（含发展人员本身），三级以上停支付、封号",
        "two levels at most, the recruiter's own included; accounts with three are closed",
    ),
    Text("2016-08-21", "2016-08-21"),
    Text("亿邦动力网、cnBeta 报道", "as reported by Ebrun and cnBeta"),
)

_FTC = Text("美国联邦贸易委员会（FTC）", "Federal Trade Commission")
KOSCOT = Citation(
    Text("Koscot Interplanetary 案", "In re Koscot Interplanetary, Inc., 86 F.T.C. 1106"),
    Text(
        "两项标准：参与者付费；因招募而得到与终端销售无关的报酬",
        "two-part test: pay in, and be rewarded for recruiting",
    ),
    Text("1975", "1975"),
    _FTC,
)
BURNLOUNGE = Citation(
    Text("FTC 诉 BurnLounge 案", "FTC v. BurnLounge, Inc., 753 F.3d 878"),
    Text("第九巡回上诉法院判决", "9th Circuit: rewards tied to recruiting, not to sales made for their own sake"),
    Text("2014-06-02", "2014-06-02"),
    Text("美国联邦第九巡回上诉法院", "US Court of Appeals, 9th Circuit"),
)
VEMMA = Citation(
    Text("FTC 诉 Vemma 案", "FTC v. Vemma Nutrition Co., CV-15-01578-PHX-JJT"),
    Text(
        "临时禁令：不得以自购维持奖金资格；报酬须主要来自非参与者的购买",
        "preliminary injunction: no bonus for members' own purchases; most pay must come from non-members' purchases",
    ),
    Text("2015-09-18", "2015-09-18"),
    Text("美国亚利桑那联邦地区法院", "US District Court, Arizona"),
)
GUIDANCE = Citation(
    Text(
        "FTC《多层次营销商业指引》（员工意见，无约束力）",
        "FTC staff: Business Guidance Concerning Multi-Level Marketing",
    ),
    Text("报酬结构与自购部分", "on compensation structure and participants' own purchases; not binding"),
    Text("2018-01-04发布，2024年修订", "2018-01-04, revised 2024"),
    _FTC,
)
NEORA = Citation(
    Text("FTC 诉 Neora 案（法院未支持 FTC）", "FTC v. Neora, LLC (the court found for the company)"),
    Text("Koscot 标准要看整体事实", "the test turns on the facts as a whole, above all on real customers"),
    Text("2023-09-28", "2023-09-28"),
    Text("美国得克萨斯北区联邦地区法院", "US District Court, Northern Texas"),
)

UCPD_14 = Citation(
    Text("《不公平商业行为指令》2005/29/EC", "Unfair Commercial Practices Directive 2005/29/EC"),
    Text("附件一第14点（金字塔推销）", "Annex I no. 14 (pyramid promotional schemes)"),
    Text("2005-05-11", "2005-05-11"),
    Text("欧洲议会和理事会", "European Parliament and Council"),
)
FINANCE_4 = Citation(
    Text("C-515/12 号案（4finance）", "Case C-515/12, 4finance"),
    Text("参与者须付出对价，金额大小不论", "the consumer must give consideration, however small"),
    Text("2014-04-03", "2014-04-03"),
    Text("欧盟法院", "Court of Justice of the EU"),
)
LOTERIE = Citation(
    Text("C-667/15 号案（Loterie Nationale）", "Case C-667/15, Loterie Nationale"),
    Text("新旧成员资金联系可以是间接的", "an indirect link between newcomers' payments and members' pay is enough"),
    Text("2016-12-15", "2016-12-15"),
    Text("欧盟法院", "Court of Justice of the EU"),
)
