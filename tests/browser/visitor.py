"""A person at a real browser: reads, follows links, fills in forms, presses buttons. Each page is looked at."""

from functools import partial
from urllib.parse import urlsplit

from chalicelib.web.languages import say
from tests.browser import axe

PHONE, DESKTOP = {"width": 390, "height": 844}, {"width": 1280, "height": 900}
LOCALES = {"zh": "zh-CN", "en": "en-US"}
TOO_WIDE = """() => [...document.querySelectorAll("body *")].filter((one) =>
  one.getBoundingClientRect().right > document.documentElement.clientWidth + 1 &&
  !one.closest(".scroll, .tabs, .unseen, .skip")).slice(0, 5).map((one) => one.outerHTML.slice(0, 120))"""
SIDEWAYS = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"


def sent_file(content):
    """A file to send: a table as text, or a photo as bytes."""
    if isinstance(content, bytes):
        return {"name": "photo.jpg", "mimeType": "image/jpeg", "buffer": content}
    return {"name": "sent.csv", "mimeType": "text/csv", "buffer": content.encode()}


class Visitor:
    """Somebody's browser, with cookies of its own. `_` gives a sentence as this person reads it."""

    def __init__(self, chromium, world, *, language="en", screen=PHONE, script=True, dark=False):
        self.world, self.language, self._ = world, language, partial(say, language)
        how = {
            "viewport": screen, "locale": LOCALES[language], "base_url": world.site_url,
            "color_scheme": "dark" if dark else "light",
        }  # fmt: skip
        self.context = chromium.new_context(java_script_enabled=script, **how)
        self.context.set_default_timeout(30_000)
        self.page = self.context.new_page()
        self.complaints, self.looks, self.script = [], True, script
        self.page.on("console", lambda said: said.type == "error" and self.complaints.append(said.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("request", self._stay_at_home)

    def _stay_at_home(self, request):
        asked = urlsplit(request.url)
        if asked.scheme != "data" and asked.port != urlsplit(self.world.site_url).port:
            self.complaints.append(f"asks another host: {request.url}")

    # ---------------------------------------------------------------------------------------- what people do

    def open(self, path):
        """Go to an address."""
        self._arrive(self.page.goto(path))
        return self

    def follow(self, sentence, **values):
        """Click a link by its text; one of the page's content rather than one above it."""
        text = self._(sentence, **values)
        inside = self.page.locator("main").get_by_role("link", name=text, exact=True)
        link = inside if inside.count() else self.page.get_by_role("link", name=text, exact=True)
        with self.page.expect_navigation() as arrival:
            link.first.click()
        self._arrive(arrival.value)
        return self

    def send(self, to, press, **values):
        """Fill in the form whose address ends so, by the fields' names, and press its button."""
        form = self.form(to)
        for name, value in values.items():
            field = form.locator(f'[name="{name.replace("__", ".")}"]')
            kind = field.first.get_attribute("type")
            if kind == "checkbox" and not value:
                field.uncheck()
            elif kind in ("radio", "checkbox"):
                field.locator(f'xpath=self::*[@value="{value}"]').check()
            elif kind == "file":
                field.set_input_files(sent_file(value))
            elif field.evaluate("(one) => one.tagName") == "SELECT":
                field.select_option(value)
            else:
                field.fill(value)
        with self.page.expect_navigation() as arrival:
            form.get_by_role("button", name=self._(press)).first.click()
        self._arrive(arrival.value)
        return self

    def form(self, to):
        """The first form whose address ends so; with nothing said, the first that sends something."""
        if not to:
            return self.page.locator('form[method="post"]').first
        return self.page.locator(f'form[action$="{to}"], form[action*="{to}?"]').first

    def download(self, locator):
        """Click what gives a file; gives its name and text."""
        with self.page.expect_download() as coming:
            locator.click()
        return coming.value.suggested_filename, coming.value.path().read_text("utf-8-sig")

    def reads(self, sentence, **values):
        """The page says so, in this person's language."""
        assert self._(sentence, **values) in self.text(), f"{self.page.url} does not say: {self._(sentence, **values)}"

    def text(self):
        """What is to be read on the page."""
        return " ".join(self.page.locator("body").inner_text().split())

    def value(self, field_id):
        """What stands in a field."""
        return self.page.locator(f"#{field_id}").input_value()

    def types_code(self, to, email, press="Go on"):
        """Read the code in the mailbox and type it."""
        return self.send(to, press, code=self.world.mailbox.last_code(email))

    # ---------------------------------------------------------------------------------------- what is looked at

    def _arrive(self, answer):
        assert answer.status == 200, f"{answer.url} answered {answer.status}: {self.text()}"
        if self.looks:
            self.look()

    def look(self):
        """Nothing is wrong with the page as it stands."""
        # Where scripts are off, axe's would not run either; it sees the same HTML wherever they are on.
        wrong = [*(axe.violations(self.page) if self.script else []), *self.complaints]
        if self.page.evaluate(SIDEWAYS) > 0:
            wrong.append(f"is wider than the screen: {self.page.evaluate(TOO_WIDE)}")
        assert not wrong, "\n   ".join([self.page.url, *wrong])

    def leave(self):
        """Close the browser; shows where this person was, if the test has failed."""
        print(f"\n{self.page.url}\n{self.text()}")
        self.context.close()
