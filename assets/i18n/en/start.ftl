## Dashboard: the first run

start-step-owner = You
start-step-store = Store
start-step-coins = Coins
start-step-addresses = Addresses
start-step-webhook = Webhook
start-step-test = Test
start-steps = Steps
start-title-owner = Set up payd
start-title-store = Your store
start-title-coins = What do you want to be paid with?
start-title-addresses = Where does your money go?
start-title-webhook = Who is told of payments?
start-title-test = Try it
start-next = Continue
start-skip = Not now

start-owner-text = This payd belongs to whoever fills in this page. Choose how you sign in from now on.
start-owner-password-hint = At least ten characters. A few words that you can remember are better than one with signs.

user-name-mistake = A user name has 1 to 64 letters, digits and . - _ @, and begins with a letter or digit.
password-short = A password has at least { $least } characters.
password-long = This password is too long.
password-plain = This password is among the first to be guessed. Take several words, or let a password manager make one.

start-store-name-label = Name of the store
start-store-name-hint = Customers see it on the payment page.
start-store-name-mistake = A name has 1 to 64 characters, no line breaks, and does not begin with a dash.
start-store-name-taken = There is a store of this name already.
start-fiat-label = Your currency
start-api-label = Which gateway does your shop speak to today?
start-api-payhook = PayHook, or none yet
start-api-soko = soko
start-api-crypto-pay = Crypto Pay (needs the web site below)
start-api-usdt-payments = USDT Payments
start-api-cryptopayment = CryptoPayment
start-website-label = Web site of the shop (optional)
start-website-mistake = Write it like https://shop.example. Crypto Pay cannot do without.
start-website-taken = Another store has this web site already.

start-coins-text = Choose the networks that your customers may pay on. payd watches them through public nodes, without an account anywhere.
start-coins-fixed = set in the configuration file
start-coins-refused = This could not be switched on: { $reason }
start-coins-remark = Nodes of your own, and more networks, are to be had later under “Nodes”.

start-addresses-text = Paste where you want to be paid: one or more addresses of yours, one a line, or the public key of an account (xpub, ypub, zpub), from which payd makes a fresh address for every payment.
start-addresses-warning = Never paste a seed phrase or a private key, here or anywhere. payd needs none and takes none.
start-addresses-none = You have chosen no network. That is fine for a test; addresses can be added at any time.
start-addresses-file = Or from a file:
start-address-good = Good: { $found }
start-addresses-good = { $count ->
    [one] { $count } good line
   *[other] { $count } good lines
}
start-account-good = an account; its first address is { $address }. Compare it with your wallet.
start-secret = This can spend money! Whoever saw it can take what it holds. Move that money to a new wallet, and never paste such words again. Nothing was kept.
start-other-network = This is an address of { $found }. Here one of { $wanted } is needed.
start-bad-address = This cannot be received with: { $reason }
start-no-address = This is no address of { $wanted }, nor the public key of an account.

start-webhook-text = payd tells your shop’s backend of every payment by a signed post to this URL. It is tried at once.
start-webhook-label = URL (optional)
start-webhook-hint = This machine and your local network are fine, too.
start-webhook-try = Continue and try it
start-webhook-refused = This URL cannot be used: { $reason }
start-webhook-secret = Webhook secret
start-webhook-arrived = The test arrived.
start-webhook-not-arrived = The test did not arrive; payd will try real ones again and again.
start-webhook-replied = The answer was HTTP { $status }.
start-webhook-slow = There was no answer in time.
start-keys-text = These are the keys of your store. Copy them into your shop’s settings now: they are shown this once.
start-base-url = Address of payd’s API
start-key-test = Test key
start-secret-test = Test secret
start-key-live = Live key
start-secret-live = Live secret
start-copy = Copy

start-test-text = Make a test payment. It lives on a simulated chain inside payd: no money moves.
start-test-order = Test order
start-test-make = Make the test payment
start-test-look = See it as your customer does
start-test-pay = Pay it with simulated money
start-test-seen = Seen. Waiting for confirmations …
start-test-paid = Paid
start-done-text = That is all. Payments that your shop makes from now on show up on your overview.
start-done = Go to the overview
