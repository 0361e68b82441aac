## Dashboard: networks and their nodes

nodes-intro = payd reads each network through nodes that others run, or your own. When one fails, payd asks the next.
nodes-refresh = Refresh
nodes-none = No network is switched on yet, so only test payments work. Switch on the networks that your customers pay on.
nodes-as-of = As of
nodes-failure = The latest change of networks is not in force:
nodes-error = The network cannot be read at the moment. payd tries again by itself; nothing that was paid is lost, and no payment expires before the network was read.
nodes-alarm = A person should look at this:
nodes-state-well = Up to date
nodes-state-behind = Catching up
nodes-state-failing = Not reached
nodes-state-starting = Starting
nodes-theirs = Set in the configuration file
nodes-off-theirs = Switched off in the configuration file
nodes-change = Change
nodes-switch-on = Switch on
nodes-switch-off = Switch off
nodes-back = Back
nodes-tip = Newest block
nodes-cursor = Read up to
nodes-behind = Behind
nodes-behind-none = no block
nodes-behind-some =
    { $blocks ->
        [one] { $blocks } block, about { $span }
       *[other] { $blocks } blocks, about { $span }
    }
nodes-read = Last read
nodes-open = Open payments
nodes-off = Not switched on
nodes-providers-of = Nodes of { $network }
nodes-provider = Node
nodes-provider-state = State
nodes-provider-well = Answers
nodes-provider-throttled = Asked too often
nodes-provider-resting = Left alone
nodes-provider-unasked = Not asked yet
nodes-latency = Answers in
nodes-lag-label = Behind
nodes-lag =
    { $blocks ->
        [one] { $blocks } block
       *[other] { $blocks } blocks
    }
nodes-errors = Failed
nodes-calls = Calls today
nodes-budget = Budget left
nodes-last-error = Last error
nodes-rests = Asked again in { $span }: { $reason }
nodes-percent = { $percent } %
nodes-milliseconds = { $ms } ms
nodes-span-seconds = { $count } s
nodes-span-minutes = { $count } min
nodes-span-hours = { $count } h
nodes-span-days =
    { $count ->
        [one] { $count } day
       *[other] { $count } days
    }

## Dashboard: switching networks on and off

nodes-on-title = Switch { $network } on
nodes-change-title = Change { $network }
nodes-choose = Nodes to ask
nodes-choose-hint = Take two or more of different operators: a payment counts when two of them agree. Public nodes come and go.
nodes-own = Nodes of your own
nodes-own-hint = Your own node, or one that you have a key for. Keys in addresses are kept on this machine and never shown again.
nodes-url-label = Address { $number }
nodes-kind-label = Kind { $number }
nodes-kind-by-url = Told by the address
nodes-header-label = Key header { $number } (if your provider asks for one)
nodes-header-example = tron-pro-api-key: …
nodes-tokens = Tokens
nodes-tokens-hint = Money in a token that is not ticked is not seen.
nodes-confirmations = Confirmations
nodes-confirmations-hint = Blocks before a payment counts: a number from 1 to { $limit }, or steps by what a payment is worth in dollars, such as 0=1,100=2,1000=3. More is slower and safer.
nodes-confirmations-wrong = Write a number from 1 to { $limit }, or steps such as 0=1,100=2,1000=3 that begin at 0 and grow.
nodes-anyway = Use these nodes although not all of them answered well
nodes-save-hint = payd restarts itself to do this, which takes some seconds. Payments go on.
nodes-save = Save
nodes-test = Test the nodes
nodes-no-providers = Tick a node, or write the address of one of your own.
nodes-not-good = Not all of these nodes can be used: see what was found. Nothing was changed.
nodes-refused = This is not taken: { $reason }
nodes-probe-good = Works: it answered in { $ms } ms and is at block { $height }.
nodes-probe-fault = Cannot be used: { $reason }
nodes-probe-other = This node serves { $served }, not { $network }. Take the address of a node of { $network }.
nodes-off-title = Switch { $network } off?
nodes-off-text = payd stops reading { $network }: no new payment can be made on it, and money that arrives there is not seen until it is switched on again. What was paid stays in the books.
nodes-off-open =
    { $count ->
        [one] { $count } payment on it still waits for money or confirmations. It would wait until the network is switched on again.
       *[other] { $count } payments on it still wait for money or confirmations. They would wait until the network is switched on again.
    }
nodes-applying-title = Changing the networks
nodes-applying-text = payd restarts itself with the new networks. This page goes on by itself in a few seconds.
nodes-applying-look = Look now
nodes-done-changed = The networks are changed.
nodes-done-refused = The change could not come into force; payd goes on as before.
