### 简体中文，称呼用“您”。

language-name = 简体中文

## Numbers and dates

digit-group = ,
decimal-mark = .
price-usd = US${ $amount }
price-eur = €{ $amount }
price-rub = ₽{ $amount }
price-cny = ¥{ $amount }
price-gbp = £{ $amount }
price-jpy = JP¥{ $amount }
price-brl = R${ $amount }
moment = { $year }年{ $month }月{ $day }日 { $hour }:{ $minute } UTC
sentences = { $first }{ $second }
announcement = { $title }。{ $text }

## Head

order = 订单 { $id }
price-label = 总计
test-banner = 测试付款：不涉及真实资金

## Choosing the currency

select-title = 请选择支付币种
select-time-hint = 内完成选择
select-text = 金额随市价变动，选定后即固定。
select-no-rate = 暂无汇率
select-none = 当前没有可选的币种。请联系 { $shop }。
select-held = 当前通过 { $network } 支付 { $symbol } 的人数过多。请选择其他币种，或在几分钟后重试。
select-rate-missing = 当前没有 { $network } 上 { $symbol } 的汇率。请选择其他币种，或在几分钟后重试。
select-not-offered = 此付款目前不能使用 { $network } 上的 { $symbol }。请选择其他币种。
select-unknown = 此币种已不再提供，请选择其他币种。
select-busy = 当前系统繁忙，请在几秒后重新选择。
select-expired-text = 选择时间已结束，您无需支付任何款项。请返回 { $shop } 重新开始。

## Asking for the money

waiting-title = 等待您付款
part-paid-title = 已收到部分款项
send-more = 我们已收到 { $received }，请再发送 { $remaining }。
time-left = 剩余时间
time-left-hint = 内完成付款
amount-label = 请准确发送以下金额
amount-label-more = 请准确补足以下余款
address-label = 收款地址
network-label = 网络
fee-hint = 钱包手续费另计。
exact-warning = 请准确发送 { $amount }，每一位数字都要一致。系统凭此金额识别您的付款，其他金额将无法识别。
network-warning = 请仅通过 { $network } 发送 { $symbol }。其他转账可能会丢失。
copy-amount = 复制金额
copy-address = 复制地址
copy-detail = 复制：{ $detail }
copy = 复制
copied = 已复制
open-wallet = 在钱包中打开
qr-label = 供钱包扫描的二维码
received-so-far = 目前已收到
connection-lost = 网络连接已断开。恢复后，此页面会自动更新。

## While it is confirmed

confirming-title = 已检测到付款
confirming-text = 网络正在确认这笔付款，您无需再发送任何款项。
unmined-text = 付款已发出，正在等待首次打包进区块。您无需再发送任何款项。
unmined-close = 您可以关闭此页面，我们会继续跟踪这笔付款。
confirmations = { $count }/{ $required } 次确认
confirming-wait = { $minutes ->
    [0] 通常在 1 分钟内完成。
   *[other] 通常在 { $minutes } 分钟内完成。
}
confirming-close = 您可以关闭此页面，付款不会丢失。

## How it ended

paid-title = 支付成功
paid-text = 感谢您！{ $shop } 已收到您的付款。
overpaid-remark = 您多付了 { $excess }。如需退还，请联系 { $shop }。
closing-title = 付款时间已到
closing-text = 请不要再付款。如果您已经付款，我们正在查找，结果将显示在此页面上。
underpaid-title = 未能及时收到全部款项
underpaid-text = 截止前共收到 { $received }，应付 { $due }。
underpaid-remark = 请暂时不要再发送款项。请联系 { $shop }，对方可以完成您的订单或退还您已发送的款项。
expired-title = 此付款已过期
expired-text = 付款时间已结束。请不要再向此地址发送任何款项。
expired-remark = 如果您在截止前已付款，系统仍会找到这笔付款，此页面会自动更新。如果您在截止后才付款，请联系 { $shop } 并提供您的交易 ID。
cancelled-title = 此付款已取消
cancelled-text = { $shop } 已取消此付款。请不要向此地址发送任何款项。
cancelled-unasked-text = { $shop } 已取消此付款。您无需支付任何款项。
cancelled-remark = 如果您已发送款项，请联系 { $shop }，并提供下方的付款编号。
failed-title = 此付款无法完成
failed-text = 请不要再发送任何款项。请联系 { $shop }，并提供下方的付款编号。
preparing-title = 请稍候
preparing-text = 正在为您准备付款。请勿关闭此页面，页面会自动更新。
queued-title = 正在排队，请稍候
queued-text = 当前付款人数较多，请先不要发送任何款项。请勿关闭此页面，轮到您时会显示付款信息。
never-asked-text = 未能及时轮到您，您无需支付任何款项。请返回 { $shop } 重试。
back-to-shop = 返回 { $shop }
leaving = 正在返回 { $host }……
leaving-unless-paid = 如果您已发送款项，请留在此页面；否则将返回 { $host }。
stay = 留在此页面
print = 打印收据

