"""Scopes of rules, `national` or a place, and how they are called in Chinese."""

PLACES = {
    "national": "全国", "shandong": "山东省", "linyi": "临沂市", "beijing": "北京市",
    "tianjin": "天津市", "hebei": "河北省",
    "shanxi": "山西省", "neimenggu": "内蒙古自治区", "liaoning": "辽宁省", "jilin": "吉林省",
    "heilongjiang": "黑龙江省",
    "shanghai": "上海市", "jiangsu": "江苏省", "zhejiang": "浙江省", "anhui": "安徽省",
    "fujian": "福建省",
    "jiangxi": "江西省", "henan": "河南省", "hubei": "湖北省", "hunan": "湖南省",
    "guangdong": "广东省",
    "guangxi": "广西壮族自治区", "hainan": "海南省", "chongqing": "重庆市", "sichuan": "四川省",
    "guizhou": "贵州省",
    "yunnan": "云南省", "xizang": "西藏自治区", "shaanxi": "陕西省", "gansu": "甘肃省",
    "qinghai": "青海省",
    "ningxia": "宁夏回族自治区", "xinjiang": "新疆维吾尔自治区", "shandong-qingdao": "山东省青岛市",
}  # fmt: skip
SHORT = {
    scope: name.rstrip("省市")[:2] if scope != "neimenggu" else "内蒙古"
    for scope, name in PLACES.items()
}
SHORT |= {"heilongjiang": "黑龙江", "shandong-qingdao": "青岛"}
_BY_NAME = {name: scope for scope, name in SHORT.items()}


def scope_of(text: str | None) -> str:
    """The scope a text such as 海南, 山东比例1.5% or 全国 names; `national` for 分省 and 分地区."""
    if not text:
        return ""
    if text in PLACES:
        return text
    for name, scope in sorted(_BY_NAME.items(), key=lambda item: -len(item[0])):
        if name in text and name != "全国":
            return scope
    return "national" if text.startswith(("全国", "分", "各", "国家")) else text


def place_name(scope: str) -> str:
    """The Chinese name of a scope; the scope itself when it is unknown."""
    return PLACES.get(scope, scope)


def places_in(text: str) -> frozenset[str]:
    """The scopes a normalised question names."""
    return frozenset(s for s, name in SHORT.items() if s != "national" and name in text)
