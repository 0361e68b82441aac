## Dashboard: the password once more

again-label = 您的密码
again-hint = 此操作决定款项去向，因此需要再次输入密码。
again-missing = 请输入密码：此操作决定款项去向。
again-wrong = 密码不正确。未作任何更改。

## Dashboard: ways to receive

way-pool = 地址池
way-xpub = 账户公钥
way-shared = 单一地址

## Dashboard: where a store receives

addresses-intro = 顾客的款项直接进入这些地址。payd 从不持有它们的私钥。
addresses-card-empty = 尚未设置：此网络暂时无法收款。
addresses-held = 个被付款占用
addresses-resting = 个冷却中
addresses-free = 个空闲
addresses-waiting = 笔付款排队中
addresses-total = 个（总数）
addresses-amounts = 个可用金额（同一价格）
addresses-retired-count = 个已停用
addresses-per-hour = 即使无人在时限内付款，每小时也可容纳约 { $rate } 笔付款。
addresses-low-pool = 空闲地址不多了。请添加地址，或在店铺设置中缩短付款时限或地址冷却时间，也可以改用账户公钥，地址永远用不完。
addresses-low-amounts = 空闲金额不多了，付款可能需要排队。请增加金额数量，或改用账户公钥或地址池。
addresses-next-index = 下一笔付款将使用账户的第 { $index } 号地址。
addresses-no-limit = 每笔付款都有自己的地址，数量不受限制。
addresses-unwatched = 此网络目前无人监视，因此无法收款。请在“节点”页面或配置文件中为其添加节点。
addresses-wallet-altered = 此设置在数据库中被修改过，且不是由 payd 修改的。系统不会再让任何人付款到那里。请查明谁有数据库写入权限，然后重新设置。
addresses-accepted-label = 接受的币种
addresses-changed-label = 上次更改
addresses-see = 查看地址
addresses-add = 添加地址
addresses-change-way = 更改收款方式
addresses-others-title = 没有节点的网络
addresses-simulated-title = 模拟网络
addresses-simulated-text = 测试付款在 payd 内部的模拟网络上运行，所需地址由模拟网络自动生成。您无需任何设置，真实资金也无法发送到那里。
addresses-all-networks = 所有网络
addresses-way-label = 收款方式
addresses-pool-text = 每笔未完成的付款独占列表中的一个地址。付款结束后，地址经过冷却再重新使用。
addresses-xpub-text = 每笔付款使用您钱包的一个新地址，由钱包账户的公钥生成。payd 只能看到收款，无法花费任何资金。
addresses-shared-text = 所有付款都进入同一个地址，靠相差不超过一美分的金额区分是谁付的款。适用于只提供一个地址的钱包和交易所。顾客必须准确支付指定金额。
addresses-unpaid = 最近的 { $count } 个地址尚未收到任何款项。
addresses-gap = 已有多达 { $gap } 个连续地址未收到款项，而钱包通常在 20 个之后便停止查找。请将钱包的 gap limit（地址间隔上限）设为 { $limit } 或更高，否则钱包不会显示您的全部资金（Electrum：在控制台输入 { "wallet.change_gap_limit(" }{ $limit }{ ")" }；Sparrow：Settings > Advanced > Gap limit）。
addresses-next-children = 接下来的地址
addresses-plan-label = 您预计每小时最多有多少笔付款？
addresses-plan-ask = 检查容量
addresses-plan-enough = 容量足够。
addresses-plan-missing = 要容纳这么多付款，请再添加 { $count } 个地址，或缩短付款时限或地址冷却时间。
addresses-plan-too-many = 所需地址过多，地址池难以满足。请使用账户公钥。
addresses-list-title = 地址列表
addresses-list-empty = 还没有地址。
addresses-export = 导出 CSV
addresses-address-label = 地址
addresses-state-label = 状态
addresses-used-label = 上次使用
addresses-received-label = 已收款项
addresses-proof-label = 所有权
addresses-never = 从未
addresses-nothing-yet = 暂无
addresses-and-more = 等
addresses-proved-word = 已证明
addresses-not-proved = 未证明
addresses-pages = 列表分页
addresses-latest = 最新
addresses-earlier = 更早

