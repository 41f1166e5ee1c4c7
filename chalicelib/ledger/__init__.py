"""The append-only ledger. `entries` says what an entry is, `accounts` where balances are kept, `book` writes and reads.

Signs are flows: a positive posting flows into an account, a negative one out of it; every entry sums to zero.

| account | what its balance says |
|---|---|
| `buyers` | minus what buyers paid, refunds taken off |
| `brand:cash` | paid by buyers, return window not over yet |
| `brand:funds` | paid by buyers, return window over: what Stripe payouts may be taken from |
| `brand:commission` | minus what commission has cost |
| `brand:coupons` | minus what coupons have cost, and may still: in hand at face value, used at what they took off |
| `brand:redeemed` | value of coupons that came back as payment for goods |
| `brand:payouts` | taken from `brand:funds` for payouts |
| `leader:{id}:held` | earned, return window not over yet |
| `leader:{id}:frozen` | earned, and taken aside while a buyer's bank disputes the payment it was earned on |
| `leader:{id}:available` | earned for good; negative: a debt, netted from what comes next |
| `leader:{id}:reserved` | on its way in a payout |
| `leader:{id}:paid` | paid out in all |
| `leader:{id}:coupons` | face value of coupons in hand |
"""
