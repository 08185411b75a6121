"""Make up addresses the way customers write them. Towns are real; communities, houses and rooms are dice."""

from random import Random

from huiyin.evals.pii.forms import FULLWIDTH, HANZI

TOWNS = (
    *(("北京市", "", "海淀区"), ("北京市", "", "通州区"), ("上海市", "", "浦东新区"), ("上海市", "", "闵行区")),
    *(
        ("天津市", "", "南开区"),
        ("重庆市", "", "渝北区"),
        ("广东省", "深圳市", "龙岗区"),
        ("广东省", "广州市", "番禺区"),
    ),
    *(("浙江省", "杭州市", "余杭区"), ("浙江省", "宁波市", "鄞州区"), ("江苏省", "苏州市", "吴中区")),
    *(("江苏省", "南京市", "江宁区"), ("四川省", "成都市", "武侯区"), ("湖北省", "武汉市", "洪山区")),
    *(("陕西省", "西安市", "雁塔区"), ("山东省", "青岛市", "黄岛区"), ("河南省", "郑州市", "金水区")),
    *(("湖南省", "长沙市", "岳麓区"), ("福建省", "厦门市", "湖里区"), ("辽宁省", "沈阳市", "铁西区")),
    *(("云南省", "昆明市", "官渡区"), ("安徽省", "合肥市", "蜀山区"), ("河北省", "石家庄市", "裕华区")),
    *(("广西壮族自治区", "南宁市", "青秀区"), ("新疆维吾尔自治区", "乌鲁木齐市", "天山区")),
    *(("内蒙古自治区", "呼和浩特市", "赛罕区"), ("黑龙江省", "哈尔滨市", "南岗区")),
)
COUNTIES = (
    *(("河南省", "周口市", "太康县"), ("湖南省", "岳阳市", "平江县"), ("四川省", "绵阳市", "梓潼县")),
    *(("山东省", "菏泽市", "曹县"), ("贵州省", "毕节市", "织金县"), ("江西省", "赣州市", "于都县")),
    *(("广西", "桂林市", "阳朔县"), ("甘肃省", "定西市", "临洮县"), ("安徽省", "阜阳市", "临泉县")),
)
ROADS = ("建设路", "人民东路", "学院路", "长江大道", "幸福街", "中山北路", "科技二路", "滨河西路", "团结巷", "文昌街")
SUBDISTRICTS = ("城关街道", "新华街道", "东湖街道", "桃源街道", "北苑街道", "翠竹街道")
COMMUNITIES = (
    "阳光花园",
    "翡翠城",
    "锦绣家园",
    "金色港湾",
    "书香门第",
    "绿洲新城",
    "紫荆苑",
    "和谐小区",
    "丽景湾",
    "梧桐里",
)
TOWERS = ("环球中心", "创业大厦", "国际广场", "软件园", "金融中心", "时代大厦", "科创园")
COMPANIES = ("前台", "前台转交", "财务部", "研发部", "东侧办公区", "")
SCHOOLS = ("理工大学", "师范学院", "财经大学", "职业技术学院", "农业大学", "第三中学")
VILLAGES = ("李庄村", "王家湾村", "石桥村", "大塘村", "杨柳屯", "上坪村", "小河口村", "张家沟")
TOWNSHIPS = ("马头镇", "清溪镇", "红星乡", "龙门镇", "柳河乡", "白沙镇")
LANDMARKS = ("人民医院", "二中", "农贸市场", "加油站", "万达", "火车站", "老供销社", "地铁口")


def _town(dice: Random) -> str:
    return "".join(dice.choice(TOWNS))


def _road(dice: Random) -> str:
    return f"{dice.choice(ROADS)}{dice.randint(1, 399)}号"


def _room(dice: Random) -> str:
    return f"{dice.randint(1, 32)}0{dice.randint(1, 6)}"


def _house(dice: Random) -> str:
    building = f"{dice.randint(1, 30)}{dice.choice(('号楼', '栋', '幢', '#', '座'))}"
    unit = dice.choice((f"{dice.randint(1, 6)}单元", f"{dice.randint(1, 6)}单元", ""))
    return f"{building}{unit}{_room(dice)}{dice.choice(('室', '', '号', '房'))}"


def full(dice: Random) -> str:
    """Write everything from the province to the room."""
    street = dice.choice(SUBDISTRICTS) + _road(dice) if dice.random() < 0.5 else _road(dice)
    return _town(dice) + street + dice.choice(COMMUNITIES) + _house(dice)


def no_province(dice: Random) -> str:
    """Begin at the city or the district, often without 市."""
    province, city, district = dice.choice(TOWNS)
    city = (city or province).removesuffix("市") + dice.choice(("", "市"))
    return (
        dice.choice((city + district, city + district, district))
        + _road(dice)
        + dice.choice(COMMUNITIES)
        + _house(dice)
    )


