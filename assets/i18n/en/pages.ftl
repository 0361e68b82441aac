### The pages, in English. Every other language has exactly these keys, in this order.

language-name = English

## Numbers and dates

digit-group = ,
decimal-mark = .
price-usd = ${ $amount }
price-eur = €{ $amount }
price-rub = ₽{ $amount }
price-cny = CN¥{ $amount }
price-gbp = £{ $amount }
price-jpy = ¥{ $amount }
price-brl = R${ $amount }
# Time of day has two digits each: 09:05. $day and $month are numbers.
moment = { $day } { $month ->
    [1] Jan
    [2] Feb
    [3] Mar
    [4] Apr
    [5] May
    [6] Jun
    [7] Jul
    [8] Aug
    [9] Sep
    [10] Oct
    [11] Nov
   *[12] Dec
} { $year }, { $hour }:{ $minute } UTC
# Two sentences, one after the other.
sentences = { $first } { $second }
# A heading and the sentence below it, read out.
announcement = { $title }. { $text }

## Head

order = Order { $id }
price-label = Total
test-banner = Test payment: no real money

## Choosing the currency

select-title = Choose what to pay with
select-time-hint = left to choose
select-text = Amounts follow the market. Yours is fixed when you choose.
select-no-rate = No rate just now
select-none = There is nothing to choose from just now. Please contact { $shop }.
select-held = Too many customers are paying with { $symbol } on { $network } just now. Choose another currency, or try again in a few minutes.
select-rate-missing = There is no rate for { $symbol } on { $network } just now. Choose another currency, or try again in a few minutes.
select-not-offered = { $symbol } on { $network } cannot be used for this payment just now. Please choose another currency.
select-unknown = This currency is not offered any more. Please choose another.
select-busy = We are very busy just now. Please choose again in a few seconds.
select-expired-text = The time to choose is over, and there was nothing to pay. Go back to { $shop } and start again.

## Asking for the money

waiting-title = Waiting for your payment
part-paid-title = Part of it has arrived
send-more = We received { $received }. Send { $remaining } more.
time-left = Time left
time-left-hint = left to pay
amount-label = Send exactly
amount-label-more = Send the rest, exactly
address-label = To this address
network-label = Network
fee-hint = Wallet fees come on top.
exact-warning = Send exactly { $amount }, to the last digit. Your payment is recognised by this amount; any other is not found.
network-warning = Send only { $symbol } on { $network }. Anything else may be lost.
copy-amount = Copy amount
copy-address = Copy address
# $detail is one of the words under Details.
copy-detail = Copy: { $detail }
copy = Copy
copied = Copied
open-wallet = Open in wallet
qr-label = QR code for your wallet
received-so-far = Received so far
connection-lost = No connection. This page will catch up by itself.

## While it is confirmed

confirming-title = Payment found
confirming-text = The network is confirming it. There is nothing more to send.
unmined-text = It is on its way and waits for its first block. There is nothing more to send.
unmined-close = You can close this page; it is watched all the same.
confirmations = { $count } of { $required } { $required ->
    [one] confirmation
   *[other] confirmations
}
confirming-wait = { $minutes ->
    [0] Usually done within a minute.
    [one] Usually done within a minute.
   *[other] Usually done within { $minutes } minutes.
}
confirming-close = You can close this page; your payment is safe.

## How it ended

