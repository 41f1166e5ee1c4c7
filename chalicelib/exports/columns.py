"""What can be exported, who may take it along, and the titles of each kind's columns."""

from collections.abc import Mapping
from typing import Literal, get_args

from chalicelib.chinese import Language, written

What = Literal["orders", "order_lines", "leaders", "commissions", "payouts", "products", "cases"]
KINDS: tuple[What, ...] = get_args(What)
WITHOUT_CUSTOMERS: tuple[What, ...] = ("order_lines", "commissions", "payouts")
"""What an accountant may take along."""
BY_TIME: tuple[What, ...] = ("orders", "order_lines", "commissions", "payouts", "cases")
"""What has a moment, so that days can be chosen."""

HEADERS: Mapping[What, Mapping[str, str]] = {
    "orders": {
        "order": "订单号", "placed": "下单时间", "state": "状态", "leader": "团长编号", "leader_name": "团长",
        "campaign": "团购编号", "customer": "顾客", "phone": "手机号", "place": "自提点或地址", "units": "件数",
        "amount": "金额", "refunded": "已退款", "currency": "货币", "paid": "付款时间", "delivered": "交付时间",
        "carrier": "快递公司", "tracking_number": "快递单号",
    },
    "order_lines": {
        "order": "订单号", "placed": "下单时间", "state": "状态", "leader": "团长编号", "leader_name": "团长",
        "campaign": "团购编号", "product": "商品编号", "title": "商品名称", "units": "件数", "unit_price": "单价",
        "amount": "金额", "refunded": "已退款", "currency": "货币",
    },
    "leaders": {
        "leader": "团长编号", "name": "姓名", "phone": "手机号", "rank": "等级", "status": "状态", "frozen": "已冻结",
        "inviter": "邀请人编号", "joined": "加入时间", "groups": "社群数", "payout_way": "收款方式",
    },
    "commissions": {
        "at": "时间", "entry": "分录", "kind": "类型", "account": "科目", "leader": "团长编号", "leader_name": "团长",
        "amount": "金额", "currency": "货币", "reason": "说明",
    },
    "payouts": {
        "payout": "打款编号", "created": "时间", "leader": "团长编号", "leader_name": "团长", "amount": "金额",
        "currency": "货币", "way": "方式", "account": "收款账户", "state": "状态", "updated": "更新时间",
        "batch": "批次", "transfer": "转账编号", "reason": "说明",
    },
    "products": {
        "product": "商品编号", "title": "商品名称", "unit": "单位", "list_price": "原价", "sale_price": "售价",
        "rate": "佣金比例", "stock": "库存", "active": "在售", "added": "添加时间",
    },
    "cases": {
        "case": "售后编号", "asked": "提出时间", "state": "状态", "order": "订单号", "leader": "团长编号",
        "leader_name": "团长", "customer": "顾客", "phone": "手机号", "asked_by": "提出人", "wish": "诉求",
        "reason": "原因", "goods": "商品", "text": "说明", "photos": "照片数", "amount": "金额", "currency": "货币",
        "decided": "处理时间", "goods_are": "货品去向", "note": "答复", "done": "完成时间",
    },
}  # fmt: skip


def titles(what: What, language: Language) -> list[str]:
    """Give the titles of a kind's columns in a language."""
    names = HEADERS[what]
    return list(names) if language == "en" else [written(title, language) for title in names.values()]
