## Dashboard: the password once more

again-label = Your password
again-hint = Asked for again because this decides where money goes.
again-missing = Type your password: this decides where money goes.
again-wrong = This is not your password. Nothing was changed.

## Dashboard: ways to receive

way-pool = Pool of addresses
way-xpub = Account key
way-shared = One address

## Dashboard: where a store receives

addresses-intro = Money goes straight from your customers to these addresses. payd never has their keys.
addresses-card-empty = Nothing set up yet: no payment can be made on this network.
addresses-held = held by payments
addresses-resting = resting
addresses-free = free
addresses-waiting = waiting for a place
addresses-total = in all
addresses-amounts = amounts for one price
addresses-retired-count = retired
addresses-per-hour = Room for about { $rate } payments an hour, even if nobody pays before the time is up.
addresses-low-pool = Few addresses are free. Add more, shorten the payment window or the rest of addresses in the store settings, or use an account key, which never runs out.
addresses-low-amounts = Few amounts are free, so payments may have to wait. Allow more amounts, or use an account key or a pool.
addresses-next-index = The next payment gets address number { $index } of the account.
addresses-no-limit = Every payment gets an address of its own: there is always room.
addresses-unwatched = Nobody watches this network yet, so no payment can be made on it. Add a node for it on the “Nodes” page or in the configuration.
addresses-wallet-altered = This setting was changed in the database, and not by payd. Nobody is told to pay there. Find out who could write to the database, then set it again.
addresses-accepted-label = Accepted
addresses-changed-label = Last changed
addresses-see = See addresses
addresses-add = Add addresses
addresses-change-way = Change the way to receive
addresses-others-title = Networks without a node
addresses-simulated-title = Simulated networks
addresses-simulated-text = Test payments run on simulated networks inside payd, which make the addresses that they need. Nothing has to be set up, and no real money can be sent there.
addresses-all-networks = All networks
addresses-way-label = Way to receive
addresses-pool-text = Each open payment has an address from your list to itself. After the payment, the address rests and is used again.
addresses-xpub-text = Each payment gets a fresh address of your wallet, made from its account’s public key. payd can see what comes in, and can spend nothing.
addresses-shared-text = All payments go to one address. Amounts that differ by a cent or less tell whose money it is: for wallets and exchanges that give you one address only. Customers have to pay the amount exactly.
addresses-unpaid = The last { $count } received nothing so far.
addresses-gap = Up to { $gap } addresses in a row have received nothing, and wallets commonly stop looking after 20. Set the gap limit of your wallet to { $limit } or more, or it will not show all your money (Electrum: wallet.change_gap_limit({ $limit }) in the console; Sparrow: Settings, Advanced, Gap limit).
addresses-next-children = The next addresses
addresses-plan-label = How many payments an hour do you expect at most?
addresses-plan-ask = Is there room?
addresses-plan-enough = There is room for that.
addresses-plan-missing = Add { $count } for that many, or shorten the payment window or the rest of addresses.
addresses-plan-too-many = That takes more addresses than are practical. Use an account key.
addresses-list-title = Addresses
addresses-list-empty = No addresses yet.
addresses-export = Export CSV
addresses-address-label = Address
addresses-state-label = State
addresses-used-label = Last used
addresses-received-label = Received
addresses-proof-label = Ownership
addresses-never = Never
addresses-nothing-yet = Nothing yet
addresses-and-more = and more
addresses-proved-word = Proven
addresses-not-proved = Not proven
addresses-pages = Pages of the list
addresses-latest = Latest
addresses-earlier = Earlier

## Dashboard: what an address is doing

addresses-state-altered = Altered: never given out
addresses-state-held = Held by a payment
addresses-state-retired-held = Retired after its payment
addresses-state-shared = Shared by all payments
addresses-state-was-shared = Was shared; still watched
addresses-state-used = Used once
addresses-state-retired = Retired; still watched
addresses-state-resting = Rests until { $until }
addresses-state-free = Free

## Dashboard: adding addresses

addresses-add-title = Add addresses: { $network }
addresses-list-label = Addresses
addresses-list-hint = Addresses of { $network } that are yours, one a line. A signature that proves one may stand behind it, after a comma. Never paste a private key or a recovery phrase.
addresses-file-label = Or take them from a file
addresses-cancel = Cancel
addresses-only-good = Add the { $count } good ones and leave the others out
addresses-findings = { $good } can be added, { $bad } cannot.
addresses-findings-hidden = { $count } more lines are not shown.
addresses-none-given = Paste at least one address.
addresses-lines-wrong = Nothing was added, because some lines are wrong: see below.
addresses-added = The addresses were added. New payments may get them from now on.
addresses-secret = This is a private key or a recovery phrase. Never paste it anywhere, not even here: whoever has it can take all the money. payd has not kept it, but your clipboard, your browser or somebody behind you may have. Consider it burnt: move the money to a new wallet.
addresses-is-account = This is an account key, not an address. To receive with it, choose “Change the way to receive”.
addresses-is-address = This is a single address, not an account key. Add it to the pool, or receive at it as the one address below.
addresses-same = The same address as in line { $line }.
addresses-of-store = The store “{ $store }” has this address. An address belongs to one store.
addresses-of-another-way = This store receives at it already, in another way: { $way }.
addresses-known = This address is in the pool already.
addresses-altered-row = The row of this address was changed in the database, and not by payd. It is never given out. Do not use it, and find out who could write to the database.
addresses-wrong-network = This is an address of { $found }; you are adding to { $wanted }.
addresses-checksum = There is a typing mistake in it: the checksum does not hold. Copy it again.
addresses-null = Money that is sent to the null address is lost.
addresses-mweb = MWEB addresses cannot be watched. Use one that begins with ltc1, L or M.
addresses-malformed = This is no address. Expected: an address of { $wanted }.
addresses-signature-malformed = The signature is not in a form that wallets of this network write. Copy it whole.
addresses-signature-mismatch = The signature was not made with the key of this address over exactly this text. Copy the text as it is shown, and sign with the address itself.
addresses-signature-high = The second half of this signature is too high, which no wallet writes. Sign again.
addresses-signature-old-tron = This was signed in TRON’s old way. Sign it with signMessageV2.
addresses-signature-unsupported = For an address of this kind payd reads BIP-322 signatures only.