## Details

details = 详情
detail-number = 付款编号
detail-network = 网络
detail-due = 应付金额
detail-received = 已收金额
detail-rate = 汇率
rate = 1 { $symbol } = { $rate }
detail-email = 电子邮箱
detail-created = 创建时间
detail-confirmed = 付款时间
detail-address = 地址
detail-transaction = 交易 ID
foot = 款项直接进入商家自己的钱包
help-link = 获取帮助
language-choice = 语言

## Test payments

simulate-title = 试试各种情况
simulate-text = 这些按钮作用于模拟区块链。真实付款没有此面板。
scenario-exact = 足额支付
scenario-under = 只付一半
scenario-over = 多付
scenario-late = 逾期支付
scenario-twice = 重复支付
scenario-wrong-token = 用其他币种支付
scenario-reorg = 撤销区块

## Problems

not-found-title = 找不到此付款
not-found-text = 请确认打开的是完整链接，或返回商家重新开始。
not-understood-title = 操作未成功
not-understood-text = 请返回付款页面重试。
unavailable-title = 暂时不可用
unavailable-text = 请在几秒后重试。已发送的付款不会丢失。
too-many-title = 操作过于频繁
too-many-text = 来自您网络连接的请求过多，请稍候再试。
try-again = 重试

## Donations

donate-amount = 选择金额
donate-own = 其他
donate-own-label = 自定义金额
donate-pay-with = 支付币种
donate-name = 您的名字
donate-message = 留言
donate-optional = 选填
donate-button = 捐款
donate-foot = 捐款直接进入受赠方自己的钱包
donate-given = 已筹 { $given }，目标 { $goal }
donate-goal = 目标：{ $goal }
donate-count = { $count ->
   *[other] 已收到 { $count } 笔捐款
}
donate-error-missing = 请选择金额，或输入自定义金额。
donate-error-amount = 请按此格式输入金额：{ $example }
donate-error-zero = 金额必须大于零。
donate-error-large = 金额超出单次捐款的上限，请选择较小的金额。
donate-error-currency = 请选择支付币种。
donate-error-name = 名字最多 { $count } 个字符。
donate-error-message = 留言最多 { $count } 个字符。
donate-error-unavailable = 暂时无法支付。请在一分钟后重试，或改用其他币种。
donate-not-found-title = 找不到此页面
donate-not-found-text = 请确认打开的是完整链接。
donate-closed-title = 目前不接受捐款
donate-closed-text = 此页面目前不接受捐款。感谢您的心意。
donate-not-understood-text = 请返回页面重试。
donate-unavailable-text = 请在几秒后重试。

## The widgets: an overlay on the shop's page, and the frame in it before the payment

widget-pay-title = 加密货币支付
widget-donate-title = 加密货币捐款
widget-close = 关闭
widget-loading = 正在加载……
widget-unreachable = 无法加载。请关闭此窗口，稍后重试。
widget-starting = 正在为您准备付款……
widget-continue = 继续付款
widget-refused-title = 无法发起此付款
widget-refused-text = 未扣除任何款项。请告知商家。
widget-busy-text = 未扣除任何款项。请关闭此窗口，稍后重试。
widget-for-the-shop = 商家须知：
widget-donate = 捐款
widget-donate-text = 用加密货币捐款支持我们
widget-dismiss = 隐藏此栏