paid-title = Payment complete
paid-text = Thank you. { $shop } has your payment.
overpaid-remark = You sent { $excess } more than was due. Contact { $shop } to have it returned.
closing-title = Time is up
closing-text = Please do not pay now. If you have paid already, your payment is being looked for and this page will say so.
underpaid-title = Not enough arrived in time
underpaid-text = { $received } of { $due } arrived before the time ran out.
underpaid-remark = Please do not send more now. Contact { $shop }: they can complete your order or return what you sent.
expired-title = This payment has expired
expired-text = The time to pay is over. Please do not send anything to this address any more.
expired-remark = If you paid just before the time ran out, your payment is still found and this page changes by itself. If you paid later, contact { $shop } and name your transaction.
cancelled-title = This payment was cancelled
cancelled-text = { $shop } cancelled this payment. Please do not send anything to this address.
cancelled-unasked-text = { $shop } cancelled this payment. There is nothing to pay.
cancelled-remark = If you have sent money already, contact { $shop } with the payment number below.
failed-title = This payment could not be completed
failed-text = Please do not send anything more. Contact { $shop } with the payment number below.
preparing-title = One moment
preparing-text = Your payment is being prepared. Keep this page open: it will change by itself.
queued-title = A moment, please
queued-text = Many customers are paying just now, so please do not send anything yet. Keep this page open: it will show you what to pay as soon as it is your turn.
never-asked-text = It was not your turn in time, and there was nothing to pay. Go back to { $shop } and try again.
back-to-shop = Back to { $shop }
leaving = Taking you back to { $host }…
leaving-unless-paid = If you have sent money, stay on this page. Otherwise you will be taken back to { $host }.
stay = Stay on this page
print = Print receipt

## Details

details = Details
detail-number = Payment
detail-network = Network
detail-due = Amount due
detail-received = Received
detail-rate = Rate
rate = 1 { $symbol } = { $rate }
detail-email = E-mail
detail-created = Created
detail-confirmed = Paid
detail-address = Address
detail-transaction = Transaction
foot = Paid straight to the shop’s own wallet
help-link = Get help
language-choice = Language

## Test payments

simulate-title = Try what can happen
simulate-text = These act on a simulated chain. A live payment does not have this panel.
scenario-exact = Pay exactly
scenario-under = Pay half
scenario-over = Pay too much
scenario-late = Pay late
scenario-twice = Pay twice
scenario-wrong-token = Pay in another coin
scenario-reorg = Undo the block

## Problems

not-found-title = No such payment
not-found-text = Check that you opened the whole link, or go back to the shop and start again.
not-understood-title = That did not work
not-understood-text = Go back to the payment and try again.
unavailable-title = Not available just now
unavailable-text = Please try again in a few seconds. A payment that you have sent is not lost.
too-many-title = Not so fast
too-many-text = Too many requests came from your connection. Please wait a moment and try again.
try-again = Try again

## Donations

donate-amount = Choose an amount
donate-own = Other
donate-own-label = Your amount
donate-pay-with = Pay with
donate-name = Your name
donate-message = Message
donate-optional = optional
donate-button = Donate
donate-foot = Your gift goes straight to their own wallet
donate-given = { $given } of { $goal }
donate-goal = Goal: { $goal }
donate-count = { $count ->
    [one] 1 donation so far
   *[other] { $count } donations so far
}
donate-error-missing = Choose an amount, or write your own.
donate-error-amount = Write the amount like { $example }.
donate-error-zero = The amount must be more than zero.
donate-error-large = That is more than can be given at once. Please choose a smaller amount.
donate-error-currency = Choose what to pay with.
donate-error-name = Your name can have at most { $count } characters.
donate-error-message = Your message can have at most { $count } characters.
donate-error-unavailable = This cannot be paid just now. Please try again in a minute, or pay with something else.
donate-not-found-title = No such page
donate-not-found-text = Check that you opened the whole link.
donate-closed-title = No donations at the moment
donate-closed-text = This page takes no donations just now. Thank you for thinking of it.
donate-not-understood-text = Go back to the page and try again.
donate-unavailable-text = Please try again in a few seconds.

## The widgets: an overlay on the shop's page, and the frame in it before the payment

widget-pay-title = Pay with crypto
widget-donate-title = Donate with crypto
widget-close = Close
widget-loading = Loading…
widget-unreachable = This could not be loaded. Close it and try again in a moment.
widget-starting = Starting your payment…
widget-continue = Continue to payment
widget-refused-title = This payment cannot be started
widget-refused-text = Nothing was charged. Please tell the shop.
widget-busy-text = Nothing was charged. Please close this and try again in a moment.
widget-for-the-shop = For the shop:
widget-donate = Donate
widget-donate-text = Support us with a crypto donation
widget-dismiss = Hide this bar