## Dashboard: the way to receive, set

addresses-way-title = Way to receive: { $network }
addresses-way-now = Now
addresses-way-keeps = What the store received with before stays watched, and its open payments go on.
addresses-way-before = Used before
addresses-way-missing = Choose a way to receive.
addresses-account-label = Account key
addresses-account-hint = The account’s public key (xpub, zpub, Ltub…) or its descriptor, as your wallet shows it. Never a private key (xprv…) or a recovery phrase.
addresses-next-index-label = Go on with address number (optional)
addresses-next-index-hint = When the wallet has given out addresses of the account already. Left empty, payd goes on after the last it gave out.
addresses-look-account = See its addresses
addresses-look-shared = Look at it
addresses-look-pool = Receive from the pool
addresses-slots-label = Amounts beside each other (optional)
addresses-slots-hint = How many payments of one price may be open at once. Usually 99.
addresses-digits-label = Steps between amounts of stablecoins
addresses-digits-usual = As usual
addresses-not-a-number = This is not a number that can be.
addresses-sure-title = Where money will go: { $network }
addresses-sure-before = Before
addresses-sure-after = From now on
addresses-fingerprint-label = Fingerprint
addresses-compare-title = Compare these first
addresses-compare-text = These are the first receive addresses of the account. They must be the same as in your wallet, in the same order. If they are not, stop: the money would go elsewhere.
addresses-sure-do = Receive here from now on
addresses-way-set = Saved. New payments are received there from now on.
addresses-way-set-empty = Saved, but the pool is empty: add addresses, or no payment can be made.
addresses-way-same = Nothing was changed: the store receives there already.
addresses-account-of-store = The store “{ $store }” receives with this account. Give each store an account of its own.
addresses-given-out = Some of these addresses were given out already. The next must be number { $next } or higher.
addresses-shared-known = This store has given the address to single payments already, so money for them could not be told apart. Take an address that payd does not know yet.
addresses-slot-count = There can be 1 to 9999 amounts beside each other.
addresses-slot-digits = { $symbol } has { $decimals } digits after the point, so amounts cannot differ by less.
addresses-account-checksum = There is a typing mistake in the key: the checksum does not hold. Copy it again, whole.
addresses-account-wrong-network = { $key } keys belong to { $found }; this network is { $wanted }.
addresses-account-prefix = The beginning of this key is not known. Known are xpub, ypub, zpub, tpub, upub, vpub, Ltub, Mtub and ttub.
addresses-account-multisig = This key is one of a wallet with several. Give the wallet’s whole descriptor: wsh(sortedmulti(…)).
addresses-account-depth = This key is { $depth } steps below its master key, which is no account. Write the path to its addresses behind it, such as { $example }.
addresses-account-change = This is the key of a chain for change. Give the account’s key.
addresses-account-hardened = The path behind the key has hardened steps, which take the private key. Give the public key below them.
addresses-account-wildcard = This stands for one address only. A receive chain ends in /0/*.
addresses-account-unpayable = This descriptor has no address that is safe to pay to.
addresses-account-nonsense = This is no account key. Expected: an extended public key (xpub…, zpub…, Ltub…) or an output descriptor.
addresses-account-no-descriptors = Descriptors are for Bitcoin and its kin. Give the account’s xpub here.
addresses-account-index = The account ends before this number.

## Dashboard: one address

addresses-one-title = Address
addresses-copy = Copy
addresses-child = number { $index } of its account
addresses-payment-label = Payment
addresses-created-label = Added
addresses-retired-label = Retired
addresses-prove-title = Prove that it is yours
addresses-prove-text = Sign this text with the wallet that has the address. It shows that its key is in your hands, and moves no money.
addresses-sign-with-bitcoin = Use “sign message” of your wallet, at the address itself.
addresses-sign-with-evm = Use “sign message” (personal_sign) of your wallet, from the account itself.
addresses-sign-with-tron = Use “sign message” (signMessageV2) of your wallet, from the account itself.
addresses-signature-label = Signature
addresses-prove-do = Check the signature
addresses-proved = The signature is good: the address is proven to be yours.
addresses-retire-title = Retire the address
addresses-retire-text = No new payment gets it any more. It stays watched, so money that still arrives is recorded. You can bring it back.
addresses-retire-held-text = It stays with its payment until that ends; after that no new payment gets it. It stays watched, and you can bring it back.
addresses-retire-do = Retire
addresses-retired = The address is retired: no new payment gets it. Money that still arrives is recorded.
addresses-retired-held = The address stays with its payment until that ends; after that no new payment gets it.
addresses-restore-title = Bring the address back
addresses-restore-text = New payments may get it again.
addresses-restore-do = Bring back
addresses-restored = The address is back: new payments may get it again.
