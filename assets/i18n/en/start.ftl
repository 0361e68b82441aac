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