## Dashboard: what an address is doing

addresses-state-altered = 被篡改，不再分配
addresses-state-held = 付款占用中
addresses-state-retired-held = 付款结束后停用
addresses-state-shared = 所有付款共用
addresses-state-was-shared = 曾经共用，仍在监视
addresses-state-used = 使用过一次
addresses-state-retired = 已停用，仍在监视
addresses-state-resting = 冷却至 { $until }
addresses-state-free = 空闲

## Dashboard: adding addresses

addresses-add-title = 添加地址：{ $network }
addresses-list-label = 地址
addresses-list-hint = 属于您的 { $network } 地址，每行一个。地址后可加英文逗号和证明所有权的签名。切勿粘贴私钥或助记词。
addresses-file-label = 或从文件读取
addresses-cancel = 取消
addresses-only-good = 只添加 { $count } 个正确的地址，其余忽略
addresses-findings = { $good } 个可以添加，{ $bad } 个不能添加。
addresses-findings-hidden = 另有 { $count } 行未显示。
addresses-none-given = 请至少粘贴一个地址。
addresses-lines-wrong = 有些行不正确，因此未添加任何地址，详见下方。
addresses-added = 地址已添加，新付款即可使用。
addresses-secret = 这是私钥或助记词。切勿将它粘贴到任何地方，包括这里：得到它的人可以拿走全部资金。payd 没有保存它，但剪贴板、浏览器或您身后的人可能已经留下了它。请视为已泄露，立即将资金转移到新钱包。
addresses-is-account = 这是账户公钥，不是地址。如需用它收款，请选择“更改收款方式”。
addresses-is-address = 这是单个地址，不是账户公钥。请将它添加到地址池，或在下方设为单一地址收款。
addresses-same = 与第 { $line } 行的地址相同。
addresses-of-store = 此地址属于店铺“{ $store }”。一个地址只能属于一家店铺。
addresses-of-another-way = 此店铺已通过其他方式用它收款：{ $way }。
addresses-known = 此地址已在地址池中。
addresses-altered-row = 此地址的记录在数据库中被修改过，且不是由 payd 修改的。系统不会再分配它。请勿使用它，并查明谁有数据库写入权限。
addresses-wrong-network = 这是 { $found } 的地址，而您正在添加 { $wanted } 的地址。
addresses-checksum = 地址有输入错误：校验和不符。请重新复制。
addresses-null = 发送到空地址的款项将会丢失。
addresses-mweb = MWEB 地址无法监视。请使用以 ltc1、L 或 M 开头的地址。
addresses-malformed = 这不是地址。此处应为 { $wanted } 的地址。
addresses-signature-malformed = 签名格式与此网络钱包的格式不符。请完整复制。
addresses-signature-mismatch = 此签名不是用该地址的密钥对这段文字签署的。请原样复制所显示的文字，并用该地址本身签名。
addresses-signature-high = 此签名的后半部分数值过大，钱包不会生成这样的签名。请重新签名。
addresses-signature-old-tron = 此签名采用了 TRON 的旧方式。请使用 signMessageV2 签名。
addresses-signature-unsupported = 对于此类地址，payd 只接受 BIP-322 签名。

## Dashboard: the way to receive, set

