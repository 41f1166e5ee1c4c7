"""The e-mails that people get, in their language."""

from chalicelib.chinese import Language, written
from chalicelib.mail import Mail
from chalicelib.people.rules import CODE_LASTS

_MINUTES = int(CODE_LASTS.total_seconds() // 60)


def login_code(email: str, code: str, language: Language) -> Mail:
    """The one-time code. The subject shows it, so that it can be read off a locked phone's notification."""
    if language != "en":
        return Mail(
            email,
            written(f"您的登录验证码：{code}", language),
            written(
                f"验证码 {code}，{_MINUTES} 分钟内有效，只能使用一次。\n请勿告诉任何人，我们也不会向您索取。\n"
                "如果不是您本人操作，忽略此邮件即可。\n",
                language,
            ),
        )
    return Mail(
        email,
        f"Your sign-in code: {code}",
        f"{code} is your sign-in code. It works once, within {_MINUTES} minutes.\n"
        "Give it to nobody; we never ask for it.\nIf you did not ask for it, ignore this e-mail.\n",
    )


def payout_code(email: str, code: str, language: Language) -> Mail:
    """The code that confirms a new payout account. It says what it is for: a thief may ask for "the code"."""
    if language != "en":
        return Mail(
            email,
            written(f"更改收款账户的验证码：{code}", language),
            written(
                "有人正在更改您佣金的收款账户。\n"
                f"如果是您本人操作，请输入验证码 {code}（{_MINUTES} 分钟内有效，只能使用一次）。\n"
                "如果不是您本人操作：请勿将验证码告诉任何人，并立即在「退出登录」中选择退出所有设备。\n",
                language,
            ),
        )
    return Mail(
        email,
        f"Your code to change your payout account: {code}",
        f"Somebody is changing the account that your commissions are paid to. If it is you, type {code}; "
        f"it works once, within {_MINUTES} minutes.\n"
        "If it is not you: give the code to nobody, and sign out everywhere at once (Sign out, on all devices).\n",
    )


def staff_invitation(email: str, brand: str, sign_in_url: str, language: Language) -> Mail:
    """Tells somebody that a brand has made them staff; they get in with a code to this very address."""
    if language != "en":
        return Mail(
            email,
            f"{written('您已加入', language)}「{brand}」{written('的工作人员', language)}",
            f"「{brand}」{written('邀请您管理其后台。请用此邮箱登录：', language)}\n{sign_in_url}\n",
        )
    return Mail(
        email,
        f"You are now staff of {brand}",
        f"{brand} has invited you to its console. Sign in with this e-mail address:\n{sign_in_url}\n",
    )
