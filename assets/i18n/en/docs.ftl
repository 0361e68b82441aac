### The documentation of the APIs. What is in the descriptions themselves is English everywhere.

## The documentation

docs-heading = API documentation
docs-title = { $api } API · payd
docs-overview = Overview
docs-apis = The APIs
docs-contents = On this page
docs-skip = Skip to the content
docs-back = Back to the dashboard
docs-own = Filled in with the test key of { $store }.

docs-lead-text = payd speaks five APIs at once, on one address. Each is the API of a hosted gateway: if your shop speaks one of them already, change the host name and the keys and nothing else. Money goes from the customer’s wallet straight to yours.
docs-pick-title = Which API to pick
docs-pick-text = New to all of them? Take PayHook for prices in dollars, soko for prices in other money or where customers choose the currency. Every key can call every API; a store’s own API decides how its webhooks look.
docs-payhook-text = One key in a header, prices in US cents, any network and currency that you name. Retries are safe with an Idempotency-Key.
docs-soko-text = Signed calls, prices in a cryptocurrency or in some forty kinds of money, and a page on which customers choose what to pay with. Also rates, balances, donations and a widget.
docs-crypto-pay-text = USDT on TRON with one signed call and one webhook. Each project belongs to one web site; new ones begin in test mode.
docs-usdt-payments-text = USDT on TRON with one signed call and one webhook, without rules about web sites.
docs-cryptopayment-text = Invoices in US dollars with an address of their own each: Bitcoin, Litecoin, Ether and USDT. Key and secret in one header.
docs-price = Price
docs-test-title = Test mode
docs-test-text = A test key never touches a real chain: its payments live on a simulated one inside payd and go through the same code as real money. Make a test key, create a payment, and have it paid on its checkout page or by a command:
docs-simulate-text = Too little, too much, twice, late, or taken back by the chain: the panel on the checkout page of a test payment plays all of that.
docs-webhooks-title = Webhooks
docs-webhooks-text = When a payment changes, payd posts a signed message to your server. An endpoint has one format, which decides body, signature and retries:
docs-webhook-verify = Verify the signature over the raw body, before anything else.
docs-webhook-answer = Answer 2xx as soon as the message is stored; work on it afterwards.
docs-webhook-twice = The same message can come twice. Act on each payment once.
docs-webhook-mode = Look whether it is a test: never deliver goods for a test payment.
docs-standard-text = There is a sixth format, standard: payd’s own view of a payment with the headers of Standard Webhooks, for which there are verifiers in many languages.

docs-quick-title = Quick start
docs-key-text = Make a test key. Key and secret are shown once; put them into the programs below.
docs-site-text = Tell payd the site of the project. The addresses in success_url and fail_url have to be on its domain.
docs-endpoint-text = Tell payd where your server takes webhooks. The answer has the secret that they are signed with.
docs-endpoint-own-text = Tell payd where your server takes webhooks. They are signed with the API secret of the key that made the payment.
docs-endpoint-key-text = Tell payd where your server takes webhooks; every key can have a place of its own. The answer has the APP_KEY that they are signed with.
docs-languages = Programming language
docs-create-title = Create a payment and read its status
docs-create-text = The program prints where to send your customer, then where the payment stands.
docs-verify-title = Take webhooks
docs-verify-text = A whole server: it listens on port 8000, refuses what is not signed, and prints each order that is paid.
docs-verify-shell-text = For trying out: it checks a webhook that was saved to files. Take one of the other languages for a server.

docs-authentication-title = Authentication
docs-public = public
docs-parameters = Parameters
docs-body = Body
docs-reply = Reply
docs-same-fields = The fields are those of
docs-errors = Errors
docs-required = required
docs-example = Example:
docs-events = Events
docs-headers = Headers
docs-signature = Signature
docs-acknowledged = Acknowledgement and retries
