## Dashboard: a store's overview

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
overview-status-selecting = Choosing
overview-status-queued = In line
overview-status-pending = Waiting
overview-status-confirming = Confirming
overview-status-underpaid = Underpaid
overview-status-paid = Paid
overview-status-expired = Expired
overview-status-cancelled = Cancelled
overview-status-failed = Failed

## Dashboard: what of a store needs attention

overview-attention-title = Needs attention
overview-disabled = This store is switched off: it takes no new payments.
overview-test-mode = This store is in test mode: its live keys are refused.
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
overview-steps-title = First steps
overview-step-done = Done
overview-step-test = Make a test payment and watch it being paid
overview-step-address = Add your own addresses, or an account key
overview-step-webhook = Tell payd where your shop hears of payments
overview-step-key = Make a live API key for your shop
overview-step-backup = Save a backup of the key file and the database
