## Dashboard: a store’s overview

overview-modes = Real money or test payments
overview-live = Live
overview-test = Test
overview-new = New payment
overview-test-shown = You are looking at test payments. No real money is in these figures.
overview-figures = Sales
overview-today = Today
overview-month = Last 30 days
overview-month-count = Paid in 30 days
overview-paid-payments = { $count ->
    [one] { $shown } payment
   *[other] { $shown } payments
}
overview-change-more = { $percent }% more than in the 30 days before
overview-change-less = { $percent }% less than in the 30 days before
overview-change-none = As in the 30 days before
overview-no-change = Nothing in the 30 days before
overview-paid-percent = { $percent }% of those that ended were paid
overview-utc = Days begin at midnight UTC
overview-days-title = Sales by day
overview-days-desc = One bar for each of the last 30 days. Together { $sum }; the best day { $top }. The table below says the same.
overview-days-none = No sales in the last 30 days.
overview-days-table = Show as a table
overview-day = { $day } { $month ->
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
}
overview-day-label = Day
overview-count-label = Payments
overview-sum-label = Sum
overview-mixed = Prices are in several currencies: sums are in US dollars, as payments were worth when they were made.
overview-unvalued = { $count ->
    [one] One payment is in no sum, as nobody knew what it was worth.
   *[other] { $count } payments are in no sum, as nobody knew what they were worth.
}
overview-assets-title = By asset
overview-assets-none = Nothing was paid in the last 30 days.
overview-asset-sold = { $count ->
    [one] { $sum } · { $shown } payment
   *[other] { $sum } · { $shown } payments
}
overview-funnel-title = What became of payments
overview-funnel-made = Made
overview-funnel-seen = Money seen
overview-funnel-paid = Paid
overview-funnel-underpaid = Paid too little
overview-funnel-expired = Expired
overview-funnel-cancelled = Cancelled
overview-funnel-open = Still open
overview-latest-title = Latest payments
overview-latest-all = All payments
overview-latest-none = No payments yet.
overview-payment-label = Payment
overview-status-label = Status
overview-asset-label = Paid with
overview-made-label = Made
overview-price-label = Price

## Dashboard: what of a store needs attention

overview-attention-title = Needs attention
overview-disabled = This store is switched off: it takes no new payments.
overview-test-mode = This store is in test mode: its live keys are refused.
overview-not-recording-full = Nothing can be recorded: the disk is full. Make room; payd goes on by itself.
overview-not-recording-read-only = Nothing can be recorded: the database may not be written. See to its permissions; payd goes on by itself.
overview-not-recording-failing = Nothing can be recorded: the disk does not take what is written. See whether it fails or is full; payd goes on by itself.
overview-not-recording-damaged = Nothing is recorded any more: the database file is damaged. Stop payd and put the last backup in its place.
overview-no-network = payd has no node to see real money by: only test payments work.
overview-no-address = There is no address to receive real money at.
overview-inbox = { $count ->
    [one] One transfer counted for no payment.
   *[other] { $count } transfers counted for no payment.
}
overview-inbox-many = { $count } transfers or more counted for no payment.
overview-low-pool = { $free ->
    [0] No free address is left on { $network }: new payments there are refused.
    [one] One free address is left on { $network }.
   *[other] { $free } free addresses are left on { $network }.
}
overview-unread = { $network } cannot be read: payments on it are not seen.
overview-unread-since = { $network } has not been read since { $time }: payments on it are not seen.
overview-alarm = Something about { $network } needs a look.
overview-webhook-failed = { $url } takes no webhooks: one was given up.
overview-webhook-waits = Webhooks to { $url } have been waiting for a while.
overview-no-second-factor = You sign in with a password alone. Add a second factor.
overview-to-account = Your account
overview-steps-title = First steps
overview-step-done = Done
overview-step-test = Make a test payment and watch it being paid
overview-step-address = Add your own addresses, or an account key
overview-step-webhook = Tell payd where your shop hears of payments
overview-step-key = Make a live API key for your shop
overview-step-backup = Save a backup of the key file and the database

## Dashboard: the inbox

inbox-about = Money that came to your addresses and counted for no payment. It is yours either way: say what becomes of it.
inbox-which = Which transfers
inbox-open = To do
inbox-all = All
inbox-none = Nothing to look at: all money that came counts for a payment.
inbox-amount-label = Amount
inbox-reason-label = Why it is here
inbox-payment-label = Payment
inbox-when-label = When
inbox-worth-label = Worth now
inbox-worth-unknown = Unknown
inbox-network-label = Network
inbox-address-label = Came to
inbox-transaction-label = Transaction
inbox-pages = Pages of the list
inbox-latest = Latest
inbox-earlier = Earlier
inbox-reason-gone = Its block left the chain, and the money with it. If it is mined again it comes back by itself.
inbox-reason-counted = It counts for a payment.
inbox-reason-late = It came after the payment’s time was over.
inbox-reason-wrong-asset = It is another coin than the payment asked for.
inbox-reason-second = The payment was paid already: this is a second payment, or too much.
inbox-reason-after-end = The payment was over when it came.
inbox-reason-unmatched = No payment was waiting at this address.
inbox-handled-attached = Attached { $time }
inbox-handled-dismissed = Dismissed { $time }
inbox-letter-title = Transfer
inbox-attach-title = Attach to a payment
inbox-attach-hint = The money then counts for the payment as if it had come in time, and your shop is told.
inbox-proposals = Could be for
inbox-no-proposal = No open payment asked for this coin at this address.
inbox-lacks = lacks { $amount }
inbox-other = Another payment
inbox-other-label = Payment number or order
inbox-why-label = Why (kept in the audit log)
inbox-attach = Attach
inbox-attached = The transfer counts for the payment now. It is settled as soon as it has its confirmations.
inbox-dismiss-title = Dismiss
inbox-dismiss-hint = Nothing becomes of it here: you sent it back, or know what it is.
inbox-dismiss = Dismiss
inbox-dismissed = The transfer is out of the inbox. You find it under “All”.
inbox-mistake-reason = Say why, in at most 500 characters.
inbox-mistake-no-payment = This store has no payment of that number, and none for that order.
inbox-mistake-counts = This transfer counts for { $number } already.
inbox-mistake-gone = Its block left the chain, and the money with it.
inbox-mistake-network = The money came on { $found }, and { $number } is to be paid on { $wanted }. Make a payment on { $found } for the order and attach it to that, or send the money back and dismiss it here.
inbox-mistake-currency = The money is { $found }, and { $number } is to be paid in { $wanted }. Make a payment in { $found } for the order and attach it to that, or send the money back and dismiss it here.
inbox-mistake-takes-none = { $number } takes no money ({ $status }). Make a new payment for the order and attach it to that, or send the money back.
inbox-mistake-place = Another payment waits for money at the address of { $number }. Attach the transfer once it has { $count } confirmations.

## Dashboard: balances

balances-about = What your payments have received since the beginning. payd holds no money: it is in your own wallets, and this does not know what you have spent since.
balances-about-test = What test payments have received. None of it is real.
balances-none = Nothing was received yet.
balances-csv = Download CSV
balances-worth-title = Received, at today’s rates
balances-short = Without the assets that have no rate just now.
balances-asset-label = Asset
balances-settled-label = Received
balances-pending-label = On its way
balances-held-label = On your addresses
balances-held-hint = “On your addresses” is what they held when payd last compared them with the chain.
balances-no-rate = No rate
