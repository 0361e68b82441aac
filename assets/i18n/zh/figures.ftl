## Dashboard: a store’s overview

overview-modes = 真实资金或测试付款
overview-live = 正式
overview-test = 测试
overview-new = 新建付款
overview-test-shown = 当前显示的是测试付款，这些数字不涉及真实资金。
overview-figures = 销售额
overview-today = 今天
overview-month = 最近 30 天
overview-month-count = 30 天内付清
overview-paid-payments = { $count ->
   *[other] { $shown } 笔付款
}
overview-change-more = 比之前 30 天多 { $percent }%
overview-change-less = 比之前 30 天少 { $percent }%
overview-change-none = 与之前 30 天持平
overview-no-change = 之前 30 天没有付款
overview-paid-percent = 已结束的付款中有 { $percent }% 付清
overview-utc = 每天从 UTC 零点开始
overview-days-title = 每日销售额
overview-days-desc = 最近 30 天每天一根柱形。合计 { $sum }，最高一天 { $top }。下方表格内容相同。
overview-days-none = 最近 30 天没有销售。
overview-days-table = 以表格显示
overview-day = { $month }月{ $day }日
overview-day-label = 日期
overview-count-label = 付款笔数
overview-sum-label = 合计
overview-mixed = 价格使用了多种货币，因此按付款创建时的价值以美元合计。
overview-unvalued = { $count ->
   *[other] 有 { $count } 笔付款价值不明，未计入合计。
}
overview-assets-title = 按币种
overview-assets-none = 最近 30 天没有已付清的付款。
overview-asset-sold = { $count ->
   *[other] { $sum } · { $shown } 笔付款
}
overview-funnel-title = 付款去向
overview-funnel-made = 已创建
overview-funnel-seen = 已检测到款项
overview-funnel-paid = 已付清
overview-funnel-underpaid = 未付足
overview-funnel-expired = 已过期
overview-funnel-cancelled = 已取消
overview-funnel-open = 进行中
overview-latest-title = 最近的付款
overview-latest-all = 所有付款
overview-latest-none = 还没有付款。
overview-payment-label = 付款
overview-status-label = 状态
overview-asset-label = 支付币种
overview-made-label = 创建时间
overview-price-label = 价格

## Dashboard: what of a store needs attention

overview-attention-title = 需要处理
overview-disabled = 此店铺已关闭，不接受新付款。
overview-test-mode = 此店铺处于测试模式，正式密钥会被拒绝。
overview-not-recording-full = 无法记录任何内容：磁盘已满。请腾出空间，payd 会自动继续。
overview-not-recording-read-only = 无法记录任何内容：数据库不可写入。请检查权限，payd 会自动继续。
overview-not-recording-failing = 无法记录任何内容：磁盘拒绝写入。请检查磁盘是否故障或已满，payd 会自动继续。
overview-not-recording-damaged = 不再记录任何内容：数据库文件已损坏。请停止 payd 并恢复最近的备份。
overview-no-network = payd 没有可检测真实资金的节点，只能使用测试付款。
overview-no-address = 还没有可接收真实资金的地址。
overview-inbox = { $count ->
   *[other] 有 { $count } 笔转账未计入任何付款。
}
overview-inbox-many = 有 { $count } 笔或更多转账未计入任何付款。
overview-low-pool = { $free ->
    [0] { $network } 上已没有空闲地址，新付款会被拒绝。
   *[other] { $network } 上只剩 { $free } 个空闲地址。
}
overview-unread = 无法读取 { $network }，该网络上的付款检测不到。
overview-unread-since = 自 { $time } 起未能读取 { $network }，该网络上的付款检测不到。
overview-alarm = { $network } 出现情况，需要查看。
overview-webhook-failed = { $url } 不接收 webhook，已有一次投递被放弃。
overview-webhook-waits = 发往 { $url } 的 webhook 已等待一段时间。
overview-no-second-factor = 您目前仅凭密码登录。请启用两步验证。
overview-to-account = 您的账户
overview-steps-title = 开始使用
overview-step-done = 已完成
overview-step-test = 创建一笔测试付款，看它如何完成
overview-step-address = 添加您自己的地址或账户公钥
overview-step-webhook = 告诉 payd 将付款消息发往网店的哪个地址
overview-step-key = 为网店创建正式 API 密钥
overview-step-backup = 备份密钥文件和数据库

