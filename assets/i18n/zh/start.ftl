## Dashboard: the first run

start-step-owner = 您
start-step-store = 店铺
start-step-coins = 币种
start-step-addresses = 地址
start-step-webhook = Webhook 通知
start-step-test = 测试
start-steps = 步骤
start-title-owner = 设置 payd
start-title-store = 您的店铺
start-title-coins = 您希望收取哪些币种？
start-title-addresses = 款项进入哪里？
start-title-webhook = 付款消息通知到哪里？
start-title-test = 试一试
start-next = 继续
start-skip = 暂不设置

start-owner-text = 谁填写此页面，这个 payd 就归谁所有。请设置今后的登录方式。
start-owner-password-hint = 至少十个字符。几个好记的词比一个带符号的词更好。

user-name-mistake = 用户名为 1 到 64 个字符，可用字母、数字和 . - _ @，并以字母或数字开头。
password-short = 密码至少 { $least } 个字符。
password-long = 密码过长。
password-plain = 此密码极易被猜中。请用几个词组成密码，或由密码管理器生成。

start-store-name-label = 店铺名称
start-store-name-hint = 顾客会在付款页面上看到。
start-store-name-mistake = 名称需为 1 到 64 个字符，不能换行，也不能以短横线开头。
start-store-name-taken = 已有同名店铺。
start-fiat-label = 您的货币
start-api-label = 您的网店目前对接哪个支付网关？
start-api-payhook = PayHook，或尚未对接
start-api-soko = soko
start-api-crypto-pay = Crypto Pay（需要填写下方的网站）
start-api-usdt-payments = USDT Payments
start-api-cryptopayment = CryptoPayment
start-website-label = 网店的网站（选填）
start-website-mistake = 请按此格式填写：{ "https://shop.example" }。Crypto Pay 必须填写。
start-website-taken = 其他店铺已使用此网站。

start-coins-text = 请选择顾客可以付款的网络。payd 通过公共节点监视它们，无需注册任何账户。
start-coins-fixed = 在配置文件中设置
start-coins-refused = 无法启用：{ $reason }
start-coins-remark = 之后可在“节点”中添加自有节点和更多网络。

start-addresses-text = 请粘贴您的收款处：一个或多个您的地址，每行一个；或账户公钥（xpub、ypub、zpub），payd 会用它为每笔付款生成新地址。
start-addresses-warning = 无论在这里还是其他地方，切勿粘贴助记词或私钥。payd 不需要，也不接受。
start-addresses-none = 您没有选择网络。仅作测试没有问题，之后可随时添加地址。
start-addresses-file = 或从文件读取：
start-address-good = 正确：{ $found }
start-addresses-good = { $count ->
   *[other] { $count } 行正确
}
start-account-good = 账户公钥，其第一个地址是 { $address }。请与您的钱包核对。
start-secret = 它可以花费资金！任何看到它的人都能拿走其中的资金。请将资金转移到新钱包，并且不要再粘贴这样的词语。此处没有保存任何内容。
start-other-network = 这是 { $found } 的地址，此处需要 { $wanted } 的地址。
start-bad-address = 无法用它收款：{ $reason }
start-no-address = 这既不是 { $wanted } 的地址，也不是账户公钥。

start-webhook-text = payd 会将每笔付款以带签名的请求发送到此 URL，告知网店后端。保存后会立即测试。
start-webhook-label = URL（选填）
start-webhook-hint = 本机和您的本地网络也可以。
start-webhook-try = 继续并测试
start-webhook-refused = 此 URL 无法使用：{ $reason }
start-webhook-secret = Webhook 签名密钥
start-webhook-arrived = 测试已送达。
start-webhook-not-arrived = 测试未送达。真实通知发送失败时，payd 会反复重试。
start-webhook-replied = 响应为 HTTP { $status }。
start-webhook-slow = 未及时收到响应。
start-keys-text = 这些是您店铺的密钥。请立即复制到网店设置中：它们仅显示这一次。
start-base-url = payd 的 API 地址
start-key-test = 测试密钥
start-secret-test = 测试 Secret
start-key-live = 正式密钥
start-secret-live = 正式 Secret
start-copy = 复制

start-test-text = 创建一笔测试付款。它在 payd 内部的模拟区块链上运行，不涉及真实资金。
start-test-order = 测试订单
start-test-make = 创建测试付款
start-test-look = 以顾客视角查看
start-test-pay = 用模拟资金支付
start-test-seen = 已检测到，正在等待确认……
start-test-paid = 已付清
start-done-text = 全部完成。今后网店创建的付款会显示在概览中。
start-done = 前往概览