def village(dice: Random) -> str:
    """Write a village: county, township, village, group, house."""
    place = "".join(dice.choice(COUNTIES)) + dice.choice(TOWNSHIPS) + dice.choice(VILLAGES)
    group = dice.choice((f"{dice.randint(1, 12)}组", f"第{'一二三四五六'[dice.randrange(6)]}村民小组", ""))
    return place + group + f"{dice.randint(1, 200)}号"


def dormitory(dice: Random) -> str:
    """Write a room in a dormitory."""
    province, city, district = dice.choice(TOWNS)
    campus = dice.choice(("", "东校区", "南区", "新校区"))
    house = dice.choice(("号宿舍楼", "栋宿舍", "舍", "号公寓"))
    school = (city or province).removesuffix("市") + dice.choice(SCHOOLS)
    return f"{city or province}{district}{school}{campus}{dice.randint(1, 20)}{house}{_room(dice)}"


def tower(dice: Random) -> str:
    """Write a floor in an office tower."""
    block = dice.choice(("A座", "B座", "1号楼", "T2", ""))
    level = dice.choice((f"{dice.randint(2, 40)}层", f"{dice.randint(2, 40)}楼", f"{dice.randint(2, 40)}F"))
    room = dice.choice((f"{_room(dice)}室", dice.choice(COMPANIES)))
    return _town(dice) + _road(dice) + dice.choice(TOWERS) + block + level + room


def compound(dice: Random) -> str:
    """Write community, building and room, nothing above them."""
    return dice.choice(COMMUNITIES) + _house(dice)


def letters(dice: Random) -> str:
    """Write building and room with Latin letters."""
    province, city, district = dice.choice(TOWNS)
    block = dice.choice(
        (f"{dice.choice('ABCDE')}栋", f"{dice.choice('ABCDE')}区{dice.randint(1, 9)}栋", f"Block {dice.choice('ABC')}")
    )
    return f"{city or province}{district}{dice.choice(COMMUNITIES)}{block}{dice.choice('ABC')}{_room(dice)}"


def numbered(dice: Random) -> str:
    """Write building, unit and room as 3-2-501."""
    where = dice.choice(("", _town(dice)))
    return f"{where}{dice.choice(COMMUNITIES)}{dice.randint(1, 30)}-{dice.randint(1, 6)}-{_room(dice)}"


def spaced(dice: Random) -> str:
    """Put spaces between the steps."""
    parts = [part for part in dice.choice(TOWNS) if part]
    return " ".join((*parts, _road(dice), dice.choice(COMMUNITIES), _house(dice)))


def punctuated(dice: Random) -> str:
    """Put commas, slashes or bars between the steps, a remark in brackets behind."""
    parts = [part for part in dice.choice(TOWNS) if part]
    sign = dice.choice("，,/、|")
    return sign.join((*parts, _road(dice), f"{dice.choice(COMMUNITIES)}（{dice.choice(LANDMARKS)}旁）", _house(dice)))


def hanzi(dice: Random) -> str:
    """Write building, unit and room in Chinese numerals."""
    house = f"{dice.randint(2, 9)}号楼{dice.randint(1, 4)}单元{dice.randint(2, 9)}0{dice.randint(1, 4)}"
    return dice.choice(("", _town(dice))) + dice.choice(COMMUNITIES) + house.translate(HANZI)


def fullwidth(dice: Random) -> str:
    """Write the digits full-width."""
    return full(dice).translate(FULLWIDTH)


def colloquial(dice: Random) -> str:
    """Tell the way as one would on the telephone."""
    mark, community = dice.choice(LANDMARKS), dice.choice(COMMUNITIES)
    house = f"{'一二三四五六七八九'[dice.randrange(9)]}单元{_room(dice)}"
    return dice.choice(
        (
            f"{mark}后面那个{community}{dice.randint(1, 20)}栋{house}",
            f"{community}南门进去右拐第{'二三四'[dice.randrange(3)]}栋{house}",
            f"{mark}对面{community}{dice.randint(1, 9)}号楼顶楼西户",
            f"{dice.choice(TOWNSHIPS)}{dice.choice(VILLAGES)}村口第{'二三四'[dice.randrange(3)]}家",
            f"{dice.choice(TOWNSHIPS)}{mark}旁边{dice.choice(VILLAGES)}老{dice.choice('王李张刘陈')}家隔壁",
        )
    )


def split(dice: Random) -> str:
    """Begin in one turn and go on in the next."""
    return f"{_town(dice)}{_road(dice)}\n{dice.choice(COMMUNITIES)}{_house(dice)}"