## Dashboard: the inbox

inbox-about = 这里是已到达您的地址、但未计入任何付款的款项。无论如何它们都归您所有，请决定如何处理。
inbox-which = 筛选转账
inbox-open = 待处理
inbox-all = 全部
inbox-none = 没有待处理的款项：所有到账款项都已计入付款。
inbox-amount-label = 金额
inbox-reason-label = 原因
inbox-payment-label = 付款
inbox-when-label = 时间
inbox-worth-label = 现值
inbox-worth-unknown = 未知
inbox-network-label = 网络
inbox-address-label = 到账地址
inbox-transaction-label = 交易 ID
inbox-pages = 列表分页
inbox-latest = 最新
inbox-earlier = 更早
inbox-reason-gone = 所在区块已脱离主链，款项随之失效。如果重新打包，会自动恢复。
inbox-reason-counted = 已计入付款。
inbox-reason-late = 在付款时限之后到达。
inbox-reason-wrong-asset = 币种与付款要求的不同。
inbox-reason-second = 该付款已付清：这是重复付款或多付的款项。
inbox-reason-after-end = 到达时付款已结束。
inbox-reason-unmatched = 没有付款在此地址等待。
inbox-handled-attached = { $time } 已归入付款
inbox-handled-dismissed = { $time } 已忽略
inbox-letter-title = 转账
inbox-attach-title = 归入付款
inbox-attach-hint = 款项将视为按时到达并计入该付款，同时通知您的网店。
inbox-proposals = 可能属于
inbox-no-proposal = 没有未完成的付款在此地址等待此币种。
inbox-lacks = 还差 { $amount }
inbox-other = 其他付款
inbox-other-label = 付款编号或订单号
inbox-why-label = 原因（记入审计日志）
inbox-attach = 归入
inbox-attached = 转账已计入付款，达到所需确认数后立即入账。
inbox-dismiss-title = 忽略
inbox-dismiss-hint = 此处不再处理：您已退回款项，或清楚它的来历。
inbox-dismiss = 忽略
inbox-dismissed = 转账已移出待处理列表，可在“全部”中找到。
inbox-mistake-reason = 请说明原因，最多 500 个字符。
inbox-mistake-no-payment = 此店铺没有该编号的付款，也没有对应该订单的付款。
inbox-mistake-counts = 此转账已计入 { $number }。
inbox-mistake-gone = 所在区块已脱离主链，款项随之失效。
inbox-mistake-network = 款项在 { $found } 上到达，而 { $number } 应在 { $wanted } 上支付。请为该订单在 { $found } 上新建付款并将款项归入其中，或退回款项后在此忽略。
inbox-mistake-currency = 款项是 { $found }，而 { $number } 应以 { $wanted } 支付。请为该订单新建以 { $found } 支付的付款并将款项归入其中，或退回款项后在此忽略。
inbox-mistake-takes-none = { $number } 不再接受款项（{ $status }）。请为该订单新建付款并将款项归入其中，或退回款项。
inbox-mistake-place = 另有一笔付款正在 { $number } 的地址等待款项。请在转账达到 { $count } 次确认后再归入。

## Dashboard: balances

balances-about = 您的付款自开始以来收到的款项。payd 不保管资金：资金在您自己的钱包里，之后的支出这里并不知晓。
balances-about-test = 测试付款收到的款项，均非真实资金。
balances-none = 尚未收到任何款项。
balances-csv = 下载 CSV
balances-worth-title = 已收款项（按今日汇率）
balances-short = 不含目前没有汇率的币种。
balances-asset-label = 币种
balances-settled-label = 已入账
balances-pending-label = 在途
balances-held-label = 地址余额
balances-held-hint = “地址余额”是 payd 上次与链上核对时各地址持有的金额。
balances-no-rate = 暂无汇率
