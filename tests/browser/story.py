"""A brand's first weeks, by clicking: from signing up to the bank's money, as owner, two leaders and a customer."""

from tests.media.pictures import jpeg_from_a_phone

WHY_THE_SELLER = {
    "en": "You sold 195.00; your margin (10%) is 19.50.",
    "zh": "您售出 195.00，销售佣金（10%）为 19.50。",
}
WHY_THE_INVITER = {
    "en": "Zhao, whom you invited, sold 195.00; you earn 3% of it: 5.85.",
    "zh": "您邀请的Zhao售出 195.00，您获得其中的 3%：5.85。",
}


class Story:
    """The steps in their order; each leaves its people on the page that they came to."""

    def __init__(self, visitor, world, **how):
        self.world = world
        self.owner, self.first, self.second, self.customer = (visitor(**how) for _ in range(4))

    def a_brand_signs_up(self):
        owner = self.owner.open("/").follow("Open your brand")
        owner.page.locator("main summary").click()
        owner.send(
            "/signup", "Go on", name="Green Village 绿村", slug="green-village", owner_name="Mei",
            email="mei@example.com", plan_preset="simple_referral", currency="CNY", examples="",
        )  # fmt: skip
        owner.types_code("/signup/code", "mei@example.com")
        owner.reads("Your next steps")

    def at_the_desk(self, kind, place):
        """The owner goes to a place of the console; on a phone its kind comes first, under the thumb."""
        if self.owner.page.locator(".thumbs").is_visible():
            self.owner.follow(kind)
        return self.owner.follow(place)

    def it_adds_a_product(self):
        self.owner.follow("Add your first product").send(
            "/products/new", "Save", title="Pears from the hill 山梨", unit="box", sale_price_minor="100",
            list_price_minor="128.00", stock="20", description="Picked on Monday.", photo=jpeg_from_a_phone(),
        )  # fmt: skip
        assert "¥100.00" in self.owner.text()
        self._sees_a_photo(self.owner)

    def _sees_a_photo(self, somebody):
        photo = somebody.page.locator("main img").first
        photo.scroll_into_view_if_needed()  # until then it need not be fetched
        photo.evaluate("(one) => one.decode()")
        assert photo.evaluate("(one) => one.naturalWidth") > 0

    def it_opens_a_campaign(self):
        owner = self.at_the_desk("Selling", "Campaigns").follow("Open a campaign")
        quantity = owner.page.locator('[name^="quantity."]').first.get_attribute("name")
        owner.send("/campaigns/new", "Open it", title="Pears of the week 本周山梨", **{quantity: "10"})
        owner.reads("Running")

    def a_leader_registers_and_a_second_below(self):
        self.at_the_desk("Network", "Leaders").send("/leaders", "Make an invitation link")
        self._joins(self.first, self.owner.value("invitation"), "Wang Fang 王芳", "13911112222", "wang@example.com")
        poster = self.first.follow("Poster of my invitation").value("poster-link")
        self._joins(self.second, poster, "Zhao", "13933334444", "zhao@example.com")

    def _joins(self, leader, link, name, phone, email):
        leader.open(link).send("", "Become a leader", name=name, phone=phone, email=email)
        leader.types_code("/confirm", email)
        leader.reads("Hello, {name}", name=name)

    def a_customer_orders_and_pays(self, name="Li Na 李娜", phone="13800138000"):
        customer = self.customer.open(self.second.value("shop"))
        assert not customer.context.cookies()
        self._sees_a_photo(customer)
        customer.reads("New here? {amount} is taken off your first order of {minimum} or more.",
                       amount="¥5.00", minimum="¥25.00")  # fmt: skip
        field = customer.page.locator('[name^="qty."]').first.get_attribute("name")
        customer.send("", "Order and pay", name=name, phone=phone, pickup="six o'clock", **{field: "2"})
        customer.send("", "Pay 195.00")
        customer.reads("Thank you! {name} will tell you when your goods are there.", name="Zhao")
        assert not customer.context.cookies()

    def the_leader_hands_out(self):
        self.second.open("/lead/green-village").send("/deliver", "Mark as handed out")
        self.second.reads("Nothing to hand out")
        self.customer.page.reload()
        self.customer.reads("Handed out")
        self.customer.look()

    def the_window_passes(self):
        self.world.days_pass(9)

    def both_leaders_see_what_they_earned_and_why(self):
        for leader, why in ((self.second, WHY_THE_SELLER), (self.first, WHY_THE_INVITER)):
            leader.open("/lead/green-village").follow("Wallet").follow("Statement")
            assert why[leader.language] in leader.text()
            leader.follow("Why?")

    def they_say_where_their_money_goes(self):
        for leader in (self.first, self.second):
            leader.follow("Wallet").follow("Say where it goes")
            leader.send("/payout", "Save", bank_details="ICBC 6222 0200 0000")
            leader.reads("By bank transfer from the brand.")

    def the_brand_pays_out_and_exports(self):
        owner = self.at_the_desk("Money", "Payouts").send("/payouts/run", "Pay out now")
        name, lines = owner.download(owner.form("/payouts/export").get_by_role("button"))
        assert name == "payouts.csv"
        assert "24.50" in lines  # 19.50 and 5.00 for a new customer
        owner.open("/console/green-village/payouts")
        for _ in (self.first, self.second):
            owner.send("/payouts/confirm", "Paid", reference="ICBC-1")
        owner.follow("Ledger").follow("Trial balance")
        owner.follow("Ledger")
        owner.open("/console/green-village/exports").send("/exports", "Make the file", what="commissions", format="csv")
        owner.reads("Ready")
        assert b"brand:commission" in list(self.world.files.kept.values())[-1]

    def the_leaders_are_told(self):
        for leader in (self.first, self.second):
            leader.follow("Wallet").follow("Statement")
            leader.reads("Paid out")

    def everything(self):
        """All steps."""
        self.a_brand_signs_up()
        self.it_adds_a_product()
        self.it_opens_a_campaign()
        self.a_leader_registers_and_a_second_below()
        self.a_customer_orders_and_pays()
        self.the_leader_hands_out()
        self.the_window_passes()
        self.both_leaders_see_what_they_earned_and_why()
        self.they_say_where_their_money_goes()
        self.the_brand_pays_out_and_exports()
        self.the_leaders_are_told()