addresses-way-title = 收款方式：{ $network }
addresses-way-now = 当前
addresses-way-keeps = 店铺原有的收款地址会继续监视，未完成的付款不受影响。
addresses-way-before = 曾经使用
addresses-way-missing = 请选择收款方式。
addresses-account-label = 账户公钥
addresses-account-hint = 钱包中显示的账户公钥（xpub、zpub、Ltub……）或描述符。切勿填写私钥（xprv……）或助记词。
addresses-next-index-label = 从第几号地址继续（选填）
addresses-next-index-hint = 如果钱包已经分配过该账户的地址，请填写。留空则从 payd 上次分配的地址之后继续。
addresses-look-account = 查看其地址
addresses-look-shared = 检查地址
addresses-look-pool = 用地址池收款
addresses-slots-label = 并存金额数量（选填）
addresses-slots-hint = 同一价格最多可同时有多少笔未完成的付款。通常为 99。
addresses-digits-label = 稳定币金额的间隔
addresses-digits-usual = 默认
addresses-not-a-number = 此数字无效。
addresses-sure-title = 款项将进入：{ $network }
addresses-sure-before = 之前
addresses-sure-after = 今后
addresses-fingerprint-label = 指纹
addresses-compare-title = 请先核对
addresses-compare-text = 这些是账户的前几个收款地址，必须与您钱包中的完全一致，顺序也相同。如果不一致，请停止操作：款项会进入别处。
addresses-sure-do = 今后在此收款
addresses-way-set = 已保存。新付款今后将在此收款。
addresses-way-set-empty = 已保存，但地址池为空。请添加地址，否则无法收款。
addresses-way-same = 未作任何更改：店铺已在此收款。
addresses-account-of-store = 店铺“{ $store }”正在使用此账户收款。请为每家店铺使用独立的账户。
addresses-given-out = 其中一些地址已分配过。下一个地址必须从第 { $next } 号或之后开始。
addresses-shared-known = 此店铺曾将该地址分配给单笔付款，款项会无法区分。请使用 payd 尚未见过的地址。
addresses-slot-count = 并存金额数量可为 1 到 9999。
addresses-slot-digits = { $symbol } 有 { $decimals } 位小数，金额间隔不能更小。
addresses-account-checksum = 公钥有输入错误：校验和不符。请重新完整复制。
addresses-account-wrong-network = { $key } 公钥属于 { $found }，而此网络是 { $wanted }。
addresses-account-prefix = 无法识别此公钥的开头。可识别的有 xpub、ypub、zpub、tpub、upub、vpub、Ltub、Mtub 和 ttub。
addresses-account-multisig = 此公钥属于多签钱包。请提供钱包的完整描述符：{ "wsh(sortedmulti(…))" }。
addresses-account-depth = 此公钥比主密钥低 { $depth } 层，不是账户公钥。请在其后写上地址路径，例如 { $example }。
addresses-account-change = 这是找零链的公钥。请提供账户公钥。
addresses-account-hardened = 公钥后的路径含有强化层级，需要私钥才能派生。请提供该层级之下的公钥。
addresses-account-wildcard = 它只代表一个地址。收款链应以 /0/* 结尾。
addresses-account-unpayable = 此描述符没有可安全收款的地址。
addresses-account-nonsense = 这不是账户公钥。此处应为扩展公钥（xpub……、zpub……、Ltub……）或输出描述符。
addresses-account-no-descriptors = 描述符仅适用于比特币及同类网络。请在此填写账户的 xpub。
addresses-account-index = 账户的地址在此编号之前已用尽。

## Dashboard: one address

addresses-one-title = 地址
addresses-copy = 复制
addresses-child = 账户的第 { $index } 号地址
addresses-payment-label = 付款
addresses-created-label = 添加时间
addresses-retired-label = 停用时间
addresses-prove-title = 证明地址归您所有
addresses-prove-text = 请用持有该地址的钱包签署这段文字。这可以证明密钥在您手中，不会转移任何资金。
addresses-sign-with-bitcoin = 使用钱包的“签署消息”功能，用该地址本身签名。
addresses-sign-with-evm = 使用钱包的“签署消息”（personal_sign）功能，用该账户本身签名。
addresses-sign-with-tron = 使用钱包的“签署消息”（signMessageV2）功能，用该账户本身签名。
addresses-signature-label = 签名
addresses-prove-do = 验证签名
addresses-proved = 签名有效：已证明该地址归您所有。
addresses-retire-title = 停用地址
addresses-retire-text = 新付款不再使用此地址。它会继续被监视，之后到达的款项仍会记录。您可以随时恢复。
addresses-retire-held-text = 地址会保留到当前付款结束，之后新付款不再使用。它会继续被监视，您可以随时恢复。
addresses-retire-do = 停用
addresses-retired = 地址已停用，新付款不再使用。之后到达的款项仍会记录。
addresses-retired-held = 地址会保留到当前付款结束，之后新付款不再使用。
addresses-restore-title = 恢复地址
addresses-restore-text = 新付款可以再次使用此地址。
addresses-restore-do = 恢复
addresses-restored = 地址已恢复，新付款可以再次使用。
